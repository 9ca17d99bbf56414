/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The last rounds of a shutdown. Whatever is delivered to the dispatcher while the rest of its
 * items run still runs, and nothing goes on for ever. */

#include "test-util.h"

/* Returns whether this is the process in which the test runs. It has a process of its own, because
 * the default dispatcher ends only once. */
static gboolean
in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  return FALSE;
}

/* Whatever the items of the last round cause still runs there: handlers, continuations, items that
 * were moved to another lane, and delayed work that was due. */

typedef struct
{
  GApplication *application;
  LoftAsyncAction *work;
  LoftAsyncAction *continued;
  LoftAsyncAction *moved;
  LoftAsyncAction *due;
  LoftAsyncAction *delayed;
  int handled;
  int ran;
  int released;
  int restarts;
  LoftAsyncAction *again;
  TestEvent in_round;
  TestEvent cancelled;
} LastRound;

static gboolean
count_continuation (LoftAsyncInfo *antecedent,
                    gpointer       counter,
                    GError       **error)
{
  test_count (counter);
  return TRUE;
}

static gboolean
move_other (LoftAsyncAction *action,
            gpointer         data,
            GError         **error)
{
  LastRound *last = data;

  g_assert_true (loft_dispatcher_set_item_priority (loft_dispatcher_get_default (),
                                                    LOFT_ASYNC_INFO (last->moved),
                                                    LOFT_PRIORITY_HIGH));
  test_event_set (&last->in_round);
  test_event_wait (&last->cancelled);
  return TRUE;
}

/* A handler that goes on for ever must not keep the program from ending. */
static gboolean
start_again (LoftAsyncInfo *antecedent,
             gpointer       data,
             GError       **error)
{
  g_autoptr (LoftAction) ended = loft_action_new_completed ();
  LastRound *last = data;

  last->restarts++;
  g_clear_object (&last->again);
  last->again = loft_async_info_continue_with (LOFT_ASYNC_INFO (ended), start_again, last, NULL);
  return TRUE;
}

static void *
look_at_again (void *again)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (again, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  return NULL;
}

static void
on_activate_last_round (GApplication *application,
                        gpointer      data)
{
  LastRound *last = data;
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) ended = loft_action_new_completed ();

  last->work = loft_dispatcher_run_async (d, LOFT_PRIORITY_HIGH, move_other, last, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (last->work), test_on_completed, &last->handled,
                                 NULL, NULL);
  last->continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (last->work), count_continuation,
                                                   &last->handled, NULL);
  last->moved = loft_dispatcher_run_async (d, LOFT_PRIORITY_IDLE, test_succeed, &last->ran, NULL);
  last->due = loft_dispatcher_run_delayed_async (d, 0, 0, test_succeed, &last->ran, NULL);
  last->delayed = loft_dispatcher_run_delayed_async (d, 0, G_TIME_SPAN_HOUR, test_succeed,
                                                     &last->ran, NULL);
  last->again = loft_async_info_continue_with (LOFT_ASYNC_INFO (ended), start_again, last, NULL);
  g_application_quit (application);
}

/* While the last round runs, another thread cancels work whose delay is not over. */
static void *
cancel_delayed (void *data)
{
  LastRound *last = data;

  test_event_wait (&last->in_round);
  loft_async_info_cancel (LOFT_ASYNC_INFO (last->delayed));
  test_event_set (&last->cancelled);
  return NULL;
}

static void
test_last_round (void)
{
  LastRound last = { .in_round = TEST_EVENT_INIT, .cancelled = TEST_EVENT_INIT };
  pthread_t thread;

  if (!in_subprocess ())
    return;
  last.application = g_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  loft_dispatcher_attach_application (last.application);
  g_signal_connect (last.application, "activate", G_CALLBACK (on_activate_last_round), &last);
  pthread_create (&thread, NULL, cancel_delayed, &last);
  g_application_run (last.application, 0, NULL);
  pthread_join (thread, NULL);
  assert_status (last.work, COMPLETED);
  assert_status (last.continued, COMPLETED);
  g_assert_cmpint (last.handled, ==, 2);
  assert_status (last.moved, COMPLETED);
  assert_status (last.due, COMPLETED);
  g_assert_cmpint (last.ran, ==, 2);
  g_assert_cmpint (last.restarts, >, 1);
  test_on_thread (look_at_again, last.again);
  g_object_unref (last.again);
  assert_status (last.delayed, CANCELED);
  g_object_unref (last.work);
  g_object_unref (last.continued);
  g_object_unref (last.moved);
  g_object_unref (last.due);
  g_object_unref (last.delayed);
  g_object_unref (last.application);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shutdown-rounds/last-round", test_last_round);
  return g_test_run ();
}
