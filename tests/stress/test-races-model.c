/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of models. Threads push into a list while it is closed, cancelled, cleared or dropped: each
 * row that was taken enters the list once, in the order of its pusher, or is released. A relay and
 * its source are dropped while the source speaks: no last value is lost. An observer turns to
 * another action, or is dropped, while the first one ends. */

#include "racer.h"
#include "../model/rows.h"
#include "../model/speaker.h"

#define PUSHERS 4

typedef struct
{
  LoftListFeeder *feeder;
  int number;
  int rows;    /* how many to push */
  int taken;   /* how many were accepted */
  int *going;  /* atomic: how many pushers still push */
} Pusher;

/* Pushes in each of the ways in turns, until the feeder has ended. */
static gboolean
push_some (Pusher *pusher,
           int    *next)
{
  gpointer batch[3];
  int n = *next % 5 == 0 ? 3 : 1;
  gboolean taken;

  for (int i = 0; i < n; i++)
    {
      batch[i] = test_row_new (*next + i);
      ((TestRow *) batch[i])->pusher = pusher->number;
    }
  if (n > 1)
    taken = loft_list_feeder_push_all (pusher->feeder, batch, (gsize) n, NULL);
  else if (*next % 7 == 0 && loft_list_feeder_try_push (pusher->feeder, batch[0], NULL))
    taken = TRUE;
  else
    taken = loft_list_feeder_push (pusher->feeder, batch[0], NULL);
  for (int i = 0; i < n; i++)
    g_object_unref (batch[i]);
  if (taken)
    {
      *next += n;
      pusher->taken += n;
    }
  return taken;
}

static void *
push_all_rows (void *data)
{
  Pusher *pusher = data;
  int next = 0;

  while (next < pusher->rows && push_some (pusher, &next))
    ;
  __atomic_fetch_sub (pusher->going, 1, __ATOMIC_ACQ_REL);
  g_main_context_wakeup (NULL);
  return NULL;
}

typedef struct
{
  Pusher pushers[PUSHERS];
  pthread_t threads[PUSHERS];
  int going;
  ListWatch *watch;
} Pushing;

static void
pushing_start (Pushing        *pushing,
               LoftListFeeder *feeder,
               int             rows)
{
  memset (pushing, 0, sizeof *pushing);
  pushing->watch = list_watch_new (feeder);
  pushing->going = PUSHERS;
  for (int i = 0; i < PUSHERS; i++)
    {
      pushing->pushers[i] = (Pusher) { feeder, i, rows, 0, &pushing->going };
      pthread_create (&pushing->threads[i], NULL, push_all_rows, &pushing->pushers[i]);
    }
}

/* Runs the loop until all pushers have returned and all turns are over. Returns how many rows were
 * taken. */
static guint
pushing_finish (Pushing *pushing)
{
  guint taken = 0;

  while (test_get (&pushing->going) > 0)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < PUSHERS; i++)
    {
      pthread_join (pushing->threads[i], NULL);
      taken += (guint) pushing->pushers[i].taken;
    }
  test_drain (NULL);
  return taken;
}

/* Each pusher's rows are in the order in which it pushed them. With @whole none is missing. */
static void
assert_in_order (GListModel *model,
                 gboolean    whole)
{
  int last[PUSHERS] = { -1, -1, -1, -1 };

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TestRow) row = g_list_model_get_item (model, i);

      if (whole)
        g_assert_cmpint (row->number, ==, last[row->pusher] + 1);
      else
        g_assert_cmpint (row->number, >, last[row->pusher]);
      last[row->pusher] = row->number;
    }
}

static LoftListFeeder *
small_feeder_new (int i)
{
  LoftListFeeder *feeder = loft_list_feeder_new (TEST_TYPE_ROW);

  loft_list_feeder_set_limit (feeder, (guint) (1 + i % 20));
  return feeder;
}

static int
few_rounds (void)
{
  return MAX (rounds / 500, 1);
}

/* Nothing is lost between four pushers, small bounds and the loop. */
static void
test_push (void)
{
  for (int i = 0; i < few_rounds (); i++)
    {
      LoftListFeeder *feeder = small_feeder_new (i);
      Pushing pushing;

      pushing_start (&pushing, feeder, 200);
      g_assert_cmpuint (pushing_finish (&pushing), ==,
                        g_list_model_get_n_items (G_LIST_MODEL (feeder)));
      assert_in_order (G_LIST_MODEL (feeder), TRUE);
      list_watch_free (pushing.watch);
      g_assert_finalize_object (feeder);
      test_drain (NULL); /* many rows are released in several turns */
      g_assert_cmpint (test_get (&rows_alive), ==, 0);
    }
}

static void
test_push_sorted (void)
{
  for (int i = 0; i < few_rounds (); i++)
    {
      g_autoptr (LoftListFeeder) feeder = small_feeder_new (i);
      Pushing pushing;

      loft_list_feeder_set_sort_func (feeder, test_row_compare, NULL, NULL);
      pushing_start (&pushing, feeder, 200);
      g_assert_cmpuint (pushing_finish (&pushing), ==,
                        g_list_model_get_n_items (G_LIST_MODEL (feeder)));
      for (guint k = 1; k < g_list_model_get_n_items (G_LIST_MODEL (feeder)); k++)
        g_assert_cmpint (list_number (feeder, k - 1), <=, list_number (feeder, k));
      list_watch_free (pushing.watch);
    }
}

/* The feeder ends while they push. Each taken row is in the list, unless it was cancelled. */
static void *
end_in_the_middle (void *data)
{
  Pusher *pusher = data;

  for (int i = 0; i < pusher->rows; i++)
    sched_yield ();
  if (pusher->number == 0)
    loft_list_feeder_close (pusher->feeder);
  else if (pusher->number == 1)
    loft_list_feeder_fail (pusher->feeder,
                           g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "as asked"));
  else
    loft_list_feeder_cancel (pusher->feeder);
  return NULL;
}

static void
test_end (void)
{
  for (int i = 0; i < few_rounds (); i++)
    {
      LoftListFeeder *feeder = small_feeder_new (i);
      Pusher ender = { feeder, i % 3, i % 50, 0, NULL };
      g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);
      g_autoptr (GError) error = NULL;
      Pushing pushing;
      pthread_t thread;
      guint taken;

      pushing_start (&pushing, feeder, G_MAXINT);
      pthread_create (&thread, NULL, end_in_the_middle, &ender);
      taken = pushing_finish (&pushing);
      pthread_join (thread, NULL);
      test_run_until_ended (NULL, all_in);
      error = loft_async_info_dup_error (LOFT_ASYNC_INFO (all_in));
      if (i % 3 == 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_cmpuint (taken, ==, g_list_model_get_n_items (G_LIST_MODEL (feeder)));
      assert_in_order (G_LIST_MODEL (feeder), TRUE);
      test_drain (NULL);
      list_watch_free (pushing.watch);
      g_assert_finalize_object (feeder);
      test_drain (NULL); /* many rows are released in several turns */
      g_assert_cmpint (test_get (&rows_alive), ==, 0);
    }
}

/* The list is cleared at home, and on another thread, while they push. */
static void *
clear_in_the_middle (void *data)
{
  Pusher *pusher = data;

  while (test_get (pusher->going) > 0)
    {
      loft_list_feeder_clear (pusher->feeder);
      sched_yield ();
    }
  return NULL;
}

static void
test_clear (void)
{
  for (int i = 0; i < few_rounds (); i++)
    {
      LoftListFeeder *feeder = small_feeder_new (i);
      Pushing pushing;
      Pusher clearer = { feeder, 0, 0, 0, &pushing.going };
      pthread_t thread;

      pushing_start (&pushing, feeder, 200);
      pthread_create (&thread, NULL, clear_in_the_middle, &clearer);
      while (test_get (&pushing.going) > 0)
        {
          g_main_context_iteration (NULL, TRUE);
          assert_in_order (G_LIST_MODEL (feeder), FALSE);
          loft_list_feeder_clear (feeder);
        }
      pushing_finish (&pushing);
      pthread_join (thread, NULL);
      loft_list_feeder_clear (feeder);
      test_drain (NULL);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 0);
      g_assert_cmpuint (loft_list_feeder_get_n_pending (feeder), ==, 0);
      list_watch_free (pushing.watch);
      g_assert_finalize_object (feeder);
      test_drain (NULL); /* many rows are released in several turns */
      g_assert_cmpint (test_get (&rows_alive), ==, 0);
    }
}

/* The list is cleared at home by work that runs while its dispatcher shuts down, and another thread
 * finds at that moment that the dispatcher takes no more rows. */
static void
push_one (gpointer feeder)
{
  g_autoptr (TestRow) row = test_row_new (0);

  loft_list_feeder_push (feeder, row, NULL);
}

typedef struct
{
  Racer racer;
  LoftListFeeder *feeder;
  int round;
} Clearing;

static gboolean
clear_against_push (LoftAsyncAction *action,
                    gpointer         data,
                    GError         **error)
{
  Clearing *clearing = data;

  racer_start (&clearing->racer, clearing->round, clearing->feeder);
  loft_list_feeder_clear (clearing->feeder);
  racer_finish (&clearing->racer, clearing->round);
  return TRUE;
}

static void
test_clear_and_shut_down (void)
{
  Clearing clearing = { { push_one } };
  pthread_t thread;
  int all = rounds;

  rounds = MAX (rounds / 50, 1);
  pthread_create (&thread, NULL, racer_main, &clearing.racer);
  for (clearing.round = 1; clearing.round <= rounds; clearing.round++)
    {
      g_autoptr (LoftDispatcherController)
        controller = loft_dispatcher_controller_new_on_dedicated_thread ("list", NULL);
      LoftDispatcher *home = loft_dispatcher_controller_get_dispatcher (controller);
      g_autoptr (LoftAsyncAction) work = NULL, down = NULL;

      clearing.feeder = loft_list_feeder_new_for_dispatcher (home, LOFT_PRIORITY_LOW,
                                                             TEST_TYPE_ROW);
      work = loft_dispatcher_run_async (home, LOFT_PRIORITY_LOW, clear_against_push, &clearing,
                                        NULL);
      down = loft_dispatcher_controller_shutdown_async (controller);
      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (down), NULL));
      g_assert_cmpuint (loft_list_feeder_get_n_pending (clearing.feeder), ==, 0);
      g_assert_finalize_object (clearing.feeder);
      while (test_get (&rows_alive) > 0)
        sched_yield (); /* the row had entered the list, and its home still releases it */
    }
  pthread_join (thread, NULL);
  rounds = all;
}

/* The work that the feeder is bound to is cancelled while it pushes, or ends, and the owner of the
 * feeder is disposed at the same time. */
static gboolean
push_until_refused (LoftAsyncAction *action,
                    gpointer         feeder,
                    GError         **error)
{
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (TestRow) row = test_row_new (i);

      if (!loft_list_feeder_push (feeder, row, error))
        return FALSE;
    }
  return TRUE;
}

static void
cancel (gpointer info)
{
  loft_async_info_cancel (info);
}

static void
test_bound (void)
{
  Racer racer = { cancel };
  pthread_t thread;
  int all = rounds;

  rounds = MAX (rounds / 50, 1);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftListFeeder *feeder = small_feeder_new (i);
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);
      g_autoptr (LoftAsyncAction) work = NULL;

      loft_list_feeder_bind_owner (feeder, owner);
      work = loft_thread_pool_run_async (push_until_refused, g_object_ref (feeder),
                                         g_object_unref);
      racer_start (&racer, i, work);
      g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
      if (i % 2 == 0)
        g_main_context_iteration (NULL, FALSE);
      if (i % 3 == 0)
        g_clear_object (&owner);
      racer_finish (&racer, i);
      test_run_until_ended (NULL, all_in);
      test_run_until_ended (NULL, work);
      g_assert_true (loft_list_feeder_is_complete (feeder));
      g_clear_object (&owner);
      g_object_unref (feeder);
    }
  pthread_join (thread, NULL);
  rounds = all;
  test_drain (NULL);
}

/* The last reference is dropped on another thread, right after a push. */
static void
push_and_drop (gpointer data)
{
  g_autoptr (LoftListFeeder) feeder = data;
  g_autoptr (TestRow) row = test_row_new (1);

  g_assert_true (loft_list_feeder_push (feeder, row, NULL));
}

static void
test_drop (void)
{
  Racer racer = { push_and_drop };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftListFeeder *feeder = loft_list_feeder_new (TEST_TYPE_ROW);

      racer_start (&racer, i, g_object_ref (feeder));
      g_main_context_iteration (NULL, FALSE);
      g_object_unref (feeder);
      racer_finish (&racer, i);
      test_drain (NULL);
      g_assert_cmpint (test_get (&rows_alive), ==, 0);
    }
  pthread_join (thread, NULL);
}

/* A worker changes its object and drops it; home drops the relay in every second round. */
static void
speak (gpointer data)
{
  g_autoptr (TestSpeaker) speaker = data;

  for (int i = 1; i <= 10; i++)
    {
      g_object_set (speaker, "number", i, NULL);
      g_signal_emit_by_name (speaker, "said", i, "text");
    }
}

typedef struct
{
  int number; /* of the last property that has arrived */
  int said;
} Heard;

static void
on_number (LoftRelay    *relay,
           GParamSpec   *property,
           const GValue *value,
           gpointer      data)
{
  Heard *heard = data;

  g_assert_cmpint (g_value_get_int (value), >, heard->number);
  heard->number = g_value_get_int (value);
}

static void
on_said (LoftRelay  *relay,
         int         number,
         const char *text,
         gpointer    data)
{
  Heard *heard = data;

  g_assert_cmpint (number, ==, ++heard->said);
  g_assert_cmpint (heard->number, >=, number);
}

static void
test_relay (void)
{
  Racer racer = { speak };
  pthread_t thread;
  int all = rounds;

  rounds = MAX (rounds / 5, 1);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      Heard heard = { 0, 0 };
      TestSpeaker *source = g_object_new (TEST_TYPE_SPEAKER, NULL);
      LoftRelay *relay = loft_relay_new (G_OBJECT (source), NULL);

      g_signal_connect (relay, "changed::number", G_CALLBACK (on_number), &heard);
      loft_relay_add_handler (relay, "said", G_CALLBACK (on_said), &heard, NULL, NULL);
      racer_start (&racer, i, source);
      while (i % 2 == 0 && !loft_relay_is_complete (relay))
        g_main_context_iteration (NULL, TRUE);
      if (i % 2 == 0)
        {
          g_assert_cmpint (heard.number, ==, 10);
          g_assert_cmpint (heard.said, ==, 10);
        }
      g_main_context_iteration (NULL, FALSE);
      g_object_unref (relay);
      racer_finish (&racer, i);
      test_drain (NULL);
    }
  pthread_join (thread, NULL);
  rounds = all;
}

/* An action reports, is cancelled and ends, while the observer turns away or is dropped. */
static void
report_and_end (gpointer data)
{
  g_autoptr (LoftAction) action = data;

  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.5);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.75);
  loft_action_complete (action);
}

static void
test_observer (void)
{
  Racer racer = { report_and_end };
  g_autoptr (LoftAction) other = loft_action_new ();
  pthread_t thread;
  int all = rounds;

  rounds = MAX (rounds / 5, 1);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new_with_progress (G_TYPE_DOUBLE);
      LoftAsyncObserver *observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));

      racer_start (&racer, i, action);
      while (i % 3 == 0 && !loft_async_observer_is_done (observer))
        g_main_context_iteration (NULL, TRUE);
      if (i % 3 == 0)
        g_assert_cmpint (loft_async_observer_get_status (observer), ==,
                         LOFT_ASYNC_STATUS_CANCELED);
      if (i % 3 == 1)
        loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (other));
      g_main_context_iteration (NULL, FALSE);
      if (i % 3 == 1)
        g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_STARTED);
      g_object_unref (observer);
      racer_finish (&racer, i);
      test_drain (NULL);
    }
  pthread_join (thread, NULL);
  rounds = all;
  loft_action_complete (other);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races/list-feeder/push", test_push);
  g_test_add_func ("/races/list-feeder/push-sorted", test_push_sorted);
  g_test_add_func ("/races/list-feeder/end", test_end);
  g_test_add_func ("/races/list-feeder/clear", test_clear);
  g_test_add_func ("/races/list-feeder/clear-and-shut-down", test_clear_and_shut_down);
  g_test_add_func ("/races/list-feeder/bound", test_bound);
  g_test_add_func ("/races/list-feeder/drop", test_drop);
  g_test_add_func ("/races/relay", test_relay);
  g_test_add_func ("/races/async-observer", test_observer);
  return g_test_run ();
}
