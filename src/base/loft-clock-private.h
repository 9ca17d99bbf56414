/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The time as Loft sees it: the monotonic clock, or a time that a test has set. */

#pragma once

#include <glib.h>

/* Returns the time in monotonic µs. */
gint64 loft_clock_now (void);

/* Returns @time plus @span, or G_MAXINT64 if the sum would overflow. */
static inline gint64
loft_clock_after (gint64 time,
                  gint64 span)
{
  return span < G_MAXINT64 - time ? time + span : G_MAXINT64;
}

/* Stops the clock at @now, or lets it run again if @now is -1. For tests. Any thread may call. */
void   loft_clock_set (gint64 now);
gboolean loft_clock_is_stopped (void);

/* LoftWatch: tells after each of many short items whether a span of time has passed.
 *
 * To read the clock takes as long as one short item; to read the processor's own counter takes a
 * third of that. So the clock is read only when the counter has advanced by four for each µs of the
 * span. The exact rate of the counter does not matter much: with rates from a fifth of a GHz to
 * five GHz, that is between a 50th and a 1250th of the span. If the counter jumps, as it may
 * between two processors, the clock is read at once. */
typedef struct
{
  gint64 now;      /* µs, at the last look at the clock */
  guint64 counter; /* the counter at that look */
  guint64 step;
} LoftWatch;

static inline guint64
loft_watch_read_counter (void)
{
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc ();
#else
  return 0; /* no counter that every program may read: the clock is read each time */
#endif
}

static inline LoftWatch
loft_watch_start (gint64 span)
{
  return (LoftWatch) { loft_clock_now (), loft_watch_read_counter (), (guint64) span * 4 };
}

/* Returns the time, which may be out of date by a small part of the span. */
static inline gint64
loft_watch_look (LoftWatch *watch)
{
  guint64 counter = loft_watch_read_counter ();

  if (counter != 0 && counter - watch->counter < watch->step && !loft_clock_is_stopped ())
    return watch->now;
  watch->counter = counter;
  return watch->now = loft_clock_now ();
}
