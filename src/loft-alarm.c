/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The alarms' thread: it is started by the first alarm, sleeps until the next is due, and ends when there was none for a
 * while. */

#include "config.h"

#include "loft-alarm-private.h"
#include "loft-clock-private.h"
#include "loft-lock-private.h"

#define IDLE_TIMEOUT (10 * G_TIME_SPAN_SECOND)

typedef struct
{
  LoftMonitor monitor;
  /* under lock */
  LoftTimerHeap heap;
  gboolean runs; /* there is a thread */
} LoftAlarms;

static LoftAlarms *
loft_alarms_get (void)
{
  static LoftAlarms *alarms;

  if (g_once_init_enter (&alarms))
    {
      LoftAlarms *made = g_new0 (LoftAlarms, 1);

      loft_monitor_init (&made->monitor);
      LOFT_TSAN_RELEASE (made);
      g_once_init_leave (&alarms, made);
    }
  LOFT_TSAN_ACQUIRE (alarms);
  return alarms;
}

/* Sleeps until it is time to look again. FALSE: there was nothing to do for a while, and the thread ends. */
static gboolean
loft_alarms_sleep_locked (LoftAlarms *alarms)
{
  LoftTimerEntry *next = loft_timer_heap_peek (&alarms->heap);
  gint64 now = g_get_monotonic_time ();

  if (next == NULL)
    return loft_monitor_wait_until (&alarms->monitor, now + IDLE_TIMEOUT) || loft_timer_heap_peek (&alarms->heap) != NULL;
  /* By the real clock, that may be set by hand: then a look is asked for. */
  loft_monitor_wait_until (&alarms->monitor, loft_clock_after (now, next->due - loft_clock_now ()));
  return TRUE;
}

static gpointer
loft_alarms_main (gpointer data)
{
  LoftAlarms *alarms = data;
  gboolean goes_on = TRUE;

  loft_monitor_lock (&alarms->monitor);
  while (goes_on)
    {
      LoftAlarm *alarm = (LoftAlarm *) loft_timer_heap_pop_due (&alarms->heap, loft_clock_now ());

      if (alarm == NULL)
        {
          goes_on = loft_alarms_sleep_locked (alarms);
          continue;
        }
      loft_monitor_unlock (&alarms->monitor);
      alarm->ring (alarm);
      loft_monitor_lock (&alarms->monitor);
    }
  alarms->runs = FALSE;
  loft_monitor_unlock (&alarms->monitor);
  return NULL;
}

static GThread *
loft_alarms_start_locked (LoftAlarms  *alarms,
                          GError     **error)
{
  GThread *thread = g_thread_try_new ("loft-alarms", loft_alarms_main, alarms, error);

  alarms->runs = thread != NULL;
  return thread;
}

void
loft_alarm_set (LoftAlarm *alarm,
                gint64     due)
{
  LoftAlarms *alarms = loft_alarms_get ();
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;

  loft_monitor_lock (&alarms->monitor);
  loft_timer_heap_remove (&alarms->heap, &alarm->entry);
  alarm->entry.due = due;
  loft_timer_heap_insert (&alarms->heap, &alarm->entry);
  if (!alarms->runs)
    thread = loft_alarms_start_locked (alarms, &error);
  else if (loft_timer_heap_peek (&alarms->heap) == &alarm->entry)
    g_cond_signal (&alarms->monitor.cond);
  loft_monitor_unlock (&alarms->monitor);

  g_clear_pointer (&thread, g_thread_unref);
  if (error != NULL)
    g_warning ("Can't start the thread that timers wait on; the next timer tries again: %s", error->message);
}

gboolean
loft_alarm_cancel (LoftAlarm *alarm)
{
  LoftAlarms *alarms = loft_alarms_get ();
  gboolean was_set;

  loft_monitor_lock (&alarms->monitor);
  was_set = loft_timer_heap_remove (&alarms->heap, &alarm->entry);
  loft_monitor_unlock (&alarms->monitor);
  return was_set;
}

void
loft_alarm_look (void)
{
  LoftAlarms *alarms = loft_alarms_get ();

  loft_monitor_lock (&alarms->monitor);
  g_cond_signal (&alarms->monitor.cond);
  loft_monitor_unlock (&alarms->monitor);
}
