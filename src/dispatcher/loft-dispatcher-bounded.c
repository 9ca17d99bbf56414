/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts that are refused while too many of them wait: for who can wait, skip or ask again.
 *
 * They are counted by themselves. A count of all that waits would have to be written by every poster of the dispatcher.
 * */

#include "config.h"

#include "base/loft-door-private.h"
#include "dispatcher/loft-dispatcher-private.h"

typedef struct
{
  LoftWorkItem item;
  guint *waiting;       /* the dispatcher's count of its lane; atomic */
  LoftQueueHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftCallSite site;
} LoftBoundedPost;

static void
loft_bounded_post_free (LoftBoundedPost *post)
{
  if (post->destroy != NULL)
    post->destroy (post->user_data);
  g_free (post);
}

/* It no longer waits, whoever posts next: before its handler runs, which may post again. */
static void
loft_bounded_post_run (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftBoundedPost *post = (LoftBoundedPost *) item;

  __atomic_fetch_sub (post->waiting, 1, __ATOMIC_RELAXED); /* a plain counter */
  post->handler (post->user_data);
  loft_bounded_post_free (post);
}

static void
loft_bounded_post_drop (LoftWorkItem   *item,
                        LoftDispatcher *dispatcher)
{
  LoftBoundedPost *post = (LoftBoundedPost *) item;

  __atomic_fetch_sub (post->waiting, 1, __ATOMIC_RELAXED);
  loft_bounded_post_free (post);
}

static void
loft_bounded_post_get_site (LoftWorkItem *item,
                            LoftCallSite *out_site)
{
  *out_site = ((LoftBoundedPost *) item)->site;
}

static const LoftWorkItemClass loft_bounded_post_class = {
  .name = "bounded item",
  .run = loft_bounded_post_run,
  .drop = loft_bounded_post_drop,
  .get_site = loft_bounded_post_get_site,
};

/* A place for one more; FALSE: there are so many. */
static gboolean
take_place (guint *waiting,
            guint  limit)
{
  guint n = __atomic_load_n (waiting, __ATOMIC_RELAXED);

  while (n < limit)
    if (__atomic_compare_exchange_n (waiting, &n, n + 1, TRUE, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return TRUE;
  return FALSE;
}

/**
 * loft_dispatcher_try_enqueue_bounded:
 * @self: a dispatcher
 * @priority: the lane
 * @limit: how many of these may wait in that lane; at least 1
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to run
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, or here when it is refused
 * @error: return location for an error
 *
 * Queues an item unless so many that were posted by this call wait in its lane.
 *
 * Any thread may call. @handler runs on the dispatcher's thread, in the order of its lane, as with
 * [method@Loft.Dispatcher.try_enqueue]. Only posts of this call count, by whichever thread, until
 * they begin; what other calls posted does not.
 *
 * Errors: %G_IO_ERROR_WOULD_BLOCK when there are so many: post again when some have run, or skip it;
 * %LOFT_ERROR_SHUT_DOWN when the dispatcher takes no more.
 *
 * Windows' queues have no bound.
 *
 * Returns: whether it was queued; %FALSE with @error set
 */
gboolean
(loft_dispatcher_try_enqueue_bounded) (LoftDispatcher    *self,
                                       LoftPriority       priority,
                                       guint              limit,
                                       LoftQueueHandler   handler,
                                       gpointer           user_data,
                                       GDestroyNotify     destroy,
                                       GError           **error)
{
  return loft_dispatcher_try_enqueue_bounded_at (self, priority, limit, handler, user_data, destroy, error, NULL,
                                                 G_STRFUNC);
}

static gboolean
set_full (LoftDispatcher  *self,
          guint            limit,
          GError         **error)
{
  g_autofree char *where = loft_dispatcher_describe (self);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%u bounded items wait for %s already: post again when some have run, or "
               "skip this one.", limit, where);
  return FALSE;
}

static gboolean
set_shut_down (LoftDispatcher  *self,
               GError         **error)
{
  g_autofree char *where = loft_dispatcher_describe (self);

  g_set_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN, "Nothing can be posted to %s any more: it has shut down.",
               where);
  return FALSE;
}

/**
 * loft_dispatcher_try_enqueue_bounded_at: (skip)
 *
 * [method@Loft.Dispatcher.try_enqueue_bounded] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
gboolean
loft_dispatcher_try_enqueue_bounded_at (LoftDispatcher    *self,
                                        LoftPriority       priority,
                                        guint              limit,
                                        LoftQueueHandler   handler,
                                        gpointer           user_data,
                                        GDestroyNotify     destroy,
                                        GError           **error,
                                        const char        *location,
                                        const char        *function)
{
  LoftBoundedPost *post;
  LoftLane lane;
  guint *waiting;

  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (limit > 0, destroy, user_data, FALSE);
  if (!loft_dispatcher_check_post (self, priority, handler, user_data, destroy, "loft_dispatcher_try_enqueue_bounded"))
    return FALSE;

  lane = loft_lane_from_priority (priority);
  waiting = &loft_dispatcher_peek_loop (self)->bounded[lane];
  if (!take_place (waiting, limit))
    {
      if (destroy != NULL)
        destroy (user_data);
      return set_full (self, limit, error);
    }

  post = g_new (LoftBoundedPost, 1);
  *post = (LoftBoundedPost) { { .klass = &loft_bounded_post_class }, waiting, handler, user_data, destroy, { location, function } };
  if (loft_dispatcher_post_users_item (self, lane, &post->item))
    return TRUE;

  loft_bounded_post_drop (&post->item, self);
  return set_shut_down (self, error);
}
