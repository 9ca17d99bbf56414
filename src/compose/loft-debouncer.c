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

/* What a tick that is on its way needs, whoever lets go of the debouncer. The timers are started
 * and stopped under its lock, too, so that state and timers say the same: nobody else knows them,
 * and nothing of anybody's runs when they are. */
typedef struct
{
  /* atomic */
  gint refs;
  /* constant after init */
  LoftPacedCall *callee;
  /* under lock */
  LoftLock lock;
  LoftDebounceState state;
} LoftDebounce;

struct _LoftDebouncer
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcherTimer *quiet;   /* strong; once, when nothing has triggered it for a while */
  LoftDispatcherTimer *at_once; /* strong; once, at once */
  LoftDebounce *debounce;       /* a reference; each timer's handler has another */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDebouncer, loft_debouncer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_debounce_unref (gpointer data)
{
  LoftDebounce *debounce = data;

  if (!loft_refs_drop (&debounce->refs))
    return;
  loft_paced_call_unref (debounce->callee);
  g_free (debounce);
}

static void
loft_debounce_unref_closure (gpointer  data,
                             GClosure *closure)
{
  loft_debounce_unref (data);
}

static void
on_at_once (LoftDispatcherTimer *timer,
            gpointer             user_data)
{
  /* The handler may let go of the debouncer. */
  LoftPacedCall *callee = loft_paced_call_ref (((LoftDebounce *) user_data)->callee);

  callee->handler (callee->user_data);
  loft_paced_call_unref (callee);
}

static void
on_quiet (LoftDispatcherTimer *timer,
          gpointer             user_data)
{
  LoftDebounce *debounce = user_data;
  gboolean calls;

  loft_lock_lock (&debounce->lock);
  calls = debounce->state == LOFT_DEBOUNCE_WAITING;
  debounce->state = LOFT_DEBOUNCE_RESTING;
  loft_lock_unlock (&debounce->lock);
  if (calls)
    on_at_once (timer, debounce);
}

static void
loft_debouncer_drop_timer (LoftDebouncer        *self,
                           LoftDispatcherTimer **timer)
{
  if (*timer == NULL)
    return;
  loft_dispatcher_timer_stop (*timer);
  g_signal_handlers_disconnect_by_data (*timer, self->debounce);
  g_clear_object (timer);
}

static void
loft_debouncer_dispose (GObject *object)
{
  LoftDebouncer *self = LOFT_DEBOUNCER (object);

  loft_debouncer_drop_timer (self, &self->quiet);
  loft_debouncer_drop_timer (self, &self->at_once);
  g_clear_pointer (&self->debounce, loft_debounce_unref);
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

static LoftDispatcherTimer *
loft_debouncer_make_timer (LoftDebouncer  *self,
                           LoftDispatcher *dispatcher,
                           GTimeSpan       interval,
                           GCallback       on_tick)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (dispatcher);

  loft_dispatcher_timer_set_interval (timer, interval);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_set_priority (timer, LOFT_PRIORITY_NORMAL);
  g_signal_connect_data (timer, "tick", on_tick, self->debounce, loft_debounce_unref_closure, 0);
  return timer;
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
  self->debounce = g_new0 (LoftDebounce, 1);
  self->debounce->refs = 3;
  self->debounce->callee = loft_paced_call_new (dispatcher, handler, user_data, destroy);
  self->quiet = loft_debouncer_make_timer (self, dispatcher, quiet, G_CALLBACK (on_quiet));
  self->at_once = loft_debouncer_make_timer (self, dispatcher, 0, G_CALLBACK (on_at_once));
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
  g_return_val_if_fail (self->debounce != NULL, FALSE);

  loft_lock_lock (&self->debounce->lock);
  self->debounce->state = LOFT_DEBOUNCE_WAITING;
  comes = loft_dispatcher_timer_start (self->quiet);
  loft_lock_unlock (&self->debounce->lock);
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
  g_return_val_if_fail (self->debounce != NULL, FALSE);

  loft_lock_lock (&self->debounce->lock);
  calls = self->debounce->state != LOFT_DEBOUNCE_COOLING;
  self->debounce->state = LOFT_DEBOUNCE_COOLING;
  comes = loft_dispatcher_timer_start (self->quiet) &&
          (!calls || loft_dispatcher_timer_start (self->at_once));
  loft_lock_unlock (&self->debounce->lock);
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
  g_return_val_if_fail (self->debounce != NULL, FALSE);

  loft_lock_lock (&self->debounce->lock);
  pending = loft_dispatcher_timer_get_is_running (self->at_once) ||
            (self->debounce->state == LOFT_DEBOUNCE_WAITING &&
             loft_dispatcher_timer_get_is_running (self->quiet));
  loft_lock_unlock (&self->debounce->lock);
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
  g_return_if_fail (self->debounce != NULL);

  loft_lock_lock (&self->debounce->lock);
  self->debounce->state = LOFT_DEBOUNCE_RESTING;
  loft_dispatcher_timer_stop (self->quiet);
  loft_dispatcher_timer_stop (self->at_once);
  loft_lock_unlock (&self->debounce->lock);
}
