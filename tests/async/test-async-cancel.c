/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cancelling: the producer's cancel handler, the children that are cancelled with an object, and
 * what the cancelled object says. */

#include "test-util.h"

static void
on_cancel (LoftAsyncBase *self,
           gpointer       counter)
{
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (self)));
  test_count (counter);
}

static void
test_cancel_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) ended = loft_action_new ();
  int replaced = 0, called = 0, late = 0, never = 0, released = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &replaced, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &called, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (replaced, ==, 0);
  g_assert_cmpint (called, ==, 1);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &late, NULL);
  g_assert_cmpint (late, ==, 1);
  loft_action_complete (action);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &never, NULL);
  g_assert_cmpint (never, ==, 0);

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (ended), on_cancel, &released, test_count);
  loft_action_complete (ended);
  loft_async_info_cancel (LOFT_ASYNC_INFO (ended));
  g_assert_cmpint (released, ==, 1);
}

static void
test_clear_cancel_handler (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int called = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_cancel, &called, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), NULL, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (called, ==, 0);
  loft_action_complete (action);
}

static void
test_propagate_cancel (void)
{
  g_autoptr (LoftAction) parent = loft_action_new ();
  g_autoptr (LoftAction) early = loft_action_new ();
  g_autoptr (LoftAction) late = loft_action_new ();

  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (early));
  loft_async_info_cancel (LOFT_ASYNC_INFO (parent));
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (late));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (early)), ==,
                   LOFT_CANCEL_REASON_PROPAGATED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (late)), ==,
                   LOFT_CANCEL_REASON_PROPAGATED);
}

/* The reason and the message say why an object was cancelled, both before its end and after it. */
static void
test_canceled_message (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) before = NULL, after = NULL, got = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  before = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (
    loft_async_base_fail (LOFT_ASYNC_BASE (action),
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "late")));
  after = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (after, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (before->message, ==, after->message);
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (action), &got));
  g_assert_cmpstr (before->message, ==, got->message);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_REQUESTED);
}

/* An end that comes while the cancel handler runs is put off until the handler has returned. The
 * first end that comes counts. */

typedef struct
{
  LoftAction *action;
  TestEvent running;
  TestEvent go_on;
  gboolean ended_meanwhile;
} Telling;

static void
tell_slowly (LoftAsyncBase *self,
             gpointer       user_data)
{
  Telling *telling = user_data;

  test_event_set (&telling->running);
  test_event_wait (&telling->go_on);
  telling->ended_meanwhile = loft_async_info_has_ended (LOFT_ASYNC_INFO (self));
}

static void *
cancel_slowly (void *data)
{
  Telling *telling = data;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (telling->action), tell_slowly, telling,
                                      NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (telling->action));
  return NULL;
}

static void *
set_slow_handler (void *data)
{
  Telling *telling = data;

  loft_async_info_cancel (LOFT_ASYNC_INFO (telling->action));
  /* The handler is called in here. */
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (telling->action), tell_slowly, telling,
                                      NULL);
  return NULL;
}

static void
test_first_end_counts (void)
{
  void *(*threads[]) (void *) = { cancel_slowly, set_slow_handler };

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      Telling telling = { action, TEST_EVENT_INIT, TEST_EVENT_INIT, FALSE };
      LoftAsyncBase *base = LOFT_ASYNC_BASE (action);
      pthread_t thread;
      int handled = 0;

      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), test_on_completed, &handled,
                                           NULL, NULL);
      pthread_create (&thread, NULL, threads[i], &telling);
      test_event_wait (&telling.running);
      g_assert_true (loft_async_base_complete_from_canceled (base)); /* it counts, but later */
      g_assert_false (loft_async_base_complete (base));
      g_assert_false (
        loft_async_base_fail (base, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "late")));
      g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      g_assert_cmpint (test_get (&handled), ==, 0);
      test_event_set (&telling.go_on);
      pthread_join (thread, NULL);
      g_assert_false (telling.ended_meanwhile);
      assert_status (action, COMPLETED);
      g_assert_cmpint (handled, ==, 1);
    }
}

/* The cancel handler may end the object, which takes effect at once. */
static void
end_in_handler (LoftAsyncBase *self,
                gpointer       counter)
{
  g_assert_false (loft_async_base_complete (self));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (self)));
  test_count (counter);
}

static void
test_ends_in_handler (void)
{
  g_autoptr (LoftAction) before = loft_action_new ();
  g_autoptr (LoftAction) after = loft_action_new ();
  int called = 0;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (before), end_in_handler, &called, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (before));
  loft_async_info_cancel (LOFT_ASYNC_INFO (after));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (after), end_in_handler, &called, NULL);
  g_assert_cmpint (called, ==, 2);
  assert_status (before, CANCELED);
  assert_status (after, CANCELED);
}

/* If the cancel handler has ended the object itself, an end that comes later on another thread does
 * not count. */

static void
end_and_let_others (LoftAsyncBase *self,
                    gpointer       user_data)
{
  Telling *telling = user_data;

  g_assert_false (loft_async_base_complete (self));
  test_event_set (&telling->running);
  test_event_wait (&telling->go_on);
}

static void *
cancel_and_end (void *data)
{
  Telling *telling = data;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (telling->action), end_and_let_others,
                                      telling, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (telling->action));
  return NULL;
}

static void
test_too_late_to_overrule (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Telling telling = { action, TEST_EVENT_INIT, TEST_EVENT_INIT, FALSE };
  pthread_t thread;

  pthread_create (&thread, NULL, cancel_and_end, &telling);
  test_event_wait (&telling.running);
  g_assert_false (loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)));
  test_event_set (&telling.go_on);
  pthread_join (thread, NULL);
  assert_status (action, CANCELED);
}

/* What the handler at home has seen. */
typedef struct
{
  GThread *thread;
  int called;
  int released;
} AtHome;

static void
on_cancel_at_home (LoftAsyncBase *self,
                   gpointer       data)
{
  AtHome *seen = data;

  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (self)));
  seen->thread = g_thread_self ();
  seen->called++;
}

static void
on_release_at_home (gpointer data)
{
  AtHome *seen = data;

  g_assert_true (g_thread_self () == seen->thread);
  seen->released++;
}

static void *
cancel_it (void *action)
{
  loft_async_info_cancel (action);
  return NULL;
}

static LoftAction *
new_with_handler_at_home (AtHome *seen)
{
  LoftAction *action = loft_action_new ();

  *seen = (AtHome) { g_thread_self (), 0, 0 };
  loft_async_base_set_cancel_handler_at_home (LOFT_ASYNC_BASE (action), on_cancel_at_home, seen,
                                              on_release_at_home);
  return action;
}

/* The handler is called at home, whichever thread cancels, and never inside the cancel. */
static void
test_handler_at_home (void)
{
  AtHome elsewhere, here;
  g_autoptr (LoftAction) a = new_with_handler_at_home (&elsewhere);
  g_autoptr (LoftAction) b = new_with_handler_at_home (&here);

  test_on_thread (cancel_it, a);
  loft_async_info_cancel (LOFT_ASYNC_INFO (b));
  g_assert_cmpint (elsewhere.called + here.called, ==, 0);
  test_drain (NULL);
  g_assert_cmpint (elsewhere.called, ==, 1);
  g_assert_cmpint (here.called, ==, 1);
  g_assert_true (elsewhere.thread == g_thread_self ());
  loft_action_complete (a);
  loft_action_complete (b);
  g_assert_cmpint (elsewhere.released, ==, 1);
  g_assert_cmpint (here.released, ==, 1);
}

/* It is not called for an object that has ended, and a later handler takes its place. */
static void
test_handler_at_home_too_late (void)
{
  AtHome ended, replaced, set_late;
  g_autoptr (LoftAction) a = new_with_handler_at_home (&ended);
  g_autoptr (LoftAction) b = new_with_handler_at_home (&replaced);
  g_autoptr (LoftAction) c = loft_action_new ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (a));
  loft_action_complete (a);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (b), NULL, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (b));
  loft_async_info_cancel (LOFT_ASYNC_INFO (c));
  set_late = (AtHome) { g_thread_self (), 0, 0 };
  loft_async_base_set_cancel_handler_at_home (LOFT_ASYNC_BASE (c), on_cancel_at_home, &set_late,
                                              on_release_at_home);
  g_assert_cmpint (set_late.called, ==, 0);
  test_drain (NULL);
  g_assert_cmpint (ended.called + replaced.called, ==, 0);
  g_assert_cmpint (set_late.called, ==, 1);
  g_assert_cmpint (ended.released + replaced.released + set_late.released, ==, 3);
  loft_action_complete (b);
  loft_action_complete (c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-cancel/cancel-handler", test_cancel_handler);
  g_test_add_func ("/async-cancel/clear-cancel-handler", test_clear_cancel_handler);
  g_test_add_func ("/async-cancel/propagate-cancel", test_propagate_cancel);
  g_test_add_func ("/async-cancel/canceled-message", test_canceled_message);
  g_test_add_func ("/async-cancel/first-end-counts", test_first_end_counts);
  g_test_add_func ("/async-cancel/ends-in-handler", test_ends_in_handler);
  g_test_add_func ("/async-cancel/too-late-to-overrule", test_too_late_to_overrule);
  g_test_add_func ("/async-cancel/handler-at-home", test_handler_at_home);
  g_test_add_func ("/async-cancel/handler-at-home-too-late", test_handler_at_home_too_late);
  return g_test_run ();
}
