/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftReport: a report of progress on its way to a handler. Each report is a snapshot: it has the
 * value and the provisional result of the moment when it was made. With LATEST, a report that still
 * waits takes over the newer values, and no other report is sent.
 *
 * A report is sent to the home of the handler that is set when the report is made, and calls the
 * handler that is set when the report arrives. So no report is lost when the handler is replaced,
 * and no report calls a handler that was replaced. If the new handler has another home, the report
 * is sent on to that home. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "delivery/loft-delivery-private.h"

struct _LoftReport
{
  LoftWorkItem item;
  LoftHandler *handler;        /* a reference */
  LoftAsyncInfo *sender;       /* strong */
  LoftDeliveries *deliveries;  /* NULL until it is on its way; NULL for a foreign sender */
  LoftValueBox *value;         /* under handler->lock while it is handler->pending */
  LoftValueBox *provisional;   /* the same; NULL: none */
  LoftLane lane;               /* constant after init */
  gboolean foreign;            /* constant after init: it holds the handler's data */
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftReport, item) == 0);

static void
loft_report_free (LoftReport *report)
{
  if (report->deliveries != NULL)
    loft_deliveries_report_arrived (report->deliveries);
  if (report->foreign)
    loft_handler_drop_data (report->handler);
  loft_deliveries_arrived (report->deliveries, report->handler->to.home);
  loft_value_box_unref (report->value);
  g_clear_pointer (&report->provisional, loft_value_box_unref);
  loft_handler_unref (report->handler);
  g_object_unref (report->sender);
  g_free (report);
}

/* From here on the report takes over no newer values. */
static void
loft_report_settle (LoftReport *report)
{
  if (!report->handler->latest)
    return;
  loft_lock_lock (&report->handler->lock);
  if (report->handler->pending == report)
    report->handler->pending = NULL;
  loft_lock_unlock (&report->handler->lock);
}

static void
loft_report_call (LoftReport  *report,
                  LoftHandler *handler)
{
  LoftThread *thread = loft_thread_get ();
  LoftReportFrame frame = { .outer = thread->report, .info = report->sender };

  frame.provisional = report->provisional != NULL ? &report->provisional->value : NULL;
  thread->report = &frame;
  ((LoftProgressHandler) handler->to.callback) (report->sender, &report->value->value,
                                             handler->to.user_data);
  thread->report = frame.outer;
}

/* Delivers the report to the handler that is set now. */
static void
loft_report_arrive (LoftReport *report)
{
  LoftHandler *now = loft_deliveries_dup_callee (report->deliveries);

  if (now == NULL)
    return;
  if (now->to.home == report->handler->to.home)
    loft_report_call (report, now);
  else
    loft_handler_report (now, report->sender, report->deliveries, &report->value->value,
                         report->provisional, report->lane);
  loft_handler_drop_data (now);
  loft_handler_unref (now);
}

static void
loft_report_run (LoftWorkItem   *item,
                 LoftDispatcher *dispatcher)
{
  LoftReport *report = (LoftReport *) item;

  loft_report_settle (report);
  if (report->deliveries != NULL)
    loft_report_arrive (report);
  /* Acquire: pairs with the release of the thread that replaced the handler. A handler that is seen
   * to be replaced is not called. */
  else if (!loft_load_acquire (&report->handler->disconnected))
    loft_report_call (report, report->handler);
  loft_report_free (report);
}

static void
loft_handler_lose_report (LoftHandler   *handler,
                          LoftAsyncInfo *sender)
{
  loft_dispatcher_count_undelivered (handler->to.home);
  /* Relaxed: it only keeps the log from repeating what may happen a million times. */
  if (!loft_exchange_relaxed (&handler->has_lost, TRUE))
    loft_delivery_log_lost ("A report of progress (later ones are only counted)", sender);
}

static void
loft_report_drop (LoftWorkItem   *item,
                  LoftDispatcher *dispatcher)
{
  LoftReport *report = (LoftReport *) item;

  loft_report_settle (report);
  loft_handler_lose_report (report->handler, report->sender);
  loft_report_free (report);
}

static const LoftWorkItemClass loft_report_class = {
  .name = "report of progress",
  .run = loft_report_run,
  .drop = loft_report_drop,
};

/* Puts the newer values into the report that is on its way. FALSE: no report is on its way. */
static gboolean
loft_report_overtake_locked (LoftReport *report)
{
  LoftReport *pending = report->handler->pending;
  LoftValueBox *value, *provisional;

  loft_lock_assert_held (&report->handler->lock);
  if (pending == NULL)
    return FALSE;
  value = pending->value;
  provisional = pending->provisional;
  pending->value = report->value;
  pending->provisional = report->provisional;
  report->value = value;
  report->provisional = provisional;
  return TRUE;
}

/* For a sender whose class implements the interface by hand. Its reports have no order to keep with
 * its end. */
static void
loft_report_send_foreign (LoftReport *report)
{
  LoftHandler *handler = report->handler;
  gboolean overtaken = FALSE;

  loft_lock_lock (&handler->lock);
  if (handler->latest && !(overtaken = loft_report_overtake_locked (report)))
    handler->pending = report;
  loft_lock_unlock (&handler->lock);

  if (overtaken)
    loft_report_free (report);
  else if (handler->to.home == NULL && loft_thread_runs_mta ())
    loft_report_run (&report->item, NULL);
  else if (handler->to.home == NULL)
    loft_pool_post_item (&report->item);
  else if (!loft_dispatcher_post_news (handler->to.home, LOFT_LANE_NORMAL, &report->item))
    loft_report_drop (&report->item, NULL);
}

static LoftDeliveryFate
loft_report_send (LoftReport     *report,
                  LoftDeliveries *deliveries,
                  LoftLane        lane)
{
  LoftDispatcher *home = report->handler->to.home;
  LoftDeliveryFate fate;

  /* Set before it is posted, because it may run and be freed as soon as it is posted. */
  report->deliveries = deliveries;
  fate = home != NULL ? loft_deliveries_post_report (deliveries, home, lane, &report->item)
                      : loft_deliveries_post_report_to_mta (deliveries, &report->item);
  if (fate == LOFT_DELIVERY_TOO_LATE || fate == LOFT_DELIVERY_HOME_GONE)
    report->deliveries = NULL;
  return fate;
}

/* Posts the report. For a handler that wants only the latest one, this is done under the handler's
 * lock: a newer report then either finds this one on its way, or sees that this one was too
 * late. */
static LoftDeliveryFate
loft_report_post (LoftReport     *report,
                  LoftDeliveries *deliveries,
                  LoftLane        lane)
{
  LoftHandler *handler = report->handler;
  LoftDeliveryFate fate = LOFT_DELIVERY_OVERTAKEN;

  if (!handler->latest)
    return loft_report_send (report, deliveries, lane);

  loft_lock_lock (&handler->lock);
  if (!loft_report_overtake_locked (report))
    {
      handler->pending = report;
      fate = loft_report_send (report, deliveries, lane);
      if (fate == LOFT_DELIVERY_TOO_LATE || fate == LOFT_DELIVERY_HOME_GONE)
        handler->pending = NULL;
    }
  loft_lock_unlock (&handler->lock);
  return fate;
}

gboolean
loft_handler_report (LoftHandler    *handler,
                     LoftAsyncInfo  *sender,
                     LoftDeliveries *deliveries,
                     const GValue   *value,
                     LoftValueBox   *provisional,
                     LoftLane        lane)
{
  LoftReport *report;

  /* This is asked before the value is copied. The copy of an object would have to be released at
   * the home. During a flood of reports, these releases would keep a home that is ending from its
   * end, as the reports themselves would. */
  if (handler->to.home != NULL &&
      loft_dispatcher_refuses_news (handler->to.home, deliveries != NULL ? lane : LOFT_LANE_NORMAL))
    {
      loft_handler_lose_report (handler, sender);
      return TRUE;
    }
  report = g_new0 (LoftReport, 1);
  report->item.klass = &loft_report_class;
  report->handler = loft_handler_ref (handler);
  report->sender = g_object_ref (sender);
  report->value = loft_value_box_new (value, loft_home_matters_for (G_VALUE_TYPE (value))
                                               ? handler->to.home
                                               : NULL);
  report->provisional = provisional != NULL ? loft_value_box_ref (provisional) : NULL;
  report->lane = lane;

  if (deliveries == NULL)
    {
      report->foreign = TRUE;
      loft_refs_take (&handler->data_refs); /* the caller has one */
      loft_report_send_foreign (report);
      return TRUE;
    }
  switch (loft_report_post (report, deliveries, lane))
    {
    case LOFT_DELIVERY_FIRST:
      g_object_ref (sender); /* the deliveries are part of the sender */
      loft_deliveries_drain_report (deliveries);
      g_object_unref (sender);
      break;
    case LOFT_DELIVERY_HOME_GONE:
      loft_report_drop (&report->item, NULL);
      break;
    case LOFT_DELIVERY_OVERTAKEN:
      loft_report_free (report);
      break;
    case LOFT_DELIVERY_TOO_LATE:
      loft_report_free (report);
      return FALSE;
    case LOFT_DELIVERY_POSTED:
    default:
      break;
    }
  return TRUE;
}
