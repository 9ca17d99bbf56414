/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of a LoftAsyncBase: who is told of its progress, its cancel and its end, and in which order.
 *
 * Until the end they are kept here, under the object's lock. The end takes them all in one step, so that each is called
 * exactly once whatever races with it. One that comes while the end is being made known joins the others, so that none
 * overtakes the completed handler; one that comes later is delivered at once. */

#include "config.h"

#include "async/loft-async-base-private.h"

void
loft_async_base_mark_observed (LoftAsyncBase *self)
{
  /* Relaxed: read when the object dies, after all references have synchronized. */
  __atomic_fetch_or (&loft_async_base_get_private (self)->lock.word, LOFT_WORD_OBSERVED, __ATOMIC_RELAXED);
}

void
loft_async_base_get_end_locked (LoftAsyncBase    *self,
                                LoftAnnouncement *out)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra = priv->extra;
  guint32 word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED);

  out->status = loft_phase_get_status (LOFT_WORD_PHASE (word));
  out->lane = LOFT_WORD_LANE (word);
  if (extra == NULL || !loft_phase_has_ended (LOFT_WORD_PHASE (word)))
    return;
  out->outcome = extra->result != NULL ? extra->result : extra->error;
  if (out->outcome != NULL)
    loft_value_box_ref (out->outcome);
}

/* Right after the step that has ended the object. */
void
loft_async_base_take_handlers_locked (LoftAsyncBase    *self,
                                      LoftAnnouncement *out)
{
  LoftAsyncExtra *extra = loft_async_base_get_private (self)->extra;

  loft_async_base_get_end_locked (self, out);
  if (extra == NULL)
    return;
  out->completed = g_steal_pointer (&extra->completed);
  out->observers = loft_observers_take (&extra->observers);
  out->reported = extra->reported;
  out->cancel_handler = g_steal_pointer (&extra->cancel_handler);
  out->children = g_steal_pointer (&extra->children);
  out->followed = g_steal_pointer (&extra->followed);
  out->awaited = g_steal_pointer (&extra->awaited);
  out->awaited_id = extra->awaited_id;
  out->owned = g_steal_pointer (&extra->owned);
  out->held = extra->held;
  extra->held = FALSE;
  extra->announcing = out->completed != NULL || out->observers != NULL || out->reported;
}

/* Who came while the others were told; FALSE: nobody, and from here on each delivers itself. */
static gboolean
loft_async_base_take_late (LoftAsyncBase    *self,
                           LoftAnnouncement *out)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra = priv->extra;

  loft_lock_lock (&priv->lock);
  extra->announcing = extra->completed != NULL || extra->observers.first != NULL;
  if (extra->announcing)
    {
      out->completed = g_steal_pointer (&extra->completed);
      out->observers = loft_observers_take (&extra->observers);
    }
  loft_lock_unlock (&priv->lock);
  return out->completed != NULL || out->observers != NULL;
}

/* Sends home what has one (or has the MTA for it), the completed handler first; what is agile is left. What has lost its
 * home goes to `lost`. Gives whether the MTA's outbox is ours to see to. */

static gboolean
loft_async_base_send_one (LoftAsyncBase    *self,
                          LoftAnnouncement *what,
                          LoftHandler      *handler)
{
  LoftHandlerFate fate = loft_handler_queue (handler, LOFT_ASYNC_INFO (self),
                                             &loft_async_base_get_private (self)->extra->deliveries, what->status,
                                             what->outcome, what->lane);

  if (fate == LOFT_HANDLER_HOME_GONE)
    {
      handler->next = NULL;
      *(what->lost != NULL ? &what->last_lost->next : &what->lost) = handler;
      what->last_lost = handler;
    }
  return fate == LOFT_HANDLER_FIRST;
}

static gboolean
loft_async_base_send_home (LoftAsyncBase    *self,
                           LoftAnnouncement *what,
                           LoftHandler     **completed,
                           LoftHandler     **observers)
{
  gboolean first = FALSE;

  if (*completed != NULL && !(*completed)->agile)
    first |= loft_async_base_send_one (self, what, g_steal_pointer (completed));
  while (*observers != NULL)
    {
      LoftHandler *handler = *observers;

      if (handler->agile)
        observers = &handler->next;
      else
        {
          *observers = handler->next;
          first |= loft_async_base_send_one (self, what, handler);
        }
    }
  return first;
}

/* On this thread: waiting threads are woken first. */
static void
loft_async_base_run_agile (LoftAsyncBase    *self,
                           LoftAnnouncement *what)
{
  LoftHandler **link = &what->observers;
  LoftHandler *handler;

  while ((handler = *link) != NULL)
    if (handler->kind == LOFT_HANDLER_WAITER)
      {
        *link = handler->next;
        loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), NULL, what->status, what->outcome, what->lane);
      }
    else
      link = &handler->next;
  if (what->completed != NULL)
    loft_handler_deliver (g_steal_pointer (&what->completed), LOFT_ASYNC_INFO (self), NULL, what->status, what->outcome,
                          what->lane);
  while ((handler = what->observers) != NULL)
    {
      what->observers = handler->next;
      loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), NULL, what->status, what->outcome, what->lane);
    }
}

static gboolean
is_looked_at (LoftAnnouncement *what)
{
  gboolean looked_at = what->completed != NULL;

  for (LoftHandler *one = what->observers; one != NULL; one = one->next)
    looked_at |= loft_handler_looks_at_outcome (one);
  return looked_at;
}

/* Tells everybody of the end, in this order: the completed handler and the continuations are sent home, with those who
 * come meanwhile; waiting threads are woken; what is agile runs; and then the MTA's part, if this thread is in it. Nobody's
 * code runs before all that was set has its place in the order. */
void
loft_async_base_announce (LoftAsyncBase    *self,
                          LoftAnnouncement *what)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement late = { NULL };
  LoftDrainFrame frame;
  LoftHandler *idle;
  gboolean first;

  if (what->completed == NULL && what->observers == NULL && !what->reported && what->cancel_handler == NULL &&
      what->children == NULL && what->followed == NULL && what->awaited == NULL && what->owned == NULL &&
      !what->held)
    {
      g_clear_pointer (&what->outcome, loft_value_box_unref);
      return;
    }

  g_object_ref (self); /* a handler may drop the caller's */
  if (is_looked_at (what))
    loft_async_base_mark_observed (self);
  idle = loft_deliveries_announce (&priv->extra->deliveries);
  first = loft_async_base_send_home (self, what, &what->completed, &what->observers);
  while (loft_async_base_take_late (self, &late))
    first |= loft_async_base_send_home (self, what, &late.completed, &late.observers);

  loft_deliveries_enter (&frame, &priv->extra->deliveries);
  frame.handed_over = !first;
  if (first && !loft_thread_runs_mta ())
    loft_deliveries_hand_over (&frame);
  loft_handler_leave_slot (idle);
  g_clear_pointer (&what->cancel_handler, loft_handler_unref);
  g_clear_pointer (&what->children, g_ptr_array_unref);
  g_clear_pointer (&what->followed, loft_link_unref);
  loft_async_base_leave_awaited (what->awaited, what->awaited_id);
  g_clear_pointer (&what->owned, loft_async_owned_free);
  while (what->lost != NULL)
    {
      LoftHandler *lost = what->lost;

      what->lost = lost->next;
      loft_handler_lose (lost);
    }
  loft_async_base_run_agile (self, what);
  loft_deliveries_leave (&frame);
  if (!frame.handed_over)
    loft_deliveries_drain (&priv->extra->deliveries);
  g_clear_pointer (&what->outcome, loft_value_box_unref);
  if (what->held)
    g_object_unref (self);
  g_object_unref (self);
}

void
loft_async_base_let_listeners_hold (LoftAsyncBase *self)
{
  /* Relaxed: nobody else has seen it yet. */
  __atomic_fetch_or (&loft_async_base_get_private (self)->lock.word, LOFT_WORD_LISTENERS_HOLD, __ATOMIC_RELAXED);
}

void
loft_async_base_hold_until_end (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  gboolean ended;

  g_object_ref (self);
  loft_lock_lock (&priv->lock);
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)));
  loft_async_base_extra_locked (self)->held = !ended;
  loft_lock_unlock (&priv->lock);
  if (ended)
    g_object_unref (self);
}

/* A reference for the first who listens, taken before the lock since it may call whoever toggles on the object, and
 * before the hold can be seen: whoever ends the object lets go of it. */
static LoftAsyncBase *
loft_async_base_offer_hold (LoftAsyncBase *self)
{
  /* Relaxed: set before anybody else saw the object. */
  guint32 word = __atomic_load_n (&loft_async_base_get_private (self)->lock.word, __ATOMIC_RELAXED);

  return G_UNLIKELY ((word & LOFT_WORD_LISTENERS_HOLD) != 0) ? g_object_ref (self) : NULL;
}

/* Takes @offer if this is the first who listens. */
static void
loft_async_base_take_hold_locked (LoftAsyncBase  *self,
                                  LoftAsyncBase **offer)
{
  LoftAsyncExtra *extra = loft_async_base_get_private (self)->extra;

  if (G_LIKELY (*offer == NULL) || extra->held)
    return;

  *offer = NULL;
  extra->held = TRUE;
}

/* Whether the last has gone: then the caller lets go of that reference. */
static gboolean
loft_async_base_leave_hold_locked (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra = priv->extra;
  guint32 word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED); /* the flag was set before anybody saw the object */

  if (G_LIKELY (!extra->held) || extra->completed != NULL || extra->observers.n > extra->observers.n_bystanders)
    return FALSE;
  if ((word & LOFT_WORD_LISTENERS_HOLD) == 0) /* it is held to its end */
    return FALSE;

  extra->held = FALSE;
  return TRUE;
}

static void
loft_async_base_deliver_late (LoftAsyncBase    *self,
                              LoftHandler      *handler,
                              LoftAnnouncement *end)
{
  LoftAsyncInfo *sender = g_object_ref (LOFT_ASYNC_INFO (self));
  LoftDeliveries *deliveries = &loft_async_base_get_private (self)->extra->deliveries;

  loft_async_base_mark_observed (self);
  if (handler->home != NULL && !loft_deliveries_has_in_flight (deliveries, handler->home))
    {
      LoftDispatchFrame frame;

      loft_dispatcher_enter_handler (handler->home, &frame, end->lane);
      loft_handler_call (handler, sender, end->status, end->outcome);
      loft_dispatcher_leave_handler (handler->home, &frame);
      loft_handler_unref (handler);
    }
  else
    loft_handler_deliver (handler, sender, deliveries, end->status, end->outcome, end->lane);
  g_object_unref (sender);
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
  LoftAsyncBase *offer = loft_async_base_offer_hold (self);
  gboolean used, closed, ended;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  loft_async_base_get_end_locked (self, &late);
  closed = late.status == LOFT_ASYNC_STATUS_CLOSED;
  used = extra->completed_used;
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)));
  if (!closed && !used)
    {
      extra->completed_used = TRUE;
      if (handler->callback != NULL && (!ended || (extra->announcing && !handler->agile)))
        {
          extra->completed = g_steal_pointer (&handler);
          if (ended)
            loft_async_base_mark_observed (self);
          else
            loft_async_base_take_hold_locked (self, &offer);
        }
    }
  loft_lock_unlock (&priv->lock);
  g_clear_object (&offer);

  if (handler == NULL || closed || used || handler->callback == NULL)
    g_clear_pointer (&handler, loft_handler_unref);
  else
    loft_async_base_deliver_late (self, handler, &late);
  g_clear_pointer (&late.outcome, loft_value_box_unref);

  if (closed)
    loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
  else if (used)
    g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT,
                         "The completed handler can be set only once (NULL counts). Use wait_async, continue_with or "
                         "add_observer for more than one.");
  return !closed && !used;
}

guint64
loft_async_base_add_observer (LoftAsyncBase *self,
                              LoftHandler   *handler)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement late = { NULL };
  LoftAsyncExtra *extra;
  LoftAsyncBase *offer = loft_async_base_offer_hold (self);
  gboolean ended, bystander, looks = loft_handler_looks_at_outcome (handler);
  guint64 id;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)));
  if (!ended || (extra->announcing && !handler->agile))
    {
      if (ended && looks)
        loft_async_base_mark_observed (self);
      bystander = handler->kind == LOFT_HANDLER_BYSTANDER;
      id = loft_observers_append (&extra->observers, g_steal_pointer (&handler));
      if (!ended && !bystander)
        loft_async_base_take_hold_locked (self, &offer);
    }
  else
    {
      id = ++extra->observers.last_id;
      loft_async_base_get_end_locked (self, &late);
    }
  loft_lock_unlock (&priv->lock);
  g_clear_object (&offer);

  if (handler != NULL)
    {
      if (looks)
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
  gboolean let_go = FALSE;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    found = loft_observers_remove (&priv->extra->observers, id);
  if (found != NULL)
    let_go = loft_async_base_leave_hold_locked (self);
  loft_lock_unlock (&priv->lock);
  if (found == NULL)
    return priv->extra != NULL && loft_deliveries_disarm (&priv->extra->deliveries, id);

  loft_handler_unref (found);
  if (G_UNLIKELY (let_go))
    g_object_unref (self);
  return TRUE;
}
