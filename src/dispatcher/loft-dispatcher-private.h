/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the dispatcher share. */

#pragma once

#include "loop/loft-loop-private.h"

LoftLoop       *loft_dispatcher_peek_loop      (LoftDispatcher *self);

/* A new dispatcher, to be the one of its context. */
LoftDispatcher *loft_dispatcher_new            (GMainContext *context, gboolean immortal);

/* Any thread that holds a reference. FALSE: it takes no more work, and the item is still the
 * caller's. */
gboolean        loft_dispatcher_post_item    (LoftDispatcher *self, LoftLane lane,
                                              LoftWorkItem *item);

/* The same for what nobody waits for: a report, an event. At the end of a dispatcher a flood of
 * them is refused earlier. */
gboolean        loft_dispatcher_post_news    (LoftDispatcher *self, LoftLane lane,
                                              LoftWorkItem *item);
gboolean        loft_dispatcher_refuses_news (LoftDispatcher *self, LoftLane lane);
void            loft_dispatcher_count_undelivered (LoftDispatcher *self);

/* Around a handler that runs at home at once, and not from a lane: to all others it is an item that
 * runs. The caller holds @self. */
void            loft_dispatcher_enter_handler (LoftDispatcher *self, LoftDispatchFrame *frame,
                                               LoftLane lane);
void            loft_dispatcher_leave_handler (LoftDispatcher *self, LoftDispatchFrame *frame);

/* An error that nobody looked at goes to ::unhandled-error on the dispatcher's thread; NULL: the
 * default one's, or the pool if that has no thread. Takes @error and @source, the place where it
 * was asked for. */
void            loft_dispatcher_report_unhandled (LoftDispatcher *self, GError *error,
                                                  char *source);

/* A user's post: refused from the shutdown on. Loft's own deliveries go through
 * loft_dispatcher_post_item. */
gboolean        loft_dispatcher_post_users_item (LoftDispatcher *self, LoftLane lane,
                                                 LoftWorkItem *item);

/* How far it is with its end; the picture is in loft-dispatcher-shutdown.c. */
typedef enum {
  LOFT_SHUTDOWN_NONE,
  LOFT_SHUTDOWN_STARTING,
  LOFT_SHUTDOWN_HELD,
  LOFT_SHUTDOWN_DRAINING,
  LOFT_SHUTDOWN_ENDED,
} LoftShutdownPhase;

typedef struct
{
  LoftLock lock;
  /* under lock */
  LoftShutdownPhase phase;
  guint holds;           /* deferrals that were not completed */
  GPtrArray *asked;      /* LoftWorkItem: who asked for it; NULL: nobody */
  gboolean begun;        /* its first step is queued, or was made */
  gboolean controlled;   /* a controller owns it */
  gboolean own_loop;     /* a thread of ours runs its loop, and drains it behind that */
  const char *why;       /* it was given up instead of that; NULL: it was not */
  /* owner thread only */
  gboolean draining;     /* further up the stack */
  /* The last thing that is called, when it ends in order; NULL: nothing. */
  void (*at_end) (LoftDispatcher *self);
} LoftShutdown;

LoftShutdown   *loft_dispatcher_peek_shutdown  (LoftDispatcher *self);

/* The posts of which one waits for each key. */
typedef struct
{
  LoftLock lock;
  /* under lock */
  /* The post's own key, to the post, which its lane holds; NULL: there was none yet. */
  GHashTable *table;
} LoftKeyedPosts;

LoftKeyedPosts *loft_dispatcher_peek_keyed_posts (LoftDispatcher *self);
void            loft_dispatcher_set_name       (LoftDispatcher *self, const char *name);

/* "main", "the thread of dispatcher 'worker'": for messages. */
char           *loft_dispatcher_describe       (LoftDispatcher *self);

/* The signals. */
void            loft_dispatcher_emit_shutdown  (LoftDispatcher *self, gboolean completed);
gboolean        loft_dispatcher_emit_unhandled_error (LoftDispatcher *self, GError *error,
                                                      const char *source);

/* The orderly end, on the dispatcher's thread, which runs its loop until the last deferral is
 * completed. FALSE: it is being ended further up this thread's stack, and has ended when that
 * returns. */
gboolean        loft_dispatcher_shut_down      (LoftDispatcher *self);

/* The same from any thread, by its loop. Who asked is a work item: it is run when the dispatcher
 * has ended, and dropped when it was given up, each on the thread where that happens. */
void            loft_dispatcher_ask_to_shut_down (LoftDispatcher *self, LoftWorkItem *asked);

/* For a thread of ours: whether its loop is over; and what comes after that. */
gboolean        loft_dispatcher_is_over        (LoftDispatcher *self);
gboolean        loft_dispatcher_has_ended      (LoftDispatcher *self);
void            loft_dispatcher_drain          (LoftDispatcher *self);

/* This thread has its context pushed, and it is not the default one: it ends with the thread. */
void            loft_private_home_note         (LoftDispatcher *dispatcher);

/* Ends, unrun, all that is left in a dispatcher that nobody will run again, and names it. */
void            loft_dispatcher_abandon        (LoftDispatcher *self, const char *why);

/* The guards of a post; on failure the data is released, since it was handed over. */
