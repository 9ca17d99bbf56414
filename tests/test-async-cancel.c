/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cancelling: the producer's handler, propagation to children, and what the canceled object says. */

#include "test-util.h"

static void
on_cancel (LoftAsyncBase *self,
           gpointer       counter)
{
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (self)));
  test_count (counter);
}

static void
test_cancel_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) ended = loft_action_new ();
  int replaced = 0, called = 0, late = 0, never = 0, released = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &replaced, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &called, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (replaced, ==, 0);
  g_assert_cmpint (called, ==, 1);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &late, NULL);
  g_assert_cmpint (late, ==, 1);
  loft_action_complete (action);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &never, NULL);
  g_assert_cmpint (never, ==, 0);

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (ended), on_cancel, &released, test_count);
  loft_action_complete (ended);
  loft_async_info_cancel (LOFT_ASYNC_INFO (ended));
  g_assert_cmpint (released, ==, 1);
}

static void
test_clear_cancel_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int called = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &called, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), NULL, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (called, ==, 0);
  loft_action_complete (action);
}

static void
test_propagate_cancel (void)
{
  g_autoptr (LoftAction) parent = loft_action_new ();
  g_autoptr (LoftAction) early = loft_action_new ();
  g_autoptr (LoftAction) late = loft_action_new ();

  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (early));
  loft_async_info_cancel (LOFT_ASYNC_INFO (parent));
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (late));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (early)), ==, LOFT_CANCEL_REASON_PROPAGATED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (late)), ==, LOFT_CANCEL_REASON_PROPAGATED);
}

/* Why an object was cancelled is told by its reason and its message, before the end and after it. */
static void
test_canceled_message (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) before = NULL, after = NULL, got = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  before = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (loft_async_base_fail (LOFT_ASYNC_BASE (action), g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "late")));
  after = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (after, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (before->message, ==, after->message);
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &got));
  g_assert_cmpstr (before->message, ==, got->message);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==, LOFT_CANCEL_REASON_REQUESTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-cancel/cancel-handler", test_cancel_handler);
  g_test_add_func ("/async-cancel/clear-cancel-handler", test_clear_cancel_handler);
  g_test_add_func ("/async-cancel/propagate-cancel", test_propagate_cancel);
  g_test_add_func ("/async-cancel/canceled-message", test_canceled_message);
  return g_test_run ();
}
