/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_DEFERRAL (loft_deferral_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftDeferral, loft_deferral, LOFT, DEFERRAL, GObject)

LOFT_AVAILABLE_IN_1_0
LoftDeferral *loft_deferral_new         (LoftQueueHandler   handler,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean      loft_deferral_complete    (LoftDeferral      *self,
                                         GError           **error);
LOFT_AVAILABLE_IN_1_0
void          loft_deferral_close       (LoftDeferral      *self);
LOFT_AVAILABLE_IN_1_0
gboolean      loft_deferral_is_complete (LoftDeferral      *self);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftDeferral *loft_deferral_new_at      (LoftQueueHandler   handler,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy,
                                         const char        *location,
                                         const char        *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_deferral_new(handler, user_data, destroy) \
  loft_deferral_new_at ((handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
