/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft, with posts that have no object. A trip there and back is two posts. The pool has no such
 * form. */

#include "dispatcher-loop.h"

static void
run_item (gpointer item)
{
  ((BenchItem *) item)->run (item);
}

static void
run_done (gpointer item)
{
  ((BenchItem *) item)->done (item);
}

static void
post (void      *loop,
      BenchItem *item)
{
  loft_dispatcher_try_enqueue (dispatcher_of (loop), LOFT_PRIORITY_NORMAL, run_item, item, NULL);
}

static LoftDispatcher *home_of_all; /* one home for each process */

static void
run_and_go_back (gpointer item)
{
  run_item (item);
  loft_dispatcher_try_enqueue (home_of_all, LOFT_PRIORITY_NORMAL, run_done, item, NULL);
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  if (home_of_all != dispatcher_of (home))
    home_of_all = dispatcher_of (home);
  loft_dispatcher_try_enqueue (dispatcher_of (there), LOFT_PRIORITY_NORMAL, run_and_go_back, item,
                               NULL);
}

const BenchContender bench_contender = {
  .loop_new = dispatcher_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = dispatcher_loop_free,
  .post = post,
  .post_back = post_back,
};
