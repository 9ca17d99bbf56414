/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftTrampoline: runs items at once on the calling thread.
 *
 * A delivery that runs at once may end another object, whose handlers also run at once, and so on.
 * In the same way a cancel may go on from child to child. From a certain depth on the items are
 * queued, and the outermost item runs the queue when it is done. So the stack stays short for a
 * chain of any length. A thread that blocks in the meantime hands over to the pool what it has not
 * got to, in one piece so that the order is kept. Whoever it waits for may be waiting for exactly
 * that. */

#include "config.h"

#include "pool/loft-pool-private.h"
#include "pool/loft-trampoline-private.h"

#define MAX_DEPTH 64

gboolean
loft_trampoline_enter (LoftTrampolineKind kind)
{
  LoftTrampoline *self = &loft_thread_get ()->trampolines[kind];

  if (self->depth == MAX_DEPTH)
    return FALSE;
  self->depth++;
  return TRUE;
}

void
loft_trampoline_leave (LoftTrampolineKind kind)
{
  LoftTrampoline *self = &loft_thread_get ()->trampolines[kind];
  LoftWorkItem *item;

  while (self->depth == 1 && (item = g_queue_pop_head (&self->queue)) != NULL)
    item->klass->run (item, NULL);
  self->depth--;
}

/* The items that a thread has put off when it blocks. A worker of the pool runs them. */

typedef struct
{
  LoftTrampolineKind kind;
  GQueue queue;
} LoftLeftOver;

static void
loft_left_over_run (gpointer data)
{
  LoftLeftOver *left_over = data;
  LoftTrampolineKind kind = left_over->kind;

  loft_trampoline_enter (kind);
  /* The queue of the worker's own trampoline is empty when the worker comes to this item. */
  loft_thread_get ()->trampolines[kind].queue = left_over->queue;
  g_free (left_over);
  loft_trampoline_leave (kind);
}

static void
loft_trampolines_hand_over (LoftThread *thread)
{
  for (LoftTrampolineKind kind = 0; kind < LOFT_N_TRAMPOLINES; kind++)
    {
      GQueue *queue = &thread->trampolines[kind].queue;
      LoftLeftOver *left_over;

      if (g_queue_is_empty (queue))
        continue;
      left_over = g_new (LoftLeftOver, 1);
      *left_over = (LoftLeftOver) { kind, *queue };
      g_queue_init (queue);
      loft_pool_post_item (loft_call_item_new (loft_left_over_run, left_over));
    }
}

void
loft_trampoline_put_off (LoftTrampolineKind kind,
                         LoftWorkItem      *item)
{
  loft_thread_add_hand_over_func (loft_trampolines_hand_over);
  g_queue_push_tail (&loft_thread_get ()->trampolines[kind].queue, item);
}

void
loft_trampoline_run (LoftTrampolineKind kind,
                     LoftWorkItem      *item)
{
  if (G_UNLIKELY (!loft_trampoline_enter (kind)))
    {
      loft_trampoline_put_off (kind, item);
      return;
    }
  item->klass->run (item, NULL);
  loft_trampoline_leave (kind);
}
