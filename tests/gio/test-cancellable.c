/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A GCancellable can cancel an async object without the deadlock that g_cancellable_disconnect ()
 * may cause. */

#include "by-hand.h"

static void
test_bind (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new (), early = g_cancellable_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) at_once = loft_action_new ();
  g_autoptr (LoftAction) ended = loft_action_new ();

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), NULL);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (ended), cancellable);
  loft_action_complete (ended);
  g_cancellable_cancel (early);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (at_once), early);
  assert_status (at_once, CANCELED);
  assert_status (action, STARTED);
  g_cancellable_cancel (cancellable);
  assert_status (action, CANCELED);
  assert_status (ended, COMPLETED);
}

/* The object ends inside of the cancelled handler. With g_cancellable_disconnect () that would be a
 * deadlock. */
static void
complete_on_cancel (LoftAsyncBase *self,
                    gpointer       user_data)
{
  loft_async_base_complete (self);
}

static void
test_end_inside_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoftAction *action = loft_action_new ();

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), complete_on_cancel, NULL, NULL);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  g_object_unref (action);
  g_assert_null (action);
}

/* The binding holds neither the object nor the cancellable. */
static void
test_binding_holds_nothing (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  LoftAction *action = loft_action_new ();

  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  g_object_unref (action);
  g_assert_null (action);
  g_object_add_weak_pointer (G_OBJECT (cancellable), (gpointer *) &cancellable);
  g_object_unref (cancellable);
  g_assert_null (cancellable);
}

/* An object whose class implements the interface by hand keeps its one slot, and the binding goes
 * with the object. */
static void
test_by_hand (void)
{
  TestForeign *foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  GCancellable *cancellable = g_cancellable_new ();

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (foreign), cancellable);
  g_assert_null (foreign->handler);
  g_object_add_weak_pointer (G_OBJECT (foreign), (gpointer *) &foreign);
  g_object_unref (foreign);
  g_assert_null (foreign);
  g_object_add_weak_pointer (G_OBJECT (cancellable), (gpointer *) &cancellable);
  g_object_unref (cancellable);
  g_assert_null (cancellable);
}

static void
drop_it (LoftAsyncBase *self,
         gpointer       out_action)
{
  loft_async_base_complete (self);
  g_clear_object ((LoftAction **) out_action);
}

/* An object that is bound to a cancelled cancellable is cancelled at once, and its cancel handler
 * may drop the last reference to it. */
static void
test_dropped_inside (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoftAction *action = loft_action_new ();

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), drop_it, &action, NULL);
  g_cancellable_cancel (cancellable);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  g_assert_null (action);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancellable/bind", test_bind);
  g_test_add_func ("/cancellable/end-inside-cancelled", test_end_inside_cancelled);
  g_test_add_func ("/cancellable/binding-holds-nothing", test_binding_holds_nothing);
  g_test_add_func ("/cancellable/by-hand", test_by_hand);
  g_test_add_func ("/cancellable/dropped-inside", test_dropped_inside);
  return g_test_run ();
}
