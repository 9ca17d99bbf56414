/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* All that Loft knows of a thread, in one struct behind one getter. Only the thread itself touches
 * its struct. */

#pragma once

#include <loft/loft.h>

/* loft_note_over () says that the program has shut Loft down or that the process ends. From then on
 * no thread of Loft's calls any code of the program. A thread of Loft's calls loft_stop_if_over ()
 * before it takes something to do, and after a handler has returned. That call then does not
 * return. */
void loft_note_over    (void);
void loft_stop_if_over (void);

typedef struct _LoftThread        LoftThread;

/* The frames that are on the thread's stack. Each is defined in the folder that puts it there. */
typedef struct _LoftDispatchFrame LoftDispatchFrame;
typedef struct _LoftRunFrame      LoftRunFrame;
typedef struct _LoftReportFrame   LoftReportFrame;
typedef struct _LoftDrainFrame    LoftDrainFrame;
typedef struct _LoftTellFrame     LoftTellFrame;

/* An async object whose handler is running on this thread. */
struct _LoftRunFrame
{
  LoftRunFrame  *outer;
  LoftAsyncInfo *info;
  gboolean       takes_work; /* the handler may set the object that `info` goes on with */
  LoftAsyncInfo *work;       /* that object, strong; NULL: none was set */
};

/* The slab that the thread cuts its queue nodes off: loft-slab.c. */
typedef struct
{
  struct _LoftSlab *slab;  /* NULL: none yet */
  char                  *next;
  char                  *end;
  gint                   cut;   /* how many nodes were cut off the slab so far */
  gboolean               ended; /* the thread is about to end */
} LoftSlabCutter;

/* What runs at once on the thread, nested, and what had to be queued because the nesting was too
 * deep: loft-trampoline.c. */
typedef struct
{
  guint  depth;
  GQueue queue; /* of LoftWorkItem */
} LoftTrampoline;

typedef enum {
  LOFT_TRAMPOLINE_DELIVERIES,
  LOFT_TRAMPOLINE_CANCELS,
  LOFT_N_TRAMPOLINES,
} LoftTrampolineKind;

struct _LoftThread
{
  /* the apartment that the thread entered */
  guint              apartment_count;
  LoftApartmentType  apartment;             /* while apartment_count > 0 */
  LoftDispatcher    *apartment_dispatcher;  /* strong; of an STA thread that had no context */
  GMainContext      *apartment_context;     /* that dispatcher's; NULL: there is none */

  GPtrArray         *private_homes;         /* of contexts that the thread has pushed; NULL: none */
  /* The private homes that are gone are removed when the array reaches this length. */
  guint              purge_homes_at;
  LoftSlabCutter     nodes;

  /* what is running */
  /* on a thread that runs the pool's items: the item that is running; NULL: none */
  struct _LoftWorkItem *item;
  gboolean runs_work;              /* `item` is work, which stays alive until it has ended */
  LoftDispatchFrame *dispatch;
  LoftRunFrame      *run;
  LoftReportFrame   *report;
  LoftDrainFrame    *drain;
  LoftTellFrame     *tell;
  LoftTrampoline     trampolines[LOFT_N_TRAMPOLINES];
  /* The thread runs items of the thread pool, or is the timers' thread, and is in the MTA for
   * ever. */
  gboolean           is_worker;
  /* The timers' thread: it is in the MTA, but runs none of the MTA's handlers. */
  gboolean           is_timers;
  /* One of the workers that the pool counts. Such a worker lends its place while it blocks. */
  gboolean           is_pooled;
  gboolean           is_main;               /* the process's first thread */
  gboolean           known;                 /* has been initialized */
};

LoftThread *loft_thread_get (void);

/* Returns whether the thread has accepted deliveries or cancels that it has not carried out yet. */
static inline gboolean
loft_thread_has_put_off (void)
{
  LoftThread *state = loft_thread_get ();

  return state->drain != NULL || state->trampolines[LOFT_TRAMPOLINE_DELIVERIES].queue.length > 0 ||
         state->trampolines[LOFT_TRAMPOLINE_CANCELS].queue.length > 0;
}

/* Returns whether @info's handler is running on this thread, at any depth. */
gboolean         loft_thread_is_running (LoftAsyncInfo *info);

/* Adds a function that is called when a thread that has a state ends. Each file that has something
 * to undo then adds its own function. */
typedef void   (*LoftThreadExitFunc) (LoftThread *state);
void             loft_thread_add_exit_func (LoftThreadExitFunc func);

/* Before a thread blocks or runs a loop, it hands over to other threads what it has put off,
 * because whoever it waits for may be waiting for exactly that. Each kind of work that can be put
 * off adds its function when it first puts something off. Any thread may add one. */
typedef void   (*LoftThreadHandOverFunc) (LoftThread *state);
void             loft_thread_add_hand_over_func (LoftThreadHandOverFunc func);
void             loft_thread_hand_over (void);

/* Returns the context that this thread runs: borrowed, NULL in the MTA. This is the one predicate:
 * a thread with a context is an STA, that context's dispatcher is its home, and the thread may
 * touch the objects that live there. */
GMainContext    *loft_thread_peek_context (void);

/* Returns whether this thread is in the MTA and may run the MTA's handlers. The timers' thread is
 * in the MTA but may not run them, because they may block. */
gboolean         loft_thread_runs_mta (void);

/* Returns whether some thread runs the default context, or would run it next. */
gboolean         loft_thread_default_context_is_run (void);

/* Notes that this thread has entered the MTA, or has left it. */
void             loft_thread_note_mta (gboolean entered);

/* Notes that this thread runs the default context. Called at every turn. */
void             loft_thread_note_default_runner (void);
