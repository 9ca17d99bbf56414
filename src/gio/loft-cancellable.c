/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Binds a GCancellable to an async object: cancelling the cancellable cancels the object. The other
 * direction follows below. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "async/loft-async-base-private.h"

/* g_cancellable_disconnect () waits for a handler that is running. It therefore deadlocks when it
 * is called from such a handler, or from an end that the handler's cancel brings about. So the
 * handler is disconnected without waiting (g_signal_handler_disconnect ()), and the closure holds
 * the data that the handler uses. */
typedef struct
{
  /* To a LoftAsyncBase. All bindings of an object share its one link, because GLib walks the list
   * of an object's weak references for each new one. */
  LoftLink *link;
  GWeakRef foreign;          /* or to another object */
  GCancellable *cancellable; /* strong */
  gulong handler;            /* atomic: set once after connecting */
  gint refs;                 /* atomic: the signal's closure, and the observer's */
} Binding;

static void
binding_unref (gpointer data)
{
  Binding *binding = data;

  if (!loft_refs_drop (&binding->refs))
    return;
  g_clear_pointer (&binding->link, loft_link_unref);
  g_weak_ref_clear (&binding->foreign);
  g_object_unref (binding->cancellable);
  g_free (binding);
}

static void
binding_unref_closure (gpointer  data,
                       GClosure *closure)
{
  binding_unref (data);
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Binding *binding = user_data;
  g_autoptr (LoftAsyncInfo) info = binding->link != NULL ? loft_link_dup (binding->link)
                                                         : g_weak_ref_get (&binding->foreign);

  if (info != NULL)
    loft_async_info_cancel (info);
}

/* Does nothing. The observer's destroy notify, binding_undo (), undoes the binding at the end. */
static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
}

/* The object has ended, or has gone without an end. */
static void
binding_undo (gpointer data)
{
  Binding *binding = data;
  /* Acquire and release: the acquire pairs with the release in loft_async_info_bind_cancellable ().
   * If this thread missed the number, the handler would stay connected. No read pairs with the
   * release. */
  gulong handler = loft_exchange_acq_rel (&binding->handler, 0);

  if (handler != 0)
    g_signal_handler_disconnect (binding->cancellable, handler);
  binding_unref (binding);
}

static void
on_gone (gpointer  binding,
         GObject  *where_the_object_was)
{
  binding_undo (binding);
}

/**
 * loft_async_info_bind_cancellable:
 * @self: an async object
 * @cancellable: (nullable): a cancellable; %NULL does nothing
 *
 * Cancels the object when @cancellable is cancelled, or at once if it already is.
 *
 * A cancelled object has ended only when its work has ended. If you end the object by hand, set a
 * cancel handler, because nothing else tells its producer of the cancel.
 *
 * Any thread may call this function, for any number of cancellables. The object is cancelled on the
 * thread that cancels @cancellable. The binding does not hold the object. It is undone when the
 * object ends, without waiting for a handler that is running, so that it cannot deadlock.
 */
void
loft_async_info_bind_cancellable (LoftAsyncInfo *self,
                                  GCancellable  *cancellable)
{
  Binding *binding;
  gulong handler;

  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (cancellable == NULL || loft_async_info_has_ended (self))
    return;
  if (g_cancellable_is_cancelled (cancellable))
    {
      loft_async_info_cancel (self);
      return;
    }

  binding = g_new0 (Binding, 1);
  g_weak_ref_init (&binding->foreign, LOFT_IS_ASYNC_BASE (self) ? NULL : self);
  if (LOFT_IS_ASYNC_BASE (self))
    binding->link = loft_async_info_dup_link (self);
  binding->cancellable = g_object_ref (cancellable);
  binding->refs = 2;
  handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled), binding,
                                   binding_unref_closure, 0);
  /* Release: pairs with the acquire in binding_undo (), which other threads may call as soon as the
   * object knows of the binding. */
  loft_store_release (&binding->handler, handler);
  g_object_ref (self); /* its cancel handler may drop the caller's */
  /* It may have been cancelled between the check above and the connection. */
  if (g_cancellable_is_cancelled (cancellable))
    loft_async_info_cancel (self);
  /* A foreign object that takes no observers keeps its one slot for others. The binding is undone
   * when the object is gone. */
  if (LOFT_ASYNC_INFO_GET_IFACE (self)->add_observer != NULL)
    loft_async_info_observe (self, on_ended, binding, binding_undo, LOFT_OBSERVER_BYSTANDER, NULL,
                             NULL);
  else
    g_object_weak_ref (G_OBJECT (self), on_gone, binding);
  g_object_unref (self);
}

/* Makes a GCancellable from an async object: cancelling the object cancels the cancellable. It is
 * for GIO's functions that are part of the object's work. */

/* An object that has no work of its own, and is the child of the object that is cancelled. The
 * cancellable holds it. */

#define LOFT_TYPE_CANCELLABLE_CHILD (loft_cancellable_child_get_type ())
static GType loft_cancellable_child_get_type (void);

typedef struct
{
  LoftAsyncBase parent_instance;

  GWeakRef cancellable;
} LoftCancellableChild;
typedef LoftAsyncBaseClass LoftCancellableChildClass;

G_DEFINE_TYPE_WITH_CODE (LoftCancellableChild, loft_cancellable_child, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))

static void
loft_cancellable_child_canceled (LoftAsyncBase *base)
{
  LoftCancellableChild *self = (LoftCancellableChild *) base;
  g_autoptr (GCancellable) cancellable = g_weak_ref_get (&self->cancellable);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_PROPAGATED);
}

static void
loft_cancellable_child_finalize (GObject *object)
{
  g_weak_ref_clear (&((LoftCancellableChild *) object)->cancellable);
  G_OBJECT_CLASS (loft_cancellable_child_parent_class)->finalize (object);
}

static void
loft_cancellable_child_class_init (LoftCancellableChildClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_cancellable_child_finalize;
  klass->canceled = loft_cancellable_child_canceled;
}

static void
loft_cancellable_child_init (LoftCancellableChild *self)
{
  g_weak_ref_init (&self->cancellable, NULL);
}

/**
 * loft_async_base_dup_cancellable:
 * @self: an async object
 *
 * Makes a cancellable that is cancelled when the object is cancelled, to be passed to GIO.
 *
 * Any thread may call this function, any number of times. Each call returns another cancellable. It
 * is cancelled on the thread that cancels the object, after the cancel handler has run, or at once
 * if the object has been cancelled already. Cancelling it does not cancel the object. Hold it for
 * as long as you need it, because the object does not hold it.
 *
 * Returns: (transfer full): the cancellable
 */
GCancellable *
loft_async_base_dup_cancellable (LoftAsyncBase *self)
{
  LoftCancellableChild *child;
  GCancellable *cancellable;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), NULL);

  cancellable = g_cancellable_new ();
  child = g_object_new (LOFT_TYPE_CANCELLABLE_CHILD, NULL);
  g_weak_ref_set (&child->cancellable, cancellable);
  g_object_set_data_full (G_OBJECT (cancellable), "loft-child", child, g_object_unref);
  loft_async_base_propagate_cancel (self, LOFT_ASYNC_INFO (child));
  if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (self)))
    /* This is also for an object that has ended, and tells its children nothing any more. */
    g_cancellable_cancel (cancellable);
  return cancellable;
}
