/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How many workers the pool has: those that block and have another in their place, the limit, and what is said of it. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "pool/loft-thread-pool-state-private.h"
#include "pool/loft-thread-pool-worker-private.h"

#define RETRY_EVERY (LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND)

/* A thread waits while no worker could be started: it tries again now and then, or what it waits for may never run. Gives
 * until when to sleep. */
gint64
loft_pool_retry (gint64 deadline)
{
  LoftPool *pool = loft_pool_get ();
  gint64 again;

  if (G_LIKELY (!__atomic_load_n (&pool->starved, __ATOMIC_RELAXED) && !loft_alarms_starved ()))
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

  if (!loft_thread_get ()->is_pooled)
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

  if (!loft_thread_get ()->is_pooled)
    return;
  pool = loft_pool_get ();
  loft_monitor_lock (&pool->monitor);
  pool->active++;
  pool->blocked--;
  loft_pool_update_locked (pool);
  loft_pool_unlock (pool);
}

void
loft_pool_begin_own_thread (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->on_own_threads++;
  loft_pool_unlock (pool);
}

void
loft_pool_end_own_thread (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->on_own_threads--;
  loft_pool_unlock (pool);
  if (loft_pool_is_shut_down ())
    g_main_context_wakeup (NULL);
}

/* The end. */

void
loft_pool_note_exit (void)
{
  LoftPool *pool = loft_pool_get ();

  __atomic_store_n (&pool->shut_down, TRUE, __ATOMIC_RELAXED);
  loft_pool_set_limit (0); /* each worker goes to sleep after what it is doing */
}

gboolean
loft_pool_is_shut_down (void)
{
  /* Relaxed: who posts at this moment may be in time or not. */
  return __atomic_load_n (&loft_pool_get ()->shut_down, __ATOMIC_RELAXED);
}

void
loft_pool_shut_down (void)
{
  LoftPool *pool = loft_pool_get ();
  GQueue waiting[LOFT_N_LANES] = { G_QUEUE_INIT };
  LoftWorkItem *item;

  __atomic_store_n (&pool->shut_down, TRUE, __ATOMIC_RELAXED);
  loft_lock_lock_soon (&pool->taking);
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    while ((item = loft_work_queue_pop (&pool->queue, which)) != NULL)
      g_queue_push_tail (&waiting[which], item);
  loft_lock_unlock (&pool->taking);
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOW; which--)
    while ((item = g_queue_pop_head (&waiting[which])) != NULL)
      if (item->klass->is_dead != NULL) /* work: what is Loft's own can't be cancelled */
        item->klass->drop (item, NULL);
      else
        loft_pool_submit (which, item);
}

gboolean
loft_pool_is_at_rest (void)
{
  LoftPool *pool = loft_pool_get ();
  gboolean rests;

  loft_monitor_lock (&pool->monitor);
  rests = pool->active == pool->looking && pool->blocked == 0 && pool->on_own_threads == 0;
  loft_pool_unlock (pool);
  return rests && !loft_pool_has_any (pool);
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
  out_stats->extra = pool->extra;
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
