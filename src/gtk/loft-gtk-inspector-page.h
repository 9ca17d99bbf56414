/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkInspectorPage: the page "Dispatchers" of GTK's Inspector. */

#pragma once

#include <gtk/gtk.h>

#define LOFT_GTK_TYPE_INSPECTOR_PAGE (loft_gtk_inspector_page_get_type ())

G_DECLARE_FINAL_TYPE (LoftGtkInspectorPage, loft_gtk_inspector_page, LOFT_GTK, INSPECTOR_PAGE,
                      GtkBox)
