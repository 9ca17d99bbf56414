/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-dispatcher.h>

G_BEGIN_DECLS

#define LOFT_TYPE_DISPATCHER_CONTROLLER (loft_dispatcher_controller_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftDispatcherController, loft_dispatcher_controller, LOFT,
                      DISPATCHER_CONTROLLER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftDispatcherController *loft_dispatcher_controller_new_on_dedicated_thread (
  const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftDispatcherController *loft_dispatcher_controller_new_on_current_thread (GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
LoftDispatcher *  loft_dispatcher_controller_get_dispatcher     (LoftDispatcherController  *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_controller_shutdown_async (LoftDispatcherController *self)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean          loft_dispatcher_controller_shutdown           (LoftDispatcherController  *self,
                                                                 GError                   **error);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_controller_shutdown_async_at (
  LoftDispatcherController *self, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_dispatcher_controller_shutdown_async(self) \
  loft_dispatcher_controller_shutdown_async_at ((self), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
