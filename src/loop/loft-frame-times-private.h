/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftFrameTimes: when the next frame of each frame clock is due. The owner thread of a loop uses
 * it, so there is no lock.
 *
 * A clock is only a key: it is compared, and neither held nor looked into. Nobody has to say that a
 * clock is gone, because a frame that does not come is forgotten when its grace is over. */

#pragma once

#include <glib.h>

/* For how long after it was due a frame is still waited for. A frame begins by a timer, and GLib's
 * timers are late by up to a ms, or by one dispatch of what runs above the redraw. A clock that no
 * longer ticks costs this much once. */
#define LOFT_FRAME_GRACE (4 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  gconstpointer clock;
  gint64        due; /* monotonic µs */
} LoftFrameTime;

typedef struct
{
  LoftFrameTime *times; /* in no order: there are as many as windows that draw */
  guint          n;
  guint          size;
} LoftFrameTimes;

void   loft_frame_times_clear      (LoftFrameTimes *self);

/* Replaces what is known of @clock. A frame that is not due after @now is not waited for. */
void   loft_frame_times_set        (LoftFrameTimes *self, gconstpointer clock, gint64 due,
                                    gint64 now);

/* Returns when the first frame after @now is due, or G_MAXINT64. */
gint64 loft_frame_times_find_next  (LoftFrameTimes *self, gint64 now);

/* Returns until when a frame that is due by @now is waited for, or 0 if none is. Forgets the frames
 * whose grace is over. */
gint64 loft_frame_times_held_until (LoftFrameTimes *self, gint64 now);
