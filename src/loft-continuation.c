/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations: work that goes on where another object has ended, at the home of the thread that asked for it.
 *
 *              antecedent Completed     Error              Canceled           home gone
 *   continue_with       runs            passes through     passes through     DISCONNECTED
 *   recover             passes through  runs               passes through     DISCONNECTED
 *   always              runs            runs               runs               DISCONNECTED
 *
 * After always has run and succeeded, the antecedent's own end is passed on. */

#include "config.h"

#include "loft-async-base-private.h"
#include "loft-thread-state-private.h"

typedef enum {
  CONTINUE_WITH,
  CONTINUE_WITH_OPERATION,
  CONTINUE_WITH_ASYNC,
  RECOVER,
  ALWAYS,
} ContinuationKind;

typedef struct
{
  ContinuationKind kind;
  GCallback callback;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftAsyncBase *result; /* strong */
  GType value_type;
} Continuation;

static void
continuation_release_data (Continuation *continuation)
{
  GDestroyNotify destroy = g_steal_pointer (&continuation->destroy);

  if (destroy != NULL)
    destroy (continuation->user_data);
}

/* At home, or where it was noticed that home is gone. */
static void
continuation_free (gpointer data)
{
  Continuation *continuation = data;

  continuation_release_data (continuation);
  g_object_unref (continuation->result);
  g_free (continuation);
}

/* Ends the result as the antecedent ended. */
static void
continuation_pass_on (Continuation    *continuation,
                      LoftAsyncInfo   *antecedent,
                      LoftAsyncStatus  status)
{
  if (status == LOFT_ASYNC_STATUS_COMPLETED)
    loft_async_base_complete (continuation->result);
  else if (status == LOFT_ASYNC_STATUS_CANCELED)
    loft_async_base_end_canceled (continuation->result, LOFT_CANCEL_REASON_PROPAGATED);
  else
    loft_async_base_fail (continuation->result, loft_delivery_dup_error (antecedent, status));
}

static gboolean
continuation_wants (Continuation    *continuation,
                    LoftAsyncStatus  status)
{
  switch (continuation->kind)
    {
    case RECOVER:
      return status == LOFT_ASYNC_STATUS_ERROR;
    case ALWAYS:
      return TRUE;
    case CONTINUE_WITH:
    case CONTINUE_WITH_OPERATION:
    case CONTINUE_WITH_ASYNC:
    default:
      return status == LOFT_ASYNC_STATUS_COMPLETED;
    }
}

static void
continuation_call (Continuation    *continuation,
                   LoftAsyncInfo   *antecedent,
                   LoftAsyncStatus  status)
{
  GValue value = G_VALUE_INIT;
  g_autoptr (LoftAsyncInfo) inner = NULL;
  LoftValueBox *box = NULL;
  GError *error = NULL;
  gboolean success = FALSE;

  if (continuation->kind == CONTINUE_WITH_ASYNC)
    inner = ((LoftAsyncContinuation) continuation->callback) (antecedent, continuation->user_data, &error);
  else if (continuation->kind == CONTINUE_WITH_OPERATION)
    {
      g_value_init (&value, continuation->value_type);
      success = ((LoftOperationContinuation) continuation->callback) (antecedent, &value, continuation->user_data, &error) &&
                loft_async_base_fit_value (continuation->result, continuation->value_type, &value, &error);
      if (success)
        box = loft_value_box_new (&value, loft_async_base_get_private (continuation->result)->extra->creator_home);
    }
  else
    success = ((LoftContinuation) continuation->callback) (antecedent, continuation->user_data, &error);

  if (G_IS_VALUE (&value))
    g_value_unset (&value);
  continuation_release_data (continuation);
  if (inner != NULL && error == NULL)
    loft_async_base_follow (continuation->result, inner);
  else if (success && continuation->kind == ALWAYS)
    {
      g_clear_error (&error);
      continuation_pass_on (continuation, antecedent, status);
    }
  else
    loft_async_base_end_by_handler (continuation->result, success, error, box);
}

/* At home, once, after the antecedent's end. */
static void
on_antecedent_ended (LoftAsyncInfo   *antecedent,
                     LoftAsyncStatus  status,
                     gpointer         user_data)
{
  Continuation *continuation = user_data;
  LoftThreadState *thread = loft_thread_state_get ();
  LoftRunFrame frame = { .outer = thread->run, .info = (LoftAsyncInfo *) continuation->result };

  if (loft_phase_has_ended (loft_async_base_get_phase (continuation->result)))
    return; /* cancelled meanwhile */
  if (!continuation_wants (continuation, status))
    {
      continuation_pass_on (continuation, antecedent, status);
      return;
    }
  if (!loft_async_base_begin (continuation->result))
    return;
  thread->run = &frame;
  continuation_call (continuation, antecedent, status);
  thread->run = frame.outer;
}

/* On the pool: home is gone, and whoever waits for the result must not wait for ever. */
static void
on_home_gone (LoftAsyncInfo *antecedent,
              gpointer       user_data)
{
  Continuation *continuation = user_data;
  g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (continuation->result));

  loft_async_base_fail (continuation->result,
                        g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The thread that should have gone on is gone: %s can't run, because its dispatcher has "
                                     "shut down.", what));
}

/* A foreign antecedent has ended, on any thread: the continuation's handler goes home from here. */
static void
on_foreign_antecedent_ended (LoftAsyncInfo   *antecedent,
                             LoftAsyncStatus  status,
                             gpointer         user_data)
{
  loft_handler_post (loft_handler_ref (user_data), antecedent, NULL, status, NULL, LOFT_LANE_NORMAL);
}

static LoftAsyncBase *
continue_kind (LoftAsyncInfo      *self,
               ContinuationKind    kind,
               GType               value_type,
               GCallback           callback,
               gpointer            user_data,
               GDestroyNotify      destroy,
               const LoftCallSite *site)
{
  Continuation *continuation = g_new0 (Continuation, 1);
  GError *error = NULL;
  LoftHandler *handler;
  LoftAsyncBase *result;

  result = kind == CONTINUE_WITH_OPERATION ? loft_operation_new_queued (value_type, site) : loft_action_new_queued (site);
  continuation->kind = kind;
  continuation->callback = callback;
  continuation->user_data = user_data;
  continuation->destroy = destroy;
  continuation->value_type = value_type;
  continuation->result = g_object_ref (result);

  handler = loft_handler_new (LOFT_HANDLER_CONTINUATION, FALSE, G_CALLBACK (on_antecedent_ended), continuation,
                              continuation_free);
  handler->dropped = on_home_gone;
  loft_async_base_set_runner (result, handler->home);
  if (LOFT_IS_ASYNC_BASE (self))
    loft_async_base_add_observer (LOFT_ASYNC_BASE (self), handler);
  else if (!loft_async_info_observe (self, on_foreign_antecedent_ended, handler, (GDestroyNotify) loft_handler_unref,
                                     FALSE, NULL, &error))
    loft_async_base_fail (result, error);
  return result;
}

/* The guards that all forms share; what was handed over is released when they fail. */
static gboolean
check_arguments (LoftAsyncInfo  *self,
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

/**
 * loft_async_info_continue_with:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has completed; failure and cancellation pass through.
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
  return loft_async_info_continue_with_at (self, continuation, user_data, destroy, NULL, NULL);
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
  if (!check_arguments (self, continuation, user_data, destroy, "loft_async_info_continue_with"))
    return NULL;

  return (LoftAsyncAction *) continue_kind (self, CONTINUE_WITH, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                             &(LoftCallSite) { location, function });
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
  return loft_async_info_continue_with_operation_at (self, value_type, continuation, user_data, destroy, NULL, NULL);
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
  if (!check_arguments (self, continuation, user_data, destroy, "loft_async_info_continue_with_operation"))
    return NULL;
  if (!G_TYPE_IS_VALUE (value_type))
    {
      g_critical ("loft_async_info_continue_with_operation: the value type is no type that a GValue holds");
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }

  return (LoftAsyncOperation *) continue_kind (self, CONTINUE_WITH_OPERATION, value_type, G_CALLBACK (continuation), user_data, destroy,
                             &(LoftCallSite) { location, function });
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
 * A cancel of the result cancels the inner object too. Cancelled before its turn, it never runs. When its home has shut down, the result is %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends when the object does that @continuation gave
 */
LoftAsyncAction *
(loft_async_info_continue_with_async) (LoftAsyncInfo        *self,
                                       LoftAsyncContinuation continuation,
                                       gpointer              user_data,
                                       GDestroyNotify        destroy)
{
  return loft_async_info_continue_with_async_at (self, continuation, user_data, destroy, NULL, NULL);
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
  if (!check_arguments (self, continuation, user_data, destroy, "loft_async_info_continue_with_async"))
    return NULL;

  return (LoftAsyncAction *) continue_kind (self, CONTINUE_WITH_ASYNC, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                             &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_recover:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): what goes on
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Goes on when it has failed; success and cancellation pass through.
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
  return loft_async_info_recover_at (self, continuation, user_data, destroy, NULL, NULL);
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
  if (!check_arguments (self, continuation, user_data, destroy, "loft_async_info_recover"))
    return NULL;

  return (LoftAsyncAction *) continue_kind (self, RECOVER, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                             &(LoftCallSite) { location, function });
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
  return loft_async_info_always_at (self, continuation, user_data, destroy, NULL, NULL);
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
  if (!check_arguments (self, continuation, user_data, destroy, "loft_async_info_always"))
    return NULL;

  return (LoftAsyncAction *) continue_kind (self, ALWAYS, G_TYPE_NONE, G_CALLBACK (continuation), user_data, destroy,
                             &(LoftCallSite) { location, function });
}
