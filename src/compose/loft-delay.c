/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An action that completes after a given time: a wait that blocks no thread. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"
#include "async/loft-async-base-private.h"

typedef struct
{
  LoftAlarm alarm;
  LoftAction *action; /* strong; unreffed by the thread that takes the delay out of the heap */
  gint refs;          /* atomic: the timers' heap's, and the cancel handler's */
} LoftPause;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftPause, alarm) == 0);

static void
loft_pause_unref (gpointer data)
{
  LoftPause *pause = data;

  if (loft_refs_drop (&pause->refs))
    g_free (pause);
}

/* Ends the action; called by the thread that took the delay out of the timers' heap. */
static void
loft_pause_end (LoftPause       *pause,
                LoftCancelReason reason)
{
  LoftAction *action = g_steal_pointer (&pause->action);

  if (reason == LOFT_CANCEL_REASON_NONE)
    loft_action_complete (action);
  else
    loft_async_base_end_canceled (LOFT_ASYNC_BASE (action), reason);
  g_object_unref (action);
  loft_pause_unref (pause);
}

/* Runs on the timers' thread, and ends the action there, so that a deadline does not depend on the
 * pool. */
static void
on_ring (LoftAlarm *alarm)
{
  loft_pause_end ((LoftPause *) alarm, LOFT_CANCEL_REASON_NONE);
}

static void
on_stop (LoftAlarm *alarm)
{
  loft_pause_end ((LoftPause *) alarm, LOFT_CANCEL_REASON_SHUT_DOWN);
}

static void
on_canceled (LoftAsyncBase *self,
             gpointer       user_data)
{
  LoftPause *pause = user_data;

  if (!loft_timer_thread_cancel (&pause->alarm))
    return; /* it is ringing, and on_ring () ends the action */
  loft_pause_end (pause, LOFT_CANCEL_REASON_REQUESTED);
}

/**
 * loft_delay_async:
 * @delay: the time to wait, in µs; with 0 or less the action has already ended when this returns
 *
 * Creates an action that completes after a given time.
 *
 * Any thread may call. The action never completes early. If it is cancelled, it ends at once.
 *
 * The action completes on the thread that all timers share, whatever the pool is doing. Agile
 * handlers run on that thread: they must not block, and a wait there is refused. All other handlers
 * run at their homes, and those of the MTA run on the pool. A forked child has timers of its own.
 *
 * Answers to C++/WinRT's `resume_after`, and to .NET's `Task.Delay`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_delay_async) (GTimeSpan delay)
{
  return loft_delay_async_at (delay, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_delay_async_at (GTimeSpan   delay,
                     const char *location,
                     const char *function)
{
  LoftAction *action = loft_action_new_at (location, function);
  LoftPause *pause;

  if (delay <= 0)
    {
      loft_action_complete (action);
      return LOFT_ASYNC_ACTION (action);
    }
  pause = g_new0 (LoftPause, 1);
  pause->alarm.ring = on_ring;
  pause->alarm.stop = on_stop;
  pause->action = g_object_ref (action);
  pause->refs = 2;
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_canceled, pause,
                                      loft_pause_unref);
  loft_timer_thread_set (&pause->alarm,
                         MIN (loft_clock_after (loft_clock_now (), delay), G_MAXINT64 - 1));
  return LOFT_ASYNC_ACTION (action);
}
