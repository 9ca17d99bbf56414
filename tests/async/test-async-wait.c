/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Waiting for an object: on which threads it is refused and with which message, and that it works
 * where it is allowed. */

#include "test-util.h"

static void
test_refused_on_sta (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL, timed = NULL;

  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (action), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  g_assert_nonnull (strstr (error->message, "test_refused_on_sta"));
  g_assert_nonnull (strstr (error->message, "test-async-wait.c"));
  g_assert_nonnull (strstr (error->message, "wait_async"));
  g_assert_nonnull (strstr (error->message, "LOFT_APARTMENT_MTA"));
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1000, &timed), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_error (timed, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  loft_action_complete (action);
}

/* A wait that never blocks is allowed on any thread. */
static void
test_allowed_anywhere (void)
{
  g_autoptr (LoftAction) ended = loft_action_new_completed ();
  g_autoptr (LoftAction) going = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_async_action_get (LOFT_ASYNC_ACTION (ended), NULL));
  g_assert_true (loft_async_action_get (LOFT_ASYNC_ACTION (ended), NULL));
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (ended), 1000, &error), ==,
                   LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_no_error (error);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (going), 0, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_no_error (error);
  loft_action_complete (going);
}

static void
test_negative_timeout (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), -1, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  loft_action_complete (action);
}

static void *
open_gate (void *gate)
{
  test_event_set (gate);
  return NULL;
}

static void
test_unchecked (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_hold, &gate, NULL);
  pthread_t thread;

  pthread_create (&thread, NULL, open_gate, &gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  assert_status (action, COMPLETED);
  pthread_join (thread, NULL);
}

/* On an MTA thread. */

typedef struct
{
  LoftAsyncAction *action;
  TestEvent gate;
  TestEvent handled;
} Waits;

static void
on_handled (LoftAsyncInfo   *info,
            LoftAsyncStatus  status,
            gpointer         data)
{
  test_event_set (&((Waits *) data)->handled);
}

static void *
wait_in_many_ways (void *data)
{
  Waits *waits = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (waits->action), on_handled, waits, NULL, NULL));
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (waits->action), 1, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (waits->action), 1, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_no_error (error);
  test_event_set (&waits->gate);
  g_assert_true (loft_async_action_get (waits->action, NULL));
  g_assert_true (loft_async_action_get (waits->action, NULL));
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (waits->action), G_TIME_SPAN_HOUR,
                                             NULL),
                   ==, LOFT_ASYNC_STATUS_COMPLETED);
  test_event_wait (&waits->handled); /* on the pool, and maybe after all these waits */
  return NULL;
}

/* Waits do not use the slot of the completed handler. There may be any number of them beside a
 * handler. */
static void
test_many_waits (void)
{
  Waits waits = { NULL, TEST_EVENT_INIT, TEST_EVENT_INIT };

  waits.action = loft_thread_pool_run_async (test_hold, &waits.gate, NULL);
  test_on_thread (wait_in_many_ways, &waits);
  test_run_until_ended (NULL, waits.action);
  g_object_unref (waits.action);
}

static void *
get_failed (void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_fail, NULL, NULL);

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), G_TIME_SPAN_HOUR, &error),
                   ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_no_error (error);
  g_assert_false (loft_async_action_get (action, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  return NULL;
}

static void
test_failure_is_a_status (void)
{
  test_on_thread (get_failed, NULL);
}

/* After a cancel, loft_async_action_get () waits for the end. */
static void *
get_canceled (void *data)
{
  LoftAction *action = data;
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (action), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  return NULL;
}

static void
test_get_waits_for_the_end (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  pthread_t thread;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  pthread_create (&thread, NULL, get_canceled, action);
  loft_action_complete (action);
  pthread_join (thread, NULL);
}

/* loft_async_info_wait_async () keeps GIO's contract: its callback never runs inside of the
 * call. */

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
test_wait_async (void)
{
  g_autoptr (LoftAction) ended = loft_action_new_completed ();
  g_autoptr (LoftAction)
    failed = loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
  g_autoptr (GAsyncResult) result = NULL, failure = NULL;
  g_autoptr (GError) error = NULL;

  loft_async_info_wait_async (LOFT_ASYNC_INFO (ended), NULL, on_waited, &result);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (failed), NULL, on_waited, &failure);
  g_assert_null (result); /* never inline */
  test_drain (NULL);
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (ended), result, NULL));
  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (failed), failure, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* The cancellable ends the wait, and not the action. */
static void
test_wait_async_cancelled (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new (), before = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL, early = NULL, other = NULL;
  g_autoptr (GError) error = NULL, early_error = NULL;

  g_cancellable_cancel (before);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), before, on_waited, &early);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), cancellable, on_waited, &result);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, on_waited, &other);
  g_cancellable_cancel (cancellable);
  test_drain (NULL);
  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (action), early, &early_error));
  g_assert_error (early_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (action), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (action, STARTED);
  g_assert_null (other);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (action), other, NULL));
}

/* An object that its producer drops ends, and the callback of an asynchronous wait learns of it. */
static void
on_let_go (GObject      *source,
           GAsyncResult *result,
           gpointer      counter)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  test_count (counter);
}

static void
test_wait_async_let_go (void)
{
  LoftAction *action = loft_action_new ();
  int waited = 0;

  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, on_let_go, &waited);
  g_object_unref (action);
  test_run_until (NULL, &waited);
}

static void
on_any_end (GObject      *source,
            GAsyncResult *result,
            gpointer      counter)
{
  test_count (counter);
}

/* A wait that is over holds neither the object nor the cancellable. */
static void
test_wait_async_holds_nothing (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  LoftAction *action = loft_action_new ();
  int waited = 0;

  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), cancellable, on_any_end, &waited);
  loft_action_complete (action);
  test_run_until (NULL, &waited);
  test_drain (NULL);
  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  g_object_add_weak_pointer (G_OBJECT (cancellable), (gpointer *) &cancellable);
  g_object_unref (action);
  g_object_unref (cancellable);
  g_assert_null (action);
  g_assert_null (cancellable);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-wait/refused-on-sta", test_refused_on_sta);
  g_test_add_func ("/async-wait/allowed-anywhere", test_allowed_anywhere);
  g_test_add_func ("/async-wait/negative-timeout", test_negative_timeout);
  g_test_add_func ("/async-wait/unchecked", test_unchecked);
  g_test_add_func ("/async-wait/many-waits", test_many_waits);
  g_test_add_func ("/async-wait/failure-is-a-status", test_failure_is_a_status);
  g_test_add_func ("/async-wait/get-waits-for-the-end", test_get_waits_for_the_end);
  g_test_add_func ("/async-wait/wait-async", test_wait_async);
  g_test_add_func ("/async-wait/wait-async-cancelled", test_wait_async_cancelled);
  g_test_add_func ("/async-wait/wait-async-let-go", test_wait_async_let_go);
  g_test_add_func ("/async-wait/wait-async-holds-nothing", test_wait_async_holds_nothing);
  return g_test_run ();
}
