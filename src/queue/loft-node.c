/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each thread cuts its nodes off a block of its own, one behind the other, and takes a new block when that is used up; a block is
 * released when all that was cut off it has been. No lock, no list, nothing to give back: nodes leave their queues in about the
 * order in which they came. One that waits for long keeps its block, which is small for that reason.
 *
 *   cut by its thread ──used up, or the thread ends: retired──> all cut off released ──> freed
 *
 * Until it is retired a block counts many more nodes than it can have, so that its thread need not count each one for others to see:
 * who releases a node counts it down, and the thread takes off what it never cut. Whoever comes to nothing frees it.
 *
 * A few of those that are free are kept for whoever wants one next: malloc () would make the thread that posts and the one that runs
 * wait for each other, since the one frees what the other has made. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "queue/loft-node-private.h"

/* Under AddressSanitizer each node has a block of its own, so that it sees one that is used too late. */
#if defined(__SANITIZE_ADDRESS__)
#define LOFT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOFT_ASAN 1
#endif
#endif

#ifdef LOFT_ASAN
#define BLOCK_SIZE 0
#else
#define BLOCK_SIZE 2000
#endif

#define MANY (G_MAXINT / 2)

struct _LoftNodeBlock
{
  gint left;    /* atomic: see above */
  guint size;   /* of the bytes; constant after init */
  guint64 bytes[];
};

#define N_SPARE 16
static LoftNodeBlock *spare[N_SPARE]; /* atomic; NULL: none */

static LoftNodeBlock *
loft_node_block_take_spare (void)
{
  for (guint i = 0; i < N_SPARE; i++)
    {
      LoftNodeBlock *block = __atomic_load_n (&spare[i], __ATOMIC_RELAXED);

      /* Acquire: with the release of who put it there, after all that was done with it. */
      if (block != NULL && __atomic_compare_exchange_n (&spare[i], &block, NULL, FALSE, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return block;
    }
  return NULL;
}

/* Keeps a block of the usual size, or frees it. */
static void
loft_node_block_free (LoftNodeBlock *block)
{
  for (guint i = 0; i < N_SPARE && block->size == BLOCK_SIZE && BLOCK_SIZE > 0; i++)
    {
      LoftNodeBlock *none = NULL;

      if (__atomic_load_n (&spare[i], __ATOMIC_RELAXED) == NULL &&
          __atomic_compare_exchange_n (&spare[i], &none, block, FALSE, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        return;
    }
  g_free (block);
}

static void
loft_node_block_count_down (LoftNodeBlock *block,
                            gint           n)
{
  /* Acquire and release: whoever frees it has seen what all others did with theirs. */
  if (__atomic_sub_fetch (&block->left, n, __ATOMIC_ACQ_REL) == 0)
    loft_node_block_free (block);
}

static void
loft_node_cutter_retire (LoftNodeCutter *cutter)
{
  if (cutter->block != NULL)
    loft_node_block_count_down (cutter->block, MANY - cutter->cut);
  cutter->block = NULL;
}

static void
on_thread_exit (LoftThread *state)
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
  loft_thread_add_exit_func (on_thread_exit);
  cutter->block = room == BLOCK_SIZE ? loft_node_block_take_spare () : NULL;
  if (cutter->block == NULL)
    cutter->block = g_malloc (G_STRUCT_OFFSET (LoftNodeBlock, bytes) + room);
  cutter->block->size = (guint) room;
  cutter->block->left = MANY; /* nobody else has it */
  cutter->next = (char *) cutter->block->bytes;
  cutter->end = cutter->next + room;
  cutter->cut = 0;
}

gpointer
loft_node_new (gsize size)
{
  LoftNodeCutter *cutter = &loft_thread_get ()->nodes;
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
