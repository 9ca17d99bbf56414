/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A wait that only the waiting thread itself could end is refused with DEADLOCK, in any apartment
 * and also as an unchecked wait. A wait that others could end is not refused. */

#include "test-util.h"

/* A wait for work that only this thread could run is refused, also as an unchecked wait. */
static void
test_deadlock (void)
{
  g_autoptr (LoftAsyncAction) queued = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0,
                                                                  test_succeed, NULL, NULL);
  g_autoptr (GError) error = NULL, unchecked = NULL;

  g_assert_false (loft_async_action_get (queued, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (queued), &unchecked));
  g_assert_error (unchecked, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  test_drain (NULL);
  g_assert_true (loft_async_action_get (queued, NULL));
}

static void *
open_gate (void *gate)
{
  test_event_set (gate);
  return NULL;
}

/* A thread can't wait for a continuation that it has to run itself. It can wait for work that a
 * nested handler has handed to the pool. */
static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  return TRUE;
}

static LoftAsyncInfo *
hand_to_pool (LoftAsyncAction *action,
              gpointer         gate,
              GError         **error)
{
  return LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_hold, gate, NULL));
}

static void
test_deadlock_follows (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAction) first = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    own = loft_async_info_continue_with (LOFT_ASYNC_INFO (first), go_on, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    nested = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, hand_to_pool,
                                               &gate, NULL);
  g_autoptr (GError) error = NULL;
  pthread_t thread;

  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (own), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  loft_action_complete (first);
  test_drain (NULL);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (nested)));
  pthread_create (&thread, NULL, open_gate, &gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (nested), NULL));
  pthread_join (thread, NULL);
}

/* Inside of the object's own cancel handler a wait is refused, because the end waits for that
 * handler to return. */
static void
wait_in_cancel (LoftAsyncBase *self,
                gpointer       error)
{
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (self), G_TIME_SPAN_HOUR, error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
}

static void *
cancel_in_the_mta (void *action)
{
  loft_async_info_cancel (action);
  return NULL;
}

static void
test_own_cancel_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), wait_in_cancel, &error, NULL);
  test_on_thread (cancel_in_the_mta, action);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  loft_action_complete (action);
}

/* A handler can't wait for continuations of its own action. */

static gboolean
succeed (LoftAsyncInfo *antecedent,
         gpointer       user_data,
         GError       **error)
{
  return TRUE;
}

static gboolean
wait_for_own_continuation (LoftAsyncAction *action,
                           gpointer         user_data,
                           GError         **error)
{
  g_autoptr (LoftAsyncAction)
    next = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    last = loft_async_info_continue_with (LOFT_ASYNC_INFO (next), succeed, NULL, NULL);

  g_assert_false (loft_async_action_get (last, user_data));
  return TRUE;
}

static void
test_own_continuation (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (wait_for_own_continuation, &error, NULL);

  test_run_until_ended (NULL, action);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
}

/* In the MTA a continuation may wait for one behind it, because the thread hands over those that it
 * has not yet run. */

typedef struct
{
  LoftAsyncAction *behind;
  TestEvent set;
} Siblings;

static gboolean
wait_for_sibling (LoftAsyncInfo *antecedent,
                  gpointer       user_data,
                  GError       **error)
{
  Siblings *siblings = user_data;

  test_event_wait (&siblings->set);
  return loft_async_action_get (siblings->behind, error);
}

static void *
continue_twice (void *antecedent)
{
  Siblings siblings = { NULL, TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction)
    first = loft_async_info_continue_with (antecedent, wait_for_sibling, &siblings, NULL);
  g_autoptr (LoftAsyncAction)
    second = loft_async_info_continue_with (antecedent, succeed, NULL, NULL);

  siblings.behind = second;
  test_event_set (&siblings.set);
  if (!loft_async_info_has_ended (antecedent))
    loft_action_complete (antecedent); /* both run here, and the first one waits here */
  g_assert_true (loft_async_action_get (first, NULL));
  return NULL;
}

static void
test_sibling (void)
{
  g_autoptr (LoftAction) ends_here = loft_action_new ();
  g_autoptr (LoftAction) has_ended = loft_action_new_completed ();

  test_on_thread (continue_twice, ends_here);
  test_on_thread (continue_twice, has_ended);
}

/* Work can't wait for an object that follows it. Even if that object was cancelled, it still ends
 * with the work. */

typedef struct
{
  LoftAsyncAction *follower;
  TestEvent go_on;
  gboolean cancels;
  GError *error;
} Followed;

static gboolean
wait_for_follower (LoftAsyncAction *action,
                   gpointer         user_data,
                   GError         **error)
{
  Followed *followed = user_data;

  test_event_wait (&followed->go_on);
  if (followed->cancels)
    loft_async_info_cancel (LOFT_ASYNC_INFO (followed->follower));
  g_assert_false (loft_async_action_get (followed->follower, &followed->error));
  return TRUE;
}

static LoftAsyncInfo *
follow_work (LoftAsyncInfo *antecedent,
             gpointer       work,
             GError       **error)
{
  return g_object_ref (work);
}

static void
test_follower (void)
{
  for (int cancels = 0; cancels < 2; cancels++)
    {
      Followed followed = { NULL, TEST_EVENT_INIT, cancels, NULL };
      g_autoptr (LoftAction) begin = loft_action_new_completed ();
      g_autoptr (LoftAsyncAction)
        work = loft_thread_pool_run_async (wait_for_follower, &followed, NULL);
      g_autoptr (LoftAsyncAction) follower =
        loft_async_info_continue_with_async (LOFT_ASYNC_INFO (begin), follow_work, work, NULL);

      test_drain (NULL);
      followed.follower = follower;
      test_event_set (&followed.go_on);
      test_run_until_ended (NULL, follower);
      g_assert_error (followed.error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
      g_clear_error (&followed.error);
    }
}

/* This thread may wait for pool work that it has posted and that has failed, even while a cancel
 * handler on another thread puts off the end of the work. The thread does not wait for itself
 * then. */

typedef struct
{
  LoftAsyncAction *work;
  TestEvent handler_set;
  TestEvent telling;
  TestEvent go_on;
} Failing;

static void
tell_until (LoftAsyncBase *self,
            gpointer       user_data)
{
  Failing *failing = user_data;

  test_event_set (&failing->telling);
  test_event_wait (&failing->go_on);
}

static gboolean
fail_while_told (LoftAsyncAction *action,
                 gpointer         user_data,
                 GError         **error)
{
  Failing *failing = user_data;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), tell_until, failing, NULL);
  test_event_set (&failing->handler_set);
  test_event_wait (&failing->telling);
  return test_fail (action, NULL, error);
}

static void *
cancel_when_set (void *user_data)
{
  Failing *failing = user_data;

  test_event_wait (&failing->handler_set);
  loft_async_info_cancel (LOFT_ASYNC_INFO (failing->work));
  return NULL;
}

static void *
let_telling_go_on (void *user_data)
{
  test_event_set (&((Failing *) user_data)->go_on);
  return NULL;
}

static void
test_failing_pool_work (void)
{
  Failing failing = { NULL, TEST_EVENT_INIT, TEST_EVENT_INIT, TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (fail_while_told, &failing, NULL);
  pthread_t cancels, lets_go;

  failing.work = work;
  pthread_create (&cancels, NULL, cancel_when_set, &failing);
  test_event_wait (&failing.telling);
  pthread_create (&lets_go, NULL, let_telling_go_on, &failing);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (work), NULL));
  pthread_join (cancels, NULL);
  pthread_join (lets_go, NULL);
  assert_status (work, CANCELED);
}

/* A handler in the MTA may run a loop of its own until a continuation behind it has run. */

static void
quit_loop (GObject      *source,
           GAsyncResult *result,
           gpointer      loop)
{
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  g_main_loop_quit (loop);
}

static void
run_loop_until_next (LoftAsyncInfo   *sender,
                     LoftAsyncStatus  status,
                     gpointer         next)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);

  g_main_context_push_thread_default (context);
  loft_async_info_wait_async (*(LoftAsyncInfo **) next, NULL, quit_loop, loop);
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);
}

static void *
run_loop_in_the_mta (void *unused)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    next = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), succeed, NULL, NULL);

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), run_loop_until_next, &next, NULL, NULL);
  loft_action_complete (action);
  assert_status (next, COMPLETED);
  return NULL;
}

static void
test_loop_in_the_mta (void)
{
  test_on_thread (run_loop_in_the_mta, NULL);
}

/* The objects are composed so deeply that to look at all of them would need a large stack. Loft
 * assumes that the wait will end, and it does. */

#define DEEP 20000

static gpointer
wait_for_deep (gpointer outermost)
{
  g_assert_true (loft_async_action_get (outermost, NULL));
  return NULL;
}

static void
test_deep (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  LoftAsyncInfo *last = LOFT_ASYNC_INFO (inner);
  pthread_attr_t small;
  pthread_t thread;

  for (int i = 0; i < DEEP; i++)
    {
      last = LOFT_ASYNC_INFO (loft_when_all (&last, 1, LOFT_WHEN_DEFAULT));
      g_ptr_array_add (all, last);
    }
  pthread_attr_init (&small);
  pthread_attr_setstacksize (&small, 256 * 1024);
  pthread_create (&thread, &small, wait_for_deep, last);
  pthread_attr_destroy (&small);
  loft_action_complete (inner);
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wait-deadlock/deadlock", test_deadlock);
  g_test_add_func ("/wait-deadlock/deadlock-follows", test_deadlock_follows);
  g_test_add_func ("/wait-deadlock/own-cancel-handler", test_own_cancel_handler);
  g_test_add_func ("/wait-deadlock/own-continuation", test_own_continuation);
  g_test_add_func ("/wait-deadlock/sibling", test_sibling);
  g_test_add_func ("/wait-deadlock/follower", test_follower);
  g_test_add_func ("/wait-deadlock/failing-pool-work", test_failing_pool_work);
  g_test_add_func ("/wait-deadlock/loop-in-the-mta", test_loop_in_the_mta);
  g_test_add_func ("/wait-deadlock/deep", test_deep);
  return g_test_run ();
}
