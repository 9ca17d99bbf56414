/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkShowing: when something is shown that shows that work runs.
 *
 * Work that is over in a moment shows nothing, because a flash is worse than a short wait. What is
 * shown stays for long enough to be recognized. The caller brings the time, so that this can be
 * tested without a clock. */

#pragma once

#include <glib.h>

#define LOFT_GTK_SHOW_AFTER (150 * G_TIME_SPAN_MILLISECOND)
#define LOFT_GTK_SHOW_FOR (300 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  gboolean is_running;
  gboolean is_shown;
  gint64 since; /* when it was shown, or when the work that is not shown yet began; µs */
} LoftGtkShowing;

/* Takes in whether the work runs, and @now in µs. Sets `is_shown`, and returns after how many µs it
 * must be called again, or -1 if that is not needed before the work begins or ends. */
static inline gint64
loft_gtk_showing_update (LoftGtkShowing *self,
                         gboolean        is_running,
                         gint64          now)
{
  if (is_running && !self->is_running && !self->is_shown)
    self->since = now;
  self->is_running = is_running;

  if (self->is_shown != is_running)
    {
      gint64 wait = self->since + (is_running ? LOFT_GTK_SHOW_AFTER : LOFT_GTK_SHOW_FOR) - now;

      if (wait > 0)
        return wait;
      self->is_shown = is_running;
      self->since = now;
    }
  return -1;
}
