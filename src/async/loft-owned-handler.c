/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers that die with a GObject, and async objects that are cancelled with one.
 *
 * A handler of an owner sits in its slot as others do. When the owner is disposed its data is
 * released, at its home, and what is left in the slot calls nobody. While it runs the owner is
 * held. */

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
  gint data_refs;       /* of its data: one until it is dropped, and of each call that runs */
  gint dropped;         /* by the slot or by the owner, whichever is first */
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

/* From here on it is not called. A call that runs, which may be what has disposed the owner, keeps
 * the data until it returns. */
static void
loft_owned_handler_drop (LoftOwnedHandler *self)
{
  if (!loft_exchange_acq_rel (&self->dropped, TRUE))
    loft_owned_handler_unref_data (self);
}

/* Gives the owner, held for a call, and holds the data; NULL: it is not to be called. */
static GObject *
loft_owned_handler_begin (LoftOwnedHandler *self)
{
  gint refs = loft_load_relaxed (&self->data_refs);
  GObject *owner;

  /* Acquire: whoever has released the data was done with it, and then it is 0 for ever. */
  while (refs > 0 && !__atomic_compare_exchange_n (&self->data_refs, &refs, refs + 1, TRUE,
                                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    ;
  if (refs == 0)
    return NULL;

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

/* The slot lets go of it. */
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
 * @owner: with whom the handler dies
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 * @error: return location for an error
 *
 * Sets the one completed handler, which is not called once @owner is gone.
 *
 * As [method@Loft.AsyncInfo.set_completed], whose errors it has. When @owner is disposed, on
 * whichever thread, the data is released at its home and the handler is not called; the object
 * itself goes on. @owner is held while the handler runs, and not otherwise.
 *
 * Answers to a Completed handler with a weak reference to its object.
 *
 * Returns: whether it was set
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
 * @owner: with whom the handler dies
 * @flags: which reports it gets
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call with each
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 * @error: return location for an error
 *
 * Sets the one progress handler, which is not called once @owner is gone.
 *
 * As [method@Loft.AsyncWithProgress.set_progress], whose errors it has. When @owner is disposed, on
 * whichever thread, the data is released at its home, and reports that are on their way are
 * dropped. @owner is held while the handler runs, and not otherwise.
 *
 * Answers to a Progress handler with a weak reference to its object.
 *
 * Returns: whether it was set
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

/* Async objects. */

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

/* What is to do at the end is to let go; see on_bound_let_go. */
static void
on_bound_ended (LoftAsyncInfo   *info,
                LoftAsyncStatus  status,
                gpointer         data)
{
}

/* The object has ended, or was let go without an end. */
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
 * @owner: with whom it dies
 *
 * Cancels the object when @owner is disposed.
 *
 * Any thread may call, for any number of owners, with any object: work of the pool or of a limiter,
 * an operation, one that reports, a continuation of any form. It is cancelled on the thread that
 * disposes @owner, with the reason %LOFT_CANCEL_REASON_OWNER_GONE; what runs is told, and what
 * waits never begins. Neither holds the other: work that runs and touches @owner holds it itself.
 *
 * An owner may have any number of them, each of which leaves in constant time when it ends. A class
 * that implements the interface by hand and takes no observers stays until @owner goes. One that
 * does not derive from [class@Loft.AsyncBase] is cancelled without a reason. An object that has
 * ended is left alone. Windows has no such call.
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
