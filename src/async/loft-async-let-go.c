/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens when the last reference to a LoftAsyncBase goes: it ends, if nobody ended it; an error that nobody looked
 * at is reported; what it holds is released. */

#include "config.h"

#include "async/loft-async-base-private.h"

/* Whether anybody set a handler; bystanders count only when @all. */
static gboolean
loft_async_base_has_listeners (LoftAsyncBase *self,
                               gboolean       all)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  gboolean listened = FALSE;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      listened = priv->extra->completed != NULL;
      for (LoftHandler *one = priv->extra->observers.first; one != NULL; one = one->next)
        listened |= all || one->kind != LOFT_HANDLER_BYSTANDER;
    }
  loft_lock_unlock (&priv->lock);
  return listened;
}

/* Takes from the dying object all that its end needs; it has ended by that, and says nothing itself any more. */
static LoftAsyncExtra *
loft_async_base_hand_on (LoftAsyncBase *self,
                         LoftEvent      event,
                         guint32       *out_word)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncExtra *extra;
  LoftPhase from;

  loft_lock_lock (&priv->lock);
  *out_word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED) & ~LOFT_LOCK_BIT;
  extra = g_steal_pointer (&priv->extra);
  loft_async_base_step_locked (self, event, LOFT_CANCEL_REASON_NONE, &from);
  __atomic_fetch_and (&priv->lock.word, ~LOFT_WORD_EXTRA, __ATOMIC_RELAXED); /* the lock orders it */
  loft_lock_unlock (&priv->lock);
  loft_async_base_mark_observed (self);
  return extra;
}

/* The last reference is going, and who set a handler on another thread is to be told. The dying object can't be the
 * sender: g_object_unref () still touches it when its dispose has returned, and by then the other thread may have
 * dropped what would be its last reference. So a successor says it: a ready producer of the same kind, with the same
 * call site, number and types, which takes the handlers over. */
static void
loft_async_base_end_by_successor (LoftAsyncBase *self,
                                  LoftEvent      event,
                                  LoftValueBox  *failure)
{
  LoftAsyncBase *successor = g_object_new (LOFT_IS_ASYNC_OPERATION (self) ? LOFT_TYPE_OPERATION : LOFT_TYPE_ACTION, NULL);
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (successor);

  /* Nobody else has seen it yet. */
  priv->extra = loft_async_base_hand_on (self, event, &priv->lock.word);
  priv->extra->deliveries.owner = successor;
  priv->site = loft_async_base_get_private (self)->site;
  loft_async_base_end_with (successor, event, LOFT_CANCEL_REASON_NONE, failure, NULL);
  g_object_unref (successor);
}

void
loft_async_base_end_let_go (LoftAsyncBase *self,
                            LoftEvent      event,
                            LoftValueBox  *failure)
{
  if (loft_async_base_has_listeners (self, TRUE))
    loft_async_base_end_by_successor (self, event, failure);
  else
    loft_async_base_end_with (self, event, LOFT_CANCEL_REASON_NONE, failure, NULL);
}

/* The last reference goes while the work has not ended: nobody is left who could end it, so it ends here, and who set a
 * handler hears of it. */
void
loft_async_base_end_abandoned (LoftAsyncBase *self)
{
  LoftPhase phase = loft_async_base_get_phase (self);

  if (loft_phase_has_ended (phase) || !loft_async_base_has_listeners (self, FALSE))
    return;
  if (phase == LOFT_PHASE_CANCELING)
    loft_async_base_end_let_go (self, LOFT_EVENT_COMPLETE, NULL);
  else
    {
      GError *error = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                           "Its producer let it go without an end. Complete, fail or cancel each object before "
                                           "you drop the last reference to it.");

      loft_async_base_end_let_go (self, LOFT_EVENT_FAIL, loft_value_box_new_for_error (error, NULL));
    }
}

/* It dies with an error: nobody can look at it here any more. Others may have it, too, and the last of them tells. */
void
loft_async_base_report_unhandled (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *runner = NULL;
  LoftValueBox *failure = NULL;
  guint32 word = __atomic_load_n (&priv->lock.word, __ATOMIC_ACQUIRE);

  if (LOFT_WORD_PHASE (word) != LOFT_PHASE_ERROR)
    return;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->error != NULL)
    {
      failure = loft_value_box_ref (priv->extra->error);
      runner = priv->extra->error_home != NULL ? priv->extra->error_home : priv->extra->runner;
      if (runner != NULL)
        g_object_ref (runner);
    }
  loft_lock_unlock (&priv->lock);

  if (failure != NULL && (word & LOFT_WORD_OBSERVED) != 0)
    loft_value_box_look_at (failure);
  else if (failure != NULL)
    loft_value_box_leave_unhandled (failure, runner, &priv->site);
  g_clear_pointer (&failure, loft_value_box_unref);
  g_clear_object (&runner);
}

void
loft_async_extra_free (LoftAsyncExtra *extra)
{
  LoftHandler *left = loft_observers_take (&extra->observers), *next;

  g_clear_pointer (&extra->completed, loft_handler_unref);
  for (; left != NULL; left = next) /* bystanders of an object that was let go without an end */
    {
      next = left->next;
      loft_handler_unref (left);
    }
  g_clear_pointer (&extra->relays, g_hash_table_unref);
  g_clear_pointer (&extra->cancel_handler, loft_handler_unref);
  g_clear_pointer (&extra->children, g_ptr_array_unref);
  g_clear_pointer (&extra->followed, loft_link_unref);
  g_clear_pointer (&extra->awaited, loft_link_unref);
  g_clear_pointer (&extra->link, loft_link_unref);
  g_clear_pointer (&extra->result, loft_value_box_unref);
  g_clear_pointer (&extra->provisional, loft_value_box_unref);
  g_clear_pointer (&extra->error, loft_value_box_unref);
  loft_deliveries_clear (&extra->deliveries);
  g_clear_object (&extra->creator_home);
  g_clear_object (&extra->runner);
  g_clear_object (&extra->error_home);
  g_slice_free (LoftAsyncExtra, extra);
}
