/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What runs at once, on the thread that is there.
 *
 * A delivery that runs at once may end another object, whose handlers run at once, and so on. From a certain depth on they
 * queue up, and the outermost delivery of the thread runs them when it is done: a chain of any length needs a stack of no
 * length. A thread that blocks meanwhile hands over what it has not got to, in one piece so that the order is kept, to
 * the pool: whoever it waits for may be waiting for just that. */

#include "config.h"

#include "base/loft-thread-state-private.h"
#include "pool/loft-thread-pool-worker-private.h"
#include "delivery/loft-delivery-private.h"

#define MAX_INLINE_DEPTH 64

static void
loft_inline_run_one (LoftThreadState *thread,
                     LoftWorkItem    *item)
{
  thread->inline_depth++;
  do
    item->klass->run (item, NULL);
  while (thread->inline_depth == 1 && (item = g_queue_pop_head (&thread->inline_queue)) != NULL);
  thread->inline_depth--;
}

void
loft_inline_run (LoftWorkItem *item)
{
  LoftThreadState *thread = loft_thread_state_get ();

  if (thread->inline_depth < MAX_INLINE_DEPTH)
    loft_inline_run_one (thread, item);
  else
    g_queue_push_tail (&thread->inline_queue, item);
}

/* What a thread that blocks left over, on a worker of the pool. */

typedef struct
{
  LoftWorkItem item;
  GQueue queue;
} LoftLeftOver;

static void
loft_left_over_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  LoftLeftOver *left_over = (LoftLeftOver *) item;
  LoftThreadState *thread = loft_thread_state_get ();
  GQueue queue = left_over->queue;

  g_free (left_over);
  item = g_queue_pop_head (&queue);
  thread->inline_queue = queue; /* a worker comes to it with an empty one */
  loft_inline_run_one (thread, item);
}

static const LoftWorkItemClass loft_left_over_class = {
  .name = "deliveries of a thread that waits",
  .run = loft_left_over_run,
};

void
loft_inline_before_blocking (void)
{
  LoftThreadState *thread = loft_thread_state_get ();
  LoftLeftOver *left_over;

  for (LoftDrainFrame *frame = thread->drain; frame != NULL; frame = frame->outer)
    loft_deliveries_hand_over (frame);
  if (g_queue_is_empty (&thread->inline_queue))
    return;
  left_over = g_new0 (LoftLeftOver, 1);
  left_over->item.klass = &loft_left_over_class;
  left_over->queue = thread->inline_queue;
  g_queue_init (&thread->inline_queue);
  loft_pool_post_item (&left_over->item);
}
