/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets of docs/porting-from-wpf.md, and checks what they do. */

#include "window.h"

#include "wpf-snippets.h"

static void
test_operation (void)
{
  g_autoptr (LoftAsyncAction) greeting = greet (loft_dispatcher_get_default ());

  test_run_until_ended (NULL, greeting);
  test_drain (NULL);
  assert_shown ("hello");
}

static void
test_invoke (void)
{
  g_autoptr (LoftAsyncAction) counting = count_in_background (loft_dispatcher_get_default ());

  test_run_until_ended (NULL, counting);
  assert_status (counting, COMPLETED);
  assert_shown ("10 words");
}

static void
test_catch_and_finally (void)
{
  Gate closed = GATE_INIT;
  g_autoptr (LoftAsyncAction) found = NULL;
  g_autoptr (LoftAsyncAction) missing = NULL;

  gate_close (&closed);
  found = show_words (2);
  g_assert_true (busy);
  test_event_set (&closed.open);
  test_run_until_ended (NULL, found);
  g_assert_false (busy);

  /* It may end within the call: an await of what has ended goes on at once. */
  missing = show_words (-1);
  test_run_until_ended (NULL, missing);
  g_assert_false (busy);
  assert_status (missing, COMPLETED);
  assert_shown ("20 words|no words: no such document");
}

static void
test_async_void (void)
{
  on_clicked (NULL, GINT_TO_POINTER (3));
  run_until_shown ("30 words");
  assert_shown ("30 words");
}

static gboolean
show_between (LoftAsyncAction *showing, gpointer data, GError **error)
{
  show ("between");
  return TRUE;
}

static void
test_yield (void)
{
  LoftDispatcher *window = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) adding = add_rows (window, 2);
  g_autoptr (LoftAsyncAction) between =
    loft_dispatcher_run_async (window, LOFT_PRIORITY_NORMAL, show_between, NULL, NULL);

  test_run_until_ended (NULL, adding);
  assert_shown ("row 1|between|row 2");
  assert_status (between, COMPLETED);
}

static void
test_frame (void)
{
  g_autoptr (LoftOperation) answer = loft_operation_new (G_TYPE_BOOLEAN);
  g_autoptr (LoftAsyncAction) asking = ask_to_save (answer);

  test_drain (NULL);
  assert_shown ("");
  on_response (answer, TRUE);
  test_run_until_ended (NULL, asking);
  assert_shown ("saved");
}

static gboolean
answer_frame (LoftAsyncAction *answering, gpointer window, GError **error)
{
  show ("inside");
  on_frame_response (window);
  return TRUE;
}

static void
test_nested_loop (void)
{
  LoftDispatcher *window = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) asking =
    loft_dispatcher_run_async (window, LOFT_PRIORITY_NORMAL, ask_in_frame, window, NULL);
  g_autoptr (LoftAsyncAction) answering =
    loft_dispatcher_run_async (window, LOFT_PRIORITY_NORMAL, answer_frame, window, NULL);

  test_run_until_ended (NULL, asking);
  assert_status (asking, COMPLETED);
  assert_status (answering, COMPLETED);
  assert_shown ("inside|answered");
}

static void
test_mutex (void)
{
  g_autoptr (LoftLimiter) one_at_a_time = loft_limiter_new_serial ();
  g_autoptr (LoftAsyncAction) first = save (one_at_a_time, 1);
  g_autoptr (LoftAsyncAction) second = save (one_at_a_time, 2);

  test_run_until_ended (NULL, second);
  assert_status (first, COMPLETED);
  assert_shown ("saving 1|saved 1|saving 2|saved 2");
}

static void
test_linked (void)
{
  g_autoptr (GCancellable) closing = g_cancellable_new ();
  g_autoptr (GCancellable) stopping = g_cancellable_new ();
  g_autoptr (LoftAsyncInfo) counting = count_linked (4, closing, stopping);
  g_autoptr (LoftAsyncInfo) canceled = NULL;
  Gate closed = GATE_INIT;

  test_run_until_ended (NULL, counting);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (counting), NULL), ==, 40);
  gate_close (&closed);
  canceled = count_linked (5, closing, stopping);
  test_event_wait (&closed.reading);
  g_cancellable_cancel (stopping);
  test_event_set (&closed.open);
  test_run_until_ended (NULL, canceled);
  g_assert_cmpint (loft_async_info_get_status (canceled), ==, LOFT_ASYNC_STATUS_CANCELED);
}

static void
test_timer (void)
{
  start_clock (loft_dispatcher_get_default ());
  run_until_shown ("tick");
  assert_shown ("tick");
}

/* What the first table says of a wait on a thread that has a dispatcher. */
static void
test_refused_waits (void)
{
  g_autoptr (GError) error = NULL;
  LoftDispatcherController *other =
    loft_dispatcher_controller_new_on_dedicated_thread ("other", NULL);
  g_autoptr (LoftAsyncAction) closing = NULL;

  g_assert_false (loft_dispatcher_call (loft_dispatcher_controller_get_dispatcher (other),
                                        test_succeed, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  closing = loft_dispatcher_controller_shutdown_async (other);
  test_run_until_ended (NULL, closing);
  g_object_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  window_open ();
  g_test_add_func ("/wpf/1-operation", test_operation);
  g_test_add_func ("/wpf/2-invoke", test_invoke);
  g_test_add_func ("/wpf/3-catch-and-finally", test_catch_and_finally);
  g_test_add_func ("/wpf/3-async-void", test_async_void);
  g_test_add_func ("/wpf/4-yield", test_yield);
  g_test_add_func ("/wpf/4-frame", test_frame);
  g_test_add_func ("/wpf/4-nested-loop", test_nested_loop);
  g_test_add_func ("/wpf/5-mutex", test_mutex);
  g_test_add_func ("/wpf/6-linked", test_linked);
  g_test_add_func ("/wpf/7-timer", test_timer);
  g_test_add_func ("/wpf/refused-waits", test_refused_waits);
  return g_test_run ();
}
