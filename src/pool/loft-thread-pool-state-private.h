/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of the thread pool, for its workers and for who counts them. */

#pragma once

#include "base/loft-lock-private.h"
#include "queue/loft-work-queue-private.h"
#include "pool/loft-alarm-private.h"

/* What a post is to do. */
enum {
  LOFT_POOL_WAKE_NOBODY,  /* one is on its way */
  LOFT_POOL_FULL,         /* all that may be are active; if nobody looks after them yet, see loft-thread-pool-growth.c */
  LOFT_POOL_WAKE_IF_MORE, /* a worker looks, and will see it; if so many have come that it should have, another */
  LOFT_POOL_WAKE_ANYWAY,
};

typedef struct
{
  LoftWorkQueue queue; /* pushed to by any thread, taken from under `taking` */
  LoftLock taking;     /* held for some instructions; may be taken under the monitor */
  guint64 taken;       /* under `taking`: how many items, so far */

  /* atomic, written under lock; a poster reads it after its push, a worker going to sleep writes it before its last
   * look at the lanes: a Dekker pair, both sequentially consistent, so no wake is lost */
  gint wants_wake;

  /* atomic: what was posted behind another while a worker looks; a hint */
  gint unseen;

  /* atomic, written under lock: there are more active workers than may be */
  gint surplus;

  /* atomic: the pool is looked after, see loft-thread-pool-growth.c */
  gint watched;
  /* atomic, set once: the program has shut Loft down, or the process ends */
  gint shut_down;

  LoftMonitor monitor;
  /* under lock */
  guint limit;     /* how many may be active, by the number of processors */
  guint extra;     /* and so many more, since those that are do not get on */
  guint workers;
  guint active;
  guint looking;   /* of the active, those that look for something to do: they see what is posted */
  guint asleep;
  guint wakes;     /* given, not yet taken: of the sleepers, so many were woken */
  guint blocked;
  guint on_own_threads; /* work that has a thread of its own */
  guint peak;
  gboolean on_its_way; /* a worker was woken or started and has not looked at the lanes yet */
  gint64 idle_timeout;
  GCond ended;
  char *failure;       /* to be logged when the lock is free; NULL: none */
  gboolean wants_watch; /* the same, to be set */

  /* atomic, written under lock: the last wake found no thread to be had */
  gint starved;

  /* the timers' thread only, which sets it; and who began to look after the pool, before that */
  LoftAlarm look;
  guint64 taken_before; /* at the last look */
  gint64 look_every;    /* µs */
} LoftPool;

static inline guint
loft_pool_get_places_locked (LoftPool *pool)
{
  return pool->limit + pool->extra;
}

/* How long an idle worker waits before it ends (µs). */
#define LOFT_POOL_IDLE_TIMEOUT (10 * G_TIME_SPAN_SECOND)

/* When those that are active don't get on: how soon that is looked at first (ms), how late at most, and how many more
 * workers than processors there may be for it. */
#define LOFT_POOL_LOOK_FIRST_MS 100
#define LOFT_POOL_LOOK_LAST_MS  1600
#define LOFT_POOL_MAX_EXTRA     64

LoftPool *loft_pool_get             (void);

/* Whether there is something to take. */
gboolean  loft_pool_has_any         (LoftPool *pool);

/* Under the monitor: after a change of what `wants_wake` and `surplus` follow from. */
void      loft_pool_update_locked   (LoftPool *pool);

/* Leaves the monitor. What there is to log is logged then: a log handler is anybody's code. */
void      loft_pool_unlock          (LoftPool *pool);

/* Makes one more worker active, if one may be and none is on its way: a sleeper if there is one, else a new thread. */
void      loft_pool_wake_locked     (LoftPool *pool);

/* The growth, from loft-thread-pool-growth.c. Looks after the pool from now on, if nobody does; no lock held. */
void      loft_pool_init_growth     (LoftPool *pool);
void      loft_pool_begin_watch     (LoftPool *pool);
