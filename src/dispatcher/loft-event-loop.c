/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whoever turns a dispatcher's loop: run_event_loop, and process_events. Each that runs is a frame;
 * they nest, and what is said to the loop is said to the innermost.
 *
 * An exit is an item of the Normal lane: what was posted there before runs before. A stop is one of
 * the High lane. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "loop/loft-deferral-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"

/* After its items have run, process_events lets what else is ready in the context have so many
 * turns. */
#define MAX_TURNS 64

static gboolean
loft_loop_frame_enter (LoftDispatcher *self,
                       LoftLoopFrame  *frame,
                       GError        **error)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  g_autofree char *what = NULL;

  if (!loft_dispatcher_verify_access (self, error))
    return FALSE;
  what = loft_dispatcher_describe (self);
  if (loft_loop_refuses (loop))
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                   "The loop of %s can't be run: it has shut down", what);
      return FALSE;
    }
  if (!g_main_context_acquire (loop->context))
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD,
                   "The loop of %s can't be run here: another thread is running it", what);
      return FALSE;
    }
  frame->outer = loop->frames;
  frame->depth = g_main_depth ();
  loop->frames = frame;
  return TRUE;
}

static void
loft_loop_frame_leave (LoftDispatcher *self,
                       LoftLoopFrame  *frame)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);

  loop->frames = frame->outer;
  g_main_context_release (loop->context);
  g_clear_pointer (&frame->deferral, loft_deferral_state_unref);
}

static gboolean
loft_loop_frame_goes_on (LoftDispatcher *self,
                         LoftLoopFrame  *frame)
{
  return !loft_loop_frame_is_done (frame) && !loft_loop_refuses (loft_dispatcher_peek_loop (self));
}

/* What is said to a loop from any thread. */

typedef struct
{
  LoftWorkItem item;
  guint processes; /* to which process_events */
} LoftLoopWord;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftLoopWord, item) == 0);

static void
loft_exit_item_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  LoftLoopFrame *frame = loft_dispatcher_peek_loop (dispatcher)->frames;

  while (frame != NULL && (frame->left || !frame->listens))
    frame = frame->outer;
  if (frame != NULL)
    frame->left = TRUE;
  g_free (item);
}

static void
loft_loop_stop_processing (LoftLoop *loop,
                           guint     processes)
{
  for (LoftLoopFrame *frame = loop->frames; frame != NULL; frame = frame->outer)
    if (frame->processes == processes)
      frame->left = TRUE;
}

static void
loft_stop_item_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  loft_loop_stop_processing (loft_dispatcher_peek_loop (dispatcher),
                             ((LoftLoopWord *) item)->processes);
  g_free (item);
}

static void
loft_loop_word_drop (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  g_free (item);
}

static const LoftWorkItemClass loft_exit_item_class = {
  .name = "exit of the event loop",
  .run = loft_exit_item_run,
  .drop = loft_loop_word_drop,
};

static const LoftWorkItemClass loft_stop_item_class = {
  .name = "stop of process_events",
  .run = loft_stop_item_run,
  .drop = loft_loop_word_drop,
};

static gboolean
loft_loop_say (LoftDispatcher          *self,
               const LoftWorkItemClass *klass,
               LoftLane                 lane,
               guint                    processes)
{
  LoftLoopWord *word = g_new0 (LoftLoopWord, 1);

  word->item.klass = klass;
  word->processes = processes;
  if (loft_dispatcher_post_users_item (self, lane, &word->item))
    return TRUE;
  g_free (word);
  return FALSE;
}

/* Event loops. */

/**
 * loft_dispatcher_run_event_loop:
 * @self: a dispatcher
 * @options: what an exit means for it
 * @exit_deferral: (nullable): keeps the loop running after an exit, until it is completed
 * @error: return location for an error
 *
 * Runs the dispatcher's loop until it is told to exit.
 *
 * On the dispatcher's thread; the context's other sources are served, too. It may be called by a
 * handler: then the loops nest, the dispatcher's other items run meanwhile, and an exit ends the
 * innermost loop that listens to one. It returns when
 * [method@Loft.Dispatcher.enqueue_event_loop_exit]'s item has come up and @exit_deferral, if there
 * is one, is completed; and when the dispatcher is shut down. With %LOFT_RUN_CONTINUE_ON_QUIT it is
 * the deferral alone that ends it, and exits are for the loops around it.
 *
 * Errors: %LOFT_ERROR_WRONG_THREAD on any other thread; %LOFT_ERROR_SHUT_DOWN after the shutdown.
 * Answers to `DispatcherQueue.RunEventLoop`.
 *
 * Returns: whether it ran
 */
gboolean
loft_dispatcher_run_event_loop (LoftDispatcher  *self,
                                LoftRunOptions   options,
                                LoftDeferral    *exit_deferral,
                                GError         **error)
{
  LoftLoopFrame frame = { .quota = G_MAXSIZE,
                          .listens = (options & LOFT_RUN_CONTINUE_ON_QUIT) == 0 };

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (exit_deferral == NULL || LOFT_IS_DEFERRAL (exit_deferral), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!loft_loop_frame_enter (self, &frame, error))
    return FALSE;
  g_object_ref (self);
  if (exit_deferral != NULL)
    {
      frame.deferral = loft_deferral_ref_state (exit_deferral);
      loft_deferral_state_add_wake (frame.deferral, loft_dispatcher_get_context (self));
    }
  while (loft_loop_frame_goes_on (self, &frame))
    g_main_context_iteration (loft_dispatcher_get_context (self), TRUE);
  if (frame.deferral != NULL)
    loft_deferral_state_remove_wake (frame.deferral, loft_dispatcher_get_context (self));
  loft_loop_frame_leave (self, &frame);
  g_object_unref (self);
  return TRUE;
}

/**
 * loft_dispatcher_enqueue_event_loop_exit:
 * @self: a dispatcher
 *
 * Asks the innermost running event loop of the dispatcher to return, when what waits in the Normal
 * lane now has run.
 *
 * Any thread may call. When no loop is running by then, nothing happens. It also ends a
 * [method@Loft.Dispatcher.process_events] until quit. Answers to
 * `DispatcherQueue.EnqueueEventLoopExit`.
 *
 * Returns: %FALSE if the dispatcher has shut down
 */
gboolean
loft_dispatcher_enqueue_event_loop_exit (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);

  return loft_loop_say (self, &loft_exit_item_class, LOFT_LANE_NORMAL, 0);
}

/* process_events. */

/* Turns until something was dispatched. */
static void
loft_process_wait (LoftDispatcher *self,
                   LoftLoopFrame  *frame)
{
  while (loft_loop_frame_goes_on (self, frame) &&
         !g_main_context_iteration (loft_dispatcher_get_context (self), TRUE))
    ;
}

/* At most one item; and whatever else of the context is ready at its priority. */
static void
loft_process_one (LoftDispatcher *self,
                  LoftLoopFrame  *frame)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  gboolean dispatched, aside;

  frame->quota = 1;
  do
    {
      aside = loop->paused;
      dispatched = g_main_context_iteration (loop->context, FALSE);
      /* It stood aside for the redraw, and does no more: that turn does not count. */
      aside &= !loop->paused;
    }
  while ((!dispatched || aside) && loft_loop_has_any (loop) &&
         loft_loop_frame_goes_on (self, frame));
}

/* As many items as there are now, whichever they are; and what else is ready. Something else of the
 * context that is always ready, and comes before, must not keep it here: so many turns without an
 * item of ours are enough. */
static void
loft_process_all (LoftDispatcher *self,
                  LoftLoopFrame  *frame)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);

  frame->quota = loft_loop_count (loop);
  for (guint turn = 0;
       turn < MAX_TURNS && loft_loop_frame_goes_on (self, frame) && loft_loop_has_any (loop);
       turn++)
    {
      gsize before = frame->quota;

      g_main_context_iteration (loop->context, FALSE);
      turn = frame->quota != before ? 0 : turn;
    }
  frame->quota = 0;
  for (guint turn = 0; turn < MAX_TURNS && !frame->left && !loft_loop_refuses (loop); turn++)
    if (!g_main_context_iteration (loop->context, FALSE))
      break;
}

static void
loft_process (LoftDispatcher          *self,
              LoftLoopFrame           *frame,
              LoftProcessEventsOption  option)
{
  switch (option)
    {
    case LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING:
      if (!loft_loop_has_any (loft_dispatcher_peek_loop (self)))
        loft_process_wait (self, frame);
      loft_process_all (self, frame);
      break;
    case LOFT_PROCESS_EVENTS_ONE_IF_PRESENT:
      loft_process_one (self, frame);
      break;
    case LOFT_PROCESS_EVENTS_UNTIL_QUIT:
      while (loft_loop_frame_goes_on (self, frame))
        g_main_context_iteration (loft_dispatcher_get_context (self), TRUE);
      break;
    case LOFT_PROCESS_EVENTS_ALL_IF_PRESENT:
    default:
      loft_process_all (self, frame);
      break;
    }
}

static gboolean
loft_process_check (LoftDispatcher           *self,
                    LoftProcessEventsOption   option,
                    GError                  **error)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);

  if (option < LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING ||
      option > LOFT_PROCESS_EVENTS_ALL_IF_PRESENT)
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                   "%d is no LoftProcessEventsOption", option);
      return FALSE;
    }
  if (!loft_dispatcher_verify_access (self, error))
    return FALSE;
  if (loft_load_relaxed (&loop->processing) == 0 && loft_loop_peek_frame (loop) == NULL)
    return TRUE;
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                       "process_events can't be called by a handler of the same dispatcher: what "
                       "it would run might be in the "
                       "middle of something. Return, and let the loop go on; or post the rest with "
                       "run_async.");
  return FALSE;
}

/**
 * loft_dispatcher_process_events:
 * @self: a dispatcher
 * @option: how much to run
 * @error: return location for an error
 *
 * Runs what waits in the dispatcher and in its context, from code that has a loop of its own, as
 * games have.
 *
 * On the dispatcher's thread. “All” is as many items as are waiting when it is called, best lanes
 * first: items that post others don't keep it from returning; then what else is ready in the
 * context gets its turns. “One” is one turn of the context with at most one item. Until quit it
 * goes on until [method@Loft.Dispatcher.stop_process_events],
 * [method@Loft.Dispatcher.enqueue_event_loop_exit], or the shutdown.
 *
 * Errors: %LOFT_ERROR_ILLEGAL_METHOD_CALL inside a handler that runs at home with the dispatcher,
 * or inside another process_events of it; %LOFT_ERROR_WRONG_THREAD on any other thread;
 * %LOFT_ERROR_SHUT_DOWN after the shutdown; %LOFT_ERROR_INVALID_ARGUMENT. Answers to
 * `CoreDispatcher.ProcessEvents`.
 *
 * Returns: whether it was allowed
 */
gboolean
loft_dispatcher_process_events (LoftDispatcher           *self,
                                LoftProcessEventsOption   option,
                                GError                  **error)
{
  LoftLoopFrame frame = { .quota = G_MAXSIZE, .listens = option == LOFT_PROCESS_EVENTS_UNTIL_QUIT };
  LoftLoop *loop;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!loft_process_check (self, option, error) || !loft_loop_frame_enter (self, &frame, error))
    return FALSE;
  g_object_ref (self);
  loop = loft_dispatcher_peek_loop (self);
  frame.processes = ++loop->last_processing;
  /* Relaxed: a number to tell one from the next; what is said to it comes through a lane. */
  loft_store_relaxed (&loop->processing, frame.processes);
  loft_process (self, &frame, option);
  loft_store_relaxed (&loop->processing, 0);
  loft_loop_frame_leave (self, &frame);
  g_object_unref (self);
  return TRUE;
}

/**
 * loft_dispatcher_stop_process_events:
 * @self: a dispatcher
 *
 * Makes the running [method@Loft.Dispatcher.process_events] return.
 *
 * Any thread may call. On the dispatcher's thread it returns after the running item; else when the
 * loop has come to it. When none is running, nothing happens: it is not kept for the next. Who
 * can't know whether it has begun yet uses [method@Loft.Dispatcher.enqueue_event_loop_exit], which
 * waits in the Normal lane. Answers to `CoreDispatcher.StopProcessEvents`.
 */
void
loft_dispatcher_stop_process_events (LoftDispatcher *self)
{
  LoftLoop *loop;
  guint processes;

  g_return_if_fail (LOFT_IS_DISPATCHER (self));

  loop = loft_dispatcher_peek_loop (self);
  processes = loft_load_relaxed (&loop->processing);
  if (processes == 0)
    return;
  if (loft_home_is_here (self))
    loft_loop_stop_processing (loop, processes);
  else
    loft_loop_say (self, &loft_stop_item_class, LOFT_LANE_HIGH, processes);
}
