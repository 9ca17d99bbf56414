/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of loft-gtk share: a window that the display really shows. */

#pragma once

#include "test-util.h"

#include <loft-gtk/loft-gtk.h>

/* Shows a window with @child, and waits until it is mapped. */
static inline GtkWidget *
test_window_new (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);
  return window;
}

/* Runs the main context until @observer says that its object has ended. */
static inline void
test_run_until_done (LoftAsyncObserver *observer)
{
  while (!loft_async_observer_is_done (observer))
    g_main_context_iteration (NULL, TRUE);
}

/* Runs what was posted to the main context. Unlike test_drain (), it does not wait for the frames
 * of a window that is animated, which never end. */
static inline void
test_run_posted (void)
{
  g_autoptr (LoftAsyncAction) last = loft_dispatcher_run_async (loft_dispatcher_get_default (),
                                                                LOFT_PRIORITY_NORMAL,
                                                                test_succeed, NULL, NULL);

  test_run_until_ended (NULL, last);
}

/* Returns the first widget of a type at or below @widget, in the order in which they are shown. */
static inline GtkWidget *
test_find (GtkWidget *widget,
           GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = test_find (child, type);
  return found;
}

static inline void
test_click (GtkWidget *button)
{
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}
