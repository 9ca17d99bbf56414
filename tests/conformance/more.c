/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C307 to C311, C315 to C318, C322 and C323: more about dispatchers, timers and places. */

#include "own-context.h"
#include "base/loft-clock-private.h"
#include "pool/loft-pool-private.h"

static gboolean
never_idle (LoftAsyncAction *action,
            LoftDispatcher  *dispatcher,
            gpointer         unused,
            GError         **error)
{
  g_assert_not_reached ();
}

static void
c307 (void)
{
  g_autoptr (LoftDispatcherController) c = NULL;
  g_autoptr (LoftAsyncOperation) operation = NULL;

  begin ();
  c = controller ();
  g_assert_true (loft_dispatcher_controller_shutdown (c, NULL));
  operation = loft_dispatcher_try_run_idle_async (f.dispatcher, never_idle, NULL, NULL);
  assert_status (operation, COMPLETED);
  g_assert_false (loft_async_operation_get_boolean (operation, NULL));
  end ();
}

static void
post_above (gpointer unused)
{
  say ((gpointer) "1");
  post (LOFT_PRIORITY_NORMAL, "n");
  post (LOFT_PRIORITY_HIGH, "h");
}

static void
c308 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, post_above, NULL, NULL);
  post (LOFT_PRIORITY_LOW, "2");
  test_drain (f.context);
  assert_log ("1hn2");
  end ();
}

static LoftAsyncInfo *
go_on_with (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  return g_object_ref (inner);
}

static void
c309 (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = NULL;

  begin ();
  outer = loft_dispatcher_run_nested_async (f.dispatcher, 0, go_on_with, inner, NULL);
  test_drain (f.context);
  assert_status (outer, STARTED);
  loft_async_base_fail (LOFT_ASYNC_BASE (inner), some_error ());
  assert_error_of (outer, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  end ();
}

static void *
complete_deferral (void *deferral)
{
  g_assert_true (loft_deferral_complete (deferral, NULL));
  return NULL;
}

static void
c310 (void)
{
  g_autoptr (LoftDeferral) deferral = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (LoftDispatcherController) c = NULL;

  begin ();
  c = controller ();
  deferral = loft_dispatcher_hold_shutdown (f.dispatcher);
  action = loft_dispatcher_controller_shutdown_async (c);
  test_drain (f.context);
  assert_status (action, STARTED);
  test_on_thread (complete_deferral, deferral);
  test_run_until_ended (f.context, action);
  end ();
}

static void
hear_nothing (LoftEventSource *source,
              LoftEventArgs   *args,
              gpointer         unused)
{
}

static void
c311 (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  guint64 token = loft_event_source_add_agile (source, hear_nothing, NULL, NULL);

  g_assert_false (loft_event_source_remove (source, 0));
  g_assert_false (loft_event_source_remove (source, token + 1));
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 1);
}

static void
count_tick (LoftDispatcherTimer *timer,
            gpointer             ticks)
{
  ++*(int *) ticks;
}

static void
c315 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  timer = loft_dispatcher_create_timer (f.dispatcher);
  loft_dispatcher_timer_set_interval (timer, G_TIME_SPAN_HOUR);
  g_signal_connect (timer, "tick", G_CALLBACK (count_tick), &ticks);
  loft_dispatcher_timer_start (timer);
  loft_dispatcher_enqueue_event_loop_exit (f.dispatcher);
  /* The loop returns although the timer is running. */
  g_assert_true (loft_dispatcher_run_event_loop (f.dispatcher, 0, NULL, NULL));
  g_assert_true (loft_dispatcher_timer_get_is_running (timer));
  loft_dispatcher_timer_stop (timer);
  end ();
}

static void
c317 (void)
{
  g_autoptr (LoftApartmentContext) place = loft_apartment_context_capture ();
  g_autoptr (LoftApartmentContext) copy = loft_apartment_context_copy (place);

  g_assert_false (loft_apartment_context_is_empty (place));
  g_assert_true (loft_apartment_context_is_here (place) && loft_apartment_context_is_here (copy));
}

static void
c318 (void)
{
  g_autoptr (LoftApartmentContext) place = loft_apartment_context_capture ();
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;

  action = loft_apartment_context_run_async (place, test_succeed, &ran, NULL);
  g_assert_cmpint (ran, ==, 1); /* no hop: it ran inside the call */
  assert_status (action, COMPLETED);
}

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  test_drain (f.context);
}

static void
c322 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  int ticks = 0;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  timer = loft_dispatcher_create_timer (f.dispatcher);
  g_signal_connect (timer, "tick", G_CALLBACK (count_tick), &ticks);
  loft_dispatcher_timer_set_interval (timer, 50);
  loft_dispatcher_timer_start (timer);
  pass (30);
  g_assert_true (loft_dispatcher_timer_start (timer)); /* starts the running timer anew */
  pass (49);
  g_assert_cmpint (ticks, ==, 0);
  pass (1);
  g_assert_cmpint (ticks, ==, 1);
  loft_dispatcher_timer_stop (timer);
  end ();
  loft_clock_set (-1);
}

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             calls)
{
  test_count (calls);
}

static void
c323 (void)
{
  int calls = 0, destroyed = 0;
  g_autoptr (LoftThreadPoolTimer)
    timer = loft_thread_pool_timer_create (G_TIME_SPAN_HOUR, on_elapsed, &calls, NULL);

  loft_thread_pool_timer_set_destroyed (timer, on_elapsed, &destroyed, NULL);
  loft_thread_pool_timer_cancel (timer);
  loft_thread_pool_timer_cancel (timer);
  while (test_get (&destroyed) == 0)
    sched_yield ();
  loft_thread_pool_timer_cancel (timer); /* also when the timer is gone */
  loft_pool_set_idle_timeout (0);
  loft_pool_wait_until_empty ();
  loft_pool_set_idle_timeout (-1);
  g_assert_cmpint (test_get (&destroyed), ==, 1);
  g_assert_cmpint (test_get (&calls), ==, 0);
}

static Case cases[] = {
  { "C307", "TryRunIdleAsync when shut down",
    "U", PASS, "Completed, FALSE, as TryRunAsync", c307 },
  { "C308", "a Low item yields to what comes above it, after each item",
    "WA:dispatcherqueuepriority", PASS, NULL, c308 },
  { "C309", "RunAsync of an asynchronous handler completes at its first suspension",
    "WA:coredispatcher_runasync", DIFFERS, "run_nested_async ends as the inner one does", c309 },
  { "C310", "a deferral completed on another thread",
    "CT:event_deferral", PASS, NULL, c310 },
  { "C311", "an unknown token removed: no error",
    "CW:base_events", PASS, NULL, c311 },
  { "C315", "a running timer does not keep a loop running",
    "WA:dispatcherqueuetimer", PASS, NULL, c315 },
  { "C317", "an apartment_context copied keeps its source",
    "CO:apartment_context coverage", PASS, NULL, c317 },
  { "C318", "the same context: no suspension",
    "CT:await_completed apartment_context_nop", PASS, NULL, c318 },
  { "C322", "Start while running",
    "U; GH:MicrosoftDocs/feedback#1723", PASS, "begins anew", c322 },
  { "C323", "Cancel of a pool timer twice",
    "U", PASS, "nothing more", c323 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "more", cases, G_N_ELEMENTS (cases));
}
