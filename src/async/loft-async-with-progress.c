/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncWithProgress: the interface for reports of progress, which an action or an operation may
 * have in addition. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"

/**
 * LoftAsyncWithProgress:
 *
 * An async object that reports its progress.
 *
 * Answers to the Progress member of `IAsyncActionWithProgress<TProgress>` and
 * `IAsyncOperationWithProgress<TResult, TProgress>`. C has no generics, so here progress is an
 * interface of its own.
 */

G_DEFINE_INTERFACE (LoftAsyncWithProgress, loft_async_with_progress, LOFT_TYPE_ASYNC_INFO)

static void
loft_async_with_progress_default_init (LoftAsyncWithProgressInterface *iface)
{
}

/**
 * loft_async_with_progress_get_progress_type:
 * @self: an async object
 *
 * Gets the type of the values that an object reports.
 *
 * Any thread may call.
 *
 * Returns: the type; %G_TYPE_NONE for an object that was made without progress
 */
GType
loft_async_with_progress_get_progress_type (LoftAsyncWithProgress *self)
{
  LoftAsyncWithProgressInterface *iface;
  GType value_type, progress_type;

  g_return_val_if_fail (LOFT_IS_ASYNC_WITH_PROGRESS (self), G_TYPE_NONE);

  iface = LOFT_ASYNC_WITH_PROGRESS_GET_IFACE (self);
  if (iface->get_progress_type != NULL)
    return iface->get_progress_type (self);
  g_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), G_TYPE_NONE);

  loft_async_base_get_types (LOFT_ASYNC_BASE (self), &value_type, &progress_type);
  return progress_type;
}

/* A class that implements the interface by hand has reported, on any thread. The report is sent to
 * the handler's home from here. */
static void
on_foreign_report (LoftAsyncInfo *sender,
                   const GValue  *progress,
                   gpointer       user_data)
{
  loft_handler_report (user_data, sender, NULL, progress, NULL, LOFT_LANE_NORMAL);
}

/* Another handler has replaced this one on a foreign object. Reports that are on their way must no
 * longer call this one. */
static void
disconnect_foreign (gpointer data)
{
  LoftHandler *homing = data;

  /* Release: pairs with the acquire in loft_report_run (). */
  loft_store_release (&homing->disconnected, TRUE);
  loft_handler_unref (homing);
}

/* The foreign object has released the handler. Reports that are on their way still call it. */
static void
let_foreign_go (gpointer data)
{
  loft_handler_leave_slot (data);
}

static void
remember_foreign (LoftAsyncWithProgress *self,
                  LoftHandler           *homing)
{
  static GQuark quark; /* atomic; relaxed: all threads write the same value */

  if (G_UNLIKELY (loft_load_relaxed (&quark) == 0))
    loft_store_relaxed (&quark, g_quark_from_static_string ("loft-progress-handler"));
  g_object_set_qdata_full (G_OBJECT (self), loft_load_relaxed (&quark), homing, disconnect_foreign);
}

static gboolean
loft_async_with_progress_set_foreign (LoftAsyncWithProgress  *self,
                                      LoftProgressFlags       flags,
                                      LoftProgressHandler     handler,
                                      gpointer                user_data,
                                      GDestroyNotify          destroy,
                                      GError                **error)
{
  LoftAsyncWithProgressInterface *iface = LOFT_ASYNC_WITH_PROGRESS_GET_IFACE (self);
  LoftHandler *homing;
  gboolean set;

  if (handler == NULL)
    {
      set = iface->set_progress (self, flags, NULL, user_data, destroy, error);
      if (set)
        remember_foreign (self, NULL);
      return set;
    }
  homing = loft_handler_new (LOFT_HANDLER_PROGRESS, FALSE, G_CALLBACK (handler), user_data,
                             destroy);
  homing->latest = (flags & LOFT_PROGRESS_LATEST) != 0;
  loft_handler_ref (homing);
  set = iface->set_progress (self, flags, on_foreign_report, homing, let_foreign_go, error);
  if (set)
    remember_foreign (self, homing);
  else
    loft_handler_unref (homing);
  return set;
}

/**
 * loft_async_with_progress_set_progress:
 * @self: an async object that reports
 * @flags: whether each report matters, or only the newest
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call; %NULL
 *   to call nothing any more
 * @user_data: what to call it with
 * @destroy: (nullable): called once when @user_data is no longer needed, also when this fails
 * @error: return location for an error
 *
 * Sets or replaces the handler of progress reports.
 *
 * Any thread may call. The handler runs at the home of the calling thread, in the order of the
 * reports. No report arrives after the completed handler of the same home has run. Values that were
 * reported before the handler was set are not reported again. Reports that are on their way when
 * the handler is replaced go to the new handler.
 *
 * If this function is called at the home of the previous handler, that handler is not called again
 * once this function has returned, not even if @self has ended. @destroy runs at the same home as
 * its handler, as soon as no call of the handler is running.
 *
 * Errors: %LOFT_ERROR_INVALID_ARGUMENT if the object was made without progress;
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL if it is closed. A handler that is set after the end is accepted,
 * but called only for reports that are still on their way. Answers to the Progress property.
 *
 * Returns: whether the handler was set
 */
gboolean
loft_async_with_progress_set_progress (LoftAsyncWithProgress  *self,
                                       LoftProgressFlags       flags,
                                       LoftProgressHandler     handler,
                                       gpointer                user_data,
                                       GDestroyNotify          destroy,
                                       GError                **error)
{
  LoftAsyncWithProgressInterface *iface;
  LoftHandler *slot = NULL;

  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_WITH_PROGRESS (self), destroy, user_data,
                                       FALSE);
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  iface = LOFT_ASYNC_WITH_PROGRESS_GET_IFACE (self);
  if (iface->set_progress != NULL)
    return loft_async_with_progress_set_foreign (self, flags, handler, user_data, destroy, error);
  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_BASE (self), destroy, user_data, FALSE);

  if (loft_async_with_progress_get_progress_type (self) == G_TYPE_NONE)
    {
      g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                           "This object was made without progress and will never report. Make it "
                           "with a form whose name "
                           "says with_progress.");
      if (destroy != NULL)
        destroy (user_data);
      return FALSE;
    }
  if (handler != NULL)
    {
      slot = loft_handler_new (LOFT_HANDLER_PROGRESS, FALSE, G_CALLBACK (handler), user_data,
                               destroy);
      slot->latest = (flags & LOFT_PROGRESS_LATEST) != 0;
    }
  else if (destroy != NULL)
    destroy (user_data);
  return loft_async_base_set_progress_handler (LOFT_ASYNC_BASE (self), slot, error);
}
