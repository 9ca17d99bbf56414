/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Controllers of a dispatcher on a thread of its own, and each way to end it. */

#include "controlled.h"

static gboolean
note_thread (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  LoftApartmentType type = LOFT_APARTMENT_MTA;
  char name[16] = "";

  pthread_getname_np (pthread_self (), name, sizeof name);
  g_assert_cmpstr (name, ==, "controlled");
  *(GThread **) user_data = g_thread_self ();
  g_assert_true (loft_apartment_query (&type, NULL, NULL));
  g_assert_cmpint (type, ==, LOFT_APARTMENT_STA);
  return TRUE;
}

static void
test_dedicated (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;
  Controlled c;

  controlled_start (&c);
  g_assert_cmpstr (loft_dispatcher_get_name (c.dispatcher), ==, "controlled");
  g_assert_false (loft_dispatcher_has_thread_access (c.dispatcher));
  action = loft_dispatcher_run_async (c.dispatcher, 0, note_thread, &thread, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  g_assert_true (thread != NULL && thread != g_thread_self ());
  g_assert_false (loft_dispatcher_controller_shutdown (c.controller, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  g_assert_nonnull (strstr (error->message, "controlled"));
  controlled_end (&c);
  g_assert_true (c.completed_on == thread);
  g_assert_false (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, NULL, NULL));
  /* The dispatcher has ended, so there is nothing to do. */
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  controlled_free (&c);
}

/* Each asynchronous shutdown has its own action. All of them end together, and one that was
 * cancelled stays Canceled. */
static void
test_twice (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL, first = NULL, second = NULL, third = NULL;
  Controlled c;

  controlled_start (&c);
  held = loft_dispatcher_run_async (c.dispatcher, 0, test_hold, &gate, NULL);
  first = loft_dispatcher_controller_shutdown_async (c.controller);
  second = loft_dispatcher_controller_shutdown_async (c.controller);
  g_assert_true (first != second);
  assert_status (first, STARTED); /* blocked by the item */
  g_assert_cmpint (test_get (&c.completed), ==, 0);
  loft_async_info_cancel (LOFT_ASYNC_INFO (second));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (second)));
  test_event_set (&gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (first), NULL));
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (second), NULL));
  assert_status (first, COMPLETED);
  assert_status (second, CANCELED);
  third = loft_dispatcher_controller_shutdown_async (c.controller);
  assert_status (third, COMPLETED); /* at once */
  assert_status (held, COMPLETED);
  controlled_free (&c);
}

/* All items that were queued run: 100,000 of them, in every lane. */
static void
test_many (void)
{
  int ran = 0;
  Controlled c;

  controlled_start (&c);
  for (int i = 0; i < 100000; i++)
    g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, i % 4 - 2, test_count, &ran, NULL));
  controlled_end (&c);
  g_assert_cmpint (test_get (&ran), ==, 100000);
  controlled_free (&c);
}

typedef struct
{
  LoftDispatcher *dispatcher;
  int ran;
} Repost;

static void
post_again (gpointer user_data)
{
  Repost *repost = user_data;

  test_count (&repost->ran);
  loft_dispatcher_try_enqueue (repost->dispatcher, 0, post_again, repost, NULL);
}

/* An item that posts itself again is refused at some point. */
static void
test_reposts (void)
{
  Repost repost = { NULL, 0 };
  Controlled c;

  controlled_start (&c);
  repost.dispatcher = c.dispatcher;
  g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, 0, post_again, &repost, NULL));
  controlled_end (&c);
  g_assert_cmpint (test_get (&repost.ran), >=, 1);
  controlled_free (&c);
}

/* Timers stop, and delayed work ends Canceled before ::shutdown-completed. */
static void
test_timers (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;
  g_autoptr (LoftAsyncAction) delayed = NULL;
  int released = 0;
  Controlled c;

  controlled_start (&c);
  timer = loft_dispatcher_create_timer (c.dispatcher);
  loft_dispatcher_timer_set_interval (timer, G_TIME_SPAN_HOUR);
  g_assert_true (loft_dispatcher_timer_start (timer));
  delayed = loft_dispatcher_run_delayed_async (c.dispatcher, 0, G_TIME_SPAN_HOUR, test_succeed,
                                               &released, test_count);
  controlled_end (&c);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  g_assert_false (loft_dispatcher_timer_start (timer));
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  assert_status (delayed, CANCELED);
  g_assert_cmpint (test_get (&released), ==, 1);
  controlled_free (&c);
}

/* Posting stays open until the last deferral is completed. */
typedef struct
{
  LoftDeferral *first, *second;
  TestEvent starting;
} Held;

static void
take_two (LoftDispatcher *dispatcher,
          gpointer        user_data)
{
  Held *held = user_data;

  held->first = loft_dispatcher_hold_shutdown (dispatcher);
  held->second = loft_dispatcher_hold_shutdown (dispatcher);
  test_event_set (&held->starting);
}

static void
test_deferrals (void)
{
  Held held = { .starting = TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;
  Controlled c;

  controlled_start (&c);
  g_signal_connect (c.dispatcher, "shutdown-starting", G_CALLBACK (take_two), &held);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  test_event_wait (&held.starting);
  g_assert_true (loft_deferral_complete (held.first, NULL));
  g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, &ran, NULL));
  while (test_get (&ran) == 0) /* the loop goes on */
    sched_yield ();
  assert_status (action, STARTED);
  g_assert_true (loft_deferral_complete (held.second, NULL));
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  g_assert_null (loft_dispatcher_hold_shutdown (c.dispatcher));
  g_object_unref (held.first);
  g_object_unref (held.second);
  controlled_free (&c);
}

static void
forget_one (LoftDispatcher *dispatcher,
            gpointer        user_data)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*forget_one*without being completed*");
  g_object_unref (loft_dispatcher_hold_shutdown (dispatcher));
  g_test_assert_expected_messages ();
}

/* A forgotten deferral does not hold the shutdown up. */
static void
test_abandoned_deferral (void)
{
  Controlled c;

  controlled_start (&c);
  g_signal_connect (c.dispatcher, "shutdown-starting", G_CALLBACK (forget_one), NULL);
  controlled_end (&c);
  controlled_free (&c);
}

/* A deferral that was taken before anybody asked for a shutdown counts, too. */
static void
test_early_deferral (void)
{
  g_autoptr (LoftDeferral) deferral = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled c;

  controlled_start (&c);
  deferral = loft_dispatcher_hold_shutdown (c.dispatcher);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  while (test_get (&c.starting) == 0)
    sched_yield ();
  g_assert_false (loft_dispatcher_is_shut_down (c.dispatcher));
  loft_deferral_close (deferral);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  controlled_free (&c);
}

/* The shutdown is asked for on the dispatcher's own thread. */

typedef struct
{
  Controlled c;
  GThread *thread;
  int waited, continued, completed;
  GError *again;
} Own;

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Own *own = user_data;

  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  g_assert_true (g_thread_self () == own->thread);
  g_assert_cmpint (own->c.completed, ==, 1); /* after the signal */
  test_count (&own->waited);
}

static gboolean
on_continued (LoftAsyncInfo *antecedent,
              gpointer       user_data,
              GError       **error)
{
  Own *own = user_data;

  g_assert_true (g_thread_self () == own->thread);
  test_count (&own->continued);
  return TRUE;
}

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  Own *own = user_data;

  g_assert_true (g_thread_self () == own->thread);
  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_COMPLETED);
  test_count (&own->completed);
}

static gboolean
await_own_shutdown (LoftAsyncAction *action,
                    gpointer         user_data,
                    GError         **error)
{
  Own *own = user_data;
  g_autoptr (LoftAsyncAction) end = loft_dispatcher_controller_shutdown_async (own->c.controller);
  g_autoptr (GError) refused = NULL;

  own->thread = g_thread_self ();
  loft_async_info_wait_async (LOFT_ASYNC_INFO (end), NULL, on_waited, own);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (end), on_completed, own, NULL, NULL);
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_async_info_continue_with (LOFT_ASYNC_INFO (end), on_continued, own, NULL)));
  /* This wait would never end. */
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (end), &refused));
  g_assert_error (refused, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  return TRUE;
}

/* A dispatcher's own thread can await the shutdown. Calling it back is the last thing that the loop
 * does. */
static void
test_awaits_own (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Own own = { { 0 } };

  controlled_start (&own.c);
  action = loft_dispatcher_run_async (own.c.dispatcher, 0, await_own_shutdown, &own, NULL);
  controlled_end (&own.c);
  while (test_get (&own.waited) == 0 || test_get (&own.continued) == 0 ||
         test_get (&own.completed) == 0)
    sched_yield ();
  assert_status (action, COMPLETED);
  controlled_free (&own.c);
}

static void
shut_down_again (LoftDispatcher *dispatcher,
                 gpointer        user_data)
{
  Own *own = user_data;

  g_assert_false (loft_dispatcher_controller_shutdown (own->c.controller, &own->again));
}

static gboolean
shut_down_inside (LoftAsyncAction *action,
                  gpointer         user_data,
                  GError         **error)
{
  Own *own = user_data;
  int ran = 0;

  own->thread = g_thread_self ();
  g_assert_true (
    loft_dispatcher_try_enqueue (own->c.dispatcher, LOFT_PRIORITY_IDLE, test_count, &ran, NULL));
  g_assert_true (loft_dispatcher_controller_shutdown (own->c.controller, error));
  g_assert_cmpint (ran, ==, 1); /* all but this item */
  g_assert_cmpint (own->c.completed, ==, 1);
  g_assert_false (loft_dispatcher_try_enqueue (own->c.dispatcher, 0, test_count, &ran, NULL));
  return TRUE;
}

/* The synchronous shutdown works inside of an item. Inside of itself it is refused. */
static void
test_inside_item (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Own own = { { 0 } };

  controlled_start (&own.c);
  g_signal_connect (own.c.dispatcher, "shutdown-completed", G_CALLBACK (shut_down_again), &own);
  action = loft_dispatcher_run_async (own.c.dispatcher, 0, shut_down_inside, &own, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  assert_status (action, COMPLETED);
  g_assert_error (own.again, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_clear_error (&own.again);
  g_signal_handlers_disconnect_by_data (own.c.dispatcher, &own);
  controlled_free (&own.c);
}

/* A controller that is dropped shuts its dispatcher down, with a warning. */
static void
test_let_go (void)
{
  int ran = 0;
  Controlled c;

  controlled_start (&c);
  g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, &ran, NULL));
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*controlled*let go without a shutdown*");
  g_clear_object (&c.controller);
  g_test_assert_expected_messages ();
  while (test_get (&c.completed) == 0)
    sched_yield ();
  g_assert_cmpint (test_get (&ran), ==, 1);
  controlled_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher-controller/dedicated", test_dedicated);
  g_test_add_func ("/dispatcher-controller/twice", test_twice);
  g_test_add_func ("/dispatcher-controller/many", test_many);
  g_test_add_func ("/dispatcher-controller/reposts", test_reposts);
  g_test_add_func ("/dispatcher-controller/timers", test_timers);
  g_test_add_func ("/dispatcher-controller/deferrals", test_deferrals);
  g_test_add_func ("/dispatcher-controller/abandoned-deferral", test_abandoned_deferral);
  g_test_add_func ("/dispatcher-controller/early-deferral", test_early_deferral);
  g_test_add_func ("/dispatcher-controller/awaits-own", test_awaits_own);
  g_test_add_func ("/dispatcher-controller/inside-item", test_inside_item);
  g_test_add_func ("/dispatcher-controller/let-go", test_let_go);
  return g_test_run ();
}
