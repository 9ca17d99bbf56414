/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft's threads and the signals of the program. Loft's threads take no signals while they wait,
 * and work runs with the signal mask of the thread that started the worker. */

#include "pool/loft-pool-private.h"

#include "test-util.h"

#include <signal.h>

static void
block_signal (int signal)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, signal);
  g_assert_cmpint (pthread_sigmask (SIG_BLOCK, &set, NULL), ==, 0);
}

static void
run_on_pool (LoftWorkHandler handler)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (handler, NULL, NULL);

  g_assert_true (loft_async_action_get (action, NULL));
}

/* Waits until no worker of the pool is active. A worker is still active for a moment after its work
 * has ended, until it waits for more. */
static void
wait_for_rest (void)
{
  LoftPoolStats stats;

  do
    {
      sched_yield ();
      loft_pool_get_stats (&stats);
    }
  while (stats.active > 0);
}

/* A program may post work first, and only then block a signal and wait for it with sigwait (). None
 * of the workers that exist already may take that signal. */
static void
test_wait_for_signal (void)
{
  g_autoptr (LoftAsyncAction) delay = loft_delay_async (1);
  sigset_t set;
  int got = 0;

  run_on_pool (test_succeed);
  g_assert_true (loft_async_action_get (delay, NULL));
  wait_for_rest ();
  block_signal (SIGUSR1);
  sigemptyset (&set);
  sigaddset (&set, SIGUSR1);
  for (int i = 0; i < 100; i++)
    {
      g_assert_cmpint (kill (getpid (), SIGUSR1), ==, 0);
      g_assert_cmpint (sigwait (&set, &got), ==, 0);
      g_assert_cmpint (got, ==, SIGUSR1);
    }
}

static gboolean
look_at_mask (LoftAsyncAction *action,
              gpointer         data,
              GError         **error)
{
  sigset_t mask;

  pthread_sigmask (SIG_SETMASK, NULL, &mask);
  g_assert_false (sigismember (&mask, SIGTERM)); /* SIGTERM can end a process started here */
  g_assert_true (sigismember (&mask, SIGUSR2));
  return TRUE;
}

static void
test_mask_of_work (void)
{
  run_on_pool (look_at_mask);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  block_signal (SIGUSR2); /* before the pool has a thread */
  g_test_add_func ("/quiet-thread/wait-for-signal", test_wait_for_signal);
  g_test_add_func ("/quiet-thread/mask-of-work", test_mask_of_work);
  return g_test_run ();
}
