/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A handler: a completed handler, an observer, a continuation or a progress handler, with what it
 * needs to run once at the right place. */

#pragma once

#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "dispatcher/loft-recipient-private.h"
#include "delivery/loft-value-box-private.h"

typedef struct _LoftHandler    LoftHandler;
typedef struct _LoftReport     LoftReport;
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

/* In the order in which its way home needs it, since it goes from processor to processor: what
 * brings it, and what runs it. */
struct _LoftHandler
{
  /* Its place in its home's lane; used once, progress handlers never. */
  LoftWorkItem item;

  /* constant once on the way */
  LoftAsyncInfo *sender;           /* strong */
  LoftValueBox *outcome;           /* the result or the error; NULL: neither */
  LoftDeliveries *deliveries;      /* the sender's; NULL for a foreign sender */
  LoftAsyncStatus status;          /* the final one */

  /* atomic */
  gint refs;                       /* more than one: reports of progress on their way */

  /* constant after init */
  LoftRecipient to;                /* agile: it runs where it is delivered from */
  LoftHandlerDropped dropped;
  LoftHandlerKind kind;
  /* Also on its way, at its home, until it arrives: see loft_deliveries_disarm. */
  gboolean removable;
  /* An error, to another object: it is for those to look at who look at that. */
  gboolean passes_on;

  /* In its object's list, under that object's lock; see loft-observers.c. */
  LoftHandler *next, *previous;
  guint64 id;                      /* the same */

  /* atomic */
  /* Of a progress handler: its slot's, and of each call that runs. */
  gint data_refs;
  /* Of a foreign sender's progress handler: replaced; of a removable one: removed. */
  gint disconnected;
  gint has_lost;                   /* a report did not come home */

  /* under lock */
  LoftLock lock;
  gboolean latest;                 /* constant after init */
  /* With latest: the report on its way, whose value is exchanged. */
  LoftReport *pending;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftHandler, item) == 0);

/* A report of progress, or the end, that is being delivered on this thread: a report's snapshot
 * answers get_results (). */
struct _LoftReportFrame
{
  LoftReportFrame *outer;
  LoftAsyncInfo   *info;
  const GValue    *provisional;  /* NULL: none was set when it was reported */
  gboolean         at_end;       /* no report but the end */
  LoftValueBox    *outcome;      /* at the end: of its error or its result; or NULL */
  const GError    *error;        /* at the end: its error, or NULL */
  const GValue    *result;       /* at the end: its result, or NULL */
};

/* Whether who set it looks at the outcome: then an error is not unhandled. */
static inline gboolean
loft_handler_looks_at_outcome (LoftHandler *handler)
{
  return handler->kind != LOFT_HANDLER_WATCHER && handler->kind != LOFT_HANDLER_BYSTANDER &&
         !handler->passes_on;
}

/* Takes the thread's home, unless @agile. */
LoftHandler *loft_handler_new     (LoftHandlerKind kind,
                                   gboolean        agile,
                                   GCallback       callback,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy);
LoftHandler *loft_handler_ref     (LoftHandler *handler);
void         loft_handler_unref   (LoftHandler *handler);

/* A progress handler was replaced, or a call of it returned: the last lets its data go at home,
 * whatever is still on its way. */
void         loft_handler_drop_data (LoftHandler *handler);

/* It leaves its slot, with its data and the slot's reference; NULL: nothing was there. */
void         loft_handler_leave_slot (LoftHandler *handler);

/* Calls it, now, on this thread. */
void         loft_handler_call    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome);

/* Calls @callback as it would be at an end by @error, which is taken. */
void         loft_delivery_call_with_error (LoftCompletedHandler callback, LoftAsyncInfo *sender,
                                            gpointer user_data, GError *error);
