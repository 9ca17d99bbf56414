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
void loft_gtk_frame_budget_attach (GtkWidget *window);
LOFT_AVAILABLE_IN_1_0
void loft_gtk_frame_budget_detach (GtkWidget *window);

G_END_DECLS
