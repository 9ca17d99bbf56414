/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCancellable into an async object: cancelling it cancels the object. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "async/loft-async-base-private.h"

/* g_cancellable_disconnect waits for a running handler, and so deadlocks when it is called from
 * one, or from an end that the handler's cancel brings about. So the connection is undone without
 * waiting (g_signal_handler_disconnect), and what it points to is held by the closure. */
typedef struct
{
  /* To a LoftAsyncBase; each has one for all: GLib walks the list of an object's weak references */
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

/* What is to do at the end is to let go; see binding_undo. */
static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
}

/* The object has ended, or was let go without an end. */
static void
binding_undo (gpointer data)
{
  Binding *binding = data;
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
 * Cancels the object when @cancellable is cancelled; at once if it has been.
 *
 * A cancelled object has ended when its work has: of a bare producer, whose producer is not told by
 * anything else, set a cancel handler.
 *
 * Any thread may call, for any number of cancellables. The object is cancelled on the thread that
 * cancels @cancellable. The binding does not hold the object, and is undone at its end without
 * waiting, so neither can deadlock.
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
  loft_store_release (&binding->handler, handler);
  /* Cancelled between the look and the connection? */
  g_object_ref (self); /* its cancel handler may drop the caller's */
  if (g_cancellable_is_cancelled (cancellable))
    loft_async_info_cancel (self);
  /* A foreign object without observers keeps its one slot: the binding is undone when the object is
   * gone. */
  if (LOFT_ASYNC_INFO_GET_IFACE (self)->add_observer != NULL)
    loft_async_info_observe (self, on_ended, binding, binding_undo, LOFT_OBSERVER_BYSTANDER, NULL,
                             NULL);
  else
    g_object_weak_ref (G_OBJECT (self), on_gone, binding);
  g_object_unref (self);
}

/* GCancellable out of an async object: cancelling the object cancels it. For GIO's functions that
 * are part of its work. */

/* An object of no work of its own, which is the child of the one that is cancelled. The cancellable
 * holds it. */

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
 * Gives a cancellable that is cancelled when the object is, to be handed to GIO.
 *
 * Any thread may call, any number of times; each call gives another one. It is cancelled on the
 * thread that cancels the object, after the cancel handler; at once when that has been. Cancelling
 * it does not cancel the object. Hold it for as long as it may be of use: the object does not.
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
    /* Also of one that has ended, and tells its children nothing any more. */
    g_cancellable_cancel (cancellable);
  return cancellable;
}
