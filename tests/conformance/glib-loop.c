/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* G36 to G48: tests of GMainContext, GCancellable and GThreadPool, written anew. */

#include "own-context.h"
#include "base/loft-clock-private.h"

/* Main contexts. */

static gint64 now;

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  test_drain (f.context);
}

static void
begin_clock (void)
{
  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
}

static void
end_clock (void)
{
  end ();
  loft_clock_set (-1);
}

static void
say_slowly (gpointer text)
{
  say (text);
  /* This takes longer than a slice, so each turn runs one item. */
  loft_clock_set (now += 5 * G_TIME_SPAN_MILLISECOND);
}

static void
post_slow (LoftPriority  priority,
           const char   *text)
{
  g_assert_true (
    loft_dispatcher_try_enqueue (f.dispatcher, priority, say_slowly, (gpointer) text, NULL));
}

static void
g36 (void)
{
  begin_clock ();
  post_slow (LOFT_PRIORITY_LOW, "l");
  post_slow (0, "n");
  post_slow (0, "n");
  assert_log ("");
  for (int i = 0; i < 2; i++)
    {
      while (f.log->len == 0)
        g_main_context_iteration (f.context, FALSE);
      assert_log ("n");
    }
  test_drain (f.context);
  assert_log ("l");
  g_assert_false (g_main_context_pending (f.context));
  end_clock ();
}

static gboolean
note_thread (LoftAsyncAction *action,
             gpointer         out_thread,
             GError         **error)
{
  *(GThread **) out_thread = g_thread_self ();
  return TRUE;
}

static void
invoke_from_item (gpointer out_thread)
{
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_invoke_async (f.dispatcher, 0, note_thread, out_thread, NULL);

  assert_status (action, COMPLETED);
}

static void
g37 (void)
{
  Home *home = home_new ();
  GThread *here = NULL, *in_item = NULL, *there = NULL;
  g_autoptr (LoftAsyncAction) inside = NULL, outside = NULL;

  begin ();
  inside = loft_dispatcher_invoke_async (f.dispatcher, 0, note_thread, &here, NULL);
  g_assert_true (here == g_thread_self ());
  loft_dispatcher_try_enqueue (f.dispatcher, 0, invoke_from_item, &in_item, NULL);
  test_drain (f.context);
  g_assert_true (in_item == g_thread_self ());
  outside = loft_dispatcher_invoke_async (home->dispatcher, 0, note_thread, &there, NULL);
  test_run_until_ended (f.context, outside);
  g_assert_true (there == home->self);
  end ();
  home_free (home);
}

static void
count_tick (LoftDispatcherTimer *timer,
            gpointer             ticks)
{
  ++*(int *) ticks;
}

static void
g38 (void)
{
  const int intervals[] = { 100, 250, 330 };
  LoftDispatcherTimer *timers[3];
  int ticks[3] = { 0 };

  begin_clock ();
  for (int i = 0; i < 3; i++)
    {
      timers[i] = loft_dispatcher_create_timer (f.dispatcher);
      loft_dispatcher_timer_set_interval (timers[i], intervals[i]);
      g_signal_connect (timers[i], "tick", G_CALLBACK (count_tick), &ticks[i]);
      loft_dispatcher_timer_start (timers[i]);
    }
  for (int i = 0; i < 105; i++)
    pass (10);
  g_assert_cmpint (ticks[0], ==, 10);
  g_assert_cmpint (ticks[1], ==, 4);
  g_assert_cmpint (ticks[2], ==, 3);
  for (int i = 0; i < 3; i++)
    {
      loft_dispatcher_timer_stop (timers[i]);
      g_object_unref (timers[i]);
    }
  end_clock ();
}

static void
g39 (void)
{
  g_autoptr (LoftAsyncAction) tomorrow = NULL, soon = NULL, at_once = NULL;
  int ran = 0;

  begin_clock ();
  tomorrow = loft_dispatcher_run_delayed_async (f.dispatcher, 0, G_TIME_SPAN_DAY, test_succeed,
                                                &ran, NULL);
  soon = loft_dispatcher_run_delayed_async (f.dispatcher, 0, 10, test_succeed, &ran, NULL);
  at_once = loft_dispatcher_run_delayed_async (f.dispatcher, 0, 0, test_succeed, &ran, NULL);
  pass (0);
  assert_status (at_once, COMPLETED);
  assert_status (soon, STARTED);
  pass (1000); /* it was due long ago */
  assert_status (soon, COMPLETED);
  assert_status (tomorrow, STARTED);
  g_assert_cmpint (ran, ==, 2);
  g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (tomorrow)));
  end_clock ();
}

static void *
post_one (void *ran)
{
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, 0, test_count, ran, NULL));
  return NULL;
}

static void
g40 (void)
{
  begin ();
  for (int i = 0; i < 100; i++)
    {
      pthread_t thread;
      int ran = 0;

      pthread_create (&thread, NULL, post_one, &ran);
      test_run_until (f.context, &ran); /* the context may already block, or not yet */
      pthread_join (thread, NULL);
    }
  end ();
}

static void
g41 (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  int count = 0;

  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, test_count, &count, test_count));
  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, NULL);
  g_main_context_query (context, 0, NULL, NULL, 0);
  g_main_context_check (context, G_MAXINT, NULL, 0);
  g_main_context_release (context);
  g_clear_object (&dispatcher);
  g_assert_cmpint (count, ==, 0);
  test_drain (context);
  g_assert_cmpint (count, ==, 2); /* it ran, and its data was released */
}

/* Thread pools. */

static gboolean
look_at_data (LoftAsyncAction *action,
              gpointer         released,
              GError         **error)
{
  g_assert_cmpint (test_get (released), ==, 0); /* not before the work ran */
  return TRUE;
}

static void
g42 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  int released = 0;

  action = loft_thread_pool_run_async (look_at_data, &released, test_count);
  test_run_until (NULL, &released); /* the data is released at home */
  wait_ended (action);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);
}

/* Cancellables. */

/* Inside the emission of the cancellable's signal, the object ends and loses its last reference. So
 * it unbinds itself there. */
static void
end_and_let_go (LoftAsyncBase *base,
                gpointer       action)
{
  loft_action_complete (LOFT_ACTION (base)); /* its work has stopped */
  g_clear_object ((LoftAction **) action);
}

static void
g45 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoftAction *action = loft_action_new ();

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), end_and_let_go, &action, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_null (action);
  g_assert_cmpuint (g_signal_handler_find (cancellable, G_SIGNAL_MATCH_ID,
                                           g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE), 0,
                                           NULL, NULL, NULL),
                    ==, 0);
}

static void
reset_it (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         cancellable)
{
  g_cancellable_reset (cancellable);
}

static void
g46 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  g_assert_true (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (action), reset_it, cancellable, NULL, NULL));
  g_cancellable_cancel (cancellable);
  loft_action_complete (action);
  g_assert_true (g_cancellable_is_cancelled (cancellable)); /* not inside the cancel */
  test_drain (NULL);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  assert_status (action, CANCELED);
}

static void *
cancel_and_reset (void *cancellable)
{
  for (int i = 0; i < 1000; i++)
    {
      g_cancellable_cancel (cancellable);
      g_cancellable_reset (cancellable);
    }
  return NULL;
}

static void *
bind_and_end (void *cancellable)
{
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();

      loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
      loft_action_complete (action);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
    }
  return NULL;
}

static void
g47 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  pthread_t threads[4];

  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, i % 2 == 0 ? cancel_and_reset : bind_and_end, cancellable);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  assert_status (action, STARTED);
  g_cancellable_cancel (cancellable); /* the cancellable still works */
  assert_status (action, CANCELED);
  loft_action_complete (action);
}

#define LOOP         "GNOME/glib glib/tests/mainloop.c: "
#define POOL         "GNOME/glib glib/tests/thread-pool.c: "
#define CANCELLABLE  "GNOME/glib gio/tests/cancellable.c: "

#define ONE_POOL "there is one pool, which is made once; a limiter is a share of it"

static Case cases[] = {
  { "G36", "of what is ready the highest priority goes first", LOOP "/mainloop/priorities", PASS,
    NULL, g36 },
  { "G37", "invoked at once on the own thread and from an item, else on the context's",
    LOOP "/mainloop/invoke", PASS, NULL, g37 },
  { "G38", "three timers side by side", LOOP "/mainloop/timeouts", PASS, NULL, g38 },
  { "G39", "what is due tomorrow does not run, what is due does, also when it is long due",
    LOOP "/mainloop/ready-time", PASS, NULL, g39 },
  { "G40", "a wake-up is never lost, asleep or not yet", LOOP "/mainloop/wakeup", PASS, NULL, g40 },
  { "G41", "let go in the middle of an iteration: nothing leaks",
    LOOP "/mainloop/unref-while-pending", DIFFERS,
    "it is the dispatcher that is let go: what it accepted runs all the same", g41 },
  { "G42", "a pool releases the data once it is done with it", POOL "/thread_pool/create_full",
    PASS, NULL, g42 },
  { "G43", "a shared pool after one of its own size",
    POOL "/thread_pool/create_shared_after_exclusive", NONE, ONE_POOL, NULL },
  { "G44", "one of its own size after a shared pool",
    POOL "/thread_pool/create_exclusive_after_shared", NONE, ONE_POOL, NULL },
  { "G45", "disconnecting in the cancelled handler hangs",
    CANCELLABLE "/cancellable/disconnect-on-cancelled-callback-hangs", DIFFERS,
    "it does not: an object lets go of its cancellable without waiting", g45 },
  { "G46", "resetting in the cancelled handler hangs",
    CANCELLABLE "/cancellable/resets-on-cancel-callback-hangs", DIFFERS,
    "a completed handler comes after the cancel, and may", g46 },
  { "G47", "cancel, reset, bind and end on four threads",
    CANCELLABLE "/cancellable/cancel-reset-races", PASS, NULL, g47 },
  { "G48", "the file descriptor of a cancellable", CANCELLABLE "/cancellable/poll-fd", NONE,
    "an async object has none; dup_cancellable gives a cancellable that has", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "glib-loop", cases, G_N_ELEMENTS (cases));
}
