/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDeliveries: the deliveries that are on their way from one object, and its outbox to the
 * MTA. */

#pragma once

#include "delivery/loft-handler-private.h"

/* How many deliveries are on their way to one home. */
typedef struct _LoftInFlight
{
  struct _LoftInFlight *next;
  /* Only compared. Its deliveries hold it, and it changes only while there are none. */
  LoftDispatcher *home;
  gsize count;          /* in the first entry atomic: decremented without the lock */
} LoftInFlight;

/* The deliveries that are on their way from one object: how many there are for each home, and the
 * outbox, which is the queue of those that go to the MTA. */
struct _LoftDeliveries
{
  LoftLock lock;
  /* under lock */
  /* Most objects deliver to one home, which is the first entry. Other homes follow in a list. */
  LoftInFlight in_flight;
  LoftWorkItem *outbox_first;
  LoftWorkItem *outbox_last;
  gboolean draining;               /* a thread is emptying the outbox, or runs a report */
  gboolean announced;              /* the end was announced: no more reports are posted */
  LoftHandler *progress;           /* gets the reports when they arrive; NULL: none is set */
  gsize reports;                   /* how many are on their way to it */
  LoftHandler *removable;          /* those on their way that may still be removed */
  /* constant after init; unowned: the GObject that this struct is part of */
  gpointer owner;
};

/* Records that this thread empties an object's outbox to the MTA. */
struct _LoftDrainFrame
{
  LoftDrainFrame *outer;
  LoftDeliveries *deliveries;
  gboolean        handed_over;   /* this thread blocked, and others empty the outbox */
};

/* What became of a handler, or of a report. */
typedef enum {
  LOFT_DELIVERY_POSTED,
  LOFT_DELIVERY_FIRST,     /* first in the MTA's outbox, which the caller must see to */
  LOFT_DELIVERY_TOO_LATE,  /* a report after the end; it is still the caller's */
  LOFT_DELIVERY_OVERTAKEN, /* the report on its way got its values; it is still the caller's */
  LOFT_DELIVERY_HOME_GONE, /* it is still the caller's */
} LoftDeliveryFate;

void         loft_deliveries_sent          (LoftDeliveries *deliveries, LoftDispatcher *home);
void         loft_deliveries_arrived       (LoftDeliveries *deliveries, LoftDispatcher *home);
gboolean     loft_deliveries_has_in_flight (LoftDeliveries *deliveries, LoftDispatcher *home);
/* Removes a removable handler that is on its way, so that it is not called, and returns whether it
 * did. It does so only if this thread is at the handler's home. */
gboolean     loft_deliveries_disarm        (LoftDeliveries *deliveries, guint64 id);
void         loft_deliveries_note_removable (LoftDeliveries *deliveries, LoftHandler *handler);
void         loft_deliveries_forget_removable (LoftDeliveries *deliveries, LoftHandler *handler);
/* Notes that the object's end is announced. Returns the progress handler, for the caller to drop,
 * unless a report is still on its way to it. */
LoftHandler *loft_deliveries_announce      (LoftDeliveries *deliveries);

/* Sets the handler that gets the reports. Reports that are on their way go to the handler that is
 * set when they arrive. Returns the handler that leaves the slot: the previous one, or @handler
 * itself if no report can arrive any more. */
LoftHandler *loft_deliveries_set_progress  (LoftDeliveries *deliveries, gboolean ended,
                                            LoftHandler *handler);
/* NULL: no handler is set, or it is too late */
LoftHandler *loft_deliveries_dup_progress  (LoftDeliveries *deliveries, gboolean *out_in_time);
/* The handler to call, or NULL if none is set. The caller drops the handler's data after the
 * call. */
LoftHandler *loft_deliveries_dup_callee    (LoftDeliveries *deliveries);
void         loft_deliveries_report_arrived (LoftDeliveries *deliveries);
LoftDeliveryFate loft_deliveries_post_report (LoftDeliveries *deliveries, LoftDispatcher *home,
                                            LoftLane lane, LoftWorkItem *item);
LoftDeliveryFate loft_deliveries_post_report_to_mta (LoftDeliveries *deliveries,
                                                     LoftWorkItem *item);
void         loft_deliveries_drain_report  (LoftDeliveries *deliveries);

/* The outbox to the MTA. A caller whose item is the first (TRUE) must see that the outbox is
 * emptied: on this thread if it is in the MTA, otherwise on the pool. */
gboolean     loft_deliveries_append        (LoftDeliveries *deliveries, LoftWorkItem *item);
void         loft_deliveries_drain         (LoftDeliveries *deliveries);
void         loft_deliveries_drain_elsewhere (LoftDeliveries *deliveries);

/* Called around the code that runs while this thread empties the outbox, so that the outbox can be
 * handed over. */
void         loft_deliveries_enter         (LoftDrainFrame *frame, LoftDeliveries *deliveries);
void         loft_deliveries_leave         (LoftDrainFrame *frame);
void         loft_deliveries_hand_over     (LoftDrainFrame *frame);

void         loft_deliveries_clear         (LoftDeliveries *deliveries);
