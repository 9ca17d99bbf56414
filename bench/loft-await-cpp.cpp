/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft's coroutines in C++: co_await of actions. The C function makes them, since
 * loft::dispatcher::run_async () allocates the function object, too. */

#include "dispatcher-loop.h"

#include <loft/loft.hpp>

static gboolean
do_nothing (LoftAsyncAction *,
            gpointer,
            GError **)
{
  return TRUE;
}

static loft::action
run_later (LoftDispatcher *dispatcher)
{
  return loft::action::take (
    loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, do_nothing, nullptr, nullptr));
}

static loft::fire_and_forget
await_all_ended (loft::action ended,
                 size_t       n,
                 BenchItem   *item)
{
  for (; n > 0; n--)
    co_await ended;
  item->done (item);
}

static loft::fire_and_forget
await_all_later (LoftDispatcher *dispatcher,
                 size_t          n,
                 BenchItem      *item)
{
  for (; n > 0; n--)
    co_await run_later (dispatcher);
  item->done (item);
}

static void
await_ended (void      *,
             size_t     n,
             BenchItem *item)
{
  await_all_ended (loft::action::take (LOFT_ASYNC_ACTION (loft_action_new_completed ())), n, item);
}

static void
await_later (void      *home,
             size_t     n,
             BenchItem *item)
{
  await_all_later (dispatcher_of (home), n, item);
}

extern "C" const BenchContender bench_contender = {
  .loop_new = dispatcher_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = dispatcher_loop_free,
  .await_ended = await_ended,
  .await_later = await_later,
};
