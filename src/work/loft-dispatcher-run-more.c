/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The posting forms whose work is more than a handler: idle work, tries, and work that goes on elsewhere or runs inline. */

#include "config.h"

#include "work/loft-dispatcher-run-private.h"


/**
 * loft_dispatcher_run_idle_async:
 * @self: a dispatcher
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work on the dispatcher's thread when nothing else is to be done.
 *
 * The Idle lane. Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 *
 * On a dispatcher that has shut down the object has ended Canceled, with %LOFT_CANCEL_REASON_SHUT_DOWN.
 * Answers to `CoreDispatcher.RunIdleAsync`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_idle_async) (LoftDispatcher *self,
                                  LoftIdleHandler handler,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy)
{
  return loft_dispatcher_run_idle_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_run_idle_async_at: (skip)
 *
 * [method@Loft.Dispatcher.run_idle_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_dispatcher_run_idle_async_at (LoftDispatcher *self,
                                   LoftIdleHandler handler,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy,
                                   const char     *location,
                                   const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_IDLE,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, LOFT_PRIORITY_IDLE, &request, "loft_dispatcher_run_idle_async");
}

/**
 * loft_dispatcher_try_run_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work on the dispatcher's thread, and says whether it ran.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 *
 * The operation of boolean completes with %TRUE when the work succeeded, and with %FALSE when it never ran because the
 * dispatcher has shut down. (The object is also the action that @handler gets; where a language gives both one
 * `get_results ()`, [method@Loft.AsyncOperation.get_boolean] is the operation's.) Answers to `CoreDispatcher.TryRunAsync`.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_dispatcher_try_run_async) (LoftDispatcher *self,
                                 LoftPriority    priority,
                                 LoftWorkHandler handler,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy)
{
  return loft_dispatcher_try_run_async_at (self, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_try_run_async_at: (skip)
 *
 * [method@Loft.Dispatcher.try_run_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_dispatcher_try_run_async_at (LoftDispatcher *self,
                                  LoftPriority    priority,
                                  LoftWorkHandler handler,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy,
                                  const char     *location,
                                  const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_TRY,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .value_type = G_TYPE_BOOLEAN,
    .site = { location, function },
  };

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, priority, &request, "loft_dispatcher_try_run_async");
}

/**
 * loft_dispatcher_try_run_idle_async:
 * @self: a dispatcher
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work when nothing else is to be done, and says whether it ran.
 *
 * The Idle lane. Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 *
 * The operation of boolean completes as that of [method@Loft.Dispatcher.try_run_async]. Answers to
 * `CoreDispatcher.TryRunIdleAsync`.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_dispatcher_try_run_idle_async) (LoftDispatcher *self,
                                      LoftIdleHandler handler,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy)
{
  return loft_dispatcher_try_run_idle_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_try_run_idle_async_at: (skip)
 *
 * [method@Loft.Dispatcher.try_run_idle_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_dispatcher_try_run_idle_async_at (LoftDispatcher *self,
                                       LoftIdleHandler handler,
                                       gpointer        user_data,
                                       GDestroyNotify  destroy,
                                       const char     *location,
                                       const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_TRY_IDLE,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .value_type = G_TYPE_BOOLEAN,
    .site = { location, function },
  };

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, LOFT_PRIORITY_IDLE, &request, "loft_dispatcher_try_run_idle_async");
}

/**
 * loft_dispatcher_run_nested_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work that goes on in another async object, and ends when that does.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 * A cancel of the action cancels the inner object too.
 *
 * On a dispatcher that has shut down the object has ended Canceled, with %LOFT_CANCEL_REASON_SHUT_DOWN.
 * Windows has no such form: an async lambda there ends its action at the first suspension.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_nested_async) (LoftDispatcher   *self,
                                    LoftPriority      priority,
                                    LoftNestedHandler handler,
                                    gpointer          user_data,
                                    GDestroyNotify    destroy)
{
  return loft_dispatcher_run_nested_async_at (self, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_run_nested_async_at: (skip)
 *
 * [method@Loft.Dispatcher.run_nested_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_dispatcher_run_nested_async_at (LoftDispatcher   *self,
                                     LoftPriority      priority,
                                     LoftNestedHandler handler,
                                     gpointer          user_data,
                                     GDestroyNotify    destroy,
                                     const char       *location,
                                     const char       *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_NESTED,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request, "loft_dispatcher_run_nested_async");
}

/**
 * loft_dispatcher_invoke_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work on the dispatcher's thread: at once when this is it, else queued.
 *
 * Any thread may call. At home @handler runs before this returns, ahead of what is queued, and the action has ended.
 *
 * On a dispatcher that has shut down the object has ended Canceled, with %LOFT_CANCEL_REASON_SHUT_DOWN.
 * Answers to the Community Toolkit's `EnqueueAsync`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_invoke_async) (LoftDispatcher *self,
                                LoftPriority    priority,
                                LoftWorkHandler handler,
                                gpointer        user_data,
                                GDestroyNotify  destroy)
{
  return loft_dispatcher_invoke_async_at (self, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftWork *
loft_dispatcher_run_at_once (LoftDispatcher  *self,
                             LoftWorkRequest *request)
{
  LoftDispatchFrame frame;
  LoftWork *work;

  request->target = self;
  work = loft_work_new (request);
  g_object_ref (self); /* the handler may drop the caller's */
  loft_dispatcher_enter_handler (self, &frame, request->lane);
  loft_work_run (g_object_ref (work), self);
  loft_dispatcher_leave_handler (self, &frame);
  g_object_unref (self);
  return work;
}

/**
 * loft_dispatcher_invoke_async_at: (skip)
 *
 * [method@Loft.Dispatcher.invoke_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_dispatcher_invoke_async_at (LoftDispatcher *self,
                                 LoftPriority    priority,
                                 LoftWorkHandler handler,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy,
                                 const char     *location,
                                 const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_ACTION,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  if (!LOFT_IS_DISPATCHER (self) || !loft_home_is_here (self) || loft_dispatcher_is_shut_down (self))
    return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request, "loft_dispatcher_invoke_async");
  if (!loft_dispatcher_check_request (self, priority, &request, "loft_dispatcher_invoke_async"))
    return NULL;

  request.lane = loft_lane_from_priority (priority);
  return (LoftAsyncAction *) loft_dispatcher_run_at_once (self, &request);
}
