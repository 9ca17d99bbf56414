/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is due when no loop runs: one thread for the whole process, the timers' thread, sleeps until
 * the next alarm. */

#pragma once

#include "queue/loft-timer-heap-private.h"

typedef struct _LoftAlarm LoftAlarm;

struct _LoftAlarm
{
  LoftTimerEntry entry;
  /* under the timer thread's lock: in whose heap it is; only compared */
  gpointer timers;
  void (*ring) (LoftAlarm *alarm); /* on the timers' thread, no lock held: must be quick */
  /* The program shuts Loft down, and it never will ring; on the thread that does; NULL: nothing. */
  void (*stop) (LoftAlarm *alarm);
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftAlarm, entry) == 0);

/* Any thread. Sets it, or sets it anew. */
void     loft_timer_thread_set    (LoftAlarm *alarm, gint64 due);

/* Any thread. FALSE: it was not set, or rings. */
gboolean loft_timer_thread_cancel (LoftAlarm *alarm);

/* Any thread of Loft's that is alive: tries to start the timers' thread if that could not be
 * started before. Whether it still can't. */
gboolean loft_timer_thread_is_starved (void);

/* The program shuts Loft down: takes out all that is set, and stops it. What is set later still
 * rings. */
void     loft_timer_thread_stop   (void);

/* For tests: the clock was set by hand. */
void     loft_timer_thread_look   (void);
