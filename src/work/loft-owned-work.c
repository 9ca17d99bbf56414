/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that is posted to a dispatcher and is cancelled when its owner is disposed. The owner is
 * held while the work runs. */

#include "config.h"

#include "work/loft-dispatcher-run-private.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  GPtrArray *found; /* a reference to each work */
} LoftOwnedSearch;

/* Runs under the owners' lock. It may take a reference to the work there: the owner's list holds
 * one too, so a toggle reference is never the only one, and no toggle notify is called. */
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
 * @owner: the object that the work is for; not held while the work waits
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread, unless the owner of the work is disposed first.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted.
 *
 * If @owner is disposed before the work's turn, the action ends Canceled at once, with
 * %LOFT_CANCEL_REASON_OWNER_GONE. If @owner is disposed while the work runs, the work is asked to
 * stop. @owner is held while the work runs.
 *
 * The caller must hold @owner during the call. A worker that holds a reference to a widget for that
 * purpose should not drop the reference itself, because it may be the last one. It can hand the
 * reference over as part of @user_data, since @destroy runs on the dispatcher's thread. See
 * [method@Loft.Dispatcher.cancel_for]. Windows has no such form.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
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
 * Cancels all work that waits in @self and was posted for @owner with
 * [method@Loft.Dispatcher.run_for_async].
 *
 * Any thread that holds @owner may call. Work that has begun goes on. Answers to Android's
 * `Handler.removeCallbacksAndMessages`. Windows has no such member.
 *
 * Returns: the number of actions and operations that were cancelled
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
