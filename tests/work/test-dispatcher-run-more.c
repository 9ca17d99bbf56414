/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The other forms of posting: when the dispatcher is idle, as a try, nested, and at once if this is
 * the dispatcher's thread. */

#include "test-util.h"

static void
forget (gpointer info)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (info));
}

static gboolean
idle_handler (LoftAsyncAction *action,
              LoftDispatcher  *d,
              gpointer         user_data,
              GError         **error)
{
  g_assert_cmpint (loft_dispatcher_get_current_priority (d), ==, LOFT_PRIORITY_IDLE);
  g_assert_true (loft_dispatcher_is_idle (d));
  g_assert_true (
    loft_dispatcher_try_enqueue (d, LOFT_PRIORITY_NORMAL, test_count, user_data, NULL));
  g_assert_false (loft_dispatcher_is_idle (d));
  return TRUE;
}

static void
test_idle (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  int n = 0;
  g_autoptr (LoftAsyncAction) idle = loft_dispatcher_run_idle_async (d, idle_handler, &n, NULL);
  g_autoptr (LoftAsyncOperation) try_idle = NULL;
  g_autoptr (LoftAsyncOperation)
    try_run = loft_dispatcher_try_run_async (d, LOFT_PRIORITY_LOW, test_succeed, &n, NULL);

  test_drain (NULL);
  try_idle = loft_dispatcher_try_run_idle_async (d, idle_handler, &n, NULL);
  test_drain (NULL);
  assert_status (idle, COMPLETED);
  g_assert_true (loft_async_operation_get_boolean (try_idle, NULL));
  g_assert_true (loft_async_operation_get_boolean (try_run, NULL));
  g_assert_cmpint (n, ==, 3);
}

/* While a source of its context is ready, a dispatcher is not idle. */
static gboolean
on_source (gpointer flag)
{
  *(int *) flag = 1;
  return G_SOURCE_REMOVE;
}

static gboolean
ask_idle_beside_a_source (LoftAsyncAction *action,
                          LoftDispatcher  *d,
                          gpointer         user_data,
                          GError         **error)
{
  g_assert_true (loft_dispatcher_is_idle (d));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_source, user_data, NULL);
  g_assert_false (loft_dispatcher_is_idle (d));
  return TRUE;
}

static void
test_idle_sees_sources (void)
{
  int flag = 0;

  forget (loft_dispatcher_run_idle_async (loft_dispatcher_get_default (), ask_idle_beside_a_source,
                                          &flag, NULL));
  test_run_until (NULL, &flag);
}

/* A ready source below the priority of Low does not count. Asking any number of times leaves
 * nothing behind: no source waits for a dispatch that does not come, and none is dispatched
 * twice. */

static gboolean
ask_idle_often (LoftAsyncAction *action,
                LoftDispatcher  *d,
                gpointer         user_data,
                GError         **error)
{
  int *counts = user_data;
  GSource *low, *high;

  low = g_idle_source_new ();
  g_source_set_priority (low, G_PRIORITY_LOW);
  g_source_set_callback (low, on_source, &counts[0], NULL);
  g_source_attach (low, NULL);
  for (int i = 0; i < 100; i++)
    g_assert_true (loft_dispatcher_is_idle (d));

  high = g_idle_source_new ();
  g_source_set_priority (high, G_PRIORITY_HIGH);
  g_source_set_callback (high, on_source, &counts[1], NULL);
  g_source_attach (high, NULL);
  for (int i = 0; i < 100; i++)
    g_assert_false (loft_dispatcher_is_idle (d));
  g_assert_cmpint (counts[0] + counts[1], ==, 0); /* asking dispatches nothing */

  g_source_destroy (high);
  g_source_unref (high);
  g_assert_true (loft_dispatcher_is_idle (d));
  g_source_unref (low);
  return TRUE;
}

static void
test_idle_leaves_nothing (void)
{
  int counts[2] = { 0, 0 };
  g_autoptr (LoftAsyncAction) action =
    loft_dispatcher_run_idle_async (loft_dispatcher_get_default (), ask_idle_often, counts, NULL);

  test_run_until (NULL, &counts[0]);
  assert_status (action, COMPLETED);
  g_assert_cmpint (counts[1], ==, 0);
}

/* The handler of a try gets the same object that the poster has. For the handler it is an action,
 * and for the poster an operation with a boolean result. */

static gboolean
know_action (LoftAsyncAction *action,
             gpointer         known,
             GError         **error)
{
  g_assert_true (LOFT_IS_ASYNC_ACTION (action));
  *(gpointer *) known = action;
  return TRUE;
}

static void
test_try (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  gpointer known = NULL;
  g_autoptr (LoftAsyncOperation)
    ran = loft_dispatcher_try_run_async (d, 0, know_action, &known, NULL);
  g_autoptr (LoftAsyncOperation)
    failed = loft_dispatcher_try_run_async (d, 0, test_fail, NULL, NULL);
  g_autoptr (LoftAsyncOperation)
    canceled = loft_dispatcher_try_run_async (d, 0, know_action, &known, NULL);
  g_autoptr (GError) error = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  test_drain (NULL);
  g_assert_true (known == ran);
  g_assert_true (loft_async_operation_get_boolean (ran, NULL));
  assert_status (canceled, CANCELED);
  g_assert_false (loft_async_operation_get_boolean (failed, &error)); /* it ran, and it failed */
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static LoftAsyncInfo *
go_on (LoftAsyncAction *action,
       gpointer         inner,
       GError         **error)
{
  return g_object_ref (inner);
}

static LoftAsyncInfo *
go_nowhere (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  return NULL;
}

static LoftAsyncInfo *
go_on_with_itself (LoftAsyncAction *action,
                   gpointer         inner,
                   GError         **error)
{
  return LOFT_ASYNC_INFO (g_object_ref (action));
}

/* The outer action ends with the inner one, and a cancel of the outer action cancels the inner
 * one. */
static void
test_nested (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAction) canceled_inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = loft_dispatcher_run_nested_async (d, 0, go_on, inner, NULL);
  g_autoptr (LoftAsyncAction)
    canceled = loft_dispatcher_run_nested_async (d, 0, go_on, canceled_inner, NULL);
  g_autoptr (LoftAsyncAction)
    nowhere = loft_dispatcher_run_nested_async (d, 0, go_nowhere, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    itself = loft_dispatcher_run_nested_async (d, 0, go_on_with_itself, NULL, NULL);
  g_autoptr (GError) error = NULL, nowhere_error = NULL;

  test_drain (NULL);
  assert_status (outer, STARTED);
  loft_async_base_fail (LOFT_ASYNC_BASE (inner),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
  g_assert_false (loft_async_action_get_results (outer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);

  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  assert_status (canceled_inner, CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (canceled)));
  loft_action_complete (canceled_inner);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (canceled)));
  assert_status (canceled, CANCELED);

  g_assert_false (loft_async_action_get_results (nowhere, &nowhere_error));
  g_assert_error (nowhere_error, LOFT_ERROR, LOFT_ERROR_FAILED);
  g_clear_error (&nowhere_error);
  g_assert_false (loft_async_action_get_results (itself, &nowhere_error));
  g_assert_error (nowhere_error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
}

static void
test_invoke (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  int here = 0, there = 0;
  g_autoptr (LoftAsyncAction)
    at_home = loft_dispatcher_invoke_async (loft_dispatcher_get_default (), 0, test_succeed, &here,
                                            NULL);
  g_autoptr (LoftAsyncAction)
    away = loft_dispatcher_invoke_async (other, 0, test_succeed, &there, NULL);

  g_assert_cmpint (here, ==, 1);
  assert_status (at_home, COMPLETED);
  g_assert_cmpint (there, ==, 0);
  test_run_until_ended (context, away);
  g_assert_cmpint (there, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher-run-more/idle", test_idle);
  g_test_add_func ("/dispatcher-run-more/idle-sees-sources", test_idle_sees_sources);
  g_test_add_func ("/dispatcher-run-more/idle-leaves-nothing", test_idle_leaves_nothing);
  g_test_add_func ("/dispatcher-run-more/try", test_try);
  g_test_add_func ("/dispatcher-run-more/nested", test_nested);
  g_test_add_func ("/dispatcher-run-more/invoke", test_invoke);
  return g_test_run ();
}
