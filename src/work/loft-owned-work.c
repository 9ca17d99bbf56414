/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work on a dispatcher that dies with its owner. The running of work holds the owner. */

#include "config.h"

#include "work/loft-dispatcher-run-private.h"


typedef struct
{
  LoftDispatcher *dispatcher;
  GPtrArray *found; /* a reference each */
} LoftOwnedSearch;

/* Under the owners' lock: a reference may be taken, since the owner's list has one, and who toggles
 * on it need not hear. */
static void
loft_owned_search_look (gpointer item,
                        gpointer data)
{
  LoftOwnedSearch *search = data;

  if (LOFT_IS_WORK (item) && (LOFT_WORK (item)->flags & LOFT_WORK_ON_POOL) == 0 &&
      LOFT_WORK (item)->target == search->dispatcher)
    g_ptr_array_add (search->found, g_object_ref (item));
}

/**
 * loft_dispatcher_run_for_async:
 * @self: a dispatcher
 * @priority: the lane
 * @owner: the object that it is for; not held while it waits
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at
 *   once when refused
 *
 * Runs work on the dispatcher's thread unless its owner is gone by then.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the
 * posts of its lane. When @owner is disposed before its turn, the action ends Canceled at once,
 * with %LOFT_CANCEL_REASON_OWNER_GONE; when it is disposed while the work runs, the work is asked
 * to stop. While the work runs @owner is held.
 *
 * The caller holds @owner during the call. A worker that took a reference for that, and may be the
 * last to let go of a widget, hands the reference over as part of @user_data: @destroy runs on the
 * dispatcher's thread. See [method@Loft.Dispatcher.cancel_for]. Windows has no such form.
 *
 * On a dispatcher that has shut down the object has ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_for_async) (LoftDispatcher *self,
                                 LoftPriority    priority,
                                 GObject        *owner,
                                 LoftWorkHandler handler,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy)
{
  return loft_dispatcher_run_for_async_at (self, priority, owner, handler, user_data, destroy, NULL,
                                           G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_for_async_at (LoftDispatcher *self,
                                  LoftPriority    priority,
                                  GObject        *owner,
                                  LoftWorkHandler handler,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy,
                                  const char     *location,
                                  const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .flags = LOFT_WORK_OWNED);
  LoftWork *work;

  if (!loft_dispatcher_check_request (self, priority, &request, "loft_dispatcher_run_for_async"))
    return NULL;
  if (!G_IS_OBJECT (owner))
    {
      g_critical ("loft_dispatcher_run_for_async: the owner is no GObject");
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }

  request.lane = loft_lane_from_priority (priority);
  request.target = self;
  work = loft_work_new (&request);
  loft_async_base_set_owner ((LoftAsyncBase *) work, owner);
  g_object_ref (work);
  if (!loft_dispatcher_post_users_item (self, request.lane, &work->item))
    {
      loft_work_refuse (work);
      g_object_unref (work);
    }
  return (LoftAsyncAction *) work;
}

/**
 * loft_dispatcher_cancel_for:
 * @self: a dispatcher
 * @owner: an object
 *
 * Cancels all that waits in @self and was posted for @owner with
 * [method@Loft.Dispatcher.run_for_async].
 *
 * Any thread may call that holds @owner. What has begun goes on. Answers to Android's
 * `Handler.removeCallbacksAndMessages`; Windows has no such member.
 *
 * Returns: how many were cancelled
 */
guint
loft_dispatcher_cancel_for (LoftDispatcher *self,
                            GObject        *owner)
{
  LoftOwnedSearch search;
  guint n = 0;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);
  g_return_val_if_fail (G_IS_OBJECT (owner), 0);


  search = (LoftOwnedSearch) { self, g_ptr_array_new_with_free_func (g_object_unref) };
  loft_async_owned_foreach (owner, loft_owned_search_look, &search);
  for (guint i = 0; i < search.found->len; i++)
    n += loft_async_base_cancel (search.found->pdata[i], LOFT_CANCEL_REASON_REQUESTED, TRUE);
  g_ptr_array_unref (search.found);
  return n;
}
