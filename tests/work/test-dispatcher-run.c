/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The forms of posting: which item runs when, how its action ends, and what a handler may do to
 * itself. */

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

/* A High item never waits for a batch of Normal items. A post from inside of an item keeps its
 * lane's order. */
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
  g_autoptr (LoftAsyncAction)
    failed = loft_dispatcher_run_async (main_dispatcher, 0, test_fail, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    silent = loft_dispatcher_run_async (main_dispatcher, 0, fail_silently, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    canceled = loft_dispatcher_run_async (main_dispatcher, 0, cancel_by_error, NULL, NULL);
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
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (canceled)), ==,
                   LOFT_CANCEL_REASON_BY_WORK);
}

static void
test_cancel_before_its_turn (void)
{
  int released = 0;
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, test_succeed, &released,
                                        test_count);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  /* Its data is released on the dispatcher's thread, when its node comes up. */
  g_assert_cmpint (released, ==, 0);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1); /* released once, and not counted by test_succeed as well */
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
  g_autoptr (LoftAsyncOperation)
    plain = loft_dispatcher_run_operation_async (d, 0, G_TYPE_INT64, give_answer, NULL, NULL);
  g_autoptr (LoftAsyncOperation) with = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  int reports = 0;

  with = loft_dispatcher_run_operation_with_progress_async (d, 0, G_TYPE_INT64, G_TYPE_DOUBLE,
                                                            report_and_answer, NULL, NULL);
  action = loft_dispatcher_run_with_progress_async (d, 0, G_TYPE_DOUBLE, report_action, NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (with), 0, on_progress, &reports,
                                         NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_progress,
                                         &reports, NULL, NULL);
  g_assert_false (LOFT_IS_ASYNC_WITH_PROGRESS (plain));
  test_drain (NULL);
  g_assert_cmpint (loft_async_operation_get_int64 (plain, NULL), ==, 42);
  g_assert_cmpint (loft_async_operation_get_int64 (with, NULL), ==, 43);
  assert_status (action, COMPLETED);
  g_assert_cmpint (reports, ==, 2);
}

/* Deliveries come in the lane of the work that causes them. Those of High work overtake Normal
 * items that were there first, and those of Low work come behind Low items. */

static void
note_progress (LoftAsyncInfo *sender,
               const GValue  *progress,
               gpointer       name)
{
  g_string_append (order, name);
}

static void
note_completed (LoftAsyncInfo   *sender,
                LoftAsyncStatus  status,
                gpointer         name)
{
  g_string_append (order, name);
}

static gboolean
note_continued (LoftAsyncInfo *antecedent,
                gpointer       name,
                GError       **error)
{
  g_string_append (order, name);
  return TRUE;
}

static gboolean
report_and_post (LoftAsyncAction *action,
                 gpointer         name,
                 GError         **error)
{
  g_string_append (order, name);
  enqueue (LOFT_PRIORITY_NORMAL, "n");
  return report_action (action, NULL, error);
}

static void
listen (LoftAsyncAction *action)
{
  LoftAsyncInfo *info = LOFT_ASYNC_INFO (action);

  forget (loft_async_info_continue_with (info, note_continued, "+", NULL));
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, note_progress, "p",
                                         NULL, NULL);
  loft_async_info_set_completed (info, note_completed, "c", NULL, NULL);
}

static void
test_deliveries_keep_their_lane (void)
{
  g_autoptr (LoftAsyncAction) high = NULL, low = NULL;

  set_up ();
  high = loft_dispatcher_run_with_progress_async (dispatcher, LOFT_PRIORITY_HIGH, G_TYPE_DOUBLE,
                                                  report_and_post, "h", NULL);
  listen (high);
  enqueue (LOFT_PRIORITY_NORMAL, "N");
  g_assert_cmpstr (drained (), ==, "hpc+Nn");
  g_string_free (order, TRUE);

  set_up ();
  low = loft_dispatcher_run_with_progress_async (dispatcher, LOFT_PRIORITY_LOW, G_TYPE_DOUBLE,
                                                 report_and_post, "l", NULL);
  listen (low);
  enqueue (LOFT_PRIORITY_LOW, "L");
  g_assert_cmpstr (drained (), ==, "lnLpc+");
  g_string_free (order, TRUE);
}

/* A handler may drop the caller's reference to its own action, cancel the action and post more
 * work. It can neither wait for the action nor close it. */

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
  forget (loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                     test_succeed, &self->ran, NULL));
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

  self.action = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                           misbehave, &self, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (self.action), on_misbehaved, &self, NULL, NULL);
  test_drain (NULL);
  g_assert_null (self.action);
  g_assert_cmpint (self.handled, ==, 1);
  g_assert_cmpint (self.ran, ==, 2);
}

/* A handler may run a loop of its own until a later item of the same lane has run. */
static gboolean
run_nested_loop (LoftAsyncAction *action,
                 gpointer         loop,
                 GError         **error)
{
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==,
                   LOFT_PRIORITY_LOW);
  g_main_loop_run (loop);
  g_assert_cmpint (loft_dispatcher_get_current_priority (loft_dispatcher_get_default ()), ==,
                   LOFT_PRIORITY_LOW);
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

  action = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW,
                                      run_nested_loop, loop, NULL);
  loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, quit_nested_loop,
                               loop, NULL);
  test_run_until_ended (NULL, action);
  assert_status (action, COMPLETED);
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
  g_test_add_func ("/dispatcher-run/deliveries-keep-their-lane", test_deliveries_keep_their_lane);
  g_test_add_func ("/dispatcher-run/handler-against-itself", test_handler_against_itself);
  g_test_add_func ("/dispatcher-run/nested-loop", test_nested_loop);
  return g_test_run ();
}
