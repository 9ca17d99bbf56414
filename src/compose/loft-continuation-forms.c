/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The forms of continuation that users call; loft-continuation.c says what each does. */

#include "config.h"

#include "base/loft-door-private.h"
#include "compose/loft-continuation-private.h"

/* The guards that all forms share; what was handed over is released when they fail. */
gboolean
loft_continuation_check (LoftAsyncInfo  *self,
                         gpointer        callback,
                         gpointer        user_data,
                         GDestroyNotify  destroy,
                         const char     *function)
{
  if (LOFT_IS_ASYNC_INFO (self) && callback != NULL)
    return TRUE;

  g_critical ("%s: %s", function, callback == NULL ? "the continuation is NULL" : "that is no LoftAsyncInfo");
  if (destroy != NULL)
    destroy (user_data);
  return FALSE;
}

gboolean
loft_continuation_check_type (GType           value_type,
                              gpointer        user_data,
                              GDestroyNotify  destroy,
                              const char     *function)
{
  if (G_TYPE_IS_VALUE (value_type))
    return TRUE;

  g_critical ("%s: the value type is no type that a GValue holds", function);
  if (destroy != NULL)
    destroy (user_data);
  return FALSE;
}

/**
 * loft_async_info_continue_with:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has completed; failure and cancellation pass through. Answers to what follows a `co_await`. (.NET's
 * `Task.ContinueWith` runs after any outcome: that is [method@Loft.AsyncInfo.continue_after].)
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same home
 * and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends with the continuation
 */
LoftAsyncAction *
(loft_async_info_continue_with) (LoftAsyncInfo   *self,
                                 LoftContinuation continuation,
                                 gpointer         user_data,
                                 GDestroyNotify   destroy)
{
  return loft_async_info_continue_with_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_continue_with_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_with] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_continue_with_at (LoftAsyncInfo   *self,
                                  LoftContinuation continuation,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy,
                                  const char      *location,
                                  const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_with"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_WITH, G_TYPE_NONE, G_CALLBACK (continuation), user_data,
                                            destroy, &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_operation:
 * @self: an async object
 * @value_type: the type of the result
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has completed, to a value; failure and cancellation pass through.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same home
 * and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an operation that ends with the continuation
 */
LoftAsyncOperation *
(loft_async_info_continue_with_operation) (LoftAsyncInfo            *self,
                                           GType                     value_type,
                                           LoftOperationContinuation continuation,
                                           gpointer                  user_data,
                                           GDestroyNotify            destroy)
{
  return loft_async_info_continue_with_operation_at (self, value_type, continuation, user_data, destroy, NULL,
                                                     G_STRFUNC);
}

/**
 * loft_async_info_continue_with_operation_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_with_operation] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_async_info_continue_with_operation_at (LoftAsyncInfo            *self,
                                            GType                     value_type,
                                            LoftOperationContinuation continuation,
                                            gpointer                  user_data,
                                            GDestroyNotify            destroy,
                                            const char               *location,
                                            const char               *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_with_operation"))
    return NULL;
  if (!loft_continuation_check_type (value_type, user_data, destroy, "loft_async_info_continue_with_operation"))
    return NULL;

  return (LoftAsyncOperation *) loft_continue (self, LOFT_CONTINUE_WITH_OPERATION, value_type, G_CALLBACK (continuation), user_data,
                                               destroy, &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_async:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has completed, with another async object; failure and cancellation pass through.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same home
 * and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * A cancel of the result cancels the inner object too. Cancelled before its turn, it never runs. When its home has shut
 * down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends when the object does that @continuation gave
 */
LoftAsyncAction *
(loft_async_info_continue_with_async) (LoftAsyncInfo        *self,
                                       LoftAsyncContinuation continuation,
                                       gpointer              user_data,
                                       GDestroyNotify        destroy)
{
  return loft_async_info_continue_with_async_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_continue_with_async_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_with_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_continue_with_async_at (LoftAsyncInfo        *self,
                                        LoftAsyncContinuation continuation,
                                        gpointer              user_data,
                                        GDestroyNotify        destroy,
                                        const char           *location,
                                        const char           *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_with_async"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_WITH_ASYNC, G_TYPE_NONE, G_CALLBACK (continuation), user_data,
                                            destroy, &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_recover:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has failed; success and cancellation pass through. Answers to a `catch` of errors around a
 * `co_await`; one that also catches a cancellation is [method@Loft.AsyncInfo.continue_after].
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same home
 * and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * The continuation asks [method@Loft.AsyncInfo.dup_error] what went wrong; its %TRUE makes the result Completed.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends with the continuation
 */
LoftAsyncAction *
(loft_async_info_recover) (LoftAsyncInfo   *self,
                           LoftContinuation continuation,
                           gpointer         user_data,
                           GDestroyNotify   destroy)
{
  return loft_async_info_recover_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_recover_at: (skip)
 *
 * [method@Loft.AsyncInfo.recover] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_recover_at (LoftAsyncInfo   *self,
                            LoftContinuation continuation,
                            gpointer         user_data,
                            GDestroyNotify   destroy,
                            const char      *location,
                            const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_recover"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_RECOVER, G_TYPE_NONE, G_CALLBACK (continuation), user_data,
                                            destroy, &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_always:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has ended, however it did, and then ends as it did.
 *
 * Any thread may call. @continuation runs once, at the home of that thread, after the completed handler of the same home
 * and never inside this call; on a thread of the MTA when the caller has no home.
 *
 * A continuation that fails makes the result fail with its error.
 *
 * Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends after the continuation
 */
LoftAsyncAction *
(loft_async_info_always) (LoftAsyncInfo   *self,
                          LoftContinuation continuation,
                          gpointer         user_data,
                          GDestroyNotify   destroy)
{
  return loft_async_info_always_at (self, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_always_at: (skip)
 *
 * [method@Loft.AsyncInfo.always] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_always_at (LoftAsyncInfo   *self,
                           LoftContinuation continuation,
                           gpointer         user_data,
                           GDestroyNotify   destroy,
                           const char      *location,
                           const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_always"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_ALWAYS, G_TYPE_NONE, G_CALLBACK (continuation), user_data,
                                            destroy, &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_for:
 * @self: an async object
 * @owner: with whom the continuation dies
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has completed, unless @owner is gone by then.
 *
 * As [method@Loft.AsyncInfo.continue_with]. When @owner is disposed, on whichever thread, the result is cancelled with
 * the reason %LOFT_CANCEL_REASON_OWNER_GONE, and @continuation is not called. @owner is held while it runs, and not
 * otherwise. Other forms of continuation die with an object by [method@Loft.AsyncInfo.bind_owner].
 *
 * Windows has no such form; there a lambda holds a weak `this`.
 *
 * Returns: (transfer full): an action that ends with the continuation
 */
LoftAsyncAction *
(loft_async_info_continue_with_for) (LoftAsyncInfo   *self,
                                     GObject         *owner,
                                     LoftContinuation continuation,
                                     gpointer         user_data,
                                     GDestroyNotify   destroy)
{
  return loft_async_info_continue_with_for_at (self, owner, continuation, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_async_info_continue_with_for_at: (skip)
 *
 * [method@Loft.AsyncInfo.continue_with_for] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_async_info_continue_with_for_at (LoftAsyncInfo   *self,
                                      GObject         *owner,
                                      LoftContinuation continuation,
                                      gpointer         user_data,
                                      GDestroyNotify   destroy,
                                      const char      *location,
                                      const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy, "loft_async_info_continue_with_for"))
    return NULL;
  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_continue_for (self, owner, LOFT_CONTINUE_WITH, G_TYPE_NONE, G_CALLBACK (continuation), user_data,
                                                destroy, &(LoftCallSite) { location, function });
}
