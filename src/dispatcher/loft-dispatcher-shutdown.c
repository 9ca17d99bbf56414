/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftShutdown: ends a dispatcher in order, on its own thread, when it is asked to. A dispatcher
 * that no thread will run again is given up instead, in loft-dispatcher.c.
 *
 *   NONE ──asked──> STARTING ──> HELD ──no deferral left──> DRAINING ──> ENDED
 *                   ::shutdown-starting;         posts are refused;
 *                   posting is still open        event loops are left;
 *                                                timers stop; queued items run, and the
 *                                                deliveries that arrive in the meantime;
 *                                                ::shutdown-completed; requests are answered,
 *                                                and their handlers may run on this loop, too;
 *                                                the lanes close, and the rest runs
 *
 * Any thread may ask, with loft_dispatcher_ask_to_shut_down (). The steps are then items in the
 * High lane, and DRAINING waits until no item of the dispatcher is running, so that a handler that
 * runs a loop of its own can return first.
 *
 * The dispatcher's own thread may instead call loft_dispatcher_shut_down (), which makes all steps
 * before it returns. An item that makes this call returns after the dispatcher has ended. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"

static LoftShutdownPhase
loft_shutdown_get_phase (LoftShutdown *shutdown)
{
  LoftShutdownPhase phase;

  loft_lock_lock (&shutdown->lock);
  phase = shutdown->phase;
  loft_lock_unlock (&shutdown->lock);
  return phase;
}

gboolean
loft_dispatcher_is_over (LoftDispatcher *self)
{
  return loft_shutdown_get_phase (loft_dispatcher_peek_shutdown (self)) >= LOFT_SHUTDOWN_DRAINING;
}

gboolean
loft_dispatcher_has_ended (LoftDispatcher *self)
{
  return loft_shutdown_get_phase (loft_dispatcher_peek_shutdown (self)) == LOFT_SHUTDOWN_ENDED;
}

/* Goes from one phase to the next. Returns FALSE if the phase is not @from (any more), or if @to is
 * DRAINING and a deferral is left. */
static gboolean
loft_shutdown_step (LoftShutdown      *shutdown,
                    LoftShutdownPhase  from,
                    LoftShutdownPhase  to)
{
  gboolean may;

  loft_lock_lock (&shutdown->lock);
  may = shutdown->phase == from && (to != LOFT_SHUTDOWN_DRAINING || shutdown->holds == 0);
  if (may)
    shutdown->phase = to;
  loft_lock_unlock (&shutdown->lock);
  return may;
}

static void
loft_shutdown_tell (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  GPtrArray *asked;

  loft_lock_lock (&shutdown->lock);
  asked = g_steal_pointer (&shutdown->asked);
  loft_lock_unlock (&shutdown->lock);
  for (guint i = 0; asked != NULL && i < asked->len; i++)
    {
      LoftWorkItem *item = asked->pdata[i];

      item->klass->run (item, self);
    }
  g_clear_pointer (&asked, g_ptr_array_unref);
}

static void
loft_dispatcher_drain_owned (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  LoftLoop *loop = loft_dispatcher_peek_loop (self);

  shutdown->draining = TRUE;
  loft_loop_stop_timers (loop);
  loft_loop_run_rounds (loop);
  loft_dispatcher_emit_shutdown (self, TRUE);
  loft_shutdown_step (shutdown, LOFT_SHUTDOWN_DRAINING, LOFT_SHUTDOWN_ENDED);
  loft_shutdown_tell (self);
  loft_loop_run_rest (loop);
  shutdown->draining = FALSE;
  if (shutdown->at_end != NULL)
    g_steal_pointer (&shutdown->at_end) (self);
}

/* Does what is left of the shutdown when the loop is over. The thread owns the context until this
 * is done, because only one thread at a time may look into the lanes. Otherwise the thread that
 * ends the process could look into them at the same time, to name the items that are left. */
void
loft_dispatcher_drain (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  GMainContext *context = loft_dispatcher_get_context (self);

  if (!g_main_context_acquire (context))
    return;
  g_object_ref (self);
  if (!shutdown->draining && !loft_dispatcher_has_ended (self))
    loft_dispatcher_drain_owned (self);
  g_main_context_release (context);
  g_object_unref (self);
}

/* Closes posting, unless a deferral is left. Only the dispatcher's thread may call. */
static gboolean
loft_shutdown_close_posting (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);

  if (!loft_shutdown_step (shutdown, LOFT_SHUTDOWN_HELD, LOFT_SHUTDOWN_DRAINING))
    return FALSE;
  loft_loop_refuse (loft_dispatcher_peek_loop (self));
  return TRUE;
}

static void
loft_shutdown_go_on (LoftDispatcher *self)
{
  if (loft_shutdown_close_posting (self) && !loft_dispatcher_peek_shutdown (self)->own_loop)
    loft_loop_when_at_rest (loft_dispatcher_peek_loop (self), loft_dispatcher_drain);
}

static gboolean
loft_shutdown_start (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);

  if (!loft_shutdown_step (shutdown, LOFT_SHUTDOWN_NONE, LOFT_SHUTDOWN_STARTING))
    return FALSE;
  loft_dispatcher_emit_shutdown (self, FALSE);
  loft_shutdown_step (shutdown, LOFT_SHUTDOWN_STARTING, LOFT_SHUTDOWN_HELD);
  return TRUE;
}

/* The items that make the steps. */

static void
loft_shutdown_item_run (LoftWorkItem   *item,
                        LoftDispatcher *dispatcher)
{
  g_free (item);
  loft_shutdown_start (dispatcher);
  loft_shutdown_go_on (dispatcher);
}

static void
loft_shutdown_item_drop (LoftWorkItem   *item,
                         LoftDispatcher *dispatcher)
{
  g_free (item);
}

static const LoftWorkItemClass loft_shutdown_item_class = {
  .name = "shutdown",
  .run = loft_shutdown_item_run,
  .drop = loft_shutdown_item_drop,
};

static void
loft_shutdown_post (LoftDispatcher *self)
{
  LoftWorkItem *item = g_new0 (LoftWorkItem, 1);

  item->klass = &loft_shutdown_item_class;
  if (!loft_dispatcher_post_item (self, LOFT_LANE_HIGH, item))
    g_free (item); /* the dispatcher was given up in the meantime */
}

void
loft_dispatcher_ask_to_shut_down (LoftDispatcher *self,
                                  LoftWorkItem   *asked)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  gboolean ended, first = FALSE;

  loft_lock_lock (&shutdown->lock);
  ended = shutdown->phase == LOFT_SHUTDOWN_ENDED;
  if (!ended)
    {
      if (shutdown->asked == NULL)
        shutdown->asked = g_ptr_array_new ();
      g_ptr_array_add (shutdown->asked, asked);
      first = !shutdown->begun;
      shutdown->begun = TRUE;
    }
  loft_lock_unlock (&shutdown->lock);

  if (first)
    loft_shutdown_post (self);
  else if (ended)
    asked->klass->run (asked, self);
}

gboolean
loft_dispatcher_shut_down (LoftDispatcher *self)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  LoftShutdownPhase phase;

  g_object_ref (self);
  loft_shutdown_start (self);
  for (;;)
    {
      loft_shutdown_close_posting (self);
      phase = loft_shutdown_get_phase (shutdown);
      if (phase != LOFT_SHUTDOWN_HELD)
        break;
      /* Completing the last deferral posts an item, which wakes the context. */
      g_main_context_iteration (loft_dispatcher_get_context (self), TRUE);
    }
  if (phase == LOFT_SHUTDOWN_DRAINING)
    loft_dispatcher_drain (self);

  phase = loft_shutdown_get_phase (shutdown);
  g_object_unref (self);
  return phase == LOFT_SHUTDOWN_ENDED;
}

/* Deferrals. */

static void
loft_shutdown_release_hold (gpointer data)
{
  LoftDispatcher *self = data;
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  gboolean go_on;

  loft_lock_lock (&shutdown->lock);
  go_on = --shutdown->holds == 0 && shutdown->phase == LOFT_SHUTDOWN_HELD;
  loft_lock_unlock (&shutdown->lock);
  if (go_on)
    loft_shutdown_post (self);
}

/**
 * loft_dispatcher_hold_shutdown:
 * @self: a dispatcher
 *
 * Takes a deferral that holds up the dispatcher's shutdown, and keeps posting open, until the
 * deferral is completed.
 *
 * Any thread may call, before the shutdown and during it, until posts are refused. They are refused
 * when [signal@Loft.Dispatcher::shutdown-starting] has been emitted and no deferral is left.
 * Answers to `DispatcherQueueShutdownStartingEventArgs.GetDeferral`.
 *
 * Returns: (transfer full) (nullable): the deferral; %NULL if it is too late, because the
 * dispatcher takes no more work
 */
LoftDeferral *
(loft_dispatcher_hold_shutdown) (LoftDispatcher *self)
{
  return loft_dispatcher_hold_shutdown_at (self, NULL, G_STRFUNC);
}

LoftDeferral *
loft_dispatcher_hold_shutdown_at (LoftDispatcher *self,
                                  const char     *location,
                                  const char     *function)
{
  LoftShutdown *shutdown;
  gboolean open;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), NULL);

  shutdown = loft_dispatcher_peek_shutdown (self);
  loft_lock_lock (&shutdown->lock);
  open = shutdown->phase < LOFT_SHUTDOWN_DRAINING;
  shutdown->holds += open ? 1 : 0;
  loft_lock_unlock (&shutdown->lock);
  if (!open)
    return NULL;
  return loft_deferral_new_at (loft_shutdown_release_hold, g_object_ref (self), g_object_unref,
                               location, function);
}

/**
 * loft_dispatcher_is_shut_down:
 * @self: a dispatcher
 *
 * Returns whether the dispatcher takes no more work.
 *
 * Any thread may call.
 *
 * Returns: whether the dispatcher has been shut down
 */
gboolean
loft_dispatcher_is_shut_down (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), TRUE);

  return loft_loop_refuses (loft_dispatcher_peek_loop (self));
}
