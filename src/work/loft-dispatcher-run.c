/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The posting forms of a dispatcher. Each makes a work of its kind and puts it into a lane.
 *
 * The data that a caller hands over is always consumed. A post is refused when the dispatcher has
 * shut down: the data is then released at once, and the form returns an object that has ended
 * Canceled, SHUT_DOWN. After a caller's mistake the form logs a critical warning and returns
 * NULL. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-dispatcher-run-private.h"
#include "work/loft-work-private.h"
#include "work/loft-work-settings-private.h"

gboolean
loft_dispatcher_check_request (LoftDispatcher        *self,
                               int                    priority,
                               const LoftWorkRequest *request,
                               const char            *function)
{
  if (G_LIKELY (LOFT_IS_DISPATCHER (self)))
    return loft_work_request_check (request, priority, LOFT_PRIORITY_IDLE, function);

  g_critical ("%s: that is no LoftDispatcher", function);
  if (request->destroy != NULL)
    request->destroy (request->user_data);
  return FALSE;
}

static LoftWork *
loft_dispatcher_post_request (LoftDispatcher  *self,
                              LoftPriority     priority,
                              LoftWorkRequest *request,
                              const char      *function)
{
  LoftWork *work;

  if (!loft_dispatcher_check_request (self, priority, request, function))
    {
      loft_work_request_clear (request);
      return NULL;
    }

  request->lane = loft_lane_from_priority (priority);
  request->target = self;
  work = loft_work_new (request);
  g_object_ref (work);
  if (G_UNLIKELY (!loft_work_request_settle (request, work) ||
                  !loft_dispatcher_post_users_item (self, request->lane, &work->item)))
    {
      loft_work_refuse (work);
      g_object_unref (work);
    }
  return work;
}

/**
 * loft_dispatcher_run_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted. The action ends when @handler returns. If the action is
 * cancelled before its turn, @handler never runs.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to `CoreDispatcher.RunAsync`, whose action is Completed in
 * that case.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_async) (LoftDispatcher *self,
                             LoftPriority    priority,
                             LoftWorkHandler handler,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  return loft_dispatcher_run_async_at (self, priority, handler, user_data, destroy, NULL,
                                       G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_async_at (LoftDispatcher *self,
                              LoftPriority    priority,
                              LoftWorkHandler handler,
                              gpointer        user_data,
                              GDestroyNotify  destroy,
                              const char     *location,
                              const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION);

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request,
                                                           "loft_dispatcher_run_async");
}

/**
 * loft_dispatcher_run_operation_async:
 * @self: a dispatcher
 * @priority: the lane
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work that returns a value on the dispatcher's thread.
 *
 * Answers to the Community Toolkit's `EnqueueAsync<T>`. The queues of Windows itself return no
 * value.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_dispatcher_run_operation_async) (LoftDispatcher      *self,
                                       LoftPriority         priority,
                                       GType                value_type,
                                       LoftOperationHandler handler,
                                       gpointer             user_data,
                                       GDestroyNotify       destroy)
{
  return loft_dispatcher_run_operation_async_at (self, priority, value_type, handler, user_data,
                                                 destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_dispatcher_run_operation_async_at (LoftDispatcher      *self,
                                        LoftPriority         priority,
                                        GType                value_type,
                                        LoftOperationHandler handler,
                                        gpointer             user_data,
                                        GDestroyNotify       destroy,
                                        const char          *location,
                                        const char          *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                                               .value_type = value_type);

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, priority, &request,
                                                              "loft_dispatcher_run_operation_"
                                                              "async");
}

/**
 * loft_dispatcher_run_with_progress_async:
 * @self: a dispatcher
 * @priority: the lane
 * @progress_type: the type of the reported values
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work that reports progress on the dispatcher's thread.
 *
 * The returned object is also a [iface@Loft.AsyncWithProgress]. @handler reports with
 * [method@Loft.AsyncBase.report_progress].
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_with_progress_async) (LoftDispatcher *self,
                                           LoftPriority    priority,
                                           GType           progress_type,
                                           LoftWorkHandler handler,
                                           gpointer        user_data,
                                           GDestroyNotify  destroy)
{
  return loft_dispatcher_run_with_progress_async_at (self, priority, progress_type, handler,
                                                     user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_with_progress_async_at (LoftDispatcher *self,
                                            LoftPriority    priority,
                                            GType           progress_type,
                                            LoftWorkHandler handler,
                                            gpointer        user_data,
                                            GDestroyNotify  destroy,
                                            const char     *location,
                                            const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .flags = LOFT_WORK_REPORTS,
                                               .progress_type = progress_type);

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request,
                                                           "loft_dispatcher_run_with_progress_"
                                                           "async");
}

/**
 * loft_dispatcher_run_operation_with_progress_async:
 * @self: a dispatcher
 * @priority: the lane
 * @value_type: the type of the result
 * @progress_type: the type of the reported values
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work that returns a value and reports progress on the dispatcher's thread.
 *
 * The returned object is also a [iface@Loft.AsyncWithProgress]. @handler reports with
 * [method@Loft.AsyncBase.report_progress].
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_dispatcher_run_operation_with_progress_async) (LoftDispatcher      *self,
                                                     LoftPriority         priority,
                                                     GType                value_type,
                                                     GType                progress_type,
                                                     LoftOperationHandler handler,
                                                     gpointer             user_data,
                                                     GDestroyNotify       destroy)
{
  return loft_dispatcher_run_operation_with_progress_async_at (self, priority, value_type,
                                                               progress_type, handler, user_data,
                                                               destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_dispatcher_run_operation_with_progress_async_at (LoftDispatcher      *self,
                                                      LoftPriority         priority,
                                                      GType                value_type,
                                                      GType                progress_type,
                                                      LoftOperationHandler handler,
                                                      gpointer             user_data,
                                                      GDestroyNotify       destroy,
                                                      const char          *location,
                                                      const char          *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION,
                                               .flags = LOFT_WORK_GIVES_VALUE | LOFT_WORK_REPORTS,
                                               .value_type = value_type,
                                               .progress_type = progress_type);

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, priority, &request,
                                                              "loft_dispatcher_run_operation_with_"
                                                              "progress_async");
}

/* A full form: fills the request from the settings, and then does what loft_dispatcher_post_request
 * does. */
static LoftWork *
post_full (LoftDispatcher   *self,
           LoftWorkSettings *settings,
           LoftFullRequest  *full,
           const char       *function)
{
  loft_work_settings_fill (settings, full);
  if (full->has_owner)
    full->request.flags |= LOFT_WORK_OWNED;
  return loft_dispatcher_post_request (self, loft_work_settings_get_priority (settings),
                                       &full->request, function);
}

/**
 * loft_dispatcher_run_full_async:
 * @self: a dispatcher
 * @settings: (nullable): how to start the work; %NULL to start it as
 *   [method@Loft.Dispatcher.run_async] does in the Normal lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread, with any settings.
 *
 * This is [method@Loft.Dispatcher.run_async] with settings. The returned action reports progress if
 * the settings say so. If the owner in the settings is already gone, the returned action has ended
 * Canceled, with %LOFT_CANCEL_REASON_OWNER_GONE.
 *
 * Returns: (transfer full): the work's action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_dispatcher_run_full_async) (LoftDispatcher   *self,
                                  LoftWorkSettings *settings,
                                  LoftWorkHandler   handler,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy)
{
  return loft_dispatcher_run_full_async_at (self, settings, handler, user_data, destroy, NULL,
                                            G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_full_async_at (LoftDispatcher   *self,
                                   LoftWorkSettings *settings,
                                   LoftWorkHandler   handler,
                                   gpointer          user_data,
                                   GDestroyNotify    destroy,
                                   const char       *location,
                                   const char       *function)
{
  LoftFullRequest full = {
    .request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION),
  };

  return (LoftAsyncAction *) post_full (self, settings, &full, "loft_dispatcher_run_full_async");
}

/**
 * loft_dispatcher_run_operation_full_async:
 * @self: a dispatcher
 * @settings: (nullable): how to start the work; %NULL to start it as
 *   [method@Loft.Dispatcher.run_operation_async] does in the Normal lane
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work that returns a value on the dispatcher's thread, with any settings.
 *
 * This is [method@Loft.Dispatcher.run_operation_async] with the settings of
 * [method@Loft.Dispatcher.run_full_async].
 *
 * Returns: (transfer full): the work's operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_dispatcher_run_operation_full_async) (LoftDispatcher       *self,
                                            LoftWorkSettings     *settings,
                                            GType                 value_type,
                                            LoftOperationHandler  handler,
                                            gpointer              user_data,
                                            GDestroyNotify        destroy)
{
  return loft_dispatcher_run_operation_full_async_at (self, settings, value_type, handler,
                                                      user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_dispatcher_run_operation_full_async_at (LoftDispatcher       *self,
                                             LoftWorkSettings     *settings,
                                             GType                 value_type,
                                             LoftOperationHandler  handler,
                                             gpointer              user_data,
                                             GDestroyNotify        destroy,
                                             const char           *location,
                                             const char           *function)
{
  LoftFullRequest full = {
    .request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                                  .value_type = value_type),
  };

  return (LoftAsyncOperation *) post_full (self, settings, &full,
                                           "loft_dispatcher_run_operation_full_async");
}

/* The posting forms whose work is more than a handler: idle work, the try forms, work that goes on
 * in another async object, and work that may run inline. */

/**
 * loft_dispatcher_run_idle_async:
 * @self: a dispatcher
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread when nothing else is left to do.
 *
 * The work is posted to the Idle lane. Any thread may call. @handler always runs later, on the
 * dispatcher's thread. The work of one lane runs in the order in which it was posted.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to `CoreDispatcher.RunIdleAsync`.
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

LoftAsyncAction *
loft_dispatcher_run_idle_async_at (LoftDispatcher *self,
                                   LoftIdleHandler handler,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy,
                                   const char     *location,
                                   const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_IDLE);

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, LOFT_PRIORITY_IDLE, &request,
                                                           "loft_dispatcher_run_idle_async");
}

/**
 * loft_dispatcher_try_run_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread, and reports whether it ran.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted.
 *
 * The result of the operation is a boolean. It is %TRUE if the work succeeded, and %FALSE if the
 * work never ran because the dispatcher has shut down. The returned object is also the action that
 * @handler receives. In a language where the action and the operation share one `get_results ()`,
 * use [method@Loft.AsyncOperation.get_boolean] to get the result of the operation. Answers to
 * `CoreDispatcher.TryRunAsync`.
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
  return loft_dispatcher_try_run_async_at (self, priority, handler, user_data, destroy, NULL,
                                           G_STRFUNC);
}

LoftAsyncOperation *
loft_dispatcher_try_run_async_at (LoftDispatcher *self,
                                  LoftPriority    priority,
                                  LoftWorkHandler handler,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy,
                                  const char     *location,
                                  const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_TRY, .value_type = G_TYPE_BOOLEAN);

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, priority, &request,
                                                              "loft_dispatcher_try_run_async");
}

/**
 * loft_dispatcher_try_run_idle_async:
 * @self: a dispatcher
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread when nothing else is left to do, and reports whether it ran.
 *
 * The work is posted to the Idle lane. Any thread may call. @handler always runs later, on the
 * dispatcher's thread. The work of one lane runs in the order in which it was posted.
 *
 * The result of the operation is the same as that of [method@Loft.Dispatcher.try_run_async].
 * Answers to `CoreDispatcher.TryRunIdleAsync`.
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

LoftAsyncOperation *
loft_dispatcher_try_run_idle_async_at (LoftDispatcher *self,
                                       LoftIdleHandler handler,
                                       gpointer        user_data,
                                       GDestroyNotify  destroy,
                                       const char     *location,
                                       const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_TRY_IDLE, .value_type = G_TYPE_BOOLEAN);

  return (LoftAsyncOperation *) loft_dispatcher_post_request (self, LOFT_PRIORITY_IDLE, &request,
                                                              "loft_dispatcher_try_run_idle_async");
}

/**
 * loft_dispatcher_run_nested_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work that goes on in another async object, and whose action ends when that object ends.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The work of one lane
 * runs in the order in which it was posted. If the action is cancelled, the inner object is
 * cancelled too.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Windows has no such form. There the action of an async lambda ends
 * at the first suspension.
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
  return loft_dispatcher_run_nested_async_at (self, priority, handler, user_data, destroy, NULL,
                                              G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_run_nested_async_at (LoftDispatcher   *self,
                                     LoftPriority      priority,
                                     LoftNestedHandler handler,
                                     gpointer          user_data,
                                     GDestroyNotify    destroy,
                                     const char       *location,
                                     const char       *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_NESTED);

  return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request,
                                                           "loft_dispatcher_run_nested_async");
}

/**
 * loft_dispatcher_invoke_async:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the dispatcher's thread, whether the work
 *   ran or not, or at once if the post is refused
 *
 * Runs work on the dispatcher's thread, at once if the calling thread is that thread.
 *
 * Any thread may call. On the dispatcher's own thread, @handler runs before this function returns,
 * ahead of everything that is queued, and the returned action has ended. On any other thread, the
 * work is queued.
 *
 * If the dispatcher has shut down, the returned object has already ended Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to the Community Toolkit's `EnqueueAsync`.
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
  return loft_dispatcher_invoke_async_at (self, priority, handler, user_data, destroy, NULL,
                                          G_STRFUNC);
}

LoftWork *
loft_dispatcher_run_at_once (LoftDispatcher  *self,
                             LoftWorkRequest *request)
{
  LoftDispatchFrame frame;
  LoftWork *work;

  request->target = self;
  work = loft_work_new (request);
  g_object_ref (self); /* the handler may drop the caller's reference */
  loft_dispatcher_enter_handler (self, &frame, request->lane);
  loft_work_run (g_object_ref (work), self);
  loft_dispatcher_leave_handler (self, &frame);
  g_object_unref (self);
  return work;
}

LoftAsyncAction *
loft_dispatcher_invoke_async_at (LoftDispatcher *self,
                                 LoftPriority    priority,
                                 LoftWorkHandler handler,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy,
                                 const char     *location,
                                 const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION);

  if (!LOFT_IS_DISPATCHER (self) || !loft_home_is_here (self) ||
      loft_dispatcher_is_shut_down (self))
    return (LoftAsyncAction *) loft_dispatcher_post_request (self, priority, &request,
                                                             "loft_dispatcher_invoke_async");
  if (!loft_dispatcher_check_request (self, priority, &request, "loft_dispatcher_invoke_async"))
    return NULL;

  request.lane = loft_lane_from_priority (priority);
  return (LoftAsyncAction *) loft_dispatcher_run_at_once (self, &request);
}

/* What can be done with waiting items: moving them to another lane, and cancelling them. */

/**
 * loft_dispatcher_set_item_priority:
 * @self: a dispatcher
 * @item: an action or operation that was posted to it
 * @priority: the new lane
 *
 * Moves a waiting item to the end of another lane.
 *
 * Any thread may call. A delayed item goes to the new lane once its delay is over. Answers to WPF's
 * `DispatcherOperation.Priority`.
 *
 * Returns: %FALSE if @item has begun or ended, or was not posted to @self
 */
gboolean
loft_dispatcher_set_item_priority (LoftDispatcher *self,
                                   LoftAsyncInfo  *item,
                                   LoftPriority    priority)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (item), FALSE);
  if (!loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return FALSE;

  return LOFT_IS_WORK (item) && loft_work_waits_on (LOFT_WORK (item), self) &&
         loft_work_move (LOFT_WORK (item), loft_lane_from_priority (priority));
}

/**
 * loft_dispatcher_abort:
 * @self: a dispatcher
 * @item: an action or operation that was posted to it
 *
 * Cancels an item that has not begun.
 *
 * Any thread may call. Answers to WPF's `DispatcherOperation.Abort`.
 *
 * Returns: %TRUE if @item was cancelled: it has not run and never will
 */
gboolean
loft_dispatcher_abort (LoftDispatcher *self,
                       LoftAsyncInfo  *item)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (item), FALSE);

  return LOFT_IS_WORK (item) && loft_work_waits_on (LOFT_WORK (item), self) &&
         loft_async_base_cancel (LOFT_ASYNC_BASE (item), LOFT_CANCEL_REASON_REQUESTED, TRUE);
}
