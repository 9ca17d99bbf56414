/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDebouncer: calls once when the quiet time is over, or once before the quiet time begins.
 *
 *   RESTING ──trigger──> WAITING ──quiet: its call──> RESTING
 *      │                  │   ^
 *      │                  │   └─trigger─┐
 *      └─trigger_at_once──┴──────────> COOLING ──quiet──> RESTING
 *           its call              trigger_at_once: only longer
 *
 * Each trigger begins the quiet time anew. If a trigger arrives just as the quiet time ends, the
 * call made then answers it. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "compose/loft-paced-call-private.h"

/**
 * LoftDebouncer:
 *
 * Calls a handler when nothing has triggered it for a while.
 *
 * For example, a program looks up a text when the user pauses typing. With
 * [method@Loft.Debouncer.trigger_at_once], the first of several triggers calls the handler, so that
 * the second click of a double click is ignored.
 *
 * Any thread may trigger. The handler runs on the dispatcher's thread, in the Normal lane. A
 * pending call is cancelled when the debouncer is disposed, and when the dispatcher shuts down.
 * Work that must not be lost belongs in a handler of [signal@Loft.Dispatcher::shutdown-starting].
 *
 * Answers to the Community Toolkit's `DispatcherQueueTimer.Debounce`.
 */

typedef enum {
  LOFT_DEBOUNCE_RESTING,
  LOFT_DEBOUNCE_WAITING,
  LOFT_DEBOUNCE_COOLING,
} LoftDebounceState;

struct _LoftDebouncer
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcherTimer *quiet;   /* strong; ticks once, at the end of the quiet time */
  LoftDispatcherTimer *at_once; /* strong; ticks once, at once */
  /* A reference; its state is a LoftDebounceState. The methods start and stop the timers under its
   * lock, so that the state and the timers agree. This is safe because nobody else knows these
   * timers: no handler of their signals runs when they are started or stopped, and so no foreign
   * code runs under the lock. */
  LoftPacedCall *call;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDebouncer, loft_debouncer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
on_at_once (LoftDispatcherTimer *timer,
            gpointer             call)
{
  loft_paced_call_run (call);
}

static void
on_quiet (LoftDispatcherTimer *timer,
          gpointer             user_data)
{
  LoftPacedCall *call = user_data;
  gboolean calls;

  loft_lock_lock (&call->lock);
  calls = call->state == LOFT_DEBOUNCE_WAITING;
  call->state = LOFT_DEBOUNCE_RESTING;
  loft_lock_unlock (&call->lock);
  if (calls)
    loft_paced_call_run (call);
}

static void
loft_debouncer_dispose (GObject *object)
{
  LoftDebouncer *self = LOFT_DEBOUNCER (object);

  loft_paced_call_clear_timer (self->call, &self->quiet);
  loft_paced_call_clear_timer (self->call, &self->at_once);
  g_clear_pointer (&self->call, loft_paced_call_unref);
  G_OBJECT_CLASS (loft_debouncer_parent_class)->dispose (object);
}

static void
loft_debouncer_class_init (LoftDebouncerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_debouncer_dispose;
}

static void
loft_debouncer_init (LoftDebouncer *self)
{
}

/**
 * loft_debouncer_new: (constructor)
 * @dispatcher: the dispatcher on whose thread the handler runs
 * @quiet: the time that has to go by without a trigger, in µs; 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): the handler to call
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, when the debouncer
 *   is gone
 *
 * Creates a debouncer.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the debouncer
 */
LoftDebouncer *
loft_debouncer_new (LoftDispatcher   *dispatcher,
                    GTimeSpan         quiet,
                    LoftQueueHandler  handler,
                    gpointer          user_data,
                    GDestroyNotify    destroy)
{
  LoftDebouncer *self;

  loft_consume_and_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (quiet >= 0, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  self = g_object_new (LOFT_TYPE_DEBOUNCER, NULL);
  self->call = loft_paced_call_new (dispatcher, quiet, handler, user_data, destroy);
  self->quiet = loft_paced_call_create_timer (self->call, quiet, G_CALLBACK (on_quiet));
  self->at_once = loft_paced_call_create_timer (self->call, 0, G_CALLBACK (on_at_once));
  return self;
}

/**
 * loft_debouncer_trigger:
 * @self: a debouncer
 *
 * Calls the handler after the quiet time, unless there is another trigger before.
 *
 * Any thread may call. Each trigger begins the quiet time anew.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the handler is not called
 */
gboolean
loft_debouncer_trigger (LoftDebouncer *self)
{
  gboolean comes;

  g_return_val_if_fail (LOFT_IS_DEBOUNCER (self), FALSE);
  g_return_val_if_fail (self->call != NULL, FALSE);

  loft_lock_lock (&self->call->lock);
  self->call->state = LOFT_DEBOUNCE_WAITING;
  comes = loft_dispatcher_timer_start (self->quiet);
  loft_lock_unlock (&self->call->lock);
  return comes;
}

/**
 * loft_debouncer_trigger_at_once:
 * @self: a debouncer
 *
 * Calls the handler at once, unless the quiet time after an earlier trigger of this kind is not
 * over yet.
 *
 * If a call of the handler is pending from [method@Loft.Debouncer.trigger], that call is made at
 * once. Each trigger begins the quiet time anew, whether it calls the handler or not.
 *
 * Any thread may call. The handler runs on the dispatcher's thread, and never inside this call.
 *
 * Answers to `Debounce` with `immediate`.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the handler is not called
 */
gboolean
loft_debouncer_trigger_at_once (LoftDebouncer *self)
{
  gboolean calls, comes;

  g_return_val_if_fail (LOFT_IS_DEBOUNCER (self), FALSE);
  g_return_val_if_fail (self->call != NULL, FALSE);

  loft_lock_lock (&self->call->lock);
  calls = self->call->state != LOFT_DEBOUNCE_COOLING;
  self->call->state = LOFT_DEBOUNCE_COOLING;
  comes = loft_dispatcher_timer_start (self->quiet) &&
          (!calls || loft_dispatcher_timer_start (self->at_once));
  loft_lock_unlock (&self->call->lock);
  return comes;
}

/**
 * loft_debouncer_is_pending:
 * @self: a debouncer
 *
 * Returns whether a call of the handler is pending.
 *
 * Any thread may call.
 *
 * Returns: %TRUE if a call is pending
 */
gboolean
loft_debouncer_is_pending (LoftDebouncer *self)
{
  gboolean pending;

  g_return_val_if_fail (LOFT_IS_DEBOUNCER (self), FALSE);
  g_return_val_if_fail (self->call != NULL, FALSE);

  loft_lock_lock (&self->call->lock);
  pending = loft_dispatcher_timer_get_is_running (self->at_once) ||
            (self->call->state == LOFT_DEBOUNCE_WAITING &&
             loft_dispatcher_timer_get_is_running (self->quiet));
  loft_lock_unlock (&self->call->lock);
  return pending;
}

/**
 * loft_debouncer_cancel:
 * @self: a debouncer
 *
 * Cancels a pending call of the handler.
 *
 * Any thread may call. If this is called on the dispatcher's thread, the handler is not called
 * after that until there is another trigger. On another thread, a call may be under way.
 */
void
loft_debouncer_cancel (LoftDebouncer *self)
{
  g_return_if_fail (LOFT_IS_DEBOUNCER (self));
  g_return_if_fail (self->call != NULL);

  loft_lock_lock (&self->call->lock);
  self->call->state = LOFT_DEBOUNCE_RESTING;
  loft_dispatcher_timer_stop (self->quiet);
  loft_dispatcher_timer_stop (self->at_once);
  loft_lock_unlock (&self->call->lock);
}
