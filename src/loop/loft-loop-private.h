/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLoop: a dispatcher's place in its GMainContext.
 *
 *   loft-loop-source.c   the GSources: when each is ready, the fence and the share; the only file
 *                        that knows GSource
 *   loft-loop.c          posting, waking, what is due later, what runs in a slice, and the end
 *
 * The LoftLoop is a struct of its own with a reference count. So a source that the context is
 * looking at can outlive its dispatcher, when another thread drops the dispatcher's last
 * reference. */

#pragma once

#include "base/loft-clock-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-timer-heap-private.h"
#include "queue/loft-work-queue-private.h"
#include "loop/loft-deferral-private.h"
#include "loop/loft-frame-times-private.h"

typedef struct _LoftLoop      LoftLoop;
typedef struct _LoftLoopTimer LoftLoopTimer;
typedef struct _LoftLoopFrame LoftLoopFrame;

/* Something that is due later. When either function is called, the timer has been removed from the
 * heap, and the function consumes what the heap held. */
struct _LoftLoopTimer
{
  LoftTimerEntry entry;
  void (*due) (LoftLoopTimer *timer);  /* on the dispatcher's thread: hands it on to a lane */
  void (*stop) (LoftLoopTimer *timer); /* the dispatcher ends, and the timer never is due */
  /* The item that is due, to be named at exit. NULL: nobody would miss it. */
  LoftWorkItem *item;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftLoopTimer, entry) == 0);

/* A caller that turns the loop and has to return in time: loft-event-loop.c. Frames nest. */
struct _LoftLoopFrame
{
  LoftLoopFrame *outer;
  /* g_main_depth () where the frame began. An item that runs more than one level deeper runs in
   * somebody else's loop. */
  gint depth;
  guint processes;         /* in process_events: its number, not 0; in run_event_loop: 0 */
  gboolean listens;        /* an exit ends it */
  gboolean left;           /* the frame was told to end */
  gsize quota;             /* how many items it still lets run; G_MAXSIZE: any number */
  LoftDeferralState *deferral; /* keeps the loop running; a reference, or NULL */
};

/* The slice that a dispatcher is running on this thread. Slices nest when a handler runs a loop of
 * its own. */
struct _LoftDispatchFrame
{
  LoftDispatchFrame *outer;
  gpointer           loop;       /* the LoftLoop, only compared */
  GMainContext      *context;    /* the loop's context, only compared; NULL: the default one */
  LoftDispatcher    *dispatcher; /* the loop's dispatcher, only compared */
  /* The loop's dispatcher if it is the one that is found for its context, and this thread owns the
   * context. The dispatcher is held while the slice runs. NULL otherwise. */
  LoftDispatcher    *home;
  gboolean           takes;      /* the slice takes the loop's items, and no other thread does */
  LoftPriority       priority;   /* of the running item, or the one that the item has set */
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
  /* Unowned: the dispatcher holds the context, and a thread that posts holds the dispatcher. */
  GMainContext *context;
  LoftDispatcher *dispatcher;  /* unowned: items hold the dispatcher */
  gboolean immortal;
  gboolean is_default;
  gboolean is_found;           /* the dispatcher is the one that others find for the context */
  GSource *sources[LOFT_N_SOURCES]; /* until loft_loop_destroy */

  /* atomic */
  gint refs;
  gint refuses;      /* users' posts are refused; Loft's own deliveries are still accepted */
  gint closed;       /* all posts are refused */
  gint64 slice;      /* plain values, µs */
  gint64 wait_limit;
  /* The share of the time that the dispatcher has at least, in thousandths. A plain value. */
  gint share;
  /* When the first timer in the heap is due, or LOFT_NO_TIMER. Written under lock. Sequentially
   * consistent: with `asleep` it forms a Dekker pair as the lanes do. A thread that sets a timer
   * writes next_due and then reads `asleep`. The loop writes `asleep` and then reads next_due. So
   * the loop is woken, or sees the new time before it sleeps. */
  gint64 next_due;
  /* The LoftThread that has pushed the context and will end the dispatcher when the thread ends.
   * NULL: none. Relaxed: a thread only compares it with its own LoftThread and with NULL. */
  gpointer pushed_on;
  /* Written by the owner thread: the number of the process_events that is running; 0: none.
   * Relaxed: see loft_dispatcher_process_events (). */
  guint processing;

  /* atomic: see loft-loop-source.c */
  gint asleep __attribute__ ((aligned (64)));

  /* atomic, written by the owner thread: the thread's pthread_t, as a number, while it takes items,
   * or 0. See loft_loop_is_taken_here (). */
  guintptr taker;

  /* the lanes: see loft-work-queue-private.h */
  LoftWorkQueue queue;

  /* owner thread only: the thread that runs the context */
  gint64 consumed;
  gboolean paused;
  guint paused_turns;
  gint64 waits_since;  /* since when others run while something waits; 0: nothing waits */
  gboolean share_due;  /* the others took so much time that the dispatcher is due */
  gint64 grant;        /* the slice that makes up for that time; 0: the ordinary one */
  LoftFrameTimes frame_times;
  gboolean peeking;  /* is_idle is looking at the context */
  LoftLoopFrame *frames; /* the callers that turn the loop, innermost first */
  guint last_processing;
  /* To be called once, when no item of this loop is running. NULL: nothing. */
  void (*at_rest) (LoftDispatcher *dispatcher);

  /* under lock */
  LoftLock timers_lock;
  LoftTimerHeap timers;
  gboolean timers_stopped; /* for ever */

  /* atomic: plain counters of the bounded posts that wait in each lane; see
   * loft-dispatcher-enqueue.c */
  guint bounded[LOFT_N_LANES];
};

#define LOFT_NO_TIMER G_MAXINT64

/* The result of setting a timer. */
typedef enum {
  LOFT_TIMER_REFUSED, /* the loop has ended, or is about to */
  LOFT_TIMER_ADDED,
  LOFT_TIMER_MOVED,   /* the timer was in the heap already */
} LoftSetTimer;

LoftLoop    *loft_loop_new             (GMainContext *context, LoftDispatcher *dispatcher);

/* To be called right after loft_loop_new (). The dispatcher lives for ever, and items do not need
 * to hold it. */
void         loft_loop_make_immortal   (LoftLoop *loop);
void         loft_loop_destroy         (LoftLoop *loop);

/* Any thread that holds the dispatcher may call. */
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

/* Only the dispatcher's thread may call. */
LoftDispatchFrame *loft_loop_peek_frame (LoftLoop *loop);
gboolean     loft_loop_has_any         (LoftLoop *loop);
gsize        loft_loop_count           (LoftLoop *loop);
gboolean     loft_loop_frame_is_done   (LoftLoopFrame *frame);
gboolean     loft_loop_has_above       (LoftLoop *loop, LoftLane lane, gboolean or_equal);
gboolean     loft_loop_is_idle         (LoftLoop *loop);
void         loft_loop_set_frame_due   (LoftLoop *loop, gconstpointer clock, gint64 due);

/* Tells the probe of the items that wait. */
void         loft_loop_note_all        (LoftLoop *loop);

/* Calls @func when no item of this loop is running: at once, or when the outermost slice has
 * ended. */
void         loft_loop_when_at_rest    (LoftLoop *loop, void (*func) (LoftDispatcher *dispatcher));

/* Called before and after a handler that runs at once at its home: see loft-home-private.h. */
void         loft_loop_enter_handler   (LoftLoop *loop, LoftDispatchFrame *frame, LoftLane lane);
void         loft_loop_leave_handler   (LoftLoop *loop, LoftDispatchFrame *frame);

/* Runs a slice of the lanes from @lowest up. */
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

/* The end, on the dispatcher's thread, in steps. First users' posts are refused. Then timers that
 * are due are handed to their lanes, and the other timers are stopped. Then the items that were
 * accepted run, with the deliveries that arrive in the meantime. Finally deliveries are refused,
 * too, and the rest runs. */
void         loft_loop_refuse          (LoftLoop *loop);
gboolean     loft_loop_refuses         (LoftLoop *loop);
void         loft_loop_stop_timers     (LoftLoop *loop);
void         loft_loop_run_rounds      (LoftLoop *loop);
void         loft_loop_run_rest        (LoftLoop *loop);

/* Removes and returns the next timer of a loop whose timers are stopped, due or not. */
LoftLoopTimer *loft_loop_pop_timer     (LoftLoop *loop);

/* loft_loop_close () closes the loop at once, with its timers. loft_loop_pop_any () removes and
 * returns the next item without running it, from a loop that nobody will run again. */
void         loft_loop_close           (LoftLoop *loop);
LoftWorkItem *loft_loop_pop_any        (LoftLoop *loop);
/* Calls @func for all items that wait and all that are due later, which stay where they are. The
 * caller owns the context. */
void         loft_loop_foreach_left    (LoftLoop *loop,
                                        void (*func) (LoftWorkItem *item, gpointer data),
                                        gpointer data);
void         loft_loop_unref           (LoftLoop *loop);
