/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each thread cuts its nodes off a slab of its own, one behind the other, and takes a new slab when
 * that is used up; a slab is released when all that was cut off it has been. No lock, no list,
 * nothing to give back: nodes leave their queues in about the order in which they came. One that
 * waits for long keeps its slab, which is small for that reason.
 *
 *   cut by its thread ──used up, or the thread ends: retired──> all cut off released ──> freed
 *
 * Until it is retired a slab counts many more nodes than it can have, so that its thread need not
 * count each one for others to see: who releases a node counts it down, and the thread takes off
 * what it never cut. Whoever comes to nothing frees it.
 *
 * A few of those that are free are kept for whoever wants one next: malloc () would make the thread
 * that posts and the one that runs wait for each other, since the one frees what the other has
 * made. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-slab-private.h"

/* Under AddressSanitizer each node has a slab of its own, so that it sees one that is used too
 * late. */
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
      LoftSlab *slab = loft_load_relaxed (&spare[i]);

      /* Acquire: with the release of who put it there, after all that was done with it. */
      if (slab != NULL && __atomic_compare_exchange_n (&spare[i], &slab, NULL, FALSE,
                                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return slab;
    }
  return NULL;
}

/* Keeps a slab of the usual size, or frees it. */
static void
loft_slab_free (LoftSlab *slab)
{
  for (guint i = 0; i < N_SPARE && slab->size == SLAB_SIZE && SLAB_SIZE > 0; i++)
    {
      LoftSlab *none = NULL;

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
  /* Acquire and release: whoever frees it has seen what all others did with theirs. */
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
  /* What comes after the thread's end is alone. */
  gsize room = cutter->ended ? size : MAX (size, SLAB_SIZE);

  loft_slab_cutter_retire (cutter);
  loft_thread_add_exit_func (on_thread_exit);
  cutter->slab = room == SLAB_SIZE ? loft_slab_take_spare () : NULL;
  if (cutter->slab == NULL)
    cutter->slab = g_malloc (G_STRUCT_OFFSET (LoftSlab, bytes) + room);
  cutter->slab->size = (guint) room;
  cutter->slab->left = MANY; /* nobody else has it */
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
