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

/* Work on worker threads, for which no main loop has to run. */

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_async (LoftWorkHandler handler,
                                             gpointer user_data,
                                             GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_async (
  GType value_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_with_progress_async (
  GType progress_type, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_with_progress_async (
  GType value_type, GType progress_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_with_options_async (
  LoftPriority priority, LoftWorkOptions options, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the call site, which the macros below pass. */

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_full_async (LoftWorkSettings *settings,
                                                  LoftWorkHandler handler,
                                                  gpointer user_data,
                                                  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_full_async (
  LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_for_async (GObject *owner,
                                                 LoftWorkHandler handler,
                                                 gpointer user_data,
                                                 GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_async_at (LoftWorkHandler handler,
                                                gpointer user_data,
                                                GDestroyNotify destroy,
                                                const char *location,
                                                const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_async_at (
  GType value_type, LoftOperationHandler handler, gpointer user_data, GDestroyNotify destroy,
  const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_with_progress_async_at (
  GType progress_type, LoftWorkHandler handler, gpointer user_data, GDestroyNotify destroy,
  const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_with_progress_async_at (
  GType value_type, GType progress_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_with_options_async_at (
  LoftPriority priority, LoftWorkOptions options, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_full_async_at (
  LoftWorkSettings *settings, LoftWorkHandler handler, gpointer user_data, GDestroyNotify destroy,
  const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_thread_pool_run_operation_full_async_at (
  LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_thread_pool_run_for_async_at (GObject *owner,
                                                    LoftWorkHandler handler,
                                                    gpointer user_data,
                                                    GDestroyNotify destroy,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_thread_pool_run_full_async(settings, handler, user_data, destroy)                     \
  loft_thread_pool_run_full_async_at ((settings), (handler), (user_data), (destroy), G_STRLOC,     \
                                      G_STRFUNC)
#define loft_thread_pool_run_operation_full_async(settings, value_type, handler, user_data,        \
                                                  destroy)                                         \
  loft_thread_pool_run_operation_full_async_at ((settings), (value_type), (handler), (user_data),  \
                                                (destroy), G_STRLOC, G_STRFUNC)
#define loft_thread_pool_run_for_async(owner, handler, user_data, destroy)                         \
  loft_thread_pool_run_for_async_at ((owner), (handler), (user_data), (destroy), G_STRLOC,         \
                                     G_STRFUNC)
#define loft_thread_pool_run_async(handler, user_data, destroy) \
  loft_thread_pool_run_async_at ((handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_thread_pool_run_operation_async(value_type, handler, user_data, destroy)              \
  loft_thread_pool_run_operation_async_at ((value_type), (handler), (user_data), (destroy),        \
                                           G_STRLOC, G_STRFUNC)
#define loft_thread_pool_run_with_progress_async(progress_type, handler, user_data, destroy)       \
  loft_thread_pool_run_with_progress_async_at ((progress_type), (handler), (user_data), (destroy), \
                                               G_STRLOC, G_STRFUNC)
#define loft_thread_pool_run_operation_with_progress_async(value_type, progress_type, handler,     \
                                                           user_data, destroy)                     \
  loft_thread_pool_run_operation_with_progress_async_at ((value_type), (progress_type), (handler), \
                                                         (user_data), (destroy), G_STRLOC,         \
                                                         G_STRFUNC)
#define loft_thread_pool_run_with_options_async(priority, options, handler, user_data, destroy)    \
  loft_thread_pool_run_with_options_async_at ((priority), (options), (handler), (user_data),       \
                                              (destroy), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
