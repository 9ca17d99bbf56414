/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C241 to C246: ThreadPoolTimer. */

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

/* ThreadPoolTimer. */

typedef struct
{
  int calls, destroyed, calls_at_end;
  TestEvent gate;
  gboolean blocks;
} Counts;

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             data)
{
  Counts *counts = data;

  g_assert_false (loft_apartment_is_sta ());
  test_count (&counts->calls);
  if (counts->blocks)
    test_event_wait (&counts->gate);
}

static void
on_destroyed (LoftThreadPoolTimer *timer,
              gpointer             data)
{
  Counts *counts = data;

  counts->calls_at_end = test_get (&counts->calls);
  test_count (&counts->destroyed);
}

static void
wait_for (int *counter,
          int  n)
{
  while (test_get (counter) < n)
    sched_yield ();
}

static void
watch (LoftThreadPoolTimer *timer,
       Counts              *counts)
{
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, counts, NULL);
}

static void
c241 (void)
{
  g_autoptr (LoftThreadPoolTimer) timer = NULL;
  Counts counts = { 0 };

  begin ();
  timer = loft_thread_pool_timer_create (50 * MS, on_elapsed, &counts, NULL);
  watch (timer, &counts);
  pass (50 * MS - 1);
  g_assert_cmpint (test_get (&counts.calls), ==, 0);
  pass (1);
  wait_for (&counts.destroyed, 1);
  g_assert_cmpint (counts.calls_at_end, ==, 1);
  end ();
}

static void
c243 (void)
{
  begin ();
  for (int period = 0; period <= 500; period += 500)
    {
      Counts counts = { 0 };
      g_autoptr (LoftThreadPoolTimer)
        timer = loft_thread_pool_timer_create_periodic (period, on_elapsed, &counts, NULL);

      watch (timer, &counts);
      pass (500);
      wait_for (&counts.destroyed, 1);
      g_assert_cmpint (counts.calls_at_end, ==, 1);
    }
  end ();
}

static void
c244 (void)
{
  g_autoptr (LoftThreadPoolTimer) timer = NULL;
  Counts counts = { 0 };

  begin ();
  timer = loft_thread_pool_timer_create (50 * MS, on_elapsed, &counts, NULL);
  watch (timer, &counts);
  loft_thread_pool_timer_cancel (timer);
  wait_for (&counts.destroyed, 1);
  pass (100 * MS);
  g_assert_cmpint (test_get (&counts.calls), ==, 0);
  g_assert_cmpint (test_get (&counts.destroyed), ==, 1);
  end ();
}

static void
c245 (void)
{
  g_autoptr (LoftThreadPoolTimer) timer = NULL;
  Counts counts = { .gate = TEST_EVENT_INIT, .blocks = TRUE };

  begin ();
  timer = loft_thread_pool_timer_create (1, on_elapsed, &counts, NULL);
  watch (timer, &counts);
  pass (1);
  wait_for (&counts.calls, 1);
  loft_thread_pool_timer_cancel (timer); /* it does not wait for the callback */
  g_assert_cmpint (test_get (&counts.destroyed), ==, 0);
  test_event_set (&counts.gate);
  wait_for (&counts.destroyed, 1);
  end ();
}

static void
c246 (void)
{
  g_autoptr (LoftThreadPoolTimer) timer = NULL;
  Counts counts = { .gate = TEST_EVENT_INIT, .blocks = TRUE };

  begin ();
  timer = loft_thread_pool_timer_create_periodic (10 * MS, on_elapsed, &counts, NULL);
  watch (timer, &counts);
  for (int i = 1; i <= 2; i++)
    {
      pass (10 * MS);
      wait_for (&counts.calls, i);
    }
  loft_thread_pool_timer_cancel (timer);
  g_assert_cmpint (test_get (&counts.destroyed), ==, 0);
  test_event_set (&counts.gate);
  wait_for (&counts.destroyed, 1);
  g_assert_cmpint (counts.calls_at_end, ==, 2);
  end ();
}

static Case cases[] = {
  { "C241", "once, 50 ms: one call on a pool thread, not before; destroyed after it",
    "WA", PASS, NULL, c241 },
  { "C243", "a period of 0 or 0.5 ms: one call, then destroyed",
    "WA threadpooltimer", PASS, NULL, c243 },
  { "C244", "Cancel before it is due: no call; destroyed once",
    "WA; ~", PASS, NULL, c244 },
  { "C245", "Cancel while it runs: returns at once; destroyed after it",
    "WA", PASS, NULL, c245 },
  { "C246", "periodic and slow, Cancel: destroyed when the last call has returned",
    "DD create-a-periodic-work-item", PASS, NULL, c246 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "pool-timers", cases, G_N_ELEMENTS (cases));
}
