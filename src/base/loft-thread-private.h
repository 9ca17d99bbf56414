/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* All that Loft knows of a thread: one struct behind one getter. Touched by its own thread only. */

#pragma once

#include <loft/loft.h>

/* The program, or the process, is over: from here on no thread of Loft's calls anybody. A thread of
 * Loft's asks before it takes something to do, and when a handler has returned; it does not come
 * back then. */
void loft_note_over    (void);
void loft_stop_if_over (void);

typedef struct _LoftThread        LoftThread;

/* What is going on, on this thread's stack; each is known to the floor that puts it there. */
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
};

/* Where the thread's queue nodes come from: loft-slab.c. */
typedef struct
{
  struct _LoftSlab *slab;  /* NULL: none yet */
  char                  *next;
  char                  *end;
  gint                   cut;   /* how many of the slab so far */
  gboolean               ended; /* the thread is about to */
} LoftSlabCutter;

/* What runs at once on the thread, one in the other, and what came when that was too deep:
 * loft-trampoline.c. */
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

  GPtrArray         *private_homes;         /* of contexts that it has pushed; NULL: none */
  /* How many there must be before those that are gone are taken out. */
  guint              purge_homes_at;
  LoftSlabCutter     nodes;

  /* what is running */
  struct _LoftWorkItem *item;               /* of the thread pool, on a worker of it; NULL: none */
  gboolean runs_work;              /* that is work, which lives until it has ended */
  LoftDispatchFrame *dispatch;
  LoftRunFrame      *run;
  LoftReportFrame   *report;
  LoftDrainFrame    *drain;
  LoftTellFrame     *tell;
  LoftTrampoline     trampolines[LOFT_N_TRAMPOLINES];
  gboolean           is_worker;             /* runs work of the thread pool: in the MTA for ever */
  /* The timers' thread: in the MTA, and runs no handlers of it. */
  gboolean           is_timers;
  /* As one of the counted workers, which lend their place. */
  gboolean           is_pooled;
  gboolean           is_main;               /* the process's first thread */
  gboolean           known;                 /* has been initialized */
};

LoftThread *loft_thread_get (void);

/* Whether the thread has taken deliveries or cancels on itself that it has not got to. */
static inline gboolean
loft_thread_has_put_off (void)
{
  LoftThread *state = loft_thread_get ();

  return state->drain != NULL || state->trampolines[LOFT_TRAMPOLINE_DELIVERIES].queue.length > 0 ||
         state->trampolines[LOFT_TRAMPOLINE_CANCELS].queue.length > 0;
}

/* Whether @info's handler is running on this thread, at any depth. */
gboolean         loft_thread_is_running (LoftAsyncInfo *info);

/* Called when a thread that has a state ends; set by loft-apartment.c, which knows what to undo. */
typedef void   (*LoftThreadExitFunc) (LoftThread *state);
void             loft_thread_add_exit_func (LoftThreadExitFunc func);

/* What a thread has put off, and has not got to, others must be able to do before it blocks, or
 * runs a loop: whom it waits for may wait for just that. Each kind adds its function when it first
 * puts something off, on any thread. */
typedef void   (*LoftThreadHandOverFunc) (LoftThread *state);
void             loft_thread_add_hand_over_func (LoftThreadHandOverFunc func);
void             loft_thread_hand_over (void);

/* The context that this thread runs; borrowed, NULL in the MTA. The one predicate: a thread with a
 * context is an STA, that context's dispatcher is its home, and it may touch what lives there. */
GMainContext    *loft_thread_peek_context (void);

/* Whether this thread is in the MTA and may run its handlers. The timers' thread is in it and may
 * not: they may block. */
gboolean         loft_thread_runs_mta (void);

/* Whether some thread runs the default context, or is the one that would. */
gboolean         loft_thread_default_context_is_run (void);

/* This thread has entered the MTA, or left it. */
void             loft_thread_note_mta (gboolean entered);

/* This thread runs the default context; said at every turn. */
void             loft_thread_note_default_runner (void);
