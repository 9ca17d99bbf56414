/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C223 to C233: DispatcherQueueTimer. */

#include "conformance.h"
#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"

/* A dispatcher with a clock that the case sets. */
static GMainContext *context;
static LoftDispatcher *dispatcher;
static gint64 now;

#define MS G_TIME_SPAN_MILLISECOND

static void
begin (void)
{
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  dispatcher = loft_dispatcher_get_for_context (context);
}

static void
end (void)
{
  test_drain (context);
  loft_clock_set (-1);
  g_main_context_pop_thread_default (context);
  g_clear_object (&dispatcher);
  g_main_context_unref (context);
}

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_timer_thread_look ();
  test_drain (context);
}

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             ticks)
{
  g_assert_true (loft_dispatcher_has_thread_access (dispatcher));
  ++*(int *) ticks;
}

static LoftDispatcherTimer *
timer_of (GTimeSpan interval,
          gpointer  ticks)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (dispatcher);

  loft_dispatcher_timer_set_interval (timer, interval);
  g_signal_connect (timer, "tick", G_CALLBACK (on_tick), ticks);
  return timer;
}

static void
c223 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  pass (50 * MS - 1);
  g_assert_cmpint (ticks, ==, 0);
  pass (1);
  pass (50 * MS);
  g_assert_cmpint (ticks, ==, 2);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static void
on_only_tick (LoftDispatcherTimer *timer,
              gpointer             unused)
{
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
}

static void
c224 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  g_signal_connect (timer, "tick", G_CALLBACK (on_only_tick), NULL);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_start (timer);
  pass (500 * MS);
  pass (500 * MS);
  g_assert_cmpint (ticks, ==, 1);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  end ();
}

static void
c225 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (1000 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  pass (900 * MS);
  loft_dispatcher_timer_set_interval (timer, 1000 * MS);
  pass (900 * MS);
  loft_dispatcher_timer_set_is_repeating (timer, TRUE);
  pass (999 * MS);
  g_assert_cmpint (ticks, ==, 0);
  pass (1 * MS);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static void
c226 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  pass (40 * MS);
  loft_dispatcher_timer_stop (timer);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  pass (100 * MS);
  g_assert_cmpint (ticks, ==, 0);
  end ();
}

static void
c228 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (200 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  pass (150 * MS);
  loft_dispatcher_timer_stop (timer);
  loft_dispatcher_timer_start (timer);
  pass (199 * MS);
  g_assert_cmpint (ticks, ==, 0);
  pass (1 * MS);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static void
c229 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  pass (250 * MS);
  g_assert_cmpint (ticks, ==, 1);
  pass (49 * MS);
  g_assert_cmpint (ticks, ==, 1);
  pass (1 * MS);
  g_assert_cmpint (ticks, ==, 2);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static gboolean idle_ran;

static void
check_no_tick (gpointer ticks)
{
  g_assert_cmpint (*(int *) ticks, ==, 0);
  idle_ran = TRUE;
}

static void
c230 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, check_no_tick, &ticks, NULL);
  pass (50 * MS);
  g_assert_true (idle_ran);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static void
c231 (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  timer = timer_of (50 * MS, &ticks);
  loft_dispatcher_timer_start (timer);
  loft_clock_set (now += 50 * MS); /* it is due */
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  pass (500 * MS);
  g_assert_cmpint (ticks, ==, 0);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  end ();
}

static void *
start_elsewhere (void *timer)
{
  loft_dispatcher_timer_start (timer);
  return NULL;
}

static void
c233 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = timer_of (50 * MS, &ticks);
  test_on_thread (start_elsewhere, timer);
  pass (50 * MS);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
  end ();
}

static Case cases[] = {
  { "C223", "50 ms, repeating: ticks on the queue's thread, never early",
    "WA", PASS, NULL, c223 },
  { "C224", "once: one tick, IsRunning false inside it and after",
    "UNO ~", PASS, NULL, c224 },
  { "C225", "setting Interval or IsRepeating while running restarts",
    "WA", PASS, NULL, c225 },
  { "C226", "Stop before it is due: no tick",
    "TK tests ~", PASS, NULL, c226 },
  { "C228", "Stop and Start: a full interval",
    "GH winrt-api#380 ~", PASS, NULL, c228 },
  { "C229", "busy for five intervals: one tick, then the normal spacing",
    "U; UNO ~", PASS, NULL, c229 },
  { "C230", "Idle work goes before a tick",
    "WA dispatcherqueuetimer", PASS, NULL, c230 },
  { "C231", "shutdown with a running timer: it completes, no more ticks",
    "WA", PASS, NULL, c231 },
  { "C233", "Start from another thread: ticks on the queue's",
    "UNO ~", PASS, NULL, c233 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "timers", cases, G_N_ELEMENTS (cases));
}
