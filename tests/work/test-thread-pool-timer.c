/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Timers of the pool: they elapse once or periodically, can be cancelled, and call a handler when
 * they are over. The test sets the clock. */

#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"

#include "test-util.h"

#define MS G_TIME_SPAN_MILLISECOND

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_timer_thread_look ();
}

static void
wait_for (int *counter,
          int  n)
{
  while (test_get (counter) < n)
    sched_yield ();
  g_assert_cmpint (test_get (counter), ==, n);
}

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             calls)
{
  g_assert_true (LOFT_IS_THREAD_POOL_TIMER (timer));
  g_assert_false (loft_apartment_is_sta ());
  test_count (calls);
}

typedef struct
{
  int calls, destroyed, released;
  int calls_at_end;
  TestEvent gate;
} Counts;

static void
on_call (LoftThreadPoolTimer *timer,
         gpointer             user_data)
{
  test_count (&((Counts *) user_data)->calls);
}

static void
on_destroyed (LoftThreadPoolTimer *timer,
              gpointer             user_data)
{
  Counts *counts = user_data;

  counts->calls_at_end = test_get (&counts->calls);
  test_count (&counts->destroyed);
}

/* Waits until nothing is left on the pool and all that was posted has run. */
static void
settle (void)
{
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, NULL, NULL);

      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
    }
}

static void
test_once (void)
{
  Counts counts = { 0 };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create (50 * MS, on_call, &counts, NULL);

  g_assert_cmpint (loft_thread_pool_timer_get_delay (timer), ==, 50 * MS);
  g_assert_cmpint (loft_thread_pool_timer_get_period (timer), ==, 0);
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  pass (50 * MS - 1);
  settle ();
  g_assert_cmpint (test_get (&counts.calls), ==, 0);
  pass (1);
  wait_for (&counts.destroyed, 1);
  g_assert_cmpint (counts.calls_at_end, ==, 1);
}

static void
test_periodic (void)
{
  Counts counts = { 0 };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create_periodic (10 * MS, on_call, &counts, NULL);

  g_assert_cmpint (loft_thread_pool_timer_get_period (timer), ==, 10 * MS);
  g_assert_cmpint (loft_thread_pool_timer_get_delay (timer), ==, 0);
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  for (int i = 1; i <= 5; i++)
    {
      pass (10 * MS);
      wait_for (&counts.calls, i);
    }
  loft_thread_pool_timer_cancel (timer);
  loft_thread_pool_timer_cancel (timer);
  wait_for (&counts.destroyed, 1);
  pass (100 * MS);
  settle ();
  g_assert_cmpint (test_get (&counts.calls), ==, 5);
  g_assert_cmpint (test_get (&counts.destroyed), ==, 1);
}

/* A period of 0, or of less than a millisecond, means one call. */
static void
test_short_period (void)
{
  for (int period = 0; period < 1000; period += 500)
    {
      Counts counts = { 0 };
      g_autoptr (LoftThreadPoolTimer)
        timer = loft_thread_pool_timer_create_periodic (period, on_call, &counts, NULL);

      g_assert_cmpint (loft_thread_pool_timer_get_period (timer), ==, 0);
      loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
      pass (period);
      wait_for (&counts.destroyed, 1);
      pass (10 * MS);
      settle ();
      g_assert_cmpint (test_get (&counts.calls), ==, 1);
    }
}

static void
on_blocked (LoftThreadPoolTimer *timer,
            gpointer             user_data)
{
  Counts *counts = user_data;

  test_count (&counts->calls);
  test_event_wait (&counts->gate);
}

/* The calls of a periodic timer may overlap. Cancelling returns at once, and the timer is over when
 * the last of them has returned. */
static void
test_overlap (void)
{
  Counts counts = { .gate = TEST_EVENT_INIT };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create_periodic (10 * MS, on_blocked, &counts, NULL);

  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  pass (10 * MS);
  wait_for (&counts.calls, 1);
  pass (10 * MS);
  wait_for (&counts.calls, 2);
  loft_thread_pool_timer_cancel (timer);
  g_assert_cmpint (test_get (&counts.destroyed), ==, 0);
  test_event_set (&counts.gate);
  wait_for (&counts.destroyed, 1);
}

/* A timer that is cancelled before it is due makes no call, and is over all the same. Its data is
 * released at its home. */
static int releases;
static GThread *released_on;

static void
on_released (gpointer data)
{
  released_on = g_thread_self ();
  test_count (&releases);
}

static void
test_cancelled (void)
{
  Counts counts = { 0 };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create (50 * MS, on_elapsed, &counts.calls, on_released);

  releases = 0;
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  loft_thread_pool_timer_cancel (timer);
  test_run_until (NULL, &releases); /* home: this thread's loop */
  g_assert_true (released_on == g_thread_self ());
  wait_for (&counts.destroyed, 1);
  pass (100 * MS);
  settle ();
  g_assert_cmpint (test_get (&counts.calls), ==, 0);
}

/* A destroyed handler that is set when the timer is already over is called all the same, and the
 * data is released once. */
static void
test_destroyed_late (void)
{
  Counts counts = { 0 };
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create (0, on_call, &counts, on_released);

  releases = 0;
  pass (1);
  test_run_until (NULL, &releases);
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  wait_for (&counts.destroyed, 1);
  test_drain (NULL);
  settle ();
  test_drain (NULL);
  g_assert_cmpint (releases, ==, 1);
  g_assert_cmpint (test_get (&counts.calls), ==, 1);
}

/* A timer that nobody else holds keeps itself alive until its call. */
static void
test_let_go (void)
{
  Counts counts = { 0 };
  LoftThreadPoolTimer *timer = loft_thread_pool_timer_create (10 * MS, on_call, &counts, NULL);
  GWeakRef weak;

  g_weak_ref_init (&weak, timer);
  g_object_unref (timer);
  pass (10 * MS);
  wait_for (&counts.calls, 1);
  while ((timer = g_weak_ref_get (&weak)) != NULL)
    {
      g_object_unref (timer);
      sched_yield ();
    }
  g_weak_ref_clear (&weak);
}

/* Several threads make and cancel many timers with the real clock. Each timer ends once. */
typedef struct
{
  int over;
} Churn;

static void
on_churned (LoftThreadPoolTimer *timer,
            gpointer             data)
{
  test_count (&((Churn *) data)->over);
}

static void
do_nothing (LoftThreadPoolTimer *timer,
            gpointer             data)
{
}

static void *
churn (void *data)
{
  for (int i = 0; i < 2000; i++)
    {
      g_autoptr (LoftThreadPoolTimer)
        timer = i % 2 != 0 ? loft_thread_pool_timer_create (i % 50, do_nothing, NULL, NULL)
                           : loft_thread_pool_timer_create_periodic (1000, do_nothing, NULL, NULL);

      loft_thread_pool_timer_set_destroyed (timer, on_churned, data, NULL);
      if (i % 3 != 0 || i % 2 == 0)
        loft_thread_pool_timer_cancel (timer);
    }
  return NULL;
}

static void
test_churn (void)
{
  Churn data = { 0 };
  pthread_t threads[4];

  loft_clock_set (-1);
  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, churn, &data);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
  wait_for (&data.over, 8000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/thread-pool-timer/once", test_once);
  g_test_add_func ("/thread-pool-timer/periodic", test_periodic);
  g_test_add_func ("/thread-pool-timer/short-period", test_short_period);
  g_test_add_func ("/thread-pool-timer/overlap", test_overlap);
  g_test_add_func ("/thread-pool-timer/cancelled", test_cancelled);
  g_test_add_func ("/thread-pool-timer/destroyed-late", test_destroyed_late);
  g_test_add_func ("/thread-pool-timer/let-go", test_let_go);
  g_test_add_func ("/thread-pool-timer/churn", test_churn);
  return g_test_run ();
}
