/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Timers of a dispatcher that has much to do: under a flood, with an interval of 0, in great
 * numbers, and started from several threads. */

#include "ticking.h"

#include <dlfcn.h>

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

/* The bounded wait covers timers, too. Under a flood that never ends a timer ticks all the same. */
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

/* A timer with an interval of 0 ticks each time there is nothing else to do. */
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

/* A timer keeps itself alive while it runs, and not a moment longer. */
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

/* 100,000 timers share one heap, and have no sources of their own. */
#define MANY 100000

/* This function is called in place of GLib's, and counts the sources. */
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
  g_assert_cmpint (attached_before, >, 0); /* the dispatcher's own */
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

/* Other threads start and stop a timer at random, with the real clock. In the end the timer is
 * stopped, and no reference to it is left. */
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
  /* An entry that came late stays in the heap until it is due. */
  while ((timer = g_weak_ref_get (&weak)) != NULL)
    {
      g_object_unref (timer);
      g_main_context_iteration (fixture.context, FALSE);
    }
  g_weak_ref_clear (&weak);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/dispatcher-timer-load/under-flood", test_under_flood },
    { "/dispatcher-timer-load/zero", test_zero },
    { "/dispatcher-timer-load/alive", test_alive },
    { "/dispatcher-timer-load/many", test_many },
    { "/dispatcher-timer-load/threads", test_threads },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
