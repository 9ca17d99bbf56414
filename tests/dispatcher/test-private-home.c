/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The dispatcher of a context that a thread has pushed ends with that thread. Nobody waits for ever
 * for what was posted there, and nothing of it is left. */

#include "descriptors.h"
#include "controlled.h"
#include "several.h"

#define ROUNDS 300

static int released;

/* What a thread leaves on its private context. */
typedef struct
{
  gboolean pops;
  LoftAsyncAction *posted;
  LoftAsyncAction *continued;
  LoftAction *antecedent;
  LoftDispatcher *dispatcher;
} Left;

static gboolean
never (LoftAsyncAction *action,
       gpointer         data,
       GError         **error)
{
  g_assert_not_reached ();
}

static gboolean
never_continue (LoftAsyncInfo *antecedent,
                gpointer       data,
                GError       **error)
{
  g_assert_not_reached ();
}

static void *
leave_context (void *data)
{
  Left *left = data;
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  left->dispatcher = loft_dispatcher_get_for_current_thread ();
  left->posted = loft_dispatcher_run_async (left->dispatcher, LOFT_PRIORITY_NORMAL, never,
                                            &released, test_count);
  if (left->antecedent != NULL)
    left->continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (left->antecedent),
                                                     never_continue, &released, test_count);
  if (left->pops)
    g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

static void
expect_named (void)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_MESSAGE,
                         "*never ran, because the thread that had pushed their context ended*");
}

static void
test_ends_with_its_thread (void)
{
  for (int pops = 0; pops < 2; pops++)
    {
      Left left = { .pops = pops };

      released = 0;
      expect_named ();
      test_on_thread (leave_context, &left);
      g_test_assert_expected_messages ();
      assert_status (left.posted, CANCELED);
      g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (left.posted)), ==,
                       LOFT_CANCEL_REASON_SHUT_DOWN);
      g_assert_cmpint (released, ==, 1);
      g_assert_false (loft_dispatcher_try_enqueue (left.dispatcher, LOFT_PRIORITY_NORMAL,
                                                   test_count, &released, NULL));
      g_object_unref (left.posted);
      g_object_unref (left.dispatcher);
    }
}

/* Somebody waits for a continuation that should have run on the thread that has ended. It ends with
 * the error DISCONNECTED. */
static void
test_continuation (void)
{
  Left left = { .antecedent = loft_action_new () };

  expect_named ();
  test_on_thread (leave_context, &left);
  g_test_assert_expected_messages ();
  loft_action_complete (left.antecedent);
  wait_until_ended (left.continued);
  assert_error (left.continued, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_object_unref (left.continued);
  g_object_unref (left.antecedent);
  g_object_unref (left.posted);
  g_object_unref (left.dispatcher);
}

static void
test_leaves_no_descriptor (void)
{
  guint before = count_descriptors ();

  for (int i = 0; i < ROUNDS; i++)
    {
      Left left = { .pops = TRUE };

      expect_named ();
      test_on_thread (leave_context, &left);
      g_object_unref (left.posted);
      g_object_unref (left.dispatcher);
    }
  g_test_assert_expected_messages ();
  g_assert_cmpuint (count_descriptors (), <=, before);
}

/* A thread that goes on, and only makes and drops such contexts, leaves no file descriptors
 * open. */
static void
test_many_on_one_thread (void)
{
  guint before = count_descriptors ();

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();

      g_main_context_push_thread_default (context);
      g_object_unref (loft_dispatcher_get_for_current_thread ());
      g_main_context_pop_thread_default (context);
    }
  g_assert_cmpuint (count_descriptors (), <=, before);
}

/* A context that another thread has taken over is that thread's. */

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
} HandedOn;

static void *
begin_with_context (void *data)
{
  HandedOn *handed = data;

  g_main_context_push_thread_default (handed->context);
  handed->dispatcher = loft_dispatcher_get_for_current_thread ();
  g_main_context_pop_thread_default (handed->context);
  return NULL;
}

static void *
take_over_and_wait (void *data)
{
  gpointer *both = data;

  begin_with_context (both[0]);
  test_event_set (both[1]);
  test_event_wait (both[2]);
  return NULL;
}

static void
test_handed_on (void)
{
  HandedOn first = { g_main_context_new (), NULL }, second = { first.context, NULL };
  TestEvent taken = TEST_EVENT_INIT, go_on = TEST_EVENT_INIT;
  gpointer both[] = { &second, &taken, &go_on };
  g_autoptr (LoftAsyncAction) posted = NULL;
  pthread_t thread;

  test_on_thread (begin_with_context, &first);

  /* The first thread has ended. Another thread now has the context, with a dispatcher that takes
   * work. */
  pthread_create (&thread, NULL, take_over_and_wait, both);
  test_event_wait (&taken);
  posted = loft_dispatcher_run_async (second.dispatcher, LOFT_PRIORITY_NORMAL, test_succeed, NULL,
                                      NULL);
  test_run_until_ended (first.context, posted);
  assert_status (posted, COMPLETED);
  test_event_set (&go_on);
  pthread_join (thread, NULL);

  g_object_unref (first.dispatcher);
  g_object_unref (second.dispatcher);
  g_main_context_unref (first.context);
}

/* A context that one thread has set up and another thread runs is that other thread's, even if the
 * other thread is waiting for something when the first one ends. */

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  int quit;
  TestEvent runs;
} Loop;

static void *
set_loop_up (void *data)
{
  Loop *loop = data;

  loop->context = g_main_context_new ();
  g_main_context_push_thread_default (loop->context);
  loop->dispatcher = loft_dispatcher_get_for_current_thread ();
  g_main_context_pop_thread_default (loop->context);
  return NULL;
}

static void
say_runs (gpointer loop)
{
  test_event_set (&((Loop *) loop)->runs);
}

static void *
run_loop (void *data)
{
  Loop *loop = data;

  test_run_until (loop->context, &loop->quit);
  return NULL;
}

static void *
set_up_and_hand_over (void *data)
{
  Loop *loop = data;
  pthread_t thread;

  set_loop_up (loop);
  pthread_create (&thread, NULL, run_loop, loop);
  pthread_detach (thread);
  g_assert_true (
    loft_dispatcher_try_enqueue (loop->dispatcher, LOFT_PRIORITY_NORMAL, say_runs, loop, NULL));
  test_event_wait (&loop->runs);
  return NULL;
}

static void
test_run_by_another (void)
{
  static Loop loop = { .runs = TEST_EVENT_INIT };
  g_autoptr (LoftDispatcher) found = NULL;
  g_autoptr (LoftAsyncAction) last = NULL;

  test_on_thread (set_up_and_hand_over, &loop);
  found = loft_dispatcher_get_for_context (loop.context);
  g_assert_true (found == loop.dispatcher);
  last = loft_dispatcher_run_async (found, LOFT_PRIORITY_NORMAL, test_succeed, &loop.quit, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (last), NULL));
  assert_status (last, COMPLETED);
  g_object_unref (loop.dispatcher);
}

/* If the dispatcher of the thread that began a wait has ended, and nobody runs its context any
 * more, the callback of the wait is called on the pool. */

static int called;

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_true (test_is_on_pool ());
  test_count (&called);
}

static gboolean
wait_there (LoftAsyncAction *action,
            gpointer         info,
            GError         **error)
{
  loft_async_info_wait_async (info, NULL, on_waited, NULL);
  return TRUE;
}

static void
test_wait_without_a_home (void)
{
  guint before = count_descriptors ();

  called = 0;
  for (int i = 0; i < 10; i++)
    {
      LoftAction *awaited = loft_action_new ();
      Controlled c;

      controlled_start (&c);
      loft_async_info_forget (
        LOFT_ASYNC_INFO (loft_dispatcher_run_async (c.dispatcher, 0, wait_there, awaited, NULL)));
      controlled_end (&c);
      controlled_free (&c);
      loft_action_complete (awaited);
      g_object_unref (awaited);
      while (test_get (&called) == i)
        sched_yield ();
    }
  while (count_descriptors () > before) /* until the pool has released the last one */
    sched_yield ();
}

/* What the process keeps for good must be there before anything is counted. */
static void
begin_process (void)
{
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (test_succeed, NULL, NULL);

  test_run_until_ended (NULL, work);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_process ();
  g_test_add_func ("/private-home/ends-with-its-thread", test_ends_with_its_thread);
  g_test_add_func ("/private-home/continuation", test_continuation);
  g_test_add_func ("/private-home/leaves-no-descriptor", test_leaves_no_descriptor);
  g_test_add_func ("/private-home/many-on-one-thread", test_many_on_one_thread);
  g_test_add_func ("/private-home/handed-on", test_handed_on);
  g_test_add_func ("/private-home/run-by-another", test_run_by_another);
  g_test_add_func ("/private-home/wait-without-a-home", test_wait_without_a_home);
  return g_test_run ();
}
