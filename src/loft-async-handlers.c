/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of a LoftAsyncBase: who is told of its progress, its cancel and its end, and in which order.
 *
 * Until the end they are kept here, under the object's lock. The end takes them all in one step, so that each is called
 * exactly once whatever races with it; one that comes later finds the object ended and is delivered at once. */

#include "config.h"

#include "loft-async-base-private.h"

void
loft_async_base_mark_observed (LoftAsyncBase *self)
{
  /* Relaxed: read when the object dies, after all references have synchronized. */
  __atomic_fetch_or (&loft_async_base_get_private (self)->word, LOFT_WORD_OBSERVED, __ATOMIC_RELAXED);
}

/* Right after the step that may have ended the object; does nothing while it goes on. */
void
loft_async_base_take_handlers_locked (LoftAsyncBase    *self,
                                      LoftAnnouncement *out)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra = priv->extra;
  guint32 word = __atomic_load_n (&priv->word, __ATOMIC_RELAXED);

  out->status = loft_phase_get_status (LOFT_WORD_PHASE (word));
  out->lane = LOFT_WORD_LANE (word);
  if (extra == NULL || !loft_phase_has_ended (LOFT_WORD_PHASE (word)))
    return;
  out->completed = g_steal_pointer (&extra->completed);
  out->observers = g_steal_pointer (&extra->observers);
  extra->observers_tail = &extra->observers;
  out->progress = g_steal_pointer (&extra->progress);
  out->cancel_handler = g_steal_pointer (&extra->cancel_handler);
  out->children = g_steal_pointer (&extra->children);
}

/* Takes the handlers of one kind that are to be delivered now out of a list, and delivers them in order. */
static void
loft_async_base_announce_some (LoftAsyncBase    *self,
                               LoftAnnouncement *what,
                               gboolean          waiters,
                               gboolean          runs_inline)
{
  LoftDeliveries *deliveries = &loft_async_base_get_private (self)->extra->deliveries;
  LoftHandler **link = &what->observers;

  while (*link != NULL)
    {
      LoftHandler *handler = *link;

      if (waiters ? handler->kind == LOFT_HANDLER_WAITER
                  : runs_inline || (!handler->agile && handler->home != NULL))
        {
          *link = handler->next;
          loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), deliveries, what->status, what->lane);
        }
      else
        link = &handler->next;
    }
}

/* Tells everybody of the end, in this order: the completed handler and the continuations that go to a dispatcher are
 * posted; waiting threads are woken; then what runs on this thread runs. */
void
loft_async_base_announce (LoftAsyncBase    *self,
                          LoftAnnouncement *what)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftHandler *completed = what->completed;

  if (completed == NULL && what->observers == NULL && what->progress == NULL && what->cancel_handler == NULL &&
      what->children == NULL)
    return;

  g_object_ref (self); /* a handler may drop the caller's */
  if (completed != NULL || what->observers != NULL)
    loft_async_base_mark_observed (self);
  g_clear_pointer (&what->progress, loft_handler_unref);
  g_clear_pointer (&what->cancel_handler, loft_handler_unref);
  g_clear_pointer (&what->children, g_ptr_array_unref);

  if (completed != NULL && !completed->agile && completed->home != NULL)
    loft_handler_deliver (g_steal_pointer (&completed), LOFT_ASYNC_INFO (self), &priv->extra->deliveries, what->status,
                          what->lane);
  loft_async_base_announce_some (self, what, FALSE, FALSE);
  loft_async_base_announce_some (self, what, TRUE, TRUE);
  if (completed != NULL)
    loft_handler_deliver (completed, LOFT_ASYNC_INFO (self), &priv->extra->deliveries, what->status, what->lane);
  loft_async_base_announce_some (self, what, FALSE, TRUE);
  g_object_unref (self);
}

/* Fills the one slot. After the end, at home: runs before this returns, unless something of the object is still on its
 * way to the same home; then it goes behind that. */
gboolean
loft_async_base_set_completed_handler (LoftAsyncBase  *self,
                                       LoftHandler    *handler,
                                       GError        **error)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra;
  LoftAnnouncement late = { NULL };
  gboolean used, closed, ended;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  loft_async_base_take_handlers_locked (self, &late); /* when ended there are none left: for status and lane */
  closed = late.status == LOFT_ASYNC_STATUS_CLOSED;
  used = extra->completed_used;
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED)));
  if (!closed && !used)
    {
      extra->completed_used = TRUE;
      if (!ended && handler->callback != NULL)
        extra->completed = g_steal_pointer (&handler);
    }
  loft_lock_unlock (&priv->lock);

  if (closed || used)
    {
      if (closed)
        loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
      else
        g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT,
                             "The completed handler can be set only once (NULL counts). Use wait_async, continue_with "
                             "or add_observer for more than one.");
      loft_handler_unref (handler);
      return FALSE;
    }
  if (handler == NULL)
    return TRUE;
  if (handler->callback == NULL)
    {
      loft_handler_unref (handler);
      return TRUE;
    }

  loft_async_base_mark_observed (self);
  if (handler->home != NULL && !loft_deliveries_has_in_flight (&extra->deliveries, handler->home))
    {
      LoftAsyncInfo *sender = g_object_ref (LOFT_ASYNC_INFO (self));

      ((LoftCompletedHandler) handler->callback) (sender, late.status, handler->user_data);
      loft_handler_unref (handler);
      g_object_unref (sender);
    }
  else
    loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status, late.lane);
  return TRUE;
}

guint64
loft_async_base_add_observer (LoftAsyncBase *self,
                              LoftHandler   *handler)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement late = { NULL };
  LoftAsyncExtra *extra;
  guint64 id;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  id = handler->id = ++extra->next_observer_id;
  if (!loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED))))
    {
      *extra->observers_tail = handler;
      extra->observers_tail = &handler->next;
      handler = NULL;
    }
  else
    loft_async_base_take_handlers_locked (self, &late);
  loft_lock_unlock (&priv->lock);

  if (handler != NULL)
    {
      loft_async_base_mark_observed (self);
      loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status, late.lane);
    }
  return id;
}

gboolean
loft_async_base_remove_observer (LoftAsyncBase *self,
                                 guint64        id)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftHandler *found = NULL;

  loft_lock_lock (&priv->lock);
  for (LoftHandler **link = priv->extra != NULL ? &priv->extra->observers : NULL; link != NULL && *link != NULL;
       link = &(*link)->next)
    if ((*link)->id == id)
      {
        found = *link;
        *link = found->next;
        if (*link == NULL)
          priv->extra->observers_tail = link;
        break;
      }
  loft_lock_unlock (&priv->lock);

  if (found == NULL)
    return FALSE;
  loft_handler_unref (found);
  return TRUE;
}

gboolean
loft_async_base_set_progress_handler (LoftAsyncBase  *self,
                                      LoftHandler    *handler,
                                      GError        **error)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftHandler *old = handler;
  LoftPhase phase;

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED));
  if (!loft_phase_has_ended (phase))
    {
      old = loft_async_base_extra_locked (self)->progress;
      priv->extra->progress = handler;
    }
  loft_lock_unlock (&priv->lock);

  if (old != NULL)
    {
      /* Release: see loft_report_run. */
      __atomic_store_n (&old->disconnected, TRUE, __ATOMIC_RELEASE);
      loft_handler_unref (old);
    }
  if (phase == LOFT_PHASE_CLOSED)
    {
      loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
      return FALSE;
    }
  return TRUE;
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
 * this returns, when the object has been cancelled and not ended; never after the end. It replaces the one set before.
 * @destroy is called at the home of the thread that set it.
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
  LoftHandler *slot, *old = NULL;
  LoftPhase phase;

  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));

  priv = loft_async_base_get_private (self);
  slot = handler != NULL
             ? loft_handler_new (LOFT_HANDLER_OBSERVER, FALSE, G_CALLBACK (handler), user_data, destroy)
             : NULL;
  if (handler == NULL && destroy != NULL)
    destroy (user_data);

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED));
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    {
      old = loft_async_base_extra_locked (self)->cancel_handler;
      priv->extra->cancel_handler = g_steal_pointer (&slot);
    }
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&old, loft_handler_unref);
  if (slot == NULL)
    return;
  if (phase == LOFT_PHASE_CANCELING)
    handler (self, user_data);
  loft_handler_unref (slot);
}

/**
 * loft_async_base_propagate_cancel:
 * @self: an async object
 * @child: an object that is part of its work
 *
 * Makes a cancel of @self cancel @child too, with %LOFT_CANCEL_REASON_PROPAGATED.
 *
 * Any thread may call, for any number of children; they are held until @self ends. When @self has been cancelled and
 * not ended, @child is cancelled before this returns. Children are cancelled on the thread that cancels @self, in the
 * order in which they were given.
 *
 * Answers to C++/WinRT's `cancellation_token.enable_propagation`.
 */
void
loft_async_base_propagate_cancel (LoftAsyncBase *self,
                                  LoftAsyncInfo *child)
{
  LoftAsyncBasePrivate *priv;
  LoftPhase phase;

  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (LOFT_IS_ASYNC_INFO (child));
  g_return_if_fail ((gpointer) self != (gpointer) child);

  priv = loft_async_base_get_private (self);
  g_object_ref (child);
  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED));
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    {
      LoftAsyncExtra *extra = loft_async_base_extra_locked (self);

      if (extra->children == NULL)
        extra->children = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (extra->children, g_steal_pointer (&child));
    }
  loft_lock_unlock (&priv->lock);

  if (child == NULL)
    return;
  if (phase == LOFT_PHASE_CANCELING && LOFT_IS_ASYNC_BASE (child))
    loft_async_base_cancel (LOFT_ASYNC_BASE (child), LOFT_CANCEL_REASON_PROPAGATED, FALSE);
  else if (phase == LOFT_PHASE_CANCELING)
    loft_async_info_cancel (child);
  g_object_unref (child);
}

/**
 * loft_async_base_report_progress:
 * @self: an async object that reports
 * @value: how far it is; it is copied
 *
 * Reports progress to the handler that is set now.
 *
 * Any thread may call. The handler runs at its home, in the order of the reports and before the completed handler of
 * the same home; a report that nobody listens to is not kept. Reports are delivered also after a cancel, until the end.
 *
 * Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended, and the report was dropped
 */
gboolean
loft_async_base_report_progress (LoftAsyncBase *self,
                                 const GValue  *value)
{
  LoftAsyncBasePrivate *priv;
  LoftHandler *handler = NULL;
  LoftValueBox *provisional = NULL;
  GType progress_type = G_TYPE_NONE;
  guint32 word;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  priv = loft_async_base_get_private (self);
  loft_lock_lock (&priv->lock);
  word = __atomic_load_n (&priv->word, __ATOMIC_RELAXED);
  if (priv->extra != NULL)
    {
      progress_type = priv->extra->progress_type;
      if (priv->extra->progress != NULL && !loft_phase_has_ended (LOFT_WORD_PHASE (word)))
        {
          handler = loft_handler_ref (priv->extra->progress);
          if (priv->extra->provisional != NULL)
            provisional = loft_value_box_ref (priv->extra->provisional);
        }
    }
  loft_lock_unlock (&priv->lock);

  if (progress_type != G_TYPE_NONE && !g_value_type_compatible (G_VALUE_TYPE (value), progress_type))
    g_critical ("%s: the report is a %s, and the object reports a %s", G_STRFUNC, G_VALUE_TYPE_NAME (value),
                g_type_name (progress_type));
  else if (handler != NULL)
    loft_handler_report (handler, LOFT_ASYNC_INFO (self), &priv->extra->deliveries, value, provisional,
                         LOFT_WORD_LANE (word));
  g_clear_pointer (&handler, loft_handler_unref);
  g_clear_pointer (&provisional, loft_value_box_unref);
  return !loft_phase_has_ended (LOFT_WORD_PHASE (word));
}
