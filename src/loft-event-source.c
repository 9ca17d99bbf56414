/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftEventSource: an event whose handlers come home, each to the thread that added it.
 * A raise takes a snapshot of the handlers: what comes or goes meanwhile counts for the next. One whose home is gone is removed. */

#include "config.h"

#include "loft-door-private.h"
#include "loft-event-source-private.h"

/**
 * LoftEventSource:
 *
 * An event, with handlers that run where they were added, in the order in which they were added there.
 *
 * For objects that any thread may use, and whose users are on several: GObject's signals call on the emitting thread. A
 * handler of the raising thread's own home runs inside of the raise; others run at their homes, in the order of the raises. The
 * MTA's begin in that order, on whichever thread of the MTA, each when the one before it has returned or blocks. Any thread may call
 * its methods. Answers to `winrt::event`.
 */

typedef struct
{
  gint refs; /* atomic */
  /* constant after init */
  guint64 token;
  LoftEventHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
  gboolean agile;
  LoftDispatcher *home; /* strong; NULL: the MTA */
} LoftListener;

/* What a raise goes through: never changed, but for the count. */
typedef struct
{
  gint refs; /* atomic: the event's, and of each raise that is reading it */
  guint n;
  LoftListener *all[]; /* a reference each */
} LoftListeners;

struct _LoftEventSource
{
  GObject parent_instance;

  /* under lock */
  LoftLock lock;
  LoftListeners *listeners; /* NULL: none yet */
  guint64 last_token;

  /* has a lock of its own, never taken together with ours: calls on their way to the MTA, in order */
  LoftDeliveries deliveries;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftEventSource, loft_event_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_listener_unref (LoftListener *listener)
{
  if (__atomic_fetch_sub (&listener->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  if (listener->home != NULL)
    loft_home_release (listener->home, listener->destroy, listener->user_data);
  else if (listener->agile)
    loft_home_release (NULL, listener->destroy, listener->user_data);
  else
    loft_home_release_in_mta (listener->destroy, listener->user_data);
  g_clear_object (&listener->home);
  g_free (listener);
}

static LoftListener *
loft_listener_ref (LoftListener *listener)
{
  __atomic_fetch_add (&listener->refs, 1, __ATOMIC_RELAXED);
  return listener;
}

static void
loft_listeners_unref (LoftListeners *listeners)
{
  /* Acquire and release: whoever frees it sees all others done. */
  if (__atomic_fetch_sub (&listeners->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  for (guint i = 0; i < listeners->n; i++)
    loft_listener_unref (listeners->all[i]);
  g_free (listeners);
}

/* With @more behind it, or without @but; either may be NULL. Takes @more. */
static LoftListeners *
loft_listeners_copy (LoftListeners *listeners,
                     LoftListener  *more,
                     LoftListener  *but)
{
  guint n = listeners != NULL ? listeners->n : 0;
  LoftListeners *copy = g_malloc (G_STRUCT_OFFSET (LoftListeners, all) + (n + 1) * sizeof (LoftListener *));

  *copy = (LoftListeners) { .refs = 1 };
  for (guint i = 0; i < n; i++)
    if (listeners->all[i] != but)
      copy->all[copy->n++] = loft_listener_ref (listeners->all[i]);
  if (more != NULL)
    copy->all[copy->n++] = more;
  return copy;
}

static void
loft_event_source_finalize (GObject *object)
{
  LoftEventSource *self = LOFT_EVENT_SOURCE (object);

  g_clear_pointer (&self->listeners, loft_listeners_unref);
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
}

/* One call of one handler, on its way. */
typedef struct
{
  LoftWorkItem item;
  LoftEventSource *source; /* strong */
  LoftEventArgs *args;     /* strong */
  LoftListener *listener;  /* a reference */
} LoftEventCall;

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

  call->listener->handler (call->source, call->args, call->listener->user_data);
  loft_event_call_free (call);
}

static void
loft_event_source_drop_lost (LoftEventSource *self,
                             LoftListener    *listener)
{
  loft_dispatcher_count_undelivered (listener->home);
  if (loft_event_source_remove (self, listener->token))
    g_message ("A handler of an event was removed: the dispatcher of the thread that added it has shut down.");
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
  if (!listener->agile && listener->home == NULL)
    {
      if (loft_deliveries_append (&self->deliveries, &call->item))
        loft_deliveries_drain (&self->deliveries); /* here, if this thread is in the MTA */
    }
  else if (listener->agile)
    loft_event_call_run (&call->item, NULL);
  else if (loft_home_is_here (listener->home) && !loft_dispatcher_is_shut_down (listener->home))
    {
      LoftDispatchFrame frame;

      loft_dispatcher_enter_handler (listener->home, &frame, LOFT_LANE_NORMAL);
      loft_event_call_run (&call->item, NULL);
      loft_dispatcher_leave_handler (listener->home, &frame);
    }
  else if (!loft_dispatcher_post_news (listener->home, LOFT_LANE_NORMAL, &call->item))
    loft_event_call_drop (&call->item, listener->home);
}

/**
 * loft_event_source_new: (constructor)
 *
 * Makes an event without handlers.
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

static guint64
loft_event_source_add_listener (LoftEventSource  *self,
                                LoftEventHandler  handler,
                                gpointer          user_data,
                                GDestroyNotify    destroy,
                                gboolean          agile)
{
  LoftListener *listener = g_new0 (LoftListener, 1);
  LoftListeners *old;
  guint64 token;

  *listener = (LoftListener) { 1, 0, handler, user_data, destroy, agile, agile ? NULL : loft_home_dup_current () };
  loft_lock_lock (&self->lock);
  token = listener->token = ++self->last_token;
  old = self->listeners;
  self->listeners = loft_listeners_copy (old, listener, NULL);
  loft_lock_unlock (&self->lock);
  g_clear_pointer (&old, loft_listeners_unref);
  return token;
}

/**
 * loft_event_source_add:
 * @self: an event
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, when the handler is gone
 *
 * Adds a handler, which runs at the home of the calling thread; for a thread of the MTA, on a thread of the MTA.
 *
 * Any thread may call. When that home has shut down, the handler is removed by the next raise. Answers to `event.add`.
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

  return loft_event_source_add_listener (self, handler, user_data, destroy, FALSE);
}

/**
 * loft_event_source_add_agile:
 * @self: an event
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data when the handler is gone, on whichever thread
 *
 * Adds a handler that runs on the raising thread, inside of the raise.
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

  return loft_event_source_add_listener (self, handler, user_data, destroy, TRUE);
}

/**
 * loft_event_source_remove:
 * @self: an event
 * @token: what add gave; any other number does nothing
 *
 * Removes a handler; a raise that goes on may still call it.
 *
 * Any thread may call. Answers to `event.remove`.
 *
 * Returns: whether it was there
 */
gboolean
loft_event_source_remove (LoftEventSource *self,
                          guint64          token)
{
  LoftListeners *old = NULL;
  LoftListener *found = NULL;

  g_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), FALSE);

  loft_lock_lock (&self->lock);
  for (guint i = 0; self->listeners != NULL && i < self->listeners->n && found == NULL; i++)
    if (self->listeners->all[i]->token == token)
      found = self->listeners->all[i];
  if (found != NULL)
    {
      old = self->listeners;
      self->listeners = loft_listeners_copy (old, NULL, found);
    }
  loft_lock_unlock (&self->lock);
  g_clear_pointer (&old, loft_listeners_unref);
  return found != NULL;
}

/**
 * loft_event_source_get_n_handlers:
 * @self: an event
 *
 * Gives how many handlers it has.
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
  n = self->listeners != NULL ? self->listeners->n : 0;
  loft_lock_unlock (&self->lock);
  return n;
}

/**
 * loft_event_source_raise_async:
 * @self: an event
 * @value: (nullable): what it brings; it is copied
 *
 * Calls the handlers that are there now: those of this thread's home before this returns, the others at their homes.
 *
 * Any thread may call. Handlers of one home run in the order in which they were added; those of the MTA before this returns
 * only if none of them is running elsewhere at this moment. The action completes when all have returned, and all deferrals that
 * they took are completed; without deferrals and other homes, before this returns. What @value holds is released at the home of the
 * calling thread. Cancelling it changes nothing but its status.
 * Answers to calling a `winrt::event`, and `deferrable_event_args.wait_for_deferrals`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
loft_event_source_raise_async (LoftEventSource *self,
                               const GValue    *value)
{
  g_autoptr (LoftEventArgs) args = NULL;
  LoftListeners *snapshot;
  LoftAction *action;

  g_return_val_if_fail (LOFT_IS_EVENT_SOURCE (self), NULL);
  g_return_val_if_fail (value == NULL || G_IS_VALUE (value), NULL);

  action = loft_action_new_at (NULL, "loft_event_source_raise_async");
  args = loft_event_args_new (value, action);
  loft_lock_lock (&self->lock);
  snapshot = self->listeners;
  if (snapshot != NULL)
    __atomic_fetch_add (&snapshot->refs, 1, __ATOMIC_RELAXED);
  loft_lock_unlock (&self->lock);
  g_object_ref (self); /* a handler may drop the caller's */
  for (guint i = 0; snapshot != NULL && i < snapshot->n; i++)
    loft_event_source_call (self, args, snapshot->all[i]);
  loft_event_args_leave (args);
  g_clear_pointer (&snapshot, loft_listeners_unref);
  g_object_unref (self);
  return LOFT_ASYNC_ACTION (action);
}
