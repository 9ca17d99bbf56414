/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkErrorBar: a place in a window where errors appear. */

#include "gtk-window.h"

static LoftGtkErrorBar *
new_bar (GtkWidget **window)
{
  GtkWidget *bar = loft_gtk_error_bar_new ();

  *window = test_window_new (bar);
  return LOFT_GTK_ERROR_BAR (bar);
}

static gboolean
is_open (LoftGtkErrorBar *bar)
{
  GtkWidget *revealer = test_find (GTK_WIDGET (bar), GTK_TYPE_REVEALER);

  return gtk_revealer_get_reveal_child (GTK_REVEALER (revealer));
}

/* The bar opens for an error, and closes when the user dismisses it. */
static void
test_one (void)
{
  GtkWidget *window, *title, *close;
  LoftGtkErrorBar *bar = new_bar (&window);

  g_assert_false (is_open (bar));
  g_assert_null (loft_gtk_error_bar_get_message (bar));
  loft_gtk_error_bar_add (bar, "The file was not saved", "The disk is full");
  g_assert_true (is_open (bar));
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (bar), ==, 1);
  g_assert_cmpstr (loft_gtk_error_bar_get_title (bar), ==, "The file was not saved");
  g_assert_cmpstr (loft_gtk_error_bar_get_message (bar), ==, "The disk is full");
  title = test_find (GTK_WIDGET (bar), GTK_TYPE_LABEL);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (title)), ==, "The file was not saved");

  close = test_find (GTK_WIDGET (bar), GTK_TYPE_BUTTON);
  test_click (close);
  g_assert_false (is_open (bar));
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (bar), ==, 0);
  loft_gtk_error_bar_dismiss (bar); /* nothing is left */
  gtk_window_destroy (GTK_WINDOW (window));
}

/* No error is lost: the oldest is shown first, and one that repeats the last is not added. */
static void
test_several (void)
{
  GtkWidget *window;
  LoftGtkErrorBar *bar = new_bar (&window);

  loft_gtk_error_bar_add (bar, "Not copied", "no room");
  loft_gtk_error_bar_add (bar, NULL, "no permission");
  loft_gtk_error_bar_add (bar, NULL, "no permission");
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (bar), ==, 2);
  g_assert_cmpstr (loft_gtk_error_bar_get_message (bar), ==, "no room");
  loft_gtk_error_bar_dismiss (bar);
  g_assert_true (is_open (bar));
  g_assert_cmpstr (loft_gtk_error_bar_get_message (bar), ==, "no permission");
  g_assert_null (loft_gtk_error_bar_get_title (bar));
  loft_gtk_error_bar_dismiss (bar);
  g_assert_false (is_open (bar));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
on_notify (GObject    *bar,
           GParamSpec *property,
           gpointer    log)
{
  g_string_append_printf (log, "%s ", property->name);
}

/* What it shows can be bound: the properties notify. */
static void
test_properties (void)
{
  GtkWidget *window;
  LoftGtkErrorBar *bar = new_bar (&window);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autofree char *title = NULL, *message = NULL;
  guint n_errors;

  g_signal_connect (bar, "notify", G_CALLBACK (on_notify), log);
  loft_gtk_error_bar_add (bar, "Not copied", "no room");
  g_assert_nonnull (strstr (log->str, "n-errors"));
  g_assert_nonnull (strstr (log->str, "message"));
  g_object_get (bar, "n-errors", &n_errors, "title", &title, "message", &message, NULL);
  g_assert_cmpuint (n_errors, ==, 1);
  g_assert_cmpstr (title, ==, "Not copied");
  g_assert_cmpstr (message, ==, "no room");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Escape dismisses what is shown, while the focus is in the bar. */
static void
test_escape (void)
{
  GtkWidget *window;
  LoftGtkErrorBar *bar = new_bar (&window);
  GtkShortcut *shortcut;
  g_autoptr (GListModel) controllers = NULL;
  gboolean is_done = FALSE;

  loft_gtk_error_bar_add (bar, "Not copied", "no room");
  controllers = gtk_widget_observe_controllers (GTK_WIDGET (bar));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GListModel) shortcuts = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (shortcuts) || g_list_model_get_n_items (shortcuts) == 0)
        continue;
      shortcut = g_list_model_get_item (shortcuts, 0);
      is_done |= gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                               GTK_WIDGET (bar), NULL);
      g_object_unref (shortcut);
    }
  g_assert_true (is_done);
  g_assert_false (is_open (bar));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A name of a file need not be UTF-8, nor may the text be taken for markup. */
static void
test_odd_text (void)
{
  GtkWidget *window;
  LoftGtkErrorBar *bar = new_bar (&window);

  loft_gtk_error_bar_add (bar, "<b>a</b> & b", "file \xff");
  g_assert_true (g_utf8_validate (loft_gtk_error_bar_get_message (bar), -1, NULL));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (test_find (GTK_WIDGET (bar), GTK_TYPE_LABEL))),
                   ==, "<b>a</b> & b");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* GtkBuilder makes it by its name. */
static void
test_builder (void)
{
  const char *xml = "<interface><object class='LoftGtkErrorBar' id='bar'/></interface>";
  g_autoptr (GtkBuilder) builder = NULL;

  g_type_ensure (LOFT_GTK_TYPE_ERROR_BAR);
  builder = gtk_builder_new_from_string (xml, -1);
  g_assert_true (LOFT_GTK_IS_ERROR_BAR (gtk_builder_get_object (builder, "bar")));
}

static void
test_refused (void)
{
  g_autoptr (GtkWidget) bar = g_object_ref_sink (loft_gtk_error_bar_new ());

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*message != NULL*");
  loft_gtk_error_bar_add (LOFT_GTK_ERROR_BAR (bar), "Not copied", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (bar)), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/error-bar/one", test_one);
  g_test_add_func ("/gtk/error-bar/several", test_several);
  g_test_add_func ("/gtk/error-bar/properties", test_properties);
  g_test_add_func ("/gtk/error-bar/escape", test_escape);
  g_test_add_func ("/gtk/error-bar/odd-text", test_odd_text);
  g_test_add_func ("/gtk/error-bar/builder", test_builder);
  g_test_add_func ("/gtk/error-bar/refused", test_refused);
  return g_test_run ();
}
