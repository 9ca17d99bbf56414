/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft, with an action for each item. */

#include "dispatcher-loop.h"

static gboolean
run_item (LoftAsyncAction *action,
          gpointer         item,
          GError         **error)
{
  ((BenchItem *) item)->run (item);
  return TRUE;
}

static void
on_done (LoftAsyncInfo   *action,
         LoftAsyncStatus  status,
         gpointer         item)
{
  ((BenchItem *) item)->done (item);
}

static void
come_back (LoftAsyncAction *action,
           BenchItem       *item)
{
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_done, item, NULL, NULL);
  g_object_unref (action);
}

static void
post (void      *loop,
      BenchItem *item)
{
  g_object_unref (
    loft_dispatcher_run_async (dispatcher_of (loop), LOFT_PRIORITY_NORMAL, run_item, item, NULL));
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  come_back (loft_dispatcher_run_async (dispatcher_of (there), LOFT_PRIORITY_NORMAL, run_item, item,
                                        NULL),
             item);
}

static void
submit (void      *home,
        BenchItem *item)
{
  g_object_unref (loft_thread_pool_run_async (run_item, item, NULL));
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  come_back (loft_thread_pool_run_async (run_item, item, NULL), item);
}

static void *
post_handle (void      *loop,
             BenchItem *item)
{
  return loft_dispatcher_run_async (dispatcher_of (loop), LOFT_PRIORITY_NORMAL, run_item, item,
                                    NULL);
}

static void
cancel (void *action)
{
  loft_async_info_cancel (action);
  g_object_unref (action);
}

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             item)
{
  ((BenchItem *) item)->run (item);
}

static void *
timer_start (void      *loop,
             int64_t    interval,
             BenchItem *item)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (dispatcher_of (loop));

  loft_dispatcher_timer_set_interval (timer, interval);
  g_signal_connect (timer, "tick", G_CALLBACK (on_tick), item);
  loft_dispatcher_timer_start (timer);
  return timer;
}

static void
timer_stop (void *timer)
{
  loft_dispatcher_timer_stop (timer);
  g_object_unref (timer);
}

const BenchContender bench_contender = {
  .loop_new = dispatcher_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = dispatcher_loop_free,
  .post = post,
  .post_back = post_back,
  .submit = submit,
  .submit_back = submit_back,
  .post_handle = post_handle,
  .cancel = cancel,
  .timer_start = timer_start,
  .timer_stop = timer_stop,
};
