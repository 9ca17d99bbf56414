/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that is due later. It waits in the dispatcher's heap of timers until its time has come, and
 * then goes to its lane. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-clock-private.h"
#include "work/loft-dispatcher-run-private.h"

typedef struct
{
  LoftWorkCompanion companion;
  LoftLoopTimer timer;
  LoftWork *work;             /* strong: the reference that the lane will get */
  LoftDispatcher *dispatcher; /* strong: a delayed item holds it, as a queued item does */
  /* atomic: one reference belongs to the heap, or to the thread that has removed the delay from it;
   * the other belongs to the work, whose companion the delay is */
  gint refs;
} LoftDelay;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftDelay, companion) == 0);

static LoftDelay *
loft_delay_from_timer (LoftLoopTimer *timer)
{
  return (LoftDelay *) ((char *) timer - G_STRUCT_OFFSET (LoftDelay, timer));
}

static void
loft_delay_unref (LoftDelay *delay)
{
  LoftDispatcher *dispatcher = delay->dispatcher;

  if (!loft_refs_drop (&delay->refs))
    return;
  g_free (delay);
  g_object_unref (dispatcher);
}

/* Posts the work to its lane, and consumes the heap's reference to the delay. The delay is out of
 * the heap: either its time has come, or the work has ended before that. Work that has ended goes
 * to the lane too, because its data is released on the dispatcher's thread. */
static void
loft_delay_hand_over (LoftDelay *delay)
{
  LoftWork *work = g_steal_pointer (&delay->work);

  if (!loft_dispatcher_post_item (delay->dispatcher,
                                  LOFT_WORD_LANE (
                                    loft_async_base_get_word ((LoftAsyncBase *) work)),
                                  &work->item))
    loft_work_drop (work);
  loft_delay_unref (delay);
}

/* Takes the delay from the work, and drops the reference that the work had. */
static void
loft_delay_detach (LoftWork *work)
{
  LoftDelay *delay = (LoftDelay *) loft_work_steal_companion (work);

  if (delay != NULL)
    loft_delay_unref (delay);
}

static void
on_due (LoftLoopTimer *timer)
{
  LoftDelay *delay = loft_delay_from_timer (timer);

  loft_delay_detach (delay->work);
  loft_delay_hand_over (delay);
}

/* The dispatcher ends before the time has come. */
static void
on_stop (LoftLoopTimer *timer)
{
  LoftDelay *delay = loft_delay_from_timer (timer);
  LoftWork *work = g_steal_pointer (&delay->work);

  loft_delay_detach (work);
  loft_work_drop (work);
  loft_delay_unref (delay);
}

static void
on_ended_unrun (LoftWork *work)
{
  LoftDelay *delay = (LoftDelay *) loft_work_steal_companion (work);

  if (delay == NULL)
    return;
  if (loft_loop_remove_timer (loft_dispatcher_peek_loop (delay->dispatcher), &delay->timer))
    loft_delay_hand_over (delay);
  loft_delay_unref (delay);
}

static const LoftWorkCompanionClass loft_delay_class = {
  .ended_unrun = on_ended_unrun,
};

static gboolean
loft_delay_start (LoftDispatcher *self,
                  LoftWork       *work,
                  GTimeSpan       span)
{
  LoftDelay *delay = g_new0 (LoftDelay, 1);
  gint64 now = loft_clock_now ();

  delay->companion.klass = &loft_delay_class;
  delay->timer.due = on_due;
  delay->timer.stop = on_stop;
  delay->timer.item = &work->item;
  delay->work = g_object_ref (work);
  delay->dispatcher = g_object_ref (self);
  delay->refs = 2;
  loft_work_set_companion (work, &delay->companion);
  if (!loft_loop_refuses (loft_dispatcher_peek_loop (self)) &&
      loft_loop_add_timer (loft_dispatcher_peek_loop (self), &delay->timer,
                           MIN (loft_clock_after (now, span), G_MAXINT64 - 1)))
    return TRUE;

  loft_delay_detach (work);
  g_object_unref (g_steal_pointer (&delay->work));
  loft_delay_unref (delay);
  return FALSE;
}

/**
 * loft_dispatcher_run_delayed_async:
 * @self: a dispatcher
 * @priority: the lane
 * @delay: µs from now; 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread after a delay.
 *
 * Any thread may call. When @delay is over, the work goes to the end of its lane. It never runs
 * earlier. If the dispatcher shuts down first, the action ends Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to a `DispatcherQueueTimer` that does not repeat.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_delayed_async) (LoftDispatcher *self,
                                     LoftPriority    priority,
                                     GTimeSpan       delay,
                                     LoftWorkHandler handler,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy)
{
  return loft_dispatcher_run_delayed_async_at (self, priority, delay, handler, user_data, destroy,
                                               NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_delayed_async_at (LoftDispatcher *self,
                                      LoftPriority    priority,
                                      GTimeSpan       delay,
                                      LoftWorkHandler handler,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy,
                                      const char     *location,
                                      const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .flags = LOFT_WORK_ACCOMPANIED);
  LoftWork *work;

  if (!loft_dispatcher_check_request (self, priority, &request,
                                      "loft_dispatcher_run_delayed_async"))
    return NULL;
  if (delay < 0)
    {
      g_critical ("loft_dispatcher_run_delayed_async: the delay is negative (%" G_GINT64_FORMAT
                  " µs)",
                  delay);
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }

  request.lane = loft_lane_from_priority (priority);
  request.target = self;
  work = loft_work_new (&request);
  if (!loft_delay_start (self, work, delay))
    loft_work_refuse (work);
  return (LoftAsyncAction *) work;
}
