/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GIO: GTask. The callback of a task runs in the context of the thread that created the task.
 * Threads without a context of their own belong to the default context. Each task has data of its
 * own, as a task in a program has. */

#include "glib-loop.h"

#include <gio/gio.h>

#define DATA 24

static void
on_posted (GObject      *source,
           GAsyncResult *result,
           gpointer      item)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
  ((BenchItem *) item)->run (item);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      item)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
  ((BenchItem *) item)->done (item);
}

static void
on_nothing (GObject      *source,
            GAsyncResult *result,
            gpointer      item)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static GTask *
new_task (GAsyncReadyCallback callback,
          BenchItem          *item)
{
  GTask *task = g_task_new (NULL, NULL, callback, item);
  gpointer *data = g_malloc (DATA);

  data[0] = item;
  g_task_set_task_data (task, data, g_free);
  return task;
}

static gboolean
run_there (gpointer task)
{
  BenchItem *item = *(BenchItem **) g_task_get_task_data (task);

  item->run (item);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
attach (GMainContext *context,
        GTask        *task)
{
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, run_there, task, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* For the main thread's loop, a task itself is posted. For another loop, a source is posted. */
static void
post (void      *loop,
      BenchItem *item)
{
  if (((GlibLoop *) loop)->context == g_main_context_default ())
    {
      GTask *task = new_task (on_posted, item);

      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
  else
    attach (((GlibLoop *) loop)->context, new_task (on_nothing, item));
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  attach (((GlibLoop *) there)->context, new_task (on_done, item));
}

static void
run_on_pool (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  BenchItem *item = *(BenchItem **) data;

  item->run (item);
  g_task_return_boolean (task, TRUE);
}

static void
submit_with (GAsyncReadyCallback callback,
             BenchItem          *item)
{
  GTask *task = new_task (callback, item);

  g_task_run_in_thread (task, run_on_pool);
  g_object_unref (task);
}

static void
submit (void      *home,
        BenchItem *item)
{
  submit_with (on_nothing, item);
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  submit_with (on_done, item);
}

const BenchContender bench_contender = {
  .loop_new = glib_loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = glib_loop_free,
  .post = post,
  .post_back = post_back,
  .submit = submit,
  .submit_back = submit_back,
};
