/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Observers and handlers of the end, of Loft's own objects and of one whose class implements the
 * interface by hand: each is called once, or told why it never will be. */

#include "test-util.h"
#include "by-hand.h"

static void
count_end (LoftAsyncInfo   *sender,
           LoftAsyncStatus  status,
           gpointer         counter)
{
  test_count (counter);
}

static void
test_remove (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int ends = 0, released = 0;
  guint64 id = loft_async_info_add_observer (LOFT_ASYNC_INFO (action), count_end, &ends, NULL);
  guint64 removed = loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), count_end, &released,
                                                     test_count);

  g_assert_cmpuint (id, !=, removed);
  loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), removed);
  g_assert_cmpint (released, ==, 1); /* by its destroy notify, on this thread */
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_cmpint (ends, ==, 1);
  g_assert_cmpint (released, ==, 1);
}

/* A handler that is set after the end is on its way at once, and can still be removed. */
static void
test_remove_late (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  int ends = 0;
  guint64 id = loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), count_end, &ends, NULL);

  g_assert_cmpuint (id, !=, 0);
  loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), id);
  test_drain (NULL);
  g_assert_cmpint (ends, ==, 0);
}

static void
expect_disconnected (LoftAsyncInfo   *sender,
                     LoftAsyncStatus  status,
                     gpointer         counter)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (sender), &error));
  test_count (counter);
}

/* A foreign object that releases a handler without calling it: the handler is told so. */
static void
test_foreign_lets_go (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (test_foreign_get_type (), NULL);
  int told = 0;

  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (foreign), expect_disconnected, &told, NULL);
  test_foreign_let_go (foreign);
  test_run_until (NULL, &told);
  g_assert_cmpint (told, ==, 1);
}

/* A foreign object has one slot, so a second handler is refused, with a warning. */
static void
test_foreign_refuses (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (test_foreign_get_type (), NULL);
  int ends = 0, released = 0;

  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (foreign), count_end, &ends, NULL);
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*takes no observers*");
  g_assert_cmpuint (loft_async_info_call_when_ended (LOFT_ASYNC_INFO (foreign), count_end,
                                                     &released, test_count),
                    ==, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpint (released, ==, 1);
  test_foreign_complete (foreign);
  test_run_until (NULL, &ends);
  g_assert_cmpint (ends, ==, 1);
  g_assert_cmpint (released, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-observe/remove", test_remove);
  g_test_add_func ("/async-observe/remove-late", test_remove_late);
  g_test_add_func ("/async-observe/foreign-lets-go", test_foreign_lets_go);
  g_test_add_func ("/async-observe/foreign-refuses", test_foreign_refuses);
  return g_test_run ();
}
