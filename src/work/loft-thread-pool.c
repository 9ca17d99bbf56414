/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The thread pool's posting forms: background work that is an action. How it is run is in
 * loft-pool.c. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "async/loft-async-base-private.h"
#include "work/loft-work-private.h"
#include "work/loft-work-settings-private.h"

/* Makes the work and hands it to a worker; the caller gets one reference, the pool another. */
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

  request->lane = loft_lane_from_priority (priority); /* in which it is reported, too */
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
      g_warning ("%s: can't start a thread, the item shares the pool's instead: %s", function,
                 error->message);
      loft_pool_submit (LOFT_LANE_HIGH, &work->item);
    }
  return work;
}

/**
 * loft_thread_pool_run_async:
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work on a worker thread.
 *
 * Any thread may call; @handler runs on a worker, which belongs to the MTA and may block: while it
 * waits with [method@Loft.AsyncAction.get] another takes its place. It receives the same object
 * that this returns.
 *
 * Workers are as many as processors, at least two, started when needed and given back when idle.
 * When none of them takes new work for 100 ms there is one more, then another after twice that
 * time, and so on up to 64 more: they are given back, too. A worker that waits takes no signal;
 * work has the signal mask of the thread that started its worker. A handler that ends its thread
 * (`g_thread_exit ()`) ends its work, Canceled.
 *
 * Cancelled before its turn, the work never runs; while it runs it asks
 * [method@Loft.AsyncInfo.is_canceled] or sets a cancel handler. A forked child has a pool of its
 * own, and what waited in its parent's is the parent's to do. Answers to `ThreadPool.RunAsync`.
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
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work that brings a value on a worker thread.
 *
 * Any thread may call; @handler runs on a worker, which belongs to the MTA and may block: while it
 * waits with [method@Loft.AsyncAction.get] another takes its place. It receives the same object
 * that this returns.
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
 * @progress_type: the type of what it reports
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work that reports progress on a worker thread.
 *
 * Any thread may call; @handler runs on a worker, which belongs to the MTA and may block: while it
 * waits with [method@Loft.AsyncAction.get] another takes its place. It receives the same object
 * that this returns.
 *
 * The object is a [iface@Loft.AsyncWithProgress] too; the handler reports with
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
 * @progress_type: the type of what it reports
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work that brings a value and reports progress on a worker thread.
 *
 * Any thread may call; @handler runs on a worker, which belongs to the MTA and may block: while it
 * waits with [method@Loft.AsyncAction.get] another takes its place. It receives the same object
 * that this returns.
 *
 * The object is a [iface@Loft.AsyncWithProgress] too; the handler reports with
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
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work on a worker thread, before or after other work, or on a thread of its own.
 *
 * Any thread may call; @handler runs on a worker, which belongs to the MTA and may block: while it
 * waits with [method@Loft.AsyncAction.get] another takes its place. It receives the same object
 * that this returns.
 *
 * Of what waits, High is taken before Normal and Normal before Low. A time-sliced item gets a
 * thread of its own at once; if there is none to be had, it shares the workers. %LOFT_PRIORITY_IDLE
 * is a critical warning and %NULL. Answers to `ThreadPool.RunAsync(WorkItemHandler,
 * WorkItemPriority, WorkItemOptions)`.
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
 * @settings: (nullable): how to start it; %NULL: as [func@Loft.thread_pool_run_async] does
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work on a worker thread, with any settings.
 *
 * As [func@Loft.thread_pool_run_async]; what is returned reports if the settings say so. Work whose
 * owner is gone has ended, Canceled, with the reason %LOFT_CANCEL_REASON_OWNER_GONE. Windows has an
 * overload for each combination.
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
 * @settings: (nullable): how to start it; %NULL: as [func@Loft.thread_pool_run_operation_async]
 *   does
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work that brings a value on a worker thread, with any settings.
 *
 * As [func@Loft.thread_pool_run_operation_async] and [func@Loft.thread_pool_run_full_async].
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
 * @owner: with whom the work dies
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work on a worker thread that is cancelled when its owner is disposed.
 *
 * A short way to [func@Loft.thread_pool_run_full_async] with an owner; see
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
