/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* W27 to W31 and W44 to W48: tests of WPF's dispatchers with several threads, written anew. */

#include "own-context.h"
#include "wpf-origins.h"
#include "base/loft-clock-private.h"

/* Three threads post with various priorities before the loop runs. */

#define THREADS      3
#define PER_THREAD   1000
#define N_PRIORITIES 4

typedef struct
{
  LoftPriority priority;
  int thread;
  int number;
} Item;

static Item items[THREADS][PER_THREAD];
static int last_number[THREADS][N_PRIORITIES];
static LoftPriority last_priority;
static int ran;

static void
run_item (gpointer data)
{
  Item *item = data;
  int *last = &last_number[item->thread][item->priority - LOFT_PRIORITY_IDLE];

  g_assert_cmpint (item->priority, <=, last_priority);
  g_assert_cmpint (item->number, >, *last);
  last_priority = item->priority;
  *last = item->number;
  ran++;
}

static void *
post_items (void *thread)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (thread));

  for (int i = 0; i < PER_THREAD; i++)
    {
      Item *item = &items[GPOINTER_TO_INT (thread)][i];

      *item = (Item) { g_rand_int_range (rand, LOFT_PRIORITY_IDLE, LOFT_PRIORITY_HIGH + 1),
                       GPOINTER_TO_INT (thread), i };
      g_assert_true (
        loft_dispatcher_try_enqueue (f.dispatcher, item->priority, run_item, item, NULL));
    }
  return NULL;
}

static void
w27 (void)
{
  pthread_t threads[THREADS];

  begin ();
  loft_clock_set (g_get_monotonic_time ()); /* it stands still, so nothing waits too long */
  memset (last_number, -1, sizeof last_number);
  last_priority = LOFT_PRIORITY_HIGH;
  ran = 0;
  for (int i = 0; i < THREADS; i++)
    pthread_create (&threads[i], NULL, post_items, GINT_TO_POINTER (i));
  for (int i = 0; i < THREADS; i++)
    pthread_join (threads[i], NULL);
  test_drain (f.context);
  g_assert_cmpint (ran, ==, THREADS * PER_THREAD);
  loft_clock_set (-1);
  end ();
}

/* A background worker. */

typedef struct
{
  GThread *home;
  TestEvent gate;
  int reports;
  int completed;
} Worker;

static gboolean
report_hundred (LoftAsyncAction *action,
                gpointer         data,
                GError         **error)
{
  Worker *worker = data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (g_thread_self () != worker->home);
  test_event_wait (&worker->gate); /* until its handlers are set */
  g_value_init (&value, G_TYPE_INT);
  for (int i = 0; i < 100; i++)
    {
      g_value_set_int (&value, i);
      loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
    }
  return TRUE;
}

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *progress,
           gpointer       data)
{
  Worker *worker = data;

  g_assert_true (g_thread_self () == worker->home);
  g_assert_cmpint (worker->completed, ==, 0);
  g_assert_cmpint (g_value_get_int (progress), ==, worker->reports);
  worker->reports++;
}

static void
on_worker_completed (LoftAsyncInfo   *sender,
                     LoftAsyncStatus  status,
                     gpointer         data)
{
  Worker *worker = data;

  g_assert_true (g_thread_self () == worker->home);
  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_COMPLETED);
  worker->completed++;
}

static void
start_worker (gpointer data)
{
  Worker *worker = data;
  g_autoptr (LoftAsyncAction)
    work = loft_thread_pool_run_with_progress_async (G_TYPE_INT, report_hundred, worker, NULL);

  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (work), 0,
                                                        on_report, worker, NULL, NULL));
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (work), on_worker_completed, worker,
                                                NULL, NULL));
  test_event_set (&worker->gate);
}

static void
w28 (void)
{
  Worker worker = { g_thread_self (), TEST_EVENT_INIT, 0, 0 };

  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, start_worker, &worker, NULL);
  test_run_until (f.context, &worker.completed);
  g_assert_cmpint (worker.reports, ==, 100);
  end ();
}

/* Work of the pool passes its data home. */

typedef struct
{
  int numbers[11];
  int handed_over;
} Reading;

static void
check_numbers (gpointer data)
{
  Reading *reading = data;

  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  for (int i = 1; i <= 10; i++)
    g_assert_cmpint (reading->numbers[i], ==, i);
  reading->handed_over++;
}

static gboolean
read_numbers (LoftAsyncAction *action,
              gpointer         data,
              GError         **error)
{
  Reading *reading = data;

  g_assert_true (test_is_on_pool ());
  for (int i = 1; i <= 10; i++)
    reading->numbers[i] = i;
  return loft_dispatcher_try_enqueue (f.dispatcher, 0, check_numbers, reading, NULL);
}

static void
w29 (void)
{
  Reading reading = { { 0 }, 0 };
  g_autoptr (LoftAsyncAction) work = NULL;

  begin ();
  work = loft_thread_pool_run_async (read_numbers, &reading, NULL);
  test_run_until (f.context, &reading.handed_over);
  test_run_until_ended (f.context, work);
  assert_status (work, COMPLETED);
  g_assert_cmpint (reading.handed_over, ==, 1);
  end ();
}

static void *
post_while_busy (void *log)
{
  post (0, "posted"); /* it returns though nobody runs the loop */
  return NULL;
}

static void
w30 (void)
{
  begin ();
  test_on_thread (post_while_busy, NULL);
  assert_log ("");
  test_drain (f.context);
  assert_log ("posted");
  end ();
}

/* A post in the middle of the shutdown. */

static LoftAsyncAction *posted;

static void *
post_late (void *ran_late)
{
  posted = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, ran_late, NULL);
  return NULL;
}

static void
post_from_elsewhere (LoftDispatcher *dispatcher,
                     gpointer        ran_late)
{
  test_on_thread (post_late, ran_late);
}

static void
w31 (void)
{
  g_autoptr (LoftDispatcherController) own = NULL;
  int ran_late = 0;

  begin ();
  own = controller ();
  g_signal_connect (f.dispatcher, "shutdown-completed", G_CALLBACK (post_from_elsewhere),
                    &ran_late);
  g_assert_true (loft_dispatcher_controller_shutdown (own, NULL));
  assert_status (posted, CANCELED);
  g_assert_cmpint (ran_late, ==, 0);
  g_clear_object (&posted);
  end ();
}

/* Several dispatchers. */

typedef struct
{
  Controlled controlled;
  int ran;
  TestEvent idle;
} Several;

static void
say_idle (gpointer event)
{
  test_event_set (event);
}

static void
post_twenty (gpointer data)
{
  Several *several = data;

  for (int i = 0; i < 20; i++)
    loft_dispatcher_try_enqueue (several->controlled.dispatcher, LOFT_PRIORITY_LOW, test_count,
                                 &several->ran, NULL);
  loft_dispatcher_try_enqueue (several->controlled.dispatcher, LOFT_PRIORITY_IDLE, say_idle,
                               &several->idle, NULL);
}

static void
w44 (void)
{
  Several several[5];

  for (int i = 0; i < 5; i++)
    {
      several[i] = (Several) { .idle = TEST_EVENT_INIT };
      controlled_start (&several[i].controlled);
    }
  for (int i = 0; i < 5; i++)
    loft_dispatcher_try_enqueue (several[i].controlled.dispatcher, 0, post_twenty, &several[i],
                                 NULL);
  for (int i = 0; i < 5; i++)
    {
      test_event_wait (&several[i].idle);
      controlled_end (&several[i].controlled);
      g_assert_cmpint (test_get (&several[i].ran), ==, 20);
      controlled_free (&several[i].controlled);
    }
}

/* A thread waits with a time-out for work, while the dispatcher is busy. */

static void *
ask_in_vain (void *ran_anyway)
{
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, ran_anyway, NULL);

  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1, NULL), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (action)));
  assert_status (action, CANCELED);
  return NULL;
}

static void
w45 (void)
{
  int ran_anyway = 0;

  begin ();
  test_on_thread (ask_in_vain, &ran_anyway);
  test_drain (f.context);
  g_assert_cmpint (ran_anyway, ==, 0);
  end ();
}

/* The handlers of one operation. */

static void
check_seen (gboolean        aborted,
            LoftAsyncStatus expected)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Seen seen = { 0 };

  begin ();
  action = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, NULL, NULL);
  set_completed (action, &seen);
  if (aborted)
    g_assert_true (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (action)));
  test_drain (f.context);
  g_assert_cmpint (seen.calls, ==, 1);
  g_assert_cmpint (seen.status, ==, expected);
  g_assert_true (seen.sender == LOFT_ASYNC_INFO (action));
  end ();
}

static void w46 (void) { check_seen (TRUE, LOFT_ASYNC_STATUS_CANCELED); }
static void w47 (void) { check_seen (FALSE, LOFT_ASYNC_STATUS_COMPLETED); }

static void
w48 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;

  begin ();
  timer = loft_dispatcher_create_timer (f.dispatcher);
  for (int i = 0; i < 2; i++)
    {
      loft_dispatcher_timer_stop (timer);
      g_assert_false (loft_dispatcher_timer_get_is_running (timer));
    }
  g_assert_true (loft_dispatcher_timer_start (timer)); /* after the stop it can be started */
  g_assert_true (loft_dispatcher_timer_get_is_running (timer));
  loft_dispatcher_timer_stop (timer);
  g_assert_false (loft_dispatcher_timer_get_is_running (timer));
  end ();
}

static Case cases[] = {
  { "W27",
    "three threads post with whatever priority before the loop runs: all run, none while a higher "
    "one waits",
    THREADING "DispatcherOperationPost.cs: DispatcherOperationPost", PASS, NULL, w27 },
  { "W28", "a background worker: a hundred reports and the end, at home",
    THREADING "BackgroundWorkerBVT.cs: BackgroundWorkerBVT.StartTest", PASS, NULL, w28 },
  { "W29", "work of the pool hands its data home",
    THREADING "AsyncOperationManagerIntegrationBVT.cs: "
              "AsyncOperationManagerIntegrationBVT.StartTest",
    PASS, NULL, w29 },
  { "W30", "a post to a dispatcher that is busy returns at once, and runs later",
    THREADING "DispatcherSyncContextBVT.cs: CallingSendPostFromWorkerThreadPost", PASS, NULL, w30 },
  { "W31", "a post from another thread in the middle of the end is aborted, and never runs",
    THREADING "DispatcherMiscTest.cs: BeginInvokeMiddleofHwndMessageOnlyWindowDispose", PASS, NULL,
    w31 },
  { "W44", "five threads with a dispatcher each: every item runs",
    DISPATCHER "DispatchingMultipleDispatchersMultipleContext.cs: Dispatching", PASS, NULL, w44 },
  { "W45", "asked for with a short time-out while the dispatcher is busy: it does not run",
    THREADING "SingleInvokeModel.cs: SingleInvokeModel", DIFFERS,
    "the wait times out; not to run it any more is asked for, by abort", w45 },
  { "W46", "Abort is heard by the operation's handler",
    UNIT "DispatcherOperationTests.cs: Abort_InvokeWithHandler_CallsAborted", PASS, NULL, w46 },
  { "W47", "and so is the end",
    UNIT "DispatcherOperationTests.cs: Wait_InvokeWithHandler_CallsCompleted", PASS, NULL, w47 },
  { "W48", "a timer that was not started can be stopped",
    UNIT "DispatcherTimerTests.cs: Stop_InvokeNotStarted_Success", PASS, NULL, w48 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "wpf-threads", cases, G_N_ELEMENTS (cases));
}
