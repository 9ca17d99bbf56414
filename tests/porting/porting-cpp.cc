/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the snippets for <loft/loft.hpp> of docs/porting-from-uwp.md, and checks what they do. */

#include <loft/loft.hpp>

#include "window.h"

#include "porting-snippets-cpp.h"

static void
assert_ends (const loft::action &action, LoftAsyncStatus status)
{
  test_run_until_ended (nullptr, action.info ());
  g_assert_cmpint (action.status (), ==, status);
}

static void
test_fill_list ()
{
  assert_ends (fill_list (loft::dispatcher::get_default (), 2), LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("1: 10 words|2: 20 words");
}

static void
test_fill_list_canceled ()
{
  Gate closed = GATE_INIT;

  gate_close (&closed);
  loft::action filling = fill_list (loft::dispatcher::get_default (), 2);
  test_event_wait (&closed.reading);
  filling.cancel ();
  test_event_set (&closed.open);
  assert_ends (filling, LOFT_ASYNC_STATUS_CANCELED);
  assert_shown ("");
}

static void
test_show_there ()
{
  LoftDispatcherController *second = second_window_open ();
  loft::dispatcher dispatcher (
    loft::ref<LoftDispatcher>::hold (loft_dispatcher_controller_get_dispatcher (second)));

  assert_ends (show_there (dispatcher, "hello"), LOFT_ASYNC_STATUS_COMPLETED);
  assert_shown ("shown there");
  g_assert_cmpstr (second_line, ==, "hello");
  second_window_close (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  window_open ();
  g_test_add_func ("/porting/3-resume", test_fill_list);
  g_test_add_func ("/porting/3-resume-canceled", test_fill_list_canceled);
  g_test_add_func ("/porting/11-second-view", test_show_there);
  return g_test_run ();
}
