/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The steps of a LoftAsyncBase from one phase to the next, of which most are its begin and its end. Who wins when completion and
 * cancellation race is decided here, by the table in loft-async-state.c. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "async/loft-async-base-private.h"

/* Takes @error into a box that is released where a result is. */
static LoftValueBox *
loft_async_base_box_error (LoftAsyncBase *self,
                           GError        *error)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *home = NULL;
  LoftValueBox *box;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    home = loft_async_extra_dup_home (priv->extra);
  loft_lock_unlock (&priv->lock);
  box = loft_value_box_new_for_error (error, home);
  g_clear_object (&home);
  return box;
}

/* Changes the state. Gives where it was, and where it is now or LOFT_PHASE_NONE. */
LoftPhase
loft_async_base_step_locked (LoftAsyncBase    *self,
                             LoftEvent         event,
                             LoftCancelReason  reason,
                             LoftPhase        *out_from)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftPhase from, to;
  guint32 change;

  loft_lock_assert_held (&priv->lock);
  from = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)); /* does not change under lock */
  to = loft_phase_next (from, event);
  *out_from = from;
  if (to == LOFT_PHASE_NONE)
    return LOFT_PHASE_NONE;

  change = ((guint32) from ^ (guint32) to) << LOFT_WORD_PHASE_SHIFT;
  if (LOFT_WORD_REASON (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)) == LOFT_CANCEL_REASON_NONE)
    change |= (guint32) reason << LOFT_WORD_REASON_SHIFT;
  /* Release: result and error are written before the end is visible. An exclusive or, since others may be setting flags
   * in the same word at this moment. */
  __atomic_fetch_xor (&priv->lock.word, change, __ATOMIC_RELEASE);
  return to;
}

/* Lock, step and unlock in one exchange, which fails if anybody has the lock, if the phase is another, or if the word has one of
 * the flags @unless: then the caller goes the long way, which decides. Acquire and release, as the lock is. */
static gboolean
loft_async_base_step_alone (LoftAsyncBasePrivate *priv,
                            LoftPhase             from,
                            LoftPhase             to,
                            guint32               unless)
{
  guint32 word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED);
  guint32 change = ((guint32) from ^ (guint32) to) << LOFT_WORD_PHASE_SHIFT;

  while (LOFT_WORD_PHASE (word) == from && (word & (LOFT_LOCK_BIT | unless)) == 0)
    if (__atomic_compare_exchange_n (&priv->lock.word, &word, word ^ change, TRUE, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      return TRUE;
  return FALSE;
}

gboolean
loft_async_base_begin (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftPhase from, to;

  if (G_LIKELY (loft_async_base_step_alone (priv, LOFT_PHASE_QUEUED, LOFT_PHASE_RUNNING, 0)))
    return TRUE;
  loft_lock_lock (&priv->lock);
  to = loft_async_base_step_locked (self, LOFT_EVENT_BEGIN, LOFT_CANCEL_REASON_NONE, &from);
  loft_lock_unlock (&priv->lock);
  return to != LOFT_PHASE_NONE;
}

/* The work ends while others are being told of a cancel, which was there first: the last of those who tell brings the end
 * about, so that nobody is told after the end. The first end that comes counts, as ever. The cancel handler and the class
 * may end it themselves, on their thread, and that is not put off. */
static gboolean
loft_async_base_defer_end_locked (LoftAsyncBase *self,
                                  LoftEvent      event,
                                  LoftValueBox **box,
                                  gboolean      *out_won)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra = priv->extra;
  guint own = 0;

  *out_won = FALSE;
  if (extra == NULL || extra->tellers == 0 ||
      LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)) != LOFT_PHASE_CANCELING)
    return FALSE;
  if (extra->end_deferred)
    return TRUE;
  for (LoftTellFrame *frame = loft_thread_get ()->tell; frame != NULL; frame = frame->outer)
    own += frame->info == LOFT_ASYNC_INFO (self) && !frame->children ? 1 : 0;
  if (extra->tellers == own || loft_phase_next (LOFT_PHASE_CANCELING, event) == LOFT_PHASE_NONE)
    return FALSE;
  extra->end_deferred = TRUE;
  extra->deferred_event = event;
  *out_won = event == LOFT_EVENT_OVERRULE;
  if (*out_won)
    extra->result = g_steal_pointer (box);
  return TRUE;
}

LoftPhase
loft_async_base_finish_locked (LoftAsyncBase     *self,
                               LoftEvent          event,
                               LoftCancelReason   reason,
                               LoftValueBox     **failure,
                               LoftValueBox     **box,
                               LoftAnnouncement  *out,
                               LoftPhase         *out_from)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftPhase from = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  LoftPhase to = loft_phase_next (from, event);

  /* What it ends with is in place before the end is visible. */
  if (to == LOFT_PHASE_COMPLETED && *box != NULL)
    loft_async_base_extra_locked (self)->result = g_steal_pointer (box);
  if (*failure != NULL && from != LOFT_PHASE_CANCELING && (to == LOFT_PHASE_ERROR || to == LOFT_PHASE_CANCELED))
    loft_async_base_extra_locked (self)->error = g_steal_pointer (failure);
  to = loft_async_base_step_locked (self, event, reason, out_from);
  if (to != LOFT_PHASE_NONE)
    loft_async_base_take_handlers_locked (self, out);
  return to;
}

void
loft_async_base_note_unrun (LoftAsyncBase *self)
{
  LOFT_TSAN_ACQUIRE (LOFT_ASYNC_BASE_GET_CLASS (self)); /* GLib has initialized it, on whichever thread came first */
  if (LOFT_ASYNC_BASE_GET_CLASS (self)->ended_unrun != NULL)
    LOFT_ASYNC_BASE_GET_CLASS (self)->ended_unrun (self);
}

gboolean
loft_async_base_end_with (LoftAsyncBase    *self,
                          LoftEvent         event,
                          LoftCancelReason  reason,
                          LoftValueBox     *failure,
                          LoftValueBox     *box)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAnnouncement announcement = { NULL };
  LoftPhase from = LOFT_PHASE_NONE, to = LOFT_PHASE_NONE;
  gboolean deferred, won;


  loft_lock_lock (&priv->lock);
  deferred = loft_async_base_defer_end_locked (self, event, &box, &won);
  if (!deferred)
    to = loft_async_base_finish_locked (self, event, reason, &failure, &box, &announcement, &from);
  loft_lock_unlock (&priv->lock);

  /* The loser's; released where it belongs. */
  g_clear_pointer (&failure, loft_value_box_unref);
  g_clear_pointer (&box, loft_value_box_unref);
  if (deferred)
    return won;
  if (to == LOFT_PHASE_NONE)
    return FALSE;

  if (G_UNLIKELY (from == LOFT_PHASE_QUEUED))
    {
      g_object_ref (self); /* what was kept for its turn may have been all that held it */
      loft_async_base_note_unrun (self);
      loft_async_base_announce (self, &announcement);
      g_object_unref (self);
    }
  else
    loft_async_base_announce (self, &announcement);
  return from != LOFT_PHASE_CANCELING || event == LOFT_EVENT_OVERRULE;
}

/* Apart, so that the short way below needs no stack. */
static G_GNUC_NO_INLINE gboolean
loft_async_base_end_slowly (LoftAsyncBase    *self,
                            LoftEvent         event,
                            LoftCancelReason  reason,
                            GError           *error,
                            LoftValueBox     *box)
{
  return loft_async_base_end_with (self, event, reason, error != NULL ? loft_async_base_box_error (self, error) : NULL,
                                   box);
}

gboolean
loft_async_base_end (LoftAsyncBase    *self,
                     LoftEvent         event,
                     LoftCancelReason  reason,
                     GError           *error,
                     LoftValueBox     *box)
{
  /* Most have nobody who asked to hear of it, and nothing to keep. */
  if (event == LOFT_EVENT_COMPLETE && box == NULL &&
      loft_async_base_step_alone (loft_async_base_get_private (self), LOFT_PHASE_RUNNING, LOFT_PHASE_COMPLETED,
                                  LOFT_WORD_EXTRA))
    return TRUE;

  return loft_async_base_end_slowly (self, event, reason, error, box);
}

gboolean
loft_async_base_fail_as (LoftAsyncBase *self,
                         LoftValueBox  *failure)
{
  if (g_error_matches (loft_value_box_peek_error (failure), G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return loft_async_base_end_with (self, LOFT_EVENT_FAIL_CANCELED, LOFT_CANCEL_REASON_BY_WORK,
                                     loft_value_box_ref (failure), NULL);
  return loft_async_base_end_with (self, LOFT_EVENT_FAIL, LOFT_CANCEL_REASON_NONE, loft_value_box_ref (failure), NULL);
}

gboolean
loft_async_base_end_canceled (LoftAsyncBase    *self,
                              LoftCancelReason  reason)
{
  return loft_async_base_end (self, LOFT_EVENT_FAIL_CANCELED, reason, NULL, NULL);
}
