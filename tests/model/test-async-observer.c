/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncObserver: an async object as properties that notify at home. */

#include "by-hand.h"

static GString *told;

static void
on_notify (GObject    *object,
           GParamSpec *property,
           gpointer    user_data)
{
  g_assert_true (loft_dispatcher_has_thread_access (loft_dispatcher_get_default ()));
  g_string_append_printf (told, "%s ", property->name);
}

static LoftAsyncObserver *
observe (gpointer action)
{
  LoftAsyncObserver *observer = loft_async_observer_new (action);

  g_signal_connect (observer, "notify", G_CALLBACK (on_notify), NULL);
  return observer;
}

static void
assert_told (const char *expected)
{
  g_assert_cmpstr (told->str, ==, expected);
  g_string_set_size (told, 0);
}

static void
run_case (gconstpointer func)
{
  told = g_string_new (NULL);
  ((void (*) (void)) func) ();
  test_drain (NULL);
  g_string_free (told, TRUE);
}

static void
test_success (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_DOUBLE);
  g_autoptr (LoftAsyncObserver) observer = observe (action);
  g_autoptr (LoftAsyncInfo) observed = loft_async_observer_dup_action (observer);

  g_assert_true (observed == LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_observer_has_progress (observer));
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, -1);
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.25);
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.5);
  assert_told (""); /* never inside */
  test_drain (NULL);
  assert_told ("fraction "); /* only the newest */
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, 0.5);
  loft_action_complete (action);
  test_drain (NULL);
  assert_told ("fraction status is-done ");
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, 1);
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_true (loft_async_observer_is_done (observer));
  g_assert_null (loft_async_observer_get_error (observer));
}

/* All of it from a worker. */
static gboolean
work (LoftAsyncAction *action,
      gpointer         is_observed,
      GError         **error)
{
  test_event_wait (is_observed);
  for (int i = 1; i <= 100; i++)
    loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (action), i);
  return TRUE;
}

static void
on_fraction (LoftAsyncObserver *observer,
             GParamSpec        *property,
             gpointer           last)
{
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), >, *(double *) last);
  *(double *) last = loft_async_observer_get_fraction (observer);
  g_assert_false (loft_async_observer_is_done (observer));
}

static void
test_worker (void)
{
  g_autoptr (LoftAsyncObserver) observer = observe (NULL);
  g_autoptr (LoftAsyncAction) action = NULL;
  TestEvent is_observed = TEST_EVENT_INIT;
  double last = -1;

  loft_async_observer_set_maximum (observer, 100);
  g_signal_connect (observer, "notify::fraction", G_CALLBACK (on_fraction), &last);
  action = loft_thread_pool_run_with_progress_async (G_TYPE_INT, work, &is_observed, NULL);
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (action));
  test_event_set (&is_observed);
  while (!loft_async_observer_is_done (observer))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (last, ==, 1);
}

static void
test_text (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_STRING);
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  loft_async_base_report_progress_string (LOFT_ASYNC_BASE (action), "half");
  test_drain (NULL);
  assert_told ("text ");
  g_assert_cmpstr (loft_async_observer_get_text (observer), ==, "half");
  loft_action_complete (action);
}

/* Reports of other types go to a handler, which says what they mean. */
static void
on_report (LoftAsyncObserver *observer,
           const GValue      *report,
           gpointer           user_data)
{
  g_assert_true (G_VALUE_HOLDS (report, G_TYPE_STRV));
  loft_async_observer_set_text (observer, ((char **) g_value_get_boxed (report))[1]);
  loft_async_observer_set_fraction (observer, 0.75);
}

static void
test_other_type (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_STRV);
  g_autoptr (LoftAsyncObserver) observer = observe (action);
  g_auto (GValue) report = G_VALUE_INIT;

  g_value_init (&report, G_TYPE_STRV);
  g_value_set_boxed (&report, (const char *[]) { "file", "name", NULL });
  g_test_expect_message ("Loft", G_LOG_LEVEL_MESSAGE, "*GStrv*neither a number nor a string*");
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &report);
  test_drain (NULL);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &report); /* is said once */
  test_drain (NULL);
  g_test_assert_expected_messages ();
  assert_told ("");

  g_signal_connect (observer, "report", G_CALLBACK (on_report), NULL);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &report);
  test_drain (NULL);
  assert_told ("text fraction ");
  g_assert_cmpstr (loft_async_observer_get_text (observer), ==, "name");
  loft_action_complete (action);
}

/* A worker that divides by zero does not make a bar jump. */
static void
test_odd_numbers (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_DOUBLE);
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 2);
  test_drain (NULL);
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, 1);
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.0 / 0.0);
  test_drain (NULL);
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, -1);
  loft_action_complete (action);
}

static void
test_without_progress (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  g_assert_false (loft_async_observer_has_progress (observer));
  loft_action_complete (action);
  test_drain (NULL);
  assert_told ("fraction status is-done ");
}

static void
test_failure (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  loft_async_base_fail (LOFT_ASYNC_BASE (action),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  test_drain (NULL);
  assert_told ("error status is-done ");
  g_assert_error (loft_async_observer_get_error (observer), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_ERROR);
}

/* A cancel shows at once, and the end when the work has ended. */
static void
test_cancel (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  loft_async_observer_cancel (observer);
  assert_told ("status ");
  assert_status (action, CANCELED);
  test_drain (NULL);
  g_assert_false (loft_async_observer_is_done (observer));
  loft_action_complete (action);
  test_drain (NULL);
  assert_told ("error is-done ");
  g_assert_error (loft_async_observer_get_error (observer), G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void *
cancel_elsewhere (void *action)
{
  loft_async_info_cancel (action);
  return NULL;
}

static void
test_cancelled_elsewhere (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  test_on_thread (cancel_elsewhere, action);
  assert_told ("");
  test_drain (NULL);
  assert_told ("status ");
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_CANCELED);
  loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)); /* the producer's opt-in */
  test_drain (NULL);
  assert_told ("fraction status is-done ");
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
test_ended_before (void)
{
  g_autoptr (LoftAction) action =
    loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  g_assert_true (loft_async_observer_is_done (observer));
  g_assert_error (loft_async_observer_get_error (observer), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Several observers, and a handler of the action's own, each hear all of it. */
static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       count)
{
  test_count (count);
}

static void
test_bound_twice (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_DOUBLE);
  g_autoptr (LoftAsyncObserver) first = observe (action), second = observe (action);
  int reports = 0, ends = 0;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), LOFT_PROGRESS_ALL,
                                         on_progress, &reports, NULL, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &ends, NULL, NULL);
  loft_async_observer_set_action (second, LOFT_ASYNC_INFO (action)); /* does so already */
  assert_told ("");
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.5);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_cmpint (reports, ==, 1);
  g_assert_cmpint (ends, ==, 1);
  g_assert_true (loft_async_observer_is_done (first));
  g_assert_true (loft_async_observer_is_done (second));
}

/* What is on its way from the previous object is not shown. */
static void
test_another_action (void)
{
  g_autoptr (LoftAction) first = loft_action_new_with_progress (G_TYPE_DOUBLE);
  g_autoptr (LoftAction) second = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (first);
  g_autoptr (GError) error = NULL;

  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (first), 0.5);
  test_drain (NULL);
  assert_told ("fraction ");
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (first), 0.75);
  loft_async_base_fail (LOFT_ASYNC_BASE (first),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (second));
  g_assert_cmpfloat (loft_async_observer_get_fraction (observer), ==, -1);
  g_string_set_size (told, 0);
  test_drain (NULL);
  assert_told ("");
  assert_status (first, ERROR);
  loft_async_observer_set_action (observer, NULL);
  loft_action_complete (second);
  test_drain (NULL);
  g_assert_false (loft_async_observer_is_done (observer));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (first)); /* the observer did not look */
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A handler that turns to another object, for instance to try again, finds nothing of the first one
 * shown for it. */
static void
try_again (LoftAsyncObserver *observer,
           GParamSpec        *property,
           gpointer           next)
{
  loft_async_observer_set_action (observer, next);
}

static void
test_another_action_in_handler (void)
{
  const char *const properties[] = { "notify::error", "notify::status" };

  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (LoftAction) first = loft_action_new (), second = loft_action_new ();
      g_autoptr (LoftAsyncObserver) observer = observe (first);

      g_signal_connect (observer, properties[i], G_CALLBACK (try_again), second);
      loft_async_base_fail (LOFT_ASYNC_BASE (first),
                            g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
      test_drain (NULL);
      g_assert_false (loft_async_observer_is_done (observer));
      g_assert_null (loft_async_observer_get_error (observer));
      g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_STARTED);
      loft_action_complete (second);
      test_drain (NULL);
      g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_COMPLETED);
    }
}

static void
fail_if_reported (LoftAsyncObserver *observer,
                  const GValue      *report,
                  gpointer           user_data)
{
  g_assert_not_reached ();
}

static void
test_another_action_at_report (void)
{
  g_autoptr (LoftAction) first = loft_action_new_with_progress (G_TYPE_STRING);
  g_autoptr (LoftAction) second = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (first);

  g_signal_connect (observer, "notify::text", G_CALLBACK (try_again), second);
  g_signal_connect (observer, "report", G_CALLBACK (fail_if_reported), NULL);
  loft_async_base_report_progress_string (LOFT_ASYNC_BASE (first), "half");
  test_drain (NULL);
  g_assert_null (loft_async_observer_get_text (observer));
  loft_action_complete (first);
  loft_action_complete (second);
}

static void
on_cancel_turn (LoftAsyncBase *action,
                gpointer       observer)
{
  loft_async_observer_set_action (observer, NULL);
}

static void
test_another_action_in_cancel (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel_turn, observer, NULL);
  loft_async_observer_cancel (observer);
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_STARTED);
  loft_action_complete (action);
}

static void
on_cancel_drop (LoftAsyncBase *action,
                gpointer       observer)
{
  g_object_unref (observer);
}

static void
test_dropped_in_cancel (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncObserver *observer = observe (action);
  GWeakRef weak;

  g_weak_ref_init (&weak, observer);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel_drop, observer, NULL);
  loft_async_observer_cancel (observer);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
  loft_action_complete (action);
}

/* The observer does not keep an object alive that its producer has given up. */
static void
test_dropped (void)
{
  LoftAction *action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = observe (action);

  g_assert_finalize_object (action);
  test_drain (NULL);
  assert_told ("error status is-done ");
  g_assert_error (loft_async_observer_get_error (observer), LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_null (loft_async_observer_dup_action (observer));
}

/* Once it has ended, the observer holds it, for its result. */
static void
test_result (void)
{
  LoftOperation *operation = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAsyncObserver) observer = observe (operation);
  g_autoptr (LoftAsyncInfo) observed = NULL;
  g_auto (GValue) seven = G_VALUE_INIT;

  g_value_init (&seven, G_TYPE_INT64);
  g_value_set_int64 (&seven, 7);
  loft_operation_complete (operation, &seven);
  test_drain (NULL);
  g_object_unref (operation);
  observed = loft_async_observer_dup_action (observer);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (observed), NULL), ==, 7);
}

static void *
drop_elsewhere (void *observer)
{
  g_object_unref (observer);
  return NULL;
}

static void
test_let_go (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_DOUBLE);

  test_on_thread (drop_elsewhere, observe (action));
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.5);
  loft_action_complete (action);
  test_drain (NULL);
  assert_told ("");
}

/* A class that implements the interface by hand. */
static void
test_foreign (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncObserver) observer = observe (foreign);

  test_foreign_complete (foreign);
  test_drain (NULL);
  g_assert_true (loft_async_observer_is_done (observer));
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_COMPLETED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add_data_func ("/async-observer/" name, func, run_case)
  CASE ("success", test_success);
  CASE ("worker", test_worker);
  CASE ("text", test_text);
  CASE ("other-type", test_other_type);
  CASE ("odd-numbers", test_odd_numbers);
  CASE ("without-progress", test_without_progress);
  CASE ("failure", test_failure);
  CASE ("cancel", test_cancel);
  CASE ("cancelled-elsewhere", test_cancelled_elsewhere);
  CASE ("ended-before", test_ended_before);
  CASE ("bound-twice", test_bound_twice);
  CASE ("another-action", test_another_action);
  CASE ("another-action-in-handler", test_another_action_in_handler);
  CASE ("another-action-at-report", test_another_action_at_report);
  CASE ("another-action-in-cancel", test_another_action_in_cancel);
  CASE ("dropped-in-cancel", test_dropped_in_cancel);
  CASE ("dropped", test_dropped);
  CASE ("result", test_result);
  CASE ("let-go", test_let_go);
  CASE ("foreign", test_foreign);
  return g_test_run ();
}
