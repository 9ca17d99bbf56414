/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of deliveries: reports, continuations, waits and the completed handler race with the end of
 * their object. */

#include "racer.h"

static void
complete (gpointer action)
{
  g_assert_true (loft_action_complete (action));
}

/* Waits race with the end of work on the pool. */

static void *
wait_on_pool (void *data)
{
  for (int i = 0; i < rounds; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, data, NULL);

      if (i % 2 == 0)
        g_assert_true (loft_async_action_get (action, NULL));
      else
        while (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1, NULL) ==
               LOFT_ASYNC_STATUS_STARTED)
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

/* A report races with the end. No report comes after the completed handler, whatever their home
 * is. */

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

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (reported->action),
                                         LOFT_PROGRESS_ALL, on_report, reported, NULL, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (reported->action), on_reported_end, reported,
                                 NULL, NULL);
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
        listen != NULL ? sched_yield () : (void) g_main_context_iteration (NULL, FALSE);
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

/* Runs fewer rounds, because each of them makes a thread. */
static void
test_report_against_end_in_the_mta (void)
{
  report_against_end (listen_from_the_mta, MAX (1, rounds / 10));
}

/* The cancellable of a wait is cancelled while the object ends. The callback is called once, and
 * nothing is held afterwards. */
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

/* A continuation is set while the end is being announced. It never overtakes the completed handler,
 * neither at a dispatcher nor in the MTA. */

typedef struct
{
  LoftAction *action;
  int completed;
  int continued;
  int overtaken;
} Order;

static void
on_order_completed (LoftAsyncInfo   *sender,
                    LoftAsyncStatus  status,
                    gpointer         order)
{
  test_count (&((Order *) order)->completed);
}

static gboolean
on_order_continued (LoftAsyncInfo *antecedent,
                    gpointer       user_data,
                    GError       **error)
{
  Order *order = user_data;

  if (test_get (&order->completed) == 0)
    test_count (&order->overtaken);
  test_count (&order->continued);
  return TRUE;
}

static void
set_order_handler (Order *order)
{
  loft_async_info_set_completed (LOFT_ASYNC_INFO (order->action), on_order_completed, order, NULL,
                                 NULL);
}

/* Sets the continuation at the moment of the end. */
static void
go_on_after (Order *order)
{
  while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (order->action)))
    ;
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_async_info_continue_with (LOFT_ASYNC_INFO (order->action),
                                                    on_order_continued, order, NULL)));
}

static void
test_continuation_against_announcement (void)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      Order order = { loft_action_new () };

      set_order_handler (&order);
      racer_start (&racer, i, order.action);
      go_on_after (&order);
      racer_finish (&racer, i);
      test_run_until (NULL, &order.continued);
      g_assert_cmpint (order.completed, ==, 1);
      g_assert_cmpint (order.overtaken, ==, 0);
      g_object_unref (order.action);
    }
  pthread_join (thread, NULL);
}

static void *
race_in_the_mta (void *unused)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      Order order = { loft_action_new () };

      set_order_handler (&order);
      racer_start (&racer, i, order.action);
      go_on_after (&order);
      racer_finish (&racer, i);
      while (test_get (&order.continued) == 0)
        sched_yield ();
      g_assert_cmpint (test_get (&order.overtaken), ==, 0);
      g_object_unref (order.action);
    }
  pthread_join (thread, NULL);
  return NULL;
}

static void
test_continuation_against_announcement_in_the_mta (void)
{
  test_on_thread (race_in_the_mta, NULL);
}

/* With LOFT_PROGRESS_LATEST, reports race with the end. A report that was accepted arrives, or a
 * newer one does. */

typedef struct
{
  LoftAction *action;
  int taken;  /* the newest that was not dropped */
  int seen;
  int ended;
} Latest;

static void
on_latest (LoftAsyncInfo *sender,
           const GValue  *progress,
           gpointer       latest)
{
  ((Latest *) latest)->seen = g_value_get_int (progress);
}

static void
on_latest_end (LoftAsyncInfo   *sender,
               LoftAsyncStatus  status,
               gpointer         latest)
{
  ((Latest *) latest)->ended = 1;
}

static void
report_until_ended (gpointer data)
{
  Latest *latest = data;
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  for (int n = 1;; n++)
    {
      g_value_set_int (&value, n);
      if (!loft_async_base_report_progress (LOFT_ASYNC_BASE (latest->action), &value))
        return;
      latest->taken = n;
    }
}

static void
test_latest_report_against_end (void)
{
  Racer racer = { report_until_ended };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      Latest latest = { loft_action_new_with_progress (G_TYPE_INT) };

      loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (latest.action),
                                             LOFT_PROGRESS_LATEST, on_latest, &latest, NULL, NULL);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (latest.action), on_latest_end, &latest, NULL,
                                     NULL);
      racer_start (&racer, i, &latest);
      loft_action_complete (latest.action);
      racer_finish (&racer, i);
      test_run_until (NULL, &latest.ended);
      g_assert_cmpint (latest.seen, >=, latest.taken);
      g_object_unref (latest.action);
    }
  pthread_join (thread, NULL);
}

/* A handler is the last to hold its home. The thread that delivers the handler goes on after the
 * home is gone. */

static void
test_home_of_handler_alone (void)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      GMainContext *context = g_main_context_new ();
      LoftAction *action = loft_action_new ();
      int completed = 0;

      g_main_context_push_thread_default (context);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &completed, NULL,
                                     NULL);
      racer_start (&racer, i, action);
      while (test_get (&completed) == 0)
        g_main_context_iteration (context, FALSE);
      g_main_context_pop_thread_default (context);
      g_main_context_unref (context);
      racer_finish (&racer, i);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-deliveries/wait-against-end", test_wait_against_end);
  g_test_add_func ("/races-deliveries/report-against-end", test_report_against_end);
  g_test_add_func ("/races-deliveries/report-against-end-in-the-mta",
                   test_report_against_end_in_the_mta);
  g_test_add_func ("/races-deliveries/wait-cancelled-against-end", test_wait_cancelled_against_end);
  g_test_add_func ("/races-deliveries/continuation-against-announcement",
                   test_continuation_against_announcement);
  g_test_add_func ("/races-deliveries/continuation-against-announcement-in-the-mta",
                   test_continuation_against_announcement_in_the_mta);
  g_test_add_func ("/races-deliveries/latest-report-against-end", test_latest_report_against_end);
  g_test_add_func ("/races-deliveries/home-of-handler-alone", test_home_of_handler_alone);
  return g_test_run ();
}
