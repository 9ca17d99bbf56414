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
  out->outcome = extra->result != NULL ? extra->result : extra->error;
  if (out->outcome != NULL)
    loft_value_box_ref (out->outcome);
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
          loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), deliveries, what->status, what->outcome, what->lane);
        }
      else
        link = &handler->next;
    }
}

static gboolean
is_looked_at (LoftAnnouncement *what)
{
  gboolean looked_at = what->completed != NULL;

  for (LoftHandler *one = what->observers; one != NULL; one = one->next)
    looked_at |= one->kind != LOFT_HANDLER_BYSTANDER;
  return looked_at;
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
    {
      g_clear_pointer (&what->outcome, loft_value_box_unref);
      return;
    }

  g_object_ref (self); /* a handler may drop the caller's */
  if (is_looked_at (what))
    loft_async_base_mark_observed (self);
  loft_deliveries_announce (&priv->extra->deliveries);
  g_clear_pointer (&what->progress, loft_handler_unref);
  g_clear_pointer (&what->cancel_handler, loft_handler_unref);
  g_clear_pointer (&what->children, g_ptr_array_unref);

  if (completed != NULL && !completed->agile && completed->home != NULL)
    loft_handler_deliver (g_steal_pointer (&completed), LOFT_ASYNC_INFO (self), &priv->extra->deliveries, what->status,
                          what->outcome, what->lane);
  loft_async_base_announce_some (self, what, FALSE, FALSE);
  loft_async_base_announce_some (self, what, TRUE, TRUE);
  if (completed != NULL)
    loft_handler_deliver (completed, LOFT_ASYNC_INFO (self), &priv->extra->deliveries, what->status, what->outcome,
                          what->lane);
  loft_async_base_announce_some (self, what, FALSE, TRUE);
  g_clear_pointer (&what->outcome, loft_value_box_unref);
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
      g_clear_pointer (&late.outcome, loft_value_box_unref);
      return FALSE;
    }
  if (handler == NULL || handler->callback == NULL)
    {
      g_clear_pointer (&handler, loft_handler_unref);
      g_clear_pointer (&late.outcome, loft_value_box_unref);
      return TRUE;
    }

  loft_async_base_mark_observed (self);
  if (handler->home != NULL && !loft_deliveries_has_in_flight (&extra->deliveries, handler->home))
    {
      LoftAsyncInfo *sender = g_object_ref (LOFT_ASYNC_INFO (self));

      loft_handler_call (handler, sender, late.status, late.outcome);
      loft_handler_unref (handler);
      g_object_unref (sender);
    }
  else
    loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status, late.outcome, late.lane);
  g_clear_pointer (&late.outcome, loft_value_box_unref);
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
      if (handler->kind != LOFT_HANDLER_BYSTANDER)
        loft_async_base_mark_observed (self);
      if (handler->kind == LOFT_HANDLER_CONTINUATION) /* never inside the call that sets it */
        loft_handler_post (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status, late.outcome, late.lane);
      else
        loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status, late.outcome, late.lane);
      g_clear_pointer (&late.outcome, loft_value_box_unref);
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
