/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_dispatcher_call (): a worker waits until the handler has run on the dispatcher's thread, and
 * that thread itself runs it at once. */

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

/* From another STA the call is refused, and the handler never runs. */
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/at-home", test_at_home);
  g_test_add_func ("/call/from-worker", test_from_worker);
  g_test_add_func ("/call/from-sta", test_from_sta);
  return g_test_run ();
}
