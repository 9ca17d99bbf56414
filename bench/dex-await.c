/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* libdex: dex_await () in a fiber of the main thread. What ends later is a promise, which a
 * function that is pushed to the same scheduler resolves. */

#include "glib-loop.h"

#include <libdex.h>

typedef struct
{
  DexFuture *ended;
  size_t left;
  BenchItem *item;
} Awaiting;

static void
init (void)
{
  dex_init ();
}

static void
resolve (gpointer promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
  dex_unref (promise);
}

static DexFuture *
resolve_later (void)
{
  DexPromise *promise = dex_promise_new ();

  dex_scheduler_push (dex_scheduler_get_default (), resolve, dex_ref (promise));
  return DEX_FUTURE (promise);
}

static DexFuture *
await_all (gpointer awaiting)
{
  Awaiting *self = awaiting;

  for (; self->left > 0; self->left--)
    dex_await (self->ended != NULL ? dex_ref (self->ended) : resolve_later (), NULL);
  self->item->done (self->item);
  return dex_future_new_true ();
}

static void
awaiting_free (gpointer data)
{
  Awaiting *self = data;

  dex_clear (&self->ended);
  g_free (self);
}

static void
start_fiber (DexFuture *ended,
             size_t     n,
             BenchItem *item)
{
  Awaiting *self = g_new0 (Awaiting, 1);

  *self = (Awaiting) { .ended = ended, .left = n, .item = item };
  dex_unref (dex_scheduler_spawn (dex_scheduler_get_default (), 0, await_all, self, awaiting_free));
}

static void
await_ended (void      *home,
             size_t     n,
             BenchItem *item)
{
  start_fiber (dex_future_new_true (), n, item);
}

static void
await_later (void      *home,
             size_t     n,
             BenchItem *item)
{
  start_fiber (NULL, n, item);
}

const BenchContender bench_contender = {
  .init = init,
  .loop_new = glib_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = glib_loop_free,
  .await_ended = await_ended,
  .await_later = await_later,
};
