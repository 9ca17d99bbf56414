/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets of docs/debugging.md, and provokes each error of the table there. */

#include "../test-util.h"

#include <string.h>

#include "debugging-snippets.h"

static gboolean
fail_without_error (LoftAsyncAction *action, gpointer data, GError **error)
{
  return FALSE;
}

static gboolean
get_itself (LoftAsyncAction *action, gpointer data, GError **error)
{
  return loft_async_action_get (action, error);
}

static gboolean
verify_on_worker (LoftAsyncAction *action, gpointer data, GError **error)
{
  return loft_dispatcher_verify_access (loft_dispatcher_get_default (), error);
}

static void
assert_fails_on_pool (LoftWorkHandler handler, LoftError code)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (handler, NULL, NULL);
  g_autoptr (GError) error = NULL;

  test_run_until_ended (NULL, action);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, LOFT_ERROR, (int) code);
}

static void
assert_error_and_clear (GError **error, LoftError code)
{
  g_assert_error (*error, LOFT_ERROR, (int) code);
  g_test_message ("%s", (*error)->message);
  g_clear_error (error);
}

static void
on_completed (LoftAsyncInfo *info, LoftAsyncStatus status, gpointer data)
{
}

static void
test_errors_of_objects (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncInfo *info = LOFT_ASYNC_INFO (action);
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &error));
  assert_error_and_clear (&error, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_false (loft_async_info_close (info, &error));
  assert_error_and_clear (&error, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_assert_true (loft_async_info_set_completed (info, on_completed, NULL, NULL, &error));
  g_assert_false (loft_async_info_set_completed (info, on_completed, NULL, NULL, &error));
  assert_error_and_clear (&error, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (action), &error));
  assert_error_and_clear (&error, LOFT_ERROR_BLOCKING_WAIT);
  loft_action_complete (action);
}

static void
test_errors_of_work (void)
{
  assert_fails_on_pool (fail_without_error, LOFT_ERROR_FAILED);
  assert_fails_on_pool (get_itself, LOFT_ERROR_DEADLOCK);
  assert_fails_on_pool (verify_on_worker, LOFT_ERROR_WRONG_THREAD);
}

static void
test_errors_of_dispatchers (void)
{
  g_autoptr (LoftDispatcherController) controller =
    loft_dispatcher_controller_new_on_dedicated_thread ("other", NULL);
  LoftDispatcher *other = loft_dispatcher_controller_get_dispatcher (controller);
  g_autoptr (LoftAsyncAction) closing = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_process_events (loft_dispatcher_get_default (), 99, &error));
  assert_error_and_clear (&error, LOFT_ERROR_INVALID_ARGUMENT);
  closing = loft_dispatcher_controller_shutdown_async (controller);
  test_run_until_ended (NULL, closing);
  g_assert_false (loft_dispatcher_try_enqueue_bounded (other, LOFT_PRIORITY_NORMAL, 1, test_count,
                                                       NULL, NULL, &error));
  assert_error_and_clear (&error, LOFT_ERROR_SHUT_DOWN);
}

static void
test_disconnected (void)
{
  LoftAction *action = loft_action_new ();
  g_autoptr (LoftAsyncAction) after =
    loft_async_info_continue_with (LOFT_ASYNC_INFO (action), on_gone, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_object_unref (action);
  test_run_until_ended (NULL, after);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (after));
  assert_error_and_clear (&error, LOFT_ERROR_DISCONNECTED);
}

static gpointer
change_mode (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, &error));
  g_assert_false (loft_apartment_init (LOFT_APARTMENT_STA, &error));
  assert_error_and_clear (&error, LOFT_ERROR_CHANGED_MODE);
  loft_apartment_uninit ();
  return NULL;
}

static void
test_changed_mode (void)
{
  test_on_thread ((GThreadFunc) change_mode, NULL);
}

static void
test_source_location (void)
{
  g_autoptr (LoftAsyncAction) action = post_from_here ();
  g_autofree char *place = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (action));

  g_assert_true (g_str_has_prefix (place, "post_from_here () at "));
  test_run_until_ended (NULL, action);
}

static gboolean
ask_with_little_time (LoftAsyncAction *action, gpointer dispatcher, GError **error)
{
  if (!answers_within (dispatcher, G_TIME_SPAN_MILLISECOND))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it answered without running");
  return FALSE;
}

static gboolean
ask_with_much_time (LoftAsyncAction *action, gpointer dispatcher, GError **error)
{
  if (answers_within (dispatcher, G_TIME_SPAN_MINUTE))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it did not answer");
  return FALSE;
}

static void
on_asked (LoftAsyncInfo *asking, LoftAsyncStatus status, gpointer event)
{
  test_event_set (event);
}

static void
test_stuck (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  TestEvent asked = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) stuck =
    loft_thread_pool_run_async (ask_with_little_time, dispatcher, NULL);
  g_autoptr (LoftAsyncAction) runs = NULL;

  g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (stuck), on_asked, &asked,
                                                      NULL, NULL));
  test_event_wait (&asked); /* this thread is busy, as one that is stuck is */
  assert_status (stuck, COMPLETED);
  runs = loft_thread_pool_run_async (ask_with_much_time, dispatcher, NULL);
  test_run_until_ended (NULL, runs);
  assert_status (runs, COMPLETED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/debugging/source-location", test_source_location);
  g_test_add_func ("/debugging/stuck", test_stuck);
  g_test_add_func ("/debugging/errors/objects", test_errors_of_objects);
  g_test_add_func ("/debugging/errors/work", test_errors_of_work);
  g_test_add_func ("/debugging/errors/dispatchers", test_errors_of_dispatchers);
  g_test_add_func ("/debugging/errors/disconnected", test_disconnected);
  g_test_add_func ("/debugging/errors/changed-mode", test_changed_mode);
  return g_test_run ();
}
