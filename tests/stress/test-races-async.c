/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of async objects: which end wins, which handlers are called, and what the objects answer in
 * the meantime. */

#include "racer.h"

/* A completion races with a cancel. One of them wins, and the handler runs once, with the winner's
 * status. */

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

      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_outcome, &outcome, NULL,
                                           NULL);
      racer_start (&racer, i, action);
      won = loft_action_complete (action);
      racer_finish (&racer, i);
      g_assert_cmpint (outcome.handled, ==, 1);
      g_assert_cmpint (outcome.status, ==,
                       won ? LOFT_ASYNC_STATUS_COMPLETED : LOFT_ASYNC_STATUS_CANCELED);
      g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (action)), ==, outcome.status);
      canceled += !won;
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_test_message ("%d of %d cancelled", canceled, rounds);
}

/* set_completed () races with the completion. The handler runs exactly once, whichever comes
 * first. */

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
      g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action),
                                                          test_on_completed, &handled, NULL, NULL));
      loft_async_info_add_observer (LOFT_ASYNC_INFO (action), test_on_completed, &observed, NULL);
      racer_finish (&racer, i);
      g_assert_cmpint (test_get (&handled), ==, 1);
      g_assert_cmpint (test_get (&observed), ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* The same with a handler that has a home: it runs once, from the loop. */
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
      g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                    &handled, NULL, NULL));
      racer_finish (&racer, i);
      while (handled == 0)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (handled, ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* A cancel handler races with the end. It never finds the object ended. */
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
      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_outcome, &outcome, NULL,
                                           NULL);
      racer_start (&racer, i, action);
      loft_action_complete (action);
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      g_assert_cmpint (outcome.handled, ==, 1);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* A cancel handler at home races with the end and with a handler that takes its place. Each handler
 * runs at most once, at home and before the end, and the data of both is released there. */

typedef struct
{
  GThread *home;
  int called;
  int released;
} AtHome;

static void
look_at_home (LoftAsyncBase *self,
              gpointer       data)
{
  AtHome *at_home = data;

  g_assert_true (g_thread_self () == at_home->home);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (self)));
  at_home->called++;
}

static void
release_at_home (gpointer data)
{
  AtHome *at_home = data;

  g_assert_true (g_thread_self () == at_home->home);
  at_home->released++;
}

static void
test_handler_at_home_against_end (void)
{
  Racer racer = { cancel };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      LoftAction *action = loft_action_new ();
      LoftAsyncBase *base = LOFT_ASYNC_BASE (action);
      AtHome at_home = { g_thread_self (), 0, 0 };

      loft_async_base_set_cancel_handler_at_home (base, look_at_home, &at_home, release_at_home);
      racer_start (&racer, i, action);
      loft_async_base_set_cancel_handler_at_home (base, look_at_home, &at_home, release_at_home);
      if (i % 2 == 0)
        g_main_context_iteration (NULL, FALSE);
      loft_action_complete (action);
      racer_finish (&racer, i);
      g_object_unref (action);
      while (at_home.released < 2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (at_home.called, <=, 2);
    }
  pthread_join (thread, NULL);
}

/* Asking for the results races with a producer that takes a cancel back, and asking for the error
 * races with close (). Each returns an answer, or an error that fits. */
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
      LoftAction *action = loft_action_new_failed (
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));

      racer_start (&racer, i, action);
      g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
      racer_finish (&racer, i);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* An end that was put off races with one that comes when the cancel handler has returned. The first
 * one counts. */

typedef struct
{
  LoftAction *action;
  int telling;
  int go_on;
} Telling;

static void
tell (LoftAsyncBase *self,
      gpointer       user_data)
{
  Telling *telling = user_data;

  __atomic_store_n (&telling->telling, 1, __ATOMIC_RELEASE);
  racer_wait_for (&telling->go_on, 1);
}

static void
cancel_told (gpointer telling)
{
  loft_async_info_cancel (LOFT_ASYNC_INFO (((Telling *) telling)->action));
}

static void
test_put_off_against_end (void)
{
  Racer racer = { cancel_told };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      Telling telling = { loft_action_new (), 0, 0 };
      LoftAsyncBase *base = LOFT_ASYNC_BASE (telling.action);

      loft_async_base_set_cancel_handler (base, tell, &telling, NULL);
      racer_start (&racer, i, &telling);
      racer_wait_for (&telling.telling, 1);
      g_assert_true (loft_async_base_complete_from_canceled (base));
      __atomic_store_n (&telling.go_on, 1, __ATOMIC_RELEASE);
      while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (base)))
        loft_async_base_complete (base);
      racer_finish (&racer, i);
      assert_status (base, COMPLETED);
      g_object_unref (base);
    }
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-async/complete-against-cancel", test_complete_against_cancel);
  g_test_add_func ("/races-async/set-completed-against-complete",
                   test_set_completed_against_complete);
  g_test_add_func ("/races-async/home-handler-against-complete",
                   test_home_handler_against_complete);
  g_test_add_func ("/races-async/cancel-handler-against-end", test_cancel_handler_against_end);
  g_test_add_func ("/races-async/handler-at-home-against-end", test_handler_at_home_against_end);
  g_test_add_func ("/races-async/results-against-overrule", test_results_against_overrule);
  g_test_add_func ("/races-async/error-against-close", test_error_against_close);
  g_test_add_func ("/races-async/put-off-against-end", test_put_off_against_end);
  return g_test_run ();
}
