/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A forked child has a pool and timers of its own, and leaves alone what its parent has left
 * waiting. */

#include "test-util.h"

#include <sys/wait.h>

static void
run_in_child (void (*func) (void))
{
  pid_t child = fork ();
  int status = -1;

  if (child == 0)
    {
      func ();
      exit (7); /* with all exit hooks */
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 7);
}

static void
use_pool (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction) delay = loft_delay_async (1);

  if (!loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL) ||
      !loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (delay), NULL))
    _exit (1);
}

static void
test_pool (void)
{
  use_pool (); /* the parent has threads, which the child has not */
  run_in_child (use_pool);
  use_pool ();
}

/* A wait for a descriptor on a thread of the MTA, for which a thread of Loft polls. */
static gpointer
wait_for_descriptor (gpointer data)
{
  int ends[2];
  g_autoptr (LoftAsyncInfo) waiting = NULL;

  if (pipe (ends) != 0 || write (ends[1], "", 1) != 1)
    _exit (1);
  waiting = loft_resume_on_fd (ends[0], G_IO_IN, -1).object;
  if (!loft_async_info_wait_unchecked (waiting, NULL))
    _exit (1);
  close (ends[0]);
  close (ends[1]);
  return NULL;
}

static void
use_descriptor (void)
{
  test_on_thread (wait_for_descriptor, NULL);
}

static void
test_descriptor (void)
{
  use_descriptor ();
  run_in_child (use_descriptor);
  use_descriptor ();
}

/* A child that ends neither does the parent's work nor releases its data. */
static void
exit_wrongly (gpointer data)
{
  _exit (1);
}

static void
nothing (void)
{
}

static void
shut_down (void)
{
  g_assert_true (loft_shutdown ());
}

static void
test_exit (void)
{
  GMainContext *context = NULL;
  LoftDispatcher *dispatcher = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  context = g_main_context_new ();
  dispatcher = loft_dispatcher_get_for_context (context);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, exit_wrongly, NULL, exit_wrongly));
  g_assert_true (loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), 0, exit_wrongly, NULL,
                                              exit_wrongly));
  run_in_child (nothing);
  run_in_child (shut_down); /* as an exit hook does that was registered before the fork */
  exit (0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fork/pool", test_pool);
  g_test_add_func ("/fork/descriptor", test_descriptor);
  g_test_add_func ("/fork/exit", test_exit);
  return g_test_run ();
}
