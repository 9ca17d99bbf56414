/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Items that wait in a dispatcher's queue: they can be moved to another lane, taken back and swept
 * out. */

#include "test-util.h"

static LoftDispatcher *dispatcher;
static GString *order;

static gboolean
note_action (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  assert_status (action, STARTED);
  g_string_append (order, user_data);
  return TRUE;
}

static void
set_up (void)
{
  dispatcher = loft_dispatcher_get_default ();
  order = g_string_new (NULL);
}

static const char *
drained (void)
{
  test_drain (NULL);
  return order->str;
}

static void
test_set_item_priority (void)
{
  g_autoptr (LoftAsyncAction) a = NULL, b = NULL, c = NULL;

  set_up ();
  a = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_HIGH, note_action, "a", NULL);
  b = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_IDLE, note_action, "b", NULL);
  c = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, note_action, "c", NULL);
  g_assert_true (
    loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (a), LOFT_PRIORITY_LOW));
  g_assert_true (
    loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (b), LOFT_PRIORITY_LOW));
  g_assert_true (
    loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (b), LOFT_PRIORITY_HIGH));
  g_assert_cmpstr (drained (), ==, "bca");
  g_assert_false (
    loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (a), LOFT_PRIORITY_HIGH));
  g_string_free (order, TRUE);
}

/* A moved item leaves a blank in its old lane. Here the blank comes up in a loop that the item's
 * handler runs. The blank touches neither the action, which has ended by then, nor its data. */

typedef struct
{
  GMainLoop *loop;
  LoftAsyncAction *action; /* the caller's */
  int released;
} Stale;

static void
let_go (gpointer data)
{
  Stale *stale = data;

  g_clear_object (&stale->action);
  g_main_loop_quit (stale->loop);
}

static gboolean
end_and_loop (LoftAsyncAction *action,
              gpointer         data,
              GError         **error)
{
  Stale *stale = data;

  g_assert_true (loft_async_base_complete (LOFT_ASYNC_BASE (action)));
  /* This item comes behind the blank. */
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, let_go, stale, NULL));
  g_main_loop_run (stale->loop);
  g_assert_cmpint (stale->released, ==, 0); /* the handler still uses it */
  return TRUE;
}

static void
release_stale (gpointer data)
{
  ((Stale *) data)->released++;
}

static void
test_moved_leaves_a_blank (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Stale stale = { loop };

  set_up ();
  stale.action = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_LOW, end_and_loop, &stale,
                                            release_stale);
  g_assert_true (loft_dispatcher_set_item_priority (dispatcher, LOFT_ASYNC_INFO (stale.action),
                                                    LOFT_PRIORITY_HIGH));
  g_assert_cmpstr (drained (), ==, "");
  g_assert_null (stale.action);
  g_assert_cmpint (stale.released, ==, 1);
  g_string_free (order, TRUE);
}

static void
test_abort (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftAction) foreign = loft_action_new ();
  int ran = 0;
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_run_async (d, 0, test_succeed, &ran, NULL);
  g_autoptr (LoftAsyncAction) done = loft_dispatcher_run_async (d, 0, test_succeed, NULL, NULL);

  g_assert_false (loft_dispatcher_abort (other, LOFT_ASYNC_INFO (action)));
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (foreign)));
  g_assert_true (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (action)));
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (action)));
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 0);
  g_assert_false (loft_dispatcher_abort (d, LOFT_ASYNC_INFO (done)));
  assert_status (done, COMPLETED);
}

/* In a lane whose items are mostly cancelled, the live ones do not wait until all dead ones were
 * released. */

static int sweep_released, sweep_released_before;

static void
note_released (gpointer counter)
{
  sweep_released_before = sweep_released;
  test_count (counter);
}

static void
test_sweep (void)
{
  LoftAsyncAction *actions[1000];
  int ran = 0;

  for (int i = 0; i < 1000; i++)
    actions[i] = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW,
                                            test_succeed, &sweep_released, test_count);
  loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, note_released,
                               &ran, NULL);
  for (int i = 1; i < 1000; i++)
    loft_async_info_cancel (LOFT_ASYNC_INFO (actions[i]));
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpint (sweep_released_before, <, 10);
  g_assert_cmpint (sweep_released, ==, 1001); /* one ran, and all were released */
  for (int i = 0; i < 1000; i++)
    g_object_unref (actions[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher-items/set-item-priority", test_set_item_priority);
  g_test_add_func ("/dispatcher-items/moved-leaves-a-blank", test_moved_leaves_a_blank);
  g_test_add_func ("/dispatcher-items/abort", test_abort);
  g_test_add_func ("/dispatcher-items/sweep", test_sweep);
  return g_test_run ();
}
