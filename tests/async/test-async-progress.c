/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports of progress: their order, handlers that are replaced, and the provisional result that
 * goes with each report. */

#include "test-util.h"

static void
set_int (GValue *value,
         int     n)
{
  if (!G_IS_VALUE (value))
    g_value_init (value, G_TYPE_INT);
  g_value_set_int (value, n);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
  GString *log = user_data;
  g_auto (GValue) provisional = G_VALUE_INIT;

  g_string_append_printf (log, "%d", g_value_get_int (progress));
  if (LOFT_IS_ASYNC_OPERATION (sender) &&
      loft_async_operation_get_results (LOFT_ASYNC_OPERATION (sender), &provisional, NULL) &&
      G_VALUE_HOLDS_INT (&provisional))
    g_string_append_printf (log, "(%d)", g_value_get_int (&provisional));
  g_string_append_c (log, ' ');
}

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  g_string_append (user_data, "end ");
}

static gboolean
on_continued (LoftAsyncInfo *sender,
              gpointer       user_data,
              GError       **error)
{
  g_string_append (user_data, "on");
  return TRUE;
}

/* Reports of progress come first, then the completed handler, then continuations. Each report shows
 * the provisional result of the moment when it was made. */
static void
test_progress_order (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_autoptr (LoftAsyncAction) continued = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT, result = G_VALUE_INIT;

  continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (operation), on_continued, log, NULL);
  g_assert_true (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (operation), on_completed, log, NULL, NULL));
  set_int (&value, 0);
  /* Nobody listens, so this report is lost. */
  g_assert_true (loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value));
  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation),
                                                        LOFT_PROGRESS_ALL, on_progress, log, NULL,
                                                        NULL));
  for (int i = 1; i <= 3; i++)
    {
      set_int (&value, i * 10);
      g_assert_true (loft_operation_set_provisional_result (operation, &value));
      set_int (&value, i);
      g_assert_true (loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value));
    }
  g_assert_true (
    loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), &result, NULL));
  g_assert_cmpint (g_value_get_int (&result), ==, 30);
  set_int (&value, 99);
  g_assert_true (loft_operation_complete (operation, &value));
  g_assert_false (loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value));
  g_assert_cmpstr (log->str, ==, "");
  test_run_until_ended (NULL, continued);
  g_assert_cmpstr (log->str, ==, "1(10) 2(20) 3(30) end on");
}

static void
test_progress_latest (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GString) log = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action),
                                                        LOFT_PROGRESS_LATEST, on_progress, log,
                                                        NULL, NULL));
  for (int i = 1; i <= 1000; i++)
    {
      set_int (&value, i);
      loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
    }
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "1000 ");
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "1000 1000 ");
  loft_action_complete (action);
}

/* Once set_progress () has returned at the handler's home, the previous handler is not called
 * again. Reports that are on their way go to the new one. */
static void
test_progress_replaced (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, first,
                                         NULL, NULL);
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, second,
                                         NULL, NULL);
  set_int (&value, 2);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action)); /* reports go on until the end */
  set_int (&value, 3);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  test_drain (NULL);
  g_assert_cmpstr (first->str, ==, "");
  g_assert_cmpstr (second->str, ==, "1 2 3 ");
  loft_action_complete (action);
}

/* The same holds when the object has ended in the meantime. The data of the old handler is released
 * at once, because whatever it refers to may be going away. */
static void
note_released (gpointer log)
{
  g_string_append (log, "released ");
}

static LoftAction *
report_and_end (LoftProgressFlags flags,
                GString          *log)
{
  LoftAction *action = loft_action_new_with_progress (G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), flags, on_progress, log,
                                         note_released, NULL);
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  set_int (&value, 2);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_action_complete (action);
  return action;
}

static void
test_progress_unset_after_end (void)
{
  for (int flags = LOFT_PROGRESS_ALL; flags <= LOFT_PROGRESS_LATEST; flags++)
    {
      g_autoptr (GString) log = g_string_new (NULL);
      g_autoptr (LoftAction) action = report_and_end (flags, log);

      g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0,
                                                            NULL, NULL, NULL, NULL));
      g_assert_cmpstr (log->str, ==, "released ");
      test_drain (NULL);
      g_assert_cmpstr (log->str, ==, "released ");
    }
}

static void
test_progress_replaced_after_end (void)
{
  for (int flags = LOFT_PROGRESS_ALL; flags <= LOFT_PROGRESS_LATEST; flags++)
    {
      g_autoptr (GString) log = g_string_new (NULL), next = g_string_new (NULL);
      g_autoptr (LoftAction) action = report_and_end (flags, log);

      g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0,
                                                            on_progress, next, note_released,
                                                            NULL));
      test_drain (NULL);
      g_assert_cmpstr (log->str, ==, "released ");
      g_assert_cmpstr (next->str, ==,
                       flags == LOFT_PROGRESS_LATEST ? "2 released " : "1 2 released ");
    }
}

/* A handler may unset itself inside of its own call. Its data is released when the call has
 * returned. */
static void
replace_myself (LoftAsyncInfo *sender,
                const GValue  *progress,
                gpointer       log)
{
  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (sender), 0, NULL,
                                                        NULL, NULL, NULL));
  g_string_append (log, "unset ");
}

static void
test_progress_unset_inside (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GString) log = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, replace_myself, log,
                                         note_released, NULL);
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "unset released ");
}

/* If the new handler has another home, the reports that are on their way are sent on there, before
 * the end. */
static void *
take_over (void *data)
{
  LoftAction *action = ((gpointer *) data)[0];
  GString *log = ((gpointer *) data)[1];
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, log,
                                         NULL, NULL);
  test_event_set (((gpointer *) data)[2]);
  while (log->len == 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

static void
test_progress_replaced_elsewhere (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  TestEvent taken = TEST_EVENT_INIT;
  gpointer data[] = { action, second, &taken };
  pthread_t thread;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, first,
                                         NULL, NULL);
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  pthread_create (&thread, NULL, take_over, data);
  test_event_wait (&taken);
  test_drain (NULL);
  pthread_join (thread, NULL);
  g_assert_cmpstr (first->str, ==, "");
  g_assert_cmpstr (second->str, ==, "1 ");
  loft_action_complete (action);
}

/* Values that are reported, set as provisional results or completed with are converted to the
 * promised type. */
static void
test_converted (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT64, G_TYPE_INT);
  g_autoptr (GString) log = g_string_new (NULL);
  g_auto (GValue) number = G_VALUE_INIT;

  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_set_double (&number, 7);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), 0, on_progress, log,
                                         NULL, NULL);
  g_assert_true (loft_operation_set_provisional_result (operation, &number));
  g_assert_true (loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &number));
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "7 ");
  g_assert_true (loft_operation_complete (operation, &number));
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (operation), NULL), ==, 7);
}

static void
test_not_convertible (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT64, G_TYPE_INT);
  g_auto (GValue) text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL,
                         "*report_progress: a gint was promised*gchararray*");
  g_assert_false (loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &text));
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL,
                         "*complete_with_value: a gint64 was promised*gchararray*");
  g_assert_false (loft_operation_complete (operation, &text));
  g_test_assert_expected_messages ();
  g_assert_true (loft_operation_complete_int64 (operation, 1));
}

/* A completed handler that is set after the end is called behind the reports that are still on
 * their way. */
static void
test_late_handler_joins (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GString) log = g_string_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, log,
                                         NULL, NULL);
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
  loft_action_complete (action);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, log, NULL, NULL);
  g_assert_cmpstr (log->str, ==, "");
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "1 end ");
}

static void
test_no_progress (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;
  int destroyed = 0;

  g_assert_cmpuint (loft_async_with_progress_get_progress_type (LOFT_ASYNC_WITH_PROGRESS (action)),
                    ==, G_TYPE_NONE);
  g_assert_false (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0,
                                                         on_progress, &destroyed, test_count,
                                                         &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (destroyed, ==, 1);
}

/* To set a provisional result of another type is the producer's fault. */
static void
test_wrong_provisional (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*a gint was promised*gchararray*");
  g_assert_false (loft_operation_set_provisional_result (operation, &value));
  g_test_assert_expected_messages ();
  loft_async_info_cancel (LOFT_ASYNC_INFO (operation));
  loft_async_base_complete (LOFT_ASYNC_BASE (operation));
}

/* If the end comes while a progress handler runs a loop, the completed handler gets the result, and
 * not the provisional result of the report. */

typedef struct
{
  LoftOperation *operation;
  int result;
  int ended;
} Nested;

static void
note_result (LoftAsyncInfo   *sender,
             LoftAsyncStatus  status,
             gpointer         data)
{
  Nested *nested = data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (sender), &value, NULL));
  nested->result = g_value_get_int (&value);
  nested->ended = 1;
}

static void
run_loop_in_report (LoftAsyncInfo *sender,
                    const GValue  *progress,
                    gpointer       data)
{
  Nested *nested = data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 99);
  loft_operation_complete (nested->operation, &value);
  test_run_until (NULL, &nested->ended);
}

static void
test_end_inside_report (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  Nested nested = { operation, 0, 0 };
  g_auto (GValue) value = G_VALUE_INIT;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), LOFT_PROGRESS_ALL,
                                         run_loop_in_report, &nested, NULL, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (operation), note_result, &nested, NULL, NULL);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  loft_operation_set_provisional_result (operation, &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value);
  test_run_until (NULL, &nested.ended);
  g_assert_cmpint (nested.result, ==, 99);
}

/* In the MTA, handlers run at once. A report that they hand on from object to object can go along a
 * row of any length. */

enum
{
  ROW = 10000
};

typedef struct
{
  LoftAction *actions[ROW];
  int next;
} Row;

static void
hand_on (LoftAsyncInfo *sender,
         const GValue  *progress,
         gpointer       user_data)
{
  Row *row = user_data;

  if (++row->next < ROW)
    loft_async_base_report_progress (LOFT_ASYNC_BASE (row->actions[row->next]), progress);
}

static void *
report_along_row (void *user_data)
{
  Row *row = user_data;
  g_auto (GValue) value = G_VALUE_INIT;

  for (int i = 0; i < ROW; i++)
    {
      row->actions[i] = loft_action_new_with_progress (G_TYPE_INT);
      loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (row->actions[i]), 0, hand_on,
                                             row, NULL, NULL);
    }
  set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (row->actions[0]), &value);
  for (int i = 0; i < ROW; i++)
    {
      loft_action_complete (row->actions[i]);
      g_object_unref (row->actions[i]);
    }
  return NULL;
}

static void
test_handed_on (void)
{
  Row *row = g_new0 (Row, 1);

  test_on_thread (report_along_row, row);
  g_assert_cmpint (row->next, ==, ROW);
  g_free (row);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-progress/progress-order", test_progress_order);
  g_test_add_func ("/async-progress/progress-latest", test_progress_latest);
  g_test_add_func ("/async-progress/progress-replaced", test_progress_replaced);
  g_test_add_func ("/async-progress/progress-unset-after-end", test_progress_unset_after_end);
  g_test_add_func ("/async-progress/progress-replaced-after-end", test_progress_replaced_after_end);
  g_test_add_func ("/async-progress/progress-unset-inside", test_progress_unset_inside);
  g_test_add_func ("/async-progress/progress-replaced-elsewhere", test_progress_replaced_elsewhere);
  g_test_add_func ("/async-progress/converted", test_converted);
  g_test_add_func ("/async-progress/not-convertible", test_not_convertible);
  g_test_add_func ("/async-progress/late-handler-joins", test_late_handler_joins);
  g_test_add_func ("/async-progress/no-progress", test_no_progress);
  g_test_add_func ("/async-progress/wrong-provisional", test_wrong_provisional);
  g_test_add_func ("/async-progress/end-inside-report", test_end_inside_report);
  g_test_add_func ("/async-progress/handed-on", test_handed_on);
  return g_test_run ();
}
