/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a LoftAsyncBase answers: its result, its error, its provisional result; and the ways a handler's verdict becomes
 * an end. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

void
loft_async_base_set_value_type (LoftAsyncBase *self,
                                GType          value_type)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *home = loft_home_matters_for (value_type) ? loft_home_dup_current () : NULL;

  loft_lock_lock (&priv->lock);
  loft_async_base_extra_locked (self)->value_type = value_type;
  if (priv->extra->creator_home == NULL)
    priv->extra->creator_home = g_steal_pointer (&home);
  loft_lock_unlock (&priv->lock);
  g_clear_object (&home);
}

/* The creator's home, where results and errors that hold objects are released. */
void
loft_async_base_capture_home (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *home = loft_home_dup_current ();

  loft_lock_lock (&priv->lock);
  if (home != NULL && loft_async_base_extra_locked (self)->creator_home == NULL)
    priv->extra->creator_home = g_steal_pointer (&home);
  loft_lock_unlock (&priv->lock);
  g_clear_object (&home);
}

/* On whose thread it will end: who waits there waits for ever; and who hears of an error that nobody looked at. */
void
loft_async_base_set_runner (LoftAsyncBase  *self,
                            LoftDispatcher *runner)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  if (runner == NULL)
    return;
  g_object_ref (runner);
  loft_lock_lock (&priv->lock);
  if (loft_async_base_extra_locked (self)->runner == NULL)
    priv->extra->runner = g_steal_pointer (&runner);
  loft_lock_unlock (&priv->lock);
  g_clear_object (&runner);
}

static const char *
cancel_reason_to_message (LoftCancelReason reason)
{
  switch (reason)
    {
    case LOFT_CANCEL_REASON_SHUT_DOWN: return "It was cancelled: its dispatcher has shut down";
    case LOFT_CANCEL_REASON_OWNER_GONE: return "It was cancelled: the object it was posted for is gone";
    case LOFT_CANCEL_REASON_TIMED_OUT: return "It was cancelled: its time was up";
    case LOFT_CANCEL_REASON_PROPAGATED: return "It was cancelled together with what it was part of, or what it goes on after";
    case LOFT_CANCEL_REASON_BY_WORK: return "Its work cancelled itself";
    case LOFT_CANCEL_REASON_NONE:
    case LOFT_CANCEL_REASON_REQUESTED:
    default: return "It was cancelled";
    }
}

/* NULL while it goes on, and when it succeeded. */
GError *
loft_async_base_dup_error (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftValueBox *failure = NULL;
  GError *error = NULL;
  guint32 word;

  loft_lock_lock (&priv->lock);
  word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED);
  if (priv->extra != NULL && priv->extra->error != NULL)
    failure = loft_value_box_ref (priv->extra->error);
  loft_lock_unlock (&priv->lock);

  switch (LOFT_WORD_PHASE (word))
    {
    case LOFT_PHASE_CLOSED:
      loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), &error);
      break;
    case LOFT_PHASE_CANCELING:
    case LOFT_PHASE_CANCELED:
    case LOFT_PHASE_ERROR:
      loft_async_base_mark_observed (self);
      error = failure != NULL ? g_error_copy (loft_value_box_peek_error (failure))
                              : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                     cancel_reason_to_message (LOFT_WORD_REASON (word)));
      break;
    default:
      break;
    }
  g_clear_pointer (&failure, loft_value_box_unref);
  return error;
}

/* A copy of what a box or a snapshot holds; else an empty value of the type. */
static void
fill_value (GValue       *value,
            const GValue *from,
            GType         value_type)
{
  if (value == NULL)
    return;
  if (from != NULL)
    {
      g_value_init (value, G_VALUE_TYPE (from));
      g_value_copy (from, value);
    }
  else if (value_type != G_TYPE_NONE)
    g_value_init (value, value_type);
}

/* Inside a progress handler: the snapshot of the report. Not in a handler of the end that runs inside of that. */
static LoftReportFrame *
find_report (LoftAsyncBase *self)
{
  LoftReportFrame *frame = loft_thread_get ()->report;

  while (frame != NULL && (gpointer) frame->info != (gpointer) self)
    frame = frame->outer;
  return frame != NULL && !frame->at_end ? frame : NULL;
}

/* Why there is no result; NULL: it changed its mind meanwhile (complete_from_canceled), and there may be one. */
static GError *
loft_async_base_explain (LoftAsyncBase *self,
                         LoftPhase      phase)
{
  g_autofree char *what = NULL;

  if (phase > LOFT_PHASE_RUNNING)
    return loft_async_base_dup_error (self);
  what = loft_async_info_describe (LOFT_ASYNC_INFO (self));
  return g_error_new (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                      "There are no results yet: %s has not ended. Ask in its completed handler, or wait for it.", what);
}

gboolean
loft_async_base_get_results (LoftAsyncBase  *self,
                             GValue         *value,
                             GError        **error)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftReportFrame *report = find_report (self);
  GType value_type = G_TYPE_NONE, progress_type = G_TYPE_NONE;
  LoftValueBox *box = NULL;
  GError *why;
  LoftPhase phase;

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  if (priv->extra != NULL)
    {
      value_type = priv->extra->value_type;
      progress_type = priv->extra->progress_type;
      box = phase == LOFT_PHASE_COMPLETED ? priv->extra->result : priv->extra->provisional;
      if (box != NULL)
        loft_value_box_ref (box);
    }
  loft_lock_unlock (&priv->lock);

  if (report != NULL && phase != LOFT_PHASE_CLOSED)
    fill_value (value, report->provisional, value_type);
  else if (phase == LOFT_PHASE_COMPLETED || (phase <= LOFT_PHASE_RUNNING && progress_type != G_TYPE_NONE))
    fill_value (value, box != NULL ? &box->value : NULL, value_type);
  else
    {
      g_clear_pointer (&box, loft_value_box_unref);
      why = loft_async_base_explain (self, phase);
      if (why == NULL)
        return loft_async_base_get_results (self, value, error);
      g_propagate_error (error, why);
      return FALSE;
    }
  g_clear_pointer (&box, loft_value_box_unref);
  return TRUE;
}

/* A binding may have put a value of its own kind there: it is brought to the type that was promised, or refused. */
gboolean
loft_async_base_fit_value (LoftAsyncBase  *self,
                           GType           type,
                           GValue         *result,
                           GError        **error)
{
  GValue fit = G_VALUE_INIT;
  g_autofree char *what = NULL;

  if (G_LIKELY (G_IS_VALUE (result) && g_value_type_compatible (G_VALUE_TYPE (result), type)))
    return TRUE;
  g_value_init (&fit, type);
  if (G_IS_VALUE (result) && g_value_transform (result, &fit))
    {
      g_value_unset (result);
      *result = fit;
      return TRUE;
    }
  g_value_unset (&fit);
  what = loft_async_info_describe (LOFT_ASYNC_INFO (self));
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
               "The work of %s brought %s%s where a %s was promised. Give a value of that type.", what,
               G_IS_VALUE (result) ? "a " : "nothing", G_IS_VALUE (result) ? G_VALUE_TYPE_NAME (result) : "",
               g_type_name (type));
  return FALSE;
}

const GValue *
loft_async_base_convert (const GValue *value,
                         GType         type,
                         GValue       *fit,
                         const char   *function)
{
  if (type == G_TYPE_NONE || G_LIKELY (g_value_type_compatible (G_VALUE_TYPE (value), type)))
    return value;
  g_value_init (fit, type);
  if (g_value_transform (value, fit))
    return fit;
  g_critical ("%s: a %s was promised, and the value is a %s, which can't be converted to that", function, g_type_name (type),
              G_VALUE_TYPE_NAME (value));
  return NULL;
}

gboolean
loft_async_base_end_by_handler (LoftAsyncBase *self,
                                gboolean       success,
                                GError        *error,
                                LoftValueBox  *box)
{
  if (G_LIKELY (success && error == NULL))
    return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
  if (success)
    {
      g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (self));

      g_warning ("The handler of %s returned TRUE, which means success, and set an error too, which is dropped: %s", what,
                 error->message);
      g_error_free (error);
      return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
    }

  g_clear_pointer (&box, loft_value_box_unref);
  if (error == NULL)
    {
      g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (self));

      error = g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED,
                           "The handler of %s returned FALSE without an error. TRUE is success here (it is no GSourceFunc); "
                           "to fail, set an error too.", what);
    }
  return loft_async_base_fail (self, error);
}

void
loft_async_base_set_error_home (LoftAsyncBase  *self,
                                LoftDispatcher *home)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  if (home == NULL)
    return;
  g_object_ref (home);
  loft_lock_lock (&priv->lock);
  if (loft_async_base_extra_locked (self)->error_home == NULL)
    priv->extra->error_home = g_steal_pointer (&home);
  loft_lock_unlock (&priv->lock);
  g_clear_object (&home);
}

/* Where it will be ended, only to compare; NULL: anywhere. */
LoftDispatcher *
loft_async_base_peek_runner (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *runner = NULL;
  gboolean follows = FALSE;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      follows = priv->extra->followed != NULL;
      runner = priv->extra->runner;
    }
  loft_lock_unlock (&priv->lock);
  if (follows)
    return NULL; /* wherever what it follows ends */
  if (runner == NULL && LOFT_ASYNC_BASE_GET_CLASS (self)->peek_runner != NULL)
    runner = LOFT_ASYNC_BASE_GET_CLASS (self)->peek_runner (self);
  return runner;
}

/* With another object's value, which may be of a type that was not promised here: then it fails, and says so. */
static void
loft_async_base_complete_with (LoftAsyncBase *self,
                               const GValue  *value)
{
  GType value_type, progress_type;
  g_auto (GValue) fit = G_VALUE_INIT;
  GError *error = NULL;

  loft_async_base_get_types (self, &value_type, &progress_type);
  g_value_init (&fit, G_VALUE_TYPE (value));
  g_value_copy (value, &fit);
  if (value_type == G_TYPE_NONE || loft_async_base_fit_value (self, value_type, &fit, &error))
    loft_async_base_complete_with_value (self, &fit);
  else
    loft_async_base_fail (self, error);
}

void
loft_async_base_fail_after (LoftAsyncBase   *self,
                            LoftAsyncInfo   *inner,
                            LoftAsyncStatus  status)
{
  LoftValueBox *outcome = loft_outcome_dup_box (inner);

  if (status == LOFT_ASYNC_STATUS_CANCELED)
    loft_async_base_end_canceled (self, LOFT_CANCEL_REASON_PROPAGATED);
  else if (loft_value_box_peek_error (outcome) != NULL)
    loft_async_base_fail_as (self, outcome);
  else
    loft_async_base_fail (self, loft_outcome_dup_error (inner, status));
  g_clear_pointer (&outcome, loft_value_box_unref);
}

/* Following another object to its end. */

typedef struct
{
  LoftAsyncBase *self;    /* strong */
  GDestroyNotify release; /* NULL: there is nothing to release, or it was */
  gpointer data;
} LoftFollower;

static void
loft_follower_release (LoftFollower *follower)
{
  GDestroyNotify release = g_steal_pointer (&follower->release);

  if (release != NULL)
    release (follower->data);
}

static void
loft_follower_free (gpointer data)
{
  LoftFollower *follower = data;

  loft_follower_release (follower);
  g_object_unref (follower->self);
  g_free (follower);
}


void
loft_async_base_end_as (LoftAsyncBase   *self,
                        LoftAsyncInfo   *inner,
                        LoftAsyncStatus  status)
{
  const GValue *result = loft_outcome_peek_result (inner);
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;

  if (status != LOFT_ASYNC_STATUS_COMPLETED)
    loft_async_base_fail_after (self, inner, status);
  else if (!LOFT_IS_ASYNC_OPERATION (inner) || !LOFT_IS_ASYNC_OPERATION (self))
    loft_async_base_complete (self);
  else if (result != NULL)
    loft_async_base_complete_with (self, result);
  else if (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (inner), &value, &error))
    loft_async_base_complete_with (self, &value);
  else
    loft_async_base_fail (self, error);
}

static void
on_inner_ended (LoftAsyncInfo   *inner,
                LoftAsyncStatus  status,
                gpointer         user_data)
{
  LoftFollower *follower = user_data;

  loft_follower_release (follower);
  loft_async_base_has_heard (follower->self);
  loft_async_base_end_as (follower->self, inner, status);
}

/* Whether @info can end only after @other. */
static gboolean
loft_async_base_awaits (LoftAsyncInfo *info,
                        LoftAsyncBase *other)
{
  LoftAwaitWalk walk;
  gboolean found = FALSE;

  loft_await_walk_begin (&walk, info);
  do
    found = walk.current == LOFT_ASYNC_INFO (other);
  while (!found && loft_await_walk_next (&walk));
  loft_await_walk_end (&walk);
  return found;
}

void
loft_async_base_follow (LoftAsyncBase  *self,
                        LoftAsyncInfo  *inner,
                        GDestroyNotify  release,
                        gpointer        data)
{
  LoftFollower *follower = g_new (LoftFollower, 1);
  GError *error = NULL;
  LoftLink *awaited;
  guint64 id;

  *follower = (LoftFollower) { g_object_ref (self), release, data };

  /* First it is put down whom it follows, then looked for a circle: of those that close one at the same moment on several
   * threads, at least one finds it. */
  if ((gpointer) self != (gpointer) inner)
    loft_async_base_add_child (self, inner, TRUE);
  if (loft_async_base_awaits (inner, self))
    {
      loft_follower_release (follower);
      loft_async_base_fail (self, g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DEADLOCK,
                                                       "An action can't follow itself: the handler returned its own action, "
                                                       "or one that waits for it, which would never end."));
      loft_follower_free (follower);
      return;
    }
  awaited = loft_async_base_set_awaited (self, inner);
  if (!loft_async_info_observe (inner, on_inner_ended, follower, loft_follower_free, LOFT_OBSERVER_PASSES_ON, &id,
                                &error))
    loft_async_base_fail (self, error);
  loft_async_base_set_awaited_id (self, awaited, id);
}
