/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Frame times know when the next frame of each clock is due, and forget a frame that does not
 * come. */

#include "loop/loft-frame-times-private.h"

static const char *left = "left", *right = "right";

static void
test_first_of_several (void)
{
  LoftFrameTimes times = { NULL };

  g_assert_cmpint (loft_frame_times_find_next (&times, 0), ==, G_MAXINT64);
  loft_frame_times_set (&times, left, 300, 0);
  loft_frame_times_set (&times, right, 200, 0);
  g_assert_cmpint (loft_frame_times_find_next (&times, 0), ==, 200);
  g_assert_cmpint (loft_frame_times_find_next (&times, 199), ==, 200);
  g_assert_cmpint (loft_frame_times_find_next (&times, 200), ==, 300);
  loft_frame_times_set (&times, right, 400, 200); /* each clock has one time */
  g_assert_cmpint (loft_frame_times_find_next (&times, 200), ==, 300);
  loft_frame_times_set (&times, left, 0, 200);
  g_assert_cmpint (loft_frame_times_find_next (&times, 200), ==, 400);
  loft_frame_times_clear (&times);
}

static void
test_held (void)
{
  LoftFrameTimes times = { NULL };

  g_assert_cmpint (loft_frame_times_held_until (&times, 0), ==, 0);
  loft_frame_times_set (&times, left, 1000, 0);
  loft_frame_times_set (&times, right, 2000, 0);
  g_assert_cmpint (loft_frame_times_held_until (&times, 999), ==, 0);
  g_assert_cmpint (loft_frame_times_held_until (&times, 1000), ==, 1000 + LOFT_FRAME_GRACE);
  g_assert_cmpint (loft_frame_times_held_until (&times, 2000), ==, 2000 + LOFT_FRAME_GRACE);
  loft_frame_times_set (&times, right, 9000, 2000); /* its frame has come, and the other's not */
  g_assert_cmpint (loft_frame_times_held_until (&times, 2000), ==, 1000 + LOFT_FRAME_GRACE);
  loft_frame_times_clear (&times);
}

/* A frame that does not come is forgotten, however many there are. */
static void
test_forgotten (void)
{
  LoftFrameTimes times = { NULL };

  for (gsize i = 1; i <= 1000; i++)
    loft_frame_times_set (&times, GSIZE_TO_POINTER (i), (gint64) i, 0);
  g_assert_cmpuint (times.n, ==, 1000);
  g_assert_cmpint (loft_frame_times_held_until (&times, 500 + LOFT_FRAME_GRACE), ==,
                   1000 + LOFT_FRAME_GRACE);
  g_assert_cmpuint (times.n, ==, 500);
  g_assert_cmpint (loft_frame_times_held_until (&times, 1000 + LOFT_FRAME_GRACE), ==, 0);
  g_assert_cmpuint (times.n, ==, 0);
  loft_frame_times_clear (&times);
}

/* A frame whose time has passed already is not waited for. The largest time is no frame's. */
static void
test_limits (void)
{
  LoftFrameTimes times = { NULL };

  loft_frame_times_set (&times, left, 50, 50);
  g_assert_cmpuint (times.n, ==, 0);
  loft_frame_times_set (&times, left, G_MAXINT64, 50);
  g_assert_cmpint (loft_frame_times_held_until (&times, G_MAXINT64 - 1), ==, 0);
  g_assert_cmpint (loft_frame_times_find_next (&times, 50), ==, G_MAXINT64);
  loft_frame_times_clear (&times);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame-times/first-of-several", test_first_of_several);
  g_test_add_func ("/frame-times/held", test_held);
  g_test_add_func ("/frame-times/forgotten", test_forgotten);
  g_test_add_func ("/frame-times/limits", test_limits);
  return g_test_run ();
}
