/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-async-info.h>

G_BEGIN_DECLS

#define LOFT_TYPE_ASYNC_OPERATION (loft_async_operation_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (LoftAsyncOperation, loft_async_operation, LOFT, ASYNC_OPERATION, LoftAsyncInfo)

/**
 * LoftAsyncOperationInterface:
 * @get_results: initializes @value and copies the result into it, depending on the status. May be
 *   %NULL in a class that derives from [class@Loft.AsyncBase].
 *
 * The virtual function of [iface@Loft.AsyncOperation].
 */
struct _LoftAsyncOperationInterface
{
  GTypeInterface g_iface;

  gboolean (*get_results) (LoftAsyncOperation *self, GValue *value, GError **error);

  /*< private >*/
  gpointer _reserved[4];
};

LOFT_AVAILABLE_IN_1_0
gboolean loft_async_operation_get_results (LoftAsyncOperation *self, GValue *value, GError **error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_operation_get         (LoftAsyncOperation *self, GValue *value, GError **error);

LOFT_AVAILABLE_IN_1_0
gboolean loft_async_operation_get_boolean (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
gint64   loft_async_operation_get_int64   (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
double   loft_async_operation_get_double  (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
char *   loft_async_operation_dup_string  (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
GObject *loft_async_operation_dup_object  (LoftAsyncOperation *self, GError **error);

LOFT_AVAILABLE_IN_1_0
gboolean loft_async_operation_wait_boolean (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
gint64   loft_async_operation_wait_int64 (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
double   loft_async_operation_wait_double (LoftAsyncOperation *self, GError **error);
LOFT_AVAILABLE_IN_1_0
char *   loft_async_operation_wait_string (LoftAsyncOperation *self,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
GObject *loft_async_operation_wait_object (LoftAsyncOperation *self,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
