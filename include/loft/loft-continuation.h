/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

/**
 * LoftContinuation:
 * @antecedent: the object that has ended
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Does work that continues after another async object has ended.
 *
 * It runs at the home of the thread that set it. Its return value means the same as that of a
 * [callback@Loft.WorkHandler].
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftContinuation) (LoftAsyncInfo *antecedent, gpointer user_data,
                                      GError **error);

/**
 * LoftOperationContinuation:
 * @antecedent: the object that has ended
 * @result: (out caller-allocates): where the result goes, already of the requested value type
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Does work like a [callback@Loft.Continuation], but with a result.
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftOperationContinuation) (LoftAsyncInfo *antecedent,
                                               GValue        *result,
                                               gpointer       user_data,
                                               GError       **error);

/**
 * LoftAsyncContinuation:
 * @antecedent: the object that has ended
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Begins work like a [callback@Loft.Continuation], but goes on with another async object.
 *
 * Returns: (transfer full) (nullable): the object that the continuation's action follows to its
 * end; %NULL with @error set if it failed
 */
typedef LoftAsyncInfo *(*LoftAsyncContinuation) (LoftAsyncInfo *antecedent, gpointer user_data,
                                                 GError **error);

/**
 * LoftOutcomeContinuation:
 * @antecedent: the object that has ended
 * @status: how it ended: Completed, Canceled or Error
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Continues after any outcome, and decides the result.
 *
 * Returns: %TRUE for success; %FALSE with @error set
 */
typedef gboolean (*LoftOutcomeContinuation) (LoftAsyncInfo   *antecedent,
                                             LoftAsyncStatus  status,
                                             gpointer         user_data,
                                             GError         **error);

/**
 * LoftOutcomeOperationContinuation:
 * @antecedent: the object that has ended
 * @status: how it ended: Completed, Canceled or Error
 * @result: (out caller-allocates): where the result goes, already of the promised type
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Continues after any outcome, and produces a value.
 *
 * Returns: %TRUE for success; %FALSE with @error set
 */
typedef gboolean (*LoftOutcomeOperationContinuation) (LoftAsyncInfo   *antecedent,
                                                      LoftAsyncStatus  status,
                                                      GValue          *result,
                                                      gpointer         user_data,
                                                      GError         **error);

/**
 * LoftOutcomeAsyncContinuation:
 * @antecedent: the object that has ended
 * @status: how it ended: Completed, Canceled or Error
 * @user_data: (closure): the data that was passed with the continuation
 * @error: return location for an error
 *
 * Continues after any outcome with another async object.
 *
 * Returns: (transfer full) (nullable): the object that the continuation's result follows; %NULL
 * with @error set
 */
typedef LoftAsyncInfo *(*LoftOutcomeAsyncContinuation) (LoftAsyncInfo   *antecedent,
                                                        LoftAsyncStatus  status,
                                                        gpointer         user_data,
                                                        GError         **error);

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with (LoftAsyncInfo *self, LoftContinuation continuation,
                                                gpointer user_data,
                                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_async_info_continue_with_operation (
  LoftAsyncInfo *self, GType value_type, LoftOperationContinuation continuation, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with_async (
  LoftAsyncInfo *self, LoftAsyncContinuation continuation, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_recover (LoftAsyncInfo *self, LoftContinuation continuation,
                                          gpointer user_data,
                                          GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_always (LoftAsyncInfo *self, LoftContinuation continuation,
                                         gpointer user_data,
                                         GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_after (LoftAsyncInfo *self,
                                                 LoftOutcomeContinuation continuation,
                                                 gpointer user_data,
                                                 GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_async_info_continue_after_operation (
  LoftAsyncInfo *self, GType value_type, LoftOutcomeOperationContinuation continuation,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_after_async (
  LoftAsyncInfo *self, LoftOutcomeAsyncContinuation continuation, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with_for (
  LoftAsyncInfo *self, GObject *owner, LoftContinuation continuation, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_after_at (LoftAsyncInfo *self,
                                                    LoftOutcomeContinuation continuation,
                                                    gpointer user_data,
                                                    GDestroyNotify destroy,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_async_info_continue_after_operation_at (
  LoftAsyncInfo *self, GType value_type, LoftOutcomeOperationContinuation continuation,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_after_async_at (
  LoftAsyncInfo *self, LoftOutcomeAsyncContinuation continuation, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with_for_at (
  LoftAsyncInfo *self, GObject *owner, LoftContinuation continuation, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with_at (LoftAsyncInfo *self,
                                                   LoftContinuation continuation,
                                                   gpointer user_data, GDestroyNotify destroy,
                                                   const char *location,
                                                   const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_async_info_continue_with_operation_at (
  LoftAsyncInfo *self, GType value_type, LoftOperationContinuation continuation, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_continue_with_async_at (
  LoftAsyncInfo *self, LoftAsyncContinuation continuation, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_recover_at (LoftAsyncInfo *self, LoftContinuation continuation,
                                             gpointer user_data, GDestroyNotify destroy,
                                             const char *location,
                                             const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_async_info_always_at (LoftAsyncInfo *self, LoftContinuation continuation,
                                            gpointer user_data, GDestroyNotify destroy,
                                            const char *location,
                                            const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_async_info_continue_with(self, continuation, user_data, destroy)                      \
  loft_async_info_continue_with_at ((self), (continuation), (user_data), (destroy), G_STRLOC,      \
                                    G_STRFUNC)
#define loft_async_info_continue_with_operation(self, value_type, continuation, user_data,         \
                                                destroy)                                           \
  loft_async_info_continue_with_operation_at ((self), (value_type), (continuation), (user_data),   \
                                              (destroy), G_STRLOC, G_STRFUNC)
#define loft_async_info_continue_with_async(self, continuation, user_data, destroy)                \
  loft_async_info_continue_with_async_at ((self), (continuation), (user_data), (destroy),          \
                                          G_STRLOC, G_STRFUNC)
#define loft_async_info_recover(self, continuation, user_data, destroy) \
  loft_async_info_recover_at ((self), (continuation), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_async_info_continue_after(self, continuation, user_data, destroy)                     \
  loft_async_info_continue_after_at ((self), (continuation), (user_data), (destroy), G_STRLOC,     \
                                     G_STRFUNC)
#define loft_async_info_continue_after_operation(self, value_type, continuation, user_data,        \
                                                 destroy)                                          \
  loft_async_info_continue_after_operation_at ((self), (value_type), (continuation), (user_data),  \
                                               (destroy), G_STRLOC, G_STRFUNC)
#define loft_async_info_continue_after_async(self, continuation, user_data, destroy)               \
  loft_async_info_continue_after_async_at ((self), (continuation), (user_data), (destroy),         \
                                           G_STRLOC, G_STRFUNC)
#define loft_async_info_continue_with_for(self, owner, continuation, user_data, destroy)           \
  loft_async_info_continue_with_for_at ((self), (owner), (continuation), (user_data), (destroy),   \
                                        G_STRLOC, G_STRFUNC)
#define loft_async_info_always(self, continuation, user_data, destroy) \
  loft_async_info_always_at ((self), (continuation), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
