/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_run_synchronously (), the scope for synchronous functions. It waits for what was begun, runs
 * what is delivered to it, and leaves nothing behind. */

#include "descriptors.h"
#include "several.h"

#define ROUNDS 300

static int ran;

static gboolean
run_here (LoftAsyncAction *action,
          gpointer         thread,
          GError         **error)
{
  g_assert_true (thread == g_thread_self ());
  test_count (&ran);
  return TRUE;
}

static gboolean
continue_here (LoftAsyncInfo *antecedent,
               gpointer       thread,
               GError       **error)
{
  return run_here (NULL, thread, error);
}

static LoftAsyncInfo *
begin_post (gpointer thread,
            GError **error)
{
  g_autoptr (LoftDispatcher) here = loft_dispatcher_get_for_current_thread ();

  return LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (here, LOFT_PRIORITY_IDLE, run_here, thread, NULL));
}

static LoftAsyncInfo *
begin_on_pool (gpointer thread,
               GError **error)
{
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (test_succeed, &ran, NULL);

  return LOFT_ASYNC_INFO (
    loft_async_info_continue_with (LOFT_ASYNC_INFO (work), continue_here, thread, NULL));
}

static void
run_both (void)
{
  g_autoptr (LoftAsyncInfo) posted = NULL, continued = NULL;
  g_autoptr (GError) error = NULL;

  ran = 0;
  posted = loft_run_synchronously (begin_post, g_thread_self (), -1, NULL, &error);
  g_assert_no_error (error);
  assert_status (posted, COMPLETED);
  continued = loft_run_synchronously (begin_on_pool, g_thread_self (), G_TIME_SPAN_DAY, NULL,
                                      &error);
  g_assert_no_error (error);
  assert_status (continued, COMPLETED);
  g_assert_cmpint (ran, ==, 3);
}

static void *
run_both_there (void *data)
{
  run_both ();
  return NULL;
}

/* It works on a thread with a home and on one without. No other item of that home runs in the
 * meantime. */
static void
test_runs (void)
{
  int outside = 0;

  g_assert_true (loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_HIGH,
                                              test_count, &outside, NULL));
  run_both ();
  g_assert_cmpint (outside, ==, 0);
  test_on_thread (run_both_there, NULL);
  test_drain (NULL);
  g_assert_cmpint (outside, ==, 1);
}

static gboolean
give_number (LoftAsyncOperation *operation,
             GValue             *result,
             gpointer            data,
             GError            **error)
{
  g_value_set_int (result, 7);
  return TRUE;
}

static LoftAsyncInfo *
begin_operation (gpointer data,
                 GError **error)
{
  return LOFT_ASYNC_INFO (
    loft_thread_pool_run_operation_async (G_TYPE_INT, give_number, NULL, NULL));
}

static void
test_gives_results (void)
{
  g_autoptr (LoftAsyncInfo) info = loft_run_synchronously (begin_operation, NULL, -1, NULL, NULL);

  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (info), NULL), ==, 7);
}

static LoftAsyncInfo *
begin_failure (gpointer data,
               GError **error)
{
  return LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_fail, NULL, NULL));
}

static LoftAsyncInfo *
begin_nothing (gpointer data,
               GError **error)
{
  if (data != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as asked");
  return NULL;
}

static void
test_failures (void)
{
  g_autoptr (GError) failed = NULL, nothing = NULL, silent = NULL;

  g_assert_null (loft_run_synchronously (begin_failure, NULL, -1, NULL, &failed));
  g_assert_error (failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (loft_run_synchronously (begin_nothing, &ran, -1, NULL, &nothing));
  g_assert_error (nothing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (loft_run_synchronously (begin_nothing, NULL, -1, NULL, &silent));
  g_assert_error (silent, LOFT_ERROR, LOFT_ERROR_FAILED);
}

/* An action that never ends by itself. */

static LoftAsyncInfo *
begin_given (gpointer info,
             GError **error)
{
  return g_object_ref (info);
}

static void
test_time_is_up (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (loft_run_synchronously (begin_given, action, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_TIMED_OUT);
  loft_action_complete (action);
}

static void *
cancel_cancellable (void *cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled (void)
{
  for (int before = 0; before < 2; before++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      pthread_t thread;

      if (before)
        g_cancellable_cancel (cancellable);
      else
        pthread_create (&thread, NULL, cancel_cancellable, cancellable);
      g_assert_null (loft_run_synchronously (begin_given, action, -1, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_status (action, CANCELED);
      loft_action_complete (action);
      if (!before)
        pthread_join (thread, NULL);
    }
}

/* A wait for an action that only the caller's own loop could end is refused. */
static void
test_deadlock (void)
{
  g_autoptr (LoftAsyncAction)
    own = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, test_succeed, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (loft_run_synchronously (begin_given, own, -1, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  test_run_until_ended (NULL, own);
}

/* At the end of the scope, the items that are left run, the handlers that are left are dropped, and
 * the context is gone. */

static LoftAsyncInfo *
begin_and_leave (gpointer never_ended,
                 GError **error)
{
  g_autoptr (LoftDispatcher) here = loft_dispatcher_get_for_current_thread ();

  loft_async_info_set_completed (never_ended, test_on_completed, &ran, test_count, NULL);
  g_assert_true (loft_dispatcher_try_enqueue (here, LOFT_PRIORITY_IDLE, test_count, &ran, NULL));
  return LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (here, LOFT_PRIORITY_HIGH, test_succeed, NULL, NULL));
}

static void
say_nothing (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        data)
{
}

static void
test_leaves_nothing (void)
{
  guint before = count_descriptors ();
  guint handler = g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, say_nothing,
                                     NULL); /* about the handlers that were dropped */

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      g_autoptr (LoftAsyncInfo) info = NULL;

      ran = 0;
      info = loft_run_synchronously (begin_and_leave, action, -1, NULL, NULL);
      assert_status (info, COMPLETED);
      g_assert_cmpint (ran, ==, 1); /* the item, and not the handler */
      loft_action_complete (action);
      g_assert_cmpint (ran, ==, 2); /* the handler's data */
    }
  g_assert_cmpuint (count_descriptors (), <=, before);
  g_log_remove_handler ("Loft", handler);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-synchronously/runs", test_runs);
  g_test_add_func ("/run-synchronously/gives-results", test_gives_results);
  g_test_add_func ("/run-synchronously/failures", test_failures);
  g_test_add_func ("/run-synchronously/time-is-up", test_time_is_up);
  g_test_add_func ("/run-synchronously/cancelled", test_cancelled);
  g_test_add_func ("/run-synchronously/deadlock", test_deadlock);
  g_test_add_func ("/run-synchronously/leaves-nothing", test_leaves_nothing);
  return g_test_run ();
}
