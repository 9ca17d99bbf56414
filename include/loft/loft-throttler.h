/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS
#include <loft/loft-dispatcher.h>

#define LOFT_TYPE_THROTTLER (loft_throttler_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftThrottler, loft_throttler, LOFT, THROTTLER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftThrottler *loft_throttler_new        (LoftDispatcher   *dispatcher,
                                          GTimeSpan         interval,
                                          LoftQueueHandler  handler,
                                          gpointer          user_data,
                                          GDestroyNotify    destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean       loft_throttler_trigger    (LoftThrottler    *self);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_throttler_is_pending (LoftThrottler    *self);
LOFT_AVAILABLE_IN_1_0
void           loft_throttler_cancel     (LoftThrottler    *self);

G_END_DECLS
