/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_THREAD_POOL_TIMER (loft_thread_pool_timer_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftThreadPoolTimer, loft_thread_pool_timer, LOFT, THREAD_POOL_TIMER, GObject)

/**
 * LoftThreadPoolTimerHandler:
 * @timer: the timer
 * @user_data: (closure): the data that was passed with the handler
 *
 * Is called on a worker of the pool, each time the timer elapses or once the timer is over.
 *
 * Answers to `TimerElapsedHandler` and `TimerDestroyedHandler`.
 */
typedef void (*LoftThreadPoolTimerHandler) (LoftThreadPoolTimer *timer, gpointer user_data);

LOFT_AVAILABLE_IN_1_0
LoftThreadPoolTimer *loft_thread_pool_timer_create (
  GTimeSpan delay, LoftThreadPoolTimerHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftThreadPoolTimer *loft_thread_pool_timer_create_periodic (
  GTimeSpan period, LoftThreadPoolTimerHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
GTimeSpan            loft_thread_pool_timer_get_delay       (LoftThreadPoolTimer        *self);
LOFT_AVAILABLE_IN_1_0
GTimeSpan            loft_thread_pool_timer_get_period      (LoftThreadPoolTimer        *self);
LOFT_AVAILABLE_IN_1_0
void                 loft_thread_pool_timer_set_destroyed   (LoftThreadPoolTimer        *self,
                                                             LoftThreadPoolTimerHandler  handler,
                                                             gpointer                    user_data,
                                                             GDestroyNotify              destroy);
LOFT_AVAILABLE_IN_1_0
void                 loft_thread_pool_timer_cancel          (LoftThreadPoolTimer        *self);

G_END_DECLS
