/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations: which form runs after which end, what it passes on, and on which thread it
 * runs. */

#include "test-util.h"

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       counter,
       GError       **error)
{
  g_assert_true (loft_async_info_has_ended (antecedent));
  g_assert_true (loft_apartment_is_sta ());
  test_count (counter);
  return TRUE;
}

static gboolean
go_wrong (LoftAsyncInfo *antecedent,
          gpointer       counter,
          GError       **error)
{
  test_count (counter);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  return FALSE;
}

static void
count_release (gpointer counts)
{
  test_count ((int *) counts + 1);
}

static LoftAction *
ended (LoftAsyncStatus status)
{
  switch (status)
    {
    case LOFT_ASYNC_STATUS_COMPLETED:
      return loft_action_new_completed ();
    case LOFT_ASYNC_STATUS_CANCELED:
      return loft_action_new_canceled ();
    case LOFT_ASYNC_STATUS_ERROR:
    case LOFT_ASYNC_STATUS_STARTED:
    case LOFT_ASYNC_STATUS_CLOSED:
    default:
      return loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
    }
}

/* The table says for each end of the antecedent and each form whether the continuation runs, and
 * how its result ends. */
static void
test_table (void)
{
  static const struct
  {
    LoftAsyncStatus antecedent;
    gboolean runs[3];
    LoftAsyncStatus result[3];
  } rows[] = {
    { LOFT_ASYNC_STATUS_COMPLETED, { TRUE, FALSE, TRUE },
      { LOFT_ASYNC_STATUS_COMPLETED, LOFT_ASYNC_STATUS_COMPLETED, LOFT_ASYNC_STATUS_COMPLETED } },
    { LOFT_ASYNC_STATUS_ERROR, { FALSE, TRUE, TRUE },
      { LOFT_ASYNC_STATUS_ERROR, LOFT_ASYNC_STATUS_COMPLETED, LOFT_ASYNC_STATUS_ERROR } },
    { LOFT_ASYNC_STATUS_CANCELED, { FALSE, FALSE, TRUE },
      { LOFT_ASYNC_STATUS_CANCELED, LOFT_ASYNC_STATUS_CANCELED, LOFT_ASYNC_STATUS_CANCELED } },
  };

  for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
    for (int form = 0; form < 3; form++)
      {
        g_autoptr (LoftAction) antecedent = ended (rows[row].antecedent);
        g_autoptr (LoftAsyncAction) result = NULL;
        g_autoptr (GError) error = NULL;
        int counts[2] = { 0, 0 }; /* ran, released */

        if (form == 0)
          result = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent), go_on, counts,
                                                  count_release);
        else if (form == 1)
          result = loft_async_info_recover (LOFT_ASYNC_INFO (antecedent), go_on, counts,
                                            count_release);
        else
          result = loft_async_info_always (LOFT_ASYNC_INFO (antecedent), go_on, counts,
                                           count_release);
        g_assert_cmpint (counts[0], ==, 0); /* never inside the call */
        test_run_until_ended (NULL, result);
        test_drain (NULL);
        g_assert_cmpint (counts[0], ==, rows[row].runs[form]);
        g_assert_cmpint (counts[1], ==, 1); /* whether it ran or not */
        g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (result)), ==,
                         rows[row].result[form]);
        error = loft_async_info_dup_error (LOFT_ASYNC_INFO (result));
      }
}

static void
test_failures (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new_completed ();
  int ran = 0;
  g_autoptr (LoftAsyncAction)
    failed = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent), go_wrong, &ran, NULL);
  g_autoptr (LoftAsyncAction)
    always = loft_async_info_always (LOFT_ASYNC_INFO (antecedent), go_wrong, &ran, NULL);
  g_autoptr (GError) error = NULL, always_error = NULL;

  test_run_until_ended (NULL, always);
  g_assert_false (loft_async_action_get_results (failed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_false (loft_async_action_get_results (always, &always_error));
  g_assert_error (always_error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static gboolean
double_it (LoftAsyncInfo *antecedent,
           GValue        *result,
           gpointer       user_data,
           GError       **error)
{
  g_value_set_int64 (result,
                     2 * loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (antecedent), error));
  return TRUE;
}

static void
test_operation (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAsyncOperation) doubled = NULL, again = NULL;

  doubled = loft_async_info_continue_with_operation (LOFT_ASYNC_INFO (operation), G_TYPE_INT64,
                                                     double_it, NULL, NULL);
  again = loft_async_info_continue_with_operation (LOFT_ASYNC_INFO (doubled), G_TYPE_INT64,
                                                   double_it, NULL, NULL);
  loft_operation_complete_int64 (operation, 21);
  test_run_until_ended (NULL, again);
  g_assert_cmpint (loft_async_operation_get_int64 (doubled, NULL), ==, 42);
  g_assert_cmpint (loft_async_operation_get_int64 (again, NULL), ==, 84);
}

static LoftAsyncInfo *
go_on_with (LoftAsyncInfo *antecedent,
            gpointer       inner,
            GError       **error)
{
  return g_object_ref (inner);
}

static void
test_async (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new_completed ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) result = NULL;

  result = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (antecedent), go_on_with, inner,
                                                NULL);
  test_drain (NULL);
  assert_status (result, STARTED);
  loft_action_complete (inner);
  assert_status (result, COMPLETED);
}

/* A continuation that is cancelled before its turn ends at once, and never runs. */
static void
test_cancel (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new ();
  int ran = 0, released = 0;
  g_autoptr (LoftAsyncAction)
    result = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent), go_on, &ran, NULL);
  g_autoptr (LoftAsyncAction) other = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent),
                                                                     go_on, &released, test_count);

  loft_async_info_cancel (LOFT_ASYNC_INFO (result));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (result)));
  assert_status (antecedent, STARTED);
  loft_action_complete (antecedent);
  test_run_until_ended (NULL, other);
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 0);
  g_assert_cmpint (released, ==, 2);
}

/* The data of a continuation is released once, whether it runs or not. The test shows this for the
 * forms that return a value or go on with another object. */

static gboolean
count_and_double (LoftAsyncInfo *antecedent,
                  GValue        *result,
                  gpointer       counts,
                  GError       **error)
{
  test_count (counts);
  return TRUE;
}

static LoftAsyncInfo *
count_and_go_on (LoftAsyncInfo *antecedent,
                 gpointer       counts,
                 GError       **error)
{
  test_count (counts);
  return LOFT_ASYNC_INFO (loft_action_new_completed ());
}

static void
test_released (void)
{
  LoftAsyncStatus ends[] = { LOFT_ASYNC_STATUS_COMPLETED, LOFT_ASYNC_STATUS_CANCELED };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (LoftAction) antecedent = ended (ends[i]);
      g_autoptr (LoftAsyncOperation) value = NULL;
      g_autoptr (LoftAsyncAction) inner = NULL;
      int of_value[2] = { 0, 0 }, of_inner[2] = { 0, 0 };
      int runs = ends[i] == LOFT_ASYNC_STATUS_COMPLETED ? 1 : 0;

      value = loft_async_info_continue_with_operation (LOFT_ASYNC_INFO (antecedent), G_TYPE_INT64,
                                                       count_and_double, of_value, count_release);
      inner = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (antecedent), count_and_go_on,
                                                   of_inner, count_release);
      test_run_until_ended (NULL, value);
      test_run_until_ended (NULL, inner);
      test_drain (NULL);
      g_assert_cmpint (of_value[0], ==, runs);
      g_assert_cmpint (of_value[1], ==, 1);
      g_assert_cmpint (of_inner[0], ==, runs);
      g_assert_cmpint (of_inner[1], ==, 1);
    }
}

/* A continuation that was set in the MTA never runs on the UI thread. */

static gboolean
go_on_in_mta (LoftAsyncInfo *antecedent,
              gpointer       event,
              GError       **error)
{
  g_assert_false (loft_apartment_is_sta ());
  test_event_set (event);
  return TRUE;
}

static void *
continue_in_mta (void *data)
{
  gpointer *pair = data;

  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_async_info_continue_with (pair[0], go_on_in_mta, pair[1], NULL)));
  return NULL;
}

static void
test_mta (void)
{
  TestEvent event = TEST_EVENT_INIT;
  g_autoptr (LoftAction) antecedent = loft_action_new ();
  gpointer pair[2] = { antecedent, &event };

  test_on_thread (continue_in_mta, pair);
  loft_action_complete (antecedent);
  test_event_wait (&event);
}

/* The value of a continuation is converted to the type that was promised, or refused. */
static gboolean
bring_double (LoftAsyncInfo *antecedent,
              GValue        *result,
              gpointer       data,
              GError       **error)
{
  g_value_unset (result);
  g_value_init (result, G_TYPE_DOUBLE);
  g_value_set_double (result, 42.0);
  return TRUE;
}

static gboolean
bring_nothing (LoftAsyncInfo *antecedent,
               GValue        *result,
               gpointer       data,
               GError       **error)
{
  g_value_unset (result);
  return TRUE;
}

static void
test_fits_value (void)
{
  g_autoptr (LoftAction) first = loft_action_new_completed ();
  g_autoptr (LoftAsyncOperation) fits = NULL, nothing = NULL;
  g_autoptr (GError) error = NULL;

  fits = loft_async_info_continue_with_operation (LOFT_ASYNC_INFO (first), G_TYPE_INT64,
                                                  bring_double, NULL, NULL);
  nothing = loft_async_info_continue_with_operation (LOFT_ASYNC_INFO (first), G_TYPE_INT64,
                                                     bring_nothing, NULL, NULL);
  test_run_until_ended (NULL, fits);
  test_run_until_ended (NULL, nothing);
  g_assert_cmpint (loft_async_operation_get_int64 (fits, NULL), ==, 42);
  g_assert_cmpint (loft_async_operation_get_int64 (nothing, &error), ==, 0);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

/* If somebody closes the antecedent before the continuation's turn, the continuation still goes by
 * the antecedent's outcome. */
static void
close_sender (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         data)
{
  g_assert_true (loft_async_info_close (sender, NULL));
}

static LoftAsyncInfo *
give_operation (LoftAsyncAction *action,
                gpointer         operation,
                GError         **error)
{
  return g_object_ref (operation);
}

static void
test_closed_meanwhile (void)
{
  g_autoptr (LoftAction) first = loft_action_new ();
  g_autoptr (LoftAsyncAction) second = NULL, nested = NULL;
  g_autoptr (GError) error = NULL, nested_error = NULL;

  loft_async_info_set_completed (LOFT_ASYNC_INFO (first), close_sender, NULL, NULL, NULL);
  second = loft_async_info_continue_with (LOFT_ASYNC_INFO (first), go_on, NULL, NULL);
  nested = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), LOFT_PRIORITY_HIGH,
                                             give_operation, first, NULL);
  g_main_context_iteration (NULL, FALSE);
  loft_async_base_fail (LOFT_ASYNC_BASE (first),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "disk full"));
  test_run_until_ended (NULL, second);
  test_run_until_ended (NULL, nested);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (second));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  nested_error = loft_async_info_dup_error (LOFT_ASYNC_INFO (nested));
  g_assert_error (nested_error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* A continuation never runs inside of the call that sets it, not even in the MTA when the
 * antecedent has ended. */
static gboolean
note_ran (LoftAsyncInfo *antecedent,
          gpointer       data,
          GError       **error)
{
  g_assert_true (g_thread_self () != ((gpointer *) data)[0]);
  return TRUE;
}

static void *
continue_ended (void *data)
{
  g_autoptr (LoftAction) first = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) second = NULL;
  gpointer self[1] = { g_thread_self () };

  second = loft_async_info_continue_with (LOFT_ASYNC_INFO (first), note_ran, self, NULL);
  g_assert_true (loft_async_action_get (second, NULL));
  return NULL;
}

static void
test_never_inside (void)
{
  test_on_thread (continue_ended, NULL);
}

static gboolean
succeed_with_error (LoftAsyncInfo *antecedent,
                    gpointer       data,
                    GError       **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  return TRUE;
}

/* A handler that succeeds and sets an error contradicts itself. The error is not dropped in
 * silence, whichever form the continuation has. */
static void
test_contradiction (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (LoftAction) done = loft_action_new_completed ();
      g_autoptr (LoftAsyncAction) next =
        i == 0 ? loft_async_info_continue_with (LOFT_ASYNC_INFO (done), succeed_with_error, NULL,
                                                NULL)
               : loft_async_info_always (LOFT_ASYNC_INFO (done), succeed_with_error, NULL, NULL);

      g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*returned TRUE*busy*");
      test_run_until_ended (NULL, next);
      g_test_assert_expected_messages ();
      g_assert_true (loft_async_action_get_results (next, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continuation/table", test_table);
  g_test_add_func ("/continuation/released", test_released);
  g_test_add_func ("/continuation/failures", test_failures);
  g_test_add_func ("/continuation/operation", test_operation);
  g_test_add_func ("/continuation/async", test_async);
  g_test_add_func ("/continuation/cancel", test_cancel);
  g_test_add_func ("/continuation/mta", test_mta);
  g_test_add_func ("/continuation/fits-value", test_fits_value);
  g_test_add_func ("/continuation/closed-meanwhile", test_closed_meanwhile);
  g_test_add_func ("/continuation/never-inside", test_never_inside);
  g_test_add_func ("/continuation/contradiction", test_contradiction);
  return g_test_run ();
}
