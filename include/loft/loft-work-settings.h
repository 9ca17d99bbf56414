/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-async-with-progress.h>

G_BEGIN_DECLS

/**
 * LoftWorkSettings:
 *
 * Holds how work is started: its priority, its options, its owner and its progress handler.
 *
 * The full forms take these settings: [func@Loft.thread_pool_run_full_async],
 * [method@Loft.Limiter.run_full_async], [method@Loft.Dispatcher.run_full_async] and the same forms
 * for operations. The plain, operation, progress, options and owner forms are shortcuts for these.
 * A progress handler that is set here is set before the work begins, so no report is lost. If there
 * is an owner, the progress handler is dropped together with the owner.
 *
 * ```c
 * g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
 *
 * loft_work_settings_set_priority (settings, LOFT_PRIORITY_HIGH);
 * loft_work_settings_set_owner (settings, G_OBJECT (window));
 * loft_work_settings_set_progress (settings, G_TYPE_DOUBLE, LOFT_PROGRESS_LATEST, on_progress,
 *                                  window, NULL);
 * operation =
 *   loft_limiter_run_operation_full_async (two_at_a_time, settings, GDK_TYPE_TEXTURE, load, path,
 *                                          g_free);
 * ```
 *
 * Only one thread at a time may use it. Windows has an overload for each combination that it
 * offers.
 */
typedef struct _LoftWorkSettings LoftWorkSettings;

#define LOFT_TYPE_WORK_SETTINGS (loft_work_settings_get_type ())

LOFT_AVAILABLE_IN_1_0
GType             loft_work_settings_get_type     (void);
LOFT_AVAILABLE_IN_1_0
LoftWorkSettings *loft_work_settings_new          (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftWorkSettings *loft_work_settings_ref          (LoftWorkSettings    *self);
LOFT_AVAILABLE_IN_1_0
void              loft_work_settings_unref        (LoftWorkSettings    *self);
LOFT_AVAILABLE_IN_1_0
void              loft_work_settings_set_priority (LoftWorkSettings    *self,
                                                   LoftPriority         priority);
LOFT_AVAILABLE_IN_1_0
void              loft_work_settings_set_options  (LoftWorkSettings    *self,
                                                   LoftWorkOptions      options);
LOFT_AVAILABLE_IN_1_0
void              loft_work_settings_set_owner    (LoftWorkSettings    *self,
                                                   GObject             *owner);
LOFT_AVAILABLE_IN_1_0
void              loft_work_settings_set_progress (LoftWorkSettings    *self,
                                                   GType                progress_type,
                                                   LoftProgressFlags    flags,
                                                   LoftProgressHandler  handler,
                                                   gpointer             user_data,
                                                   GDestroyNotify       destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoftWorkSettings, loft_work_settings_unref)

G_END_DECLS
