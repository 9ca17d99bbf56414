/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_with_timeout (): the result ends with the inner object or at the deadline, whichever comes
 * first. */

#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"

#include "several.h"

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_timer_thread_look ();
}

static void
test_timeout_in_time (void)
{
  g_autoptr (LoftOperation) inner = loft_operation_new (G_TYPE_STRING);
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);
  g_autofree char *text = NULL;

  g_assert_true (LOFT_IS_ASYNC_OPERATION (outer));
  pass (99);
  loft_operation_complete_string (inner, "in time");
  g_assert_true (loft_async_info_has_ended (outer));
  text = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (outer), NULL);
  g_assert_cmpstr (text, ==, "in time");
}

static void
test_timeout_too_late (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);

  g_assert_true (LOFT_IS_ASYNC_ACTION (outer) && !LOFT_IS_ASYNC_OPERATION (outer));
  pass (100);
  wait_until_ended (outer); /* at once, although the inner one goes on */
  assert_error (outer, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (inner)))
    sched_yield ();
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (inner)), ==,
                   LOFT_CANCEL_REASON_TIMED_OUT);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (inner)));
  loft_action_complete (inner);
  assert_status (outer, ERROR);
}

static void
test_timeout_cancelled (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);

  loft_async_info_cancel (outer);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (inner)));
  g_assert_false (loft_async_info_has_ended (outer));
  loft_action_complete (inner);
  g_assert_true (loft_async_info_has_ended (outer));
  assert_status (outer, CANCELED);
}

static void
test_timeout_fails (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 0);

  loft_async_base_fail (LOFT_ASYNC_BASE (inner), not_found ());
  assert_error (outer, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       sum)
{
  *(int *) sum += g_value_get_int (progress);
}

/* The result also reports the progress of the inner object, beside that object's own handler. */
static void
test_timeout_progress (void)
{
  g_autoptr (LoftOperation) inner = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);
  g_auto (GValue) value = G_VALUE_INIT, provisional = G_VALUE_INIT;
  int own = 0, relayed = 0;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (inner), 0, on_progress, &own,
                                         NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (outer), 0, on_progress, &relayed,
                                         NULL, NULL);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 7);
  loft_operation_set_provisional_result (inner, &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (inner), &value);
  test_drain (NULL);
  g_assert_cmpint (own, ==, 7);
  g_assert_cmpint (relayed, ==, 7);
  g_assert_true (
    loft_async_operation_get_results (LOFT_ASYNC_OPERATION (outer), &provisional, NULL));
  g_assert_cmpint (g_value_get_int (&provisional), ==, 7);
  loft_operation_complete (inner, &value);
  assert_status (outer, COMPLETED);
}

/* An inner object that is dropped without an end ends by that, and the result with it. */
static void
test_let_go (void)
{
  LoftAction *inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), G_TIME_SPAN_HOUR);

  assert_status (outer, STARTED);
  g_object_unref (inner);
  assert_error (outer, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

/* The inner object's class may implement the interfaces by hand: its end, its progress and the
 * deadline are the same. */
static void
test_by_hand (void)
{
  g_autoptr (TestForeign) inner = g_object_new (TEST_TYPE_FOREIGN, NULL),
                          late = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);
  g_autoptr (LoftAsyncInfo) too_late = loft_with_timeout (LOFT_ASYNC_INFO (late), 100);
  int relayed = 0;

  g_assert_true (LOFT_IS_ASYNC_ACTION (outer));
  g_assert_true (loft_async_with_progress_get_progress_type (LOFT_ASYNC_WITH_PROGRESS (outer)) ==
                 G_TYPE_INT);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (outer), 0, on_progress, &relayed,
                                         NULL, NULL);
  test_foreign_report (inner, 7);
  test_drain (NULL);
  g_assert_cmpint (relayed, ==, 7);
  test_foreign_complete (inner);
  assert_status (outer, COMPLETED);
  pass (100);
  wait_until_ended (too_late);
  assert_error (too_late, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  test_foreign_complete (late);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/timeout/in-time", test_timeout_in_time);
  g_test_add_func ("/timeout/too-late", test_timeout_too_late);
  g_test_add_func ("/timeout/cancelled", test_timeout_cancelled);
  g_test_add_func ("/timeout/fails", test_timeout_fails);
  g_test_add_func ("/timeout/progress", test_timeout_progress);
  g_test_add_func ("/timeout/let-go", test_let_go);
  g_test_add_func ("/timeout/by-hand", test_by_hand);
  return g_test_run ();
}
