/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posted work that changes its lane: a second node goes into the new one, and the old node becomes a blank.
 *
 * A node is never taken out of a lane, which only its consumer may touch. So each has a generation, and only that of the
 * newest runs the work; the others find it begun, ended, or not theirs. */

#include "config.h"

#include "loop/loft-loop-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"

/* A second node, in the lane that the work was moved to. */
typedef struct
{
  LoftWorkItem item;
  LoftWork *work; /* a reference */
  guint32 generation;
} LoftMovedNode;

static void
loft_moved_node_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftMovedNode *node = (LoftMovedNode *) item;

  loft_work_run_node (node->work, node->generation, dispatcher);
  g_free (node);
}

static void
loft_moved_node_drop (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  LoftMovedNode *node = (LoftMovedNode *) item;

  loft_work_drop (node->work);
  g_free (node);
}

static gboolean
loft_moved_node_is_dead (LoftWorkItem *item)
{
  return loft_phase_has_ended (loft_async_base_get_phase ((LoftAsyncBase *) ((LoftMovedNode *) item)->work));
}

static void
loft_moved_node_get_site (LoftWorkItem *item,
                          LoftCallSite *out_site)
{
  *out_site = loft_async_base_get_private ((LoftAsyncBase *) ((LoftMovedNode *) item)->work)->site;
}

static const LoftWorkItemClass loft_moved_node_class = {
  .name = "moved action",
  .run = loft_moved_node_run,
  .drop = loft_moved_node_drop,
  .is_dead = loft_moved_node_is_dead,
  .get_site = loft_moved_node_get_site,
};

/* Notes the new lane, for deliveries and for the counters. */
static gboolean
loft_work_set_lane (LoftWork *self,
                    LoftLane  lane)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private ((LoftAsyncBase *) self);
  guint32 word;
  gboolean waits;

  loft_lock_lock (&priv->lock);
  word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED);
  waits = LOFT_WORD_PHASE (word) == LOFT_PHASE_QUEUED;
  if (waits)
    __atomic_fetch_xor (&priv->lock.word, ((guint32) LOFT_WORD_LANE (word) ^ (guint32) lane) << LOFT_WORD_LANE_SHIFT,
                        __ATOMIC_RELAXED);
  loft_lock_unlock (&priv->lock);
  return waits;
}

gboolean
loft_work_move (LoftWork *self,
                LoftLane  lane)
{
  LoftMovedNode *node;

  if (loft_loop_is_closed (loft_dispatcher_peek_loop (self->target)) || !loft_work_set_lane (self, lane))
    return FALSE;
  if ((self->flags & LOFT_WORK_ACCOMPANIED) != 0 && loft_work_get_companion (self) != NULL)
    return TRUE; /* it is in no lane yet, and will go to the new one */

  node = g_new0 (LoftMovedNode, 1);
  node->item.klass = &loft_moved_node_class;
  node->work = g_object_ref (self);
  node->generation = __atomic_add_fetch (&self->generation, 1, __ATOMIC_RELAXED);
  if (loft_dispatcher_post_item (self->target, lane, &node->item))
    return TRUE;

  /* The dispatcher closed at this moment, and its last round may have passed over the old node: the work ends rather than
   * getting lost, unless it has begun, and its data goes here, its home being gone. */
  g_free (node);
  if (loft_async_base_begin ((LoftAsyncBase *) self))
    {
      loft_dispatcher_count_undelivered (self->target);
      loft_work_release_data (self);
      loft_work_end_unrun (self);
    }
  g_object_unref (self);
  return FALSE;
}
