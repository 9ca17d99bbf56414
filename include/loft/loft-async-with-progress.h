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

#define LOFT_TYPE_ASYNC_WITH_PROGRESS (loft_async_with_progress_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (LoftAsyncWithProgress, loft_async_with_progress, LOFT, ASYNC_WITH_PROGRESS,
                     LoftAsyncInfo)

/**
 * LoftAsyncWithProgressInterface:
 * @get_progress_type: returns the type of the reported values
 * @set_progress: replaces the progress handler, which runs on the thread that reports
 *
 * The virtual functions of [iface@Loft.AsyncWithProgress]. Both may be %NULL in a class that
 * derives from [class@Loft.AsyncBase].
 */

/**
 * LoftAsyncWithProgressInterface::set_progress: (skip)
 */
struct _LoftAsyncWithProgressInterface
{
  GTypeInterface g_iface;

  GType    (*get_progress_type) (LoftAsyncWithProgress *self);
  gboolean (*set_progress)      (LoftAsyncWithProgress *self,
                                 LoftProgressFlags      flags,
                                 LoftProgressHandler    handler,
                                 gpointer               user_data,
                                 GDestroyNotify         destroy,
                                 GError               **error);

  /*< private >*/
  gpointer _reserved[4];
};

LOFT_AVAILABLE_IN_1_0
GType    loft_async_with_progress_get_progress_type (LoftAsyncWithProgress *self);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_with_progress_set_progress      (LoftAsyncWithProgress *self,
                                                     LoftProgressFlags      flags,
                                                     LoftProgressHandler    handler,
                                                     gpointer               user_data,
                                                     GDestroyNotify         destroy,
                                                     GError               **error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_with_progress_set_progress_for  (LoftAsyncWithProgress *self,
                                                     GObject               *owner,
                                                     LoftProgressFlags      flags,
                                                     LoftProgressHandler    handler,
                                                     gpointer               user_data,
                                                     GDestroyNotify         destroy,
                                                     GError               **error);

G_END_DECLS
