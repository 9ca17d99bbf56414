/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects made of others: delays, deadlines, all of them, any of them. */

#include "loft-alarm-private.h"
#include "loft-clock-private.h"

#include "second-home.h"

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_alarm_look ();
}

static void
wait_until_ended (gpointer info)
{
  g_assert_true (loft_async_info_wait_unchecked (info, NULL));
}

static void
assert_error (gpointer info,
              GQuark   domain,
              int      code)
{
  g_autoptr (GError) error = loft_async_info_dup_error (info);

  g_assert_error (error, domain, code);
}

static GError *
not_found (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not there");
}

/* delay_async. */

static void
test_delay (void)
{
  g_autoptr (LoftAsyncAction) none = loft_delay_async (0), before = loft_delay_async (-1), some = loft_delay_async (100);

  assert_status (none, COMPLETED);
  assert_status (before, COMPLETED);
  pass (99);
  assert_status (some, STARTED);
  pass (1);
  wait_until_ended (some);
  assert_status (some, COMPLETED);
}

/* A cancel ends it at once, however long it is. */
static void
test_delay_cancelled (void)
{
  g_autoptr (LoftAsyncAction) action = loft_delay_async (G_TIME_SPAN_DAY);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_status (action, CANCELED);
}

static void *
cancel_it (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}

static void
test_delay_race (void)
{
  for (int i = 0; i < 500; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_delay_async (10);
      pthread_t thread;

      pthread_create (&thread, NULL, cancel_it, action);
      pass (10);
      wait_until_ended (action);
      pthread_join (thread, NULL);
    }
}

/* with_timeout. */

static void
test_timeout_in_time (void)
{
  g_autoptr (LoftOperation) inner = loft_operation_new (G_TYPE_STRING);
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);
  g_autofree char *text = NULL;

  g_assert_true (LOFT_IS_ASYNC_OPERATION (outer));
  pass (99);
  loft_operation_complete_string (inner, "in time");
  g_assert_true (loft_async_info_has_ended (outer));
  text = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (outer), NULL);
  g_assert_cmpstr (text, ==, "in time");
}

static void
test_timeout_too_late (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);

  g_assert_true (LOFT_IS_ASYNC_ACTION (outer) && !LOFT_IS_ASYNC_OPERATION (outer));
  pass (100);
  wait_until_ended (outer); /* at once, though the inner one goes on */
  assert_error (outer, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (inner)))
    g_thread_yield ();
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (inner)), ==, LOFT_CANCEL_REASON_TIMED_OUT);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (inner)));
  loft_action_complete (inner);
  assert_status (outer, ERROR);
}

static void
test_timeout_cancelled (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);

  loft_async_info_cancel (outer);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (inner)));
  g_assert_false (loft_async_info_has_ended (outer));
  loft_action_complete (inner);
  g_assert_true (loft_async_info_has_ended (outer));
  assert_status (outer, CANCELED);
}

static void
test_timeout_fails (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 0);

  loft_async_base_fail (LOFT_ASYNC_BASE (inner), not_found ());
  assert_error (outer, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       sum)
{
  *(int *) sum += g_value_get_int (progress);
}

/* Its progress, too, beside the inner one's own handler. */
static void
test_timeout_progress (void)
{
  g_autoptr (LoftOperation) inner = loft_operation_new_with_progress (G_TYPE_INT, G_TYPE_INT);
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), 100);
  g_auto (GValue) value = G_VALUE_INIT, provisional = G_VALUE_INIT;
  int own = 0, relayed = 0;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (inner), 0, on_progress, &own, NULL, NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (outer), 0, on_progress, &relayed, NULL, NULL);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 7);
  loft_operation_set_provisional_result (inner, &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (inner), &value);
  test_drain (NULL);
  g_assert_cmpint (own, ==, 7);
  g_assert_cmpint (relayed, ==, 7);
  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (outer), &provisional, NULL));
  g_assert_cmpint (g_value_get_int (&provisional), ==, 7);
  loft_operation_complete (inner, &value);
  assert_status (outer, COMPLETED);
}

/* when_all. */

#define N 4

typedef struct
{
  LoftAction *actions[N];
  LoftAsyncInfo *infos[N];
} Several;

static void
make_several (Several *several)
{
  for (int i = 0; i < N; i++)
    {
      several->actions[i] = loft_action_new ();
      several->infos[i] = LOFT_ASYNC_INFO (several->actions[i]);
    }
}

static void
free_several (Several *several)
{
  for (int i = 0; i < N; i++)
    g_object_unref (several->actions[i]);
}

static void
test_all (void)
{
  g_autoptr (LoftAsyncAction) all = NULL, none = loft_when_all (NULL, 0, 0);
  Several several;

  assert_status (none, COMPLETED);
  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  for (int i = 0; i < N; i++)
    {
      assert_status (all, STARTED);
      loft_action_complete (several.actions[N - 1 - i]);
    }
  assert_status (all, COMPLETED);
  g_assert_null (loft_when_all_dup_error (all, 0));
  free_several (&several);
}

/* The first in their order, whenever it came; and every error is kept. */
static void
test_all_errors (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  g_autoptr (GError) first = NULL, second = NULL, fourth = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[3]), not_found ());
  loft_async_info_cancel (several.infos[0]);
  loft_action_complete (several.actions[0]);
  loft_action_complete (several.actions[2]);
  assert_status (all, STARTED); /* it waits for all */
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[1]), g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  assert_error (all, G_IO_ERROR, G_IO_ERROR_BUSY);
  first = loft_when_all_dup_error (all, 0);
  second = loft_when_all_dup_error (all, 1);
  fourth = loft_when_all_dup_error (all, 3);
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_null (loft_when_all_dup_error (all, 2));
  g_assert_error (fourth, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  free_several (&several);
}

static void
test_all_canceled (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  loft_async_info_cancel (several.infos[2]);
  for (int i = 0; i < N; i++)
    loft_action_complete (several.actions[i]);
  assert_status (all, CANCELED);
  free_several (&several);
}

static void
test_all_cancels_losers (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[2]), not_found ());
  for (int i = 0; i < N; i++)
    {
      g_assert_true (i == 2 || loft_async_info_is_canceled (several.infos[i]));
      loft_action_complete (several.actions[i]);
    }
  assert_error (all, G_IO_ERROR, G_IO_ERROR_NOT_FOUND); /* the failure, not what it brought about */
  free_several (&several);
}

/* Cancelled: at once, and the others go on; or with them, when they have ended. */
static void
test_all_cancelled (void)
{
  g_autoptr (LoftAsyncAction) all = NULL, owning = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  owning = loft_when_all (several.infos, N, LOFT_WHEN_PROPAGATE_CANCEL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (all));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (all)));
  g_assert_null (loft_when_all_dup_error (all, 1));
  assert_status (several.infos[0], STARTED);
  loft_async_info_cancel (LOFT_ASYNC_INFO (owning));
  assert_status (several.infos[0], CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  for (int i = 0; i < N; i++)
    loft_action_complete (several.actions[i]);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  assert_status (owning, CANCELED);
  free_several (&several);
}

static void *
complete_it (void *action)
{
  loft_action_complete (action);
  return NULL;
}

/* All end at once, on their threads; and again, while one cancels the whole. */
static void
test_all_race (void)
{
  for (int round = 0; round < 500; round++)
    {
      g_autoptr (LoftAsyncAction) all = NULL;
      pthread_t threads[N];
      Several several;

      make_several (&several);
      for (int i = 0; i < N; i++)
        pthread_create (&threads[i], NULL, complete_it, several.actions[i]);
      all = loft_when_all (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
      if (round % 2 != 0)
        loft_async_info_cancel (LOFT_ASYNC_INFO (all));
      wait_until_ended (all);
      for (int i = 0; i < N; i++)
        pthread_join (threads[i], NULL);
      free_several (&several);
    }
}

/* when_any. */

static void
assert_index (LoftAsyncOperation *any,
              guint               index)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (any, &value, NULL));
  g_assert_cmpuint (g_value_get_uint (&value), ==, index);
}

static void
test_any (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL, after = NULL, none = loft_when_any (NULL, 0, 0);
  Several several;

  assert_error (none, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  make_several (&several);
  any = loft_when_any (several.infos, N, 0);
  assert_status (any, STARTED);
  loft_action_complete (several.actions[2]);
  assert_index (any, 2);
  assert_status (several.infos[0], STARTED);
  loft_action_complete (several.actions[1]);
  after = loft_when_any (several.infos, N, 0);
  assert_index (after, 1); /* of those that had ended, the first */
  free_several (&several);
}

static void
test_any_fails (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL;
  Several several;

  make_several (&several);
  any = loft_when_any (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[3]), not_found ());
  assert_index (any, 3); /* ask the item */
  assert_error (several.infos[3], G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  for (int i = 0; i < 3; i++)
    assert_status (several.infos[i], CANCELED);
  free_several (&several);
}

static void
test_any_cancelled (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL, owning = NULL;
  Several several;

  make_several (&several);
  any = loft_when_any (several.infos, N, 0);
  owning = loft_when_any (several.infos, N, LOFT_WHEN_PROPAGATE_CANCEL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (any));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (any)));
  assert_status (several.infos[0], STARTED);
  loft_async_info_cancel (LOFT_ASYNC_INFO (owning));
  assert_status (several.infos[3], CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  loft_action_complete (several.actions[1]);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  assert_status (owning, CANCELED);
  free_several (&several);
}

static void
test_any_race (void)
{
  for (int round = 0; round < 500; round++)
    {
      g_autoptr (LoftAsyncOperation) any = NULL;
      pthread_t threads[N];
      Several several;

      make_several (&several);
      for (int i = 0; i < N; i++)
        pthread_create (&threads[i], NULL, complete_it, several.actions[i]);
      any = loft_when_any (several.infos, N, round % 2 != 0 ? LOFT_WHEN_CANCEL_LOSERS : 0);
      wait_until_ended (any);
      assert_status (any, COMPLETED);
      for (int i = 0; i < N; i++)
        pthread_join (threads[i], NULL);
      free_several (&several);
    }
}

/* What can't end is refused: all, if one is this thread's own; any, only if all are. */
static void
test_deadlock (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) own = loft_dispatcher_run_async (d, 0, test_succeed, NULL, NULL), all = NULL;
  g_autoptr (LoftAction) other = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (own), LOFT_ASYNC_INFO (other) };
  g_autoptr (LoftAsyncOperation) any = NULL, hopeless = NULL;
  g_autoptr (GError) error = NULL;
  pthread_t thread;

  all = loft_when_all (items, 2, 0);
  any = loft_when_any (items, 2, 0);
  hopeless = loft_when_any (items, 1, 0);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (all), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_clear_error (&error);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (hopeless), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  pthread_create (&thread, NULL, complete_it, other);
  wait_until_ended (any);
  pthread_join (thread, NULL);
  test_run_until_ended (NULL, all);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/compose/delay", test_delay);
  g_test_add_func ("/compose/delay-cancelled", test_delay_cancelled);
  g_test_add_func ("/compose/delay-race", test_delay_race);
  g_test_add_func ("/compose/timeout-in-time", test_timeout_in_time);
  g_test_add_func ("/compose/timeout-too-late", test_timeout_too_late);
  g_test_add_func ("/compose/timeout-cancelled", test_timeout_cancelled);
  g_test_add_func ("/compose/timeout-fails", test_timeout_fails);
  g_test_add_func ("/compose/timeout-progress", test_timeout_progress);
  g_test_add_func ("/compose/all", test_all);
  g_test_add_func ("/compose/all-errors", test_all_errors);
  g_test_add_func ("/compose/all-canceled", test_all_canceled);
  g_test_add_func ("/compose/all-cancels-losers", test_all_cancels_losers);
  g_test_add_func ("/compose/all-cancelled", test_all_cancelled);
  g_test_add_func ("/compose/all-race", test_all_race);
  g_test_add_func ("/compose/any", test_any);
  g_test_add_func ("/compose/any-fails", test_any_fails);
  g_test_add_func ("/compose/any-cancelled", test_any_cancelled);
  g_test_add_func ("/compose/any-race", test_any_race);
  g_test_add_func ("/compose/deadlock", test_deadlock);
  return g_test_run ();
}
