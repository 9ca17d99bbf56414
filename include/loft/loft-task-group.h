/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-async-base.h>
#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_TASK_GROUP (loft_task_group_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftTaskGroup, loft_task_group, LOFT, TASK_GROUP, LoftAsyncBase)

LOFT_AVAILABLE_IN_1_0
LoftTaskGroup *  loft_task_group_new          (LoftTaskGroupFlags  flags) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean         loft_task_group_add          (LoftTaskGroup      *self,
                                               LoftAsyncInfo      *child);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_task_group_run_async (LoftTaskGroup *self, LoftWorkHandler handler,
                                            gpointer user_data,
                                            GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
guint            loft_task_group_get_running  (LoftTaskGroup      *self);
LOFT_AVAILABLE_IN_1_0
void             loft_task_group_seal         (LoftTaskGroup      *self);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftTaskGroup *loft_task_group_new_at (LoftTaskGroupFlags flags, const char *location,
                                       const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_task_group_run_async_at (LoftTaskGroup *self, LoftWorkHandler handler,
                                               gpointer user_data, GDestroyNotify destroy,
                                               const char *location,
                                               const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_task_group_new(flags) loft_task_group_new_at ((flags), G_STRLOC, G_STRFUNC)
#define loft_task_group_run_async(self, handler, user_data, destroy) \
  loft_task_group_run_async_at ((self), (handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
