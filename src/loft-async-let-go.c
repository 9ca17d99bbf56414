/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens when the last reference to a LoftAsyncBase goes: it ends, if nobody ended it; an error that nobody looked
 * at is reported; what it holds is released. */

#include "config.h"

#include "loft-async-base-private.h"

/* The last reference goes while the work has not ended: nobody is left who could end it, so it ends here, and who set a
 * handler hears of it. (The announcement holds references of its own, which may outlive this dispose.) */
void
loft_async_base_end_abandoned (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftPhase phase = loft_async_base_get_phase (self);
  gboolean listened = FALSE;

  if (loft_phase_has_ended (phase))
    return;
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      listened = priv->extra->completed != NULL;
      for (LoftHandler *one = priv->extra->observers; one != NULL; one = one->next)
        listened |= one->kind != LOFT_HANDLER_BYSTANDER;
    }
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
void
loft_async_base_report_unhandled (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftDispatcher *runner = NULL;
  LoftValueBox *failure = NULL;
  guint32 word = __atomic_load_n (&priv->lock.word, __ATOMIC_ACQUIRE);

  if (LOFT_WORD_PHASE (word) != LOFT_PHASE_ERROR || (word & LOFT_WORD_OBSERVED) != 0)
    return;
  loft_async_base_mark_observed (self);
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->error != NULL)
    {
      failure = loft_value_box_ref (priv->extra->error);
      runner = priv->extra->error_home != NULL ? priv->extra->error_home : priv->extra->runner;
      if (runner != NULL)
        g_object_ref (runner);
    }
  loft_lock_unlock (&priv->lock);
  if (failure != NULL)
    loft_dispatcher_report_unhandled (runner, g_error_copy (loft_value_box_peek_error (failure)), &priv->site);
  g_clear_pointer (&failure, loft_value_box_unref);
  g_clear_object (&runner);
}

static LoftHandler *
loft_async_base_pop_observer (LoftAsyncExtra *extra)
{
  LoftHandler *observer = extra->observers;

  extra->observers = observer->next;
  return observer;
}

void
loft_async_extra_free (LoftAsyncExtra *extra)
{
  g_clear_pointer (&extra->completed, loft_handler_unref);
  while (extra->observers != NULL) /* bystanders of an object that was let go without an end */
    loft_handler_unref (loft_async_base_pop_observer (extra));
  g_clear_pointer (&extra->progress, loft_handler_unref);
  g_clear_pointer (&extra->relays, g_ptr_array_unref);
  g_clear_pointer (&extra->cancel_handler, loft_handler_unref);
  g_clear_pointer (&extra->children, g_ptr_array_unref);
  g_clear_pointer (&extra->followed, loft_link_unref);
  g_clear_pointer (&extra->antecedent, loft_link_unref);
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
