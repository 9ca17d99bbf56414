/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncAction: the interface of an async object that succeeds or fails, without a value. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncAction:
 *
 * An async object without a value.
 *
 * Answers to `Windows.Foundation.IAsyncAction`, and together with [iface@Loft.AsyncWithProgress] to
 * `IAsyncActionWithProgress<TProgress>`.
 */

G_DEFINE_INTERFACE (LoftAsyncAction, loft_async_action, LOFT_TYPE_ASYNC_INFO)

static void
loft_async_action_default_init (LoftAsyncActionInterface *iface)
{
}

/* For a class that implements the interface by hand, without get_results (). */
static gboolean
loft_async_action_get_foreign_results (LoftAsyncAction  *self,
                                       GError          **error)
{
  if (loft_async_info_has_ended (LOFT_ASYNC_INFO (self)))
    return loft_async_info_has_results (LOFT_ASYNC_INFO (self), error);

  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                       "There are no results yet: the action has not ended. Ask in its completed "
                       "handler, or wait.");
  return FALSE;
}

/**
 * loft_async_action_get_results:
 * @self: an action
 * @error: return location for an error
 *
 * Returns whether an action succeeded, without blocking.
 *
 * Any thread may call, any number of times; the answer stays the same. Errors:
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL while the action is Started (unless it reports progress) and when
 * it is closed; %G_IO_ERROR_CANCELLED when it is Canceled; the action's own error when it has
 * failed. Answers to `IAsyncAction.GetResults`.
 *
 * Returns: whether the action succeeded
 */
gboolean
loft_async_action_get_results (LoftAsyncAction  *self,
                               GError          **error)
{
  LoftAsyncActionInterface *iface;

  g_return_val_if_fail (LOFT_IS_ASYNC_ACTION (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  iface = LOFT_ASYNC_ACTION_GET_IFACE (self);
  if (iface->get_results != NULL)
    return loft_async_info_has_results (LOFT_ASYNC_INFO (self), error) &&
           iface->get_results (self, error);
  if (LOFT_IS_ASYNC_BASE (self))
    return loft_async_base_get_results (LOFT_ASYNC_BASE (self), NULL, error);
  return loft_async_action_get_foreign_results (self, error);
}
