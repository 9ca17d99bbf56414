/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <loft-gtk/loft-gtk-binding.h>

/**
 * loft_gtk_progress_bar_bind:
 * @bar: a progress bar
 * @observer: what the bar shows
 *
 * Lets a progress bar show how far an action has come.
 *
 * The bar's fraction and text follow those of @observer until one of the two is finalized. The bar
 * keeps @observer alive.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_progress_bar_bind (GtkProgressBar    *bar,
                            LoftAsyncObserver *observer)
{
  g_return_if_fail (GTK_IS_PROGRESS_BAR (bar));
  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (observer));

  g_object_set_data_full (G_OBJECT (bar), "loft-gtk-observer", g_object_ref (observer),
                          g_object_unref);
  g_object_bind_property (observer, "fraction", bar, "fraction", G_BINDING_SYNC_CREATE);
  g_object_bind_property (observer, "text", bar, "text", G_BINDING_SYNC_CREATE);
}
