/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which dispatcher a thread gets, how long a dispatcher lives, how it checks that it is used on its
 * thread, and where it reports errors that nobody looked at. */

#include "test-util.h"

static void
test_default (void)
{
  g_autoptr (LoftDispatcher) here = loft_dispatcher_get_for_current_thread ();
  g_autoptr (LoftDispatcher)
    by_context = loft_dispatcher_get_for_context (g_main_context_default ());
  g_autoptr (LoftDispatcher) by_null = loft_dispatcher_get_for_context (NULL);

  g_assert_true (here == loft_dispatcher_get_default ());
  g_assert_true (by_context == here && by_null == here);
  g_assert_true (loft_dispatcher_has_thread_access (here));
  g_assert_true (loft_dispatcher_get_context (here) == g_main_context_default ());
}

static void *
on_mta_thread (void *data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (loft_dispatcher_get_for_current_thread ());
  g_assert_false (loft_dispatcher_has_thread_access (loft_dispatcher_get_default ()));
  g_assert_false (loft_dispatcher_verify_access (loft_dispatcher_get_default (), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  g_assert_false (loft_apartment_is_sta ());
  return NULL;
}

static void
test_mta_has_none (void)
{
  test_on_thread (on_mta_thread, NULL);
}

/* A context has one dispatcher, for as long as somebody holds a reference to the dispatcher. */
static void
test_one_a_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) one = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftDispatcher) two = loft_dispatcher_get_for_context (context);
  LoftDispatcher *weak = one;

  g_assert_true (one == two);
  g_object_add_weak_pointer (G_OBJECT (one), (gpointer *) &weak);
  g_clear_object (&one);
  g_clear_object (&two);
  g_assert_null (weak);
  one = loft_dispatcher_get_for_context (context);
  g_assert_nonnull (one);
}

static void
test_pushed_context_is_home (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) here = NULL;

  g_main_context_push_thread_default (context);
  here = loft_dispatcher_get_for_current_thread ();
  g_assert_true (loft_dispatcher_get_context (here) == context);
  g_assert_true (loft_dispatcher_has_thread_access (here));
  g_assert_false (loft_dispatcher_has_thread_access (loft_dispatcher_get_default ()));
  g_main_context_pop_thread_default (context);
  g_assert_false (loft_dispatcher_has_thread_access (here));
}

/* Inside of an item, its dispatcher is the thread's home, even if the thread iterates a context
 * that it has not pushed. */
static gboolean
check_home (LoftAsyncAction *action,
            gpointer         dispatcher,
            GError         **error)
{
  g_autoptr (LoftDispatcher) here = loft_dispatcher_get_for_current_thread ();

  g_assert_true (here == dispatcher);
  return loft_dispatcher_verify_access (dispatcher, error);
}

static void
test_home_inside_an_item (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftAsyncAction) action = NULL;

  action = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, check_home, dispatcher,
                                      NULL);
  test_run_until_ended (context, action);
  g_assert_true (loft_async_action_get_results (action, NULL));
}

/* Queued items keep their dispatcher alive, and the dispatcher its context. */
static void
test_items_hold_it (void)
{
  GMainContext *context = g_main_context_new ();
  LoftDispatcher *dispatcher = loft_dispatcher_get_for_context (context), *weak = dispatcher;
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;

  g_object_add_weak_pointer (G_OBJECT (dispatcher), (gpointer *) &weak);
  action = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_LOW, test_succeed, &ran, NULL);
  g_object_unref (dispatcher);
  g_assert_nonnull (weak);
  test_run_until_ended (context, action);
  test_drain (context);
  g_assert_cmpint (ran, ==, 1);
  g_assert_null (weak);
  g_main_context_unref (context);
}

static void
verify (LoftDispatcher *dispatcher,
        int            *reached)
{
  LOFT_VERIFY_ACCESS (dispatcher);
  (*reached)++;
}

static void
test_verify_access (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  int reached = 0;

  verify (loft_dispatcher_get_default (), &reached);
  g_assert_cmpint (reached, ==, 1);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*test-dispatcher.c:*verify ()*");
  verify (other, &reached);
  g_test_assert_expected_messages ();
  g_assert_cmpint (reached, ==, 1);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    counter)
{
  test_count (counter);
}

static void
test_properties (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  g_autoptr (GMainContext) read = NULL;
  gint64 slice, limit;
  int notified = 0;

  g_signal_connect (dispatcher, "notify", G_CALLBACK (on_notify), &notified);
  g_object_get (dispatcher, "context", &read, "slice", &slice, "wait-limit", &limit, NULL);
  g_assert_true (read == context);
  g_assert_cmpint (slice, ==, 4000);
  g_assert_cmpint (limit, ==, G_TIME_SPAN_SECOND);
  g_object_set (dispatcher, "slice", (gint64) 1000, "wait-limit", (gint64) 0, NULL);
  g_assert_cmpint (loft_dispatcher_get_slice (dispatcher), ==, 1000);
  g_assert_cmpint (loft_dispatcher_get_wait_limit (dispatcher), ==, 0);
  g_assert_cmpint (notified, ==, 2);
}

/* The error of an action that nobody looked at is reported by the unhandled-error signal, and
 * logged if no handler of the signal is connected. */

static gboolean
on_unhandled (LoftDispatcher *dispatcher,
              GError         *error,
              const char     *source,
              gpointer        user_data)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (source, "test-dispatcher.c"));
  test_count (user_data);
  return TRUE;
}

static void
test_unhandled_error (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) looked_at = NULL;
  g_autoptr (GError) error = NULL;
  int unhandled = 0;
  gulong id;

  id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &unhandled);
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, test_fail, NULL, NULL)));
  looked_at = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, test_fail, NULL, NULL);
  test_run_until (NULL, &unhandled);
  g_assert_false (loft_async_action_get_results (looked_at, &error));
  g_clear_object (&looked_at);
  test_drain (NULL);
  g_assert_cmpint (unhandled, ==, 1);
  g_signal_handler_disconnect (dispatcher, id);

  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*Nobody looked at the error*as asked*");
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, test_fail, NULL, NULL)));
  test_drain (NULL);
  g_test_assert_expected_messages ();
}

/* Unhandled errors go to the dispatcher that ran the work. The error of pool work goes to its
 * poster's home, and the error of a bare producer goes to the default dispatcher. That is also so
 * for nested work, and for an object that was forgotten with a cancellable bound to it. */

typedef struct
{
  LoftDispatcher *dispatcher;
  GError *error;
} Unhandled;

static gboolean
keep_unhandled (LoftDispatcher *dispatcher,
                GError         *error,
                const char     *source,
                gpointer        user_data)
{
  Unhandled *unhandled = user_data;

  g_assert_null (unhandled->error);
  unhandled->dispatcher = dispatcher;
  unhandled->error = g_error_copy (error);
  return TRUE;
}

static LoftAsyncInfo *
go_on_with_failure (LoftAsyncAction *action,
                    gpointer         dispatcher,
                    GError         **error)
{
  return LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_fail, NULL, NULL));
}

static void
run_until_unhandled (Unhandled      *unhandled,
                     LoftDispatcher *where)
{
  GMainContext *context = loft_dispatcher_get_context (where);

  while (unhandled->error == NULL)
    g_main_context_iteration (context, FALSE);
  g_assert_error (unhandled->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (unhandled->dispatcher == where);
  g_clear_error (&unhandled->error);
}

static void
test_unhandled_error_goes_home (void)
{
  LoftDispatcher *main_one = loft_dispatcher_get_default ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoftAsyncInfo *bound;
  Unhandled unhandled = { NULL };
  gulong ids[2];

  ids[0] = g_signal_connect (main_one, "unhandled-error", G_CALLBACK (keep_unhandled), &unhandled);
  ids[1] = g_signal_connect (other, "unhandled-error", G_CALLBACK (keep_unhandled), &unhandled);

  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_run_async (other, 0, test_fail, NULL, NULL)));
  run_until_unhandled (&unhandled, other);

  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_run_nested_async (other, 0, go_on_with_failure, NULL, NULL)));
  run_until_unhandled (&unhandled, other);

  g_main_context_push_thread_default (context);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_fail, NULL, NULL)));
  g_main_context_pop_thread_default (context);
  run_until_unhandled (&unhandled, other);

  bound = LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_fail, NULL, NULL));
  loft_async_info_bind_cancellable (bound, cancellable); /* not a look at the error */
  loft_async_info_forget (bound);
  run_until_unhandled (&unhandled, main_one);

  g_signal_handler_disconnect (main_one, ids[0]);
  g_signal_handler_disconnect (other, ids[1]);
}

/* Reading a provisional result shows how an operation is going, and is not a look at its end. */

static gboolean
fail_operation (LoftAsyncOperation *operation,
                GValue             *result,
                gpointer            user_data,
                GError            **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (operation), &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (operation), &value);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as asked");
  return FALSE;
}

static void
look_at_provisional (LoftAsyncInfo *sender,
                     const GValue  *progress,
                     gpointer       looks)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (sender), &value, NULL));
  test_count (looks);
}

static void
test_provisional_is_not_the_end (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  Unhandled unhandled = { NULL };
  LoftAsyncOperation *operation;
  int looks = 0;
  gulong id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (keep_unhandled),
                                &unhandled);

  operation = loft_dispatcher_run_operation_with_progress_async (dispatcher, 0, G_TYPE_INT,
                                                                 G_TYPE_INT, fail_operation, NULL,
                                                                 NULL);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), 0,
                                         look_at_provisional, &looks, NULL, NULL);
  loft_async_info_forget (LOFT_ASYNC_INFO (operation));
  run_until_unhandled (&unhandled, dispatcher);
  g_assert_cmpint (looks, ==, 1);
  g_signal_handler_disconnect (dispatcher, id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher/default", test_default);
  g_test_add_func ("/dispatcher/mta-has-none", test_mta_has_none);
  g_test_add_func ("/dispatcher/one-a-context", test_one_a_context);
  g_test_add_func ("/dispatcher/pushed-context-is-home", test_pushed_context_is_home);
  g_test_add_func ("/dispatcher/home-inside-an-item", test_home_inside_an_item);
  g_test_add_func ("/dispatcher/items-hold-it", test_items_hold_it);
  g_test_add_func ("/dispatcher/verify-access", test_verify_access);
  g_test_add_func ("/dispatcher/properties", test_properties);
  g_test_add_func ("/dispatcher/unhandled-error", test_unhandled_error);
  g_test_add_func ("/dispatcher/unhandled-error-goes-home", test_unhandled_error_goes_home);
  g_test_add_func ("/dispatcher/provisional-is-not-the-end", test_provisional_is_not_the_end);
  return g_test_run ();
}
