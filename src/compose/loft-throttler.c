/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftThrottler: calls at most once in an interval. The first trigger calls at once, and the last
 * trigger is never lost.
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
 * Calls a handler at most once in an interval, however often it is triggered.
 *
 * For example, an object that the user drags is redrawn twenty times a second. The first trigger
 * calls the handler at once, and later triggers call it when the interval is over. So the last
 * trigger is never lost.
 *
 * Any thread may trigger. The handler runs on the dispatcher's thread, in the Normal lane, and
 * never inside the trigger. A pending call is cancelled when the throttler is disposed, and when
 * the dispatcher shuts down.
 *
 * Windows has no such class. The model is Rx's `Throttle` with both edges.
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
  /* Strong. It ticks once: at once for a call that is due, otherwise at the end of the interval. */
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

/* Returns the state before the step. */
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
 * @dispatcher: the dispatcher on whose thread the handler runs
 * @interval: the time between two calls, in µs; 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): the handler to call
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, when the throttler
 *   is gone
 *
 * Creates a throttler.
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
 * Calls the handler at once if no interval is running, and otherwise when the current interval is
 * over.
 *
 * Any thread may call. The handler runs on the dispatcher's thread, and never inside this call.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the handler is not called
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
 * Returns whether a call of the handler is pending.
 *
 * Any thread may call.
 *
 * Returns: %TRUE if a call is pending
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
 * Cancels a pending call of the handler.
 *
 * Any thread may call. If this is called on the dispatcher's thread, the handler is not called
 * after that until there is another trigger. The current interval is not cut short.
 */
void
loft_throttler_cancel (LoftThrottler *self)
{
  g_return_if_fail (LOFT_IS_THROTTLER (self));
  g_return_if_fail (self->call != NULL);

  /* The timer of a call that was due keeps running. Its tick then ends an interval of length 0, and
   * calls nothing. */
  loft_throttle_step (self->call, LOFT_THROTTLE_CANCEL);
}
