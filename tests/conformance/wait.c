/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C069 to C081: waiting on this thread. */

#include "conformance.h"

/* get, wait_for, and awaiting. */

static gboolean
give_seven (LoftAsyncOperation *operation,
            GValue             *result,
            gpointer            user_data,
            GError            **error)
{
  g_value_set_int (result, 7);
  return TRUE;
}

static void *
get_seven (void *unused)
{
  g_autoptr (LoftAsyncOperation)
    operation = loft_thread_pool_run_operation_async (G_TYPE_INT, give_seven, NULL, NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  loft_async_operation_get (operation, &value, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (&value), ==, 7);
  return NULL;
}

static void
c069 (void)
{
  test_on_thread (get_seven, NULL);
}

static void
c070 (void)
{
  g_autoptr (LoftOperation) operation = completed_int (7);
  Seen seen = { 0 };

  for (int i = 0; i < 2; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_assert_true (loft_async_operation_get (LOFT_ASYNC_OPERATION (operation), &value, NULL));
    }
  set_completed (operation, &seen); /* the slot is still free */
  g_assert_cmpint (seen.calls, ==, 1);
}

static void
c071 (void)
{
  g_autoptr (LoftAction) canceled = loft_action_new_canceled (),
                         failed = loft_action_new_failed (some_error ());
  g_autoptr (GError) first = NULL, second = NULL;

  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (canceled), &first));
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (failed), &second));
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
hear_nothing (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         data)
{
}

static void *
get_beside_handler (void *unused)
{
  g_autoptr (LoftAsyncAction) action = loft_delay_async (1);
  g_autoptr (GError) error = NULL;

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), hear_nothing, NULL, NULL, NULL);
  g_assert_true (loft_async_action_get (action, &error));
  return NULL;
}

static void
c073 (void)
{
  test_on_thread (get_beside_handler, NULL);
}

static void
c074 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 0, &error), ==,
                     LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_no_error (error);
}

static void *
wait_then_get (void *unused)
{
  g_autoptr (LoftAsyncAction) action = loft_delay_async (100);

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), G_TIME_SPAN_MINUTE, NULL),
                   ==, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_true (loft_async_action_get (action, NULL));
  return NULL;
}

static void
c075 (void)
{
  test_on_thread (wait_then_get, NULL);
}

static gboolean
fail_late (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  g_propagate_error (error, some_error ());
  return FALSE;
}

static void *
wait_for_failure (void *unused)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (fail_late, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), G_TIME_SPAN_MINUTE, &error),
                   ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_no_error (error);
  g_assert_false (loft_async_action_get (action, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  return NULL;
}

static void
c076 (void)
{
  test_on_thread (wait_for_failure, NULL);
}

static void *
time_out_then_get (void *unused)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_hold, &gate, NULL);

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1, NULL), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  test_event_set (&gate);
  g_assert_true (loft_async_action_get (action, NULL));
  return NULL;
}

static void
c078 (void)
{
  test_on_thread (time_out_then_get, NULL);
}

static void
assert_waits_refused (gpointer info)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (info), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  g_clear_error (&error);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (info), 1, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
}

static void *
wait_in_sta (void *action)
{
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  assert_waits_refused (action);
  loft_apartment_uninit ();
  return NULL;
}

static gboolean
wait_on_dedicated (LoftAsyncAction *action,
                   gpointer         other,
                   GError         **error)
{
  assert_waits_refused (other);
  return TRUE;
}

/* Three kinds of STA: the main one, one that a thread has entered, and one of a controller. */
static void
c079 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) there = NULL;
  Controlled c;

  assert_waits_refused (action);
  test_on_thread (wait_in_sta, action);
  controlled_start (&c);
  there = loft_dispatcher_run_async (c.dispatcher, 0, wait_on_dedicated, action, NULL);
  wait_ended (there);
  assert_status (there, COMPLETED);
  controlled_end (&c);
  controlled_free (&c);
  loft_action_complete (action);
}

static int got_on_worker;

static gboolean
get_on_worker (LoftAsyncAction *action,
               gpointer         user_data,
               GError         **error)
{
  get_seven (NULL);
  got_on_worker++;
  return TRUE;
}

static void *
get_in_mta (void *unused)
{
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  get_seven (NULL);
  test_on_thread (get_seven, NULL); /* implicitly in the MTA */
  loft_apartment_uninit ();
  return NULL;
}

static void
c080 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (get_on_worker, NULL, NULL);

  wait_ended (action);
  assert_status (action, COMPLETED);
  g_assert_cmpint (got_on_worker, ==, 1);
  test_on_thread (get_in_mta, NULL);
  test_on_thread (get_seven, NULL);
}

static void *
wait_for_ever (void *unused)
{
  g_autoptr (LoftAsyncAction) action = loft_delay_async (100);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), G_MAXINT64, &error), ==,
                   LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_no_error (error);
  return NULL;
}

static void
c081 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_async_info_wait_for (LOFT_ASYNC_INFO (action), -1, &error);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  loft_action_complete (action);
  test_on_thread (wait_for_ever, NULL);
}

static Case cases[] = {
  { "C069", "get in the MTA: blocks, and gives the value", "CT:async_result", PASS, NULL, c069 },
  { "C070", "get twice when Completed: both fine, the slot is free", "CT:async_wait_for", PASS,
    NULL, c070 },
  { "C071", "get when Canceled or Error: that error", "CT:async_wait_for", PASS, NULL, c071 },
  { "C073", "get while Started, Completed set by the user: E_ILLEGAL_DELEGATE_ASSIGNMENT",
    "~CW:found", DIFFERS, "works: waits do not use the slot", c073 },
  { "C074", "wait_for (0) twice when Completed: the second E_ILLEGAL_DELEGATE_ASSIGNMENT",
    "CT:async_wait_for", DIFFERS, "Completed, each time", c074 },
  { "C075", "wait_for in time, then get", "CT:async_wait_for", PASS, NULL, c075 },
  { "C076", "wait_for of what fails gives Error and raises nothing; get raises",
    "CT:async_wait_for", PASS, NULL, c076 },
  { "C078", "wait_for that timed out, then get: E_ILLEGAL_DELEGATE_ASSIGNMENT", "~CW:found",
    DIFFERS, "works: waits do not use the slot", c078 },
  { "C079", "get or wait_for on an STA: a debug assertion", "~CW:pool is_sta_thread", DIFFERS,
    "refused with LOFT_ERROR_BLOCKING_WAIT, in every build", c079 },
  { "C080", "get in the MTA, the implicit MTA, and on a bare thread: allowed", "~CW:pool", PASS,
    NULL, c080 },
  { "C081", "wait_for of a negative time: a debug assertion", "~CW:found", DIFFERS,
    "LOFT_ERROR_INVALID_ARGUMENT; there is no upper limit", c081 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "wait", cases, G_N_ELEMENTS (cases));
}
