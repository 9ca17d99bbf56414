/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-async-info.h>

G_BEGIN_DECLS

/**
 * LoftBeginHandler:
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Begins the work that [func@Loft.run_synchronously] waits for, on its thread and with its context.
 *
 * Returns: (transfer full) (nullable): the object that was begun; %NULL with @error set
 */
typedef LoftAsyncInfo *(*LoftBeginHandler) (gpointer user_data, GError **error);

LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo *loft_run_synchronously (LoftBeginHandler   begin,
                                       gpointer           user_data,
                                       GTimeSpan          timeout,
                                       GCancellable      *cancellable,
                                       GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
