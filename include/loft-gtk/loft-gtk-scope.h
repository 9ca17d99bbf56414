/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

/* Work that dies with its widget: called on the thread of GTK. */

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_run_async             (GtkWidget            *widget,
                                                 LoftPriority          priority,
                                                 LoftWorkHandler       handler,
                                                 gpointer              user_data,
                                                 GDestroyNotify        destroy)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_thread_pool_run_async (GtkWidget            *widget,
                                                 LoftWorkHandler       handler,
                                                 gpointer              user_data,
                                                 GDestroyNotify        destroy)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void             loft_gtk_adopt                 (GtkWidget            *widget,
                                                 LoftAsyncInfo        *info);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_gtk_set_completed         (GtkWidget            *widget,
                                                 LoftAsyncInfo        *info,
                                                 LoftCompletedHandler  handler,
                                                 gpointer              user_data,
                                                 GDestroyNotify        destroy,
                                                 GError              **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_gtk_set_progress          (GtkWidget             *widget,
                                                 LoftAsyncWithProgress *info,
                                                 LoftProgressFlags      flags,
                                                 LoftProgressHandler    handler,
                                                 gpointer               user_data,
                                                 GDestroyNotify         destroy,
                                                 GError               **error);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_continue_with         (GtkWidget            *widget,
                                                 LoftAsyncInfo        *info,
                                                 LoftContinuation      continuation,
                                                 gpointer              user_data,
                                                 GDestroyNotify        destroy)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void             loft_gtk_cancel_all            (GtkWidget            *widget);

/* For posting from any thread. */

#define LOFT_GTK_TYPE_SCOPE (loft_gtk_scope_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftGtkScope, loft_gtk_scope, LOFT_GTK, SCOPE, GObject)

LOFT_AVAILABLE_IN_1_0
LoftGtkScope    *loft_gtk_dup_scope             (GtkWidget            *widget);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_gtk_scope_has_ended       (LoftGtkScope         *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_scope_run_async       (LoftGtkScope         *self,
                                                 LoftPriority          priority,
                                                 LoftWorkHandler       handler,
                                                 gpointer              user_data,
                                                 GDestroyNotify        destroy)
  G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_run_async_at (GtkWidget *widget, LoftPriority priority,
                                        LoftWorkHandler handler, gpointer user_data,
                                        GDestroyNotify destroy, const char *location,
                                        const char *function)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_thread_pool_run_async_at (GtkWidget *widget, LoftWorkHandler handler,
                                                    gpointer user_data, GDestroyNotify destroy,
                                                    const char *location, const char *function)
  G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_gtk_scope_run_async_at (LoftGtkScope *self, LoftPriority priority,
                                              LoftWorkHandler handler, gpointer user_data,
                                              GDestroyNotify destroy, const char *location,
                                              const char *function)
  G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_gtk_run_async(widget, priority, handler, user_data, destroy)                          \
  loft_gtk_run_async_at ((widget), (priority), (handler), (user_data), (destroy), G_STRLOC,        \
                         G_STRFUNC)
#define loft_gtk_thread_pool_run_async(widget, handler, user_data, destroy)                        \
  loft_gtk_thread_pool_run_async_at ((widget), (handler), (user_data), (destroy), G_STRLOC,        \
                                     G_STRFUNC)
#define loft_gtk_scope_run_async(self, priority, handler, user_data, destroy)                      \
  loft_gtk_scope_run_async_at ((self), (priority), (handler), (user_data), (destroy), G_STRLOC,    \
                               G_STRFUNC)
#endif

G_END_DECLS
