/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS
#include <loft/loft-operation.h>

/* GIO's asynchronous functions as operations, and async objects as the results of functions of
 * that kind. */

/**
 * LoftFinishHandler:
 * @source: (nullable): the object that the function was called on
 * @result: the result that its callback got
 * @value: (out caller-allocates): where the value goes, already of the requested value type
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Calls the finish function of an asynchronous function in GIO's style.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftFinishHandler) (GObject *source, GAsyncResult *result, GValue *value,
                                       gpointer user_data, GError **error);

LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_for_async (GAsyncReadyCallback *callback,
                                             gpointer *data) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_for_async_with_finish (GType value_type, LoftFinishHandler finish,
                                                         gpointer user_data, GDestroyNotify destroy,
                                                         GAsyncReadyCallback *callback,
                                                         gpointer *data) G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
void           loft_async_result_return          (LoftAsyncInfo       *info,
                                                  gpointer             source_object,
                                                  gpointer             source_tag,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_async_result_is_valid       (GAsyncResult         *result,
                                                 gpointer              source_object,
                                                 gpointer              source_tag);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_async_result_propagate      (GAsyncResult         *result,
                                                 GValue               *value,
                                                 GError              **error);
LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo *loft_async_result_get_info       (GAsyncResult         *result);

G_END_DECLS
