/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets in Windows' spelling of docs/porting-from-uwp.md, and checks what they do. */

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.System.Threading.h>
#include <winrt/Windows.System.h>
#include <winrt/Windows.UI.Core.h>

#define JOURNAL_THREAD "loft-dispatcher"
#include "window.h"

using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;
using namespace Windows::UI::Core;

static IAsyncAction
download_async (int document)
{
  auto canceled = co_await get_cancellation_token ();

  canceled.enable_propagation ();
  if (document < 0)
    co_await resume_after (std::chrono::hours (1));
}

static IAsyncOperation<int32_t>
count_async (int document)
{
  co_await resume_background ();
  if (document < 0)
    throw hresult_invalid_argument ();
  co_return count_words (document);
}

/* A class of the program, which on Windows is made from its IDL. */
struct Row : IInspectable
{
  using IInspectable::IInspectable;
  void Words (int words) const { row_set_words (m_object.get (), words); }
};

#include "porting-snippets-windows.h"

static CoreDispatcher
window ()
{
  return CoreWindow::GetForCurrentThread ().Dispatcher ();
}

/* Runs the window's loop until @async has ended. */
template <typename Async>
static AsyncStatus
run_to_end (const Async &async)
{
  AsyncStatus outcome = AsyncStatus::Started;
  int ended = 0;

  async.Completed ([&] (auto &&, AsyncStatus status) {
    outcome = status;
    ended = 1;
  });
  test_run_until (NULL, &ended);
  return outcome;
}

template <typename Async>
static void
assert_ends (const Async &async, AsyncStatus status)
{
  g_assert_cmpint ((int) run_to_end (async), ==, (int) status);
}

static void
test_announce ()
{
  announce (window (), "hello");
  assert_shown ("");
  run_until_shown ("announced");
  assert_shown ("hello|announced");
}

static void
test_count_all ()
{
  IAsyncAction counting = count_all (window (), 3);

  run_until_shown ("all done");
  assert_shown ("1 done|2 done|3 done|all done");
  g_assert_cmpint ((int) counting.Status (), ==, (int) AsyncStatus::Completed);
}

static void
test_count_all_canceled ()
{
  Gate closed = GATE_INIT;

  gate_close (&closed);
  IAsyncAction counting = count_all (window (), 3);
  test_event_wait (&closed.reading);
  counting.Cancel ();
  test_event_set (&closed.open);
  run_until_shown ("stopped");
  assert_shown ("1 done|stopped");
}

static void
test_fill_list ()
{
  assert_ends (fill_list (DispatcherQueue::GetForCurrentThread (), 2), AsyncStatus::Completed);
  assert_shown ("1: 10 words|2: 20 words");
}

static void
test_fill_list_canceled ()
{
  Gate closed = GATE_INIT;

  gate_close (&closed);
  IAsyncAction filling = fill_list (DispatcherQueue::GetForCurrentThread (), 2);
  test_event_wait (&closed.reading);
  filling.Cancel ();
  test_event_set (&closed.open);
  assert_ends (filling, AsyncStatus::Canceled);
  assert_shown ("");
}

static void
test_journal ()
{
  DispatcherQueueController controller = start_journal ();

  test_event_wait (&journal.written);
  assert_ends (stop_journal (controller), AsyncStatus::Completed);
  assert_shown ("journal closed");
  g_assert_cmpint (test_get (&journal.saves), ==, 1);
  g_assert_false (controller.DispatcherQueue ().TryEnqueue ([] {}));
}

static void
test_ask ()
{
  IAsyncOperation<int32_t> asking = ask_async ();

  answer_question (GINT_TO_POINTER (42));
  assert_ends (asking, AsyncStatus::Completed);
  g_assert_cmpint (asking.GetResults (), ==, 42);
}

static void
test_ask_canceled ()
{
  IAsyncOperation<int32_t> asking = ask_async ();

  asking.Cancel ();
  assert_ends (asking, AsyncStatus::Canceled);
  g_assert_null (question.answered);
}

static void
test_show_sum ()
{
  Gate closed = GATE_INIT; /* so that no report comes before the handler */

  gate_close (&closed);
  show_sum (window (), 4);
  test_event_set (&closed.open);
  run_until_shown ("100%: 100 words");
  assert_shown ("25%: 10 words|50%: 30 words|75%: 60 words|100%: 100 words");
}

static void
test_download_in_time ()
{
  assert_ends (download_in_time (1, std::chrono::hours (1)), AsyncStatus::Completed);
  assert_shown ("downloaded");
}

static void
test_download_too_late ()
{
  assert_ends (download_in_time (-1, std::chrono::milliseconds (1)), AsyncStatus::Completed);
  assert_shown ("too late");
}

static void
test_show_count ()
{
  assert_ends (show_count (2), AsyncStatus::Completed);
  assert_ends (show_count (-2), AsyncStatus::Completed);
  assert_shown ("20 words|no count");
}

static void
test_index_all ()
{
  index_all (window (), 3);
  assert_shown ("");
  run_until_shown ("1 indexed");
  assert_shown ("3 indexed|2 indexed|something else|1 indexed");
}

static IAsyncOperation<bool>
get_dispatcher (DispatcherQueue queue, CoreDispatcher *dispatcher)
{
  bool there = co_await resume_foreground (queue);

  *dispatcher = CoreWindow::GetForCurrentThread ().Dispatcher ();
  co_return there;
}

static void
test_show_there ()
{
  auto second = DispatcherQueueController::CreateOnDedicatedThread ();
  CoreDispatcher dispatcher{ nullptr };

  assert_ends (get_dispatcher (second.DispatcherQueue (), &dispatcher), AsyncStatus::Completed);
  assert_ends (show_there (dispatcher, "hello"), AsyncStatus::Completed);
  assert_shown ("shown there");
  g_assert_cmpstr (second_line, ==, "hello");
  g_clear_pointer (&second_line, g_free);
  assert_ends (second.ShutdownQueueAsync (), AsyncStatus::Completed);
}

static void
test_fill_row ()
{
  GObject *object = (GObject *) g_object_new (G_TYPE_OBJECT, NULL);
  Row row{ object, take_ownership_from_abi };

  assert_ends (fill_row (agile_ref<Row>{ row }, 1), AsyncStatus::Completed);
  g_assert_cmpint (row_get_words (object), ==, 10);
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
  g_test_add_func ("/porting/9-then", test_show_count);
  g_test_add_func ("/porting/10-idle", test_index_all);
  g_test_add_func ("/porting/11-second-view", test_show_there);
  g_test_add_func ("/porting/12-agile-reference", test_fill_row);
  return g_test_run ();
}
