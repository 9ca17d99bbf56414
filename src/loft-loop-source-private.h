/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher's place in its GMainContext: the only file that knows GSource.
 *
 * The LoftLoop is a struct of its own, counted, so that sources which the context is looking at outlive a dispatcher
 * that another thread lets go. */

#pragma once

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
};

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

/* The end, on the dispatcher's thread: from the first on all posts are refused; the second runs what was accepted. */
void         loft_loop_close           (LoftLoop *loop);
void         loft_loop_run_all         (LoftLoop *loop);
LoftLoopTimer *loft_loop_pop_timer     (LoftLoop *loop);

/* At exit: takes the next item without running it, from a closed loop that nobody runs. */
LoftWorkItem *loft_loop_pop_any        (LoftLoop *loop);
