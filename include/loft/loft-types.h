/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <gio/gio.h>
#include <loft/loft-enums.h>

/* Forward declarations and callback types, so that no header includes another only for a name. */

G_BEGIN_DECLS

typedef struct _LoftAsyncInfo         LoftAsyncInfo;
typedef struct _LoftAsyncAction       LoftAsyncAction;
typedef struct _LoftAsyncOperation    LoftAsyncOperation;
typedef struct _LoftAsyncWithProgress LoftAsyncWithProgress;
typedef struct _LoftAsyncBase         LoftAsyncBase;
typedef struct _LoftAction            LoftAction;
typedef struct _LoftOperation         LoftOperation;
typedef struct _LoftDispatcher        LoftDispatcher;

/**
 * LoftWorkHandler:
 * @action: the action of this work, which is the object that the caller got
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Does work that succeeds or fails.
 *
 * The handler runs on the dispatcher's thread, or on a worker of the pool. Returning %TRUE ends the
 * action Completed. Returning %FALSE with an error ends it in Error, or in Canceled if the error is
 * %G_IO_ERROR_CANCELLED. Returning %FALSE without an error ends it in %LOFT_ERROR_FAILED. (In a
 * [callback@GLib.SourceFunc], %TRUE means “again”. Here it means “it worked”.)
 *
 * Answers to `Windows.UI.Core.DispatchedHandler` and `Windows.System.Threading.WorkItemHandler`.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftWorkHandler) (LoftAsyncAction *action, gpointer user_data, GError **error);

/**
 * LoftOperationHandler:
 * @operation: the operation of this work
 * @result: (out caller-allocates): where the result goes, already of the operation's value type
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Does work that produces a value.
 *
 * Like [callback@Loft.WorkHandler], but with a result: on success, the value in @result becomes the
 * operation's result. A value of another type is transformed to the promised type. If GObject can't
 * transform it, the operation ends in %LOFT_ERROR_INVALID_ARGUMENT.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftOperationHandler) (LoftAsyncOperation *operation,
                                          GValue             *result,
                                          gpointer            user_data,
                                          GError            **error);

/**
 * LoftIdleHandler:
 * @action: the action of this work
 * @dispatcher: the dispatcher that it runs on, for [method@Loft.Dispatcher.is_idle]
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Does work in the Idle lane, and should return soon after the dispatcher is no longer idle.
 *
 * Answers to `Windows.UI.Core.IdleDispatchedHandler`.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftIdleHandler) (LoftAsyncAction *action,
                                     LoftDispatcher  *dispatcher,
                                     gpointer         user_data,
                                     GError         **error);

/**
 * LoftNestedHandler:
 * @action: the action that the caller got
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Begins work that goes on after the handler has returned: the caller's action ends when the
 * returned action ends.
 *
 * Returning %NULL with an error ends the caller's action with that error. Returning %NULL without
 * an error ends it in %LOFT_ERROR_FAILED.
 *
 * Returns: (transfer full) (nullable): the action that the caller's action follows
 */
typedef LoftAsyncInfo *(*LoftNestedHandler) (LoftAsyncAction *action, gpointer user_data,
                                             GError **error);

/**
 * LoftQueueHandler:
 * @user_data: (closure): the data that was passed with the handler
 *
 * Does work that nobody waits for.
 *
 * Answers to `Windows.System.DispatcherQueueHandler`.
 */
typedef void (*LoftQueueHandler) (gpointer user_data);

/**
 * LoftCompletedHandler:
 * @sender: the object that ended
 * @status: its final status
 * @user_data: (closure): the data that was passed with the handler
 *
 * Is called once, after an async object has ended.
 *
 * Answers to `AsyncActionCompletedHandler` and its three siblings.
 */
typedef void (*LoftCompletedHandler) (LoftAsyncInfo *sender, LoftAsyncStatus status,
                                      gpointer user_data);

/**
 * LoftProgressHandler:
 * @sender: the object that reports
 * @progress: the reported value, valid during the call
 * @user_data: (closure): the data that was passed with the handler
 *
 * Is called for each report of progress.
 *
 * During the call, `get_results ()` of @sender returns the provisional result that @sender had at
 * the moment of the report.
 */
typedef void (*LoftProgressHandler) (LoftAsyncInfo *sender, const GValue *progress,
                                     gpointer user_data);

/**
 * LoftCancelHandler:
 * @self: the object that is being cancelled
 * @user_data: (closure): the data that was passed with the handler
 *
 * Is called inside [method@Loft.AsyncInfo.cancel], on the thread that calls it, with no lock held.
 */
typedef void (*LoftCancelHandler) (LoftAsyncBase *self, gpointer user_data);

G_END_DECLS
