/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher's place in its GMainContext.
 *
 *   loft-loop-source.c   the GSources: when each is ready, slice and fence; the only file that knows GSource
 *   loft-loop-slice.c    what runs in a slice, and in which order
 *   loft-loop.c          posting, waking, what is due later, and the end
 *
 * The LoftLoop is a struct of its own, counted, so that sources which the context is looking at outlive a dispatcher
 * that another thread lets go. */

#pragma once

#include "loft-clock-private.h"
#include "loft-lock-private.h"
#include "loft-thread-state-private.h"
#include "loft-timer-heap-private.h"
#include "loft-work-queue-private.h"

typedef struct _LoftLoop      LoftLoop;
typedef struct _LoftLoopTimer LoftLoopTimer;

/* Something that is due later; `due` runs on the dispatcher's thread, and hands it on to a lane. */
struct _LoftLoopTimer
{
  LoftTimerEntry entry;
  void (*due) (LoftLoopTimer *timer);
  LoftWorkItem *item; /* what is due, to be named at exit */
};

typedef enum {
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
  GMainContext *context;       /* unowned: the dispatcher holds it, and who posts holds the dispatcher */
  LoftDispatcher *dispatcher;  /* unowned: items hold it */
  gboolean immortal;
  gboolean is_default;
  GSource *sources[LOFT_N_SOURCES]; /* until loft_loop_destroy */

  /* atomic */
  gint refs;
  gint refuses;      /* users' posts; Loft's own deliveries still come */
  gint closed;       /* all posts */
  gint64 slice;      /* plain values, µs */
  gint64 wait_limit;
  gint64 next_due;   /* of the heap, written under lock; LOFT_NO_TIMER */

  /* atomic: see loft-loop-source.c */
  gint asleep __attribute__ ((aligned (64)));

  /* lanes: see there */
  LoftWorkQueue queue;

  /* owner thread only: whichever runs the context */
  gint64 consumed;
  gboolean paused;
  guint paused_turns;
  gboolean peeking;  /* is_idle is looking at the context */

  /* under lock */
  LoftLock timers_lock;
  LoftTimerHeap timers;
};

#define LOFT_NO_TIMER G_MAXINT64

LoftLoop    *loft_loop_new             (GMainContext *context, LoftDispatcher *dispatcher, gboolean immortal);
void         loft_loop_destroy         (LoftLoop *loop);

/* Any thread that holds the dispatcher. */
gboolean     loft_loop_post            (LoftLoop *loop, LoftLane lane, LoftWorkItem *item);
void         loft_loop_note_dead       (LoftLoop *loop, LoftLane lane);
gboolean     loft_loop_add_timer       (LoftLoop *loop, LoftLoopTimer *timer, gint64 due);
gboolean     loft_loop_remove_timer    (LoftLoop *loop, LoftLoopTimer *timer);
gboolean     loft_loop_is_closed       (LoftLoop *loop);
gint64       loft_loop_get_slice       (LoftLoop *loop);
void         loft_loop_set_slice       (LoftLoop *loop, gint64 slice);
gint64       loft_loop_get_wait_limit  (LoftLoop *loop);
void         loft_loop_set_wait_limit  (LoftLoop *loop, gint64 limit);

/* The dispatcher's thread. */
LoftDispatchFrame *loft_loop_peek_frame (LoftLoop *loop);
gboolean     loft_loop_has_above       (LoftLoop *loop, LoftLane lane, gboolean or_equal);
gboolean     loft_loop_is_idle         (LoftLoop *loop);

/* A slice of lanes from @lowest up; and, for the end, each item that was there when it was called. */
void         loft_loop_dispatch_lane   (LoftLoop *loop, LoftLane lowest);
gboolean     loft_loop_run_round       (LoftLoop *loop);
gint64       loft_loop_note_waiting    (LoftLoop *loop);
void         loft_loop_dispatch_later  (LoftLoop *loop);

static inline gboolean
loft_loop_lane_has (LoftLoop *loop,
                    LoftLane  which)
{
  LoftWorkLane *lane = &loop->queue.lanes[which];

  return lane->first != NULL || lane->swept_first != NULL || loft_work_lane_has (lane);
}

/* The end, on the dispatcher's thread. From the first on users' posts are refused; the second runs what was accepted, and
 * what comes home meanwhile, and then refuses that too. */
void         loft_loop_refuse          (LoftLoop *loop);
gboolean     loft_loop_refuses         (LoftLoop *loop);
void         loft_loop_run_out         (LoftLoop *loop);
LoftLoopTimer *loft_loop_pop_timer     (LoftLoop *loop);

/* At exit: closes it at once, and takes the next item without running it, from a loop that nobody runs. */
void         loft_loop_close           (LoftLoop *loop);
LoftWorkItem *loft_loop_pop_any        (LoftLoop *loop);
void         loft_loop_unref           (LoftLoop *loop);
