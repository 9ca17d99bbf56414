/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A context of its own for each case, with a dispatcher whose items write to a log. */

#pragma once

#include "conformance.h"

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GString *log;
} Fixture;

static Fixture f;

static inline void
begin (void)
{
  f.context = g_main_context_new ();
  g_main_context_push_thread_default (f.context);
  f.dispatcher = loft_dispatcher_get_for_context (f.context);
  f.log = g_string_new (NULL);
  /* The cases assert an order by priority. On a slow machine, a turn for the dispatcher's share
   * would come in between. */
  loft_dispatcher_set_share (f.dispatcher, 0);
}

static inline void
end (void)
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

static inline gboolean
say_from_source (gpointer text)
{
  say (text);
  return G_SOURCE_REMOVE;
}

/* Posts at G_PRIORITY_DEFAULT, at which GDK's events come. */
static inline void
post_input (const char *text)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, say_from_source, (gpointer) text, NULL);
  g_source_attach (source, f.context);
  g_source_unref (source);
}

static inline void
process (LoftProcessEventsOption option)
{
  g_autoptr (GError) error = NULL;

  loft_dispatcher_process_events (f.dispatcher, option, &error);
  g_assert_no_error (error);
}

static inline LoftDispatcherController *
controller (void)
{
  LoftDispatcherController *made = loft_dispatcher_controller_new_on_current_thread (NULL);

  g_assert_nonnull (made);
  return made;
}
