/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The synchronous call, and GCancellable. */

#include "test-util.h"

typedef struct
{
  LoftDispatcher *dispatcher;
  GThread *ran_on;
  int done;
} Call;

static gboolean
note_thread (LoftAsyncAction *action,
             gpointer         call,
             GError         **error)
{
  ((Call *) call)->ran_on = g_thread_self ();
  return TRUE;
}

static void
test_at_home (void)
{
  Call call = { loft_dispatcher_get_default () };
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_call (call.dispatcher, note_thread, &call, NULL));
  g_assert_true (call.ran_on == g_thread_self ());
  g_assert_false (loft_dispatcher_call (call.dispatcher, test_fail, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
call_done (gpointer call)
{
  test_count (&((Call *) call)->done);
}

static void *
call_from_worker (void *data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_dispatcher_call (call->dispatcher, note_thread, call, NULL));
  g_assert_nonnull (call->ran_on);
  g_assert_true (call->ran_on != g_thread_self ());
  g_assert_false (loft_dispatcher_call (call->dispatcher, test_fail, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  loft_dispatcher_try_enqueue (call->dispatcher, LOFT_PRIORITY_NORMAL, call_done, call, NULL);
  return NULL;
}

static void
test_from_worker (void)
{
  Call call = { loft_dispatcher_get_default () };
  pthread_t thread;

  pthread_create (&thread, NULL, call_from_worker, &call);
  test_run_until (NULL, &call.done);
  pthread_join (thread, NULL);
  g_assert_true (call.ran_on == g_thread_self ());
}

/* From another STA it is refused, and the handler never runs. */
static void
test_from_sta (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  Call call = { other };
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_call (other, note_thread, &call, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  test_drain (context);
  g_assert_null (call.ran_on);
}

/* GCancellable. */

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

/* The end comes from inside the cancelled handler: with g_cancellable_disconnect that is a deadlock. */
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

/* The binding holds neither of the two. */
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/at-home", test_at_home);
  g_test_add_func ("/call/from-worker", test_from_worker);
  g_test_add_func ("/call/from-sta", test_from_sta);
  g_test_add_func ("/cancellable/bind", test_bind);
  g_test_add_func ("/cancellable/end-inside-cancelled", test_end_inside_cancelled);
  g_test_add_func ("/cancellable/binding-holds-nothing", test_binding_holds_nothing);
  return g_test_run ();
}
