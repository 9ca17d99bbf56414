/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher's timer ticks.
 *
 *             start ──────────────┐
 *               v                 │ (a restart)
 *   stopped   in the heap ──due──> tick in its lane ──its turn──> ::tick
 *               ^                                                   │ repeating
 *               └───────────────────────────────────────────────────┘
 *
 * Heap and lane each hold the timer: a running timer keeps itself alive. Every start, stop and change has a new serial,
 * and a tick that was queued under an older one is none: so nothing ticks after a stop. At most one tick is in the lane,
 * and the next interval begins when its handlers have returned: a busy queue gets one, not a burst. */

#include "config.h"

#include "loft-dispatcher-timer-private.h"

/* Into the heap, for an interval from now; FALSE: the dispatcher has ended. */
static gboolean
loft_dispatcher_timer_arm (LoftDispatcherTimer *self,
                           gint64               interval)
{
  gint64 due = MIN (loft_clock_after (loft_clock_now (), interval), LOFT_NO_TIMER - 1);
  LoftSetTimer fate;

  g_object_ref (self); /* the heap's */
  fate = loft_loop_set_timer (loft_dispatcher_peek_loop (self->dispatcher), &self->timer, due);
  if (fate != LOFT_TIMER_ADDED)
    g_object_unref (self); /* it has one, or takes none */
  return fate != LOFT_TIMER_REFUSED;
}

static void
loft_dispatcher_timer_disarm (LoftDispatcherTimer *self)
{
  if (loft_loop_remove_timer (loft_dispatcher_peek_loop (self->dispatcher), &self->timer))
    g_object_unref (self);
}

/* The heap's two ways out. */

static LoftDispatcherTimer *
timer_from_entry (LoftLoopTimer *timer)
{
  return (LoftDispatcherTimer *) ((char *) timer - G_STRUCT_OFFSET (LoftDispatcherTimer, timer));
}

static void
on_due (LoftLoopTimer *timer)
{
  LoftDispatcherTimer *self = timer_from_entry (timer);
  gboolean post = FALSE;
  LoftLane lane;

  loft_lock_lock (&self->lock);
  if (self->running)
    {
      post = !self->queued;
      self->queued = TRUE;
      self->queued_serial = self->serial;
    }
  lane = loft_lane_from_priority (self->priority);
  loft_lock_unlock (&self->lock);
  if (!post || !loft_dispatcher_post_item (self->dispatcher, lane, &self->item))
    g_object_unref (self);
}

static void
on_stop (LoftLoopTimer *timer)
{
  LoftDispatcherTimer *self = timer_from_entry (timer);

  loft_dispatcher_timer_stop (self);
  g_object_unref (self);
}

/* The tick. */

static LoftDispatcherTimer *
timer_from_item (LoftWorkItem *item)
{
  return (LoftDispatcherTimer *) ((char *) item - G_STRUCT_OFFSET (LoftDispatcherTimer, item));
}

/* The next interval, unless a handler of this tick has stopped it, or begun one itself. */
static void
loft_dispatcher_timer_go_on (LoftDispatcherTimer *self,
                             guint64              serial)
{
  gint64 interval;
  gboolean goes_on;

  loft_lock_lock (&self->lock);
  goes_on = self->running && self->serial == serial;
  interval = self->interval;
  loft_lock_unlock (&self->lock);
  if (goes_on && !loft_dispatcher_timer_arm (self, interval))
    loft_dispatcher_timer_stop (self); /* the dispatcher has ended meanwhile */
}

static void
loft_dispatcher_timer_run (LoftWorkItem   *item,
                           LoftDispatcher *dispatcher)
{
  LoftDispatcherTimer *self = timer_from_item (item);
  gboolean ticks, repeats;
  guint64 serial;

  loft_lock_lock (&self->lock);
  self->queued = FALSE;
  serial = self->serial;
  ticks = self->running && self->queued_serial == serial;
  repeats = self->repeating;
  if (ticks && !repeats)
    self->running = FALSE;
  loft_lock_unlock (&self->lock);

  if (ticks && !repeats)
    loft_dispatcher_timer_notify_running (self);
  if (ticks)
    loft_dispatcher_timer_emit_tick (self);
  if (ticks && repeats)
    loft_dispatcher_timer_go_on (self, serial);
  g_object_unref (self);
}

static void
loft_dispatcher_timer_drop (LoftWorkItem   *item,
                            LoftDispatcher *dispatcher)
{
  LoftDispatcherTimer *self = timer_from_item (item);

  loft_dispatcher_timer_stop (self);
  g_object_unref (self);
}

static const LoftWorkItemClass tick_class = {
  .name = "tick of a timer",
  .run = loft_dispatcher_timer_run,
  .drop = loft_dispatcher_timer_drop,
};

void
loft_dispatcher_timer_init_tick (LoftDispatcherTimer *self)
{
  self->timer.due = on_due;
  self->timer.stop = on_stop;
  self->item.klass = &tick_class;
}

void
loft_dispatcher_timer_restart (LoftDispatcherTimer *self)
{
  gboolean running;
  gint64 interval;

  loft_lock_lock (&self->lock);
  running = self->running;
  interval = self->interval;
  self->serial += running ? 1 : 0;
  loft_lock_unlock (&self->lock);
  if (running)
    loft_dispatcher_timer_arm (self, interval);
}

/**
 * loft_dispatcher_timer_start:
 * @self: a timer
 *
 * Begins a full interval, also when it is running.
 *
 * Any thread may call; notify of [property@Loft.DispatcherTimer:is-running] is emitted on that thread. Answers to
 * `DispatcherQueueTimer.Start`.
 *
 * Returns: %FALSE if the dispatcher has shut down, and it will never tick
 */
gboolean
loft_dispatcher_timer_start (LoftDispatcherTimer *self)
{
  gboolean was_running, armed;
  gint64 interval;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), FALSE);

  loft_lock_lock (&self->lock);
  was_running = self->running;
  self->running = TRUE;
  self->serial++;
  interval = self->interval;
  loft_lock_unlock (&self->lock);

  armed = loft_dispatcher_timer_arm (self, interval);
  if (!armed)
    loft_dispatcher_timer_stop (self);
  else if (!was_running)
    loft_dispatcher_timer_notify_running (self);
  return armed;
}

/**
 * loft_dispatcher_timer_stop:
 * @self: a timer
 *
 * Stops it: on the dispatcher's thread no tick comes after this.
 *
 * Any thread may call; on another one a tick may just be running. Stopping one that is stopped does nothing. Answers to
 * `DispatcherQueueTimer.Stop`.
 */
void
loft_dispatcher_timer_stop (LoftDispatcherTimer *self)
{
  gboolean was_running;

  g_return_if_fail (LOFT_IS_DISPATCHER_TIMER (self));

  g_object_ref (self); /* the heap's may be the last */
  loft_lock_lock (&self->lock);
  was_running = self->running;
  self->running = FALSE;
  self->serial++;
  loft_lock_unlock (&self->lock);
  loft_dispatcher_timer_disarm (self);
  if (was_running)
    loft_dispatcher_timer_notify_running (self);
  g_object_unref (self);
}
