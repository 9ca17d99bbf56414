/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_dispatcher_run_event_loop (): what ends an event loop, and what keeps it running. */

#include "looping.h"

static void
run_loop (LoftRunOptions  options,
          LoftDeferral   *deferral)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, options, deferral, &error));
  g_assert_no_error (error);
}

/* Items in front of an exit run. Items behind it wait for the next loop. */
static void
test_exit_in_turn (void)
{
  post (0, "a");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  post (0, "b");
  run_loop (0, NULL);
  assert_log ("a");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  run_loop (0, NULL);
  assert_log ("b");
}

/* An exit that is dispatched while no event loop runs has no effect later. */
static void
test_exit_unheard (void)
{
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  test_drain (f.context);
  post (0, "a");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  run_loop (0, NULL);
  assert_log ("a");
}

static void
run_inner (gpointer options)
{
  say ((gpointer) "(");
  run_loop (GPOINTER_TO_INT (options), NULL);
  say ((gpointer) ")");
}

/* Of nested loops, an exit ends the innermost. */
static void
test_nested (void)
{
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner,
                                              GINT_TO_POINTER (LOFT_RUN_QUIT_ONLY_LOCAL_LOOP),
                                              NULL));
  post (0, "a");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  post (0, "b");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  run_loop (0, NULL);
  assert_log ("(a)b");
}

typedef struct
{
  LoftDeferral *deferral;
  LoftRunOptions options;
} Held;

static void
run_held (gpointer data)
{
  Held *held = data;

  say ((gpointer) "(");
  run_loop (held->options, held->deferral);
  say ((gpointer) ")");
}

static void
complete (gpointer deferral)
{
  say ((gpointer) "!");
  g_assert_true (loft_deferral_complete (deferral, NULL));
}

/* After an exit the loop goes on until the deferral is completed. */
static void
test_exit_deferral (void)
{
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (NULL, NULL, NULL);

  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  post (0, "a");
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, complete, deferral, NULL));
  post (0, "b");
  run_loop (0, deferral);
  assert_log ("a!");
  test_drain (f.context);
  assert_log ("b");
}

static void *
complete_elsewhere (void *deferral)
{
  loft_deferral_complete (deferral, NULL);
  return NULL;
}

/* A deferral that another thread completes wakes the loop. */
static void
test_exit_deferral_elsewhere (void)
{
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (LoftDeferral) deferral = loft_deferral_new (NULL, NULL, NULL);
      pthread_t thread;

      g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
      pthread_create (&thread, NULL, complete_elsewhere, deferral);
      run_loop (0, deferral);
      pthread_join (thread, NULL);
    }
}

typedef struct
{
  LoftDeferral *deferral;
  TestEvent runs;
} TwoLoops;

/* One deferral can keep two loops on two threads running. Its completion ends both. */
static void *
run_other_loop (void *held)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);

  g_main_context_push_thread_default (context);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, (LoftQueueHandler) test_event_set,
                                              &((TwoLoops *) held)->runs, NULL));
  g_assert_true (loft_dispatcher_run_event_loop (dispatcher, LOFT_RUN_CONTINUE_ON_QUIT,
                                                 ((TwoLoops *) held)->deferral, NULL));
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
complete_when_both_run (gpointer user_data)
{
  TwoLoops *two = user_data;

  test_event_wait (&two->runs);
  g_assert_true (loft_deferral_complete (two->deferral, NULL));
}

static void
test_two_loops_one_deferral (void)
{
  TwoLoops two = { loft_deferral_new (NULL, NULL, NULL), TEST_EVENT_INIT };
  pthread_t thread;

  pthread_create (&thread, NULL, run_other_loop, &two);
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, complete_when_both_run, &two, NULL));
  run_loop (LOFT_RUN_CONTINUE_ON_QUIT, two.deferral);
  pthread_join (thread, NULL);
  g_object_unref (two.deferral);
}

/* With LOFT_RUN_CONTINUE_ON_QUIT a loop goes on after an exit, which is then left to the loop
 * around it. */
static void
test_continue_on_quit (void)
{
  Held held = { loft_deferral_new (NULL, NULL, NULL), LOFT_RUN_CONTINUE_ON_QUIT };

  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, run_held, &held, NULL));
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  post (0, "a");
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, complete, held.deferral, NULL));
  post (0, "b");
  run_loop (0, NULL);
  assert_log ("(a!)"); /* and the outer one returned, too */
  g_object_unref (held.deferral);
}

static void *
exit_from_elsewhere (void *dispatcher)
{
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (dispatcher));
  return NULL;
}

static void
test_exit_elsewhere (void)
{
  pthread_t thread;

  pthread_create (&thread, NULL, exit_from_elsewhere, f.dispatcher);
  run_loop (0, NULL);
  pthread_join (thread, NULL);
}

static void *
run_on_wrong_thread (void *unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  g_clear_error (&error);
  g_assert_false (
    loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  return NULL;
}

static void
test_wrong_thread (void)
{
  test_on_thread (run_on_wrong_thread, NULL);
}

static void
ask_shutdown (gpointer controller)
{
  say ((gpointer) "s");
  g_object_unref (loft_dispatcher_controller_shutdown_async (controller));
}

/* A shutdown ends every loop, also those inside of items, and drains the dispatcher when these
 * loops have returned. */
static void
test_shutdown_leaves (void)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner,
                                              GINT_TO_POINTER (LOFT_RUN_CONTINUE_ON_QUIT), NULL));
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, ask_shutdown, controller, NULL));
  post (LOFT_PRIORITY_IDLE, "z");
  run_loop (LOFT_RUN_CONTINUE_ON_QUIT, NULL);
  assert_log ("(s)z");
  g_assert_false (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_false (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
}

/* A deferral whose last reference is dropped completes with a warning, and so ends the loop that
 * waits for it. */

static LoftDeferral *forgotten;

static void
forget_deferral (gpointer unused)
{
  say ((gpointer) "f");
  g_clear_object (&forgotten); /* the last reference: the loop that waits for it has none */
}

static void
test_forgotten_exit_deferral (void)
{
  forgotten = loft_deferral_new (NULL, NULL, NULL);
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, forget_deferral, NULL, NULL));
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING,
                         "*test_forgotten_exit_deferral*without being completed*");
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, forgotten, NULL));
  g_test_assert_expected_messages ();
  assert_log ("f");
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/event-loop/exit-in-turn", test_exit_in_turn },
    { "/event-loop/exit-unheard", test_exit_unheard },
    { "/event-loop/nested", test_nested },
    { "/event-loop/exit-deferral", test_exit_deferral },
    { "/event-loop/exit-deferral-elsewhere", test_exit_deferral_elsewhere },
    { "/event-loop/two-loops-one-deferral", test_two_loops_one_deferral },
    { "/event-loop/forgotten-exit-deferral", test_forgotten_exit_deferral },
    { "/event-loop/continue-on-quit", test_continue_on_quit },
    { "/event-loop/exit-elsewhere", test_exit_elsewhere },
    { "/event-loop/wrong-thread", test_wrong_thread },
    { "/event-loop/shutdown-leaves", test_shutdown_leaves },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
