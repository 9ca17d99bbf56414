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

#define LOFT_TYPE_ASYNC_ACTION (loft_async_action_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (LoftAsyncAction, loft_async_action, LOFT, ASYNC_ACTION, LoftAsyncInfo)

/**
 * LoftAsyncActionInterface:
 * @get_results: returns whether it succeeded, depending on its status. May be %NULL, whether or not
 *   the class derives from [class@Loft.AsyncBase]. The status and the error then decide.
 *
 * The virtual function of [iface@Loft.AsyncAction].
 */
struct _LoftAsyncActionInterface
{
  GTypeInterface g_iface;

  gboolean (*get_results) (LoftAsyncAction *self, GError **error);

  /*< private >*/
  gpointer _reserved[4];
};

LOFT_AVAILABLE_IN_1_0
gboolean loft_async_action_get_results (LoftAsyncAction *self, GError **error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_action_get         (LoftAsyncAction *self, GError **error);

G_END_DECLS
