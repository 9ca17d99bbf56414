/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* If no thread can be started for a while, nothing is lost, and everything runs when there are
 * threads again. The pthread_create () in this file is called in place of the C library's. */

#include "test-util.h"

#include <dlfcn.h>
#include <errno.h>

static int failures; /* atomic: how many more attempts fail */

int pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*func) (void *),
                    void *data);

int
pthread_create (pthread_t            *thread,
                const pthread_attr_t *attributes,
                void               *(*func) (void *),
                void                 *data)
{
  __typeof__ (&pthread_create) next = (__typeof__ (&pthread_create)) dlsym (RTLD_NEXT, "pthread_"
                                                                                       "create");

  if (__atomic_load_n (&failures, __ATOMIC_ACQUIRE) > 0 &&
      __atomic_fetch_sub (&failures, 1, __ATOMIC_ACQ_REL) > 0)
    return EAGAIN;
  return next (thread, attributes, func, data);
}

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             event)
{
  test_event_set (event);
}

/* A pool action, a delay, a time-out and a pool timer, with a main loop and without another
 * thread. */
static void
test_main_loop (void)
{
  g_autoptr (LoftAsyncAction) action = NULL, delay = NULL;
  g_autoptr (LoftAsyncInfo) limited = NULL;
  g_autoptr (LoftThreadPoolTimer) timer = NULL;
  g_autoptr (LoftAction) never = loft_action_new ();
  TestEvent elapsed = TEST_EVENT_INIT;

  __atomic_store_n (&failures, 6, __ATOMIC_RELEASE);
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "Can't start the thread that delays*");
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "Can't start a worker thread*");
  delay = loft_delay_async (1);
  action = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  limited = loft_with_timeout (LOFT_ASYNC_INFO (never), 1);
  timer = loft_thread_pool_timer_create (1, on_elapsed, &elapsed, NULL);
  g_test_assert_expected_messages ();
  test_run_until_ended (NULL, action);
  test_run_until_ended (NULL, delay);
  test_run_until_ended (NULL, limited);
  test_event_wait (&elapsed);
  loft_action_complete (never);
}

/* A worker that waits would lend its place to another worker. If no other can be started, the
 * worker that waits tries again itself. */
static gboolean
run_next (LoftAsyncAction *action,
          gpointer         data,
          GError         **error)
{
  g_autoptr (LoftAsyncAction) next = NULL;

  __atomic_store_n (&failures, 3, __ATOMIC_RELEASE);
  next = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  return loft_async_action_get (next, error);
}

static void
test_waiting (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "Can't start the thread that delays*");
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "Can't start a worker thread*");
  action = loft_thread_pool_run_async (run_next, NULL, NULL);
  test_run_until_ended (NULL, action);
  g_assert_true (loft_async_action_get_results (action, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpint (test_get (&failures), ==, 0);
}

/* Runs the test above in a new process, in which the pool has no worker yet. */
static void
test_waiting_in_new_process (void)
{
  g_test_trap_subprocess ("/thread-limit/waiting/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/thread-limit/main-loop", test_main_loop);
  g_test_add_func ("/thread-limit/waiting/subprocess", test_waiting);
  g_test_add_func ("/thread-limit/waiting", test_waiting_in_new_process);
  return g_test_run ();
}
