/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The workers of the thread pool, for the files that post to it and for waits that lend their
 * place. */

#pragma once

#include "queue/loft-work-item-private.h"

/* Any thread; never refused. The second is for what is Loft's own, in the Normal lane. */
void  loft_pool_submit             (LoftLane lane, LoftWorkItem *item);
void  loft_pool_post_item          (LoftWorkItem *item);

/* Around a wait that blocks: on a worker, its place is lent to another. Elsewhere they do
 * nothing. */
void  loft_pool_begin_blocking     (void);
void  loft_pool_end_blocking       (void);

/* Before and in such a wait: until when to sleep at most, to look after a pool that can't start a
 * thread. */
gint64 loft_pool_retry             (gint64 deadline);

/* The process ends: no worker takes anything any more. */
void  loft_pool_note_exit          (void);

/* The program shuts Loft down: work that waits ends, and no more is taken; what is Loft's own still
 * runs. */
void  loft_pool_shut_down          (void);
gboolean loft_pool_is_shut_down    (void);

/* After that: whether no work is running. When the last has returned, the default main context is
 * woken. */
gboolean loft_pool_is_at_rest      (void);

/* For tests: what the pool has now. */
typedef struct
{
  guint workers;   /* threads, those that block too */
  guint active;    /* running an item, or about to */
  guint blocked;   /* waiting in get or wait_for */
  guint limit;     /* how many may be active */
  guint extra;     /* and how many more, since the others do not get on */
  guint peak;      /* the most workers so far */
} LoftPoolStats;

void  loft_pool_get_stats          (LoftPoolStats *out_stats);

/* For tests: as on a machine with so many processors. Of more active workers than that, each goes
 * to sleep after its item. */
void  loft_pool_set_limit          (guint limit);

/* For tests: how long an idle worker waits before it ends (µs), and to wait until all have
 * ended. */
void  loft_pool_set_idle_timeout   (gint64 timeout);
void  loft_pool_wait_until_empty   (void);

/* On a thread of its own; FALSE: there is none to be had, and the item is still the caller's. */
gboolean loft_pool_start_sliced (LoftWorkItem *item, GError **error);
