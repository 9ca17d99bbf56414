/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations in a row, and objects that follow one another: what happens if one of them is
 * dropped or cancelled, and that they need no deep stack. */

#include "test-util.h"

static LoftAsyncInfo *
give_operation (LoftAsyncAction *action,
                gpointer         operation,
                GError         **error)
{
  return g_object_ref (operation);
}

/* A follower waits for the object that it follows, and propagates its own cancel to that object.
 * The two must not keep each other alive. */
static void
test_followed_is_let_go (void)
{
  LoftAction *inner = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    outer = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, give_operation,
                                              inner, NULL);
  g_autoptr (GError) error = NULL;

  test_drain (NULL);
  assert_status (outer, STARTED);
  g_object_unref (inner);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (outer)));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (outer));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

/* If the object that is followed is cancelled, the follower is cancelled with the reason
 * PROPAGATED. */
static void
test_followed_is_canceled (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    outer = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, give_operation,
                                              inner, NULL);

  test_drain (NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (inner));
  loft_action_complete (inner);
  assert_status (outer, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (outer)), ==,
                   LOFT_CANCEL_REASON_PROPAGATED);
}

/* A chain of any length needs no deep stack. */

#define LINKS 20000

typedef struct
{
  LoftAction *first;
  int ran;
  TestEvent done;
} Chain;

static gboolean
count_link (LoftAsyncInfo *antecedent,
            gpointer       data,
            GError       **error)
{
  Chain *chain = data;

  if (++chain->ran == LINKS)
    test_event_set (&chain->done);
  return TRUE;
}

static void *
make_chain (void *data)
{
  Chain *chain = data;
  LoftAsyncInfo *last = LOFT_ASYNC_INFO (g_object_ref (chain->first));

  for (int i = 0; i < LINKS; i++)
    {
      LoftAsyncAction *next = loft_async_info_continue_with (last, count_link, chain, NULL);

      g_object_unref (last);
      last = LOFT_ASYNC_INFO (next);
    }
  loft_action_complete (chain->first);
  test_event_wait (&chain->done);
  g_object_unref (last);
  return NULL;
}

static void
test_long_chain (void)
{
  g_autoptr (LoftAction) first = loft_action_new ();
  Chain chain = { first, 0, TEST_EVENT_INIT };

  test_on_thread (make_chain, &chain);
  g_assert_cmpint (chain.ran, ==, LINKS);
}

/* Two objects that follow each other would never end. The second to do so fails, and the first
 * fails with it. */

static LoftAsyncInfo *
give_other (LoftAsyncAction *action,
            gpointer         other,
            GError         **error)
{
  return g_object_ref (*(LoftAsyncInfo **) other);
}

static void
test_circle (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  LoftAsyncAction *first = NULL, *second = NULL;
  g_autoptr (GError) first_error = NULL, second_error = NULL;

  first = loft_dispatcher_run_nested_async (dispatcher, 0, give_other, &second, NULL);
  second = loft_dispatcher_run_nested_async (dispatcher, 0, give_other, &first, NULL);
  test_run_until_ended (NULL, first);
  test_run_until_ended (NULL, second);
  g_assert_false (loft_async_action_get_results (first, &first_error));
  g_assert_error (first_error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_assert_false (loft_async_action_get_results (second, &second_error));
  g_assert_error (second_error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_object_unref (first);
  g_object_unref (second);
}

/* A loop of asynchronous steps, each of which goes on with the next. However long it is, it can be
 * cancelled and awaited. */

typedef struct
{
  int left;
  LoftAction *last;
} Steps;

static LoftAsyncInfo *
take_step (LoftAsyncInfo *antecedent,
           gpointer       user_data,
           GError       **error)
{
  Steps *steps = user_data;
  g_autoptr (LoftAction) now = loft_action_new_completed ();

  if (steps->left-- == 0)
    return LOFT_ASYNC_INFO (g_object_ref (steps->last));
  return LOFT_ASYNC_INFO (
    loft_async_info_continue_with_async (LOFT_ASYNC_INFO (now), take_step, steps, NULL));
}

static LoftAsyncAction *
take_steps (Steps *steps)
{
  g_autoptr (LoftAction) now = loft_action_new_completed ();
  LoftAsyncAction *outer = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (now), take_step,
                                                                steps, NULL);

  while (steps->left >= 0)
    g_main_context_iteration (NULL, TRUE);
  return outer;
}

static void
test_long_loop_is_canceled (void)
{
  Steps steps = { LINKS, loft_action_new () };
  g_autoptr (LoftAsyncAction) outer = take_steps (&steps);

  loft_async_info_cancel (LOFT_ASYNC_INFO (outer));
  assert_status (steps.last, CANCELED);
  loft_action_complete (steps.last);
  test_run_until_ended (NULL, outer);
  assert_status (outer, CANCELED);
  g_object_unref (steps.last);
}

static void
test_long_loop_ends (void)
{
  Steps steps = { LINKS, loft_action_new () };
  g_autoptr (LoftAsyncAction) outer = take_steps (&steps);

  loft_action_complete (steps.last);
  test_run_until_ended (NULL, outer);
  assert_status (outer, COMPLETED);
  g_object_unref (steps.last);
}

/* If one of two objects that follow each other was cancelled before, both end as cancelled, and
 * both are freed. */

typedef struct
{
  LoftAsyncAction *first, *second;
} Circle;

static LoftAsyncInfo *
give_second (LoftAsyncInfo *antecedent,
             gpointer       circle,
             GError       **error)
{
  return LOFT_ASYNC_INFO (g_object_ref (((Circle *) circle)->second));
}

static LoftAsyncInfo *
cancel_and_give_first (LoftAsyncInfo *antecedent,
                       gpointer       circle,
                       GError       **error)
{
  loft_async_info_cancel (LOFT_ASYNC_INFO (((Circle *) circle)->first));
  return LOFT_ASYNC_INFO (g_object_ref (((Circle *) circle)->first));
}

static void
test_circle_of_canceled (void)
{
  g_autoptr (LoftAction) begin_first = loft_action_new ();
  g_autoptr (LoftAction) begin_second = loft_action_new ();
  Circle circle;

  circle.first = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (begin_first), give_second,
                                                      &circle, NULL);
  circle.second = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (begin_second),
                                                       cancel_and_give_first, &circle, NULL);
  loft_action_complete (begin_first);
  test_drain (NULL);
  loft_action_complete (begin_second);
  test_run_until_ended (NULL, circle.first);
  test_run_until_ended (NULL, circle.second);
  assert_status (circle.first, CANCELED);
  assert_status (circle.second, CANCELED);
  g_assert_finalize_object (circle.first);
  g_assert_finalize_object (circle.second);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continuation-chain/followed-is-let-go", test_followed_is_let_go);
  g_test_add_func ("/continuation-chain/followed-is-canceled", test_followed_is_canceled);
  g_test_add_func ("/continuation-chain/long-chain", test_long_chain);
  g_test_add_func ("/continuation-chain/circle", test_circle);
  g_test_add_func ("/continuation-chain/long-loop-is-canceled", test_long_loop_is_canceled);
  g_test_add_func ("/continuation-chain/long-loop-ends", test_long_loop_ends);
  g_test_add_func ("/continuation-chain/circle-of-canceled", test_circle_of_canceled);
  return g_test_run ();
}
