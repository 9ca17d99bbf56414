/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lambdas as the handlers of an async object, and as what comes after it. */

#include "cpp.h"

/* A completed handler takes the object as what it is, with its status, or less. */
static void completed_handler ()
{
  loft::operation<int> operation = number (5);
  int value = 0, calls = 0;

  operation.completed ([&] (const loft::operation<int> &sender, LoftAsyncStatus status) {
    g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_COMPLETED);
    value = sender.get_results ();
  });
  operation.call_when_ended ([&] (const loft::async_info &sender) {
    g_assert_true (sender.has_ended ());
    calls++;
  });
  operation.call_when_ended ([&] (LoftAsyncStatus) { calls++; });
  operation.call_when_ended ([&] { calls++; });
  g_assert_cmpint (value, ==, 5); /* the operation had ended */
  g_assert_cmpint (calls, ==, 0);
  test_drain (nullptr);
  g_assert_cmpint (calls, ==, 3);
  assert_throws<loft::illegal_delegate_assignment_error> ([&] { operation.completed ([] {}); });
}

/* An agile handler runs on the thread that ends the object. */
static void completed_agile ()
{
  auto later = loft::ref<LoftAction>::take (loft_action_new ());
  bool called = false;

  loft::action::hold (LOFT_ASYNC_ACTION (later.get ())).completed_agile ([&] (loft::action) {
    called = true;
  });
  loft_action_complete (later.get ());
  g_assert_true (called);
}

/* A handler with an owner is not called once its owner is gone, and its data is released. */
static void completed_for ()
{
  auto later = loft::ref<LoftAction>::take (loft_action_new ());
  loft::action action = loft::action::hold (LOFT_ASYNC_ACTION (later.get ()));
  GObject *owner = G_OBJECT (g_object_new (G_TYPE_OBJECT, nullptr));
  auto held = std::make_shared<int> (0);
  bool called = false;

  action.completed_for (owner, [&called, held] { called = true; });
  g_assert_cmpint (held.use_count (), ==, 2);
  g_object_unref (owner);
  test_drain (nullptr);
  g_assert_cmpint (held.use_count (), ==, 1);
  loft_action_complete (later.get ());
  test_drain (nullptr);
  g_assert_false (called);
}

/* What a handler throws is nobody's error, and goes to unhandled-error. */
static void throwing_handler ()
{
  unhandled_errors errors;

  completed ().completed ([] { throw std::runtime_error ("out of it"); });
  test_drain (nullptr);
  g_assert_cmpint (errors.count (), ==, 1);
  g_assert_nonnull (strstr (errors.last ().c_str (), "out of it"));
}

/* What a continuation returns decides what it ends in. */
static void continue_with ()
{
  int seen = 0;
  loft::action nothing = number (1).continue_with ([&] (int value) { seen = value; });
  loft::operation<std::string> value
      = number (2).continue_with ([] (int value) { return std::to_string (value); });
  loft::action nested = number (3).continue_with ([&] (const loft::operation<int> &antecedent) {
    return number (antecedent.get_results ());
  });
  loft::operation<int> chain
      = completed ().continue_with ([] { return 4; }).continue_with ([] (int four) {
          return four + 1;
        });

  g_assert_cmpint (seen, ==, 0);
  run (nothing);
  g_assert_cmpint (seen, ==, 1);
  run (value);
  g_assert_true (value.get_results () == "2");
  run (nested);
  nested.get_results ();
  run (chain);
  g_assert_cmpint (chain.get_results (), ==, 5);
}

/* An error passes a continuation by, and one that throws ends in an error. */
static void errors ()
{
  bool called = false;
  loft::action passed = failed ().continue_with ([&] { called = true; });
  loft::operation<int> thrown = number (1).continue_with ([] (int) -> int {
    throw std::invalid_argument ("not one");
  });
  loft::action empty = completed ().continue_with ([] { return loft::action (); });

  run (passed);
  g_assert_false (called);
  assert_throws<loft::error> ([&] { passed.get_results (); });
  run (thrown);
  assert_throws<loft::failed_error> ([&] { thrown.get_results (); });
  run (empty);
  assert_throws<loft::invalid_argument_error> ([&] { empty.get_results (); });
}

/* recover () turns an error into success, always () leaves the outcome as it is, and
 * continue_after () decides for itself. */
static void after_errors ()
{
  std::string text;
  int always = 0;
  loft::action recovered
      = failed ().recover ([&] (const loft::error &error) { text = error.what (); });
  loft::action kept = failed ().always ([&] { always++; });
  loft::operation<bool> decided = failed ().continue_after (
      [] (LoftAsyncStatus status) { return status == LOFT_ASYNC_STATUS_ERROR; });
  loft::action followed = failed ().continue_after (
      [] (const loft::action &antecedent, LoftAsyncStatus) { return antecedent; });

  run (recovered);
  recovered.get_results ();
  g_assert_true (text == "gone");
  run (kept);
  g_assert_cmpint (always, ==, 1);
  assert_throws<loft::error> ([&] { kept.get_results (); });
  run (decided);
  g_assert_true (decided.get_results ());
  run (followed);
  assert_throws<loft::error> ([&] { followed.get_results (); });
}

/* A continuation with an owner is Canceled once the owner is gone. */
static void continue_with_for ()
{
  GObject *owner = G_OBJECT (g_object_new (G_TYPE_OBJECT, nullptr));
  bool called = false;
  auto later = loft::ref<LoftAction>::take (loft_action_new ());
  loft::action next = loft::action::hold (LOFT_ASYNC_ACTION (later.get ()))
                          .continue_with_for (owner, [&] { called = true; });

  g_object_unref (owner);
  loft_action_complete (later.get ());
  run (next);
  g_assert_cmpint (next.status (), ==, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_false (called);
}

/* An owner that is an object of C++. */
static void owned_by ()
{
  unhandled_errors errors;
  auto owner = std::make_shared<int> (7);
  loft::dispatcher here = loft::dispatcher::get_default ();
  int calls = 0;
  loft::action alive = here.run_async (loft::owned_by (owner, [&] { calls++; }));

  completed ().completed (loft::owned_by (owner, [&] (const loft::action &) { calls++; }));
  run (alive);
  test_drain (nullptr);
  g_assert_cmpint (calls, ==, 2);

  loft::action gone = here.run_async (loft::owned_by (owner, [&] { calls++; }));
  completed ().call_when_ended (loft::owned_by (owner, [&] (LoftAsyncStatus) { calls++; }));
  owner.reset ();
  run (gone);
  test_drain (nullptr);
  g_assert_cmpint (calls, ==, 2);
  g_assert_cmpint (gone.status (), ==, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (errors.count (), ==, 0);
}

/* A coroutine can await an object of which it knows nothing but that. */
static loft::operation<bool> await_end (loft::async_info info)
{
  try
    {
      co_await info;
    }
  catch (const loft::error &)
    {
      co_return false;
    }
  co_return true;
}

static void unknown_objects ()
{
  loft::operation<bool> good = await_end (number (1)), bad = await_end (failed ());

  run (good);
  g_assert_true (good.get_results ());
  run (bad);
  g_assert_false (bad.get_results ());
}

/* A value that would be cut is an error. */
static void values ()
{
  loft::boxed_value wide (G_GINT64_CONSTANT (1) << 40);
  GValue also_wide = G_VALUE_INIT;

  assert_throws<loft::invalid_argument_error> ([&] { loft::convert<int> (wide.get ()); });
  g_value_init (&also_wide, G_TYPE_LONG);
  g_value_set_long (&also_wide, G_MAXLONG);
  if (sizeof (long) > sizeof (int))
    assert_throws<loft::invalid_argument_error> ([&] { loft::convert<int> (&also_wide); });
  g_value_unset (&also_wide);
  assert_throws<loft::invalid_argument_error> (
      [] { loft::boxed_value cut (std::string ("a\0b", 3)); });
}

/* What is empty throws. */
static void empty ()
{
  loft::dispatcher nobody (loft::ref<LoftDispatcher>{});

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*");
  assert_throws<loft::invalid_argument_error> ([&] { nobody.run_async ([] {}); });
  g_test_assert_expected_messages ();
}

/* Flags combine, and are taken away, without casts. */
static void flags ()
{
  LoftWorkOptions options = LOFT_WORK_TIME_SLICED;

  options |= LOFT_WORK_DEFAULT;
  options &= ~LOFT_WORK_TIME_SLICED;
  g_assert_cmpint (options, ==, LOFT_WORK_DEFAULT);
}

static loft::action named_coroutine ()
{
  co_await loft::resume_background ();
}

/* The place of the call is that of the program, and not one in Loft's header. */
static void places ()
{
  loft::action coroutine = named_coroutine ();
  char *name = loft_async_info_dup_source_location (coroutine.info ());

  g_assert_nonnull (strstr (name, "named_coroutine"));
  g_free (name);
  run (coroutine);
  for (const loft::action &action :
       { loft::dispatcher::get_default ().run_async ([] {}), completed ().continue_with ([] {}) })
    {
      char *place = loft_async_info_dup_source_location (action.info ());

      g_assert_nonnull (strstr (place, "test-handlers.cc"));
      g_free (place);
      run (action);
    }
}

int main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  g_test_add_func ("/cpp/handlers/completed", completed_handler);
  g_test_add_func ("/cpp/handlers/completed-agile", completed_agile);
  g_test_add_func ("/cpp/handlers/completed-for", completed_for);
  g_test_add_func ("/cpp/handlers/throwing", throwing_handler);
  g_test_add_func ("/cpp/handlers/continue-with", continue_with);
  g_test_add_func ("/cpp/handlers/errors", errors);
  g_test_add_func ("/cpp/handlers/after-errors", after_errors);
  g_test_add_func ("/cpp/handlers/continue-with-for", continue_with_for);
  g_test_add_func ("/cpp/handlers/owned-by", owned_by);
  g_test_add_func ("/cpp/handlers/unknown-objects", unknown_objects);
  g_test_add_func ("/cpp/handlers/values", values);
  g_test_add_func ("/cpp/handlers/empty", empty);
  g_test_add_func ("/cpp/handlers/flags", flags);
  g_test_add_func ("/cpp/handlers/places", places);
  return g_test_run ();
}
