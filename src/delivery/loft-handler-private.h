/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftHandler: a completed handler, an observer, a continuation or a progress handler, with all
 * that is needed to run it once at its home. */

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
  LOFT_HANDLER_WAITER,       /* wakes a thread; the first of those that run inline; must be quick */
  LOFT_HANDLER_OBSERVER,     /* runs on the thread that ends the object */
  LOFT_HANDLER_WATCHER,      /* the same, but it does not look at the outcome */
  LOFT_HANDLER_BYSTANDER,    /* the same, for Loft's bookkeeping: nobody waits for it */
  LOFT_HANDLER_CONTINUATION,
  LOFT_HANDLER_PROGRESS,
} LoftHandlerKind;

/* Called on the pool for a continuation whose home is gone. */
typedef void (*LoftHandlerDropped) (LoftAsyncInfo *sender, gpointer user_data);

/* Frees the memory of a handler that is a part of something else. */
typedef void (*LoftHandlerFree) (LoftHandler *handler);

/* The fields are in the order in which they are used, because a handler moves from one processor to
 * another on the way to its home: first what delivers it, then what runs it. */
struct _LoftHandler
{
  /* Its place in its home's lane. It is used once, and in progress handlers not at all. */
  LoftWorkItem item;

  /* constant once on the way */
  LoftAsyncInfo *sender;           /* strong */
  LoftValueBox *outcome;           /* the result or the error; NULL: neither */
  LoftDeliveries *deliveries;      /* the sender's; NULL for a foreign sender */
  LoftAsyncStatus status;          /* the final one */

  /* atomic */
  gint refs;                       /* more than one: reports of progress on their way */

  /* constant after init, except for `to.destroy` */
  LoftRecipient to;                /* agile: it runs on the thread that delivers it */
  LoftHandlerDropped dropped;
  LoftHandlerFree free;            /* NULL: its memory is its own */
  LoftHandlerKind kind;
  /* Its home's thread may remove it even while it is on its way: see loft_deliveries_disarm (). Not
   * constant: it is set before the handler is added, and cleared under the deliveries' lock when
   * the handler leaves their `removable` list. Only the thread that has the handler at that time
   * reads or writes it. */
  gboolean removable;
  /* It passes an error on to another object, so it does not count as looking at the error. */
  gboolean passes_on;

  /* Its place in a list. Before the end this is its object's list, under that object's lock: see
   * loft-observers.c. The end takes all handlers out, and the links then belong to the thread that
   * announces it. While a removable handler is on its way, it is in the deliveries' `removable`
   * list, under their lock. */
  LoftHandler *next, *previous;
  guint64 id;                      /* set under the object's lock, before it is on its way */

  /* atomic */
  /* Of a progress handler: one for its slot, one for each call that runs, and one for each report
   * of a foreign sender. */
  gint data_refs;
  /* A foreign sender's progress handler was replaced, or a removable handler was removed. */
  gint disconnected;
  gint has_lost;                   /* a report was not delivered */

  /* under lock */
  LoftLock lock;
  gboolean latest;                 /* constant after init */
  /* With `latest`: the report on its way, which takes over newer values. */
  LoftReport *pending;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftHandler, item) == 0);

/* A report of progress, or the end, that is being delivered on this thread. While a report is
 * delivered, get_results () returns the report's snapshot. */
struct _LoftReportFrame
{
  LoftReportFrame *outer;
  LoftAsyncInfo   *info;
  const GValue    *provisional;  /* NULL: none was set when it was reported */
  gboolean         at_end;       /* it is the end and not a report */
  LoftValueBox    *outcome;      /* at the end: holds its error or its result; or NULL */
  const GError    *error;        /* at the end: its error, or NULL */
  const GValue    *result;       /* at the end: its result, or NULL */
};

/* Whether the code that set the handler looks at the outcome. If it does, an error is handled. */
static inline gboolean
loft_handler_looks_at_outcome (LoftHandler *handler)
{
  return handler->kind != LOFT_HANDLER_WATCHER && handler->kind != LOFT_HANDLER_BYSTANDER &&
         !handler->passes_on;
}

/* The handler's home is that of the calling thread, unless it is @agile. */
LoftHandler *loft_handler_new     (LoftHandlerKind kind,
                                   gboolean        agile,
                                   GCallback       callback,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy);
/* The same, in memory whose bytes are all 0. */
void         loft_handler_init    (LoftHandler    *handler,
                                   LoftHandlerKind kind,
                                   gboolean        agile,
                                   GCallback       callback,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy);
LoftHandler *loft_handler_ref     (LoftHandler *handler);
void         loft_handler_unref   (LoftHandler *handler);

/* Drops a reference to a progress handler's data, when the handler is replaced or a call of it has
 * returned. The last one releases the data at the handler's home, even if reports are still on
 * their way. */
void         loft_handler_drop_data (LoftHandler *handler);

/* Drops the slot's references to a progress handler and to its data. NULL: the slot was empty. */
void         loft_handler_leave_slot (LoftHandler *handler);

/* Calls the handler now, on this thread. */
void         loft_handler_call    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome);

/* Calls @callback as if @sender had ended with @error, which is taken. */
void         loft_delivery_call_with_error (LoftCompletedHandler callback, LoftAsyncInfo *sender,
                                            gpointer user_data, GError *error);
