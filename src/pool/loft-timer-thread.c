/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftTimerThread: rings alarms on the timers' thread.
 *
 * The first alarm starts the thread, which sleeps until the next alarm is due. The thread stays, so
 * a program that has run out of threads in the meantime still has its deadlines.
 *
 * If the thread can't be started at first, it is tried again every 100 ms: by a main context of the
 * thread that set the alarm, and by each thread of Loft's that waits. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-clock-private.h"
#include "base/loft-fork-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-quiet-thread-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-timer-thread-private.h"

#define TRY_AGAIN_MS 100
#define STOPPED_SPAN (10 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  LoftMonitor monitor;

  /* under lock */
  LoftTimerHeap heap;
  gboolean runs;     /* there is a thread */
  gboolean retrying; /* a source tries to start it again */

  /* atomic, written under lock: the thread is needed, and could not be started. Relaxed: a thread
   * that sees it tries again under the lock. */
  gint starved;
} LoftTimerThread;

static LoftTimerThread *current; /* atomic, set once in a process; NULL: none yet */

static LoftTimerThread *
loft_timer_thread_get (void)
{
  if (g_once_init_enter (&current))
    {
      LoftTimerThread *made = g_new0 (LoftTimerThread, 1);

      loft_monitor_init (&made->monitor);
      loft_fork_forget ((gpointer *) &current);
      LOFT_TSAN_RELEASE (made);
      g_once_init_leave (&current, made);
    }
  LOFT_TSAN_ACQUIRE (current);
  return current;
}

/* Sleeps until it is time to look again. */
static void
loft_timer_thread_sleep_locked (LoftTimerThread *self)
{
  LoftTimerEntry *next = loft_timer_heap_peek (&self->heap);
  gint64 span;

  if (next == NULL)
    {
      loft_monitor_wait_until (&self->monitor, -1);
      return;
    }

  /* The monitor waits by the real clock, but Loft's clock may be set by hand. The test that sets it
   * then asks for a look. While Loft's clock stands still, an alarm that is due soon never becomes
   * due, and to look again that soon would keep the lock from the thread that sets the clock. */
  span = next->due - loft_clock_now ();
  if (G_UNLIKELY (loft_clock_is_stopped ()))
    span = MAX (span, STOPPED_SPAN);
  loft_monitor_wait_until (&self->monitor, loft_clock_after (g_get_monotonic_time (), span));
}

static gpointer
loft_timer_thread_main (gpointer data)
{
  LoftTimerThread *self = data;
  LoftThread *thread = loft_thread_get ();

  thread->is_worker = TRUE;
  thread->is_timers = TRUE;
  loft_monitor_lock (&self->monitor);
  for (;;)
    {
      LoftAlarm *alarm = (LoftAlarm *) loft_timer_heap_pop_due (&self->heap, loft_clock_now ());

      if (alarm == NULL)
        {
          loft_timer_thread_sleep_locked (self);
          continue;
        }
      loft_monitor_unlock (&self->monitor);
      loft_stop_if_over ();
      alarm->ring (alarm);
      loft_monitor_lock (&self->monitor);
    }
  return NULL;
}

static void
loft_timer_thread_try_start_locked (LoftTimerThread *self,
                                    GError         **error)
{
  GThread *thread;

  if (self->runs)
    return;
  thread = loft_quiet_thread_try_new ("loft-timers", loft_timer_thread_main, self, error);
  self->runs = thread != NULL;
  loft_store_relaxed (&self->starved, !self->runs);
  g_clear_pointer (&thread, g_thread_unref);
}

/* Tries to start the thread. Returns whether there still is none. */
static gboolean
loft_timer_thread_try_again (LoftTimerThread *self)
{
  gboolean starved;

  loft_monitor_lock (&self->monitor);
  loft_timer_thread_try_start_locked (self, NULL);
  starved = !self->runs;
  self->retrying &= starved;
  loft_monitor_unlock (&self->monitor);
  return starved;
}

static gboolean
on_try_again (gpointer self)
{
  return loft_timer_thread_try_again (self) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* The source is attached to the caller's thread-default context, or to the default context. */
static void
loft_timer_thread_retry_by_time (LoftTimerThread *self)
{
  GSource *source = g_timeout_source_new (TRY_AGAIN_MS);

  g_source_set_static_name (source, "Loft tries again to start the timers' thread");
  g_source_set_callback (source, on_try_again, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

gboolean
loft_timer_thread_is_starved (void)
{
  /* Acquire: sees the LoftTimerThread whole, as the thread that made it wrote it. */
  LoftTimerThread *self = loft_load_acquire (&current);

  return self != NULL && loft_load_relaxed (&self->starved) && loft_timer_thread_try_again (self);
}

void
loft_timer_thread_set (LoftAlarm *alarm,
                       gint64     due)
{
  LoftTimerThread *self = loft_timer_thread_get ();
  g_autoptr (GError) error = NULL;
  gboolean retry = FALSE;

  loft_monitor_lock (&self->monitor);
  if (alarm->timers != self)
    /* The alarm is new, or was set in the process that this one was forked from. */
    alarm->entry.index = 0;
  loft_timer_heap_remove (&self->heap, &alarm->entry);
  alarm->timers = self;
  alarm->entry.due = due;
  loft_timer_heap_insert (&self->heap, &alarm->entry);
  if (!self->runs)
    loft_timer_thread_try_start_locked (self, &error);
  else if (loft_timer_heap_peek (&self->heap) == &alarm->entry)
    g_cond_signal (&self->monitor.cond);
  if (!self->runs && !self->retrying)
    self->retrying = retry = TRUE;
  loft_monitor_unlock (&self->monitor);
  if (!retry)
    return;
  loft_timer_thread_retry_by_time (self);
  g_warning ("Can't start the thread that delays, time-outs and timers wait on; it is tried again "
             "every %d ms, and what is due "
             "meanwhile is late: %s",
             TRY_AGAIN_MS, error->message);
}

gboolean
loft_timer_thread_cancel (LoftAlarm *alarm)
{
  LoftTimerThread *self = loft_timer_thread_get ();
  gboolean was_set;

  loft_monitor_lock (&self->monitor);
  was_set = alarm->timers == self && loft_timer_heap_remove (&self->heap, &alarm->entry);
  loft_monitor_unlock (&self->monitor);
  return was_set;
}

void
loft_timer_thread_stop (void)
{
  LoftTimerThread *self = loft_timer_thread_get ();
  GQueue set = G_QUEUE_INIT;
  LoftAlarm *alarm;

  loft_monitor_lock (&self->monitor);
  while ((alarm = (LoftAlarm *) loft_timer_heap_pop_due (&self->heap, G_MAXINT64)) != NULL)
    g_queue_push_tail (&set, alarm);
  loft_monitor_unlock (&self->monitor);
  while ((alarm = g_queue_pop_head (&set)) != NULL)
    if (alarm->stop != NULL)
      alarm->stop (alarm);
}

void
loft_timer_thread_look (void)
{
  LoftTimerThread *self = loft_timer_thread_get ();

  loft_monitor_lock (&self->monitor);
  g_cond_signal (&self->monitor.cond);
  loft_monitor_unlock (&self->monitor);
}
