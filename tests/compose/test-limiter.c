/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Limiters: at most a given number of works run at once. A limiter of one is a serial sequence. */

#include "test-util.h"

#define N 200

typedef struct
{
  int running, most, ran;
  GArray *order;
} Load;

static gboolean
note_load (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  Load *load = user_data;
  int running = __atomic_add_fetch (&load->running, 1, __ATOMIC_ACQ_REL);
  int most = test_get (&load->most);

  while (running > most && !__atomic_compare_exchange_n (&load->most, &most, running, FALSE,
                                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    ;
  sched_yield ();
  __atomic_sub_fetch (&load->running, 1, __ATOMIC_ACQ_REL);
  test_count (&load->ran);
  return TRUE;
}

static void
wait_for_all (LoftAsyncAction **actions,
              int               n)
{
  for (int i = 0; i < n; i++)
    {
      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (actions[i]), NULL));
      g_object_unref (actions[i]);
    }
}

static void
test_limit (void)
{
  for (guint limit = 1; limit <= 3; limit++)
    {
      g_autoptr (LoftLimiter) limiter = loft_limiter_new (limit);
      LoftAsyncAction *actions[N];
      Load load = { 0 };

      g_assert_cmpuint (loft_limiter_get_limit (limiter), ==, limit);
      for (int i = 0; i < N; i++)
        actions[i] = loft_limiter_run_async (limiter, note_load, &load, NULL);
      wait_for_all (actions, N);
      g_assert_cmpint (load.ran, ==, N);
      g_assert_cmpint (load.most, <=, (int) limit);
    }
}

typedef struct
{
  GString *log; /* no lock: the sequence replaces it */
  int number;
} Step;

static gboolean
append (LoftAsyncAction *action,
        gpointer         user_data,
        GError         **error)
{
  Step *step = user_data;

  g_string_append_printf (step->log, "%d ", step->number);
  return TRUE;
}

/* The works of a serial sequence run in order, and each of them sees what the one before did. */
static void
test_serial (void)
{
  g_autoptr (LoftLimiter) sequence = loft_limiter_new_serial ();
  g_autoptr (GString) log = g_string_new (NULL), expected = g_string_new (NULL);
  LoftAsyncAction *actions[N];
  Step steps[N];

  for (int i = 0; i < N; i++)
    {
      steps[i] = (Step) { log, i };
      g_string_append_printf (expected, "%d ", i);
      actions[i] = loft_limiter_run_async (sequence, append, &steps[i], NULL);
    }
  wait_for_all (actions, N);
  g_assert_cmpstr (log->str, ==, expected->str);
}

static gboolean
give (LoftAsyncOperation *operation,
      GValue             *result,
      gpointer            number,
      GError            **error)
{
  g_value_set_int (result, GPOINTER_TO_INT (number));
  return TRUE;
}

static void
test_operation (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new (2);
  g_autoptr (LoftAsyncOperation)
    operation = loft_limiter_run_operation_async (limiter, G_TYPE_INT, give, GINT_TO_POINTER (42),
                                                  NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (operation), NULL));
  g_assert_true (loft_async_operation_get_results (operation, &value, NULL));
  g_assert_cmpint (g_value_get_int (&value), ==, 42);
}

static LoftAsyncInfo *
begin_inner (LoftAsyncAction *action,
             gpointer         inner,
             GError         **error)
{
  return g_object_ref (inner);
}

/* Nested work keeps its place until its inner action has ended. */
static void
test_nested (void)
{
  g_autoptr (LoftLimiter) sequence = loft_limiter_new_serial ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    first = loft_limiter_run_nested_async (sequence, begin_inner, inner, NULL),
    second = NULL;
  g_autoptr (LoftAsyncAction) pool = NULL;
  int ran = 0;

  second = loft_limiter_run_async (sequence, test_succeed, &ran, NULL);
  for (int i = 0; i < 3; i++)
    {
      g_clear_object (&pool);
      pool = loft_thread_pool_run_async (test_succeed, NULL, NULL);
      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (pool), NULL));
    }
  g_assert_cmpint (test_get (&ran), ==, 0);
  loft_action_complete (inner);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (second), NULL));
  assert_status (first, COMPLETED);
  g_assert_cmpint (test_get (&ran), ==, 1);
}

/* Work that is cancelled while it waits never runs, its data is released, and the others have their
 * turn. */
static void
test_cancelled (void)
{
  g_autoptr (LoftLimiter) sequence = loft_limiter_new_serial ();
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) first = loft_limiter_run_async (sequence, test_hold, &gate, NULL),
                              third = NULL;
  LoftAsyncAction *second = NULL;
  int ran = 0, released = 0;

  second = loft_limiter_run_async (sequence, test_succeed, &released, test_count);
  third = loft_limiter_run_async (sequence, test_succeed, &ran, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (second));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (second)));
  g_object_unref (second);
  test_event_set (&gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (third), NULL));
  test_run_until (NULL, &released); /* at home */
  g_assert_cmpint (released, ==, 1);
  g_assert_cmpint (ran, ==, 1);
}

/* Work that waits holds the limiter. */
static void
test_let_go (void)
{
  LoftLimiter *limiter = loft_limiter_new_serial ();
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) first = loft_limiter_run_async (limiter, test_hold, &gate, NULL);
  g_autoptr (LoftAsyncAction) second = loft_limiter_run_async (limiter, test_succeed, NULL, NULL);

  g_object_unref (limiter);
  test_event_set (&gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (second), NULL));
  assert_status (second, COMPLETED);
}

/* In a serial sequence, work that waits for work behind it would wait for ever, so the wait is
 * refused. If another place is free, it is an ordinary wait. */

static gboolean
wait_for_next (LoftAsyncAction *action,
               gpointer         limiter,
               GError         **error)
{
  g_autoptr (LoftAsyncAction) next = loft_limiter_run_async (limiter, test_succeed, NULL, NULL);

  return loft_async_action_get (next, error);
}

static LoftAsyncInfo *
nest (LoftAsyncAction *action,
      gpointer         inner,
      GError         **error)
{
  return g_object_ref (inner);
}

static int nested_ended;

static gboolean
wait_behind_nested (LoftAsyncAction *action,
                    gpointer         limiter,
                    GError         **error)
{
  g_autoptr (LoftAsyncAction) nested = loft_limiter_run_nested_async (limiter, nest, action, NULL),
                              next = NULL;

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (nested), test_on_completed, &nested_ended,
                                       NULL, NULL);
  next = loft_limiter_run_async (limiter, test_succeed, NULL, NULL);
  while (loft_async_info_get_status (LOFT_ASYNC_INFO (nested)) == LOFT_ASYNC_STATUS_STARTED)
    {
      g_autoptr (GError) local_error = NULL;

      /* As soon as the nested work's handler has returned, the nested work waits for this very
       * work. */
      if (loft_async_info_wait_for (LOFT_ASYNC_INFO (next), G_TIME_SPAN_MILLISECOND,
                                    &local_error) != LOFT_ASYNC_STATUS_STARTED)
        return FALSE;
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  return FALSE;
}

static void
assert_deadlock (LoftAsyncAction *action)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
}

static void
test_deadlock (void)
{
  g_autoptr (LoftLimiter) serial = loft_limiter_new_serial (), two = loft_limiter_new (2),
                          other = loft_limiter_new_serial ();
  g_autoptr (LoftAsyncAction) waits = loft_limiter_run_async (serial, wait_for_next, serial, NULL);
  g_autoptr (LoftAsyncAction) finds_place = loft_limiter_run_async (two, wait_for_next, two, NULL);
  g_autoptr (LoftAsyncAction) behind = loft_thread_pool_run_async (wait_behind_nested, other, NULL);

  assert_deadlock (waits);
  assert_deadlock (behind);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (finds_place), NULL));
  assert_status (finds_place, COMPLETED);
}

static LoftAsyncInfo *
go_on_with_more (LoftAsyncAction *action,
                 gpointer         limiter,
                 GError         **error)
{
  return LOFT_ASYNC_INFO (loft_limiter_run_async (limiter, test_succeed, NULL, NULL));
}

static void *
wait_until_refused (void *nested)
{
  g_autoptr (GError) error = NULL;

  while (error == NULL) /* as soon as its handler has returned */
    g_assert_cmpint (loft_async_info_wait_for (nested, G_TIME_SPAN_MILLISECOND, &error), ==,
                     LOFT_ASYNC_STATUS_STARTED);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  return NULL;
}

/* The work that holds the place goes on with work that waits for this place. A wait for the first
 * work is refused, and a cancel still ends both. */
static void
test_waits_for_itself (void)
{
  g_autoptr (LoftLimiter) serial = loft_limiter_new_serial ();
  g_autoptr (LoftAsyncAction)
    nested = loft_limiter_run_nested_async (serial, go_on_with_more, serial, NULL);

  test_on_thread (wait_until_refused, nested);
  loft_async_info_cancel (LOFT_ASYNC_INFO (nested));
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (nested), NULL));
  assert_status (nested, CANCELED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limiter/limit", test_limit);
  g_test_add_func ("/limiter/serial", test_serial);
  g_test_add_func ("/limiter/operation", test_operation);
  g_test_add_func ("/limiter/nested", test_nested);
  g_test_add_func ("/limiter/cancelled", test_cancelled);
  g_test_add_func ("/limiter/let-go", test_let_go);
  g_test_add_func ("/limiter/deadlock", test_deadlock);
  g_test_add_func ("/limiter/waits-for-itself", test_waits_for_itself);
  return g_test_run ();
}
