/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of timers share: a clock that the test sets, and a timer that counts its ticks. */

#pragma once

#include "clocked-loop.h"

#define MS G_TIME_SPAN_MILLISECOND

static inline void
on_tick (LoftDispatcherTimer *timer,
         gpointer             ticks)
{
  g_assert_true (loft_dispatcher_has_thread_access (fixture.dispatcher));
  test_count (ticks);
}

static inline LoftDispatcherTimer *
make (GTimeSpan interval,
      int      *ticks)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (fixture.dispatcher);

  loft_dispatcher_timer_set_interval (timer, interval);
  g_signal_connect (timer, "tick", G_CALLBACK (on_tick), ticks);
  return timer;
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
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}
