/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each thread has one thread-local LoftThread. The functions that were added to it run when the
 * thread ends. */

#include "test-util.h"
#include "base/loft-thread-private.h"

static int ended;

static void
on_exit_of (LoftThread *state)
{
  if (!state->is_main)
    test_count (&ended);
}

static void *
look_around (void *other)
{
  LoftThread *state = loft_thread_get ();

  g_assert_true (state != other);
  g_assert_true (state == loft_thread_get ());
  g_assert_false (state->is_main);
  loft_thread_add_exit_func (on_exit_of);
  loft_thread_add_exit_func (on_exit_of); /* adding it twice has no effect */
  return NULL;
}

static void
test_one_a_thread (void)
{
  LoftThread *state = loft_thread_get ();

  g_assert_true (state->is_main);
  test_on_thread (look_around, state);
  g_assert_cmpint (test_get (&ended), ==, 1);
}

static gboolean
note_running (LoftAsyncAction *action,
              gpointer         other,
              GError         **error)
{
  g_assert_true (loft_thread_is_running (LOFT_ASYNC_INFO (action)));
  g_assert_false (loft_thread_is_running (LOFT_ASYNC_INFO (other)));
  return TRUE;
}

static void
test_running (void)
{
  g_autoptr (LoftAction) other = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0,
                                                                  note_running, other, NULL);

  g_assert_false (loft_thread_is_running (LOFT_ASYNC_INFO (action)));
  test_run_until_ended (NULL, action);
  g_assert_false (loft_thread_is_running (LOFT_ASYNC_INFO (action)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/thread/one-a-thread", test_one_a_thread);
  g_test_add_func ("/thread/running", test_running);
  return g_test_run ();
}
