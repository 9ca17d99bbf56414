/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Loft does when there is nothing to do (P13). There are a dispatcher, a controller with its
 * thread, and the pool, which was in use. The figures are how often their threads wake in three
 * seconds, how many threads there are, and how much memory a dispatcher takes. */

#include "bench.h"
#include "dispatcher-loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Returns how often the threads of this process gave up the processor because they had nothing to
 * do, and how many threads there are. */
static guint64
count_waits (guint *out_threads)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint64 waits = 0;
  const char *name;

  *out_threads = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "status", NULL);
      g_autofree char *text = NULL;
      const char *line;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue; /* it has just ended */
      ++*out_threads;
      line = strstr (text, "\nvoluntary_ctxt_switches:");
      if (line != NULL)
        waits += g_ascii_strtoull (line + strlen ("\nvoluntary_ctxt_switches:"), NULL, 10);
    }
  return waits;
}

static gsize
resident (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    g_error ("Can't read /proc/self/statm, which says how much memory is in use");
  return g_ascii_strtoull (strchr (text, ' '), NULL, 10) * sysconf (_SC_PAGESIZE);
}

static gboolean
succeed (LoftAsyncAction *action,
         gpointer         unused,
         GError         **error)
{
  return TRUE;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_for (guint milliseconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (milliseconds, quit, loop);
  g_main_loop_run (loop);
}

#define N 1000

static void
measure_dispatchers (void)
{
  static GMainContext *contexts[N];
  static LoftDispatcher *dispatchers[N];
  gsize before, between;

  bench_allow_files ();
  before = resident ();
  for (int i = 0; i < N; i++)
    contexts[i] = g_main_context_new ();
  between = resident ();
  for (int i = 0; i < N; i++)
    dispatchers[i] = loft_dispatcher_get_for_context (contexts[i]);
  bench_print ("bytes", (double) (resident () - between) / N);
  bench_print ("context-bytes", (double) (between - before) / N);
  for (int i = 0; i < N; i++)
    {
      g_object_unref (dispatchers[i]);
      g_main_context_unref (contexts[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  LoftDispatcherController *controller = loft_dispatcher_controller_new_on_dedicated_thread ("idle",
                                                                                             NULL);
  guint wait = argc > 1 ? (guint) atoi (argv[1]) : 12000; /* ms */
  guint threads;
  guint64 waits;

  g_object_unref (loft_thread_pool_run_async (succeed, NULL, NULL));
  g_object_unref (
    loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, succeed, NULL, NULL));
  run_for (wait); /* the pool's workers end after ten idle seconds */
  waits = count_waits (&threads);
  run_for (wait / 4);
  bench_print ("wakes", count_waits (&threads) - waits - 1.0); /* the loop's own time-out is one */
  bench_print ("threads", threads);
  measure_dispatchers ();
  g_object_unref (loft_dispatcher_controller_shutdown_async (controller));
  run_for (100);
  g_object_unref (controller);
  return 0;
}
