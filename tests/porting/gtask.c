/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets of docs/for-gtask-users.md, and checks what they do. */

#include "../test-util.h"

#include <string.h>

static int shown_count; /* main thread only */

#include "gtask-snippets.h"

static void
test_idle (void)
{
  g_autoptr (GObject) window = g_object_new (G_TYPE_OBJECT, NULL);
  GObject *closed = g_object_new (G_TYPE_OBJECT, NULL);

  show_count (window, 3);
  show_count (closed, 4);
  g_object_unref (closed);
  test_drain (NULL);
  g_assert_cmpint (shown_count, ==, 3);
}

static void
test_from_async (void)
{
  g_autoptr (GFile) there = g_file_new_for_path ("/dev/null");
  g_autoptr (GFile) missing = g_file_new_for_path ("/nowhere/at/all");
  g_autoptr (LoftOperation) loading = load (there);
  g_autoptr (LoftOperation) failing = load (missing);
  g_auto (GValue) bytes = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  test_run_until_ended (NULL, loading);
  test_run_until_ended (NULL, failing);
  g_assert_true (
    loft_async_operation_get_results (LOFT_ASYNC_OPERATION (loading), &bytes, &error));
  g_assert_cmpuint (g_bytes_get_size (g_value_get_boxed (&bytes)), ==, 0);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (failing));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_from_async_canceled (void)
{
  g_autoptr (GFile) there = g_file_new_for_path ("/dev/null");
  g_autoptr (LoftOperation) loading = load (there);

  loft_async_info_cancel (LOFT_ASYNC_INFO (loading));
  test_run_until_ended (NULL, loading);
  assert_status (loading, CANCELED);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer out_result)
{
  *(GAsyncResult **) out_result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_to_async (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  text_measure_async ("seven c", NULL, on_result, &result);
  g_assert_cmpint (text_measure_finish (wait_for_result (&result), &error), ==, 7);
  g_assert_no_error (error);
}

static void
test_to_async_canceled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  text_measure_async ("seven c", cancellable, on_result, &result);
  wait_for_result (&result);
  if (text_measure_finish (result, &error) == 7)
    g_assert_no_error (error); /* a worker was faster */
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_wait_for (void)
{
  g_autoptr (LoftAction) work = loft_action_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wait_for (LOFT_ASYNC_INFO (work), cancellable, on_result, &result);
  g_cancellable_cancel (cancellable);
  assert_status (work, CANCELED);
  loft_action_complete (work); /* it has noticed */
  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (work), wait_for_result (&result),
                                               &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_to_task (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_result, &result);
  g_autoptr (LoftOperation) measuring = loft_operation_new (G_TYPE_INT64);

  return_to_task (LOFT_ASYNC_OPERATION (measuring), task);
  loft_operation_complete_int64 (measuring, 9);
  g_assert_cmpint (g_task_propagate_int (G_TASK (wait_for_result (&result)), NULL), ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtask/idle", test_idle);
  g_test_add_func ("/gtask/from-async", test_from_async);
  g_test_add_func ("/gtask/from-async-canceled", test_from_async_canceled);
  g_test_add_func ("/gtask/to-async", test_to_async);
  g_test_add_func ("/gtask/to-async-canceled", test_to_async_canceled);
  g_test_add_func ("/gtask/wait-for", test_wait_for);
  g_test_add_func ("/gtask/to-task", test_to_task);
  return g_test_run ();
}
