/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The timers' thread rings alarms, which need no loop. They all ring on that one thread, in the
 * order in which they are due, and never early. */

#include "test-util.h"

#include "base/loft-clock-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-timer-thread-private.h"

#define N 20

typedef struct
{
  LoftAlarm alarm;
  gint64 due;
  guint nth;         /* it rang as the nth one; 0: not yet */
  gboolean early;
  gboolean stopped;
  GThread *thread;
} Ring;

static GMutex mutex;
static GCond cond;
static guint rung; /* under the mutex */
static gint64 now; /* the clock is set by hand, so nothing depends on the machine */

static void
advance (gint64 by)
{
  now += by;
  loft_clock_set (now);
  loft_timer_thread_look ();
}

static void
on_ring (LoftAlarm *alarm)
{
  Ring *ring = (Ring *) alarm;

  g_mutex_lock (&mutex);
  ring->nth = ++rung;
  ring->early = loft_clock_now () < ring->due;
  ring->thread = g_thread_self ();
  g_assert_true (loft_thread_get ()->is_timers);
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
on_stop (LoftAlarm *alarm)
{
  ((Ring *) alarm)->stopped = TRUE;
}

static void
ring_set (Ring  *ring,
          gint64 due)
{
  ring->alarm.ring = on_ring;
  ring->alarm.stop = on_stop;
  ring->due = due;
  loft_timer_thread_set (&ring->alarm, due);
}

static void
wait_for (guint n)
{
  g_mutex_lock (&mutex);
  while (rung < n)
    g_cond_wait (&cond, &mutex);
  g_mutex_unlock (&mutex);
}

static void
test_order (void)
{
  Ring rings[N] = { { { { 0 } } } };

  rung = 0;
  for (int i = N - 1; i >= 0; i--) /* the one that is due last is set first */
    ring_set (&rings[i], now + 1000 + i);
  advance (2000);
  wait_for (N);
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (rings[i].nth, ==, i + 1);
      g_assert_false (rings[i].early);
      g_assert_true (rings[i].thread == rings[0].thread);
      g_assert_true (rings[i].thread != g_thread_self ());
      g_assert_false (loft_timer_thread_cancel (&rings[i].alarm)); /* it is out of the heap */
    }
}

static void
test_never_early (void)
{
  Ring first = { { { 0 } } }, second = { { { 0 } } };

  rung = 0;
  ring_set (&first, now + 1000);
  ring_set (&second, now + 1001);
  advance (1000);
  wait_for (1);
  g_assert_cmpuint (first.nth, ==, 1);
  g_assert_true (loft_timer_thread_cancel (&second.alarm)); /* it has not rung */
}

static void
test_cancel (void)
{
  Ring never = { { { 0 } } }, last = { { { 0 } } };

  rung = 0;
  g_assert_false (loft_timer_thread_cancel (&never.alarm)); /* it was never set */
  ring_set (&never, now + 1000);
  g_assert_true (loft_timer_thread_cancel (&never.alarm));
  g_assert_false (loft_timer_thread_cancel (&never.alarm));
  ring_set (&last, now + 2000);
  advance (2000);
  wait_for (1);
  g_assert_cmpuint (last.nth, ==, 1);
  g_assert_cmpuint (never.nth, ==, 0);
}

/* An alarm that is set again rings only once, at its new time. */
static void
test_set_anew (void)
{
  Ring ring = { { { 0 } } }, last = { { { 0 } } };

  rung = 0;
  ring_set (&ring, now + G_TIME_SPAN_HOUR);
  ring_set (&ring, now + 1000);
  ring_set (&last, now + 2000);
  advance (2000);
  wait_for (2);
  g_assert_cmpuint (ring.nth, ==, 1);
  g_assert_cmpuint (last.nth, ==, 2);
  g_assert_false (loft_timer_thread_cancel (&ring.alarm));
}

/* When Loft is shut down, the alarms that wait are stopped. Alarms that are set later still
 * ring. */
static void
test_stop (void)
{
  Ring waits = { { { 0 } } }, later = { { { 0 } } };

  rung = 0;
  ring_set (&waits, now + G_TIME_SPAN_HOUR);
  loft_timer_thread_stop ();
  g_assert_true (waits.stopped);
  g_assert_false (loft_timer_thread_cancel (&waits.alarm));
  ring_set (&later, now + 1000);
  advance (1000);
  wait_for (1);
  g_assert_cmpuint (later.nth, ==, 1);
  g_assert_false (later.stopped);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/timer-thread/order", test_order);
  g_test_add_func ("/timer-thread/never-early", test_never_early);
  g_test_add_func ("/timer-thread/cancel", test_cancel);
  g_test_add_func ("/timer-thread/set-anew", test_set_anew);
  g_test_add_func ("/timer-thread/stop", test_stop);
  return g_test_run ();
}
