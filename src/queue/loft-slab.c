/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftSlab: provides the memory of queue nodes.
 *
 * Each thread cuts its nodes off a slab of its own, one behind the other, and takes a new slab when
 * that one is used up. A slab is released when all the nodes that were cut off it have been
 * released. There is no lock, no list, and no single node to give back, because nodes leave their
 * queues in about the order in which they came. A node that waits for a long time keeps its slab,
 * and slabs are small for that reason.
 *
 *   cut by its thread ──used up, or the thread ends: retired──> all cut off released ──> freed
 *
 * Until a slab is retired it counts many more nodes than it can have, so that its thread does not
 * have to count each node for other threads to see. A thread that releases a node counts the slab
 * down by one. When the slab is retired, its thread subtracts the number of nodes that it never
 * cut. The thread that brings the count to zero frees the slab.
 *
 * A few free slabs are kept for the threads that need one next. With malloc () the thread that
 * posts and the thread that runs would wait for each other, because the one frees what the other
 * has made. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-slab-private.h"

/* Under AddressSanitizer each node has a slab of its own, so that the sanitizer detects a node that
 * is used after it was released. */
#if defined(__SANITIZE_ADDRESS__)
#define LOFT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOFT_ASAN 1
#endif
#endif

#ifdef LOFT_ASAN
#define SLAB_SIZE 0
#else
#define SLAB_SIZE 2000
#endif

#define MANY (G_MAXINT / 2)

struct _LoftSlab
{
  gint left;    /* atomic: see above */
  guint size;   /* of the bytes; constant after init */
  guint64 bytes[];
};

#define N_SPARE 16
static LoftSlab *spare[N_SPARE]; /* atomic; NULL: none */

static LoftSlab *
loft_slab_take_spare (void)
{
  for (guint i = 0; i < N_SPARE; i++)
    {
      LoftSlab *slab = loft_load_relaxed (&spare[i]); /* Relaxed: the exchange checks it. */

      /* Acquire: pairs with the release in loft_slab_free (), so that all that was done with the
       * slab before is over. */
      if (slab != NULL && __atomic_compare_exchange_n (&spare[i], &slab, NULL, FALSE,
                                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return slab;
    }
  return NULL;
}

/* Keeps a slab of the usual size as a spare if there is a free place, or frees it. */
static void
loft_slab_free (LoftSlab *slab)
{
  for (guint i = 0; i < N_SPARE && slab->size == SLAB_SIZE && SLAB_SIZE > 0; i++)
    {
      LoftSlab *none = NULL;

      /* Relaxed: the exchange checks what was read. Release: pairs with the acquire in
       * loft_slab_take_spare (). The next owner writes to the slab, and must not do so before this
       * thread and the others have finished with their nodes. */
      if (loft_load_relaxed (&spare[i]) == NULL &&
          __atomic_compare_exchange_n (&spare[i], &none, slab, FALSE, __ATOMIC_RELEASE,
                                       __ATOMIC_RELAXED))
        return;
    }
  g_free (slab);
}

static void
loft_slab_count_down (LoftSlab *slab,
                      gint      n)
{
  /* Acquire and release: the releases of all threads that count down pair with the acquire of the
   * last of them. So that thread frees the slab after all others have finished with their nodes. */
  if (__atomic_sub_fetch (&slab->left, n, __ATOMIC_ACQ_REL) == 0)
    loft_slab_free (slab);
}

static void
loft_slab_cutter_retire (LoftSlabCutter *cutter)
{
  if (cutter->slab != NULL)
    loft_slab_count_down (cutter->slab, MANY - cutter->cut);
  cutter->slab = NULL;
}

static void
on_thread_exit (LoftThread *state)
{
  loft_slab_cutter_retire (&state->nodes);
  state->nodes.ended = TRUE;
}

static void
loft_slab_cutter_begin (LoftSlabCutter *cutter,
                        gsize           size)
{
  /* A node that is made after the thread's exit function has run has a slab of its own. */
  gsize room = cutter->ended ? size : MAX (size, SLAB_SIZE);

  loft_slab_cutter_retire (cutter);
  loft_thread_add_exit_func (on_thread_exit);
  cutter->slab = room == SLAB_SIZE ? loft_slab_take_spare () : NULL;
  if (cutter->slab == NULL)
    cutter->slab = g_malloc (G_STRUCT_OFFSET (LoftSlab, bytes) + room);
  cutter->slab->size = (guint) room;
  cutter->slab->left = MANY; /* no other thread has the slab yet */
  cutter->next = (char *) cutter->slab->bytes;
  cutter->end = cutter->next + room;
  cutter->cut = 0;
}

gpointer
loft_slab_node_new (gsize size)
{
  LoftSlabCutter *cutter = &loft_thread_get ()->nodes;
  LoftSlabNode *node;

  if (G_UNLIKELY (cutter->slab == NULL || (gsize) (cutter->end - cutter->next) < size))
    loft_slab_cutter_begin (cutter, size);
  node = (LoftSlabNode *) cutter->next;
  node->slab = cutter->slab;
  cutter->next += size;
  cutter->cut++;
  if (G_UNLIKELY (cutter->ended || SLAB_SIZE == 0))
    loft_slab_cutter_retire (cutter);
  return node;
}

void
loft_slab_node_free (gpointer node)
{
  loft_slab_count_down (((LoftSlabNode *) node)->slab, 1);
}
