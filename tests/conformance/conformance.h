/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Conformance cases as a table. Each case says what is done, where the case comes from, and how
 * Loft behaves. A run writes its results to LOFT_CONFORMANCE_DIR, from which table.py makes
 * docs/conformance.md. A case that fails or does not reach its end is missing there. */

#pragma once

#include "../by-hand.h"
#include "../controlled.h"
#include "../second-home.h"

#include <glib/gstdio.h>
#include <string.h>

/* A case that is skipped would look like a case that passed. */
#define g_test_skip(why) g_error ("%s: a conformance case has no skipping; say NONE, and why", why)

typedef enum {
  PASS,    /* the same as the source */
  DIFFERS, /* on purpose; the case asserts what Loft does */
  NONE,    /* not applicable: there is no case to run */
} Verdict;

typedef struct
{
  const char *number;
  const char *what;
  const char *source;
  Verdict verdict;
  const char *why;  /* of DIFFERS and NONE */
  void (*run) (void);
  gboolean ran;
} Case;

static inline void
conformance_run_case (gconstpointer data)
{
  Case *one = (Case *) data;

  one->run ();
  one->ran = !g_test_failed ();
}

/* Returns NULL if no report is wanted. */
static inline char *
conformance_report_path (const char *name)
{
  const char *folder = g_getenv ("LOFT_CONFORMANCE_DIR");

  if (folder == NULL || g_test_subprocess ())
    return NULL;
  g_mkdir_with_parents (folder, 0777);
  return g_strdup_printf ("%s/%s.tsv", folder, name);
}

static inline void
conformance_report (const char *path,
                    Case       *cases,
                    gsize       n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    {
      if (cases[i].verdict == NONE || cases[i].ran)
        g_string_append_printf (text, "%s\t%s\t%s\t%s\t%s\n", cases[i].number,
                                cases[i].verdict == PASS      ? "pass"
                                : cases[i].verdict == DIFFERS ? "differs"
                                                              : "none",
                                cases[i].what, cases[i].source,
                                cases[i].why != NULL ? cases[i].why : "");
    }
  g_file_set_contents (path, text->str, -1, &error);
  g_assert_no_error (error);
}

static inline int
conformance_main (int         argc,
                  char       *argv[],
                  const char *name,
                  Case       *cases,
                  gsize       n)
{
  g_autofree char *report = conformance_report_path (name);
  int status;

  if (report != NULL)
    g_unlink (report); /* so that a run that does not reach its end leaves no report */
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/conformance/%s", cases[i].number);

      g_assert_true (cases[i].verdict == NONE ? cases[i].run == NULL : cases[i].run != NULL);
      g_assert_true (cases[i].verdict == PASS || (cases[i].why != NULL && *cases[i].why != '\0'));
      if (cases[i].run != NULL)
        g_test_add_data_func (path, &cases[i], conformance_run_case);
    }
  status = g_test_run ();
  if (report != NULL)
    conformance_report (report, cases, n);
  return status;
}

/* Helpers that many cases need. */

static inline void
assert_error_of (gpointer info,
                 GQuark   domain,
                 int      code)
{
  g_autoptr (GError) error = loft_async_info_dup_error (LOFT_ASYNC_INFO (info));

  g_assert_error (error, domain, code);
}

static inline GError *
some_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "as asked");
}

static inline LoftOperation *
completed_int (int number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  return loft_operation_new_completed (&value);
}

static inline int
result_int (gpointer operation)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), &value, &error);
  g_assert_no_error (error);
  return g_value_get_int (&value);
}

static inline void
wait_ended (gpointer info)
{
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (info), NULL));
}

/* How a completed handler was called. */
typedef struct
{
  int calls;
  LoftAsyncInfo *sender;
  LoftAsyncStatus status;
  GThread *thread;
} Seen;

static inline void
see (LoftAsyncInfo   *sender,
     LoftAsyncStatus  status,
     gpointer         data)
{
  Seen *seen = data;

  seen->sender = sender;
  seen->status = status;
  seen->thread = g_thread_self ();
  __atomic_fetch_add (&seen->calls, 1, __ATOMIC_ACQ_REL);
}

static inline void
set_completed (gpointer info,
               Seen    *seen)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (info), see, seen, NULL, &error));
  g_assert_no_error (error);
}

static inline void *
complete_action (void *action)
{
  loft_action_complete (action);
  return NULL;
}

static inline void *
cancel_info (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}
