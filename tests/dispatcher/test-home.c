/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which dispatcher is the home of which thread, and that handlers run at their home. The main
 * thread has one home, a thread with a pushed context has another, and threads of the MTA have
 * none. Each test shows one rule of the design. */

#include "second-home.h"

/* The default context belongs to the thread that owns it, or, if no thread does, to the thread that
 * ran it last. */

typedef struct
{
  GMainContext *context;
  TestEvent owned, run, ran, leave;
} Runner;

static void *
own_then_run (void *data)
{
  Runner *runner = data;

  g_assert_false (loft_apartment_is_sta ());
  g_assert_true (g_main_context_acquire (runner->context));
  g_assert_true (loft_apartment_is_sta ()); /* it owns the context */
  test_event_set (&runner->owned);
  test_event_wait (&runner->run);
  g_main_context_iteration (runner->context, FALSE);
  g_main_context_release (runner->context);
  g_assert_true (loft_apartment_is_sta ()); /* no owner, and this thread ran it last */
  test_event_set (&runner->ran);
  test_event_wait (&runner->leave);
  return NULL;
}

static void
test_default_context (void)
{
  Runner runner = { g_main_context_default (), TEST_EVENT_INIT, TEST_EVENT_INIT, TEST_EVENT_INIT,
                    TEST_EVENT_INIT };
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  pthread_t thread;

  /* Nobody has run the context yet, so it is the main thread's. */
  g_assert_true (loft_dispatcher_has_thread_access (dispatcher));
  pthread_create (&thread, NULL, own_then_run, &runner);
  test_event_wait (&runner.owned);
  g_assert_false (loft_dispatcher_has_thread_access (dispatcher)); /* another thread owns it */
  test_event_set (&runner.run);
  test_event_wait (&runner.ran);
  g_assert_false (loft_dispatcher_has_thread_access (dispatcher)); /* another thread ran it last */
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  test_event_set (&runner.leave);
  pthread_join (thread, NULL);
  g_assert_false (loft_apartment_is_sta ()); /* the thread's end does not give it back */
  test_drain (NULL);
  g_assert_true (loft_dispatcher_has_thread_access (dispatcher)); /* but running it does */
}

static gboolean
is_homeless (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  g_autoptr (LoftDispatcher) home = loft_dispatcher_get_for_current_thread ();

  return home == NULL && !loft_apartment_is_sta ();
}

/* A worker of the pool is in the MTA, also when its process has not run any loop yet. */
static void
test_worker_has_none (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (is_homeless, NULL, NULL);

  test_run_until_ended (NULL, action);
  g_assert_true (loft_async_action_get_results (action, NULL));
}

/* Handlers. */

typedef struct
{
  GThread *thread;
  int handled;
  LoftAsyncStatus status;
} Seen;

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  Seen *seen = user_data;

  seen->thread = g_thread_self ();
  seen->status = status;
  g_assert_cmpint (loft_async_info_get_status (sender), ==, status);
  __atomic_fetch_add (&seen->handled, 1, __ATOMIC_ACQ_REL);
}

static void *
complete_action (void *action)
{
  g_assert_true (loft_action_complete (action));
  return NULL;
}

/* A handler that is set in main (), before the loop runs, is called on the main thread, whichever
 * thread completes the action. */
static void
test_before_the_loop_runs (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { NULL };

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
  test_on_thread (complete_action, action);
  g_assert_cmpint (seen.handled, ==, 0);
  test_run_until (NULL, &seen.handled);
  g_assert_true (seen.thread == g_thread_self ());
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static gboolean
set_handler_at_home (LoftAsyncAction *action,
                     gpointer         user_data,
                     GError         **error)
{
  gpointer *pair = user_data;

  return loft_async_info_set_completed (pair[0], on_completed, pair[1], NULL, error);
}

/* A handler that was set on the thread of another home runs there, although this thread completes
 * the action. */
static void
test_another_home (void)
{
  Home *home = home_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) set = NULL;
  Seen seen = { NULL };
  gpointer pair[2] = { action, &seen };

  set = loft_dispatcher_run_async (home->dispatcher, LOFT_PRIORITY_NORMAL, set_handler_at_home,
                                   pair, NULL);
  test_run_until_ended (NULL, set);
  loft_action_complete (action);
  home_free (home);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread != g_thread_self ());
}

static void *
set_handler_in_mta (void *data)
{
  gpointer *pair = data;

  g_assert_true (loft_async_info_set_completed (pair[0], on_completed, pair[1], NULL, NULL));
  return NULL;
}

/* A handler that was set in the MTA runs on the completing thread if that is in the MTA too, and
 * otherwise on the pool. It never runs on the UI thread. */
static void
test_mta_home (void)
{
  g_autoptr (LoftAction) by_worker = loft_action_new ();
  g_autoptr (LoftAction) by_ui = loft_action_new ();
  Seen seen = { NULL }, pooled = { NULL };
  gpointer pair[2] = { by_worker, &seen };

  test_on_thread (set_handler_in_mta, pair);
  test_on_thread (complete_action, by_worker);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread != g_thread_self ());

  pair[0] = by_ui;
  pair[1] = &pooled;
  test_on_thread (set_handler_in_mta, pair);
  loft_action_complete (by_ui);
  while (test_get (&pooled.handled) == 0)
    sched_yield ();
  g_assert_true (pooled.thread != g_thread_self ());
}

/* An agile handler runs on the very thread that ends the action. */
static void
test_agile (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { NULL };

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
  loft_action_complete (action);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread == g_thread_self ());
}

static gboolean
on_continued (LoftAsyncInfo *antecedent,
              gpointer       handled,
              GError       **error)
{
  g_assert_cmpint (test_get (handled), ==, 1); /* after the completed handler */
  test_count (handled);
  return TRUE;
}

/* Deliveries to one home come in the order in which they were made, whichever thread they come
 * from. */
static void
test_foreign_complete_order (void)
{
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      g_autoptr (LoftAsyncAction) continued = NULL;
      Seen seen = { NULL };

      continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), on_continued,
                                                 &seen.handled, NULL);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
      test_on_thread (complete_action, action);
      test_run_until_ended (NULL, continued);
      g_assert_cmpint (seen.handled, ==, 2);
    }
}

/* Handlers whose home is the default dispatcher hold no references to it, because its reference
 * count would be a number that all processors write. Releasing these handlers must not release the
 * dispatcher either. */

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      told)
{
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  test_count (told);
}

static void
test_default_is_not_counted (void)
{
  GObject *dispatcher = G_OBJECT (loft_dispatcher_get_default ());
  guint before = dispatcher->ref_count;
  g_autoptr (LoftAsyncAction) action = NULL;
  TestEvent leave = TEST_EVENT_INIT;
  int told = 0;

  action = loft_thread_pool_run_async (test_hold, &leave, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &told, NULL, NULL);
  g_assert_cmpuint (dispatcher->ref_count, ==, before);
  test_event_set (&leave);
  test_run_until (NULL, &told);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, on_waited, &told);
  told = 0;
  test_run_until (NULL, &told);
  g_clear_object (&action);
  g_assert_cmpuint (dispatcher->ref_count, ==, before);
}

/* A second dispatcher that is constructed for a context is another queue, but not another home. */

static void
note_home (gpointer data)
{
  *(LoftDispatcher **) data = loft_dispatcher_get_for_current_thread ();
}

static void
test_constructed_is_no_home (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) found = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftDispatcher)
    constructed = g_object_new (LOFT_TYPE_DISPATCHER, "context", context, NULL);
  g_autoptr (LoftDispatcher) home = NULL, usual = NULL;

  g_assert_true (
    loft_dispatcher_try_enqueue (constructed, LOFT_PRIORITY_NORMAL, note_home, &home, NULL));
  g_assert_true (
    loft_dispatcher_try_enqueue (found, LOFT_PRIORITY_NORMAL, note_home, &usual, NULL));
  test_drain (context);
  g_assert_true (home == found);
  g_assert_true (usual == found);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/home/default-context", test_default_context);
  g_test_add_func ("/home/worker-has-none", test_worker_has_none);
  g_test_add_func ("/home/before-the-loop-runs", test_before_the_loop_runs);
  g_test_add_func ("/home/default-is-not-counted", test_default_is_not_counted);
  g_test_add_func ("/home/constructed-is-no-home", test_constructed_is_no_home);
  g_test_add_func ("/home/another-home", test_another_home);
  g_test_add_func ("/home/mta-home", test_mta_home);
  g_test_add_func ("/home/agile", test_agile);
  g_test_add_func ("/home/foreign-complete-order", test_foreign_complete_order);
  return g_test_run ();
}
