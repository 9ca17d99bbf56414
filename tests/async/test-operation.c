/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Operations: they take and return values of the type that was promised, and a custom class may be
 * one. */

#include "test-util.h"

static void
test_values (void)
{
  g_autoptr (LoftOperation) number = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftOperation) text = loft_operation_new (G_TYPE_STRING);
  g_autoptr (LoftOperation) yes = loft_operation_new (G_TYPE_BOOLEAN);
  g_autoptr (LoftOperation) real = loft_operation_new (G_TYPE_DOUBLE);
  g_autofree char *string = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_operation_complete_int64 (number, 42));
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (number), NULL), ==, 42);
  g_assert_true (loft_operation_complete_boolean (yes, TRUE));
  g_assert_true (loft_async_operation_get_boolean (LOFT_ASYNC_OPERATION (yes), NULL));
  g_assert_true (loft_operation_complete_double (real, 0.5));
  g_assert_cmpfloat (loft_async_operation_get_double (LOFT_ASYNC_OPERATION (real), NULL), ==, 0.5);
  g_assert_true (loft_operation_complete_string (text, "Loft"));
  string = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (text), NULL);
  g_assert_cmpstr (string, ==, "Loft");
  g_assert_null (loft_async_operation_dup_object (LOFT_ASYNC_OPERATION (text), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

static void
test_ready_made (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (LoftOperation) completed = NULL;
  g_autoptr (LoftOperation)
    failed = loft_operation_new_failed (G_TYPE_INT64,
                                        g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "no"));
  g_autoptr (LoftOperation) canceled = loft_operation_new_canceled (G_TYPE_INT64);
  g_autoptr (LoftAction)
    action = loft_action_new_failed (g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "no"));
  g_autoptr (GError) error = NULL;

  g_value_init (&value, G_TYPE_INT64);
  g_value_set_int64 (&value, 7);
  completed = loft_operation_new_completed (&value);
  assert_status (completed, COMPLETED);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (completed), NULL), ==, 7);
  assert_status (failed, ERROR);
  assert_status (canceled, CANCELED);
  assert_status (action, ERROR);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (failed), &error), ==, 0);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_FAILED);
  g_clear_error (&error);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
}

static void
test_wrong_type (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT64);

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*the value is a gchararray*");
  g_assert_false (loft_operation_complete_string (operation, "no number"));
  g_test_assert_expected_messages ();
  assert_status (operation, STARTED);
}

/* A handler in a language binding may return a value of the type that its language has. */
static gboolean
bring_int (LoftAsyncOperation *operation,
           GValue             *result,
           gpointer            data,
           GError            **error)
{
  g_value_unset (result);
  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, 42);
  return TRUE;
}

static gboolean
bring_nothing (LoftAsyncOperation *operation,
               GValue             *result,
               gpointer            data,
               GError            **error)
{
  g_value_unset (result);
  return TRUE;
}

static LoftAsyncOperation *
run_operation (GType                type,
               LoftOperationHandler handler)
{
  LoftAsyncOperation *operation =
    loft_dispatcher_run_operation_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, type,
                                         handler, NULL, NULL);

  test_run_until_ended (NULL, operation);
  return operation;
}

static void
test_other_type (void)
{
  g_autoptr (LoftAsyncOperation) fits = run_operation (G_TYPE_INT64, bring_int);
  g_autoptr (LoftAsyncOperation) unfit = run_operation (LOFT_TYPE_ACTION, bring_int);
  g_autoptr (LoftAsyncOperation) nothing = run_operation (G_TYPE_INT64, bring_nothing);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_async_operation_get_results (fits, &value, NULL));
  g_assert_true (G_VALUE_HOLDS_INT64 (&value));
  g_assert_cmpint (g_value_get_int64 (&value), ==, 42);
  g_assert_null (loft_async_operation_dup_object (unfit, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "brought a gint where a LoftAction was promised"));
  g_clear_error (&error);
  g_assert_cmpint (loft_async_operation_get_int64 (nothing, &error), ==, 0);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

/* A custom operation that reports progress, such as users write. */

#define TEST_TYPE_DOWNLOAD (test_download_get_type ())
G_DECLARE_FINAL_TYPE (TestDownload, test_download, TEST, DOWNLOAD, LoftAsyncBase)

struct _TestDownload
{
  LoftAsyncBase parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TestDownload, test_download, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))

static void
test_download_class_init (TestDownloadClass *klass)
{
}

static void
test_download_init (TestDownload *self)
{
  loft_async_base_set_progress_type (LOFT_ASYNC_BASE (self), G_TYPE_INT);
}

static void
on_download_progress (LoftAsyncInfo *sender,
                      const GValue  *progress,
                      gpointer       sum)
{
  g_auto (GValue) so_far = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (sender), &so_far, NULL));
  g_assert_cmpstr (g_value_get_string (&so_far), ==, "half");
  *(int *) sum += g_value_get_int (progress);
}

static void
test_custom_type (void)
{
  g_autoptr (TestDownload) download = g_object_new (TEST_TYPE_DOWNLOAD, NULL);
  LoftAsyncBase *base = LOFT_ASYNC_BASE (download);
  g_auto (GValue) report = G_VALUE_INIT, half = G_VALUE_INIT, whole = G_VALUE_INIT;
  g_autofree char *result = NULL;
  int sum = 0;

  g_assert_cmpstr (g_type_name (loft_async_with_progress_get_progress_type (
                     LOFT_ASYNC_WITH_PROGRESS (download))),
                   ==, "gint");
  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (download), 0,
                                                        on_download_progress, &sum, NULL, NULL));
  g_value_init (&report, G_TYPE_INT);
  g_value_set_int (&report, 50);
  g_value_init (&half, G_TYPE_STRING);
  g_value_set_static_string (&half, "half");
  g_value_init (&whole, G_TYPE_STRING);
  g_value_set_static_string (&whole, "whole");
  g_assert_true (loft_async_base_set_provisional_result (base, &half));
  g_assert_true (loft_async_base_report_progress (base, &report));
  g_assert_true (loft_async_base_complete_with_value (base, &whole));
  g_assert_false (loft_async_base_report_progress (base, &report));
  g_assert_false (loft_async_base_set_provisional_result (base, &half));
  test_drain (NULL);
  g_assert_cmpint (sum, ==, 50);
  result = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (download), NULL);
  g_assert_cmpstr (result, ==, "whole");
}

static void
test_value_type (void)
{
  g_autoptr (LoftOperation)
    operation = loft_operation_new_with_progress (G_TYPE_DOUBLE, G_TYPE_INT);

  g_assert_true (loft_operation_get_value_type (operation) == G_TYPE_DOUBLE);
  g_assert_true (loft_async_with_progress_get_progress_type (
                   LOFT_ASYNC_WITH_PROGRESS (operation)) == G_TYPE_INT);
}

/* The getters that wait for a value, called on a thread that may wait. */

static gboolean
give_seven (LoftAsyncOperation *operation,
            GValue             *result,
            gpointer            go_on,
            GError            **error)
{
  test_event_wait (go_on);
  g_value_set_int (result, 7);
  return TRUE;
}

static void *
let_go_on (void *go_on)
{
  test_event_set (go_on);
  return NULL;
}

static gpointer
wait_for_values (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 4; i++)
    {
      TestEvent go_on = TEST_EVENT_INIT;
      g_autoptr (LoftAsyncOperation)
        operation = loft_thread_pool_run_operation_async (G_TYPE_INT, give_seven, &go_on, NULL);
      pthread_t thread;

      pthread_create (&thread, NULL, let_go_on, &go_on);
      switch (i)
        {
        case 0: g_assert_cmpint (loft_async_operation_wait_int64 (operation, &error), ==, 7); break;
        case 1:
          g_assert_cmpfloat (loft_async_operation_wait_double (operation, &error), ==, 7);
          break;
        case 2: g_assert_true (loft_async_operation_wait_boolean (operation, &error)); break;
        default: text = loft_async_operation_wait_string (operation, &error); break;
        }
      g_assert_no_error (error);
      pthread_join (thread, NULL);
    }
  g_assert_cmpstr (text, ==, "7");
  return NULL;
}

static void
test_wait_typed (void)
{
  g_autoptr (LoftOperation) open = loft_operation_new (G_TYPE_OBJECT);
  g_autoptr (GError) error = NULL;

  test_on_thread (wait_for_values, NULL);
  g_assert_null (loft_async_operation_wait_object (LOFT_ASYNC_OPERATION (open), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  loft_operation_complete_object (open, G_OBJECT (open));
  {
    g_autoptr (GObject)
      object = loft_async_operation_wait_object (LOFT_ASYNC_OPERATION (open), NULL);

    g_assert_true (object == G_OBJECT (open));
  }
  loft_async_info_close (LOFT_ASYNC_INFO (open), NULL); /* it holds itself as its result */
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/operation/values", test_values);
  g_test_add_func ("/operation/ready-made", test_ready_made);
  g_test_add_func ("/operation/wrong-type", test_wrong_type);
  g_test_add_func ("/operation/other-type", test_other_type);
  g_test_add_func ("/operation/custom-type", test_custom_type);
  g_test_add_func ("/operation/value-type", test_value_type);
  g_test_add_func ("/operation/wait-typed", test_wait_typed);
  return g_test_run ();
}
