/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

LOFT_AVAILABLE_IN_1_0
void loft_gtk_progress_bar_bind   (GtkProgressBar    *bar,
                                   LoftAsyncObserver *observer);
LOFT_AVAILABLE_IN_1_0
void loft_gtk_button_bind_cancel  (GtkButton         *button,
                                   LoftAsyncObserver *observer);
LOFT_AVAILABLE_IN_1_0
void loft_gtk_spinner_bind        (GtkWidget         *spinner,
                                   LoftAsyncObserver *observer);
LOFT_AVAILABLE_IN_1_0
void loft_gtk_widget_bind_errors  (GtkWidget         *widget,
                                   LoftAsyncObserver *observer,
                                   const char        *title);

G_END_DECLS
