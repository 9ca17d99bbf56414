/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a handler finds out about the object that has ended: the outcome that it was called with,
 * also if the object was closed in the meantime. */

#include "test-util.h"
#include "async/loft-async-outcome-private.h"

static void
close_and_look (LoftAsyncInfo   *sender,
                LoftAsyncStatus  status,
                gpointer         looked)
{
  g_autoptr (GError) error = NULL;
  const GValue *result;
  LoftValueBox *box;

  g_assert_true (loft_async_info_close (sender, NULL));
  error = loft_outcome_dup_error (sender, status);
  result = loft_outcome_peek_result (sender);
  box = loft_outcome_dup_box (sender);
  g_assert_nonnull (box);
  if (status == LOFT_ASYNC_STATUS_COMPLETED)
    {
      g_assert_no_error (error);
      g_assert_cmpint (g_value_get_int64 (result), ==, 42);
    }
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
      g_assert_null (result);
    }
  loft_value_box_unref (box);
  ++*(int *) looked;
}

static void
test_in_handler (void)
{
  g_autoptr (LoftOperation) good = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftOperation) bad = loft_operation_new (G_TYPE_INT64);
  int looked = 0;

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (good), close_and_look, &looked, NULL, NULL);
  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (bad), close_and_look, &looked, NULL, NULL);
  loft_operation_complete_int64 (good, 42);
  loft_async_base_fail (LOFT_ASYNC_BASE (bad), g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  g_assert_cmpint (looked, ==, 2);
}

/* Outside of a handler there is no outcome but what the object says. */
static void
test_outside (void)
{
  g_autoptr (LoftAction) canceled = loft_action_new_canceled ();
  g_autoptr (GError) error =
    loft_outcome_dup_error (LOFT_ASYNC_INFO (canceled), LOFT_ASYNC_STATUS_CANCELED);
  LoftValueBox *failure;

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (loft_outcome_peek_result (LOFT_ASYNC_INFO (canceled)));
  g_assert_null (loft_outcome_dup_box (LOFT_ASYNC_INFO (canceled)));
  failure = loft_outcome_dup_failure (LOFT_ASYNC_INFO (canceled), LOFT_ASYNC_STATUS_CANCELED);
  g_assert_error (loft_value_box_peek_error (failure), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  loft_value_box_unref (failure);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-outcome/in-handler", test_in_handler);
  g_test_add_func ("/async-outcome/outside", test_outside);
  return g_test_run ();
}
