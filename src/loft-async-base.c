/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncBase: the one state machine behind all of Loft's async objects.
 *
 * Derive from it to make an action type of your own; when you only need an object to end by hand take LoftAction or
 * LoftOperation. Who wins when completion and cancellation race is decided in loft_async_base_step_locked, by the table
 * in loft-async-state.c; handlers are kept and brought home by loft-async-handlers.c, results by
 * loft-async-results.c. */

#include "config.h"

#include "loft-async-base-private.h"
#include "loft-thread-state-private.h"

/**
 * LoftAsyncBase:
 *
 * The base of async objects: state, handlers, cancellation, results.
 *
 * A class that derives from it and implements [iface@Loft.AsyncAction] or [iface@Loft.AsyncOperation] (and perhaps
 * [iface@Loft.AsyncWithProgress]), leaving their virtual functions %NULL, is a complete async action: begin the work,
 * override `canceled` to stop it, and end it with [method@Loft.AsyncBase.complete] or [method@Loft.AsyncBase.fail].
 *
 * All of its methods may be called from any thread.
 *
 * Answers to WRL's `AsyncBase`.
 */

static void loft_async_base_iface_init (LoftAsyncInfoInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (LoftAsyncBase, loft_async_base, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (LoftAsyncBase)
                                  G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO, loft_async_base_iface_init))

LoftAsyncBasePrivate *
loft_async_base_get_private (LoftAsyncBase *self)
{
  return loft_async_base_get_instance_private (self);
}

LoftAsyncExtra *
loft_async_base_extra_locked (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);

  loft_lock_assert_held (&priv->lock);
  if (priv->extra == NULL)
    {
      priv->extra = g_new0 (LoftAsyncExtra, 1);
      priv->extra->observers_tail = &priv->extra->observers;
      priv->extra->value_type = G_TYPE_NONE;
      priv->extra->progress_type = G_TYPE_NONE;
      priv->extra->deliveries.owner = LOFT_ASYNC_INFO (self);
    }
  return priv->extra;
}

/* Where its result and error are released: its creator's home, else its runner; or NULL, anywhere. */
static LoftDispatcher *
loft_async_extra_dup_home (LoftAsyncExtra *extra)
{
  LoftDispatcher *home = extra->creator_home != NULL ? extra->creator_home : extra->runner;

  return home != NULL ? g_object_ref (home) : NULL;
}

/* The only function that changes the state. Gives where it was, and where it is now or LOFT_PHASE_NONE. */
static LoftPhase
loft_async_base_step_locked (LoftAsyncBase    *self,
                             LoftEvent         event,
                             LoftCancelReason  reason,
                             LoftPhase        *out_from)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftPhase from, to;
  guint32 change;

  loft_lock_assert_held (&priv->lock);
  from = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED)); /* written under this lock only */
  to = loft_phase_next (from, event);
  *out_from = from;
  if (to == LOFT_PHASE_NONE)
    return LOFT_PHASE_NONE;

  change = (guint32) from ^ (guint32) to;
  if (LOFT_WORD_REASON (__atomic_load_n (&priv->word, __ATOMIC_RELAXED)) == LOFT_CANCEL_REASON_NONE)
    change |= (guint32) reason << 4;
  /* Release: result and error are written before the end is visible. An exclusive or, since others may be setting flags
   * in the same word at this moment. */
  __atomic_fetch_xor (&priv->word, change, __ATOMIC_RELEASE);
  return to;
}

void
loft_async_base_init_work (LoftAsyncBase      *self,
                           LoftPhase           phase,
                           LoftLane            lane,
                           const LoftCallSite *site)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);

  priv->word = (guint32) phase | (guint32) lane << LOFT_WORD_LANE_SHIFT;
  priv->site = *site;
}

gboolean
loft_async_base_begin (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftPhase from, to;

  loft_lock_lock (&priv->lock);
  to = loft_async_base_step_locked (self, LOFT_EVENT_BEGIN, LOFT_CANCEL_REASON_NONE, &from);
  loft_lock_unlock (&priv->lock);
  return to != LOFT_PHASE_NONE;
}

gboolean
loft_async_base_end (LoftAsyncBase    *self,
                     LoftEvent         event,
                     LoftCancelReason  reason,
                     GError           *error,
                     LoftValueBox     *box)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftAnnouncement announcement = { NULL };
  LoftPhase from, to;

  loft_lock_lock (&priv->lock);
  to = loft_phase_next (LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED)), event);
  /* What it ends with is in place before the end is visible. */
  if (to == LOFT_PHASE_COMPLETED && box != NULL)
    loft_async_base_extra_locked (self)->result = g_steal_pointer (&box);
  if (error != NULL && (to == LOFT_PHASE_ERROR || (to == LOFT_PHASE_CANCELED && event == LOFT_EVENT_FAIL_CANCELED &&
                                                   reason == LOFT_CANCEL_REASON_BY_WORK)))
    loft_async_base_extra_locked (self)->error = g_steal_pointer (&error);
  to = loft_async_base_step_locked (self, event, reason, &from);
  if (to != LOFT_PHASE_NONE)
    loft_async_base_take_handlers_locked (self, &announcement);
  loft_lock_unlock (&priv->lock);

  /* The loser's. */
  g_clear_error (&error);
  g_clear_pointer (&box, loft_value_box_unref);
  if (to == LOFT_PHASE_NONE)
    return FALSE;

  loft_async_base_announce (self, &announcement);
  return from != LOFT_PHASE_CANCELING || event == LOFT_EVENT_OVERRULE;
}

gboolean
loft_async_base_end_canceled (LoftAsyncBase    *self,
                              LoftCancelReason  reason)
{
  return loft_async_base_end (self, LOFT_EVENT_FAIL_CANCELED, reason, NULL, NULL);
}

/* Calls what wants to know of a cancel, with no lock held. */
static void
loft_async_base_tell_canceled (LoftAsyncBase *self,
                               LoftHandler   *cancel_handler,
                               GPtrArray     *children)
{
  if (cancel_handler != NULL)
    {
      ((LoftCancelHandler) cancel_handler->callback) (self, cancel_handler->user_data);
      loft_handler_unref (cancel_handler);
    }
  if (LOFT_ASYNC_BASE_GET_CLASS (self)->canceled != NULL)
    LOFT_ASYNC_BASE_GET_CLASS (self)->canceled (self);
  for (guint i = 0; children != NULL && i < children->len; i++)
    {
      LoftAsyncInfo *child = g_ptr_array_index (children, i);

      if (LOFT_IS_ASYNC_BASE (child))
        loft_async_base_cancel (LOFT_ASYNC_BASE (child), LOFT_CANCEL_REASON_PROPAGATED, FALSE);
      else
        loft_async_info_cancel (child);
    }
  g_clear_pointer (&children, g_ptr_array_unref);
}

gboolean
loft_async_base_cancel (LoftAsyncBase    *self,
                        LoftCancelReason  reason,
                        gboolean          only_queued)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftAnnouncement announcement = { NULL };
  LoftHandler *cancel_handler = NULL;
  GPtrArray *children = NULL;
  LoftPhase from, to = LOFT_PHASE_NONE;

  loft_lock_lock (&priv->lock);
  from = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED));
  if (from == LOFT_PHASE_QUEUED || !only_queued)
    to = loft_async_base_step_locked (self, LOFT_EVENT_CANCEL, reason, &from);
  if (to == LOFT_PHASE_CANCELING && priv->extra != NULL)
    {
      cancel_handler = g_steal_pointer (&priv->extra->cancel_handler);
      children = g_steal_pointer (&priv->extra->children);
    }
  else if (to == LOFT_PHASE_CANCELED)
    {
      /* Before the lock is released: until then the queue that holds the item is there. */
      if (LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked != NULL)
        LOFT_ASYNC_BASE_GET_CLASS (self)->queued_canceled_locked (self);
      loft_async_base_take_handlers_locked (self, &announcement);
      children = g_steal_pointer (&announcement.children);
    }
  loft_lock_unlock (&priv->lock);

  if (to == LOFT_PHASE_NONE)
    return FALSE;
  g_object_ref (self); /* a handler may drop the caller's */
  loft_async_base_tell_canceled (self, cancel_handler, children);
  if (to == LOFT_PHASE_CANCELED)
    loft_async_base_announce (self, &announcement);
  g_object_unref (self);
  return TRUE;
}

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/* An error may hold objects only if somebody extended its domain; GLib's and Loft's own hold none. */
static void
loft_async_base_release_error (LoftDispatcher *home,
                               GError         *error)
{
  if (error == NULL)
    return;
  if (error->domain == LOFT_ERROR || error->domain == G_IO_ERROR)
    home = NULL;
  loft_home_release (home, free_error, error);
}

static gboolean
loft_async_base_close (LoftAsyncInfo  *info,
                       GError        **error)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftValueBox *result = NULL, *provisional = NULL;
  LoftDispatcher *home = NULL;
  GError *held = NULL;
  LoftPhase from, to;

  loft_lock_lock (&priv->lock);
  to = loft_async_base_step_locked (self, LOFT_EVENT_CLOSE, LOFT_CANCEL_REASON_NONE, &from);
  if (to == LOFT_PHASE_CLOSED && priv->extra != NULL)
    {
      result = g_steal_pointer (&priv->extra->result);
      provisional = g_steal_pointer (&priv->extra->provisional);
      held = g_steal_pointer (&priv->extra->error);
      home = loft_async_extra_dup_home (priv->extra);
    }
  loft_lock_unlock (&priv->lock);

  if (to == LOFT_PHASE_NONE && from != LOFT_PHASE_CLOSED)
    {
      g_autofree char *what = loft_async_info_describe (info);

      g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE,
                   "Can't close %s before it has ended. Wait for its end (also after a cancel), then close.", what);
      return FALSE;
    }
  g_clear_pointer (&result, loft_value_box_unref);
  g_clear_pointer (&provisional, loft_value_box_unref);
  loft_async_base_release_error (home, held);
  g_clear_object (&home);
  if (to == LOFT_PHASE_CLOSED && LOFT_ASYNC_BASE_GET_CLASS (self)->closed != NULL)
    LOFT_ASYNC_BASE_GET_CLASS (self)->closed (self);
  return TRUE;
}

static guint64 last_id; /* atomic counter */

static guint64
loft_async_base_get_id (LoftAsyncInfo *info)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftAsyncExtra *extra;
  guint64 id;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  if (extra->id == 0)
    extra->id = __atomic_add_fetch (&last_id, 1, __ATOMIC_RELAXED);
  id = extra->id;
  loft_lock_unlock (&priv->lock);
  return id;
}

static LoftAsyncStatus
loft_async_base_get_status (LoftAsyncInfo *info)
{
  return loft_phase_get_status (loft_async_base_get_phase (LOFT_ASYNC_BASE (info)));
}

static void
loft_async_base_iface_cancel (LoftAsyncInfo *info)
{
  loft_async_base_cancel (LOFT_ASYNC_BASE (info), LOFT_CANCEL_REASON_REQUESTED, FALSE);
}

static GError *
loft_async_base_iface_dup_error (LoftAsyncInfo *info)
{
  return loft_async_base_dup_error (LOFT_ASYNC_BASE (info));
}

static gboolean
loft_async_base_iface_set_completed (LoftAsyncInfo         *info,
                                     LoftCompletedHandler   handler,
                                     gpointer               user_data,
                                     GDestroyNotify         destroy,
                                     GError               **error)
{
  LoftHandler *slot = loft_handler_new (LOFT_HANDLER_COMPLETED, TRUE, G_CALLBACK (handler), user_data, destroy);

  return loft_async_base_set_completed_handler (LOFT_ASYNC_BASE (info), slot, error);
}

static guint64
loft_async_base_iface_add_observer (LoftAsyncInfo        *info,
                                    LoftCompletedHandler  handler,
                                    gpointer              user_data,
                                    GDestroyNotify        destroy)
{
  LoftHandler *observer = loft_handler_new (LOFT_HANDLER_OBSERVER, TRUE, G_CALLBACK (handler), user_data, destroy);

  return loft_async_base_add_observer (LOFT_ASYNC_BASE (info), observer);
}

static gboolean
loft_async_base_iface_remove_observer (LoftAsyncInfo *info,
                                       guint64        id)
{
  return loft_async_base_remove_observer (LOFT_ASYNC_BASE (info), id);
}

static void
loft_async_base_iface_init (LoftAsyncInfoInterface *iface)
{
  iface->get_id = loft_async_base_get_id;
  iface->get_status = loft_async_base_get_status;
  iface->dup_error = loft_async_base_iface_dup_error;
  iface->cancel = loft_async_base_iface_cancel;
  iface->close = loft_async_base_close;
  iface->set_completed = loft_async_base_iface_set_completed;
  iface->add_observer = loft_async_base_iface_add_observer;
  iface->remove_observer = loft_async_base_iface_remove_observer;
}

/* The last reference goes while the work has not ended: nobody is left who could end it, so it ends here, and who set a
 * handler hears of it. (The announcement holds references of its own, which may outlive this dispose.) */
static void
loft_async_base_end_abandoned (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftPhase phase = loft_async_base_get_phase (self);
  gboolean listened;

  if (loft_phase_has_ended (phase))
    return;
  loft_lock_lock (&priv->lock);
  listened = priv->extra != NULL && (priv->extra->completed != NULL || priv->extra->observers != NULL);
  loft_lock_unlock (&priv->lock);
  if (!listened)
    return;
  if (phase == LOFT_PHASE_CANCELING)
    loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, NULL);
  else
    loft_async_base_end (self, LOFT_EVENT_FAIL, LOFT_CANCEL_REASON_NONE,
                         g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                              "Its producer let it go without an end. Complete, fail or cancel each "
                                              "object before you drop the last reference to it."),
                         NULL);
}

/* An error that nobody looked at, and from now on nobody can. */
static void
loft_async_base_report_unhandled (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftDispatcher *runner = NULL;
  GError *error = NULL;
  guint32 word = __atomic_load_n (&priv->word, __ATOMIC_ACQUIRE);

  if (LOFT_WORD_PHASE (word) != LOFT_PHASE_ERROR || (word & LOFT_WORD_OBSERVED) != 0)
    return;
  loft_async_base_mark_observed (self);
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->error != NULL)
    {
      error = g_error_copy (priv->extra->error);
      g_set_object (&runner, priv->extra->runner);
    }
  loft_lock_unlock (&priv->lock);
  if (error != NULL)
    loft_dispatcher_report_unhandled (runner, error, &priv->site);
  g_clear_object (&runner);
}

static void
loft_async_base_dispose (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);

  LOFT_TSAN_ACQUIRE (object); /* what others did before they let go; tests/tsan-glib.c announces that they do */
  loft_async_base_end_abandoned (self);
  loft_async_base_report_unhandled (self);
  G_OBJECT_CLASS (loft_async_base_parent_class)->dispose (object);
}

static void
loft_async_base_finalize (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);
  LoftAsyncBasePrivate *priv = loft_async_base_get_instance_private (self);
  LoftAsyncExtra *extra = priv->extra;

  if (extra != NULL)
    {
      g_clear_pointer (&extra->completed, loft_handler_unref);
      g_clear_pointer (&extra->progress, loft_handler_unref);
      g_clear_pointer (&extra->cancel_handler, loft_handler_unref);
      g_clear_pointer (&extra->children, g_ptr_array_unref);
      g_clear_pointer (&extra->result, loft_value_box_unref);
      g_clear_pointer (&extra->provisional, loft_value_box_unref);
      loft_async_base_release_error (extra->creator_home != NULL ? extra->creator_home : extra->runner, extra->error);
      loft_deliveries_clear (&extra->deliveries);
      g_clear_object (&extra->creator_home);
      g_clear_object (&extra->runner);
      g_free (extra);
    }
  G_OBJECT_CLASS (loft_async_base_parent_class)->finalize (object);
}

static void
loft_async_base_class_init (LoftAsyncBaseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_async_base_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_async_base_finalize;
}

static void
loft_async_base_init (LoftAsyncBase *self)
{
  loft_async_base_init_work (self, LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL, &(LoftCallSite) { NULL, NULL });
}

/**
 * loft_async_base_complete:
 * @self: an async object
 *
 * Ends it Completed, without a value.
 *
 * Any thread may call; agile handlers run before it returns, all others at their homes. After a cancel the object ends
 * Canceled.
 *
 * Returns: %FALSE if it had ended before, or was cancelled
 */
gboolean
loft_async_base_complete (LoftAsyncBase *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  return loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, NULL);
}

/**
 * loft_async_base_complete_with_value:
 * @self: an async object
 * @value: the result; it is copied
 *
 * Ends it Completed, with a result.
 *
 * Any thread may call; agile handlers run before it returns, all others at their homes. After a cancel the object ends
 * Canceled, and the copy is freed.
 *
 * Returns: %FALSE if it had ended before, or was cancelled
 */
gboolean
loft_async_base_complete_with_value (LoftAsyncBase *self,
                                     const GValue  *value)
{
  LoftAsyncBasePrivate *priv;
  LoftDispatcher *home = NULL;
  GType value_type = G_TYPE_NONE;
  LoftValueBox *box;
  gboolean won;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  priv = loft_async_base_get_instance_private (self);
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      value_type = priv->extra->value_type;
      home = loft_async_extra_dup_home (priv->extra);
    }
  loft_lock_unlock (&priv->lock);

  if (value_type != G_TYPE_NONE && !g_value_type_compatible (G_VALUE_TYPE (value), value_type))
    {
      g_critical ("%s: the value is a %s, and the operation gives a %s", G_STRFUNC, G_VALUE_TYPE_NAME (value),
                  g_type_name (value_type));
      g_clear_object (&home);
      return FALSE;
    }
  if (home == NULL && loft_home_matters_for (G_VALUE_TYPE (value)))
    home = loft_home_dup_current (); /* the creator has none: the thread that made the value */
  box = loft_value_box_new (value, home);
  won = loft_async_base_end (self, LOFT_EVENT_COMPLETE, LOFT_CANCEL_REASON_NONE, NULL, box);
  g_clear_object (&home);
  return won;
}

/**
 * loft_async_base_fail:
 * @self: an async object
 * @error: (transfer full): what went wrong
 *
 * Ends it in Error; with %G_IO_ERROR_CANCELLED, in Canceled.
 *
 * Any thread may call; agile handlers run before it returns, all others at their homes. @error is taken also when the
 * object had ended before.
 *
 * Returns: %FALSE if it had ended before, or was cancelled
 */
gboolean
loft_async_base_fail (LoftAsyncBase *self,
                      GError        *error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return loft_async_base_end (self, LOFT_EVENT_FAIL_CANCELED, LOFT_CANCEL_REASON_BY_WORK, error, NULL);
  return loft_async_base_end (self, LOFT_EVENT_FAIL, LOFT_CANCEL_REASON_NONE, error, NULL);
}

/**
 * loft_async_base_complete_from_canceled:
 * @self: an async object
 *
 * Ends an object that was cancelled as Completed all the same: the cancel came too late.
 *
 * Only for producers that would rather tell of work that was done. Any thread may call.
 *
 * Answers to WRL's `TransitionFromCanceled` policy.
 *
 * Returns: %FALSE if it was not cancelled, or had ended
 */
gboolean
loft_async_base_complete_from_canceled (LoftAsyncBase *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  return loft_async_base_end (self, LOFT_EVENT_OVERRULE, LOFT_CANCEL_REASON_NONE, NULL, NULL);
}
