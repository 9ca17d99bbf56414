/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_ASYNC_OBSERVER (loft_async_observer_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftAsyncObserver, loft_async_observer, LOFT, ASYNC_OBSERVER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftAsyncObserver *loft_async_observer_new          (LoftAsyncInfo     *action)
                                                     G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void               loft_async_observer_set_action   (LoftAsyncObserver *self,
                                                     LoftAsyncInfo     *action);
LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo *    loft_async_observer_dup_action   (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncStatus    loft_async_observer_get_status   (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
gboolean           loft_async_observer_is_done      (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
const GError *     loft_async_observer_get_error    (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
gboolean           loft_async_observer_has_progress (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
double             loft_async_observer_get_fraction (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
void               loft_async_observer_set_fraction (LoftAsyncObserver *self,
                                                     double             fraction);
LOFT_AVAILABLE_IN_1_0
const char *       loft_async_observer_get_text     (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
void               loft_async_observer_set_text     (LoftAsyncObserver *self,
                                                     const char        *text);
LOFT_AVAILABLE_IN_1_0
double             loft_async_observer_get_maximum  (LoftAsyncObserver *self);
LOFT_AVAILABLE_IN_1_0
void               loft_async_observer_set_maximum  (LoftAsyncObserver *self,
                                                     double             maximum);
LOFT_AVAILABLE_IN_1_0
void               loft_async_observer_cancel       (LoftAsyncObserver *self);

G_END_DECLS
