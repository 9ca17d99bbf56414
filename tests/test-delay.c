/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An action that ends after a while, never early, on the pool; or at once when it is cancelled. */

#include "loft-alarm-private.h"
#include "loft-clock-private.h"

#include "several.h"

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_alarm_look ();
}

static void
set_if_on_pool (LoftAsyncInfo   *sender,
                LoftAsyncStatus  status,
                gpointer         event)
{
  g_assert_true (test_is_on_pool ());
  test_event_set (event);
}

static void
test_delay (void)
{
  TestEvent on_pool = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) none = loft_delay_async (0), before = loft_delay_async (-1), some = loft_delay_async (100);

  assert_status (none, COMPLETED);
  assert_status (before, COMPLETED);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (some), set_if_on_pool, &on_pool, NULL);
  pass (99);
  assert_status (some, STARTED);
  pass (1);
  wait_until_ended (some);
  assert_status (some, COMPLETED);
  test_event_wait (&on_pool);
}

/* A cancel ends it at once, however long it is. */
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
  g_test_add_func ("/delay/cancelled", test_delay_cancelled);
  g_test_add_func ("/delay/race", test_delay_race);
  return g_test_run ();
}
