/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is freed where: a sentence of the design each. A witness knows the thread where it ought to die. */

#include "second-home.h"

typedef struct
{
  GObject parent_instance;
  GThread *ought_to; /* NULL: wherever */
} Witness;
typedef GObjectClass WitnessClass;

/* atomic */
static int deaths, strays;
static GThread *died_on; /* the last one */

GType witness_get_type (void);
G_DEFINE_TYPE (Witness, witness, G_TYPE_OBJECT)

static void
note_death (GThread *ought_to)
{
  if (ought_to != NULL && ought_to != g_thread_self ())
    test_count (&strays);
  __atomic_store_n (&died_on, g_thread_self (), __ATOMIC_RELEASE);
  test_count (&deaths);
}

static void
witness_finalize (GObject *object)
{
  note_death (((Witness *) object)->ought_to);
  G_OBJECT_CLASS (witness_parent_class)->finalize (object);
}

static void
witness_class_init (WitnessClass *klass)
{
  klass->finalize = witness_finalize;
}

static void
witness_init (Witness *self)
{
}

static gpointer
witness_new (GThread *ought_to)
{
  Witness *self = g_object_new (witness_get_type (), NULL);

  self->ought_to = ought_to;
  return self;
}

static void
begin (void)
{
  __atomic_store_n (&deaths, 0, __ATOMIC_RELEASE);
  __atomic_store_n (&strays, 0, __ATOMIC_RELEASE);
  __atomic_store_n (&died_on, NULL, __ATOMIC_RELEASE);
}

static GThread *
death (void)
{
  return __atomic_load_n (&died_on, __ATOMIC_ACQUIRE);
}

/* Runs the main loop until @n witnesses died, and sees that each did where it ought to. */
static void
run_until_deaths (int n)
{
  while (test_get (&deaths) < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_get (&deaths), ==, n);
  g_assert_cmpint (test_get (&strays), ==, 0);
}

static void *
complete_action (void *action)
{
  g_assert_true (loft_action_complete (action));
  return NULL;
}

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

/* Data of a handler: the setter's home, also when the object dies elsewhere and it never ran. */

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
}

static void
test_handler_data (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAction *dropped = loft_action_new_with_progress (G_TYPE_INT);

  begin ();
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, witness_new (g_thread_self ()), g_object_unref, NULL);
  test_on_thread (complete_action, action);
  g_assert_null (death ());
  run_until_deaths (1);

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (dropped), 0, on_progress, witness_new (g_thread_self ()),
                                         g_object_unref, NULL);
  test_on_thread (drop_object, dropped);
  run_until_deaths (2);
}

/* Data of an item: on the dispatcher's thread, run or not. */
static void
test_item_data (void)
{
  Home *home = home_new ();
  g_autoptr (LoftAsyncAction) ran = NULL, canceled = NULL;

  begin ();
  ran = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (home->self), g_object_unref);
  test_run_until_ended (NULL, ran);
  g_assert_cmpint (test_get (&deaths), ==, 1); /* before the end is announced */

  canceled = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (home->self), g_object_unref);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  test_run_until_ended (NULL, canceled);
  home_free (home);
  run_until_deaths (2);
  g_assert_false (loft_async_action_get_results (ran, NULL)); /* looked at */
}

/* Data of pool work: the poster's home, also when it was cancelled; a poster without one: the worker. */

static gboolean
do_nothing (LoftAsyncAction *action,
            gpointer         user_data,
            GError         **error)
{
  return TRUE;
}

static void *
post_from_mta (void *data)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_fail, witness_new (NULL), g_object_unref);

  g_assert_false (loft_async_action_get (action, NULL));
  g_assert_true (death () != NULL && death () != g_thread_self ());
  return NULL;
}

static void
test_pool_data (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  action = loft_thread_pool_run_async (test_fail, witness_new (g_thread_self ()), g_object_unref);
  run_until_deaths (1);
  test_run_until_ended (NULL, action);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));

  for (int i = 0; i < 100; i++) /* some before they began, some after */
    {
      g_autoptr (LoftAsyncAction) canceled =
        loft_thread_pool_run_async (do_nothing, witness_new (g_thread_self ()), g_object_unref);

      loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
    }
  run_until_deaths (101);

  begin ();
  test_on_thread (post_from_mta, NULL);
}

/* Results that hold objects: the creator's home; also of an object that another thread closes. */

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

/* A result that lost to a cancel is freed there too. */

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
  operation = loft_thread_pool_run_operation_async (G_TYPE_OBJECT, give_witness_too_late, g_thread_self (), NULL);
  test_run_until_ended (NULL, operation);
  assert_status (operation, CANCELED);
  run_until_deaths (1);
}

/* Errors that hold objects, which only an extended domain can: the creator's home. */

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
  g_assert_null (death ()); /* it was taken, and nobody has let it go */
  g_assert_false (loft_async_action_get_results (action, &error));
  g_assert_error (error, held_error_quark (), 0);
  test_on_thread (drop_object, action);
  run_until_deaths (1);
  g_error_free (error); /* the caller's own copy */
  run_until_deaths (2);
}

/* What is reported on the way: reports at their handler's home, all of them and also those that LATEST overtook;
 * provisional results at the creator's home. */

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
      /* The work's data, and so released here: the worker's own copies are never the last. */
      GPtrArray *witnesses = g_ptr_array_new_with_free_func (g_object_unref);

      begin ();
      for (int n = 0; n < 2 * N_REPORTS; n++)
        g_ptr_array_add (witnesses, witness_new (g_thread_self ()));
      operation = loft_thread_pool_run_operation_with_progress_async (G_TYPE_OBJECT, G_TYPE_OBJECT, report_witnesses, witnesses,
                                                                      (GDestroyNotify) g_ptr_array_unref);
      loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), flags[i], on_progress, NULL, NULL, NULL);
      test_run_until_ended (NULL, operation);
      g_clear_object (&operation);
      run_until_deaths (2 * N_REPORTS);
    }
}

/* Of a handler that a thread of the MTA set: in the MTA, also when a thread with a home ends the object. */

static void
note_release (gpointer unused)
{
  g_assert_false (loft_apartment_is_sta ());
  note_death (NULL);
}

static void
on_cancel (LoftAsyncBase *self,
           gpointer       user_data)
{
}

static void *
listen_in_the_mta (void *action)
{
  loft_async_with_progress_set_progress (action, LOFT_PROGRESS_ALL, on_progress, NULL, note_release, NULL);
  loft_async_base_set_cancel_handler (action, on_cancel, NULL, note_release);
  return NULL;
}

static void
test_handler_data_of_the_mta (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);

  begin ();
  test_on_thread (listen_in_the_mta, action);
  loft_action_complete (action);
  while (test_get (&deaths) < 2)
    g_thread_yield ();
}

/* A poster without a home: what its work makes belongs to the thread that made it, the result and also what there was on
 * the way to it. */

static gboolean
give_both (LoftAsyncOperation *operation,
           GValue             *result,
           gpointer            user_data,
           GError            **error)
{
  g_auto (GValue) provisional = G_VALUE_INIT;

  g_value_init (&provisional, G_TYPE_OBJECT);
  g_value_take_object (&provisional, witness_new (g_thread_self ()));
  g_assert_true (loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (operation), &provisional));
  return give_witness (operation, result, g_thread_self (), error);
}

static void *
post_to_home (void *out_operation)
{
  *(LoftAsyncOperation **) out_operation = loft_dispatcher_run_operation_with_progress_async (
    loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, G_TYPE_OBJECT, G_TYPE_INT, give_both, NULL, NULL);
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
  g_test_add_func ("/release/handler-data", test_handler_data);
  g_test_add_func ("/release/item-data", test_item_data);
  g_test_add_func ("/release/pool-data", test_pool_data);
  g_test_add_func ("/release/result", test_result);
  g_test_add_func ("/release/lost-result", test_lost_result);
  g_test_add_func ("/release/error", test_error);
  g_test_add_func ("/release/reports", test_reports);
  g_test_add_func ("/release/handler-data-of-the-mta", test_handler_data_of_the_mta);
  g_test_add_func ("/release/poster-without-home", test_poster_without_home);
  return g_test_run ();
}
