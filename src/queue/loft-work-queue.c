/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lanes of a dispatcher, and of the thread pool. Each lane is a multi-producer inbox and an
 * ordered list. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"
#include "queue/loft-work-queue-private.h"

/* A lane is swept when more than half of it, and at least this many items, were cancelled. */
#define SWEEP_MIN 64

void
loft_work_queue_init (LoftWorkQueue *queue,
                      GObject       *owner)
{
  memset (queue, 0, sizeof *queue);
  queue->owner = owner;
}

static LoftWorkItem *
loft_inbox_newest (guintptr inbox)
{
  return (LoftWorkItem *) (inbox & ~LOFT_INBOX_BITS);
}

LoftPush
loft_work_queue_do_push (LoftWorkQueue *queue,
                         LoftLane       which,
                         LoftWorkItem  *item,
                         LoftPusher     pusher)
{
  LoftWorkLane *lane = &queue->lanes[which];
  /* Relaxed: the compare-and-swap checks the value. A refusal is not checked, but a bit that is set
   * stays set. */
  guintptr inbox = loft_load_relaxed (&lane->inbox);
  gboolean took_owner = FALSE, refused = FALSE;

  for (;;)
    {
      refused = (inbox & (guintptr) pusher) != 0;
      if (G_UNLIKELY (refused))
        break;
      item->next = loft_inbox_newest (inbox);
      if (item->next == NULL && !took_owner && queue->owner != NULL)
        {
          /* Taken before the item is visible: from then on the taker may run the item and drop the
           * reference. */
          g_object_ref (queue->owner);
          took_owner = TRUE;
        }
      /* Release: the taker sees the item whole. Sequentially consistent: this is the poster's half
       * of the wake-up, and the read of the sleep flag that follows must not move before this
       * write. */
      if (__atomic_compare_exchange_n (&lane->inbox, &inbox,
                                       (guintptr) item | (inbox & LOFT_INBOX_BITS), FALSE,
                                       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        break;
    }

  if (took_owner && (refused || loft_inbox_newest (inbox) != NULL))
    /* The push was refused, or another thread had pushed first. This is never the last reference,
     * because the caller has one. */
    g_object_unref (queue->owner);
  return refused                             ? LOFT_PUSH_REFUSED
         : loft_inbox_newest (inbox) == NULL ? LOFT_PUSH_FIRST
                                             : LOFT_PUSH_MORE;
}

LoftPush
loft_work_queue_push_observed (LoftWorkQueue *queue,
                               LoftLane       which,
                               LoftWorkItem  *item,
                               LoftPusher     pusher)
{
  LoftPush push;

  loft_probe_note_push (queue, which, item);
  push = loft_work_queue_do_push (queue, which, item, pusher);
  if (push == LOFT_PUSH_REFUSED)
    loft_probe_note_gone (item);
  return push;
}

gboolean
loft_work_queue_has (LoftWorkQueue *queue,
                     LoftLane       which)
{
  return loft_work_lane_has (&queue->lanes[which]);
}

gboolean
loft_work_queue_refuses (LoftWorkQueue *queue,
                         LoftLane       which,
                         LoftPusher     pusher)
{
  /* Relaxed: a bit that is set stays set, and nothing else is read because of it. */
  return (loft_load_relaxed (&queue->lanes[which].inbox) & (guintptr) pusher) != 0;
}

void
loft_work_queue_note_dead (LoftWorkQueue *queue,
                           LoftLane       which)
{
  /* Relaxed: the counter is only a hint when to look. */
  loft_count_add (&queue->lanes[which].dead, 1);
}

/* Appends a batch, whose newest item is first, to the list in the order of its pushes. Returns the
 * length of the batch. */
static gsize
loft_work_lane_append (LoftWorkLane *lane,
                       LoftWorkItem *batch)
{
  LoftWorkItem *newest = batch;
  LoftWorkItem *first = NULL;
  gsize n = 0;

  while (batch != NULL)
    {
      LoftWorkItem *older = batch->next;

      batch->next = first;
      first = batch;
      batch = older;
      n++;
    }
  if (lane->first == NULL)
    lane->first = first;
  else
    lane->last->next = first;
  lane->last = newest;
  lane->length += n;
  return n;
}

/* Moves the items that were pushed since the last time into the list, and returns their number. */
gsize
loft_work_queue_fill (LoftWorkQueue *queue,
                      LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  gboolean had_owner = lane->holds_owner;
  guintptr inbox;
  gsize n;

  if (!loft_work_lane_has (lane))
    return 0;
  /* Acquire: pairs with the release of the pushes. Only the taker sets the low bits, so they can't
   * have changed in the meantime. */
  inbox = loft_exchange_acquire (&lane->inbox, lane->refuses);
  lane->holds_owner = queue->owner != NULL;
  lane->batches++;
  n = loft_work_lane_append (lane, loft_inbox_newest (inbox));
  if (had_owner)
    g_object_unref (queue->owner); /* the lane held one already, so the batch's is one too many */
  return n;
}

gboolean
loft_work_queue_do_append (LoftWorkQueue *queue,
                           LoftLane       which,
                           LoftWorkItem  *item,
                           LoftPusher     pusher)
{
  LoftWorkLane *lane = &queue->lanes[which];

  if (G_UNLIKELY ((lane->refuses & (guintptr) pusher) != 0))
    return FALSE;
  loft_work_queue_fill (queue, which); /* the item goes behind those that others have pushed */
  item->next = NULL;
  loft_work_lane_append (lane, item);
  if (!lane->holds_owner && queue->owner != NULL)
    {
      lane->holds_owner = TRUE;
      g_object_ref (queue->owner);
    }
  return TRUE;
}

gboolean
loft_work_queue_append_observed (LoftWorkQueue *queue,
                                 LoftLane       which,
                                 LoftWorkItem  *item,
                                 LoftPusher     pusher)
{
  gboolean accepted;

  loft_probe_note_push (queue, which, item);
  accepted = loft_work_queue_do_append (queue, which, item, pusher);
  if (!accepted)
    loft_probe_note_gone (item);
  return accepted;
}

/* Drops a lane's reference on the owner if the lane holds nothing any more. The caller holds a
 * reference of its own. */
static void
loft_work_lane_settle (LoftWorkQueue *queue,
                       LoftWorkLane  *lane)
{
  if (lane->first == NULL && lane->swept_first == NULL && lane->holds_owner)
    {
      lane->holds_owner = FALSE;
      g_object_unref (queue->owner);
    }
}

LoftWorkItem *
loft_work_queue_pop_swept (LoftWorkQueue *queue,
                           LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  LoftWorkItem *item = lane->swept_first;

  if (item == NULL)
    return NULL;
  if (loft_probe_is_on ())
    loft_probe_note_gone (item);
  lane->swept_first = item->next;
  if (lane->swept_first == NULL)
    lane->swept_last = NULL;
  lane->length--;
  loft_work_lane_settle (queue, lane);
  item->next = NULL;
  return item;
}

/* Removes and returns the oldest item of a lane. When there is none, it takes a swept item. */
LoftWorkItem *
loft_work_queue_pop (LoftWorkQueue *queue,
                     LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  LoftWorkItem *item;

  if (lane->first == NULL && loft_work_queue_fill (queue, which) == 0)
    return loft_work_queue_pop_swept (queue, which);

  item = lane->first;
  lane->first = item->next;
  lane->length--;
  if (lane->first == NULL)
    {
      lane->last = NULL;
      loft_work_lane_settle (queue, lane);
    }
  else
    __builtin_prefetch (lane->first);
  item->next = NULL;
  return item;
}

/* From here on the lane refuses the pushes that @bits stand for. */
void
loft_work_queue_refuse (LoftWorkQueue *queue,
                        LoftLane       which,
                        guintptr       bits)
{
  LoftWorkLane *lane = &queue->lanes[which];

  lane->refuses |= bits;
  /* Relaxed: nothing is handed over. An item that was accepted was in the inbox before this bit. */
  __atomic_fetch_or (&lane->inbox, lane->refuses, __ATOMIC_RELAXED);
}

/* From here on every push to the lane is refused. All items that were accepted are in the list. */
void
loft_work_queue_close (LoftWorkQueue *queue,
                       LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  LoftWorkItem *batch;

  lane->refuses = LOFT_INBOX_BITS;
  /* Acquire and release: the acquire pairs with the release of the pushes, as in
   * loft_work_queue_fill (), so that the items are seen whole. No read depends on the release,
   * because a push that is refused reads nothing that this thread has written. */
  batch = loft_inbox_newest (loft_exchange_acq_rel (&lane->inbox, LOFT_INBOX_BITS));
  if (batch == NULL)
    return;
  if (lane->holds_owner)
    g_object_unref (queue->owner);
  lane->holds_owner = queue->owner != NULL;
  loft_work_lane_append (lane, batch);
}

gboolean
loft_work_queue_wants_sweep (LoftWorkQueue *queue,
                             LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  guint dead = loft_load_relaxed (&lane->dead);

  if (G_LIKELY (dead < SWEEP_MIN))
    return FALSE;
  loft_work_queue_fill (queue, which);
  if (lane->length == 0)
    {
      /* All the items that were counted have left the lane in the ordinary way. */
      loft_store_relaxed (&lane->dead, 0);
      return FALSE;
    }
  return dead > lane->length / 2;
}

void
loft_work_queue_sweep (LoftWorkQueue *queue,
                       LoftLane       which)
{
  LoftWorkLane *lane = &queue->lanes[which];
  LoftWorkItem **link = &lane->first;
  LoftWorkItem *kept = NULL;

  loft_store_relaxed (&lane->dead, 0);
  loft_work_queue_fill (queue, which);
  while (*link != NULL)
    {
      LoftWorkItem *item = *link;

      if (item->klass->is_dead != NULL && item->klass->is_dead (item))
        {
          *link = item->next;
          item->next = NULL;
          if (lane->swept_last != NULL)
            lane->swept_last->next = item;
          else
            lane->swept_first = item;
          lane->swept_last = item;
        }
      else
        {
          kept = item;
          link = &item->next;
        }
    }
  lane->last = kept;
}

void
loft_work_queue_note_all (LoftWorkQueue *queue)
{
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    {
      loft_work_queue_fill (queue, which);
      for (LoftWorkItem *item = queue->lanes[which].first; item != NULL; item = item->next)
        loft_probe_note_push (queue, which, item);
    }
}
