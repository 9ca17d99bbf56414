/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_AGILE_REFERENCE (loft_agile_reference_get_type ())

typedef struct _LoftAgileReference LoftAgileReference;

/**
 * LoftAgileHandler:
 * @object: the object, at its home
 * @action: the action of this call
 * @user_data: (closure): the data that was passed with the handler
 * @error: return location for an error
 *
 * Does work on an object that lives at another home.
 *
 * Its return value means the same as that of a [callback@Loft.WorkHandler].
 *
 * Returns: %TRUE on success
 */
typedef gboolean (*LoftAgileHandler) (GObject *object, LoftAsyncAction *action, gpointer user_data,
                                      GError **error);

LOFT_AVAILABLE_IN_1_0
GType               loft_agile_reference_get_type (void);
LOFT_AVAILABLE_IN_1_0
LoftAgileReference *loft_agile_reference_new (GObject *object) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAgileReference *loft_agile_reference_ref      (LoftAgileReference  *self);
LOFT_AVAILABLE_IN_1_0
void                loft_agile_reference_unref    (LoftAgileReference  *self);
LOFT_AVAILABLE_IN_1_0
GObject *loft_agile_reference_resolve (LoftAgileReference *self,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_agile_reference_run_async (LoftAgileReference *self, LoftPriority priority,
                                                 LoftAgileHandler handler, gpointer user_data,
                                                 GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_agile_reference_run_async_at (LoftAgileReference *self, LoftPriority priority,
                                                    LoftAgileHandler handler, gpointer user_data,
                                                    GDestroyNotify destroy, const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_agile_reference_run_async(self, priority, handler, user_data, destroy)                \
  loft_agile_reference_run_async_at ((self), (priority), (handler), (user_data), (destroy),        \
                                     G_STRLOC, G_STRFUNC)
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoftAgileReference, loft_agile_reference_unref)

G_END_DECLS
