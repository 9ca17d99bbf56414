/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the functions of docs/gtk.md. */

#include "../test-util.h"
#include "pages-gtk.h"

/* The list is filled, and the bar follows. */
static void
test_show_all (void)
{
  g_autoptr (LoftListFeeder) rows = loft_list_feeder_new (GTK_TYPE_STRING_OBJECT);
  GtkProgressBar *bar = g_object_ref_sink (GTK_PROGRESS_BAR (gtk_progress_bar_new ()));
  g_autoptr (LoftAsyncAction) finding = show_all (rows, bar);
  g_autoptr (GtkStringObject) last = NULL;

  while (g_list_model_get_n_items (G_LIST_MODEL (rows)) < 100 ||
         gtk_progress_bar_get_fraction (bar) < 1)
    g_main_context_iteration (NULL, TRUE);
  last = g_list_model_get_item (G_LIST_MODEL (rows), 99);
  g_assert_cmpstr (gtk_string_object_get_string (last), ==, "Result 100");
  g_object_unref (bar);
}

static gboolean
on_error (GtkWidget *page, const char *title, const GError *error, gpointer shown)
{
  g_assert_cmpstr (title, ==, "The file could not be read");
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  *(gboolean *) shown = TRUE;
  return TRUE;
}

/* The error is shown, unless the window is gone. */
static void
test_read_for (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *cancel = gtk_button_new ();
  GtkWidget *spinner = gtk_spinner_new ();
  g_autoptr (LoftAsyncAction) reading = NULL, late = NULL;
  gboolean shown = FALSE;

  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_box_append (GTK_BOX (page), cancel);
  gtk_box_append (GTK_BOX (page), spinner);
  loft_gtk_widget_set_error_presenter (page, on_error, &shown, NULL);
  reading = read_for (page, GTK_BUTTON (cancel), spinner, "/nonexistent");
  while (!shown)
    g_main_context_iteration (NULL, TRUE);

  late = read_for (page, GTK_BUTTON (cancel), spinner, "/nonexistent");
  shown = FALSE; /* it may have failed before now */
  gtk_window_destroy (GTK_WINDOW (window));
  while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (late)))
    g_main_context_iteration (NULL, TRUE);
  test_drain (NULL);
  g_assert_false (shown);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pages/gtk/show-all", test_show_all);
  g_test_add_func ("/pages/gtk/read-for", test_read_for);
  return g_test_run ();
}
