/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher's loop as other threads see it: posting and waking, what is due later, the settings, and the end. */

#include "config.h"

#include "loop/loft-loop-source-private.h"

#include <pthread.h>

/* At the end: how often what came home meanwhile is run before that is refused, too. Handlers that go on for ever by
 * setting new ones must not keep a program from ending. */
#define MAX_ROUNDS 64

/* A round of so many that came during the one before is no flood yet. */
#define CALM 1000

/* So many rounds may be longer than that. */
#define MAX_LONG_ROUNDS 3

void
loft_loop_unref (LoftLoop *loop)
{
  /* Acquire and release: whoever frees it has seen what all others did with it. */
  if (__atomic_fetch_sub (&loop->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  loft_timer_heap_clear (&loop->timers);
  g_aligned_free (loop);
}

void
loft_loop_wake (LoftLoop *loop)
{
  /* The read first: the exchange would write a cache line that all posters share. */
  if (__atomic_load_n (&loop->asleep, __ATOMIC_SEQ_CST) && __atomic_exchange_n (&loop->asleep, 0, __ATOMIC_SEQ_CST))
    g_main_context_wakeup (loop->context);
}

/* An item of it runs on this thread, and none of another loop or of a handler within that. */
static gboolean
loft_loop_is_taken_here (LoftLoop *loop)
{
  LoftDispatchFrame *frame;

  if (__atomic_load_n (&loop->taker, __ATOMIC_RELAXED) != (guintptr) pthread_self ())
    return FALSE;
  frame = loft_thread_get ()->dispatch;
  return frame != NULL && frame->loop == loop && frame->takes;
}

gboolean
loft_loop_post (LoftLoop     *loop,
                LoftLane      lane,
                LoftWorkItem *item,
                LoftPusher    pusher)
{
  if (loft_loop_is_taken_here (loop))
    {
      if (!loft_work_queue_append (&loop->queue, lane, item, pusher))
        return FALSE;
    }
  else if (loft_work_queue_push (&loop->queue, lane, item, pusher) == LOFT_PUSH_REFUSED)
    return FALSE;
  loft_loop_wake (loop); /* also from its own thread: GLib may be about to poll, if this is another source's prepare () */
  return TRUE;
}

void
loft_loop_note_dead (LoftLoop *loop,
                     LoftLane  lane)
{
  loft_work_queue_note_dead (&loop->queue, lane);
}

/* What is due later. */

static LoftLoopTimer *
loft_loop_pop_timer_until (LoftLoop *loop,
                           gint64    now)
{
  LoftTimerEntry *entry, *next;

  loft_lock_lock (&loop->timers_lock);
  entry = loft_timer_heap_pop_due (&loop->timers, now);
  next = loft_timer_heap_peek (&loop->timers);
  __atomic_store_n (&loop->next_due, next != NULL ? next->due : LOFT_NO_TIMER, __ATOMIC_SEQ_CST);
  loft_lock_unlock (&loop->timers_lock);
  return (LoftLoopTimer *) entry;
}

void
loft_loop_dispatch_later (LoftLoop *loop)
{
  gint64 now = loft_clock_now ();
  LoftLoopTimer *timer;

  /* Until now, and not beyond: what is set meanwhile has its turn in the next one. */
  while ((timer = loft_loop_pop_timer_until (loop, now)) != NULL)
    timer->due (timer);
}

LoftSetTimer
loft_loop_set_timer (LoftLoop      *loop,
                     LoftLoopTimer *timer,
                     gint64         due)
{
  gboolean first = FALSE, stopped, moved = FALSE;
  LoftTimerEntry *next;

  loft_lock_lock (&loop->timers_lock);
  stopped = loop->timers_stopped;
  if (!stopped)
    {
      moved = loft_timer_heap_remove (&loop->timers, &timer->entry);
      timer->entry.due = due;
      loft_timer_heap_insert (&loop->timers, &timer->entry);
      next = loft_timer_heap_peek (&loop->timers);
      first = next == &timer->entry;
      __atomic_store_n (&loop->next_due, next->due, __ATOMIC_SEQ_CST);
    }
  loft_lock_unlock (&loop->timers_lock);
  if (first)
    loft_loop_wake (loop);
  return stopped ? LOFT_TIMER_REFUSED : moved ? LOFT_TIMER_MOVED : LOFT_TIMER_ADDED;
}

gboolean
loft_loop_add_timer (LoftLoop      *loop,
                     LoftLoopTimer *timer,
                     gint64         due)
{
  return loft_loop_set_timer (loop, timer, due) != LOFT_TIMER_REFUSED;
}

gboolean
loft_loop_remove_timer (LoftLoop      *loop,
                        LoftLoopTimer *timer)
{
  LoftTimerEntry *next;
  gboolean removed;

  loft_lock_lock (&loop->timers_lock);
  removed = loft_timer_heap_remove (&loop->timers, &timer->entry);
  next = loft_timer_heap_peek (&loop->timers);
  __atomic_store_n (&loop->next_due, next != NULL ? next->due : LOFT_NO_TIMER, __ATOMIC_SEQ_CST);
  loft_lock_unlock (&loop->timers_lock);
  return removed;
}

LoftLoopTimer *
loft_loop_pop_timer (LoftLoop *loop)
{
  return loft_loop_pop_timer_until (loop, G_MAXINT64 - 1);
}

/* Settings. */

gint64
loft_loop_get_slice (LoftLoop *loop)
{
  return __atomic_load_n (&loop->slice, __ATOMIC_RELAXED);
}

void
loft_loop_set_slice (LoftLoop *loop,
                     gint64    slice)
{
  __atomic_store_n (&loop->slice, slice, __ATOMIC_RELAXED);
}

int
loft_loop_get_share (LoftLoop *loop)
{
  return __atomic_load_n (&loop->share, __ATOMIC_RELAXED);
}

void
loft_loop_set_share (LoftLoop *loop,
                     int       share)
{
  __atomic_store_n (&loop->share, share, __ATOMIC_RELAXED);
}

gint64
loft_loop_get_wait_limit (LoftLoop *loop)
{
  return __atomic_load_n (&loop->wait_limit, __ATOMIC_RELAXED);
}

void
loft_loop_set_wait_limit (LoftLoop *loop,
                          gint64    limit)
{
  __atomic_store_n (&loop->wait_limit, limit, __ATOMIC_RELAXED);
}

/* The end. */

gboolean
loft_loop_is_closed (LoftLoop *loop)
{
  return __atomic_load_n (&loop->closed, __ATOMIC_ACQUIRE);
}

gboolean
loft_loop_refuses (LoftLoop *loop)
{
  return __atomic_load_n (&loop->refuses, __ATOMIC_ACQUIRE);
}

void
loft_loop_refuse (LoftLoop *loop)
{
  __atomic_store_n (&loop->refuses, 1, __ATOMIC_RELEASE);
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    loft_work_queue_refuse (&loop->queue, which, LOFT_INBOX_REFUSES_USERS);
}

/* No timer is added from here on; those that are there stay for loft_loop_pop_timer. */
static void
loft_loop_refuse_timers (LoftLoop *loop)
{
  loft_lock_lock (&loop->timers_lock);
  loop->timers_stopped = TRUE;
  loft_lock_unlock (&loop->timers_lock);
}

void
loft_loop_close (LoftLoop *loop)
{
  loft_loop_refuse_timers (loop);
  __atomic_store_n (&loop->closed, 1, __ATOMIC_RELEASE);
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    loft_work_queue_close (&loop->queue, which);
}

void
loft_loop_foreach_left (LoftLoop *loop,
                        void    (*func) (LoftWorkItem *item, gpointer data),
                        gpointer  data)
{
  g_autoptr (GPtrArray) later = g_ptr_array_new ();

  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOWEST; which--)
    {
      loft_work_queue_fill (&loop->queue, which);
      for (LoftWorkItem *item = loop->queue.lanes[which].first; item != NULL; item = item->next)
        func (item, data);
    }
  loft_lock_lock (&loop->timers_lock);
  for (gsize i = 0; i < loop->timers.length; i++)
    g_ptr_array_add (later, ((LoftLoopTimer *) loop->timers.entries[i])->item);
  loft_lock_unlock (&loop->timers_lock);
  for (guint i = 0; i < later->len; i++)
    func (later->pdata[i], data);
}

void
loft_loop_stop_timers (LoftLoop *loop)
{
  LoftLoopTimer *timer;

  loft_loop_dispatch_later (loop); /* what was due already */
  loft_loop_refuse_timers (loop);
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    timer->stop (timer);
}

/* Each round is what came home during the one before. Where a worker reports as fast as the reports run, or faster,
 * there would always be another: once a round is twice the one before, or so many have been long, news are refused, and
 * what somebody waits for still comes. */
void
loft_loop_run_rounds (LoftLoop *loop)
{
  gsize before = G_MAXSIZE, n;
  guint long_rounds = 0;

  for (guint round = 0; round < MAX_ROUNDS && (n = loft_loop_count (loop)) > 0; round++)
    {
      long_rounds += n > CALM ? 1 : 0;
      if (n > CALM && (n / 2 > before || long_rounds > MAX_LONG_ROUNDS))
        for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
          loft_work_queue_refuse (&loop->queue, which, LOFT_INBOX_REFUSES_NEWS);
      loft_loop_run_round (loop, n);
      before = n;
    }
}

void
loft_loop_run_rest (LoftLoop *loop)
{
  gsize n;

  loft_loop_run_rounds (loop);
  loft_loop_close (loop);
  while ((n = loft_loop_count (loop)) > 0)
    loft_loop_run_round (loop, n);
}
