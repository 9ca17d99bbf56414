/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_delay_async (): an action that ends after a while and never early. It ends on the timers'
 * thread, whatever the pool does, or at once when it is cancelled. */

#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"
#include "pool/loft-pool-private.h"

#include "several.h"

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_timer_thread_look ();
}

static void
set_if_on_timers (LoftAsyncInfo   *sender,
                  LoftAsyncStatus  status,
                  gpointer         event)
{
  g_assert_true (test_is_on_thread ("loft-timers"));
  test_event_set (event);
}

static void
set_if_on_pool (LoftAsyncInfo   *sender,
                LoftAsyncStatus  status,
                gpointer         event)
{
  g_assert_true (test_is_on_pool ());
  test_event_set (event);
}

/* Handlers of the MTA may block, so they run on the pool instead of the timers' thread. */
static void *
set_handler (void *delay)
{
  static TestEvent ended = TEST_EVENT_INIT;

  g_assert_true (loft_async_info_set_completed (delay, set_if_on_pool, &ended, NULL, NULL));
  pass (100);
  test_event_wait (&ended);
  return NULL;
}

static void
test_handler_of_the_mta (void)
{
  g_autoptr (LoftAsyncAction) delay = loft_delay_async (100);

  test_on_thread (set_handler, delay);
}

/* The deadline comes even if all workers are blocked. */
static void
test_without_pool (void)
{
  TestEvent go_on = TEST_EVENT_INIT, ended = TEST_EVENT_INIT;
  g_autoptr (GPtrArray) blocked = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LoftAsyncInfo) limited = NULL;
  LoftPoolStats stats;

  loft_pool_get_stats (&stats);
  for (guint i = 0; i < stats.limit; i++)
    g_ptr_array_add (blocked, loft_thread_pool_run_async (test_hold, &go_on, NULL));
  limited = loft_with_timeout (blocked->pdata[0], 100);
  loft_async_info_add_observer (limited, set_if_on_timers, &ended, NULL);
  pass (100);
  test_event_wait (&ended);
  assert_status (limited, ERROR);
  test_event_set (&go_on);
  for (guint i = 0; i < blocked->len; i++)
    wait_until_ended (blocked->pdata[i]);
}

/* A wait on the timers' thread would hold up all other alarms. So a wait in an agile handler is
 * refused there. */
static void
wait_in_vain (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         event)
{
  g_autoptr (LoftAction) never = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (never), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  g_clear_error (&error);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (never), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  test_event_set (event);
}

static void
test_wait_on_timers (void)
{
  TestEvent told = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) delay = loft_delay_async (100);

  loft_async_info_add_observer (LOFT_ASYNC_INFO (delay), wait_in_vain, &told, NULL);
  pass (100);
  test_event_wait (&told);
}

static void
test_delay (void)
{
  TestEvent on_timers = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) none = loft_delay_async (0), before = loft_delay_async (-1),
                              some = loft_delay_async (100);

  assert_status (none, COMPLETED);
  assert_status (before, COMPLETED);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (some), set_if_on_timers, &on_timers, NULL);
  pass (99);
  assert_status (some, STARTED);
  pass (1);
  wait_until_ended (some);
  assert_status (some, COMPLETED);
  test_event_wait (&on_timers);
}

/* A cancel ends a delay at once, however long it is. */
static void
test_delay_cancelled (void)
{
  g_autoptr (LoftAsyncAction) action = loft_delay_async (G_TIME_SPAN_DAY);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_status (action, CANCELED);
}

static void
test_delay_race (void)
{
  for (int i = 0; i < 500; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_delay_async (10);
      pthread_t thread;

      pthread_create (&thread, NULL, cancel_it, action);
      pass (10);
      wait_until_ended (action);
      pthread_join (thread, NULL);
    }
  test_drain (NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/delay/delay", test_delay);
  g_test_add_func ("/delay/handler-of-the-mta", test_handler_of_the_mta);
  g_test_add_func ("/delay/without-pool", test_without_pool);
  g_test_add_func ("/delay/wait-on-timers", test_wait_on_timers);
  g_test_add_func ("/delay/cancelled", test_delay_cancelled);
  g_test_add_func ("/delay/race", test_delay_race);
  return g_test_run ();
}
