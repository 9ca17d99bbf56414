/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What time it is for Loft: the monotonic clock, or what a test says. */

#pragma once

#include <glib.h>

/* Monotonic µs. */
gint64 loft_clock_now (void);

/* @span after @time, or the end of time. */
static inline gint64
loft_clock_after (gint64 time,
                  gint64 span)
{
  return span < G_MAXINT64 - time ? time + span : G_MAXINT64;
}

/* Stops the clock at @now, or with -1 lets it run again. For tests; any thread. */
void   loft_clock_set (gint64 now);
