/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an action's work held is released at its home before the handlers that are called there at
 * the end, whichever thread ends the action. */

#include "test-util.h"

#define ROUNDS 300

typedef struct
{
  LoftAction *inner;        /* what the continuation goes on with; the main thread ends it */
  LoftAsyncAction *outer;
  int begun;                /* atomic: the continuation has run */
  int released;             /* atomic */
  gboolean released_before; /* the completed handler */
  TestEvent completed;
} Round;

static LoftAsyncInfo *
go_on_with_inner (LoftAsyncInfo *antecedent,
                  gpointer       data,
                  GError       **error)
{
  Round *round = data;

  __atomic_store_n (&round->begun, 1, __ATOMIC_RELEASE);
  g_main_context_wakeup (NULL);
  return g_object_ref (LOFT_ASYNC_INFO (round->inner));
}

static void
release (gpointer data)
{
  test_count (&((Round *) data)->released);
}

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         data)
{
  Round *round = data;

  round->released_before = __atomic_load_n (&round->released, __ATOMIC_ACQUIRE) == 1;
  test_event_set (&round->completed);
}

static void
begin (Round *round)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();

  *round = (Round) { .inner = loft_action_new (), .completed = TEST_EVENT_INIT };
  round->outer = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (done), go_on_with_inner,
                                                      round, release);
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (round->outer), on_completed,
                                                round, NULL, NULL));
}

static void *
begin_in_mta (void *round)
{
  begin (round);
  return NULL;
}

static void *
complete (void *action)
{
  loft_action_complete (action);
  return NULL;
}

static void
end (Round *round)
{
  g_assert_true (round->released_before);
  g_assert_cmpint (round->released, ==, 1);
  g_object_unref (round->outer);
  g_object_unref (round->inner);
}

/* A thread of the MTA set it up, and the main thread ends it: both go to workers. */
static void
test_in_mta (void)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      Round round;

      test_on_thread (begin_in_mta, &round);
      test_run_until (NULL, &round.begun);
      complete (round.inner);
      test_event_wait (&round.completed);
      end (&round);
    }
}

/* The main thread set it up, and another thread ends it. */
static void
test_at_home (void)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      Round round;

      begin (&round);
      test_run_until (NULL, &round.begun);
      test_on_thread (complete, round.inner);
      while (!round.completed.set) /* set on this thread */
        g_main_context_iteration (NULL, TRUE);
      end (&round);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-release/in-mta", test_in_mta);
  g_test_add_func ("/async-release/at-home", test_at_home);
  return g_test_run ();
}
