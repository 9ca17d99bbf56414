/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftOperation: a ready-made producer of an operation, which is ended by hand with a value. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftOperation:
 *
 * An operation that is ended by the code that created it.
 *
 * That code ends the operation with [method@Loft.Operation.complete] and its variants, or with
 * [method@Loft.AsyncBase.fail].
 *
 * Return it to callers as a [iface@Loft.AsyncOperation]. See [class@Loft.Action] for the form
 * without a value. A result that holds objects is released at the home of the thread that made the
 * operation.
 */

struct _LoftOperation
{
  LoftAsyncBase parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftOperation, loft_operation, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))

static void
loft_operation_class_init (LoftOperationClass *klass)
{
  LOFT_ASYNC_BASE_CLASS (klass)->succeeds_itself = TRUE;
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_operation_init (LoftOperation *self)
{
}

/**
 * loft_operation_new: (constructor)
 * @value_type: the type of the result
 *
 * Creates an operation that has started.
 *
 * Any thread may call. If the calling thread has a home, a result that holds objects is released
 * there. A cancel makes the status Canceled at once, but the operation ends only when its creator
 * ends it, which may be never. For this, set a cancel handler
 * ([method@Loft.AsyncBase.set_cancel_handler]) that stops the work and ends the operation.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
(loft_operation_new) (GType value_type)
{
  return loft_operation_new_at (value_type, NULL, G_STRFUNC);
}

LoftOperation *
loft_operation_new_at (GType       value_type,
                       const char *location,
                       const char *function)
{
  LoftOperation *self;

  g_return_val_if_fail (G_TYPE_IS_VALUE (value_type), NULL);

  self = g_object_new (LOFT_TYPE_OPERATION, NULL);
  loft_async_base_init_work (LOFT_ASYNC_BASE (self), LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { location, function });
  loft_async_base_set_value_type (LOFT_ASYNC_BASE (self), value_type);
  loft_async_base_capture_home (LOFT_ASYNC_BASE (self));
  return self;
}

LoftAsyncBase *
loft_operation_new_queued (GType               value_type,
                           const LoftCallSite *site)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (loft_operation_new_at (value_type, NULL, G_STRFUNC));

  loft_async_base_init_work (self, LOFT_PHASE_QUEUED, LOFT_LANE_NORMAL, site);
  return self;
}

/**
 * loft_operation_new_with_progress: (constructor)
 * @value_type: the type of the result
 * @progress_type: the type of the reported values
 *
 * Creates an operation that has started and will report progress.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
(loft_operation_new_with_progress) (GType value_type,
                                    GType progress_type)
{
  return loft_operation_new_with_progress_at (value_type, progress_type, NULL, G_STRFUNC);
}

LoftOperation *
loft_operation_new_with_progress_at (GType       value_type,
                                     GType       progress_type,
                                     const char *location,
                                     const char *function)
{
  LoftOperation *self;

  g_return_val_if_fail (G_TYPE_IS_VALUE (value_type), NULL);
  g_return_val_if_fail (G_TYPE_IS_VALUE (progress_type), NULL);

  self = loft_operation_new_at (value_type, location, function);
  loft_async_base_set_progress_type (LOFT_ASYNC_BASE (self), progress_type);
  return self;
}

/**
 * loft_operation_new_completed: (constructor)
 * @value: the result; it is copied
 *
 * Creates an operation that has already succeeded.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
loft_operation_new_completed (const GValue *value)
{
  LoftOperation *self;

  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  self = loft_operation_new_at (G_VALUE_TYPE (value), NULL, G_STRFUNC);
  loft_async_base_complete_with_value (LOFT_ASYNC_BASE (self), value);
  return self;
}

/**
 * loft_operation_new_failed: (constructor)
 * @value_type: the type of the missing result
 * @error: (transfer full): what went wrong
 *
 * Creates an operation that has already failed.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
loft_operation_new_failed (GType   value_type,
                           GError *error)
{
  LoftOperation *self;

  g_return_val_if_fail (G_TYPE_IS_VALUE (value_type), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  self = loft_operation_new_at (value_type, NULL, G_STRFUNC);
  loft_async_base_fail (LOFT_ASYNC_BASE (self), error);
  return self;
}

/**
 * loft_operation_new_canceled: (constructor)
 * @value_type: the type of the missing result
 *
 * Creates an operation that was already cancelled and has ended.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the operation
 */
LoftOperation *
loft_operation_new_canceled (GType value_type)
{
  LoftOperation *self;

  g_return_val_if_fail (G_TYPE_IS_VALUE (value_type), NULL);

  self = loft_operation_new_at (value_type, NULL, G_STRFUNC);
  loft_async_base_end_canceled (LOFT_ASYNC_BASE (self), LOFT_CANCEL_REASON_REQUESTED);
  return self;
}

/**
 * loft_operation_get_value_type:
 * @self: an operation
 *
 * Gets the type of the result of an operation.
 *
 * Any thread may call.
 *
 * Returns: the type
 */
GType
loft_operation_get_value_type (LoftOperation *self)
{
  GType value_type, progress_type;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), G_TYPE_NONE);

  loft_async_base_get_types (LOFT_ASYNC_BASE (self), &value_type, &progress_type);
  return value_type;
}

/**
 * loft_operation_complete:
 * @self: an operation
 * @value: the result, of the operation's value type; it is copied
 *
 * Ends an operation with the status Completed and a result.
 *
 * Any thread may call; see [method@Loft.AsyncBase.complete_with_value]. Agile handlers and
 * observers run inside this call. If the calling thread is in the MTA, handlers whose home is the
 * MTA also run inside it. Do not hold a lock that one of them takes.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete (LoftOperation *self,
                         const GValue  *value)
{
  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  return loft_async_base_complete_with_value (LOFT_ASYNC_BASE (self), value);
}

/**
 * loft_operation_complete_boolean:
 * @self: an operation of boolean
 * @value: the result
 *
 * Ends an operation with the status Completed and a boolean as the result.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete_boolean (LoftOperation *self,
                                 gboolean       value)
{
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);

  g_value_init (&boxed, G_TYPE_BOOLEAN);
  g_value_set_boolean (&boxed, value);
  return loft_operation_complete (self, &boxed);
}

/**
 * loft_operation_complete_int64:
 * @self: an operation of int64
 * @value: the result
 *
 * Ends an operation with the status Completed and an integer as the result.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete_int64 (LoftOperation *self,
                               gint64         value)
{
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);

  g_value_init (&boxed, G_TYPE_INT64);
  g_value_set_int64 (&boxed, value);
  return loft_operation_complete (self, &boxed);
}

/**
 * loft_operation_complete_double:
 * @self: an operation of double
 * @value: the result
 *
 * Ends an operation with the status Completed and a number as the result.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete_double (LoftOperation *self,
                                double         value)
{
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);

  g_value_init (&boxed, G_TYPE_DOUBLE);
  g_value_set_double (&boxed, value);
  return loft_operation_complete (self, &boxed);
}

/**
 * loft_operation_complete_string:
 * @self: an operation of string
 * @value: (nullable): the result
 *
 * Ends an operation with the status Completed and a string as the result.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete_string (LoftOperation *self,
                                const char    *value)
{
  g_auto (GValue) boxed = G_VALUE_INIT;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);

  g_value_init (&boxed, G_TYPE_STRING);
  g_value_set_string (&boxed, value);
  return loft_operation_complete (self, &boxed);
}

/**
 * loft_operation_complete_object:
 * @self: an operation of a class of objects
 * @value: (nullable) (type GObject.Object): the result
 *
 * Ends an operation with the status Completed and an object as the result.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if the operation had ended before, or was cancelled
 */
gboolean
loft_operation_complete_object (LoftOperation *self,
                                GObject       *value)
{
  g_auto (GValue) boxed = G_VALUE_INIT;
  GType type;

  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);

  type = value != NULL ? G_OBJECT_TYPE (value) : loft_operation_get_value_type (self);
  if (G_TYPE_FUNDAMENTAL (type) != G_TYPE_OBJECT && G_TYPE_FUNDAMENTAL (type) != G_TYPE_INTERFACE)
    type = G_TYPE_OBJECT; /* the promised type is not a class of objects, or not set */
  g_value_init (&boxed, type);
  g_value_set_object (&boxed, value);
  return loft_operation_complete (self, &boxed);
}

/**
 * loft_operation_set_provisional_result:
 * @self: an operation that reports progress
 * @value: the result so far; it is copied
 *
 * Sets the provisional result, which `get_results ()` returns until the end.
 *
 * Any thread may call; see [method@Loft.AsyncBase.set_provisional_result].
 *
 * Returns: %FALSE if the operation has ended
 */
gboolean
loft_operation_set_provisional_result (LoftOperation *self,
                                       const GValue  *value)
{
  g_return_val_if_fail (LOFT_IS_OPERATION (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  return loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (self), value);
}
