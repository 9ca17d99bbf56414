/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is left of objects that were given up (P16):
 *
 *   leave continuations N: bytes that each of N cancelled continuations of one action leaves
 *   leave contexts N: file descriptors that N threads leave, each with a context of its own and a
 *     post on it */

#include "bench.h"

#include <loft/loft.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  return TRUE;
}

static gboolean
work (LoftAsyncAction *action,
      gpointer         data,
      GError         **error)
{
  return TRUE;
}

static size_t
in_use (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  size_t total = 0, resident = 0;

  if (file == NULL || fscanf (file, "%zu %zu", &total, &resident) != 2)
    {
      fputs ("Can't read /proc/self/statm, which says how much memory is in use\n", stderr);
      exit (1);
    }
  fclose (file);
  return resident * 4096;
}

static void
cancel_many (LoftAction *action,
             size_t      n)
{
  for (size_t i = 0; i < n; i++)
    {
      LoftAsyncAction *continuation = loft_async_info_continue_with (LOFT_ASYNC_INFO (action),
                                                                     go_on, NULL, NULL);

      loft_async_info_cancel (LOFT_ASYNC_INFO (continuation));
      g_object_unref (continuation);
    }
}

/* Memory that the first few need only once is not counted. */
static double
continuations (size_t n)
{
  LoftAction *action = loft_action_new ();
  size_t before, after;

  cancel_many (action, 1000);
  before = in_use ();
  cancel_many (action, n);
  after = in_use ();
  g_object_unref (action);
  return after > before ? (double) (after - before) / n : 0;
}

static gpointer
post_and_end (gpointer unused)
{
  GMainContext *context = g_main_context_new ();
  LoftDispatcher *dispatcher;

  g_main_context_push_thread_default (context);
  dispatcher = loft_dispatcher_get_for_current_thread ();
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, work, NULL, NULL)));
  g_main_context_pop_thread_default (context);
  g_object_unref (dispatcher);
  g_main_context_unref (context);
  return NULL;
}

static guint
open_files (void)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

/* Each post is named in a message when its thread ends, which is not wanted a thousand times. */
static void
say_nothing (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        data)
{
}

static double
contexts (size_t n)
{
  guint before;

  g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, say_nothing, NULL);
  g_thread_join (g_thread_new ("post", post_and_end, NULL));
  before = open_files ();
  for (size_t i = 0; i < n; i++)
    g_thread_join (g_thread_new ("post", post_and_end, NULL));
  return open_files () > before ? open_files () - before : 0;
}

int
main (int   argc,
      char *argv[])
{
  size_t n = argc == 3 ? strtoull (argv[2], NULL, 10) : 0;

  if (n > 0 && strcmp (argv[1], "continuations") == 0)
    bench_print ("bytes", continuations (n));
  else if (n > 0 && strcmp (argv[1], "contexts") == 0)
    bench_print ("descriptors", contexts (n));
  else
    {
      fprintf (stderr, "Usage: %s continuations|contexts N\n", argv[0]);
      return 2;
    }
  return 0;
}
