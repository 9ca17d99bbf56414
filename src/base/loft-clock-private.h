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
gboolean loft_clock_is_stopped (void);

/* A look at the time after each of many short items, to see whether a span of it has passed:
 * reading the clock takes as long as such an item, reading the processor's own counter a third of
 * that. So the clock is read only when the counter has moved on by four for each µs of the span.
 * How fast it counts does not matter much: from a fifth of a GHz to five of them that is a 50th to
 * a 1250th of the span. If it jumps, as between two processors, the clock is read at once. */
typedef struct
{
  gint64 now;      /* µs, at the last look at the clock */
  guint64 counter; /* then */
  guint64 step;
} LoftWatch;

static inline guint64
loft_watch_read_counter (void)
{
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc ();
#else
  return 0; /* there is none that every program may read: the clock is read each time */
#endif
}

static inline LoftWatch
loft_watch_start (gint64 span)
{
  return (LoftWatch) { loft_clock_now (), loft_watch_read_counter (), (guint64) span * 4 };
}

/* The time, or that of a small part of the span ago. */
static inline gint64
loft_watch_look (LoftWatch *watch)
{
  guint64 counter = loft_watch_read_counter ();

  if (counter != 0 && counter - watch->counter < watch->step && !loft_clock_is_stopped ())
    return watch->now;
  watch->counter = counter;
  return watch->now = loft_clock_now ();
}
