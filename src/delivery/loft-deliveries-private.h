/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is on its way from one object, and the outbox of what goes to the MTA. */

#pragma once

#include "delivery/loft-handler-private.h"

/* How much is on its way to one home. */
typedef struct _LoftInFlight
{
  struct _LoftInFlight *next;
  /* Only compared: its deliveries hold it; changed only when there are none. */
  LoftDispatcher *home;
  gsize count;          /* of the first one atomic: taken off without the lock */
} LoftInFlight;

/* What is on its way from one object: how much to which home, and the queue of what goes to the MTA
 * from a thread that must not run it. */
struct _LoftDeliveries
{
  LoftLock lock;
  /* under lock */
  /* To one home, which is all that most objects have; and a list of the others. */
  LoftInFlight in_flight;
  LoftWorkItem *outbox_first;
  LoftWorkItem *outbox_last;
  gboolean draining;               /* a thread is emptying the outbox, or runs a report */
  gboolean announced;              /* the end: no report is posted from here on */
  LoftHandler *progress;           /* who gets the reports when they arrive; NULL: nobody */
  gsize reports;                   /* on their way to it */
  LoftHandler *removable;          /* that are on their way, and may yet be removed */
  /* constant after init; unowned: the GObject that they are part of */
  gpointer owner;
};

/* An object's deliveries to the MTA that this thread has taken on itself. */
struct _LoftDrainFrame
{
  LoftDrainFrame *outer;
  LoftDeliveries *deliveries;
  gboolean        handed_over;   /* it blocked, and others go on */
};

/* What became of a handler, or of a report. */
typedef enum {
  LOFT_DELIVERY_POSTED,
  LOFT_DELIVERY_FIRST,     /* in the MTA's outbox, which nobody sees to yet: the caller must */
  LOFT_DELIVERY_TOO_LATE,  /* a report, which is still the caller's */
  LOFT_DELIVERY_OVERTAKEN, /* the same; what it said goes with the one that is on its way */
  LOFT_DELIVERY_HOME_GONE, /* it is still the caller's */
} LoftDeliveryFate;

void         loft_deliveries_sent          (LoftDeliveries *deliveries, LoftDispatcher *home);
void         loft_deliveries_arrived       (LoftDeliveries *deliveries, LoftDispatcher *home);
gboolean     loft_deliveries_has_in_flight (LoftDeliveries *deliveries, LoftDispatcher *home);
/* Removes a removable handler that is on its way, if this thread is its home: it is not called. */
gboolean     loft_deliveries_disarm        (LoftDeliveries *deliveries, guint64 id);
void         loft_deliveries_note_removable (LoftDeliveries *deliveries, LoftHandler *handler);
void         loft_deliveries_forget_removable (LoftDeliveries *deliveries, LoftHandler *handler);
/* Gives the progress handler, if no report is on its way to it: it is let go. */
LoftHandler *loft_deliveries_announce      (LoftDeliveries *deliveries);

/* Who gets the reports. Those that are on their way go to whom they find when they arrive. Gives
 * who leaves the slot: the one before, or @handler itself, if none can come any more. */
LoftHandler *loft_deliveries_set_progress  (LoftDeliveries *deliveries, gboolean ended,
                                            LoftHandler *handler);
/* NULL: nobody; or too late */
LoftHandler *loft_deliveries_dup_progress  (LoftDeliveries *deliveries, gboolean *out_in_time);
/* For a call, which drops the handler's data afterwards; NULL: nobody. */
LoftHandler *loft_deliveries_dup_callee    (LoftDeliveries *deliveries);
void         loft_deliveries_report_arrived (LoftDeliveries *deliveries);
LoftDeliveryFate loft_deliveries_post_report (LoftDeliveries *deliveries, LoftDispatcher *home,
                                            LoftLane lane, LoftWorkItem *item);
LoftDeliveryFate loft_deliveries_post_report_to_mta (LoftDeliveries *deliveries,
                                                     LoftWorkItem *item);
void         loft_deliveries_drain_report  (LoftDeliveries *deliveries);

/* The outbox to the MTA. Who appends the first item must see to it: here if this thread is in the
 * MTA, else on the pool. */
gboolean     loft_deliveries_append        (LoftDeliveries *deliveries, LoftWorkItem *item);
void         loft_deliveries_drain         (LoftDeliveries *deliveries);
void         loft_deliveries_drain_elsewhere (LoftDeliveries *deliveries);

/* Around what runs while this thread sees to it: so that it can be handed over. */
void         loft_deliveries_enter         (LoftDrainFrame *frame, LoftDeliveries *deliveries);
void         loft_deliveries_leave         (LoftDrainFrame *frame);
void         loft_deliveries_hand_over     (LoftDrainFrame *frame);

void         loft_deliveries_clear         (LoftDeliveries *deliveries);
