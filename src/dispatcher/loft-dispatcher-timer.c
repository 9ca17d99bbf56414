/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcherTimer: its rules, its settings, and how it ticks. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"

/**
 * LoftDispatcherTimer:
 *
 * Ticks on a dispatcher's thread, once or again and again.
 *
 * Made by [method@Loft.Dispatcher.create_timer], stopped. The rules:
 *
 * - never early: a tick comes when the whole interval has gone by since the start, or since the
 *   handlers of the last tick returned, and the tick's turn has come;
 * - no tick after [method@Loft.DispatcherTimer.stop] has returned on the dispatcher's thread;
 * - [method@Loft.DispatcherTimer.start] begins a full interval, also while it is running; so does
 *   any change of [property@Loft.DispatcherTimer:interval] and
 *   [property@Loft.DispatcherTimer:is-repeating] while it is running;
 * - a dispatcher that was busy for several intervals gets one tick;
 * - an interval of 0 ticks each time the dispatcher has nothing else to do;
 * - ticks rank below Idle, unless a [property@Loft.DispatcherTimer:priority] is set; and no lane,
 *   theirs neither, waits for longer than the dispatcher's [property@Loft.Dispatcher:wait-limit];
 * - a running timer keeps itself alive, and its dispatcher; it does not keep a loop running.
 *
 * Any number of timers share one source. Any thread may call its methods. Answers to
 * `DispatcherQueueTimer`.
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
  gint64 due;                 /* when the interval that goes on is over; LOFT_NO_TIMER: none does */
  gboolean queued;            /* a tick waits in its lane */
  guint64 serial;             /* of the last start, stop or change */
  guint64 queued_serial;      /* of that tick */
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
  LOFT_TSAN_ACQUIRE (object); /* what others did before they let go */
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
   * On whose thread it ticks; none means the default one.
   */
  properties[PROP_DISPATCHER] = g_param_spec_object ("dispatcher", NULL, NULL, LOFT_TYPE_DISPATCHER,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                       G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcherTimer:interval:
   *
   * How many µs go by before a tick; 0 at first: it ticks each time the dispatcher has nothing else
   * to do.
   */
  properties[PROP_INTERVAL] = g_param_spec_int64 ("interval", NULL, NULL, 0, G_MAXINT64, 0, flags);

  /**
   * LoftDispatcherTimer:is-repeating:
   *
   * Whether it goes on after a tick; %TRUE at first.
   */
  properties[PROP_IS_REPEATING] = g_param_spec_boolean ("is-repeating", NULL, NULL, TRUE, flags);

  /**
   * LoftDispatcherTimer:is-running:
   *
   * Whether it will tick. %FALSE inside of the only tick of one that does not repeat.
   */
  properties[PROP_IS_RUNNING] = g_param_spec_boolean ("is-running", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcherTimer:priority:
   *
   * In which lane its ticks wait; %LOFT_PRIORITY_TIMER at first, below all others.
   */
  properties[PROP_PRIORITY] = g_param_spec_enum ("priority", NULL, NULL, LOFT_TYPE_PRIORITY,
                                                 LOFT_PRIORITY_TIMER, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftDispatcherTimer::tick:
   * @self: the timer
   *
   * Its time has come.
   *
   * Emitted on the dispatcher's thread. Answers to `DispatcherQueueTimer.Tick`.
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
 * Makes a timer that ticks on the dispatcher's thread; it is stopped.
 *
 * Any thread may call. It ticks below the Idle lane unless its
 * [property@Loft.DispatcherTimer:priority] is set; what is ported from WPF or Avalonia, whose
 * timers tick in the background and not below it, sets %LOFT_PRIORITY_LOW. Answers to
 * `DispatcherQueue.CreateTimer`.
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
 * Gives the dispatcher on whose thread it ticks.
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
 * Gives how many µs go by before a tick.
 *
 * Any thread may call. Answers to `DispatcherQueueTimer.Interval`.
 *
 * Returns: µs
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
 * Sets how many µs go by before a tick; a running timer begins anew, also when it is the same
 * number.
 *
 * Any thread may call; notify is emitted on that thread.
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
 * Whether it goes on after a tick.
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
 * Sets whether it goes on after a tick; a running timer begins its interval anew.
 *
 * Any thread may call; notify is emitted on that thread.
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
 * Gives in which lane its ticks wait.
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
 * Sets in which lane its ticks wait, from the next one that comes due.
 *
 * Any thread may call; notify is emitted on that thread. Answers to the priority of WPF's
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
 * Whether it will tick.
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
 * Heap and lane each hold the timer: a running timer keeps itself alive. Every start, stop and
 * change has a new serial, and a tick that was queued under an older one is none: so nothing ticks
 * after a stop. At most one tick is in the lane, and the next interval begins when its handlers
 * have returned: a busy queue gets one, not a burst.
 *
 * `due` says when the interval is over, and the heap follows it. The two have locks of their own,
 * so the heap may be behind for a moment: whoever changes `due` settles the heap afterwards, and
 * what comes out of it earlier is no tick. */

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

/* Makes the heap agree with `due`. Two threads may be at it, and the one with the older `due` be
 * the later: so each looks again after it has written. FALSE: the dispatcher has ended. */
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
  /* Else it was begun anew, or stopped, when it was out of the heap already. */
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

/* Whether the tick that came up is one: queued under what was set last. One that does not repeat is
 * no longer running then. */
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
    /* What was queued runs to the end, but no timer ticks any more. */
    loft_dispatcher_timer_stop (self);
  ticks = loft_dispatcher_timer_take_tick (self, &serial, &repeats);
  if (ticks && !repeats)
    {
      loft_dispatcher_timer_notify_running (self);
      /* Who is notified may stop it, or begin anew. */
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

/* Begins the interval anew if it is running. */
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
 * Begins a full interval, also when it is running.
 *
 * Any thread may call; notify of [property@Loft.DispatcherTimer:is-running] is emitted on that
 * thread. Answers to `DispatcherQueueTimer.Start`.
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
 * Any thread may call; on another one a tick may just be running. Stopping one that is stopped does
 * nothing. Answers to `DispatcherQueueTimer.Stop`.
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
