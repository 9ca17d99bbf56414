/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations: work that goes on where another object has ended, at the home of the thread that asked for it.
 *
 *              antecedent Completed     Error              Canceled           home gone
 *   continue_with       runs            passes through     passes through     DISCONNECTED
 *   recover             passes through  runs               passes through     DISCONNECTED
 *   always              runs            runs               runs               DISCONNECTED
 *   continue_after      runs            runs               runs               DISCONNECTED
 *
 * After always has run and succeeded, the antecedent's own end is passed on; continue_after decides itself. Of an
 * antecedent that was closed before, all end in ILLEGAL_METHOD_CALL. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "compose/loft-continuation-private.h"

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
  else
    loft_async_base_fail_after (continuation->result, antecedent, status);
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

/* Calls it as its form is called. */
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
      *out_inner = ((LoftOutcomeAsyncContinuation) continuation->callback) (antecedent, status, user_data, error);
      return FALSE;
    case LOFT_CONTINUE_WITH_OPERATION:
      return ((LoftOperationContinuation) continuation->callback) (antecedent, value, user_data, error);
    case LOFT_CONTINUE_AFTER_OPERATION:
      return ((LoftOutcomeOperationContinuation) continuation->callback) (antecedent, status, value, user_data, error);
    case LOFT_CONTINUE_AFTER:
      return ((LoftOutcomeContinuation) continuation->callback) (antecedent, status, user_data, error);
    case LOFT_CONTINUE_WITH:
    case LOFT_CONTINUE_RECOVER:
    case LOFT_CONTINUE_ALWAYS:
    default:
      return ((LoftContinuation) continuation->callback) (antecedent, user_data, error);
    }
}

/* What an inner action uses is there until that has ended. */
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

  *rest = (ContinuationRest) { g_object_ref (continuation->result), loft_home_hold_current (), continuation->user_data,
                               g_steal_pointer (&continuation->destroy) };
  loft_async_base_follow (continuation->result, inner, continuation_rest_release, rest);
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
    success = loft_async_base_fit_value (continuation->result, continuation->value_type, &value, &error);
  if (success && gives_value)
    box = loft_value_box_new (&value, loft_async_base_get_private (continuation->result)->extra->creator_home);
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
      g_clear_error (&error);
      continuation_pass_on (continuation, antecedent, status);
    }
  else
    loft_async_base_end_by_handler (continuation->result, success, error, box);
}

/* Whether an error of the antecedent ends here: it is looked at by that. */
static gboolean
continuation_decides (Continuation *continuation)
{
  return continuation->kind == LOFT_CONTINUE_RECOVER || continuation->kind >= LOFT_CONTINUE_AFTER;
}

/* At home, once, after the antecedent's end. */
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
    return; /* cancelled meanwhile */

  if (!continuation_wants (continuation, status))
    {
      continuation_pass_on (continuation, antecedent, status);
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

/* On the pool: home is gone, and whoever waits for the result must not wait for ever. */
static void
on_home_gone (LoftAsyncInfo *antecedent,
              gpointer       user_data)
{
  Continuation *continuation = user_data;
  g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (continuation->result));

  loft_async_base_mark_observed (continuation->result); /* so do programs end: forgotten, it is no error of theirs */
  loft_async_base_fail (continuation->result,
                        g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The thread that should have gone on is gone: %s can't run, because its dispatcher has "
                                     "shut down.", what));
}

LoftAsyncBase *
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

LoftAsyncBase *
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

  result = kind_gives_value (kind) ? loft_operation_new_queued (value_type, site) : loft_action_new_queued (site);
  continuation->kind = kind;
  continuation->callback = callback;
  continuation->user_data = user_data;
  continuation->destroy = destroy;
  continuation->value_type = value_type;
  continuation->result = g_object_ref (result);

  handler = loft_handler_new (LOFT_HANDLER_CONTINUATION, FALSE, G_CALLBACK (on_antecedent_ended), continuation,
                              continuation_free);
  handler->dropped = on_home_gone;
  handler->passes_on = TRUE;
  loft_async_base_set_runner (result, handler->home);
  continuation->is_owned = owner != NULL;
  if (owner != NULL)
    loft_async_base_set_owner (result, owner);
  awaited = loft_async_base_set_awaited (result, self);
  if (!loft_async_info_add_handler (self, handler, &id, &error))
    loft_async_base_fail (result, error);
  loft_async_base_set_awaited_id (result, awaited, id);
  return result;
}
