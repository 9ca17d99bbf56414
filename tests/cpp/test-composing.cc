/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lambdas as handlers of events, and as what groups, limiters, slots and the like run. */

#include "cpp.h"

#include <atomic>
#include <thread>

using namespace std::chrono_literals;

/* A handler of an event takes the value, its arguments, or nothing. */
static void events ()
{
  loft::event_source<std::string> event;
  std::string seen;
  std::uint64_t token = event.add ([&] (const std::string &text) { seen += text; });

  event.add ([&] (const loft::event_args<std::string> &args) { seen += args.value (); });
  event.add_agile ([&] { seen += "!"; });
  g_assert_cmpuint (event.n_handlers (), ==, 3);
  run (event.raise_async ("a"));
  g_assert_true (seen.size () == 3 && seen.find ('!') != std::string::npos);
  g_assert_true (event.remove (token));
  g_assert_false (event.remove (token));
  run (event.raise_async ("b"));
  g_assert_cmpuint (seen.size (), ==, 5);

  loft::event_source<> plain;
  GObject *owner = G_OBJECT (g_object_new (G_TYPE_OBJECT, nullptr));

  plain.add_for (owner, [&] { seen = "plain"; });
  run (plain.raise_async ());
  g_assert_true (seen == "plain");
  g_object_unref (owner);
  g_assert_cmpuint (plain.n_handlers (), ==, 0);
}

/* A deferral keeps the raiser waiting. What a handler throws does not. */
static void event_deferrals ()
{
  unhandled_errors unhandled;
  loft::event_source<int> event;
  std::vector<loft::deferral> deferrals;

  event.add ([&] (const loft::event_args<int> &args) {
    deferrals.push_back (args.take_deferral ());
  });
  event.add ([] { throw std::runtime_error ("in an event"); });
  loft::action raised = event.raise_async (1);
  g_assert_false (raised.has_ended ());
  deferrals[0].complete ();
  run (raised);
  raised.get_results ();
  test_drain (nullptr);
  g_assert_cmpint (unhandled.count (), ==, 1);
}

/* A group ends after its children. */
static void groups ()
{
  loft::task_group group;
  std::atomic<int> ran = 0;
  loft::action child = group.run_async ([&] { ran++; });

  g_assert_true (group.add (number (1)));
  group.run_async ([&] (const loft::action &) { ran++; });
  group.seal ();
  run (group);
  group.get_results ();
  g_assert_cmpint (ran, ==, 2);
  g_assert_true (child.has_ended ());
  g_assert_false (group.add (number (2)));
}

/* With a limit of one, nested work is a lock that a coroutine holds across its awaits. */
static loft::action critical (bool *inside, int *entered)
{
  g_assert_false (*inside);
  *inside = true;
  co_await 1us;
  co_await loft::resume_background ();
  *inside = false;
  ++*entered;
}

static void limiters ()
{
  loft::limiter lock = loft::limiter::serial ();
  bool inside = false;
  int entered = 0;
  std::vector<loft::async_info> all;

  for (int i = 0; i < 5; i++)
    all.push_back (lock.run_nested_async ([&] { return critical (&inside, &entered); }));
  run (loft::when_all (all));
  g_assert_cmpint (entered, ==, 5);

  loft::limiter two (2);
  std::atomic<int> now = 0, most = 0;

  g_assert_cmpuint (two.limit (), ==, 2);
  all.clear ();
  for (int i = 0; i < 20; i++)
    all.push_back (two.run_operation_async<int> ([&] {
      int running = ++now;

      if (running > most)
        most = running;
      std::this_thread::yield ();
      return now--;
    }));
  all.push_back (two.run_async (loft::work_settings ().priority (LOFT_PRIORITY_HIGH), [] {}));
  all.push_back (two.run_async ([] {}));
  run (loft::when_all (all));
  g_assert_cmpint (most, <=, 2);
}

/* Only the newest of a slot calls its handlers. */
static void slots ()
{
  loft::latest_slot slot (loft::dispatcher::get_default ());
  auto older = loft::ref<LoftAction>::take (loft_action_new ());
  loft::action old = loft::action::hold (LOFT_ASYNC_ACTION (older.get ()));
  std::string seen;
  auto work = loft::dispatcher::get_default ().run_with_progress_async<int> (
      [] (loft::progress_token<int> report) { report (1); });

  g_assert_true (slot.start (old, [&] { seen += "old"; }));
  g_assert_true (slot.current ().info () == old.info ());
  g_assert_true (slot.start<int> (
      work, [&] (const loft::async_info &, LoftAsyncStatus) { seen += "new"; },
      [&] (int value) { seen += std::to_string (value); }));
  g_assert_true (old.is_canceled ());
  loft_action_complete (older.get ());
  run (work);
  test_drain (nullptr);
  g_assert_true (seen == "1new");
  slot.clear ();
  g_assert_false ((bool) slot.current ());
}

/* Many triggers, one call. */
static void paced ()
{
  loft::dispatcher here = loft::dispatcher::get_default ();
  unhandled_errors unhandled;
  bool called = false;
  loft::debouncer debouncer (here, 1us, [&] { called = true; });

  g_assert_true (debouncer.trigger ());
  g_assert_true (debouncer.trigger ());
  g_assert_true (debouncer.is_pending ());
  run_until (called);
  g_assert_false (debouncer.is_pending ());
  debouncer.trigger ();
  debouncer.cancel ();
  g_assert_false (debouncer.is_pending ());

  bool thrown = false;
  loft::throttler throttler (here, 1us, [&] {
    thrown = true;
    throw std::runtime_error ("paced");
  });

  throttler.trigger ();
  run_until (thrown);
  test_drain (nullptr);
  g_assert_cmpint (unhandled.count (), ==, 1);
  throttler.cancel ();
}

int main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  g_test_add_func ("/cpp/composing/events", events);
  g_test_add_func ("/cpp/composing/event-deferrals", event_deferrals);
  g_test_add_func ("/cpp/composing/groups", groups);
  g_test_add_func ("/cpp/composing/limiters", limiters);
  g_test_add_func ("/cpp/composing/slots", slots);
  g_test_add_func ("/cpp/composing/paced", paced);
  return g_test_run ();
}
