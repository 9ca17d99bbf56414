/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft's coroutines in C: LOFT_AWAIT of actions. */

#include "dispatcher-loop.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  LoftAsyncAction *ended;
  size_t left;
  BenchItem *item;
} Awaiting;

static gboolean
do_nothing (LoftAsyncAction *action,
            gpointer         user_data,
            GError         **error)
{
  return TRUE;
}

static LoftAsyncAction *
run_later (LoftDispatcher *dispatcher)
{
  return loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, do_nothing, NULL, NULL);
}

static LoftCoroutineStep
await_all_ended (LoftCoroutine *co,
                 gpointer       frame)
{
  Awaiting *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  for (; self->left > 0; self->left--)
    LOFT_AWAIT (co, g_object_ref (self->ended));
  self->item->done (self->item);
  LOFT_COROUTINE_END (co);
}

static LoftCoroutineStep
await_all_later (LoftCoroutine *co,
                 gpointer       frame)
{
  Awaiting *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  for (; self->left > 0; self->left--)
    LOFT_AWAIT (co, run_later (self->dispatcher));
  self->item->done (self->item);
  LOFT_COROUTINE_END (co);
}

static void
awaiting_free (gpointer data)
{
  Awaiting *self = data;

  g_clear_object (&self->ended);
  g_free (self);
}

static Awaiting *
awaiting_new (void      *home,
              size_t     n,
              BenchItem *item)
{
  Awaiting *self = g_new0 (Awaiting, 1);

  *self = (Awaiting) { .dispatcher = dispatcher_of (home), .left = n, .item = item };
  return self;
}

static void
await_ended (void      *home,
             size_t     n,
             BenchItem *item)
{
  Awaiting *self = awaiting_new (home, n, item);

  self->ended = LOFT_ASYNC_ACTION (loft_action_new_completed ());
  g_object_unref (loft_coroutine_start (await_all_ended, self, awaiting_free));
}

static void
await_later (void      *home,
             size_t     n,
             BenchItem *item)
{
  g_object_unref (loft_coroutine_start (await_all_later, awaiting_new (home, n, item),
                                        awaiting_free));
}

static gboolean
run_next (LoftAsyncAction *action,
          gpointer         awaiting,
          GError         **error)
{
  Awaiting *self = awaiting;

  if (self->left-- > 0)
    g_object_unref (loft_dispatcher_run_async (self->dispatcher, LOFT_PRIORITY_NORMAL, run_next,
                                               self, NULL));
  else
    {
      self->item->done (self->item);
      awaiting_free (self);
    }
  return TRUE;
}

static void
unawaited (void      *home,
           size_t     n,
           BenchItem *item)
{
  run_next (NULL, awaiting_new (home, n, item), NULL);
}

const BenchContender bench_contender = {
  .loop_new = dispatcher_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = dispatcher_loop_free,
  .await_ended = await_ended,
  .await_later = await_later,
  .unawaited = unawaited,
};
