/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftEventSource: an event whose handlers run at their homes, each at the home of the thread that
 * added it.
 *
 * A raise goes through a snapshot of the handlers. A handler that is added during a raise is called
 * from the next raise on, and a handler that has been removed is skipped. A raise removes a handler
 * whose home is gone. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "loop/loft-loop-private.h"
#include "async/loft-async-base-private.h"
#include "compose/loft-listeners-private.h"

/* LoftEventArgs: the arguments of one raise. The raiser's action stays open until nobody needs the
 * arguments any more. The raiser itself needs them while it goes through the handlers, each handler
 * until it returns, and each deferral until it is completed. */

/**
 * LoftEventArgs:
 *
 * The arguments that an event passes to its handlers, which can ask the raiser to wait.
 *
 * Any thread may call its methods. Answers to C++/WinRT's `deferrable_event_args`.
 */

struct _LoftEventArgs
{
  GObject parent_instance;

  /* constant after init */
  LoftValueBox *value; /* released at the raiser's home; NULL: none */
  LoftAction *action;  /* strong */

  /* under lock */
  LoftLock lock;
  guint not_done; /* how many keep the action open */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftEventArgs, loft_event_args, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_event_args_finalize (GObject *object)
{
  LoftEventArgs *self = LOFT_EVENT_ARGS (object);

  g_clear_pointer (&self->value, loft_value_box_unref);
  g_clear_object (&self->action);
  G_OBJECT_CLASS (loft_event_args_parent_class)->finalize (object);
}

static void
loft_event_args_class_init (LoftEventArgsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_event_args_finalize;
}

static void
loft_event_args_init (LoftEventArgs *self)
{
}

/* The caller counts as not done, and calls loft_event_args_leave () when it is. */
static LoftEventArgs *
loft_event_args_new (const GValue *value,
                     LoftAction   *action)
{
  LoftEventArgs *self = g_object_new (LOFT_TYPE_EVENT_ARGS, NULL);

  if (value != NULL)
    {
      g_autoptr (LoftDispatcher)
        home = loft_home_matters_for (G_VALUE_TYPE (value)) ? loft_home_dup_current () : NULL;

      self->value = loft_value_box_new (value, home);
    }
  self->action = g_object_ref (action);
  self->not_done = 1;
  return self;
}

/* Increase and decrease the number of those that are not done. The last one that leaves completes
 * the action. */
static void
loft_event_args_enter (LoftEventArgs *self)
{
  loft_lock_lock (&self->lock);
  self->not_done++;
  loft_lock_unlock (&self->lock);
}

static void
loft_event_args_leave (LoftEventArgs *self)
{
  gboolean last;

  loft_lock_lock (&self->lock);
  last = --self->not_done == 0;
  loft_lock_unlock (&self->lock);
  if (last)
    loft_action_complete (self->action);
}

static void
on_deferral_completed (gpointer args)
{
  loft_event_args_leave (args);
}

/**
 * loft_event_args_get_value:
 * @self: the arguments of an event
 *
 * Gets the value that the event was raised with.
 *
 * Any thread may call.
 *
 * Returns: (transfer none) (nullable): the value; %NULL if the event was raised without one
 */
const GValue *
loft_event_args_get_value (LoftEventArgs *self)
{
  g_return_val_if_fail (LOFT_IS_EVENT_ARGS (self), NULL);

  return self->value != NULL ? &self->value->value : NULL;
}

/**
 * loft_event_args_take_deferral:
 * @self: the arguments of an event
 * @error: return location for an error
 *
 * Takes a deferral, which makes the raiser wait until it is completed.
 *
 * Any thread may call, while a handler runs or another deferral is open. After that it is too late,
 * and the call fails with %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to `GetDeferral`.
 *
 * Returns: (transfer full): the deferral; %NULL with @error set
 */
LoftDeferral *
loft_event_args_take_deferral (LoftEventArgs  *self,
                               GError        **error)
{
  gboolean open;

  g_return_val_if_fail (LOFT_IS_EVENT_ARGS (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  loft_lock_lock (&self->lock);
  open = self->not_done > 0;
  self->not_done += open ? 1 : 0;
  loft_lock_unlock (&self->lock);
  if (open)
    return loft_deferral_new_at (on_deferral_completed, g_object_ref (self), g_object_unref, NULL,
                                 "loft_event_args_take_deferral");
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                       "All handlers of the event have returned, and its raiser waits no more: "
                       "take the deferral inside of the "
                       "handler, before it returns.");
  return NULL;
}

struct _LoftEventSource
{
  GObject parent_instance;

  /* constant after init */
  LoftEventLink *link; /* to itself */

  /* under lock */
  LoftLock lock;
  LoftListeners listeners;

  /* The calls that are on their way to the MTA, in order. It has a lock of its own, which is never
   * taken together with the one above. */
  LoftDeliveries deliveries;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftEventSource, loft_event_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

/* Called when @listener has been taken out of the list. Drops the list's reference. */
static void
loft_listener_leave (LoftListener *listener)
{
  gpointer held = listener->is_owned ? loft_owned_leave (&listener->owned) : NULL;

  g_clear_pointer (&held, loft_listener_unref);
  loft_listener_unref (listener);
}

static void
loft_event_source_finalize (GObject *object)
{
  LoftEventSource *self = LOFT_EVENT_SOURCE (object);

  LoftListener *listener;

  g_clear_pointer (&self->listeners.snapshot, loft_listener_snapshot_unref);
  while ((listener = self->listeners.first) != NULL)
    {
      loft_listeners_remove (&self->listeners, listener->token, &self->listeners.snapshot);
      loft_listener_leave (listener);
    }
  loft_event_link_unref (self->link);
  loft_deliveries_clear (&self->deliveries);
  G_OBJECT_CLASS (loft_event_source_parent_class)->finalize (object);
}

static void
loft_event_source_class_init (LoftEventSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_event_source_finalize;
}

static void
loft_event_source_init (LoftEventSource *self)
{
  self->deliveries.owner = self;
  self->link = loft_event_link_new (self);
}

/* One call of one handler, on its way to the handler's home. */
typedef struct
{
  LoftWorkItem item;
  LoftEventSource *source; /* strong */
  LoftEventArgs *args;     /* strong */
  LoftListener *listener;  /* a reference */
} LoftEventCall;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftEventCall, item) == 0);

static void
loft_event_call_free (LoftEventCall *call)
{
  loft_event_args_leave (call->args);
  g_object_unref (call->source);
  g_object_unref (call->args);
  loft_listener_unref (call->listener);
  g_free (call);
}

static void
loft_event_call_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftEventCall *call = (LoftEventCall *) item;
  LoftListener *listener = call->listener;
  g_autoptr (GObject) owner = NULL;

  if (listener->is_owned)
    owner = loft_owner_dup (listener->owned.owner); /* held while it runs */
  /* Acquire: pairs with the releases in loft_listeners_remove () and on_owner_gone (). The thread
   * that removed the listener sees the flag in any case. */
  if (!loft_load_acquire (&listener->removed) && (owner != NULL || !listener->is_owned))
    ((LoftEventHandler) listener->to.callback) (call->source, call->args,
                                                listener->to.user_data);
  loft_event_call_free (call);
}

static void
loft_event_source_drop_lost (LoftEventSource *self,
                             LoftListener    *listener)
{
  loft_dispatcher_count_undelivered (listener->to.home);
  if (loft_event_source_remove (self, listener->token))
    g_message ("A handler of an event was removed: the dispatcher of the thread that added it has "
               "shut down.");
}

static void
loft_event_call_drop (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  LoftEventCall *call = (LoftEventCall *) item;

  loft_event_source_drop_lost (call->source, call->listener);
  loft_event_call_free (call);
}

static const LoftWorkItemClass loft_event_call_class = {
  .name = "handler of an event",
  .run = loft_event_call_run,
  .drop = loft_event_call_drop,
};

static void
loft_event_source_call (LoftEventSource *self,
                        LoftEventArgs   *args,
                        LoftListener    *listener)
{
  LoftEventCall *call = g_new0 (LoftEventCall, 1);

  loft_event_args_enter (args);
  call->item.klass = &loft_event_call_class;
  call->source = g_object_ref (self);
  call->args = g_object_ref (args);
  call->listener = loft_listener_ref (listener);
  if (loft_recipient_is_in_mta (&listener->to))
    {
      if (loft_deliveries_append (&self->deliveries, &call->item))
        loft_deliveries_drain (&self->deliveries); /* runs it here if this thread is in the MTA */
    }
  else if (listener->to.agile)
    loft_event_call_run (&call->item, NULL);
  else if (loft_home_is_here (listener->to.home) &&
           !loft_dispatcher_is_shut_down (listener->to.home))
    {
      LoftDispatchFrame frame;

      loft_dispatcher_enter_handler (listener->to.home, &frame, LOFT_LANE_NORMAL);
      loft_event_call_run (&call->item, NULL);
      loft_dispatcher_leave_handler (listener->to.home, &frame);
    }
  else if (!loft_dispatcher_post_news (listener->to.home, LOFT_LANE_NORMAL, &call->item))
    loft_event_call_drop (&call->item, listener->to.home);
}

/**
 * loft_event_source_new: (constructor)
 *
 * Creates an event without handlers.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the event
 */
LoftEventSource *
loft_event_source_new (void)
{
  return g_object_new (LOFT_TYPE_EVENT_SOURCE, NULL);
}

static void
on_owner_gone (gpointer data)
{
  LoftListener *listener = data;
  g_autoptr (LoftEventSource) source = g_weak_ref_get (&listener->source->source);
  guint64 token;

  /* Release: pairs with the acquires in loft_event_call_run () and loft_event_source_add_for (). A
   * thread that sees the flag also sees what was done before the owner was disposed. */
  loft_store_release (&listener->removed, TRUE);
  if (source != NULL)
    {
      /* 0: the listener is not in the list yet. Whoever adds it sees that it was removed. */
      loft_lock_lock (&source->lock);
      token = listener->token;
      loft_lock_unlock (&source->lock);
      loft_event_source_remove (source, token);
    }
  loft_listener_unref (listener);
}

static LoftListener *
loft_listener_new (LoftEventSource  *source,
                   LoftEventHandler  handler,
                   gpointer          user_data,
                   GDestroyNotify    destroy,
                   gboolean          agile)
{
  LoftListener *self = g_new0 (LoftListener, 1);

  self->refs = 1;
  loft_recipient_init (&self->to, agile, G_CALLBACK (handler), user_data, destroy);
  self->source = loft_event_link_ref (source->link);
  return self;
}

static guint64
loft_event_source_add_listener (LoftEventSource *self,
                                LoftListener    *listener)
{
  guint64 token;

  loft_lock_lock (&self->lock);
  token = loft_listeners_add (&self->listeners, listener);
  loft_lock_unlock (&self->lock);
  return token;
}

/**
 * loft_event_source_add:
 * @self: an event
 * @handler: (scope notified) (closure user_data) (destroy destroy): the handler to call
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, when the
 *   handler is gone
 *
 * Adds a handler that runs at the home of the calling thread.
 *
 * Any thread may call. If the calling thread is in the MTA, the handler runs on a thread of the
 * MTA. If the home has shut down, the next raise removes the handler. Answers to `event.add`.
 *
 * Returns: a number for [method@Loft.EventSource.remove], never 0
 */
guint64
loft_event_source_add (LoftEventSource  *self,
                       LoftEventHandler  handler,
                       gpointer          user_data,
                       GDestroyNotify    destroy)
{
  loft_consume_and_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, 0);

  return loft_event_source_add_listener (self, loft_listener_new (self, handler, user_data, destroy,
                                                                  FALSE));
}

/**
 * loft_event_source_add_agile:
 * @self: an event
 * @handler: (scope notified) (closure user_data) (destroy destroy): the handler to call
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data when the handler is gone, on whichever thread
 *
 * Adds a handler that runs on the thread that raises the event, inside the raise.
 *
 * Any thread may call.
 *
 * Returns: a number for [method@Loft.EventSource.remove], never 0
 */
guint64
loft_event_source_add_agile (LoftEventSource  *self,
                             LoftEventHandler  handler,
                             gpointer          user_data,
                             GDestroyNotify    destroy)
{
  loft_consume_and_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, 0);

  return loft_event_source_add_listener (self, loft_listener_new (self, handler, user_data, destroy,
                                                                  TRUE));
}

/**
 * loft_event_source_add_for:
 * @self: an event
 * @owner: the object that the handler belongs to
 * @handler: (scope notified) (closure user_data) (destroy destroy): the handler to call
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): releases @user_data at the handler's home
 *
 * Adds a handler that is removed when @owner is disposed.
 *
 * Any thread may call. The handler runs on the same thread and in the same order as one that is
 * added with [method@Loft.EventSource.add]. A reference to @owner is held while the handler runs,
 * and not otherwise.
 *
 * Answers to a delegate with a weak reference to its object (`winrt::auto_revoke`, a weak `this`).
 *
 * Returns: a number for [method@Loft.EventSource.remove], never 0
 */
guint64
loft_event_source_add_for (LoftEventSource  *self,
                           GObject          *owner,
                           LoftEventHandler  handler,
                           gpointer          user_data,
                           GDestroyNotify    destroy)
{
  LoftListener *listener;
  guint64 token;

  loft_consume_and_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, 0);

  listener = loft_listener_new (self, handler, user_data, destroy, FALSE);
  listener->is_owned = TRUE;
  loft_owner_add (owner, &listener->owned, loft_listener_ref (listener), on_owner_gone);
  loft_listener_ref (listener);
  token = loft_event_source_add_listener (self, listener);
  /* Acquire: pairs with on_owner_gone (). The owner may have been disposed before the listener was
   * in the list. */
  if (loft_load_acquire (&listener->removed))
    loft_event_source_remove (self, token);
  loft_listener_unref (listener);
  return token;
}

/**
 * loft_event_source_remove:
 * @self: an event
 * @token: the number that an add method returned; any other number does nothing
 *
 * Removes a handler.
 *
 * Any thread may call. If this is called on the thread that the handler runs on, the handler is not
 * called again once this has returned, not even by raises that were already on their way. If this
 * is called on another thread, the handler may be running at this moment. Its data is released at
 * its home when it is no longer running. Answers to `event.remove`.
 *
 * Returns: whether the event had such a handler
 */
gboolean
loft_event_source_remove (LoftEventSource *self,
                          guint64          token)
{
  LoftListenerSnapshot *old = NULL;
  LoftListener *found;

  g_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), FALSE);

  loft_lock_lock (&self->lock);
  found = loft_listeners_remove (&self->listeners, token, &old);
  loft_lock_unlock (&self->lock);
  if (found == NULL)
    return FALSE;

  loft_listener_leave (found);
  g_clear_pointer (&old, loft_listener_snapshot_unref);
  return TRUE;
}

/**
 * loft_event_source_get_n_handlers:
 * @self: an event
 *
 * Gets how many handlers the event has.
 *
 * Any thread may call.
 *
 * Returns: the number
 */
guint
loft_event_source_get_n_handlers (LoftEventSource *self)
{
  guint n;

  g_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), 0);

  loft_lock_lock (&self->lock);
  n = loft_listeners_count (&self->listeners);
  loft_lock_unlock (&self->lock);
  return n;
}

/**
 * loft_event_source_raise_async:
 * @self: an event
 * @value: (nullable): the value to pass to the handlers, which is copied
 *
 * Calls all handlers that the event has now, each at its home.
 *
 * Any thread may call. Agile handlers, and handlers whose home is that of the calling thread, run
 * before this returns. For handlers of the MTA that is so only if none of them is running on
 * another thread at this moment. Handlers of one home run in the order in which they were added.
 *
 * The action completes when all handlers have returned and all deferrals that they took are
 * completed. If there are no deferrals and no other homes, that is before this returns. Cancelling
 * the action changes nothing but its status. What @value holds is released at the home of the
 * calling thread.
 *
 * Answers to calling a `winrt::event`, and to `deferrable_event_args.wait_for_deferrals`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
loft_event_source_raise_async (LoftEventSource *self,
                               const GValue    *value)
{
  g_autoptr (LoftEventArgs) args = NULL;
  LoftListenerSnapshot *snapshot;
  LoftAction *action;

  g_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), NULL);
  g_return_val_if_fail (value == NULL || G_IS_VALUE (value), NULL);

  action = loft_action_new_at (NULL, "loft_event_source_raise_async");
  args = loft_event_args_new (value, action);
  loft_lock_lock (&self->lock);
  snapshot = loft_listeners_snapshot (&self->listeners);
  loft_lock_unlock (&self->lock);
  g_object_ref (self); /* a handler may drop the caller's reference */
  for (guint i = 0; snapshot != NULL && i < snapshot->n; i++)
    loft_event_source_call (self, args, snapshot->all[i]);
  loft_event_args_leave (args);
  g_clear_pointer (&snapshot, loft_listener_snapshot_unref);
  g_object_unref (self);
  return LOFT_ASYNC_ACTION (action);
}
