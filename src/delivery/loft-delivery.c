/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How handlers are delivered to their homes.
 *
 *   home is a dispatcher     The handler is posted to the lane of the work whose end it reports,
 *                            also from the dispatcher's own thread. The deliveries of one object to
 *                            one home therefore keep their order.
 *   home is the MTA          The handler goes through the object's outbox, which one thread of the
 *                            MTA at a time empties in order. That is this thread, at once, if it is
 *                            in the MTA and no other thread is emptying the outbox. Otherwise it is
 *                            a worker of the pool.
 *   agile                    The handler runs at once on this thread, whichever it is. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "pool/loft-trampoline-private.h"
#include "delivery/loft-delivery-private.h"

static void
loft_handler_free_after_run (LoftHandler *handler)
{
  LoftAsyncInfo *sender = handler->sender;

  loft_deliveries_arrived (handler->deliveries, handler->to.home);
  g_clear_pointer (&handler->outcome, loft_value_box_unref);
  handler->sender = NULL;
  loft_handler_unref (handler);
  g_object_unref (sender);
}

static void
loft_handler_run (LoftWorkItem   *item,
                  LoftDispatcher *dispatcher)
{
  LoftHandler *handler = (LoftHandler *) item;

  if (handler->removable && handler->deliveries != NULL)
    loft_deliveries_forget_removable (handler->deliveries, handler);
  /* Relaxed: a removable handler is removed on this thread only, in loft_deliveries_disarm (). */
  if (handler->to.callback != NULL && !loft_load_relaxed (&handler->disconnected))
    loft_handler_call (handler, handler->sender, handler->status, handler->outcome);
  loft_handler_free_after_run (handler);
}

static void
loft_handler_run_dropped (LoftWorkItem   *item,
                          LoftDispatcher *dispatcher)
{
  LoftHandler *handler = (LoftHandler *) item;

  handler->dropped (handler->sender, handler->to.user_data);
  loft_handler_free_after_run (handler);
}

static const LoftWorkItemClass loft_handler_dropped_class = {
  .name = "continuation without a home",
  .run = loft_handler_run_dropped,
};

/* atomic, set once: before there is a sender */
static LoftDeliveryPlaceFunc place_func;

void
loft_delivery_set_place_func (LoftDeliveryPlaceFunc func)
{
  g_atomic_pointer_set (&place_func, func);
}

void
loft_delivery_log_lost (const char    *what,
                        LoftAsyncInfo *sender)
{
  LoftDeliveryPlaceFunc dup_place = g_atomic_pointer_get (&place_func);
  g_autofree char *where = dup_place != NULL ? dup_place (sender) : NULL;

  g_message ("%s of what was asked for in %s was not delivered: the dispatcher of the thread that "
             "set it has shut down.",
             what, where != NULL ? where : "an unknown place");
}

/* The handler's home is gone. If somebody waits for it, `dropped` runs on the pool. Otherwise the
 * handler is counted and logged, and its data is released here. */
static void
loft_handler_drop (LoftWorkItem   *item,
                   LoftDispatcher *dispatcher)
{
  LoftHandler *handler = (LoftHandler *) item;

  if (handler->removable && handler->deliveries != NULL)
    loft_deliveries_forget_removable (handler->deliveries, handler);
  if (handler->dropped != NULL)
    {
      handler->item.klass = &loft_handler_dropped_class;
      loft_pool_post_item (&handler->item);
      return;
    }
  loft_dispatcher_count_undelivered (handler->to.home);
  loft_delivery_log_lost ("A completed handler", handler->sender);
  if (handler->to.destroy != NULL)
    g_steal_pointer (&handler->to.destroy) (handler->to.user_data);
  loft_handler_free_after_run (handler);
}

static const LoftWorkItemClass loft_handler_class = {
  .name = "handler",
  .run = loft_handler_run,
  .drop = loft_handler_drop,
};

static void
loft_handler_prepare (LoftHandler     *handler,
                      LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      LoftValueBox    *outcome)
{
  handler->item.klass = &loft_handler_class;
  handler->sender = g_object_ref (sender);
  handler->status = status;
  handler->outcome = outcome != NULL ? loft_value_box_ref (outcome) : NULL;
}

LoftDeliveryFate
loft_handler_queue (LoftHandler     *handler,
                    LoftAsyncInfo   *sender,
                    LoftDeliveries  *deliveries,
                    LoftAsyncStatus  status,
                    LoftValueBox    *outcome,
                    LoftLane         lane)
{
  LoftDispatcher *home = handler->to.home;
  gboolean posted;

  loft_handler_prepare (handler, sender, status, outcome);
  handler->deliveries = deliveries;
  loft_deliveries_sent (deliveries, home);
  if (G_UNLIKELY (handler->removable))
    loft_deliveries_note_removable (deliveries, handler);
  if (home == NULL)
    return loft_deliveries_append (deliveries, &handler->item) ? LOFT_DELIVERY_FIRST
                                                               : LOFT_DELIVERY_POSTED;
  /* As soon as the handler is in the lane it may run and be freed, and with it the last reference
   * to its home. */
  loft_home_hold (home);
  posted = loft_dispatcher_post_item (home, lane, &handler->item);
  loft_home_let_go (home);
  if (G_UNLIKELY (!posted && handler->removable))
    loft_deliveries_forget_removable (deliveries, handler); /* its links are the caller's again */
  return posted ? LOFT_DELIVERY_POSTED : LOFT_DELIVERY_HOME_GONE;
}

void
loft_handler_lose (LoftHandler *handler)
{
  loft_handler_drop (&handler->item, NULL);
}

/* Acts on the fate of a handler that was queued. @drain has the outbox to the MTA emptied. */
static void
loft_handler_settle (LoftHandler     *handler,
                     LoftDeliveries  *deliveries,
                     LoftDeliveryFate  fate,
                     void           (*drain) (LoftDeliveries *))
{
  if (fate == LOFT_DELIVERY_HOME_GONE)
    loft_handler_lose (handler);
  else if (fate == LOFT_DELIVERY_FIRST)
    drain (deliveries);
}

void
loft_handler_deliver (LoftHandler     *handler,
                      LoftAsyncInfo   *sender,
                      LoftDeliveries  *deliveries,
                      LoftAsyncStatus  status,
                      LoftValueBox    *outcome,
                      LoftLane         lane)
{
  if (handler->to.agile ||
      (handler->to.home == NULL && deliveries == NULL && loft_thread_runs_mta ()))
    {
      loft_handler_prepare (handler, sender, status, outcome);
      if (handler->kind == LOFT_HANDLER_WAITER) /* at any depth: it calls no foreign code */
        loft_handler_run (&handler->item, NULL);
      else
        loft_trampoline_run (LOFT_TRAMPOLINE_DELIVERIES, &handler->item);
    }
  else if (handler->to.home == NULL && deliveries == NULL)
    loft_handler_post (handler, sender, NULL, status, outcome, lane);
  else
    loft_handler_settle (handler, deliveries,
                         loft_handler_queue (handler, sender, deliveries, status, outcome, lane),
                         loft_deliveries_drain);
}

void
loft_handler_post (LoftHandler     *handler,
                   LoftAsyncInfo   *sender,
                   LoftDeliveries  *deliveries,
                   LoftAsyncStatus  status,
                   LoftValueBox    *outcome,
                   LoftLane         lane)
{
  if (handler->to.home == NULL && deliveries == NULL)
    {
      loft_handler_prepare (handler, sender, status, outcome);
      loft_pool_post_item (&handler->item);
    }
  else
    loft_handler_settle (handler, deliveries,
                         loft_handler_queue (handler, sender, deliveries, status, outcome, lane),
                         loft_deliveries_drain_elsewhere);
}
