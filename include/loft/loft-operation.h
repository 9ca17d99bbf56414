/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-async-base.h>

G_BEGIN_DECLS

#define LOFT_TYPE_OPERATION (loft_operation_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftOperation, loft_operation, LOFT, OPERATION, LoftAsyncBase)

LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new (GType value_type) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_with_progress (GType value_type,
                                                 GType progress_type) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_completed (const GValue *value) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_failed (GType value_type,
                                          GError *error) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_canceled (GType value_type) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
GType          loft_operation_get_value_type         (LoftOperation *self);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete               (LoftOperation *self,
                                                      const GValue  *value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete_boolean       (LoftOperation *self,
                                                      gboolean       value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete_int64         (LoftOperation *self,
                                                      gint64         value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete_double        (LoftOperation *self,
                                                      double         value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete_string        (LoftOperation *self,
                                                      const char    *value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_complete_object        (LoftOperation *self,
                                                      GObject       *value);
LOFT_AVAILABLE_IN_1_0
gboolean       loft_operation_set_provisional_result (LoftOperation *self,
                                                      const GValue  *value);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_at               (GType       value_type,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftOperation *loft_operation_new_with_progress_at (GType       value_type,
                                                    GType       progress_type,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_operation_new(value_type) loft_operation_new_at ((value_type), G_STRLOC, G_STRFUNC)
#define loft_operation_new_with_progress(value_type, progress_type) \
  loft_operation_new_with_progress_at ((value_type), (progress_type), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
