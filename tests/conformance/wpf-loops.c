/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* W32 to W41: tests of WPF's loops and their ends, written anew. */

#include "own-context.h"
#include "wpf-origins.h"

/* Nested loops. The innermost loop calls a function. */
typedef struct
{
  int depth;
  void (*in_the_innermost) (void);
} Nest;

static void
nest (gpointer data)
{
  Nest *outer = data;
  Nest inner = { outer->depth - 1, outer->in_the_innermost };

  if (outer->depth == 0)
    {
      outer->in_the_innermost ();
      return;
    }
  g_string_append_printf (f.log, "%d", outer->depth);
  loft_dispatcher_try_enqueue (f.dispatcher, 0, nest, &inner, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  g_string_append_printf (f.log, "%d", outer->depth);
}

static void
exit_loops (int loops)
{
  for (int i = 0; i < loops; i++)
    loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
}

static LoftDispatcherController *own;

static void
shut_down (void)
{
  g_assert_false (loft_dispatcher_is_shut_down (f.dispatcher));
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_dispatcher_controller_shutdown_async (own)));
  g_assert_false (loft_dispatcher_is_shut_down (f.dispatcher));
  post (0, "late");
}

static void
w32 (void)
{
  Nest three = { 3, shut_down };
  char *late;

  begin ();
  own = controller ();
  nest (&three);
  test_drain (f.context);
  g_assert_true (loft_dispatcher_is_shut_down (f.dispatcher));
  late = strstr (f.log->str, "late"); /* while the loops end, or after that */
  g_assert_nonnull (late);
  g_string_erase (f.log, late - f.log->str, strlen ("late"));
  assert_log ("321123");
  g_clear_object (&own);
  end ();
}

typedef struct
{
  TestEvent idle;
  int left;
} Leaving;

static void
say_idle (gpointer leaving)
{
  test_event_set (&((Leaving *) leaving)->idle);
}

static gboolean
exit_from_pool (LoftAsyncAction *action,
                gpointer         data,
                GError         **error)
{
  Leaving *leaving = data;

  g_assert_true (test_is_on_pool ());
  test_event_wait (&leaving->idle);
  test_count (&leaving->left);
  return loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
}

static void
w33 (void)
{
  g_autoptr (LoftAsyncAction) work = NULL;
  Leaving leaving = { TEST_EVENT_INIT, 0 };

  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_IDLE, say_idle, &leaving, NULL);
  work = loft_thread_pool_run_async (exit_from_pool, &leaving, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  g_assert_cmpint (test_get (&leaving.left), ==, 1);
  end ();
}

static void
exit_three (void)
{
  exit_loops (3);
}

static void
w34 (void)
{
  Nest three = { 3, exit_three };

  begin ();
  for (int i = 0; i < 5; i++)
    {
      nest (&three);
      assert_log ("321123");
    }
  g_assert_false (loft_dispatcher_is_shut_down (f.dispatcher));
  end ();
}

static void
w35 (void)
{
  g_autoptr (GError) error = NULL;

  begin ();
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*LOFT_IS_DISPATCHER*");
  g_assert_false (loft_dispatcher_run_event_loop (NULL, 0, NULL, NULL));
  g_test_assert_expected_messages ();
  own = controller ();
  g_assert_true (loft_dispatcher_controller_shutdown (own, NULL));
  g_assert_false (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_clear_object (&own);
  end ();
}

static void
run_at_the_end (LoftDispatcher *dispatcher,
                gpointer        unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_run_event_loop (dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_false (loft_dispatcher_try_enqueue (dispatcher, 0, say, (gpointer) "x", NULL));
  say ((gpointer) "refused");
}

static void
w36 (void)
{
  begin ();
  own = controller ();
  g_signal_connect (f.dispatcher, "shutdown-completed", G_CALLBACK (run_at_the_end), NULL);
  g_assert_true (loft_dispatcher_controller_shutdown (own, NULL));
  assert_log ("refused");
  g_clear_object (&own);
  end ();
}

static void
exit_and_post (void)
{
  exit_loops (3);
  post (0, "later");
}

static void
w37 (void)
{
  Nest three = { 3, exit_and_post };

  begin ();
  nest (&three);
  assert_log ("321123");
  test_drain (f.context);
  assert_log ("later");
  end ();
}

static LoftDeferral *open_until;

static void
end_the_deaf (gpointer unused)
{
  say ((gpointer) "!");
  g_assert_true (loft_deferral_complete (open_until, NULL));
}

static void
exit_and_end_the_deaf (gpointer unused)
{
  exit_loops (2);
  /* This runs in the loop that ignores the exit, since the inner loop has ended. */
  loft_dispatcher_try_enqueue (f.dispatcher, 0, end_the_deaf, NULL, NULL);
}

static void
run_inner (gpointer unused)
{
  say ((gpointer) "1");
  loft_dispatcher_try_enqueue (f.dispatcher, 0, exit_and_end_the_deaf, NULL, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) "1");
}

static void
run_deaf (gpointer unused)
{
  say ((gpointer) "2");
  loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner, NULL, NULL);
  g_assert_true (
    loft_dispatcher_run_event_loop (f.dispatcher, LOFT_RUN_CONTINUE_ON_QUIT, open_until, NULL));
  say ((gpointer) "2");
}

static void
w38 (void)
{
  begin ();
  open_until = loft_deferral_new (NULL, NULL, NULL);
  say ((gpointer) "3");
  loft_dispatcher_try_enqueue (f.dispatcher, 0, run_deaf, NULL, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) "3");
  assert_log ("3211!23");
  g_clear_object (&open_until);
  end ();
}

static void *
run_on_wrong_thread (void *dispatcher)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_run_event_loop (dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  return NULL;
}

static void
w39 (void)
{
  begin ();
  test_on_thread (run_on_wrong_thread, f.dispatcher);
  end ();
}

static void
run_second (gpointer unused)
{
  say ((gpointer) "2(");
  exit_loops (2);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) ")");
}

static void
w40 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, run_second, NULL, NULL);
  say ((gpointer) "1(");
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) ")");
  assert_log ("1(2())");
  end ();
}

static gboolean
say_unhandled (LoftDispatcher *dispatcher,
               GError         *error,
               const char     *source,
               gpointer        text)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  say (text);
  return TRUE;
}

static void
say_and_exit (gpointer unused)
{
  say ((gpointer) "next ");
  exit_loops (1);
}

static void
w41 (void)
{
  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (say_unhandled),
                    (gpointer) "error ");
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_LOW, test_fail, NULL, NULL)));
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_IDLE, say_and_exit, NULL, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  assert_log ("error next ");
  end ();
}

static Case cases[] = {
  { "W32",
    "a shutdown asked for in the innermost of three loops ends all; what is posted then does not "
    "run",
    THREADING "DispatcherMessageLoopServiceBVT.cs: ExitingOnShutdown", DIFFERS,
    "what was accepted before the end runs", w32 },
  { "W33", "a loop that has nothing to do is left from a thread of the pool",
    THREADING "DispatcherMessageLoopServiceBVT.cs: WakeupDispatcherAndLeaveFromDifferentThread",
    PASS, NULL, w33 },
  { "W34", "three loops are left, five times over; the dispatcher goes on",
    THREADING "DispatcherMessageLoopServiceBVT.cs: ReenteringDispatcherLoopAfterExitAllFrameCall",
    PASS, NULL, w34 },
  { "W35", "no loop without a dispatcher, and none after its shutdown",
    THREADING "DispatcherMessageLoopServiceBVT.cs: InvalidPushFrameCalls", PASS, NULL, w35 },
  { "W36", "a loop in the event of the end runs what is posted there",
    THREADING "DispatcherMessageLoopServiceBVT.cs: InvalidPushFrameCallsonShutdownFinished",
    DIFFERS, "both are refused: what came after the end would never have one", w36 },
  { "W37", "what is posted after the exits does not run in the loops that they end",
    THREADING "DispatcherMessageLoopServiceBVT.cs: ExitAllFramesNestedLoopsTrue", PASS, NULL, w37 },
  { "W38",
    "the middle one of three loops does not listen to exits: it goes on until it is ended by "
    "itself, and then the outer one ends",
    THREADING "DispatcherMessageLoopServiceBVT.cs: ExitAllFramesNestedLoopsTrueOneFalse", PASS,
    NULL, w38 },
  { "W39", "a loop of one thread can't be run on another",
    THREADING "DispatcherMessageLoopServiceBVT.cs: "
              "ReusingDispatcherFrameonMultipleThreadsPushFrame",
    PASS, NULL, w39 },
  { "W40", "the outer of two loops is asked to end before the inner one: both end",
    DISPATCHER "NestedPumpExitIncorrectOrder.cs: NestedPumpExitIncorrectOrder.StartTest", DIFFERS,
    "an exit always ends the innermost one that listens, so they end in their order", w40 },
  { "W41", "an item fails, the next one runs all the same",
    DISPATCHER "PushFrameRobustnessSimple.cs: PushFrameRobustnessSimple.StartTest", PASS, NULL,
    w41 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "wpf-loops", cases, G_N_ELEMENTS (cases));
}
