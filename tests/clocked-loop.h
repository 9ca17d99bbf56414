/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher with a clock that the test sets, so that nothing depends on the speed of the
 * machine. */

#pragma once

#include "base/loft-clock-private.h"

#include "test-util.h"

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  gint64 now;
  GString *log;
} Fixture;

static Fixture fixture;

static inline void
advance (gint64 by)
{
  loft_clock_set (fixture.now += by);
}

static inline void
set_up (void)
{
  fixture.context = g_main_context_new ();
  fixture.dispatcher = loft_dispatcher_get_for_context (fixture.context);
  fixture.log = g_string_new (NULL);
  fixture.now = g_get_monotonic_time ();
  advance (0);
}

static inline void
tear_down (void)
{
  test_drain (fixture.context);
  loft_clock_set (-1);
  g_object_unref (fixture.dispatcher);
  g_main_context_unref (fixture.context);
  g_string_free (fixture.log, TRUE);
}
