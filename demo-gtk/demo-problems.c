/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list is the same widget as that of the finds. */

#include "demo-problems.h"

#include "demo-list.h"
#include "demo-name.h"

char *
demo_problems_describe (GListModel *problems)
{
  guint n = g_list_model_get_n_items (problems);
  g_autoptr (DemoRow) first = g_list_model_get_item (problems, 0);
  g_autofree char *shown = NULL;

  if (n == 0)
    return NULL;
  shown = demo_name_escape (demo_row_get_path (first));
  if (n == 1)
    return g_strdup_printf ("%s was not looked at. %s.", shown, demo_row_get_note (first));
  return g_strdup_printf ("%'u files and folders were not looked at, %s among them.", n, shown);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  DemoRow *row = gtk_list_item_get_item (item);
  g_autofree char *shown = demo_name_escape (demo_row_get_path (row));
  g_autofree char *text = g_strdup_printf ("%s\n%s", shown, demo_row_get_note (row));

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

void
demo_problems_present (GtkWindow  *parent,
                       GListModel *problems)
{
  GtkWidget *window = g_object_new (GTK_TYPE_WINDOW, "transient-for", parent, "modal", TRUE,
                                    "title", "Not Looked At", "default-width", 500,
                                    "default-height", 400, "destroy-with-parent", TRUE, NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_list_view_new (
    GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (problems))), factory);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_window_present (GTK_WINDOW (window));
}
