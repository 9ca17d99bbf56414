/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCancellable into an async object: cancelling it cancels the object. */

#include "config.h"

#include "async/loft-async-base-private.h"

/* g_cancellable_disconnect waits for a running handler, and so deadlocks when it is called from one, or from an end that
 * the handler's cancel brings about. So the connection is undone without waiting (g_signal_handler_disconnect), and what
 * it points to is held by the closure. */
typedef struct
{
  LoftLink *link;            /* to a LoftAsyncBase; each has one for all: GLib walks the list of an object's weak references */
  GWeakRef foreign;          /* or to another object */
  GCancellable *cancellable; /* strong */
  gulong handler;            /* atomic: set once after connecting */
  gint refs;                 /* atomic: the signal's closure, and the observer's */
} Binding;

static void
binding_unref (gpointer data)
{
  Binding *binding = data;

  if (__atomic_fetch_sub (&binding->refs, 1, __ATOMIC_ACQ_REL) != 1)
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
  g_autoptr (LoftAsyncInfo) info = binding->link != NULL ? loft_link_dup (binding->link) : g_weak_ref_get (&binding->foreign);

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
  gulong handler = __atomic_exchange_n (&binding->handler, 0, __ATOMIC_ACQ_REL);

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
 * A cancelled object has ended when its work has: of a bare producer, whose producer is not told by anything else, set
 * a cancel handler.
 *
 * Any thread may call, for any number of cancellables. The object is cancelled on the thread that cancels @cancellable.
 * The binding does not hold the object, and is undone at its end without waiting, so neither can deadlock.
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
    binding->link = loft_link_new (self);
  binding->cancellable = g_object_ref (cancellable);
  binding->refs = 2;
  handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled), binding, binding_unref_closure, 0);
  __atomic_store_n (&binding->handler, handler, __ATOMIC_RELEASE);
  /* Cancelled between the look and the connection? */
  g_object_ref (self); /* its cancel handler may drop the caller's */
  if (g_cancellable_is_cancelled (cancellable))
    loft_async_info_cancel (self);
  /* A foreign object without observers keeps its one slot: the binding is undone when the object is gone. */
  if (LOFT_ASYNC_INFO_GET_IFACE (self)->add_observer != NULL)
    loft_async_info_observe (self, on_ended, binding, binding_undo, LOFT_OBSERVER_BYSTANDER, NULL, NULL);
  else
    g_object_weak_ref (G_OBJECT (self), on_gone, binding);
  g_object_unref (self);
}
