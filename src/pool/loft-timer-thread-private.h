/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The timers' thread: one thread for the whole process, for what is due when no loop runs. It
 * sleeps until the next alarm. */

#pragma once

#include "queue/loft-timer-heap-private.h"

typedef struct _LoftAlarm LoftAlarm;

struct _LoftAlarm
{
  LoftTimerEntry entry;
  /* under the timer thread's lock: the LoftTimerThread whose heap has it; only compared */
  gpointer timers;
  void (*ring) (LoftAlarm *alarm); /* on the timers' thread, no lock held: must be quick */
  /* Called when the program shuts Loft down and the alarm will never ring, on the thread that shuts
   * down. NULL: nothing is called. */
  void (*stop) (LoftAlarm *alarm);
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftAlarm, entry) == 0);

/* Any thread may call. Sets the alarm, or sets it to another time. */
void     loft_timer_thread_set    (LoftAlarm *alarm, gint64 due);

/* Any thread may call. Returns FALSE if the alarm was not set, or if it rings at the moment. */
gboolean loft_timer_thread_cancel (LoftAlarm *alarm);

/* Any thread of Loft's that is alive may call. Tries to start the timers' thread if it could not be
 * started before. Returns whether it still can't be started. */
gboolean loft_timer_thread_is_starved (void);

/* The program shuts Loft down. Removes all alarms that are set, and calls their `stop`. An alarm
 * that is set later still rings. */
void     loft_timer_thread_stop   (void);

/* For tests: the clock was set by hand, so the timers' thread has to look again. */
void     loft_timer_thread_look   (void);
