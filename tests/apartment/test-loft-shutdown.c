/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_shutdown (): the orderly end of a program that is no GApplication. Each case runs in a
 * process of its own, because it can be done only once. */

#include "several.h"

static gboolean
in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  return FALSE;
}

typedef struct
{
  int ran, released, ended;
} Counts;

static void
run_and_count (gpointer data)
{
  ((Counts *) data)->ran++;
}

static void
count_released (gpointer data)
{
  __atomic_fetch_add (&((Counts *) data)->released, 1, __ATOMIC_ACQ_REL);
}

/* Items that were queued for the default dispatcher run. Work that was not due yet ends, and all
 * data is released. */
static void
test_default (void)
{
  Counts counts = { 0 };
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) delayed = NULL;

  if (!in_subprocess ())
    return;
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, run_and_count,
                                              &counts, count_released));
  delayed = loft_dispatcher_run_delayed_async (dispatcher, 0, G_TIME_SPAN_HOUR, test_succeed,
                                               &counts, count_released);
  g_assert_true (loft_shutdown ());
  g_assert_cmpint (counts.ran, ==, 1);
  g_assert_cmpint (counts.released, ==, 2);
  assert_status (delayed, CANCELED);
  g_assert_false (loft_dispatcher_try_enqueue (dispatcher, 0, run_and_count, &counts, NULL));
  g_assert_true (loft_shutdown ()); /* a second call does nothing */
}

/* Work that runs on the pool may finish. Work that waits there ends, and so do delays and
 * timers. */

typedef struct
{
  TestEvent begun;
  TestEvent *stopping; /* set when the shutdown has begun */
} Late;

static gboolean
finish_late (LoftAsyncAction *action,
             gpointer         data,
             GError         **error)
{
  Late *late = data;

  test_event_set (&late->begun);
  test_event_wait (late->stopping);
  return TRUE;
}

static void
on_stopping (LoftAsyncInfo   *delay,
             LoftAsyncStatus  status,
             gpointer         stopping)
{
  test_event_set (stopping);
}

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             data)
{
  g_assert_not_reached ();
}

static void
on_destroyed (LoftThreadPoolTimer *timer,
              gpointer             counts)
{
  __atomic_fetch_add (&((Counts *) counts)->ended, 1, __ATOMIC_ACQ_REL);
}

static void
test_pool (void)
{
  Counts counts = { 0 };
  TestEvent stopping = TEST_EVENT_INIT;
  Late begun[2] = { { TEST_EVENT_INIT, &stopping }, { TEST_EVENT_INIT, &stopping } };
  g_autoptr (LoftLimiter) limiter = loft_limiter_new_serial ();
  LoftAsyncAction *running[2], *limited[2];
  g_autoptr (LoftAsyncAction) waiting = NULL, delay = NULL, late = NULL, late_limited = NULL;
  g_autoptr (LoftThreadPoolTimer) timer = NULL;

  if (!in_subprocess ())
    return;
  for (int i = 0; i < 2; i++)
    {
      running[i] = loft_thread_pool_run_async (finish_late, &begun[i], NULL);
      test_event_wait (&begun[i].begun);
    }
  for (int i = 0; i < 2; i++)
    limited[i] = loft_limiter_run_async (limiter, test_succeed, &counts, count_released);
  waiting = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  delay = loft_delay_async (G_TIME_SPAN_HOUR);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (delay), on_stopping, &stopping, NULL);
  timer = loft_thread_pool_timer_create_periodic (G_TIME_SPAN_HOUR, on_elapsed, NULL, NULL);
  loft_thread_pool_timer_set_destroyed (timer, on_destroyed, &counts, NULL);
  g_assert_true (loft_shutdown ());
  for (int i = 0; i < 2; i++)
    {
      assert_status (running[i], COMPLETED);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (limited[i])));
      g_object_unref (running[i]);
      g_object_unref (limited[i]);
    }
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (waiting)));
  assert_status (delay, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (delay)), ==,
                   LOFT_CANCEL_REASON_SHUT_DOWN);
  g_assert_cmpint (counts.released, ==, 2);
  g_assert_cmpint (counts.ended, ==, 1);
  late = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  late_limited = loft_limiter_run_async (limiter, test_succeed, &counts, count_released);
  assert_status (late, CANCELED);
  assert_status (late_limited, CANCELED);
  g_assert_cmpint (counts.released, ==, 3);
}

/* While Loft is shut down, a worker that calls into the main thread is served, and a dispatcher
 * with a thread of its own is ended. */
static gboolean
call_home (LoftAsyncAction *action,
           gpointer         begun,
           GError         **error)
{
  test_event_set (begun);
  return loft_dispatcher_call (loft_dispatcher_get_default (), test_succeed, NULL, error);
}

static void
test_others (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  g_autoptr (LoftAsyncAction) action = NULL, posted = NULL;
  TestEvent begun = TEST_EVENT_INIT;
  int ran = 0;

  if (!in_subprocess ())
    return;
  controller = loft_dispatcher_controller_new_on_dedicated_thread ("worker", NULL);
  posted = loft_dispatcher_run_async (loft_dispatcher_controller_get_dispatcher (controller), 0,
                                      test_succeed, &ran, NULL);
  action = loft_thread_pool_run_async (call_home, &begun, NULL);
  test_event_wait (&begun);
  g_assert_true (loft_shutdown ());
  g_assert_cmpint (ran, ==, 1);
  assert_status (action, COMPLETED);
  g_assert_true (
    loft_dispatcher_is_shut_down (loft_dispatcher_controller_get_dispatcher (controller)));
}

/* On a thread that the default context does not belong to, the function does nothing and logs a
 * warning. */
static void *
shut_down_wrongly (void *unused)
{
  g_assert_false (loft_shutdown ());
  return NULL;
}

static void
test_wrong_thread (void)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*belongs to another thread*");
  test_on_thread (shut_down_wrongly, NULL);
  g_test_assert_expected_messages ();
  g_assert_false (loft_dispatcher_is_shut_down (loft_dispatcher_get_default ()));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loft-shutdown/default", test_default);
  g_test_add_func ("/loft-shutdown/pool", test_pool);
  g_test_add_func ("/loft-shutdown/others", test_others);
  g_test_add_func ("/loft-shutdown/wrong-thread", test_wrong_thread);
  return g_test_run ();
}
