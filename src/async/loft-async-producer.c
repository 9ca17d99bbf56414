/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The producer's side of a LoftAsyncBase: the ways to end it. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * loft_async_base_complete:
 * @self: an async object
 *
 * Ends it Completed, without a value.
 *
 * Any thread may call; agile handlers, and on a thread of the MTA those whose home is
 * the MTA, run before it returns; all others at their homes. After a cancel the object ends
 * Canceled. Answers to WRL's `FireCompletion`.
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
 * Any thread may call; agile handlers, and on a thread of the MTA those whose home is
 * the MTA, run before it returns; all others at their homes. After a cancel the object ends
 * Canceled, and the copy is freed. A value of another type than the object gives is a critical, and ends nothing.
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
  g_auto (GValue) fit = G_VALUE_INIT;
  LoftValueBox *box;
  gboolean won;

  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  priv = loft_async_base_get_private (self);
  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      value_type = priv->extra->value_type;
      home = loft_async_extra_dup_home (priv->extra);
    }
  loft_lock_unlock (&priv->lock);

  value = loft_async_base_convert (value, value_type, &fit, G_STRFUNC);
  if (value == NULL)
    {
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
 * Any thread may call; agile handlers, and on a thread of the MTA those whose home is
 * the MTA, run before it returns; all others at their homes. @error is taken also when the
 * object had ended before. Answers to WRL's `TryTransitionToError`.
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

/**
 * loft_async_base_set_work:
 * @self: an async object of a class of one's own, or a bare producer
 * @work: what does its work: posted work, or any other async object
 *
 * Says that this object's work is that: it ends with @work, whatever becomes of that.
 *
 * Any thread may call, once, before @self has ended. A cancel of @self cancels @work; work that never begins, since it
 * was cancelled before its turn or its dispatcher has shut down, ends @self all the same. What the work's handler
 * itself ends @self with counts, since it comes first: an operation is given its value so, or takes that of @work if
 * that is an operation. Otherwise @self ends as @work does, on the thread that ends that.
 *
 * An object that follows itself fails with %LOFT_ERROR_DEADLOCK; one whose work brings a value of another type than it
 * promised, with %LOFT_ERROR_INVALID_ARGUMENT. Answers to a coroutine of C++/WinRT whose whole body is one `co_await`.
 */
void
loft_async_base_set_work (LoftAsyncBase *self,
                          LoftAsyncInfo *work)
{
  g_return_if_fail (LOFT_IS_ASYNC_BASE (self));
  g_return_if_fail (LOFT_IS_ASYNC_INFO (work));

  loft_async_base_follow (self, work, NULL, NULL);
}
