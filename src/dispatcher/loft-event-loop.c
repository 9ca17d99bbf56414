/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: runs the dispatcher's loop, with run_event_loop and process_events. Each call has
 * a frame while it runs. Calls nest, and their frames form a list, the innermost first.
 *
 * An exit is an item of the Normal lane. The items that were posted there before it run first, and
 * it then ends the innermost loop that listens to exits. A stop from another thread is an item of
 * the High lane, and ends the process_events that was running when it was posted.
 *
 * The frames of windows are told here, too, because the loop runs beside them. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "loop/loft-deferral-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"

/* The most turns of the context that process_events makes without an item of the dispatcher. */
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

/* Requests to a loop, from any thread. */

typedef struct
{
  LoftWorkItem item;
  guint processes; /* the number of the process_events to stop; 0 for an exit */
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
 * @options: what an exit means for this loop
 * @exit_deferral: (nullable): keeps the loop running after an exit, until it is completed
 * @error: return location for an error
 *
 * Runs the dispatcher's loop until it is told to exit.
 *
 * Must be called on the dispatcher's thread. The other sources of the context are dispatched, too.
 * A handler may call this function. The loops then nest: the dispatcher's other items run in the
 * inner loop, and an exit ends the innermost loop that listens to exits.
 *
 * The function returns when the item of [method@Loft.Dispatcher.enqueue_event_loop_exit] has run
 * and @exit_deferral, if there is one, is completed. It also returns when the dispatcher is shut
 * down. With %LOFT_RUN_CONTINUE_ON_QUIT only the deferral or the shutdown ends the loop, and exits
 * go to the loops around it.
 *
 * Errors: %LOFT_ERROR_WRONG_THREAD on any other thread; %LOFT_ERROR_SHUT_DOWN after the shutdown.
 * Answers to `DispatcherQueue.RunEventLoop`.
 *
 * Returns: whether the loop ran
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
 * Asks the innermost running event loop of the dispatcher to return when the items that wait in the
 * Normal lane now have run.
 *
 * Any thread may call. If no loop is running by then, nothing happens. An exit also ends a
 * [method@Loft.Dispatcher.process_events] with %LOFT_PROCESS_EVENTS_UNTIL_QUIT. Answers to
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

/* Runs turns of the context until something was dispatched. */
static void
loft_process_wait (LoftDispatcher *self,
                   LoftLoopFrame  *frame)
{
  while (loft_loop_frame_goes_on (self, frame) &&
         !g_main_context_iteration (loft_dispatcher_get_context (self), TRUE))
    ;
}

/* Runs at most one item, and the other sources of the context that are ready at its priority. */
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
      /* In this turn the dispatcher only ceased to stand aside for the redraw, so the turn does not
       * count. */
      aside &= !loop->paused;
    }
  while ((!dispatched || aside) && loft_loop_has_any (loop) &&
         loft_loop_frame_goes_on (self, frame));
}

/* Runs as many items as wait now, whichever items these are, and then the other sources that are
 * ready. A source of the context that is always ready, and is dispatched before the items, must not
 * keep the call from returning. Each of the two parts therefore ends after MAX_TURNS turns without
 * an item of the dispatcher. */
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
 * Runs what waits in the dispatcher and in its context, for code that has a loop of its own, as
 * games have.
 *
 * Must be called on the dispatcher's thread. “All” means as many items as are waiting when the
 * function is called, taken from the best lanes first. Items that post other items therefore don't
 * keep the function from returning. After the items, the other sources that are ready in the
 * context get their turns. “One” means one turn of the context with at most one item. With
 * %LOFT_PROCESS_EVENTS_UNTIL_QUIT the function goes on until
 * [method@Loft.Dispatcher.stop_process_events], [method@Loft.Dispatcher.enqueue_event_loop_exit] or
 * the shutdown ends it.
 *
 * Errors: %LOFT_ERROR_ILLEGAL_METHOD_CALL inside a handler that the dispatcher is running, or
 * inside another process_events of the dispatcher; %LOFT_ERROR_WRONG_THREAD on any other thread;
 * %LOFT_ERROR_SHUT_DOWN after the shutdown; %LOFT_ERROR_INVALID_ARGUMENT if @option is none of the
 * enumeration's values. Answers to `CoreDispatcher.ProcessEvents`.
 *
 * Returns: whether the call was allowed
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
  /* Relaxed: the number only tells one call from the next. A stop from another thread comes through
   * a lane. */
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
 * Any thread may call. When this function is called on the dispatcher's thread, process_events
 * returns after the running item. When it is called on another thread, process_events returns when
 * the loop has come to the request. If no process_events is running, nothing happens, and the
 * request is not kept for the next one. A caller that can't know whether process_events has begun
 * yet uses [method@Loft.Dispatcher.enqueue_event_loop_exit], which waits in the Normal lane.
 * Answers to `CoreDispatcher.StopProcessEvents`.
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

/* The frames of windows on this thread. */

/**
 * loft_dispatcher_set_frame_due:
 * @self: a dispatcher
 * @clock: whose frame it is, such as a frame clock or a window
 * @due: when the next frame is due, in monotonic µs, or 0 if none is expected
 *
 * Tells the dispatcher when the next frame of a window on its thread is due.
 *
 * Each clock has one such time, and a call replaces the last one. With several clocks, the frame
 * that is due first counts.
 *
 * A slice of any lane ends when a frame is due, unless it makes up for time that others took (see
 * [property@Loft.Dispatcher:share]), or belongs to a lane that has waited for longer than
 * [property@Loft.Dispatcher:wait-limit]. From then on the lanes Low and Idle, and timers without a
 * priority of their own, are held back until the clock tells of its next frame, or for 4 ms at
 * most. High and Normal are not held back, because they come before a redraw. So work of the lanes
 * Low and Idle fills the time that the frames leave. A call of
 * [method@Loft.Dispatcher.process_events] holds nothing back.
 *
 * If the clock stops, nothing has to be said: the frame is forgotten when it has not come after
 * 4 ms. If the window is late, so that @due is not in the future, nothing is held back either, and
 * the dispatcher's share decides. @clock is only compared. The dispatcher neither keeps it alive
 * nor looks into it.
 *
 * A program for GTK does not call this function, but `loft_gtk_frame_budget_attach ()`.
 *
 * The change holds from the next slice on. To be called on the dispatcher's thread.
 */
void
loft_dispatcher_set_frame_due (LoftDispatcher *self,
                               GObject        *clock,
                               gint64          due)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (G_IS_OBJECT (clock));
  g_return_if_fail (due >= 0);
  LOFT_VERIFY_ACCESS (self);

  loft_loop_set_frame_due (loft_dispatcher_peek_loop (self), clock, due);
}
