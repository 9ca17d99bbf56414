/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether an item that runs on a dispatcher's thread should yield to the items that wait. */

#include "test-util.h"

static void
forget (gpointer info)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (info));
}

static gboolean
ask_should_yield (LoftAsyncAction *action,
                  gpointer         user_data,
                  GError         **error)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  g_assert_cmpint (loft_dispatcher_get_current_priority (d), ==, LOFT_PRIORITY_NORMAL);
  loft_dispatcher_try_enqueue (d, LOFT_PRIORITY_NORMAL, test_count, user_data, NULL);
  g_assert_false (loft_dispatcher_should_yield (d));
  g_assert_true (loft_dispatcher_should_yield_to (d, LOFT_PRIORITY_NORMAL));
  g_assert_false (loft_dispatcher_should_yield_to (d, LOFT_PRIORITY_HIGH));
  loft_dispatcher_set_current_priority (d, LOFT_PRIORITY_LOW);
  g_assert_true (loft_dispatcher_should_yield (d));
  return TRUE;
}

static void
test_should_yield (void)
{
  int n = 0;

  forget (loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                     ask_should_yield, &n, NULL));
  test_drain (NULL);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==,
                   LOFT_PRIORITY_NORMAL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher-access/should-yield", test_should_yield);
  return g_test_run ();
}
