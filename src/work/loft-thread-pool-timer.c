/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftThreadPoolTimer: calls a handler on the pool, once or at each expiry of a period.
 *
 *   set ──expiry──> a call is posted to the pool ──> the handler runs
 *    ^                │ periodic: set anew, however long the handlers take
 *    └────────────────┘
 *
 * So the calls of a periodic timer may overlap, but at most one call waits for a worker.
 *
 * The timer is over when it is not set any more and its last call has returned. Then the destroyed
 * handler runs once, and the data of both handlers is released at their homes. Until then the timer
 * holds a reference to itself. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "pool/loft-timer-thread-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-recipient-private.h"

/**
 * LoftThreadPoolTimer:
 *
 * Calls a handler on a worker of the pool, once after a delay or periodically.
 *
 * The time counts from the creation of the timer; there is no method that starts it. Any thread may
 * call its methods. Answers to `ThreadPoolTimer`.
 */

struct _LoftThreadPoolTimer
{
  GObject parent_instance;

  LoftAlarm alarm;

  /* constant after init */
  gint64 delay;   /* µs */
  gint64 period;  /* µs; 0: it calls once */

  /* under lock */
  LoftLock lock;
  gboolean set;      /* it will expire */
  gboolean canceled;
  gboolean over;
  guint calls;       /* posted or running */
  /* An expiry has posted a call that has not begun. No other call is posted behind it. */
  gboolean waits;
  gboolean told;     /* the destroyed handler was set */
  LoftRecipient destroyed;
  /* Calls read it without the lock. While a call is posted or running, the timer is not over, and
   * this callback stays. */
  LoftRecipient elapsed;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftThreadPoolTimer, loft_thread_pool_timer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_thread_pool_timer_call (LoftThreadPoolTimer *self,
                             const LoftRecipient *recipient)
{
  ((LoftThreadPoolTimerHandler) recipient->callback) (self, recipient->user_data);
}

/* A call on the pool. For a timer that was cancelled, the call only checks whether the timer is
 * over. */

typedef struct
{
  LoftWorkItem item;
  LoftThreadPoolTimer *timer; /* strong */
  gboolean elapsed;           /* posted by an expiry */
} LoftTimerCall;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftTimerCall, item) == 0);

/* Runs on the pool, when the last call has returned and no other call will come. */
static void
loft_thread_pool_timer_finish (LoftThreadPoolTimer *self)
{
  LoftRecipient destroyed, elapsed;

  /* This may run twice: for the call after which the timer was over, and for the call that
   * loft_thread_pool_timer_set_destroyed () posts when the timer is over already. */
  loft_lock_lock (&self->lock);
  destroyed = self->destroyed;
  elapsed = self->elapsed;
  self->destroyed = self->elapsed = (LoftRecipient) { NULL };
  loft_lock_unlock (&self->lock);
  if (destroyed.callback != NULL)
    {
      loft_thread_pool_timer_call (self, &destroyed);
      loft_recipient_clear (&destroyed);
    }
  if (elapsed.callback != NULL)
    loft_recipient_clear (&elapsed);
  g_object_unref (self); /* its own, or that of set_destroyed () */
}

static void
loft_timer_call_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftThreadPoolTimer *self = ((LoftTimerCall *) item)->timer;
  gboolean elapsed = ((LoftTimerCall *) item)->elapsed;
  gboolean canceled, over;

  g_free (item);
  loft_lock_lock (&self->lock);
  canceled = self->canceled;
  if (elapsed)
    self->waits = FALSE;
  loft_lock_unlock (&self->lock);
  if (!canceled)
    loft_thread_pool_timer_call (self, &self->elapsed);

  loft_lock_lock (&self->lock);
  over = --self->calls == 0 && !self->set;
  self->over = over;
  loft_lock_unlock (&self->lock);
  if (over)
    loft_thread_pool_timer_finish (self);
  g_object_unref (self);
}

static const LoftWorkItemClass loft_timer_call_class = {
  .name = "call of a timer",
  .run = loft_timer_call_run,
};

static void
loft_thread_pool_timer_post (LoftThreadPoolTimer *self,
                             gboolean             elapsed)
{
  LoftTimerCall *call = g_new0 (LoftTimerCall, 1);

  call->item.klass = &loft_timer_call_class;
  call->timer = g_object_ref (self);
  call->elapsed = elapsed;
  loft_pool_post_item (&call->item);
}

/* Runs on the timers' thread. The timer holds a reference to itself, because it is set. */
static void
on_ring (LoftAlarm *alarm)
{
  LoftThreadPoolTimer *self = (LoftThreadPoolTimer *) ((char *) alarm -
                                                       G_STRUCT_OFFSET (LoftThreadPoolTimer,
                                                                        alarm));
  gboolean posts;

  g_object_ref (self);
  loft_lock_lock (&self->lock);
  posts = !self->waits;
  self->calls += posts ? 1 : 0;
  self->waits = TRUE;
  self->set = self->period > 0 && !self->canceled;
  if (self->set)
    {
      gint64 next = loft_clock_after (self->alarm.entry.due, self->period), now = loft_clock_now ();

      loft_timer_thread_set (&self->alarm,
                             next > now ? next : loft_clock_after (now, self->period));
    }
  loft_lock_unlock (&self->lock);
  if (posts)
    loft_thread_pool_timer_post (self, TRUE);
  g_object_unref (self);
}

/* The program shuts Loft down. The timer ends as if it were cancelled now. */
static void
on_stop (LoftAlarm *alarm)
{
  LoftThreadPoolTimer *self = (LoftThreadPoolTimer *) ((char *) alarm -
                                                       G_STRUCT_OFFSET (LoftThreadPoolTimer,
                                                                        alarm));

  loft_lock_lock (&self->lock);
  self->canceled = TRUE;
  self->set = FALSE;
  self->calls++;
  loft_lock_unlock (&self->lock);
  loft_thread_pool_timer_post (self, FALSE);
}

static void
loft_thread_pool_timer_class_init (LoftThreadPoolTimerClass *klass)
{
}

static void
loft_thread_pool_timer_init (LoftThreadPoolTimer *self)
{
  self->alarm.ring = on_ring;
  self->alarm.stop = on_stop;
  self->over = TRUE; /* until a constructor sets it; a bare g_object_new () never does */
}

static LoftThreadPoolTimer *
loft_thread_pool_timer_new (gint64                      delay,
                            gint64                      period,
                            LoftThreadPoolTimerHandler  handler,
                            gpointer                    user_data,
                            GDestroyNotify              destroy)
{
  LoftThreadPoolTimer *self = g_object_new (LOFT_TYPE_THREAD_POOL_TIMER, NULL);

  loft_recipient_init (&self->elapsed, FALSE, G_CALLBACK (handler), user_data, destroy);
  self->delay = delay;
  self->period = period >= G_TIME_SPAN_MILLISECOND ? period : 0;
  self->set = TRUE;
  self->over = FALSE;
  g_object_ref (self); /* its own reference, until it is over */
  loft_timer_thread_set (&self->alarm,
                         MIN (loft_clock_after (loft_clock_now (), MAX (delay, period)),
                              G_MAXINT64 - 1));
  return self;
}

/**
 * loft_thread_pool_timer_create: (constructor)
 * @delay: µs from now, 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data when the timer is over, at the home of the
 *   calling thread, or on the pool if it has none
 *
 * Creates a timer that calls @handler once, on a worker of the pool.
 *
 * Any thread may call. @handler is called when @delay is over, and never earlier. The timer stays
 * alive until it is over, even if the caller drops its reference. Answers to
 * `ThreadPoolTimer.CreateTimer`.
 *
 * Returns: (transfer full): the timer
 */
LoftThreadPoolTimer *
loft_thread_pool_timer_create (GTimeSpan                  delay,
                               LoftThreadPoolTimerHandler handler,
                               gpointer                   user_data,
                               GDestroyNotify             destroy)
{
  loft_consume_and_return_val_if_fail (delay >= 0, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return loft_thread_pool_timer_new (delay, 0, handler, user_data, destroy);
}

/**
 * loft_thread_pool_timer_create_periodic: (constructor)
 * @period: µs, 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data when the timer is over, at the home of the
 *   calling thread, or on the pool if it has none
 *
 * Creates a timer that calls @handler on a worker of the pool each time @period has passed, until
 * the timer is cancelled.
 *
 * Any thread may call. The timer is set anew at each expiry, however long @handler takes, so calls
 * may overlap if the pool has workers for them. At most one call waits for a worker. While a call
 * waits, further expiries post no other call. If @period is less than a millisecond, the timer
 * calls once. Answers to `ThreadPoolTimer.CreatePeriodicTimer`.
 *
 * Returns: (transfer full): the timer
 */
LoftThreadPoolTimer *
loft_thread_pool_timer_create_periodic (GTimeSpan                  period,
                                        LoftThreadPoolTimerHandler handler,
                                        gpointer                   user_data,
                                        GDestroyNotify             destroy)
{
  loft_consume_and_return_val_if_fail (period >= 0, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return loft_thread_pool_timer_new (0, period, handler, user_data, destroy);
}

/**
 * loft_thread_pool_timer_get_delay:
 * @self: a timer
 *
 * Gets the delay of a timer that was created to call once.
 *
 * Any thread may call. Answers to `ThreadPoolTimer.Delay`.
 *
 * Returns: the delay in µs; 0 for a timer that was created as a periodic one
 */
GTimeSpan
loft_thread_pool_timer_get_delay (LoftThreadPoolTimer *self)
{
  g_return_val_if_fail (LOFT_IS_THREAD_POOL_TIMER (self), 0);

  return self->delay;
}

/**
 * loft_thread_pool_timer_get_period:
 * @self: a timer
 *
 * Gets the period of a timer.
 *
 * Any thread may call. Answers to `ThreadPoolTimer.Period`.
 *
 * Returns: the period in µs; 0 for a timer that calls once
 */
GTimeSpan
loft_thread_pool_timer_get_period (LoftThreadPoolTimer *self)
{
  g_return_val_if_fail (LOFT_IS_THREAD_POOL_TIMER (self), 0);

  return self->period;
}

/**
 * loft_thread_pool_timer_set_destroyed:
 * @self: a timer
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call when the timer is
 *   over
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the
 *   pool if it has none
 *
 * Sets the handler that is called when the timer is over.
 *
 * Any thread may call. The timer is over when it will not call again and its last call has
 * returned. @handler then runs once, on a worker of the pool. If the timer is over already,
 * @handler is called all the same. A timer has only one such handler: to set a second one is a
 * critical warning. Answers to the `TimerDestroyedHandler` of the methods that create a
 * `ThreadPoolTimer`.
 */
void
loft_thread_pool_timer_set_destroyed (LoftThreadPoolTimer        *self,
                                      LoftThreadPoolTimerHandler  handler,
                                      gpointer                    user_data,
                                      GDestroyNotify              destroy)
{
  LoftRecipient recipient;
  gboolean first, over;

  loft_consume_and_return_if_fail (LOFT_IS_THREAD_POOL_TIMER (self), destroy, user_data);
  loft_consume_and_return_if_fail (handler != NULL, destroy, user_data);

  loft_recipient_init (&recipient, FALSE, G_CALLBACK (handler), user_data, destroy);
  loft_lock_lock (&self->lock);
  first = !self->told;
  over = first && self->over;
  self->told = TRUE;
  if (first)
    self->destroyed = recipient;
  if (over)
    {
      self->calls++;
      self->canceled = TRUE; /* the call only has to find that it is over */
    }
  loft_lock_unlock (&self->lock);

  if (!first)
    {
      g_critical ("%s: the timer has such a handler already", G_STRFUNC);
      loft_recipient_clear (&recipient);
    }
  if (over)
    {
      g_object_ref (self);
      loft_thread_pool_timer_post (self, FALSE);
    }
}

/**
 * loft_thread_pool_timer_cancel:
 * @self: a timer
 *
 * Cancels the timer, so that it makes no more calls.
 *
 * Any thread may call, any number of times. Calls that have not begun never begin. Calls that are
 * running finish, and this function does not wait for them. Answers to `ThreadPoolTimer.Cancel`.
 */
void
loft_thread_pool_timer_cancel (LoftThreadPoolTimer *self)
{
  gboolean was_set;

  g_return_if_fail (LOFT_IS_THREAD_POOL_TIMER (self));

  loft_lock_lock (&self->lock);
  self->canceled = TRUE;
  was_set = loft_timer_thread_cancel (&self->alarm);
  if (was_set)
    {
      self->set = FALSE;
      self->calls++; /* a call that only checks whether the timer is over */
    }
  loft_lock_unlock (&self->lock);
  if (was_set)
    loft_thread_pool_timer_post (self, FALSE);
}
