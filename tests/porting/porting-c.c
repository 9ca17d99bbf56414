/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets in C of docs/porting-from-uwp.md, and checks what they do. */

#include "window.h"

static LoftAsyncAction *
download_async (int document)
{
  return start_download (document);
}

static LoftAsyncOperation *
count_async (int document)
{
  return start_count (document);
}

#include "porting-snippets.h"

static void
assert_ends (gpointer info, LoftAsyncStatus status)
{
  test_run_until_ended (NULL, info);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (info)), ==, status);
}

static void
test_announce (void)
{
  announce (loft_dispatcher_get_default (), "hello");
  assert_shown ("");
  run_until_shown ("announced");
  assert_shown ("hello|announced");
}

static void
test_count_all (void)
{
  g_autoptr (LoftAsyncAction) counting = count_all (3);

  run_until_shown ("all done");
  assert_shown ("1 done|2 done|3 done|all done");
  assert_status (counting, COMPLETED);
}

static void
test_count_all_canceled (void)
{
  Gate closed = GATE_INIT;
  g_autoptr (LoftAsyncAction) counting = NULL;

  gate_close (&closed);
  counting = count_all (3);
  test_event_wait (&closed.reading);
  loft_async_info_cancel (LOFT_ASYNC_INFO (counting));
  assert_status (counting, CANCELED);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (counting)));
  assert_shown ("");
  test_event_set (&closed.open);
  run_until_shown ("stopped");
  assert_shown ("1 done|stopped");
  assert_status (counting, CANCELED);
}

static void
test_fill_list (void)
{
  g_autoptr (LoftAsyncAction) filling = fill_list (loft_dispatcher_get_default (), 2);

  assert_ends (filling, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("1: 10 words|2: 20 words");
}

static void
test_fill_list_canceled (void)
{
  Gate closed = GATE_INIT;
  g_autoptr (LoftAsyncAction) filling = NULL;

  gate_close (&closed);
  filling = fill_list (loft_dispatcher_get_default (), 2);
  test_event_wait (&closed.reading);
  loft_async_info_cancel (LOFT_ASYNC_INFO (filling));
  test_event_set (&closed.open);
  assert_ends (filling, LOFT_ASYNC_STATUS_CANCELED);
  assert_shown ("");
}

static void
test_journal (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LoftDispatcherController) controller = start_journal (&error);
  g_autoptr (LoftAsyncAction) stopped = NULL;
  LoftDispatcher *queue;

  g_assert_no_error (error);
  queue = loft_dispatcher_controller_get_dispatcher (controller);
  test_event_wait (&journal.written);
  stopped = stop_journal (controller);
  assert_ends (stopped, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("journal closed");
  g_assert_cmpint (test_get (&journal.saves), ==, 1);
  g_assert_true (loft_dispatcher_is_shut_down (queue));
  g_assert_false (loft_dispatcher_try_enqueue (queue, LOFT_PRIORITY_NORMAL, test_count,
                                               &journal.saves, NULL));
}

static void
test_ask (void)
{
  g_autoptr (LoftAsyncOperation) asking = ask_async ();

  assert_status (asking, STARTED);
  answer_question (GINT_TO_POINTER (42));
  assert_ends (asking, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (loft_async_operation_get_int64 (asking, NULL), ==, 42);
}

static void
test_ask_canceled (void)
{
  g_autoptr (LoftAsyncOperation) asking = ask_async ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (asking));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (asking)));
  assert_ends (asking, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_null (question.answered);
}

static void
test_show_sum (void)
{
  g_autoptr (LoftAsyncOperation) summing = show_sum (4);

  run_until_shown ("100%: 100 words");
  assert_shown ("25%: 10 words|50%: 30 words|75%: 60 words|100%: 100 words");
  assert_ends (summing, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (loft_async_operation_get_int64 (summing, NULL), ==, 100);
}

static void
test_download_in_time (void)
{
  g_autoptr (LoftAsyncAction) done = download_in_time (1, G_TIME_SPAN_HOUR);

  assert_ends (done, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("downloaded");
}

static void
test_download_too_late (void)
{
  g_autoptr (LoftAsyncAction) done = download_in_time (-1, G_TIME_SPAN_MILLISECOND);

  assert_ends (done, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("too late");
  test_event_wait (&download_stopped); /* the loser is cancelled after the race has ended */
}

static void
test_show_size (void)
{
  show_size (3);
  assert_shown ("");
  run_until_shown ("3000 bytes");
  assert_shown ("3000 bytes");
}

static void
test_size_canceled (void)
{
  g_autoptr (LoftAsyncOperation) sizing = size_async (3);

  loft_async_info_cancel (LOFT_ASYNC_INFO (sizing));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (sizing)));
  assert_ends (sizing, LOFT_ASYNC_STATUS_CANCELED);
}

static void
test_show_count (void)
{
  g_autoptr (LoftAsyncAction) found = show_count (2);
  g_autoptr (LoftAsyncAction) missing = NULL;

  assert_ends (found, LOFT_ASYNC_STATUS_COMPLETED);
  missing = show_count (-2);
  assert_ends (missing, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("20 words|no count");
}

static void
test_index_all (void)
{
  index_all (loft_dispatcher_get_default (), 3);
  assert_shown ("");
  run_until_shown ("1 indexed");
  assert_shown ("3 indexed|2 indexed|something else|1 indexed");
}

static void
test_show_there (void)
{
  LoftDispatcherController *second = second_window_open ();
  g_autoptr (LoftAsyncAction) showing =
    show_there (loft_dispatcher_controller_get_dispatcher (second), "hello");

  assert_ends (showing, LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("shown there");
  g_assert_cmpstr (second_line, ==, "hello");
  second_window_close (second);
}

static void
test_fill_row (void)
{
  g_autoptr (GObject) row = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftAsyncAction) filling = fill_row (row);

  assert_ends (filling, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (row_get_words (row), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  window_open ();
  g_test_add_func ("/porting/1-run-async", test_announce);
  g_test_add_func ("/porting/2-pool", test_count_all);
  g_test_add_func ("/porting/2-pool-canceled", test_count_all_canceled);
  g_test_add_func ("/porting/3-resume", test_fill_list);
  g_test_add_func ("/porting/3-resume-canceled", test_fill_list_canceled);
  g_test_add_func ("/porting/4-queue", test_journal);
  g_test_add_func ("/porting/5-own-type", test_ask);
  g_test_add_func ("/porting/5-own-type-canceled", test_ask_canceled);
  g_test_add_func ("/porting/6-provisional-results", test_show_sum);
  g_test_add_func ("/porting/7-download", test_download_in_time);
  g_test_add_func ("/porting/7-time-out", test_download_too_late);
  g_test_add_func ("/porting/8-gio", test_show_size);
  g_test_add_func ("/porting/8-gio-canceled", test_size_canceled);
  g_test_add_func ("/porting/9-then", test_show_count);
  g_test_add_func ("/porting/10-idle", test_index_all);
  g_test_add_func ("/porting/11-second-view", test_show_there);
  g_test_add_func ("/porting/12-agile-reference", test_fill_row);
  return g_test_run ();
}
