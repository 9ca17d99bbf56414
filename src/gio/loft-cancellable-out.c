/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCancellable out of an async object: cancelling the object cancels it. For GIO's functions that are part of its work. */

#include "config.h"

#include "async/loft-async-base-private.h"

/* An object of no work of its own, which is the child of the one that is cancelled. The cancellable holds it. */

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
 * Any thread may call, any number of times; each call gives another one. It is cancelled on the thread that cancels the object, after the
 * cancel handler; at once when that has been. Cancelling it does not cancel the object. Hold it for as long as it may be of
 * use: the object does not.
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
    g_cancellable_cancel (cancellable); /* also of one that has ended, and tells its children nothing any more */
  return cancellable;
}
