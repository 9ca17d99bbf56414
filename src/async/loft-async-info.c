/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncInfo: the interface that all async objects have in common, whichever class implements
 * it. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncInfo:
 *
 * The interface of async objects: things that were begun and have an end.
 *
 * The interface covers the status of an object, its error, its cancellation and its completed
 * handler. Every function may be called from any thread.
 *
 * The *status* and the *end* of an object are two different facts. A cancel makes the status
 * Canceled at once, but the object has *ended* only when its work has ended. Results and errors
 * depend on the status. Handlers, waits and closing depend on the end.
 *
 * Answers to `Windows.Foundation.IAsyncInfo`, and to the Completed member of the four interfaces
 * that require it.
 */

G_DEFINE_INTERFACE (LoftAsyncInfo, loft_async_info, G_TYPE_OBJECT)

/* The defaults for a class that implements the interface by hand and leaves out some functions. */

static guint64
loft_async_info_default_get_id (LoftAsyncInfo *self)
{
  static LoftLock lock = LOFT_LOCK_INIT;
  static GQuark quark;
  guint64 *id;

  loft_lock_lock (&lock);
  if (quark == 0)
    quark = g_quark_from_static_string ("loft-async-info-id");
  id = g_object_get_qdata (G_OBJECT (self), quark);
  if (id == NULL)
    {
      id = g_new (guint64, 1);
      *id = loft_async_next_id ();
      g_object_set_qdata_full (G_OBJECT (self), quark, id, g_free);
    }
  loft_lock_unlock (&lock);
  return *id;
}

static LoftAsyncStatus
loft_async_info_default_get_status (LoftAsyncInfo *self)
{
  g_critical ("%s implements LoftAsyncInfo without get_status ()", G_OBJECT_TYPE_NAME (self));
  return LOFT_ASYNC_STATUS_CLOSED;
}

static GError *
loft_async_info_default_dup_error (LoftAsyncInfo *self)
{
  switch (loft_async_info_get_status (self))
    {
    case LOFT_ASYNC_STATUS_CANCELED:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled");
    case LOFT_ASYNC_STATUS_ERROR:
      return g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED, "%s failed without an error of its own",
                          G_OBJECT_TYPE_NAME (self));
    case LOFT_ASYNC_STATUS_STARTED:
    case LOFT_ASYNC_STATUS_COMPLETED:
    case LOFT_ASYNC_STATUS_CLOSED:
    default:
      return NULL;
    }
}

static void
loft_async_info_default_cancel (LoftAsyncInfo *self)
{
}

static gboolean
loft_async_info_default_close (LoftAsyncInfo  *self,
                               GError        **error)
{
  if (loft_async_info_get_status (self) != LOFT_ASYNC_STATUS_STARTED)
    return TRUE;
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE,
                       "Can't close what has not ended.");
  return FALSE;
}

static gboolean
loft_async_info_default_set_completed (LoftAsyncInfo         *self,
                                       LoftCompletedHandler   handler,
                                       gpointer               user_data,
                                       GDestroyNotify         destroy,
                                       GError               **error)
{
  if (destroy != NULL)
    destroy (user_data);
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_FAILED,
               "%s implements LoftAsyncInfo without set_completed (): nobody can be "
               "told of its end.",
               G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

static void
loft_async_info_default_init (LoftAsyncInfoInterface *iface)
{
  iface->get_id = loft_async_info_default_get_id;
  iface->get_status = loft_async_info_default_get_status;
  iface->dup_error = loft_async_info_default_dup_error;
  iface->cancel = loft_async_info_default_cancel;
  iface->close = loft_async_info_default_close;
  iface->set_completed = loft_async_info_default_set_completed;
  loft_delivery_set_place_func (loft_async_info_dup_source_location);
}

char *
loft_async_info_describe (LoftAsyncInfo *info)
{
  g_autofree char *where = NULL;

  if (!LOFT_IS_ASYNC_BASE (info))
    return g_strdup_printf ("the %s at %p", G_OBJECT_TYPE_NAME (info), (void *) info);
  where = loft_call_site_to_string (&loft_async_base_get_core (LOFT_ASYNC_BASE (info))->site);
  return g_strdup_printf ("the %s that was asked for in %s",
                          LOFT_IS_ASYNC_OPERATION (info) ? "operation" : "action", where);
}

void
loft_async_info_set_closed_error (LoftAsyncInfo  *info,
                                  GError        **error)
{
  g_autofree char *what = loft_async_info_describe (info);

  g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
               "It is closed: %s gives no more answers. Ask for results before you close.", what);
}

guint64
loft_async_next_id (void)
{
  static guint64 last_id; /* atomic counter */

  return __atomic_add_fetch (&last_id, 1, __ATOMIC_RELAXED);
}

/**
 * loft_async_info_get_id:
 * @self: an async object
 *
 * Gets a number that identifies the object.
 *
 * The number is meant for logs. It differs from the numbers of all other objects, is never 0, and
 * is available after a close too. Any thread may call. Answers to `IAsyncInfo.Id`, which need not
 * be unique.
 *
 * Returns: the id
 */
guint64
loft_async_info_get_id (LoftAsyncInfo *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), 0);

  return LOFT_ASYNC_INFO_GET_IFACE (self)->get_id (self);
}

/**
 * loft_async_info_get_status:
 * @self: an async object
 *
 * Gets the status of an object, without blocking.
 *
 * Any thread may call. The status Canceled does not mean that the work has ended; see
 * [method@Loft.AsyncInfo.has_ended]. Answers to `IAsyncInfo.Status`.
 *
 * Returns: the status
 */
LoftAsyncStatus
loft_async_info_get_status (LoftAsyncInfo *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), LOFT_ASYNC_STATUS_CLOSED);

  return LOFT_ASYNC_INFO_GET_IFACE (self)->get_status (self);
}

/**
 * loft_async_info_has_ended:
 * @self: an async object
 *
 * Returns whether the work of an object has ended.
 *
 * Any thread may call. The work has ended when it has completed or failed, when it has returned
 * after a cancel, or when it was dropped before it ran. Of an object whose class does not derive
 * from [class@Loft.AsyncBase] only the status is known, and Canceled counts as ended. Windows has
 * no such member.
 *
 * Returns: whether the work has ended
 */
gboolean
loft_async_info_has_ended (LoftAsyncInfo *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), TRUE);

  if (LOFT_IS_ASYNC_BASE (self))
    return loft_phase_has_ended (loft_async_base_get_phase (LOFT_ASYNC_BASE (self)));
  return loft_async_info_get_status (self) != LOFT_ASYNC_STATUS_STARTED;
}

/**
 * loft_async_info_is_canceled:
 * @self: an async object
 *
 * Returns whether the status of an object is Canceled.
 *
 * Any thread may call. Long work should call this from time to time. Answers to calling C++/WinRT's
 * cancellation token.
 *
 * Returns: whether the object was cancelled
 */
gboolean
loft_async_info_is_canceled (LoftAsyncInfo *self)
{
  return loft_async_info_get_status (self) == LOFT_ASYNC_STATUS_CANCELED;
}

/**
 * loft_async_info_get_cancel_reason:
 * @self: an async object
 *
 * Gets the reason why an object was cancelled.
 *
 * Any thread may call.
 *
 * Returns: the reason, %LOFT_CANCEL_REASON_NONE unless the status is Canceled
 */
LoftCancelReason
loft_async_info_get_cancel_reason (LoftAsyncInfo *self)
{
  guint32 word;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), LOFT_CANCEL_REASON_NONE);

  if (!LOFT_IS_ASYNC_BASE (self))
    return loft_async_info_is_canceled (self) ? LOFT_CANCEL_REASON_REQUESTED
                                              : LOFT_CANCEL_REASON_NONE;
  word = loft_async_base_get_word (LOFT_ASYNC_BASE (self));
  if (loft_phase_get_status (LOFT_WORD_PHASE (word)) != LOFT_ASYNC_STATUS_CANCELED)
    return LOFT_CANCEL_REASON_NONE;
  return LOFT_WORD_REASON (word);
}

/* Brings the error of a class that implements the interface by hand into line with its status,
 * because everything else depends on the status. Takes @error. */
static GError *
loft_async_info_read_error (LoftAsyncInfo *self,
                            GError        *error)
{
  LoftAsyncStatus status = loft_async_info_get_status (self);

  if (status == LOFT_ASYNC_STATUS_CANCELED &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled");
    }
  else if (status == LOFT_ASYNC_STATUS_ERROR && error == NULL)
    error = g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED, "%s failed without an error of its own",
                         G_OBJECT_TYPE_NAME (self));
  return error;
}

/**
 * loft_async_info_dup_error:
 * @self: an async object
 *
 * Gets the error of an object.
 *
 * Any thread may call. The error of a cancelled object is always %G_IO_ERROR_CANCELLED. This call
 * counts as having looked at the error. Answers to `IAsyncInfo.ErrorCode`.
 *
 * Returns: (transfer full) (nullable): a copy of the error; %NULL before the end and after success;
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL after a close
 */
GError *
loft_async_info_dup_error (LoftAsyncInfo *self)
{
  GError *error;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), NULL);

  error = LOFT_ASYNC_INFO_GET_IFACE (self)->dup_error (self);
  return LOFT_IS_ASYNC_BASE (self) ? error : loft_async_info_read_error (self, error);
}

gboolean
loft_async_info_has_results (LoftAsyncInfo  *self,
                             GError        **error)
{
  switch (loft_async_info_get_status (self))
    {
    case LOFT_ASYNC_STATUS_CANCELED:
    case LOFT_ASYNC_STATUS_ERROR:
      g_propagate_error (error, loft_async_info_dup_error (self));
      return FALSE;
    case LOFT_ASYNC_STATUS_CLOSED:
      loft_async_info_set_closed_error (self, error);
      return FALSE;
    case LOFT_ASYNC_STATUS_STARTED:
    case LOFT_ASYNC_STATUS_COMPLETED:
    default:
      return TRUE;
    }
}

/**
 * loft_async_info_dup_source_location:
 * @self: an async object
 *
 * Gets the place in the program that asked for the object, for use in a log.
 *
 * Any thread may call. Bindings post without call sites, and so does code that is compiled with
 * `LOFT_DISABLE_CALL_SITES`. In these cases only the name of the Loft function that was called is
 * known.
 *
 * Returns: (transfer full) (nullable): a function, file and line, or the function alone; %NULL if
 * the place is unknown
 */
char *
loft_async_info_dup_source_location (LoftAsyncInfo *self)
{
  LoftAsyncCore *core;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), NULL);

  if (!LOFT_IS_ASYNC_BASE (self))
    return NULL;
  core = loft_async_base_get_core (LOFT_ASYNC_BASE (self));
  if (core->site.location == NULL && core->site.function == NULL)
    return NULL;
  return loft_call_site_to_string (&core->site);
}

/**
 * loft_async_info_cancel:
 * @self: an async object
 *
 * Asks an object to stop.
 *
 * Any thread may call, any number of times. The status is Canceled at once, and this function does
 * not wait for the end. Work that has not begun never begins, and the object ends before this
 * function returns. Running work is notified: its cancel handler runs on the calling thread, inside
 * this call. The object then ends when the work ends. An object that has ended stays as it is.
 * Answers to `IAsyncInfo.Cancel`.
 */
void
loft_async_info_cancel (LoftAsyncInfo *self)
{
  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));

  LOFT_ASYNC_INFO_GET_IFACE (self)->cancel (self);
}

/**
 * loft_async_info_close:
 * @self: an async object
 * @error: return location for an error
 *
 * Frees the result and the error of an object early.
 *
 * Any thread may call. After a close the object returns neither a result nor an error of its own.
 * To close an object again does nothing and succeeds. This function does not wait for a handler
 * that is running. An object that has not ended cannot be closed, even if it was cancelled: the
 * function fails with %LOFT_ERROR_ILLEGAL_STATE_CHANGE and changes nothing. Answers to
 * `IAsyncInfo.Close`.
 *
 * Returns: whether the object is closed now
 */
gboolean
loft_async_info_close (LoftAsyncInfo  *self,
                       GError        **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return LOFT_ASYNC_INFO_GET_IFACE (self)->close (self, error);
}

/**
 * loft_async_info_forget:
 * @self: (transfer full): an async object
 *
 * Drops a reference to an object that nobody will look at.
 *
 * Any thread may call. The work goes on. If it fails, its error is reported by
 * [signal@Loft.Dispatcher::unhandled-error]. Answers to C++/WinRT's `fire_and_forget`, except that
 * an error does not end the process.
 */
void
loft_async_info_forget (LoftAsyncInfo *self)
{
  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));

  g_object_unref (self);
}
