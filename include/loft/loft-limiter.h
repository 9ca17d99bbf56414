/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-work-settings.h>

G_BEGIN_DECLS

#define LOFT_TYPE_LIMITER (loft_limiter_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftLimiter, loft_limiter, LOFT, LIMITER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftLimiter *       loft_limiter_new        (guint                 limit) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftLimiter *       loft_limiter_new_serial (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
guint               loft_limiter_get_limit  (LoftLimiter          *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_async (LoftLimiter *self, LoftWorkHandler handler,
                                         gpointer user_data,
                                         GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_limiter_run_operation_async (
  LoftLimiter *self, GType value_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_nested_async (LoftLimiter *self, LoftNestedHandler handler,
                                                gpointer user_data,
                                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_full_async (LoftLimiter *self, LoftWorkSettings *settings,
                                              LoftWorkHandler handler, gpointer user_data,
                                              GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_limiter_run_operation_full_async (
  LoftLimiter *self, LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_async_at (LoftLimiter *self, LoftWorkHandler handler,
                                            gpointer user_data, GDestroyNotify destroy,
                                            const char *location,
                                            const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_limiter_run_operation_async_at (
  LoftLimiter *self, GType value_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_nested_async_at (LoftLimiter *self, LoftNestedHandler handler,
                                                   gpointer user_data, GDestroyNotify destroy,
                                                   const char *location,
                                                   const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_limiter_run_full_async_at (LoftLimiter *self, LoftWorkSettings *settings,
                                                 LoftWorkHandler handler, gpointer user_data,
                                                 GDestroyNotify destroy, const char *location,
                                                 const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_limiter_run_operation_full_async_at (
  LoftLimiter *self, LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_limiter_run_full_async(self, settings, handler, user_data, destroy)                   \
  loft_limiter_run_full_async_at ((self), (settings), (handler), (user_data), (destroy), G_STRLOC, \
                                  G_STRFUNC)
#define loft_limiter_run_operation_full_async(self, settings, value_type, handler, user_data,      \
                                              destroy)                                             \
  loft_limiter_run_operation_full_async_at ((self), (settings), (value_type), (handler),           \
                                            (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_limiter_run_async(self, handler, user_data, destroy) \
  loft_limiter_run_async_at ((self), (handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_limiter_run_operation_async(self, value_type, handler, user_data, destroy)            \
  loft_limiter_run_operation_async_at ((self), (value_type), (handler), (user_data), (destroy),    \
                                       G_STRLOC, G_STRFUNC)
#define loft_limiter_run_nested_async(self, handler, user_data, destroy) \
  loft_limiter_run_nested_async_at ((self), (handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
