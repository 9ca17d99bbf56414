/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The posting forms of the thread pool. They run background work that is an action. The workers
 * that run it are in loft-pool.c. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "async/loft-async-base-private.h"
#include "work/loft-work-private.h"
#include "work/loft-work-settings-private.h"

/* Makes the work and hands it to the pool. The caller gets one reference, and the pool holds
 * another. */
static LoftWork *
run_request (LoftPriority     priority,
             LoftWorkOptions  options,
             LoftWorkRequest *request,
             const char      *function)
{
  g_autoptr (GError) error = NULL;
  LoftWork *work;

  if (!loft_work_request_check (request, priority, LOFT_PRIORITY_LOW, function))
    {
      loft_work_request_clear (request);
      return NULL;
    }

  request->lane = loft_lane_from_priority (priority); /* its deliveries use this lane too */
  request->flags |= LOFT_WORK_ON_POOL;
  request->target = loft_home_hold_current ();
  work = loft_work_new (request);
  if (G_UNLIKELY (!loft_work_request_settle (request, work)))
    return work;
  if (G_UNLIKELY (loft_pool_is_shut_down ()))
    {
      loft_work_refuse (work);
      return work;
    }

  g_object_ref (work);
  if ((options & LOFT_WORK_TIME_SLICED) == 0 && (request->flags & LOFT_WORK_SLICED) == 0)
    loft_pool_submit (loft_lane_from_priority (priority), &work->item);
  else if (!loft_pool_start_sliced (&work->item, &error))
    {
      g_warning ("%s: can't start a thread, a worker of the pool runs the item: %s", function,
                 error->message);
      loft_pool_submit (LOFT_LANE_HIGH, &work->item);
    }
  return work;
}

/**
 * loft_thread_pool_run_async:
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work on a worker thread.
 *
 * Any thread may call. @handler runs on a worker, which belongs to the MTA and may block. While a
 * worker waits with [method@Loft.AsyncAction.get], another worker takes its place. @handler
 * receives the same object that this function returns.
 *
 * The pool has as many workers as there are processors, but at least two. Workers are started when
 * they are needed, and end when they are idle. If work waits, and for 100 ms no worker takes new
 * work, the pool adds one worker, then another one after twice that time, and so on, up to 64 more.
 * The additional workers also end when they are no longer needed.
 *
 * A worker that waits for work blocks signals. Work runs with the signal mask of the thread that
 * started its worker. If a handler ends its thread (`g_thread_exit ()`), its action ends Canceled.
 *
 * If the action is cancelled before its turn, the work never runs. Running work learns of a cancel
 * from [method@Loft.AsyncInfo.is_canceled] or from a cancel handler.
 *
 * A forked child process has a pool of its own. Work that waited in the parent's pool runs only in
 * the parent. Answers to `ThreadPool.RunAsync`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_thread_pool_run_async) (LoftWorkHandler handler,
                              gpointer        user_data,
                              GDestroyNotify  destroy)
{
  return loft_thread_pool_run_async_at (handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_thread_pool_run_async_at (LoftWorkHandler handler,
                               gpointer        user_data,
                               GDestroyNotify  destroy,
                               const char     *location,
                               const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION);

  return (LoftAsyncAction *) run_request (LOFT_PRIORITY_NORMAL, LOFT_WORK_DEFAULT, &request,
                                          "loft_thread_pool_run_async");
}

/**
 * loft_thread_pool_run_operation_async:
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work that returns a value on a worker thread.
 *
 * Any thread may call. @handler runs on a worker, which belongs to the MTA and may block. While a
 * worker waits with [method@Loft.AsyncAction.get], another worker takes its place. @handler
 * receives the same object that this function returns.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_thread_pool_run_operation_async) (GType                value_type,
                                        LoftOperationHandler handler,
                                        gpointer             user_data,
                                        GDestroyNotify       destroy)
{
  return loft_thread_pool_run_operation_async_at (value_type, handler, user_data, destroy, NULL,
                                                  G_STRFUNC);
}

LoftAsyncOperation *
loft_thread_pool_run_operation_async_at (GType                value_type,
                                         LoftOperationHandler handler,
                                         gpointer             user_data,
                                         GDestroyNotify       destroy,
                                         const char          *location,
                                         const char          *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                                               .value_type = value_type);

  return (LoftAsyncOperation *) run_request (LOFT_PRIORITY_NORMAL, LOFT_WORK_DEFAULT, &request,
                                             "loft_thread_pool_run_operation_async");
}

/**
 * loft_thread_pool_run_with_progress_async:
 * @progress_type: the type of the reported values
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work that reports progress on a worker thread.
 *
 * Any thread may call. @handler runs on a worker, which belongs to the MTA and may block. While a
 * worker waits with [method@Loft.AsyncAction.get], another worker takes its place. @handler
 * receives the same object that this function returns.
 *
 * The returned object is also a [iface@Loft.AsyncWithProgress]. @handler reports with
 * [method@Loft.AsyncBase.report_progress].
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_thread_pool_run_with_progress_async) (GType           progress_type,
                                            LoftWorkHandler handler,
                                            gpointer        user_data,
                                            GDestroyNotify  destroy)
{
  return loft_thread_pool_run_with_progress_async_at (progress_type, handler, user_data, destroy,
                                                      NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_thread_pool_run_with_progress_async_at (GType           progress_type,
                                             LoftWorkHandler handler,
                                             gpointer        user_data,
                                             GDestroyNotify  destroy,
                                             const char     *location,
                                             const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .flags = LOFT_WORK_REPORTS,
                                               .progress_type = progress_type);

  return (LoftAsyncAction *) run_request (LOFT_PRIORITY_NORMAL, LOFT_WORK_DEFAULT, &request,
                                          "loft_thread_pool_run_with_progress_async");
}

/**
 * loft_thread_pool_run_operation_with_progress_async:
 * @value_type: the type of the result
 * @progress_type: the type of the reported values
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work that returns a value and reports progress on a worker thread.
 *
 * Any thread may call. @handler runs on a worker, which belongs to the MTA and may block. While a
 * worker waits with [method@Loft.AsyncAction.get], another worker takes its place. @handler
 * receives the same object that this function returns.
 *
 * The returned object is also a [iface@Loft.AsyncWithProgress]. @handler reports with
 * [method@Loft.AsyncBase.report_progress].
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_thread_pool_run_operation_with_progress_async) (GType                value_type,
                                                      GType                progress_type,
                                                      LoftOperationHandler handler,
                                                      gpointer             user_data,
                                                      GDestroyNotify       destroy)
{
  return loft_thread_pool_run_operation_with_progress_async_at (value_type, progress_type, handler,
                                                                user_data, destroy, NULL,
                                                                G_STRFUNC);
}

LoftAsyncOperation *
loft_thread_pool_run_operation_with_progress_async_at (GType                value_type,
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

  return (LoftAsyncOperation *) run_request (LOFT_PRIORITY_NORMAL, LOFT_WORK_DEFAULT, &request,
                                             "loft_thread_pool_run_operation_with_progress_async");
}

/**
 * loft_thread_pool_run_with_options_async:
 * @priority: Low, Normal or High
 * @options: how to run it
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work on a worker thread with a priority, or on a thread of its own.
 *
 * Any thread may call. @handler runs on a worker, which belongs to the MTA and may block. While a
 * worker waits with [method@Loft.AsyncAction.get], another worker takes its place. @handler
 * receives the same object that this function returns.
 *
 * Workers take waiting work of High priority before work of Normal priority, and that before work
 * of Low priority. A time-sliced item gets a thread of its own at once. If no thread can be
 * started, a worker of the pool runs the item. %LOFT_PRIORITY_IDLE is not allowed here: the
 * function logs a critical warning and returns %NULL. Answers to
 * `ThreadPool.RunAsync(WorkItemHandler, WorkItemPriority, WorkItemOptions)`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_thread_pool_run_with_options_async) (LoftPriority    priority,
                                           LoftWorkOptions options,
                                           LoftWorkHandler handler,
                                           gpointer        user_data,
                                           GDestroyNotify  destroy)
{
  return loft_thread_pool_run_with_options_async_at (priority, options, handler, user_data, destroy,
                                                     NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_thread_pool_run_with_options_async_at (LoftPriority    priority,
                                            LoftWorkOptions options,
                                            LoftWorkHandler handler,
                                            gpointer        user_data,
                                            GDestroyNotify  destroy,
                                            const char     *location,
                                            const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION);

  return (LoftAsyncAction *) run_request (priority, options, &request,
                                          "loft_thread_pool_run_with_options_async");
}

/**
 * loft_thread_pool_run_full_async:
 * @settings: (nullable): how to start the work; %NULL to start it as
 *   [func@Loft.thread_pool_run_async] does
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work on a worker thread, with any settings.
 *
 * This is [func@Loft.thread_pool_run_async] with settings. The returned action reports progress if
 * the settings say so. If the owner in the settings is already gone, the returned action has ended
 * Canceled, with %LOFT_CANCEL_REASON_OWNER_GONE. Windows has an overload for each combination.
 *
 * Returns: (transfer full): the work's action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_thread_pool_run_full_async) (LoftWorkSettings *settings,
                                   LoftWorkHandler   handler,
                                   gpointer          user_data,
                                   GDestroyNotify    destroy)
{
  return loft_thread_pool_run_full_async_at (settings, handler, user_data, destroy, NULL,
                                             G_STRFUNC);
}

LoftAsyncAction *
loft_thread_pool_run_full_async_at (LoftWorkSettings *settings,
                                    LoftWorkHandler   handler,
                                    gpointer          user_data,
                                    GDestroyNotify    destroy,
                                    const char       *location,
                                    const char       *function)
{
  LoftFullRequest full = {
    .request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION),
  };

  loft_work_settings_fill (settings, &full);
  return (LoftAsyncAction *) run_request (loft_work_settings_get_priority (settings),
                                          LOFT_WORK_DEFAULT, &full.request,
                                          "loft_thread_pool_run_full_async");
}

/**
 * loft_thread_pool_run_operation_full_async:
 * @settings: (nullable): how to start the work; %NULL to start it as
 *   [func@Loft.thread_pool_run_operation_async] does
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work that returns a value on a worker thread, with any settings.
 *
 * This is [func@Loft.thread_pool_run_operation_async] with the settings of
 * [func@Loft.thread_pool_run_full_async].
 *
 * Returns: (transfer full): the work's operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_thread_pool_run_operation_full_async) (LoftWorkSettings     *settings,
                                             GType                 value_type,
                                             LoftOperationHandler  handler,
                                             gpointer              user_data,
                                             GDestroyNotify        destroy)
{
  return loft_thread_pool_run_operation_full_async_at (settings, value_type, handler, user_data,
                                                       destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_thread_pool_run_operation_full_async_at (LoftWorkSettings     *settings,
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

  loft_work_settings_fill (settings, &full);
  return (LoftAsyncOperation *) run_request (loft_work_settings_get_priority (settings),
                                             LOFT_WORK_DEFAULT, &full.request,
                                             "loft_thread_pool_run_operation_full_async");
}

/**
 * loft_thread_pool_run_for_async:
 * @owner: the object whose disposal cancels the work
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on a thread of the
 *   MTA if the poster has none
 *
 * Runs work on a worker thread, and cancels it when its owner is disposed.
 *
 * This is a short form of [func@Loft.thread_pool_run_full_async] with an owner. See
 * [method@Loft.WorkSettings.set_owner]. The worker does not hold @owner. Windows has no such form.
 *
 * Returns: (transfer full): the work's action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_thread_pool_run_for_async) (GObject         *owner,
                                  LoftWorkHandler  handler,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy)
{
  return loft_thread_pool_run_for_async_at (owner, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_thread_pool_run_for_async_at (GObject         *owner,
                                   LoftWorkHandler  handler,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy,
                                   const char      *location,
                                   const char      *function)
{
  g_autoptr (LoftWorkSettings) settings = NULL;

  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, NULL);

  settings = loft_work_settings_new ();
  loft_work_settings_set_owner (settings, owner);
  return loft_thread_pool_run_full_async_at (settings, handler, user_data, destroy, location,
                                             function);
}
