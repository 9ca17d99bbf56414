/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C213 to C221: the end of a DispatcherQueue, and its event loop. */

#include "own-context.h"

static void
c215 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled c = { 0 };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 0, NULL), ==,
                   LOFT_ASYNC_STATUS_STARTED);
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
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_run_async (f.dispatcher, 0, test_fail, NULL, NULL)));
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
  return conformance_main (argc, argv, "event-loop", cases, G_N_ELEMENTS (cases));
}
