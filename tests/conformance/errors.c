/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A19 to A29, W42 and W43: tests of items that fail, from Avalonia and WPF, written anew. */

#include "own-context.h"
#include "wpf-origins.h"

#define AVALONIA "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.Exception.cs: "

static void
post_failure (LoftPriority priority)
{
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_run_async (f.dispatcher, priority, test_fail, NULL, NULL)));
}

static gboolean
handle (LoftDispatcher *dispatcher,
        GError         *error,
        const char     *source,
        gpointer        text)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  say (text);
  return TRUE;
}

static gboolean
leave_unhandled (LoftDispatcher *dispatcher,
                 GError         *error,
                 const char     *source,
                 gpointer        text)
{
  say (text);
  return FALSE;
}

static void
expect_warning (void)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*as asked*");
}

static void
fail_then_run (LoftPriority priority)
{
  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  post_failure (priority);
  post (priority, "x");
  test_drain (f.context);
  g_assert_nonnull (strchr (f.log->str, 'h'));
  g_assert_nonnull (strchr (f.log->str, 'x'));
  g_assert_cmpuint (f.log->len, ==, 2);
  end ();
}

static void a19 (void) { fail_then_run (LOFT_PRIORITY_NORMAL); }
static void a20 (void) { fail_then_run (LOFT_PRIORITY_LOW); }

static void
a21 (void)
{
  gulong id;

  begin ();
  id = g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  g_signal_handler_disconnect (f.dispatcher, id);
  post_failure (0);
  expect_warning ();
  test_drain (f.context);
  g_test_assert_expected_messages ();
  assert_log ("");
  end ();
}

static void
a22 (void)
{
  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  post_failure (0);
  test_drain (f.context); /* a warning would end the test */
  assert_log ("h");
  end ();
}

static void
a23 (void)
{
  g_autoptr (GError) error = NULL;

  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  g_assert_false (loft_dispatcher_call (f.dispatcher, test_fail, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  test_drain (f.context);
  assert_log ("");
  end ();
}

static void
a24 (void)
{
  LoftAsyncAction *action;

  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  action = loft_dispatcher_run_async (f.dispatcher, 0, test_fail, NULL, NULL);
  test_drain (f.context);
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_NOT_FOUND); /* this looks at the error */
  g_object_unref (action);
  test_drain (f.context);
  assert_log ("");
  end ();
}

static void
a25 (void)
{
  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (leave_unhandled), (gpointer) "u");
  post_failure (0);
  expect_warning ();
  test_drain (f.context);
  g_test_assert_expected_messages ();
  assert_log ("u");
  end ();
}

static void
a27 (void)
{
  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (handle), (gpointer) "h");
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (leave_unhandled), (gpointer) "u");
  post_failure (0);
  test_drain (f.context); /* no warning, since it was handled */
  assert_log ("h");
  end ();
}

static LoftDispatcherController *own;

static gboolean
shut_down_and_nest (LoftDispatcher *dispatcher,
                    GError         *error,
                    const char     *source,
                    gpointer        unused)
{
  say ((gpointer) "(");
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_dispatcher_controller_shutdown_async (own)));
  g_assert_true (loft_dispatcher_run_event_loop (dispatcher, 0, NULL, NULL));
  say ((gpointer) ")");
  return TRUE;
}

static void
a28 (void)
{
  begin ();
  own = controller ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (shut_down_and_nest), NULL);
  post_failure (0);
  test_drain (f.context);
  assert_log ("()");
  g_assert_true (loft_dispatcher_is_shut_down (f.dispatcher));
  g_clear_object (&own);
  end ();
}

static int called;

static void *
call_there (void *unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_call (f.dispatcher, test_fail, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  test_count (&called);
  g_main_context_wakeup (f.context);
  return NULL;
}

static void
a29 (void)
{
  pthread_t thread;

  begin ();
  pthread_create (&thread, NULL, call_there, NULL);
  test_run_until (f.context, &called);
  pthread_join (thread, NULL);
  end ();
}

static Case cases[] = {
  { "A19", "an item fails: the dispatcher's handler hears it, the next item runs",
    AVALONIA "DispatcherHandlesExceptionWithPost", PASS, NULL, a19 },
  { "A20", "the same with a lower priority", AVALONIA "SyncContextExceptionCanBeHandledWithPost",
    PASS, NULL, a20 },
  { "A21", "handlers that were removed are not called; the exception comes out of the loop",
    AVALONIA "CanRemoveDispatcherExceptionHandler", DIFFERS,
    "they are not called; a warning says what failed, and where it was posted", a21 },
  { "A22", "an error that is handled goes no further",
    AVALONIA "CanHandleExceptionWithUnhandledException", PASS, NULL, a22 },
  { "A23", "what a call throws is the caller's: no handler hears it",
    AVALONIA "InvokeMethodDoesntTriggerUnhandledException", PASS, NULL, a23 },
  { "A24", "what an operation throws is its owner's, once that has looked",
    AVALONIA "InvokeAsyncMethodDoesntTriggerUnhandledException", PASS, NULL, a24 },
  { "A25", "heard, and not handled: the exception comes out of the loop",
    AVALONIA "CanRethrowExceptionWithUnhandledException", DIFFERS,
    "a warning, and the loop goes on", a25 },
  { "A26", "a filter decides whether an exception is caught",
    AVALONIA "MultipleUnhandledExceptionFilterCannotResetRequestCatchFlag", NONE,
    "errors are values: nothing unwinds that could be caught or not", NULL },
  { "A27", "once handled, a later handler can't take it back",
    AVALONIA "MultipleUnhandledExceptionCannotResetHandleFlag", PASS, NULL, a27 },
  { "A28", "the handler asks for the shutdown and runs a loop: it ends",
    AVALONIA "CanPushFrameAndShutdownDispatcherFromUnhandledException", PASS, NULL, a28 },
  { "A29", "a call from another thread brings the handler's own error, not one around it",
    "AvaloniaUI/Avalonia "
    "tests/Avalonia.Base.UnitTests/Threading/AvaloniaSynchronizationContextTests.cs: "
    "Unwrap_Exception_When_Call_Send_Not_In_Current_Context",
    PASS, NULL, a29 },
  { "W42", "of two handlers the first says that it is handled, the second does not: it is",
    DISPATCHER "UnhandledExceptionTest.cs: UnhandledException4", PASS, NULL, a27 },
  { "W43", "handlers that were removed are not called; the exception comes out of the loop",
    DISPATCHER "UnhandledExceptionTest.cs: TestRemovedHandlers", DIFFERS,
    "they are not called; a warning says what failed, and where it was posted", a21 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "errors", cases, G_N_ELEMENTS (cases));
}
