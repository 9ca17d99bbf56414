/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Four lanes of waiting items: any thread pushes without a lock, one thread at a time takes.
 *
 * Each lane has an inbox, a stack that any thread pushes to with one compare-and-swap, and behind
 * it a list in order, which belongs to the taker alone. The taker empties the inbox in one exchange
 * and turns it round, so the order of a lane is the order of the pushes.
 *
 * While an inbox holds anything it also holds one reference on the queue's owner, taken by the push
 * that found it empty. The taker gets it with the batch and keeps at most one a lane. That is how
 * queued items keep their dispatcher alive without a counter that all posters write. */

#pragma once

#include "base/loft-atomic-private.h"
#include "queue/loft-work-item-private.h"

typedef struct
{
  /* atomic: pushed to by any thread, emptied by the taker: the newest item, with who is refused in
   * its low bits */
  guintptr inbox;
  /* atomic: how many queued items were cancelled since they were pushed; a hint for the sweep */
  guint dead;

  /* taker only: on another cache line than what posters write */
  LoftWorkItem *first __attribute__ ((aligned (64)));
  LoftWorkItem *last;
  LoftWorkItem *swept_first; /* cancelled, and waiting to be released */
  LoftWorkItem *swept_last;
  gsize length;              /* with the swept ones */
  guint batches;             /* how often something was in the inbox */
  gboolean holds_owner;
  guintptr refuses;     /* the inbox's low bits, which only the taker changes */
  gint64 waiting_since; /* monotonic µs since when the lane waits for a turn; 0: it does not */
} __attribute__ ((aligned (64))) LoftWorkLane;

typedef struct
{
  LoftWorkLane lanes[LOFT_N_LANES];
  GObject *owner; /* constant after init; unowned; NULL: lives for ever, needs no references */
} LoftWorkQueue;

typedef enum {
  LOFT_PUSH_REFUSED, /* the lane is closed; the item is still the caller's */
  LOFT_PUSH_FIRST,   /* the inbox was empty */
  LOFT_PUSH_MORE,
} LoftPush;

/* The low bits of an inbox. A push is decided by the same compare-and-swap that makes it: what was
 * accepted is there when the taker has set the bit, and nothing comes behind it. */
#define LOFT_INBOX_REFUSES_USERS ((guintptr) 1)
#define LOFT_INBOX_REFUSES_NEWS  ((guintptr) 2)
#define LOFT_INBOX_CLOSED        ((guintptr) 4) /* for ever, with nothing in it */
#define LOFT_INBOX_BITS          ((guintptr) 7)

/* Whose item it is, as the bits that refuse it. */
typedef enum {
  LOFT_PUSHER_USER = LOFT_INBOX_CLOSED | LOFT_INBOX_REFUSES_USERS,
  /* Reports and events: nobody waits for them. */
  LOFT_PUSHER_NEWS = LOFT_INBOX_CLOSED | LOFT_INBOX_REFUSES_NEWS,
  /* Everything else of Loft's own. */
  LOFT_PUSHER_LOFT = LOFT_INBOX_CLOSED,
} LoftPusher;

void          loft_work_queue_init    (LoftWorkQueue *queue, GObject *owner);

/* Any thread, which holds a reference on the owner. A full barrier: what the caller reads next is
 * read after the item is visible. */
LoftPush      loft_work_queue_push    (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                       LoftPusher pusher);

/* Any thread; only a hint unless it is the taker. */
gboolean      loft_work_queue_has     (LoftWorkQueue *queue, LoftLane lane);

/* Any thread: whether such a push would be refused now, which it is for ever. */
gboolean      loft_work_queue_refuses (LoftWorkQueue *queue, LoftLane lane, LoftPusher pusher);

/* Any thread: an item of the lane was cancelled. */
void          loft_work_queue_note_dead (LoftWorkQueue *queue, LoftLane lane);

/* The taker's own push, which needs no other processor's leave; FALSE: refused. It holds a
 * reference on the owner. */
gboolean      loft_work_queue_append  (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                       LoftPusher pusher);

/* The taker. */
LoftWorkItem *loft_work_queue_pop     (LoftWorkQueue *queue, LoftLane lane);
gsize         loft_work_queue_fill    (LoftWorkQueue *queue, LoftLane lane);
void          loft_work_queue_refuse  (LoftWorkQueue *queue, LoftLane lane, guintptr bits);
void          loft_work_queue_close   (LoftWorkQueue *queue, LoftLane lane);
gboolean      loft_work_queue_wants_sweep (LoftWorkQueue *queue, LoftLane lane);

/* Puts all dead items of a lane aside, behind its live ones, which keep their order. */
void          loft_work_queue_sweep   (LoftWorkQueue *queue, LoftLane lane);
LoftWorkItem *loft_work_queue_pop_swept (LoftWorkQueue *queue, LoftLane lane);

static inline gboolean
loft_work_lane_has (LoftWorkLane *lane)
{
  /* Acquire, to see the item whole; sequentially consistent, since the sleeper's half of the
   * wake-up is this read after its write of the sleep flag (loft-loop-source.c). */
  return loft_load_seq_cst (&lane->inbox) > LOFT_INBOX_BITS;
}
