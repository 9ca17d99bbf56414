/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncBase: the one state machine behind all of Loft's async objects.
 *
 * Derive from it to make your own type of action. If you only need an object that you end by hand,
 * use LoftAction or LoftOperation. This file follows the life of an object: its steps from phase to
 * phase, its handlers, its progress, its cancel, the object that it waits for itself, its owner,
 * the ways to end it, its results and errors, and its death. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-trampoline-private.h"
#include "loop/loft-loop-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

/**
 * LoftAsyncBase:
 *
 * A base class for async objects, with their state, handlers, cancellation and results.
 *
 * A subclass that implements [iface@Loft.AsyncAction] or [iface@Loft.AsyncOperation] (and perhaps
 * [iface@Loft.AsyncWithProgress]) and leaves their virtual functions %NULL is a complete async
 * object. It begins the work, overrides `canceled` to stop the work, and ends the object with
 * [method@Loft.AsyncBase.complete] or [method@Loft.AsyncBase.fail].
 *
 * An object whose last reference is dropped before it has ended fails with
 * %LOFT_ERROR_DISCONNECTED, so that nobody waits for it for ever; if it was cancelled, it ends
 * Canceled. The dying object can't be handed to another thread any more. The handlers that were set
 * on it are therefore called with another sender: a [class@Loft.Action] or [class@Loft.Operation]
 * that has the same call site, number and types, and that has ended in the same way.
 *
 * All of its methods may be called from any thread.
 *
 * Answers to WRL's `AsyncBase`.
 */

typedef LoftAsyncCore LoftAsyncBasePrivate;

static void loft_async_base_iface_init (LoftAsyncInfoInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (LoftAsyncBase, loft_async_base, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (LoftAsyncBase)
                                  G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL)
                                  /* This has to be the last interface. gjs 1.74 finds a method that
                                   * Gio._promisify () has replaced only in the last one. */
                                  G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO,
                                                         loft_async_base_iface_init))

int loft_async_base_private_offset;

static void          loft_async_base_announce             (LoftAsyncBase *self, LoftAsyncEnd *what);
static void          loft_async_base_report_to_relays     (LoftAsyncBase *self,
                                                           const GValue *value);
static void          loft_async_base_add_child            (LoftAsyncBase *self,
                                                           LoftAsyncInfo *child, gboolean follow);
static void          loft_async_base_leave_awaited        (LoftAsyncDependency awaited);
static void          loft_async_owned_free                (LoftOwned *owned);
static const GValue *loft_async_base_convert              (const GValue *value, GType type,
                                                           GValue *fit, const char *function);

LoftAsyncExtra *
loft_async_base_extra_locked (LoftAsyncBase *self)
{
  LoftAsyncExtra *extra = loft_async_core_extra_locked (loft_async_base_get_core (self));

  if (G_UNLIKELY (extra->deliveries.owner == NULL))
    extra->deliveries.owner = self;
  return extra;
}

/* The same, where @handler is added. */
static LoftAsyncExtra *
loft_async_base_extra_for_locked (LoftAsyncBase *self,
                                  LoftHandler   *handler)
{
  loft_async_core_extra_for_locked (loft_async_base_get_core (self), handler);
  return loft_async_base_extra_locked (self);
}

LoftHandler *
loft_async_info_new_handler (LoftAsyncInfo  *info,
                             LoftHandlerKind kind,
                             gboolean        agile,
                             GCallback       callback,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  if (!LOFT_IS_ASYNC_BASE (info))
    return loft_handler_new (kind, agile, callback, user_data, destroy);
  return loft_async_core_new_handler (loft_async_base_get_core (LOFT_ASYNC_BASE (info)), kind,
                                      agile, callback, user_data, destroy);
}

/* The end. loft-async-core.c decides who wins when completion and cancellation race. */

/* Moves @error into a box that is released where a result is released. */
static LoftValueBox *
loft_async_base_box_error (LoftAsyncBase *self,
                           GError        *error)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *home = NULL;
  LoftValueBox *box;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    home = loft_async_extra_dup_home (core->extra);
  loft_lock_unlock (&core->lock);
  box = loft_value_box_new_for_error (error, home);
  g_clear_object (&home);
  return box;
}

/* Called when the object has ended from Queued, before anybody is told of the end. The class
 * releases what it has kept for the object's turn. */
static void
loft_async_base_note_unrun (LoftAsyncBase *self)
{
  /* GLib has initialized the class, on whichever thread came first. */
  LOFT_TSAN_ACQUIRE (LOFT_ASYNC_BASE_GET_CLASS (self));
  if (LOFT_ASYNC_BASE_GET_CLASS (self)->ended_unrun != NULL)
    LOFT_ASYNC_BASE_GET_CLASS (self)->ended_unrun (self);
}

/* Ends the object by @event. Takes @failure and @box. TRUE: it has ended as @event says. FALSE: it
 * was cancelled or had ended, and @failure and @box have been freed. */
static gboolean
loft_async_base_end_with (LoftAsyncBase    *self,
                          LoftEvent         event,
                          LoftCancelReason  reason,
                          LoftValueBox     *failure,
                          LoftValueBox     *box)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncEnd announcement = { NULL };
  LoftPhase from = LOFT_PHASE_NONE, to = LOFT_PHASE_NONE;
  gboolean deferred, won;

  loft_lock_lock (&core->lock);
  deferred = loft_async_core_defer_end_locked (core, LOFT_ASYNC_INFO (self), event, &box, &won);
  if (!deferred)
    to = loft_async_core_finish_locked (core, event, reason, &failure, &box, &announcement, &from);
  loft_lock_unlock (&core->lock);

  /* What is left was not needed for the end. It is released at its home. */
  g_clear_pointer (&failure, loft_value_box_unref);
  g_clear_pointer (&box, loft_value_box_unref);
  if (deferred)
    return won;
  if (to == LOFT_PHASE_NONE)
    return FALSE;

  if (G_UNLIKELY (from == LOFT_PHASE_QUEUED))
    {
      g_object_ref (self); /* what the class releases may be all that held the object */
      loft_async_base_note_unrun (self);
      loft_async_base_announce (self, &announcement);
      g_object_unref (self);
    }
  else
    loft_async_base_announce (self, &announcement);
  return from != LOFT_PHASE_CANCELING || event == LOFT_EVENT_OVERRULE;
}

/* A function of its own, so that the fast path below needs no stack frame. */
static G_GNUC_NO_INLINE gboolean
loft_async_base_end_slowly (LoftAsyncBase    *self,
                            LoftEvent         event,
                            LoftCancelReason  reason,
                            GError           *error,
                            LoftValueBox     *box)
{
  return loft_async_base_end_with (self, event, reason,
                                   error != NULL ? loft_async_base_box_error (self, error) : NULL,
                                   box);
}

/* Ends the object as loft_async_base_end_with () does, with an error that is in no box yet. */
static gboolean
loft_async_base_end (LoftAsyncBase    *self,
                     LoftEvent         event,
                     LoftCancelReason  reason,
                     GError           *error,
                     LoftValueBox     *box)
{
  /* Fast path: most objects have no handlers, and nothing to keep. */
  if (event == LOFT_EVENT_COMPLETE && box == NULL &&
      loft_async_core_step_alone (loft_async_base_get_core (self), LOFT_PHASE_RUNNING,
                                  LOFT_PHASE_COMPLETED, LOFT_WORD_EXTRA))
    return TRUE;

  return loft_async_base_end_slowly (self, event, reason, error, box);
}

gboolean
loft_async_base_fail_as (LoftAsyncBase *self,
                         LoftValueBox  *failure)
{
  if (g_error_matches (loft_value_box_peek_error (failure), G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return loft_async_base_end_with (self, LOFT_EVENT_FAIL_CANCELED, LOFT_CANCEL_REASON_BY_WORK,
                                     loft_value_box_ref (failure), NULL);
  return loft_async_base_end_with (self, LOFT_EVENT_FAIL, LOFT_CANCEL_REASON_NONE,
                                   loft_value_box_ref (failure), NULL);
}

gboolean
loft_async_base_end_canceled (LoftAsyncBase    *self,
                              LoftCancelReason  reason)
{
  return loft_async_base_end (self, LOFT_EVENT_FAIL_CANCELED, reason, NULL, NULL);
}

/* Handlers: who is told of the progress, the cancel and the end of a LoftAsyncBase, and in which
 * order.
 *
 * The end takes all handlers in one step. A handler that is added while the end is being announced
 * joins them, so that no handler overtakes the completed handler. A handler that is added later is
 * delivered at once. */

/* Sends all handlers that are not agile to their homes (a dispatcher, or the MTA), the completed
 * handler first, and leaves the agile ones in the lists. A handler whose home is gone is moved to
 * `lost`. Each of the two functions returns whether this thread must see to the MTA's outbox. */

static gboolean
loft_async_base_send_one (LoftAsyncBase *self,
                          LoftAsyncEnd  *what,
                          LoftHandler   *handler)
{
  LoftDeliveryFate fate = loft_handler_queue (handler, LOFT_ASYNC_INFO (self),
                                             &loft_async_base_get_core (self)->extra->deliveries,
                                             what->status, what->outcome, what->lane);

  if (fate == LOFT_DELIVERY_HOME_GONE)
    {
      handler->next = NULL;
      *(what->lost != NULL ? &what->last_lost->next : &what->lost) = handler;
      what->last_lost = handler;
    }
  return fate == LOFT_DELIVERY_FIRST;
}

static gboolean
loft_async_base_send_home (LoftAsyncBase *self,
                           LoftAsyncEnd  *what,
                           LoftHandler  **completed,
                           LoftHandler  **observers)
{
  gboolean first = FALSE;

  if (*completed != NULL && !(*completed)->to.agile)
    first |= loft_async_base_send_one (self, what, g_steal_pointer (completed));
  while (*observers != NULL)
    {
      LoftHandler *handler = *observers;

      if (handler->to.agile)
        observers = &handler->next;
      else
        {
          *observers = handler->next;
          first |= loft_async_base_send_one (self, what, handler);
        }
    }
  return first;
}

/* Runs the agile handlers on this thread. Threads that wait are woken first. */
static void
loft_async_base_run_agile (LoftAsyncBase *self,
                           LoftAsyncEnd  *what)
{
  LoftHandler **link = &what->observers;
  LoftHandler *handler;

  while ((handler = *link) != NULL)
    if (handler->kind == LOFT_HANDLER_WAITER)
      {
        *link = handler->next;
        loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), NULL, what->status, what->outcome,
                              what->lane);
      }
    else
      link = &handler->next;
  if (what->completed != NULL)
    loft_handler_deliver (g_steal_pointer (&what->completed), LOFT_ASYNC_INFO (self), NULL,
                          what->status, what->outcome, what->lane);
  while ((handler = what->observers) != NULL)
    {
      what->observers = handler->next;
      loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), NULL, what->status, what->outcome,
                            what->lane);
    }
}

static gboolean
is_looked_at (LoftAsyncEnd *what)
{
  gboolean looked_at = what->completed != NULL;

  for (LoftHandler *one = what->observers; one != NULL; one = one->next)
    looked_at |= loft_handler_looks_at_outcome (one);
  return looked_at;
}

/* Announces the end, in this order: the completed handler and the other handlers that have a home
 * are sent there, together with those that are added in the meantime; threads that wait are woken;
 * the agile handlers run; and this thread runs the handlers whose home is the MTA, if it is in the
 * MTA itself. No user code runs on this thread before every handler that was set has its place in
 * the order. */
static void
loft_async_base_announce (LoftAsyncBase *self,
                          LoftAsyncEnd  *what)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncEnd late = { NULL };
  LoftDrainFrame frame;
  LoftHandler *idle;
  gboolean first;

  if (what->completed == NULL && what->observers == NULL && !what->reported &&
      what->cancel_handler == NULL && what->children == NULL && what->followed == NULL &&
      what->awaited.link == NULL && what->owned == NULL && !what->held)
    {
      g_clear_pointer (&what->outcome, loft_value_box_unref);
      return;
    }

  g_object_ref (self); /* a handler may drop the caller's reference */
  if (is_looked_at (what))
    loft_async_base_mark_observed (self);
  idle = loft_deliveries_announce (&core->extra->deliveries);
  first = loft_async_base_send_home (self, what, &what->completed, &what->observers);
  while (loft_async_core_take_late (core, &late))
    first |= loft_async_base_send_home (self, what, &late.completed, &late.observers);

  loft_deliveries_enter (&frame, &core->extra->deliveries);
  frame.handed_over = !first;
  if (first && !loft_thread_runs_mta ())
    loft_deliveries_hand_over (&frame);
  loft_handler_leave_slot (idle);
  g_clear_pointer (&what->cancel_handler, loft_handler_unref);
  g_clear_pointer (&what->children, g_ptr_array_unref);
  g_clear_pointer (&what->followed, loft_link_unref);
  loft_async_base_leave_awaited (what->awaited);
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
    loft_deliveries_drain (&core->extra->deliveries);
  g_clear_pointer (&what->outcome, loft_value_box_unref);
  if (what->held)
    g_object_unref (self);
  g_object_unref (self);
}

void
loft_async_base_let_listeners_hold (LoftAsyncBase *self)
{
  /* Relaxed: no other thread has seen the object yet. */
  __atomic_fetch_or (&loft_async_base_get_core (self)->lock.word, LOFT_WORD_LISTENERS_HOLD,
                     __ATOMIC_RELAXED);
}

void
loft_async_base_hold_until_end (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  gboolean ended;

  g_object_ref (self);
  loft_lock_lock (&core->lock);
  ended = loft_phase_has_ended (loft_async_core_get_phase_locked (core));
  loft_async_base_extra_locked (self)->held = !ended;
  loft_lock_unlock (&core->lock);
  if (ended)
    g_object_unref (self);
}

/* Returns a reference for the first listener to hold the object by; NULL: listeners do not hold it.
 * The reference is taken before the lock, since taking it may call a toggle notify, and before
 * `held` is set, since from then on whoever ends the object drops the reference. */
static LoftAsyncBase *
loft_async_base_offer_hold (LoftAsyncBase *self)
{
  /* Relaxed: the flag was set before any other thread saw the object. */
  guint32 word = loft_load_relaxed (&loft_async_base_get_core (self)->lock.word);

  return G_UNLIKELY ((word & LOFT_WORD_LISTENERS_HOLD) != 0) ? g_object_ref (self) : NULL;
}

/* Takes @offer if this is the first listener. */
static void
loft_async_base_take_hold_locked (LoftAsyncBase  *self,
                                  LoftAsyncBase **offer)
{
  LoftAsyncExtra *extra = loft_async_base_get_core (self)->extra;

  if (G_LIKELY (*offer == NULL) || extra->held)
    return;

  *offer = NULL;
  extra->held = TRUE;
}

/* Returns whether the last listener has gone. If so, the caller drops the reference that was
 * held. */
static gboolean
loft_async_base_leave_hold_locked (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncExtra *extra = core->extra;
  /* The flag was set before any other thread saw the object. */
  guint32 word = loft_async_core_get_word_locked (core);

  if (G_LIKELY (!extra->held) || extra->completed != NULL ||
      extra->observers.n > extra->observers.n_bystanders)
    return FALSE;
  if ((word & LOFT_WORD_LISTENERS_HOLD) == 0) /* it is held until its end */
    return FALSE;

  extra->held = FALSE;
  return TRUE;
}

static void
loft_async_base_deliver_late (LoftAsyncBase *self,
                              LoftHandler   *handler,
                              LoftAsyncEnd  *end)
{
  LoftAsyncInfo *sender = g_object_ref (LOFT_ASYNC_INFO (self));
  LoftDeliveries *deliveries = &loft_async_base_get_core (self)->extra->deliveries;

  loft_async_base_mark_observed (self);
  if (handler->to.home != NULL && !loft_deliveries_has_in_flight (deliveries, handler->to.home))
    {
      LoftDispatchFrame frame;

      loft_dispatcher_enter_handler (handler->to.home, &frame, end->lane);
      loft_handler_call (handler, sender, end->status, end->outcome);
      loft_dispatcher_leave_handler (handler->to.home, &frame);
      loft_handler_unref (handler);
    }
  else
    loft_handler_deliver (handler, sender, deliveries, end->status, end->outcome, end->lane);
  g_object_unref (sender);
}

/* Fills the one slot for a completed handler. After the end the handler runs before this function
 * returns, unless a delivery of the object to the same home is still on its way. In that case it is
 * queued behind that delivery. */
gboolean
loft_async_base_set_completed_handler (LoftAsyncBase  *self,
                                       LoftHandler    *handler,
                                       GError        **error)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncExtra *extra;
  LoftAsyncEnd late = { NULL };
  LoftAsyncBase *offer = loft_async_base_offer_hold (self);
  gboolean used, closed, ended;

  loft_lock_lock (&core->lock);
  extra = loft_async_base_extra_for_locked (self, handler);
  loft_async_core_get_end_locked (core, &late);
  closed = late.status == LOFT_ASYNC_STATUS_CLOSED;
  used = extra->completed_used;
  ended = loft_phase_has_ended (loft_async_core_get_phase_locked (core));
  if (!closed && !used)
    {
      extra->completed_used = TRUE;
      if (handler->to.callback != NULL && (!ended || (extra->announcing && !handler->to.agile)))
        {
          extra->completed = g_steal_pointer (&handler);
          if (ended)
            loft_async_base_mark_observed (self);
          else
            loft_async_base_take_hold_locked (self, &offer);
        }
    }
  loft_lock_unlock (&core->lock);
  g_clear_object (&offer);

  if (handler == NULL || closed || used || handler->to.callback == NULL)
    g_clear_pointer (&handler, loft_handler_unref);
  else
    loft_async_base_deliver_late (self, handler, &late);
  g_clear_pointer (&late.outcome, loft_value_box_unref);

  if (closed)
    loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
  else if (used)
    g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT,
                         "The completed handler can be set only once (NULL counts). Use "
                         "wait_async, continue_with or "
                         "add_observer for more than one.");
  return !closed && !used;
}

guint64
loft_async_base_add_observer (LoftAsyncBase *self,
                              LoftHandler   *handler)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncEnd late = { NULL };
  LoftAsyncExtra *extra;
  LoftAsyncBase *offer = loft_async_base_offer_hold (self);
  gboolean ended, bystander, looks = loft_handler_looks_at_outcome (handler);
  guint64 id;

  loft_lock_lock (&core->lock);
  extra = loft_async_base_extra_for_locked (self, handler);
  ended = loft_phase_has_ended (loft_async_core_get_phase_locked (core));
  if (!ended || (extra->announcing && !handler->to.agile))
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
      id = handler->id = ++extra->observers.last_id;
      loft_async_core_get_end_locked (core, &late);
    }
  loft_lock_unlock (&core->lock);
  g_clear_object (&offer);

  if (handler != NULL)
    {
      if (looks)
        loft_async_base_mark_observed (self);
      if (handler->kind == LOFT_HANDLER_CONTINUATION) /* never called inside of this call */
        loft_handler_post (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status,
                           late.outcome, late.lane);
      else
        loft_handler_deliver (handler, LOFT_ASYNC_INFO (self), &extra->deliveries, late.status,
                              late.outcome, late.lane);
      g_clear_pointer (&late.outcome, loft_value_box_unref);
    }
  return id;
}

static gboolean
loft_async_base_remove_observer (LoftAsyncBase *self,
                                 guint64        id)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftHandler *found = NULL;
  gboolean let_go = FALSE;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    found = loft_observers_remove (&core->extra->observers, id);
  if (found != NULL)
    let_go = loft_async_base_leave_hold_locked (self);
  loft_lock_unlock (&core->lock);
  if (found == NULL)
    return core->extra != NULL && loft_deliveries_disarm (&core->extra->deliveries, id);

  loft_handler_unref (found);
  if (G_UNLIKELY (let_go))
    g_object_unref (self);
  return TRUE;
}

/* Progress: the one progress handler of a LoftAsyncBase, its reports, and the result that there is
 * so far. */

gboolean
loft_async_base_set_progress_handler (LoftAsyncBase  *self,
                                      LoftHandler    *handler,
                                      GError        **error)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftHandler *old = handler;
  LoftDeliveries *deliveries;
  LoftPhase phase;

  loft_lock_lock (&core->lock);
  phase = loft_async_core_get_phase_locked (core);
  deliveries = &loft_async_base_extra_locked (self)->deliveries;
  core->extra->reported |= handler != NULL;
  loft_lock_unlock (&core->lock);

  if (phase == LOFT_PHASE_CLOSED)
    loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
  if (phase != LOFT_PHASE_CLOSED || handler == NULL)
    old = loft_deliveries_set_progress (deliveries, loft_phase_has_ended (phase), handler);
  loft_handler_leave_slot (old);
  return phase != LOFT_PHASE_CLOSED;
}

/**
 * loft_async_base_set_progress_type:
 * @self: an async object
 * @progress_type: the type of what it reports
 *
 * Sets the type of the values that a custom object reports.
 *
 * Call it right after the construction of the object, before other threads see it.
 */
void
loft_async_base_set_progress_type (LoftAsyncBase *self,
                                   GType          progress_type)
{
  LoftAsyncCore *core;

  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (G_TYPE_IS_VALUE (progress_type));

  core = loft_async_base_get_core (self);
  loft_lock_lock (&core->lock);
  loft_async_base_extra_locked (self)->progress_type = progress_type;
  loft_lock_unlock (&core->lock);
}

/**
 * loft_async_base_set_provisional_result:
 * @self: an async object that reports progress
 * @value: what there is so far; it is copied
 *
 * Sets the result that `get_results ()` returns until the end.
 *
 * Any thread may call. Each report of progress carries the provisional result of the moment at
 * which it was made.
 *
 * Answers to C++/WinRT's `progress_token.set_result`.
 *
 * Returns: %FALSE if the object has ended, or if the value can't be converted to the type of the
 * result
 */
gboolean
loft_async_base_set_provisional_result (LoftAsyncBase *self,
                                        const GValue  *value)
{
  LoftAsyncCore *core;
  LoftDispatcher *home = NULL;
  GType value_type = G_TYPE_NONE;
  g_auto (GValue) fit = G_VALUE_INIT;
  LoftValueBox *box, *old;
  gboolean ended;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  core = loft_async_base_get_core (self);
  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    {
      home = loft_async_extra_dup_home (core->extra);
      value_type = core->extra->value_type;
    }
  loft_lock_unlock (&core->lock);
  value = loft_async_base_convert (value, value_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
      g_clear_object (&home);
      return FALSE;
    }

  if (home == NULL && loft_home_matters_for (G_VALUE_TYPE (value)))
    home = loft_home_dup_current (); /* as for a result: that of the calling thread */
  box = old = loft_value_box_new (value, home);
  loft_lock_lock (&core->lock);
  ended = loft_phase_has_ended (loft_async_core_get_phase_locked (core));
  if (!ended)
    {
      old = loft_async_base_extra_locked (self)->provisional;
      core->extra->provisional = box;
    }
  loft_lock_unlock (&core->lock);

  g_clear_pointer (&old, loft_value_box_unref);
  g_clear_object (&home);
  return !ended;
}

/**
 * loft_async_base_report_progress:
 * @self: an async object that reports
 * @value: how far it is; it is copied
 *
 * Reports progress to the progress handler.
 *
 * Any thread may call. The handler runs at its home, in the order of the reports, and before the
 * completed handler of the same home. A report goes to the handler that is set when it arrives
 * there. A report is not kept if no handler is set when it is made. After a cancel, reports are
 * still delivered, until the end.
 *
 * Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be
 * converted to the progress type
 */
gboolean
loft_async_base_report_progress (LoftAsyncBase *self,
                                 const GValue  *value)
{
  LoftAsyncCore *core;
  LoftHandler *handler = NULL;
  LoftValueBox *provisional = NULL;
  GType progress_type = G_TYPE_NONE;
  g_auto (GValue) fit = G_VALUE_INIT;
  gboolean in_time = TRUE, relayed = FALSE, listened = FALSE;
  guint32 word;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  core = loft_async_base_get_core (self);
  loft_lock_lock (&core->lock);
  word = loft_async_core_get_word_locked (core);
  if (core->extra != NULL)
    {
      progress_type = core->extra->progress_type;
      relayed = core->extra->relays != NULL;
      listened = core->extra->reported && !loft_phase_has_ended (LOFT_WORD_PHASE (word));
      if (listened && core->extra->provisional != NULL)
        provisional = loft_value_box_ref (core->extra->provisional);
    }
  loft_lock_unlock (&core->lock);

  value = loft_async_base_convert (value, progress_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
      g_clear_pointer (&provisional, loft_value_box_unref);
      return FALSE;
    }
  if (listened)
    handler = loft_deliveries_dup_progress (&core->extra->deliveries, &in_time);
  if (handler != NULL)
    in_time = loft_handler_report (handler, LOFT_ASYNC_INFO (self), &core->extra->deliveries, value,
                                   provisional, LOFT_WORD_LANE (word));
  if (G_UNLIKELY (relayed))
    loft_async_base_report_to_relays (self, value);
  g_clear_pointer (&handler, loft_handler_unref);
  g_clear_pointer (&provisional, loft_value_box_unref);
  return in_time && !loft_phase_has_ended (LOFT_WORD_PHASE (word));
}

/**
 * loft_async_base_report_progress_int64:
 * @self: an object that reports
 * @value: how far it is
 *
 * Reports progress as [method@Loft.AsyncBase.report_progress] does, with a number.
 *
 * The value is converted from a `gint64` to the progress type that was promised. If that is not
 * possible, a critical warning names both types. Any thread may call. Answers to C++/WinRT's
 * progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be
 * converted to the type
 */
gboolean
loft_async_base_report_progress_int64 (LoftAsyncBase *self,
                                       gint64         value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_INT64);
  g_value_set_int64 (&report, value);
  return loft_async_base_report_progress (self, &report);
}

/**
 * loft_async_base_report_progress_double:
 * @self: an object that reports
 * @value: how far it is
 *
 * Reports progress as [method@Loft.AsyncBase.report_progress] does, with a number.
 *
 * The value is converted from a `double` to the progress type that was promised. If that is not
 * possible, a critical warning names both types. Any thread may call. Answers to C++/WinRT's
 * progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be
 * converted to the type
 */
gboolean
loft_async_base_report_progress_double (LoftAsyncBase *self,
                                        double         value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_DOUBLE);
  g_value_set_double (&report, value);
  return loft_async_base_report_progress (self, &report);
}

/**
 * loft_async_base_report_progress_string:
 * @self: an object that reports
 * @value: (nullable): how far it is
 *
 * Reports progress as [method@Loft.AsyncBase.report_progress] does, with a string.
 *
 * The value is converted from a `const char *` to the progress type that was promised. If that is
 * not possible, a critical warning names both types. Any thread may call. Answers to C++/WinRT's
 * progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be
 * converted to the type
 */
gboolean
loft_async_base_report_progress_string (LoftAsyncBase *self,
                                        const char    *value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_STRING);
  g_value_set_string (&report, value);
  return loft_async_base_report_progress (self, &report);
}

/* Relays: an object also reports what another one reports. This is for an object that stands for
 * another one, with a deadline. */

LoftDispatcher *
loft_async_base_peek_creator_home (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *home;

  loft_lock_lock (&core->lock);
  home = core->extra != NULL ? core->extra->creator_home : NULL; /* set once, and held to the end */
  loft_lock_unlock (&core->lock);
  return home;
}

void
loft_async_base_get_types (LoftAsyncBase *self,
                           GType         *out_value_type,
                           GType         *out_progress_type)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);

  loft_lock_lock (&core->lock);
  *out_value_type = core->extra != NULL ? core->extra->value_type : G_TYPE_NONE;
  *out_progress_type = core->extra != NULL ? core->extra->progress_type : G_TYPE_NONE;
  loft_lock_unlock (&core->lock);
}

void
loft_async_base_relay_progress (LoftAsyncBase *self,
                                LoftAsyncBase *to)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftLink *link = loft_async_info_dup_link (LOFT_ASYNC_INFO (to));

  loft_lock_lock (&core->lock);
  if (loft_async_base_extra_locked (self)->relays == NULL)
    core->extra->relays = g_hash_table_new_full (NULL, NULL, loft_link_unref, NULL);
  g_hash_table_add (core->extra->relays, link);
  loft_lock_unlock (&core->lock);
}

void
loft_async_base_stop_relay (LoftAsyncBase *self,
                            LoftAsyncBase *to)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  /* Each object has only one link, so this is the link that is in the table. */
  LoftLink *link = loft_async_info_dup_link (LOFT_ASYNC_INFO (to));

  loft_lock_lock (&core->lock);
  if (core->extra != NULL && core->extra->relays != NULL)
    g_hash_table_remove (core->extra->relays, link);
  loft_lock_unlock (&core->lock);

  loft_link_unref (link);
}

static GPtrArray *
loft_async_base_dup_relays_locked (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  GPtrArray *copy = g_ptr_array_new_with_free_func (loft_link_unref);

  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, core->extra->relays);
  while (g_hash_table_iter_next (&iter, &link, NULL))
    g_ptr_array_add (copy, loft_link_ref (link));
  return copy;
}

static void
loft_async_base_report_to_relays (LoftAsyncBase *self,
                                  const GValue  *value)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  g_autoptr (GPtrArray) relays = NULL;
  LoftValueBox *provisional = NULL;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL && core->extra->relays != NULL)
    {
      relays = loft_async_base_dup_relays_locked (self);
      provisional = core->extra->provisional != NULL ? loft_value_box_ref (core->extra->provisional)
                                                     : NULL;
    }
  loft_lock_unlock (&core->lock);

  for (guint i = 0; relays != NULL && i < relays->len; i++)
    {
      g_autoptr (LoftAsyncInfo) to = loft_link_dup (relays->pdata[i]);

      if (to != NULL && provisional != NULL)
        loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (to), &provisional->value);
      if (to != NULL)
        loft_async_base_report_progress (LOFT_ASYNC_BASE (to), value);
    }
  g_clear_pointer (&provisional, loft_value_box_unref);
}

/* Cancelling. An object that is queued ends at once. If its work is running, the work is told, and
 * the object ends when the work does.
 *
 * These are told, in this order: the cancel handler, the class, and the objects that are part of
 * the work. All of them are told on the thread that cancels, with no lock held. A handler or a
 * child that is added after the cancel is told on the thread that adds it. If another thread ends
 * the object in the meantime, that end is put off until all have been told, without blocking
 * anybody (see loft_async_core_defer_end_locked). The cancel handler and the class may end the
 * object themselves; such an end is not put off. */

void
loft_async_info_cancel_for (LoftAsyncInfo    *info,
                            LoftCancelReason  reason)
{
  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_cancel (LOFT_ASYNC_BASE (info), reason, FALSE);
  else if (info != NULL)
    loft_async_info_cancel (info);
}

static void
loft_cancel_propagated (gpointer info)
{
  loft_async_info_cancel_for (info, LOFT_CANCEL_REASON_PROPAGATED);
  g_object_unref (info);
}

/* For a cancel for which the stack is too deep. */
static void
loft_cancel_put_off (LoftAsyncInfo *info)
{
  loft_trampoline_put_off (LOFT_TRAMPOLINE_CANCELS,
                           loft_call_item_new (loft_cancel_propagated, info));
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

/* Telling of a cancel. */

static void
loft_async_base_tell_canceled (LoftAsyncBase *self,
                               LoftHandler   *cancel_handler,
                               GPtrArray     *children,
                               LoftTellFrame *frame,
                               gboolean       queued)
{
  if (cancel_handler != NULL)
    {
      ((LoftCancelHandler) cancel_handler->to.callback) (self, cancel_handler->to.user_data);
      loft_handler_unref (cancel_handler);
    }
  /* If the handler has ended the object itself, the class has nothing left to stop. */
  if (queued || !loft_phase_has_ended (loft_async_base_get_phase (self)))
    LOFT_ASYNC_BASE_GET_CLASS (self)->canceled (self);
  frame->children = TRUE;
  for (guint i = 0; children != NULL && i < children->len; i++)
    loft_child_cancel (g_ptr_array_index (children, i));
  g_clear_pointer (&children, g_ptr_array_unref);
}

/* Begins to tell of a cancel on this thread. An end that comes in the meantime waits for
 * loft_async_base_end_telling (). The caller holds a reference to @self. */
static void
loft_async_base_begin_telling_locked (LoftAsyncBase *self,
                                      LoftTellFrame *frame)
{
  LoftThread *thread = loft_thread_get ();

  loft_async_base_extra_locked (self)->tellers++;
  *frame = (LoftTellFrame) { .outer = thread->tell, .info = LOFT_ASYNC_INFO (self) };
  thread->tell = frame;
}

/* Ends what loft_async_base_begin_telling_locked () began. The last thread that does so brings
 * about an end that was put off, under the same lock, so that no other end comes before it. */
static void
loft_async_base_end_telling (LoftAsyncBase *self,
                             LoftTellFrame *frame)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncEnd announcement = { NULL };
  LoftValueBox *box = NULL, *failure = NULL;
  LoftPhase from, to = LOFT_PHASE_NONE;
  LoftEvent event;

  loft_thread_get ()->tell = frame->outer;
  loft_lock_lock (&core->lock);
  if (loft_async_core_take_deferred_locked (core, &event, &box))
    to = loft_async_core_finish_locked (core, event, LOFT_CANCEL_REASON_NONE, &failure, &box,
                                        &announcement, &from);
  loft_lock_unlock (&core->lock);

  g_clear_pointer (&box, loft_value_box_unref);
  if (to != LOFT_PHASE_NONE)
    loft_async_base_announce (self, &announcement);
}

gboolean
loft_async_base_cancel (LoftAsyncBase    *self,
                        LoftCancelReason  reason,
                        gboolean          only_queued)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncEnd announcement = { NULL };
  LoftHandler *cancel_handler = NULL;
  GPtrArray *children = NULL;
  LoftTellFrame frame = { NULL };
  LoftPhase from, to = LOFT_PHASE_NONE;

  /* A handler may drop the caller's reference, and no reference may be taken under the lock. */
  g_object_ref (self);
  loft_lock_lock (&core->lock);
  from = loft_async_core_get_phase_locked (core);
  if (from == LOFT_PHASE_QUEUED || !only_queued)
    to = loft_async_core_step_locked (core, LOFT_EVENT_CANCEL, reason, &from);
  if (to == LOFT_PHASE_CANCELING)
    {
      LoftAsyncExtra *extra = loft_async_base_extra_locked (self);

      cancel_handler = g_steal_pointer (&extra->cancel_handler);
      children = loft_async_children_take (&extra->children);
      loft_async_base_begin_telling_locked (self, &frame);
    }
  else if (to == LOFT_PHASE_CANCELED)
    {
      /* This comes before the lock is released, since only until then is it certain that the queue
       * that holds the item exists. */
      if (LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked != NULL)
        LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked (self);
      loft_async_core_take_handlers_locked (core, &announcement);
      children = g_steal_pointer (&announcement.children);
    }
  loft_lock_unlock (&core->lock);

  /* The object has ended. The end is announced first, then the class and the children are told.
   * When a waiter hears of the end, the data of the work has been released, unless the work waits
   * in a dispatcher's lane. */
  if (to == LOFT_PHASE_CANCELED)
    {
      loft_async_base_note_unrun (self);
      loft_async_base_announce (self, &announcement);
    }
  if (to != LOFT_PHASE_NONE)
    loft_async_base_tell_canceled (self, cancel_handler, children, &frame,
                                   to == LOFT_PHASE_CANCELED);
  if (to == LOFT_PHASE_CANCELING)
    loft_async_base_end_telling (self, &frame);
  g_object_unref (self);
  return to != LOFT_PHASE_NONE;
}

/**
 * loft_async_base_set_cancel_handler:
 * @self: an async object
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call, or
 *   %NULL to clear
 * @user_data: what to call it with
 * @destroy: (nullable): called when @handler and @user_data are no longer needed
 *
 * Sets the handler that stops the work when the object is cancelled.
 *
 * Any thread may call. @handler replaces the handler that was set before. @handler runs at most
 * once, inside [method@Loft.AsyncInfo.cancel], on the thread that calls it. If the object has been
 * cancelled and has not ended, @handler runs at once, before this function returns. @handler never
 * runs after the end: if another thread ends the object while @handler runs, the object ends when
 * @handler has returned. @handler may end the object itself.
 *
 * Replacing or clearing the handler does not wait for a call that is under way on another thread.
 * The data that such a call uses is valid until @destroy is called, which happens at the home of
 * the thread that set the handler.
 *
 * Answers to C++/WinRT's `cancellation_token.callback`.
 */
void
loft_async_base_set_cancel_handler (LoftAsyncBase     *self,
                                    LoftCancelHandler  handler,
                                    gpointer           user_data,
                                    GDestroyNotify     destroy)
{
  LoftAsyncCore *core;
  LoftHandler *slot = NULL, *old = NULL;
  LoftTellFrame frame;
  LoftPhase phase;

  loft_consume_and_return_if_fail (LOFT_IS_ASYNC_BASE (self), destroy, user_data);

  core = loft_async_base_get_core (self);
  if (handler != NULL)
    slot = loft_handler_new (LOFT_HANDLER_OBSERVER, FALSE, G_CALLBACK (handler), user_data,
                             destroy);
  else if (destroy != NULL)
    destroy (user_data);

  g_object_ref (self); /* the handler may drop the caller's reference */
  loft_lock_lock (&core->lock);
  phase = loft_async_core_get_phase_locked (core);
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    {
      old = loft_async_base_extra_locked (self)->cancel_handler;
      core->extra->cancel_handler = g_steal_pointer (&slot);
    }
  if (phase == LOFT_PHASE_CANCELING && slot != NULL)
    loft_async_base_begin_telling_locked (self, &frame);
  loft_lock_unlock (&core->lock);

  g_clear_pointer (&old, loft_handler_unref);
  if (slot != NULL && phase == LOFT_PHASE_CANCELING)
    {
      handler (self, user_data);
      loft_async_base_end_telling (self, &frame);
    }
  g_clear_pointer (&slot, loft_handler_unref);
  g_object_unref (self);
}

/* A cancel handler that is called at its home. Both its slot and its call on the way home hold
 * it. */
typedef struct
{
  gint refs; /* atomic */

  /* constant after init */
  LoftDispatcher *home;
  LoftCancelHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;

  /* set by the cancel, of which there is one; then of the home's thread */
  LoftAsyncBase *canceled; /* strong; NULL: none yet */
} LoftCancelAtHome;

static void
loft_cancel_at_home_unref (gpointer data)
{
  LoftCancelAtHome *self = data;

  if (!loft_refs_drop (&self->refs))
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_object (&self->canceled);
  g_object_unref (self->home);
  g_free (self);
}

static void
loft_cancel_at_home_call (gpointer data)
{
  LoftCancelAtHome *self = data;

  if (!loft_phase_has_ended (loft_async_base_get_phase (self->canceled)))
    self->handler (self->canceled, self->user_data);
}

static void
loft_cancel_at_home_post (LoftAsyncBase *canceled,
                          gpointer       data)
{
  LoftCancelAtHome *self = data;

  self->canceled = g_object_ref (canceled);
  loft_refs_take (&self->refs);
  (loft_dispatcher_try_enqueue) (self->home, LOFT_PRIORITY_NORMAL, loft_cancel_at_home_call, self,
                                 loft_cancel_at_home_unref);
}

/**
 * loft_async_base_set_cancel_handler_at_home:
 * @self: an async object
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called when @handler and @user_data are no longer needed
 *
 * Sets the handler that stops the work when the object is cancelled, and calls it at its home.
 *
 * Any thread may call. This is [method@Loft.AsyncBase.set_cancel_handler] for code that must run on
 * one thread, such as the code of a language whose runtime has only one. @handler never runs inside
 * [method@Loft.AsyncInfo.cancel], nor inside this function: the cancel posts it to the home of the
 * thread that calls this function, in the Normal lane. If the object has ended by the time that it
 * comes up, it is not called. @destroy runs at that home. If the home has shut down, @handler is
 * not called, and @destroy runs on the thread that notices this. If the calling thread has no home,
 * @handler runs inside the cancel.
 *
 * It takes the place of a handler that was set before, in either form.
 */
void
loft_async_base_set_cancel_handler_at_home (LoftAsyncBase     *self,
                                            LoftCancelHandler  handler,
                                            gpointer           user_data,
                                            GDestroyNotify     destroy)
{
  LoftDispatcher *home;
  LoftCancelAtHome *at_home;

  loft_consume_and_return_if_fail (LOFT_IS_ASYNC_BASE (self), destroy, user_data);
  loft_consume_and_return_if_fail (handler != NULL, destroy, user_data);

  home = loft_home_dup_current ();
  if (home == NULL)
    {
      loft_async_base_set_cancel_handler (self, handler, user_data, destroy);
      return;
    }
  at_home = g_new (LoftCancelAtHome, 1);
  *at_home = (LoftCancelAtHome) { 1, home, handler, user_data, destroy, NULL };
  loft_async_base_set_cancel_handler (self, loft_cancel_at_home_post, at_home,
                                      loft_cancel_at_home_unref);
}

/**
 * loft_async_base_propagate_cancel:
 * @self: an async object
 * @child: an object that is part of its work
 *
 * Makes a cancel of @self cancel @child too, with %LOFT_CANCEL_REASON_PROPAGATED.
 *
 * Any thread may call, for any number of children. No reference to a child is held, since its
 * producer holds it; only an object of a class that implements the interface by hand is held. If
 * @self has been cancelled and has not ended, @child is cancelled before this function returns.
 * Children are cancelled on the thread that cancels @self, in the order in which they were added.
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

static GPtrArray *
find_ended (GPtrArray *links)
{
  GPtrArray *ended = g_ptr_array_new_with_free_func (loft_link_unref);

  for (guint i = 0; i < links->len; i++)
    {
      g_autoptr (LoftAsyncInfo) info = loft_link_dup (links->pdata[i]);

      if (info == NULL || loft_async_info_has_ended (info))
        g_ptr_array_add (ended, loft_link_ref (links->pdata[i]));
    }
  return ended;
}

/* Removes the children that have ended, since an object may have any number of children, one after
 * the other. The children are asked with no lock held, since taking a reference to one may call a
 * toggle notify. */
static void
loft_async_base_purge_children (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) ended = NULL;
  g_autoptr (GPtrArray) out = NULL;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL && loft_async_children_are_many (&core->extra->children))
    all = loft_async_children_dup (&core->extra->children);
  loft_lock_unlock (&core->lock);
  if (G_LIKELY (all == NULL))
    return;

  ended = find_ended (all);
  loft_lock_lock (&core->lock);
  out = loft_async_children_remove (&core->extra->children, ended);
  loft_lock_unlock (&core->lock);
}

static void
loft_async_base_add_child (LoftAsyncBase *self,
                           LoftAsyncInfo *child,
                           gboolean       follow)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftLink *link = loft_async_info_dup_link (child);
  LoftAsyncExtra *extra;
  LoftTellFrame frame;
  LoftPhase phase;

  loft_async_base_purge_children (self);

  g_object_ref (self); /* a child's handler may drop the caller's reference */
  loft_lock_lock (&core->lock);
  extra = loft_async_base_extra_locked (self);
  phase = loft_async_core_get_phase_locked (core);
  if (follow && extra->followed == NULL && !loft_phase_has_ended (phase))
    extra->followed = loft_link_ref (link);
  if (phase == LOFT_PHASE_QUEUED || phase == LOFT_PHASE_RUNNING)
    loft_async_children_add (&extra->children, link);
  else if (phase == LOFT_PHASE_CANCELING)
    loft_async_base_begin_telling_locked (self, &frame);
  loft_lock_unlock (&core->lock);

  if (phase == LOFT_PHASE_CANCELING)
    {
      frame.children = TRUE;
      loft_child_cancel (link);
      loft_async_base_end_telling (self, &frame);
    }
  loft_link_unref (link);
  g_object_unref (self);
}

/* Awaiting. An async object waits for the object that it follows, whose end becomes its own. Before
 * it has begun, it may wait for the object that it is to begin after. A thread that waits for an
 * object, or that makes it follow another one, walks along this chain to see whether it can ever
 * end. */

LoftLink *
loft_async_info_dup_link (LoftAsyncInfo *info)
{
  LoftAsyncCore *core;
  LoftAsyncExtra *extra;
  LoftLink *made, *link;

  if (!LOFT_IS_ASYNC_BASE (info))
    return loft_link_new (NULL, info);

  core = loft_async_base_get_core (LOFT_ASYNC_BASE (info));
  made = loft_link_new (info, NULL);
  loft_lock_lock (&core->lock);
  extra = loft_async_base_extra_locked (LOFT_ASYNC_BASE (info));
  if (extra->link == NULL)
    extra->link = g_steal_pointer (&made);
  else
    loft_link_reset (extra->link, info); /* its dispose may have been run, and it lives on */
  link = loft_link_ref (extra->link);
  loft_lock_unlock (&core->lock);
  g_clear_pointer (&made, loft_link_unref);
  return link;
}

LoftLink *
loft_async_base_set_awaited (LoftAsyncBase *self,
                             LoftAsyncInfo *info)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftLink *link = loft_async_info_dup_link (info), *old;

  loft_lock_lock (&core->lock);
  old = loft_async_dependency_set (&loft_async_base_extra_locked (self)->awaited, link);
  loft_lock_unlock (&core->lock);

  g_clear_pointer (&old, loft_link_unref);
  return link;
}

void
loft_async_base_set_awaited_id (LoftAsyncBase *self,
                                LoftLink      *awaited,
                                guint64        id)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  gboolean ended;

  loft_lock_lock (&core->lock);
  ended = loft_phase_has_ended (loft_async_core_get_phase_locked (core));
  if (!ended)
    loft_async_dependency_set_observer (&core->extra->awaited, awaited, id);
  loft_lock_unlock (&core->lock);

  loft_async_base_leave_awaited ((LoftAsyncDependency) { awaited, ended ? id : 0 });
}

void
loft_async_base_has_heard (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncDependency heard_of = { NULL, 0 };

  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    heard_of = loft_async_dependency_take (&core->extra->awaited);
  loft_lock_unlock (&core->lock);

  g_clear_pointer (&heard_of.link, loft_link_unref);
}

/* Removes the observer from the object that is not awaited any longer. Takes the link. */
static void
loft_async_base_leave_awaited (LoftAsyncDependency awaited)
{
  g_autoptr (LoftAsyncInfo) info = NULL;

  if (awaited.link == NULL)
    return;

  info = awaited.observer != 0 ? loft_link_dup (awaited.link) : NULL;
  if (info != NULL)
    loft_async_info_remove_observer (info, awaited.observer);
  loft_link_unref (awaited.link);
}

LoftAsyncInfo *
loft_async_info_dup_awaited (LoftAsyncInfo *info)
{
  LoftAsyncInfo *awaited = NULL;
  LoftLink *link = NULL;
  LoftAsyncCore *core;
  LoftPhase phase;

  if (!LOFT_IS_ASYNC_BASE (info))
    return NULL;

  core = loft_async_base_get_core (LOFT_ASYNC_BASE (info));
  loft_lock_lock (&core->lock);
  phase = loft_async_core_get_phase_locked (core);
  if (core->extra != NULL && !loft_phase_has_ended (phase))
    {
      link = core->extra->followed;
      if (link == NULL && phase == LOFT_PHASE_QUEUED)
        link = core->extra->awaited.link;
      if (link != NULL)
        loft_link_ref (link);
    }
  loft_lock_unlock (&core->lock);
  if (link != NULL)
    {
      awaited = loft_link_dup (link);
      loft_link_unref (link);
    }
  return awaited;
}

/* Owners. An async object that dies with a GObject is cancelled when that GObject, its owner, is
 * disposed. It leaves its owner when it ends. */

static void
on_owner_gone (gpointer base)
{
  loft_async_base_cancel (base, LOFT_CANCEL_REASON_OWNER_GONE, FALSE);
  g_object_unref (base);
}

void
loft_async_base_set_owner (LoftAsyncBase *self,
                           GObject       *owner)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftOwned *owned = g_new0 (LoftOwned, 1);

  loft_lock_lock (&core->lock);
  loft_async_base_extra_locked (self)->owned = owned;
  loft_lock_unlock (&core->lock);

  loft_owner_add (owner, owned, g_object_ref (self), on_owner_gone);
}

GObject *
loft_async_base_dup_owner (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftOwner *link = NULL;
  GObject *owner;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL && core->extra->owned != NULL)
    link = loft_owner_ref (core->extra->owned->owner);
  loft_lock_unlock (&core->lock);

  if (link == NULL)
    return NULL;

  owner = loft_owner_dup (link);
  loft_owner_unref (link);
  return owner;
}

static void
loft_async_owned_free (LoftOwned *owned)
{
  gpointer base = loft_owned_leave (owned);

  loft_owned_clear (owned);
  g_free (owned);
  g_clear_object (&base);
}

void
loft_async_owned_foreach (GObject  *owner,
                          GFunc     func,
                          gpointer  user_data)
{
  loft_owner_foreach (owner, on_owner_gone, func, user_data);
}

/* The producer's side: the ways to end a LoftAsyncBase. */

/**
 * loft_async_base_complete:
 * @self: an async object
 *
 * Ends the object as Completed, without a value.
 *
 * Any thread may call. Agile handlers run before this function returns. So do handlers whose home
 * is the MTA, if the calling thread is in the MTA. All other handlers run at their homes. If the
 * object was cancelled, it ends Canceled. Answers to WRL's `FireCompletion`.
 *
 * Returns: %FALSE if the object had ended before, or was cancelled
 */
gboolean
loft_async_base_complete (LoftAsyncBase *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, NULL);
}

/**
 * loft_async_base_complete_with_value:
 * @self: an async object
 * @value: the result; it is copied
 *
 * Ends the object as Completed, with a result.
 *
 * Any thread may call. Agile handlers run before this function returns. So do handlers whose home
 * is the MTA, if the calling thread is in the MTA. All other handlers run at their homes. If the
 * object was cancelled, it ends Canceled, and the copy is freed. If @value can't be converted to
 * the type that the object promises, there is a critical warning, and the object does not end.
 *
 * Returns: %FALSE if the object had ended before or was cancelled, or if the value can't be
 * converted to the type
 */
gboolean
loft_async_base_complete_with_value (LoftAsyncBase *self,
                                     const GValue  *value)
{
  LoftAsyncCore *core;
  LoftDispatcher *home = NULL;
  GType value_type = G_TYPE_NONE;
  g_auto (GValue) fit = G_VALUE_INIT;
  LoftValueBox *box;
  gboolean won;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  core = loft_async_base_get_core (self);
  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    {
      value_type = core->extra->value_type;
      home = loft_async_extra_dup_home (core->extra);
    }
  loft_lock_unlock (&core->lock);

  value = loft_async_base_convert (value, value_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
      g_clear_object (&home);
      return FALSE;
    }

  if (home == NULL && loft_home_matters_for (G_VALUE_TYPE (value)))
    home = loft_home_dup_current (); /* the creator has none: that of the calling thread */
  box = loft_value_box_new (value, home);
  won = loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
  g_clear_object (&home);
  return won;
}

/**
 * loft_async_base_fail:
 * @self: an async object
 * @error: (transfer full): what went wrong
 *
 * Ends the object in Error, or in Canceled if @error is %G_IO_ERROR_CANCELLED.
 *
 * Any thread may call. Agile handlers run before this function returns. So do handlers whose home
 * is the MTA, if the calling thread is in the MTA. All other handlers run at their homes. @error is
 * taken even if the object had ended before. Answers to WRL's `TryTransitionToError`.
 *
 * Returns: %FALSE if the object had ended before, or was cancelled
 */
gboolean
loft_async_base_fail (LoftAsyncBase *self,
                      GError        *error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return loft_async_base_end (self, LOFT_EVENT_FAIL_CANCELED, LOFT_CANCEL_REASON_BY_WORK, error,
                                NULL);
  return loft_async_base_end (self, LOFT_EVENT_FAIL, LOFT_CANCEL_REASON_NONE, error, NULL);
}

/**
 * loft_async_base_complete_from_canceled:
 * @self: an async object
 *
 * Ends an object as Completed although it was cancelled, because the cancel came too late.
 *
 * This is only for producers that would rather report that the work was done. Any thread may call.
 *
 * Answers to WRL's `TransitionFromCanceled` policy.
 *
 * Returns: %FALSE if the object was not cancelled, or had ended
 */
gboolean
loft_async_base_complete_from_canceled (LoftAsyncBase *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  return loft_async_base_end (self, LOFT_EVENT_OVERRULE, LOFT_CANCEL_REASON_NONE, NULL, NULL);
}

/**
 * loft_async_base_set_work:
 * @self: an async object of a class of one's own, a bare producer, or posted work whose handler
 *   calls this
 * @work: the object that does its work: posted work, or any other async object
 *
 * Sets the object that does the work of @self, so that @self ends when that object ends.
 *
 * Any thread may call, once, before @self has ended. @self ends however @work ends: also if @work
 * never begins, since it was cancelled before its turn or its dispatcher has shut down. A cancel of
 * @self cancels @work. If the handler of the work ends @self itself, that end counts, since it
 * comes first; the handler can give an operation its value in this way. Otherwise @self ends as
 * @work does, on the thread that ends @work, and an operation takes the value of @work if that is
 * an operation, too.
 *
 * The handler of posted work may call this for its own object, on the thread that runs it. The
 * object then ends with @work, and not when the handler returns success. The handler can begin
 * something that ends later in this way, in every form of posting. (The result of a try form is
 * %TRUE when @work has completed, whatever its value is.) If the handler fails, its error counts,
 * and @work is only let go.
 *
 * An object that follows itself fails with %LOFT_ERROR_DEADLOCK. An object whose work ends with a
 * value that can't be converted to the type that it promises fails with
 * %LOFT_ERROR_INVALID_ARGUMENT. Answers to a coroutine of C++/WinRT whose whole body is one
 * `co_await`.
 */
void
loft_async_base_set_work (LoftAsyncBase *self,
                          LoftAsyncInfo *work)
{
  LoftRunFrame *frame = loft_thread_get ()->run;

  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (LOFT_IS_ASYNC_INFO (work));

  /* The handler may be further out, if it calls something that runs other handlers. */
  while (frame != NULL && (frame->info != (LoftAsyncInfo *) self || !frame->takes_work))
    frame = frame->outer;
  if (frame != NULL)
    {
      g_return_if_fail (frame->work == NULL);
      frame->work = g_object_ref (work);
    }
  else
    loft_async_base_follow (self, work, NULL, NULL, NULL);
}

/* What a LoftAsyncBase returns: its result, its error and its provisional result; and how the
 * verdict of a handler becomes an end. */

void
loft_async_base_set_value_type (LoftAsyncBase *self,
                                GType          value_type)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *home = loft_home_matters_for (value_type) ? loft_home_dup_current () : NULL;

  loft_lock_lock (&core->lock);
  loft_async_base_extra_locked (self)->value_type = value_type;
  if (core->extra->creator_home == NULL)
    core->extra->creator_home = g_steal_pointer (&home);
  loft_lock_unlock (&core->lock);
  g_clear_object (&home);
}

/* Notes the creator's home, where results and errors that hold objects are released. */
void
loft_async_base_capture_home (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *home = loft_home_dup_current ();

  loft_lock_lock (&core->lock);
  if (home != NULL && loft_async_base_extra_locked (self)->creator_home == NULL)
    core->extra->creator_home = g_steal_pointer (&home);
  loft_lock_unlock (&core->lock);
  g_clear_object (&home);
}

/* Sets the dispatcher on whose thread the object will end. A wait on that thread would never end.
 * The dispatcher also reports an error that nobody looked at. */
void
loft_async_base_set_runner (LoftAsyncBase  *self,
                            LoftDispatcher *runner)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);

  if (runner == NULL)
    return;
  g_object_ref (runner);
  loft_lock_lock (&core->lock);
  if (loft_async_base_extra_locked (self)->runner == NULL)
    core->extra->runner = g_steal_pointer (&runner);
  loft_lock_unlock (&core->lock);
  g_clear_object (&runner);
}

static const char *
cancel_reason_to_message (LoftCancelReason reason)
{
  switch (reason)
    {
    case LOFT_CANCEL_REASON_SHUT_DOWN: return "It was cancelled: its dispatcher has shut down";
    case LOFT_CANCEL_REASON_OWNER_GONE:
      return "It was cancelled: the object it was posted for is gone";
    case LOFT_CANCEL_REASON_TIMED_OUT: return "It was cancelled: its time was up";
    case LOFT_CANCEL_REASON_PROPAGATED:
      return "It was cancelled together with what it was part of, or what it goes on after";
    case LOFT_CANCEL_REASON_BY_WORK: return "Its work cancelled itself";
    case LOFT_CANCEL_REASON_NONE:
    case LOFT_CANCEL_REASON_REQUESTED:
    default: return "It was cancelled";
    }
}

/* Returns NULL while the object has not ended, and when it succeeded. */
static GError *
loft_async_base_dup_error (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftValueBox *failure = NULL;
  GError *error = NULL;
  guint32 word;

  loft_lock_lock (&core->lock);
  word = loft_async_core_get_word_locked (core);
  if (core->extra != NULL && core->extra->error != NULL)
    failure = loft_value_box_ref (core->extra->error);
  loft_lock_unlock (&core->lock);

  switch (LOFT_WORD_PHASE (word))
    {
    case LOFT_PHASE_CLOSED:
      loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), &error);
      break;
    case LOFT_PHASE_CANCELING:
    case LOFT_PHASE_CANCELED:
    case LOFT_PHASE_ERROR:
      loft_async_base_mark_observed (self);
      error = failure != NULL
                ? g_error_copy (loft_value_box_peek_error (failure))
                : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                       cancel_reason_to_message (LOFT_WORD_REASON (word)));
      break;
    default:
      break;
    }
  g_clear_pointer (&failure, loft_value_box_unref);
  return error;
}

/* Sets @value to a copy of @from, or to an empty value of the type if that is NULL. */
static void
fill_value (GValue       *value,
            const GValue *from,
            GType         value_type)
{
  if (value == NULL)
    return;
  if (from != NULL)
    {
      g_value_init (value, G_VALUE_TYPE (from));
      g_value_copy (from, value);
    }
  else if (value_type != G_TYPE_NONE)
    g_value_init (value, value_type);
}

/* Returns the report whose progress handler is running on this thread; its snapshot is the result
 * there. Returns NULL outside of a progress handler, and in a handler of the end that runs inside
 * of one. */
static LoftReportFrame *
find_report (LoftAsyncBase *self)
{
  LoftReportFrame *frame = loft_thread_get ()->report;

  while (frame != NULL && (gpointer) frame->info != (gpointer) self)
    frame = frame->outer;
  return frame != NULL && !frame->at_end ? frame : NULL;
}

/* Returns why there is no result. NULL: the object was completed in the meantime
 * (complete_from_canceled), so that there may be a result now. */
static GError *
loft_async_base_explain (LoftAsyncBase *self,
                         LoftPhase      phase)
{
  g_autofree char *what = NULL;

  if (phase > LOFT_PHASE_RUNNING)
    return loft_async_base_dup_error (self);
  what = loft_async_info_describe (LOFT_ASYNC_INFO (self));
  return g_error_new (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                      "There are no results yet: %s has not ended. Ask in its completed handler, "
                      "or wait for it.",
                      what);
}

gboolean
loft_async_base_get_results (LoftAsyncBase  *self,
                             GValue         *value,
                             GError        **error)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftReportFrame *report = find_report (self);
  GType value_type = G_TYPE_NONE, progress_type = G_TYPE_NONE;
  LoftValueBox *box = NULL;
  GError *why;
  LoftPhase phase;

  loft_lock_lock (&core->lock);
  phase = loft_async_core_get_phase_locked (core);
  if (core->extra != NULL)
    {
      value_type = core->extra->value_type;
      progress_type = core->extra->progress_type;
      box = phase == LOFT_PHASE_COMPLETED ? core->extra->result : core->extra->provisional;
      if (box != NULL)
        loft_value_box_ref (box);
    }
  loft_lock_unlock (&core->lock);

  if (report != NULL && phase != LOFT_PHASE_CLOSED)
    fill_value (value, report->provisional, value_type);
  else if (phase == LOFT_PHASE_COMPLETED ||
           (phase <= LOFT_PHASE_RUNNING && progress_type != G_TYPE_NONE))
    fill_value (value, box != NULL ? &box->value : NULL, value_type);
  else
    {
      g_clear_pointer (&box, loft_value_box_unref);
      why = loft_async_base_explain (self, phase);
      if (why == NULL)
        return loft_async_base_get_results (self, value, error);
      g_propagate_error (error, why);
      return FALSE;
    }
  g_clear_pointer (&box, loft_value_box_unref);
  return TRUE;
}

/* A binding may have put a value of another type there. That value is converted to the promised
 * type, or refused. */
gboolean
loft_async_base_fit_value (LoftAsyncBase  *self,
                           GType           type,
                           GValue         *result,
                           GError        **error)
{
  GValue fit = G_VALUE_INIT;
  g_autofree char *what = NULL;

  if (G_LIKELY (G_IS_VALUE (result) && g_value_type_compatible (G_VALUE_TYPE (result), type)))
    return TRUE;
  g_value_init (&fit, type);
  if (G_IS_VALUE (result) && g_value_transform (result, &fit))
    {
      g_value_unset (result);
      *result = fit;
      return TRUE;
    }
  g_value_unset (&fit);
  what = loft_async_info_describe (LOFT_ASYNC_INFO (self));
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
               "The work of %s brought %s%s where a %s was promised. Give a value of that type.",
               what, G_IS_VALUE (result) ? "a " : "nothing",
               G_IS_VALUE (result) ? G_VALUE_TYPE_NAME (result) : "", g_type_name (type));
  return FALSE;
}

/* Returns the value that a producer gave, as the promised type (G_TYPE_NONE: any type). That is
 * @value itself, or the converted value in @fit. Returns NULL, with a critical message of
 * @function, if it can't be converted. */
static const GValue *
loft_async_base_convert (const GValue *value,
                         GType         type,
                         GValue       *fit,
                         const char   *function)
{
  if (type == G_TYPE_NONE || G_LIKELY (g_value_type_compatible (G_VALUE_TYPE (value), type)))
    return value;
  g_value_init (fit, type);
  if (g_value_transform (value, fit))
    return fit;
  g_critical ("%s: a %s was promised, and the value is a %s, which can't be converted to that",
              function, g_type_name (type), G_VALUE_TYPE_NAME (value));
  return NULL;
}

void
loft_async_base_drop_error (LoftAsyncBase *self,
                            GError        *error)
{
  g_autofree char *what = NULL;

  if (error == NULL)
    return;
  what = loft_async_info_describe (LOFT_ASYNC_INFO (self));
  g_warning ("The handler of %s returned TRUE, which means success, and set an error too, "
             "which is dropped: %s",
             what, error->message);
  g_error_free (error);
}

gboolean
loft_async_base_end_by_handler (LoftAsyncBase *self,
                                gboolean       success,
                                GError        *error,
                                LoftValueBox  *box)
{
  if (G_LIKELY (success && error == NULL))
    return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
  if (success)
    {
      loft_async_base_drop_error (self, error);
      return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
    }

  g_clear_pointer (&box, loft_value_box_unref);
  if (error == NULL)
    {
      g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (self));

      error = g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED,
                           "The handler of %s returned FALSE without an error. TRUE is success "
                           "here (it is no GSourceFunc); "
                           "to fail, set an error too.",
                           what);
    }
  return loft_async_base_fail (self, error);
}

void
loft_async_base_set_error_home (LoftAsyncBase  *self,
                                LoftDispatcher *home)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);

  if (home == NULL)
    return;
  g_object_ref (home);
  loft_lock_lock (&core->lock);
  if (loft_async_base_extra_locked (self)->error_home == NULL)
    core->extra->error_home = g_steal_pointer (&home);
  loft_lock_unlock (&core->lock);
  g_clear_object (&home);
}

LoftDispatcher *
loft_async_base_peek_runner (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *runner = NULL;
  gboolean follows = FALSE;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    {
      follows = core->extra->followed != NULL;
      runner = core->extra->runner;
    }
  loft_lock_unlock (&core->lock);
  if (follows)
    return NULL; /* it ends where the object that it follows ends */
  if (runner == NULL && LOFT_ASYNC_BASE_GET_CLASS (self)->peek_runner != NULL)
    runner = LOFT_ASYNC_BASE_GET_CLASS (self)->peek_runner (self);
  return runner;
}

/* Completes with another object's value. If that can't be converted to the type that was promised
 * here, the object fails with an error that says so. */
static void
loft_async_base_complete_with (LoftAsyncBase *self,
                               const GValue  *value)
{
  GType value_type, progress_type;
  g_auto (GValue) fit = G_VALUE_INIT;
  GError *error = NULL;

  loft_async_base_get_types (self, &value_type, &progress_type);
  g_value_init (&fit, G_VALUE_TYPE (value));
  g_value_copy (value, &fit);
  if (value_type == G_TYPE_NONE || loft_async_base_fit_value (self, value_type, &fit, &error))
    loft_async_base_complete_with_value (self, &fit);
  else
    loft_async_base_fail (self, error);
}

/* For an observer of @inner, which has failed or was cancelled. @self fails with the same error, or
 * ends Canceled with the reason PROPAGATED. */
static void
loft_async_base_fail_after (LoftAsyncBase   *self,
                            LoftAsyncInfo   *inner,
                            LoftAsyncStatus  status)
{
  LoftValueBox *outcome = loft_outcome_dup_box (inner);

  if (status == LOFT_ASYNC_STATUS_CANCELED)
    loft_async_base_end_canceled (self, LOFT_CANCEL_REASON_PROPAGATED);
  else if (loft_value_box_peek_error (outcome) != NULL)
    loft_async_base_fail_as (self, outcome);
  else
    loft_async_base_fail (self, loft_outcome_dup_error (inner, status));
  g_clear_pointer (&outcome, loft_value_box_unref);
}

/* Following another object until its end. */

typedef struct
{
  LoftAsyncBase *self;    /* strong */
  LoftValueBox *result;   /* a reference; NULL: that of the object that is followed */
  GDestroyNotify release; /* NULL: there is nothing to release, or it was done */
  gpointer data;
} LoftFollower;

static void
loft_follower_release (LoftFollower *follower)
{
  GDestroyNotify release = g_steal_pointer (&follower->release);

  if (release != NULL)
    release (follower->data);
}

static void
loft_follower_free (gpointer data)
{
  LoftFollower *follower = data;

  loft_follower_release (follower);
  g_clear_pointer (&follower->result, loft_value_box_unref);
  g_object_unref (follower->self);
  g_free (follower);
}

void
loft_async_base_end_as (LoftAsyncBase   *self,
                        LoftAsyncInfo   *inner,
                        LoftAsyncStatus  status)
{
  const GValue *result = loft_outcome_peek_result (inner);
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;

  if (status != LOFT_ASYNC_STATUS_COMPLETED)
    loft_async_base_fail_after (self, inner, status);
  else if (!LOFT_IS_ASYNC_OPERATION (inner) || !LOFT_IS_ASYNC_OPERATION (self))
    loft_async_base_complete (self);
  else if (result != NULL)
    loft_async_base_complete_with (self, result);
  else if (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (inner), &value, &error))
    loft_async_base_complete_with (self, &value);
  else
    loft_async_base_fail (self, error);
}

static void
on_inner_ended (LoftAsyncInfo   *inner,
                LoftAsyncStatus  status,
                gpointer         user_data)
{
  LoftFollower *follower = user_data;

  loft_follower_release (follower);
  loft_async_base_has_heard (follower->self);
  if (status == LOFT_ASYNC_STATUS_COMPLETED && follower->result != NULL)
    loft_async_base_complete_with_value (follower->self, &follower->result->value);
  else
    loft_async_base_end_as (follower->self, inner, status);
}

/* Returns whether @info can end only after @other. */
static gboolean
loft_async_base_awaits (LoftAsyncInfo *info,
                        LoftAsyncBase *other)
{
  LoftAwaitWalk walk;
  gboolean found = FALSE;

  loft_await_walk_begin (&walk, info, loft_async_info_dup_awaited);
  do
    found = walk.current == LOFT_ASYNC_INFO (other);
  while (!found && loft_await_walk_next (&walk));
  loft_await_walk_end (&walk);
  return found;
}

void
loft_async_base_follow (LoftAsyncBase  *self,
                        LoftAsyncInfo  *inner,
                        LoftValueBox   *result,
                        GDestroyNotify  release,
                        gpointer        data)
{
  LoftFollower *follower = g_new (LoftFollower, 1);
  GError *error = NULL;
  LoftLink *awaited;
  guint64 id;

  *follower = (LoftFollower) { g_object_ref (self), result, release, data };

  /* The object that is followed is noted first, and only then is the chain searched for a circle.
   * If several threads close a circle at the same moment, at least one of them finds it. */
  if ((gpointer) self != (gpointer) inner)
    loft_async_base_add_child (self, inner, TRUE);
  if (loft_async_base_awaits (inner, self))
    {
      loft_follower_release (follower);
      loft_async_base_fail (self, g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DEADLOCK,
                                                       "An action can't follow itself: the handler "
                                                       "returned its own action, "
                                                       "or one that waits for it, which would "
                                                       "never end."));
      loft_follower_free (follower);
      return;
    }
  awaited = loft_async_base_set_awaited (self, inner);
  if (!loft_async_info_observe (inner, on_inner_ended, follower, loft_follower_free,
                                LOFT_OBSERVER_PASSES_ON, &id, &error))
    loft_async_base_fail (self, error);
  loft_async_base_set_awaited_id (self, awaited, id);
}

/* Death. When the last reference to a LoftAsyncBase is dropped, it ends if nobody has ended it, an
 * error that nobody looked at is reported, and what it holds is released. */

/* Returns whether a completed handler or an observer was added; bystanders count only with @all. */
static gboolean
loft_async_base_has_listeners (LoftAsyncBase *self,
                               gboolean       all)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  gboolean listened = FALSE;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL)
    {
      listened = core->extra->completed != NULL;
      for (LoftHandler *one = core->extra->observers.first; one != NULL; one = one->next)
        listened |= all || one->kind != LOFT_HANDLER_BYSTANDER;
    }
  loft_lock_unlock (&core->lock);
  return listened;
}

/* Takes everything that the end needs out of the dying object. The object has ended by that, and
 * announces nothing itself any more. */
static LoftAsyncExtra *
loft_async_base_hand_on (LoftAsyncBase *self,
                         LoftEvent      event,
                         guint32       *out_word)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncExtra *extra;
  LoftPhase from;

  loft_lock_lock (&core->lock);
  *out_word = loft_async_core_get_word_locked (core) & ~LOFT_LOCK_BIT;
  extra = g_steal_pointer (&core->extra);
  loft_async_core_step_locked (core, event, LOFT_CANCEL_REASON_NONE, &from);
  /* Relaxed: the lock orders it. */
  __atomic_fetch_and (&core->lock.word, ~LOFT_WORD_EXTRA, __ATOMIC_RELAXED);
  loft_lock_unlock (&core->lock);
  loft_async_base_mark_observed (self);
  return extra;
}

/* The successors of objects that are dropped before their end. LoftAction and LoftOperation succeed
 * themselves; all other classes have members that only they know, and get one of these. */

typedef LoftAsyncBase      LoftActionSuccessor;
typedef LoftAsyncBaseClass LoftActionSuccessorClass;
typedef LoftAsyncBase      LoftOperationSuccessor;
typedef LoftAsyncBaseClass LoftOperationSuccessorClass;

static GType loft_action_successor_get_type    (void);
static GType loft_operation_successor_get_type (void);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftActionSuccessor, loft_action_successor, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
G_DEFINE_FINAL_TYPE_WITH_CODE (LoftOperationSuccessor, loft_operation_successor,
                               LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))

static void
loft_action_successor_class_init (LoftActionSuccessorClass *klass)
{
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_action_successor_init (LoftActionSuccessor *self)
{
}

static void
loft_operation_successor_class_init (LoftOperationSuccessorClass *klass)
{
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_operation_successor_init (LoftOperationSuccessor *self)
{
}

static GType
loft_async_base_get_successor_type (LoftAsyncBase *self)
{
  if (LOFT_ASYNC_BASE_GET_CLASS (self)->succeeds_itself)
    return G_OBJECT_TYPE (self);
  return LOFT_IS_ASYNC_OPERATION (self) ? loft_operation_successor_get_type ()
                                        : loft_action_successor_get_type ();
}

/* The last reference is being dropped, and handlers that were set on other threads have to be
 * called. The dying object can't be their sender: g_object_unref () still touches the object when
 * its dispose has returned, and by then the other thread may already have dropped what would be the
 * last reference. A successor is the sender instead: an action or operation with the same call
 * site, number and types, which takes the handlers over. */
static void
loft_async_base_end_by_successor (LoftAsyncBase *self,
                                  LoftEvent      event,
                                  LoftValueBox  *failure)
{
  LoftAsyncBase *successor = g_object_new (loft_async_base_get_successor_type (self), NULL);
  LoftAsyncCore *core = loft_async_base_get_core (successor);

  /* No other thread has seen the successor yet. */
  core->extra = loft_async_base_hand_on (self, event, &core->lock.word);
  core->extra->deliveries.owner = successor;
  core->site = loft_async_base_get_core (self)->site;
  loft_async_base_end_with (successor, event, LOFT_CANCEL_REASON_NONE, failure, NULL);
  g_object_unref (successor);
}

void
loft_async_base_end_let_go (LoftAsyncBase *self,
                            LoftEvent      event,
                            LoftValueBox  *failure)
{
  if (loft_async_base_has_listeners (self, TRUE))
    loft_async_base_end_by_successor (self, event, failure);
  else
    loft_async_base_end_with (self, event, LOFT_CANCEL_REASON_NONE, failure, NULL);
}

/* The last reference is dropped before the object has ended. Nobody is left who could end it, so it
 * ends here if it has handlers, and they are called. */
static void
loft_async_base_end_abandoned (LoftAsyncBase *self)
{
  LoftPhase phase = loft_async_base_get_phase (self);

  if (loft_phase_has_ended (phase) || !loft_async_base_has_listeners (self, FALSE))
    return;
  if (phase == LOFT_PHASE_CANCELING)
    loft_async_base_end_let_go (self, LOFT_EVENT_COMPLETE, NULL);
  else
    {
      GError *error = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                           "Its producer let it go without an end. Complete, fail "
                                           "or cancel each object before "
                                           "you drop the last reference to it.");

      loft_async_base_end_let_go (self, LOFT_EVENT_FAIL,
                                  loft_value_box_new_for_error (error, NULL));
    }
}

/* The object dies with an error, at which nobody can look here any more. Other objects may have the
 * same error. If nobody has looked at it, it is reported when the last reference to its box is
 * dropped. */
static void
loft_async_base_report_unhandled (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftDispatcher *runner = NULL;
  LoftValueBox *failure = NULL;
  /* Acquire: as in loft_async_core_get_word (). The flags were ordered by the references that other
   * threads have dropped. */
  guint32 word = loft_load_acquire (&core->lock.word);

  if (LOFT_WORD_PHASE (word) != LOFT_PHASE_ERROR)
    return;

  loft_lock_lock (&core->lock);
  if (core->extra != NULL && core->extra->error != NULL)
    {
      failure = loft_value_box_ref (core->extra->error);
      runner = core->extra->error_home != NULL ? core->extra->error_home : core->extra->runner;
      if (runner != NULL)
        g_object_ref (runner);
    }
  loft_lock_unlock (&core->lock);

  if (failure != NULL && (word & LOFT_WORD_OBSERVED) != 0)
    loft_value_box_look_at (failure);
  else if (failure != NULL)
    loft_value_box_leave_unhandled (failure, runner, &core->site);
  g_clear_pointer (&failure, loft_value_box_unref);
  g_clear_object (&runner);
}

/* The class. */

static gboolean
loft_async_base_close (LoftAsyncInfo  *info,
                       GError        **error)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftValueBox *result = NULL, *provisional = NULL, *failure = NULL;
  LoftPhase from, to;

  loft_lock_lock (&core->lock);
  to = loft_async_core_step_locked (core, LOFT_EVENT_CLOSE, LOFT_CANCEL_REASON_NONE, &from);
  if (to == LOFT_PHASE_CLOSED && core->extra != NULL)
    {
      result = g_steal_pointer (&core->extra->result);
      provisional = g_steal_pointer (&core->extra->provisional);
      failure = g_steal_pointer (&core->extra->error);
    }
  loft_lock_unlock (&core->lock);

  if (to == LOFT_PHASE_NONE && from != LOFT_PHASE_CLOSED)
    {
      g_autofree char *what = loft_async_info_describe (info);

      g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE,
                   "Can't close %s before it has ended. Wait for its end (also after a cancel), "
                   "then close.",
                   what);
      return FALSE;
    }
  g_clear_pointer (&result, loft_value_box_unref);
  g_clear_pointer (&provisional, loft_value_box_unref);
  if (failure != NULL)
    loft_value_box_look_at (failure);
  g_clear_pointer (&failure, loft_value_box_unref);
  if (to == LOFT_PHASE_CLOSED)
    LOFT_ASYNC_BASE_GET_CLASS (self)->closed (self);
  return TRUE;
}

static guint64
loft_async_base_get_id (LoftAsyncInfo *info)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncExtra *extra;
  guint64 id;

  loft_lock_lock (&core->lock);
  extra = loft_async_base_extra_locked (self);
  if (extra->id == 0)
    extra->id = loft_async_next_id ();
  id = extra->id;
  loft_lock_unlock (&core->lock);
  return id;
}

static LoftAsyncStatus
loft_async_base_get_status (LoftAsyncInfo *info)
{
  return loft_phase_get_status (loft_async_base_get_phase (LOFT_ASYNC_BASE (info)));
}

static void
loft_async_base_iface_cancel (LoftAsyncInfo *info)
{
  loft_async_base_cancel (LOFT_ASYNC_BASE (info), LOFT_CANCEL_REASON_REQUESTED, FALSE);
}

static GError *
loft_async_base_iface_dup_error (LoftAsyncInfo *info)
{
  return loft_async_base_dup_error (LOFT_ASYNC_BASE (info));
}

static gboolean
loft_async_base_iface_set_completed (LoftAsyncInfo         *info,
                                     LoftCompletedHandler   handler,
                                     gpointer               user_data,
                                     GDestroyNotify         destroy,
                                     GError               **error)
{
  LoftHandler *slot = loft_handler_new (LOFT_HANDLER_COMPLETED, TRUE, G_CALLBACK (handler),
                                        user_data, destroy);

  return loft_async_base_set_completed_handler (LOFT_ASYNC_BASE (info), slot, error);
}

static guint64
loft_async_base_iface_add_observer (LoftAsyncInfo        *info,
                                    LoftCompletedHandler  handler,
                                    gpointer              user_data,
                                    GDestroyNotify        destroy)
{
  LoftHandler *observer = loft_handler_new (LOFT_HANDLER_OBSERVER, TRUE, G_CALLBACK (handler),
                                            user_data, destroy);

  return loft_async_base_add_observer (LOFT_ASYNC_BASE (info), observer);
}

static gboolean
loft_async_base_iface_remove_observer (LoftAsyncInfo *info,
                                       guint64        id)
{
  return loft_async_base_remove_observer (LOFT_ASYNC_BASE (info), id);
}

static void
loft_async_base_iface_init (LoftAsyncInfoInterface *iface)
{
  iface->get_id = loft_async_base_get_id;
  iface->get_status = loft_async_base_get_status;
  iface->dup_error = loft_async_base_iface_dup_error;
  iface->cancel = loft_async_base_iface_cancel;
  iface->close = loft_async_base_close;
  iface->set_completed = loft_async_base_iface_set_completed;
  iface->add_observer = loft_async_base_iface_add_observer;
  iface->remove_observer = loft_async_base_iface_remove_observer;
}

static void
loft_async_base_dispose (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);

  /* This thread has to see what other threads did before they dropped their references.
   * tests/tsan-glib.c announces that on the object and on its reference count. */
  LOFT_TSAN_ACQUIRE (object);
  LOFT_TSAN_ACQUIRE (&object->ref_count);
  if (G_UNLIKELY (loft_async_base_get_phase (self) != LOFT_PHASE_COMPLETED))
    {
      loft_async_base_end_abandoned (self);
      loft_async_base_report_unhandled (self);
    }
  G_OBJECT_CLASS (loft_async_base_parent_class)->dispose (object);
}

static void
loft_async_base_finalize (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);
  LoftAsyncCore *core = loft_async_base_get_core (self);

  if (loft_probe_is_on ())
    loft_live_objects_forget ((GTypeInstance *) self);
  loft_async_core_clear (core);
  G_OBJECT_CLASS (loft_async_base_parent_class)->finalize (object);
}

/**
 * LoftAsyncBaseClass::canceled:
 * @self: an async object
 *
 * Stops the work of an async object that was cancelled.
 *
 * It is called once, inside [method@Loft.AsyncInfo.cancel] and on the thread that calls it, with no
 * lock held. It comes after the cancel handler, and not at all if that handler has ended the
 * object. If the work of the object had begun, the producer must still end the object.
 *
 * Chain up. The version of the base class does nothing.
 *
 * Since: 1.0
 */

/**
 * LoftAsyncBaseClass::closed:
 * @self: an async object
 *
 * Frees what an async object holds.
 *
 * It is called once, inside [method@Loft.AsyncInfo.close] and on the thread that calls it, with no
 * lock held.
 *
 * Chain up. The version of the base class does nothing.
 *
 * Since: 1.0
 */

/* The default of `canceled` and of `closed`, for subclasses that chain up. */
static void
loft_async_base_nothing (LoftAsyncBase *self)
{
}

static void
loft_async_base_class_init (LoftAsyncBaseClass *klass)
{
  /* Relaxed: see loft_async_base_get_core (). */
  loft_store_relaxed (&loft_async_base_private_offset, LoftAsyncBase_private_offset);
  klass->canceled = loft_async_base_nothing;
  klass->closed = loft_async_base_nothing;
  G_OBJECT_CLASS (klass)->dispose = loft_async_base_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_async_base_finalize;
}

void
loft_async_base_note_live (LoftAsyncBase *self)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);

  loft_live_objects_note ((GTypeInstance *) self, &core->lock.word, &core->site);
}

static void
loft_async_base_init (LoftAsyncBase *self)
{
  loft_async_base_init_work (self, LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { NULL, "g_object_new" });
}
