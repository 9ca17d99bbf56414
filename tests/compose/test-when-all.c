/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_when_all () waits for all of several objects. It fails with the first error in their order,
 * and keeps every error. */

#include "several.h"

static void
test_all (void)
{
  g_autoptr (LoftAsyncAction) all = NULL, none = loft_when_all (NULL, 0, 0);
  Several several;

  assert_status (none, COMPLETED);
  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  for (int i = 0; i < N; i++)
    {
      assert_status (all, STARTED);
      loft_action_complete (several.actions[N - 1 - i]);
    }
  assert_status (all, COMPLETED);
  g_assert_null (loft_when_all_dup_error (all, 0));
  free_several (&several);
}

/* The first error in the order of the objects counts, whenever it came, and every error is kept. */
static void
test_all_errors (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  g_autoptr (GError) first = NULL, second = NULL, fourth = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[3]), not_found ());
  loft_async_info_cancel (several.infos[0]);
  loft_action_complete (several.actions[0]);
  loft_action_complete (several.actions[2]);
  assert_status (all, STARTED); /* it waits for all */
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[1]),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  assert_error (all, G_IO_ERROR, G_IO_ERROR_BUSY);
  first = loft_when_all_dup_error (all, 0);
  second = loft_when_all_dup_error (all, 1);
  fourth = loft_when_all_dup_error (all, 3);
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_null (loft_when_all_dup_error (all, 2));
  g_assert_error (fourth, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  free_several (&several);
}

static void
test_all_canceled (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  loft_async_info_cancel (several.infos[2]);
  for (int i = 0; i < N; i++)
    loft_action_complete (several.actions[i]);
  assert_status (all, CANCELED);
  free_several (&several);
}

static void
test_all_cancels_losers (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[2]), not_found ());
  for (int i = 0; i < N; i++)
    {
      g_assert_true (i == 2 || loft_async_info_is_canceled (several.infos[i]));
      loft_action_complete (several.actions[i]);
    }
  assert_error (all, G_IO_ERROR, G_IO_ERROR_NOT_FOUND); /* the failure, not what it brought about */
  free_several (&several);
}

/* If the whole is cancelled, it ends at once and the others go on. With LOFT_WHEN_PROPAGATE_CANCEL
 * it cancels the others, and ends when they have ended. */
static void
test_all_cancelled (void)
{
  g_autoptr (LoftAsyncAction) all = NULL, owning = NULL;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  owning = loft_when_all (several.infos, N, LOFT_WHEN_PROPAGATE_CANCEL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (all));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (all)));
  g_assert_null (loft_when_all_dup_error (all, 1));
  assert_status (several.infos[0], STARTED);
  loft_async_info_cancel (LOFT_ASYNC_INFO (owning));
  assert_status (several.infos[0], CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  for (int i = 0; i < N; i++)
    loft_action_complete (several.actions[i]);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (owning)));
  assert_status (owning, CANCELED);
  free_several (&several);
}

/* All objects end at the same time, on threads of their own. In every other round the whole is also
 * cancelled. */
static void
test_all_race (void)
{
  for (int round = 0; round < 500; round++)
    {
      g_autoptr (LoftAsyncAction) all = NULL;
      pthread_t threads[N];
      Several several;

      make_several (&several);
      for (int i = 0; i < N; i++)
        pthread_create (&threads[i], NULL, complete_it, several.actions[i]);
      all = loft_when_all (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
      if (round % 2 != 0)
        loft_async_info_cancel (LOFT_ASYNC_INFO (all));
      wait_until_ended (all);
      for (int i = 0; i < N; i++)
        pthread_join (threads[i], NULL);
      free_several (&several);
    }
}

/* An object that its producer drops without ending it is a failure. Nobody waits for ever, and
 * nothing is left over. */
static void
test_let_go (void)
{
  LoftAsyncAction *all;
  Several several;

  make_several (&several);
  all = loft_when_all (several.infos, N, 0);
  let_go (&several, 1);
  assert_status (all, STARTED);
  for (int i = 0; i < N; i++)
    if (several.actions[i] != NULL)
      loft_action_complete (several.actions[i]);
  assert_error (all, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  free_several (&several);
  g_object_add_weak_pointer (G_OBJECT (all), (gpointer *) &all);
  g_object_unref (all);
  g_assert_null (all);
}

/* An object's class may implement the interface by hand. */
static void
test_by_hand (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (foreign), LOFT_ASYNC_INFO (action) };
  g_autoptr (LoftAsyncAction) all = loft_when_all (items, 2, 0),
                              again = loft_when_all (items, 2, 0);

  /* The one slot of the foreign object is used. */
  assert_error (again, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  loft_action_complete (action);
  assert_status (all, STARTED);
  test_foreign_complete (foreign);
  assert_status (all, COMPLETED);
}

static void
end_and_drop (LoftAsyncBase *base,
              gpointer       out_other)
{
  loft_async_base_complete (base);
  g_clear_object ((LoftAction **) out_other);
}

/* An object that had failed before cancels the others before they are looked at, and a cancel
 * handler may drop one of them. */
static void
test_dropped_by_handler (void)
{
  g_autoptr (LoftAsyncAction) all = NULL;
  Several several;

  make_several (&several);
  loft_async_base_fail (LOFT_ASYNC_BASE (several.actions[0]), not_found ());
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (several.actions[1]), end_and_drop,
                                      &several.actions[3], NULL);
  all = loft_when_all (several.infos, N, LOFT_WHEN_CANCEL_LOSERS);
  loft_action_complete (several.actions[2]);
  assert_error (all, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  free_several (&several);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/when-all/all", test_all);
  g_test_add_func ("/when-all/errors", test_all_errors);
  g_test_add_func ("/when-all/canceled", test_all_canceled);
  g_test_add_func ("/when-all/cancels-losers", test_all_cancels_losers);
  g_test_add_func ("/when-all/cancelled", test_all_cancelled);
  g_test_add_func ("/when-all/race", test_all_race);
  g_test_add_func ("/when-all/let-go", test_let_go);
  g_test_add_func ("/when-all/by-hand", test_by_hand);
  g_test_add_func ("/when-all/dropped-by-handler", test_dropped_by_handler);
  return g_test_run ();
}
