/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Widgets that show an action. */

#include <loft-gtk/loft-gtk.h>

/* A bar shows the fraction and the text of what it observes. */
static void
test_bar (void)
{
  LoftAsyncObserver *observer = loft_async_observer_new (NULL);
  GtkWidget *bar = g_object_ref_sink (gtk_progress_bar_new ());

  loft_async_observer_set_fraction (observer, 0.25);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, 0.25);

  loft_async_observer_set_fraction (observer, 0.5);
  loft_async_observer_set_text (observer, "half of it");
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, 0.5);
  g_assert_cmpstr (gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar)), ==, "half of it");

  g_object_unref (observer);
  g_object_unref (bar);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/binding/bar", test_bar);
  return g_test_run ();
}
