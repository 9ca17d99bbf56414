/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The threads of the pool. Tasks that wait for other tasks do not exhaust the pool, and an idle
 * pool gives its threads back. The tests enter the MTA, so that they may block. */

#include "pool/loft-pool-private.h"

#include "test-util.h"

/* Each task starts another one and waits for it, 500 deep, while the pool has a limit of two. */
static gboolean
go_deeper (LoftAsyncAction *action,
           gpointer         depth,
           GError         **error)
{
  g_autoptr (LoftAsyncAction) inner = NULL;

  if (GPOINTER_TO_INT (depth) == 0)
    return TRUE;
  inner = loft_thread_pool_run_async (go_deeper, GINT_TO_POINTER (GPOINTER_TO_INT (depth) - 1),
                                      NULL);
  return loft_async_action_get (inner, error);
}

static void
test_waits_do_not_exhaust (void)
{
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (go_deeper, GINT_TO_POINTER (500), NULL);
  LoftPoolStats stats;

  g_assert_true (loft_async_action_get (action, NULL));
  loft_pool_get_stats (&stats);
  g_assert_cmpuint (stats.blocked, ==, 0);
  g_assert_cmpuint (stats.limit, ==, 2);
  g_assert_cmpuint (stats.peak, >=, 501); /* each waits on a thread of its own */
  g_test_message ("%u workers at most", stats.peak);
}

static gboolean
wait_for_itself (LoftAsyncAction *action,
                 gpointer         user_data,
                 GError         **error)
{
  return loft_async_action_get (action, error);
}

static void
test_waits_for_itself (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (wait_for_itself, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (action, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
}

static gboolean
post_more (LoftAsyncAction *action,
           gpointer         counter,
           GError         **error)
{
  LoftAsyncAction *more[50];

  for (int i = 0; i < 50; i++)
    more[i] = loft_thread_pool_run_async (test_succeed, counter, NULL);
  for (int i = 0; i < 50; i++)
    {
      g_assert_true (loft_async_action_get (more[i], NULL));
      g_object_unref (more[i]);
    }
  return TRUE;
}

static void
test_many (void)
{
  LoftAsyncAction *actions[100];
  int n = 0;

  for (int i = 0; i < 100; i++)
    actions[i] = loft_thread_pool_run_async (post_more, &n, NULL);
  for (int i = 0; i < 100; i++)
    {
      g_assert_true (loft_async_action_get (actions[i], NULL));
      g_object_unref (actions[i]);
    }
  g_assert_cmpint (test_get (&n), ==, 5000);
}

/* An idle pool gives back all its threads, and starts new ones when there is work again. */
static void
test_threads_are_given_back (void)
{
  loft_pool_set_idle_timeout (0);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, NULL, NULL);

      g_assert_true (loft_async_action_get (action, NULL));
      loft_pool_wait_until_empty ();
    }
  loft_pool_set_idle_timeout (-1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  loft_pool_set_limit (2);
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  g_test_add_func ("/thread-pool-waits/waits-do-not-exhaust", test_waits_do_not_exhaust);
  g_test_add_func ("/thread-pool-waits/waits-for-itself", test_waits_for_itself);
  g_test_add_func ("/thread-pool-waits/many", test_many);
  g_test_add_func ("/thread-pool-waits/threads-are-given-back", test_threads_are_given_back);
  return g_test_run ();
}
