/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C194 to C221: DispatcherQueue, its controller, its event loop. */

#include "conformance.h"

/* A context of its own, whose thread this is. */
typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GString *log;
} Fixture;

static Fixture f;

static void
begin (void)
{
  f.context = g_main_context_new ();
  g_main_context_push_thread_default (f.context);
  f.dispatcher = loft_dispatcher_get_for_context (f.context);
  f.log = g_string_new (NULL);
}

static void
end (void)
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

static LoftDispatcherController *
controller (void)
{
  LoftDispatcherController *made = loft_dispatcher_controller_new_on_current_thread (NULL);

  g_assert_nonnull (made);
  return made;
}

static void *
ask_dispatcher (void *unused)
{
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return NULL;
}

static void
c194 (void)
{
  test_on_thread (ask_dispatcher, NULL);
}

static void
c195 (void)
{
  g_autoptr (LoftDispatcherController) here = NULL;
  Controlled c;

  controlled_start (&c);
  g_assert_false (loft_dispatcher_has_thread_access (c.dispatcher));
  controlled_end (&c);
  controlled_free (&c);
  begin ();
  here = controller ();
  g_assert_true (loft_dispatcher_has_thread_access (loft_dispatcher_controller_get_dispatcher (here)));
  g_assert_true (loft_dispatcher_controller_shutdown (here, NULL));
  end ();
}

static gboolean
ask_type (LoftAsyncAction *action,
          gpointer         user_data,
          GError         **error)
{
  LoftApartmentType type = LOFT_APARTMENT_MTA;

  g_assert_true (loft_apartment_query (&type, NULL, NULL));
  g_assert_cmpint (type, !=, LOFT_APARTMENT_MTA);
  g_assert_true (loft_apartment_is_sta ());
  return TRUE;
}

static void
c196 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled c;

  controlled_start (&c);
  action = loft_dispatcher_run_async (c.dispatcher, 0, ask_type, NULL, NULL);
  wait_ended (action);
  controlled_end (&c);
  controlled_free (&c);
}

static void
c200 (void)
{
  g_autoptr (LoftDispatcherController) first = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  first = controller ();
  g_assert_null (loft_dispatcher_controller_new_on_current_thread (&error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_assert_true (loft_dispatcher_controller_shutdown (first, NULL));
  end ();
}

static void
c201 (void)
{
  begin ();
  post (LOFT_PRIORITY_LOW, "l");
  post (LOFT_PRIORITY_HIGH, "h");
  test_drain (f.context);
  assert_log ("hl");
  end ();
}

static void
post_high (gpointer unused)
{
  say ((gpointer) "1");
  post (LOFT_PRIORITY_HIGH, "h");
}

static void
c203 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, post_high, NULL, NULL);
  post (0, "2");
  test_drain (f.context);
  assert_log ("1h2");
  end ();
}

static void
post_high_and_go_on (gpointer unused)
{
  post (LOFT_PRIORITY_HIGH, "h");
  say ((gpointer) "l");
}

static void
c204 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, post_high_and_go_on, NULL, NULL);
  test_drain (f.context);
  assert_log ("lh");
  end ();
}

static void
c205 (void)
{
  begin ();
  post (0, "x");
  assert_log ("");
  test_drain (f.context);
  assert_log ("x");
  end ();
}

static void
c206 (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL, action = NULL;
  Controlled c;

  controlled_start (&c);
  held = loft_dispatcher_run_async (c.dispatcher, 0, test_hold, &gate, NULL);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  assert_status (action, STARTED);
  g_assert_cmpint (test_get (&c.completed), ==, 0);
  test_event_set (&gate);
  wait_ended (action);
  g_assert_cmpint (test_get (&c.completed), ==, 1);
  controlled_free (&c);
}

static void
post_in_starting (LoftDispatcher *dispatcher,
                  gpointer        counter)
{
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, test_count, counter, NULL));
}

static void
c208 (void)
{
  int ran = 0;
  Controlled c;

  controlled_start (&c);
  g_signal_connect (c.dispatcher, "shutdown-starting", G_CALLBACK (post_in_starting), &ran);
  controlled_end (&c);
  g_assert_cmpint (test_get (&ran), ==, 1);
  controlled_free (&c);
}

static void
c210 (void)
{
  g_autoptr (LoftDeferral) first = NULL, second = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (LoftDispatcherController) c = NULL;

  begin ();
  c = controller ();
  first = loft_dispatcher_hold_shutdown (f.dispatcher);
  second = loft_dispatcher_hold_shutdown (f.dispatcher);
  action = loft_dispatcher_controller_shutdown_async (c);
  test_drain (f.context);
  loft_deferral_close (first);
  test_drain (f.context);
  assert_status (action, STARTED);
  g_assert_false (loft_dispatcher_is_shut_down (f.dispatcher));
  loft_deferral_close (second);
  test_drain (f.context);
  assert_status (action, COMPLETED);
  end ();
}

static void
c211 (void)
{
  Controlled c;

  controlled_start (&c);
  controlled_end (&c);
  g_assert_false (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, NULL, NULL));
  controlled_free (&c);
}

static void
c215 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled c = { 0 };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 0, NULL), ==, LOFT_ASYNC_STATUS_STARTED);
  g_assert_cmpint (c.completed, ==, 0);
  test_drain (f.context);
  g_assert_cmpint (c.completed, ==, 1);
  assert_status (action, COMPLETED);
  controlled_free (&c);
  end ();
}

static void
c216 (void)
{
  Controlled c = { 0 };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  post (LOFT_PRIORITY_IDLE, "z");
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  assert_log ("z");
  g_assert_cmpint (c.starting, ==, 1);
  g_assert_cmpint (c.completed, ==, 1);
  controlled_free (&c);
  end ();
}

static void
run_inner (gpointer unused)
{
  say ((gpointer) "(");
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  say ((gpointer) ")");
}

static void
c218 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, run_inner, NULL, NULL);
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  post (0, "outer");
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  assert_log ("()outer");
  end ();
}

static void *
exit_from_elsewhere (void *dispatcher)
{
  loft_dispatcher_enqueue_event_loop_exit (dispatcher);
  return NULL;
}

static void
c219 (void)
{
  pthread_t thread;

  begin ();
  pthread_create (&thread, NULL, exit_from_elsewhere, f.dispatcher);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  pthread_join (thread, NULL);
  end ();
}

static gboolean
on_unhandled (LoftDispatcher *dispatcher,
              GError         *error,
              const char     *source,
              gpointer        counter)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  test_count (counter);
  return TRUE;
}

static void
c220 (void)
{
  int heard = 0;

  begin ();
  g_signal_connect (f.dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &heard);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_dispatcher_run_async (f.dispatcher, 0, test_fail, NULL, NULL)));
  test_drain (f.context);
  g_assert_cmpint (heard, ==, 1);
  end ();
}

static void
c221 (void)
{
  Controlled c;

  controlled_start (&c);
  controlled_end (&c);
  controlled_wait_until_gone (&c);
  g_assert_true (loft_dispatcher_controller_get_dispatcher (c.controller) == c.dispatcher);
  g_assert_false (loft_dispatcher_has_thread_access (c.dispatcher));
  g_assert_true (loft_dispatcher_is_shut_down (c.dispatcher));
  g_assert_nonnull (loft_dispatcher_get_context (c.dispatcher));
  controlled_free (&c);
}

static Case cases[] = {
  { "C194", "GetForCurrentThread on a thread without a queue: null",
    "WA", PASS, NULL, c194 },
  { "C195", "HasThreadAccess of who made it: dedicated false, current true",
    "WN coremessaging", PASS, NULL, c195 },
  { "C196", "a dedicated queue's thread is an STA",
    "CT:await_adapter", PASS, NULL, c196 },
  { "C198", "CURRENT with any apartment type: S_OK",
    "WN coremessaging", NONE, "there is no such parameter", NULL },
  { "C199", "null out pointers: E_POINTER",
    "WN coremessaging", NONE, "objects are returned, not written through pointers", NULL },
  { "C200", "a second queue on a thread: error",
    "MU; code U", PASS, NULL, c200 },
  { "C201", "a fresh queue, Low and then High: Low first",
    "WA tryenqueue", DIFFERS, "High first: the first item has no privilege", c201 },
  { "C203", "of two Normals the first posts a High one: that goes next",
    "WA dispatcherqueuepriority", PASS, NULL, c203 },
  { "C204", "a High item does not interrupt a running Low one",
    "~WA \"serial\"", PASS, NULL, c204 },
  { "C205", "TryEnqueue on its own thread does not run inline",
    "DD:concurrency-2", PASS, NULL, c205 },
  { "C206", "shutdown with a blocked item: Started until that has run",
    "WN coremessaging", PASS, NULL, c206 },
  { "C208", "posts from ShutdownStarting are accepted and run",
    "WA shutdownstarting", PASS, NULL, c208 },
  { "C210", "two deferrals: open until the second",
    "~WA; CT:event_deferral analogue", PASS, NULL, c210 },
  { "C211", "TryEnqueue after shutdown: false",
    "WN coremessaging", PASS, NULL, c211 },
  { "C213", "FrameworkShutdownStarting and FrameworkShutdownCompleted",
    "MU; DD:dispatcherqueue", NONE, "there is no framework between the two; use deferrals", NULL },
  { "C214", "posts from the framework's events",
    "DD:dispatcherqueue", NONE, "there is no framework between the two; use deferrals", NULL },
  { "C215", "shutdown of a CURRENT queue needs its loop",
    "WN coremessaging", PASS, NULL, c215 },
  { "C216", "ShutdownQueue returns when all is done",
    "MU", PASS, NULL, c216 },
  { "C218", "nested RunEventLoop: an exit ends the inner one",
    "DD:dispatcherqueue", PASS, NULL, c218 },
  { "C219", "EnqueueEventLoopExit from another thread",
    "MU", PASS, NULL, c219 },
  { "C220", "a failing callback ends the process",
    "GH microsoft-ui-xaml#5568", DIFFERS, "::unhandled-error, and the process goes on", c220 },
  { "C221", "queue and controller are safe to use when the thread is gone",
    "WA dispatcherqueuecontroller", PASS, NULL, c221 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "dispatcher-queue", cases, G_N_ELEMENTS (cases));
}
