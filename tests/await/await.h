/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the await programs of all languages share. Each case is a GTest. The results are written to
 * a report, from which docs/await.md is made. */

#pragma once

#include "../test-util.h"

#include <stdio.h>

typedef struct
{
  const char *number;
  void (*func) (void);
  const char *why; /* if there can be no test: why not */
} AwaitCase;

static FILE *await_report;

static inline void
await_note (const AwaitCase *one)
{
  if (await_report != NULL)
    fprintf (await_report, "%s\t%s\t%s\n", one->number, one->why != NULL ? "none" : "pass",
             one->why != NULL ? one->why : "");
}

static inline void
await_run_case (gconstpointer data)
{
  const AwaitCase *one = (const AwaitCase *) data;

  if (one->func != NULL)
    one->func ();
  test_drain (NULL);
  await_note (one);
}

static inline int
await_main (int              argc,
            char            *argv[],
            const char      *column,
            const AwaitCase *cases,
            gsize            n)
{
  const char *folder = g_getenv ("LOFT_AWAIT_DIR");
  int failed;

  g_test_init (&argc, &argv, NULL);
  if (folder != NULL)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.tsv", folder, column);

      g_mkdir_with_parents (folder, 0755);
      await_report = fopen (path, "w");
      g_assert_nonnull (await_report);
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/await/%s", cases[i].number);

      g_test_add_data_func (path, &cases[i], await_run_case);
    }
  failed = g_test_run ();
  if (await_report != NULL)
    fclose (await_report);
  return failed;
}

/* An action that another thread completes. */
static inline void *
await_complete (void *action)
{
  loft_action_complete ((LoftAction *) action);
  g_object_unref (action);
  return NULL;
}

static inline void
await_complete_elsewhere (LoftAction *action)
{
  pthread_t thread;

  pthread_create (&thread, NULL, await_complete, g_object_ref (action));
  pthread_detach (thread);
}
