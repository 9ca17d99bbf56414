/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The posting forms: what runs, in which order, how the action ends, what a handler may do to itself. */

#include "test-util.h"

static LoftDispatcher *dispatcher;
static GString *order;

static void
note (gpointer user_data)
{
  g_string_append (order, user_data);
}

static gboolean
note_action (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  assert_status (action, STARTED);
  g_string_append (order, user_data);
  return TRUE;
}

static void
enqueue (LoftPriority priority,
         const char  *name)
{
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, priority, note, (gpointer) name, NULL));
}

static void
forget (gpointer info)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (info));
}

static void
set_up (void)
{
  dispatcher = loft_dispatcher_get_default ();
  order = g_string_new (NULL);
}

static const char *
drained (void)
{
  test_drain (NULL);
  return order->str;
}

static void
test_lanes (void)
{
  set_up ();
  enqueue (LOFT_PRIORITY_IDLE, "i");
  enqueue (LOFT_PRIORITY_LOW, "l");
  enqueue (LOFT_PRIORITY_NORMAL, "n");
  enqueue (LOFT_PRIORITY_HIGH, "h");
  enqueue (LOFT_PRIORITY_NORMAL, "N");
  enqueue (LOFT_PRIORITY_HIGH, "H");
  g_assert_cmpstr (drained (), ==, "hHnNli");
  g_string_free (order, TRUE);
}

static gboolean
post_high (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  g_string_append (order, "1");
  enqueue (LOFT_PRIORITY_HIGH, "H");
  enqueue (LOFT_PRIORITY_NORMAL, "3");
  return TRUE;
}

/* A High item never waits for a batch of Normal ones; a re-entrant post keeps its lane's order. */
static void
test_high_cuts_in (void)
{
  set_up ();
  forget (loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, post_high, NULL, NULL));
  enqueue (LOFT_PRIORITY_NORMAL, "2");
  g_assert_cmpstr (drained (), ==, "1H23");
  g_string_free (order, TRUE);
}

static void
test_never_inline (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  set_up ();
  action = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_HIGH, note_action, "x", NULL);
  g_assert_cmpstr (order->str, ==, "");
  assert_status (action, STARTED);
  g_assert_cmpstr (drained (), ==, "x");
  assert_status (action, COMPLETED);
  g_string_free (order, TRUE);
}

static gboolean
fail_silently (LoftAsyncAction *action,
               gpointer         user_data,
               GError         **error)
{
  return FALSE;
}

static gboolean
cancel_by_error (LoftAsyncAction *action,
                 gpointer         user_data,
                 GError         **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
  return FALSE;
}

static void
test_verdicts (void)
{
  LoftDispatcher *main_dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) failed = loft_dispatcher_run_async (main_dispatcher, 0, test_fail, NULL, NULL);
  g_autoptr (LoftAsyncAction) silent = loft_dispatcher_run_async (main_dispatcher, 0, fail_silently, NULL, NULL);
  g_autoptr (LoftAsyncAction) canceled = loft_dispatcher_run_async (main_dispatcher, 0, cancel_by_error, NULL, NULL);
  g_autoptr (GError) error = NULL, silent_error = NULL;

  test_run_until_ended (NULL, canceled);
  assert_status (failed, ERROR);
  g_assert_false (loft_async_action_get_results (failed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_status (silent, ERROR);
  g_assert_false (loft_async_action_get_results (silent, &silent_error));
  g_assert_error (silent_error, LOFT_ERROR, LOFT_ERROR_FAILED);
  g_assert_nonnull (strstr (silent_error->message, "TRUE is success here"));
  assert_status (canceled, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (canceled)), ==, LOFT_CANCEL_REASON_BY_WORK);
}

static void
test_cancel_before_its_turn (void)
{
  int ran = 0, released = 0;
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, test_succeed, &released,
                                                                  test_count);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (released, ==, 0); /* its data goes on the dispatcher's thread, when its node comes up */
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1); /* released once, and test_succeed did not count it too */
  g_assert_cmpint (ran, ==, 0);
}

static gboolean
give_answer (LoftAsyncOperation *operation,
             GValue             *result,
             gpointer            user_data,
             GError            **error)
{
  g_value_set_int64 (result, 42);
  return TRUE;
}

static gboolean
report_and_answer (LoftAsyncOperation *operation,
                   GValue             *result,
                   gpointer            user_data,
                   GError            **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, 0.5);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value);
  g_value_set_int64 (result, 43);
  return TRUE;
}

static gboolean
report_action (LoftAsyncAction *action,
               gpointer         user_data,
               GError         **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, 1.0);
  return loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
  test_count (user_data);
}

static void
test_operations (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncOperation) plain = loft_dispatcher_run_operation_async (d, 0, G_TYPE_INT64, give_answer, NULL, NULL);
  g_autoptr (LoftAsyncOperation) with = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  int reports = 0;

  with = loft_dispatcher_run_operation_with_progress_async (d, 0, G_TYPE_INT64, G_TYPE_DOUBLE, report_and_answer, NULL, NULL);
  action = loft_dispatcher_run_with_progress_async (d, 0, G_TYPE_DOUBLE, report_action, NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (with), 0, on_progress, &reports, NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress, &reports, NULL, NULL);
  g_assert_false (LOFT_IS_ASYNC_WITH_PROGRESS (plain));
  test_drain (NULL);
  g_assert_cmpint (loft_async_operation_get_int64 (plain, NULL), ==, 42);
  g_assert_cmpint (loft_async_operation_get_int64 (with, NULL), ==, 43);
  assert_status (action, COMPLETED);
  g_assert_cmpint (reports, ==, 2);
}

static gboolean
idle_handler (LoftAsyncAction *action,
              LoftDispatcher  *d,
              gpointer         user_data,
              GError         **error)
{
  g_assert_cmpint (loft_dispatcher_get_current_priority (d), ==, LOFT_PRIORITY_IDLE);
  g_assert_true (loft_dispatcher_is_idle (d));
  g_assert_true (loft_dispatcher_try_enqueue (d, LOFT_PRIORITY_NORMAL, test_count, user_data, NULL));
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
  g_autoptr (LoftAsyncOperation) try_run = loft_dispatcher_try_run_async (d, LOFT_PRIORITY_LOW, test_succeed, &n, NULL);

  test_drain (NULL);
  try_idle = loft_dispatcher_try_run_idle_async (d, idle_handler, &n, NULL);
  test_drain (NULL);
  assert_status (idle, COMPLETED);
  g_assert_true (loft_async_operation_get_boolean (try_idle, NULL));
  g_assert_true (loft_async_operation_get_boolean (try_run, NULL));
  g_assert_cmpint (n, ==, 3);
}

/* A source of the context that is ready makes the dispatcher not idle. */
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

  forget (loft_dispatcher_run_idle_async (loft_dispatcher_get_default (), ask_idle_beside_a_source, &flag, NULL));
  test_run_until (NULL, &flag);
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

/* The outer action ends with the inner one, and cancels it. */
static void
test_nested (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAction) canceled_inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = loft_dispatcher_run_nested_async (d, 0, go_on, inner, NULL);
  g_autoptr (LoftAsyncAction) canceled = loft_dispatcher_run_nested_async (d, 0, go_on, canceled_inner, NULL);
  g_autoptr (LoftAsyncAction) nowhere = loft_dispatcher_run_nested_async (d, 0, go_nowhere, NULL, NULL);
  g_autoptr (LoftAsyncAction) itself = loft_dispatcher_run_nested_async (d, 0, go_on_with_itself, NULL, NULL);
  g_autoptr (GError) error = NULL, nowhere_error = NULL;

  test_drain (NULL);
  assert_status (outer, STARTED);
  loft_async_base_fail (LOFT_ASYNC_BASE (inner), g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
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
  g_autoptr (LoftAsyncAction) at_home = loft_dispatcher_invoke_async (loft_dispatcher_get_default (), 0, test_succeed, &here,
                                                                      NULL);
  g_autoptr (LoftAsyncAction) away = loft_dispatcher_invoke_async (other, 0, test_succeed, &there, NULL);

  g_assert_cmpint (here, ==, 1);
  assert_status (at_home, COMPLETED);
  g_assert_cmpint (there, ==, 0);
  test_run_until_ended (context, away);
  g_assert_cmpint (there, ==, 1);
}

/* What a handler may do to itself. */

typedef struct
{
  LoftAsyncAction *action;
  int handled;
  int ran;
} Self;

static gboolean
misbehave (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  Self *self = user_data;
  g_autoptr (GError) close_error = NULL, get_error = NULL;

  self->ran++;
  g_clear_object (&self->action); /* the caller's reference */
  g_assert_false (loft_async_action_get (action, &get_error));
  g_assert_error (get_error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &close_error));
  g_assert_error (close_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  forget (loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, test_succeed, &self->ran, NULL));
  return TRUE;
}

static void
on_misbehaved (LoftAsyncInfo   *sender,
               LoftAsyncStatus  status,
               gpointer         user_data)
{
  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_true (loft_async_info_close (sender, NULL));
  ((Self *) user_data)->handled++;
}

static void
test_handler_against_itself (void)
{
  Self self = { NULL };

  self.action = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, misbehave, &self, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (self.action), on_misbehaved, &self, NULL, NULL);
  test_drain (NULL);
  g_assert_null (self.action);
  g_assert_cmpint (self.handled, ==, 1);
  g_assert_cmpint (self.ran, ==, 2);
}

/* A handler that runs a loop of its own until a later item of the same lane has come. */
static gboolean
run_nested_loop (LoftAsyncAction *action,
                 gpointer         loop,
                 GError         **error)
{
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==, LOFT_PRIORITY_LOW);
  g_main_loop_run (loop);
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==, LOFT_PRIORITY_LOW);
  return TRUE;
}

static void
quit_nested_loop (gpointer loop)
{
  g_main_loop_quit (loop);
}

static void
test_nested_loop (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LoftAsyncAction) action = NULL;

  action = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, run_nested_loop, loop, NULL);
  loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, quit_nested_loop, loop, NULL);
  test_run_until_ended (NULL, action);
  assert_status (action, COMPLETED);
}

/* Items in the queue. */

static void
test_set_item_priority (void)
{
  g_autoptr (LoftAsyncAction) a = NULL, b = NULL, c = NULL;

  set_up ();
  a = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_HIGH, note_action, "a", NULL);
  b = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_IDLE, note_action, "b", NULL);
  c = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, note_action, "c", NULL);
  g_assert_true (loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (a), LOFT_PRIORITY_LOW));
  g_assert_true (loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (b), LOFT_PRIORITY_LOW));
  g_assert_true (loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (b), LOFT_PRIORITY_HIGH));
  g_assert_cmpstr (drained (), ==, "bca");
  g_assert_false (loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (a), LOFT_PRIORITY_HIGH));
  g_string_free (order, TRUE);
}

static void
test_abort (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftAction) foreign = loft_action_new ();
  int ran = 0;
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_run_async (d, 0, test_succeed, &ran, NULL);
  g_autoptr (LoftAsyncAction) done = loft_dispatcher_run_async (d, 0, test_succeed, NULL, NULL);

  g_assert_false (loft_dispatcher_abort (other, LOFT_ASYNC_INFO (action)));
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (foreign)));
  g_assert_true (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (action)));
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (action)));
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 0);
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (done)));
  assert_status (done, COMPLETED);
}

/* A thousand cancelled items are swept out while the one before them runs its slice. */
/* A lane that is mostly cancelled: what is alive does not wait until all that is dead was released. */

static int sweep_released, sweep_released_before;

static void
note_released (gpointer counter)
{
  sweep_released_before = sweep_released;
  test_count (counter);
}

static void
test_sweep (void)
{
  LoftAsyncAction *actions[1000];
  int ran = 0;

  for (int i = 0; i < 1000; i++)
    actions[i] = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, test_succeed, &sweep_released,
                                            test_count);
  loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, note_released, &ran, NULL);
  for (int i = 1; i < 1000; i++)
    loft_async_info_cancel (LOFT_ASYNC_INFO (actions[i]));
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpint (sweep_released_before, <, 10);
  g_assert_cmpint (sweep_released, ==, 1001); /* one ran, and all were released */
  for (int i = 0; i < 1000; i++)
    g_object_unref (actions[i]);
}

/* should_yield. */

static gboolean
ask_should_yield (LoftAsyncAction *action,
                  gpointer         user_data,
                  GError         **error)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  g_assert_cmpint (loft_dispatcher_get_current_priority (d), ==, LOFT_PRIORITY_NORMAL);
  loft_dispatcher_try_enqueue (d, LOFT_PRIORITY_NORMAL, test_count, user_data, NULL);
  g_assert_false (loft_dispatcher_should_yield (d));
  g_assert_true (loft_dispatcher_should_yield_to (d, LOFT_PRIORITY_NORMAL));
  g_assert_false (loft_dispatcher_should_yield_to (d, LOFT_PRIORITY_HIGH));
  loft_dispatcher_set_current_priority (d, LOFT_PRIORITY_LOW);
  g_assert_true (loft_dispatcher_should_yield (d));
  return TRUE;
}

static void
test_should_yield (void)
{
  int n = 0;

  forget (loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, ask_should_yield, &n, NULL));
  test_drain (NULL);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==, LOFT_PRIORITY_NORMAL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher-run/lanes", test_lanes);
  g_test_add_func ("/dispatcher-run/high-cuts-in", test_high_cuts_in);
  g_test_add_func ("/dispatcher-run/never-inline", test_never_inline);
  g_test_add_func ("/dispatcher-run/verdicts", test_verdicts);
  g_test_add_func ("/dispatcher-run/cancel-before-its-turn", test_cancel_before_its_turn);
  g_test_add_func ("/dispatcher-run/operations", test_operations);
  g_test_add_func ("/dispatcher-run/idle", test_idle);
  g_test_add_func ("/dispatcher-run/idle-sees-sources", test_idle_sees_sources);
  g_test_add_func ("/dispatcher-run/nested", test_nested);
  g_test_add_func ("/dispatcher-run/invoke", test_invoke);
  g_test_add_func ("/dispatcher-run/handler-against-itself", test_handler_against_itself);
  g_test_add_func ("/dispatcher-run/nested-loop", test_nested_loop);
  g_test_add_func ("/dispatcher-run/set-item-priority", test_set_item_priority);
  g_test_add_func ("/dispatcher-run/abort", test_abort);
  g_test_add_func ("/dispatcher-run/sweep", test_sweep);
  g_test_add_func ("/dispatcher-run/should-yield", test_should_yield);
  return g_test_run ();
}
