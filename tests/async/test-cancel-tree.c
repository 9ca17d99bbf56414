/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A cancel that goes on to other objects: in which order they are told, and what their cancel
 * handlers may do. */

#include "test-util.h"

/* A cancel handler may drop the last reference to the object that is being cancelled. */

static LoftAction *last_reference;

static void
drop_last_reference (LoftAsyncBase *self,
                     gpointer       user_data)
{
  g_clear_object (&last_reference);
}

static void
test_told_drops_it (void)
{
  g_autoptr (LoftAction) child = loft_action_new ();

  /* A handler that is set after the cancel is called at once. Here this is first the object's own
   * handler, and then that of a child. */
  last_reference = loft_action_new ();
  loft_async_info_cancel (LOFT_ASYNC_INFO (last_reference));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (last_reference), drop_last_reference, NULL,
                                      NULL);
  g_assert_null (last_reference);

  last_reference = loft_action_new ();
  loft_async_info_cancel (LOFT_ASYNC_INFO (last_reference));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), drop_last_reference, NULL, NULL);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (last_reference), LOFT_ASYNC_INFO (child));
  g_assert_null (last_reference);
  loft_action_complete (child);
}

/* If the end of a child ends its parent, that end is put off until all children were told. */

static LoftAsyncInfo *
follow (LoftAsyncInfo *antecedent,
        gpointer       inner,
        GError       **error)
{
  return g_object_ref (inner);
}

static void
complete_itself (LoftAsyncBase *self,
                 gpointer       user_data)
{
  loft_async_base_complete (self);
}

typedef struct
{
  LoftAsyncInfo *parent;
  gboolean told;
  gboolean parent_had_ended;
} Told;

static void
note_parent (LoftAsyncBase *self,
             gpointer       user_data)
{
  Told *told = user_data;

  told->told = TRUE;
  told->parent_had_ended = loft_async_info_has_ended (told->parent);
}

static void
test_all_children_first (void)
{
  g_autoptr (LoftAction) begin = loft_action_new_completed ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAction) second = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    parent = loft_async_info_continue_with_async (LOFT_ASYNC_INFO (begin), follow, inner, NULL);
  Told told = { LOFT_ASYNC_INFO (parent) };

  test_drain (NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (inner), complete_itself, NULL, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (second), note_parent, &told, NULL);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (second));
  loft_async_info_cancel (LOFT_ASYNC_INFO (parent));
  g_assert_true (told.told);
  g_assert_false (told.parent_had_ended);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (parent)));
  loft_action_complete (second);
}

/* An object that had not begun ends at once, and its observers are told of that before its children
 * are cancelled. */

static void
note_end (LoftAsyncInfo   *sender,
          LoftAsyncStatus  status,
          gpointer         ended)
{
  *(gboolean *) ended = TRUE;
}

static void
expect_end (LoftAsyncBase *self,
            gpointer       ended)
{
  g_assert_true (*(gboolean *) ended);
  *(gboolean *) ended = FALSE;
}

static gboolean
never_runs (LoftAsyncInfo *antecedent,
            gpointer       user_data,
            GError       **error)
{
  g_assert_not_reached ();
}

static void
test_end_before_children (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new ();
  g_autoptr (LoftAction) child = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    queued = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent), never_runs, NULL, NULL);
  gboolean ended = FALSE;

  loft_async_info_add_observer (LOFT_ASYNC_INFO (queued), note_end, &ended, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), expect_end, &ended, NULL);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (queued), LOFT_ASYNC_INFO (child));
  loft_async_info_cancel (LOFT_ASYNC_INFO (queued));
  g_assert_false (ended); /* the child came second */
  loft_action_complete (child);
  loft_action_complete (antecedent);
  test_drain (NULL);
}

/* The cancel handler of one child waits for the last object of a long row beside it. The thread has
 * put off the cancel of that object, and hands it over to the pool when it waits. */

enum
{
  DEPTH = 200
};

static void
wait_for_last (LoftAsyncBase *self,
               gpointer       last)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (last, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  loft_async_base_complete (self);
}

static void *
cancel_deep (void *unused)
{
  g_autoptr (LoftAction) root = loft_action_new ();
  g_autoptr (LoftAction) top = loft_action_new ();
  g_autoptr (LoftAction) beside = loft_action_new ();
  g_autoptr (GPtrArray) row = g_ptr_array_new_with_free_func (g_object_unref);
  LoftAction *parent = top;

  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (root), LOFT_ASYNC_INFO (top));
  for (int i = 0; i < DEPTH; i++)
    {
      LoftAction *child = loft_action_new ();

      g_ptr_array_add (row, child);
      loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (child));
      loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), complete_itself, NULL, NULL);
      parent = child;
    }
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (top), LOFT_ASYNC_INFO (beside));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (beside), wait_for_last, parent, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (root));
  for (int i = 0; i < DEPTH; i++)
    g_assert_true (loft_async_info_has_ended (row->pdata[i]));
  loft_action_complete (top);
  loft_action_complete (root);
  return NULL;
}

static void
test_wait_beside_a_deep_row (void)
{
  test_on_thread (cancel_deep, NULL);
}

/* An object may have any number of children one after the other, and those that have not ended are
 * cancelled with it. */
static void
test_many_children (void)
{
  g_autoptr (LoftAction) parent = loft_action_new ();
  g_autoptr (LoftAction) first = loft_action_new ();
  g_autoptr (LoftAction) last = loft_action_new ();

  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (first));
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (LoftAction) child = loft_action_new ();

      loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (child));
      loft_action_complete (child);
    }
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (last));
  loft_async_info_cancel (LOFT_ASYNC_INFO (parent));
  assert_status (first, CANCELED);
  assert_status (last, CANCELED);
  loft_action_complete (first);
  loft_action_complete (last);
  loft_action_complete (parent);
}

/* The same with a cancel handler that runs a loop instead of waiting. */

static void
quit_loop (LoftAsyncInfo   *sender,
           LoftAsyncStatus  status,
           gpointer         loop)
{
  g_main_loop_quit (loop);
}

static void
run_loop_until_last (LoftAsyncBase *self,
                     gpointer       last)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  loft_async_info_add_observer (last, quit_loop, loop, NULL);
  if (!loft_async_info_has_ended (last))
    g_main_loop_run (loop);
  loft_async_base_complete (self);
}

static void
test_loop_beside_a_deep_row (void)
{
  g_autoptr (GPtrArray) row = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LoftAction) root = loft_action_new ();
  g_autoptr (LoftAction) beside = loft_action_new ();
  LoftAction *parent = root;

  loft_dispatcher_get_default (); /* a turn of its loop hands over */
  for (int i = 0; i < DEPTH; i++)
    {
      LoftAction *child = loft_action_new ();

      g_ptr_array_add (row, child);
      loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (child));
      loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), complete_itself, NULL, NULL);
      parent = child;
    }
  /* This child is told after the rest of the row. */
  loft_async_base_propagate_cancel (row->pdata[40], LOFT_ASYNC_INFO (beside));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (beside), run_loop_until_last, parent, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (root));
  for (guint i = 0; i < row->len; i++)
    g_assert_true (loft_async_info_has_ended (row->pdata[i]));
  loft_action_complete (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancel-tree/told-drops-it", test_told_drops_it);
  g_test_add_func ("/cancel-tree/all-children-first", test_all_children_first);
  g_test_add_func ("/cancel-tree/end-before-children", test_end_before_children);
  g_test_add_func ("/cancel-tree/wait-beside-a-deep-row", test_wait_beside_a_deep_row);
  g_test_add_func ("/cancel-tree/many-children", test_many_children);
  g_test_add_func ("/cancel-tree/loop-beside-a-deep-row", test_loop_beside_a_deep_row);
  return g_test_run ();
}
