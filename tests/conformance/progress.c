/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C058 to C068: progress. */

#include "conformance.h"

/* Progress. */

typedef struct
{
  GString *log;
  GThread *thread;
  LoftAsyncInfo *sender;
} Reports;

static void
note_report (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       data)
{
  Reports *reports = data;

  g_string_append_printf (reports->log, "%d", g_value_get_int (progress));
  reports->thread = g_thread_self ();
  reports->sender = sender;
}

static void
report (gpointer object,
        int      number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (object), &value);
}

static void
set_progress (gpointer object,
              Reports *reports)
{
  reports->log = reports->log != NULL ? reports->log : g_string_new (NULL);
  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (object), 0,
                                                        note_report, reports, NULL, NULL));
}

static void
assert_reports (Reports    *reports,
                const char *expected)
{
  g_assert_cmpstr (reports->log->str, ==, expected);
  g_string_free (reports->log, TRUE);
}

static void
look_twice (LoftAsyncInfo *sender,
            const GValue  *progress,
            gpointer       counter)
{
  g_assert_cmpint (result_int (sender), ==, 7);
  g_assert_cmpint (result_int (sender), ==, 7);
  test_count (counter);
}

static void
c058 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;
  int seen = 0;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 7);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), 0, look_twice, &seen,
                                         NULL, NULL);
  loft_operation_set_provisional_result (operation, &value);
  report (operation, 1);
  test_run_until (NULL, &seen);
  loft_operation_complete (operation, &value);
}

static void
c059 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  Reports reports = { NULL };

  loft_action_complete (action);
  set_progress (action, &reports);
  report (action, 1);
  test_drain (NULL);
  assert_reports (&reports, "");
}

static void
c060 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  Reports reports = { NULL };

  report (action, 1);
  set_progress (action, &reports);
  report (action, 2);
  test_drain (NULL);
  loft_action_complete (action);
  assert_reports (&reports, "2");
}

static void
note_end (LoftAsyncInfo   *sender,
          LoftAsyncStatus  status,
          gpointer         data)
{
  g_string_append_c (((Reports *) data)->log, 'E');
}

static void
c061 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  Reports reports = { NULL };

  set_progress (action, &reports);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), note_end, &reports, NULL, NULL);
  for (int i = 1; i <= 3; i++)
    report (action, i);
  loft_action_complete (action);
  test_drain (NULL);
  assert_reports (&reports, "123E");
}

static void
c065 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  Reports reports = { NULL };

  set_progress (action, &reports);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  report (action, 5);
  test_drain (NULL);
  loft_action_complete (action);
  assert_reports (&reports, "5");
}

static gboolean
report_from_pool (LoftAsyncAction *action,
                  gpointer         object,
                  GError         **error)
{
  g_assert_true (test_is_on_pool ());
  report (object, 4); /* returns at once, though nobody runs the main loop yet */
  return TRUE;
}

static void
c068 (void)
{
  g_autoptr (LoftAction) gate = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (LoftAsyncAction) work = NULL;
  Reports reports = { NULL };

  set_progress (gate, &reports);
  work = loft_thread_pool_run_async (report_from_pool, gate, NULL);
  wait_ended (work);
  g_assert_null (reports.thread);
  test_drain (NULL);
  g_assert_true (reports.thread == g_thread_self ());
  loft_action_complete (gate);
  assert_reports (&reports, "4");
}

static Case cases[] = {
  { "C058", "provisional result, then a report: GetResults in the handler gives it, twice",
    "CT:async_progress", PASS, NULL, c058 },
  { "C059", "Progress set when Completed: accepted, never called",
    "CT:async_progress TooLate", PASS, NULL, c059 },
  { "C060", "a report before Progress is set: not replayed",
    "ONT:20221117", PASS, NULL, c060 },
  { "C061", "reports arrive in their order, and then the end",
    "~CW:found", PASS, NULL, c061 },
  { "C063", "the progress handler fails: both reports are delivered",
    "CT:disconnected handler,3", NONE, "handlers return nothing that could fail", NULL },
  { "C065", "a report after a cancel: still delivered",
    "~CW:found", PASS, NULL, c065 },
  { "C066", "reading Progress when completed: null",
    "~WRL", NONE, "a handler can't be read back", NULL },
  { "C068", "a report from the pool to an STA's handler: it runs there, the reporter blocked",
    "~CW:base_delegate", DIFFERS, "it runs there; the reporter is not blocked", c068 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "progress", cases, G_N_ELEMENTS (cases));
}
