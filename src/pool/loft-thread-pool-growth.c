/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the pool grows when its workers are blocked in code that Loft knows nothing of, and how it shrinks again.
 *
 *   all places taken, and more waits ──> watched: a look every 100 ms
 *     nothing was taken since the last look: one place more, and the next look in twice that time (1.6 s at most)
 *     nothing waits any more:                one place less; at the ordinary number, no longer watched
 *
 * A look is an alarm on the timers' thread, which never waits for the pool. It also starts a worker that could not be
 * started before, for want of threads. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "pool/loft-thread-pool-state-private.h"

static void
loft_pool_look_later (LoftPool *pool)
{
  loft_alarm_set (&pool->look, loft_clock_after (loft_clock_now (), pool->look_every));
}

static guint64
loft_pool_get_taken (LoftPool *pool)
{
  guint64 taken;

  loft_lock_lock_soon (&pool->taking);
  taken = pool->taken;
  loft_lock_unlock (&pool->taking);
  return taken;
}

/* Nothing waits, and no more places than usual. FALSE: something came at this moment. */
static gboolean
loft_pool_end_watch (LoftPool *pool)
{
  /* A Dekker pair with loft_pool_is_seen_to: the poster writes the lane and then reads this, we write this and then
   * read the lanes. */
  __atomic_store_n (&pool->watched, FALSE, __ATOMIC_SEQ_CST);
  return !loft_pool_has_any (pool) || __atomic_exchange_n (&pool->watched, TRUE, __ATOMIC_SEQ_CST);
}

/* Whether to look again. */
static gboolean
loft_pool_look (LoftPool *pool)
{
  gboolean waits = loft_pool_has_any (pool);
  guint64 taken = loft_pool_get_taken (pool);
  gboolean gets_on = taken != pool->taken_before, goes_on;

  pool->taken_before = taken;
  loft_monitor_lock (&pool->monitor);
  if (waits && !gets_on && pool->active >= loft_pool_get_places_locked (pool) && pool->extra < LOFT_POOL_MAX_EXTRA &&
      !__atomic_load_n (&pool->shut_down, __ATOMIC_RELAXED))
    {
      pool->extra++;
      pool->look_every = MIN (2 * pool->look_every, LOFT_POOL_LOOK_LAST_MS * G_TIME_SPAN_MILLISECOND);
    }
  else if (!waits)
    {
      pool->extra -= pool->extra > 0 ? 1 : 0;
      pool->look_every = LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
    }
  loft_pool_update_locked (pool);
  if (waits)
    loft_pool_wake_locked (pool);
  pool->wants_watch = FALSE; /* it is */
  goes_on = waits || pool->extra > 0;
  loft_pool_unlock (pool);
  return goes_on || !loft_pool_end_watch (pool);
}

static void
on_look (LoftAlarm *alarm)
{
  LoftPool *pool = (LoftPool *) ((char *) alarm - G_STRUCT_OFFSET (LoftPool, look));

  if (loft_pool_look (pool))
    loft_pool_look_later (pool);
}

static void
on_stop (LoftAlarm *alarm)
{
  LoftPool *pool = (LoftPool *) ((char *) alarm - G_STRUCT_OFFSET (LoftPool, look));

  __atomic_store_n (&pool->watched, FALSE, __ATOMIC_SEQ_CST);
}

void
loft_pool_init_growth (LoftPool *pool)
{
  pool->look.ring = on_look;
  pool->look.stop = on_stop;
  pool->look_every = LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
}

void
loft_pool_begin_watch (LoftPool *pool)
{
  if (!__atomic_exchange_n (&pool->watched, TRUE, __ATOMIC_SEQ_CST))
    loft_pool_look_later (pool);
}
