/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GLib: g_idle_add () and its equivalent for any context, GThreadPool, g_timeout_add (). */

#include "glib-loop.h"

static gboolean
run_item (gpointer item)
{
  ((BenchItem *) item)->run (item);
  return G_SOURCE_REMOVE;
}

static gboolean
run_done (gpointer item)
{
  ((BenchItem *) item)->done (item);
  return G_SOURCE_REMOVE;
}

/* Does what g_idle_add () does. */
static GSource *
attach (GlibLoop   *loop,
        GSourceFunc func,
        gpointer    item)
{
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, func, item, NULL);
  g_source_attach (source, loop->context);
  return source;
}

static void
post (void      *loop,
      BenchItem *item)
{
  g_source_unref (attach (loop, run_item, item));
}

static GlibLoop *home_of_all; /* one home for each process */

static gboolean
run_and_go_back (gpointer item)
{
  run_item (item);
  g_source_unref (attach (home_of_all, run_done, item));
  return G_SOURCE_REMOVE;
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  if (home_of_all != home)
    home_of_all = home;
  g_source_unref (attach (there, run_and_go_back, item));
}

static GThreadPool *pool;
static gboolean comes_back;

static void
run_on_pool (gpointer item,
             gpointer unused)
{
  if (comes_back)
    run_and_go_back (item);
  else
    run_item (item);
}

static void
init (void)
{
  pool = g_thread_pool_new (run_on_pool, NULL, (int) g_get_num_processors (), FALSE, NULL);
}

static void
submit (void      *home,
        BenchItem *item)
{
  g_thread_pool_push (pool, item, NULL);
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  if (!comes_back)
    {
      home_of_all = home;
      comes_back = TRUE;
    }
  g_thread_pool_push (pool, item, NULL);
}

static void *
post_handle (void      *loop,
             BenchItem *item)
{
  return attach (loop, run_item, item);
}

static void
cancel (void *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
on_timeout (gpointer item)
{
  ((BenchItem *) item)->run (item);
  return G_SOURCE_CONTINUE;
}

static void *
timer_start (void      *loop,
             int64_t    interval,
             BenchItem *item)
{
  GSource *source = g_timeout_source_new ((guint) (interval / 1000));

  g_source_set_callback (source, on_timeout, item, NULL);
  g_source_attach (source, ((GlibLoop *) loop)->context);
  return source;
}

const BenchContender bench_contender = {
  .init = init,
  .loop_new = glib_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = glib_loop_free,
  .post = post,
  .post_back = post_back,
  .submit = submit,
  .submit_back = submit_back,
  .post_handle = post_handle,
  .cancel = cancel,
  .timer_start = timer_start,
  .timer_stop = cancel,
};
