/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftPool: runs the workers of the thread pool.
 *
 * Posting is lock-free. The item goes into its lane. If fewer workers are active than may be
 * (`wants_wake`) and no wake is on its way yet, the poster wakes a worker or starts one. That
 * worker checks whether there is more than it can do, and passes the wake on. So at most one wake
 * is on its way, however much is posted. While a worker is looking for items anyway, a thread that
 * posts one or a few items wakes nobody.
 *
 *   starting/woken --> active: takes items --> looks briefly --> asleep (a while) --> ends
 *                        ^  |
 *                        |  v
 *                      blocked: in get () or wait_for (); another takes its place meanwhile
 *
 * After a wait has ended there may be more active workers than the limit. The next worker that
 * finishes its item then goes to sleep instead of taking another. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-clock-private.h"
#include "base/loft-fork-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-quiet-thread-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-work-queue-private.h"
#include "pool/loft-pool-private.h"
#include "pool/loft-timer-thread-private.h"

#define LOOKS    200 /* how often a worker looks before it goes to sleep: a few µs */
/* When this many items have been posted behind the first, and a worker that looks still has not
 * seen them, it may have lost its processor. */
#define PATIENCE 16

/* What a post has to do. */
enum {
  LOFT_POOL_WAKE_NOBODY,  /* a wake is on its way */
  /* As many workers are active as may be. If the pool is not watched yet, the watch has to begin:
   * see the growth below. */
  LOFT_POOL_FULL,
  /* A worker looks, and will see the item. Once so many have been posted that it should have seen
   * them, another worker is woken. */
  LOFT_POOL_WAKE_IF_MORE,
  LOFT_POOL_WAKE_ANYWAY,
};

typedef struct
{
  LoftWorkQueue queue; /* pushed to by any thread; items are taken from it under `taking` */
  LoftLock taking;     /* held for a few instructions; may be taken under the monitor */
  guint64 taken;       /* under `taking`: how many items were taken so far */

  /* atomic, written under lock. A poster reads it after its push; a worker that goes to sleep
   * writes it before its last look at the lanes. This is a Dekker pair, and both are sequentially
   * consistent, so no wake is lost. */
  gint wants_wake;

  /* atomic: how many items were posted behind another while a worker looks. Relaxed: it is only a
   * hint that the worker may have lost its processor. */
  gint unseen;

  /* atomic, written under lock: there are more active workers than may be */
  gint surplus;

  /* atomic: the pool is watched, see the growth below. Sequentially consistent: see
   * loft_pool_end_watch (). */
  gint watched;
  /* atomic, set once: the program has shut Loft down, or the process ends. Relaxed: what happens at
   * the same moment may be in time or not. */
  gint shut_down;

  LoftMonitor monitor;
  /* under lock */
  guint limit;     /* how many may be active, by the number of processors */
  guint extra;     /* how many more may be, because the active ones make no progress */
  guint workers;
  guint active;
  guint looking;   /* of the active, those that look for items: they see what is posted */
  guint asleep;
  guint wakes;     /* how many of the sleepers were woken and have not noticed it yet */
  guint blocked;
  guint on_own_threads; /* work that has a thread of its own */
  guint peak;
  gboolean on_its_way; /* a worker was woken or started and has not looked at the lanes yet */
  gint64 idle_timeout;
  GCond ended;
  char *failure;       /* to be logged after the lock is released; NULL: none */
  gboolean wants_watch; /* a watch is to begin after the lock is released */

  /* atomic, written under lock: the last wake could not start a thread. Relaxed: a thread that sees
   * it tries again under the lock. */
  gint starved;

  /* only the timers' thread, which sets the alarm again; before that, the thread that began to
   * watch the pool */
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

/* The watch over workers that make no progress: how soon the first look is (ms), how late the next
 * look is at most (ms), and how many more workers than processors there may be because of it. */
#define LOFT_POOL_LOOK_FIRST_MS 100
#define LOFT_POOL_LOOK_LAST_MS  1600
#define LOFT_POOL_MAX_EXTRA     64

static LoftPool *pool_of_process; /* set once in a process */

static void     loft_pool_begin_watch (LoftPool *pool);
static gpointer loft_pool_worker_main (gpointer data);

static gboolean
loft_pool_has_work (LoftPool *pool)
{
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    if (loft_work_queue_has (&pool->queue, which))
      return TRUE;
  return FALSE;
}

/* Returns whether there are items, including those that were moved from the inboxes into the lists.
 * Called under `taking`. */
static gboolean
loft_pool_has_more_locked (LoftPool *pool)
{
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    if (pool->queue.lanes[which].first != NULL)
      return TRUE;
  return loft_pool_has_work (pool);
}

static gboolean
loft_pool_has_any (LoftPool *pool)
{
  gboolean more;

  loft_lock_lock_soon (&pool->taking);
  more = loft_pool_has_more_locked (pool);
  loft_lock_unlock (&pool->taking);
  return more;
}

static void
loft_pool_update_locked (LoftPool *pool)
{
  guint places = loft_pool_get_places_locked (pool);
  gint wants = pool->on_its_way         ? LOFT_POOL_WAKE_NOBODY
               : pool->active >= places ? LOFT_POOL_FULL
               : pool->looking > 0      ? LOFT_POOL_WAKE_IF_MORE
                                        : LOFT_POOL_WAKE_ANYWAY;

  /* Relaxed: it is written only under this lock. The store is the worker's half of the Dekker pair
   * of `wants_wake`. */
  if (loft_load_relaxed (&pool->wants_wake) != wants)
    loft_store_seq_cst (&pool->wants_wake, wants);
  /* Relaxed: a worker that sees a surplus checks again under the lock. */
  loft_store_relaxed (&pool->surplus, pool->active > places);
}

/* Unlocks, and then does what must not happen under the lock. A log handler may be any code of the
 * program. */
static void
loft_pool_unlock (LoftPool *pool)
{
  g_autofree char *failure = g_steal_pointer (&pool->failure);
  gboolean wants_watch = pool->wants_watch;

  pool->wants_watch = FALSE;
  loft_monitor_unlock (&pool->monitor);
  if (G_UNLIKELY (wants_watch))
    loft_pool_begin_watch (pool);
  if (failure != NULL)
    g_warning ("%s", failure);
}

/* Makes one more worker active: wakes a sleeper if there is one, and otherwise starts a thread. */
static void
loft_pool_wake_locked (LoftPool *pool)
{
  if (pool->on_its_way)
    return;
  if (pool->active >= loft_pool_get_places_locked (pool))
    {
      pool->wants_watch = TRUE;
      return;
    }

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
      GThread *thread = loft_quiet_thread_try_new ("loft-pool", loft_pool_worker_main, pool,
                                                   &error);

      if (thread != NULL)
        {
          g_thread_unref (thread);
          loft_store_relaxed (&pool->starved, FALSE);
          pool->workers++;
          pool->peak = MAX (pool->peak, pool->workers);
        }
      else
        {
          /* The next post, the next worker that has finished its item, a thread that waits
           * (loft_pool_retry) and the timers' thread try again. */
          pool->active--;
          pool->on_its_way = FALSE;
          pool->wants_watch = TRUE;
          if (!loft_exchange_relaxed (&pool->starved, TRUE))
            {
              g_free (pool->failure);
              pool->failure = g_strdup_printf ("Can't start a worker thread (there are %u); it is "
                                               "tried again every %d ms: %s",
                                               pool->workers, LOFT_POOL_LOOK_FIRST_MS,
                                               error->message);
            }
        }
    }
  loft_pool_update_locked (pool);
}

/* The pool grows when its workers are blocked in code that Loft knows nothing of, and it shrinks
 * again.
 *
 *   all places taken, and more waits ──> watched: a look every 100 ms
 *     nothing was taken since the last look: one place more, and the next look in twice that time
 *                                            (1.6 s at most)
 *     nothing waits any more:                one place less; at the ordinary number, no longer
 *                                            watched
 *
 * A look is an alarm on the timers' thread, which never waits for the pool. A look also starts a
 * worker that could not be started before because no thread was available. */

static void
loft_pool_look_later (LoftPool *pool)
{
  loft_timer_thread_set (&pool->look, loft_clock_after (loft_clock_now (), pool->look_every));
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

/* Ends the watch, when nothing waits and there are no more places than usual. Returns FALSE if an
 * item was posted at this moment, so that the caller has to go on with the watch. */
static gboolean
loft_pool_end_watch (LoftPool *pool)
{
  /* A Dekker pair with loft_pool_is_seen_to: the poster writes the lane and then reads `watched`;
   * this thread writes `watched` and then reads the lanes. */
  loft_store_seq_cst (&pool->watched, FALSE);
  return !loft_pool_has_any (pool) || loft_exchange_seq_cst (&pool->watched, TRUE);
}

/* Carries out a look. Returns whether to look again. */
static gboolean
loft_pool_look (LoftPool *pool)
{
  gboolean waits = loft_pool_has_any (pool);
  guint64 taken = loft_pool_get_taken (pool);
  gboolean gets_on = taken != pool->taken_before, goes_on;

  pool->taken_before = taken;
  loft_monitor_lock (&pool->monitor);
  if (waits && !gets_on && pool->active >= loft_pool_get_places_locked (pool) &&
      pool->extra < LOFT_POOL_MAX_EXTRA && !loft_load_relaxed (&pool->shut_down))
    {
      pool->extra++;
      pool->look_every = MIN (2 * pool->look_every,
                              LOFT_POOL_LOOK_LAST_MS * G_TIME_SPAN_MILLISECOND);
    }
  else if (!waits)
    {
      pool->extra -= pool->extra > 0 ? 1 : 0;
      pool->look_every = LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
    }
  loft_pool_update_locked (pool);
  if (waits)
    loft_pool_wake_locked (pool);
  pool->wants_watch = FALSE; /* the pool is watched already */
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

  /* Sequentially consistent: pairs with the exchange in loft_pool_begin_watch (). The thread that
   * begins the next watch takes the alarm over, and sees what the last watch did with it. */
  loft_store_seq_cst (&pool->watched, FALSE);
}

static void
loft_pool_init_growth (LoftPool *pool)
{
  pool->look.ring = on_look;
  pool->look.stop = on_stop;
  pool->look_every = LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
}

static void
loft_pool_begin_watch (LoftPool *pool)
{
  /* Sequentially consistent: see loft_pool_end_watch () and on_stop (). Only one thread begins the
   * watch, and the alarm is its own until it is set. */
  if (!loft_exchange_seq_cst (&pool->watched, TRUE))
    loft_pool_look_later (pool);
}

/* The pool of this process. */

static LoftPool *
loft_pool_get (void)
{
  if (g_once_init_enter (&pool_of_process))
    {
      LoftPool *made = g_aligned_alloc0 (1, sizeof (LoftPool), 64);

      loft_work_queue_init (&made->queue, NULL);
      loft_monitor_init (&made->monitor);
      g_cond_init (&made->ended);
      made->limit = MAX (2, g_get_num_processors ());
      made->idle_timeout = LOFT_POOL_IDLE_TIMEOUT;
      made->wants_wake = LOFT_POOL_WAKE_ANYWAY;
      loft_pool_init_growth (made);
      loft_fork_forget ((gpointer *) &pool_of_process);
      LOFT_TSAN_RELEASE (made);
      g_once_init_leave (&pool_of_process, made);
    }
  LOFT_TSAN_ACQUIRE (pool_of_process);
  return pool_of_process;
}

/* The workers. */

static LoftWorkItem *
loft_pool_take (LoftPool *pool,
                LoftLane *out_lane,
                gboolean *out_more)
{
  LoftWorkItem *item = NULL;

  loft_lock_lock_soon (&pool->taking);
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOW && item == NULL; which--)
    {
      item = loft_work_queue_pop (&pool->queue, which);
      *out_lane = which;
    }
  pool->taken += item != NULL;
  *out_more = item != NULL && loft_pool_has_more_locked (pool);
  loft_lock_unlock (&pool->taking);
  return item;
}

/* Called under lock, when the worker is no longer active. Returns TRUE if the worker was woken, and
 * is active again, and FALSE if nobody needed it for a while. */
static gboolean
loft_pool_sleep_locked (LoftPool *pool)
{
  gint64 since = g_get_monotonic_time ();
  gboolean in_time = TRUE;

  pool->asleep++;
  while (pool->wakes == 0 && in_time)
    {
      gint64 until = since + pool->idle_timeout,
             again = g_get_monotonic_time () + LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
      /* If the timers' thread could not be started, no other thread may be alive to try again. */
      gboolean starved = loft_timer_thread_is_starved ();

      in_time = loft_monitor_wait_until (&pool->monitor, starved ? MIN (again, until) : until) ||
                (starved && again < until);
    }
  pool->asleep--;
  if (pool->wakes == 0)
    return FALSE;
  pool->wakes--;
  return TRUE;
}

/* Spins for a few µs to see whether an item is posted, which is much cheaper than to sleep and be
 * woken. A thread that posts in the meantime does not have to wake anybody. */
static gboolean
loft_pool_look_locked (LoftPool *pool)
{
  gboolean found = FALSE;

  pool->looking++;
  loft_store_relaxed (&pool->unseen, 0);
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

/* Looks, and then sleeps, until there may be something to take. Sets @out_woken if the worker was
 * woken for that. Returns FALSE if the worker ends. */
static gboolean
loft_pool_rest_locked (LoftPool *pool,
                       gboolean *out_woken)
{
  gboolean surplus = pool->active > loft_pool_get_places_locked (pool);

  /* One worker that looks is enough. */
  if (!surplus && pool->looking == 0 && loft_pool_look_locked (pool))
    return TRUE;
  pool->active--;
  loft_pool_update_locked (pool);
  /* This is the last look, after wants_wake is visible: a post from now on sees wants_wake and
   * wakes a worker. */
  if (!surplus && loft_pool_has_any (pool))
    {
      pool->active++;
      loft_pool_update_locked (pool);
      return TRUE;
    }
  if (G_UNLIKELY (loft_load_relaxed (&pool->shut_down)))
    g_main_context_wakeup (NULL); /* see loft_shutdown () */
  *out_woken = loft_pool_sleep_locked (pool);
  return *out_woken;
}

/* A worker that was woken or started has taken what it found. It passes the wake on if there is
 * more. It looks for more only now, because until now a thread that posted woke nobody. */
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

/* Returns whether one more item requires nothing of its poster: a wake is on its way already, or
 * all places are taken and the pool is watched already. */
static gboolean
loft_pool_is_seen_to (LoftPool *pool,
                      gint      wants)
{
  /* Sequentially consistent: see loft_pool_end_watch. */
  return wants == LOFT_POOL_WAKE_NOBODY ||
         (wants == LOFT_POOL_FULL && loft_load_seq_cst (&pool->watched));
}

static void
loft_pool_wake (LoftPool *pool)
{
  loft_monitor_lock (&pool->monitor);
  loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
}

/* A worker has taken an item, and there are more items. Relaxed: this is an additional look. The
 * poster of each item has looked, and a worker that goes to sleep looks at the lanes once more,
 * both with the order that `wants_wake` needs. */
static void
loft_pool_note_more (LoftPool *pool)
{
  if (!loft_pool_is_seen_to (pool, loft_load_relaxed (&pool->wants_wake)))
    loft_pool_wake (pool);
}

/* Takes the next item, or rests until there is one. Returns NULL if the worker ends. */
static LoftWorkItem *
loft_pool_next (LoftPool *pool,
                LoftLane *out_lane,
                gboolean *woken)
{
  gboolean goes_on = TRUE;
  gboolean quiet = *woken; /* it begins with its mask for waiting */

  while (goes_on)
    {
      gboolean more = FALSE;
      LoftWorkItem *item;

      loft_stop_if_over ();
      if (G_UNLIKELY (pool != pool_of_process))
        /* This is a forked child in which a handler has returned. The remaining items are left to
         * its parent. */
        return NULL;
      item = loft_load_relaxed (&pool->surplus) ? NULL
                                                : loft_pool_take (pool, out_lane, &more);

      if (G_UNLIKELY (*woken))
        loft_pool_arrive (pool);
      else if (G_UNLIKELY (more))
        loft_pool_note_more (pool);
      *woken = FALSE;
      if (item != NULL && G_UNLIKELY (quiet))
        loft_quiet_thread_begin_work ();
      if (item != NULL)
        return item;
      if (!quiet)
        loft_quiet_thread_end_work ();
      quiet = TRUE;
      loft_monitor_lock (&pool->monitor);
      goes_on = loft_pool_rest_locked (pool, woken);
      loft_pool_unlock (pool);
    }
  return NULL;
}

/* The worker has ended, or a handler has ended the worker's thread with g_thread_exit () or
 * pthread_exit (). */
static void
loft_pool_lose_worker (LoftPool *pool,
                       gboolean  active)
{
  loft_thread_get ()->is_pooled = FALSE; /* it has no place to lend any more */
  loft_monitor_lock (&pool->monitor);
  if (active)
    {
      pool->active--;
      loft_pool_update_locked (pool);
      if (loft_pool_has_any (pool))
        loft_pool_wake_locked (pool);
    }
  if (--pool->workers == 0)
    g_cond_broadcast (&pool->ended);
  loft_pool_unlock (pool);
}

/* Work on a thread of its own. */

static void
loft_pool_begin_own_thread (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->on_own_threads++;
  loft_pool_unlock (pool);
}

static void
loft_pool_end_own_thread (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_monitor_lock (&pool->monitor);
  pool->on_own_threads--;
  loft_pool_unlock (pool);
  if (loft_pool_is_shut_down ())
    g_main_context_wakeup (NULL);
}

static void
on_thread_exit (LoftThread *state)
{
  LoftWorkItem *item = g_steal_pointer (&state->item);

  if (item == NULL)
    return; /* the thread ended in order */
  /* These are frames of a stack that is gone. */
  state->dispatch = NULL;
  state->run = NULL;
  state->report = NULL;
  state->drain = NULL;
  state->tell = NULL;
  if (state->is_pooled)
    loft_pool_lose_worker (loft_pool_get (), TRUE);
  else
    loft_pool_end_own_thread ();
  /* The handler left its work in the middle. The work ends now, so that nobody waits for it for
   * ever. */
  if (state->runs_work)
    item->klass->drop (item, NULL);
}

/* On a thread that runs the pool's items, loft_pool_enter_thread () is called first, and then
 * loft_pool_run_item () for each item. If a handler ends the thread, it thereby ends its work. */
static void
loft_pool_run_item (LoftPool     *pool,
                    LoftLane      lane,
                    LoftWorkItem *item)
{
  LoftThread *state = loft_thread_get ();

  state->item = item;
  /* An item of Loft's own may free itself before it calls any handler. */
  state->runs_work = item->klass->is_dead != NULL;
  if (loft_probe_is_on ())
    loft_probe_run (&pool->queue, lane, item, NULL);
  else
    item->klass->run (item, NULL);
  state->item = NULL;
}

static void
loft_pool_enter_thread (gboolean pooled)
{
  LoftThread *state = loft_thread_get ();

  state->is_worker = TRUE;
  state->is_pooled = pooled;
  loft_thread_add_exit_func (on_thread_exit);
}

static gpointer
loft_pool_worker_main (gpointer data)
{
  LoftPool *pool = data;
  gboolean woken = TRUE;
  LoftWorkItem *item;
  LoftLane lane;

  loft_pool_enter_thread (TRUE);
  LOFT_TSAN_ACQUIRE (pool);
  while ((item = loft_pool_next (pool, &lane, &woken)) != NULL)
    loft_pool_run_item (pool, lane, item);
  if (pool == pool_of_process)
    loft_pool_lose_worker (pool, FALSE);
  return NULL;
}

void
loft_pool_submit (LoftLane      lane,
                  LoftWorkItem *item)
{
  LoftPool *pool = loft_pool_get ();
  LoftPush push = loft_work_queue_push (&pool->queue, lane, item, LOFT_PUSHER_LOFT);
  /* Sequentially consistent: the poster's half of the Dekker pair of `wants_wake`. It is read after
   * the push. */
  gint wants = loft_load_seq_cst (&pool->wants_wake);

  if (loft_pool_is_seen_to (pool, wants))
    return;
  /* Relaxed: `unseen` is only a hint. */
  if (wants == LOFT_POOL_WAKE_IF_MORE &&
      (push == LOFT_PUSH_FIRST ||
       __atomic_add_fetch (&pool->unseen, 1, __ATOMIC_RELAXED) < PATIENCE))
    return;
  loft_pool_wake (pool);
}

void
loft_pool_post_item (LoftWorkItem *item)
{
  loft_pool_submit (LOFT_LANE_NORMAL, item);
}

static gpointer
run_sliced (gpointer data)
{
  LoftWorkItem *item = data;

  loft_pool_enter_thread (FALSE);
  loft_pool_run_item (loft_pool_get (), LOFT_LANE_NORMAL, item);
  loft_pool_end_own_thread ();
  return NULL;
}

gboolean
loft_pool_start_sliced (LoftWorkItem  *item,
                        GError       **error)
{
  GThread *thread;

  loft_pool_begin_own_thread ();
  thread = g_thread_try_new ("loft-sliced", run_sliced, item, error);
  if (thread == NULL)
    {
      loft_pool_end_own_thread ();
      return FALSE;
    }
  g_thread_unref (thread);
  return TRUE;
}

/* How many workers the pool has: the workers that block while another has their place, the limit,
 * and the figures that the pool reports. */

/* A thread waits while no worker could be started. It tries again from time to time, or what it
 * waits for might never run. Returns until when to sleep. */
gint64
loft_pool_retry (gint64 deadline)
{
  LoftPool *pool = loft_pool_get ();
  gint64 again;

  if (G_LIKELY (!loft_load_relaxed (&pool->starved) && !loft_timer_thread_is_starved ()))
    return deadline;
  loft_monitor_lock (&pool->monitor);
  if (loft_pool_has_any (pool))
    loft_pool_wake_locked (pool);
  loft_pool_unlock (pool);
  again = g_get_monotonic_time () + LOFT_POOL_LOOK_FIRST_MS * G_TIME_SPAN_MILLISECOND;
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

/* The end. */

void
loft_pool_note_exit (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_store_relaxed (&pool->shut_down, TRUE);
  loft_pool_set_limit (0); /* each worker goes to sleep after its item */
}

gboolean
loft_pool_is_shut_down (void)
{
  /* Relaxed: a post that is made at this moment may be in time or not. */
  return loft_load_relaxed (&loft_pool_get ()->shut_down);
}

void
loft_pool_shut_down (void)
{
  LoftPool *pool = loft_pool_get ();
  GQueue waiting[LOFT_N_LANES] = { G_QUEUE_INIT };
  LoftWorkItem *item;

  loft_store_relaxed (&pool->shut_down, TRUE);
  loft_lock_lock_soon (&pool->taking);
  for (int which = LOFT_LANE_LOW; which < LOFT_N_LANES; which++)
    while ((item = loft_work_queue_pop (&pool->queue, which)) != NULL)
      {
        if (loft_probe_is_on ())
          loft_probe_note_gone (item);
        g_queue_push_tail (&waiting[which], item);
      }
  loft_lock_unlock (&pool->taking);
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOW; which--)
    while ((item = g_queue_pop_head (&waiting[which])) != NULL)
      if (item->klass->is_dead != NULL) /* work; Loft's own items can't be cancelled */
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

LoftWorkQueue *
loft_pool_peek_queue (void)
{
  return &loft_pool_get ()->queue;
}

void
loft_pool_note_all (void)
{
  LoftPool *pool = loft_pool_get ();

  loft_lock_lock_soon (&pool->taking);
  loft_work_queue_note_all (&pool->queue);
  loft_lock_unlock (&pool->taking);
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
  g_cond_broadcast (&pool->monitor.cond); /* the workers that are asleep look at it again */
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
