/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Turning a dispatcher's loop: run_event_loop and its exits, process_events and its stop. */

#include "controlled.h"

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GString *log;
} Fixture;

static Fixture f;

static void
set_up (void)
{
  f.context = g_main_context_new ();
  f.dispatcher = loft_dispatcher_get_for_context (f.context);
  f.log = g_string_new (NULL);
  g_main_context_push_thread_default (f.context);
}

static void
tear_down (void)
{
  test_drain (f.context);
  g_main_context_pop_thread_default (f.context);
  g_object_unref (f.dispatcher);
  g_main_context_unref (f.context);
  g_string_free (f.log, TRUE);
}

static void
say (gpointer text)
{
  g_string_append (f.log, text);
}

static void
post (LoftPriority  priority,
      const char   *text)
{
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, priority, say, (gpointer) text, NULL));
}

static void
assert_log (const char *expected)
{
  g_assert_cmpstr (f.log->str, ==, expected);
  g_string_set_size (f.log, 0);
}

static void
run_loop (LoftRunOptions  options,
          LoftDeferral   *deferral)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, options, deferral, &error));
  g_assert_no_error (error);
}

static void
process (LoftProcessEventsOption option)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_process_events (f.dispatcher, option, &error));
  g_assert_no_error (error);
}

/* What waits in front of the exit runs, what is behind it waits for the next loop. */
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

/* An exit that no loop hears is gone. */
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

/* Nested: the innermost returns. */
static void
test_nested (void)
{
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner, GINT_TO_POINTER (LOFT_RUN_QUIT_ONLY_LOCAL_LOOP), NULL));
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

/* Completed by another thread, it wakes the loop. */
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

/* Two loops, on two threads, that one deferral keeps running: its completion ends both. */
static void *
run_other_loop (void *held)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);

  g_main_context_push_thread_default (context);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, (LoftQueueHandler) test_event_set, &((TwoLoops *) held)->runs, NULL));
  g_assert_true (loft_dispatcher_run_event_loop (dispatcher, LOFT_RUN_CONTINUE_ON_QUIT, ((TwoLoops *) held)->deferral, NULL));
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

/* It keeps looping on an exit, which is for the loop around it. */
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
  g_assert_false (loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, &error));
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

/* A shutdown ends every loop, also those inside of items, and drains when these have returned. */
static void
test_shutdown_leaves (void)
{
  g_autoptr (LoftDispatcherController) controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner, GINT_TO_POINTER (LOFT_RUN_CONTINUE_ON_QUIT), NULL));
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, ask_shutdown, controller, NULL));
  post (LOFT_PRIORITY_IDLE, "z");
  run_loop (LOFT_RUN_CONTINUE_ON_QUIT, NULL);
  assert_log ("(s)z");
  g_assert_false (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_false (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
}

/* process_events. */

static void
post_more (gpointer more)
{
  say ((gpointer) "m");
  if (*(gboolean *) more)
    g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, post_more, more, NULL));
}

static void
test_process_all (void)
{
  gboolean more = TRUE;

  post (LOFT_PRIORITY_IDLE, "d");
  post (LOFT_PRIORITY_LOW, "c");
  post (0, "b");
  post (LOFT_PRIORITY_HIGH, "a");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  assert_log ("abcd");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT); /* nothing there: does not wait */
  assert_log ("");

  /* One that posts itself again does not keep it. */
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, post_more, &more, NULL));
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  assert_log ("m");
  process (LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING);
  assert_log ("m");
  loft_dispatcher_set_slice (f.dispatcher, 1);
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT); /* the dispatcher stands aside in between */
  assert_log ("m");
  more = FALSE;
  test_drain (f.context);
}

static void
test_process_one (void)
{
  loft_dispatcher_set_slice (f.dispatcher, 1); /* stands aside after each item */
  post (0, "b");
  post (0, "c");
  post (LOFT_PRIORITY_HIGH, "a");
  process (LOFT_PROCESS_EVENTS_ONE_IF_PRESENT);
  assert_log ("a");
  process (LOFT_PROCESS_EVENTS_ONE_IF_PRESENT);
  assert_log ("b");
  process (LOFT_PROCESS_EVENTS_ONE_IF_PRESENT);
  assert_log ("c");
  process (LOFT_PROCESS_EVENTS_ONE_IF_PRESENT);
  assert_log ("");
}

static void *
post_from_elsewhere (void *unused)
{
  post (0, "a");
  return NULL;
}

/* Waits for the first, runs it, returns. */
static void
test_process_waits (void)
{
  pthread_t thread;

  pthread_create (&thread, NULL, post_from_elsewhere, NULL);
  process (LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING);
  pthread_join (thread, NULL);
  assert_log ("a");
}

static void
stop_now (gpointer unused)
{
  say ((gpointer) "s");
  loft_dispatcher_stop_process_events (f.dispatcher);
}

static TestEvent processing;

static void
say_processing (gpointer unused)
{
  test_event_set (&processing);
}

/* A stop that comes before is not kept. */
static void *
stop_from_elsewhere (void *dispatcher)
{
  test_event_wait (&processing);
  loft_dispatcher_stop_process_events (dispatcher);
  return NULL;
}

static void
test_process_until_stopped (void)
{
  pthread_t thread;

  loft_dispatcher_stop_process_events (f.dispatcher); /* none is running: nothing */
  post (0, "a");
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, stop_now, NULL, NULL));
  post (0, "b");
  process (LOFT_PROCESS_EVENTS_UNTIL_QUIT);
  assert_log ("as"); /* right after the item */

  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  process (LOFT_PROCESS_EVENTS_UNTIL_QUIT);
  assert_log ("b");

  processing = (TestEvent) TEST_EVENT_INIT;
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, say_processing, NULL, NULL));
  pthread_create (&thread, NULL, stop_from_elsewhere, f.dispatcher);
  process (LOFT_PROCESS_EVENTS_UNTIL_QUIT);
  pthread_join (thread, NULL);
}

static void
process_inside (gpointer counter)
{
  g_autoptr (GError) error = NULL;

  for (int option = 0; option < 4; option++)
    {
      g_assert_false (loft_dispatcher_process_events (f.dispatcher, option, &error));
      g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
      g_clear_error (&error);
    }
  test_count (counter);
}

static gboolean
process_in_source (gpointer counter)
{
  process_inside (counter);
  return G_SOURCE_REMOVE;
}

/* Refused inside of an item, and inside of itself. */
static void
test_process_inside (void)
{
  GSource *idle = g_idle_source_new ();
  g_autoptr (GError) error = NULL;
  int refused = 0;

  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, process_inside, &refused, NULL));
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  g_assert_cmpint (refused, ==, 1);
  g_source_set_callback (idle, process_in_source, &refused, NULL);
  g_source_attach (idle, f.context);
  g_source_unref (idle);
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  g_assert_cmpint (refused, ==, 2);
  g_assert_false (loft_dispatcher_process_events (f.dispatcher, 4, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

static void
quit_main_loop (gpointer loop)
{
  say ((gpointer) "q");
  g_main_loop_quit (loop);
}

static gboolean
run_modal (gpointer unused)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (f.context, FALSE);

  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, quit_main_loop, loop, NULL));
  g_main_loop_run (loop);
  return G_SOURCE_REMOVE;
}

/* Somebody else's loop inside of it is not starved: the quota is for this level only. */
static void
test_process_modal (void)
{
  GSource *idle = g_idle_source_new ();

  g_source_set_callback (idle, run_modal, NULL, NULL);
  g_source_attach (idle, f.context);
  g_source_unref (idle);
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  assert_log ("q");
}

static gboolean
goes_on (gpointer turns)
{
  ++*(int *) turns;
  return G_SOURCE_CONTINUE;
}

/* Beside something that is always ready, and comes before: “all” gives up after some turns, and returns. */
static void
test_process_beside_busy_source (void)
{
  GSource *source = g_idle_source_new ();
  int turns = 0;

  g_source_set_priority (source, G_PRIORITY_HIGH - 1);
  g_source_set_callback (source, goes_on, &turns, NULL);
  g_source_attach (source, f.context);
  post (LOFT_PRIORITY_IDLE, "a");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  g_assert_cmpint (turns, >, 0);
  assert_log ("");
  g_source_destroy (source);
  g_source_unref (source);
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  assert_log ("a");
}

/* A stop that comes when nothing runs is not kept for the next, from whichever thread. */
static void
test_stop_too_early (void)
{
  loft_dispatcher_stop_process_events (f.dispatcher);
  test_on_thread (stop_from_elsewhere, f.dispatcher);
  post (0, "a");
  post (0, "b");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
  assert_log ("ab");
}

/* Refused inside of every handler that runs at home, also of those that run at once. */

static void
assert_refused (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  say ((gpointer) "r");
}

static gboolean
refused_in_work (LoftAsyncAction *action,
                 gpointer         user_data,
                 GError         **error)
{
  assert_refused ();
  return TRUE;
}

static void
refused_in_completed (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         user_data)
{
  assert_refused ();
}

static void
refused_in_event (LoftEventSource *source,
                  LoftEventArgs   *args,
                  gpointer         user_data)
{
  assert_refused ();
}

static void
test_process_in_handlers (void)
{
  g_autoptr (LoftApartmentContext) place = loft_apartment_context_capture ();
  g_autoptr (LoftAction) ended = loft_action_new_completed ();
  g_autoptr (LoftEventSource) source = loft_event_source_new ();

  loft_async_info_forget (LOFT_ASYNC_INFO (loft_dispatcher_invoke_async (f.dispatcher, 0, refused_in_work, NULL, NULL)));
  assert_log ("r");
  g_assert_true (loft_dispatcher_call (f.dispatcher, refused_in_work, NULL, NULL));
  assert_log ("r");
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (ended), refused_in_completed, NULL, NULL, NULL));
  assert_log ("r");
  loft_event_source_add (source, refused_in_event, NULL, NULL);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (source, NULL)));
  assert_log ("r");
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_apartment_context_run_async (place, refused_in_work, NULL, NULL)));
  assert_log ("r");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
}

static void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}

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
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*test_forgotten_exit_deferral*without being completed*");
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
    { "/event-loop/process-all", test_process_all },
    { "/event-loop/process-one", test_process_one },
    { "/event-loop/process-waits", test_process_waits },
    { "/event-loop/process-until-stopped", test_process_until_stopped },
    { "/event-loop/process-inside", test_process_inside },
    { "/event-loop/process-modal", test_process_modal },
    { "/event-loop/process-beside-busy-source", test_process_beside_busy_source },
    { "/event-loop/stop-too-early", test_stop_too_early },
    { "/event-loop/process-in-handlers", test_process_in_handlers },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
