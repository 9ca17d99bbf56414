/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* U01 to U13: tests of Uno's timers, written anew. */

#include "own-context.h"
#include "base/loft-clock-private.h"

static int ticks;
static gint64 now;

static void
count_tick (LoftDispatcherTimer *timer,
            gpointer             unused)
{
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  ticks++;
}

static LoftDispatcherTimer *
start_timer (GTimeSpan interval,
             gboolean  repeats)
{
  LoftDispatcherTimer *timer;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  ticks = 0;
  timer = loft_dispatcher_create_timer (f.dispatcher);
  loft_dispatcher_timer_set_interval (timer, interval);
  loft_dispatcher_timer_set_is_repeating (timer, repeats);
  g_signal_connect (timer, "tick", G_CALLBACK (count_tick), NULL);
  loft_dispatcher_timer_start (timer);
  return timer;
}

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  test_drain (f.context);
}

static void
end_timer (LoftDispatcherTimer *timer)
{
  loft_dispatcher_timer_stop (timer);
  g_object_unref (timer);
  end ();
  loft_clock_set (-1);
}

static void
u01 (void)
{
  LoftDispatcherTimer *timer = start_timer (10, TRUE);

  g_assert_true (loft_dispatcher_timer_get_is_running (timer));
  pass (10);
  g_assert_cmpint (ticks, ==, 1); /* on its thread, as count_tick checks */
  end_timer (timer);
}

static void
u02 (void)
{
  LoftDispatcherTimer *timer = start_timer (10, TRUE);

  for (int i = 0; i < 3; i++)
    pass (10);
  g_assert_cmpint (ticks, ==, 3);
  g_assert_true (loft_dispatcher_timer_get_is_running (timer) &&
                 loft_dispatcher_timer_get_is_repeating (timer));
  end_timer (timer);
}

static void
u03 (void)
{
  LoftDispatcherTimer *timer = start_timer (10, FALSE);

  g_assert_true (loft_dispatcher_timer_get_is_running (timer));
  pass (10);
  pass (10);
  g_assert_cmpint (ticks, ==, 1);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  end_timer (timer);
}

static void *
start_elsewhere (void *timer)
{
  loft_dispatcher_timer_start (timer);
  return NULL;
}

static void *
stop_elsewhere (void *timer)
{
  loft_dispatcher_timer_stop (timer);
  return NULL;
}

static void
u05 (void)
{
  LoftDispatcherTimer *timer = start_timer (100, TRUE);

  loft_dispatcher_timer_stop (timer);
  test_on_thread (start_elsewhere, timer);
  g_assert_true (loft_dispatcher_timer_get_is_running (timer));
  test_on_thread (stop_elsewhere, timer);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  end_timer (timer);
}

static void
u06 (void)
{
  LoftDispatcherTimer *timer = start_timer (100, TRUE);

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*interval >= 0*");
  loft_dispatcher_timer_set_interval (timer, -100);
  g_test_assert_expected_messages ();
  g_assert_cmpint (loft_dispatcher_timer_get_interval (timer), ==, 100);
  end_timer (timer);
}

static void
u07 (void)
{
  LoftDispatcherTimer *timer;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ()); /* the clock stands still */
  ticks = 0;
  timer = loft_dispatcher_create_timer (f.dispatcher);
  g_signal_connect (timer, "tick", G_CALLBACK (count_tick), NULL);
  loft_dispatcher_timer_start (timer);
  while (ticks <= 5)
    g_main_context_iteration (f.context, TRUE);
  end_timer (timer);
}

static void
take_time (LoftDispatcherTimer *timer,
           gpointer             unused)
{
  loft_clock_set (now += 100);
}

static void
u08 (void)
{
  LoftDispatcherTimer *timer = start_timer (200, TRUE);

  g_signal_connect (timer, "tick", G_CALLBACK (take_time), NULL);
  pass (200);
  pass (199); /* the interval begins when the handler returns */
  g_assert_cmpint (ticks, ==, 1);
  pass (1);
  g_assert_cmpint (ticks, ==, 2);
  end_timer (timer);
}

static void
u09 (void)
{
  LoftDispatcherTimer *timer = start_timer (300, TRUE);

  pass (100);
  loft_dispatcher_timer_set_interval (timer, 600);
  pass (599);
  g_assert_cmpint (ticks, ==, 0);
  pass (1);
  g_assert_cmpint (ticks, ==, 1);
  end_timer (timer);
}

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             calls)
{
  test_count (calls);
}

static void
u11 (void)
{
  int calls = 0, over = 0;
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create (100, on_elapsed, &calls, NULL);

  loft_thread_pool_timer_set_destroyed (timer, on_elapsed, &over, NULL);
  while (test_get (&over) == 0)
    sched_yield ();
  g_assert_cmpint (test_get (&calls), ==, 1);
}

typedef struct
{
  int calls;
  TestEvent over;
} Periodic;

static void
on_over (LoftThreadPoolTimer *timer,
         gpointer             periodic)
{
  test_event_set (&((Periodic *) periodic)->over);
}

static void
u12 (void)
{
  Periodic periodic = { 0, TEST_EVENT_INIT };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create_periodic (1000, on_elapsed, &periodic.calls, NULL);

  loft_thread_pool_timer_set_destroyed (timer, on_over, &periodic, NULL);
  while (test_get (&periodic.calls) < 2)
    sched_yield ();
  loft_thread_pool_timer_cancel (timer);
  test_event_wait (&periodic.over);
}

static gboolean
say_work (LoftAsyncAction *action,
          gpointer         text,
          GError         **error)
{
  say (text);
  return TRUE;
}

static void
u13 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  begin ();
  action = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_NORMAL, say_work,
                                      (gpointer) "success", NULL);
  test_run_until_ended (f.context, action);
  assert_log ("success");
  end ();
}

static Case cases[] = {
  { "U01", "a timer ticks once it is started",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_ScheduleWorkItem",
    PASS, NULL, u01 },
  { "U02", "a repeating timer ticks again",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_ScheduleRepeatingWorkItem",
    PASS, NULL, u02 },
  { "U03", "one that does not repeat ticks once, and is not running then",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_ScheduleNonRepeatingWorkItem",
    PASS, NULL, u03 },
  { "U04", "ticks on the dispatcher's thread",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_Tick_Then_RunningOnDispatcher",
    PASS, NULL, u01 },
  { "U05", "started and stopped from another thread",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_StartAndStopFromBackgroundThread",
    PASS, NULL, u05 },
  { "U06", "a negative interval: an exception",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_SetNegativeInterval",
    DIFFERS, "a programmer's fault: a critical warning, and nothing changes", u06 },
  { "U07", "no interval set: ticks all the same",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_No_Interval_Set",
    PASS, NULL, u07 },
  { "U08", "the interval begins when the handler has returned",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_Sleep_In_Tick",
    PASS, NULL, u08 },
  { "U09", "a longer interval does not move the tick that is due",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_Change_Interval_Higher",
    DIFFERS, "it begins anew, as Windows documents", u09 },
  { "U10", "the timer goes on when its handler throws",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_System/Given_DispatcherQueueTimer.cs: "
    "When_Exception_In_Tick",
    NONE, "handlers can't throw", NULL },
  { "U11", "a timer of the pool calls once",
    "unoplatform/uno "
    "src/Uno.UI.RuntimeTests/Tests/Windows_System_Threading/Given_ThreadPoolTimer.cs: When_Timer",
    PASS, NULL, u11 },
  { "U12", "a periodic timer of the pool calls again",
    "unoplatform/uno "
    "src/Uno.UI.RuntimeTests/Tests/Windows_System_Threading/Given_ThreadPoolTimer.cs: "
    "When_PeriodicTimer",
    PASS, NULL, u12 },
  { "U13", "RunAsync runs the handler",
    "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/Windows_UI_Core/Given_CoreDispatcher.cs: "
    "When_RunAsync",
    PASS, NULL, u13 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "uno", cases, G_N_ELEMENTS (cases));
}
