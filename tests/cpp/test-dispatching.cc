/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lambdas as work on dispatchers and the pool, and what calls back: timers, deferrals, a
 * controller's shutdown. */

#include "cpp.h"

#include <thread>

using namespace std::chrono_literals;

static loft::dispatcher here ()
{
  return loft::dispatcher::get_default ();
}

/* Each form of posted work. */
static void forms ()
{
  std::string order;
  loft::action own = here ().run_async ([&] (const loft::action &self) {
    g_assert_false (self.has_ended ());
    order += "r";
  });
  loft::operation<int> value = here ().run_operation_async<int> ([] { return 3; });
  loft::operation<bool> tried = here ().try_run_async ([&] { order += "t"; });
  loft::action nested = here ().run_nested_async ([] { return number (1); });
  loft::action later = here ().run_delayed_async (0us, [&] { order += "d"; });
  loft::action at_once = here ().invoke_async ([&] { order += "i"; });

  g_assert_true (at_once.has_ended ()); /* this is the dispatcher's thread */
  g_assert_true (here ().try_enqueue ([&] { order += "e"; }));
  g_assert_true (here ().enqueue_coalesced ("key", [&] { order += "-"; }));
  g_assert_true (here ().enqueue_coalesced ("key", [&] { order += "c"; }));
  for (const loft::async_info &one : std::vector<loft::async_info>{ own, value, tried, nested,
                                                                    later })
    run (one);
  test_drain (nullptr);
  g_assert_cmpint (value.get_results (), ==, 3);
  g_assert_true (tried.get_results ());
  g_assert_cmpint (order[0], ==, 'i');
  for (char each : std::string ("rtdec"))
    g_assert_true (order.find (each) != std::string::npos);
  g_assert_true (order.find ('-') == std::string::npos);
}

/* Work reports by a token, to a handler that takes the value. */
static void progress ()
{
  int last = 0;
  auto action = here ().run_with_progress_async<int> ([] (loft::progress_token<int> report) {
    report (1);
    report (2);
  });
  auto operation = here ().run_operation_with_progress_async<std::string, int> (
      [] (const loft::operation<std::string> &, loft::progress_token<int> report) {
        report (3);
        return std::string ("done");
      });
  int of_operation = 0;

  action.progress ([&] (int value) { last = value; });
  action.completed ([] (const loft::action_with_progress<int> &self) { self.get_results (); });
  operation.progress ([&] (int value) { of_operation = value; });
  run (action);
  run (operation);
  test_drain (nullptr);
  g_assert_cmpint (last, ==, 2);
  g_assert_cmpint (of_operation, ==, 3);
  g_assert_true (operation.get_results () == "done");
}

/* Idle work asks its dispatcher whether to go on. */
static void idle ()
{
  bool asked = false;
  loft::action done = here ().run_idle_async ([&] (const loft::dispatcher &dispatcher) {
    asked = !dispatcher.should_yield () || true;
    g_assert_true (dispatcher.has_thread_access ());
  });
  loft::action both = here ().run_idle_async (
      [] (const loft::action &self, const loft::dispatcher &) { self.cancel (); });
  loft::operation<bool> tried = here ().try_run_idle_async ([] {});

  run (done);
  g_assert_true (asked);
  run (both);
  g_assert_cmpint (both.status (), ==, LOFT_ASYNC_STATUS_CANCELED);
  run (tried);
  g_assert_true (tried.get_results ());
}

/* Work that belongs to an object, and work with settings. */
static void owners ()
{
  GObject *owner = G_OBJECT (g_object_new (G_TYPE_OBJECT, nullptr));
  bool called = false;
  loft::action owned = here ().run_for_async (owner, [&] { called = true; });
  loft::action set = here ().run_async (
      loft::work_settings ().priority (LOFT_PRIORITY_HIGH).owner (owner), [&] { called = true; });
  loft::action pool = loft::thread_pool::run_for_async (
      owner, [] (const loft::action &self) {
        while (!self.is_canceled ())
          std::this_thread::yield ();
      });

  g_object_unref (owner);
  for (const loft::action &one : { owned, set, pool })
    {
      run (one);
      g_assert_cmpint (one.status (), ==, LOFT_ASYNC_STATUS_CANCELED);
    }
  g_assert_false (called);
}

/* The work's exception is its action's error, of the class of its code. */
static void errors ()
{
  loft::action action = here ().run_async ([] { throw std::runtime_error ("broken"); });
  loft::operation<int> operation = loft::thread_pool::run_operation_async<int> ([] () -> int {
    loft::throw_error (g_error_new_literal (LOFT_ERROR, LOFT_ERROR_WRONG_THREAD, "not here"));
  });
  unhandled_errors unhandled;

  run (action);
  assert_throws<loft::failed_error> ([&] { action.get_results (); });
  run (operation);
  assert_throws<loft::wrong_thread_error> ([&] { operation.get_results (); });
  here ().try_enqueue ([] { throw 5; });
  test_drain (nullptr);
  g_assert_cmpint (unhandled.count (), ==, 1);
  assert_throws<loft::failed_error> (
      [] { here ().call ([] { throw std::runtime_error ("here"); }); });
}

/* A queue that is full refuses. */
static void bounded ()
{
  int ran = 0;

  here ().enqueue_bounded (1, [&] { ran++; }, LOFT_PRIORITY_LOW);
  assert_throws<loft::error> (
      [&] { here ().enqueue_bounded (1, [&] { ran++; }, LOFT_PRIORITY_LOW); });
  test_drain (nullptr);
  g_assert_cmpint (ran, ==, 1);
}

/* A coroutine moves to a dispatcher by awaiting it. */
static loft::action move_to (loft::dispatcher dispatcher)
{
  co_await loft::resume_background ();
  g_assert_false (dispatcher.has_thread_access ());
  g_assert_true (co_await dispatcher);
  g_assert_true (dispatcher.has_thread_access ());
}

static void await_dispatcher ()
{
  loft::action moved = move_to (here ());

  run (moved);
  moved.get_results ();
}

/* Work of the pool, its progress and its settings. */
static void pool ()
{
  int last = 0;
  auto action = loft::thread_pool::run_with_progress_async<int> (
      [] (const loft::action &, loft::progress_token<int> report) {
        g_assert_true (test_is_on_pool ());
        report (4);
      });
  auto operation = loft::thread_pool::run_operation_with_progress_async<int, double> (
      [] (loft::progress_token<double> report) {
        report (0.5);
        return 6;
      });
  auto set = loft::thread_pool::run_operation_async<bool> (
      loft::work_settings ().options (LOFT_WORK_TIME_SLICED), [] { return true; });

  action.progress ([&] (int value) { last = value; });
  run (action);
  run (operation);
  run (set);
  test_drain (nullptr);
  g_assert_true (last == 4 || last == 0); /* it may have been reported before the handler was set */
  g_assert_cmpint (operation.get_results (), ==, 6);
  g_assert_true (set.get_results ());
}

/* A timer's handler takes the timer, or nothing; what it throws does not stop the timer. */
static void timers ()
{
  unhandled_errors unhandled;
  bool done = false;
  int ticks = 0;
  loft::dispatcher_timer timer (here (), 1us);

  timer.tick ([&] { ticks++; });
  gulong thrower = timer.tick ([&] { throw std::runtime_error ("in a tick"); });
  timer.tick ([&] (const loft::dispatcher_timer &self) {
    if (ticks == 1)
      self.disconnect (thrower);
    if (ticks < 3)
      return;
    self.stop ();
    done = true;
  });
  g_assert_true (timer.is_repeating ());
  g_assert_true (timer.interval () == 1us);
  g_assert_true (timer.start ());
  run_until (done);
  g_assert_false (timer.is_running ());
  test_drain (nullptr);
  g_assert_cmpint (unhandled.count (), ==, 1);
}

/* A timer of the pool calls there, and says when it is over. */
static void pool_timers ()
{
  TestEvent destroyed = TEST_EVENT_INIT;
  std::atomic<int> calls = 0;
  auto timer = loft::thread_pool_timer::create_periodic (
      [&] (const loft::thread_pool_timer &self) {
        g_assert_true (test_is_on_pool ());
        if (++calls == 2)
          self.cancel ();
      },
      1ms);

  timer.destroyed ([&] { test_event_set (&destroyed); });
  test_event_wait (&destroyed);
  g_assert_cmpint (calls, >=, 2);
  g_assert_true (timer.period () == 1ms);

  TestEvent called = TEST_EVENT_INIT;
  auto once = loft::thread_pool_timer::create ([&] { test_event_set (&called); }, 0us);

  test_event_wait (&called);
}

/* A controller's thread: work, the signals of its end, and a deferral that holds it open. */
static void controller ()
{
  auto controller = loft::dispatcher_controller::create_on_dedicated_thread ("own");
  loft::dispatcher there = controller.dispatcher ();
  std::string order;

  there.shutdown_starting ([&] {
    order += "s";
    there.try_enqueue ([&, held = there.hold_shutdown ()] {
      order += "w";
      held.complete ();
    });
  });
  there.shutdown_completed ([&] { order += "c"; });
  assert_throws<loft::blocking_wait_error> ([&] { there.call ([] {}); });
  std::thread ([&] {
    there.call ([&] { g_assert_true (there.has_thread_access ()); });
  }).join ();
  loft::action ended = controller.shutdown_async ();
  run (ended);
  ended.get_results ();
  controller.shutdown (); /* once more is no error */
  g_assert_true (order == "swc");
  g_assert_true (there.is_shut_down ());
  g_assert_false (there.try_enqueue ([] {}));
}

/* A deferral calls its handler once. */
static void deferrals ()
{
  int calls = 0;
  loft::deferral deferral ([&] { calls++; });

  g_assert_false (deferral.is_complete ());
  deferral.complete ();
  g_assert_true (deferral.is_complete ());
  test_drain (nullptr);
  g_assert_cmpint (calls, ==, 1);
  assert_throws<loft::error> ([&] { deferral.complete (); });
}

/* A synchronous function, made of a coroutine. */
static loft::operation<std::string> ask (int number)
{
  co_await loft::resume_background ();
  co_return std::to_string (number);
}

static void synchronously ()
{
  g_assert_true (loft::run_synchronously ([] { return ask (12); }) == "12");
  assert_throws<loft::error> ([] { loft::run_synchronously ([] { return failed (); }); });
  assert_throws<std::exception> (
      [] { loft::run_synchronously ([] () -> loft::action { throw std::runtime_error ("no"); }); });
}

/* An apartment for as long as its object lives. */
static void apartments ()
{
  std::thread ([] {
    loft::apartment mta (LOFT_APARTMENT_MTA);

    assert_throws<loft::changed_mode_error> ([] { loft::apartment sta (LOFT_APARTMENT_STA); });
  }).join ();
}

int main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  g_test_add_func ("/cpp/dispatching/forms", forms);
  g_test_add_func ("/cpp/dispatching/progress", progress);
  g_test_add_func ("/cpp/dispatching/idle", idle);
  g_test_add_func ("/cpp/dispatching/owners", owners);
  g_test_add_func ("/cpp/dispatching/errors", errors);
  g_test_add_func ("/cpp/dispatching/bounded", bounded);
  g_test_add_func ("/cpp/dispatching/await-dispatcher", await_dispatcher);
  g_test_add_func ("/cpp/dispatching/pool", pool);
  g_test_add_func ("/cpp/dispatching/timers", timers);
  g_test_add_func ("/cpp/dispatching/pool-timers", pool_timers);
  g_test_add_func ("/cpp/dispatching/controller", controller);
  g_test_add_func ("/cpp/dispatching/deferrals", deferrals);
  g_test_add_func ("/cpp/dispatching/synchronously", synchronously);
  g_test_add_func ("/cpp/dispatching/apartments", apartments);
  return g_test_run ();
}
