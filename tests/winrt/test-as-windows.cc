/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LOFT_WINRT_AS_WINDOWS: Windows' own answers, where Loft's differ on purpose. */

#define LOFT_WINRT_AS_WINDOWS
#define LOFT_WINRT_CLOSES_QUIETLY 1 /* may be asked for beside it */
#include <loft/loft-winrt.hpp>
#include <loft/loft-windows.hpp>

#include "../test-util.h"
#include "throws.h"

using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;
using namespace Windows::UI::Core;
using namespace Windows::ApplicationModel::Core;
using namespace std::chrono_literals;

static IAsyncAction
WaitFor (HANDLE event)
{
  co_await resume_on_signal (event);
}

static IAsyncOperation<DWORD>
EndingThread (HANDLE event)
{
  co_await resume_on_signal (event);
  co_return GetCurrentThreadId ();
}

/* LOFT_WINRT_UNINITIALIZED_IS_MTA; it is the first test. */
static void
test_main_thread_is_in_the_mta_until_it_says_otherwise (void)
{
  APTTYPE type = APTTYPE_CURRENT;
  APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;

  g_assert_true (SUCCEEDED (CoGetApartmentType (&type, &qualifier)));
  g_assert_cmpint (type, ==, APTTYPE_MTA);
  init_apartment (apartment_type::single_threaded);
  g_assert_true (SUCCEEDED (CoGetApartmentType (&type, &qualifier)));
  g_assert_cmpint (type, ==, APTTYPE_MAINSTA);
  uninit_apartment ();
  init_apartment ();
}

/* LOFT_WINRT_HANDLERS_AGILE */
static void
test_completed_runs_on_the_thread_that_ends_the_object (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  handle called{ CreateEvent (nullptr, true, false, nullptr) };
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  auto operation = EndingThread (event.get ());
  DWORD thread = 0;

  controller.DispatcherQueue ().TryEnqueue ([&] {
    operation.Completed ([&] (const IAsyncOperation<DWORD> &, AsyncStatus) {
      thread = GetCurrentThreadId ();
      SetEvent (called.get ());
    });
    SetEvent (event.get ());
  });
  WaitForSingleObject (called.get (), INFINITE);
  g_assert_cmpuint (thread, ==, operation.GetResults ());
  controller.ShutdownQueueAsync ().get ();
}

static void
test_completed_after_a_cancel_is_called_at_once (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  auto action = WaitFor (event.get ());
  AsyncStatus seen = AsyncStatus::Started;

  action.Cancel (); /* its work still waits */
  action.Completed ([&] (const IAsyncAction &, AsyncStatus status) { seen = status; });
  g_assert_true (seen == AsyncStatus::Canceled);
  SetEvent (event.get ());
}

static IAsyncActionWithProgress<int>
Report (HANDLE event, DWORD &thread)
{
  auto progress = co_await get_progress_token ();

  co_await resume_on_signal (event);
  thread = GetCurrentThreadId ();
  progress (1);
}

static void
test_progress_runs_on_the_thread_that_reports (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  DWORD reporting = 0, handling = 0;
  auto action = Report (event.get (), reporting);

  action.Progress ([&] (const IAsyncActionWithProgress<int> &, int value) {
    g_assert_cmpint (value, ==, 1);
    handling = GetCurrentThreadId ();
  });
  SetEvent (event.get ());
  action.get ();
  g_assert_cmpuint (handling, ==, reporting);
}

/* LOFT_WINRT_WAITS_TAKE_SLOT */
static IAsyncAction
Await (IAsyncAction action)
{
  co_await action;
}

static void
test_there_is_one_wait (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  auto waited = WaitFor (event.get ()), awaited = WaitFor (event.get ());

  g_assert_true (waited.wait_for (0s) == AsyncStatus::Started);
  g_assert_true (throws<hresult_illegal_delegate_assignment> ([&] { waited.wait_for (0s); }));
  g_assert_true (throws<hresult_illegal_delegate_assignment> ([&] { waited.get (); }));

  auto first = Await (awaited), second = Await (awaited);
  g_assert_true (second.Status () == AsyncStatus::Error);
  g_assert_true (second.ErrorCode () == E_ILLEGAL_DELEGATE_ASSIGNMENT);
  SetEvent (event.get ());
  first.get ();
}

/* LOFT_WINRT_BLOCKS_ANYWHERE */
static void
test_a_dispatcher_may_block (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  auto a = WaitFor (event.get ()), b = WaitFor (event.get ());
  bool timed_out = false;

  controller.DispatcherQueue ().TryEnqueue ([&] {
    timed_out = a.wait_for (1ms) == AsyncStatus::Started;
    SetEvent (event.get ());
    b.get ();
    SetEvent (done.get ());
  });
  WaitForSingleObject (done.get (), INFINITE);
  g_assert_true (timed_out);
  controller.ShutdownQueueAsync ().get ();
}

/* LOFT_WINRT_RESUMES_ON_POOL */
static IAsyncOperation<bool>
StaysAfterTime (DispatcherQueue queue, HANDLE event)
{
  bool moved = co_await resume_foreground (queue);

  g_assert_true (moved);
  co_await 1ms;
  g_assert_false (queue.HasThreadAccess ());
  moved = co_await resume_foreground (queue);
  co_await resume_on_signal (event, 1ms);
  co_return moved && queue.HasThreadAccess ();
}

static void
test_time_and_signals_resume_on_the_pool (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  handle event{ CreateEvent (nullptr, true, false, nullptr) };

  g_assert_false (StaysAfterTime (controller.DispatcherQueue (), event.get ()).get ());
  controller.ShutdownQueueAsync ().get ();
}

/* LOFT_WINRT_CLOSES_QUIETLY */
static void
test_close_before_the_end_does_nothing (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  auto action = WaitFor (event.get ());

  action.Close ();
  SetEvent (event.get ());
  action.get ();
}

/* LOFT_WINRT_CLOSED_DISPATCHER_COMPLETES */
static void
test_a_closed_dispatcher_completes_what_did_not_run (void)
{
  CoreApplicationView view = CoreApplication::CreateNewView ();
  handle closed{ CreateEvent (nullptr, true, false, nullptr) };

  view.DispatcherQueue ().ShutdownCompleted (
      [&] (const DispatcherQueue &, const IInspectable &) { SetEvent (closed.get ()); });
  view.CoreWindow ().Close ();
  WaitForSingleObject (closed.get (), INFINITE);

  auto refused = view.Dispatcher ().RunAsync (CoreDispatcherPriority::Normal,
                                              [] { g_assert_not_reached (); });
  g_assert_true (refused.Status () == AsyncStatus::Completed);
}

/* LOFT_WINRT_TERMINATES */
static fire_and_forget
Throw ()
{
  co_await resume_background ();
  throw hresult_error (E_FAIL);
}

static void
test_fire_and_forget_terminates (void)
{
  if (g_test_subprocess ())
    {
      std::set_terminate ([] {
        g_printerr ("terminated\n");
        _exit (7);
      });
      Throw ();
      Sleep (INFINITE);
    }
  g_test_trap_subprocess (nullptr, 0, (GTestSubprocessFlags) 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*terminated*");
}

static IAsyncActionWithProgress<int>
ReportOnce ()
{
  auto report = co_await get_progress_token ();

  co_await resume_background ();
  report (1);
}

static void
test_a_progress_handler_is_freed_with_the_end (void)
{
  auto data = std::make_shared<int> (1);
  std::weak_ptr<int> left = data;

  {
    auto reporting = ReportOnce ();

    reporting.Progress ([reporting, data = std::move (data)] (auto &&...) {});
    reporting.get ();
  }
  g_assert_true (left.expired ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);

  g_test_add_func ("/as-windows/uninitialized-is-mta",
                   test_main_thread_is_in_the_mta_until_it_says_otherwise);
  g_test_add_func ("/as-windows/completed-thread",
                   test_completed_runs_on_the_thread_that_ends_the_object);
  g_test_add_func ("/as-windows/completed-after-cancel",
                   test_completed_after_a_cancel_is_called_at_once);
  g_test_add_func ("/as-windows/progress-thread", test_progress_runs_on_the_thread_that_reports);
  g_test_add_func ("/as-windows/one-wait", test_there_is_one_wait);
  g_test_add_func ("/as-windows/blocks-anywhere", test_a_dispatcher_may_block);
  g_test_add_func ("/as-windows/resumes-on-pool", test_time_and_signals_resume_on_the_pool);
  g_test_add_func ("/as-windows/closes-quietly", test_close_before_the_end_does_nothing);
  g_test_add_func ("/as-windows/closed-dispatcher",
                   test_a_closed_dispatcher_completes_what_did_not_run);
  g_test_add_func ("/as-windows/terminates", test_fire_and_forget_terminates);
  g_test_add_func ("/as-windows/progress-handler-freed",
                   test_a_progress_handler_is_freed_with_the_end);

  return g_test_run ();
}
