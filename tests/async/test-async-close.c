/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object can be closed only after its end. The tests show what a closed object still answers. */

#include "test-util.h"

static void
test_close (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_OBJECT);
  g_autoptr (GError) early = NULL, late = NULL, slot = NULL, waited = NULL;
  GObject *result = g_object_new (G_TYPE_OBJECT, NULL);
  int destroyed = 0;
  guint64 id;

  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (operation), &early));
  g_assert_error (early, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_assert_true (loft_operation_complete_object (operation, result));
  id = loft_async_info_get_id (LOFT_ASYNC_INFO (operation));
  g_assert_cmpuint (result->ref_count, ==, 2);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (operation), NULL));
  g_assert_cmpuint (result->ref_count, ==, 1);
  g_object_unref (result);

  assert_status (operation, CLOSED);
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (operation)), ==, id);
  g_assert_false (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), NULL, &late));
  g_assert_error (late, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_false (loft_async_info_set_completed (LOFT_ASYNC_INFO (operation), test_on_completed,
                                                 &destroyed, test_count, &slot));
  g_assert_error (slot, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_cmpint (destroyed, ==, 1);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (operation), 0, &waited), ==,
                   LOFT_ASYNC_STATUS_CLOSED);
  g_assert_error (waited, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (operation));
  assert_status (operation, CLOSED);
}

/* A closed object can neither be waited for nor continued. */

static void
on_closed_waited (GObject      *source,
                  GAsyncResult *result,
                  gpointer      counter)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  test_count (counter);
}

static gboolean
never_runs (LoftAsyncInfo *antecedent,
            gpointer       user_data,
            GError       **error)
{
  g_assert_not_reached ();
}

static void
test_after_close (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  LoftAsyncInfo *info = LOFT_ASYNC_INFO (action);
  g_autoptr (LoftAsyncAction) next = NULL, always = NULL;
  g_autoptr (GError) error = NULL, next_error = NULL, always_error = NULL;
  int waited = 0;

  g_assert_true (loft_async_info_close (info, NULL));
  g_assert_cmpint (loft_async_info_wait_for (info, 0, &error), ==, LOFT_ASYNC_STATUS_CLOSED);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  loft_async_info_wait_async (info, NULL, on_closed_waited, &waited);
  test_run_until (NULL, &waited);
  next = loft_async_info_continue_with (info, never_runs, NULL, NULL);
  always = loft_async_info_always (info, never_runs, NULL, NULL);
  test_run_until_ended (NULL, always);
  g_assert_false (loft_async_action_get_results (next, &next_error));
  g_assert_error (next_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_false (loft_async_action_get_results (always, &always_error));
  g_assert_error (always_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-close/close", test_close);
  g_test_add_func ("/async-close/after-close", test_after_close);
  return g_test_run ();
}
