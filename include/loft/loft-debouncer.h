/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-dispatcher.h>
#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_DEBOUNCER (loft_debouncer_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftDebouncer, loft_debouncer, LOFT, DEBOUNCER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftDebouncer *loft_debouncer_new             (LoftDispatcher   *dispatcher,
                                               GTimeSpan         quiet,
                                               LoftQueueHandler  handler,
                                               gpointer          user_data,
                                               GDestroyNotify    destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean       loft_debouncer_trigger         (LoftDebouncer    *self);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_debouncer_trigger_at_once (LoftDebouncer    *self);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_debouncer_is_pending      (LoftDebouncer    *self);
LOFT_AVAILABLE_IN_1_0
void           loft_debouncer_cancel          (LoftDebouncer    *self);

G_END_DECLS
