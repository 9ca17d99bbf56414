/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* wait_async: an async object awaited the way GIO's are, also from Python, gjs and Vala. */

#include "config.h"

#include "loft-async-base-private.h"

typedef struct
{
  gint refs;    /* atomic: the task's and the observer's */
  GTask *task;  /* strong */
  guint64 id;   /* of the observer; 0: it can't be taken back */
} Await;

static void
await_unref (gpointer data)
{
  Await *await = data;

  if (__atomic_fetch_sub (&await->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  g_object_unref (await->task);
  g_free (await);
}

/* On the thread that ends the object. GTask brings the callback to the context of who awaits, in a turn of its own. */
static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  Await *await = user_data;
  GError *error;

  if (status == LOFT_ASYNC_STATUS_COMPLETED)
    {
      g_task_return_boolean (await->task, TRUE);
      return;
    }
  error = loft_async_info_dup_error (info);
  if (error == NULL)
    error = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "It failed without an error");
  g_task_return_error (await->task, error);
}

typedef struct
{
  GTask *task;             /* strong */
  LoftAsyncInfo *observed; /* strong */
  guint64 id;
} Abandon;

/* The wait is cancelled, the object goes on. The observer is taken back; if that fails, the end is here already. */
static void
on_wait_cancelled (GCancellable *cancellable,
                   gpointer      user_data)
{
  Abandon *abandon = user_data;

  if (loft_async_info_remove_observer (abandon->observed, abandon->id))
    g_task_return_error_if_cancelled (abandon->task);
}

static void
abandon_free (gpointer  data,
              GClosure *closure)
{
  Abandon *abandon = data;

  g_object_unref (abandon->task);
  g_object_unref (abandon->observed);
  g_free (abandon);
}

typedef struct
{
  GCancellable *cancellable; /* strong */
  gulong handler;
} Connection;

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  /* Without waiting: see loft-cancellable.c. */
  if (g_signal_handler_is_connected (connection->cancellable, connection->handler))
    g_signal_handler_disconnect (connection->cancellable, connection->handler);
  g_object_unref (connection->cancellable);
  g_free (connection);
}

static void
on_task_completed (GObject    *task,
                   GParamSpec *pspec,
                   gpointer    user_data)
{
  g_object_set_data (task, "loft-connection", NULL);
}

static void
await_with_cancellable (LoftAsyncInfo *self,
                        GTask         *task,
                        GCancellable  *cancellable,
                        guint64        id)
{
  Abandon *abandon = g_new0 (Abandon, 1);
  Connection *connection = g_new0 (Connection, 1);

  abandon->task = g_object_ref (task);
  abandon->observed = g_object_ref (self);
  abandon->id = id;
  connection->cancellable = g_object_ref (cancellable);
  connection->handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_wait_cancelled), abandon,
                                               abandon_free, 0);
  /* Undone when the wait is over, before its callback has returned. */
  g_object_set_data_full (G_OBJECT (task), "loft-connection", connection, connection_free);
  g_signal_connect (task, "notify::completed", G_CALLBACK (on_task_completed), NULL);
  if (g_cancellable_is_cancelled (cancellable) && loft_async_info_remove_observer (self, id))
    g_task_return_error_if_cancelled (task);
}

/**
 * loft_async_info_wait_async:
 * @self: an async object
 * @cancellable: (nullable): ends the wait, not the object
 * @callback: (scope async): what to call when it has ended
 * @user_data: what to call it with
 *
 * Waits for its end without blocking, as GIO's functions do.
 *
 * Any thread may call, any number of times, beside handlers and other waits. @callback comes in the calling thread's
 * default context, never inside this call. [method@Loft.AsyncInfo.bind_cancellable] is the form whose cancellable ends
 * the object.
 */
void
loft_async_info_wait_async (LoftAsyncInfo       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GError *error = NULL;
  GTask *task;
  Await *await;
  guint64 id = 0;

  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, loft_async_info_wait_async);
  g_task_set_name (task, "loft_async_info_wait_async");
  g_task_set_check_cancellable (task, FALSE); /* an end that came first counts */
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  await = g_new0 (Await, 1);
  await->refs = 1;
  await->task = g_object_ref (task);
  if (!loft_async_info_observe (self, on_ended, await, await_unref, &id, &error))
    g_task_return_error (task, error);
  else if (cancellable != NULL && id != 0)
    await_with_cancellable (self, task, cancellable, id);
  g_object_unref (task);
}

/**
 * loft_async_info_wait_finish:
 * @self: an async object
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends a wait that was begun with [method@Loft.AsyncInfo.wait_async].
 *
 * Errors: the object's own, %G_IO_ERROR_CANCELLED if it, or the wait, was cancelled.
 *
 * Returns: whether the object succeeded
 */
gboolean
loft_async_info_wait_finish (LoftAsyncInfo  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
