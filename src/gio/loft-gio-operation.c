/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GIO's asynchronous functions as operations: what they are given as callback ends one. */

#include "config.h"

#include "base/loft-door-private.h"
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
 * @data: (out): what to give it as that one's user data
 *
 * Makes an operation of an asynchronous function of GIO's kind, whose value is the #GAsyncResult for its finish function.
 *
 * Any thread may call; the function is then called once with @callback and @data, and nothing else is done with them. The
 * operation ends in the callback's context. The function may be cancelled with a cancellable from
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
 * @data: (out): what to give it as that one's user data
 *
 * [ctor@Loft.Operation.new_for_async] with the value that the finish function gives, or its error.
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
