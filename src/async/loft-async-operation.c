/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncOperation: something that brings a value. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAsyncOperation:
 *
 * An async object with a value.
 *
 * Answers to `Windows.Foundation.IAsyncOperation<TResult>`; together with
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
 * @value: (out caller-allocates) (optional): an unset value (`G_VALUE_INIT`); untouched on failure
 * @error: return location for an error
 *
 * Gives a copy of the result; never blocks.
 *
 * Any thread may call, any number of times: the answer stays. Errors:
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL while Started and when closed; %G_IO_ERROR_CANCELLED when
 * Canceled; the operation's own when it failed. An operation that reports progress gives its
 * provisional result while Started, and inside a progress handler that of the report. Answers to
 * `IAsyncOperation<T>.GetResults`.
 *
 * Returns: whether it succeeded
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

/* The result as one type; FALSE with an error also when it does not fit. */
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
                 "The result is a %s and can't be had as %s",
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
 * Gives the result as a boolean; never blocks: before the end it is an error.
 * [method@Loft.AsyncOperation.wait_boolean] waits.
 *
 * Any thread may call. Errors as [method@Loft.AsyncOperation.get_results];
 * %LOFT_ERROR_INVALID_ARGUMENT when the result can't be transformed to that type.
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
 * Gives the result as an integer; never blocks: before the end it is an error.
 * [method@Loft.AsyncOperation.wait_int64] waits.
 *
 * Any thread may call. Errors as [method@Loft.AsyncOperation.get_boolean].
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
 * Gives the result as a number; never blocks: before the end it is an error.
 * [method@Loft.AsyncOperation.wait_double] waits.
 *
 * Any thread may call. Errors as [method@Loft.AsyncOperation.get_boolean].
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
 * Gives a copy of the result as a string; never blocks.
 *
 * Any thread may call. Errors as [method@Loft.AsyncOperation.get_boolean].
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
 * Gives the result as an object; never blocks.
 *
 * Any thread may call; the caller minds on which thread the reference goes. Errors as
 * [method@Loft.AsyncOperation.get_boolean].
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
