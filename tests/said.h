/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of events share: handlers that log what they were called with. */

#pragma once

#include "controlled.h"

static GString *said;
static GThread *main_thread;

static inline void
say (LoftEventSource *source,
     LoftEventArgs   *args,
     gpointer         text)
{
  const GValue *value = loft_event_args_get_value (args);

  g_assert_true (g_thread_self () == main_thread);
  g_string_append (said, text);
  if (value != NULL)
    g_string_append (said, g_value_get_string (value));
}

static inline void
raise_text (LoftEventSource *source,
            const char      *text)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (LoftAsyncAction) action = NULL;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  action = loft_event_source_raise_async (source, &value);
  assert_status (action, COMPLETED);
}

static inline void
run_case (gconstpointer func)
{
  said = g_string_new (NULL);
  main_thread = g_thread_self ();
  ((void (*) (void)) func) ();
  g_string_free (said, TRUE);
}
