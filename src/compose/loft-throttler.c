/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftThrottler: calls at most once in an interval, the first time at once, and the last time too.
 *
 *   RESTING ──trigger──> DUE ──its call, cancel──> COOLING ──trigger──> PENDING
 *      ^                                            │  ^                   │
 *      └─────────────the interval is over───────────┘  └──its call, cancel─┘ */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "compose/loft-paced-call-private.h"

/**
 * LoftThrottler:
 *
 * Calls a handler at most once in an interval, however often it is triggered: what is dragged is
 * drawn twenty times a second.
 *
 * The first trigger calls at once, later ones when the interval is over: so the last of them is
 * never lost. Any thread may trigger; the handler runs on the dispatcher's thread, in the Normal
 * lane, never inside of the trigger. Letting go of the throttler cancels what is pending, and so
 * does the dispatcher's shutdown. Windows has none; Rx's `Throttle` with both edges is the model.
 */

typedef enum {
  LOFT_THROTTLE_RESTING,
  LOFT_THROTTLE_DUE,
  LOFT_THROTTLE_COOLING,
  LOFT_THROTTLE_PENDING,
} LoftThrottleState;

struct _LoftThrottler
{
  GObject parent_instance;

  /* constant after init */
  /* Strong; once: at once for a call that is due, else at the end of the interval. */
  LoftDispatcherTimer *timer;
  LoftPacedCall *call; /* a reference; its state is a LoftThrottleState */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftThrottler, loft_throttler, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

/* What happens to a throttle, and where it leads: the picture above, as data. Each is one step
 * under the lock, so a trigger finds the interval over or not, and nothing between. */

typedef enum {
  LOFT_THROTTLE_TRIGGER,
  LOFT_THROTTLE_TICK,
  LOFT_THROTTLE_CANCEL,
  LOFT_THROTTLE_REFUSED, /* the dispatcher has shut down */
} LoftThrottleEvent;

static const LoftThrottleState edges[][4] = {
  /* on a trigger, a tick, a cancel, a refusal */
  [LOFT_THROTTLE_RESTING] = { LOFT_THROTTLE_DUE, LOFT_THROTTLE_RESTING, LOFT_THROTTLE_RESTING,
                              LOFT_THROTTLE_RESTING },
  [LOFT_THROTTLE_DUE] = { LOFT_THROTTLE_DUE, LOFT_THROTTLE_COOLING, LOFT_THROTTLE_COOLING,
                          LOFT_THROTTLE_RESTING },
  [LOFT_THROTTLE_COOLING] = { LOFT_THROTTLE_PENDING, LOFT_THROTTLE_RESTING, LOFT_THROTTLE_COOLING,
                              LOFT_THROTTLE_RESTING },
  [LOFT_THROTTLE_PENDING] = { LOFT_THROTTLE_PENDING, LOFT_THROTTLE_COOLING, LOFT_THROTTLE_COOLING,
                              LOFT_THROTTLE_RESTING },
};

static gboolean
loft_throttle_will_call (LoftThrottleState state)
{
  return state == LOFT_THROTTLE_DUE || state == LOFT_THROTTLE_PENDING;
}

/* Returns the state that it was in. */
static LoftThrottleState
loft_throttle_step (LoftPacedCall     *call,
                    LoftThrottleEvent  event)
{
  LoftThrottleState from;

  loft_lock_lock (&call->lock);
  from = call->state;
  call->state = edges[from][event];
  loft_lock_unlock (&call->lock);
  return from;
}

static gboolean
loft_throttle_wait (LoftDispatcherTimer *timer,
                    GTimeSpan            interval)
{
  loft_dispatcher_timer_set_interval (timer, interval); /* it is stopped */
  return loft_dispatcher_timer_start (timer);
}

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             user_data)
{
  LoftPacedCall *call = user_data;

  if (!loft_throttle_will_call (loft_throttle_step (call, LOFT_THROTTLE_TICK)))
    return;
  if (!loft_throttle_wait (timer, call->interval))
    loft_throttle_step (call, LOFT_THROTTLE_REFUSED);
  loft_paced_call_run (call);
}

static void
loft_throttler_dispose (GObject *object)
{
  LoftThrottler *self = LOFT_THROTTLER (object);

  loft_paced_call_clear_timer (self->call, &self->timer);
  g_clear_pointer (&self->call, loft_paced_call_unref);
  G_OBJECT_CLASS (loft_throttler_parent_class)->dispose (object);
}

static void
loft_throttler_class_init (LoftThrottlerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_throttler_dispose;
}

static void
loft_throttler_init (LoftThrottler *self)
{
}

/**
 * loft_throttler_new: (constructor)
 * @dispatcher: on whose thread the handler runs
 * @interval: µs between two calls, 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, when the throttler
 *   is gone
 *
 * Makes a throttler.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the throttler
 */
LoftThrottler *
loft_throttler_new (LoftDispatcher   *dispatcher,
                    GTimeSpan         interval,
                    LoftQueueHandler  handler,
                    gpointer          user_data,
                    GDestroyNotify    destroy)
{
  LoftThrottler *self;

  loft_consume_and_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (interval >= 0, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  self = g_object_new (LOFT_TYPE_THROTTLER, NULL);
  self->call = loft_paced_call_new (dispatcher, interval, handler, user_data, destroy);
  self->timer = loft_paced_call_create_timer (self->call, 0, G_CALLBACK (on_tick));
  return self;
}

/**
 * loft_throttler_trigger:
 * @self: a throttler
 *
 * Has the handler called: now, or when the interval that goes on is over.
 *
 * Any thread may call; the handler runs later, on the dispatcher's thread.
 *
 * Returns: %FALSE if the dispatcher has shut down, and the handler will not be called
 */
gboolean
loft_throttler_trigger (LoftThrottler *self)
{
  g_return_val_if_fail (LOFT_IS_THROTTLER (self), FALSE);
  g_return_val_if_fail (self->call != NULL, FALSE);

  if (loft_throttle_step (self->call, LOFT_THROTTLE_TRIGGER) != LOFT_THROTTLE_RESTING)
    return !loft_dispatcher_is_shut_down (loft_dispatcher_timer_get_dispatcher (self->timer));
  if (loft_throttle_wait (self->timer, 0))
    return TRUE;
  loft_throttle_step (self->call, LOFT_THROTTLE_REFUSED);
  return FALSE;
}

/**
 * loft_throttler_is_pending:
 * @self: a throttler
 *
 * Whether the handler will be called.
 *
 * Any thread may call.
 *
 * Returns: whether it will
 */
gboolean
loft_throttler_is_pending (LoftThrottler *self)
{
  LoftThrottleState state;

  g_return_val_if_fail (LOFT_IS_THROTTLER (self), FALSE);
  g_return_val_if_fail (self->call != NULL, FALSE);

  loft_lock_lock (&self->call->lock);
  state = self->call->state;
  loft_lock_unlock (&self->call->lock);
  return loft_throttle_will_call (state) &&
         !loft_dispatcher_is_shut_down (loft_dispatcher_timer_get_dispatcher (self->timer));
}

/**
 * loft_throttler_cancel:
 * @self: a throttler
 *
 * Forgets what triggered it: on the dispatcher's thread, the handler is not called after this,
 * until it is triggered again.
 *
 * Any thread may call. An interval that goes on is not cut short.
 */
void
loft_throttler_cancel (LoftThrottler *self)
{
  g_return_if_fail (LOFT_IS_THROTTLER (self));
  g_return_if_fail (self->call != NULL);

  /* A call that was due becomes the end of an interval of no length: its tick finds nothing to
   * do. */
  loft_throttle_step (self->call, LOFT_THROTTLE_CANCEL);
}
