/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of <loft/loft.hpp> share. */

#pragma once

#include <loft/loft.hpp>

#include "../test-util.h"

#include <stdexcept>
#include <string>

/* Runs the default context until @info has ended. */
static inline void run (const loft::async_info &info)
{
  test_run_until_ended (nullptr, info.info ());
}

/* Runs the default context until @done is true, which something that runs there has to make so. */
static inline void run_until (const bool &done)
{
  while (!done)
    g_main_context_iteration (nullptr, TRUE);
}

/* Checks that @body throws a @E. */
template <typename E, typename Body>
static void assert_throws (Body body)
{
  bool thrown = false;

  try
    {
      body ();
    }
  catch (const E &)
    {
      thrown = true;
    }
  g_assert_true (thrown);
}

/* Calls @handler for each error that nobody looked at, until this goes: it counts them. */
class unhandled_errors
{
public:
  unhandled_errors ()
      : m_handler (loft::dispatcher::get_default ().unhandled_error (
            [this] (const loft::error &error, const char *) {
              m_count++;
              m_last = error.what ();
              return true;
            }))
  {
  }
  ~unhandled_errors () { loft::dispatcher::get_default ().disconnect (m_handler); }

  int count () const { return m_count; }
  const std::string &last () const { return m_last; }

private:
  gulong m_handler;
  int m_count = 0;
  std::string m_last;
};

static inline loft::action completed ()
{
  return loft::action::take (LOFT_ASYNC_ACTION (loft_action_new_completed ()));
}

static inline loft::action failed ()
{
  return loft::action::take (LOFT_ASYNC_ACTION (
      loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"))));
}

/* An operation of a coroutine that has ended. */
static inline loft::operation<int> number (int value)
{
  co_return value;
}
