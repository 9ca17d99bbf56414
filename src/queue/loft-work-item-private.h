/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkItem: one thing that waits in a lane. It is the intrusive node that posts, actions and
 * deliveries begin with or contain.
 *
 * An item is consumed exactly once: by `run` on the dispatcher's thread or a worker, or by `drop`
 * if it will never run, because its dispatcher was shut down or its thread has ended. The function
 * that consumes the item also releases what the node's place in the queue held. */

#pragma once

#include <loft/loft.h>

#include "base/loft-trace-private.h"

typedef struct _LoftWorkItem      LoftWorkItem;
typedef struct _LoftWorkItemClass LoftWorkItemClass;

struct _LoftWorkItemClass
{
  const char *name;

  /* Runs the item and consumes it. @dispatcher is NULL on the thread pool. */
  void     (*run)     (LoftWorkItem *item, LoftDispatcher *dispatcher);

  /* Consumes the item without running it, and releases its data on the calling thread, because the
   * item's home is gone. */
  void     (*drop)    (LoftWorkItem *item, LoftDispatcher *dispatcher);

  /* Returns whether the item was cancelled and waits only to be released. NULL: it never is. */
  gboolean (*is_dead) (LoftWorkItem *item);

  /* Returns the call site that posted the item. NULL: only Loft itself posts such items. */
  void     (*get_site) (LoftWorkItem *item, LoftCallSite *out_site);
};

/* a lane's inbox uses the three low bits of the address for itself */
struct __attribute__ ((aligned (8))) _LoftWorkItem
{
  LoftWorkItem            *next;  /* the queue's while queued */
  const LoftWorkItemClass *klass; /* constant after init */
};

/* The lane: the priority plus three, so that a higher number is more urgent. */
typedef enum {
  LOFT_LANE_TIMER = 0, /* the ticks of timers; posts don't use it */
  LOFT_LANE_IDLE = 1,
  LOFT_LANE_LOW = 2,
  LOFT_LANE_NORMAL = 3,
  LOFT_LANE_HIGH = 4,
} LoftLane;

#define LOFT_LANE_LOWEST LOFT_LANE_TIMER
#define LOFT_N_LANES 5

static inline LoftLane
loft_lane_from_priority (LoftPriority priority)
{
  return (LoftLane) ((int) priority + 3);
}

static inline LoftPriority
loft_lane_to_priority (LoftLane lane)
{
  return (LoftPriority) ((int) lane - 3);
}

static inline gboolean
loft_priority_is_valid (int priority)
{
  return priority >= LOFT_PRIORITY_IDLE && priority <= LOFT_PRIORITY_HIGH;
}

/* The guard of every function that takes a priority. To pass a G_PRIORITY_ value is the usual
 * mistake, so the critical message names it. */
gboolean loft_priority_check (int priority, LoftPriority lowest, const char *function);

/* An item that calls @func with @data and is consumed by that. It has no drop, so it is for the
 * pool and for trampolines, which drop nothing. */
LoftWorkItem *loft_call_item_new (GDestroyNotify func, gpointer data);
