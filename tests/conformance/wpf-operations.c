/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* W01 to W05 and W17 to W22: tests of WPF's operations, written anew. */

#include "own-context.h"
#include "wpf-origins.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  LoftAsyncAction *operation;
  int ran;
  TestEvent gate;
} Waiting;

static gboolean
check_ten (LoftAsyncAction *action,
           gpointer         data,
           GError         **error)
{
  g_assert_cmpint (((Waiting *) data)->ran, ==, 10);
  return TRUE;
}

static void *
wait_for_operation (void *data)
{
  Waiting *waiting = data;
  g_autoptr (LoftAsyncAction)
    operation = loft_dispatcher_run_async (waiting->dispatcher, LOFT_PRIORITY_LOW, check_ten,
                                           waiting, NULL);

  test_event_set (&waiting->gate);
  g_assert_true (loft_async_action_get (operation, NULL));
  g_assert_cmpint (waiting->ran, ==, 10);
  return NULL;
}

static void
w01 (void)
{
  TestEvent hold = TEST_EVENT_INIT;
  Waiting waiting = { .gate = TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction) held = NULL;
  pthread_t thread;
  Controlled c;

  controlled_start (&c);
  waiting.dispatcher = c.dispatcher;
  held = loft_dispatcher_run_async (c.dispatcher, 0, test_hold, &hold, NULL);
  for (int i = 0; i < 10; i++)
    loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, &waiting.ran, NULL);
  pthread_create (&thread, NULL, wait_for_operation, &waiting);
  test_event_wait (&waiting.gate);
  test_event_set (&hold);
  pthread_join (thread, NULL);
  controlled_end (&c);
  controlled_free (&c);
}

static void *
wait_too_short (void *operation)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (loft_async_info_wait_for (operation, 1, &error), ==, LOFT_ASYNC_STATUS_STARTED);
  g_assert_no_error (error);
  return NULL;
}

static void
w02 (void)
{
  g_autoptr (LoftAsyncAction) operation = NULL;

  begin ();
  operation = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, test_succeed, NULL, NULL);
  test_on_thread (wait_too_short, operation);
  test_drain (f.context);
  assert_status (operation, COMPLETED);
  end ();
}

static void
w03 (void)
{
  g_autoptr (LoftAsyncAction) operation = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  operation = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, test_succeed, NULL, NULL);
  g_assert_false (loft_async_action_get (operation, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  end ();
}

static void
w04 (void)
{
  g_autoptr (LoftAsyncAction) operation = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  operation = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, test_succeed, NULL, NULL);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (operation), 1000, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (operation)));
  assert_status (operation, CANCELED);
  end ();
}

static void
w05 (void)
{
  g_autoptr (LoftAsyncAction) operation = NULL;
  Seen seen = { 0 };

  begin ();
  operation = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, test_succeed, NULL, NULL);
  set_completed (operation, &seen);
  g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (operation)));
  test_drain (f.context);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_CANCELED);
  end ();
}

static gboolean
say_call (LoftAsyncAction *action,
          gpointer         text,
          GError         **error)
{
  say (text);
  return TRUE;
}

static void
w17 (void)
{
  begin ();
  g_assert_true (loft_dispatcher_call (f.dispatcher, say_call, (gpointer) "inline", NULL));
  assert_log ("inline");
  end ();
}

static void
w18 (void)
{
  g_autoptr (GError) error = NULL;

  begin ();
  g_assert_false (loft_dispatcher_call (f.dispatcher, test_fail, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  end ();
}

static void
w19 (void)
{
  g_autoptr (LoftAsyncAction) pending = NULL, done = NULL;
  int ran = 0;

  begin ();
  done = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, NULL, NULL);
  test_drain (f.context);
  pending = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, &ran, NULL);
  g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (pending)));
  g_assert_false (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (pending)));
  g_assert_false (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (done)));
  test_drain (f.context);
  g_assert_cmpint (ran, ==, 0);
  end ();
}

static void
w20 (void)
{
  g_autoptr (LoftAsyncAction) low = NULL;

  begin ();
  low = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, say_call, (gpointer) "l", NULL);
  post (0, "n");
  g_assert_true (
    loft_dispatcher_set_item_priority (f.dispatcher, LOFT_ASYNC_INFO (low), LOFT_PRIORITY_HIGH));
  test_drain (f.context);
  assert_log ("ln");
  g_assert_false (
    loft_dispatcher_set_item_priority (f.dispatcher, LOFT_ASYNC_INFO (low), LOFT_PRIORITY_LOW));
  end ();
}

static void *
send_there (void *data)
{
  Waiting *waiting = data;

  g_assert_true (loft_dispatcher_call (waiting->dispatcher, test_succeed, &waiting->ran, NULL));
  g_assert_cmpint (waiting->ran, ==, 1);
  return NULL;
}

static void
w21 (void)
{
  Waiting waiting = { 0 };
  Controlled c;

  controlled_start (&c);
  waiting.dispatcher = c.dispatcher;
  test_on_thread (send_there, &waiting);
  controlled_end (&c);
  controlled_free (&c);
}

static gboolean
give_text (LoftAsyncOperation *operation,
           GValue             *result,
           gpointer            text,
           GError            **error)
{
  g_value_set_string (result, text);
  return TRUE;
}

static void
w22 (void)
{
  g_autoptr (LoftAsyncOperation) operation = NULL;
  g_autofree char *text = NULL;

  begin ();
  operation = loft_dispatcher_run_operation_async (f.dispatcher, 0, G_TYPE_STRING, give_text,
                                                   (gpointer) "result", NULL);
  test_drain (f.context);
  text = loft_async_operation_dup_string (operation, NULL);
  g_assert_cmpstr (text, ==, "result");
  end ();
}

static Case cases[] = {
  { "W01", "a worker waits for an operation behind ten items: it ran after them",
    THREADING "DispatcherOperationBVTs.cs: Operation_CompleteTwoThreads", PASS, NULL, w01 },
  { "W02", "a worker's wait times out: the operation is not done yet",
    THREADING "DispatcherOperationBVTs.cs: Operation_CompleteTwoThreadsTimeout", PASS, NULL, w02 },
  { "W03", "waiting for an own operation pumps until it is done",
    THREADING "DispatcherOperationBVTs.cs: Operation_Complete_SingleThread", DIFFERS,
    "LOFT_ERROR_DEADLOCK: no loop behind the caller's back", w03 },
  { "W04", "the same with a time-out; then Abort",
    THREADING "DispatcherOperationBVTs.cs: Operation_CompleteTimeout_SingleThread", DIFFERS,
    "the wait is refused at once; Abort works", w04 },
  { "W05", "waiting for an operation that is aborted meanwhile",
    THREADING "DispatcherOperationBVTs.cs: Operation_CompleteAborted_SingleThread", DIFFERS,
    "the handler hears Canceled; nobody waits", w05 },
  { "W17", "Invoke on its own thread runs at once", DISPATCHER "BasicInvoking.cs: Invoke2", PASS,
    NULL, w17 },
  { "W18", "Invoke brings the handler's error to the caller",
    DISPATCHER "UnhandledExceptionTest.cs: UnhandledException3", PASS, NULL, w18 },
  { "W19", "Abort of what waits, of what was aborted, of what is done",
    UNIT "DispatcherOperationTests.cs: Abort_Invoke_Success, Abort_InvokeCompleted_Success", PASS,
    NULL, w19 },
  { "W20", "the priority of what waits can be changed, of what is done not",
    THREADING "DispatcherOperationNotificationModel.cs: DispatcherOperationNotificationModel "
              "(ChangePriority)",
    PASS, NULL, w20 },
  { "W21", "Send from another thread waits until it has run",
    THREADING "DispatcherSyncContextBVT.cs: CallingSendPostFromWorkerThreadSend", PASS, NULL, w21 },
  { "W22", "an operation's result", DISPATCHER "BasicInvoking.cs: BeginInvoke2", PASS, NULL, w22 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "wpf-operations", cases, G_N_ELEMENTS (cases));
}
