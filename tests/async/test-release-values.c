/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* On which thread values that hold objects are freed: results, errors, reports and provisional
 * results. */

#include "witness.h"

static void *
drop_object (void *object)
{
  g_object_unref (object);
  return NULL;
}

static void *
close_object (void *object)
{
  g_assert_true (loft_async_info_close (object, NULL));
  return NULL;
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
}

/* A result that holds an object is freed at the creator's home, also if another thread drops or
 * closes the operation. */

static gboolean
give_witness (LoftAsyncOperation *operation,
              GValue             *result,
              gpointer            ought_to,
              GError            **error)
{
  g_value_take_object (result, witness_new (ought_to));
  return TRUE;
}

static void
test_result (void)
{
  LoftAsyncOperation *dropped =
    loft_thread_pool_run_operation_async (G_TYPE_OBJECT, give_witness, g_thread_self (), NULL);
  g_autoptr (LoftAsyncOperation) closed =
    loft_thread_pool_run_operation_async (G_TYPE_OBJECT, give_witness, g_thread_self (), NULL);

  begin ();
  test_run_until_ended (NULL, dropped);
  test_run_until_ended (NULL, closed);
  test_drain (NULL);
  g_assert_null (death ());
  test_on_thread (drop_object, dropped);
  run_until_deaths (1);
  test_on_thread (close_object, closed);
  run_until_deaths (2);
}

/* A result that came after a cancel is freed at the creator's home, too. */

static gboolean
give_witness_too_late (LoftAsyncOperation *operation,
                       GValue             *result,
                       gpointer            ought_to,
                       GError            **error)
{
  loft_async_info_cancel (LOFT_ASYNC_INFO (operation));
  return give_witness (operation, result, ought_to, error);
}

static void
test_lost_result (void)
{
  g_autoptr (LoftAsyncOperation) operation = NULL;

  begin ();
  operation = loft_thread_pool_run_operation_async (G_TYPE_OBJECT, give_witness_too_late,
                                                    g_thread_self (), NULL);
  test_run_until_ended (NULL, operation);
  assert_status (operation, CANCELED);
  run_until_deaths (1);
}

/* An error can hold an object only if its domain is an extended one. It is freed at the creator's
 * home. */

typedef struct
{
  GThread *ought_to;
} HeldErrorPrivate;

static void
held_error_private_init (HeldErrorPrivate *held)
{
}

static void
held_error_private_copy (const HeldErrorPrivate *from,
                         HeldErrorPrivate       *to)
{
  to->ought_to = from->ought_to;
}

static void
held_error_private_clear (HeldErrorPrivate *held)
{
  note_death (held->ought_to);
}

static GQuark held_error_quark (void);
G_DEFINE_EXTENDED_ERROR (HeldError, held_error)

static gboolean
fail_with_witness (LoftAsyncAction *action,
                   gpointer         ought_to,
                   GError         **error)
{
  g_set_error_literal (error, held_error_quark (), 0, "with something in it");
  held_error_get_private (*error)->ought_to = ought_to;
  return FALSE;
}

static void
test_error (void)
{
  LoftAsyncAction *action = loft_thread_pool_run_async (fail_with_witness, g_thread_self (), NULL);
  GError *error = NULL;

  begin ();
  test_run_until_ended (NULL, action);
  test_drain (NULL);
  g_assert_null (death ()); /* the error was taken, and nobody has freed it */
  g_assert_false (loft_async_action_get_results (action, &error));
  g_assert_error (error, held_error_quark (), 0);
  test_on_thread (drop_object, action);
  run_until_deaths (1);
  g_error_free (error); /* the caller's own copy */
  run_until_deaths (2);
}

/* Reports are freed at their handler's home, including those that newer ones overtook with
 * LOFT_PROGRESS_LATEST. Provisional results are freed at the creator's home. */

enum
{
  N_REPORTS = 100
};

static gboolean
report_witnesses (LoftAsyncOperation *operation,
                  GValue             *result,
                  gpointer            witnesses,
                  GError            **error)
{
  for (guint i = 0; i < N_REPORTS; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT, provisional = G_VALUE_INIT;

      g_value_init (&value, G_TYPE_OBJECT);
      g_value_init (&provisional, G_TYPE_OBJECT);
      g_value_set_object (&value, g_ptr_array_index ((GPtrArray *) witnesses, 2 * i));
      g_value_set_object (&provisional, g_ptr_array_index ((GPtrArray *) witnesses, 2 * i + 1));
      loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (operation), &provisional);
      loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value);
    }
  return TRUE;
}

static void
test_reports (void)
{
  LoftProgressFlags flags[] = { LOFT_PROGRESS_ALL, LOFT_PROGRESS_LATEST };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (LoftAsyncOperation) operation = NULL;
      /* The array is the work's data, and so released here. The worker's own references are never
       * the last. */
      GPtrArray *witnesses = g_ptr_array_new_with_free_func (g_object_unref);

      begin ();
      for (int n = 0; n < 2 * N_REPORTS; n++)
        g_ptr_array_add (witnesses, witness_new (g_thread_self ()));
      operation = loft_thread_pool_run_operation_with_progress_async (G_TYPE_OBJECT, G_TYPE_OBJECT,
                                                                      report_witnesses, witnesses,
                                                                      (GDestroyNotify)
                                                                        g_ptr_array_unref);
      loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), flags[i],
                                             on_progress, NULL, NULL, NULL);
      test_run_until_ended (NULL, operation);
      g_clear_object (&operation);
      run_until_deaths (2 * N_REPORTS);
    }
}

/* If the poster has no home, the result of its work and the provisional results are freed on the
 * thread that made them. */

static gboolean
give_both (LoftAsyncOperation *operation,
           GValue             *result,
           gpointer            user_data,
           GError            **error)
{
  g_auto (GValue) provisional = G_VALUE_INIT;

  g_value_init (&provisional, G_TYPE_OBJECT);
  g_value_take_object (&provisional, witness_new (g_thread_self ()));
  g_assert_true (
    loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (operation), &provisional));
  return give_witness (operation, result, g_thread_self (), error);
}

static void *
post_to_home (void *out_operation)
{
  *(LoftAsyncOperation **) out_operation =
    loft_dispatcher_run_operation_with_progress_async (loft_dispatcher_get_default (),
                                                       LOFT_PRIORITY_NORMAL, G_TYPE_OBJECT,
                                                       G_TYPE_INT, give_both, NULL, NULL);
  return NULL;
}

static void
test_poster_without_home (void)
{
  LoftAsyncOperation *operation = NULL;

  begin ();
  test_on_thread (post_to_home, &operation);
  test_run_until_ended (NULL, operation);
  test_on_thread (drop_object, operation);
  run_until_deaths (2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/release-values/result", test_result);
  g_test_add_func ("/release-values/lost-result", test_lost_result);
  g_test_add_func ("/release-values/error", test_error);
  g_test_add_func ("/release-values/reports", test_reports);
  g_test_add_func ("/release-values/poster-without-home", test_poster_without_home);
  return g_test_run ();
}
