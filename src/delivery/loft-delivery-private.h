/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers, and how they get home: a completed handler, an observer, a continuation or a progress handler, with what
 * it needs to run once at the right place. */

#pragma once

#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "dispatcher/loft-home-private.h"

typedef struct _LoftHandler    LoftHandler;
typedef struct _LoftReport     LoftReport;
typedef struct _LoftValueBox   LoftValueBox;
typedef struct _LoftDeliveries LoftDeliveries;

typedef enum {
  LOFT_HANDLER_COMPLETED,
  LOFT_HANDLER_WAITER,       /* wakes a thread; first of the inline ones, must be quick */
  LOFT_HANDLER_OBSERVER,     /* on the thread that ends the object */
  LOFT_HANDLER_WATCHER,      /* the same, of the end alone: the outcome is for others to look at */
  LOFT_HANDLER_BYSTANDER,    /* the same, for Loft's own bookkeeping: nobody waits for it */
  LOFT_HANDLER_CONTINUATION,
  LOFT_HANDLER_PROGRESS,
} LoftHandlerKind;


/* What a continuation does when its home is gone; runs on the pool. */
typedef void (*LoftHandlerDropped) (LoftAsyncInfo *sender, gpointer user_data);

/* In the order in which its way home needs it, since it goes from processor to processor: what brings it, and what runs it. */
struct _LoftHandler
{
  LoftWorkItem item;               /* its place in its home's lane; used once, progress handlers never */

  /* constant after init */
  LoftDispatcher *home;            /* held; NULL: the MTA */

  /* constant once on the way */
  LoftAsyncInfo *sender;           /* strong */
  LoftValueBox *outcome;           /* the result or the error; NULL: neither */
  LoftDeliveries *deliveries;      /* the sender's; NULL for a foreign sender */
  LoftAsyncStatus status;          /* the final one */

  /* atomic */
  gint refs;                       /* more than one: reports of progress on their way */

  /* constant after init */
  GCallback callback;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftHandlerDropped dropped;
  LoftHandlerKind kind;
  gboolean agile;                  /* runs where it is delivered from, home is NULL */
  gboolean removable;              /* also on its way, at its home, until it arrives: see loft_deliveries_disarm */
  gboolean passes_on;              /* an error, to another object: it is for those to look at who look at that */

  LoftHandler *next, *previous;    /* in its object's list, under that object's lock; see loft-observers.c */
  guint64 id;                      /* the same */

  /* atomic */
  gint data_refs;                  /* of a progress handler: its slot's, and of each call that runs */
  gint disconnected;               /* of a foreign sender's progress handler: replaced; of a removable one: removed */
  gint has_lost;                   /* a report did not come home */

  /* under lock */
  LoftLock lock;
  gboolean latest;                 /* constant after init */
  LoftReport *pending;             /* with latest: the report on its way, whose value is exchanged */
};

/* Whether who set it looks at the outcome: then an error is not unhandled. */
static inline gboolean
loft_handler_looks_at_outcome (LoftHandler *handler)
{
  return handler->kind != LOFT_HANDLER_WATCHER && handler->kind != LOFT_HANDLER_BYSTANDER && !handler->passes_on;
}

/* Takes the thread's home, unless @agile. */
LoftHandler *loft_handler_new     (LoftHandlerKind kind,
                                   gboolean        agile,
                                   GCallback       callback,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy);
void         loft_handler_unref   (LoftHandler *handler);
/* A progress handler was replaced, or a call of it returned: the last lets its data go at home, whatever is still on
 * its way. */
void         loft_handler_drop_data (LoftHandler *handler);
/* It leaves its slot, with its data and the slot's reference; NULL: nothing was there. */
void         loft_handler_leave_slot (LoftHandler *handler);
LoftHandler *loft_handler_ref     (LoftHandler *handler);

/* What became of it. */
typedef enum {
  LOFT_HANDLER_QUEUED,
  LOFT_HANDLER_FIRST,     /* to the MTA's outbox, which nobody sees to yet: loft_deliveries_drain must be called */
  LOFT_HANDLER_HOME_GONE, /* still the caller's, for loft_handler_lose */
} LoftHandlerFate;

/* Brings a completed handler, observer or continuation home; takes @handler. No lock held. At once when agile, or when
 * home is the MTA, this thread is in it and nothing of the object is on its way there; else posted. */
void         loft_handler_deliver (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* The same, never on this thread at once: to the pool if need be. Not for agile ones. */
void         loft_handler_post    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* Calls it, now, on this thread. */
void         loft_handler_call    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome);

/* Calls @callback as it would be at an end by @error, which is taken. */
void         loft_delivery_call_with_error (LoftCompletedHandler callback, LoftAsyncInfo *sender, gpointer user_data,
                                            GError *error);
/* The same in steps, of which this one runs nobody's code. */
LoftHandlerFate loft_handler_queue (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* What somebody waits for goes on, on the pool; the rest is counted and its data released here. */
void         loft_handler_lose    (LoftHandler *handler);

/* For the log: what was lost on the way, because its home is gone; counted by the caller. */
void         loft_delivery_log_lost (const char *what, LoftAsyncInfo *sender);

/* Where a sender was asked for; (transfer full), NULL: nobody knows. What a sender is is known above. */
typedef char *(*LoftDeliveryPlaceFunc) (LoftAsyncInfo *sender);
void         loft_delivery_set_place_func (LoftDeliveryPlaceFunc func);

/* Brings a report home. No lock held; @value is copied. FALSE: the end was announced before, and it is dropped. */
gboolean     loft_handler_report  (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   const GValue    *value,
                                   LoftValueBox    *provisional,
                                   LoftLane         lane);

/* How much is on its way to one home. */
typedef struct _LoftInFlight
{
  struct _LoftInFlight *next;
  LoftDispatcher *home; /* only compared: its deliveries hold it; changed only when there are none */
  gsize count;          /* of the first one atomic: taken off without the lock */
} LoftInFlight;

/* What is on its way from one object: how much to which home, and the queue of what goes to the MTA from a thread that
 * must not run it. */
struct _LoftDeliveries
{
  LoftLock lock;
  /* under lock */
  LoftInFlight in_flight;          /* to one home, which is all that most objects have; and a list of the others */
  LoftWorkItem *outbox_first;
  LoftWorkItem *outbox_last;
  gboolean draining;               /* a thread is emptying the outbox, or runs a report */
  gboolean announced;              /* the end: no report is posted from here on */
  LoftHandler *progress;           /* who gets the reports when they arrive; NULL: nobody */
  gsize reports;                   /* on their way to it */
  LoftHandler *removable;          /* that are on their way, and may yet be removed */
  gpointer owner;                  /* constant after init; unowned: the GObject that they are part of */
};

/* What became of a report. */
typedef enum {
  LOFT_REPORT_POSTED,
  LOFT_REPORT_DRAIN,     /* and loft_deliveries_drain_report must be called */
  LOFT_REPORT_TOO_LATE,  /* still the caller's */
  LOFT_REPORT_OVERTAKEN, /* the same; what it said goes with the one that is on its way */
  LOFT_REPORT_HOME_GONE, /* the same */
} LoftReportFate;

void         loft_deliveries_sent          (LoftDeliveries *deliveries, LoftDispatcher *home);
void         loft_deliveries_arrived       (LoftDeliveries *deliveries, LoftDispatcher *home);
gboolean     loft_deliveries_has_in_flight (LoftDeliveries *deliveries, LoftDispatcher *home);
/* Removes a removable handler that is on its way, if this thread is its home: it is not called. */
gboolean     loft_deliveries_disarm        (LoftDeliveries *deliveries, guint64 id);
void         loft_deliveries_note_removable (LoftDeliveries *deliveries, LoftHandler *handler);
void         loft_deliveries_forget_removable (LoftDeliveries *deliveries, LoftHandler *handler);
/* Gives the progress handler, if no report is on its way to it: it is let go. */
LoftHandler *loft_deliveries_announce      (LoftDeliveries *deliveries);

/* Who gets the reports. Those that are on their way go to whom they find when they arrive. Gives who leaves the slot:
 * the one before, or
 * @handler itself, if none can come any more. */
LoftHandler *loft_deliveries_set_progress  (LoftDeliveries *deliveries, gboolean ended, LoftHandler *handler);
LoftHandler *loft_deliveries_dup_progress  (LoftDeliveries *deliveries, gboolean *out_in_time); /* NULL: nobody; or too late */
/* For a call, which drops the handler's data afterwards; NULL: nobody. */
LoftHandler *loft_deliveries_dup_callee    (LoftDeliveries *deliveries);
void         loft_deliveries_report_arrived (LoftDeliveries *deliveries);
LoftReportFate loft_deliveries_post_report (LoftDeliveries *deliveries, LoftDispatcher *home, LoftLane lane,
                                            LoftWorkItem *item);
LoftReportFate loft_deliveries_post_report_to_mta (LoftDeliveries *deliveries, LoftWorkItem *item);
void         loft_deliveries_drain_report  (LoftDeliveries *deliveries);

/* The outbox to the MTA. Who appends the first item must see to it: here if this thread is in the MTA, else on the pool. */
gboolean     loft_deliveries_append        (LoftDeliveries *deliveries, LoftWorkItem *item);
void         loft_deliveries_drain         (LoftDeliveries *deliveries);
void         loft_deliveries_drain_elsewhere (LoftDeliveries *deliveries);

/* Around what runs while this thread sees to it: so that it can be handed over. */
void         loft_deliveries_enter         (LoftDrainFrame *frame, LoftDeliveries *deliveries);
void         loft_deliveries_leave         (LoftDrainFrame *frame);
void         loft_deliveries_hand_over     (LoftDrainFrame *frame);

void         loft_deliveries_clear         (LoftDeliveries *deliveries);

/* A value that several threads may read, and that is released at its home. An error that goes on from object to object
 * is in one box for all of them: it is unhandled when the last has let go of it, and nobody has looked at it on any
 * branch. */
typedef struct _LoftUnhandled LoftUnhandled;

struct _LoftValueBox
{
  gint refs;             /* atomic */
  gint looked_at;        /* atomic */
  LoftUnhandled *unhandled; /* atomic, set once: who hears of it then; NULL: nobody need */
  GValue value;          /* constant after init */
  LoftDispatcher *home;  /* constant after init; strong or NULL */
};

LoftValueBox *loft_value_box_new   (const GValue *value, LoftDispatcher *home);
LoftValueBox *loft_value_box_new_for_error (GError *error, LoftDispatcher *home); /* takes @error */
const GError *loft_value_box_peek_error (LoftValueBox *box);                      /* NULL: it holds no error */
LoftValueBox *loft_value_box_ref   (LoftValueBox *box);
void          loft_value_box_unref (LoftValueBox *box);
void          loft_value_box_look_at (LoftValueBox *box);

/* One that had it, and at which nobody looked, dies: @home (NULL: the default one) is told, of what was asked for at
 * @site. */
void          loft_value_box_leave_unhandled (LoftValueBox *box, LoftDispatcher *home, const LoftCallSite *site);
