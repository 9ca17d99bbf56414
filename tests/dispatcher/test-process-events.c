/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_dispatcher_process_events (): its options, how it is stopped, and where it is refused. */

#include "looping.h"

static void
process (LoftProcessEventsOption option)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_process_events (f.dispatcher, option, &error));
  g_assert_no_error (error);
}

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
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT); /* nothing is there, and it does not wait */
  assert_log ("");

  /* An item that posts itself again does not keep the call from returning. */
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

/* Waits for the first item, runs it and returns. */
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

/* Stops only when the call has begun, because an earlier stop is not kept. */
static void *
stop_when_processing (void *dispatcher)
{
  test_event_wait (&processing);
  loft_dispatcher_stop_process_events (dispatcher);
  return NULL;
}

static void *
stop_from_elsewhere (void *dispatcher)
{
  loft_dispatcher_stop_process_events (dispatcher);
  return NULL;
}

static void
test_process_until_stopped (void)
{
  pthread_t thread;

  loft_dispatcher_stop_process_events (f.dispatcher); /* no call is running: no effect */
  post (0, "a");
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, stop_now, NULL, NULL));
  post (0, "b");
  process (LOFT_PROCESS_EVENTS_UNTIL_QUIT);
  assert_log ("as"); /* it returned right after the item */

  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  process (LOFT_PROCESS_EVENTS_UNTIL_QUIT);
  assert_log ("b");

  processing = (TestEvent) TEST_EVENT_INIT;
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, say_processing, NULL, NULL));
  pthread_create (&thread, NULL, stop_when_processing, f.dispatcher);
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

/* The call is refused inside of an item, and inside of another such call. */
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

/* A main loop that runs inside of the call is not starved, because the quota is for the call's own
 * level only. */
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

/* Beside a source that is always ready and has a higher priority, ALL_IF_PRESENT gives up after
 * some turns and returns. */
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

/* A stop that comes while no call is running is not kept for the next one, whichever thread
 * stops. */
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

/* The call is refused inside of every handler that runs at its home, also of those that run at
 * once. */

static void
assert_refused (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, &error));
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

  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_invoke_async (f.dispatcher, 0, refused_in_work, NULL, NULL)));
  assert_log ("r");
  g_assert_true (loft_dispatcher_call (f.dispatcher, refused_in_work, NULL, NULL));
  assert_log ("r");
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (ended), refused_in_completed, NULL,
                                                NULL, NULL));
  assert_log ("r");
  loft_event_source_add (source, refused_in_event, NULL, NULL);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (source, NULL)));
  assert_log ("r");
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_apartment_context_run_async (place, refused_in_work, NULL, NULL)));
  assert_log ("r");
  process (LOFT_PROCESS_EVENTS_ALL_IF_PRESENT);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/process-events/all", test_process_all },
    { "/process-events/one", test_process_one },
    { "/process-events/waits", test_process_waits },
    { "/process-events/until-stopped", test_process_until_stopped },
    { "/process-events/inside", test_process_inside },
    { "/process-events/modal", test_process_modal },
    { "/process-events/beside-busy-source", test_process_beside_busy_source },
    { "/process-events/stop-too-early", test_stop_too_early },
    { "/process-events/in-handlers", test_process_in_handlers },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
