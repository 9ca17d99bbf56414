/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncInfo: what callers see of anything that goes on, whoever implements it. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncInfo:
 *
 * Something that was begun and has an end: its status, its error, its cancellation, its completed
 * handler.
 *
 * Every function may be called from any thread. *Status* and *end* are two facts: a cancel makes
 * the status Canceled at once, and the object has *ended* when its work has. Status, results and
 * error go by the status; handlers, waits and closing go by the end.
 *
 * Answers to `Windows.Foundation.IAsyncInfo`, and to the Completed member of the four interfaces
 * that need it.
 */

G_DEFINE_INTERFACE (LoftAsyncInfo, loft_async_info, G_TYPE_OBJECT)

/* For a class that implements the interface by hand and leaves some out. */

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
      return g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED, "%s failed, and says no error",
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
 * Gives a number that tells it from all others; never 0, also after close.
 *
 * It is for logs. Any thread may call. Answers to `IAsyncInfo.Id`, which need not be unique.
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
 * Gives its status; never blocks.
 *
 * Any thread may call. Canceled does not mean that the work has ended: see
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
 * Whether its work has ended: completed, failed, returned after a cancel, or dropped unrun.
 *
 * Any thread may call. Of a class that does not derive from [class@Loft.AsyncBase] only the status
 * is known, and Canceled counts as ended. Windows has no such member.
 *
 * Returns: whether it has ended
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
 * Whether its status is Canceled: what long work asks now and then.
 *
 * Any thread may call. Answers to calling C++/WinRT's cancellation token.
 *
 * Returns: whether it was cancelled
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
 * Gives why it was cancelled.
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

/* What a class that implements the interface by hand says, read as its status: that is what all
 * others go by. Takes @error. */
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
    error = g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED, "%s failed, and says no error",
                         G_OBJECT_TYPE_NAME (self));
  return error;
}

/**
 * loft_async_info_dup_error:
 * @self: an async object
 *
 * Gives what went wrong.
 *
 * Any thread may call. Of a cancelled object it is always %G_IO_ERROR_CANCELLED. Counts as having
 * looked at the error. Answers to `IAsyncInfo.ErrorCode`.
 *
 * Returns: (transfer full) (nullable): a copy of the error; %NULL while it goes on and when it
 * succeeded; after close %LOFT_ERROR_ILLEGAL_METHOD_CALL
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
 * Says where in the program it was asked for, for a log.
 *
 * Any thread may call. Bindings post without call sites, and so does what is compiled with
 * `LOFT_DISABLE_CALL_SITES`: of that it is known by which of Loft's functions it was asked for.
 *
 * Returns: (transfer full) (nullable): a function, file and line, or the function alone; %NULL when
 * unknown
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
 * Asks it to stop; the status is Canceled at once, and this does not wait.
 *
 * Any thread may call, any number of times. Work that has not begun never begins, and the object
 * ends before this returns; running work is told (its cancel handler runs on this thread, inside
 * this call) and the object ends when the work does. An object that has ended stays as it is.
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
 * Frees its result and error early; the object gives no more answers.
 *
 * Any thread may call; closing again does nothing and succeeds. Does not wait for a handler that is
 * running. Before the end, also of a cancelled object, it is %LOFT_ERROR_ILLEGAL_STATE_CHANGE and
 * nothing happens. Answers to `IAsyncInfo.Close`.
 *
 * Returns: whether it is closed now
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
 * Gives up the reference: nobody will look at this object.
 *
 * Any thread may call. The work goes on. If it fails its error goes to
 * [signal@Loft.Dispatcher::unhandled-error]. Answers to C++/WinRT's `fire_and_forget`, without the
 * end of the process.
 */
void
loft_async_info_forget (LoftAsyncInfo *self)
{
  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));

  g_object_unref (self);
}
