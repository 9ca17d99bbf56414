/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_when_any () waits for the first of several objects, and returns which of them it was. */

#include "several.h"

static void
assert_index (LoftAsyncOperation *any,
              guint               index)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (any, &value, NULL));
  g_assert_cmpuint (g_value_get_uint (&value), ==, index);
}

static void
test_any (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL, after = NULL, none = loft_when_any (NULL, 0, 0);
  Several several;

  assert_error (none, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  make_several (&several);
  any = loft_when_any (several.infos, N, 0);
  assert_status (any, STARTED);
  loft_action_complete (several.actions[2]);
  assert_index (any, 2);
  assert_status (several.infos[0], STARTED);
  loft_action_complete (several.actions[1]);
  after = loft_when_any (several.infos, N, 0);
  assert_index (after, 1); /* of those that had ended, the first */
  free_several (&several);
}

static void
test_any_fails (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL;
  Several several;

  make_several (&several);
  any = loft_when_any (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[3]), not_found ());
  assert_index (any, 3); /* ask the item */
  assert_error (several.infos[3], G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  for (int i = 0; i < 3; i++)
    assert_status (several.infos[i], CANCELED);
  free_several (&several);
}

static void
test_any_cancelled (void)
{
  g_autoptr (LoftAsyncOperation) any = NULL, owning = NULL;
  Several several;

  make_several (&several);
  any = loft_when_any (several.infos, N, 0);
  owning = loft_when_any (several.infos, N, LOFT_WHEN_PROPAGATE_CANCEL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (any));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (any)));
  assert_status (several.infos[0], STARTED);
  loft_async_info_cancel (LOFT_ASYNC_INFO (owning));
  assert_status (several.infos[3], CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  loft_action_complete (several.actions[1]);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  assert_status (owning, CANCELED);
  free_several (&several);
}

static void
test_any_race (void)
{
  for (int round = 0; round < 500; round++)
    {
      g_autoptr (LoftAsyncOperation) any = NULL;
      pthread_t threads[N];
      Several several;

      make_several (&several);
      for (int i = 0; i < N; i++)
        pthread_create (&threads[i], NULL, complete_it, several.actions[i]);
      any = loft_when_any (several.infos, N, round % 2 != 0 ? LOFT_WHEN_CANCEL_LOSERS : 0);
      wait_until_ended (any);
      assert_status (any, COMPLETED);
      for (int i = 0; i < N; i++)
        pthread_join (threads[i], NULL);
      free_several (&several);
    }
}


/* A wait that can't end is refused. Waiting for all is refused if one of them is this thread's own
 * work, waiting for any only if all of them are. */
static void
test_deadlock (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) own = loft_dispatcher_run_async (d, 0, test_succeed, NULL, NULL),
                              all = NULL;
  g_autoptr (LoftAction) other = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (own), LOFT_ASYNC_INFO (other) };
  g_autoptr (LoftAsyncOperation) any = NULL, hopeless = NULL;
  g_autoptr (GError) error = NULL;
  pthread_t thread;

  all = loft_when_all (items, 2, 0);
  any = loft_when_any (items, 2, 0);
  hopeless = loft_when_any (items, 1, 0);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (all), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  g_clear_error (&error);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (hopeless), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK);
  pthread_create (&thread, NULL, complete_it, other);
  wait_until_ended (any);
  pthread_join (thread, NULL);
  test_run_until_ended (NULL, all);
}

/* An object that its producer drops without ending it has ended. If nobody looked at its error,
 * that is logged as for any other object. */
static void
test_let_go (void)
{
  LoftAsyncOperation *any;
  Several several;

  make_several (&several);
  any = loft_when_any (several.infos, N, 0);
  let_go (&several, 2);
  assert_index (any, 2);
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "Nobody looked at the error*");
  test_drain (NULL);
  g_test_assert_expected_messages ();
  free_several (&several);
  g_object_add_weak_pointer (G_OBJECT (any), (gpointer *) &any);
  g_object_unref (any);
  g_assert_null (any);
}

/* An object's class may implement the interface by hand. */
static void
test_by_hand (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (action), LOFT_ASYNC_INFO (foreign) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 2, 0);

  test_foreign_complete (foreign);
  assert_index (any, 1);
  assert_status (action, STARTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/when-any/any", test_any);
  g_test_add_func ("/when-any/fails", test_any_fails);
  g_test_add_func ("/when-any/cancelled", test_any_cancelled);
  g_test_add_func ("/when-any/race", test_any_race);
  g_test_add_func ("/when-any/deadlock", test_deadlock);
  g_test_add_func ("/when-any/let-go", test_let_go);
  g_test_add_func ("/when-any/by-hand", test_by_hand);
  return g_test_run ();
}
