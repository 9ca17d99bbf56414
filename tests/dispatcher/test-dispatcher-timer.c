/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Timers of a dispatcher. A timer never ticks early and never after it was stopped, and it ticks
 * only once for all the intervals that passed while its dispatcher was busy. The test sets the
 * clock. */

#include "ticking.h"

static void
test_defaults (void)
{
  g_autoptr (LoftDispatcherTimer) timer = loft_dispatcher_create_timer (fixture.dispatcher);

  g_assert_true (loft_dispatcher_timer_get_dispatcher (timer) == fixture.dispatcher);
  g_assert_cmpint (loft_dispatcher_timer_get_interval (timer), ==, 0);
  g_assert_true (loft_dispatcher_timer_get_is_repeating (timer));
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  g_assert_cmpint (loft_dispatcher_timer_get_priority (timer), ==, LOFT_PRIORITY_TIMER);
}

static void
test_never_early (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (50 * MS, &ticks);

  g_assert_true (loft_dispatcher_timer_start (timer));
  pass (50 * MS - 1);
  g_assert_cmpint (ticks, ==, 0);
  pass (1);
  g_assert_cmpint (ticks, ==, 1);
  pass (20 * MS);
  g_assert_cmpint (ticks, ==, 1);
  pass (30 * MS);
  g_assert_cmpint (ticks, ==, 2);
  loft_dispatcher_timer_stop (timer);
  pass (1000 * MS);
  g_assert_cmpint (ticks, ==, 2);
}

/* After several intervals in which the dispatcher was busy there is one tick, and then the normal
 * interval again. */
static void
test_no_burst (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (50 * MS, &ticks);

  loft_dispatcher_timer_start (timer);
  pass (275 * MS);
  g_assert_cmpint (ticks, ==, 1);
  pass (49 * MS);
  g_assert_cmpint (ticks, ==, 1);
  pass (1 * MS);
  g_assert_cmpint (ticks, ==, 2);
  loft_dispatcher_timer_stop (timer);
}

static void
on_only_tick (LoftDispatcherTimer *timer,
              gpointer             ticks)
{
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  test_count (ticks);
}

static void
on_running (LoftDispatcherTimer *timer,
            GParamSpec          *pspec,
            gpointer             log)
{
  g_string_append_c (log, loft_dispatcher_timer_get_is_running (timer) ? '+' : '-');
}

static void
test_once (void)
{
  g_autoptr (LoftDispatcherTimer) timer = loft_dispatcher_create_timer (fixture.dispatcher);
  int ticks = 0;

  g_signal_connect (timer, "tick", G_CALLBACK (on_only_tick), &ticks);
  g_signal_connect (timer, "notify::is-running", G_CALLBACK (on_running), fixture.log);
  g_object_set (timer, "interval", (gint64) 10, "is-repeating", FALSE, NULL);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_timer_start (timer);
  pass (10);
  pass (100);
  g_assert_cmpint (ticks, ==, 1);
  g_assert_cmpstr (fixture.log->str, ==, "+-");
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_timer_stop (timer);
  loft_dispatcher_timer_stop (timer);
  g_assert_cmpstr (fixture.log->str, ==, "+-+-");
}

/* Starting a timer, and changing any of its settings, begins a full interval. */
static void
test_restarts (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (200, &ticks);

  loft_dispatcher_timer_start (timer);
  pass (150);
  loft_dispatcher_timer_stop (timer);
  loft_dispatcher_timer_start (timer);
  pass (199);
  g_assert_cmpint (ticks, ==, 0);
  loft_dispatcher_timer_start (timer);
  pass (199);
  g_assert_cmpint (ticks, ==, 0);
  loft_dispatcher_timer_set_interval (timer, 200);
  pass (199);
  g_assert_cmpint (ticks, ==, 0);
  loft_dispatcher_timer_set_is_repeating (timer, TRUE);
  pass (199);
  g_assert_cmpint (ticks, ==, 0);
  pass (1);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
}

static void
stop_it (gpointer timer)
{
  loft_dispatcher_timer_stop (timer);
}

static void
restart_it (gpointer timer)
{
  loft_dispatcher_timer_start (timer);
}

/* A tick that already waits in its lane is dropped when the timer is stopped or started again. */
static void
test_none_after_stop (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (10, &ticks);

  loft_dispatcher_timer_start (timer);
  g_assert_true (
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, stop_it, timer, NULL));
  pass (10); /* the Idle item goes first */
  g_assert_cmpint (ticks, ==, 0);

  loft_dispatcher_timer_start (timer);
  g_assert_true (
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, restart_it, timer, NULL));
  pass (10);
  g_assert_cmpint (ticks, ==, 0);
  pass (10);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
}

static void
note (gpointer text)
{
  g_string_append (fixture.log, text);
}

static void
note_tick (LoftDispatcherTimer *timer,
           gpointer             text)
{
  note (text);
  g_assert_cmpint (loft_dispatcher_get_current_priority (fixture.dispatcher), ==,
                   loft_dispatcher_timer_get_priority (timer));
  loft_dispatcher_timer_stop (timer);
}

/* Ticks come after Idle items, unless the timer was given a priority. */
static void
test_priority (void)
{
  g_autoptr (LoftDispatcherTimer) lowest = loft_dispatcher_create_timer (fixture.dispatcher);
  g_autoptr (LoftDispatcherTimer) normal = loft_dispatcher_create_timer (fixture.dispatcher);

  g_signal_connect (lowest, "tick", G_CALLBACK (note_tick), (gpointer) "t");
  g_signal_connect (normal, "tick", G_CALLBACK (note_tick), (gpointer) "n");
  loft_dispatcher_timer_set_priority (normal, LOFT_PRIORITY_NORMAL);
  loft_dispatcher_timer_start (lowest);
  loft_dispatcher_timer_start (normal);
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, note, (gpointer) "i", NULL);
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_LOW, note, (gpointer) "l", NULL);
  pass (1);
  g_assert_cmpstr (fixture.log->str, ==, "nlit");
}

static void
test_bad_input (void)
{
  g_autoptr (LoftDispatcherTimer) timer = loft_dispatcher_create_timer (fixture.dispatcher);

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*interval >= 0*");
  loft_dispatcher_timer_set_interval (timer, -1);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*200 is a G_PRIORITY_ value*");
  loft_dispatcher_timer_set_priority (timer, (LoftPriority) G_PRIORITY_DEFAULT_IDLE);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*LOFT_PRIORITY_TIMER is for timers*");
  g_assert_false (
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_TIMER, note, NULL, NULL));
  g_test_assert_expected_messages ();
}

static void
stop_when_notified (GObject    *timer,
                    GParamSpec *pspec,
                    gpointer    stopped)
{
  loft_dispatcher_timer_stop (LOFT_DISPATCHER_TIMER (timer));
  *(gboolean *) stopped = TRUE;
}

/* The last tick is preceded by a notification of is-running. If its handler stops the timer, there
 * is no tick. */
static void
test_stopped_in_notify (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (10, &ticks);
  gboolean stopped = FALSE;

  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_start (timer);
  g_signal_connect (timer, "notify::is-running", G_CALLBACK (stop_when_notified), &stopped);
  pass (10);
  g_assert_true (stopped);
  g_assert_cmpint (ticks, ==, 0);
}

static void
note_name (GObject    *timer,
           GParamSpec *pspec,
           gpointer    user_data)
{
  g_string_append_printf (fixture.log, "%s ", g_param_spec_get_name (pspec));
}

/* Each setter notifies its property. Start, stop and the last tick notify is-running. */
static void
test_notifies (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (10, &ticks);

  g_signal_connect (timer, "notify", G_CALLBACK (note_name), NULL);
  loft_dispatcher_timer_set_interval (timer, 20);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_set_priority (timer, LOFT_PRIORITY_HIGH);
  g_object_set (timer, "interval", (gint64) 30, NULL);
  g_object_set (timer, "is-repeating", TRUE, NULL);
  g_object_set (timer, "priority", LOFT_PRIORITY_LOW, NULL);
  g_assert_cmpstr (fixture.log->str, ==,
                   "interval is-repeating priority interval is-repeating priority ");
  g_string_set_size (fixture.log, 0);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_timer_stop (timer);
  loft_dispatcher_timer_stop (timer);
  g_assert_cmpstr (fixture.log->str, ==, "is-running is-running ");
}

static void
set_interval (gpointer timer)
{
  loft_dispatcher_timer_set_interval (timer, 5);
}

/* Once posts are refused no timer ticks any more, even if its tick is due or waits in its lane. In
 * the end all timers are stopped. */
static void
test_at_the_end (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) due = make (10, &ticks), queued = make (0, &ticks),
                                  changed = make (0, &ticks);

  g_main_context_push_thread_default (fixture.context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  loft_dispatcher_timer_start (due);
  loft_dispatcher_timer_start (queued);
  loft_dispatcher_timer_start (changed);
  g_assert_true (loft_dispatcher_try_enqueue (fixture.dispatcher, 0, set_interval, changed, NULL));
  advance (10);
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  g_assert_cmpint (ticks, ==, 0);
  g_assert_false (loft_dispatcher_timer_get_is_running (due));
  g_assert_false (loft_dispatcher_timer_get_is_running (queued));
  g_assert_false (loft_dispatcher_timer_get_is_running (changed));
  g_main_context_pop_thread_default (fixture.context);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/dispatcher-timer/defaults", test_defaults },
    { "/dispatcher-timer/never-early", test_never_early },
    { "/dispatcher-timer/no-burst", test_no_burst },
    { "/dispatcher-timer/once", test_once },
    { "/dispatcher-timer/restarts", test_restarts },
    { "/dispatcher-timer/none-after-stop", test_none_after_stop },
    { "/dispatcher-timer/priority", test_priority },
    { "/dispatcher-timer/bad-input", test_bad_input },
    { "/dispatcher-timer/stopped-in-notify", test_stopped_in_notify },
    { "/dispatcher-timer/notifies", test_notifies },
    { "/dispatcher-timer/at-the-end", test_at_the_end },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
