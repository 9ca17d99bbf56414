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
 * and the next interval begins when its handlers have returned: a busy queue gets one, not a burst.
 *
 * `due` says when the interval is over, and the heap follows it. The two have locks of their own, so the heap may be behind for
 * a moment: whoever changes `due` settles the heap afterwards, and what comes out of it earlier is no tick. */

#include "config.h"

#include "dispatcher/loft-dispatcher-timer-private.h"

/* Begins an interval. */
static void
loft_dispatcher_timer_begin_locked (LoftDispatcherTimer *self)
{
  loft_lock_assert_held (&self->lock);
  self->due = MIN (loft_clock_after (loft_clock_now (), self->interval), LOFT_NO_TIMER - 1);
}

static gint64
loft_dispatcher_timer_get_due (LoftDispatcherTimer *self)
{
  gint64 due;

  loft_lock_lock (&self->lock);
  due = self->due;
  loft_lock_unlock (&self->lock);
  return due;
}

static void
loft_dispatcher_timer_disarm (LoftDispatcherTimer *self)
{
  if (loft_loop_remove_timer (loft_dispatcher_peek_loop (self->dispatcher), &self->timer))
    g_object_unref (self);
}

/* Into the heap. FALSE: the dispatcher has ended. */
static gboolean
loft_dispatcher_timer_arm (LoftDispatcherTimer *self,
                           gint64               due)
{
  LoftSetTimer fate;

  g_object_ref (self); /* the heap's */
  fate = loft_loop_set_timer (loft_dispatcher_peek_loop (self->dispatcher), &self->timer, due);
  if (fate != LOFT_TIMER_ADDED)
    g_object_unref (self); /* it has one, or takes none */
  return fate != LOFT_TIMER_REFUSED;
}

/* Makes the heap agree with `due`. Two threads may be at it, and the one with the older `due` be the later: so each looks
 * again after it has written. FALSE: the dispatcher has ended. */
static gboolean
loft_dispatcher_timer_settle (LoftDispatcherTimer *self)
{
  gint64 due = loft_dispatcher_timer_get_due (self), settled;

  do
    {
      settled = due;
      if (settled == LOFT_NO_TIMER)
        loft_dispatcher_timer_disarm (self);
      else if (!loft_dispatcher_timer_arm (self, settled))
        return FALSE;
      due = loft_dispatcher_timer_get_due (self);
    }
  while (due != settled);
  return TRUE;
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
  if (self->due <= loft_clock_now ()) /* else it was begun anew, or stopped, when it was out of the heap already */
    {
      self->due = LOFT_NO_TIMER;
      post = !self->queued;
      self->queued = TRUE;
      self->queued_serial = self->serial;
    }
  lane = loft_lane_from_priority (self->priority);
  loft_lock_unlock (&self->lock);
  if (!post)
    g_object_unref (self);
  else if (!loft_dispatcher_post_item (self->dispatcher, lane, &self->item))
    self->item.klass->drop (&self->item, self->dispatcher);
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
  gboolean goes_on;

  loft_lock_lock (&self->lock);
  goes_on = self->running && self->serial == serial;
  if (goes_on)
    loft_dispatcher_timer_begin_locked (self);
  loft_lock_unlock (&self->lock);
  if (goes_on && !loft_dispatcher_timer_settle (self))
    loft_dispatcher_timer_stop (self); /* the dispatcher has ended meanwhile */
}

/* Whether the tick that came up is one: queued under what was set last. One that does not repeat is no longer running then. */
static gboolean
loft_dispatcher_timer_take_tick (LoftDispatcherTimer *self,
                                 guint64             *out_serial,
                                 gboolean            *out_repeats)
{
  gboolean ticks;

  loft_lock_lock (&self->lock);
  self->queued = FALSE;
  *out_serial = self->serial;
  *out_repeats = self->repeating;
  ticks = self->running && self->queued_serial == self->serial;
  if (ticks && !self->repeating)
    self->running = FALSE;
  loft_lock_unlock (&self->lock);
  return ticks;
}

static gboolean
loft_dispatcher_timer_is_as (LoftDispatcherTimer *self,
                             guint64              serial)
{
  gboolean same;

  loft_lock_lock (&self->lock);
  same = self->serial == serial;
  loft_lock_unlock (&self->lock);
  return same;
}

static void
loft_dispatcher_timer_run (LoftWorkItem   *item,
                           LoftDispatcher *dispatcher)
{
  LoftDispatcherTimer *self = timer_from_item (item);
  gboolean ticks, repeats;
  guint64 serial;

  if (loft_loop_refuses (loft_dispatcher_peek_loop (dispatcher)))
    loft_dispatcher_timer_stop (self); /* what was queued runs to the end, but no timer ticks any more */
  ticks = loft_dispatcher_timer_take_tick (self, &serial, &repeats);
  if (ticks && !repeats)
    {
      loft_dispatcher_timer_notify_running (self);
      ticks = loft_dispatcher_timer_is_as (self, serial); /* who is notified may stop it, or begin anew */
    }
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
  self->due = LOFT_NO_TIMER;
}

void
loft_dispatcher_timer_restart (LoftDispatcherTimer *self)
{
  gboolean running;

  loft_lock_lock (&self->lock);
  running = self->running;
  if (running)
    {
      self->serial++;
      loft_dispatcher_timer_begin_locked (self);
    }
  loft_lock_unlock (&self->lock);
  if (running && !loft_dispatcher_timer_settle (self))
    loft_dispatcher_timer_stop (self); /* the dispatcher has ended */
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
  gboolean was_running, settled;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), FALSE);

  loft_lock_lock (&self->lock);
  was_running = self->running;
  self->running = TRUE;
  self->serial++;
  loft_dispatcher_timer_begin_locked (self);
  loft_lock_unlock (&self->lock);

  settled = loft_dispatcher_timer_settle (self);
  if (!settled)
    loft_dispatcher_timer_stop (self);
  else if (!was_running)
    loft_dispatcher_timer_notify_running (self);
  return settled;
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
  self->due = LOFT_NO_TIMER;
  self->serial++;
  loft_lock_unlock (&self->lock);
  loft_dispatcher_timer_settle (self);
  if (was_running)
    loft_dispatcher_timer_notify_running (self);
  g_object_unref (self);
}
