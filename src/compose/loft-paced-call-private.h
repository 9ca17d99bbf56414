/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftPacedCall: the frame that a debouncer and a throttler share. It has a handler that runs on a
 * dispatcher's thread, the timers that call it, and a state, whose meaning is the class's own.
 *
 * The object holds one reference and each timer's tick another, so a tick that is on its way may
 * outlive the object. */

#pragma once

#include "base/loft-lock-private.h"
#include "dispatcher/loft-recipient-private.h"

typedef struct
{
  /* atomic */
  gint refs;

  /* constant after init */
  LoftRecipient to;
  GTimeSpan interval; /* µs */

  /* under lock */
  LoftLock lock;
  int state;
} LoftPacedCall;

LoftPacedCall *loft_paced_call_new   (LoftDispatcher *dispatcher, GTimeSpan interval,
                                      LoftQueueHandler handler, gpointer user_data,
                                      GDestroyNotify destroy);
void           loft_paced_call_unref (gpointer self);

/* Calls the handler, which may unref the object that @self belongs to. */
void           loft_paced_call_run   (LoftPacedCall *self);

/* A timer that ticks once, in the Normal lane; @on_tick gets @self as its data. */
LoftDispatcherTimer *loft_paced_call_create_timer (LoftPacedCall *self, GTimeSpan interval,
                                                   GCallback on_tick);
void                 loft_paced_call_clear_timer  (LoftPacedCall *self,
                                                   LoftDispatcherTimer **timer);
