/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How many workers the pool has: those that block and have another in their place, the limit, and what is said of it. */

#include "config.h"

#include "loft-thread-pool-state-private.h"
#include "loft-thread-pool-worker-private.h"
#include "loft-thread-state-private.h"

#define RETRY_EVERY (100 * G_TIME_SPAN_MILLISECOND)

/* A thread waits while no worker could be started: it tries again now and then, or what it waits for may never run. Gives
 * until when to sleep. */
gint64
loft_pool_retry (gint64 deadline)
{
  LoftPool *pool = loft_pool_get ();
  gint64 again;

  if (G_LIKELY (!__atomic_load_n (&pool->starved, __ATOMIC_RELAXED)))
    return deadline;
  loft_monitor_lock (&pool->monitor);
  if (loft_pool_has_any (pool))
    loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
  again = g_get_monotonic_time () + RETRY_EVERY;
  return deadline < 0 || again < deadline ? again : deadline;
}

void
loft_pool_begin_blocking (void)
{
  LoftPool *pool;

  if (!loft_thread_state_get ()->is_pooled)
    return;
  pool = loft_pool_get ();
  loft_monitor_lock (&pool->monitor);
  pool->active--;
  pool->blocked++;
  loft_pool_update_locked (pool);
  if (loft_pool_has_any (pool))
    loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
}

void
loft_pool_end_blocking (void)
{
  LoftPool *pool;

  if (!loft_thread_state_get ()->is_pooled)
    return;
  pool = loft_pool_get ();
  loft_monitor_lock (&pool->monitor);
  pool->active++;
  pool->blocked--;
  loft_pool_update_locked (pool);
  loft_pool_unlock (pool);
}

void
loft_pool_get_stats (LoftPoolStats *out_stats)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  out_stats->workers = pool->workers;
  out_stats->active = pool->active;
  out_stats->blocked = pool->blocked;
  out_stats->limit = pool->limit;
  out_stats->peak = pool->peak;
  loft_pool_unlock (pool);
}

void
loft_pool_set_limit (guint limit)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->limit = limit;
  loft_pool_update_locked (pool);
  loft_pool_unlock (pool);
}

void
loft_pool_set_idle_timeout (gint64 timeout)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->idle_timeout = timeout < 0 ? LOFT_POOL_IDLE_TIMEOUT : timeout;
  g_cond_broadcast (&pool->monitor.cond); /* those that are asleep look at it again */
  loft_pool_unlock (pool);
}

void
loft_pool_wait_until_empty (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  while (pool->workers > 0)
    {
      LOFT_TSAN_RELEASE (&pool->monitor);
      g_cond_wait (&pool->ended, &pool->monitor.mutex);
      LOFT_TSAN_ACQUIRE (&pool->monitor);
    }
  loft_pool_unlock (pool);
}
