/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

#define LOFT_GTK_TYPE_FILTER_MODEL (loft_gtk_filter_model_get_type ())

/**
 * LoftGtkKeyFunc:
 * @item: (type GObject): a row
 * @user_data: (closure): the data that was passed with the function
 *
 * Makes the key of a row, by which workers decide whether the row matches a query.
 *
 * It is called on the thread of GTK, once for each row, many times in a turn. It must not change
 * the list. A key must not be changed by any thread later, because workers read it.
 *
 * Returns: (transfer full) (nullable): the key
 */
typedef gpointer (*LoftGtkKeyFunc) (gpointer item, gpointer user_data);

/**
 * LoftGtkMatchFunc:
 * @key: (nullable): the key of a row
 * @query: the query, which is not empty
 * @user_data: (closure): the data that was passed with the function
 *
 * Returns whether a row matches a query.
 *
 * It is called on workers of the pool, by several of them at once.
 *
 * Returns: whether it matches
 */
typedef gboolean (*LoftGtkMatchFunc) (gconstpointer key, const char *query, gpointer user_data);

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftGtkFilterModel, loft_gtk_filter_model, LOFT_GTK, FILTER_MODEL, GObject)

LOFT_AVAILABLE_IN_1_0
LoftGtkFilterModel *loft_gtk_filter_model_new           (GListModel         *model,
                                                         GtkExpression      *expression)
                                                         G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftGtkFilterModel *loft_gtk_filter_model_new_with_func (GListModel         *model,
                                                         LoftGtkKeyFunc      key,
                                                         GDestroyNotify      key_free,
                                                         LoftGtkMatchFunc    match,
                                                         gpointer            user_data,
                                                         GDestroyNotify      destroy)
                                                         G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
void                loft_gtk_filter_model_set_model     (LoftGtkFilterModel *self,
                                                         GListModel         *model);
LOFT_AVAILABLE_IN_1_0
GListModel *        loft_gtk_filter_model_get_model     (LoftGtkFilterModel *self);
LOFT_AVAILABLE_IN_1_0
void                loft_gtk_filter_model_set_query     (LoftGtkFilterModel *self,
                                                         const char         *query);
LOFT_AVAILABLE_IN_1_0
const char *        loft_gtk_filter_model_get_query     (LoftGtkFilterModel *self);
LOFT_AVAILABLE_IN_1_0
guint               loft_gtk_filter_model_get_pending   (LoftGtkFilterModel *self);

G_END_DECLS
