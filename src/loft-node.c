/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each thread cuts its nodes off a block of its own, one behind the other, and takes a new block when that is used up; a block is
 * released when all that was cut off it has been. No lock, no list, nothing to give back: nodes leave their queues in about the
 * order in which they came. One that waits for long keeps its block, which is small for that reason.
 *
 *   cut by its thread ──used up, or the thread ends: retired──> all cut off released ──> freed
 *
 * Until it is retired a block counts many more nodes than it can have, so that its thread need not count each one for others to see:
 * who releases a node counts it down, and the thread takes off what it never cut. Whoever comes to nothing frees it. */

#include "config.h"

#include "loft-node-private.h"
#include "loft-thread-state-private.h"

/* Under AddressSanitizer each node has a block of its own, so that it sees one that is used too late. */
#if defined(__SANITIZE_ADDRESS__)
#define BLOCK_SIZE 0
#else
#define BLOCK_SIZE 2000
#endif

#define MANY (G_MAXINT / 2)

struct _LoftNodeBlock
{
  gint left;   /* atomic: see above */
  guint64 bytes[];
};

static void
loft_node_block_count_down (LoftNodeBlock *block,
                            gint           n)
{
  /* Acquire and release: whoever frees it has seen what all others did with theirs. */
  if (__atomic_sub_fetch (&block->left, n, __ATOMIC_ACQ_REL) == 0)
    g_free (block);
}

static void
loft_node_cutter_retire (LoftNodeCutter *cutter)
{
  if (cutter->block != NULL)
    loft_node_block_count_down (cutter->block, MANY - cutter->cut);
  cutter->block = NULL;
}

static void
on_thread_exit (LoftThreadState *state)
{
  loft_node_cutter_retire (&state->nodes);
  state->nodes.ended = TRUE;
}

static void
loft_node_cutter_begin (LoftNodeCutter *cutter,
                        gsize           size)
{
  gsize room = cutter->ended ? size : MAX (size, BLOCK_SIZE); /* what comes after the thread's end is alone */

  loft_node_cutter_retire (cutter);
  loft_thread_state_add_exit_func (on_thread_exit);
  cutter->block = g_malloc (G_STRUCT_OFFSET (LoftNodeBlock, bytes) + room);
  cutter->block->left = MANY;
  cutter->next = (char *) cutter->block->bytes;
  cutter->end = cutter->next + room;
  cutter->cut = 0;
}

gpointer
loft_node_new (gsize size)
{
  LoftNodeCutter *cutter = &loft_thread_state_get ()->nodes;
  LoftNode *node;

  if (G_UNLIKELY (cutter->block == NULL || (gsize) (cutter->end - cutter->next) < size))
    loft_node_cutter_begin (cutter, size);
  node = (LoftNode *) cutter->next;
  node->block = cutter->block;
  cutter->next += size;
  cutter->cut++;
  if (G_UNLIKELY (cutter->ended || BLOCK_SIZE == 0))
    loft_node_cutter_retire (cutter);
  return node;
}

void
loft_node_free (gpointer node)
{
  loft_node_block_count_down (((LoftNode *) node)->block, 1);
}
