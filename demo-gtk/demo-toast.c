/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lies in a GtkOverlay. */

#include "demo-toast.h"

#define SECONDS 10

struct _DemoToast
{
  GtkBox parent_instance;

  GtkWidget *revealer;
  GtkWidget *label;
  GtkWidget *button;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (DemoToast, demo_toast, GTK_TYPE_BOX)

GtkWidget *
demo_toast_new (void)
{
  return g_object_new (DEMO_TYPE_TOAST, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_END, NULL);
}

void
demo_toast_hide (DemoToast *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

static gboolean
on_timeout (gpointer data)
{
  DemoToast *self = data;

  self->timeout = 0;
  demo_toast_hide (self);
  return G_SOURCE_REMOVE;
}

void
demo_toast_show (DemoToast  *self,
                 const char *text,
                 const char *button,
                 const char *action)
{
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_button_set_label (GTK_BUTTON (self->button), button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add_seconds (SECONDS, on_timeout, self);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

static void
demo_toast_dispose (GObject *object)
{
  g_clear_handle_id (&DEMO_TOAST (object)->timeout, g_source_remove);
  G_OBJECT_CLASS (demo_toast_parent_class)->dispose (object);
}

static void
demo_toast_class_init (DemoToastClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_toast_dispose;
}

static void
demo_toast_init (DemoToast *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->revealer = gtk_revealer_new ();
  self->label = gtk_label_new (NULL);
  self->button = gtk_button_new_with_label ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_button_set_use_underline (GTK_BUTTON (self->button), TRUE);
  gtk_button_set_has_frame (GTK_BUTTON (close), FALSE);
  gtk_widget_set_tooltip_text (close, "Close");
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (demo_toast_hide), self);
  gtk_widget_add_css_class (box, "app-notification");
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_box_append (GTK_BOX (box), close);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), box);
  gtk_box_append (GTK_BOX (self), self->revealer);
}
