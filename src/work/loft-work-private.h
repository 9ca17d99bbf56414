/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWork: a posted piece of work that is also an async object. The action and its queue node are
 * one allocation. */

#pragma once

#include "async/loft-async-base-private.h"

typedef struct _LoftWork      LoftWork;
typedef struct _LoftWorkClass LoftWorkClass;

#define LOFT_TYPE_WORK (loft_work_get_type ())
#define LOFT_WORK(obj)    ((LoftWork *) (obj))
#define LOFT_IS_WORK(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), LOFT_TYPE_WORK))
GType loft_work_get_type (void);

/* How the handler of the work is called, and what its return value means. */
typedef enum {
  LOFT_WORK_ACTION,      /* LoftWorkHandler */
  LOFT_WORK_IDLE,        /* LoftIdleHandler */
  LOFT_WORK_OPERATION,   /* LoftOperationHandler */
  LOFT_WORK_TRY,         /* LoftWorkHandler; an operation of boolean: whether it ran */
  LOFT_WORK_TRY_IDLE,    /* LoftIdleHandler; the same */
  LOFT_WORK_NESTED,      /* LoftNestedHandler */
  LOFT_N_WORK_KINDS,
} LoftWorkKind;

/* Where the work runs, and other properties of it. */
typedef enum {
  LOFT_WORK_ON_POOL = 1 << 0,     /* otherwise it runs on a dispatcher */
  LOFT_WORK_ACCOMPANIED = 1 << 1, /* it has, or had, a companion */
  LOFT_WORK_OWNED = 1 << 2,       /* its owner is held while it runs */
  LOFT_WORK_GIVES_VALUE = 1 << 3, /* its form takes a value type */
  LOFT_WORK_REPORTS = 1 << 4,     /* its form takes a progress type */
  LOFT_WORK_SLICED = 1 << 5,      /* it has a thread of its own */
  LOFT_WORK_FULL = 1 << 6,        /* of a request: part of a LoftFullRequest */
} LoftWorkFlags;

struct _LoftWork
{
  LoftAsyncBase parent_instance;

  LoftWorkItem item;

  /* constant after init */
  /* Work on a dispatcher: that dispatcher. It is unowned, because the dispatcher exists while the
   * work waits and runs. Work on the pool: the poster's home, held, or NULL. */
  LoftDispatcher *target;
  GCallback handler;
  gpointer user_data;
  /* atomic: taken once; NULL: there is none, or it was taken */
  GDestroyNotify destroy;
  /* atomic: which node of the work counts; more than 0 once the work was moved to another lane */
  guint32 generation;
  /* constant after init */
  guint8 kind;
  guint8 flags;
  /* consumer only: whether the work has begun to run, and so releases its data itself */
  guint8 begun;
};

struct _LoftWorkClass
{
  LoftAsyncBaseClass parent_class;
};

/* The arguments of a posting form. */
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

/* Initializes the request of a posting form from its parameters. All forms name them handler,
 * user_data, destroy, location and function. Initializers of more fields may follow. */
#define LOFT_WORK_REQUEST(kind_, ...)                                                              \
  {                                                                                                \
    .kind = (kind_), .handler = G_CALLBACK (handler), .user_data = user_data, .destroy = destroy,  \
    .site = { location, function }, __VA_ARGS__                                                    \
  }

/* Logs what is wrong with a request, and releases its data, because the caller has handed it
 * over. */
void      loft_work_request_reject (const LoftWorkRequest *request, int priority,
                                    LoftPriority lowest, const char *function);

/* Checks the arguments of a posting form. Returns FALSE if the request was rejected. */
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

/* Returns a new work in the phase QUEUED, with one reference. */
LoftWork *loft_work_new            (const LoftWorkRequest *request);

/* Runs the work now, on this thread. Consumes a reference. */
void      loft_work_run            (LoftWork *self, LoftDispatcher *dispatcher);

/* Ends a work that was refused: Canceled, SHUT_DOWN, or for a try form Completed with FALSE.
 * Releases its data on this thread. The caller keeps its reference. */
void      loft_work_refuse         (LoftWork *self);

/* Ends a queued work that never runs, in the same way. Consumes the queue's reference. */
void      loft_work_drop           (LoftWork *self);

/* Returns whether the work still waits on @dispatcher. */
gboolean  loft_work_waits_on       (LoftWork *self, LoftDispatcher *dispatcher);

/* Moves the work to the end of another lane of its dispatcher. Returns FALSE if it has begun or
 * ended, or if the dispatcher has closed. */
gboolean  loft_work_move           (LoftWork *self, LoftLane lane);

/* LoftWorkCompanion: belongs to a work that does not wait in a lane, but for its time or for a
 * place among other work. The posting form attaches the companion to the work. The companion's
 * class says how such work differs from other work. */
typedef struct
{
  /* The work has ended before its turn. Called on the thread that ended it, with no lock held. */
  void     (*ended_unrun) (LoftWork *work);
  /* The work is finalized while it still has the companion. NULL: this never happens. */
  void     (*finalized)   (LoftWork *work);
  /* Returns whether the waiting work can never begin, because it has to wait for the calling thread
   * or for objects of which @hopeless says that they never end. NULL: it waits for neither. */
  gboolean (*holds_up)    (LoftWork *work, gboolean (*hopeless) (LoftAsyncInfo *info));
} LoftWorkCompanionClass;

typedef struct
{
  const LoftWorkCompanionClass *klass;
} LoftWorkCompanion;

LoftWorkCompanion *loft_work_get_companion   (LoftWork *self);
LoftWorkCompanion *loft_work_steal_companion (LoftWork *self);
void               loft_work_set_companion   (LoftWork *self, LoftWorkCompanion *companion);
