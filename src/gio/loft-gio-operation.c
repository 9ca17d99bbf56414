/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes operations of GIO's asynchronous functions: the callback that is passed to such a function
 * ends the operation. It also returns async objects from functions of GIO's kind. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"

typedef struct
{
  LoftOperation *operation; /* strong */
  LoftFinishHandler finish; /* NULL: the value is the GAsyncResult */
  gpointer user_data;
  GDestroyNotify destroy;
} LoftGioCall;

static void
loft_gio_call_free (LoftGioCall *call)
{
  if (call->destroy != NULL)
    call->destroy (call->user_data);
  g_object_unref (call->operation);
  g_free (call);
}

static void
loft_gio_call_finish (LoftGioCall  *call,
                      GObject      *source,
                      GAsyncResult *result)
{
  GType type = loft_operation_get_value_type (call->operation);
  GValue value = G_VALUE_INIT;
  GError *error = NULL;

  g_value_init (&value, type);
  if (call->finish (source, result, &value, call->user_data, &error) &&
      loft_async_base_fit_value (LOFT_ASYNC_BASE (call->operation), type, &value, &error))
    loft_operation_complete (call->operation, &value);
  else if (error != NULL)
    loft_async_base_fail (LOFT_ASYNC_BASE (call->operation), error);
  else
    loft_async_base_end_by_handler (LOFT_ASYNC_BASE (call->operation), FALSE, NULL, NULL);
  if (G_IS_VALUE (&value))
    g_value_unset (&value);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  LoftGioCall *call = user_data;
  GValue value = G_VALUE_INIT;

  if (call->finish != NULL)
    loft_gio_call_finish (call, source, result);
  else
    {
      g_value_init (&value, G_TYPE_ASYNC_RESULT);
      g_value_set_object (&value, result);
      loft_operation_complete (call->operation, &value);
      g_value_unset (&value);
    }
  loft_gio_call_free (call);
}

static LoftOperation *
loft_gio_call_new (GType                value_type,
                   LoftFinishHandler    finish,
                   gpointer             user_data,
                   GDestroyNotify       destroy,
                   GAsyncReadyCallback *callback,
                   gpointer            *data)
{
  LoftGioCall *call = g_new0 (LoftGioCall, 1);

  call->operation = loft_operation_new_at (value_type, NULL, "loft_operation_new_for_async");
  call->finish = finish;
  call->user_data = user_data;
  call->destroy = destroy;
  *callback = on_ready;
  *data = call;
  return g_object_ref (call->operation);
}

/**
 * loft_operation_new_for_async: (skip)
 * @callback: (out): what to give the asynchronous function as its callback
 * @data: (out): the user data for that callback
 *
 * Makes an operation of an asynchronous function of GIO's kind, whose value is the #GAsyncResult
 * for its finish function.
 *
 * Any thread may call this function. Then call the asynchronous function once with @callback and
 * @data, and use them for nothing else. The operation ends in the callback's context. To make the
 * asynchronous function end when the operation is cancelled, pass it a cancellable from
 * [method@Loft.AsyncBase.dup_cancellable] of the operation. The result need not be a #GTask.
 *
 * Answers to C++/WinRT's adapters of callbacks to coroutines.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
loft_operation_new_for_async (GAsyncReadyCallback *callback,
                              gpointer            *data)
{
  g_return_val_if_fail (callback != NULL && data != NULL, NULL);

  return loft_gio_call_new (G_TYPE_ASYNC_RESULT, NULL, NULL, NULL, callback, data);
}

/**
 * loft_operation_new_for_async_with_finish: (skip)
 * @value_type: the type of the result
 * @finish: calls the finish function, in the callback's context
 * @user_data: what to call @finish with
 * @destroy: (nullable): called once with @user_data, after @finish
 * @callback: (out): what to give the asynchronous function as its callback
 * @data: (out): the user data for that callback
 *
 * Makes an operation of an asynchronous function as [ctor@Loft.Operation.new_for_async] does, which
 * ends with the value, or the error, that the finish function returns.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
loft_operation_new_for_async_with_finish (GType                value_type,
                                          LoftFinishHandler    finish,
                                          gpointer             user_data,
                                          GDestroyNotify       destroy,
                                          GAsyncReadyCallback *callback,
                                          gpointer            *data)
{
  loft_consume_and_return_val_if_fail (G_TYPE_IS_VALUE (value_type), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (finish != NULL, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (callback != NULL && data != NULL, destroy, user_data, NULL);

  return loft_gio_call_new (value_type, finish, user_data, destroy, callback, data);
}

/* The result of a function of GIO's kind that returns an async object. It does what GTask does, and
 * has the object inside. */

#define LOFT_TYPE_RETURNED (loft_returned_get_type ())
G_DECLARE_FINAL_TYPE (LoftReturned, loft_returned, LOFT, RETURNED, GObject)

struct _LoftReturned
{
  GObject parent_instance;

  /* constant after init */
  GObject *source;    /* strong; NULL */
  gpointer tag;
  gpointer user_data;
  GAsyncReadyCallback callback;

  /* only the callback's thread, and those that get the result from it */
  /* Strong; NULL before the object has ended, so that it is noticed if its producer drops it. */
  LoftAsyncInfo *info;
  GError *error;       /* NULL: it completed */
};

static gpointer
loft_returned_get_user_data (GAsyncResult *result)
{
  return LOFT_RETURNED (result)->user_data;
}

static GObject *
loft_returned_get_source_object (GAsyncResult *result)
{
  GObject *source = LOFT_RETURNED (result)->source;

  return source != NULL ? g_object_ref (source) : NULL;
}

static gboolean
loft_returned_is_tagged (GAsyncResult *result,
                         gpointer      tag)
{
  return LOFT_RETURNED (result)->tag == tag;
}

static void
loft_returned_iface_init (GAsyncResultIface *iface)
{
  iface->get_user_data = loft_returned_get_user_data;
  iface->get_source_object = loft_returned_get_source_object;
  iface->is_tagged = loft_returned_is_tagged;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftReturned, loft_returned, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT,
                                                      loft_returned_iface_init))

static void
loft_returned_finalize (GObject *object)
{
  LoftReturned *self = LOFT_RETURNED (object);

  g_clear_object (&self->info);
  g_clear_object (&self->source);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (loft_returned_parent_class)->finalize (object);
}

static void
loft_returned_class_init (LoftReturnedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_returned_finalize;
}

static void
loft_returned_init (LoftReturned *self)
{
}

/* The object has ended. Runs in the caller's context. */
static void
on_waited (GObject      *info,
           GAsyncResult *wait,
           gpointer      user_data)
{
  g_autoptr (LoftReturned) self = user_data;

  self->info = g_object_ref (LOFT_ASYNC_INFO (info));
  loft_async_info_wait_finish (LOFT_ASYNC_INFO (info), wait, &self->error);
  if (self->callback != NULL)
    self->callback (self->source, G_ASYNC_RESULT (self), self->user_data);
}

/**
 * loft_async_result_return:
 * @info: an async object: the work that the function began
 * @source_object: (nullable) (type GObject): the object that the function was called on
 * @source_tag: (nullable): the function, to tell results apart
 * @cancellable: (nullable): the function's; it cancels @info
 * @callback: (nullable) (scope async): the function's
 * @user_data: what to call it with
 *
 * Returns an async object as the work of a function of GIO's kind, in place of a #GTask.
 *
 * Call it last in such a function. Any thread may call it. @callback runs when @info has ended,
 * like the callback of [method@Loft.AsyncInfo.wait_async]: in the caller's context, and never
 * inside this call. Pass its result to [func@Loft.async_result_is_valid] and
 * [func@Loft.async_result_propagate] in the finish function. The producer holds @info until it has
 * ended; from then on the result holds it. Unlike in a wait, cancelling @cancellable cancels the
 * work, and @callback runs when the work has ended.
 */
void
loft_async_result_return (LoftAsyncInfo       *info,
                          gpointer             source_object,
                          gpointer             source_tag,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  LoftReturned *returned;

  g_return_if_fail (LOFT_IS_ASYNC_INFO (info));
  g_return_if_fail (source_object == NULL || G_IS_OBJECT (source_object));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  returned = g_object_new (LOFT_TYPE_RETURNED, NULL);
  returned->source = source_object != NULL ? g_object_ref (source_object) : NULL;
  returned->tag = source_tag;
  returned->callback = callback;
  returned->user_data = user_data;
  loft_async_info_bind_cancellable (info, cancellable);
  loft_async_info_wait_async (info, NULL, on_waited, returned);
}

/**
 * loft_async_result_is_valid:
 * @result: what a callback got
 * @source_object: (nullable) (type GObject): what the function was called on
 * @source_tag: (nullable): the function
 *
 * Returns whether @result comes from [func@Loft.async_result_return] with this object and this tag,
 * for a check in the finish function.
 *
 * Any thread may call this function. Answers to `g_task_is_valid`.
 *
 * Returns: %TRUE if it does
 */
gboolean
loft_async_result_is_valid (GAsyncResult *result,
                            gpointer      source_object,
                            gpointer      source_tag)
{
  return LOFT_IS_RETURNED (result) && (gpointer) LOFT_RETURNED (result)->source == source_object &&
         LOFT_RETURNED (result)->tag == source_tag;
}

/**
 * loft_async_result_propagate:
 * @result: a result of [func@Loft.async_result_return]
 * @value: (out caller-allocates) (optional): an unset value, for the value of an operation;
 *   untouched on failure
 * @error: return location for an error
 *
 * Gets the value or the error that the object ended with, for use in the finish function.
 *
 * Any thread may call this function, any number of times. Errors: the object's own error;
 * %G_IO_ERROR_CANCELLED if the object was cancelled. Answers to `g_task_propagate_value`.
 *
 * Returns: whether the object succeeded
 */
gboolean
loft_async_result_propagate (GAsyncResult  *result,
                             GValue        *value,
                             GError       **error)
{
  LoftReturned *self;

  g_return_val_if_fail (LOFT_IS_RETURNED (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  self = LOFT_RETURNED (result);
  if (self->error != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (self->error);
      return FALSE;
    }
  if (value == NULL || !LOFT_IS_ASYNC_OPERATION (self->info))
    return TRUE;
  return loft_async_operation_get_results (LOFT_ASYNC_OPERATION (self->info), value, error);
}

/**
 * loft_async_result_get_info:
 * @result: a result of [func@Loft.async_result_return]
 *
 * Gets the async object that the function returned.
 *
 * Any thread may call this function.
 *
 * Returns: (transfer none): the object
 */
LoftAsyncInfo *
loft_async_result_get_info (GAsyncResult *result)
{
  g_return_val_if_fail (LOFT_IS_RETURNED (result), NULL);

  return LOFT_RETURNED (result)->info;
}
