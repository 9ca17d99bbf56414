/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Async objects that are ended by hand: their status and their end, closing, results, handlers, and
 * a custom class. */

#include "test-util.h"

/* A custom action type. */

#define TEST_TYPE_SIGN_OUT (test_sign_out_get_type ())
G_DECLARE_FINAL_TYPE (TestSignOut, test_sign_out, TEST, SIGN_OUT, LoftAsyncBase)

struct _TestSignOut
{
  LoftAsyncBase parent_instance;
  int canceled;
  int closed;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSignOut, test_sign_out, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))

static void
test_sign_out_canceled (LoftAsyncBase *base)
{
  TEST_SIGN_OUT (base)->canceled++;
  LOFT_ASYNC_BASE_CLASS (test_sign_out_parent_class)->canceled (base);
}

static void
test_sign_out_closed (LoftAsyncBase *base)
{
  TEST_SIGN_OUT (base)->closed++;
  LOFT_ASYNC_BASE_CLASS (test_sign_out_parent_class)->closed (base);
}

static void
test_sign_out_class_init (TestSignOutClass *klass)
{
  LOFT_ASYNC_BASE_CLASS (klass)->canceled = test_sign_out_canceled;
  LOFT_ASYNC_BASE_CLASS (klass)->closed = test_sign_out_closed;
}

static void
test_sign_out_init (TestSignOut *self)
{
}

static void
end_and_close (LoftAsyncBase *self,
               gpointer       user_data)
{
  loft_async_base_complete (self);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (self), NULL));
}

static void
test_custom_type (void)
{
  g_autoptr (TestSignOut) done = g_object_new (TEST_TYPE_SIGN_OUT, NULL);
  g_autoptr (TestSignOut) canceled = g_object_new (TEST_TYPE_SIGN_OUT, NULL);
  g_autoptr (TestSignOut) handled = g_object_new (TEST_TYPE_SIGN_OUT, NULL);
  g_autoptr (GError) error = NULL;

  assert_status (done, STARTED);
  g_assert_true (loft_async_base_complete (LOFT_ASYNC_BASE (done)));
  assert_status (done, COMPLETED);
  g_assert_true (loft_async_action_get (LOFT_ASYNC_ACTION (done), NULL));
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (done), NULL));
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (done), NULL));
  g_assert_cmpint (done->closed, ==, 1);

  /* If the cancel handler ends the object itself, the canceled function of the class is not
   * called. */
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (handled), end_and_close, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (handled));
  g_assert_cmpint (handled->closed, ==, 1);
  g_assert_cmpint (handled->canceled, ==, 0);

  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  g_assert_cmpint (canceled->canceled, ==, 1);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (canceled)));
  g_assert_false (loft_async_base_complete (LOFT_ASYNC_BASE (canceled)));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (canceled)));
  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (canceled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Status and end. */

static void
test_completes (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;
  int handled = 0;

  g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), test_on_completed,
                                                      &handled, NULL, NULL));
  assert_status (action, STARTED);
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_nonnull (strstr (error->message, "test-async-base.c"));
  g_assert_null (loft_async_info_dup_error (LOFT_ASYNC_INFO (action)));

  g_assert_true (loft_action_complete (action));
  g_assert_cmpint (handled, ==, 1);
  assert_status (action, COMPLETED);
  g_assert_true (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), NULL));
  g_assert_true (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), NULL));

  g_assert_false (loft_action_complete (action));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, COMPLETED);
  g_assert_cmpint (handled, ==, 1);
}

static void
test_fails (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  g_assert_true (
    loft_async_base_fail (LOFT_ASYNC_BASE (action),
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full")));
  g_assert_false (
    loft_async_base_fail (LOFT_ASYNC_BASE (action),
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "too late")));
  assert_status (action, ERROR);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    }
}

/* Status and end are two facts. After a cancel the status is Canceled at once, but the object ends
 * when its producer ends it. */
static void
test_canceled_is_not_ended (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL, close_error = NULL;
  int handled = 0;

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL,
                                       NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_REQUESTED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (handled, ==, 0);

  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &close_error));
  g_assert_error (close_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  assert_status (action, CANCELED);
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_assert_false (
    loft_async_base_fail (LOFT_ASYNC_BASE (action),
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "dropped")));
  g_assert_cmpint (handled, ==, 1);
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
}

static void
test_complete_from_canceled (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  g_assert_false (loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)));
  assert_status (action, COMPLETED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_NONE);
}

/* A failure with G_IO_ERROR_CANCELLED is a cancellation by the work. */
static void
test_canceled_by_work (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_async_base_fail (LOFT_ASYNC_BASE (action),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "user left"));
  assert_status (action, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_BY_WORK);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (error->message, ==, "user left");
}

static void
test_ids (void)
{
  g_autoptr (LoftAction) one = loft_action_new ();
  g_autoptr (LoftAction) two = loft_action_new ();

  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (one)), !=, 0);
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (one)), ==,
                    loft_async_info_get_id (LOFT_ASYNC_INFO (one)));
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (one)), !=,
                    loft_async_info_get_id (LOFT_ASYNC_INFO (two)));
}

/* There is one slot for a completed handler, and it can be set only once, even if it is set to
 * NULL. */
static void
test_second_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) nothing = loft_action_new ();
  g_autoptr (GError) error = NULL, null_error = NULL;
  int handled = 0, destroyed = 0;

  g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), test_on_completed,
                                                      &handled, NULL, NULL));
  g_assert_false (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                 &destroyed, test_count, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  g_assert_cmpint (destroyed, ==, 1);
  loft_action_complete (action);
  g_assert_cmpint (handled, ==, 1);

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (nothing), NULL, NULL, NULL, NULL));
  g_assert_false (loft_async_info_set_completed (LOFT_ASYNC_INFO (nothing), test_on_completed,
                                                 &handled, NULL, &null_error));
  g_assert_error (null_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
}

/* A handler that is set at its home after the end runs before the setter returns. */
static void
test_late_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  int handled = 0, destroyed = 0;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                &handled, NULL, NULL));
  g_assert_cmpint (handled, ==, 1);
  g_object_unref (g_steal_pointer (&action));

  action = loft_action_new_canceled ();
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                &destroyed, test_count, NULL));
  g_assert_cmpint (destroyed, ==, 2);
}

static void
test_observers (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int first = 0, second = 0, third = 0, gone = 0;
  guint64 id;

  loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &first, NULL);
  id = loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &gone,
                                     test_count);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &second, NULL);
  g_assert_true (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), id));
  g_assert_false (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), id));
  g_assert_cmpint (gone, ==, 1);
  loft_action_complete (action);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &third, NULL);
  g_assert_cmpint (first + second + third, ==, 3);
  g_assert_cmpint (gone, ==, 1);
}

/* An object that its producer drops without ending it ends all the same, so that whoever waits for
 * it is told. */
static void
on_abandoned (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  *(GError **) user_data = loft_async_info_dup_error (sender);
}

static void
test_abandoned (void)
{
  LoftAction *action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_abandoned, &error, NULL, NULL);
  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  g_object_unref (action);
  g_assert_null (action);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

/* The handler gets a successor of the same kind as its sender, because the object that is dying
 * can't go to another thread. */
static void
on_abandoned_at_home (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         user_data)
{
  g_autofree char *location = loft_async_info_dup_source_location (sender);

  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_true (LOFT_IS_OPERATION (sender));
  g_assert_cmpint (loft_operation_get_value_type (LOFT_OPERATION (sender)), ==, G_TYPE_INT64);
  g_assert_nonnull (strstr (location, "test_abandoned_at_home ()"));
  *(guint64 *) user_data = loft_async_info_get_id (sender);
}

static void
test_abandoned_at_home (void)
{
  LoftOperation *operation = loft_operation_new (G_TYPE_INT64);
  guint64 id = loft_async_info_get_id (LOFT_ASYNC_INFO (operation)), told = 0;

  loft_async_info_set_completed (LOFT_ASYNC_INFO (operation), on_abandoned_at_home, &told, NULL,
                                 NULL);
  g_object_add_weak_pointer (G_OBJECT (operation), (gpointer *) &operation);
  g_object_unref (operation);
  g_assert_null (operation);
  test_drain (NULL);
  g_assert_cmpuint (told, ==, id);
}

static void
on_completed_ignored (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         user_data)
{
}

/* A handler whose data holds the object makes no reference cycle once it has run. */
static void
test_no_cycle (void)
{
  LoftAction *action = loft_action_new ();

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_completed_ignored,
                                       g_object_ref (action), g_object_unref, NULL);
  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  loft_action_complete (action);
  g_object_unref (action);
  g_assert_null (action);
}

/* Errors and values that were handed over too late are freed, which leak checkers verify. */
static void
test_losers (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_STRING);
  g_autofree char *result = NULL;

  g_assert_true (loft_operation_complete_string (operation, "first"));
  g_assert_false (loft_operation_complete_string (operation, "second"));
  g_assert_false (loft_async_base_fail (LOFT_ASYNC_BASE (operation),
                                        g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "")));
  result = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (operation), NULL);
  g_assert_cmpstr (result, ==, "first");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-base/completes", test_completes);
  g_test_add_func ("/async-base/fails", test_fails);
  g_test_add_func ("/async-base/canceled-is-not-ended", test_canceled_is_not_ended);
  g_test_add_func ("/async-base/complete-from-canceled", test_complete_from_canceled);
  g_test_add_func ("/async-base/canceled-by-work", test_canceled_by_work);
  g_test_add_func ("/async-base/ids", test_ids);
  g_test_add_func ("/async-base/second-handler", test_second_handler);
  g_test_add_func ("/async-base/late-handler", test_late_handler);
  g_test_add_func ("/async-base/observers", test_observers);
  g_test_add_func ("/async-base/abandoned", test_abandoned);
  g_test_add_func ("/async-base/abandoned-at-home", test_abandoned_at_home);
  g_test_add_func ("/async-base/no-cycle", test_no_cycle);
  g_test_add_func ("/async-base/losers", test_losers);
  g_test_add_func ("/async-base/custom-type", test_custom_type);
  return g_test_run ();
}
