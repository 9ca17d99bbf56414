/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The thread pool: what a handler gets, priorities, cancelling, and what a handler may do to
 * itself. The tests enter the MTA, so that they may wait. */

#include "base/loft-clock-private.h"
#include "pool/loft-pool-private.h"

#include "test-util.h"

static gboolean
check_action (LoftAsyncAction *action,
              gpointer         user_data,
              GError         **error)
{
  LoftApartmentType type;

  assert_status (action, STARTED);
  g_assert_true (loft_apartment_query (&type, NULL, NULL));
  g_assert_cmpint (type, ==, LOFT_APARTMENT_MTA);
  *(gpointer *) user_data = action;
  return TRUE;
}

static void
test_same_action (void)
{
  gpointer seen = NULL;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (check_action, &seen, NULL);

  g_assert_true (loft_async_action_get (action, NULL));
  g_assert_true (seen == action);
}

static gboolean
answer (LoftAsyncOperation *operation,
        GValue             *result,
        gpointer            user_data,
        GError            **error)
{
  g_value_set_string (result, "from the pool");
  return TRUE;
}

static void
test_operation (void)
{
  g_autoptr (LoftAsyncOperation)
    operation = loft_thread_pool_run_operation_async (G_TYPE_STRING, answer, NULL, NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get (operation, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "from the pool");
}

static gboolean
report_half (LoftAsyncBase *base)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, 0.5);
  return loft_async_base_report_progress (base, &value);
}

static gboolean
act_and_report (LoftAsyncAction *action,
                gpointer         go_on,
                GError         **error)
{
  test_event_wait (go_on);
  return report_half (LOFT_ASYNC_BASE (action));
}

static gboolean
answer_and_report (LoftAsyncOperation *operation,
                   GValue             *result,
                   gpointer            go_on,
                   GError            **error)
{
  test_event_wait (go_on);
  g_value_set_string (result, "reported");
  return report_half (LOFT_ASYNC_BASE (operation));
}

static void
on_half (LoftAsyncInfo *sender,
         const GValue  *progress,
         gpointer       reports)
{
  g_assert_cmpfloat (g_value_get_double (progress), ==, 0.5);
  test_count (reports);
}

static void
test_with_progress (void)
{
  TestEvent go_on = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) action =
    loft_thread_pool_run_with_progress_async (G_TYPE_DOUBLE, act_and_report, &go_on, NULL);
  g_autoptr (LoftAsyncOperation)
    operation = loft_thread_pool_run_operation_with_progress_async (G_TYPE_STRING, G_TYPE_DOUBLE,
                                                                    answer_and_report, &go_on,
                                                                    NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  int reports = 0;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, on_half, &reports,
                                         NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), 0, on_half, &reports,
                                         NULL, NULL);
  test_event_set (&go_on);
  g_assert_true (loft_async_action_get (action, NULL));
  g_assert_true (loft_async_operation_get (operation, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "reported");
  /* The handlers were set in the MTA, so they were called on the worker, before the end. */
  g_assert_cmpint (test_get (&reports), ==, 2);
}

/* Holds all workers, so that whatever is posted waits. */

#define MAX_HELD 2

typedef struct
{
  TestEvent begun;
  TestEvent go_on;
  TestEvent stopped;
} Gate;

static gboolean
hold (LoftAsyncAction *action,
      gpointer         gate,
      GError         **error)
{
  test_event_set (&((Gate *) gate)->begun);
  test_event_wait (&((Gate *) gate)->go_on);
  return TRUE;
}

static guint
hold_all (Gate            *gates,
          LoftAsyncAction **actions)
{
  LoftPoolStats stats;

  loft_pool_get_stats (&stats);
  for (guint i = 0; i < stats.limit; i++)
    {
      gates[i] = (Gate) { TEST_EVENT_INIT, TEST_EVENT_INIT, TEST_EVENT_INIT };
      actions[i] = loft_thread_pool_run_async (hold, &gates[i], NULL);
      test_event_wait (&gates[i].begun);
    }
  return stats.limit;
}

static void
let_go (Gate             *gates,
        LoftAsyncAction **actions,
        guint             n)
{
  for (guint i = 0; i < n; i++)
    {
      test_event_set (&gates[i].go_on);
      g_assert_true (loft_async_action_get (actions[i], NULL));
      g_object_unref (actions[i]);
    }
}

static GString *order;
static pthread_mutex_t order_mutex = PTHREAD_MUTEX_INITIALIZER;

static gboolean
note (LoftAsyncAction *action,
      gpointer         name,
      GError         **error)
{
  pthread_mutex_lock (&order_mutex);
  g_string_append (order, name);
  pthread_mutex_unlock (&order_mutex);
  return TRUE;
}

/* When one worker is free and the others are held, it takes High before Normal before Low. */
static void
test_priorities (void)
{
  Gate gates[MAX_HELD];
  LoftAsyncAction *actions[MAX_HELD], *items[4];
  guint n = hold_all (gates, actions);

  loft_clock_set (g_get_monotonic_time ()); /* no worker is added, however long this takes */
  order = g_string_new (NULL);
  items[0] = loft_thread_pool_run_with_options_async (LOFT_PRIORITY_LOW, 0, note, "l", NULL);
  items[1] = loft_thread_pool_run_with_options_async (LOFT_PRIORITY_NORMAL, 0, note, "n", NULL);
  items[2] = loft_thread_pool_run_with_options_async (LOFT_PRIORITY_HIGH, 0, note, "h", NULL);
  items[3] = loft_thread_pool_run_with_options_async (LOFT_PRIORITY_NORMAL, 0, note, "N", NULL);
  let_go (gates, actions, 1);
  for (int i = 0; i < 4; i++)
    {
      g_assert_true (loft_async_action_get (items[i], NULL));
      g_object_unref (items[i]);
    }
  loft_clock_set (-1);
  g_assert_cmpstr (order->str, ==, "hnNl");
  g_string_free (order, TRUE);
  let_go (gates + 1, actions + 1, n - 1);
}

/* A time-sliced item runs even if all workers are held. */
static void
test_time_sliced (void)
{
  Gate gates[MAX_HELD];
  LoftAsyncAction *actions[MAX_HELD];
  guint n = hold_all (gates, actions);

  for (int priority = LOFT_PRIORITY_LOW; priority <= LOFT_PRIORITY_HIGH; priority++)
    {
      int ran = 0;
      g_autoptr (LoftAsyncAction)
        sliced = loft_thread_pool_run_with_options_async (priority, LOFT_WORK_TIME_SLICED,
                                                          test_succeed, &ran, NULL);

      g_assert_true (loft_async_action_get (sliced, NULL));
      g_assert_cmpint (test_get (&ran), ==, 1);
    }
  let_go (gates, actions, n);
}

static void
test_cancel_queued (void)
{
  Gate gates[MAX_HELD];
  LoftAsyncAction *actions[MAX_HELD];
  guint n = hold_all (gates, actions);
  int ran = 0;
  g_autoptr (LoftAsyncAction) queued = loft_thread_pool_run_async (test_succeed, &ran, NULL);
  g_autoptr (GError) error = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (queued));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (queued)));
  g_assert_false (loft_async_action_get (queued, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  let_go (gates, actions, n);
  g_assert_cmpint (test_get (&ran), ==, 0);
}

static void
on_cancel (LoftAsyncBase *self,
           gpointer       gate)
{
  test_event_set (&((Gate *) gate)->stopped);
}

static gboolean
run_until_cancelled (LoftAsyncAction *action,
                     gpointer         gate,
                     GError         **error)
{
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, gate, NULL);
  test_event_set (&((Gate *) gate)->begun);
  test_event_wait (&((Gate *) gate)->stopped);
  assert_status (action, CANCELED);
  test_event_wait (&((Gate *) gate)->go_on);
  return TRUE;
}

static void
test_cancel_running (void)
{
  Gate gate = { TEST_EVENT_INIT, TEST_EVENT_INIT, TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (run_until_cancelled, &gate, NULL);

  test_event_wait (&gate.begun);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  test_event_set (&gate.go_on);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), G_TIME_SPAN_HOUR, NULL), ==,
                   LOFT_ASYNC_STATUS_CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
}

/* On the pool as on a dispatcher, a handler may drop the caller's reference to its own action and
 * cancel the action, but can't close it. */

typedef struct
{
  LoftAsyncAction *action; /* the caller's reference */
  TestEvent go_on;
  TestEvent done;
} Own;

static gboolean
act_against_itself (LoftAsyncAction *action,
                    gpointer         user_data,
                    GError         **error)
{
  Own *own = user_data;
  g_autoptr (GError) close_error = NULL;

  test_event_wait (&own->go_on);
  g_clear_object (&own->action);
  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &close_error));
  g_assert_error (close_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CANCELED);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_succeed, NULL, NULL)));
  return TRUE;
}

static void
on_acted (LoftAsyncInfo   *sender,
          LoftAsyncStatus  status,
          gpointer         own)
{
  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_CANCELED);
  test_event_set (&((Own *) own)->done);
}

static void
test_against_itself (void)
{
  Own own = { NULL, TEST_EVENT_INIT, TEST_EVENT_INIT };

  own.action = loft_thread_pool_run_async (act_against_itself, &own, NULL);
  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (own.action), on_acted, &own, NULL, NULL);
  test_event_set (&own.go_on);
  test_event_wait (&own.done);
  g_assert_null (own.action);
}

/* Two items that come close together to a pool at rest get a worker each, because the first may
 * wait for the second in a way that Loft can't see. */

static gboolean
set_event (LoftAsyncAction *action,
           gpointer         event,
           GError         **error)
{
  test_event_set (event);
  return TRUE;
}

static void
test_two_at_rest (void)
{
  int rounds = g_getenv ("LOFT_TEST_RACES") != NULL ? 200 : 5000;

  for (int i = 0; i < rounds; i++)
    {
      TestEvent event = TEST_EVENT_INIT;
      g_autoptr (LoftAsyncAction) first = loft_thread_pool_run_async (test_hold, &event, NULL);
      g_autoptr (LoftAsyncAction) second = NULL;

      for (volatile int spin = i % 500 * 20; spin > 0; spin--)
        ; /* to post at each moment of its wake-up */
      second = loft_thread_pool_run_async (set_event, &event, NULL);
      g_assert_true (loft_async_action_get (first, NULL));
      g_assert_true (loft_async_action_get (second, NULL));
      for (volatile int spin = 20000; spin > 0; spin--)
        ; /* until the workers sleep */
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  loft_pool_set_limit (MAX_HELD);
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  g_test_add_func ("/thread-pool/same-action", test_same_action);
  g_test_add_func ("/thread-pool/operation", test_operation);
  g_test_add_func ("/thread-pool/with-progress", test_with_progress);
  g_test_add_func ("/thread-pool/priorities", test_priorities);
  g_test_add_func ("/thread-pool/time-sliced", test_time_sliced);
  g_test_add_func ("/thread-pool/cancel-queued", test_cancel_queued);
  g_test_add_func ("/thread-pool/cancel-running", test_cancel_running);
  g_test_add_func ("/thread-pool/against-itself", test_against_itself);
  g_test_add_func ("/thread-pool/two-at-rest", test_two_at_rest);
  return g_test_run ();
}
