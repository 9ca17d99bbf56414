/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

/**
 * LoftGtkErrorPresenter:
 * @widget: the widget that has the presenter
 * @title: (nullable): what has failed, as a sentence for the user
 * @error: the error
 * @user_data: what was given with the presenter
 *
 * Presents an error in a way of its own, such as a toast.
 *
 * Called on the thread of GTK.
 *
 * Returns: whether it has presented the error; otherwise the next place is tried
 *
 * Since: 1.0
 */
typedef gboolean (*LoftGtkErrorPresenter) (GtkWidget    *widget,
                                           const char   *title,
                                           const GError *error,
                                           gpointer      user_data);

LOFT_AVAILABLE_IN_1_0
gboolean loft_gtk_present_error              (GtkWidget             *widget,
                                              const char            *title,
                                              const GError          *error);
LOFT_AVAILABLE_IN_1_0
void     loft_gtk_widget_set_error_presenter (GtkWidget             *widget,
                                              LoftGtkErrorPresenter  presenter,
                                              gpointer               user_data,
                                              GDestroyNotify         destroy);

G_END_DECLS
