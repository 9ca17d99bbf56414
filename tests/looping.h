/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of a dispatcher's loop share: a context that nobody else iterates, and a log to
 * which its items write. */

#pragma once

#include "controlled.h"

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GString *log;
} Fixture;

static Fixture f;

static inline void
set_up (void)
{
  f.context = g_main_context_new ();
  f.dispatcher = loft_dispatcher_get_for_context (f.context);
  f.log = g_string_new (NULL);
  g_main_context_push_thread_default (f.context);
}

static inline void
tear_down (void)
{
  test_drain (f.context);
  g_main_context_pop_thread_default (f.context);
  g_object_unref (f.dispatcher);
  g_main_context_unref (f.context);
  g_string_free (f.log, TRUE);
}

static inline void
say (gpointer text)
{
  g_string_append (f.log, text);
}

static inline void
post (LoftPriority  priority,
      const char   *text)
{
  g_assert_true (loft_dispatcher_try_enqueue (f.dispatcher, priority, say, (gpointer) text, NULL));
}

static inline void
assert_log (const char *expected)
{
  g_assert_cmpstr (f.log->str, ==, expected);
  g_string_set_size (f.log, 0);
}

static inline void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}
