/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C312 to C314, C321 and C324 to C327: more about shutdowns and loops, and what Windows leaves open
 * there. */

#include "own-context.h"

static void
c312 (void)
{
  g_autoptr (LoftAsyncAction) first = NULL, second = NULL;
  g_autoptr (LoftDispatcherController) c = NULL;

  begin ();
  c = controller ();
  first = loft_dispatcher_controller_shutdown_async (c);
  second = loft_dispatcher_controller_shutdown_async (c);
  test_drain (f.context);
  assert_status (first, COMPLETED);
  assert_status (second, COMPLETED);
  end ();
}

typedef struct
{
  Controlled c;
  GThread *asked_on, *went_on;
} Own;

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       own,
       GError       **error)
{
  ((Own *) own)->went_on = g_thread_self ();
  return TRUE;
}

static LoftAsyncInfo *
await_own_shutdown (LoftAsyncAction *action,
                    gpointer         data,
                    GError         **error)
{
  Own *own = data;
  g_autoptr (LoftAsyncAction)
    shutdown = loft_dispatcher_controller_shutdown_async (own->c.controller);

  own->asked_on = g_thread_self ();
  return LOFT_ASYNC_INFO (
    loft_async_info_continue_with (LOFT_ASYNC_INFO (shutdown), go_on, own, NULL));
}

static void
c313 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Own own = { { 0 } };

  controlled_start (&own.c);
  action = loft_dispatcher_run_nested_async (own.c.dispatcher, 0, await_own_shutdown, &own, NULL);
  wait_ended (action);
  assert_status (action, COMPLETED);
  g_assert_true (own.went_on == own.asked_on && own.asked_on != NULL);
  controlled_free (&own.c);
}

static void
complete_later (gpointer deferral)
{
  say ((gpointer) "d");
  loft_deferral_close (deferral);
}

static void
c314 (void)
{
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (NULL, NULL, NULL);

  begin ();
  loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
  post (0, "after the exit, ");
  loft_dispatcher_try_enqueue (f.dispatcher, 0, complete_later, deferral, NULL);
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, deferral, NULL));
  assert_log ("after the exit, d");
  g_assert_false (loft_deferral_complete (deferral, NULL)); /* only once */
  end ();
}

static int left_ran;

static void *
leave_with_work (void *out_action)
{
  g_autoptr (LoftDispatcher) own = NULL;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  own = loft_dispatcher_get_for_current_thread ();
  *(LoftAsyncAction **) out_action = loft_dispatcher_run_async (own, 0, test_succeed, &left_ran,
                                                                NULL);
  loft_apartment_uninit ();
  return NULL;
}

static void
c321 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  test_on_thread (leave_with_work, &action);
  assert_status (action, COMPLETED);
  g_assert_cmpint (left_ran, ==, 1);
}

static void
c324 (void)
{
  g_autoptr (GError) error = NULL;

  begin ();
  g_assert_true (loft_dispatcher_enqueue_event_loop_exit (f.dispatcher));
  /* The exit was asked for before the loop began. */
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, &error));
  end ();
}

static void
process_inside (gpointer refused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  test_count (refused);
}

static void
c325 (void)
{
  int refused = 0;

  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, process_inside, &refused, NULL);
  g_assert_true (
    loft_dispatcher_process_events (f.dispatcher, LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, NULL));
  g_assert_cmpint (refused, ==, 1);
  end ();
}

typedef struct
{
  LoftDispatcherController *controller;
  LoftAsyncAction *actions[2];
  int n;
} Again;

static void
shut_down_again (LoftDispatcher *dispatcher,
                 gpointer        data)
{
  Again *again = data;

  again->actions[again->n++] = loft_dispatcher_controller_shutdown_async (again->controller);
}

static void
c326 (void)
{
  Controlled c = { 0 };
  Again again = { NULL };

  begin ();
  c.controller = controller ();
  controlled_watch (&c);
  again.controller = c.controller;
  g_signal_connect (f.dispatcher, "shutdown-starting", G_CALLBACK (shut_down_again), &again);
  g_signal_connect (f.dispatcher, "shutdown-completed", G_CALLBACK (shut_down_again), &again);
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  g_assert_cmpint (c.starting, ==, 1);
  g_assert_cmpint (c.completed, ==, 1);
  g_assert_cmpint (again.n, ==, 2);
  for (int i = 0; i < again.n; i++)
    {
      assert_status (again.actions[i], COMPLETED);
      g_object_unref (again.actions[i]);
    }
  controlled_free (&c);
  end ();
}

static gboolean
call_other (LoftAsyncAction *action,
            gpointer         other,
            GError         **error)
{
  return loft_dispatcher_call (other, test_succeed, NULL, error);
}

static void
c327 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled one, other;

  controlled_start (&one);
  controlled_start (&other);
  action = loft_dispatcher_run_async (one.dispatcher, 0, call_other, other.dispatcher, NULL);
  wait_ended (action);
  assert_error_of (action, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  controlled_end (&one);
  controlled_end (&other);
  controlled_free (&one);
  controlled_free (&other);
}

static Case cases[] = {
  { "C312", "ShutdownQueueAsync twice", "U", PASS, "each call has its action; both end", c312 },
  { "C313", "awaiting one's own shutdown on its own thread: an error, in the MTA",
    "ONT:20240223; CO:apartment_context", DIFFERS,
    "goes on on its own thread, as the loop's last act", c313 },
  { "C314", "an exit deferral postpones the exit; completed twice", "MU:dispatcherexitdeferral; U",
    PASS, "the second time is an error", c314 },
  { "C321", "leaving an apartment runs what was posted to it", "SDK:couninitialize", PASS, NULL,
    c321 },
  { "C324", "an exit that was queued before the loop began ends it", "MU; PostQuitMessage", PASS,
    NULL, c324 },
  { "C325", "ProcessEvents inside of a handler fails", "WA:coredispatcher_processevents", PASS,
    "LOFT_ERROR_ILLEGAL_METHOD_CALL", c325 },
  { "C326", "ShutdownQueueAsync from the events of the shutdown", "U", PASS,
    "changes nothing; each call has its action, and it ends", c326 },
  { "C327", "WPF's Invoke from another dispatcher's thread: blocks that thread",
    "dotnet/wpf Dispatcher.Invoke", DIFFERS,
    "refused with LOFT_ERROR_BLOCKING_WAIT: no STA is frozen", c327 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "more-ends", cases, G_N_ELEMENTS (cases));
}
