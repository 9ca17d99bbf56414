/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C001 to C035: the async state machine. */

#include "conformance.h"

static void
c001 (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_invoke_async (d, 0, test_succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction) other = loft_dispatcher_invoke_async (d, 0, test_succeed, NULL, NULL);

  assert_status (action, COMPLETED);
  g_assert_null (loft_async_info_dup_error (LOFT_ASYNC_INFO (action)));
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (action)), >, 0);
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (action)), !=,
                    loft_async_info_get_id (LOFT_ASYNC_INFO (other)));
}

static void
c003 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT);
  GValue value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (
    loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), &value, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_false (G_IS_VALUE (&value));
}

static void
c004 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);

  g_assert_cmpint (result_int (operation), ==, 0);
}

static void
c005 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);

  g_assert_true (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), NULL));
  assert_status (action, STARTED);
}

static void
c006 (void)
{
  g_autoptr (LoftOperation) operation = completed_int (7);
  g_autoptr (LoftAction) action = loft_action_new_completed ();

  g_assert_cmpint (result_int (operation), ==, 7);
  g_assert_true (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), NULL));
}

static void
c008 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 7);
  loft_operation_complete (operation, &value);
  g_assert_cmpint (result_int (operation), ==, 7);
  g_assert_cmpint (result_int (operation), ==, 7);
}

static void
c009 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_STRING);
  g_autofree char *first = NULL, *second = NULL;

  loft_operation_complete_string (operation, "text");
  first = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (operation), NULL);
  second = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (operation), NULL);
  g_assert_cmpstr (first, ==, "text");
  g_assert_cmpstr (second, ==, "text");
}

static void
c010 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { 0 };

  set_completed (action, &seen);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_true ((gpointer) seen.sender == (gpointer) action);
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
c011 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  Seen seen = { 0 };

  set_completed (action, &seen);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_true (seen.thread == g_thread_self ());
}

static void
c013 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), NULL, NULL, NULL, NULL));
  g_assert_false (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (action), see, &seen, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
}

static void
c014 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), NULL, NULL, NULL, NULL));
  g_assert_false (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (action), see, &seen, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  wait_ended (action);
}

static void
c019 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { 0 };

  set_completed (action, &seen);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  test_drain (NULL);
  g_assert_cmpint (seen.calls, ==, 0);
  loft_action_complete (action);
  test_drain (NULL);
}

static gboolean
work_until_cancelled (LoftAsyncAction *action,
                      gpointer         started,
                      GError         **error)
{
  test_event_set (started);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
    sched_yield ();
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was asked to stop");
  return FALSE;
}

static void
c020 (void)
{
  TestEvent started = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (work_until_cancelled, &started, NULL);
  Seen seen = { 0 };

  set_completed (action, &seen);
  test_event_wait (&started);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  test_run_until (NULL, &seen.calls);
  test_drain (NULL);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_CANCELED);
}

/* The error is there from the cancel on, and still when the work has ended. */
static void
c021 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  loft_action_complete (action);
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
assert_results_canceled (gpointer operation)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
c023 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT64);

  loft_async_info_cancel (LOFT_ASYNC_INFO (operation));
  assert_results_canceled (operation);
  loft_operation_complete_int64 (operation, 7);
  assert_results_canceled (operation);
}

static gboolean
give_when_let (LoftAsyncOperation *operation,
               GValue             *result,
               gpointer            gate,
               GError            **error)
{
  test_event_wait (gate);
  g_value_set_int (result, 7);
  return TRUE;
}

static void
c024 (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncOperation)
    work = loft_thread_pool_run_operation_async (G_TYPE_INT, give_when_let, &gate, NULL);

  loft_async_info_cancel (LOFT_ASYNC_INFO (work));
  assert_results_canceled (work);
  test_event_set (&gate);
  wait_ended (work);
  assert_results_canceled (work);
}

static void
c025 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { 0 };

  set_completed (action, &seen);
  loft_action_complete (action);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  test_drain (NULL);
  assert_status (action, COMPLETED);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
count_cancel (LoftAsyncBase *self,
              gpointer       counter)
{
  test_count (counter);
}

static void
c026 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int told = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), count_cancel, &told, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (told, ==, 1);
  assert_status (action, CANCELED);
  loft_action_complete (action);
}

static void
c028 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)));
  assert_status (action, COMPLETED);
}

/* C029 and C030. */
static void
cancel_then_fail (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_base_fail (LOFT_ASYNC_BASE (action), some_error ()));
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_CANCELLED); /* not the later error */
}

static gboolean
cancel_itself (LoftAsyncAction *action,
               gpointer         user_data,
               GError         **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "by itself");
  return FALSE;
}

static void
c033 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (cancel_itself, NULL, NULL);

  wait_ended (action);
  assert_status (action, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_BY_WORK);
}

static void
c034 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_failed (some_error ());

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void *
look_at_error (void *action)
{
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  return NULL;
}

static void
c035 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_failed (some_error ());

  test_on_thread (look_at_error, action);
}

static Case cases[] = {
  { "C001", "work that runs at once: Completed when it is returned, no error, id 1",
    "CT:async_no_suspend", DIFFERS, "as there, but the id is unique in the process", c001 },
  { "C003", "GetResults while Started, without progress", "WN speech", PASS, NULL, c003 },
  { "C004", "GetResults while Started of an operation with progress, nothing set: empty value",
    "CT:async_result", PASS, NULL, c004 },
  { "C005", "GetResults while Started of an action with progress", "CT:async_suspend", PASS, NULL,
    c005 },
  { "C006", "GetResults when Completed", "CT:async_result", PASS, NULL, c006 },
  { "C008", "GetResults twice, with progress: same value", "CT:async_progress", PASS, NULL, c008 },
  { "C009", "GetResults twice, a string, without progress: the second is empty", "~CW:found",
    DIFFERS, "the same answer each time: results are copied, not moved out", c009 },
  { "C010", "Completed set while Started: called once, with the object and Completed",
    "CT:async_suspend", PASS, NULL, c010 },
  { "C011", "Completed set when ended: called before the setter returns, on its thread",
    "WA iasyncaction_completed; CT:async_no_suspend", PASS, NULL, c011 },
  { "C013", "Completed = null, then a handler: E_ILLEGAL_DELEGATE_ASSIGNMENT", "~CW:found, WRL",
    PASS, NULL, c013 },
  { "C014", "Completed = null on a ThreadPool action: E_POINTER", "WN threadpoolwinrt", DIFFERS,
    "one rule for all objects: NULL uses the slot up", c014 },
  { "C015", "reading Completed of a fresh object: null", "WN speech, radios", NONE,
    "a handler is consumed and can't be read back; any number of observers stand beside it", NULL },
  { "C016", "reading Completed while the handler runs", "WN speech", NONE,
    "a handler is consumed and can't be read back", NULL },
  { "C018", "reading Completed after a late set: null", "~CW:found", NONE,
    "a handler is consumed and can't be read back", NULL },
  { "C019", "Cancel while Started: at once Canceled, the handler not called yet", "~WRL, CW:found",
    PASS, NULL, c019 },
  { "C020", "cancelled work notices and stops: the handler once, with Canceled",
    "CT:async_auto_cancel", PASS, NULL, c020 },
  { "C021", "ErrorCode when Canceled: ERROR_CANCELLED", "CT:async_auto_cancel", PASS, NULL, c021 },
  { "C023", "GetResults when Canceled: ERROR_CANCELLED", "CT:async_auto_cancel", PASS, NULL, c023 },
  { "C024", "GetResults of an OS object when Canceled: E_ILLEGAL_METHOD_CALL",
    "WN threadpoolwinrt; ONT:20200709", DIFFERS,
    "one profile: always G_IO_ERROR_CANCELLED, as GIO says it", c024 },
  { "C025", "Cancel when Completed: nothing changes, nobody is called",
    "CT:async_no_suspend; WN speech", PASS, NULL, c025 },
  { "C026", "Cancel twice: the cancel handler runs once", "~CW:found", PASS, NULL, c026 },
  { "C028", "cancel, then complete with TransitionFromCanceled: Completed", "~WRL", PASS, NULL,
    c028 },
  { "C029", "cancel, then the body fails: Error", "~CW:found", DIFFERS,
    "stays Canceled, as WRL's does; what comes after a cancel is dropped", cancel_then_fail },
  { "C030", "cancel, then TryTransitionToError: stays Canceled", "~WRL", PASS, NULL,
    cancel_then_fail },
  { "C033", "the body fails with ERROR_CANCELLED by itself: Canceled", "CT:async_wait_for", PASS,
    NULL, c033 },
  { "C034", "GetResults twice when Error: same error", "~CW:found, WRL", PASS, NULL, c034 },
  { "C035", "ErrorCode from another thread: there, and attached to that thread", "~WRL", DIFFERS,
    "there; a GError is handed over, and a thread has no last error", c035 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "state", cases, G_N_ELEMENTS (cases));
}
