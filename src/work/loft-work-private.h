/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A posted piece of work that is also an async object: action and queue node in one allocation. */

#pragma once

#include "async/loft-async-base-private.h"

typedef struct _LoftWork      LoftWork;
typedef struct _LoftWorkClass LoftWorkClass;

#define LOFT_TYPE_WORK (loft_work_get_type ())
#define LOFT_WORK(obj)    ((LoftWork *) (obj))
#define LOFT_IS_WORK(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), LOFT_TYPE_WORK))
GType loft_work_get_type (void);

/* How its handler is called and what its return means. */
typedef enum {
  LOFT_WORK_ACTION,      /* LoftWorkHandler */
  LOFT_WORK_IDLE,        /* LoftIdleHandler */
  LOFT_WORK_OPERATION,   /* LoftOperationHandler */
  LOFT_WORK_TRY,         /* LoftWorkHandler; an operation of boolean: did it run? */
  LOFT_WORK_TRY_IDLE,    /* LoftIdleHandler; the same */
  LOFT_WORK_NESTED,      /* LoftNestedHandler */
  LOFT_N_WORK_KINDS,
} LoftWorkKind;

/* Where it runs, and more about it. */
typedef enum {
  LOFT_WORK_ON_POOL = 1 << 0,     /* else on a dispatcher */
  LOFT_WORK_ACCOMPANIED = 1 << 1, /* it has, or had, a companion */
  LOFT_WORK_OWNED = 1 << 2,       /* its owner is held while it runs */
  LOFT_WORK_GIVES_VALUE = 1 << 3, /* a form that takes a value type */
  LOFT_WORK_REPORTS = 1 << 4,     /* a form that takes a progress type */
  LOFT_WORK_SLICED = 1 << 5,      /* it has a thread of its own */
  LOFT_WORK_FULL = 1 << 6,        /* of a request: it is a part of a LoftFullRequest */
} LoftWorkFlags;

struct _LoftWork
{
  LoftAsyncBase parent_instance;

  LoftWorkItem item;

  /* constant after init */
  /* Where it runs: that dispatcher, unowned, since it is there while the work waits and runs. On
   * the pool: the poster's home, held, or NULL. */
  LoftDispatcher *target;
  GCallback handler;
  gpointer user_data;
  /* atomic: taken once; NULL: there is none, or it was called */
  GDestroyNotify destroy;
  /* atomic: which of its nodes counts; more than 0 once it was moved to another lane */
  guint32 generation;
  /* constant after init */
  guint8 kind;
  guint8 flags;
  /* the consumer only: whether its handler was called, which releases the data itself */
  guint8 begun;
};

struct _LoftWorkClass
{
  LoftAsyncBaseClass parent_class;
};

/* What a posting form was given. */
typedef struct
{
  LoftWorkKind kind;
  LoftWorkFlags flags;
  LoftLane lane;
  LoftDispatcher *target;
  GCallback handler;
  gpointer user_data;
  GDestroyNotify destroy;
  GType value_type;      /* with LOFT_WORK_GIVES_VALUE, and of the try forms */
  GType progress_type;   /* with LOFT_WORK_REPORTS */
  LoftCallSite site;
} LoftWorkRequest;

/* The request of a posting form, out of its parameters: handler, user_data, destroy, location and
 * function, as all forms call them. More fields may follow. */
#define LOFT_WORK_REQUEST(kind_, ...)                                                              \
  {                                                                                                \
    .kind = (kind_), .handler = G_CALLBACK (handler), .user_data = user_data, .destroy = destroy,  \
    .site = { location, function }, __VA_ARGS__                                                    \
  }

/* Says what is wrong with a request, and releases its data, since that was handed over. */
void      loft_work_request_reject (const LoftWorkRequest *request, int priority,
                                    LoftPriority lowest, const char *function);

/* The guards of a posting form; FALSE: it was rejected. */
static inline gboolean
loft_work_request_check (const LoftWorkRequest *request,
                         int                    priority,
                         LoftPriority           lowest,
                         const char            *function)
{
  if (G_LIKELY (
        request->handler != NULL && priority >= (int) lowest && priority <= LOFT_PRIORITY_HIGH &&
        ((request->flags & LOFT_WORK_GIVES_VALUE) == 0 || G_TYPE_IS_VALUE (request->value_type)) &&
        ((request->flags & LOFT_WORK_REPORTS) == 0 || G_TYPE_IS_VALUE (request->progress_type))))
    return TRUE;

  loft_work_request_reject (request, priority, lowest, function);
  return FALSE;
}

/* A new work, Queued, with one reference. */
LoftWork *loft_work_new            (const LoftWorkRequest *request);

/* Runs it now, on this thread; consumes a reference. */
void      loft_work_run            (LoftWork *self, LoftDispatcher *dispatcher);

/* It was refused: ends it Canceled, SHUT_DOWN (a try form: Completed, FALSE), and releases its data
 * here. Keeps the caller's reference. */
void      loft_work_refuse         (LoftWork *self);

/* Never runs: as above, consuming the queue's reference. */
void      loft_work_drop           (LoftWork *self);

/* Whether it still waits on @dispatcher. */
gboolean  loft_work_waits_on       (LoftWork *self, LoftDispatcher *dispatcher);

/* Puts it at the end of another lane of its dispatcher. */
gboolean  loft_work_move           (LoftWork *self, LoftLane lane);

/* Where a work waits when that is not a lane: for its time, or for a place among others. Its form
 * attaches it, and what it does differently from other work is in its class. */
typedef struct
{
  /* The work has ended before its turn; on the thread that ended it, no lock held. */
  void     (*ended_unrun) (LoftWork *work);
  /* The work is finalized, and still has it; NULL: it never has. */
  void     (*finalized)   (LoftWork *work);
  /* Whether the work, which waits, only begins after what @hopeless says never ends; NULL: it does
   * not. */
  gboolean (*holds_up)    (LoftWork *work, gboolean (*hopeless) (LoftAsyncInfo *info));
} LoftWorkCompanionClass;

typedef struct
{
  const LoftWorkCompanionClass *klass;
} LoftWorkCompanion;

LoftWorkCompanion *loft_work_get_companion   (LoftWork *self);
LoftWorkCompanion *loft_work_steal_companion (LoftWork *self);
void               loft_work_set_companion   (LoftWork *self, LoftWorkCompanion *companion);
