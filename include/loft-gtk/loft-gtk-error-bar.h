/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

#define LOFT_GTK_TYPE_ERROR_BAR (loft_gtk_error_bar_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftGtkErrorBar, loft_gtk_error_bar, LOFT_GTK, ERROR_BAR, GtkWidget)

LOFT_AVAILABLE_IN_1_0
GtkWidget * loft_gtk_error_bar_new          (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void        loft_gtk_error_bar_add          (LoftGtkErrorBar *self,
                                             const char      *title,
                                             const char      *message);
LOFT_AVAILABLE_IN_1_0
void        loft_gtk_error_bar_dismiss      (LoftGtkErrorBar *self);
LOFT_AVAILABLE_IN_1_0
guint       loft_gtk_error_bar_get_n_errors (LoftGtkErrorBar *self);
LOFT_AVAILABLE_IN_1_0
const char *loft_gtk_error_bar_get_title    (LoftGtkErrorBar *self);
LOFT_AVAILABLE_IN_1_0
const char *loft_gtk_error_bar_get_message  (LoftGtkErrorBar *self);

G_END_DECLS
