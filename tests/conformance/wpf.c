/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* W06 to W16, W24 to W26: tests of WPF's dispatcher, written anew. */

#include "own-context.h"
#include "wpf-origins.h"
#include "base/loft-clock-private.h"

static void
check_current (gpointer unused)
{
  g_autoptr (LoftDispatcher) current = loft_dispatcher_get_for_current_thread ();

  g_assert_true (current == f.dispatcher);
  say ((gpointer) "same");
}

static void
w06 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, check_current, NULL, NULL);
  test_drain (f.context);
  assert_log ("same");
  end ();
}

static void
w07 (void)
{
  const int wrong[] = { -4, LOFT_PRIORITY_TIMER, 2, G_PRIORITY_LOW };

  begin ();
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL,
                             "*pass one of LOFT_PRIORITY_IDLE, LOW, NORMAL, HIGH*");
      g_assert_null (loft_dispatcher_run_async (f.dispatcher, wrong[i], test_succeed, NULL, NULL));
    }
  g_test_assert_expected_messages ();
  end ();
}

static void
w10 (void)
{
  Controlled c = { 0 };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  g_assert_cmpint (c.starting, ==, 1);
  g_assert_cmpint (c.completed, ==, 1);
  controlled_free (&c);
  end ();
}

static gboolean
shut_down_from_pool (LoftAsyncAction *action,
                     gpointer         controller,
                     GError         **error)
{
  g_assert_true (test_is_on_pool ());
  g_object_unref (loft_dispatcher_controller_shutdown_async (controller));
  return TRUE;
}

static void
w11 (void)
{
  g_autoptr (LoftAsyncAction) asked = NULL;
  Controlled c = { 0 };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  asked = loft_thread_pool_run_async (shut_down_from_pool, c.controller, NULL);
  while (!c.completed)
    g_main_context_iteration (f.context, TRUE);
  g_assert_cmpint (c.starting, ==, 1);
  g_assert_cmpint (c.completed, ==, 1);
  g_assert_true (c.completed_on == g_thread_self ());
  controlled_free (&c);
  end ();
}

static void
nest (gpointer depth)
{
  g_string_append_c (f.log, (char) ('a' + GPOINTER_TO_INT (depth)));
  if (GPOINTER_TO_INT (depth) > 1)
    loft_dispatcher_try_enqueue (f.dispatcher, 0, nest,
                                 GINT_TO_POINTER (GPOINTER_TO_INT (depth) - 1), NULL);
  else
    for (int i = 0; i < 10; i++)
      loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  g_string_append_c (f.log, (char) ('a' + GPOINTER_TO_INT (depth)));
}

static void
w12 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, nest, GINT_TO_POINTER (10), NULL);
  test_drain (f.context);
  assert_log ("kjihgfedcbbcdefghijk");
  end ();
}

static void
w13 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, nest, GINT_TO_POINTER (1), NULL);
  post (0, "x"); /* before the exit that the nested loop asks for */
  test_drain (f.context);
  assert_log ("bxb");
  end ();
}

static void *
ask_for_dispatcher (void *unused)
{
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return NULL;
}

static void
w15 (void)
{
  test_on_thread (ask_for_dispatcher, NULL);
}

#define MS G_TIME_SPAN_MILLISECOND

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  test_drain (f.context);
}

static void
restart_in_first_tick (LoftDispatcherTimer *timer,
                       gpointer             ticks)
{
  loft_clock_set (now += 30 * MS);
  if (++*(int *) ticks == 1)
    loft_dispatcher_timer_start (timer);
}

static void
w08 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  timer = loft_dispatcher_create_timer (f.dispatcher);
  loft_dispatcher_timer_set_interval (timer, 1000 * MS);
  g_signal_connect (timer, "tick", G_CALLBACK (restart_in_first_tick), &ticks);
  loft_dispatcher_timer_start (timer);
  pass (1000 * MS);
  for (int i = 1; i < 5; i++)
    {
      g_assert_cmpint (ticks, ==, i);
      pass (999 * MS);
      g_assert_cmpint (ticks, ==, i);
      pass (1 * MS);
    }
  loft_dispatcher_timer_stop (timer);
  end ();
  loft_clock_set (-1);
}

static void
count_tick (LoftDispatcherTimer *timer,
            gpointer             ticks)
{
  ++*(int *) ticks;
}

static void
w09 (void)
{
  LoftDispatcherTimer *timers[100];
  int ticks[100] = { 0 }, last = 0;

  begin ();
  for (int i = 0; i < 100; i++)
    {
      timers[i] = loft_dispatcher_create_timer (f.dispatcher);
      loft_dispatcher_timer_set_is_repeating (timers[i], FALSE);
      loft_dispatcher_timer_set_interval (timers[i], 10 * i);
      g_signal_connect (timers[i], "tick", G_CALLBACK (count_tick), &ticks[i]);
      loft_dispatcher_timer_start (timers[i]);
    }
  for (; last < 100; last += ticks[last] != 0 ? 1 : 0)
    g_main_context_iteration (f.context, ticks[last] == 0);
  test_drain (f.context);
  for (int i = 0; i < 100; i++)
    {
      g_assert_cmpint (ticks[i], ==, 1);
      g_object_unref (timers[i]);
    }
  end ();
}

static void *
touch (void *dispatcher)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_has_thread_access (dispatcher));
  g_assert_false (loft_dispatcher_verify_access (dispatcher, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  return NULL;
}

static void
w24 (void)
{
  begin ();
  g_assert_true (loft_dispatcher_verify_access (f.dispatcher, NULL));
  test_on_thread (touch, f.dispatcher);
  end ();
}

static Case cases[] = {
  { "W06", "the current dispatcher is the same inside of an item",
    THREADING "DispatcherBVTs.cs: CurrentDispatcher_ScenarioOne", PASS, NULL, w06 },
  { "W07", "priorities out of range: an exception",
    UNIT "DispatcherTests.cs: BeginInvoke_InvokeInvalidPriority_ThrowsInvalidEnumArgumentException",
    DIFFERS, "a programmer's fault: a critical warning, and NULL", w07 },
  { "W08", "a running timer started in its tick: the next one a whole interval later",
    THREADING "StopRestartOnTick.cs: StartTest", PASS, NULL, w08 },
  { "W09", "many timers, each ticks", THREADING "DispatcherTimerModel.cs: DispatcherTimerModel",
    PASS, NULL, w09 },
  { "W10", "the two events of a shutdown, once each",
    THREADING "ShutdownEventsModel.cs: ShutdownEventModel (AddHandler, Shutdown)", PASS, NULL,
    w10 },
  { "W11",
    "a shutdown that a thread of the pool asks for: the same events, on the dispatcher's thread",
    THREADING "ShutdownEventsModel.cs: ShutdownEventModel (Thread=WorkerThread)", PASS, NULL, w11 },
  { "W12", "ten nested loops unwind in their order",
    THREADING "NestingPumpModel.cs: NestingPumpModel", PASS, NULL, w12 },
  { "W13", "items run in a nested loop", DISPATCHER "PushFrameTest.cs: PushFrame", PASS, NULL,
    w13 },
  { "W14", "hooks: posted, completed, priority changed, aborted",
    THREADING "DispatcherOperationNotificationModel.cs: DispatcherOperationNotificationModel", NONE,
    "no hooks; each object has its own handlers", NULL },
  { "W15", "a thread without a dispatcher has none",
    UNIT "DispatcherTests.cs: FromThread_NoSuchThread_ReturnsNull", PASS, NULL, w15 },
  { "W16", "disabled processing: by the dispatcher's own thread only, and ended once",
    THREADING "TestDispatcherProcessingDisabled.cs: CallingDisabledProcessingFromDifferentThread, "
              "DisposeDisabledDispatcherTwice",
    NONE, "nothing runs a loop behind the caller's back, so there is nothing to disable", NULL },
  { "W24", "access is checked",
    UNIT "DispatcherTests.cs: CheckAccess_InvokeOnDifferentThread_ReturnsFalse, "
         "VerifyAccess_InvokeOnDifferentThread_ThrowsInvalidOperationException",
    PASS, NULL, w24 },
  { "W25", "a post while the flow of the execution context is suppressed",
    THREADING "TestExecutionContextinAvalon.cs: SuppressExecutionContextFlow", NONE,
    "there is no ambient execution context", NULL },
  { "W26", "the culture that one item sets is there in the next",
    THREADING "CulturePreservingExecutionContextTests.cs: "
              "TestCulturePreservingDispatcherOperations",
    NONE, "there is no ambient execution context", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "wpf", cases, G_N_ELEMENTS (cases));
}
