/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The workers of the thread pool, for the files that post to the pool and for waits that lend the
 * place of a worker. */

#pragma once

#include "queue/loft-work-queue-private.h"

/* Any thread may call. A post is never refused. The second function is for Loft's own items, and
 * posts to the Normal lane. */
void  loft_pool_submit             (LoftLane lane, LoftWorkItem *item);
void  loft_pool_post_item          (LoftWorkItem *item);

/* Called before and after a wait that blocks. On a worker they lend its place to another worker in
 * the meantime. On any other thread they do nothing. */
void  loft_pool_begin_blocking     (void);
void  loft_pool_end_blocking       (void);

/* Called in such a wait, before each sleep. Returns until when to sleep at most: @deadline, or an
 * earlier time if a thread could not be started and has to be tried again. */
gint64 loft_pool_retry             (gint64 deadline);

/* The process ends. No worker takes anything any more. */
void  loft_pool_note_exit          (void);

/* The program shuts Loft down. Work that waits ends, and no more work is taken. Loft's own items
 * still run. */
void  loft_pool_shut_down          (void);
gboolean loft_pool_is_shut_down    (void);

/* After the shutdown: returns whether no work is running and no item waits. When the last work has
 * returned, the default main context is woken. */
gboolean loft_pool_is_at_rest      (void);

/* For the probe: the pool's queue, whose address is the pool's name there; and the items that
 * wait. */
LoftWorkQueue *loft_pool_peek_queue (void);
void  loft_pool_note_all           (void);

/* What the pool has now. */
typedef struct
{
  guint workers;   /* all threads, including those that block */
  guint active;    /* running an item, or about to */
  guint blocked;   /* waiting in get or wait_for */
  guint limit;     /* how many may be active */
  guint extra;     /* how many more, because the active ones make no progress */
  guint peak;      /* the most workers so far */
} LoftPoolStats;

void  loft_pool_get_stats          (LoftPoolStats *out_stats);

/* For tests: sets the limit, as if the machine had @limit processors. While more workers than that
 * are active, each worker goes to sleep after its item. */
void  loft_pool_set_limit          (guint limit);

/* For tests: set how long an idle worker waits before it ends (µs), and wait until all workers have
 * ended. */
void  loft_pool_set_idle_timeout   (gint64 timeout);
void  loft_pool_wait_until_empty   (void);

/* Runs the item on a thread of its own. Returns FALSE if no thread could be started; the item is
 * then still the caller's. */
gboolean loft_pool_start_sliced (LoftWorkItem *item, GError **error);
