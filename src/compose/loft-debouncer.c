/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDebouncer: calls once when it has been quiet for a while, or once before it is quiet.
 *
 *   RESTING ──trigger──> WAITING ──quiet: its call──> RESTING
 *      │                  │   ^
 *      │                  │   └─trigger─┐
 *      └─trigger_at_once──┴──────────> COOLING ──quiet──> RESTING
 *           its call              trigger_at_once: only longer
 *
 * Each trigger begins the quiet time anew. A trigger that comes in the very moment when that is
 * over is answered by its end. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "compose/loft-paced-call-private.h"

/**
 * LoftDebouncer:
 *
 * Calls a handler when nothing has triggered it for a while: what is typed is looked up when the
 * typing pauses.
 *
 * Any thread may trigger; the handler runs on the dispatcher's thread, in the Normal lane. Letting
 * go of the debouncer cancels what is pending, and so does the dispatcher's shutdown: what must not
 * be lost is done in [signal@Loft.Dispatcher::shutdown-starting]. With
 * [method@Loft.Debouncer.trigger_at_once] it is the first of several that calls: the second click
 * of a double one is ignored. Answers to the Community Toolkit's `DispatcherQueueTimer.Debounce`.
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
  LoftDispatcherTimer *quiet;   /* strong; once, when nothing has triggered it for a while */
  LoftDispatcherTimer *at_once; /* strong; once, at once */
  LoftPacedCall *call;          /* a reference; its state is a LoftDebounceState */
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
 * @dispatcher: on whose thread the handler runs
 * @quiet: µs that must go by without a trigger, 0 or more
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, when the debouncer
 *   is gone
 *
 * Makes a debouncer.
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
 * Has the handler called when nothing triggers it again for a while.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the dispatcher has shut down, and the handler will not be called
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
 * Has the handler called now, unless it was called so less than the quiet time ago; a call that is
 * pending comes now, too.
 *
 * Any thread may call; the handler runs later, on the dispatcher's thread. Each call of this begins
 * the quiet time anew, whether it has the handler called or not. Answers to `Debounce` with
 * `immediate`.
 *
 * Returns: %FALSE if the dispatcher has shut down, and the handler will not be called
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
 * Whether the handler will be called.
 *
 * Any thread may call.
 *
 * Returns: whether it will
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
 * Forgets what triggered it: on the dispatcher's thread, the handler is not called after this.
 *
 * Any thread may call.
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
