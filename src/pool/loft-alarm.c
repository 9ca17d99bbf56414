/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The timers' thread: it is started by the first alarm, sleeps until the next is due, and stays: a program that has
 * run out of threads meanwhile still has its deadlines.
 *
 * When it can't be started at first, it is tried again every 100 ms by whoever is alive: a main context of the thread
 * that set the alarm, and each thread of Loft's that waits. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "base/loft-fork-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-quiet-thread-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-alarm-private.h"

#define TRY_AGAIN_MS 100

typedef struct
{
  LoftMonitor monitor;

  /* under lock */
  LoftTimerHeap heap;
  gboolean runs;     /* there is a thread */
  gboolean retrying; /* a source tries again */

  /* atomic, written under lock: there should be a thread, and is none */
  gint starved;
} LoftAlarms;

static LoftAlarms *current; /* atomic, set once in a process; NULL: there are none yet */

static LoftAlarms *
loft_alarms_get (void)
{
  if (g_once_init_enter (&current))
    {
      LoftAlarms *made = g_new0 (LoftAlarms, 1);

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
loft_alarms_sleep_locked (LoftAlarms *alarms)
{
  LoftTimerEntry *next = loft_timer_heap_peek (&alarms->heap);

  if (next == NULL)
    loft_monitor_wait_until (&alarms->monitor, -1);
  else
    /* By the real clock, that may be set by hand: then a look is asked for. */
    loft_monitor_wait_until (&alarms->monitor,
                             loft_clock_after (g_get_monotonic_time (), next->due - loft_clock_now ()));
}

static gpointer
loft_alarms_main (gpointer data)
{
  LoftAlarms *alarms = data;
  LoftThread *thread = loft_thread_get ();

  thread->is_worker = TRUE;
  thread->is_timers = TRUE;
  loft_monitor_lock (&alarms->monitor);
  for (;;)
    {
      LoftAlarm *alarm = (LoftAlarm *) loft_timer_heap_pop_due (&alarms->heap, loft_clock_now ());

      if (alarm == NULL)
        {
          loft_alarms_sleep_locked (alarms);
          continue;
        }
      loft_monitor_unlock (&alarms->monitor);
      loft_stop_if_over ();
      alarm->ring (alarm);
      loft_monitor_lock (&alarms->monitor);
    }
  return NULL;
}

static void
loft_alarms_try_start_locked (LoftAlarms  *alarms,
                              GError     **error)
{
  GThread *thread;

  if (alarms->runs)
    return;
  thread = loft_quiet_thread_try_new ("loft-timers", loft_alarms_main, alarms, error);
  alarms->runs = thread != NULL;
  __atomic_store_n (&alarms->starved, !alarms->runs, __ATOMIC_RELAXED);
  g_clear_pointer (&thread, g_thread_unref);
}

/* Whether there still is no thread. */
static gboolean
loft_alarms_try_again (LoftAlarms *alarms)
{
  gboolean starved;

  loft_monitor_lock (&alarms->monitor);
  loft_alarms_try_start_locked (alarms, NULL);
  starved = !alarms->runs;
  alarms->retrying &= starved;
  loft_monitor_unlock (&alarms->monitor);
  return starved;
}

static gboolean
on_try_again (gpointer alarms)
{
  return loft_alarms_try_again (alarms) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* In the caller's main context, or the default one. */
static void
loft_alarms_retry_by_time (LoftAlarms *alarms)
{
  GSource *source = g_timeout_source_new (TRY_AGAIN_MS);

  g_source_set_static_name (source, "Loft tries again to start the timers' thread");
  g_source_set_callback (source, on_try_again, alarms, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

gboolean
loft_alarms_starved (void)
{
  LoftAlarms *alarms = __atomic_load_n (&current, __ATOMIC_ACQUIRE); /* acquire: it was made before */

  return alarms != NULL && __atomic_load_n (&alarms->starved, __ATOMIC_RELAXED) && loft_alarms_try_again (alarms);
}

void
loft_alarm_set (LoftAlarm *alarm,
                gint64     due)
{
  LoftAlarms *alarms = loft_alarms_get ();
  g_autoptr (GError) error = NULL;
  gboolean retry = FALSE;

  loft_monitor_lock (&alarms->monitor);
  if (alarm->alarms != alarms)
    alarm->entry.index = 0; /* new, or of the process that this one was forked from */
  loft_timer_heap_remove (&alarms->heap, &alarm->entry);
  alarm->alarms = alarms;
  alarm->entry.due = due;
  loft_timer_heap_insert (&alarms->heap, &alarm->entry);
  if (!alarms->runs)
    loft_alarms_try_start_locked (alarms, &error);
  else if (loft_timer_heap_peek (&alarms->heap) == &alarm->entry)
    g_cond_signal (&alarms->monitor.cond);
  if (!alarms->runs && !alarms->retrying)
    alarms->retrying = retry = TRUE;
  loft_monitor_unlock (&alarms->monitor);
  if (!retry)
    return;
  loft_alarms_retry_by_time (alarms);
  g_warning ("Can't start the thread that delays, time-outs and timers wait on; it is tried again every %d ms, and what is due "
             "meanwhile is late: %s", TRY_AGAIN_MS, error->message);
}

gboolean
loft_alarm_cancel (LoftAlarm *alarm)
{
  LoftAlarms *alarms = loft_alarms_get ();
  gboolean was_set;

  loft_monitor_lock (&alarms->monitor);
  was_set = alarm->alarms == alarms && loft_timer_heap_remove (&alarms->heap, &alarm->entry);
  loft_monitor_unlock (&alarms->monitor);
  return was_set;
}

void
loft_alarms_stop (void)
{
  LoftAlarms *alarms = loft_alarms_get ();
  GQueue set = G_QUEUE_INIT;
  LoftAlarm *alarm;

  loft_monitor_lock (&alarms->monitor);
  while ((alarm = (LoftAlarm *) loft_timer_heap_pop_due (&alarms->heap, G_MAXINT64)) != NULL)
    g_queue_push_tail (&set, alarm);
  loft_monitor_unlock (&alarms->monitor);
  while ((alarm = g_queue_pop_head (&set)) != NULL)
    if (alarm->stop != NULL)
      alarm->stop (alarm);
}

void
loft_alarm_look (void)
{
  LoftAlarms *alarms = loft_alarms_get ();

  loft_monitor_lock (&alarms->monitor);
  g_cond_signal (&alarms->monitor.cond);
  loft_monitor_unlock (&alarms->monitor);
}
