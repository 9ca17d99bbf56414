/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How handlers get home.
 *
 *   home is a dispatcher     posted to the lane of the work that it reports, also from the dispatcher's own thread: so
 *                            deliveries of one object to one home keep their order
 *   home is the MTA          at once on this thread, if it is in the MTA too; else through the object's outbox, which
 *                            one worker of the pool at a time empties in order
 *   agile                    at once on this thread, whichever it is
 */

#include "config.h"

#include "loft-delivery-private.h"
#include "loft-thread-state-private.h"

/* Values. */

LoftValueBox *
loft_value_box_new (const GValue   *value,
                    LoftDispatcher *home)
{
  LoftValueBox *box = g_new0 (LoftValueBox, 1);

  box->refs = 1;
  g_value_init (&box->value, G_VALUE_TYPE (value));
  g_value_copy (value, &box->value);
  box->home = home != NULL ? g_object_ref (home) : NULL;
  return box;
}

LoftValueBox *
loft_value_box_ref (LoftValueBox *box)
{
  __atomic_fetch_add (&box->refs, 1, __ATOMIC_RELAXED);
  return box;
}

static void
loft_value_box_free (gpointer data)
{
  LoftValueBox *box = data;

  g_value_unset (&box->value);
  g_free (box);
}

void
loft_value_box_unref (LoftValueBox *box)
{
  LoftDispatcher *home;

  /* Release: what this thread did with the value is over; acquire: so it is for all others when it is freed. */
  if (__atomic_fetch_sub (&box->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  home = g_steal_pointer (&box->home);
  loft_home_release (home, loft_value_box_free, box);
  g_clear_object (&home);
}

/* What is on its way. */

typedef struct _LoftInFlight LoftInFlight;

struct _LoftInFlight
{
  LoftInFlight *next;
  LoftDispatcher *home; /* only compared: its deliveries hold it */
  gsize count;
};

static void
loft_deliveries_add (LoftDeliveries *deliveries,
                     LoftDispatcher *home,
                     gssize          n)
{
  LoftInFlight *freed = NULL;

  if (deliveries == NULL)
    return;

  loft_lock_lock (&deliveries->lock);
  for (LoftInFlight **link = &deliveries->in_flight;; link = &(*link)->next)
    {
      if (*link == NULL)
        {
          *link = g_new0 (LoftInFlight, 1);
          (*link)->home = home;
        }
      if ((*link)->home == home)
        {
          (*link)->count += n;
          if ((*link)->count == 0)
            {
              freed = *link;
              *link = freed->next;
            }
          break;
        }
    }
  loft_lock_unlock (&deliveries->lock);
  g_free (freed);
}

gboolean
loft_deliveries_has_in_flight (LoftDeliveries *deliveries,
                               LoftDispatcher *home)
{
  gboolean found = FALSE;

  loft_lock_lock (&deliveries->lock);
  if (home == NULL)
    found = deliveries->outbox_draining;
  else
    for (LoftInFlight *flight = deliveries->in_flight; flight != NULL; flight = flight->next)
      found |= flight->home == home;
  loft_lock_unlock (&deliveries->lock);
  return found;
}

void
loft_deliveries_clear (LoftDeliveries *deliveries)
{
  /* Each delivery holds its sender, so none can be left. */
  g_assert (deliveries->in_flight == NULL && deliveries->outbox_first == NULL);
}

/* The outbox to the MTA. */

typedef struct
{
  LoftWorkItem item;
  LoftAsyncInfo *owner; /* strong */
  LoftDeliveries *deliveries;
} LoftDrain;

static LoftWorkItem *
loft_deliveries_take (LoftDeliveries *deliveries)
{
  LoftWorkItem *item;

  loft_lock_lock (&deliveries->lock);
  item = deliveries->outbox_first;
  if (item != NULL)
    deliveries->outbox_first = item->next;
  else
    deliveries->outbox_draining = FALSE;
  if (deliveries->outbox_first == NULL)
    deliveries->outbox_last = NULL;
  loft_lock_unlock (&deliveries->lock);
  return item;
}

static void
loft_drain_run (LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  LoftDrain *drain = (LoftDrain *) item;
  LoftWorkItem *next;

  while ((next = loft_deliveries_take (drain->deliveries)) != NULL)
    next->klass->run (next, NULL);
  g_object_unref (drain->owner);
  g_free (drain);
}

static const LoftWorkItemClass loft_drain_class = {
  .name = "deliveries to the MTA",
  .run = loft_drain_run,
};

static void
loft_deliveries_post_to_mta (LoftDeliveries *deliveries,
                             LoftWorkItem   *item)
{
  gboolean drain;

  item->next = NULL;
  loft_lock_lock (&deliveries->lock);
  if (deliveries->outbox_last != NULL)
    deliveries->outbox_last->next = item;
  else
    deliveries->outbox_first = item;
  deliveries->outbox_last = item;
  drain = !deliveries->outbox_draining;
  deliveries->outbox_draining = TRUE;
  loft_lock_unlock (&deliveries->lock);

  if (drain)
    {
      LoftDrain *job = g_new0 (LoftDrain, 1);

      job->item.klass = &loft_drain_class;
      job->owner = g_object_ref (deliveries->owner);
      job->deliveries = deliveries;
      loft_thread_pool_post_item (&job->item);
    }
}

/* Handlers. */

LoftHandler *
loft_handler_new (LoftHandlerKind kind,
                  gboolean        agile,
                  GCallback       callback,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  LoftHandler *handler = g_new0 (LoftHandler, 1);

  handler->refs = 1;
  handler->kind = kind;
  handler->agile = agile;
  handler->home = agile ? NULL : loft_home_dup_current ();
  handler->callback = callback;
  handler->user_data = user_data;
  handler->destroy = destroy;
  return handler;
}

LoftHandler *
loft_handler_ref (LoftHandler *handler)
{
  __atomic_fetch_add (&handler->refs, 1, __ATOMIC_RELAXED);
  return handler;
}

/* The last reference: its data goes at its home. */
void
loft_handler_unref (LoftHandler *handler)
{
  if (__atomic_fetch_sub (&handler->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  loft_home_release (handler->home, handler->destroy, handler->user_data);
  g_clear_object (&handler->home);
  g_free (handler);
}

static void
loft_handler_free_after_run (LoftHandler *handler)
{
  LoftAsyncInfo *sender = handler->sender;

  loft_deliveries_add (handler->deliveries, handler->home, -1);
  handler->sender = NULL;
  loft_handler_unref (handler);
  g_object_unref (sender);
}

static void
loft_handler_call (LoftHandler *handler)
{
  if (handler->callback != NULL)
    ((LoftCompletedHandler) handler->callback) (handler->sender, handler->status, handler->user_data);
}

static void
loft_handler_run (LoftWorkItem   *item,
                  LoftDispatcher *dispatcher)
{
  LoftHandler *handler = (LoftHandler *) item;

  loft_handler_call (handler);
  loft_handler_free_after_run (handler);
}

static void
loft_handler_run_dropped (LoftWorkItem   *item,
                          LoftDispatcher *dispatcher)
{
  LoftHandler *handler = (LoftHandler *) item;

  handler->dropped (handler->sender, handler->user_data);
  loft_handler_free_after_run (handler);
}

static const LoftWorkItemClass loft_handler_dropped_class = {
  .name = "continuation without a home",
  .run = loft_handler_run_dropped,
};

/* Its home is gone. What somebody waits for goes on, on the pool; the rest is counted and its data released here. */
static void
loft_handler_drop (LoftWorkItem   *item,
                   LoftDispatcher *dispatcher,
                   gboolean        release_data)
{
  LoftHandler *handler = (LoftHandler *) item;

  if (handler->dropped != NULL)
    {
      handler->item.klass = &loft_handler_dropped_class;
      loft_thread_pool_post_item (&handler->item);
      return;
    }
  loft_dispatcher_count_undelivered (handler->home);
  loft_trace_undelivered ("a completed handler", &(LoftCallSite) { NULL, NULL }, "its thread's dispatcher has shut down");
  if (release_data && handler->destroy != NULL)
    handler->destroy (handler->user_data);
  handler->destroy = NULL;
  loft_handler_free_after_run (handler);
}

static const LoftWorkItemClass loft_handler_class = {
  .name = "handler",
  .run = loft_handler_run,
  .drop = loft_handler_drop,
};

gboolean
loft_handler_runs_inline (LoftHandler    *handler,
                          LoftDeliveries *deliveries)
{
  if (handler->agile)
    return TRUE;
  if (handler->home != NULL)
    return FALSE;
  return loft_home_peek_context () == NULL &&
         (deliveries == NULL || !loft_deliveries_has_in_flight (deliveries, NULL));
}

void
loft_handler_deliver (LoftHandler     *handler,
                      LoftAsyncInfo   *sender,
                      LoftDeliveries  *deliveries,
                      LoftAsyncStatus  status,
                      LoftLane         lane)
{
  gboolean runs_inline = loft_handler_runs_inline (handler, deliveries);

  handler->item.klass = &loft_handler_class;
  handler->sender = g_object_ref (sender);
  handler->status = status;
  if (runs_inline)
    {
      loft_handler_run (&handler->item, NULL);
      return;
    }

  handler->deliveries = deliveries;
  loft_deliveries_add (deliveries, handler->home, 1);
  if (handler->home == NULL && deliveries != NULL)
    loft_deliveries_post_to_mta (deliveries, &handler->item);
  else if (handler->home == NULL)
    loft_thread_pool_post_item (&handler->item);
  else if (!loft_dispatcher_post_item (handler->home, lane, &handler->item))
    loft_handler_drop (&handler->item, NULL, TRUE);
}

/* Reports of progress. */

struct _LoftReport
{
  LoftWorkItem item;
  LoftHandler *handler;        /* a reference */
  LoftAsyncInfo *sender;       /* strong */
  LoftDeliveries *deliveries;
  LoftValueBox *value;         /* under handler->lock while it is handler->pending */
  LoftValueBox *provisional;   /* the same; NULL: none */
};

static void
loft_report_free (LoftReport *report)
{
  loft_deliveries_add (report->deliveries, report->handler->home, -1);
  loft_value_box_unref (report->value);
  g_clear_pointer (&report->provisional, loft_value_box_unref);
  loft_handler_unref (report->handler);
  g_object_unref (report->sender);
  g_free (report);
}

/* From here on no newer value is put into it. */
static void
loft_report_settle (LoftReport *report)
{
  loft_lock_lock (&report->handler->lock);
  if (report->handler->pending == report)
    report->handler->pending = NULL;
  loft_lock_unlock (&report->handler->lock);
}

static void
loft_report_run (LoftWorkItem   *item,
                 LoftDispatcher *dispatcher)
{
  LoftReport *report = (LoftReport *) item;
  LoftThreadState *thread = loft_thread_state_get ();
  LoftReportFrame frame = { .outer = thread->report, .info = report->sender };

  loft_report_settle (report);
  frame.provisional = report->provisional != NULL ? &report->provisional->value : NULL;
  /* Acquire: a handler that was replaced from another thread is not called once that thread's write is seen. */
  if (!__atomic_load_n (&report->handler->disconnected, __ATOMIC_ACQUIRE))
    {
      thread->report = &frame;
      ((LoftProgressHandler) report->handler->callback) (report->sender, &report->value->value,
                                                         report->handler->user_data);
      thread->report = frame.outer;
    }
  loft_report_free (report);
}

static void
loft_report_drop (LoftWorkItem   *item,
                  LoftDispatcher *dispatcher,
                  gboolean        release_data)
{
  LoftReport *report = (LoftReport *) item;

  loft_report_settle (report);
  loft_dispatcher_count_undelivered (report->handler->home);
  loft_report_free (report);
}

static const LoftWorkItemClass loft_report_class = {
  .name = "report of progress",
  .run = loft_report_run,
  .drop = loft_report_drop,
};

/* Puts newer values into the report that is on its way; FALSE if none is, and @report goes itself. */
static gboolean
loft_report_overtake (LoftReport *report)
{
  LoftHandler *handler = report->handler;
  LoftReport *pending;

  loft_lock_lock (&handler->lock);
  pending = handler->pending;
  if (pending != NULL)
    {
      LoftValueBox *value = pending->value;
      LoftValueBox *provisional = pending->provisional;

      pending->value = report->value;
      pending->provisional = report->provisional;
      report->value = value;
      report->provisional = provisional;
    }
  else
    handler->pending = report;
  loft_lock_unlock (&handler->lock);
  return pending != NULL;
}

void
loft_handler_report (LoftHandler    *handler,
                     LoftAsyncInfo  *sender,
                     LoftDeliveries *deliveries,
                     const GValue   *value,
                     LoftValueBox   *provisional,
                     LoftLane        lane)
{
  LoftReport *report = g_new0 (LoftReport, 1);

  report->item.klass = &loft_report_class;
  report->handler = loft_handler_ref (handler);
  report->sender = g_object_ref (sender);
  report->value = loft_value_box_new (value, loft_home_matters_for (G_VALUE_TYPE (value)) ? handler->home : NULL);
  report->provisional = provisional != NULL ? loft_value_box_ref (provisional) : NULL;

  if (loft_handler_runs_inline (handler, deliveries))
    {
      loft_report_run (&report->item, NULL);
      return;
    }
  if (handler->latest && loft_report_overtake (report))
    {
      loft_report_free (report);
      return;
    }

  report->deliveries = deliveries;
  loft_deliveries_add (deliveries, handler->home, 1);
  if (handler->home == NULL)
    loft_deliveries_post_to_mta (deliveries, &report->item);
  else if (!loft_dispatcher_post_item (handler->home, lane, &report->item))
    loft_report_drop (&report->item, NULL, TRUE);
}
