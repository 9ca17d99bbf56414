/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <gio/gio.h>
#include <loft/loft-enums.h>

/* Forward types and the callbacks, so that no header needs another one only for a name. */

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
 * @action: the action that this work fulfils: the same object that the caller got
 * @user_data: (closure): what was handed over with the handler
 * @error: where to say what went wrong
 *
 * Work that succeeds or fails.
 *
 * Runs on the dispatcher's thread, or on a worker of the pool. Returning %TRUE ends the action
 * Completed. Returning %FALSE with an error ends it in Error, with %G_IO_ERROR_CANCELLED in
 * Canceled; without an error it ends in %LOFT_ERROR_FAILED. (In a [callback@GLib.SourceFunc] %TRUE
 * means “again”; here it means “it worked”.)
 *
 * Answers to `Windows.UI.Core.DispatchedHandler` and `Windows.System.Threading.WorkItemHandler`.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftWorkHandler) (LoftAsyncAction *action, gpointer user_data, GError **error);

/**
 * LoftOperationHandler:
 * @operation: the operation that this work fulfils
 * @result: (out caller-allocates): where the result goes, already of the operation's value type
 * @user_data: (closure): what was handed over with the handler
 * @error: where to say what went wrong
 *
 * Work that brings a value.
 *
 * As [callback@Loft.WorkHandler], with a result: on success what @result holds becomes the
 * operation's result. A value of another type is transformed to the promised one, or, if GObject
 * can't, the operation ends in %LOFT_ERROR_INVALID_ARGUMENT.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftOperationHandler) (LoftAsyncOperation *operation,
                                          GValue             *result,
                                          gpointer            user_data,
                                          GError            **error);

/**
 * LoftIdleHandler:
 * @action: the action that this work fulfils
 * @dispatcher: the dispatcher it runs on; ask it [method@Loft.Dispatcher.is_idle]
 * @user_data: (closure): what was handed over with the handler
 * @error: where to say what went wrong
 *
 * Work for the Idle lane, which should return soon after the dispatcher is no longer idle.
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
 * @user_data: (closure): what was handed over with the handler
 * @error: where to say what went wrong
 *
 * Work that goes on after the handler returned: the caller's action ends when the returned one
 * does.
 *
 * Returning %NULL with an error fails the action; %NULL without one is %LOFT_ERROR_FAILED.
 *
 * Returns: (transfer full) (nullable): the action that the outer one follows
 */
typedef LoftAsyncInfo *(*LoftNestedHandler) (LoftAsyncAction *action, gpointer user_data,
                                             GError **error);

/**
 * LoftQueueHandler:
 * @user_data: (closure): what was handed over with the handler
 *
 * Work that nobody waits for.
 *
 * Answers to `Windows.System.DispatcherQueueHandler`.
 */
typedef void (*LoftQueueHandler) (gpointer user_data);

/**
 * LoftCompletedHandler:
 * @sender: the object that ended
 * @status: its final status
 * @user_data: (closure): what was handed over with the handler
 *
 * Called once, after an async object has ended.
 *
 * Answers to `AsyncActionCompletedHandler` and its three siblings.
 */
typedef void (*LoftCompletedHandler) (LoftAsyncInfo *sender, LoftAsyncStatus status,
                                      gpointer user_data);

/**
 * LoftProgressHandler:
 * @sender: the object that reports
 * @progress: the reported value, valid during the call
 * @user_data: (closure): what was handed over with the handler
 *
 * Called for each report of progress.
 *
 * During the call `get_results ()` of @sender gives the provisional result of the moment of the
 * report.
 */
typedef void (*LoftProgressHandler) (LoftAsyncInfo *sender, const GValue *progress,
                                     gpointer user_data);

/**
 * LoftCancelHandler:
 * @self: the object that is being cancelled
 * @user_data: (closure): what was handed over with the handler
 *
 * Called inside [method@Loft.AsyncInfo.cancel], on its thread, with no lock held.
 */
typedef void (*LoftCancelHandler) (LoftAsyncBase *self, gpointer user_data);

G_END_DECLS
