/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races with the shutdown of a dispatcher: posts, actions, deferrals, delayed work, moves, and
 * handlers on their way to it.
 *
 * Each round has a context of its own, whose dispatcher this thread shuts down, while other threads
 * do what the shutdown has to withstand. */

#include "racer.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  int ran, released, accepted; /* atomic */
  gboolean completed;          /* owner thread only */
  LoftAsyncAction *action;     /* constant while they race */
} Round;

static void
on_completed (LoftDispatcher *dispatcher,
              gpointer        round)
{
  ((Round *) round)->completed = TRUE;
}

/* Shuts a dispatcher down in each round, while two threads race with that. */
static void
race_prepared_shutdown (void    (*prepare) (Round *round),
                        RaceFunc  func,
                        void    (*check) (Round *round))
{
  Racer racers[2] = { { func }, { func } };
  pthread_t threads[2];
  int n = rounds;

  for (int k = 0; k < 2; k++)
    pthread_create (&threads[k], NULL, racer_main, &racers[k]);
  for (int i = 1; i <= n; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (LoftDispatcherController) controller = NULL;
      Round round = { NULL };

      g_main_context_push_thread_default (context);
      controller = loft_dispatcher_controller_new_on_current_thread (NULL);
      round.dispatcher = loft_dispatcher_controller_get_dispatcher (controller);
      g_signal_connect (round.dispatcher, "shutdown-completed", G_CALLBACK (on_completed), &round);
      prepare (&round);
      for (int k = 0; k < 2; k++)
        racer_start (&racers[k], i, &round);
      g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
      for (int k = 0; k < 2; k++)
        racer_finish (&racers[k], i);
      check (&round);
      g_main_context_pop_thread_default (context);
    }
  for (int k = 0; k < 2; k++)
    pthread_join (threads[k], NULL);
}

static void
prepare_nothing (Round *round)
{
}

static void
race_shutdown (RaceFunc  func,
               void    (*check) (Round *round))
{
  race_prepared_shutdown (prepare_nothing, func, check);
}

/* An item that was accepted runs, even if it was accepted at the last moment. An item that was
 * refused does not run. */

static void
post (gpointer data)
{
  Round *round = data;

  if (loft_dispatcher_try_enqueue (round->dispatcher, LOFT_PRIORITY_LOW, test_count, &round->ran,
                                   NULL))
    test_count (&round->accepted);
}

static void
check_posts (Round *round)
{
  g_assert_cmpint (test_get (&round->ran), ==, test_get (&round->accepted));
}

static void
test_post_against_shutdown (void)
{
  race_shutdown (post, check_posts);
}

/* Nothing runs after ::shutdown-completed, even if it was accepted at the last moment. */

static void
run_in_time (gpointer data)
{
  Round *round = data;

  g_assert_false (round->completed);
  test_count (&round->ran);
}

static void
post_until_refused (gpointer data)
{
  Round *round = data;

  while (
    loft_dispatcher_try_enqueue (round->dispatcher, LOFT_PRIORITY_NORMAL, run_in_time, round, NULL))
    test_count (&round->accepted);
}

static void
test_post_against_completed (void)
{
  race_shutdown (post_until_refused, check_posts);
}

/* Every action ends: Completed if it ran, Canceled if not. */

static void
release_round (gpointer data)
{
  test_count (&((Round *) data)->released);
}

static gboolean
run_round (LoftAsyncAction *action,
           gpointer         data,
           GError         **error)
{
  test_count (&((Round *) data)->ran);
  return TRUE;
}

static void
run_and_wait (gpointer data)
{
  Round *round = data;
  g_autoptr (LoftAsyncAction) action = NULL;

  action = loft_dispatcher_run_async (round->dispatcher, LOFT_PRIORITY_NORMAL, run_round, round,
                                      release_round);
  /* One that is lost would hang here. */
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  if (loft_async_info_get_status (LOFT_ASYNC_INFO (action)) == LOFT_ASYNC_STATUS_COMPLETED)
    test_count (&round->accepted);
  else
    assert_status (action, CANCELED);
}

static void
check_runs (Round *round)
{
  check_posts (round);
  g_assert_cmpint (test_get (&round->released), ==, 2);
}

static void
test_run_against_shutdown (void)
{
  race_shutdown (run_and_wait, check_runs);
}

/* Two posts with one key are one post. If either of them was accepted, it runs. */

static void
post_coalesced (gpointer data)
{
  Round *round = data;

  if (loft_dispatcher_enqueue_coalesced (round->dispatcher, LOFT_PRIORITY_LOW, "one", test_count,
                                         &round->ran, NULL))
    test_count (&round->accepted);
}

static void
check_coalesced (Round *round)
{
  g_assert_cmpint (test_get (&round->ran), <=, test_get (&round->accepted));
  if (test_get (&round->accepted) != 0)
    g_assert_cmpint (test_get (&round->ran), >=, 1);
}

static void
test_coalesced_against_shutdown (void)
{
  race_shutdown (post_coalesced, check_coalesced);
}

/* As long as a deferral holds the shutdown up, posting is open. */

static void
hold_and_post (gpointer data)
{
  Round *round = data;
  g_autoptr (LoftDeferral) deferral = loft_dispatcher_hold_shutdown (round->dispatcher);

  if (deferral == NULL)
    return;
  g_assert_true (loft_dispatcher_try_enqueue (round->dispatcher, LOFT_PRIORITY_LOW, test_count,
                                              &round->ran, NULL));
  test_count (&round->accepted);
  g_assert_false (loft_dispatcher_is_shut_down (round->dispatcher));
  loft_deferral_complete (deferral, NULL);
}

static void
test_hold_against_shutdown (void)
{
  race_shutdown (hold_and_post, check_posts);
}

/* A completed handler is on its way to its home when that ends. It is called, or counted as
 * undelivered. */

static void
on_came (LoftAsyncInfo   *info,
         LoftAsyncStatus  status,
         gpointer         data)
{
  test_count (&((Round *) data)->ran);
}

static void
complete (gpointer action)
{
  loft_action_complete (action);
}

static void
test_delivery_against_shutdown (void)
{
  Racer racer = { complete };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (LoftDispatcherController) controller = NULL;
      g_autoptr (LoftAction) action = loft_action_new ();
      Round round = { NULL };

      g_main_context_push_thread_default (context);
      controller = loft_dispatcher_controller_new_on_current_thread (NULL);
      round.dispatcher = loft_dispatcher_controller_get_dispatcher (controller);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_came, &round, release_round,
                                     NULL);
      racer_start (&racer, i, action);
      g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
      racer_finish (&racer, i);
      g_assert_cmpuint (test_get (&round.ran) + loft_dispatcher_get_undelivered (round.dispatcher),
                        ==, 1);
      g_assert_cmpint (test_get (&round.released), ==, 1);
      g_main_context_pop_thread_default (context);
    }
  pthread_join (thread, NULL);
}

/* When the dispatcher has ended, delayed work has run, or its action is Canceled. */

static void
run_delayed (gpointer data)
{
  Round *round = data;
  g_autoptr (LoftAsyncAction) action = NULL;

  action = loft_dispatcher_run_delayed_async (round->dispatcher, LOFT_PRIORITY_NORMAL, 1, run_round,
                                              round, release_round);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  if (loft_async_info_get_status (LOFT_ASYNC_INFO (action)) == LOFT_ASYNC_STATUS_COMPLETED)
    test_count (&round->accepted);
  else
    assert_status (action, CANCELED);
}

static void
test_delayed_against_shutdown (void)
{
  race_shutdown (run_delayed, check_runs);
}

/* An item that is moved from lane to lane runs or ends Canceled, and its data is released once. */

static void
prepare_action (Round *round)
{
  round->action = loft_dispatcher_run_async (round->dispatcher, LOFT_PRIORITY_LOW, run_round, round,
                                             release_round);
}

static void
move_to_and_fro (gpointer data)
{
  Round *round = data;

  for (int i = 0; i < 20; i++)
    if (!loft_dispatcher_set_item_priority (round->dispatcher, LOFT_ASYNC_INFO (round->action),
                                            i % 2 != 0 ? LOFT_PRIORITY_LOW : LOFT_PRIORITY_IDLE))
      return;
}

static void
check_moved (Round *round)
{
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (round->action)));
  g_assert_cmpint (test_get (&round->released), ==, 1);
  g_clear_object (&round->action);
}

static void
test_move_against_shutdown (void)
{
  race_prepared_shutdown (prepare_action, move_to_and_fro, check_moved);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-shutdown/post", test_post_against_shutdown);
  g_test_add_func ("/races-shutdown/completed", test_post_against_completed);
  g_test_add_func ("/races-shutdown/run", test_run_against_shutdown);
  g_test_add_func ("/races-shutdown/coalesced", test_coalesced_against_shutdown);
  g_test_add_func ("/races-shutdown/hold", test_hold_against_shutdown);
  g_test_add_func ("/races-shutdown/delivery", test_delivery_against_shutdown);
  g_test_add_func ("/races-shutdown/delayed", test_delayed_against_shutdown);
  g_test_add_func ("/races-shutdown/move", test_move_against_shutdown);
  return g_test_run ();
}
