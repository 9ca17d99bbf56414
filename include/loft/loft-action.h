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

#define LOFT_TYPE_ACTION (loft_action_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftAction, loft_action, LOFT, ACTION, LoftAsyncBase)

LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new               (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_with_progress (GType       progress_type) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_completed     (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_failed        (GError     *error) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_canceled      (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean    loft_action_complete          (LoftAction *self);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_at               (const char *location,
                                              const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAction *loft_action_new_with_progress_at (GType       progress_type,
                                              const char *location,
                                              const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_action_new() loft_action_new_at (G_STRLOC, G_STRFUNC)
#define loft_action_new_with_progress(progress_type) \
  loft_action_new_with_progress_at ((progress_type), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
