/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The workers of the thread pool.
 *
 * Posting is lock-free: the item goes into its lane, and if fewer workers are active than may be (`wants_wake`) and no
 * wake is on its way yet, the poster wakes or starts one. That worker looks whether there is more than it can do, and
 * passes the wake on. So there is at most one wake on its way, whatever is posted; and while a worker looks anyway who posts one
 * or a few items wakes nobody.
 *
 *   starting/woken --> active: takes items --> looks briefly --> asleep (a while) --> ends
 *                        ^  |
 *                        |  v
 *                      blocked: in get () or wait_for (); another takes its place meanwhile
 *
 * After a wait that ended there may be more active workers than the limit; the next that finishes its item goes to
 * sleep instead of taking another. */

#include "config.h"

#include "loft-thread-pool-state-private.h"
#include "loft-thread-pool-worker-private.h"
#include "loft-thread-state-private.h"

#define LOOKS    200 /* before a worker goes to sleep: a few µs */
#define PATIENCE 16  /* so many items behind the first, and one that looks still has not seen them: it may have lost its processor */

LoftPool *
loft_pool_get (void)
{
  static LoftPool *pool;

  if (g_once_init_enter (&pool))
    {
      LoftPool *made = g_aligned_alloc0 (1, sizeof (LoftPool), 64);

      loft_work_queue_init (&made->queue, NULL);
      loft_monitor_init (&made->monitor);
      g_cond_init (&made->ended);
      made->limit = MAX (2, g_get_num_processors ());
      made->idle_timeout = LOFT_POOL_IDLE_TIMEOUT;
      made->wants_wake = LOFT_POOL_WAKE_ANYWAY;
      LOFT_TSAN_RELEASE (made);
      g_once_init_leave (&pool, made);
    }
  LOFT_TSAN_ACQUIRE (pool);
  return pool;
}

static gboolean
loft_pool_has_work (LoftPool *pool)
{
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    if (loft_work_queue_has (&pool->queue, which))
      return TRUE;
  return FALSE;
}

/* With what was taken out of the inboxes before; under `taking`. */
static gboolean
loft_pool_has_more_locked (LoftPool *pool)
{
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    if (pool->queue.lanes[which].first != NULL)
      return TRUE;
  return loft_pool_has_work (pool);
}

gboolean
loft_pool_has_any (LoftPool *pool)
{
  gboolean more;

  loft_lock_lock_soon (&pool->taking);
  more = loft_pool_has_more_locked (pool);
  loft_lock_unlock (&pool->taking);
  return more;
}

void
loft_pool_update_locked (LoftPool *pool)
{
  gint wants = pool->active >= pool->limit || pool->on_its_way ? LOFT_POOL_WAKE_NOBODY
               : pool->looking > 0                             ? LOFT_POOL_WAKE_IF_MORE
                                                               : LOFT_POOL_WAKE_ANYWAY;

  if (__atomic_load_n (&pool->wants_wake, __ATOMIC_RELAXED) != wants)
    __atomic_store_n (&pool->wants_wake, wants, __ATOMIC_SEQ_CST);
  /* Relaxed: who sees it looks again, under lock. */
  __atomic_store_n (&pool->surplus, pool->active > pool->limit, __ATOMIC_RELAXED);
}

/* What there is to log is logged with the lock free: a log handler is anybody's code. */
void
loft_pool_unlock (LoftPool *pool)
{
  g_autofree char *failure = g_steal_pointer (&pool->failure);

  loft_monitor_unlock (&pool->monitor);
  if (failure != NULL)
    g_warning ("%s", failure);
}

static gpointer loft_pool_worker_main (gpointer data);

/* Makes one more worker active: a sleeper if there is one, else a new thread. */
void
loft_pool_wake_locked (LoftPool *pool)
{
  if (pool->active >= pool->limit || pool->on_its_way)
    return;

  pool->active++;
  pool->on_its_way = TRUE;
  if (pool->asleep > pool->wakes)
    {
      pool->wakes++;
      LOFT_TSAN_RELEASE (&pool->monitor);
      g_cond_signal (&pool->monitor.cond);
    }
  else
    {
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_try_new ("loft-pool", loft_pool_worker_main, pool, &error);

      if (thread != NULL)
        {
          g_thread_unref (thread);
          __atomic_store_n (&pool->starved, FALSE, __ATOMIC_RELAXED);
          pool->workers++;
          pool->peak = MAX (pool->peak, pool->workers);
        }
      else
        {
          /* The next post, the next worker that is done, and who waits (loft_pool_retry) try again. */
          pool->active--;
          pool->on_its_way = FALSE;
          __atomic_store_n (&pool->starved, TRUE, __ATOMIC_RELAXED);
          g_free (pool->failure);
          pool->failure = g_strdup_printf ("Can't start a worker thread (there are %u): %s", pool->workers, error->message);
        }
    }
  loft_pool_update_locked (pool);
}

static LoftWorkItem *
loft_pool_take (LoftPool *pool,
                gboolean *out_more)
{
  LoftWorkItem *item = NULL;

  loft_lock_lock_soon (&pool->taking);
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOW && item == NULL; which--)
    item = loft_work_queue_pop (&pool->queue, which);
  *out_more = item != NULL && loft_pool_has_more_locked (pool);
  loft_lock_unlock (&pool->taking);
  return item;
}

/* Under lock, no longer active. TRUE: woken, and active again. FALSE: nobody needed it for a while. */
static gboolean
loft_pool_sleep_locked (LoftPool *pool)
{
  gint64 since = g_get_monotonic_time ();
  gboolean in_time = TRUE;

  pool->asleep++;
  while (pool->wakes == 0 && in_time)
    in_time = loft_monitor_wait_until (&pool->monitor, since + pool->idle_timeout);
  pool->asleep--;
  if (pool->wakes == 0)
    return FALSE;
  pool->wakes--;
  return TRUE;
}

/* Looks for a few µs whether something comes: much cheaper than to sleep and be woken. Who posts meanwhile need wake nobody. */
static gboolean
loft_pool_look_locked (LoftPool *pool)
{
  gboolean found = FALSE;

  pool->looking++;
  __atomic_store_n (&pool->unseen, 0, __ATOMIC_RELAXED);
  loft_pool_update_locked (pool);
  loft_pool_unlock (pool);
  for (guint i = 0; i < LOOKS && !found; i++)
    {
      found = loft_pool_has_work (pool);
      loft_pause ();
    }
  loft_monitor_lock (&pool->monitor);
  pool->looking--;
  loft_pool_update_locked (pool);
  return found;
}

/* Looks, and then sleeps, until there may be something to take; @out_woken: it was woken for that. FALSE: the worker ends. */
static gboolean
loft_pool_rest_locked (LoftPool *pool,
                       gboolean *out_woken)
{
  gboolean surplus = pool->active > pool->limit;

  if (!surplus && pool->looking == 0 && loft_pool_look_locked (pool)) /* one that looks is enough */
    return TRUE;
  pool->active--;
  loft_pool_update_locked (pool);
  /* The last look, after wants_wake is visible: a post that comes now sees it and wakes us. */
  if (!surplus && loft_pool_has_any (pool))
    {
      pool->active++;
      loft_pool_update_locked (pool);
      return TRUE;
    }
  *out_woken = loft_pool_sleep_locked (pool);
  return *out_woken;
}

/* A worker that was woken or started has taken what it found, and passes the wake on if there is more: which it looks for only now,
 * since until now who posted woke nobody. */
static void
loft_pool_arrive (LoftPool *pool)
{
  loft_monitor_lock (&pool->monitor);
  pool->on_its_way = FALSE;
  loft_pool_update_locked (pool);
  if (loft_pool_has_any (pool))
    loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
}

static void
loft_pool_wake (LoftPool *pool)
{
  loft_monitor_lock (&pool->monitor);
  loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
}

/* Takes the next item, or rests until there is one. NULL: the worker ends. */
static LoftWorkItem *
loft_pool_next (LoftPool *pool,
                gboolean *woken)
{
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      gboolean more = FALSE;
      LoftWorkItem *item = __atomic_load_n (&pool->surplus, __ATOMIC_RELAXED) ? NULL : loft_pool_take (pool, &more);

      if (G_UNLIKELY (*woken))
        loft_pool_arrive (pool);
      else if (G_UNLIKELY (more && __atomic_load_n (&pool->wants_wake, __ATOMIC_RELAXED) != LOFT_POOL_WAKE_NOBODY))
        loft_pool_wake (pool);
      *woken = FALSE;
      if (item != NULL)
        return item;
      loft_monitor_lock (&pool->monitor);
      goes_on = loft_pool_rest_locked (pool, woken);
      loft_pool_unlock (pool);
    }
  return NULL;
}

static gpointer
loft_pool_worker_main (gpointer data)
{
  LoftPool *pool = data;
  gboolean woken = TRUE;
  LoftWorkItem *item;

  loft_thread_state_get ()->is_worker = TRUE;
  loft_thread_state_get ()->is_pooled = TRUE;
  LOFT_TSAN_ACQUIRE (pool);
  while ((item = loft_pool_next (pool, &woken)) != NULL)
    item->klass->run (item, NULL);
  loft_thread_state_get ()->is_pooled = FALSE; /* it has no place to lend any more */
  loft_monitor_lock (&pool->monitor);
  if (--pool->workers == 0)
    g_cond_broadcast (&pool->ended);
  loft_pool_unlock (pool);
  return NULL;
}

void
loft_pool_submit (LoftLane      lane,
                  LoftWorkItem *item)
{
  LoftPool *pool = loft_pool_get ();
  LoftPush push = loft_work_queue_push (&pool->queue, lane, item, LOFT_PUSHER_LOFT);
  gint wants = __atomic_load_n (&pool->wants_wake, __ATOMIC_SEQ_CST);

  if (wants == LOFT_POOL_WAKE_NOBODY)
    return;
  if (wants == LOFT_POOL_WAKE_IF_MORE &&
      (push == LOFT_PUSH_FIRST || __atomic_add_fetch (&pool->unseen, 1, __ATOMIC_RELAXED) < PATIENCE))
    return;
  loft_pool_wake (pool);
}
