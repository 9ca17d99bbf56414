/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft's clock: it follows the monotonic clock until a test stops it, and a watch reads it
 * cheaply. */

#include "base/loft-clock-private.h"

static void
test_set (void)
{
  gint64 before = g_get_monotonic_time ();

  loft_clock_set (12345);
  g_assert_cmpint (loft_clock_now (), ==, 12345);
  g_assert_cmpint (loft_clock_now (), ==, 12345);
  loft_clock_set (-1);
  g_assert_cmpint (loft_clock_now (), >=, before);
}

/* The time that a watch reports is never later than the clock, and soon catches up with it. If the
 * clock is stopped, the watch reports the time of the stopped clock at once. */
static void
test_watch (void)
{
  LoftWatch watch = loft_watch_start (4000);
  gint64 start = watch.now;

  while (loft_watch_look (&watch) < start + 1000)
    g_assert_cmpint (loft_watch_look (&watch), <=, g_get_monotonic_time ());
  loft_clock_set (12345);
  g_assert_cmpint (loft_watch_look (&watch), ==, 12345);
  loft_clock_set (12346);
  g_assert_cmpint (loft_watch_look (&watch), ==, 12346);
  loft_clock_set (-1);

  watch = loft_watch_start (0); /* with a span of 0 the clock is read each time */
  start = g_get_monotonic_time ();
  g_assert_cmpint (loft_watch_look (&watch), >=, start);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/set", test_set);
  g_test_add_func ("/clock/watch", test_watch);
  return g_test_run ();
}
