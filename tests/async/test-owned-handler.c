/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers that are dropped with an owner, and objects that are cancelled with one. The handler of
 * loft_async_info_call_when_ended () never runs inside of its setter. */

#include "controlled.h"
#include "several.h"

static int called, released;

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *progress,
           gpointer       counter)
{
  test_count (counter);
}

static void
set_up (void)
{
  called = released = 0;
}

/* A handler is called if its owner is there. It is not called if the owner goes before the end, or
 * while the call is on its way. */
static void
test_completed (void)
{
  for (int when = 0; when < 3; when++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

      set_up ();
      g_assert_true (loft_async_info_set_completed_for (LOFT_ASYNC_INFO (action), owner,
                                                        test_on_completed, &called, NULL, NULL));
      g_assert_cmpuint (owner->ref_count, ==, 1);
      if (when == 1)
        g_clear_object (&owner);
      test_on_thread (complete_it, action);
      if (when == 2)
        g_clear_object (&owner);
      test_drain (NULL);
      g_assert_cmpint (called, ==, when == 0 ? 1 : 0);
      if (owner != NULL)
        g_assert_cmpuint (owner->ref_count, ==, 1);
      g_clear_object (&owner);
    }
}

/* The data of a handler is released with the owner, and does not wait for the end. */
static void
test_data_goes_with_the_owner (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT64);
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

  set_up ();
  loft_async_info_set_completed_for (LOFT_ASYNC_INFO (action), owner, test_on_completed, &released,
                                     test_count, NULL);
  loft_async_with_progress_set_progress_for (LOFT_ASYNC_WITH_PROGRESS (action), owner, 0, on_report,
                                             &released, test_count, NULL);
  g_object_unref (owner);
  g_assert_cmpint (released, ==, 2);
  loft_action_complete (action);
}

/* A handler may dispose its own owner, as one does that closes a window. Its data is there until it
 * has returned. */

typedef struct
{
  GObject *owner;
  gboolean released;
} Closing;

static void
note_released (gpointer closing)
{
  ((Closing *) closing)->released = TRUE;
}

static void
close_window (Closing *closing)
{
  g_object_run_dispose (closing->owner);
  g_assert_false (closing->released);
  test_count (&called);
}

static void
on_completed_close (LoftAsyncInfo   *sender,
                    LoftAsyncStatus  status,
                    gpointer         closing)
{
  close_window (closing);
}

static void
on_progress_close (LoftAsyncInfo *sender,
                   const GValue  *progress,
                   gpointer       closing)
{
  close_window (closing);
}

static void
test_closes_itself (void)
{
  for (int form = 0; form < 2; form++)
    {
      g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT64);
      g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
      Closing closing = { owner, FALSE };

      set_up ();
      if (form == 0)
        loft_async_info_set_completed_for (LOFT_ASYNC_INFO (action), owner, on_completed_close,
                                           &closing, note_released, NULL);
      else
        loft_async_with_progress_set_progress_for (LOFT_ASYNC_WITH_PROGRESS (action), owner, 0,
                                                   on_progress_close, &closing, note_released,
                                                   NULL);
      loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (action), 1);
      loft_action_complete (action);
      test_drain (NULL);
      g_assert_cmpint (called, ==, 1);
      g_assert_true (closing.released);
    }
}

/* If a handler is refused, its data is released all the same, and once. */
static void
test_refused (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  set_up ();
  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                &called, NULL, NULL));
  g_assert_false (loft_async_info_set_completed_for (LOFT_ASYNC_INFO (action), owner,
                                                     test_on_completed, &released, test_count,
                                                     &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  g_assert_cmpint (released, ==, 1);
  loft_action_complete (action);
  test_drain (NULL);
}

static void *
report_it (void *action)
{
  g_assert_true (loft_async_base_report_progress_int64 (action, 1));
  return NULL;
}

static void
test_progress (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT64);
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

  set_up ();
  loft_async_with_progress_set_progress_for (LOFT_ASYNC_WITH_PROGRESS (action), owner, 0, on_report,
                                             &called, NULL, NULL);
  test_on_thread (report_it, action);
  test_drain (NULL);
  g_assert_cmpint (called, ==, 1);
  test_on_thread (report_it, action);
  g_object_unref (owner);
  test_drain (NULL);
  g_assert_cmpint (called, ==, 1);
  loft_action_complete (action);
}

/* Any object that is bound to an owner is cancelled with that owner. */

static gboolean
never (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  g_assert_not_reached ();
}

static gboolean
wait_for_cancel (LoftAsyncAction *action,
                 gpointer         event,
                 GError         **error)
{
  test_event_set (event);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
    sched_yield ();
  return TRUE;
}

static void
assert_owner_gone (gpointer info)
{
  assert_status (info, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (info), ==, LOFT_CANCEL_REASON_OWNER_GONE);
}

static void
test_bind_owner (void)
{
  g_autoptr (LoftAction) bare = loft_action_new ();
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  TestEvent runs = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (wait_for_cancel, &runs, NULL);
  g_autoptr (LoftAsyncAction)
    continuation = loft_async_info_always (LOFT_ASYNC_INFO (bare), never, NULL, NULL);

  loft_async_info_bind_owner (LOFT_ASYNC_INFO (bare), owner);
  loft_async_info_bind_owner (LOFT_ASYNC_INFO (work), owner);
  loft_async_info_bind_owner (LOFT_ASYNC_INFO (continuation), owner);
  test_event_wait (&runs);
  g_object_unref (owner);
  assert_owner_gone (bare);
  assert_owner_gone (work);
  assert_owner_gone (continuation);
  wait_until_ended (work);
  loft_action_complete (bare);
}

/* An object that has ended, or was dropped, has left its owner. */
static void
test_bound_leaves (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  LoftAction *ended = loft_action_new (), *dropped = loft_action_new ();

  loft_async_info_bind_owner (LOFT_ASYNC_INFO (ended), owner);
  loft_async_info_bind_owner (LOFT_ASYNC_INFO (dropped), owner);
  loft_action_complete (ended);
  g_object_add_weak_pointer (G_OBJECT (ended), (gpointer *) &ended);
  g_object_add_weak_pointer (G_OBJECT (dropped), (gpointer *) &dropped);
  g_object_unref (ended);
  g_object_unref (dropped);
  g_assert_null (ended);
  g_assert_null (dropped);
}

/* A handler may be added before the end or after it, and beside others. It never runs inside of the
 * call that adds it. */
static void
test_call_when_ended (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  guint64 id;

  set_up ();
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &called, NULL);
  id = loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &released,
                                        test_count);
  g_assert_true (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), id));
  g_assert_cmpint (released, ==, 1);
  loft_action_complete (action);
  g_assert_cmpint (called, ==, 0);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &called, NULL);
  g_assert_cmpint (called, ==, 0);
  test_drain (NULL);
  g_assert_cmpint (called, ==, 2);
}

/* A handler can be removed at its home while its call is on the way. */
static void
test_removed_on_its_way (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  guint64 ids[3];

  set_up ();
  for (int i = 0; i < 3; i++)
    ids[i] = loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &called,
                                              i == 1 ? test_count : NULL);
  test_on_thread (complete_it, action);
  g_assert_true (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), ids[1]));
  g_assert_false (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), ids[1]));
  test_drain (NULL);
  g_assert_cmpint (called, ==, 3); /* two calls, and the data of the third */
  g_assert_false (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), ids[0]));
}

/* If the home of handlers is gone, each of them is dropped once, and none of them stays in the
 * list. */

static gboolean
listen_there (LoftAsyncAction *action,
              gpointer         info,
              GError         **error)
{
  for (int i = 0; i < 3; i++)
    loft_async_info_call_when_ended (info, test_on_completed, &released, test_count);
  return TRUE;
}

static void
say_nothing (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        data)
{
}

static void
test_home_gone (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  /* Loft names each of them in a message. */
  guint log_handler = g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, say_nothing, NULL);
  g_autoptr (LoftAsyncAction) listens = NULL;
  Controlled c;

  set_up ();
  controlled_start (&c);
  listens = loft_dispatcher_run_async (c.dispatcher, 0, listen_there, action, NULL);
  wait_until_ended (listens);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &called, NULL);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), test_on_completed, &called, NULL);
  controlled_end (&c);
  controlled_wait_until_gone (&c);
  loft_action_complete (action);
  g_assert_cmpint (released, ==, 3);
  for (guint64 id = 1; id <= 3; id++)
    g_assert_false (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), id));
  g_assert_true (loft_async_info_remove_observer (LOFT_ASYNC_INFO (action), 4));
  test_drain (NULL);
  g_assert_cmpint (called, ==, 1);
  controlled_free (&c);
  g_log_remove_handler ("Loft", log_handler);
}

static void
quit (LoftAsyncInfo   *sender,
      LoftAsyncStatus  status,
      gpointer         loop)
{
  g_main_loop_quit (loop);
}

/* A handler that quits a loop. With set_completed () this would hang now and then when the work is
 * quick, because the handler would run before the loop. */
static void
test_quits_a_loop (void)
{
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
      g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (test_succeed, NULL, NULL);

      if (i % 2 == 0)
        wait_until_ended (work);
      loft_async_info_call_when_ended (LOFT_ASYNC_INFO (work), quit, loop, NULL);
      g_main_loop_run (loop);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/owned-handler/completed", test_completed);
  g_test_add_func ("/owned-handler/data-goes-with-the-owner", test_data_goes_with_the_owner);
  g_test_add_func ("/owned-handler/closes-itself", test_closes_itself);
  g_test_add_func ("/owned-handler/refused", test_refused);
  g_test_add_func ("/owned-handler/progress", test_progress);
  g_test_add_func ("/owned-handler/bind-owner", test_bind_owner);
  g_test_add_func ("/owned-handler/bound-leaves", test_bound_leaves);
  g_test_add_func ("/owned-handler/call-when-ended", test_call_when_ended);
  g_test_add_func ("/owned-handler/removed-on-its-way", test_removed_on_its_way);
  g_test_add_func ("/owned-handler/home-gone", test_home_gone);
  g_test_add_func ("/owned-handler/quits-a-loop", test_quits_a_loop);
  return g_test_run ();
}
