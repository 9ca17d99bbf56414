/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcherTimer: ticks on the thread of a dispatcher. Its rules come first, then its
 * settings, and then how it ticks. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"

/**
 * LoftDispatcherTimer:
 *
 * Ticks on a dispatcher's thread, once or repeatedly.
 *
 * A timer is made by [method@Loft.Dispatcher.create_timer], and is stopped at first. These are the
 * rules:
 *
 * - A timer never ticks early. A tick comes when the whole interval has passed since the start, or
 *   since the handlers of the last tick returned, and the tick's turn has come.
 * - No tick comes after [method@Loft.DispatcherTimer.stop] has returned on the dispatcher's thread.
 * - [method@Loft.DispatcherTimer.start] begins a full interval, even if the timer is running. A
 *   running timer also begins a full interval when its [property@Loft.DispatcherTimer:interval] or
 *   [property@Loft.DispatcherTimer:is-repeating] is set.
 * - A dispatcher that was busy for several intervals gets one tick.
 * - A timer with an interval of 0 ticks each time the dispatcher has nothing else to do.
 * - Ticks rank below Idle, unless a [property@Loft.DispatcherTimer:priority] is set. The
 *   dispatcher's [property@Loft.Dispatcher:wait-limit] limits how long a lane waits, and this
 *   includes the lane of the ticks.
 * - A running timer keeps itself and its dispatcher alive. It does not keep a loop running.
 *
 * All timers of a dispatcher share one source. Any thread may call the methods of a timer. Answers
 * to `DispatcherQueueTimer`.
 */

struct _LoftDispatcherTimer
{
  GObject parent_instance;

  LoftLoopTimer timer;        /* the heap's */
  LoftWorkItem item;          /* the lane's */

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */

  /* under lock */
  LoftLock lock;
  gint64 interval;            /* µs */
  LoftPriority priority;
  gboolean repeating;
  gboolean running;
  gint64 due;                 /* when the current interval is over; LOFT_NO_TIMER: none runs */
  gboolean queued;            /* a tick waits in its lane */
  guint64 serial;             /* of the last start, stop or change */
  guint64 queued_serial;      /* of the queued tick */
};

enum {
  PROP_DISPATCHER = 1,
  PROP_INTERVAL,
  PROP_IS_REPEATING,
  PROP_IS_RUNNING,
  PROP_PRIORITY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint tick_signal;

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDispatcherTimer, loft_dispatcher_timer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void loft_dispatcher_timer_init_tick (LoftDispatcherTimer *self);
static void loft_dispatcher_timer_restart   (LoftDispatcherTimer *self);

/* GObject. */

static void
loft_dispatcher_timer_get_property (GObject    *object,
                                    guint       id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LoftDispatcherTimer *self = LOFT_DISPATCHER_TIMER (object);

  switch (id)
    {
    case PROP_DISPATCHER:
      g_value_set_object (value, self->dispatcher);
      break;
    case PROP_INTERVAL:
      g_value_set_int64 (value, loft_dispatcher_timer_get_interval (self));
      break;
    case PROP_IS_REPEATING:
      g_value_set_boolean (value, loft_dispatcher_timer_get_is_repeating (self));
      break;
    case PROP_IS_RUNNING:
      g_value_set_boolean (value, loft_dispatcher_timer_get_is_running (self));
      break;
    case PROP_PRIORITY:
      g_value_set_enum (value, loft_dispatcher_timer_get_priority (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_dispatcher_timer_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  LoftDispatcherTimer *self = LOFT_DISPATCHER_TIMER (object);

  switch (id)
    {
    case PROP_DISPATCHER:
      self->dispatcher = g_value_dup_object (value);
      break;
    case PROP_INTERVAL:
      loft_dispatcher_timer_set_interval (self, g_value_get_int64 (value));
      break;
    case PROP_IS_REPEATING:
      loft_dispatcher_timer_set_is_repeating (self, g_value_get_boolean (value));
      break;
    case PROP_PRIORITY:
      loft_dispatcher_timer_set_priority (self, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_dispatcher_timer_constructed (GObject *object)
{
  LoftDispatcherTimer *self = LOFT_DISPATCHER_TIMER (object);

  if (self->dispatcher == NULL)
    self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  G_OBJECT_CLASS (loft_dispatcher_timer_parent_class)->constructed (object);
}

static void
loft_dispatcher_timer_finalize (GObject *object)
{
  LOFT_TSAN_ACQUIRE (object); /* what other threads did before they dropped their references */
  g_clear_object (&LOFT_DISPATCHER_TIMER (object)->dispatcher);
  G_OBJECT_CLASS (loft_dispatcher_timer_parent_class)->finalize (object);
}

static void
loft_dispatcher_timer_class_init (LoftDispatcherTimerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = loft_dispatcher_timer_get_property;
  object_class->set_property = loft_dispatcher_timer_set_property;
  object_class->constructed = loft_dispatcher_timer_constructed;
  object_class->finalize = loft_dispatcher_timer_finalize;

  /**
   * LoftDispatcherTimer:dispatcher:
   *
   * The dispatcher on whose thread the timer ticks; the default one if none is given.
   */
  properties[PROP_DISPATCHER] = g_param_spec_object ("dispatcher", NULL, NULL, LOFT_TYPE_DISPATCHER,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                       G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcherTimer:interval:
   *
   * The time before a tick, in µs; 0 by default.
   *
   * With 0 the timer ticks each time the dispatcher has nothing else to do.
   */
  properties[PROP_INTERVAL] = g_param_spec_int64 ("interval", NULL, NULL, 0, G_MAXINT64, 0, flags);

  /**
   * LoftDispatcherTimer:is-repeating:
   *
   * Whether the timer goes on after a tick; %TRUE by default.
   */
  properties[PROP_IS_REPEATING] = g_param_spec_boolean ("is-repeating", NULL, NULL, TRUE, flags);

  /**
   * LoftDispatcherTimer:is-running:
   *
   * Whether the timer will tick.
   *
   * It is %FALSE during the only tick of a timer that does not repeat.
   */
  properties[PROP_IS_RUNNING] = g_param_spec_boolean ("is-running", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcherTimer:priority:
   *
   * The lane in which the ticks wait; by default %LOFT_PRIORITY_TIMER, which is below all others.
   */
  properties[PROP_PRIORITY] = g_param_spec_enum ("priority", NULL, NULL, LOFT_TYPE_PRIORITY,
                                                 LOFT_PRIORITY_TIMER, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftDispatcherTimer::tick:
   * @self: the timer
   *
   * Emitted when the interval is over and the turn of the tick has come.
   *
   * The signal is emitted on the dispatcher's thread. Answers to `DispatcherQueueTimer.Tick`.
   */
  tick_signal = g_signal_new ("tick", LOFT_TYPE_DISPATCHER_TIMER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void
loft_dispatcher_timer_notify_running (LoftDispatcherTimer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_RUNNING]);
}

static void
loft_dispatcher_timer_emit_tick (LoftDispatcherTimer *self)
{
  g_signal_emit (self, tick_signal, 0);
}

static void
loft_dispatcher_timer_init (LoftDispatcherTimer *self)
{
  loft_dispatcher_timer_init_tick (self);
  self->repeating = TRUE;
  self->priority = LOFT_PRIORITY_TIMER;
}

/**
 * loft_dispatcher_create_timer:
 * @self: a dispatcher
 *
 * Creates a timer that ticks on the dispatcher's thread.
 *
 * The timer is stopped at first. It ticks below the Idle lane unless its
 * [property@Loft.DispatcherTimer:priority] is set. Code that is ported from WPF or Avalonia, whose
 * timers tick in the background and not below it, sets %LOFT_PRIORITY_LOW.
 *
 * Any thread may call. Answers to `DispatcherQueue.CreateTimer`.
 *
 * Returns: (transfer full): the timer
 */
LoftDispatcherTimer *
loft_dispatcher_create_timer (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), NULL);

  return g_object_new (LOFT_TYPE_DISPATCHER_TIMER, "dispatcher", self, NULL);
}

/**
 * loft_dispatcher_timer_get_dispatcher: (get-property dispatcher)
 * @self: a timer
 *
 * Gets the dispatcher on whose thread the timer ticks.
 *
 * Any thread may call.
 *
 * Returns: (transfer none): the dispatcher
 */
LoftDispatcher *
loft_dispatcher_timer_get_dispatcher (LoftDispatcherTimer *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), NULL);

  return self->dispatcher;
}

/**
 * loft_dispatcher_timer_get_interval: (get-property interval)
 * @self: a timer
 *
 * Gets the time before a tick, in µs.
 *
 * Any thread may call. Answers to `DispatcherQueueTimer.Interval`.
 *
 * Returns: the interval in µs
 */
GTimeSpan
loft_dispatcher_timer_get_interval (LoftDispatcherTimer *self)
{
  GTimeSpan interval;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), 0);

  loft_lock_lock (&self->lock);
  interval = self->interval;
  loft_lock_unlock (&self->lock);
  return interval;
}

/**
 * loft_dispatcher_timer_set_interval: (set-property interval)
 * @self: a timer
 * @interval: µs, 0 or more; with 0 it ticks each time the dispatcher has nothing else to do
 *
 * Sets the time before a tick, in µs.
 *
 * If the timer is running, its interval begins anew, even if @interval is the value that is set
 * already. Any thread may call; notify is emitted on the calling thread.
 */
void
loft_dispatcher_timer_set_interval (LoftDispatcherTimer *self,
                                    GTimeSpan            interval)
{
  g_return_if_fail (LOFT_IS_DISPATCHER_TIMER (self));
  g_return_if_fail (interval >= 0);

  loft_lock_lock (&self->lock);
  self->interval = interval;
  loft_lock_unlock (&self->lock);
  loft_dispatcher_timer_restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
}

/**
 * loft_dispatcher_timer_get_is_repeating: (get-property is-repeating)
 * @self: a timer
 *
 * Returns whether the timer goes on after a tick.
 *
 * Any thread may call. Answers to `DispatcherQueueTimer.IsRepeating`.
 *
 * Returns: whether it goes on
 */
gboolean
loft_dispatcher_timer_get_is_repeating (LoftDispatcherTimer *self)
{
  gboolean repeating;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), 0);

  loft_lock_lock (&self->lock);
  repeating = self->repeating;
  loft_lock_unlock (&self->lock);
  return repeating;
}

/**
 * loft_dispatcher_timer_set_is_repeating: (set-property is-repeating)
 * @self: a timer
 * @is_repeating: whether it goes on after a tick
 *
 * Sets whether the timer goes on after a tick.
 *
 * If the timer is running, its interval begins anew. Any thread may call; notify is emitted on the
 * calling thread.
 */
void
loft_dispatcher_timer_set_is_repeating (LoftDispatcherTimer *self,
                                        gboolean             is_repeating)
{
  g_return_if_fail (LOFT_IS_DISPATCHER_TIMER (self));

  loft_lock_lock (&self->lock);
  self->repeating = is_repeating;
  loft_lock_unlock (&self->lock);
  loft_dispatcher_timer_restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_REPEATING]);
}

/**
 * loft_dispatcher_timer_get_priority: (get-property priority)
 * @self: a timer
 *
 * Gets the lane in which the ticks wait.
 *
 * Any thread may call.
 *
 * Returns: the priority
 */
LoftPriority
loft_dispatcher_timer_get_priority (LoftDispatcherTimer *self)
{
  LoftPriority priority;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), 0);

  loft_lock_lock (&self->lock);
  priority = self->priority;
  loft_lock_unlock (&self->lock);
  return priority;
}

/**
 * loft_dispatcher_timer_set_priority: (set-property priority)
 * @self: a timer
 * @priority: a priority; %LOFT_PRIORITY_TIMER is below all others
 *
 * Sets the lane in which the ticks wait, from the next tick that comes due.
 *
 * Any thread may call; notify is emitted on the calling thread. Answers to the priority of WPF's
 * `DispatcherTimer`.
 */
void
loft_dispatcher_timer_set_priority (LoftDispatcherTimer *self,
                                    LoftPriority         priority)
{
  g_return_if_fail (LOFT_IS_DISPATCHER_TIMER (self));
  if (priority != LOFT_PRIORITY_TIMER &&
      !loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return;

  loft_lock_lock (&self->lock);
  self->priority = priority;
  loft_lock_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRIORITY]);
}

/**
 * loft_dispatcher_timer_get_is_running: (get-property is-running)
 * @self: a timer
 *
 * Returns whether the timer will tick.
 *
 * Any thread may call. Answers to `DispatcherQueueTimer.IsRunning`.
 *
 * Returns: whether it will
 */
gboolean
loft_dispatcher_timer_get_is_running (LoftDispatcherTimer *self)
{
  gboolean running;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_TIMER (self), 0);

  loft_lock_lock (&self->lock);
  running = self->running;
  loft_lock_unlock (&self->lock);
  return running;
}

/* How a dispatcher's timer ticks.
 *
 *             start ──────────────┐
 *               v                 │ (a restart)
 *   stopped   in the heap ──due──> tick in its lane ──its turn──> ::tick
 *               ^                                                   │ repeating
 *               └───────────────────────────────────────────────────┘
 *
 * The heap and the lane each hold a reference on the timer, so a running timer keeps itself alive.
 * Every start, stop and restart has a new serial. A tick that was queued under an older serial is
 * not emitted, so nothing ticks after a stop. At most one tick is in the lane, and the next
 * interval begins when the handlers of the tick have returned. A busy dispatcher therefore gets one
 * tick and not a burst.
 *
 * `due` is the time when the interval is over, and the heap follows it. Each of the two has a lock
 * of its own, so the heap may be out of date for a moment. A function that begins or stops an
 * interval therefore settles the heap afterwards, and a timer that leaves the heap before `due`
 * does not tick. */

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

/* Puts the timer into the heap, or moves it there. FALSE: the dispatcher has ended. */
static gboolean
loft_dispatcher_timer_arm (LoftDispatcherTimer *self,
                           gint64               due)
{
  LoftSetTimer fate;

  g_object_ref (self); /* the heap's */
  fate = loft_loop_set_timer (loft_dispatcher_peek_loop (self->dispatcher), &self->timer, due);
  if (fate != LOFT_TIMER_ADDED)
    g_object_unref (self); /* the heap has one already, or takes no timer */
  return fate != LOFT_TIMER_REFUSED;
}

/* Makes the heap agree with `due`. Two threads may do so at once, and the one that has read the
 * older `due` may be the one that writes last. Each thread therefore reads `due` again after it has
 * written. FALSE: the dispatcher has ended. */
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

/* The loop calls these two functions when the timer is due, and when the dispatcher ends. The timer
 * is then out of the heap, and they drop the heap's reference or pass it on to the lane. */

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
  /* Otherwise the timer was restarted or stopped after it had left the heap. */
  if (self->due <= loft_clock_now ())
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

/* Begins the next interval, unless the timer was stopped or restarted during this tick. */
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
    loft_dispatcher_timer_stop (self); /* the dispatcher has ended in the meantime */
}

/* Returns whether the tick whose turn has come is still valid, that is, whether it was queued under
 * the latest serial. A timer that does not repeat is no longer running then. */
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
    /* The items that were queued still run during the shutdown, but no timer ticks any more. */
    loft_dispatcher_timer_stop (self);
  ticks = loft_dispatcher_timer_take_tick (self, &serial, &repeats);
  if (ticks && !repeats)
    {
      loft_dispatcher_timer_notify_running (self);
      /* A handler of the notify signal may have stopped or restarted the timer. */
      ticks = loft_dispatcher_timer_is_as (self, serial);
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

static void
loft_dispatcher_timer_init_tick (LoftDispatcherTimer *self)
{
  self->timer.due = on_due;
  self->timer.stop = on_stop;
  self->item.klass = &tick_class;
  self->due = LOFT_NO_TIMER;
}

/* Begins the interval anew if the timer is running. */
static void
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
 * Starts the timer with a full interval.
 *
 * If the timer is running, its interval begins anew.
 *
 * Any thread may call; notify of [property@Loft.DispatcherTimer:is-running] is emitted on the
 * calling thread. Answers to `DispatcherQueueTimer.Start`.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the timer will never tick
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
 * Stops the timer.
 *
 * When this function is called on the dispatcher's thread, no tick comes after it has returned. Any
 * thread may call; when it is called on another thread, a tick may be running at the same time.
 * Stopping a timer that is stopped does nothing. Answers to `DispatcherQueueTimer.Stop`.
 */
void
loft_dispatcher_timer_stop (LoftDispatcherTimer *self)
{
  gboolean was_running;

  g_return_if_fail (LOFT_IS_DISPATCHER_TIMER (self));

  g_object_ref (self); /* the heap's reference may be the last */
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
