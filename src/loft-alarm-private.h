/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is due when no loop runs: one thread for the whole process sleeps until the next alarm. */

#pragma once

#include "loft-timer-heap-private.h"

typedef struct _LoftAlarm LoftAlarm;

struct _LoftAlarm
{
  LoftTimerEntry entry;
  void (*ring) (LoftAlarm *alarm); /* on the alarms' thread, no lock held: hands it on, and must be quick */
};

/* Any thread. Sets it, or sets it anew. */
void     loft_alarm_set    (LoftAlarm *alarm, gint64 due);

/* Any thread. FALSE: it was not set, or rings. */
gboolean loft_alarm_cancel (LoftAlarm *alarm);

/* For tests: the clock was set by hand. */
void     loft_alarm_look   (void);
