/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clock, which a test may stop. */

#include "loft-clock-private.h"

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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/set", test_set);
  return g_test_run ();
}
