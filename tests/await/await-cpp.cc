/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The await cases, in C++20: coroutines that return loft::action and loft::operation. */

#include <loft/loft.hpp>

#include "await.h"
#include "foreign.h"

#include <stdexcept>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

/* How far a coroutine came, and where it was then. */
static struct
{
  int steps;
  GThread *thread;
  bool on_pool;
} seen;

static void see (int steps)
{
  seen = { steps, g_thread_self (), (bool) test_is_on_pool () };
}

/* Counts its end: what a coroutine holds. */
struct counted
{
  explicit counted (int *where) : counter (where) {}
  counted (counted &&other) noexcept : counter (std::exchange (other.counter, nullptr)) {}
  ~counted ()
  {
    if (counter)
      ++*counter;
  }
  int *counter;
};

/* A producer, ended by hand. */
static loft::ref<LoftAction> make_later ()
{
  return loft::ref<LoftAction>::take (loft_action_new ());
}

static loft::action as_action (const loft::ref<LoftAction> &from)
{
  return loft::action::hold (LOFT_ASYNC_ACTION (from.get ()));
}

static void complete (const loft::ref<LoftAction> &action)
{
  loft_action_complete (action.get ());
}

static void complete_elsewhere (const loft::ref<LoftAction> &action)
{
  await_complete_elsewhere (action.get ());
}

static loft::action await_what (loft::action what)
{
  see (1);
  /* Only its producer holds it from here on. */
  co_await std::exchange (what, {});
  see (2);
}

static loft::action await_both (loft::action what, loft::action more)
{
  see (1);
  co_await what;
  see (2);
  co_await more;
  see (3);
}

static void run (const loft::async_info &info)
{
  test_run_until_ended (nullptr, info.info ());
}

template <typename E>
static void assert_throws (const loft::action &action)
{
  bool thrown = false;

  run (action);
  try
    {
      action.get_results ();
    }
  catch (const E &)
    {
      thrown = true;
    }
  g_assert_true (thrown);
}

static void assert_ended (const loft::async_info &info, LoftAsyncStatus status)
{
  g_assert_true (info.has_ended ());
  g_assert_cmpint (info.status (), ==, status);
}

static loft::action completed ()
{
  return loft::action::take (LOFT_ASYNC_ACTION (loft_action_new_completed ()));
}

static loft::action failed (int code)
{
  return loft::action::take (
      LOFT_ASYNC_ACTION (loft_action_new_failed (g_error_new (G_IO_ERROR, code, "failed"))));
}

static void a01_ended_before ()
{
  auto action = await_what (completed ());

  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 2);
}

static void a02_ends_later ()
{
  auto later = make_later ();
  auto action = await_what (as_action (later));

  g_assert_cmpint (seen.steps, ==, 1);
  complete_elsewhere (later);
  run (action);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.thread == g_thread_self ());
}

static void a03_in_mta ()
{
  auto later = make_later ();
  loft::action action;

  std::thread ([&] { action = await_what (as_action (later)); }).join ();
  complete (later);
  run (action);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.on_pool);
}

struct point
{
  int x, y;
};

static loft::operation<std::string> give_text (loft::operation<std::int64_t> number)
{
  co_return std::to_string (co_await number);
}

static loft::operation<point> give_point (loft::operation<std::string> text)
{
  std::string digits = co_await text;

  co_return point{ std::stoi (digits), (int) digits.size () };
}

static void a04_value ()
{
  auto later = loft::ref<LoftOperation>::take (loft_operation_new (G_TYPE_INT64));
  auto result = give_point (
      give_text (loft::operation<std::int64_t>::hold (LOFT_ASYNC_OPERATION (later.get ()))));

  loft_operation_complete_int64 (later.get (), 421);
  run (result);
  g_assert_cmpint (result.get_results ().x, ==, 421);
  g_assert_cmpint (result.get_results ().y, ==, 3);
}

static void a05_error ()
{
  auto action = await_what (failed (G_IO_ERROR_BUSY));

  run (action);
  g_assert_cmpint (seen.steps, ==, 1);
  try
    {
      action.get_results ();
      g_assert_not_reached ();
    }
  catch (const loft::error &error)
    {
      g_assert_true (error.matches (G_IO_ERROR, G_IO_ERROR_BUSY));
    }
}

static loft::action catch_and_go_on (loft::action what)
{
  try
    {
      co_await what;
      see (10);
    }
  catch (const loft::error &error)
    {
      if (!error.matches (G_IO_ERROR, G_IO_ERROR_BUSY))
        throw;
      see (2);
    }
  co_await 1us;
  see (3);
}

static void a06_caught ()
{
  auto handled = catch_and_go_on (failed (G_IO_ERROR_BUSY));

  run (handled);
  assert_ended (handled, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 3);
  assert_throws<loft::error> (catch_and_go_on (failed (G_IO_ERROR_EXISTS)));
}

static void a07_awaited_canceled ()
{
  auto action = await_what (loft::action::take (LOFT_ASYNC_ACTION (loft_action_new_canceled ())));

  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static loft::action wait_for_own_cancel (loft::action gate, loft::action what)
{
  co_await gate;
  see (1);
  co_await what;
  see (2);
}

static void a08_canceled_before ()
{
  auto gate = make_later ();
  auto action = wait_for_own_cancel (as_action (gate), completed ());

  seen = {};
  action.cancel ();
  complete (gate);
  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 1);
}

static void a09_canceled_while_waiting ()
{
  auto later = make_later ();
  auto action = await_both (as_action (later), completed ());

  action.cancel ();
  g_assert_false (action.has_ended ());
  complete (later);
  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 2);
}

static void a10_canceled_elsewhere ()
{
  auto later = make_later ();
  auto action = await_both (as_action (later), completed ());

  std::thread ([&] { action.cancel (); }).join ();
  complete (later);
  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_true (seen.thread == g_thread_self ());
}

static void a11_canceled_late ()
{
  auto action = await_what (completed ());

  action.cancel ();
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
}

static void a12_no_propagation ()
{
  auto later = make_later ();
  auto action = await_what (as_action (later));

  action.cancel ();
  g_assert_cmpint (as_action (later).status (), ==, LOFT_ASYNC_STATUS_STARTED);
  complete (later);
  run (action);
}

static loft::action go_down (int depth, loft::action what)
{
  auto token = co_await loft::get_cancellation_token ();

  token.enable_propagation ();
  if (depth > 0)
    co_await go_down (depth - 1, what);
  else
    co_await what;
  see (2);
}

static void propagate (int depth)
{
  auto later = make_later ();
  auto action = go_down (depth, as_action (later));

  seen = {};
  action.cancel ();
  g_assert_true (as_action (later).is_canceled ());
  complete (later);
  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 0);
}

static void a13_propagation ()
{
  propagate (0);
}

static void a14_ten_deep ()
{
  propagate (10);
}

static loft::action handle_cancel (loft::action what, int *canceled)
{
  auto token = co_await loft::get_cancellation_token ();

  g_assert_false (token ());
  token.callback ([canceled, held = std::make_unique<int> (1)] { *canceled += *held; });
  co_await what;
}

static void a15_cancel_handler ()
{
  auto later = make_later ();
  int canceled = 0;
  auto action = handle_cancel (as_action (later), &canceled);

  action.cancel ();
  g_assert_cmpint (canceled, ==, 1);
  complete (later);
  run (action);
}

static loft::action_with_progress<int> report (loft::action gate)
{
  auto progress = co_await loft::get_progress_token<int> ();

  co_await gate;
  co_await loft::resume_background ();
  for (int i = 1; i <= 3; i++)
    progress (i);
}

static void a16_progress ()
{
  auto gate = make_later ();
  auto action = report (as_action (gate));
  std::string log;

  action.progress<int> ([&] (int value) { log += std::to_string (value) + " "; });
  action.completed ([&] (const loft::async_info &, LoftAsyncStatus) { log += "end"; });
  complete (gate);
  while (log.find ("end") == std::string::npos)
    g_main_context_iteration (nullptr, TRUE);
  g_assert_cmpstr (log.c_str (), ==, "1 2 3 end");
}

static void a17_handler_late ()
{
  auto action = await_what (completed ());
  bool called = false;

  action.completed ([&, held = std::make_unique<int> (0)] (const loft::async_info &,
                                                           LoftAsyncStatus) { called = true; });
  test_drain (nullptr);
  g_assert_true (called);
}

/* A thread whose dispatcher shuts down before or after the coroutine waits. */
template <typename F>
static loft::ref<LoftDispatcher> on_ended_home (F func, bool shut_down_first)
{
  loft::ref<LoftDispatcher> dispatcher;

  std::thread ([&] {
    GMainContext *context = g_main_context_new ();

    g_main_context_push_thread_default (context);
    auto controller = loft::ref<LoftDispatcherController>::take (
        loft_dispatcher_controller_new_on_current_thread (nullptr));
    dispatcher = loft::ref<LoftDispatcher>::hold (
        loft_dispatcher_controller_get_dispatcher (controller.get ()));
    if (!shut_down_first)
      func ();
    g_assert_true (loft_dispatcher_controller_shutdown (controller.get (), nullptr));
    if (shut_down_first)
      func ();
    g_main_context_pop_thread_default (context);
    g_main_context_unref (context);
  }).join ();
  return dispatcher;
}

static void await_without_home (bool shut_down_first)
{
  auto later = make_later ();
  loft::action action;

  on_ended_home ([&] { action = await_what (as_action (later)); }, shut_down_first);
  complete (later);
  assert_throws<loft::disconnected_error> (action);
  g_assert_cmpint (seen.steps, ==, 1);
}

static void a18_home_gone ()
{
  await_without_home (false);
}

static void a19_home_gone_before ()
{
  await_without_home (true);
}

static void a20_work_shut_down ()
{
  auto controller = loft::ref<LoftDispatcherController>::take (
      loft_dispatcher_controller_new_on_dedicated_thread ("work", nullptr));
  auto waits = loft::action::take (loft_dispatcher_run_delayed_async (
      loft_dispatcher_controller_get_dispatcher (controller.get ()), LOFT_PRIORITY_NORMAL,
      G_TIME_SPAN_HOUR, test_succeed, nullptr, nullptr));
  auto action = await_what (std::move (waits));
  auto down = loft::action::take (loft_dispatcher_controller_shutdown_async (controller.get ()));

  run (action);
  run (down);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static loft::operation<bool> move_about (LoftDispatcher *dispatcher)
{
  bool moved = true;

  co_await loft::resume_background ();
  g_assert_true (test_is_on_pool ());
  if (dispatcher)
    moved = co_await loft::resume_foreground (dispatcher, LOFT_PRIORITY_HIGH);
  see (2);
  co_return moved;
}

static void a21_background ()
{
  auto moved = move_about (nullptr);

  run (moved);
  g_assert_true (seen.on_pool);
}

static void a22_foreground ()
{
  auto moved = move_about (loft_dispatcher_get_default ());

  run (moved);
  g_assert_true (moved.get_results ());
  g_assert_true (seen.thread == g_thread_self ());
}

static loft::action go_back (loft::apartment_context place)
{
  co_await loft::resume_background ();
  co_await place;
  see (2);
}

static void a23_foreground_refused ()
{
  std::optional<loft::apartment_context> place;
  auto gone = on_ended_home ([&] { place.emplace (); }, false);
  auto moved = move_about (gone.get ());

  run (moved);
  g_assert_false (moved.get_results ());
  g_assert_true (seen.on_pool);
  assert_throws<loft::disconnected_error> (go_back (*place));
}

static loft::operation<std::int64_t> wait_a_while ()
{
  std::int64_t begin = g_get_monotonic_time ();

  co_await 5ms;
  see (2);
  co_return g_get_monotonic_time () - begin;
}

static void a24_after ()
{
  auto waited = wait_a_while ();

  run (waited);
  g_assert_cmpint (waited.get_results (), >=, 5000);
  g_assert_true (seen.thread == g_thread_self ());
}

static loft::operation<bool> wait_for_fd (int fd, std::optional<loft::duration> limit)
{
  bool ready = co_await loft::resume_on_fd (fd, G_IO_IN, limit);

  see (2);
  co_return ready;
}

static void a25_fd ()
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  auto waits = wait_for_fd (ends[0], std::nullopt);
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  run (waits);
  g_assert_true (waits.get_results ());
  g_assert_true (seen.thread == g_thread_self ());
  close (ends[0]);
  close (ends[1]);
}

static void a26_fd_timeout ()
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  auto waits = wait_for_fd (ends[0], 1ms);
  run (waits);
  g_assert_false (waits.get_results ());
  close (ends[0]);
  close (ends[1]);
}

static loft::action await_agile (loft::action what)
{
  co_await loft::resume_agile (what);
  see (2);
}

static void a27_agile ()
{
  auto later = make_later ();
  auto action = await_agile (as_action (later));

  std::thread ([&] {
    complete (later);
    g_assert_true (seen.thread == g_thread_self ());
  }).join ();
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
}

static void a28_all ()
{
  auto a = make_later (), b = make_later ();
  auto action = await_what (loft::when_all (as_action (a), as_action (b)));

  complete (a);
  test_drain (nullptr);
  g_assert_cmpint (seen.steps, ==, 1);
  complete_elsewhere (b);
  run (action);
  g_assert_cmpint (seen.steps, ==, 2);
}

static loft::operation<std::int64_t> await_number (loft::operation<std::int64_t> what)
{
  co_return co_await what;
}

static void a29_any ()
{
  auto a = make_later (), b = make_later ();
  auto index = await_number (loft::when_any (as_action (a), as_action (b)));

  complete (b);
  run (index);
  g_assert_cmpint (index.get_results (), ==, 1);
  complete (a);
}

static void a30_timeout ()
{
  auto never = make_later ();

  assert_throws<loft::timed_out_error> (await_what (loft::with_timeout (as_action (never), 1ms)));
}

static void a31_twice ()
{
  auto later = make_later ();
  auto action = await_both (as_action (later), as_action (later));

  complete_elsewhere (later);
  run (action);
  g_assert_cmpint (seen.steps, ==, 3);
}

static void a32_two ()
{
  auto later = make_later ();
  auto first = await_what (as_action (later)), second = await_what (as_action (later));

  complete_elsewhere (later);
  run (first);
  run (second);
  assert_ended (first, LOFT_ASYNC_STATUS_COMPLETED);
  assert_ended (second, LOFT_ASYNC_STATUS_COMPLETED);
}

static void a33_nothing ()
{
  assert_throws<loft::invalid_argument_error> (await_what (loft::action ()));
}

static void a34_foreign ()
{
  auto foreign = loft::action::take (await_foreign_new ());
  auto action = await_what (foreign);

  await_foreign_complete (foreign.gobj ());
  run (action);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.thread == g_thread_self ());
}

static void a35_foreign_refuses ()
{
  auto foreign = loft::action::take (await_foreign_new ());

  foreign.completed ([] (const loft::async_info &, LoftAsyncStatus) {});
  assert_throws<loft::illegal_delegate_assignment_error> (await_what (foreign));
}

static void start_in_cancel (LoftAsyncBase *base, gpointer started)
{
  *static_cast<loft::action *> (started)
      = await_what (as_action (loft::ref<LoftAction>::hold (LOFT_ACTION (base))));
  loft_action_complete (LOFT_ACTION (base));
}

static void a36_in_cancel_handler ()
{
  auto canceled = make_later ();
  loft::action started;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (canceled.get ()), start_in_cancel, &started,
                                      nullptr);
  as_action (canceled).cancel ();
  run (started);
  assert_ended (started, LOFT_ASYNC_STATUS_CANCELED);
}

static loft::action await_agile_alone (loft::action what)
{
  co_await loft::resume_agile (std::exchange (what, {}));
}

static void a37_let_go ()
{
  auto agile_later = make_later ();
  auto agile = await_agile_alone (as_action (agile_later));

  agile_later = {};
  assert_throws<loft::disconnected_error> (agile);

  auto later = make_later ();
  auto action = await_what (as_action (later));

  later = {};
  assert_throws<loft::disconnected_error> (action);
}

static gboolean on_unhandled (LoftDispatcher *, GError *error, const char *, gpointer told)
{
  g_assert_nonnull (strstr (error->message, "nobody holds it"));
  ++*static_cast<int *> (told);
  return TRUE;
}

static loft::fire_and_forget fail_alone (loft::action what)
{
  co_await what;
  throw std::runtime_error ("nobody holds it");
}

static void a38_nobody_holds_it ()
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  auto later = make_later ();
  int told = 0;
  gulong id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &told);

  fail_alone (as_action (later));
  complete (later);
  test_run_until (nullptr, &told);
  g_assert_cmpint (told, ==, 1);
  g_signal_handler_disconnect (dispatcher, id);
}

static loft::action hold_it (loft::action what, counted)
{
  co_await what;
}

static void a39_released_first ()
{
  auto later = make_later ();
  int released = 0;
  bool checked = false;
  auto action = hold_it (as_action (later), counted (&released));

  action.completed ([&] (const loft::async_info &, LoftAsyncStatus) {
    g_assert_cmpint (released, ==, 1);
    checked = true;
  });
  complete (later);
  test_drain (nullptr);
  g_assert_true (checked);
}

static loft::action fail (loft::action what)
{
  co_await what;
  throw std::out_of_range ("its own");
}

static void a41_own_error ()
{
  auto action = fail (completed ());

  try
    {
      action.get_results ();
      g_assert_not_reached ();
    }
  catch (const loft::failed_error &error)
    {
      g_assert_nonnull (strstr (error.what (), "its own"));
    }
}

static void a42_handler_throws ()
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  auto later = make_later ();
  auto action = await_what (as_action (later));
  int told = 0;
  gulong id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &told);

  as_action (later).completed ([] (const loft::async_info &, LoftAsyncStatus) {
    throw std::runtime_error ("nobody holds it");
  });
  complete (later);
  run (action);
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  test_run_until (nullptr, &told);
  g_signal_handler_disconnect (dispatcher, id);
  assert_throws<loft::failed_error> (loft::thread_pool::run_async ([] { throw 7; }));
}

static loft::action many_awaits (loft::action what)
{
  for (int i = 0; i < 1000000; i++)
    co_await what;
  see (2);
}

static void a43_million ()
{
  auto action = many_awaits (completed ());

  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
}

static void a44_get ()
{
  std::thread ([] { g_assert_true (move_about (nullptr).get ()); }).join ();
}

static const AwaitCase cases[] = {
  { "A01", a01_ended_before, nullptr },
  { "A02", a02_ends_later, nullptr },
  { "A03", a03_in_mta, nullptr },
  { "A04", a04_value, nullptr },
  { "A05", a05_error, nullptr },
  { "A06", a06_caught, nullptr },
  { "A07", a07_awaited_canceled, nullptr },
  { "A08", a08_canceled_before, nullptr },
  { "A09", a09_canceled_while_waiting, nullptr },
  { "A10", a10_canceled_elsewhere, nullptr },
  { "A11", a11_canceled_late, nullptr },
  { "A12", a12_no_propagation, nullptr },
  { "A13", a13_propagation, nullptr },
  { "A14", a14_ten_deep, nullptr },
  { "A15", a15_cancel_handler, nullptr },
  { "A16", a16_progress, nullptr },
  { "A17", a17_handler_late, nullptr },
  { "A18", a18_home_gone, nullptr },
  { "A19", a19_home_gone_before, nullptr },
  { "A20", a20_work_shut_down, nullptr },
  { "A21", a21_background, nullptr },
  { "A22", a22_foreground, nullptr },
  { "A23", a23_foreground_refused, nullptr },
  { "A24", a24_after, nullptr },
  { "A25", a25_fd, nullptr },
  { "A26", a26_fd_timeout, nullptr },
  { "A27", a27_agile, nullptr },
  { "A28", a28_all, nullptr },
  { "A29", a29_any, nullptr },
  { "A30", a30_timeout, nullptr },
  { "A31", a31_twice, nullptr },
  { "A32", a32_two, nullptr },
  { "A33", a33_nothing, nullptr },
  { "A34", a34_foreign, nullptr },
  { "A35", a35_foreign_refuses, nullptr },
  { "A36", a36_in_cancel_handler, nullptr },
  { "A37", a37_let_go, nullptr },
  { "A38", a38_nobody_holds_it, nullptr },
  { "A39", a39_released_first, nullptr },
  { "A40", nullptr, "a coroutine in C++ has no owner form; it holds a weak reference instead" },
  { "A41", a41_own_error, nullptr },
  { "A42", a42_handler_throws, nullptr },
  { "A43", a43_million, nullptr },
  { "A44", a44_get, nullptr },
  { "A45", nullptr, "C++ has no tasks of its own" },
  { "A46", nullptr, "C++ has no tasks of its own" },
  { "A47", nullptr, "`tests/behaviour/test-exit.c` tests the exit" },
};

int main (int argc, char *argv[])
{
#ifdef __clang__
  return await_main (argc, argv, "clang++", cases, G_N_ELEMENTS (cases));
#else
  return await_main (argc, argv, "g++", cases, G_N_ELEMENTS (cases));
#endif
}
