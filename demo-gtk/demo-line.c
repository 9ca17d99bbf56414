/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same widget serves heads and files, because a list recycles its widgets. Two lines of text
 * instead of columns fit a window of any width. */

#include "demo-line.h"

#include "demo-name.h"

struct _DemoLine
{
  GtkBox parent_instance;

  GtkWidget *check;
  GtkWidget *title;
  GtkWidget *detail;
  GtkWidget *note;
  DemoRow *row;
  GBinding *binding;
};

G_DEFINE_FINAL_TYPE (DemoLine, demo_line, GTK_TYPE_BOX)

GtkWidget *
demo_line_new (void)
{
  return g_object_new (DEMO_TYPE_LINE, "spacing", 12, NULL);
}

static char *
demo_line_describe (DemoRow *row)
{
  g_autofree char *shown = demo_name_escape (demo_row_get_path (row));
  GStrv more = demo_row_get_more_paths (row);
  GString *text = g_string_new (shown);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (demo_row_get_modified (row) /
                                                             1000000000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *when = local != NULL ? g_date_time_format (local, "%c") : NULL;

  for (guint i = 0; more != NULL && more[i] != NULL; i++)
    {
      g_autofree char *other = demo_name_escape (more[i]);

      g_string_append_printf (text, "\nAlso named %s", other);
    }
  if (when != NULL)
    g_string_append_printf (text, "\nModified %s", when);
  return g_string_free (text, FALSE);
}

static void
demo_line_show_head (DemoLine *self,
                     gboolean  head)
{
  gtk_widget_set_visible (self->check, !head);
  gtk_widget_set_visible (self->detail, !head);
  if (head)
    {
      gtk_widget_add_css_class (self->title, "heading");
      gtk_widget_remove_css_class (self->note, "dim-label");
      gtk_widget_set_margin_top (GTK_WIDGET (self), 12);
    }
  else
    {
      gtk_widget_remove_css_class (self->title, "heading");
      gtk_widget_add_css_class (self->note, "dim-label");
      gtk_widget_set_margin_top (GTK_WIDGET (self), 3);
    }
}

void
demo_line_set_row (DemoLine *self,
                   DemoRow  *row)
{
  gboolean head = row != NULL && demo_row_get_kind (row) == DEMO_ROW_HEAD;
  g_autofree char *tip = NULL;

  g_clear_pointer (&self->binding, g_binding_unbind);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;
  demo_line_show_head (self, head);
  gtk_label_set_text (GTK_LABEL (self->title), demo_row_get_name (row));
  gtk_label_set_text (GTK_LABEL (self->detail), head ? "" : demo_row_get_folder (row));
  gtk_label_set_text (GTK_LABEL (self->note),
                      demo_row_get_note (row) != NULL ? demo_row_get_note (row) : "");
  if (head)
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (self), NULL);
      return;
    }
  tip = demo_line_describe (row);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tip);
  gtk_widget_set_sensitive (self->check, !demo_row_is_reference (row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  demo_row_get_name (row), -1);
  self->binding = g_object_bind_property (row, "marked", self->check, "active",
                                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

DemoRow *
demo_line_get_row (DemoLine *self)
{
  return self->row;
}

static void
demo_line_dispose (GObject *object)
{
  demo_line_set_row (DEMO_LINE (object), NULL);
  G_OBJECT_CLASS (demo_line_parent_class)->dispose (object);
}

static void
demo_line_class_init (DemoLineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_line_dispose;
}

static GtkWidget *
make_label (const char         *css_class,
            PangoEllipsizeMode  ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
on_toggled (GtkCheckButton *check)
{
  gtk_widget_activate_action (GTK_WIDGET (check), "win.marked", NULL);
}

static void
demo_line_init (DemoLine *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->check = gtk_check_button_new ();
  self->title = make_label (NULL, PANGO_ELLIPSIZE_MIDDLE);
  self->detail = make_label ("caption", PANGO_ELLIPSIZE_MIDDLE);
  self->note = make_label ("numeric", PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (self->detail, "dim-label");
  gtk_widget_set_focusable (self->check, FALSE); /* Space on the row does the same */
  g_signal_connect (self->check, "toggled", G_CALLBACK (on_toggled), NULL);
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->detail);
  gtk_box_append (GTK_BOX (self), self->check);
  gtk_box_append (GTK_BOX (self), texts);
  gtk_box_append (GTK_BOX (self), self->note);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self), 3);
  gtk_widget_set_margin_start (GTK_WIDGET (self), 6);
  gtk_widget_set_margin_end (GTK_WIDGET (self), 6);
}
