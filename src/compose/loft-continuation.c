/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations: work that runs when another async object, the antecedent, has ended. It runs at
 * the home of the thread that asked for it.
 *
 * The end of the antecedent decides what a continuation does:
 *
 *              antecedent Completed     Error              Canceled           home gone
 *   continue_with       runs            passes through     passes through     DISCONNECTED
 *   recover             passes through  runs               passes through     DISCONNECTED
 *   always              runs            runs               runs               DISCONNECTED
 *   continue_after      runs            runs               runs               DISCONNECTED
 *
 * When a continuation of always has succeeded, the result ends as the antecedent did. A
 * continuation of continue_after decides itself how the result ends. If the antecedent was closed
 * before, all of these forms fail with ILLEGAL_METHOD_CALL. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "base/loft-thread-private.h"
#include "async/loft-async-base-private.h"

typedef enum {
  LOFT_CONTINUE_WITH,
  LOFT_CONTINUE_WITH_OPERATION,
  LOFT_CONTINUE_WITH_ASYNC,
  LOFT_CONTINUE_RECOVER,
  LOFT_CONTINUE_ALWAYS,
  LOFT_CONTINUE_AFTER,
  LOFT_CONTINUE_AFTER_OPERATION,
  LOFT_CONTINUE_AFTER_ASYNC,
} LoftContinuationKind;

typedef struct
{
  LoftContinuationKind kind;
  GCallback callback;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftAsyncBase *result; /* strong */
  GType value_type;
  gboolean is_owned;
} Continuation;

static gboolean
kind_gives_value (LoftContinuationKind kind)
{
  return kind == LOFT_CONTINUE_WITH_OPERATION || kind == LOFT_CONTINUE_AFTER_OPERATION;
}

static void
continuation_release_data (Continuation *continuation)
{
  GDestroyNotify destroy = g_steal_pointer (&continuation->destroy);

  if (destroy != NULL)
    destroy (continuation->user_data);
}

/* Runs at the continuation's home or, if the home is gone, on the thread that noticed that. */
static void
continuation_free (gpointer data)
{
  Continuation *continuation = data;

  continuation_release_data (continuation);
  g_object_unref (continuation->result);
  g_free (continuation);
}

static gboolean
continuation_wants (Continuation    *continuation,
                    LoftAsyncStatus  status)
{
  switch (continuation->kind)
    {
    case LOFT_CONTINUE_RECOVER:
      return status == LOFT_ASYNC_STATUS_ERROR;
    case LOFT_CONTINUE_ALWAYS:
    case LOFT_CONTINUE_AFTER:
    case LOFT_CONTINUE_AFTER_OPERATION:
    case LOFT_CONTINUE_AFTER_ASYNC:
      return status != LOFT_ASYNC_STATUS_CLOSED;
    case LOFT_CONTINUE_WITH:
    case LOFT_CONTINUE_WITH_OPERATION:
    case LOFT_CONTINUE_WITH_ASYNC:
    default:
      return status == LOFT_ASYNC_STATUS_COMPLETED;
    }
}

/* Calls the callback with the signature that its kind has. */
static gboolean
continuation_invoke (Continuation     *continuation,
                     LoftAsyncInfo    *antecedent,
                     LoftAsyncStatus   status,
                     GValue           *value,
                     LoftAsyncInfo   **out_inner,
                     GError          **error)
{
  gpointer user_data = continuation->user_data;

  switch (continuation->kind)
    {
    case LOFT_CONTINUE_WITH_ASYNC:
      *out_inner = ((LoftAsyncContinuation) continuation->callback) (antecedent, user_data, error);
      return FALSE;
    case LOFT_CONTINUE_AFTER_ASYNC:
      *out_inner = ((LoftOutcomeAsyncContinuation) continuation->callback) (antecedent, status,
                                                                            user_data, error);
      return FALSE;
    case LOFT_CONTINUE_WITH_OPERATION:
      return ((LoftOperationContinuation) continuation->callback) (antecedent, value, user_data,
                                                                   error);
    case LOFT_CONTINUE_AFTER_OPERATION:
      return ((LoftOutcomeOperationContinuation) continuation->callback) (antecedent, status, value,
                                                                          user_data, error);
    case LOFT_CONTINUE_AFTER:
      return ((LoftOutcomeContinuation) continuation->callback) (antecedent, status, user_data,
                                                                 error);
    case LOFT_CONTINUE_WITH:
    case LOFT_CONTINUE_RECOVER:
    case LOFT_CONTINUE_ALWAYS:
    default:
      return ((LoftContinuation) continuation->callback) (antecedent, user_data, error);
    }
}

/* The continuation's data, which is kept until the inner action has ended, since the inner action
 * may use it. */
typedef struct
{
  LoftAsyncBase *result; /* strong */
  LoftDispatcher *home;  /* held; NULL: the MTA */
  gpointer user_data;
  GDestroyNotify destroy;
} ContinuationRest;

static void
continuation_rest_release (gpointer data)
{
  ContinuationRest *rest = data;

  loft_async_base_release_at_home (rest->result, rest->home, rest->destroy, rest->user_data);
  g_object_unref (rest->result);
  loft_home_let_go (rest->home);
  g_free (rest);
}

static void
continuation_go_on_with (Continuation  *continuation,
                         LoftAsyncInfo *inner)
{
  ContinuationRest *rest = g_new (ContinuationRest, 1);

  *rest = (ContinuationRest) { g_object_ref (continuation->result), loft_home_hold_current (),
                               continuation->user_data, g_steal_pointer (&continuation->destroy) };
  loft_async_base_follow (continuation->result, inner, NULL, continuation_rest_release, rest);
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
  gboolean gives_value = kind_gives_value (continuation->kind);
  gboolean success;

  if (gives_value)
    g_value_init (&value, continuation->value_type);
  success = continuation_invoke (continuation, antecedent, status, &value, &inner, &error);
  if (success && gives_value)
    success = loft_async_base_fit_value (continuation->result, continuation->value_type, &value,
                                         &error);
  if (success && gives_value)
    box = loft_value_box_new (&value, loft_async_base_peek_creator_home (continuation->result));
  if (G_IS_VALUE (&value))
    g_value_unset (&value);
  if (inner != NULL && error == NULL)
    {
      continuation_go_on_with (continuation, inner);
      return;
    }

  continuation_release_data (continuation);
  if (success && continuation->kind == LOFT_CONTINUE_ALWAYS)
    {
      loft_async_base_drop_error (continuation->result, error);
      loft_async_base_end_as (continuation->result, antecedent, status);
    }
  else
    loft_async_base_end_by_handler (continuation->result, success, error, box);
}

/* Whether the continuation handles an error of the antecedent. The error then counts as looked
 * at. */
static gboolean
continuation_decides (Continuation *continuation)
{
  return continuation->kind == LOFT_CONTINUE_RECOVER || continuation->kind >= LOFT_CONTINUE_AFTER;
}

/* Runs once, at the continuation's home, after the antecedent has ended. */
static void
on_antecedent_ended (LoftAsyncInfo   *antecedent,
                     LoftAsyncStatus  status,
                     gpointer         user_data)
{
  Continuation *continuation = user_data;
  LoftThread *thread = loft_thread_get ();
  LoftRunFrame frame = { .outer = thread->run, .info = (LoftAsyncInfo *) continuation->result };
  g_autoptr (GObject) owner = NULL;

  loft_async_base_has_heard (continuation->result);
  if (loft_phase_has_ended (loft_async_base_get_phase (continuation->result)))
    return; /* cancelled in the meantime */

  if (!continuation_wants (continuation, status))
    {
      loft_async_base_end_as (continuation->result, antecedent, status);
      return;
    }
  if (!loft_async_base_begin (continuation->result))
    return;
  if (continuation_decides (continuation) && LOFT_IS_ASYNC_BASE (antecedent))
    loft_async_base_mark_observed (LOFT_ASYNC_BASE (antecedent));
  if (continuation->is_owned)
    {
      owner = loft_async_base_dup_owner (continuation->result); /* held while it runs */
      if (owner == NULL)
        {
          continuation_release_data (continuation);
          loft_async_base_end_canceled (continuation->result, LOFT_CANCEL_REASON_OWNER_GONE);
          return;
        }
    }
  thread->run = &frame;
  continuation_call (continuation, antecedent, status);
  thread->run = frame.outer;
}

/* Runs on the pool when the home of the continuation is gone. It ends the result, so that nobody
 * waits for it for ever. */
static void
on_home_gone (LoftAsyncInfo *antecedent,
              gpointer       user_data)
{
  Continuation *continuation = user_data;
  g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (continuation->result));

  /* This happens whenever a program ends. The error is therefore not reported as unhandled if
   * nobody looks at it. */
  loft_async_base_mark_observed (continuation->result);
  loft_async_base_fail (continuation->result, g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                           "The thread that should have gone on is "
                                                           "gone: %s can't run, because its "
                                                           "dispatcher has "
                                                           "shut down.",
                                                           what));
}

/* Returns the action or operation that ends with @callback. It is cancelled when @owner (NULL:
 * none) is disposed, and @owner is held while @callback runs. Takes @user_data. */
static LoftAsyncBase *
loft_continue_for (LoftAsyncInfo       *self,
                   GObject             *owner,
                   LoftContinuationKind kind,
                   GType                value_type,
                   GCallback            callback,
                   gpointer             user_data,
                   GDestroyNotify       destroy,
                   const LoftCallSite  *site)
{
  Continuation *continuation = g_new0 (Continuation, 1);
  GError *error = NULL;
  LoftHandler *handler;
  LoftAsyncBase *result;
  LoftLink *awaited;
  guint64 id;

  result = kind_gives_value (kind) ? loft_operation_new_queued (value_type, site)
                                   : loft_action_new_queued (site);
  continuation->kind = kind;
  continuation->callback = callback;
  continuation->user_data = user_data;
  continuation->destroy = destroy;
  continuation->value_type = value_type;
  continuation->result = g_object_ref (result);

  handler = loft_async_info_new_handler (self, LOFT_HANDLER_CONTINUATION, FALSE,
                                         G_CALLBACK (on_antecedent_ended), continuation,
                                         continuation_free);
  handler->dropped = on_home_gone;
  handler->passes_on = TRUE;
  loft_async_base_set_runner (result, handler->to.home);
  continuation->is_owned = owner != NULL;
  if (owner != NULL)
    loft_async_base_set_owner (result, owner);
  awaited = loft_async_base_set_awaited (result, self);
  if (!loft_async_info_add_handler (self, handler, &id, &error))
    loft_async_base_fail (result, error);
  loft_async_base_set_awaited_id (result, awaited, id);
  return result;
}

/* The forms of continuation that users call. The head of this file says what each of them does. */

/* As loft_continue_for (), without an owner. */
static LoftAsyncBase *
loft_continue (LoftAsyncInfo       *self,
               LoftContinuationKind kind,
               GType                value_type,
               GCallback            callback,
               gpointer             user_data,
               GDestroyNotify       destroy,
               const LoftCallSite  *site)
{
  return loft_continue_for (self, NULL, kind, value_type, callback, user_data, destroy, site);
}

/* Checks the arguments that all forms share. If one is wrong, this logs a critical warning,
 * releases @user_data and returns FALSE. */
static gboolean
loft_continuation_check (LoftAsyncInfo  *self,
                         gpointer        callback,
                         gpointer        user_data,
                         GDestroyNotify  destroy,
                         const char     *function)
{
  if (LOFT_IS_ASYNC_INFO (self) && callback != NULL)
    return TRUE;

  g_critical ("%s: %s", function,
              callback == NULL ? "the continuation is NULL" : "that is no LoftAsyncInfo");
  if (destroy != NULL)
    destroy (user_data);
  return FALSE;
}

static gboolean
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
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation when the object has completed, and passes a failure or a cancellation on to
 * the returned action.
 *
 * Answers to the code that follows a `co_await`. (.NET's `Task.ContinueWith` runs after any
 * outcome, as [method@Loft.AsyncInfo.continue_after] does.)
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned action is cancelled before @continuation has begun, @continuation never runs. If
 * the home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED.
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

LoftAsyncAction *
loft_async_info_continue_with_at (LoftAsyncInfo   *self,
                                  LoftContinuation continuation,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy,
                                  const char      *location,
                                  const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_with"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_WITH, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_operation:
 * @self: an async object
 * @value_type: the type of the result
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation, which returns a value, when the object has completed, and passes a failure
 * or a cancellation on to the returned operation.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned operation is cancelled before @continuation has begun, @continuation never runs.
 * If the home has shut down, the returned operation fails with %LOFT_ERROR_DISCONNECTED.
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
  return loft_async_info_continue_with_operation_at (self, value_type, continuation, user_data,
                                                     destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_async_info_continue_with_operation_at (LoftAsyncInfo            *self,
                                            GType                     value_type,
                                            LoftOperationContinuation continuation,
                                            gpointer                  user_data,
                                            GDestroyNotify            destroy,
                                            const char               *location,
                                            const char               *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_with_operation"))
    return NULL;
  if (!loft_continuation_check_type (value_type, user_data, destroy,
                                     "loft_async_info_continue_with_operation"))
    return NULL;

  return (LoftAsyncOperation *) loft_continue (self, LOFT_CONTINUE_WITH_OPERATION, value_type,
                                               G_CALLBACK (continuation), user_data, destroy,
                                               &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_async:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation, which returns another async object, when the object has completed, and
 * passes a failure or a cancellation on to the returned action.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned action is cancelled, the object that @continuation returned is cancelled, too. If
 * the returned action is cancelled before @continuation has begun, @continuation never runs. If the
 * home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): an action that ends as the object that @continuation returned does
 */
LoftAsyncAction *
(loft_async_info_continue_with_async) (LoftAsyncInfo        *self,
                                       LoftAsyncContinuation continuation,
                                       gpointer              user_data,
                                       GDestroyNotify        destroy)
{
  return loft_async_info_continue_with_async_at (self, continuation, user_data, destroy, NULL,
                                                 G_STRFUNC);
}

LoftAsyncAction *
loft_async_info_continue_with_async_at (LoftAsyncInfo        *self,
                                        LoftAsyncContinuation continuation,
                                        gpointer              user_data,
                                        GDestroyNotify        destroy,
                                        const char           *location,
                                        const char           *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_with_async"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_WITH_ASYNC, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_recover:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation when the object has failed, and passes a success or a cancellation on
 * to the returned action.
 *
 * Answers to a `catch` of errors around a `co_await`. A `catch` that also catches a cancellation is
 * [method@Loft.AsyncInfo.continue_after].
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * The continuation can get the error with [method@Loft.AsyncInfo.dup_error]. If it returns %TRUE,
 * the returned action completes.
 *
 * If the returned action is cancelled before @continuation has begun, @continuation never runs. If
 * the home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED.
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

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_RECOVER, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_always:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation when the object has ended, however it ended, and then ends the
 * returned action as the object ended.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the continuation fails, the returned action fails with the continuation's error.
 *
 * If the returned action is cancelled before @continuation has begun, @continuation never runs. If
 * the home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED.
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

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_ALWAYS, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_with_for:
 * @self: an async object
 * @owner: the object that the continuation belongs to
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation when the object has completed, unless @owner is gone by then.
 *
 * This works as [method@Loft.AsyncInfo.continue_with] does. When @owner is disposed, on whichever
 * thread, the returned action is cancelled with the reason %LOFT_CANCEL_REASON_OWNER_GONE, and
 * @continuation is not called. A reference to @owner is held while @continuation runs, and not
 * otherwise. To tie another form of continuation to an object, use
 * [method@Loft.AsyncInfo.bind_owner].
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
  return loft_async_info_continue_with_for_at (self, owner, continuation, user_data, destroy, NULL,
                                               G_STRFUNC);
}

LoftAsyncAction *
loft_async_info_continue_with_for_at (LoftAsyncInfo   *self,
                                      GObject         *owner,
                                      LoftContinuation continuation,
                                      gpointer         user_data,
                                      GDestroyNotify   destroy,
                                      const char      *location,
                                      const char      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_with_for"))
    return NULL;
  loft_consume_and_return_val_if_fail (G_IS_OBJECT (owner), destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_continue_for (self, owner, LOFT_CONTINUE_WITH, G_TYPE_NONE,
                                                G_CALLBACK (continuation), user_data, destroy,
                                                &(LoftCallSite) { location, function });
}

/* The forms of continuation that run after any outcome and decide the result. */

/**
 * loft_async_info_continue_after:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation when the object has ended, however it ended, and lets the continuation decide
 * how the returned action ends.
 *
 * @continuation is passed the status of @self, which is Completed, Canceled or Error. If
 * @continuation returns %TRUE, the returned action completes, whatever the status was. If it
 * returns %FALSE, the returned action fails with the error that it set.
 * [method@Loft.AsyncInfo.dup_error] of @self returns what went wrong. That error counts as looked
 * at once @continuation runs.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned action is cancelled before @continuation has begun, @continuation never runs. If
 * the home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED. If @self was
 * closed before, the returned action fails with %LOFT_ERROR_ILLEGAL_METHOD_CALL.
 *
 * Answers to `Task.ContinueWith` and `CompletableFuture.handle`.
 *
 * Returns: (transfer full): an action that ends with the continuation
 */
LoftAsyncAction *
(loft_async_info_continue_after) (LoftAsyncInfo          *self,
                                  LoftOutcomeContinuation continuation,
                                  gpointer                user_data,
                                  GDestroyNotify          destroy)
{
  return loft_async_info_continue_after_at (self, continuation, user_data, destroy, NULL,
                                            G_STRFUNC);
}

LoftAsyncAction *
loft_async_info_continue_after_at (LoftAsyncInfo          *self,
                                   LoftOutcomeContinuation continuation,
                                   gpointer                user_data,
                                   GDestroyNotify          destroy,
                                   const char             *location,
                                   const char             *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_after"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_AFTER, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_after_operation:
 * @self: an async object
 * @value_type: the type of the result
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation, which returns a value, when the object has ended, however it ended.
 *
 * This works as [method@Loft.AsyncInfo.continue_after] does. @continuation fills in the value of
 * the returned operation, and the value is converted to @value_type.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned operation is cancelled before @continuation has begun, @continuation never runs.
 * If the home has shut down, the returned operation fails with %LOFT_ERROR_DISCONNECTED. If @self
 * was closed before, the returned operation fails with %LOFT_ERROR_ILLEGAL_METHOD_CALL.
 *
 * Answers to `Task.ContinueWith<TResult>`.
 *
 * Returns: (transfer full): an operation that ends with the continuation
 */
LoftAsyncOperation *
(loft_async_info_continue_after_operation) (LoftAsyncInfo                   *self,
                                            GType                            value_type,
                                            LoftOutcomeOperationContinuation continuation,
                                            gpointer                         user_data,
                                            GDestroyNotify                   destroy)
{
  return loft_async_info_continue_after_operation_at (self, value_type, continuation, user_data,
                                                      destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_async_info_continue_after_operation_at (LoftAsyncInfo                   *self,
                                             GType                            value_type,
                                             LoftOutcomeOperationContinuation continuation,
                                             gpointer                         user_data,
                                             GDestroyNotify                   destroy,
                                             const char                      *location,
                                             const char                      *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_after_operation"))
    return NULL;
  if (!loft_continuation_check_type (value_type, user_data, destroy,
                                     "loft_async_info_continue_after_operation"))
    return NULL;

  return (LoftAsyncOperation *) loft_continue (self, LOFT_CONTINUE_AFTER_OPERATION, value_type,
                                               G_CALLBACK (continuation), user_data, destroy,
                                               &(LoftCallSite) { location, function });
}

/**
 * loft_async_info_continue_after_async:
 * @self: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Runs a continuation, which returns another async object, when the object has ended, however it
 * ended.
 *
 * This works as [method@Loft.AsyncInfo.continue_after] does. The returned action ends as the object
 * that @continuation returned does. That object is cancelled when the returned action is cancelled,
 * and @user_data is released when that object ends.
 *
 * Any thread may call. @continuation runs once, at the home of the calling thread, after the
 * completed handler of the same home and never inside this call. If the calling thread has no home,
 * @continuation runs on a thread of the MTA.
 *
 * If the returned action is cancelled before @continuation has begun, @continuation never runs. If
 * the home has shut down, the returned action fails with %LOFT_ERROR_DISCONNECTED. If @self was
 * closed before, the returned action fails with %LOFT_ERROR_ILLEGAL_METHOD_CALL.
 *
 * Answers to `Task.ContinueWith` with `Unwrap`.
 *
 * Returns: (transfer full): an action that ends as the object that @continuation returned does
 */
LoftAsyncAction *
(loft_async_info_continue_after_async) (LoftAsyncInfo               *self,
                                        LoftOutcomeAsyncContinuation continuation,
                                        gpointer                     user_data,
                                        GDestroyNotify               destroy)
{
  return loft_async_info_continue_after_async_at (self, continuation, user_data, destroy, NULL,
                                                  G_STRFUNC);
}

LoftAsyncAction *
loft_async_info_continue_after_async_at (LoftAsyncInfo               *self,
                                         LoftOutcomeAsyncContinuation continuation,
                                         gpointer                     user_data,
                                         GDestroyNotify               destroy,
                                         const char                  *location,
                                         const char                  *function)
{
  if (!loft_continuation_check (self, continuation, user_data, destroy,
                                "loft_async_info_continue_after_async"))
    return NULL;

  return (LoftAsyncAction *) loft_continue (self, LOFT_CONTINUE_AFTER_ASYNC, G_TYPE_NONE,
                                            G_CALLBACK (continuation), user_data, destroy,
                                            &(LoftCallSite) { location, function });
}
