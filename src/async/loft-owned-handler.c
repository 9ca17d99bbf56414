/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers that are not called any more once their owner, a GObject, is disposed, and async objects
 * that are cancelled when their owner is disposed.
 *
 * An owned handler sits in its slot like any other handler. When the owner is disposed, the
 * handler's data is released at its home, and the handler that is left in the slot does nothing
 * when it is called. The owner is held while the handler runs. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-owned-handler-private.h"

typedef struct
{
  gint refs;            /* atomic: the slot's, and the owner's */

  /* constant after init */
  LoftOwned owned;
  LoftRecipient to;     /* its data goes with the last of data_refs */

  /* atomic */
  gint data_refs;       /* of the data: one until dropped, and one of each running call */
  gint dropped;         /* by the slot or by the owner, whichever comes first */
} LoftOwnedHandler;

static LoftOwnedHandler *
loft_owned_handler_ref (LoftOwnedHandler *self)
{
  loft_refs_take (&self->refs);
  return self;
}

static void
loft_owned_handler_unref (LoftOwnedHandler *self)
{
  if (!loft_refs_drop (&self->refs))
    return;

  loft_owned_clear (&self->owned);
  loft_recipient_clear (&self->to);
  g_free (self);
}

static void
loft_owned_handler_unref_data (LoftOwnedHandler *self)
{
  if (loft_refs_drop (&self->data_refs))
    loft_recipient_release_data (&self->to);
}

/* From here on the handler is not called. A running call keeps the data until it returns. That call
 * may even be the one that has disposed the owner. */
static void
loft_owned_handler_drop (LoftOwnedHandler *self)
{
  /* Acquire and release: pairs with the acquire in loft_owned_handler_begin (). A call that sees
   * the flag also sees what was done before the drop. */
  if (!loft_exchange_acq_rel (&self->dropped, TRUE))
    loft_owned_handler_unref_data (self);
}

/* Begins a call: returns a reference to the owner, and takes a reference to the data. Returns NULL
 * if the handler must not be called. */
static GObject *
loft_owned_handler_begin (LoftOwnedHandler *self)
{
  gint refs = loft_load_relaxed (&self->data_refs);
  GObject *owner;

  /* Acquire: this call sees what earlier calls wrote before they dropped their references. Once the
   * count is 0, the data has been released, and the count stays 0 for ever. The first read is
   * relaxed, because the exchange checks it. */
  while (refs > 0 && !__atomic_compare_exchange_n (&self->data_refs, &refs, refs + 1, TRUE,
                                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    ;
  if (refs == 0)
    return NULL;

  /* Acquire: pairs with the exchange in loft_owned_handler_drop (). A call that misses the flag has
   * a reference to the data, and runs as if it had begun before the drop. */
  owner = loft_load_acquire (&self->dropped) ? NULL
                                                             : loft_owner_dup (self->owned.owner);
  if (owner == NULL)
    loft_owned_handler_unref_data (self);
  return owner;
}

static void
loft_owned_handler_end (LoftOwnedHandler *self,
                        GObject          *owner)
{
  loft_owned_handler_unref_data (self);
  g_object_unref (owner);
}

static void
on_handlers_owner_gone (gpointer data)
{
  loft_owned_handler_drop (data);
  loft_owned_handler_unref (data);
}

/* The slot has released the handler. */
static void
on_slot_let_go (gpointer data)
{
  LoftOwnedHandler *self = data;
  LoftOwnedHandler *held = loft_owned_leave (&self->owned);

  loft_owned_handler_drop (self);
  g_clear_pointer (&held, loft_owned_handler_unref);
  loft_owned_handler_unref (self);
}

/* Takes what @to holds. */
static LoftOwnedHandler *
loft_owned_handler_new (GObject       *owner,
                        LoftRecipient  to)
{
  LoftOwnedHandler *self = g_new0 (LoftOwnedHandler, 1);

  self->refs = 1;
  self->data_refs = 1;
  self->to = to;
  loft_owner_add (owner, &self->owned, loft_owned_handler_ref (self), on_handlers_owner_gone);
  return self;
}

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  LoftOwnedHandler *self = user_data;
  GObject *owner = loft_owned_handler_begin (self);

  if (owner == NULL)
    return;

  ((LoftCompletedHandler) self->to.callback) (sender, status, self->to.user_data);
  loft_owned_handler_end (self, owner);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
  LoftOwnedHandler *self = user_data;
  GObject *owner = loft_owned_handler_begin (self);

  if (owner == NULL)
    return;

  ((LoftProgressHandler) self->to.callback) (sender, progress, self->to.user_data);
  loft_owned_handler_end (self, owner);
}

LoftHandler *
loft_handler_new_owned_progress (GObject     *owner,
                                 LoftHandler *plain)
{
  LoftDispatcher *home = plain->to.home;
  LoftOwnedHandler *owned = loft_owned_handler_new (owner, plain->to);
  LoftHandler *handler = loft_handler_new (LOFT_HANDLER_PROGRESS, TRUE, G_CALLBACK (on_progress),
                                           owned, on_slot_let_go);

  plain->to = (LoftRecipient) { .agile = TRUE }; /* the owned one has taken it over */
  handler->to.agile = FALSE;
  handler->to.home = loft_home_hold (home);
  handler->latest = plain->latest;
  loft_handler_unref (plain);
  return handler;
}

/**
 * loft_async_info_set_completed_for:
 * @self: an async object
 * @owner: the owner of the handler
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 * @error: return location for an error
 *
 * Sets the completed handler, which is not called once @owner is disposed.
 *
 * This is [method@Loft.AsyncInfo.set_completed] with an owner, and has the same errors. When @owner
 * is disposed, on any thread, the data of the handler is released at its home, and the handler is
 * not called. The async object itself goes on. @owner is held while the handler runs, and not
 * otherwise.
 *
 * Answers to a Completed handler with a weak reference to its object.
 *
 * Returns: whether the handler was set
 */
gboolean
loft_async_info_set_completed_for (LoftAsyncInfo         *self,
                                   GObject               *owner,
                                   LoftCompletedHandler   handler,
                                   gpointer               user_data,
                                   GDestroyNotify         destroy,
                                   GError               **error)
{
  LoftRecipient to;

  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  loft_recipient_init (&to, FALSE, G_CALLBACK (handler), user_data, destroy);
  return loft_async_info_set_completed (self, on_completed, loft_owned_handler_new (owner, to),
                                        on_slot_let_go, error);
}

/**
 * loft_async_with_progress_set_progress_for:
 * @self: an async object that reports
 * @owner: the owner of the handler
 * @flags: which reports @handler receives
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call with each report
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 * @error: return location for an error
 *
 * Sets the progress handler, which is not called once @owner is disposed.
 *
 * This is [method@Loft.AsyncWithProgress.set_progress] with an owner, and has the same errors. When
 * @owner is disposed, on any thread, the data of the handler is released at its home, and reports
 * that are on their way are dropped. @owner is held while the handler runs, and not otherwise.
 *
 * Answers to a Progress handler with a weak reference to its object.
 *
 * Returns: whether the handler was set
 */
gboolean
loft_async_with_progress_set_progress_for (LoftAsyncWithProgress  *self,
                                           GObject                *owner,
                                           LoftProgressFlags       flags,
                                           LoftProgressHandler     handler,
                                           gpointer                user_data,
                                           GDestroyNotify          destroy,
                                           GError                **error)
{
  LoftRecipient to;

  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_WITH_PROGRESS (self), destroy, user_data,
                                       FALSE);
  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  loft_recipient_init (&to, FALSE, G_CALLBACK (handler), user_data, destroy);
  return loft_async_with_progress_set_progress (self, flags, on_progress,
                                                loft_owned_handler_new (owner, to),
                                                on_slot_let_go, error);
}

/* Async objects that are cancelled when their owner is disposed. */

typedef struct
{
  gint refs;      /* atomic: the object's, and the owner's */
  LoftOwned owned;
  LoftLink *info; /* constant after init */
} LoftOwnerBinding;

static LoftOwnerBinding *
loft_owner_binding_ref (LoftOwnerBinding *self)
{
  loft_refs_take (&self->refs);
  return self;
}

static void
loft_owner_binding_unref (LoftOwnerBinding *self)
{
  if (!loft_refs_drop (&self->refs))
    return;

  loft_owned_clear (&self->owned);
  loft_link_unref (self->info);
  g_free (self);
}

static void
on_bound_owner_gone (gpointer data)
{
  LoftOwnerBinding *self = data;
  g_autoptr (LoftAsyncInfo) info = loft_link_dup (self->info);

  loft_async_info_cancel_for (info, LOFT_CANCEL_REASON_OWNER_GONE);
  loft_owner_binding_unref (self);
}

/* Does nothing at the end: the binding is released in on_bound_let_go (). */
static void
on_bound_ended (LoftAsyncInfo   *info,
                LoftAsyncStatus  status,
                gpointer         data)
{
}

/* The async object has ended, or has released its observers without an end. */
static void
on_bound_let_go (gpointer data)
{
  LoftOwnerBinding *self = data;
  LoftOwnerBinding *held = loft_owned_leave (&self->owned);

  g_clear_pointer (&held, loft_owner_binding_unref);
  loft_owner_binding_unref (self);
}

/**
 * loft_async_info_bind_owner:
 * @self: an async object
 * @owner: the object whose disposal cancels @self
 *
 * Cancels an async object when its owner is disposed.
 *
 * Any thread may call, for any number of owners. @self may be any async object: work of the pool or
 * of a limiter, an operation, an object that reports progress, a continuation of any form. It is
 * cancelled on the thread that disposes @owner, with the reason %LOFT_CANCEL_REASON_OWNER_GONE.
 * Work that runs is notified, and work that waits never begins. Neither object holds the other, so
 * running work that uses @owner must hold a reference to it.
 *
 * An owner may have any number of async objects. When one of them ends, it is removed from the
 * owner in constant time. An object whose class implements the interface by hand and takes no
 * observers is removed only when @owner is disposed. An object that does not derive from
 * [class@Loft.AsyncBase] is cancelled without a reason. If @self has ended, nothing happens.
 * Windows has no such call.
 */
void
loft_async_info_bind_owner (LoftAsyncInfo *self,
                            GObject       *owner)
{
  LoftOwnerBinding *binding;

  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));
  g_return_if_fail (G_IS_OBJECT (owner));

  if (loft_async_info_has_ended (self))
    return;

  binding = g_new0 (LoftOwnerBinding, 1);
  binding->refs = 1;
  binding->info = loft_async_info_dup_link (self);
  loft_owner_add (owner, &binding->owned, loft_owner_binding_ref (binding), on_bound_owner_gone);
  if (LOFT_IS_ASYNC_BASE (self) || LOFT_ASYNC_INFO_GET_IFACE (self)->add_observer != NULL)
    loft_async_info_observe (self, on_bound_ended, binding, on_bound_let_go,
                             LOFT_OBSERVER_BYSTANDER, NULL, NULL);
  else
    loft_owner_binding_unref (binding);
}
