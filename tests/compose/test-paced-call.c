/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame of a debouncer and of a throttler lives until its last tick has run, and releases the
 * handler's data at the dispatcher. */

#include "test-util.h"
#include "compose/loft-paced-call-private.h"

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             call)
{
  loft_paced_call_run (call);
}

/* The timer's tick holds the frame, whose maker may be gone. */
static void
test_tick_holds (void)
{
  int counted = 0;
  LoftPacedCall *call = loft_paced_call_new (loft_dispatcher_get_default (), 0, test_count,
                                             &counted, test_count);
  LoftDispatcherTimer *timer = loft_paced_call_create_timer (call, 0, G_CALLBACK (on_tick));

  loft_dispatcher_timer_start (timer);
  loft_paced_call_unref (call);
  g_assert_cmpint (counted, ==, 0);
  test_run_until (NULL, &counted); /* the handler has run, and the data is still there */
  g_assert_cmpint (counted, ==, 1);
  g_signal_handlers_disconnect_by_data (timer, call);
  g_assert_cmpint (counted, ==, 2); /* the data was released */
  g_object_unref (timer);
}

static void *
drop (void *call)
{
  loft_paced_call_unref (call);
  return NULL;
}

/* Whichever thread drops it last, the data is released on the dispatcher's thread. */
static void
test_released_at_home (void)
{
  int counted = 0;
  LoftPacedCall *call = loft_paced_call_new (loft_dispatcher_get_default (), 0, test_count,
                                             &counted, test_count);

  test_on_thread (drop, call);
  g_assert_cmpint (counted, ==, 0);
  test_run_until (NULL, &counted);
  g_assert_cmpint (counted, ==, 1);
}

static void
test_clear_timer (void)
{
  int counted = 0;
  LoftPacedCall *call = loft_paced_call_new (loft_dispatcher_get_default (), 0, test_count,
                                             &counted, test_count);
  LoftDispatcherTimer *timer = loft_paced_call_create_timer (call, 0, G_CALLBACK (on_tick));

  loft_dispatcher_timer_start (timer);
  loft_paced_call_clear_timer (call, &timer);
  g_assert_null (timer);
  loft_paced_call_clear_timer (call, &timer); /* does nothing */
  test_drain (NULL);
  g_assert_cmpint (counted, ==, 0);
  loft_paced_call_unref (call);
  g_assert_cmpint (counted, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paced-call/tick-holds", test_tick_holds);
  g_test_add_func ("/paced-call/released-at-home", test_released_at_home);
  g_test_add_func ("/paced-call/clear-timer", test_clear_timer);
  return g_test_run ();
}
