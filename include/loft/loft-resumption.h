/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-async-info.h>
#include <loft/loft-dispatcher.h>
#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

/* For languages with coroutines of their own, such as C++. Introspected languages await in ways
 * that introspection knows. */
#ifndef __GI_SCANNER__

/**
 * LoftResumeHandler:
 * @user_data: the data that was set for it
 * @ended: (nullable): what has ended, which may be a successor of what was awaited; %NULL after a
 *   move
 * @lost: %TRUE if the thread where it should have been called is gone
 *
 * Goes on after a suspension. It is called once for each suspension.
 */
typedef void (*LoftResumeHandler) (gpointer user_data, LoftAsyncInfo *ended, gboolean lost);

/**
 * LoftResumption:
 *
 * The memory by which a suspended coroutine is found again. It is part of the coroutine's frame, so
 * that a suspension needs no memory of its own.
 */
typedef struct
{
  /*< private >*/
  gpointer _reserved[4];
} LoftResumption;

LOFT_AVAILABLE_IN_1_0
void     loft_resumption_init          (LoftResumption *self, LoftResumeHandler handler,
                                        gpointer user_data);
LOFT_AVAILABLE_IN_1_0
gboolean loft_resumption_await         (LoftResumption *self, LoftAsyncInfo *info, gboolean agile,
                                        GError **error);
LOFT_AVAILABLE_IN_1_0
void     loft_resumption_go_background (LoftResumption *self);
LOFT_AVAILABLE_IN_1_0
gboolean loft_resumption_go_foreground (LoftResumption *self, LoftDispatcher *dispatcher,
                                        LoftPriority priority);

#endif

G_END_DECLS
