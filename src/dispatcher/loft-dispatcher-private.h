/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: declares the functions and structs that only the files of Loft use. */

#pragma once

#include "loop/loft-loop-private.h"

LoftLoop       *loft_dispatcher_peek_loop      (LoftDispatcher *self);

/* Creates the dispatcher that is to be registered for @context. An immortal one lives until the
 * process ends. */
LoftDispatcher *loft_dispatcher_new            (GMainContext *context, gboolean immortal);

/* Any thread that holds a reference may call. Returns FALSE if the dispatcher takes no more work.
 * The item then still belongs to the caller. */
gboolean        loft_dispatcher_post_item    (LoftDispatcher *self, LoftLane lane,
                                              LoftWorkItem *item);

/* The same for an item that nobody waits for: a report or an event. While a dispatcher ends, a
 * flood of these items is refused before Loft's other items are. */
gboolean        loft_dispatcher_post_news    (LoftDispatcher *self, LoftLane lane,
                                              LoftWorkItem *item);
gboolean        loft_dispatcher_refuses_news (LoftDispatcher *self, LoftLane lane);
void            loft_dispatcher_count_undelivered (LoftDispatcher *self);

/* Called before and after a handler that runs at its home at once, without waiting in a lane. In
 * between, the handler counts as an item that the dispatcher runs. The caller holds @self. */
void            loft_dispatcher_enter_handler (LoftDispatcher *self, LoftDispatchFrame *frame,
                                               LoftLane lane);
void            loft_dispatcher_leave_handler (LoftDispatcher *self, LoftDispatchFrame *frame);

/* Emits ::unhandled-error for an error that nobody looked at, on the dispatcher's thread. With NULL
 * for @self, the signal is emitted on the default dispatcher's thread, or on the pool if no thread
 * runs the default context. Takes @error and @source, which is the place where the action was asked
 * for. */
void            loft_dispatcher_report_unhandled (LoftDispatcher *self, GError *error,
                                                  char *source);

/* Posts an item on behalf of the program that uses Loft. It is refused once a shutdown has closed
 * posting. Loft's own deliveries go through loft_dispatcher_post_item (). */
gboolean        loft_dispatcher_post_users_item (LoftDispatcher *self, LoftLane lane,
                                                 LoftWorkItem *item);

/* How far the shutdown of a dispatcher has come. The phases are drawn in
 * loft-dispatcher-shutdown.c. */
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
  guint holds;           /* deferrals that are not completed yet */
  GPtrArray *asked;      /* LoftWorkItem: one for each request; NULL: none */
  gboolean begun;        /* a request has posted the item of the first step */
  gboolean controlled;   /* a controller owns it */
  gboolean own_loop;     /* a thread that Loft started runs its loop, and drains it afterwards */
  const char *why;       /* why it was given up instead; NULL: it was not */
  /* owner thread only */
  gboolean draining;     /* loft_dispatcher_drain () is running, further up the stack */
  /* Called last, when the dispatcher has ended in order; NULL: nothing. */
  void (*at_end) (LoftDispatcher *self);
} LoftShutdown;

LoftShutdown   *loft_dispatcher_peek_shutdown  (LoftDispatcher *self);

/* The posts that have a key. At most one post waits for each key. */
typedef struct
{
  LoftLock lock;
  /* under lock */
  /* Maps each key to its post. The post owns the key, and the lane holds the post; NULL: there was
   * no post yet. */
  GHashTable *table;
} LoftKeyedPosts;

LoftKeyedPosts *loft_dispatcher_peek_keyed_posts (LoftDispatcher *self);
void            loft_dispatcher_set_name       (LoftDispatcher *self, const char *name);

/* Returns the dispatcher's name for messages: `dispatcher "worker"`, or `dispatcher` and its
 * address if it has no name; (transfer full). */
char           *loft_dispatcher_describe       (LoftDispatcher *self);

/* These emit the signals. The last one returns whether a handler has handled the error. */
void            loft_dispatcher_emit_shutdown  (LoftDispatcher *self, gboolean completed);
gboolean        loft_dispatcher_emit_unhandled_error (LoftDispatcher *self, GError *error,
                                                      const char *source);

/* Shuts the dispatcher down in order. Only the dispatcher's thread may call; it runs its loop until
 * the last deferral is completed. Returns FALSE if another shutdown of the dispatcher is running
 * further up this thread's stack. The dispatcher has then ended when that shutdown returns. */
gboolean        loft_dispatcher_shut_down      (LoftDispatcher *self);

/* Asks for the same. Any thread may call; the dispatcher's loop then makes the steps. @asked is run
 * when the dispatcher has ended, on the thread that ends it. If the dispatcher has ended already,
 * @asked is run at once, on this thread. If the dispatcher is given up instead, @asked is dropped,
 * on the thread that gives it up. */
void            loft_dispatcher_ask_to_shut_down (LoftDispatcher *self, LoftWorkItem *asked);

/* loft_dispatcher_is_over () returns whether DRAINING has begun. A thread that Loft started then
 * leaves its loop and calls loft_dispatcher_drain (), which does the rest of the shutdown. */
gboolean        loft_dispatcher_is_over        (LoftDispatcher *self);
gboolean        loft_dispatcher_has_ended      (LoftDispatcher *self);
void            loft_dispatcher_drain          (LoftDispatcher *self);

/* Notes that this thread has pushed the context of @dispatcher, which is not the default context.
 * The dispatcher is given up when the thread ends, unless another thread runs the context before
 * that. */
void            loft_private_home_note         (LoftDispatcher *dispatcher);

/* Ends everything that is left in a dispatcher that no thread will run again, without running it,
 * and logs what it was. @why says why it never ran. */
void            loft_dispatcher_abandon        (LoftDispatcher *self, const char *why);
