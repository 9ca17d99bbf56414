/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The workers of the thread pool.
 *
 * Posting is lock-free: the item goes into its lane, and if fewer workers are active than may be (`wants_wake`) and no
 * wake is on its way yet, the poster wakes or starts one. That worker looks whether there is more than it can do, and
 * passes the wake on. So there is at most one wake on its way, whatever is posted.
 *
 *   starting/woken --> active: takes items --> looks briefly --> asleep (a while) --> ends
 *                        ^  |
 *                        |  v
 *                      blocked: in get () or wait_for (); another takes its place meanwhile
 *
 * After a wait that ended there may be more active workers than the limit; the next that finishes its item goes to
 * sleep instead of taking another. */

#include "config.h"

#include "loft-lock-private.h"
#include "loft-thread-pool-worker-private.h"
#include "loft-thread-state-private.h"
#include "loft-work-queue-private.h"

#define IDLE_TIMEOUT (10 * G_TIME_SPAN_SECOND)
#define RETRY_EVERY  (100 * G_TIME_SPAN_MILLISECOND)
#define LOOKS        200 /* before a worker goes to sleep: a few µs */

typedef struct
{
  LoftWorkQueue queue; /* pushed to by any thread, taken from under lock */

  /* atomic, written under lock; a poster reads it after its push, a worker going to sleep writes it before its last
   * look at the lanes: a Dekker pair, both sequentially consistent, so no wake is lost */
  gint wants_wake;

  LoftMonitor monitor;
  /* under lock */
  guint limit;
  guint workers;
  guint active;
  guint asleep;
  guint wakes;     /* given, not yet taken: of the sleepers, so many were woken */
  guint blocked;
  guint peak;
  gboolean on_its_way; /* a worker was woken or started and has not looked at the lanes yet */
  gint64 idle_timeout;
  GCond ended;
  char *failure;       /* to be logged when the lock is free; NULL: none */

  /* atomic, written under lock: the last wake found no thread to be had */
  gint starved;
} LoftPool;

static LoftPool *
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
      made->idle_timeout = IDLE_TIMEOUT;
      made->wants_wake = TRUE;
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

/* With what was taken out of the inboxes before. */
static gboolean
loft_pool_has_work_locked (LoftPool *pool)
{
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    if (pool->queue.lanes[which].first != NULL)
      return TRUE;
  return loft_pool_has_work (pool);
}

static void
loft_pool_update_locked (LoftPool *pool)
{
  gint wants = pool->active < pool->limit && !pool->on_its_way;

  if (__atomic_load_n (&pool->wants_wake, __ATOMIC_RELAXED) != wants)
    __atomic_store_n (&pool->wants_wake, wants, __ATOMIC_SEQ_CST);
}

/* What there is to log is logged with the lock free: a log handler is anybody's code. */
static void
loft_pool_unlock (LoftPool *pool)
{
  g_autofree char *failure = g_steal_pointer (&pool->failure);

  loft_monitor_unlock (&pool->monitor);
  if (failure != NULL)
    g_warning ("%s", failure);
}

static gpointer loft_pool_worker_main (gpointer data);

/* Makes one more worker active: a sleeper if there is one, else a new thread. */
static void
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
loft_pool_pop_locked (LoftPool *pool)
{
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOW; which--)
    {
      LoftWorkItem *item = loft_work_queue_pop (&pool->queue, which);

      if (item != NULL)
        return item;
    }
  return NULL;
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

/* Looks for a few µs whether something comes: much cheaper than to sleep and be woken. */
static gboolean
loft_pool_look (LoftPool *pool)
{
  for (guint i = 0; i < LOOKS; i++)
    {
      if (loft_pool_has_work (pool))
        return TRUE;
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause ();
#endif
    }
  return FALSE;
}

/* Takes the next item, or sleeps until there is one. FALSE: the worker ends. */
static gboolean
loft_pool_next_locked (LoftPool      *pool,
                       LoftWorkItem **out_item)
{
  for (;;)
    {
      gboolean surplus = pool->active > pool->limit;

      *out_item = surplus ? NULL : loft_pool_pop_locked (pool);
      if (*out_item != NULL)
        {
          if (loft_pool_has_work_locked (pool))
            loft_pool_wake_locked (pool);
          return TRUE;
        }
      if (!surplus)
        {
          gboolean found;

          loft_pool_unlock (pool);
          found = loft_pool_look (pool);
          loft_monitor_lock (&pool->monitor);
          if (found)
            continue;
        }

      pool->active--;
      loft_pool_update_locked (pool);
      /* The last look, after wants_wake is visible: a post that comes now sees it and wakes us. */
      if (!surplus && loft_pool_has_work_locked (pool))
        {
          pool->active++;
          loft_pool_update_locked (pool);
          continue;
        }
      if (!loft_pool_sleep_locked (pool))
        return FALSE;
      pool->on_its_way = FALSE;
      loft_pool_update_locked (pool);
    }
}

static gpointer
loft_pool_worker_main (gpointer data)
{
  LoftPool *pool = data;
  LoftWorkItem *item;

  loft_thread_state_get ()->is_worker = TRUE;
  loft_thread_state_get ()->is_pooled = TRUE;
  loft_monitor_lock (&pool->monitor);
  pool->on_its_way = FALSE;
  loft_pool_update_locked (pool);
  while (loft_pool_next_locked (pool, &item))
    {
      loft_pool_unlock (pool);
      item->klass->run (item, NULL);
      loft_monitor_lock (&pool->monitor);
    }
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

  loft_work_queue_push (&pool->queue, lane, item, LOFT_PUSHER_LOFT);
  if (!__atomic_load_n (&pool->wants_wake, __ATOMIC_SEQ_CST))
    return;
  loft_monitor_lock (&pool->monitor);
  loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
}

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
  if (loft_pool_has_work_locked (pool))
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
  if (loft_pool_has_work_locked (pool))
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
  pool->idle_timeout = timeout < 0 ? IDLE_TIMEOUT : timeout;
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
