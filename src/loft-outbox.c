/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is on its way from one object: how much to which home, and in which order.
 *
 * To a dispatcher the lane keeps the order. To the MTA, which has no lane, there is the outbox: one thread at a time
 * empties it (`draining`), the one that reports or ends the object if it is in the MTA itself, else a worker of the pool.
 * What comes meanwhile queues behind. A thread that blocks while it empties an outbox hands it over.
 *
 * Reports race with the end. Under this lock the end is announced before its first delivery, and a report is posted only
 * while it is not: so no report comes after the completed handler. */

#include "config.h"

#include "loft-delivery-private.h"
#include "loft-thread-state-private.h"

/* Gives what is to be freed after the lock is released. */
static LoftInFlight *
loft_deliveries_add_locked (LoftDeliveries *deliveries,
                            LoftDispatcher *home,
                            gssize          n)
{
  LoftInFlight *first = &deliveries->in_flight;
  LoftInFlight **link = &first->next;
  LoftInFlight *freed = NULL;

  loft_lock_assert_held (&deliveries->lock);
  if (G_LIKELY (first->home == home || (first->count == 0 && first->next == NULL)))
    {
      first->home = home;
      first->count += (gsize) n;
      return NULL;
    }
  while (*link != NULL && (*link)->home != home)
    link = &(*link)->next;
  if (*link == NULL)
    {
      *link = g_new0 (LoftInFlight, 1);
      (*link)->home = home;
    }
  (*link)->count += (gsize) n;
  if ((*link)->count == 0)
    {
      freed = *link;
      *link = freed->next;
    }
  return freed;
}

void
loft_deliveries_add (LoftDeliveries *deliveries,
                     LoftDispatcher *home,
                     gssize          n)
{
  LoftInFlight *freed;

  if (deliveries == NULL)
    return;
  loft_lock_lock (&deliveries->lock);
  freed = loft_deliveries_add_locked (deliveries, home, n);
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
    found = deliveries->draining;
  else
    for (LoftInFlight *flight = &deliveries->in_flight; flight != NULL; flight = flight->next)
      found |= flight->home == home && flight->count > 0;
  loft_lock_unlock (&deliveries->lock);
  return found;
}

void
loft_deliveries_clear (LoftDeliveries *deliveries)
{
  /* Each delivery holds its sender, so none can be left. */
  g_assert (deliveries->in_flight.count == 0 && deliveries->in_flight.next == NULL && deliveries->outbox_first == NULL);
}

void
loft_deliveries_announce (LoftDeliveries *deliveries)
{
  loft_lock_lock (&deliveries->lock);
  deliveries->announced = TRUE;
  loft_lock_unlock (&deliveries->lock);
}

/* The outbox to the MTA. */

typedef struct
{
  LoftWorkItem item;
  GObject *owner; /* strong */
  LoftDeliveries *deliveries;
} LoftDrain;

/* The next one; NULL: there is none, and this thread no longer drains. */
static LoftWorkItem *
loft_deliveries_take (LoftDeliveries *deliveries)
{
  LoftWorkItem *item;

  loft_lock_lock (&deliveries->lock);
  item = deliveries->outbox_first;
  if (item != NULL)
    deliveries->outbox_first = item->next;
  else
    deliveries->draining = FALSE;
  if (deliveries->outbox_first == NULL)
    deliveries->outbox_last = NULL;
  loft_lock_unlock (&deliveries->lock);
  return item;
}

/* On this thread, which must see to it. */
static void
loft_deliveries_drain_here (LoftDeliveries *deliveries)
{
  LoftDrainFrame frame;
  LoftWorkItem *item;

  loft_deliveries_enter (&frame, deliveries);
  while (!frame.handed_over && (item = loft_deliveries_take (deliveries)) != NULL)
    item->klass->run (item, NULL);
  loft_deliveries_leave (&frame);
}

static void
loft_drain_run (LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  LoftDrain *drain = (LoftDrain *) item;

  loft_deliveries_drain_here (drain->deliveries);
  g_object_unref (drain->owner);
  g_free (drain);
}

static const LoftWorkItemClass loft_drain_class = {
  .name = "deliveries to the MTA",
  .run = loft_drain_run,
};

static LoftWorkItem *
loft_drain_new (LoftDeliveries *deliveries)
{
  LoftDrain *drain = g_new0 (LoftDrain, 1);

  drain->item.klass = &loft_drain_class;
  drain->owner = g_object_ref (deliveries->owner);
  drain->deliveries = deliveries;
  return &drain->item;
}

void
loft_deliveries_drain (LoftDeliveries *deliveries)
{
  if (loft_home_peek_context () == NULL)
    loft_inline_run (loft_drain_new (deliveries));
  else
    loft_thread_pool_post_item (loft_drain_new (deliveries));
}

void
loft_deliveries_drain_elsewhere (LoftDeliveries *deliveries)
{
  loft_thread_pool_post_item (loft_drain_new (deliveries));
}

void
loft_deliveries_enter (LoftDrainFrame *frame,
                       LoftDeliveries *deliveries)
{
  LoftThreadState *thread = loft_thread_state_get ();

  *frame = (LoftDrainFrame) { .outer = thread->drain, .deliveries = deliveries };
  thread->drain = frame;
}

void
loft_deliveries_leave (LoftDrainFrame *frame)
{
  loft_thread_state_get ()->drain = frame->outer;
}

void
loft_deliveries_hand_over (LoftDrainFrame *frame)
{
  LoftDeliveries *deliveries = frame->deliveries;
  gboolean more;

  if (frame->handed_over)
    return;
  frame->handed_over = TRUE;
  loft_lock_lock (&deliveries->lock);
  more = deliveries->outbox_first != NULL;
  deliveries->draining = more;
  loft_lock_unlock (&deliveries->lock);
  if (more)
    loft_deliveries_drain_elsewhere (deliveries);
}

/* Gives whether nobody drains yet, and this thread must see to it. */
static gboolean
loft_deliveries_append_locked (LoftDeliveries *deliveries,
                               LoftWorkItem   *item)
{
  gboolean first = !deliveries->draining;

  loft_lock_assert_held (&deliveries->lock);
  item->next = NULL;
  if (deliveries->outbox_last != NULL)
    deliveries->outbox_last->next = item;
  else
    deliveries->outbox_first = item;
  deliveries->outbox_last = item;
  deliveries->draining = TRUE;
  return first;
}

gboolean
loft_deliveries_append (LoftDeliveries *deliveries,
                        LoftWorkItem   *item)
{
  gboolean first;

  loft_lock_lock (&deliveries->lock);
  first = loft_deliveries_append_locked (deliveries, item);
  loft_lock_unlock (&deliveries->lock);
  return first;
}

/* Reports. */

LoftReportFate
loft_deliveries_post_report (LoftDeliveries *deliveries,
                             LoftDispatcher *home,
                             LoftLane        lane,
                             LoftWorkItem   *item)
{
  LoftReportFate fate = LOFT_REPORT_POSTED;
  LoftInFlight *freed = NULL;

  loft_lock_lock (&deliveries->lock);
  if (deliveries->announced)
    fate = LOFT_REPORT_TOO_LATE;
  else
    {
      freed = loft_deliveries_add_locked (deliveries, home, 1);
      if (!loft_dispatcher_post_news (home, lane, item))
        {
          freed = loft_deliveries_add_locked (deliveries, home, -1);
          fate = LOFT_REPORT_HOME_GONE;
        }
    }
  loft_lock_unlock (&deliveries->lock);
  g_free (freed);
  return fate;
}

LoftReportFate
loft_deliveries_post_report_to_mta (LoftDeliveries *deliveries,
                                    LoftWorkItem   *item)
{
  LoftReportFate fate = LOFT_REPORT_POSTED;
  LoftInFlight *freed = NULL;

  loft_lock_lock (&deliveries->lock);
  if (deliveries->announced)
    fate = LOFT_REPORT_TOO_LATE;
  else
    {
      freed = loft_deliveries_add_locked (deliveries, NULL, 1);
      if (loft_deliveries_append_locked (deliveries, item))
        fate = LOFT_REPORT_DRAIN;
    }
  loft_lock_unlock (&deliveries->lock);
  g_free (freed);
  return fate;
}

/* On this thread: its own report only. What came meanwhile goes to the pool, so that the reporter is free. */
static void
loft_report_drain_run (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftDrain *drain = (LoftDrain *) item;
  LoftDrainFrame frame;

  loft_deliveries_enter (&frame, drain->deliveries);
  item = loft_deliveries_take (drain->deliveries);
  item->klass->run (item, NULL);
  loft_deliveries_leave (&frame);
  loft_deliveries_hand_over (&frame);
  g_object_unref (drain->owner);
  g_free (drain);
}

static const LoftWorkItemClass loft_report_drain_class = {
  .name = "report to the MTA",
  .run = loft_report_drain_run,
};

void
loft_deliveries_drain_report (LoftDeliveries *deliveries)
{
  LoftWorkItem *drain = loft_drain_new (deliveries);

  if (loft_home_peek_context () != NULL)
    loft_thread_pool_post_item (drain);
  else
    {
      drain->klass = &loft_report_drain_class;
      loft_inline_run (drain);
    }
}
