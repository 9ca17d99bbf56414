/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A pool whose workers are all blocked in code that Loft knows nothing of grows by one worker at
 * each look, and shrinks again afterwards. The test sets the clock by hand. */

#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"
#include "pool/loft-pool-private.h"

#include "test-util.h"

#define FIRST_LOOK (100 * G_TIME_SPAN_MILLISECOND)

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  loft_timer_thread_look ();
}

static LoftPoolStats
get_stats (void)
{
  LoftPoolStats stats;

  loft_pool_get_stats (&stats);
  return stats;
}

/* Lets the pool look until @is_so holds. One look may not be enough, since it may come before an
 * item is in its lane. */
static void
pass_until (gboolean (*is_so) (guint number),
            guint    number)
{
  while (!is_so (number))
    {
      pass (2 * G_TIME_SPAN_SECOND); /* the longest wait between two looks is shorter */
      sched_yield ();
    }
}

static gboolean
extra_is (guint number)
{
  return get_stats ().extra == number;
}

static gboolean
active_is (guint number)
{
  return get_stats ().active == number;
}

typedef struct
{
  TestEvent begun, go_on;
} Blocker;

static gboolean
block (LoftAsyncAction *action,
       gpointer         data,
       GError         **error)
{
  Blocker *blocker = data;

  test_event_set (&blocker->begun);
  test_event_wait (&blocker->go_on);
  return TRUE;
}

static GPtrArray *
block_pool (Blocker *blockers,
            guint    n)
{
  GPtrArray *actions = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      blockers[i] = (Blocker) { TEST_EVENT_INIT, TEST_EVENT_INIT };
      g_ptr_array_add (actions, loft_thread_pool_run_async (block, &blockers[i], NULL));
      if (i < get_stats ().limit)
        test_event_wait (&blockers[i].begun);
    }
  return actions;
}

static void
end_blocked (GPtrArray *actions,
             Blocker   *blockers)
{
  for (guint i = 0; i < actions->len; i++)
    {
      test_event_set (&blockers[i].go_on);
      g_assert_true (loft_async_action_get (actions->pdata[i], NULL));
    }
  g_ptr_array_unref (actions);
}

/* After a short while one more worker runs, and after another look the next one. */
static void
test_grows (void)
{
  Blocker blockers[4];
  guint limit = get_stats ().limit;
  GPtrArray *actions = block_pool (blockers, limit + 2);

  pass_until (extra_is, 1);
  test_event_wait (&blockers[limit].begun);
  pass_until (extra_is, 2);
  test_event_wait (&blockers[limit + 1].begun);
  g_assert_cmpuint (get_stats ().active, ==, limit + 2);
  end_blocked (actions, blockers);
  pass_until (extra_is, 0);
  pass_until (active_is, 0);
}

/* While an item is taken between any two looks, the pool does not grow. */
static void
test_gets_on (void)
{
  Blocker blockers[8];
  guint limit = get_stats ().limit, n = 4;
  GPtrArray *actions = block_pool (blockers, limit + n);

  for (guint i = 0; i < n; i++)
    {
      test_event_set (&blockers[i].go_on);
      test_event_wait (&blockers[limit + i].begun);
      pass (FIRST_LOOK);
      pass (0);
      /* Two looks may see the same moment, and then the pool grows by one. */
      g_assert_cmpuint (get_stats ().extra, <=, 1);
    }
  end_blocked (actions, blockers);
  pass_until (extra_is, 0);
  pass_until (active_is, 0);
}

/* A handler that ends its thread ends its work with an error, and the pool goes on with another
 * worker. */
static gboolean
exit_thread (LoftAsyncAction *action,
             gpointer         data,
             GError         **error)
{
  g_thread_exit (NULL);
  return TRUE;
}

static void
test_thread_exit (void)
{
  for (guint i = 0; i < 3 * get_stats ().limit; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (exit_thread, NULL, NULL);
      g_autoptr (LoftAsyncAction)
        sliced = loft_thread_pool_run_with_options_async (LOFT_PRIORITY_NORMAL,
                                                          LOFT_WORK_TIME_SLICED, exit_thread, NULL,
                                                          NULL);
      g_autoptr (LoftAsyncAction) next = loft_thread_pool_run_async (test_succeed, NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (loft_async_action_get (action, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (loft_async_action_get (sliced, NULL));
      g_assert_true (loft_async_action_get (next, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  loft_pool_set_limit (2);
  now = g_get_monotonic_time ();
  loft_clock_set (now);
  g_test_add_func ("/thread-pool-growth/grows", test_grows);
  g_test_add_func ("/thread-pool-growth/gets-on", test_gets_on);
  g_test_add_func ("/thread-pool-growth/thread-exit", test_thread_exit);
  return g_test_run ();
}
