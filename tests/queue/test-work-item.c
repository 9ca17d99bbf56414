/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The item that only calls a function, and what is said of a number that is no priority. */

#include "test-util.h"
#include "queue/loft-work-item-private.h"

/* Running the item calls the function once, and consumes the item. */
static void
test_call (void)
{
  int called = 0;
  LoftWorkItem *item = loft_call_item_new (test_count, &called);

  g_assert_cmpint (called, ==, 0);
  item->klass->run (item, NULL);
  g_assert_cmpint (called, ==, 1);
}

static void
assert_refused (int         priority,
                int         lowest,
                const char *message)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, message);
  g_assert_false (loft_priority_check (priority, lowest, "post"));
  g_test_assert_expected_messages ();
}

/* The message says what is wrong with the number, since a priority of GLib is the usual mistake. */
static void
test_priorities (void)
{
  for (int priority = LOFT_PRIORITY_IDLE; priority <= LOFT_PRIORITY_HIGH; priority++)
    {
      g_assert_true (loft_priority_check (priority, LOFT_PRIORITY_IDLE, "post"));
      g_assert_cmpint (loft_lane_to_priority (loft_lane_from_priority (priority)), ==, priority);
    }

  assert_refused (G_PRIORITY_DEFAULT_IDLE, LOFT_PRIORITY_IDLE, "post: 200 is a G_PRIORITY_*");
  assert_refused (LOFT_PRIORITY_TIMER, LOFT_PRIORITY_IDLE, "post: LOFT_PRIORITY_TIMER is for*");
  assert_refused (LOFT_PRIORITY_IDLE, LOFT_PRIORITY_LOW, "post: LOFT_PRIORITY_IDLE is for*");
  assert_refused (7, LOFT_PRIORITY_IDLE, "post: 7 is no LoftPriority*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/work-item/call", test_call);
  g_test_add_func ("/work-item/priorities", test_priorities);
  return g_test_run ();
}
