/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The spelling of C++/WinRT, name by name. The main thread of this program is in the MTA, as that
 * of a console program of Windows that calls init_apartment () is. */

#include <loft/loft-winrt.hpp>
#include <loft/loft-windows.hpp>

#include "../test-util.h"
#include "throws.h"

#include <map>
#include <unordered_map>

using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;
using namespace Windows::System::Threading;
using namespace Windows::UI::Core;
using namespace Windows::ApplicationModel::Core;
using namespace std::chrono_literals;

/* hstring */

static void
test_hstring (void)
{
  const hstring empty, text = L"Loft";
  std::unordered_map<hstring, int> numbers{ { L"one", 1 } };

  g_assert_true (empty.empty () && empty.size () == 0 && *empty.c_str () == 0);
  g_assert_true (text == L"Loft" && text != empty && text < L"Lofty" && text > std::wstring (L"A"));
  g_assert_true (text + L" 1" == L"Loft 1" && L"1 " + text == L"1 Loft");
  g_assert_true (text + text == L"LoftLoft");
  g_assert_true (text.starts_with (L"Lo") && text.ends_with (L"ft") && text.front () == L'L');
  g_assert_true (std::wstring_view (text).size () == 4);
  g_assert_cmpint (numbers[L"one"], ==, 1);
  g_assert_true (to_hstring (42) == L"42" && to_hstring (true) == L"true");
  g_assert_true (to_hstring (0.5) == L"0.5" && to_hstring (-7LL) == L"-7");
}

static void
test_hstring_keeps_every_character (void)
{
  const hstring text (L"a\0ä€😀", 5);

  g_assert_cmpuint (text.size (), ==, 5);
  g_assert_true (to_hstring (to_string (text)) == text);
  g_assert_true (to_hstring (std::string_view ("a\xff" "b", 3)) == L"a\ufffd" L"b");
  g_assert_true (to_hstring (std::string_view ("\xe2\x82", 2)) == L"\ufffd\ufffd");
  g_assert_true (to_string (std::wstring_view (L"\xd800", 1)) == "\xef\xbf\xbd");
}

/* Errors */

static void
test_codes_and_classes (void)
{
  const hresult_error plain, with_text (E_ABORT, L"the reason");

  g_assert_true (plain.code () == E_FAIL && !plain.message ().empty ());
  g_assert_true (with_text.code () == E_ABORT && with_text.message () == L"the reason");
  g_assert_true (hresult_canceled ().code () == HRESULT_FROM_WIN32 (ERROR_CANCELLED));
  g_assert_true (check_hresult (S_FALSE) == S_FALSE);
  g_assert_true (throws<hresult_access_denied> ([] { throw_hresult (E_ACCESSDENIED); }));
  g_assert_true (throws<hresult_invalid_argument> ([] { check_hresult (E_INVALIDARG); }));
  g_assert_true (throws<std::bad_alloc> ([] { check_hresult (E_OUTOFMEMORY); }));
  g_assert_true (throws<hresult_error> ([] { check_win32 (ERROR_TIMEOUT); }));
  check_win32 (ERROR_SUCCESS);
  static_assert (!std::is_base_of_v<std::exception, hresult_error>);
}

static void
test_to_abi_keeps_the_message (void)
{
  hresult code = hresult_access_denied (L"The page is read-only").to_abi ();

  g_assert_true (throws<hresult_access_denied> ([&] {
    try
      {
        check_hresult (code);
      }
    catch (const hresult_error &caught)
      {
        g_assert_true (caught.message () == L"The page is read-only");
        throw;
      }
  }));
  try /* it has been taken */
    {
      check_hresult (code);
    }
  catch (const hresult_error &caught)
    {
      g_assert_true (caught.message () != L"The page is read-only");
    }
}

static void
test_to_hresult_knows_the_exceptions_of_cpp (void)
{
  auto code_of = [] (auto thrown) {
    try
      {
        throw thrown;
      }
    catch (...)
      {
        return to_hresult ();
      }
  };

  g_assert_true (code_of (std::bad_alloc ()) == E_OUTOFMEMORY);
  g_assert_true (code_of (std::out_of_range ("x")) == E_BOUNDS);
  g_assert_true (code_of (std::invalid_argument ("x")) == E_INVALIDARG);
  g_assert_true (code_of (std::runtime_error ("x")) == E_FAIL);
  g_assert_true (code_of (1) == E_FAIL);
  try
    {
      throw std::runtime_error ("what it says");
    }
  catch (...)
    {
      g_assert_true (to_message () == L"what it says");
    }
}

static void
test_errors_of_c_keep_their_domain (void)
{
  GError *gerror = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
  auto failed = IAsyncAction (
      loft::ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) loft_action_new_failed (gerror)));

  try
    {
      failed.GetResults ();
      g_assert_not_reached ();
    }
  catch (const hresult_error &caught)
    {
      g_assert_true (caught.code () == E_FAIL && caught.message () == L"no such file");
      g_assert_error (caught.gerror (), G_FILE_ERROR, G_FILE_ERROR_NOENT);
    }
}

/* Delegates and events */

struct Counter : implements<Counter, IInspectable>
{
  void Add (int by) { sum += by; }
  int AddAndTell (int by) { return sum += by; }
  int sum = 0;
};

static void
test_delegates (void)
{
  auto counter = make_self<Counter> ();
  auto shared = std::make_shared<int> (0);
  delegate<int> none, lambda = [&] (int by) { *shared += by; };
  delegate<int> plain{ counter.get (), &Counter::Add };
  delegate<int> strong{ counter->get_strong (), &Counter::AddAndTell };
  delegate<int> weak{ counter->get_weak (), &Counter::Add };
  delegate<int> copy = lambda;

  g_assert_true (!none && none == nullptr && lambda != nullptr);
  g_assert_true (copy == lambda && lambda != delegate<int> ([] (int) {}));
  lambda (2);
  copy (3);
  g_assert_cmpint (*shared, ==, 5);
  plain (1);
  strong (1);
  weak (1);
  g_assert_cmpint (counter->sum, ==, 3);
  strong = nullptr;
  counter = nullptr;
  weak (1); /* skipped: the object is gone */
}

static void
test_event (void)
{
  event<EventHandler<int>> raised;
  std::vector<int> seen;
  event_token first, second;

  g_assert_false ((bool) raised);
  first = raised.add ([&] (const IInspectable &, int value) {
    seen.push_back (value);
    raised.remove (second); /* of this raise, it is called all the same */
  });
  second = raised.add ([&] (const IInspectable &, int value) { seen.push_back (-value); });
  raised (nullptr, 1);
  raised (nullptr, 2);
  raised.remove (first);
  raised.remove (first);
  raised (nullptr, 3);
  g_assert_true (seen == (std::vector<int>{ 1, -1, 2 }));
}

static void
test_event_drops_who_is_disconnected (void)
{
  event<delegate<>> raised;
  int failed = 0, disconnected = 0;

  raised.add ([&] {
    failed++;
    throw hresult_error (E_FAIL);
  });
  raised.add ([&] {
    disconnected++;
    throw hresult_error (RPC_E_DISCONNECTED);
  });
  raised ();
  raised ();
  g_assert_cmpint (failed, ==, 2);
  g_assert_cmpint (disconnected, ==, 1);
}

/* Objects */

struct Page : implements<Page, IStringable, IClosable>
{
  explicit Page (int &gone) : m_gone (gone) {}
  ~Page () { m_gone++; }
  hstring ToString () const { return L"page"; }
  void Close () { m_closed = true; }
  int &m_gone;
  bool m_closed = false;
};

static void
test_references (void)
{
  int gone = 0;
  weak_ref<IStringable> weak;

  {
    IStringable page = make<Page> (gone);
    IInspectable any = page;

    weak = make_weak (page);
    g_assert_true (page.ToString () == L"page");
    g_assert_true (any == page && any.as<IStringable> () == page);
    g_assert_false ((bool) any.try_as<IAsyncInfo> ());
    g_assert_true (throws<hresult_no_interface> ([&] { any.as<IAsyncInfo> (); }));
    any.as<IClosable> ().Close ();
    g_assert_true (get_self<Page> (page)->m_closed);
    g_assert_true (weak.get () == page);
    g_assert_cmpint (gone, ==, 0);
  }
  g_assert_cmpint (gone, ==, 1);
  g_assert_true (weak && !weak.get ());
}

struct Released : implements<Released, IInspectable>
{
  static fire_and_forget final_release (std::unique_ptr<Released> self)
  {
    co_await resume_background ();
    *self->left = self->text;
    SetEvent (self->done);
  }
  hstring text = L"kept until here";
  hstring *left = nullptr;
  HANDLE done = nullptr;
};

static void
test_final_release_may_await (void)
{
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  hstring left;

  {
    auto object = make_self<Released> ();

    object->left = &left;
    object->done = done.get ();
  }
  g_assert_cmpuint (WaitForSingleObject (done.get (), INFINITE), ==, WAIT_OBJECT_0);
  g_assert_true (left == L"kept until here");
}

struct Throws : implements<Throws, IInspectable>
{
  Throws () { throw hresult_error (E_ABORT); }
};

static void
test_a_constructor_that_throws_leaves_nothing (void)
{
  g_assert_true (throws<hresult_error> ([] { make<Throws> (); }));
}

static void
test_boxes (void)
{
  g_assert_cmpint (unbox_value<int> (box_value (7)), ==, 7);
  g_assert_true (unbox_value<hstring> (box_value (L"text")) == L"text");
  g_assert_true (throws<hresult_no_interface> ([] { unbox_value<int> (box_value (L"text")); }));
  g_assert_cmpint (unbox_value_or<int> (nullptr, 3), ==, 3);
}

static void
test_plain_pointers (void)
{
  int gone = 0;
  IStringable page = make<Page> (gone), other{ nullptr };

  copy_from_abi (other, get_abi (page));
  g_assert_true (other == page);
  void *pointer = detach_abi (other);
  g_assert_true (other == nullptr);
  attach_abi (other, pointer);
  other = nullptr;
  page = nullptr;
  g_assert_cmpint (gone, ==, 1);
}

/* Async objects */

static IAsyncOperation<hstring>
Greet (hstring name)
{
  co_await resume_background ();
  if (name.empty ())
    throw hresult_invalid_argument (L"The name is empty");
  co_return L"Hello, " + name;
}

static void
test_operation (void)
{
  auto greeting = Greet (L"Loft");

  g_assert_true (greeting.get () == L"Hello, Loft");
  g_assert_true (greeting.GetResults () == L"Hello, Loft");
  g_assert_true (greeting.Status () == AsyncStatus::Completed && greeting.ErrorCode () == S_OK);

  auto failed = Greet ({});
  g_assert_true (throws<hresult_invalid_argument> ([&] { failed.get (); }));
  g_assert_true (failed.Status () == AsyncStatus::Error && failed.ErrorCode () == E_INVALIDARG);
  greeting.Close ();
  g_assert_true (throws<hresult_illegal_method_call> ([&] { greeting.GetResults (); }));
}

static IAsyncOperation<std::int64_t>
Million (std::int64_t times)
{
  co_return 1'000'000 * times;
}

static void
test_a_number_is_not_cut (void)
{
  auto narrow = [] (const IAsyncOperation<std::int64_t> &wide) {
    return wide.as<IAsyncOperation<int>> ().GetResults ();
  };

  g_assert_cmpint (narrow (Million (2)), ==, 2'000'000);
  g_assert_true (throws<hresult_invalid_argument> ([&] { narrow (Million (3'000)); }));
}

static IAsyncAction
WaitFor (HANDLE event)
{
  co_await resume_on_signal (event);
}

static void
test_handlers (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  handle called{ CreateEvent (nullptr, true, false, nullptr) };
  auto action = WaitFor (event.get ());
  AsyncStatus seen = AsyncStatus::Started;

  g_assert_true (action.Completed () == nullptr);
  action.Completed ([&] (const IAsyncAction &sender, AsyncStatus status) {
    g_assert_true (sender == action);
    seen = status;
    SetEvent (called.get ());
  });
  g_assert_true (action.Completed () != nullptr);
  g_assert_true (throws<hresult_illegal_delegate_assignment> (
      [&] { action.Completed ([] (const IAsyncAction &, AsyncStatus) {}); }));
  g_assert_true (throws<hresult_illegal_method_call> ([&] { action.GetResults (); }));
  g_assert_true (throws<hresult_illegal_state_change> ([&] { action.Close (); }));
  g_assert_true (action.wait_for (1ms) == AsyncStatus::Started);
  SetEvent (event.get ());
  WaitForSingleObject (called.get (), INFINITE);
  g_assert_true (seen == AsyncStatus::Completed);
  action.get ();
}

static IAsyncOperationWithProgress<hstring, int>
Count (int to, HANDLE go)
{
  auto progress = co_await get_progress_token ();

  co_await resume_on_signal (go);
  for (int i = 1; i <= to; i++)
    {
      progress.set_result (to_hstring (i));
      progress (i);
    }
  co_return L"all";
}

static void
test_progress (void)
{
  handle go{ CreateEvent (nullptr, true, false, nullptr) };
  auto counting = Count (3, go.get ());
  std::vector<std::wstring> seen;

  g_assert_true (counting.GetResults ().empty ()); /* as on Windows, before the first result */
  counting.Progress ([&] (const IAsyncOperationWithProgress<hstring, int> &sender, int value) {
    seen.push_back (std::to_wstring (value)
                    + std::wstring (std::wstring_view (sender.GetResults ())));
  });
  g_assert_true (counting.Progress () != nullptr);

  handle ended{ CreateEvent (nullptr, true, false, nullptr) };
  counting.Completed ([&] (auto &&, AsyncStatus) { SetEvent (ended.get ()); });
  SetEvent (go.get ());
  WaitForSingleObject (ended.get (), INFINITE);
  g_assert_true (seen == (std::vector<std::wstring>{ L"11", L"22", L"33" }));
  g_assert_true (counting.get () == L"all");
}

/* Cancel */

static IAsyncAction
WaitLong (bool propagates)
{
  auto token = co_await get_cancellation_token ();

  g_assert_false (token.enable_propagation (propagates));
  co_await 1h;
}

static void
test_propagation_ends_a_wait (void)
{
  auto action = WaitLong (true);

  action.Cancel ();
  g_assert_true (throws<hresult_canceled> ([&] { action.get (); }));
  g_assert_true (action.Status () == AsyncStatus::Canceled);
  g_assert_true (action.ErrorCode () == HRESULT_FROM_WIN32 (ERROR_CANCELLED));
}

static IAsyncAction
CancelHandler (HANDLE go, int &called)
{
  auto token = co_await get_cancellation_token ();

  token.callback ([&] { called += 10; });
  token.callback (nullptr);
  token.callback ([&] { called++; });
  co_await resume_on_signal (go);
  g_assert_true (token ());
}

static void
test_cancel_handler (void)
{
  handle go{ CreateEvent (nullptr, true, false, nullptr) };
  int called = 0;
  auto action = CancelHandler (go.get (), called);

  action.Cancel ();
  action.Cancel ();
  g_assert_cmpint (called, ==, 1);
  g_assert_true (action.Status () == AsyncStatus::Canceled);
  SetEvent (go.get ());
  g_assert_true (throws<hresult_canceled> ([&] { action.get (); }));
}

/* An awaiter of a program, which learns of a cancel. */
struct Awaiter : cancellable_awaiter<Awaiter>
{
  bool await_ready () const noexcept { return false; }
  void await_suspend (std::coroutine_handle<> to) { handle = to; }
  void await_resume () const { throw hresult_canceled (); }
  void enable_cancellation (cancellable_promise *promise)
  {
    promise->set_canceller ([] (void *self) { static_cast<Awaiter *> (self)->handle.resume (); },
                            this);
  }
  std::coroutine_handle<> handle;
};

static IAsyncAction
AwaitAwaiter ()
{
  auto token = co_await get_cancellation_token ();

  token.enable_propagation ();
  co_await Awaiter ();
}

static void
test_an_awaiter_of_the_program_learns_of_a_cancel (void)
{
  auto action = AwaitAwaiter ();

  action.Cancel ();
  g_assert_true (throws<hresult_canceled> ([&] { action.get (); }));
}

/* Also one that an operator co_await gives, of a member or of a free function. */
struct Awaitable
{
  Awaiter operator co_await () const { return {}; }
};

static IAsyncAction
AwaitAwaitable ()
{
  auto token = co_await get_cancellation_token ();

  token.enable_propagation ();
  co_await Awaitable ();
}

static void
test_an_awaiter_that_is_made_learns_of_a_cancel (void)
{
  auto action = AwaitAwaitable ();

  action.Cancel ();
  g_assert_true (throws<hresult_canceled> ([&] { action.get (); }));
}

static IAsyncAction
Fails ()
{
  co_await resume_background ();
  throw hresult_access_denied (L"not here");
}

static void
test_close_keeps_how_it_ended (void)
{
  auto failed = Fails (), canceled = WaitLong (true);

  g_assert_true (throws<hresult_access_denied> ([&] { failed.get (); }));
  failed.Close ();
  g_assert_true (failed.Status () == AsyncStatus::Error && failed.ErrorCode () == E_ACCESSDENIED);
  canceled.Cancel ();
  g_assert_true (throws<hresult_canceled> ([&] { canceled.get (); }));
  canceled.Close ();
  g_assert_true (canceled.Status () == AsyncStatus::Canceled);
}

struct Base : implements<Base, IInspectable>
{
};
struct Derived : Base
{
  int number = 3;
};
struct Stays : implements<Stays, IInspectable, non_agile>
{
};

static IAsyncOperation<hstring>
Empty ()
{
  co_return {};
}

static void
test_spellings (void)
{
  auto derived = make_self<Derived> ();
  Derived *pointer = nullptr;

  g_assert_cmpint (derived->number, ==, 3);
  derived.copy_to (&pointer);
  g_assert_true (com_ptr<Derived> (pointer, take_ownership_from_abi) == derived);
  g_assert_true (derived.try_as<IAgileObject> () != nullptr);
  g_assert_true (make<Stays> ().try_as<IAgileObject> () == nullptr);
  g_assert_true (Empty ().get ().empty ());
  g_assert_true (std::hash<IInspectable>{}(nullptr) == std::hash<IInspectable>{}(nullptr));
  g_assert_false (is_sta_thread ());
}

/* A coroutine type of a program, which knows nothing of winrt::. */
struct Task
{
  struct promise_type
  {
    Task get_return_object () noexcept { return {}; }
    std::suspend_never initial_suspend () noexcept { return {}; }
    std::suspend_never final_suspend () noexcept { return {}; }
    void return_void () noexcept {}
    void unhandled_exception () { std::terminate (); }
  };
};

static Task
AwaitAll (apartment_context context, DispatcherQueue queue, hstring &text, HANDLE done)
{
  text = co_await Greet (L"task");
  co_await 1ms;
  co_await resume_background ();
  co_await context;
  co_await queue;

  bool moved = co_await resume_foreground (queue);

  g_assert_true (moved && queue.HasThreadAccess ());
  SetEvent (done);
}

static void
test_another_coroutine_type_awaits (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  hstring text;

  AwaitAll (apartment_context (), controller.DispatcherQueue (), text, done.get ());
  WaitForSingleObject (done.get (), INFINITE);
  g_assert_true (text == L"Hello, task");
  controller.ShutdownQueueAsync ().get ();
}

/* <loft/loft.hpp> alone: both ways, too. */

struct Ready
{
  bool await_ready () const noexcept { return true; }
  void await_suspend (std::coroutine_handle<>) const noexcept {}
  int await_resume () const noexcept { return 7; }
};

static loft::operation<int>
AwaitForeign ()
{
  co_await loft::resume_background ();

  Ready ready;
  int sum = co_await ready;

  sum += co_await Ready ();
  co_return sum;
}

static Task
AwaitLoft (int &number, HANDLE done)
{
  co_await loft::resume_background ();
  co_await loft::resume_after (loft::duration (1000));
  number = co_await AwaitForeign ();
  SetEvent (done);
}

static void
test_loft_hpp_awaits_and_is_awaited (void)
{
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  int number = 0;

  AwaitLoft (number, done.get ());
  WaitForSingleObject (done.get (), INFINITE);
  g_assert_cmpint (number, ==, 14);
}

static loft::action
WaitLongInLoft ()
{
  auto token = co_await loft::get_cancellation_token ();

  token.enable_propagation ();
  co_await 1h;
}

static loft::action
WaitForDescriptorInLoft (int fd)
{
  auto token = co_await loft::get_cancellation_token ();

  token.enable_propagation ();
  co_await loft::resume_on_fd (fd, G_IO_IN);
}

static void
test_loft_hpp_propagates_to_time_and_descriptors (void)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  for (const loft::action &waiting : { WaitLongInLoft (), WaitForDescriptorInLoft (ends[0]) })
    {
      waiting.cancel ();
      g_assert_true (throws<loft::canceled_error> ([&] { waiting.get (); }));
    }
  close (ends[0]);
  close (ends[1]);
}

static fire_and_forget
Forgotten (HANDLE done)
{
  co_await 1ms;
  SetEvent (done);
  throw hresult_error (E_FAIL, L"nobody waits for this");
}

static void
test_fire_and_forget_reports_its_error (void)
{
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  handle reported{ CreateEvent (nullptr, true, false, nullptr) };
  hstring message;
  auto seen = std::make_pair (&message, reported.get ());
  gulong id = g_signal_connect (
      loft_dispatcher_get_default (), "unhandled-error",
      G_CALLBACK (+[] (LoftDispatcher *, GError *error, const char *,
                       std::pair<hstring *, HANDLE> *to) -> gboolean {
        *to->first = to_hstring (error->message);
        SetEvent (to->second);
        return TRUE;
      }),
      &seen);

  Forgotten (done.get ());
  WaitForSingleObject (done.get (), INFINITE);
  while (WaitForSingleObject (reported.get (), 1) == WAIT_TIMEOUT)
    g_main_context_iteration (nullptr, FALSE);
  g_assert_true (message == L"nobody waits for this");
  g_signal_handler_disconnect (loft_dispatcher_get_default (), id);
}

/* when */

static void
test_when (void)
{
  handle never{ CreateEvent (nullptr, true, false, nullptr) };

  when_all ().get ();
  when_all (Greet (L"a"), WaitLong (false), 1ms);
  when_all (Greet (L"a"), 1ms, resume_background ()).get ();
  g_assert_true (throws<hresult_invalid_argument> ([] { when_all (Greet ({}), 1ms).get (); }));
  g_assert_true (when_any (Greet (L"a"), Greet (L"a")).get () == L"Hello, a");

  auto losing = WaitFor (never.get ()), timeout = [] () -> IAsyncAction { co_await 1ms; } ();
  when_any (losing, timeout).get ();
  g_assert_true (losing.Status () == AsyncStatus::Started);
  SetEvent (never.get ());
  losing.get ();
}

/* Handles */

static void
test_events_of_windows (void)
{
  handle manual{ CreateEvent (nullptr, true, true, nullptr) };
  handle by_itself{ CreateEvent (nullptr, false, true, nullptr) };
  HANDLE both[] = { manual.get (), by_itself.get () };

  g_assert_cmpuint (WaitForSingleObject (manual.get (), 0), ==, WAIT_OBJECT_0);
  g_assert_cmpuint (WaitForSingleObject (manual.get (), 0), ==, WAIT_OBJECT_0);
  g_assert_cmpuint (WaitForMultipleObjects (2, both, true, 0), ==, WAIT_OBJECT_0);
  g_assert_cmpuint (WaitForSingleObject (by_itself.get (), 0), ==, WAIT_TIMEOUT);
  g_assert_true (ResetEvent (manual.get ()) && SetEvent (by_itself.get ()));
  g_assert_cmpuint (WaitForMultipleObjects (2, both, false, INFINITE), ==, WAIT_OBJECT_0 + 1);
  g_assert_cmpuint (WaitForMultipleObjects (2, both, false, 1), ==, WAIT_TIMEOUT);
  g_assert_cmpuint (WaitForSingleObject (nullptr, 0), ==, WAIT_FAILED);
  g_assert_cmpuint (GetLastError (), ==, ERROR_INVALID_HANDLE);
  g_assert_true (throws<hresult_error> ([] { check_bool (SetEvent (nullptr)); }));
}

static IAsyncOperation<int>
Take (HANDLE event, int times)
{
  int taken = 0;

  for (int i = 0; i < times; i++)
    {
      bool signaled = co_await resume_on_signal (event);

      taken += signaled;
    }
  co_return taken;
}

static IAsyncOperation<bool>
TakeUntil (HANDLE event, TimeSpan limit)
{
  bool signaled = co_await resume_on_signal (event, limit);

  co_return signaled;
}

static void
test_resume_on_signal (void)
{
  handle event{ CreateEvent (nullptr, false, false, nullptr) };

  g_assert_false (TakeUntil (event.get (), 1ms).get ());

  auto a = Take (event.get (), 50), b = Take (event.get (), 50);
  for (int i = 0; i < 100; i++)
    {
      SetEvent (event.get ());
      while (WaitForSingleObject (event.get (), 0) == WAIT_OBJECT_0) /* not taken yet: given back */
        {
          SetEvent (event.get ());
          SwitchToThread ();
          if (a.Status () != AsyncStatus::Started && b.Status () != AsyncStatus::Started)
            break;
        }
    }
  g_assert_cmpint (a.get () + b.get (), ==, 100);
}

static void
test_a_handle_may_be_closed_while_somebody_waits (void)
{
  handle event{ CreateEvent (nullptr, true, false, nullptr) };
  auto taking = TakeUntil (event.get (), 1h);
  HANDLE raw = event.get ();

  SetEvent (raw);
  event.close ();
  g_assert_true (taking.get ());
}

/* Apartments */

static void
test_init_apartment (void)
{
  std::thread ([] {
    APTTYPE type = APTTYPE_CURRENT;
    APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;

    g_assert_true (SUCCEEDED (CoGetApartmentType (&type, &qualifier)));
    g_assert_true (type == APTTYPE_MTA && qualifier == APTTYPEQUALIFIER_IMPLICIT_MTA);
    init_apartment (apartment_type::single_threaded);
    init_apartment (apartment_type::single_threaded);
    g_assert_true (SUCCEEDED (CoGetApartmentType (&type, &qualifier)));
    g_assert_true (type == APTTYPE_STA || type == APTTYPE_MAINSTA);
    try
      {
        init_apartment ();
        g_assert_not_reached ();
      }
    catch (const hresult_error &caught)
      {
        g_assert_true (caught.code () == RPC_E_CHANGED_MODE);
      }
    uninit_apartment ();
    uninit_apartment ();
  }).join ();
  g_assert_true (CoGetApartmentType (nullptr, nullptr) == E_INVALIDARG);
}

static IAsyncAction
ThereAndBack (DispatcherQueue queue, apartment_context &there)
{
  apartment_context here;

  co_await resume_foreground (queue);
  there = apartment_context ();
  co_await here;
  g_assert_false (queue.HasThreadAccess ());
  co_await there;
  g_assert_true (queue.HasThreadAccess ());
}

static IAsyncAction
GoTo (apartment_context context)
{
  co_await context;
}

static void
test_apartment_context (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  apartment_context there{ nullptr };

  g_assert_false ((bool) there);
  g_assert_true (throws<hresult_illegal_method_call> ([&] { GoTo (there).get (); }));
  ThereAndBack (controller.DispatcherQueue (), there).get ();
  g_assert_true ((bool) there);

  apartment_context moved = std::move (there), copy = moved;
  g_assert_true (!there && moved && copy);
  GoTo (copy).get ();
  controller.ShutdownQueueAsync ().get ();
  try
    {
      GoTo (copy).get ();
      g_assert_not_reached ();
    }
  catch (const hresult_error &caught)
    {
      g_assert_true (caught.code () == RPC_E_DISCONNECTED);
    }
}

struct Agile : implements<Agile, IInspectable>
{
};
struct Bound : implements<Bound, IInspectable, non_agile>
{
};

static void
test_agile_references (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  handle made{ CreateEvent (nullptr, true, false, nullptr) };
  agile_ref<IInspectable> empty, agile, bound;

  controller.DispatcherQueue ().TryEnqueue ([&] {
    agile = make_agile (make<Agile> ());
    bound = make_agile (make<Bound> ());
    g_assert_true (bound.get () != nullptr);
    SetEvent (made.get ());
  });
  WaitForSingleObject (made.get (), INFINITE);
  g_assert_true (!empty && empty.get () == nullptr);
  g_assert_true (agile && agile.get () != nullptr);
  g_assert_true (throws<hresult_wrong_thread> ([&] { bound.get (); }));
  bound = nullptr;
  controller.ShutdownQueueAsync ().get ();
}

static void
test_get_is_refused_on_a_dispatcher (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  handle never{ CreateEvent (nullptr, true, false, nullptr) };
  hresult code;

  auto waiting = WaitFor (never.get ());
  controller.DispatcherQueue ().TryEnqueue ([&] {
    try
      {
        waiting.get ();
      }
    catch (const hresult_error &caught)
      {
        code = caught.code ();
      }
    SetEvent (done.get ());
  });
  WaitForSingleObject (done.get (), INFINITE);
  g_assert_true (code == HRESULT_FROM_WIN32 (ERROR_POSSIBLE_DEADLOCK));
  SetEvent (never.get ());
  waiting.get ();
  controller.ShutdownQueueAsync ().get ();
}

/* Dispatchers and the pool: what the six files beside this one do not reach */

static IAsyncAction
GoToDispatcher (CoreDispatcher dispatcher)
{
  co_await resume_foreground (dispatcher, CoreDispatcherPriority::High);
}

static IAsyncOperation<bool>
GoToQueue (DispatcherQueue queue)
{
  bool moved = co_await resume_foreground (queue);

  co_return moved;
}

static void
test_a_dispatcher_that_has_shut_down (void)
{
  CoreApplicationView view = CoreApplication::CreateNewView ();
  CoreDispatcher dispatcher = view.Dispatcher ();
  handle closed{ CreateEvent (nullptr, true, false, nullptr) };

  view.DispatcherQueue ().ShutdownCompleted (
      [&] (const DispatcherQueue &, const IInspectable &) { SetEvent (closed.get ()); });
  g_assert_true (dispatcher.TryRunAsync (CoreDispatcherPriority::Normal, [] {}).get ());
  view.CoreWindow ().Close ();
  WaitForSingleObject (closed.get (), INFINITE);

  auto refused = dispatcher.RunAsync (CoreDispatcherPriority::Normal, [] {});
  g_assert_true (refused.Status () == AsyncStatus::Canceled);
  g_assert_false (dispatcher.TryRunAsync (CoreDispatcherPriority::Normal, [] {}).get ());
  g_assert_false (view.DispatcherQueue ().TryEnqueue ([] {}));
  g_assert_false (GoToQueue (view.DispatcherQueue ()).get ());
  try
    {
      GoToDispatcher (dispatcher).get ();
      g_assert_not_reached ();
    }
  catch (const hresult_error &caught)
    {
      g_assert_true (caught.code () == HRESULT_FROM_WIN32 (ERROR_NO_TASK_QUEUE));
    }
}

static void
test_null_handlers_are_refused (void)
{
  auto controller = DispatcherQueueController::CreateOnDedicatedThread ();
  auto queue = controller.DispatcherQueue ();

  g_assert_true (throws<hresult_invalid_argument> ([&] { queue.TryEnqueue (nullptr); }));
  g_assert_true (throws<hresult_invalid_argument> ([&] { ThreadPool::RunAsync (nullptr); }));
  g_assert_true (throws<hresult_invalid_argument> ([] { Deferral{ DeferralCompletedHandler{} }; }));
  controller.ShutdownQueueAsync ().get ();
}

static void
test_deferral (void)
{
  int completed = 0;
  Deferral deferral{ [&] { completed++; } };

  deferral.Complete ();
  g_assert_cmpint (completed, ==, 1);
  g_assert_true (throws<hresult_error> ([&] { deferral.Complete (); }));
  deferral.Close ();
  g_assert_cmpint (completed, ==, 1);
}

/* It outlives the coroutine, which ends inside of it: so that the test does not hold it. */
static std::atomic<int> inside;

struct Guard
{
  Guard () { inside++; }
  ~Guard () { inside--; }
};

static IAsyncAction
InContext (int &seen)
{
  auto context = [] { return Guard (); };

  co_await resume_background (context);
  seen = inside;
}

static void
test_resume_background_in_a_context (void)
{
  int seen = 0;

  InContext (seen).get ();
  g_assert_cmpint (seen, ==, 1);
}

static IAsyncAction
OneByOne (thread_pool &pool, std::vector<int> &order, int number)
{
  co_await pool;
  order.push_back (number); /* without a lock: the pool runs one at a time */
}

static void
test_thread_pool_of_one (void)
{
  thread_pool pool;
  std::vector<int> order;
  std::vector<IAsyncAction> all;

  pool.thread_limits (1, 1);
  for (int i = 0; i < 1000; i++)
    all.push_back (OneByOne (pool, order, i));
  for (const auto &each : all)
    each.get ();
  g_assert_cmpuint (order.size (), ==, 1000);
  for (int i = 0; i < 1000; i++)
    g_assert_cmpint (order[(std::size_t) i], ==, i);
}

static void
test_clock (void)
{
  auto now = std::chrono::system_clock::now ();

  g_assert_true (winrt::clock::to_sys (winrt::clock::from_sys (now)) - now < 1us);
  g_assert_true (winrt::clock::now () - DateTime () > std::chrono::hours (24 * 365 * 400L));
}

/* The end of an object may refer to it */

struct Closes : implements<Closes, IStringable>
{
  explicit Closes (event<TypedEventHandler<IInspectable, int>> &from) : closed (from) {}
  ~Closes () { closed (*this, 1); }

  hstring ToString () { return L"closes"; }

  event<TypedEventHandler<IInspectable, int>> &closed;
};

struct ClosesLater : implements<ClosesLater, IInspectable>
{
  static fire_and_forget final_release (std::unique_ptr<ClosesLater> self)
  {
    HANDLE done = self->done;

    co_await resume_background ();
    {
      IInspectable sender = *self;

      *self->same = self->get_strong ().as<IInspectable> () == sender
                    && get_self<ClosesLater> (sender) == self.get ();
    }
    self = nullptr;
    SetEvent (done);
  }
  bool *same = nullptr;
  HANDLE done = nullptr;
};

static void
test_the_end_of_an_object_may_refer_to_it (void)
{
  event<TypedEventHandler<IInspectable, int>> closed;
  handle done{ CreateEvent (nullptr, true, false, nullptr) };
  IInspectable kept;
  hstring said;
  bool same = false;

  closed.add ([&] (const IInspectable &sender, int) {
    said = sender.as<IStringable> ().ToString ();
    kept = sender;
  });
  make_self<Closes> (closed);
  g_assert_true (said == L"closes");
  g_assert_true (kept && !kept.try_as<IStringable> ()); /* nothing is behind it any more */
  {
    auto object = make_self<ClosesLater> ();

    object->same = &same;
    object->done = done.get ();
  }
  WaitForSingleObject (done.get (), INFINITE);
  g_assert_true (same);
}

struct LooksForItself : implements<LooksForItself, IInspectable>
{
  LooksForItself ()
  {
    auto found = get_weak ().get (); /* there is no class behind the GObject yet */

    g_assert_true (!found && found.get () == nullptr);
  }
};

static void
test_a_com_ptr_that_was_moved_from_is_null (void)
{
  auto first = make_self<LooksForItself> ();
  auto second = std::move (first);
  auto &same = second;

  g_assert_true (!first && first == nullptr && first.get () == nullptr);
  first = std::move (second);
  g_assert_true (!second && second == nullptr && second.get () == nullptr && first);
  second = first;
  same = std::move (second);
  g_assert_true (second == first && second.get () == first.get ());
  second = nullptr;
  g_assert_true (!second && first);
}

static IAsyncAction
WaitForSignal (HANDLE of)
{
  co_await resume_on_signal (of);
}

template <typename F>
static hresult
code_thrown_by (F &&call)
{
  try
    {
      call ();
    }
  catch (...)
    {
      return to_hresult ();
    }
  return S_OK;
}

static void
test_null_references_throw (void)
{
  const IAsyncAction none{ nullptr };
  event<delegate<int>> raised;

  g_assert_true (code_thrown_by ([&] { none.get (); }) == E_POINTER);
  g_assert_true (code_thrown_by ([&] { none.wait_for (1ms); }) == E_POINTER);
  g_assert_true (code_thrown_by ([&] { none.Completed ([] (auto &&...) {}); }) == E_POINTER);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*LOFT_IS_ASYNC_ACTION*");
  g_assert_true (code_thrown_by ([&] { none.GetResults (); }) == E_POINTER);
  g_test_assert_expected_messages ();
  g_assert_true (code_thrown_by ([] { delegate<int> () (1); }) == E_POINTER);
  g_assert_true (code_thrown_by ([&] { raised.add (nullptr); }) == E_INVALIDARG);
  g_assert_true (code_thrown_by ([] { WaitForSignal (nullptr).get (); }) == E_HANDLE);
}

static IAsyncAction
DoNothing ()
{
  co_return;
}

static void
test_what_loft_makes_is_closed_by_its_interface (void)
{
  int completed = 0;
  Deferral first ([&] { completed++; }), second ([&] { completed++; });
  IClosable closable = first;
  IAsyncAction action = DoNothing ();

  closable.Close ();
  second.as<IClosable> ().Close ();
  g_assert_cmpint (completed, ==, 2);
  action.as<IClosable> ().Close ();
  g_assert_true (throws<hresult_illegal_method_call> ([&] { action.GetResults (); }));
}

static void
test_waits_of_windows (void)
{
  HANDLE both[] = { CreateEvent (nullptr, false, true, nullptr),
                    CreateEvent (nullptr, false, false, nullptr) };
  HANDLE closed = CreateEvent (nullptr, false, false, nullptr);

  /* What a wait for all has taken is given back when its time is over. */
  g_assert_cmpuint (WaitForMultipleObjects (2, both, true, 0), ==, WAIT_TIMEOUT);
  g_assert_cmpuint (WaitForSingleObject (both[0], 0), ==, WAIT_OBJECT_0);
  g_assert_cmpuint (WaitForSingleObject (both[0], 0), ==, WAIT_TIMEOUT);
  SetEvent (both[0]);
  SetEvent (both[1]);
  g_assert_cmpuint (WaitForMultipleObjects (2, both, true, INFINITE), ==, WAIT_OBJECT_0);
  g_assert_cmpuint (WaitForMultipleObjects (0, both, false, INFINITE), ==, WAIT_FAILED);
  g_assert_cmpuint (GetLastError (), ==, ERROR_INVALID_PARAMETER);

  /* A handle that is closed keeps its object while a thread waits. */
  std::thread waiting ([&] {
    HANDLE list[] = { both[0], closed };

    SetEvent (both[1]);
    g_assert_cmpuint (WaitForMultipleObjects (2, list, false, INFINITE), ==, WAIT_OBJECT_0);
  });
  WaitForSingleObject (both[1], INFINITE);
  while (static_cast<detail::waitable *> (closed)->is_shared () == false)
    std::this_thread::yield ();
  CloseHandle (closed);
  SetEvent (both[0]);
  waiting.join ();
  CloseHandle (both[0]);
  CloseHandle (both[1]);
}

static IAsyncAction
ThrowsANumber ()
{
  throw 1;
  co_return;
}

static void
test_an_unknown_exception_has_no_message_of_another (void)
{
  event<delegate<>> raised;

  raised.add ([] { throw std::runtime_error ("of the handler"); });
  raised ();
  try
    {
      ThrowsANumber ().get ();
      g_assert_not_reached ();
    }
  catch (const hresult_error &caught)
    {
      g_assert_true (caught.code () == E_FAIL && caught.message () != L"of the handler");
    }
}

static IAsyncOperation<bool>
SignalWithin (HANDLE of, TimeSpan limit)
{
  bool signaled = co_await resume_on_signal (of, limit);

  co_return signaled;
}

static void
test_times_that_are_far_away (void)
{
  handle never{ CreateEvent (nullptr, false, false, nullptr) };
  auto waiting = SignalWithin (never.get (), TimeSpan::max ());

  g_assert_true (waiting.wait_for (10ms) == AsyncStatus::Started);
  SetEvent (never.get ());
  g_assert_true (waiting.get ());
  g_assert_true (DoNothing ().wait_for (TimeSpan::max ()) == AsyncStatus::Completed);

  g_assert_cmpint (winrt::clock::to_time_t (DateTime ()), ==, -11644473600);
  g_assert_cmpint (winrt::clock::to_time_t (winrt::clock::from_time_t (33000000000)), ==,
                   33000000000);
  g_assert_true (winrt::clock::to_sys (DateTime ()) < winrt::clock::to_sys (DateTime::max ()));
}

struct Point
{
  int x, y;
};

static IAsyncOperation<Point>
MakePoint ()
{
  co_return { 1, 2 };
}

static IAsyncOperation<hstring>
MakeNothing ()
{
  co_return {};
}

static void
test_a_result_in_braces (void)
{
  Point point = MakePoint ().get ();

  g_assert_cmpint (point.x, ==, 1);
  g_assert_cmpint (point.y, ==, 2);
  g_assert_true (MakeNothing ().get ().empty ());
}

static IAsyncAction
InBrokenContext (void)
{
  auto context = [] () -> int { throw hresult_access_denied (L"no such context"); };

  co_await resume_background (context);
}

static void
test_a_context_may_throw (void)
{
  g_assert_true (throws<hresult_access_denied> ([] { InBrokenContext ().get (); }));
}

static IAsyncAction
AwaitAgile (IAsyncAction what)
{
  co_await resume_agile (std::move (what));
}

static void
test_an_agile_wait_does_not_hold_a_temporary (void)
{
  LoftAction *dropped = loft_action_new ();
  IAsyncAction waiting = AwaitAgile (
      IAsyncAction (loft::ref<LoftAsyncInfo>::hold (LOFT_ASYNC_INFO (dropped))));

  g_object_unref (dropped); /* its producer never ends it */
  g_assert_true (code_thrown_by ([&] { waiting.get (); }) == RPC_E_DISCONNECTED);
}

struct Meeting
{
  thread_pool pool;
  handle both{ CreateEvent (nullptr, true, false, nullptr) };
  std::atomic<int> here{ 0 };
};

/* Each blocks its thread until the other is there. */
static IAsyncAction
Meet (Meeting &meeting)
{
  co_await meeting.pool;
  if (++meeting.here == 2)
    SetEvent (meeting.both.get ());
  WaitForSingleObject (meeting.both.get (), INFINITE);
}

static void
test_a_higher_limit_is_for_those_that_wait (void)
{
  Meeting meeting;

  meeting.pool.thread_limits (1, 1);
  auto first = Meet (meeting), second = Meet (meeting);

  meeting.pool.thread_limits (2, 1);
  first.get ();
  second.get ();
}

struct NoDefault
{
  NoDefault () { throw std::logic_error ("there is no such value"); }
  explicit NoDefault (int from) : number (from) {}
  int number;
};

static IAsyncOperationWithProgress<NoDefault, int>
MakeWithoutDefault ()
{
  co_return NoDefault (7);
}

static void
test_a_class_whose_default_throws (void)
{
  g_assert_cmpint (MakeWithoutDefault ().get ().number, ==, 7);
}

struct RefersToItself : implements<RefersToItself, IInspectable>
{
  bool finds_itself ()
  {
    weak_ref<IInspectable> weak{ *this };
    agile_ref<IInspectable> agile{ *this };
    IInspectable same = *this;

    return weak.get () == same && agile.get () == same;
  }
};

static void
test_references_are_made_of_this (void)
{
  g_assert_true (make_self<RefersToItself> ()->finds_itself ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  init_apartment ();

  g_test_add_func ("/winrt/hstring", test_hstring);
  g_test_add_func ("/winrt/hstring-keeps-every-character", test_hstring_keeps_every_character);
  g_test_add_func ("/winrt/codes-and-classes", test_codes_and_classes);
  g_test_add_func ("/winrt/to-abi-keeps-the-message", test_to_abi_keeps_the_message);
  g_test_add_func ("/winrt/to-hresult", test_to_hresult_knows_the_exceptions_of_cpp);
  g_test_add_func ("/winrt/errors-of-c", test_errors_of_c_keep_their_domain);
  g_test_add_func ("/winrt/delegates", test_delegates);
  g_test_add_func ("/winrt/event", test_event);
  g_test_add_func ("/winrt/event-disconnected", test_event_drops_who_is_disconnected);
  g_test_add_func ("/winrt/references", test_references);
  g_test_add_func ("/winrt/final-release", test_final_release_may_await);
  g_test_add_func ("/winrt/constructor-throws", test_a_constructor_that_throws_leaves_nothing);
  g_test_add_func ("/winrt/boxes", test_boxes);
  g_test_add_func ("/winrt/plain-pointers", test_plain_pointers);
  g_test_add_func ("/winrt/operation", test_operation);
  g_test_add_func ("/winrt/number-not-cut", test_a_number_is_not_cut);
  g_test_add_func ("/winrt/handlers", test_handlers);
  g_test_add_func ("/winrt/progress", test_progress);
  g_test_add_func ("/winrt/propagation", test_propagation_ends_a_wait);
  g_test_add_func ("/winrt/cancel-handler", test_cancel_handler);
  g_test_add_func ("/winrt/awaiter-learns-of-cancel",
                   test_an_awaiter_of_the_program_learns_of_a_cancel);
  g_test_add_func ("/winrt/made-awaiter-learns-of-cancel",
                   test_an_awaiter_that_is_made_learns_of_a_cancel);
  g_test_add_func ("/winrt/close-keeps-how-it-ended", test_close_keeps_how_it_ended);
  g_test_add_func ("/winrt/spellings", test_spellings);
  g_test_add_func ("/winrt/another-coroutine-type", test_another_coroutine_type_awaits);
  g_test_add_func ("/winrt/loft-hpp-foreign", test_loft_hpp_awaits_and_is_awaited);
  g_test_add_func ("/winrt/loft-hpp-propagates",
                   test_loft_hpp_propagates_to_time_and_descriptors);
  g_test_add_func ("/winrt/fire-and-forget", test_fire_and_forget_reports_its_error);
  g_test_add_func ("/winrt/when", test_when);
  g_test_add_func ("/winrt/events-of-windows", test_events_of_windows);
  g_test_add_func ("/winrt/resume-on-signal", test_resume_on_signal);
  g_test_add_func ("/winrt/handle-closed", test_a_handle_may_be_closed_while_somebody_waits);
  g_test_add_func ("/winrt/init-apartment", test_init_apartment);
  g_test_add_func ("/winrt/apartment-context", test_apartment_context);
  g_test_add_func ("/winrt/agile-references", test_agile_references);
  g_test_add_func ("/winrt/get-refused", test_get_is_refused_on_a_dispatcher);
  g_test_add_func ("/winrt/shut-down", test_a_dispatcher_that_has_shut_down);
  g_test_add_func ("/winrt/null-handlers", test_null_handlers_are_refused);
  g_test_add_func ("/winrt/deferral", test_deferral);
  g_test_add_func ("/winrt/background-context", test_resume_background_in_a_context);
  g_test_add_func ("/winrt/thread-pool-of-one", test_thread_pool_of_one);
  g_test_add_func ("/winrt/clock", test_clock);
  g_test_add_func ("/winrt/references-at-the-end", test_the_end_of_an_object_may_refer_to_it);
  g_test_add_func ("/winrt/moved-com-ptr", test_a_com_ptr_that_was_moved_from_is_null);
  g_test_add_func ("/winrt/null-references", test_null_references_throw);
  g_test_add_func ("/winrt/close-by-interface", test_what_loft_makes_is_closed_by_its_interface);
  g_test_add_func ("/winrt/waits-of-windows", test_waits_of_windows);
  g_test_add_func ("/winrt/unknown-exception", test_an_unknown_exception_has_no_message_of_another);
  g_test_add_func ("/winrt/far-times", test_times_that_are_far_away);
  g_test_add_func ("/winrt/return-braces", test_a_result_in_braces);
  g_test_add_func ("/winrt/background-context-throws", test_a_context_may_throw);
  g_test_add_func ("/winrt/agile-dropped", test_an_agile_wait_does_not_hold_a_temporary);
  g_test_add_func ("/winrt/thread-pool-limit", test_a_higher_limit_is_for_those_that_wait);
  g_test_add_func ("/winrt/no-empty-result", test_a_class_whose_default_throws);
  g_test_add_func ("/winrt/references-of-this", test_references_are_made_of_this);

  return g_test_run ();
}
