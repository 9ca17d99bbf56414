/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the function of docs/gtk.md: the list is filled, and the bar follows. */

#include "pages-gtk.h"

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

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pages/gtk/show-all", test_show_all);
  return g_test_run ();
}
