/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Task groups: a group is a scope that ends when all that was begun in it has ended. */

#include "by-hand.h"

static GError *
not_found (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not there");
}

static void
test_ends_with_its_children (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new (), late = loft_action_new ();

  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (a)));
  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (a))); /* once */
  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (b)));
  g_assert_cmpuint (loft_task_group_get_running (group), ==, 2);
  loft_action_complete (a);
  loft_task_group_seal (group);
  assert_status (group, STARTED);
  loft_action_complete (b);
  assert_status (group, COMPLETED);
  g_assert_false (loft_task_group_add (group, LOFT_ASYNC_INFO (late)));
  assert_status (late, STARTED);
}

static void
test_empty (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  g_autoptr (LoftAsyncAction) late = NULL;
  int released = 0;

  assert_status (group, STARTED); /* children may come */
  loft_task_group_seal (group);
  loft_task_group_seal (group);
  assert_status (group, COMPLETED);
  late = loft_task_group_run_async (group, test_succeed, &released, test_count);
  assert_status (late, CANCELED);
  g_assert_cmpint (released, ==, 1); /* and not counted by test_succeed as well */
}

typedef struct
{
  LoftTaskGroup *group;
  int ran;
} Nested;

static gboolean
add_one_more (LoftAsyncAction *action,
              gpointer         user_data,
              GError         **error)
{
  Nested *nested = user_data;

  if (__atomic_add_fetch (&nested->ran, 1, __ATOMIC_ACQ_REL) < 100)
    g_object_unref (loft_task_group_run_async (nested->group, add_one_more, nested, NULL));
  return TRUE;
}

/* A child may add others, also when the group is sealed. */
static void
test_children_add (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  Nested nested = { group, 0 };

  g_object_unref (loft_task_group_run_async (group, add_one_more, &nested, NULL));
  loft_task_group_seal (group);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (group), NULL));
  assert_status (group, COMPLETED);
  g_assert_cmpint (test_get (&nested.ran), ==, 100);
}

/* The first failure of a child is the group's. A cancelled child is no failure. */
static void
test_fails (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new (), c = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_task_group_add (group, LOFT_ASYNC_INFO (a));
  loft_task_group_add (group, LOFT_ASYNC_INFO (b));
  loft_task_group_add (group, LOFT_ASYNC_INFO (c));
  loft_task_group_seal (group);
  loft_async_info_cancel (LOFT_ASYNC_INFO (c));
  loft_action_complete (c);
  loft_async_base_fail (LOFT_ASYNC_BASE (b), not_found ());
  assert_status (a, STARTED); /* left alone */
  loft_async_base_fail (LOFT_ASYNC_BASE (a),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "later"));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (group));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_cancels_on_failure (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (LOFT_TASK_GROUP_CANCEL_ON_FAILURE);
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new (), late = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_task_group_add (group, LOFT_ASYNC_INFO (a));
  loft_task_group_add (group, LOFT_ASYNC_INFO (b));
  loft_async_base_fail (LOFT_ASYNC_BASE (b), not_found ());
  assert_status (a, CANCELED);
  loft_task_group_add (group, LOFT_ASYNC_INFO (late));
  assert_status (late, CANCELED);
  loft_task_group_seal (group);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (group)));
  loft_action_complete (a);
  loft_action_complete (late);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (group));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A group that is cancelled cancels its children, and ends when they have ended. */
static void
test_cancelled (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  g_autoptr (LoftAction) a = loft_action_new (), late = loft_action_new ();

  loft_task_group_add (group, LOFT_ASYNC_INFO (a));
  loft_async_info_cancel (LOFT_ASYNC_INFO (group));
  assert_status (a, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (a)), ==,
                   LOFT_CANCEL_REASON_PROPAGATED);
  loft_task_group_add (group, LOFT_ASYNC_INFO (late));
  assert_status (late, CANCELED);
  loft_task_group_seal (group);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (group)));
  loft_action_complete (late);
  loft_action_complete (a);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (group)));
  assert_status (group, CANCELED);
}

/* A group that is dropped before it was sealed is sealed by that, and held by its children. */
static void
test_let_go (void)
{
  LoftTaskGroup *group = loft_task_group_new (0);
  g_autoptr (LoftAction) a = loft_action_new ();
  int ended = 0;

  g_object_add_weak_pointer (G_OBJECT (group), (gpointer *) &group);
  loft_task_group_add (group, LOFT_ASYNC_INFO (a));
  loft_async_info_add_observer (LOFT_ASYNC_INFO (group), test_on_completed, &ended, NULL);
  g_object_unref (group);
  g_assert_nonnull (group);
  loft_action_complete (a);
  g_assert_null (group);
  g_assert_cmpint (ended, ==, 1);
}

static void *
add_many (void *group)
{
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (LoftAction) child = loft_action_new ();

      if (!loft_task_group_add (group, LOFT_ASYNC_INFO (child)))
        break;
      loft_action_complete (child);
    }
  return NULL;
}

/* Several threads add children while another seals the group. The group ends once, and no child is
 * lost. */
static void
test_race (void)
{
  for (int round = 0; round < 100; round++)
    {
      g_autoptr (LoftTaskGroup) group = loft_task_group_new (round % 2);
      pthread_t threads[2];

      for (int i = 0; i < 2; i++)
        pthread_create (&threads[i], NULL, add_many, group);
      loft_task_group_seal (group);
      for (int i = 0; i < 2; i++)
        pthread_join (threads[i], NULL);
      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (group), NULL));
      g_assert_cmpuint (loft_task_group_get_running (group), ==, 0);
      assert_status (group, COMPLETED);
    }
}

static void
end_and_drop (LoftAsyncBase *base,
              gpointer       out_group)
{
  loft_async_base_complete (base);
  g_clear_object ((LoftTaskGroup **) out_group);
}

/* A child that is added to a cancelled group is cancelled, and its cancel handler may drop the
 * group. */
static void
test_dropped_by_child (void)
{
  LoftTaskGroup *group = loft_task_group_new (0);
  g_autoptr (LoftAction) child = loft_action_new ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (group));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), end_and_drop, &group, NULL);
  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (child)));
  g_assert_null (group);
}

/* A child's class may implement the interface by hand. A child whose one slot is used is not
 * accepted. */
static void
test_by_hand (void)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (0);
  g_autoptr (TestForeign) child = g_object_new (TEST_TYPE_FOREIGN, NULL);
  TestForeign *used = g_object_new (TEST_TYPE_FOREIGN, NULL);
  int called = 0;

  g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (used), test_on_completed,
                                                      &called, NULL, NULL));
  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (child)));
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*TestForeign*");
  g_assert_false (loft_task_group_add (group, LOFT_ASYNC_INFO (used)));
  g_test_assert_expected_messages ();
  g_object_add_weak_pointer (G_OBJECT (used), (gpointer *) &used);
  g_object_unref (used);
  g_assert_null (used);
  loft_task_group_seal (group);
  assert_status (group, STARTED);
  test_foreign_complete (child);
  assert_status (group, COMPLETED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/task-group/ends-with-its-children", test_ends_with_its_children);
  g_test_add_func ("/task-group/empty", test_empty);
  g_test_add_func ("/task-group/children-add", test_children_add);
  g_test_add_func ("/task-group/fails", test_fails);
  g_test_add_func ("/task-group/cancels-on-failure", test_cancels_on_failure);
  g_test_add_func ("/task-group/cancelled", test_cancelled);
  g_test_add_func ("/task-group/let-go", test_let_go);
  g_test_add_func ("/task-group/race", test_race);
  g_test_add_func ("/task-group/dropped-by-child", test_dropped_by_child);
  g_test_add_func ("/task-group/by-hand", test_by_hand);
  return g_test_run ();
}
