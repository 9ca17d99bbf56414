/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkQueue: five lanes of waiting items. Any thread pushes without a lock, and one thread at a
 * time takes.
 *
 * Each lane has an inbox and an ordered list. The inbox is a stack that any thread pushes to with
 * one compare-and-swap. The list belongs to the taker alone. The taker empties the inbox with one
 * exchange and reverses its items, so the order of a lane is the order of the pushes.
 *
 * While an inbox holds anything it also holds one reference on the queue's owner, which is taken by
 * the push that found the inbox empty. The taker receives the reference with the batch, and keeps
 * at most one for each lane. In this way queued items keep their dispatcher alive without a counter
 * that all posters write. */

#pragma once

#include "base/loft-atomic-private.h"
#include "queue/loft-probe-private.h"

typedef struct
{
  /* atomic: pushed to by any thread, emptied by the taker: the newest item, with bits that say
   * which pushers are refused */
  guintptr inbox;
  /* atomic: how many queued items were cancelled since they were pushed. Relaxed: it is only a hint
   * for the sweep. */
  guint dead;

  /* taker only: on a different cache line from the fields that posters write */
  LoftWorkItem *first __attribute__ ((aligned (64)));
  LoftWorkItem *last;
  LoftWorkItem *swept_first; /* cancelled, and waiting to be released */
  LoftWorkItem *swept_last;
  gsize length;              /* with the swept ones */
  guint batches;             /* how many batches loft_work_queue_fill () has taken */
  gboolean holds_owner;
  guintptr refuses;     /* the inbox's low bits, which only the taker changes */
  gint64 waiting_since; /* monotonic µs, since when the lane waits for a turn; 0: it does not */
} __attribute__ ((aligned (64))) LoftWorkLane;

typedef struct
{
  LoftWorkLane lanes[LOFT_N_LANES];
  /* constant after init; unowned; NULL: the queue lives for ever and needs no references */
  GObject *owner;
} LoftWorkQueue;

typedef enum {
  LOFT_PUSH_REFUSED, /* the lane refuses the item, which is still the caller's */
  LOFT_PUSH_FIRST,   /* the inbox was empty */
  LOFT_PUSH_MORE,
} LoftPush;

/* The low bits of an inbox. The compare-and-swap that pushes an item also decides whether the push
 * is refused. So once the taker has set a bit, every item that was accepted is in the inbox, and no
 * item that the bit refuses comes after it. */
#define LOFT_INBOX_REFUSES_USERS ((guintptr) 1)
#define LOFT_INBOX_REFUSES_NEWS  ((guintptr) 2)
#define LOFT_INBOX_CLOSED        ((guintptr) 4) /* for ever, with nothing in it */
#define LOFT_INBOX_BITS          ((guintptr) 7)

/* Whose item is pushed. The value is the set of bits that refuse the item. */
typedef enum {
  LOFT_PUSHER_USER = LOFT_INBOX_CLOSED | LOFT_INBOX_REFUSES_USERS,
  /* Reports and events, which nobody waits for. */
  LOFT_PUSHER_NEWS = LOFT_INBOX_CLOSED | LOFT_INBOX_REFUSES_NEWS,
  /* All other items of Loft's own. */
  LOFT_PUSHER_LOFT = LOFT_INBOX_CLOSED,
} LoftPusher;

void          loft_work_queue_init    (LoftWorkQueue *queue, GObject *owner);

/* Any thread may call. Returns whether the lane's inbox holds anything, which is only a hint unless
 * the caller is the taker. */
gboolean      loft_work_queue_has     (LoftWorkQueue *queue, LoftLane lane);

/* Any thread may call. Returns whether a push by @pusher would be refused now. Once it would be
 * refused, it always will be. */
gboolean      loft_work_queue_refuses (LoftWorkQueue *queue, LoftLane lane, LoftPusher pusher);

/* Any thread may call. Notes that an item of the lane was cancelled. */
void          loft_work_queue_note_dead (LoftWorkQueue *queue, LoftLane lane);

/* The taker only. */
LoftWorkItem *loft_work_queue_pop     (LoftWorkQueue *queue, LoftLane lane);
gsize         loft_work_queue_fill    (LoftWorkQueue *queue, LoftLane lane);
void          loft_work_queue_refuse  (LoftWorkQueue *queue, LoftLane lane, guintptr bits);
void          loft_work_queue_close   (LoftWorkQueue *queue, LoftLane lane);
gboolean      loft_work_queue_wants_sweep (LoftWorkQueue *queue, LoftLane lane);

/* Moves all dead items of a lane to a list of their own, behind its live items, which keep their
 * order. */
void          loft_work_queue_sweep   (LoftWorkQueue *queue, LoftLane lane);
LoftWorkItem *loft_work_queue_pop_swept (LoftWorkQueue *queue, LoftLane lane);

/* The taker only. Tells the probe of the items that wait. */
void          loft_work_queue_note_all  (LoftWorkQueue *queue);

static inline gboolean
loft_work_lane_has (LoftWorkLane *lane)
{
  /* Acquire: the taker sees the item whole. Sequentially consistent: this read, after the write of
   * the sleep flag, is the sleeper's half of the wake-up (loft-loop-source.c). */
  return loft_load_seq_cst (&lane->inbox) > LOFT_INBOX_BITS;
}

/* The two ways in. Each has a form that tells the probe, so that the ordinary one pays only for the
 * test. These are not called elsewhere. */
LoftPush loft_work_queue_do_push         (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                          LoftPusher pusher);
gboolean loft_work_queue_do_append       (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                          LoftPusher pusher);
__attribute__ ((cold))
LoftPush loft_work_queue_push_observed   (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                          LoftPusher pusher);
__attribute__ ((cold))
gboolean loft_work_queue_append_observed (LoftWorkQueue *queue, LoftLane lane, LoftWorkItem *item,
                                          LoftPusher pusher);

/* Any thread that holds a reference on the owner may call. A push that is accepted is a full
 * barrier: what the caller reads next is read after the item is visible. */
static inline LoftPush
loft_work_queue_push (LoftWorkQueue *queue,
                      LoftLane       lane,
                      LoftWorkItem  *item,
                      LoftPusher     pusher)
{
  if (loft_probe_is_on ())
    return loft_work_queue_push_observed (queue, lane, item, pusher);
  return loft_work_queue_do_push (queue, lane, item, pusher);
}

/* The taker's own push, which puts the item into the list without a compare-and-swap. Returns FALSE
 * if the push is refused. The caller holds a reference on the owner. */
static inline gboolean
loft_work_queue_append (LoftWorkQueue *queue,
                        LoftLane       lane,
                        LoftWorkItem  *item,
                        LoftPusher     pusher)
{
  if (loft_probe_is_on ())
    return loft_work_queue_append_observed (queue, lane, item, pusher);
  return loft_work_queue_do_append (queue, lane, item, pusher);
}
