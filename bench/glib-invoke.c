/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GLib: g_main_context_invoke_full (). On the loop's own thread it would run the item at once, so
 * there is no chain, and no items are posted before the loop runs. */

#include "glib-loop.h"

static gboolean
run_item (gpointer item)
{
  ((BenchItem *) item)->run (item);
  return G_SOURCE_REMOVE;
}

static void
post (void      *loop,
      BenchItem *item)
{
  g_main_context_invoke_full (((GlibLoop *) loop)->context, G_PRIORITY_DEFAULT, run_item, item,
                              NULL);
}

static GlibLoop *home_of_all; /* one home for each process */

static gboolean
run_done (gpointer item)
{
  ((BenchItem *) item)->done (item);
  return G_SOURCE_REMOVE;
}

static gboolean
run_and_go_back (gpointer item)
{
  run_item (item);
  g_main_context_invoke_full (home_of_all->context, G_PRIORITY_DEFAULT, run_done, item, NULL);
  return G_SOURCE_REMOVE;
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  if (home_of_all != home)
    home_of_all = home;
  g_main_context_invoke_full (((GlibLoop *) there)->context, G_PRIORITY_DEFAULT, run_and_go_back,
                              item, NULL);
}

const BenchContender bench_contender = {
  .loop_new = glib_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = glib_loop_free,
  .post = post,
  .post_back = post_back,
};
