/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The forms of continuation that run after any outcome and decide the result; loft-continuation.c says what each does.
 * */

#include "config.h"

#include "compose/loft-continuation-private.h"

/**
 * loft_async_info_continue_after:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has ended, however it did, and decides how the result ends.
 *
 * @continuation is told the status: Completed, Canceled or Error. Its TRUE completes the result whatever that was, and
 * its error fails it; [method@Loft.AsyncInfo.dup_error] of the antecedent says what went wrong, and is looked at by
 * that.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same
 * home and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED; of an
 * object that was closed before, %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to `Task.ContinueWith` and
 * `CompletableFuture.handle`.
 *
 * Returns: (transfer full): the result
 */
LoftAsyncAction *
(loft_async_info_continue_after) (LoftAsyncInfo *self,
                                  LoftOutcomeContinuation continuation,
                                  gpointer user_data,
                                  GDestroyNotify destroy)
{
  return loft_async_info_continue_after_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_continue_after_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_after] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_continue_after_at (LoftAsyncInfo *self,
                                   LoftOutcomeContinuation continuation,
                                   gpointer user_data,
                                   GDestroyNotify destroy,
                                   const char *location,
                                   const char *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_after"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_AFTER, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_after_operation:
 * @self: an async object
 * @value_type: the type of the result
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has ended, however it did, with a value of its own.
 *
 * As [method@Loft.AsyncInfo.continue_after]; @continuation fills in the result, which is brought to @value_type.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same
 * home and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED; of an
 * object that was closed before, %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to `Task.ContinueWith<TResult>`.
 *
 * Returns: (transfer full): the result
 */
LoftAsyncOperation *
(loft_async_info_continue_after_operation) (LoftAsyncInfo *self,
                                            GType value_type,
                                            LoftOutcomeOperationContinuation continuation,
                                            gpointer user_data,
                                            GDestroyNotify destroy)
{
  return loft_async_info_continue_after_operation_at (self, value_type, continuation, user_data, destroy, NULL,
                                                      G_STRFUNC);
}

/**
 * loft_async_info_continue_after_operation_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_after_operation] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro
 * passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_async_info_continue_after_operation_at (LoftAsyncInfo *self,
                                             GType value_type,
                                             LoftOutcomeOperationContinuation continuation,
                                             gpointer user_data,
                                             GDestroyNotify destroy,
                                             const char *location,
                                             const char *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_after_operation"))
    return NULL;
  if (!loft_continuation_check_type (value_type, user_data, destroy, "loft_async_info_continue_after_operation"))
    return NULL;

  return (LoftAsyncOperation *) loft_continue (self, LOFT_CONTINUE_AFTER_OPERATION, value_type, G_CALLBACK (continuation), user_data, destroy,
                                               &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_after_async:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has ended, however it did, with an action of its own, and ends as that does.
 *
 * As [method@Loft.AsyncInfo.continue_after]; what @continuation gives back is followed to its end, and cancelled with
 * the result. Its data is released with that end.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same
 * home and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED; of an
 * object that was closed before, %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to `Task.ContinueWith` with `Unwrap`.
 *
 * Returns: (transfer full): the result
 */
LoftAsyncAction *
(loft_async_info_continue_after_async) (LoftAsyncInfo *self,
                                        LoftOutcomeAsyncContinuation continuation,
                                        gpointer user_data,
                                        GDestroyNotify destroy)
{
  return loft_async_info_continue_after_async_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_continue_after_async_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_after_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_continue_after_async_at (LoftAsyncInfo *self,
                                         LoftOutcomeAsyncContinuation continuation,
                                         gpointer user_data,
                                         GDestroyNotify destroy,
                                         const char *location,
                                         const char *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_after_async"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_AFTER_ASYNC, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}
