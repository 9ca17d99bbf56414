/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GtkMessageDialog is deprecated in later versions of GTK, what follows it is not in 4.8, and a
 * window with a few buttons is short. */

#include "demo-question.h"

static void
on_answer (GtkButton *button)
{
  GtkWidget *dialog = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (button)));
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  const char *action = g_object_get_data (G_OBJECT (button), "demo-action");

  gtk_window_destroy (GTK_WINDOW (dialog));
  if (action != NULL && parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), action, NULL);
}

static gboolean
on_escape (GtkWidget *dialog,
           GVariant  *arguments,
           gpointer   data)
{
  gtk_window_close (GTK_WINDOW (dialog));
  return TRUE;
}

static GtkWidget *
make_label (const char *text,
            const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_content (const char *title,
              const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (GTK_BOX (box), make_label (title, "title-2"));
  gtk_box_append (GTK_BOX (box), make_label (text, NULL));
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  return box;
}

static GtkWidget *
make_answers (GtkWidget        *dialog,
              const DemoAnswer *answers,
              guint             n_answers)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_margin_top (box, 12);
  for (guint i = 0; i < n_answers; i++)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (answers[i].label);

      if (answers[i].css_class != NULL)
        gtk_widget_add_css_class (button, answers[i].css_class);
      g_object_set_data (G_OBJECT (button), "demo-action", (gpointer) answers[i].action);
      g_signal_connect (button, "clicked", G_CALLBACK (on_answer), NULL);
      gtk_box_append (GTK_BOX (box), button);
      gtk_window_set_focus (GTK_WINDOW (dialog), button);
    }
  return box;
}

void
demo_question_present (GtkWindow        *parent,
                       const char       *title,
                       const char       *text,
                       const DemoAnswer *answers,
                       guint             n_answers)
{
  GtkWidget *dialog = g_object_new (GTK_TYPE_WINDOW, "transient-for", parent, "modal", TRUE,
                                    "resizable", FALSE, "title", title, "destroy-with-parent",
                                    TRUE, NULL);
  GtkWidget *box = make_content (title, text);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkWidget *no_bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_visible (no_bar, FALSE);
  gtk_window_set_titlebar (GTK_WINDOW (dialog), no_bar);
  gtk_window_set_child (GTK_WINDOW (dialog), box);
  gtk_box_append (GTK_BOX (box), make_answers (dialog, answers, n_answers));
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (dialog, keys);
  gtk_window_present (GTK_WINDOW (dialog));
}
