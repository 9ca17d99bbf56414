/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher's place in its GMainContext.
 *
 *   loft-loop-source.c   the GSources: when each is ready, the fence and the share; the only file
 *                        that knows GSource
 *   loft-loop.c          posting, waking, what is due later, what runs in a slice, and the end
 *
 * The LoftLoop is a struct of its own, counted, so that sources which the context is looking at
 * outlive a dispatcher that another thread lets go. */

#pragma once

#include "base/loft-clock-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-timer-heap-private.h"
#include "queue/loft-work-queue-private.h"
#include "loop/loft-deferral-private.h"

typedef struct _LoftLoop      LoftLoop;
typedef struct _LoftLoopTimer LoftLoopTimer;
typedef struct _LoftLoopFrame LoftLoopFrame;

/* Something that is due later. Either function runs with the timer out of the heap, and consumes
 * what the heap held. */
struct _LoftLoopTimer
{
  LoftTimerEntry entry;
  void (*due) (LoftLoopTimer *timer);  /* on the dispatcher's thread: hands it on to a lane */
  void (*stop) (LoftLoopTimer *timer); /* the dispatcher ends, and it never will be due */
  /* What is due, to be named at exit; NULL: nothing that would be missed. */
  LoftWorkItem *item;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftLoopTimer, entry) == 0);

/* Whoever turns the loop and must be let return in time: loft-event-loop.c. They nest. */
struct _LoftLoopFrame
{
  LoftLoopFrame *outer;
  /* Of GLib's dispatches around it: what runs deeper, runs in somebody else's loop. */
  gint depth;
  guint processes;         /* process_events: its number, not 0; else run_event_loop */
  gboolean listens;        /* an exit ends it */
  gboolean left;           /* it was told to end */
  gsize quota;             /* how many items it lets run; G_MAXSIZE: any number */
  LoftDeferralState *deferral; /* keeps it running; a reference, or NULL */
};

/* The slice that a dispatcher is running on this thread; nested when a handler runs a loop of its
 * own. */
struct _LoftDispatchFrame
{
  LoftDispatchFrame *outer;
  gpointer           loop;       /* the LoftLoop, only compared */
  GMainContext      *context;    /* its context, only compared; NULL: the default one */
  LoftDispatcher    *dispatcher; /* its dispatcher, only compared */
  /* The same if it is the one that its context has, which this thread owns, and held while it runs;
   * or NULL. */
  LoftDispatcher    *home;
  gboolean           takes;      /* it takes the loop's items: no other thread does meanwhile */
  LoftPriority       priority;   /* of the running item, or what it made of it */
  gint64             slice_end;  /* monotonic µs */
};

typedef enum {
  LOFT_SOURCE_TIMER = LOFT_LANE_TIMER,
  LOFT_SOURCE_IDLE = LOFT_LANE_IDLE,
  LOFT_SOURCE_LOW = LOFT_LANE_LOW,
  LOFT_SOURCE_NORMAL = LOFT_LANE_NORMAL,
  LOFT_SOURCE_HIGH = LOFT_LANE_HIGH,
  LOFT_SOURCE_FENCE,
  LOFT_SOURCE_LATER,
  LOFT_N_SOURCES,
} LoftSourceKind;

struct _LoftLoop
{
  /* constant after init */
  /* Unowned: the dispatcher holds it, and who posts holds the dispatcher. */
  GMainContext *context;
  LoftDispatcher *dispatcher;  /* unowned: items hold it */
  gboolean immortal;
  gboolean is_default;
  gboolean is_found;           /* its dispatcher is the one that others find for the context */
  GSource *sources[LOFT_N_SOURCES]; /* until loft_loop_destroy */

  /* atomic */
  gint refs;
  gint refuses;      /* users' posts; Loft's own deliveries still come */
  gint closed;       /* all posts */
  gint64 slice;      /* plain values, µs */
  gint64 wait_limit;
  /* Of the time, in thousandths, that the dispatcher has at least; a plain value. */
  gint share;
  gint64 next_due;   /* of the heap, written under lock; LOFT_NO_TIMER */
  /* Only compared: the LoftThread that has pushed the context, and will end it; NULL: none. */
  gpointer pushed_on;
  /* written by the owner thread: the number of the process_events that runs; 0: none */
  guint processing;

  /* atomic: see loft-loop-source.c */
  gint asleep __attribute__ ((aligned (64)));

  /* atomic, written by the owner thread: its pthread_t, which is a number or an address wherever
   * GLib runs, while it takes items; or 0 */
  guintptr taker;

  /* lanes: see there */
  LoftWorkQueue queue;

  /* owner thread only: whichever runs the context */
  gint64 consumed;
  gboolean paused;
  guint paused_turns;
  gint64 waits_since;  /* since when others run and something waits; 0: nothing does */
  gboolean share_due;  /* by what the others took, the dispatcher is due */
  gint64 grant;        /* the slice that makes up for it; 0: the ordinary one */
  gboolean peeking;  /* is_idle is looking at the context */
  LoftLoopFrame *frames; /* who turns the loop, innermost first */
  guint last_processing;
  /* To be called once when no item of this loop is running; NULL. */
  void (*at_rest) (LoftDispatcher *dispatcher);

  /* under lock */
  LoftLock timers_lock;
  LoftTimerHeap timers;
  gboolean timers_stopped; /* for ever */

  /* atomic: plain counters, of the bounded posts that wait in each lane; see
   * loft-dispatcher-enqueue.c */
  guint bounded[LOFT_N_LANES];
};

#define LOFT_NO_TIMER G_MAXINT64

/* What became of a timer that was set. */
typedef enum {
  LOFT_TIMER_REFUSED, /* the loop has ended, or is about to */
  LOFT_TIMER_ADDED,
  LOFT_TIMER_MOVED,   /* it was in the heap already */
} LoftSetTimer;

LoftLoop    *loft_loop_new             (GMainContext *context, LoftDispatcher *dispatcher);

/* Right after that: its dispatcher lives for ever, and items need not hold it. */
void         loft_loop_make_immortal   (LoftLoop *loop);
void         loft_loop_destroy         (LoftLoop *loop);

/* Any thread that holds the dispatcher. */
gboolean     loft_loop_post            (LoftLoop *loop, LoftLane lane, LoftWorkItem *item,
                                        LoftPusher pusher);
void         loft_loop_note_dead       (LoftLoop *loop, LoftLane lane);
gboolean     loft_loop_add_timer       (LoftLoop *loop, LoftLoopTimer *timer, gint64 due);
gboolean     loft_loop_remove_timer    (LoftLoop *loop, LoftLoopTimer *timer);
LoftSetTimer loft_loop_set_timer       (LoftLoop *loop, LoftLoopTimer *timer, gint64 due);
gboolean     loft_loop_is_closed       (LoftLoop *loop);
gint64       loft_loop_get_slice       (LoftLoop *loop);
void         loft_loop_set_slice       (LoftLoop *loop, gint64 slice);
int          loft_loop_get_share       (LoftLoop *loop); /* thousandths */
void         loft_loop_set_share       (LoftLoop *loop, int share);
gint64       loft_loop_get_wait_limit  (LoftLoop *loop);
void         loft_loop_set_wait_limit  (LoftLoop *loop, gint64 limit);

/* The dispatcher's thread. */
LoftDispatchFrame *loft_loop_peek_frame (LoftLoop *loop);
gboolean     loft_loop_has_any         (LoftLoop *loop);
gsize        loft_loop_count           (LoftLoop *loop);
gboolean     loft_loop_frame_is_done   (LoftLoopFrame *frame);
gboolean     loft_loop_has_above       (LoftLoop *loop, LoftLane lane, gboolean or_equal);
gboolean     loft_loop_is_idle         (LoftLoop *loop);

/* Calls @func when no item of this loop is running: at once, or when the outermost slice has
 * ended. */
void         loft_loop_when_at_rest    (LoftLoop *loop, void (*func) (LoftDispatcher *dispatcher));

/* Around a handler that runs at home at once: see loft-home-private.h. */
void         loft_loop_enter_handler   (LoftLoop *loop, LoftDispatchFrame *frame, LoftLane lane);
void         loft_loop_leave_handler   (LoftLoop *loop, LoftDispatchFrame *frame);

/* A slice of lanes from @lowest up; and, for the end, so many items. */
void         loft_loop_dispatch_lane   (LoftLoop *loop, LoftLane lowest);
gint64       loft_loop_note_waiting    (LoftLoop *loop);
void         loft_loop_look_at_share   (LoftLoop *loop);
void         loft_loop_dispatch_later  (LoftLoop *loop);

static inline gboolean
loft_loop_lane_has (LoftLoop *loop,
                    LoftLane  which)
{
  LoftWorkLane *lane = &loop->queue.lanes[which];

  return lane->first != NULL || lane->swept_first != NULL || loft_work_lane_has (lane);
}

/* The end, on the dispatcher's thread, in steps: users' posts are refused; what is due goes to its
 * lane, and the other timers are stopped; what was accepted runs, and what comes home meanwhile;
 * that is refused, too, and the rest runs. */
void         loft_loop_refuse          (LoftLoop *loop);
gboolean     loft_loop_refuses         (LoftLoop *loop);
void         loft_loop_stop_timers     (LoftLoop *loop);
void         loft_loop_run_rounds      (LoftLoop *loop);
void         loft_loop_run_rest        (LoftLoop *loop);

/* The next timer of a loop whose timers are stopped, due or not. */
LoftLoopTimer *loft_loop_pop_timer     (LoftLoop *loop);

/* At exit: closes it at once, with its timers, and takes the next item without running it, from a
 * loop that nobody runs. */
void         loft_loop_close           (LoftLoop *loop);
LoftWorkItem *loft_loop_pop_any        (LoftLoop *loop);
/* All that waits, and what is due later, which stay where they are. The caller owns the context. */
void         loft_loop_foreach_left    (LoftLoop *loop,
                                        void (*func) (LoftWorkItem *item, gpointer data),
                                        gpointer data);
void         loft_loop_unref           (LoftLoop *loop);
