/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two halves of a dispatcher's timer: the object, and how it ticks. */

#pragma once

#include "dispatcher/loft-dispatcher-private.h"

struct _LoftDispatcherTimer
{
  GObject parent_instance;

  LoftLoopTimer timer;        /* the heap's */
  LoftWorkItem item;          /* the lane's */

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */

  /* under lock */
  LoftLock lock;
  gint64 interval;            /* µs */
  LoftPriority priority;
  gboolean repeating;
  gboolean running;
  gint64 due;                 /* when the interval that goes on is over; LOFT_NO_TIMER: none does */
  gboolean queued;            /* a tick waits in its lane */
  guint64 serial;             /* of the last start, stop or change */
  guint64 queued_serial;      /* of that tick */
};

/* From loft-dispatcher-tick.c. The second begins the interval anew if it is running. */
void loft_dispatcher_timer_init_tick      (LoftDispatcherTimer *self);
void loft_dispatcher_timer_restart        (LoftDispatcherTimer *self);

/* From loft-dispatcher-timer.c. */
void loft_dispatcher_timer_notify_running (LoftDispatcherTimer *self);
void loft_dispatcher_timer_emit_tick      (LoftDispatcherTimer *self);
