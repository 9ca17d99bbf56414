/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDebouncer: calls once, when it has been quiet for a while. */

#include "config.h"

#include "loft-callee-private.h"
#include "loft-door-private.h"

/**
 * LoftDebouncer:
 *
 * Calls a handler when nothing has triggered it for a while: what is typed is looked up when the typing pauses.
 *
 * Any thread may trigger; the handler runs on the dispatcher's thread, in the Normal lane. Letting go of the debouncer cancels
 * what is pending, and so does the dispatcher's shutdown: what must not be lost is done in [signal@Loft.Dispatcher::shutdown-starting].
 * Answers to the Community Toolkit's `DispatcherQueueTimer.Debounce`.
 */

struct _LoftDebouncer
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcherTimer *timer; /* strong; once, `quiet` after the last trigger */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDebouncer, loft_debouncer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             user_data)
{
  LoftCallee *callee = loft_callee_ref (user_data); /* the handler may let go of the debouncer */

  callee->handler (callee->user_data);
  loft_callee_unref (callee);
}

static void
loft_callee_unref_closure (gpointer  data,
                           GClosure *closure)
{
  loft_callee_unref (data);
}

static void
loft_debouncer_dispose (GObject *object)
{
  LoftDebouncer *self = LOFT_DEBOUNCER (object);

  if (self->timer != NULL)
    {
      loft_dispatcher_timer_stop (self->timer);
      g_signal_handlers_disconnect_matched (self->timer, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_tick, NULL);
    }
  g_clear_object (&self->timer);
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
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, when the debouncer is gone
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
  self->timer = loft_dispatcher_create_timer (dispatcher);
  loft_dispatcher_timer_set_interval (self->timer, quiet);
  loft_dispatcher_timer_set_is_repeating (self->timer, FALSE);
  loft_dispatcher_timer_set_priority (self->timer, LOFT_PRIORITY_NORMAL);
  g_signal_connect_data (self->timer, "tick", G_CALLBACK (on_tick), loft_callee_new (dispatcher, handler, user_data, destroy),
                         loft_callee_unref_closure, 0);
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
  g_return_val_if_fail (LOFT_IS_DEBOUNCER (self), FALSE);
  g_return_val_if_fail (self->timer != NULL, FALSE);

  return loft_dispatcher_timer_start (self->timer);
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
  g_return_val_if_fail (LOFT_IS_DEBOUNCER (self), FALSE);
  g_return_val_if_fail (self->timer != NULL, FALSE);

  return loft_dispatcher_timer_get_is_running (self->timer);
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
  g_return_if_fail (self->timer != NULL);

  loft_dispatcher_timer_stop (self->timer);
}
