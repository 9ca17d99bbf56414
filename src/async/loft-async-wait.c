/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Waiting on the calling thread, and the reasons why a wait is refused.
 *
 * The checks come in this order. An object that has ended never blocks. A wait that only the
 * waiting thread itself could end is refused with DEADLOCK, in any apartment. A wait on a thread
 * with a home is refused with BLOCKING_WAIT, because it would freeze everything that the home
 * serves. Any other wait sleeps on a condition. While a pool worker sleeps, another worker takes
 * its place. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "loop/loft-loop-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"
#include "async/loft-async-wait-private.h"

typedef struct
{
  gint refs; /* atomic: the waiting thread's, and the observer's */
  LoftMonitor monitor;
  /* under lock */
  gboolean ended;
  LoftAsyncStatus status;
  GError *error;        /* why no end will be reported; NULL: it has ended */
} LoftWaiter;

static void
loft_waiter_unref (gpointer data)
{
  LoftWaiter *waiter = data;

  if (!loft_refs_drop (&waiter->refs))
    return;
  loft_monitor_clear (&waiter->monitor);
  g_clear_error (&waiter->error);
  g_free (waiter);
}

static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  LoftWaiter *waiter = user_data;
  gboolean lost = !LOFT_IS_ASYNC_BASE (info) && !loft_async_info_has_ended (info);
  GError *error = lost ? loft_outcome_dup_error (info, status) : NULL;

  loft_monitor_lock (&waiter->monitor);
  waiter->ended = TRUE;
  waiter->status = lost ? LOFT_ASYNC_STATUS_STARTED : status;
  waiter->error = error;
  g_cond_signal (&waiter->monitor.cond);
  loft_monitor_unlock (&waiter->monitor);
}

/* Returns whether only this thread could end @info: its handler is running on this thread, or is
 * being notified of a cancel on this thread, or will run on a dispatcher that this thread runs. */
static gboolean
loft_async_wait_is_ours (LoftAsyncInfo *info)
{
  LoftDispatcher *runner;

  if (loft_thread_is_running (info))
    return TRUE;
  for (LoftTellFrame *frame = loft_thread_get ()->tell; frame != NULL; frame = frame->outer)
    if (frame->info == info)
      return TRUE;
  if (!LOFT_IS_ASYNC_BASE (info))
    return FALSE;
  runner = loft_async_base_peek_runner (LOFT_ASYNC_BASE (info));
  if (runner == NULL)
    return FALSE;

  /* The runner may be gone by now if the object has just ended, so it is only compared. */
  for (LoftDispatchFrame *frame = loft_thread_get ()->dispatch; frame != NULL; frame = frame->outer)
    if (frame->dispatcher == runner)
      return TRUE;
  if (loft_thread_peek_context () != NULL)
    {
      g_autoptr (LoftDispatcher) here = loft_home_dup_current ();

      /* If the home has closed, another thread ends the object. */
      return here == runner && !loft_loop_is_closed (loft_dispatcher_peek_loop (here));
    }
  return FALSE;
}

/* The number of objects that the walk looks at before the wait is assumed to end. The limit is
 * needed because an object that waits for several others makes the walk branch. */
#define MAX_LOOKS 10000

static _Thread_local guint looks_left;

/* The depth to which the walk recurses before the wait is assumed to end. The limit is needed
 * because a stack may be small. */
#define MAX_LOOK_DEPTH 128

static _Thread_local guint look_depth;

/* Returns whether only this thread could end @info, or an object that @info waits for, and so on.
 * An object that has ended holds nobody up. */
static gboolean
loft_async_wait_look (LoftAsyncInfo *info)
{
  LoftAwaitWalk walk;
  gboolean own = FALSE;

  if (looks_left == 0 || look_depth == MAX_LOOK_DEPTH)
    return FALSE;

  looks_left--;
  look_depth++;

  loft_await_walk_begin (&walk, info, loft_async_info_dup_awaited);
  do
    {
      if (loft_async_info_has_ended (walk.current))
        break;
      own = loft_async_wait_is_ours (walk.current);
      if (!own && LOFT_IS_ASYNC_BASE (walk.current) &&
          LOFT_ASYNC_BASE_GET_CLASS (walk.current)->ends_only_after != NULL)
        own = LOFT_ASYNC_BASE_GET_CLASS (walk.current)
                ->ends_only_after (LOFT_ASYNC_BASE (walk.current), loft_async_wait_look);
    }
  while (!own && loft_await_walk_next (&walk));
  loft_await_walk_end (&walk);
  look_depth--;
  return own;
}

static gboolean
loft_async_wait_is_own (LoftAsyncInfo *info)
{
  looks_left = MAX_LOOKS;
  return loft_async_wait_look (info);
}

gboolean
loft_async_wait_check (LoftAsyncInfo  *info,
                       gboolean        unchecked,
                       GError        **error)
{
  g_autofree char *what = NULL;

  if (loft_async_wait_is_own (info))
    {
      what = loft_async_info_describe (info);
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK,
                   "Waiting for %s would never end: only this thread can end it, or it waits for "
                   "itself. Use wait_async or "
                   "continue_with.",
                   what);
      return FALSE;
    }
  if (loft_thread_get ()->is_timers)
    {
      what = loft_async_info_describe (info);
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT,
                   "Can't wait for %s on the thread that all delays, time-outs and timers share. "
                   "An agile handler must not block: use "
                   "wait_async or continue_with.",
                   what);
      return FALSE;
    }
  if (unchecked || loft_thread_peek_context () == NULL)
    return TRUE;

  what = loft_async_info_describe (info);
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT,
               "Can't wait for %s on a thread that has a dispatcher: it would freeze until then. "
               "Use wait_async, "
               "continue_with or call_when_ended; a main () without a loop calls "
               "loft_apartment_init (LOFT_APARTMENT_MTA) "
               "first.",
               what);
  return FALSE;
}

/* Registers a waiter. A LoftAsyncBase wakes its waiters before it calls its other handlers. */
static gboolean
loft_async_wait_register (LoftAsyncInfo  *info,
                          LoftWaiter     *waiter,
                          guint64        *out_id,
                          GError        **error)
{
  LoftHandler *handler;

  loft_refs_take (&waiter->refs);
  if (!LOFT_IS_ASYNC_BASE (info))
    return loft_async_info_observe (info, on_ended, waiter, loft_waiter_unref, LOFT_OBSERVER_WAITS,
                                    out_id, error);

  handler = loft_handler_new (LOFT_HANDLER_WAITER, TRUE, G_CALLBACK (on_ended), waiter,
                              loft_waiter_unref);
  *out_id = loft_async_base_add_observer (LOFT_ASYNC_BASE (info), handler);
  return TRUE;
}

static LoftAsyncStatus
loft_async_wait_until (LoftAsyncInfo  *info,
                       gint64          deadline,
                       GError        **error)
{
  LoftAsyncStatus status = LOFT_ASYNC_STATUS_STARTED;
  LoftWaiter *waiter = g_new0 (LoftWaiter, 1);
  guint64 id = 0;
  gboolean ended, in_time = TRUE;

  waiter->refs = 1;
  loft_monitor_init (&waiter->monitor);
  if (!loft_async_wait_register (info, waiter, &id, error))
    {
      loft_waiter_unref (waiter);
      return status;
    }

  loft_thread_hand_over ();
  loft_pool_begin_blocking ();
  do
    {
      gint64 until = loft_pool_retry (deadline);

      loft_monitor_lock (&waiter->monitor);
      if (!waiter->ended)
        in_time = loft_monitor_wait_until (&waiter->monitor, until) || until != deadline;
      ended = waiter->ended;
      status = ended ? waiter->status : status;
      loft_monitor_unlock (&waiter->monitor);
    }
  while (!ended && in_time);
  loft_pool_end_blocking ();

  if (!ended)
    loft_async_info_remove_observer (info, id);
  else if (waiter->error != NULL)
    g_propagate_error (error, g_steal_pointer (&waiter->error));
  loft_waiter_unref (waiter);
  return status;
}

static gboolean
loft_async_info_wait_for_end (LoftAsyncInfo  *self,
                              gboolean        unchecked,
                              GError        **error)
{
  GError *local_error = NULL;

  if (loft_async_info_has_ended (self))
    return TRUE;
  if (!loft_async_wait_check (self, unchecked, error))
    return FALSE;
  loft_async_wait_until (self, -1, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return local_error == NULL;
}

/**
 * loft_async_info_wait_for:
 * @self: an async object
 * @timeout: the longest time to wait, in µs; 0 to not wait at all
 * @error: return location for an error
 *
 * Blocks until an object has ended, or until the time is up.
 *
 * Only a thread without a home may wait. It may wait any number of times, and there may be other
 * waits and handlers at the same time. If the object fails or is cancelled, this is reported as its
 * status and not as an error of this function. With a @timeout of 0, or if the object has ended,
 * this function never blocks and is allowed on any thread.
 *
 * Errors: %LOFT_ERROR_BLOCKING_WAIT on a thread that has a dispatcher; %LOFT_ERROR_DEADLOCK for a
 * wait that only this thread could end; %LOFT_ERROR_ILLEGAL_METHOD_CALL if the object is closed;
 * %LOFT_ERROR_INVALID_ARGUMENT for a negative @timeout. Answers to C++/WinRT's `wait_for`.
 *
 * Returns: the final status; %LOFT_ASYNC_STATUS_STARTED if the object has not ended
 */
LoftAsyncStatus
loft_async_info_wait_for (LoftAsyncInfo  *self,
                          GTimeSpan       timeout,
                          GError        **error)
{
  gint64 now;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), LOFT_ASYNC_STATUS_STARTED);
  g_return_val_if_fail (error == NULL || *error == NULL, LOFT_ASYNC_STATUS_STARTED);

  if (timeout < 0)
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                   "The time to wait is negative (%" G_GINT64_FORMAT
                   " µs); use get to wait without a limit",
                   timeout);
      return LOFT_ASYNC_STATUS_STARTED;
    }
  if (loft_async_info_get_status (self) == LOFT_ASYNC_STATUS_CLOSED)
    {
      loft_async_info_set_closed_error (self, error);
      return LOFT_ASYNC_STATUS_CLOSED;
    }
  if (loft_async_info_has_ended (self))
    return loft_async_info_get_status (self);
  if (timeout == 0 || !loft_async_wait_check (self, FALSE, error))
    return LOFT_ASYNC_STATUS_STARTED;
  now = g_get_monotonic_time ();
  return loft_async_wait_until (self, timeout < G_MAXINT64 - now ? now + timeout : -1, error);
}

/**
 * loft_async_info_wait_unchecked:
 * @self: an async object
 * @error: return location for an error
 *
 * Blocks until an object has ended, even on a thread that has a dispatcher.
 *
 * This avoids the refusal with %LOFT_ERROR_BLOCKING_WAIT, at a price: everything that the
 * dispatcher serves, such as a window, is frozen until the object has ended. A wait that only this
 * thread could end still fails with %LOFT_ERROR_DEADLOCK.
 *
 * Returns: whether the object has ended
 */
gboolean
loft_async_info_wait_unchecked (LoftAsyncInfo  *self,
                                GError        **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_async_info_wait_for_end (self, TRUE, error);
}

/**
 * loft_async_action_get:
 * @self: an action
 * @error: return location for an error
 *
 * Blocks until an action has ended, and returns whether it succeeded.
 *
 * Only a thread without a home may wait. It may wait any number of times, and there may be other
 * waits and handlers at the same time. After a cancel, this function waits for the end too.
 *
 * Errors: those of [method@Loft.AsyncAction.get_results]; %LOFT_ERROR_BLOCKING_WAIT at once on a
 * thread that has a dispatcher; %LOFT_ERROR_DEADLOCK at once for a wait that only this thread could
 * end. Answers to C++/WinRT's `get`.
 *
 * Returns: whether the action succeeded
 */
gboolean
loft_async_action_get (LoftAsyncAction  *self,
                       GError          **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_ACTION (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error) &&
         loft_async_action_get_results (self, error);
}

/**
 * loft_async_operation_get:
 * @self: an operation
 * @value: (out caller-allocates) (optional): an unset value (`G_VALUE_INIT`); unchanged on failure
 * @error: return location for an error
 *
 * Blocks until an operation has ended, and gets a copy of its result.
 *
 * The threads that may wait, and the errors, are those of [method@Loft.AsyncAction.get].
 *
 * Returns: whether the operation succeeded
 */
gboolean
loft_async_operation_get (LoftAsyncOperation  *self,
                          GValue              *value,
                          GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), FALSE);
  g_return_val_if_fail (value == NULL || G_VALUE_TYPE (value) == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error) &&
         loft_async_operation_get_results (self, value, error);
}

/**
 * loft_async_operation_wait_boolean:
 * @self: an operation
 * @error: return location for an error
 *
 * Waits until an operation has ended, and gets its result as a `gboolean`.
 *
 * This combines [method@Loft.AsyncOperation.get] and [method@Loft.AsyncOperation.get_boolean], and
 * has the errors of both. Any thread of the MTA may call. On a thread with a dispatcher the
 * function fails with %LOFT_ERROR_BLOCKING_WAIT, unless the operation has ended. Pass @error to
 * tell a failure from a result of %FALSE.
 *
 * Answers to `IAsyncOperation.get ()` of C++/WinRT.
 *
 * Returns: the result; %FALSE with @error set on failure
 */
gboolean
loft_async_operation_wait_boolean (LoftAsyncOperation  *self,
                                   GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error))
    return FALSE;
  return loft_async_operation_get_boolean (self, error);
}

/**
 * loft_async_operation_wait_int64:
 * @self: an operation
 * @error: return location for an error
 *
 * Waits until an operation has ended, and gets its result as a `gint64`.
 *
 * This combines [method@Loft.AsyncOperation.get] and [method@Loft.AsyncOperation.get_int64], and
 * has the errors of both. Any thread of the MTA may call. On a thread with a dispatcher the
 * function fails with %LOFT_ERROR_BLOCKING_WAIT, unless the operation has ended. Pass @error to
 * tell a failure from a result of 0.
 *
 * Answers to `IAsyncOperation.get ()` of C++/WinRT.
 *
 * Returns: the result; 0 with @error set on failure
 */
gint64
loft_async_operation_wait_int64 (LoftAsyncOperation  *self,
                                 GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error))
    return 0;
  return loft_async_operation_get_int64 (self, error);
}

/**
 * loft_async_operation_wait_double:
 * @self: an operation
 * @error: return location for an error
 *
 * Waits until an operation has ended, and gets its result as a `double`.
 *
 * This combines [method@Loft.AsyncOperation.get] and [method@Loft.AsyncOperation.get_double], and
 * has the errors of both. Any thread of the MTA may call. On a thread with a dispatcher the
 * function fails with %LOFT_ERROR_BLOCKING_WAIT, unless the operation has ended. Pass @error to
 * tell a failure from a result of 0.
 *
 * Answers to `IAsyncOperation.get ()` of C++/WinRT.
 *
 * Returns: the result; 0 with @error set on failure
 */
double
loft_async_operation_wait_double (LoftAsyncOperation  *self,
                                  GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error))
    return 0;
  return loft_async_operation_get_double (self, error);
}

/**
 * loft_async_operation_wait_string:
 * @self: an operation
 * @error: return location for an error
 *
 * Waits until an operation has ended, and gets its result as a string.
 *
 * This combines [method@Loft.AsyncOperation.get] and [method@Loft.AsyncOperation.dup_string], and
 * has the errors of both. Any thread of the MTA may call. On a thread with a dispatcher the
 * function fails with %LOFT_ERROR_BLOCKING_WAIT, unless the operation has ended. Pass @error to
 * tell a failure from a result of %NULL.
 *
 * Answers to `IAsyncOperation.get ()` of C++/WinRT.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set on failure
 */
char *
loft_async_operation_wait_string (LoftAsyncOperation  *self,
                                  GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error))
    return NULL;
  return loft_async_operation_dup_string (self, error);
}

/**
 * loft_async_operation_wait_object:
 * @self: an operation
 * @error: return location for an error
 *
 * Waits until an operation has ended, and gets its result as an object.
 *
 * This combines [method@Loft.AsyncOperation.get] and [method@Loft.AsyncOperation.dup_object], and
 * has the errors of both. Any thread of the MTA may call. On a thread with a dispatcher the
 * function fails with %LOFT_ERROR_BLOCKING_WAIT, unless the operation has ended. Pass @error to
 * tell a failure from a result of %NULL.
 *
 * Answers to `IAsyncOperation.get ()` of C++/WinRT.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set on failure
 */
GObject *
loft_async_operation_wait_object (LoftAsyncOperation  *self,
                                  GError             **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!loft_async_info_wait_for_end (LOFT_ASYNC_INFO (self), FALSE, error))
    return NULL;
  return loft_async_operation_dup_object (self, error);
}
