/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft without coroutines: loft_async_info_wait_async () of actions. Its callback always comes from
 * the loop, even if the action has ended before. */

#include "dispatcher-loop.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  LoftAsyncInfo *ended; /* NULL: an action for each wait */
  size_t left;
  BenchItem *item;
} Waiting;

static gboolean
do_nothing (LoftAsyncAction *action,
            gpointer         user_data,
            GError         **error)
{
  return TRUE;
}

static void wait_next (Waiting *self);

static void
on_waited (GObject      *info,
           GAsyncResult *result,
           gpointer      waiting)
{
  loft_async_info_wait_finish (LOFT_ASYNC_INFO (info), result, NULL);
  wait_next (waiting);
}

static void
wait_next (Waiting *self)
{
  LoftAsyncInfo *info;

  if (self->left-- == 0)
    {
      self->item->done (self->item);
      g_clear_object (&self->ended);
      g_free (self);
      return;
    }
  info = self->ended != NULL
           ? g_object_ref (self->ended)
           : LOFT_ASYNC_INFO (loft_dispatcher_run_async (self->dispatcher, LOFT_PRIORITY_NORMAL,
                                                         do_nothing, NULL, NULL));
  loft_async_info_wait_async (info, NULL, on_waited, self);
  g_object_unref (info);
}

static void
wait_all (void          *home,
          size_t         n,
          BenchItem     *item,
          LoftAsyncInfo *ended)
{
  Waiting *self = g_new0 (Waiting, 1);

  *self = (Waiting) { .dispatcher = dispatcher_of (home), .ended = ended, .left = n, .item = item };
  wait_next (self);
}

static void
await_ended (void      *home,
             size_t     n,
             BenchItem *item)
{
  wait_all (home, n, item, LOFT_ASYNC_INFO (loft_action_new_completed ()));
}

static void
await_later (void      *home,
             size_t     n,
             BenchItem *item)
{
  wait_all (home, n, item, NULL);
}

const BenchContender bench_contender = {
  .loop_new = dispatcher_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = dispatcher_loop_free,
  .await_ended = await_ended,
  .await_later = await_later,
};
