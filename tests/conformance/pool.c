/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C234 to C254: ThreadPool, deferrals, events. */

#include "conformance.h"

/* ThreadPool. */

static void
c234 (void)
{
  int released = 0;

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*the handler is NULL*");
  g_assert_null (loft_thread_pool_run_async (NULL, &released, test_count));
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*2 is no LoftPriority*");
  g_assert_null (
    loft_thread_pool_run_with_options_async (2, 0, test_succeed, &released, test_count));
  g_test_assert_expected_messages ();
  g_assert_cmpint (released, ==, 2);
}

static gboolean
look_at_argument (LoftAsyncAction *action,
                  gpointer         out_action,
                  GError         **error)
{
  assert_status (action, STARTED);
  *(LoftAsyncAction **) out_action = action;
  return TRUE;
}

static void
c235 (void)
{
  LoftAsyncAction *seen = NULL;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (look_at_argument, &seen, NULL);

  wait_ended (action);
  g_assert_true (seen == action);
}

static gboolean
cancel_itself (LoftAsyncAction *action,
               gpointer         user_data,
               GError         **error)
{
  g_autoptr (GError) own = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_action_get_results (action, &own));
  g_assert_error (own, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return TRUE;
}

static void
c236 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (cancel_itself, NULL, NULL);

  wait_ended (action);
  assert_status (action, CANCELED);
}

typedef struct
{
  TestEvent running, go_on;
  gboolean saw;
} Running;

static gboolean
run_until_told (LoftAsyncAction *action,
                gpointer         user_data,
                GError         **error)
{
  Running *running = user_data;

  test_event_set (&running->running);
  test_event_wait (&running->go_on);
  running->saw = loft_async_info_is_canceled (LOFT_ASYNC_INFO (action));
  return TRUE;
}

static void
c238 (void)
{
  Running running = { TEST_EVENT_INIT, TEST_EVENT_INIT, FALSE };
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (run_until_told, &running, NULL);

  test_event_wait (&running.running);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  test_event_set (&running.go_on);
  wait_ended (action);
  g_assert_true (running.saw);
  assert_status (action, CANCELED);
}

static gboolean
note_which_thread (LoftAsyncAction *action,
                   gpointer         out_on_pool,
                   GError         **error)
{
  *(int *) out_on_pool = test_is_on_pool () ? 1 : -1;
  return TRUE;
}

static void
c239 (void)
{
  int ran = 0;

  for (int priority = LOFT_PRIORITY_LOW; priority <= LOFT_PRIORITY_HIGH; priority++)
    for (int options = LOFT_WORK_DEFAULT; options <= LOFT_WORK_TIME_SLICED; options++)
      {
        int on_pool = 0;
        g_autoptr (LoftAsyncAction)
          action = loft_thread_pool_run_with_options_async (priority, options, note_which_thread,
                                                            &on_pool, NULL);

        wait_ended (action);
        /* Time-sliced work has a thread of its own. */
        g_assert_cmpint (on_pool, ==, options == LOFT_WORK_TIME_SLICED ? -1 : 1);
        ran++;
      }
  g_assert_cmpint (ran, ==, 6);
}

typedef struct
{
  TestEvent gate;
  LoftAsyncAction *more;
} Spawned;

static gboolean
spawn_more (LoftAsyncAction *action,
            gpointer         data,
            GError         **error)
{
  Spawned *spawned = data;

  spawned->more = loft_thread_pool_run_async (test_hold, &spawned->gate, NULL); /* outlives this */
  return TRUE;
}

static void
c240 (void)
{
  Spawned spawned = { TEST_EVENT_INIT, NULL };
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (spawn_more, &spawned, NULL);

  wait_ended (action);
  assert_status (action, COMPLETED);
  assert_status (spawned.more, STARTED);
  test_event_set (&spawned.gate);
  wait_ended (spawned.more);
  g_object_unref (spawned.more);
}

/* Deferrals and events. */

static void
c248 (void)
{
  int done = 0;
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (test_count, &done, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_deferral_complete (deferral, NULL));
  g_assert_false (loft_deferral_complete (deferral, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_cmpint (done, ==, 1);
}

static void
c249 (void)
{
  int done = 0;
  g_autoptr (LoftDeferral) closed = loft_deferral_new (test_count, &done, NULL);
  g_autoptr (LoftDeferral) completed = loft_deferral_new (test_count, &done, NULL);

  loft_deferral_close (closed);
  loft_deferral_close (closed);
  g_assert_true (loft_deferral_complete (completed, NULL));
  loft_deferral_close (completed);
  g_assert_cmpint (done, ==, 2);
}

static void
count_event (LoftEventSource *source,
             LoftEventArgs   *args,
             gpointer         counter)
{
  test_count (counter);
}

static void
c250 (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  int called = 0;

  loft_event_source_add (source, count_event, &called, NULL);
  action = loft_event_source_raise_async (source, NULL);
  assert_status (action, COMPLETED);
  g_assert_cmpint (called, ==, 1);
}

static gboolean
complete_on_pool (LoftAsyncAction *action,
                  gpointer         deferral,
                  GError         **error)
{
  return loft_deferral_complete (deferral, error);
}

static void
take_deferral (LoftEventSource *source,
               LoftEventArgs   *args,
               gpointer         out_deferral)
{
  *(LoftDeferral **) out_deferral = loft_event_args_take_deferral (args, NULL);
}

static void
c251 (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = NULL, first_done = NULL, second_done = NULL;
  LoftDeferral *first = NULL, *second = NULL;
  Seen seen = { 0 };

  loft_event_source_add (source, take_deferral, &first, NULL);
  loft_event_source_add (source, take_deferral, &second, NULL);
  action = loft_event_source_raise_async (source, NULL);
  first_done = loft_thread_pool_run_async (complete_on_pool, first, NULL);
  wait_ended (first_done);
  assert_status (action, STARTED);
  set_completed (action, &seen);
  second_done = loft_thread_pool_run_async (complete_on_pool, second, NULL);
  test_run_until (NULL, &seen.calls);
  g_assert_true (seen.thread == g_thread_self ());
  wait_ended (second_done);
  assert_status (action, COMPLETED);
  g_object_unref (first);
  g_object_unref (second);
}

static gboolean
add_there (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  gpointer *both = user_data;

  loft_event_source_add (both[0], count_event, both[1], NULL);
  return TRUE;
}

static void
c253 (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) added = NULL;
  int gone = 0, stays = 0;
  gpointer both[] = { source, &gone };
  Controlled c;

  controlled_start (&c);
  added = loft_dispatcher_run_async (c.dispatcher, 0, add_there, both, NULL);
  wait_ended (added);
  loft_event_source_add (source, count_event, &stays, NULL);
  controlled_end (&c);
  controlled_wait_until_gone (&c);
  for (int i = 0; i < 2; i++)
    g_object_unref (loft_event_source_raise_async (source, NULL));
  g_assert_cmpint (stays, ==, 2);
  g_assert_cmpint (gone, ==, 0);
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 1);
  controlled_free (&c);
}

typedef struct
{
  guint64 token;
  int calls;
} Leaver;

static void
leave (LoftEventSource *source,
       LoftEventArgs   *args,
       gpointer         data)
{
  Leaver *leaver = data;

  leaver->calls++;
  loft_event_source_remove (source, leaver->token);
}

static void
c254 (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  Leaver leaver = { 0 };
  int other = 0;

  leaver.token = loft_event_source_add (source, leave, &leaver, NULL);
  loft_event_source_add (source, count_event, &other, NULL);
  for (int i = 0; i < 2; i++)
    g_object_unref (loft_event_source_raise_async (source, NULL));
  g_assert_cmpint (leaver.calls, ==, 1);
  g_assert_cmpint (other, ==, 2);
}

static Case cases[] = {
  { "C234", "RunAsync with a null handler, with priority 2: E_INVALIDARG", "WN threadpoolwinrt",
    DIFFERS, "a programmer's fault: a critical warning, and NULL", c234 },
  { "C235", "the handler gets the returned action, which is Started", "WN", PASS, NULL, c235 },
  { "C236", "the handler cancels itself, GetResults: E_ILLEGAL_METHOD_CALL", "WN", DIFFERS,
    "G_IO_ERROR_CANCELLED, as of any canceled object", c236 },
  { "C238", "Cancel while it runs: visible inside, it finishes, Canceled", "WA; final ~WRL", PASS,
    NULL, c238 },
  { "C239", "None and TimeSliced, at each priority: all run", "WN", PASS, NULL, c239 },
  { "C240", "the handler returns and what it began goes on: Completed", "DD best-practices", PASS,
    NULL, c240 },
  { "C248", "Complete twice: the handler once, the second fails", "WA deferral_complete", PASS,
    NULL, c248 },
  { "C249", "Close twice, Complete and Close: the handler once, no error", "WA deferral_close",
    PASS, NULL, c249 },
  { "C250", "an event without deferrals: not suspended", "CT:event_deferral", PASS, NULL, c250 },
  { "C251", "two deferrals finished on the pool: resumes after the second, on the pool",
    "CT:event_deferral", DIFFERS, "after the second, at the home of who waits", c251 },
  { "C253", "a handler that fails with RPC_E_DISCONNECTED is removed, others are called",
    "CT:disconnected handler,1", DIFFERS,
    "handlers return nothing that could fail: one whose home is gone is removed", c253 },
  { "C254", "a handler removes itself: this round is complete, the next is without it",
    "CO:event_produce", PASS, NULL, c254 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "pool", cases, G_N_ELEMENTS (cases));
}
