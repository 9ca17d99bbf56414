/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each race of the library, 100,000 times: two threads start together, and whatever wins, the facts that must hold do.
 * LOFT_TEST_RACES sets another number. */

#include "../test-util.h"

static int rounds = 100000;

/* Two threads that meet before each round; spinning, since a sleep would decide the race. */

typedef void (*RaceFunc) (gpointer data);

typedef struct
{
  RaceFunc func;
  gpointer data;
  int round;  /* atomic: which round may run */
  int done;   /* atomic: which round the other has finished */
} Racer;

static void
racer_wait_for (int *value,
                int  wanted)
{
  int spins = 0;

  while (__atomic_load_n (value, __ATOMIC_ACQUIRE) != wanted)
    if (++spins > 1000)
      g_thread_yield ();
}

static void *
racer_main (void *data)
{
  Racer *racer = data;

  for (int i = 1; i <= rounds; i++)
    {
      racer_wait_for (&racer->round, i);
      racer->func (racer->data);
      __atomic_store_n (&racer->done, i, __ATOMIC_RELEASE);
    }
  return NULL;
}

static void
racer_start (Racer    *racer,
             int       round,
             gpointer  data)
{
  racer->data = data;
  __atomic_store_n (&racer->round, round, __ATOMIC_RELEASE);
}

static void
racer_finish (Racer *racer,
              int    round)
{
  racer_wait_for (&racer->done, round);
}

/* Complete against cancel: one of them wins, the handler runs once, with the winner's status. */

static void
cancel (gpointer action)
{
  loft_async_info_cancel (action);
}

typedef struct
{
  int handled;
  LoftAsyncStatus status;
} Outcome;

static void
on_outcome (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         user_data)
{
  Outcome *outcome = user_data;

  outcome->status = status;
  outcome->handled++;
}

static void
test_complete_against_cancel (void)
{
  Racer racer = { cancel };
  pthread_t thread;
  int canceled = 0;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();
      Outcome outcome = { 0 };
      gboolean won;

      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_outcome, &outcome, NULL, NULL);
      racer_start (&racer, i, action);
      won = loft_action_complete (action);
      racer_finish (&racer, i);
      g_assert_cmpint (outcome.handled, ==, 1);
      g_assert_cmpint (outcome.status, ==, won ? LOFT_ASYNC_STATUS_COMPLETED : LOFT_ASYNC_STATUS_CANCELED);
      g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (action)), ==, outcome.status);
      canceled += !won;
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_test_message ("%d of %d cancelled", canceled, rounds);
}

/* set_completed against complete: the handler runs exactly once, whoever comes first. */

static void
complete (gpointer action)
{
  g_assert_true (loft_action_complete (action));
}

static void
test_set_completed_against_complete (void)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();
      int handled = 0, observed = 0;

      racer_start (&racer, i, action);
      g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL, NULL));
      loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &observed, NULL);
      racer_finish (&racer, i);
      g_assert_cmpint (test_get (&handled), ==, 1);
      g_assert_cmpint (test_get (&observed), ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* The same with a home: it comes through the loop, once. */
static void
test_home_handler_against_complete (void)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();
      int handled = 0;

      racer_start (&racer, i, action);
      g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL, NULL));
      racer_finish (&racer, i);
      while (handled == 0)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (handled, ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* Post against dispatch: nothing is lost, no wake is missed, also when the loop goes to sleep. */

typedef struct
{
  LoftDispatcher *dispatcher;
  int ran;
} Posts;

static void
post (gpointer data)
{
  Posts *posts = data;

  g_assert_true (loft_dispatcher_try_enqueue (posts->dispatcher, LOFT_PRIORITY_NORMAL, test_count, &posts->ran, NULL));
}

static void
test_post_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Posts posts = { loft_dispatcher_get_for_context (context), 0 };
  Racer racer = { post };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      racer_start (&racer, i, &posts);
      while (test_get (&posts.ran) != i)
        g_main_context_iteration (context, TRUE); /* sleeps; a lost wake-up would hang here */
      racer_finish (&racer, i);
    }
  pthread_join (thread, NULL);
  g_object_unref (posts.dispatcher);
}

/* A poster that lets its dispatcher go at once: the item holds it, runs, and frees it. */

static void
post_and_let_go (gpointer data)
{
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (((gpointer *) data)[0]);

  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL, test_count, ((gpointer *) data)[1], NULL));
}

static void
test_dispatcher_comes_and_goes (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Racer racer = { post_and_let_go };
  pthread_t thread;
  int ran = 0;
  gpointer data[2] = { context, &ran };

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds / 10; i++)
    {
      racer_start (&racer, i, data);
      while (test_get (&ran) != i)
        g_main_context_iteration (context, FALSE);
      racer_finish (&racer, i);
    }
  for (int i = rounds / 10 + 1; i <= rounds; i++)
    {
      racer_start (&racer, i, data);
      racer_finish (&racer, i);
    }
  while (test_get (&ran) != rounds)
    g_main_context_iteration (context, FALSE);
  pthread_join (thread, NULL);
}

/* Cancel against dispatch: it ran and completed, or it never ran; its data is released once, here. */

static void
test_cancel_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  Racer racer = { cancel };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_async (dispatcher, 0, test_succeed, &count, test_count);

      racer_start (&racer, i, action);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      /* Released once, and run at most once; one that ran and was cancelled meanwhile is Canceled. */
      g_assert_true (count == 1 || count == 2);
      if (count == 1)
        assert_status (action, CANCELED);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* Owner's death against dispatch. */

static void
test_owner_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  Racer racer = { (RaceFunc) g_object_unref };
  pthread_t thread;
  int gone = 0;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_for_async (dispatcher, 0, owner, test_succeed, &count, test_count);

      racer_start (&racer, i, owner);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      if (count == 1)
        {
          g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==, LOFT_CANCEL_REASON_OWNER_GONE);
          gone++;
        }
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_test_message ("%d of %d owners were gone", gone, rounds);
}

/* A move to another lane against dispatch and cancel: it runs at most once, and ends. */

static LoftDispatcher *move_dispatcher;

static void
move (gpointer action)
{
  loft_dispatcher_set_item_priority (move_dispatcher, action, LOFT_PRIORITY_HIGH);
  loft_dispatcher_set_item_priority (move_dispatcher, action, LOFT_PRIORITY_LOW);
  loft_dispatcher_abort (move_dispatcher, action);
}

static void
test_move_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Racer racer = { move };
  pthread_t thread;

  move_dispatcher = loft_dispatcher_get_for_context (context);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_async (move_dispatcher, 0, test_succeed, &count, test_count);

      racer_start (&racer, i, action);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      test_drain (context);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      g_assert_true (count == 1 || count == 2);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_clear_object (&move_dispatcher);
}

/* Waits against the end, on the pool. */

static void *
wait_on_pool (void *data)
{
  for (int i = 0; i < rounds; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, data, NULL);

      if (i % 2 == 0)
        g_assert_true (loft_async_action_get (action, NULL));
      else
        while (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1, NULL) == LOFT_ASYNC_STATUS_STARTED)
          ;
    }
  return NULL;
}

static void
test_wait_against_end (void)
{
  int ran = 0;

  test_on_thread (wait_on_pool, &ran);
  g_assert_cmpint (test_get (&ran), ==, rounds);
}

/* A report against the end: none comes after the completed handler, in any home. */

typedef struct
{
  LoftAction *action;
  int reports;
  int ended;
  int late;
} Reported;

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *progress,
           gpointer       user_data)
{
  Reported *reported = user_data;

  __atomic_fetch_add (&reported->reports, 1, __ATOMIC_RELAXED);
  if (__atomic_load_n (&reported->ended, __ATOMIC_ACQUIRE))
    reported->late++;
}

static void
on_reported_end (LoftAsyncInfo   *sender,
                 LoftAsyncStatus  status,
                 gpointer         user_data)
{
  __atomic_store_n (&((Reported *) user_data)->ended, TRUE, __ATOMIC_RELEASE);
}

static void
report (gpointer action)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  loft_async_base_report_progress (action, &value);
}

static void *
listen_from_the_mta (void *data)
{
  Reported *reported = data;

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (reported->action), LOFT_PROGRESS_ALL, on_report, reported,
                                         NULL, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (reported->action), on_reported_end, reported, NULL, NULL);
  return NULL;
}

static void
report_against_end (void *(*listen) (void *),
                    int     n)
{
  Racer racer = { report };
  pthread_t thread;
  int all = rounds;

  rounds = n;
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= n; i++)
    {
      Reported reported = { loft_action_new_with_progress (G_TYPE_INT), 0, 0, 0 };

      if (listen != NULL)
        test_on_thread (listen, &reported);
      else
        listen_from_the_mta (&reported); /* from here, which is a home */
      racer_start (&racer, i, reported.action);
      loft_action_complete (reported.action);
      racer_finish (&racer, i);
      while (!__atomic_load_n (&reported.ended, __ATOMIC_ACQUIRE))
        listen != NULL ? g_thread_yield () : (void) g_main_context_iteration (NULL, FALSE);
      test_drain (NULL);
      g_assert_cmpint (reported.late, ==, 0);
      g_object_unref (reported.action);
    }
  pthread_join (thread, NULL);
  rounds = all;
}

static void
test_report_against_end (void)
{
  report_against_end (NULL, rounds);
}

/* Fewer: each round makes a thread. */
static void
test_report_against_end_in_the_mta (void)
{
  report_against_end (listen_from_the_mta, MAX (1, rounds / 10));
}

/* A cancel whose handler runs against the end: it never finds the object ended. */
static void
look_at_end (LoftAsyncBase *self,
             gpointer       ended)
{
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (self)));
}

static void
test_cancel_handler_against_end (void)
{
  Racer racer = { cancel };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();
      Outcome outcome = { 0 };

      loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), look_at_end, NULL, NULL);
      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_outcome, &outcome, NULL, NULL);
      racer_start (&racer, i, action);
      loft_action_complete (action);
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      g_assert_cmpint (outcome.handled, ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* Results against a producer that takes a cancel back, and against close: an answer, or an error that fits. */
static void
ask_for_results (gpointer action)
{
  GError *error = NULL;

  if (!loft_async_action_get_results (action, &error))
    g_assert_nonnull (error);
  g_clear_error (&error);
}

static void
test_results_against_overrule (void)
{
  Racer racer = { ask_for_results };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();

      loft_async_info_cancel (LOFT_ASYNC_INFO (action));
      racer_start (&racer, i, action);
      g_assert_true (loft_async_base_complete_from_canceled (LOFT_ASYNC_BASE (action)));
      racer_finish (&racer, i);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

static void
ask_for_error (gpointer action)
{
  GError *error = loft_async_info_dup_error (action);

  g_assert_nonnull (error);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_error_free (error);
}

static void
test_error_against_close (void)
{
  Racer racer = { ask_for_error };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));

      racer_start (&racer, i, action);
      g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
      racer_finish (&racer, i);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* A wait whose cancellable is cancelled while the object ends: one call back, and nothing is held afterwards. */
static void
cancel_wait (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
on_wait_over (GObject      *source,
              GAsyncResult *result,
              gpointer      counter)
{
  ++*(int *) counter;
}

static void
test_wait_cancelled_against_end (void)
{
  Racer racer = { cancel_wait };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      GCancellable *cancellable = g_cancellable_new ();
      LoftAction *action = loft_action_new ();
      int calls = 0;

      racer_start (&racer, i, cancellable);
      loft_async_info_wait_async (LOFT_ASYNC_INFO (action), cancellable, on_wait_over, &calls);
      loft_action_complete (action);
      racer_finish (&racer, i);
      test_run_until (NULL, &calls);
      test_drain (NULL);
      g_assert_cmpint (calls, ==, 1);
      g_object_add_weak_pointer (G_OBJECT (cancellable), (gpointer *) &cancellable);
      g_object_unref (cancellable);
      g_assert_null (cancellable);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("LOFT_TEST_RACES") != NULL)
    rounds = atoi (g_getenv ("LOFT_TEST_RACES"));
  g_test_add_func ("/races/complete-against-cancel", test_complete_against_cancel);
  g_test_add_func ("/races/set-completed-against-complete", test_set_completed_against_complete);
  g_test_add_func ("/races/home-handler-against-complete", test_home_handler_against_complete);
  g_test_add_func ("/races/post-against-dispatch", test_post_against_dispatch);
  g_test_add_func ("/races/dispatcher-comes-and-goes", test_dispatcher_comes_and_goes);
  g_test_add_func ("/races/cancel-against-dispatch", test_cancel_against_dispatch);
  g_test_add_func ("/races/owner-against-dispatch", test_owner_against_dispatch);
  g_test_add_func ("/races/move-against-dispatch", test_move_against_dispatch);
  g_test_add_func ("/races/wait-against-end", test_wait_against_end);
  g_test_add_func ("/races/report-against-end", test_report_against_end);
  g_test_add_func ("/races/report-against-end-in-the-mta", test_report_against_end_in_the_mta);
  g_test_add_func ("/races/cancel-handler-against-end", test_cancel_handler_against_end);
  g_test_add_func ("/races/results-against-overrule", test_results_against_overrule);
  g_test_add_func ("/races/error-against-close", test_error_against_close);
  g_test_add_func ("/races/wait-cancelled-against-end", test_wait_cancelled_against_end);
  return g_test_run ();
}
