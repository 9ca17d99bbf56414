/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <loft-gtk/loft-gtk-filter-model.h>

G_BEGIN_DECLS

LOFT_AVAILABLE_IN_1_0
void loft_gtk_search_entry_bind (GtkSearchEntry     *entry,
                                 LoftGtkFilterModel *model,
                                 GTimeSpan           quiet);

G_END_DECLS
