/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_async_base_set_work () makes another async object the work of an object. The object ends
 * whatever becomes of that work. */

#include "several.h"

static gboolean
complete_owner (LoftAsyncAction *action,
                gpointer         operation,
                GError         **error)
{
  g_assert_true (loft_operation_complete_int64 (operation, 7));
  return TRUE;
}

static gboolean
never (LoftAsyncAction *action,
       gpointer         data,
       GError         **error)
{
  g_assert_not_reached ();
}

/* The handler of the work completes the operation with its value. */
static void
test_ends_by_its_work (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (complete_owner, operation, NULL);

  loft_async_base_set_work (LOFT_ASYNC_BASE (operation), LOFT_ASYNC_INFO (work));
  wait_until_ended (operation);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (operation), NULL), ==, 7);
  wait_until_ended (work);
}

static void
test_fails_with_its_work (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (test_fail, NULL, NULL);

  loft_async_base_set_work (LOFT_ASYNC_BASE (action), LOFT_ASYNC_INFO (work));
  wait_until_ended (action);
  assert_error (action, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* If the object is cancelled before its work has its turn, the work never runs. The object ends all
 * the same, and its handler is called. */
static void
test_cancelled_before_its_turn (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new_serial ();
  TestEvent go_on = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) first = loft_limiter_run_async (limiter, test_hold, &go_on, NULL);
  g_autoptr (LoftAsyncAction) work = loft_limiter_run_async (limiter, never, NULL, NULL);
  g_autoptr (LoftAction) action = loft_action_new ();
  int handled = 0;

  loft_async_base_set_work (LOFT_ASYNC_BASE (action), LOFT_ASYNC_INFO (work));
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_status (action, CANCELED);
  test_drain (NULL);
  g_assert_cmpint (handled, ==, 1);
  test_event_set (&go_on);
  wait_until_ended (first);
}

/* If somebody else cancels the work, the object is cancelled with it, even if the work has ended
 * before. */
static void
test_work_is_cancelled (void)
{
  g_autoptr (LoftAction) action = loft_action_new (), other = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    work = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, never, NULL, NULL);

  loft_async_base_set_work (LOFT_ASYNC_BASE (action), LOFT_ASYNC_INFO (work));
  loft_async_info_cancel (LOFT_ASYNC_INFO (work));
  assert_status (action, CANCELED);
  loft_async_base_set_work (LOFT_ASYNC_BASE (other), LOFT_ASYNC_INFO (work));
  assert_status (other, CANCELED);
  test_drain (NULL);
}

static gboolean
give_int (LoftAsyncOperation *operation,
          GValue             *result,
          gpointer            data,
          GError            **error)
{
  g_value_set_int (result, 7);
  return TRUE;
}

/* The value of the work is converted to the object's type. If that is not possible, the object
 * fails. */
static void
test_value (void)
{
  g_autoptr (LoftOperation) fits = loft_operation_new (G_TYPE_DOUBLE),
                            misfits = loft_operation_new (G_TYPE_OBJECT);
  g_autoptr (LoftAsyncOperation)
    work = loft_thread_pool_run_operation_async (G_TYPE_INT, give_int, NULL, NULL);

  loft_async_base_set_work (LOFT_ASYNC_BASE (fits), LOFT_ASYNC_INFO (work));
  loft_async_base_set_work (LOFT_ASYNC_BASE (misfits), LOFT_ASYNC_INFO (work));
  wait_until_ended (fits);
  wait_until_ended (misfits);
  g_assert_cmpfloat (loft_async_operation_get_double (LOFT_ASYNC_OPERATION (fits), NULL), ==, 7);
  assert_error (misfits, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

static gboolean
go_on_with (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  loft_async_base_set_work (LOFT_ASYNC_BASE (action), inner);
  return TRUE;
}

static gboolean
go_on_with_value (LoftAsyncOperation *operation,
                  GValue             *result,
                  gpointer            inner,
                  GError            **error)
{
  loft_async_base_set_work (LOFT_ASYNC_BASE (operation), inner);
  g_value_set_int64 (result, 1); /* does not count */
  return TRUE;
}

static gboolean
go_on_and_fail (LoftAsyncAction *action,
                gpointer         inner,
                GError         **error)
{
  loft_async_base_set_work (LOFT_ASYNC_BASE (action), inner);
  return test_fail (action, NULL, error);
}

/* The handler of posted work sets what the work goes on with. */
static void
test_set_by_handler (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftOperation) number = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAsyncAction) here = loft_dispatcher_run_async (d, 0, go_on_with, inner, NULL),
                              there = loft_thread_pool_run_async (go_on_with, inner, NULL);
  g_autoptr (LoftAsyncOperation) value =
    loft_dispatcher_run_operation_async (d, 0, G_TYPE_INT64, go_on_with_value, number, NULL);

  test_drain (NULL);
  assert_status (here, STARTED);
  assert_status (value, STARTED);
  loft_action_complete (inner);
  loft_operation_complete_int64 (number, 7);
  wait_until_ended (here);
  wait_until_ended (there);
  wait_until_ended (value);
  assert_status (here, COMPLETED);
  assert_status (there, COMPLETED);
  g_assert_cmpint (loft_async_operation_get_int64 (value, NULL), ==, 7);
}

/* A try form says that it ran, whatever its work ends with. */
static void
test_set_by_handler_of_try (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftOperation) number = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAction) wrong = loft_action_new ();
  g_autoptr (LoftAsyncOperation)
    ran = loft_dispatcher_try_run_async (d, 0, go_on_with, inner, NULL),
    zero = loft_dispatcher_try_run_async (d, 0, go_on_with, number, NULL),
    failed = loft_dispatcher_try_run_async (d, 0, go_on_with, wrong, NULL);

  test_drain (NULL);
  assert_status (ran, STARTED);
  loft_action_complete (inner);
  loft_operation_complete_int64 (number, 0);
  loft_async_base_fail (LOFT_ASYNC_BASE (wrong), not_found ());
  g_assert_true (loft_async_operation_get_boolean (ran, NULL));
  g_assert_true (loft_async_operation_get_boolean (zero, NULL));
  assert_error (failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* The handler may run a loop of its own, and the call may come from a handler inside of that. */
typedef struct
{
  LoftAsyncAction *outer;
  LoftAction *inner;
} InsideLoop;

static gboolean
set_for_outer (LoftAsyncAction *action,
               gpointer         data,
               GError         **error)
{
  InsideLoop *inside = data;

  loft_async_base_set_work (LOFT_ASYNC_BASE (inside->outer), LOFT_ASYNC_INFO (inside->inner));
  return TRUE;
}

static gboolean
run_loop (LoftAsyncAction *action,
          gpointer         data,
          GError         **error)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) other = loft_dispatcher_run_async (d, 0, set_for_outer, data,
                                                                 NULL);

  while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (other)))
    g_main_context_iteration (NULL, TRUE);
  return TRUE;
}

static void
test_set_inside_loop (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  InsideLoop inside = { NULL, inner };
  g_autoptr (LoftAsyncAction) outer =
    loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, run_loop, &inside, NULL);

  inside.outer = outer;
  test_drain (NULL);
  assert_status (outer, STARTED);
  loft_action_complete (inner);
  assert_status (outer, COMPLETED);
}

/* A cancel reaches it, an error of the handler counts, and nothing holds it afterwards. */
static void
test_set_by_handler_and_ended (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) canceled = loft_dispatcher_run_async (d, 0, go_on_with, inner, NULL),
                              failed = loft_dispatcher_run_async (d, 0, go_on_and_fail, inner,
                                                                  NULL);
  gpointer weak = inner;

  g_object_add_weak_pointer (G_OBJECT (inner), &weak);
  test_drain (NULL);
  assert_error (failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (inner)));
  loft_action_complete (inner);
  wait_until_ended (canceled);
  assert_status (canceled, CANCELED);
  g_clear_object (&inner);
  test_drain (NULL);
  g_assert_null (weak);
}

static void
test_itself (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_base_set_work (LOFT_ASYNC_BASE (action), LOFT_ASYNC_INFO (action));
  assert_error (action, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/set-work/ends-by-its-work", test_ends_by_its_work);
  g_test_add_func ("/set-work/fails-with-its-work", test_fails_with_its_work);
  g_test_add_func ("/set-work/cancelled-before-its-turn", test_cancelled_before_its_turn);
  g_test_add_func ("/set-work/work-is-cancelled", test_work_is_cancelled);
  g_test_add_func ("/set-work/value", test_value);
  g_test_add_func ("/set-work/set-by-handler", test_set_by_handler);
  g_test_add_func ("/set-work/set-by-handler-and-ended", test_set_by_handler_and_ended);
  g_test_add_func ("/set-work/set-by-handler-of-try", test_set_by_handler_of_try);
  g_test_add_func ("/set-work/set-inside-loop", test_set_inside_loop);
  g_test_add_func ("/set-work/itself", test_itself);
  return g_test_run ();
}
