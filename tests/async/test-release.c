/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* On which thread user data is freed: the data of handlers, of items and of pool work. */

#include "witness.h"

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

/* The data of a handler is freed at the setter's home, also if the handler never ran and the object
 * dies on another thread. */

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
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed,
                                 witness_new (g_thread_self ()), g_object_unref, NULL);
  test_on_thread (complete_action, action);
  g_assert_null (death ());
  run_until_deaths (1);

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (dropped), 0, on_progress,
                                         witness_new (g_thread_self ()), g_object_unref, NULL);
  test_on_thread (drop_object, dropped);
  run_until_deaths (2);
}

/* The data of an item is freed on the dispatcher's thread, whether the item ran or not. */
static void
test_item_data (void)
{
  Home *home = home_new ();
  g_autoptr (LoftAsyncAction) ran = NULL, canceled = NULL;

  begin ();
  ran = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (home->self),
                                   g_object_unref);
  test_run_until_ended (NULL, ran);
  g_assert_cmpint (test_get (&deaths), ==, 1); /* before the end is announced */

  canceled = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (home->self),
                                        g_object_unref);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  test_run_until_ended (NULL, canceled);
  home_free (home);
  run_until_deaths (2);
  g_assert_false (loft_async_action_get_results (ran, NULL)); /* a look at the error */
}

/* The data of pool work is freed at the poster's home, also if the work was cancelled. If the
 * poster has no home, the worker frees it. */

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
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (test_fail, witness_new (NULL), g_object_unref);

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

/* The data of a handler that was set by a thread of the MTA is freed in the MTA, also if a thread
 * with a home ends the object. */

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
  loft_async_with_progress_set_progress (action, LOFT_PROGRESS_ALL, on_progress, NULL, note_release,
                                         NULL);
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
    sched_yield ();
}

/* Notes in which order data is released and handlers are called. */

static GString *said;

static void
say_released (gpointer data)
{
  g_string_append (said, "released ");
}

static void
say_handled (LoftAsyncInfo   *sender,
             LoftAsyncStatus  status,
             gpointer         data)
{
  g_string_append (said, "handled ");
}

static void
assert_log (const char *expected)
{
  g_assert_cmpstr (said->str, ==, expected);
  g_string_set_size (said, 0);
}

/* Pool work has ended, and its data is still on its way to the poster's home. A handler that is set
 * there in the meantime is called after the data was released. */
static void
test_handler_joins_release (void)
{
  said = g_string_new (NULL);
  for (int priority = LOFT_PRIORITY_LOW; priority <= LOFT_PRIORITY_HIGH; priority++)
    {
      g_autoptr (LoftAsyncAction)
        action = loft_thread_pool_run_with_options_async (priority, LOFT_WORK_DEFAULT, do_nothing,
                                                          NULL, say_released);

      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), say_handled, NULL, NULL, NULL);
      assert_log ("");
      test_drain (NULL);
      assert_log ("released handled ");
    }
  g_string_free (said, TRUE);
}

static void *
cancel_it (void *action)
{
  loft_async_info_cancel (action);
  return NULL;
}

/* The order is the same if another thread cancels the work before its turn. */
static void
test_cancelled_joins_release (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new_serial ();
  TestEvent go_on = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) first = loft_limiter_run_async (limiter, test_hold, &go_on, NULL);
  g_autoptr (LoftAsyncAction)
    waiting = loft_limiter_run_async (limiter, test_fail, NULL, say_released);

  said = g_string_new (NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (waiting), say_handled, NULL, NULL, NULL);
  test_on_thread (cancel_it, waiting);
  test_drain (NULL);
  assert_log ("released handled ");
  g_string_free (said, TRUE);
  test_event_set (&go_on);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (first), NULL));
}

/* The inner action of nested work may use the data of that work. So the data is there until the
 * inner action has ended, and not only until the handler has returned. */

static int gone_on;

static LoftAsyncInfo *
go_on_with (LoftAsyncInfo *antecedent,
            gpointer       inner,
            GError       **error)
{
  test_count (&gone_on);
  return g_object_ref (*(LoftAsyncInfo **) inner);
}

static LoftAsyncInfo *
run_nested (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  test_count (&gone_on);
  return g_object_ref (*(LoftAsyncInfo **) inner);
}

static gpointer
begin_nested (int             form,
              LoftAsyncInfo **inner,
              LoftLimiter    *limiter)
{
  g_autoptr (LoftAction) done = loft_action_new ();

  loft_action_complete (done);
  switch (form)
    {
    case 0:
      return loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), LOFT_PRIORITY_HIGH,
                                               run_nested, inner, say_released);
    case 1:
      return loft_limiter_run_nested_async (limiter, run_nested, inner, say_released);
    default:
      return loft_async_info_continue_with_async (LOFT_ASYNC_INFO (done), go_on_with, inner,
                                                  say_released);
    }
}

static void *
fail_it (void *action)
{
  loft_async_base_fail (action, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as asked"));
  return NULL;
}

static void
test_nested_data (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new_serial ();

  said = g_string_new (NULL);
  for (int form = 0; form < 3; form++)
    {
      g_autoptr (LoftAction) inner = loft_action_new ();
      LoftAsyncInfo *info = LOFT_ASYNC_INFO (inner);
      g_autoptr (GObject) nested = begin_nested (form, &info, limiter);

      loft_async_info_set_completed (LOFT_ASYNC_INFO (nested), say_handled, NULL, NULL, NULL);
      while (test_get (&gone_on) == form)
        g_main_context_iteration (NULL, FALSE);
      test_drain (NULL);
      assert_log ("");
      test_on_thread (fail_it, inner);
      while (strstr (said->str, "handled") == NULL) /* the data is still on its way */
        g_main_context_iteration (NULL, TRUE);
      assert_log ("released handled ");
    }
  g_string_free (said, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/release/handler-data", test_handler_data);
  g_test_add_func ("/release/item-data", test_item_data);
  g_test_add_func ("/release/pool-data", test_pool_data);
  g_test_add_func ("/release/handler-joins-release", test_handler_joins_release);
  g_test_add_func ("/release/cancelled-joins-release", test_cancelled_joins_release);
  g_test_add_func ("/release/nested-data", test_nested_data);
  g_test_add_func ("/release/handler-data-of-the-mta", test_handler_data_of_the_mta);
  return g_test_run ();
}
