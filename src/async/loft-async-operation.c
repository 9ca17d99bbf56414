/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncOperation: the interface of an async object that ends with a value. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncOperation:
 *
 * An async object with a value.
 *
 * Answers to `Windows.Foundation.IAsyncOperation<TResult>`, and together with
 * [iface@Loft.AsyncWithProgress] to `IAsyncOperationWithProgress<TResult, TProgress>`.
 */

G_DEFINE_INTERFACE (LoftAsyncOperation, loft_async_operation, LOFT_TYPE_ASYNC_INFO)

static void
loft_async_operation_default_init (LoftAsyncOperationInterface *iface)
{
}

/**
 * loft_async_operation_get_results:
 * @self: an operation
 * @value: (out caller-allocates) (optional): an unset value (`G_VALUE_INIT`); unchanged on failure
 * @error: return location for an error
 *
 * Gets a copy of the result of an operation, without blocking.
 *
 * Any thread may call, any number of times; the answer stays the same. Errors:
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL while the operation is Started and when it is closed;
 * %G_IO_ERROR_CANCELLED when it is Canceled; the operation's own error when it has failed.
 *
 * While an operation that reports progress is Started, this function returns its provisional
 * result. Inside a progress handler it returns the provisional result that belongs to the report.
 * Answers to `IAsyncOperation<T>.GetResults`.
 *
 * Returns: whether the operation succeeded
 */
gboolean
loft_async_operation_get_results (LoftAsyncOperation  *self,
                                  GValue              *value,
                                  GError             **error)
{
  LoftAsyncOperationInterface *iface;

  g_return_val_if_fail (LOFT_IS_ASYNC_OPERATION (self), FALSE);
  g_return_val_if_fail (value == NULL || G_VALUE_TYPE (value) == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  iface = LOFT_ASYNC_OPERATION_GET_IFACE (self);
  if (iface->get_results != NULL)
    return loft_async_info_has_results (LOFT_ASYNC_INFO (self), error) &&
           iface->get_results (self, value, error);
  if (LOFT_IS_ASYNC_BASE (self))
    return loft_async_base_get_results (LOFT_ASYNC_BASE (self), value, error);
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL, "%s implements no get_results",
               G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

/* Gets the result as a value of @type. Returns FALSE with an error also if the result cannot be
 * transformed to that type. */
static gboolean
loft_async_operation_get_as (LoftAsyncOperation  *self,
                             GType                type,
                             GValue              *out_value,
                             GError             **error)
{
  GValue value = G_VALUE_INIT;
  gboolean fits;

  if (!loft_async_operation_get_results (self, &value, error))
    return FALSE;
  fits = G_IS_VALUE (&value) && g_value_type_transformable (G_VALUE_TYPE (&value), type);
  if (fits)
    {
      g_value_init (out_value, type);
      fits = g_value_transform (&value, out_value);
    }
  if (!fits)
    g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                 "The result is a %s and can't be converted to %s",
                 G_IS_VALUE (&value) ? G_VALUE_TYPE_NAME (&value) : "nothing", g_type_name (type));
  if (G_IS_VALUE (&value))
    g_value_unset (&value);
  return fits;
}

/**
 * loft_async_operation_get_boolean:
 * @self: an operation
 * @error: return location for an error
 *
 * Gets the result of an operation as a boolean, without blocking.
 *
 * Any thread may call. To call this before the end is an error;
 * [method@Loft.AsyncOperation.wait_boolean] waits for the end. Errors: those of
 * [method@Loft.AsyncOperation.get_results]; %LOFT_ERROR_INVALID_ARGUMENT if the result cannot be
 * transformed to that type.
 *
 * Returns: the result; %FALSE also on failure
 */
gboolean
loft_async_operation_get_boolean (LoftAsyncOperation  *self,
                                  GError             **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  return loft_async_operation_get_as (self, G_TYPE_BOOLEAN, &value, error) &&
         g_value_get_boolean (&value);
}

/**
 * loft_async_operation_get_int64:
 * @self: an operation
 * @error: return location for an error
 *
 * Gets the result of an operation as an integer, without blocking.
 *
 * Any thread may call. To call this before the end is an error;
 * [method@Loft.AsyncOperation.wait_int64] waits for the end. The errors are those of
 * [method@Loft.AsyncOperation.get_boolean].
 *
 * Returns: the result; 0 also on failure
 */
gint64
loft_async_operation_get_int64 (LoftAsyncOperation  *self,
                                GError             **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  return loft_async_operation_get_as (self, G_TYPE_INT64, &value, error)
           ? g_value_get_int64 (&value)
           : 0;
}

/**
 * loft_async_operation_get_double:
 * @self: an operation
 * @error: return location for an error
 *
 * Gets the result of an operation as a number, without blocking.
 *
 * Any thread may call. To call this before the end is an error;
 * [method@Loft.AsyncOperation.wait_double] waits for the end. The errors are those of
 * [method@Loft.AsyncOperation.get_boolean].
 *
 * Returns: the result; 0 also on failure
 */
double
loft_async_operation_get_double (LoftAsyncOperation  *self,
                                 GError             **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  return loft_async_operation_get_as (self, G_TYPE_DOUBLE, &value, error)
           ? g_value_get_double (&value)
           : 0;
}

/**
 * loft_async_operation_dup_string:
 * @self: an operation
 * @error: return location for an error
 *
 * Gets a copy of the result of an operation as a string, without blocking.
 *
 * Any thread may call. The errors are those of [method@Loft.AsyncOperation.get_boolean].
 *
 * Returns: (transfer full) (nullable): the result; %NULL also on failure
 */
char *
loft_async_operation_dup_string (LoftAsyncOperation  *self,
                                 GError             **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  return loft_async_operation_get_as (self, G_TYPE_STRING, &value, error)
           ? g_value_dup_string (&value)
           : NULL;
}

/**
 * loft_async_operation_dup_object:
 * @self: an operation
 * @error: return location for an error
 *
 * Gets the result of an operation as an object, without blocking.
 *
 * Any thread may call. The caller is responsible for dropping the reference on the right thread.
 * The errors are those of [method@Loft.AsyncOperation.get_boolean].
 *
 * Returns: (transfer full) (nullable): the result; %NULL also on failure
 */
GObject *
loft_async_operation_dup_object (LoftAsyncOperation  *self,
                                 GError             **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  return loft_async_operation_get_as (self, G_TYPE_OBJECT, &value, error)
           ? g_value_dup_object (&value)
           : NULL;
}
