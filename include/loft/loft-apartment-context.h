/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_APARTMENT_CONTEXT (loft_apartment_context_get_type ())

typedef struct _LoftApartmentContext LoftApartmentContext;

LOFT_AVAILABLE_IN_1_0
GType                 loft_apartment_context_get_type  (void);
LOFT_AVAILABLE_IN_1_0
LoftApartmentContext *loft_apartment_context_capture   (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftApartmentContext *loft_apartment_context_new_empty (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftApartmentContext *loft_apartment_context_copy (const LoftApartmentContext *self)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftApartmentContext *loft_apartment_context_move (LoftApartmentContext *self)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void                  loft_apartment_context_free      (LoftApartmentContext       *self);
LOFT_AVAILABLE_IN_1_0
gboolean              loft_apartment_context_is_empty  (const LoftApartmentContext *self);
LOFT_AVAILABLE_IN_1_0
gboolean              loft_apartment_context_is_here   (const LoftApartmentContext *self);
LOFT_AVAILABLE_IN_1_0
LoftDispatcher *      loft_apartment_context_dup_dispatcher (const LoftApartmentContext *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_apartment_context_run_async (
  const LoftApartmentContext *self, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_apartment_context_run_async_at (
  const LoftApartmentContext *self, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_apartment_context_run_async(self, handler, user_data, destroy)                        \
  loft_apartment_context_run_async_at ((self), (handler), (user_data), (destroy), G_STRLOC,        \
                                       G_STRFUNC)
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoftApartmentContext, loft_apartment_context_free)

G_END_DECLS
