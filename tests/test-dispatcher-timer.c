/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Timers of a dispatcher, by a clock that the test sets: never early, none after stop, one tick for a busy queue. */

#include "clocked-loop.h"

#include <dlfcn.h>

#define MS G_TIME_SPAN_MILLISECOND

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             ticks)
{
  g_assert_true (loft_dispatcher_has_thread_access (fixture.dispatcher));
  test_count (ticks);
}

static LoftDispatcherTimer *
make (GTimeSpan interval,
      int      *ticks)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (fixture.dispatcher);

  loft_dispatcher_timer_set_interval (timer, interval);
  g_signal_connect (timer, "tick", G_CALLBACK (on_tick), ticks);
  return timer;
}

static void
pass (gint64 by)
{
  advance (by);
  g_main_context_push_thread_default (fixture.context);
  test_drain (fixture.context);
  g_main_context_pop_thread_default (fixture.context);
}

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

/* A busy queue gets one, and then the normal spacing. */
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

/* A start, and any change, begins a full interval. */
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

/* A tick that waits in its lane is none any more when the timer is stopped, or started anew. */
static void
test_none_after_stop (void)
{
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) timer = make (10, &ticks);

  loft_dispatcher_timer_start (timer);
  g_assert_true (loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, stop_it, timer, NULL));
  pass (10); /* the Idle item goes first */
  g_assert_cmpint (ticks, ==, 0);

  loft_dispatcher_timer_start (timer);
  g_assert_true (loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, restart_it, timer, NULL));
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

/* Below Idle, unless it says otherwise. */
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

typedef struct
{
  int left;
  int after_tick;
  int *ticks;
} Flood;

static void
flood (gpointer data)
{
  Flood *self = data;

  advance (20 * MS);
  if (*self->ticks > 0 && self->after_tick < 0)
    self->after_tick = self->left;
  if (self->left-- > 0)
    g_assert_true (loft_dispatcher_try_enqueue (fixture.dispatcher, 0, flood, self, NULL));
}

/* The bounded wait covers it: under a flood that never ends it ticks all the same. */
static void
test_under_flood (void)
{
  int ticks = 0;
  Flood self = { 200, -1, &ticks };
  g_autoptr (LoftDispatcherTimer) timer = make (0, &ticks);

  loft_dispatcher_timer_start (timer);
  g_assert_true (loft_dispatcher_try_enqueue (fixture.dispatcher, 0, flood, &self, NULL));
  while (ticks == 0)
    g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpint (self.left, >, 0); /* 4 s of flood, and a limit of 1 s */
  loft_dispatcher_timer_stop (timer);
  test_drain (fixture.context);
}

static void
on_tick_count_items (LoftDispatcherTimer *timer,
                     gpointer             ticks)
{
  if (++*(int *) ticks == 100)
    loft_dispatcher_timer_stop (timer);
}

/* Interval 0: each time there is nothing else to do. */
static void
test_zero (void)
{
  g_autoptr (LoftDispatcherTimer) timer = loft_dispatcher_create_timer (fixture.dispatcher);
  int ticks = 0;

  g_signal_connect (timer, "tick", G_CALLBACK (on_tick_count_items), &ticks);
  loft_dispatcher_timer_start (timer);
  pass (0); /* the clock stands still */
  g_assert_cmpint (ticks, ==, 100);
}

/* Running, it keeps itself alive; not a moment longer. */
static void
test_alive (void)
{
  int ticks = 0;
  LoftDispatcherTimer *timer = make (10, &ticks);
  GWeakRef weak;

  g_weak_ref_init (&weak, timer);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_start (timer);
  g_object_unref (timer);
  pass (10);
  g_assert_cmpint (ticks, ==, 1);
  g_assert_null (g_weak_ref_get (&weak));

  timer = make (10, &ticks);
  g_weak_ref_set (&weak, timer);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_timer_stop (timer);
  g_object_unref (timer);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
}

/* 100,000 timers: one heap, no source of their own. */
#define MANY 100000

/* Stands before GLib's. */
static int sources_attached;

guint
g_source_attach (GSource      *source,
                 GMainContext *context)
{
  static __typeof__ (&g_source_attach) next;

  if (next == NULL)
    next = (__typeof__ (&g_source_attach)) dlsym (RTLD_NEXT, "g_source_attach");
  sources_attached++;
  return next (source, context);
}

static void
test_many (void)
{
  int attached_before = sources_attached;
  LoftDispatcherTimer **timers = g_new (LoftDispatcherTimer *, MANY);
  int ticks = 0;

  for (int i = 0; i < MANY; i++)
    {
      timers[i] = make (1 + i % 1000, &ticks);
      loft_dispatcher_timer_set_is_repeating (timers[i], FALSE);
      loft_dispatcher_timer_start (timers[i]);
    }
  g_assert_cmpint (sources_attached, ==, attached_before);
  g_assert_cmpint (attached_before, >, 0); /* the dispatcher's */
  for (int i = 0; i < MANY; i += 2)
    loft_dispatcher_timer_stop (timers[i]);
  pass (500);
  g_assert_cmpint (ticks, ==, MANY / 4);
  pass (500);
  g_assert_cmpint (ticks, ==, MANY / 2);
  for (int i = 0; i < MANY; i++)
    g_object_unref (timers[i]);
  g_free (timers);
}

/* From other threads, with the real clock: started and stopped at random, it ends stopped, and nothing is lost. */
static void *
start_and_stop (void *timer)
{
  for (int i = 0; i < 2000; i++)
    {
      loft_dispatcher_timer_start (timer);
      if (i % 3 == 0)
        loft_dispatcher_timer_stop (timer);
      if (i % 7 == 0)
        loft_dispatcher_timer_set_interval (timer, i % 5);
    }
  loft_dispatcher_timer_stop (timer);
  return NULL;
}

static void
count_running (LoftDispatcherTimer *timer,
               gpointer             ticks)
{
  test_count (ticks);
}

static void
test_threads (void)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (fixture.dispatcher);
  pthread_t threads[4];
  GWeakRef weak;
  int ticks = 0;

  loft_clock_set (-1);
  g_weak_ref_init (&weak, timer);
  g_signal_connect (timer, "tick", G_CALLBACK (count_running), &ticks);
  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, start_and_stop, timer);
  for (int i = 0; i < 10000; i++)
    g_main_context_iteration (fixture.context, FALSE);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
  loft_dispatcher_timer_stop (timer);
  test_drain (fixture.context);
  g_object_unref (timer);
  while ((timer = g_weak_ref_get (&weak)) != NULL) /* an entry that came late leaves the heap when it is due */
    {
      g_object_unref (timer);
      g_main_context_iteration (fixture.context, FALSE);
    }
  g_weak_ref_clear (&weak);
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
  g_assert_false (loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_TIMER, note, NULL, NULL));
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

/* Who is notified that the last tick has come may stop it: then it does not come. */
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

/* Each setter notifies of its property, and start, stop and the last tick of is-running. */
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
  g_assert_cmpstr (fixture.log->str, ==, "interval is-repeating priority interval is-repeating priority ");
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

/* From when posts are refused nothing ticks, be it due or waiting in its lane; and all are stopped in the end. */
static void
test_at_the_end (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  int ticks = 0;
  g_autoptr (LoftDispatcherTimer) due = make (10, &ticks), queued = make (0, &ticks), changed = make (0, &ticks);

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

static void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
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
    { "/dispatcher-timer/under-flood", test_under_flood },
    { "/dispatcher-timer/zero", test_zero },
    { "/dispatcher-timer/alive", test_alive },
    { "/dispatcher-timer/many", test_many },
    { "/dispatcher-timer/threads", test_threads },
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
