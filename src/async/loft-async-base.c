/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncBase: the one state machine behind all of Loft's async objects.
 *
 * Derive from it to make an action type of your own; when you only need an object to end by hand take LoftAction or
 * LoftOperation. Its steps from phase to phase are in loft-async-step.c; handlers are kept and brought home by
 * loft-async-handlers.c, results by loft-async-results.c. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncBase:
 *
 * The base of async objects: state, handlers, cancellation, results.
 *
 * A class that derives from it and implements [iface@Loft.AsyncAction] or [iface@Loft.AsyncOperation] (and perhaps
 * [iface@Loft.AsyncWithProgress]), leaving their virtual functions %NULL, is a complete async action: begin the work,
 * override `canceled` to stop it, and end it with [method@Loft.AsyncBase.complete] or [method@Loft.AsyncBase.fail].
 *
 * An object whose last reference is dropped before it has ended fails with %LOFT_ERROR_DISCONNECTED, so that nobody
 * waits for it for ever. The dying object can't be handed to another thread any more. The handlers that were set on
 * it therefore get another sender: a [class@Loft.Action] or [class@Loft.Operation] with the same call site, number
 * and types, which has ended so.
 *
 * All of its methods may be called from any thread.
 *
 * Answers to WRL's `AsyncBase`.
 */

static void loft_async_base_iface_init (LoftAsyncInfoInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (LoftAsyncBase, loft_async_base, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (LoftAsyncBase)
                                  G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL)
                                  /* The last: in it alone gjs 1.74 finds what Gio._promisify () has added. */
                                  G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO, loft_async_base_iface_init))

int loft_async_base_private_offset;

LoftAsyncExtra *
loft_async_base_extra_locked (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  loft_lock_assert_held (&priv->lock);
  if (priv->extra == NULL)
    {
      priv->extra = g_slice_new0 (LoftAsyncExtra);
      priv->extra->value_type = G_TYPE_NONE;
      priv->extra->progress_type = G_TYPE_NONE;
      priv->extra->deliveries.owner = self;
      __atomic_fetch_or (&priv->lock.word, LOFT_WORD_EXTRA, __ATOMIC_RELAXED); /* the lock orders it */
    }
  return priv->extra;
}

/* Where its result and error are released: its creator's home, else its runner; or NULL, anywhere. */
LoftDispatcher *
loft_async_extra_dup_home (LoftAsyncExtra *extra)
{
  LoftDispatcher *home = extra->creator_home != NULL ? extra->creator_home
                         : extra->error_home != NULL ? extra->error_home
                                                     : extra->runner;

  return home != NULL ? g_object_ref (home) : NULL;
}

void
loft_async_base_init_work (LoftAsyncBase      *self,
                           LoftPhase           phase,
                           LoftLane            lane,
                           const LoftCallSite *site)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  /* An operation has had its extra part since it was told its type. */
  priv->lock.word = (priv->lock.word & LOFT_WORD_EXTRA) | (guint32) phase << LOFT_WORD_PHASE_SHIFT |
                    (guint32) lane << LOFT_WORD_LANE_SHIFT;
  priv->site = *site;
}

static gboolean
loft_async_base_close (LoftAsyncInfo  *info,
                       GError        **error)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftValueBox *result = NULL, *provisional = NULL, *failure = NULL;
  LoftPhase from, to;

  loft_lock_lock (&priv->lock);
  to = loft_async_base_step_locked (self, LOFT_EVENT_CLOSE, LOFT_CANCEL_REASON_NONE, &from);
  if (to == LOFT_PHASE_CLOSED && priv->extra != NULL)
    {
      result = g_steal_pointer (&priv->extra->result);
      provisional = g_steal_pointer (&priv->extra->provisional);
      failure = g_steal_pointer (&priv->extra->error);
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
  if (failure != NULL)
    loft_value_box_look_at (failure);
  g_clear_pointer (&failure, loft_value_box_unref);
  if (to == LOFT_PHASE_CLOSED)
    LOFT_ASYNC_BASE_GET_CLASS (self)->closed (self);
  return TRUE;
}

static guint64
loft_async_base_get_id (LoftAsyncInfo *info)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (info);
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra;
  guint64 id;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  if (extra->id == 0)
    extra->id = loft_async_next_id ();
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

static void
loft_async_base_dispose (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);

  LOFT_TSAN_ACQUIRE (object); /* what others did before they let go; tests/tsan-glib.c announces that they do */
  LOFT_TSAN_ACQUIRE (&object->ref_count); /* and that they did */
  if (G_UNLIKELY (loft_async_base_get_phase (self) != LOFT_PHASE_COMPLETED))
    {
      loft_async_base_end_abandoned (self);
      loft_async_base_report_unhandled (self);
    }
  G_OBJECT_CLASS (loft_async_base_parent_class)->dispose (object);
}

static void
loft_async_base_finalize (GObject *object)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (object);
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  g_clear_pointer (&priv->extra, loft_async_extra_free);
  G_OBJECT_CLASS (loft_async_base_parent_class)->finalize (object);
}

/* For those who chain up. */
static void
loft_async_base_nothing (LoftAsyncBase *self)
{
}

static void
loft_async_base_class_init (LoftAsyncBaseClass *klass)
{
  __atomic_store_n (&loft_async_base_private_offset, LoftAsyncBase_private_offset, __ATOMIC_RELAXED);
  klass->canceled = loft_async_base_nothing;
  klass->closed = loft_async_base_nothing;
  G_OBJECT_CLASS (klass)->dispose = loft_async_base_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_async_base_finalize;
}

static void
loft_async_base_init (LoftAsyncBase *self)
{
  loft_async_base_init_work (self, LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL, &(LoftCallSite) { NULL, "g_object_new" });
}
