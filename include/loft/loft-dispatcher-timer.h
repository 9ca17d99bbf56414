/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-dispatcher.h>

G_BEGIN_DECLS

#define LOFT_TYPE_DISPATCHER_TIMER (loft_dispatcher_timer_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftDispatcherTimer, loft_dispatcher_timer, LOFT, DISPATCHER_TIMER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftDispatcher *loft_dispatcher_timer_get_dispatcher   (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
GTimeSpan       loft_dispatcher_timer_get_interval     (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_timer_set_interval     (LoftDispatcherTimer *self,
                                                        GTimeSpan            interval);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_timer_get_is_repeating (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_timer_set_is_repeating (LoftDispatcherTimer *self,
                                                        gboolean             is_repeating);
LOFT_AVAILABLE_IN_1_0
LoftPriority    loft_dispatcher_timer_get_priority     (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_timer_set_priority     (LoftDispatcherTimer *self,
                                                        LoftPriority         priority);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_timer_get_is_running   (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_timer_start            (LoftDispatcherTimer *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_timer_stop             (LoftDispatcherTimer *self);

G_END_DECLS
