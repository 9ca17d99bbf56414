/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a LoftAsyncBase is cancelled: what is queued ends at once; running work is told, and ends when it does.
 *
 * Told are, in this order: the cancel handler, the class, and the objects that are part of the work. All on the thread
 * that cancels (a handler or a child that comes after the cancel: on the thread that brings it), with no lock held. If the
 * work ends meanwhile on another thread, its end waits until all were told (see loft_async_base_defer_end_locked): without
 * blocking anybody. One of those who are told may end the object itself, which is not put off. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-trampoline-private.h"
#include "async/loft-async-base-private.h"

/* So many children are kept before it is looked which of them have ended. */
#define FIRST_PURGE 64

static void
loft_cancel_propagated (LoftAsyncInfo *info)
{
  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_cancel (LOFT_ASYNC_BASE (info), LOFT_CANCEL_REASON_PROPAGATED, FALSE);
  else
    loft_async_info_cancel (info);
  g_object_unref (info);
}

/* One for which the stack is too deep. */

typedef struct
{
  LoftWorkItem item;
  LoftAsyncInfo *info; /* strong */
} LoftCancelPutOff;

static void
loft_cancel_put_off_run (LoftWorkItem   *item,
                         LoftDispatcher *dispatcher)
{
  LoftAsyncInfo *info = ((LoftCancelPutOff *) item)->info;

  g_free (item);
  loft_cancel_propagated (info);
}

static const LoftWorkItemClass loft_cancel_put_off_class = {
  .name = "cancel",
  .run = loft_cancel_put_off_run,
};

static void
loft_cancel_put_off (LoftAsyncInfo *info)
{
  LoftCancelPutOff *put_off = g_new (LoftCancelPutOff, 1);

  *put_off = (LoftCancelPutOff) { { .klass = &loft_cancel_put_off_class }, info };
  loft_trampoline_put_off (LOFT_TRAMPOLINE_CANCELS, &put_off->item);
}

static void
loft_child_cancel (LoftLink *child)
{
  LoftAsyncInfo *info = loft_link_dup (child);

  if (info == NULL)
    return;
  if (G_UNLIKELY (!loft_trampoline_enter (LOFT_TRAMPOLINE_CANCELS)))
    {
      loft_cancel_put_off (info);
      return;
    }
  loft_cancel_propagated (info);
  loft_trampoline_leave (LOFT_TRAMPOLINE_CANCELS);
}

/* Telling. */

static void
loft_async_base_tell_canceled (LoftAsyncBase *self,
                               LoftHandler   *cancel_handler,
                               GPtrArray     *children,
                               LoftTellFrame *frame,
                               gboolean       queued)
{
  if (cancel_handler != NULL)
    {
      ((LoftCancelHandler) cancel_handler->callback) (self, cancel_handler->user_data);
      loft_handler_unref (cancel_handler);
    }
  /* Of work that the handler has ended itself, there is nothing left to stop. */
  if (queued || !loft_phase_has_ended (loft_async_base_get_phase (self)))
    LOFT_ASYNC_BASE_GET_CLASS (self)->canceled (self);
  frame->children = TRUE;
  for (guint i = 0; children != NULL && i < children->len; i++)
    loft_child_cancel (g_ptr_array_index (children, i));
  g_clear_pointer (&children, g_ptr_array_unref);
}

void
loft_async_base_begin_telling_locked (LoftAsyncBase *self,
                                      LoftTellFrame *frame)
{
  LoftThread *thread = loft_thread_get ();

  loft_async_base_extra_locked (self)->tellers++;
  *frame = (LoftTellFrame) { .outer = thread->tell, .info = LOFT_ASYNC_INFO (self) };
  thread->tell = frame;
}

/* The last brings an end about that came meanwhile: in the same step, so that no other comes before it. */
void
loft_async_base_end_telling (LoftAsyncBase *self,
                             LoftTellFrame *frame)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement announcement = { NULL };
  LoftValueBox *box = NULL, *failure = NULL;
  LoftPhase from, to = LOFT_PHASE_NONE;

  loft_thread_get ()->tell = frame->outer;
  loft_lock_lock (&priv->lock);
  if (--priv->extra->tellers == 0 && priv->extra->end_deferred)
    {
      priv->extra->end_deferred = FALSE;
      box = g_steal_pointer (&priv->extra->result);
      to = loft_async_base_finish_locked (self, priv->extra->deferred_event, LOFT_CANCEL_REASON_NONE, &failure, &box,
                                          &announcement, &from);
    }
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&box, loft_value_box_unref);
  if (to != LOFT_PHASE_NONE)
    loft_async_base_announce (self, &announcement);
}

gboolean
loft_async_base_cancel (LoftAsyncBase    *self,
                        LoftCancelReason  reason,
                        gboolean          only_queued)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement announcement = { NULL };
  LoftHandler *cancel_handler = NULL;
  GPtrArray *children = NULL;
  LoftTellFrame frame = { NULL };
  LoftPhase from, to = LOFT_PHASE_NONE;

  g_object_ref (self); /* a handler may drop the caller's; and no reference is taken under the lock */
  loft_lock_lock (&priv->lock);
  from = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  if (from == LOFT_PHASE_QUEUED || !only_queued)
    to = loft_async_base_step_locked (self, LOFT_EVENT_CANCEL, reason, &from);
  if (to == LOFT_PHASE_CANCELING)
    {
      LoftAsyncExtra *extra = loft_async_base_extra_locked (self);

      cancel_handler = g_steal_pointer (&extra->cancel_handler);
      children = g_steal_pointer (&extra->children);
      loft_async_base_begin_telling_locked (self, &frame);
    }
  else if (to == LOFT_PHASE_CANCELED)
    {
      /* Before the lock is released: until then the queue that holds the item is there. */
      if (LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked != NULL)
        LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked (self);
      loft_async_base_take_handlers_locked (self, &announcement);
      children = g_steal_pointer (&announcement.children);
    }
  loft_lock_unlock (&priv->lock);

  if (to == LOFT_PHASE_CANCELED) /* it has ended: who waits for it hears of that first, and finds its data gone */
    {
      loft_async_base_note_unrun (self);
      loft_async_base_announce (self, &announcement);
    }
  if (to != LOFT_PHASE_NONE)
    loft_async_base_tell_canceled (self, cancel_handler, children, &frame, to == LOFT_PHASE_CANCELED);
  if (to == LOFT_PHASE_CANCELING)
    loft_async_base_end_telling (self, &frame);
  g_object_unref (self);
  return to != LOFT_PHASE_NONE;
}

/**
 * loft_async_base_set_cancel_handler:
 * @self: an async object
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call, or %NULL to clear
 * @user_data: what to call it with
 * @destroy: (nullable): called when @handler and @user_data are no longer needed
 *
 * Sets what stops the work when the object is cancelled.
 *
 * Any thread may call. @handler runs inside [method@Loft.AsyncInfo.cancel], on its thread, at most once; at once, before
 * this returns, when the object has been cancelled and not ended. It replaces the one set before. It never runs after
 * the end: an end that another thread brings while the handler runs comes when it has returned. It may end the object
 * itself.
 *
 * To replace or clear it does not wait for a call that is under way on another thread; what that call uses is safe
 * until @destroy, which is called at the home of the thread that set it.
 *
 * Answers to C++/WinRT's `cancellation_token.callback`.
 */
void
loft_async_base_set_cancel_handler (LoftAsyncBase     *self,
                                    LoftCancelHandler  handler,
                                    gpointer           user_data,
                                    GDestroyNotify     destroy)
{
  LoftAsyncBasePrivate *priv;
  LoftHandler *slot = NULL, *old = NULL;
  LoftTellFrame frame;
  LoftPhase phase;

  loft_consume_and_return_if_fail (LOFT_IS_ASYNC_BASE (self), destroy, user_data);

  priv = loft_async_base_get_private (self);
  if (handler != NULL)
    slot = loft_handler_new (LOFT_HANDLER_OBSERVER, FALSE, G_CALLBACK (handler), user_data, destroy);
  else if (destroy != NULL)
    destroy (user_data);

  g_object_ref (self); /* the handler may drop the caller's */
  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    {
      old = loft_async_base_extra_locked (self)->cancel_handler;
      priv->extra->cancel_handler = g_steal_pointer (&slot);
    }
  if (phase == LOFT_PHASE_CANCELING && slot != NULL)
    loft_async_base_begin_telling_locked (self, &frame);
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&old, loft_handler_unref);
  if (slot != NULL && phase == LOFT_PHASE_CANCELING)
    {
      handler (self, user_data);
      loft_async_base_end_telling (self, &frame);
    }
  g_clear_pointer (&slot, loft_handler_unref);
  g_object_unref (self);
}

/**
 * loft_async_base_propagate_cancel:
 * @self: an async object
 * @child: an object that is part of its work
 *
 * Makes a cancel of @self cancel @child too, with %LOFT_CANCEL_REASON_PROPAGATED.
 *
 * Any thread may call, for any number of children, which are not held: their producers do that. (Only objects of classes
 * that implement the interface by hand are.) When @self has been
 * cancelled and not ended, @child is cancelled before this returns. Children are cancelled on the thread that cancels
 * @self, in the order in which they were given.
 *
 * Answers to C++/WinRT's `cancellation_token.enable_propagation`.
 */
void
loft_async_base_propagate_cancel (LoftAsyncBase *self,
                                  LoftAsyncInfo *child)
{
  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (LOFT_IS_ASYNC_INFO (child));
  g_return_if_fail ((gpointer) self != (gpointer) child);

  loft_async_base_add_child (self, child, FALSE);
}

static gboolean
loft_async_base_has_many_children (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  gboolean many;

  loft_lock_lock (&priv->lock);
  many = priv->extra != NULL && priv->extra->children != NULL &&
         priv->extra->children->len >= MAX (FIRST_PURGE, priv->extra->purge_children_at);
  loft_lock_unlock (&priv->lock);
  return many;
}

/* Takes out those that have ended: an object may have any number of children, one after the other. They are asked with no
 * lock held, since a reference to them may call anybody. */
static void
loft_async_base_purge_children (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (loft_link_unref);
  g_autoptr (GHashTable) ended = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (loft_link_unref);
  GPtrArray *children;

  loft_lock_lock (&priv->lock);
  children = priv->extra->children;
  for (guint i = 0; children != NULL && i < children->len; i++)
    g_ptr_array_add (all, loft_link_ref (children->pdata[i]));
  loft_lock_unlock (&priv->lock);

  for (guint i = 0; i < all->len; i++)
    {
      g_autoptr (LoftAsyncInfo) info = loft_link_dup (all->pdata[i]);

      if (info == NULL || loft_async_info_has_ended (info))
        g_hash_table_add (ended, all->pdata[i]);
    }

  loft_lock_lock (&priv->lock);
  children = priv->extra->children;
  if (children != NULL)
    {
      guint kept = 0;

      for (guint i = 0; i < children->len; i++)
        if (g_hash_table_contains (ended, children->pdata[i]))
          g_ptr_array_add (out, children->pdata[i]);
        else
          children->pdata[kept++] = children->pdata[i];
      g_ptr_array_set_free_func (children, NULL);
      g_ptr_array_set_size (children, (int) kept);
      g_ptr_array_set_free_func (children, loft_link_unref);
      priv->extra->purge_children_at = MAX (FIRST_PURGE, 2 * kept);
    }
  loft_lock_unlock (&priv->lock);
}

void
loft_async_base_add_child (LoftAsyncBase *self,
                           LoftAsyncInfo *child,
                           gboolean       follow)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftLink *link = loft_link_new (child);
  LoftAsyncExtra *extra;
  LoftTellFrame frame;
  LoftPhase phase;

  if (loft_async_base_has_many_children (self))
    loft_async_base_purge_children (self);

  g_object_ref (self); /* a child's handler may drop the caller's */
  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  if (follow && extra->followed == NULL && !loft_phase_has_ended (phase))
    extra->followed = loft_link_ref (link);
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    {
      if (extra->children == NULL)
        extra->children = g_ptr_array_new_with_free_func (loft_link_unref);
      g_ptr_array_add (extra->children, loft_link_ref (link));
    }
  else if (phase == LOFT_PHASE_CANCELING)
    loft_async_base_begin_telling_locked (self, &frame);
  loft_lock_unlock (&priv->lock);

  if (phase == LOFT_PHASE_CANCELING)
    {
      frame.children = TRUE;
      loft_child_cancel (link);
      loft_async_base_end_telling (self, &frame);
    }
  loft_link_unref (link);
  g_object_unref (self);
}
