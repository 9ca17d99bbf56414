/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The progress of a LoftAsyncBase: its one handler, its reports, and the result that there is so far. */

#include "config.h"

#include "async/loft-async-base-private.h"

gboolean
loft_async_base_set_progress_handler (LoftAsyncBase  *self,
                                      LoftHandler    *handler,
                                      GError        **error)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftHandler *old = handler;
  LoftDeliveries *deliveries;
  LoftPhase phase;

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  deliveries = &loft_async_base_extra_locked (self)->deliveries;
  priv->extra->reported |= handler != NULL;
  loft_lock_unlock (&priv->lock);

  if (phase == LOFT_PHASE_CLOSED)
    loft_async_info_set_closed_error (LOFT_ASYNC_INFO (self), error);
  if (phase != LOFT_PHASE_CLOSED || handler == NULL)
    old = loft_deliveries_set_progress (deliveries, loft_phase_has_ended (phase), handler);
  loft_handler_leave_slot (old);
  return phase != LOFT_PHASE_CLOSED;
}

/**
 * loft_async_base_set_progress_type:
 * @self: an async object
 * @progress_type: the type of what it reports
 *
 * Says what a custom object reports.
 *
 * Call it right after its construction, before other threads see it.
 */
void
loft_async_base_set_progress_type (LoftAsyncBase *self,
                                   GType          progress_type)
{
  LoftAsyncBasePrivate *priv;

  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (G_TYPE_IS_VALUE (progress_type));

  priv = loft_async_base_get_private (self);
  loft_lock_lock (&priv->lock);
  loft_async_base_extra_locked (self)->progress_type = progress_type;
  loft_lock_unlock (&priv->lock);
}

/**
 * loft_async_base_set_provisional_result:
 * @self: an async object that reports progress
 * @value: what there is so far; it is copied
 *
 * Sets what `get_results ()` gives until the end.
 *
 * Any thread may call. Each report of progress carries the provisional result of its moment.
 *
 * Answers to C++/WinRT's `progress_token.set_result`.
 *
 * Returns: %FALSE if the object has ended
 */
gboolean
loft_async_base_set_provisional_result (LoftAsyncBase *self,
                                        const GValue  *value)
{
  LoftAsyncBasePrivate *priv;
  LoftDispatcher *home = NULL;
  GType value_type = G_TYPE_NONE;
  g_auto (GValue) fit = G_VALUE_INIT;
  LoftValueBox *box, *old;
  gboolean ended;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  priv = loft_async_base_get_private (self);
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      home = loft_async_extra_dup_home (priv->extra);
      value_type = priv->extra->value_type;
    }
  loft_lock_unlock (&priv->lock);
  value = loft_async_base_convert (value, value_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
      g_clear_object (&home);
      return FALSE;
    }

  if (home == NULL && loft_home_matters_for (G_VALUE_TYPE (value)))
    home = loft_home_dup_current (); /* as with the result: the thread that made the value */
  box = old = loft_value_box_new (value, home);
  loft_lock_lock (&priv->lock);
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)));
  if (!ended)
    {
      old = loft_async_base_extra_locked (self)->provisional;
      priv->extra->provisional = box;
    }
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&old, loft_value_box_unref);
  g_clear_object (&home);
  return !ended;
}

/**
 * loft_async_base_report_progress:
 * @self: an async object that reports
 * @value: how far it is; it is copied
 *
 * Reports progress to the handler that is set now.
 *
 * Any thread may call. The handler runs at its home, in the order of the reports and before the completed handler of
 * the same home; a report that nobody listens to is not kept. Reports are delivered also after a cancel, until the end.
 *
 * Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended, and the report was dropped
 */
gboolean
loft_async_base_report_progress (LoftAsyncBase *self,
                                 const GValue  *value)
{
  LoftAsyncBasePrivate *priv;
  LoftHandler *handler = NULL;
  LoftValueBox *provisional = NULL;
  GType progress_type = G_TYPE_NONE;
  g_auto (GValue) fit = G_VALUE_INIT;
  gboolean in_time = TRUE, relayed = FALSE, listened = FALSE;
  guint32 word;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  priv = loft_async_base_get_private (self);
  loft_lock_lock (&priv->lock);
  word = __atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED);
  if (priv->extra != NULL)
    {
      progress_type = priv->extra->progress_type;
      relayed = priv->extra->relays != NULL;
      listened = priv->extra->reported && !loft_phase_has_ended (LOFT_WORD_PHASE (word));
      if (listened && priv->extra->provisional != NULL)
        provisional = loft_value_box_ref (priv->extra->provisional);
    }
  loft_lock_unlock (&priv->lock);

  value = loft_async_base_convert (value, progress_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
      g_clear_pointer (&provisional, loft_value_box_unref);
      return FALSE;
    }
  if (listened)
    handler = loft_deliveries_dup_progress (&priv->extra->deliveries, &in_time);
  if (handler != NULL)
    in_time = loft_handler_report (handler, LOFT_ASYNC_INFO (self), &priv->extra->deliveries, value, provisional,
                                   LOFT_WORD_LANE (word));
  if (G_UNLIKELY (relayed))
    loft_async_base_report_to_relays (self, value);
  g_clear_pointer (&handler, loft_handler_unref);
  g_clear_pointer (&provisional, loft_value_box_unref);
  return in_time && !loft_phase_has_ended (LOFT_WORD_PHASE (word));
}

/**
 * loft_async_base_report_progress_int64:
 * @self: an object that reports
 * @value: how far it is
 *
 * [method@Loft.AsyncBase.report_progress] with a number.
 *
 * It is brought to the progress type that was promised, as a `gint64`; what can't be is a critical warning that names
 * both types. Any thread may call. Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be brought to the type
 */
gboolean
loft_async_base_report_progress_int64 (LoftAsyncBase *self,
                                       gint64 value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_INT64);
  g_value_set_int64 (&report, value);
  return loft_async_base_report_progress (self, &report);
}

/**
 * loft_async_base_report_progress_double:
 * @self: an object that reports
 * @value: how far it is
 *
 * [method@Loft.AsyncBase.report_progress] with a number.
 *
 * It is brought to the progress type that was promised, as a `double`; what can't be is a critical warning that names
 * both types. Any thread may call. Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be brought to the type
 */
gboolean
loft_async_base_report_progress_double (LoftAsyncBase *self,
                                        double value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_DOUBLE);
  g_value_set_double (&report, value);
  return loft_async_base_report_progress (self, &report);
}

/**
 * loft_async_base_report_progress_string:
 * @self: an object that reports
 * @value: (nullable): how far it is
 *
 * [method@Loft.AsyncBase.report_progress] with a string.
 *
 * It is brought to the progress type that was promised, as a `const char *`; what can't be is a critical warning that
 * names both types. Any thread may call. Answers to C++/WinRT's progress token.
 *
 * Returns: %FALSE if the object has ended and the report was dropped, or if the value can't be brought to the type
 */
gboolean
loft_async_base_report_progress_string (LoftAsyncBase *self,
                                        const char *value)
{
  g_auto (GValue) report = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);

  g_value_init (&report, G_TYPE_STRING);
  g_value_set_string (&report, value);
  return loft_async_base_report_progress (self, &report);
}
