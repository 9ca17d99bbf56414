/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One factory serves all columns: a label that shows one property of the row. */

#include "demo-list.h"

#include "demo-row.h"

typedef struct
{
  const char *title;
  const char *property;
  gboolean number;
  gboolean expand;
  int width;
} Column;

static const Column columns[] = {
  { "Name", "name", FALSE, TRUE, -1 },
  { "Folder", "folder", FALSE, TRUE, -1 },
  { "Size", "size", TRUE, FALSE, 110 },
  { "Note", "note", FALSE, FALSE, 220 },
};

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  data)
{
  const Column *column = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->number ? 1.0f : 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label),
                           column->expand ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
  if (column->number)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  data)
{
  const Column *column = data;
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  GObject *row = gtk_list_item_get_item (item);
  g_autofree char *text = NULL;

  if (column->number)
    {
      guint64 size;

      g_object_get (row, column->property, &size, NULL);
      text = size > 0 ? g_format_size (size) : NULL;
    }
  else
    g_object_get (row, column->property, &text, NULL);
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), column->expand ? text : NULL);
}

static GtkSorter *
demo_list_make_sorter (const Column *column)
{
  /* Sets are sorted by their number, so that “Set 10” comes after “Set 9”. */
  const char *property = g_str_equal (column->property, "note") ? "group" : column->property;
  GtkExpression *expression = gtk_property_expression_new (DEMO_TYPE_ROW, NULL, property);

  if (column->number || g_str_equal (property, "group"))
    return GTK_SORTER (gtk_numeric_sorter_new (expression));
  return GTK_SORTER (gtk_string_sorter_new (expression));
}

static void
demo_list_add_column (GtkColumnView *view,
                      const Column  *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;
  g_autoptr (GtkSorter) sorter = demo_list_make_sorter (column);

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), (gpointer) column);
  view_column = gtk_column_view_column_new (column->title, factory);
  gtk_column_view_column_set_expand (view_column, column->expand);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_fixed_width (view_column, column->width);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_append_column (view, view_column);
}

GtkWidget *
demo_list_new (GListStore *rows)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_column_view_new (NULL);
  GtkSorter *sorter = gtk_column_view_get_sorter (GTK_COLUMN_VIEW (view));
  GtkSortListModel *sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (rows)),
                                                      g_object_ref (sorter));
  g_autoptr (GtkSelectionModel)
    selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (sorted)));

  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view), selection);
  gtk_column_view_set_reorderable (GTK_COLUMN_VIEW (view), FALSE);
  gtk_widget_add_css_class (view, "data-table");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    demo_list_add_column (GTK_COLUMN_VIEW (view), &columns[i]);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}
