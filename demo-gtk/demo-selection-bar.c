/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* All of its buttons activate actions of the window. */

#include "demo-selection-bar.h"

struct _DemoSelectionBar
{
  GtkBox parent_instance;

  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (DemoSelectionBar, demo_selection_bar, GTK_TYPE_BOX)

GtkWidget *
demo_selection_bar_new (void)
{
  return g_object_new (DEMO_TYPE_SELECTION_BAR, "spacing", 6, NULL);
}

void
demo_selection_bar_update (DemoSelectionBar    *self,
                           const DemoMarkCount *count)
{
  g_autofree char *bytes = g_format_size (count->bytes);
  g_autofree char *text = count->files == 0
                            ? g_strdup ("Nothing selected")
                            : g_strdup_printf ("%'u selected, %s", count->files, bytes);

  gtk_label_set_text (GTK_LABEL (self->label), text);
}

static void
demo_selection_bar_class_init (DemoSelectionBarClass *klass)
{
}

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();

  g_menu_append (menu, "All but the _Newest", "win.mark::newest");
  g_menu_append (menu, "All but the _Oldest", "win.mark::oldest");
  g_menu_append (menu, "All in the _Folder of the Current File", "win.mark-folder");
  g_menu_append (last, "_Nothing", "win.mark::none");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  return G_MENU_MODEL (menu);
}

static void
demo_selection_bar_init (DemoSelectionBar *self)
{
  GtkWidget *rules = gtk_menu_button_new ();
  GtkWidget *trash = gtk_button_new_with_mnemonic ("Move to _Trash");
  g_autoptr (GMenuModel) menu = make_menu ();

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_lines (GTK_LABEL (self->label), 2);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_widget_set_margin_start (self->label, 6);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_menu_button_set_label (GTK_MENU_BUTTON (rules), "_Select");
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (rules), TRUE);
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (rules), GTK_ARROW_UP);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (rules), menu);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (trash), "win.trash");
  gtk_widget_add_css_class (trash, "destructive-action");
  gtk_box_append (GTK_BOX (self), self->label);
  gtk_box_append (GTK_BOX (self), rules);
  gtk_box_append (GTK_BOX (self), trash);
  gtk_widget_add_css_class (GTK_WIDGET (self), "toolbar");
  demo_selection_bar_update (self, &(DemoMarkCount){ 0 });
}
