/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A01 to A18: tests of Avalonia's dispatcher, written anew. */

#include "own-context.h"
#include "base/loft-clock-private.h"

static void
a01 (void)
{
  begin ();
  post (LOFT_PRIORITY_IDLE, "background ");
  post (LOFT_PRIORITY_HIGH, "render ");
  post (LOFT_PRIORITY_NORMAL, "input ");
  test_drain (f.context);
  assert_log ("render input background ");
  end ();
}

static gboolean
say_work (LoftAsyncAction *action,
          gpointer         text,
          GError         **error)
{
  say (text);
  return TRUE;
}

static LoftAsyncAction *
run (LoftPriority  priority,
     const char   *text)
{
  return loft_dispatcher_run_async (f.dispatcher, priority, say_work, (gpointer) text, NULL);
}

static void
a02 (void)
{
  g_autoptr (LoftAsyncAction) first = NULL, second = NULL;

  begin ();
  first = run (LOFT_PRIORITY_IDLE, "1");
  second = run (LOFT_PRIORITY_NORMAL, "2");
  post (LOFT_PRIORITY_HIGH, "h");
  g_assert_true (
    loft_dispatcher_set_item_priority (f.dispatcher, LOFT_ASYNC_INFO (first), LOFT_PRIORITY_HIGH));
  g_assert_true (
    loft_dispatcher_set_item_priority (f.dispatcher, LOFT_ASYNC_INFO (second), LOFT_PRIORITY_HIGH));
  test_drain (f.context);
  assert_log ("h12");
  end ();
}

static void
post_before_loop (LoftPriority priority)
{
  begin ();
  post (priority, "x"); /* nobody runs the context yet */
  test_drain (f.context);
  assert_log ("x");
  end ();
}

static void a03 (void) { post_before_loop (LOFT_PRIORITY_HIGH); }
static void a04 (void) { post_before_loop (LOFT_PRIORITY_IDLE); }

static gint64 now;

static void
take_time (gpointer counter)
{
  ++*(int *) counter;
  loft_clock_set (now += 20 * G_TIME_SPAN_MILLISECOND);
}

static void
a05 (void)
{
  int ran = 0;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  loft_dispatcher_set_slice (f.dispatcher, 50 * G_TIME_SPAN_MILLISECOND);
  for (int i = 0; i < 10; i++)
    loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, take_time, &ran, NULL);
  for (int expected = 3; expected < 10; expected += 3)
    {
      while (ran < expected)
        g_main_context_iteration (f.context, FALSE);
      g_assert_cmpint (ran, ==, expected); /* then the loop gets a turn */
      g_main_context_iteration (f.context, FALSE);
      g_assert_cmpint (ran, ==, expected);
    }
  test_drain (f.context);
  g_assert_cmpint (ran, ==, 10);
  loft_clock_set (-1);
  end ();
}

static gboolean
say_input (gpointer unused)
{
  say ((gpointer) "i");
  return G_SOURCE_REMOVE;
}

static void
bring_input (gpointer unused)
{
  GSource *source = g_idle_source_new ();

  say ((gpointer) "0");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, say_input, NULL, NULL);
  g_source_attach (source, f.context);
  g_source_unref (source);
}

static void
a06 (void)
{
  begin ();
  loft_dispatcher_set_slice (f.dispatcher, 1); /* the shortest: it ends after each item */
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, bring_input, NULL, NULL);
  post (LOFT_PRIORITY_LOW, "1");
  test_drain (f.context);
  assert_log ("0i1");
  end ();
}

static void
a07 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  action = run (0, "x");
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  end ();
}

static void
run_nested (gpointer unused)
{
  say ((gpointer) "(");
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) ")");
}

static void
exit_all (gpointer loops)
{
  for (int i = 0; i < GPOINTER_TO_INT (loops); i++)
    loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
}

static void
a08 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, run_nested, NULL, NULL);
  loft_dispatcher_try_enqueue (f.dispatcher, 0, exit_all, GINT_TO_POINTER (2), NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  assert_log ("()");
  post (0, "again");
  exit_all (GINT_TO_POINTER (1));
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  assert_log ("again");
  end ();
}

static void
shut_down_and_nest (gpointer c)
{
  g_autoptr (GError) error = NULL;

  loft_async_info_forget (LOFT_ASYNC_INFO (loft_dispatcher_controller_shutdown_async (c)));
}

static void
nest_too_late (gpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  say ((gpointer) "late");
}

static void
a09 (void)
{
  g_autoptr (LoftDispatcherController) c = NULL;

  begin ();
  c = controller ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, run_nested, NULL, NULL);
  loft_dispatcher_try_enqueue (f.dispatcher, 0, shut_down_and_nest, c, NULL);
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_IDLE, nest_too_late, NULL, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  assert_log ("()late");
  end ();
}

static void
ask_priority (gpointer expected)
{
  g_assert_cmpint (loft_dispatcher_get_current_priority (f.dispatcher), ==,
                   GPOINTER_TO_INT (expected));
  say ((gpointer) "p");
}

static void
a11 (void)
{
  begin ();
  for (int priority = LOFT_PRIORITY_HIGH; priority >= LOFT_PRIORITY_IDLE; priority--)
    loft_dispatcher_try_enqueue (f.dispatcher, priority, ask_priority, GINT_TO_POINTER (priority),
                                 NULL);
  test_drain (f.context);
  assert_log ("pppp");
  end ();
}

static LoftAsyncInfo *
go_on_with (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  return g_object_ref (inner);
}

static void
a12 (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = NULL;

  begin ();
  outer = loft_dispatcher_run_nested_async (f.dispatcher, 0, go_on_with, inner, NULL);
  test_drain (f.context);
  assert_status (outer, STARTED);
  loft_action_complete (inner);
  assert_status (outer, COMPLETED);
  end ();
}

static gboolean
check_access (LoftAsyncAction *action,
              gpointer         text,
              GError         **error)
{
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  say (text);
  return TRUE;
}

static void *
come_back (void *place)
{
  g_assert_false (loft_dispatcher_has_thread_access (f.dispatcher));
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_apartment_context_run_async (place, check_access, (gpointer) "back", NULL)));
  return NULL;
}

static void
a13 (void)
{
  g_autoptr (LoftApartmentContext) place = NULL;

  begin ();
  place = loft_apartment_context_capture ();
  test_on_thread (come_back, place);
  test_drain (f.context);
  assert_log ("back");
  end ();
}

static void
yield_once (gpointer unused)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (f.dispatcher, 0, check_access, (gpointer) "after", NULL)));
  say ((gpointer) "before ");
}

static void
a14 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, yield_once, NULL, NULL);
  test_drain (f.context);
  assert_log ("before after");
  end ();
}

static gboolean
be_elsewhere (LoftAsyncAction *action,
              gpointer         unused,
              GError         **error)
{
  g_assert_false (loft_dispatcher_has_thread_access (f.dispatcher));
  return TRUE;
}

static gboolean
be_back (LoftAsyncInfo *antecedent,
         gpointer       unused,
         GError       **error)
{
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  say ((gpointer) "home");
  return TRUE;
}

static void
a15 (void)
{
  g_autoptr (LoftAsyncAction) work = NULL, after = NULL;

  begin ();
  work = loft_thread_pool_run_async (be_elsewhere, NULL, NULL);
  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (work), be_back, NULL, NULL);
  test_run_until_ended (f.context, after);
  assert_log ("home");
  end ();
}

static void
a16 (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) after = NULL;

  begin ();
  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (done), be_back, NULL, NULL);
  assert_log (""); /* not inside the call */
  test_drain (f.context);
  assert_log ("home");
  end ();
}

static Case cases[] = {
  { "A01", "items run by priority",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherExecutesJobsAccordingToPriority",
    PASS, NULL, a01 },
  { "A02", "items whose priority changes go before those of their new one that came later",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherPreservesOrderWhenChangingPriority",
    DIFFERS, "they go to the end of their new lane, in the order of the changes", a02 },
  { "A03", "what was posted before there is a loop is not lost",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherRepeatsSignalToTheNewImplementation",
    PASS, NULL, a03 },
  { "A04", "the same in the background",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherRepeatsBackgroundProcessingRequestToTheNewImplementation",
    PASS, NULL, a04 },
  { "A05", "processing stops at the deadline, and goes on later",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherStopsItemProcessingWhenInteractivityDeadlineIsReached",
    PASS, NULL, a05 },
  { "A06", "processing stops when input is pending",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherStopsItemProcessingWhenInputIsPending",
    DIFFERS, "at the end of the slice, 4 ms at most: GLib can't be asked for input without a poll",
    a06 },
  { "A07", "waiting for an own operation runs it",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "CanWaitForDispatcherOperationFromTheSameThread",
    DIFFERS, "LOFT_ERROR_DEADLOCK: no loop behind the caller's back", a07 },
  { "A08", "all loops exit, and one can be run again",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "ExitAllFramesShouldExitAllFramesAndBeAbleToContinue",
    DIFFERS, "one exit a loop; and one can be run again", a08 },
  { "A09", "a shutdown ends all loops, and lets none begin",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "ShutdownShouldExitAllFramesAndNotAllowNewFrames",
    PASS, NULL, a09 },
  { "A10", "processing can be disabled for a while",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DisableProcessingShouldStopProcessing",
    NONE, "nothing runs a loop behind the caller's back, so there is nothing to disable", NULL },
  { "A11", "an item can ask for its priority",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherOperationsHaveContextWithProperPriority",
    PASS, NULL, a11 },
  { "A12", "an asynchronous handler's operation ends when that has",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherInvokeAsyncUnwrapsTasks",
    PASS, NULL, a12 },
  { "A13", "coming back from elsewhere",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherResumeContinuesOnCurrentThread",
    PASS, NULL, a13 },
  { "A14", "yielding goes on on the same thread",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "DispatcherYieldContinuesOnCurrentThread",
    PASS, NULL, a14 },
  { "A15", "what awaits work of the pool goes on at home",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "AwaitWithPriorityRunsOnCurrentThread",
    PASS, NULL, a15 },
  { "A16", "a continuation of what has ended runs on the dispatcher",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "Dispatcher_Can_Act_As_TaskScheduler",
    PASS, NULL, a16 },
  { "A17", "scheduling does not capture the ambient execution context",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "MediaContextRenderSchedulingDoesNotCaptureAmbientExecutionContext",
    NONE, "there is no ambient execution context", NULL },
  { "A18", "the same when its flow is suppressed",
    "AvaloniaUI/Avalonia tests/Avalonia.Base.UnitTests/DispatcherTests.cs: "
    "MediaContextRenderSchedulingAllowsAlreadySuppressedExecutionContextFlow",
    NONE, "there is no ambient execution context", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "avalonia", cases, G_N_ELEMENTS (cases));
}
