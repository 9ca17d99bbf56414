/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The probe: while somebody observes, it keeps a record of each item that waits or runs. While
 * nobody observes, the queues and loops only test one flag. A queue is only a name here. */

#pragma once

#include "base/loft-atomic-private.h"
#include "queue/loft-work-item-private.h"

/* atomic: how many observe. Relaxed: an item that is pushed at the same moment may be recorded or
 * not. An item that is recorded is always removed: see loft-probe.c. */
G_GNUC_INTERNAL extern gint loft_probe_observers;

static inline gboolean
loft_probe_is_on (void)
{
  return G_UNLIKELY (loft_load_relaxed (&loft_probe_observers) != 0);
}

/* What an item is, and where it was asked for. */
typedef struct
{
  const char  *name; /* of its class */
  LoftCallSite site;
} LoftProbeItem;

typedef struct
{
  guint64       waiting;      /* items, with cancelled ones that wait to be released */
  gint64        oldest_since; /* monotonic µs; 0: none waits */
  LoftProbeItem oldest;
  guint64       run;          /* items that have run */
  gint64        longest;      /* µs */
  LoftProbeItem slowest;
} LoftProbeLaneInfo;

typedef struct
{
  LoftLane      lane;
  LoftProbeItem item;
  gint64        since;        /* monotonic µs */
} LoftProbeRunInfo;

typedef struct
{
  LoftLane      lane;
  LoftProbeItem item;
  guint64       run;
  gint64        total;        /* µs */
  gint64        longest;      /* µs */
} LoftProbeSiteInfo;

/* Any thread may call these two, in pairs. */
void   loft_probe_begin     (void);
void   loft_probe_end       (void);

/* Called before the push; and by the taker of an item that is dropped, or if the push was
 * refused. */
__attribute__ ((cold, noinline))
void   loft_probe_note_push (gconstpointer queue, LoftLane lane, LoftWorkItem *item);
__attribute__ ((cold, noinline))
void   loft_probe_note_gone (LoftWorkItem *item);

/* Runs @item, which has left the queue, and measures how long it takes. */
__attribute__ ((cold, noinline))
void   loft_probe_run       (gconstpointer queue, LoftLane lane, LoftWorkItem *item,
                             LoftDispatcher *dispatcher);

/* The queue is about to be freed, with nothing in it. */
void   loft_probe_forget    (gconstpointer queue);

/* Any thread may call. The arrays are the caller's. */
void   loft_probe_get_lane  (gconstpointer queue, LoftLane lane, LoftProbeLaneInfo *out_info);
GArray *loft_probe_list_running (gconstpointer queue);
GArray *loft_probe_list_sites   (gconstpointer queue);
