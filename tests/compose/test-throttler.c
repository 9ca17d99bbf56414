/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Throttlers: at most one call in an interval. The first trigger makes a call at once, and the last
 * makes one when the interval is over. */

#include "paced.h"

static void
test_throttle (void)
{
  g_autoptr (LoftThrottler)
    throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);

  g_assert_true (loft_throttler_trigger (throttler));
  assert_log (""); /* not inside */
  g_assert_true (loft_throttler_is_pending (throttler));
  pass (0);
  assert_log ("t"); /* the first at once */
  for (int i = 0; i < 9; i++)
    {
      loft_throttler_trigger (throttler);
      pass (10);
    }
  assert_log ("");
  pass (10);
  assert_log ("t"); /* the last, when the interval is over */
  pass (99);
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("");
  pass (1);
  assert_log ("t");
  pass (1000);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
}

static void
test_throttle_cancel (void)
{
  g_autoptr (LoftThrottler)
    throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);

  loft_throttler_trigger (throttler);
  loft_throttler_cancel (throttler);
  g_assert_false (loft_throttler_is_pending (throttler));
  pass (0);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
  loft_throttler_trigger (throttler);
  loft_throttler_cancel (throttler);
  pass (100);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
}

static void
test_throttle_let_go (void)
{
  LoftThrottler *throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t",
                                                 count_freed);

  freed = 0;
  loft_throttler_trigger (throttler);
  g_object_unref (throttler);
  pass (1000);
  assert_log ("");
  g_assert_cmpint (freed, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/throttler/throttle", test_throttle },
    { "/throttler/cancel", test_throttle_cancel },
    { "/throttler/let-go", test_throttle_let_go },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
