/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The synchronous call, for code that needs an answer from the dispatcher's thread before it can go
 * on. */

#include "config.h"

#include "async/loft-async-wait-private.h"
#include "work/loft-dispatcher-run-private.h"

/* Runs the handler at once on this thread. Only the handler is given the action, so no other code
 * can wait for it. */
static gboolean
call_inline (LoftDispatcher   *self,
             LoftWorkHandler   handler,
             gpointer          user_data,
             LoftCallSite      site,
             GError          **error)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_ACTION,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .lane = LOFT_LANE_NORMAL,
    .site = site,
  };
  LoftWork *work = loft_dispatcher_run_at_once (self, &request);
  gboolean success;

  success = loft_async_action_get_results ((LoftAsyncAction *) work, error);
  g_object_unref (work);
  return success;
}

static gboolean
set_shut_down_error (GError **error)
{
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                       "The dispatcher has shut down: it runs no more calls. Call before its "
                       "shutdown.");
  return FALSE;
}

/* Sets @error to the reason why the wait is refused. The message for BLOCKING_WAIT is replaced: the
 * usual one names other ways to wait for the object, and the caller of loft_dispatcher_call () has
 * no object. Takes @refusal. */
static gboolean
set_refused (LoftDispatcher  *self,
             GError          *refusal,
             GError         **error)
{
  g_autofree char *where = NULL;

  if (!g_error_matches (refusal, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT))
    {
      g_propagate_error (error, refusal);
      return FALSE;
    }

  g_error_free (refusal);
  where = loft_dispatcher_describe (self);
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT,
               "Can't call %s from a thread that has a dispatcher of its own: that would freeze "
               "until then. Use run_async, and "
               "continue_with or wait_async on the action that it returns; a main () without a "
               "loop calls loft_apartment_init "
               "(LOFT_APARTMENT_MTA) first.",
               where);
  return FALSE;
}

/**
 * loft_dispatcher_call:
 * @self: a dispatcher
 * @handler: (scope call) (closure user_data): the work
 * @user_data: what to call it with
 * @error: return location for an error
 *
 * Runs work on the dispatcher's thread and waits until it has ended.
 *
 * On the dispatcher's own thread, @handler runs at once. On a thread without a home, @handler is
 * queued in the Normal lane, and this function blocks until the work has ended.
 *
 * Errors: the error of @handler; %LOFT_ERROR_BLOCKING_WAIT on a thread that has another dispatcher;
 * %LOFT_ERROR_SHUT_DOWN if the dispatcher takes no more work. Answers to WPF's `Dispatcher.Invoke`.
 *
 * Returns: whether the work succeeded
 */
gboolean
(loft_dispatcher_call) (LoftDispatcher   *self,
                        LoftWorkHandler   handler,
                        gpointer          user_data,
                        GError          **error)
{
  return loft_dispatcher_call_at (self, handler, user_data, error, NULL, G_STRFUNC);
}

gboolean
loft_dispatcher_call_at (LoftDispatcher   *self,
                         LoftWorkHandler   handler,
                         gpointer          user_data,
                         GError          **error,
                         const char       *location,
                         const char       *function)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (LoftAction) probe = NULL;
  g_autoptr (GError) refusal = NULL;
  gboolean may;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (handler != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (loft_loop_refuses (loft_dispatcher_peek_loop (self)))
    return set_shut_down_error (error);
  if (loft_home_is_here (self))
    return call_inline (self, handler, user_data, (LoftCallSite) { location, function }, error);

  /* The wait is checked before the work is queued. Otherwise the handler might run although its
   * caller was told that it could not. */
  probe = loft_action_new_at (location, function);
  may = loft_async_wait_check (LOFT_ASYNC_INFO (probe), FALSE, &refusal);
  loft_action_complete (probe);
  if (!may)
    return set_refused (self, g_steal_pointer (&refusal), error);

  action = loft_dispatcher_run_async_at (self, LOFT_PRIORITY_NORMAL, handler, user_data, NULL,
                                         location, function);
  if (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)) == LOFT_CANCEL_REASON_SHUT_DOWN)
    return set_shut_down_error (error);
  return loft_async_action_get (action, error);
}
