/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of debouncers and throttlers share: a log of the calls, a clock that is set by
 * hand, and a count of the data that was released. */

#pragma once

#include "clocked-loop.h"

static inline void
note (gpointer text)
{
  g_assert_true (loft_dispatcher_has_thread_access (fixture.dispatcher));
  g_string_append (fixture.log, text);
}

static inline void
pass (gint64 by)
{
  advance (by);
  g_main_context_push_thread_default (fixture.context);
  test_drain (fixture.context);
  g_main_context_pop_thread_default (fixture.context);
}

static inline void
assert_log (const char *expected)
{
  g_assert_cmpstr (fixture.log->str, ==, expected);
  g_string_set_size (fixture.log, 0);
}

static int freed;

static inline void
count_freed (gpointer data)
{
  freed++;
}

static inline void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}
