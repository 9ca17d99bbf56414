/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-async-with-progress.h>
#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_LATEST_SLOT (loft_latest_slot_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftLatestSlot, loft_latest_slot, LOFT, LATEST_SLOT, GObject)

LOFT_AVAILABLE_IN_1_0
LoftLatestSlot *loft_latest_slot_new (LoftDispatcher *dispatcher) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean        loft_latest_slot_start       (LoftLatestSlot        *self,
                                              LoftAsyncInfo         *info,
                                              LoftCompletedHandler   handler,
                                              gpointer               user_data,
                                              GDestroyNotify         destroy);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_latest_slot_start_with_progress (LoftLatestSlot        *self,
                                                      LoftAsyncInfo         *info,
                                                      LoftCompletedHandler   handler,
                                                      gpointer               user_data,
                                                      GDestroyNotify         destroy,
                                                      LoftProgressFlags      flags,
                                                      LoftProgressHandler    progress_handler,
                                                      gpointer               progress_data,
                                                      GDestroyNotify         progress_destroy);
LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo * loft_latest_slot_dup_current (LoftLatestSlot        *self);
LOFT_AVAILABLE_IN_1_0
void            loft_latest_slot_clear       (LoftLatestSlot        *self);

G_END_DECLS
