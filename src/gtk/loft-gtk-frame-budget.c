/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkFrameBudget: tells GTK's dispatcher after each frame of a window when the next one is due.
 * It is kept as data of the window, and follows the window's frame clock from each realize to the
 * next unrealize. */

#include <loft-gtk/loft-gtk-frame-budget.h>

#define DATA_KEY "loft-gtk-frame-budget"

/* GDK sets a timer for the next frame, and rounds it to a whole ms. So the frame may begin this
 * much earlier than it is due. */
#define EARLY 500 /* µs */

/* All is for the thread of GTK only. */
typedef struct
{
  GtkWidget *window;    /* unowned: it has this struct as its data */
  GdkFrameClock *clock; /* a reference while the window is realized, or NULL */
  gint64 began;         /* when the last frame began, monotonic µs */
} LoftGtkFrameBudget;

static void
loft_gtk_frame_budget_tell (LoftGtkFrameBudget *self,
                            gint64              due)
{
  loft_dispatcher_set_frame_due (loft_dispatcher_get_default (), G_OBJECT (self->window),
                                 MAX (due - EARLY, 0));
}

/* Returns when the next frame begins, if the window goes on to draw. With a compositor that tells
 * when frames are shown, that is after the next one is shown. Otherwise GDK lets frames begin at
 * least a refresh interval apart. If the last frame took longer than that, the time has passed
 * already, and the next frame begins at once. */
static gint64
loft_gtk_frame_budget_find_due (LoftGtkFrameBudget *self,
                                gint64              now)
{
  gint64 interval, presentation;

  gdk_frame_clock_get_refresh_info (self->clock, now, &interval, &presentation);
  return presentation > now ? presentation : self->began + interval;
}

static void
on_before_paint (GdkFrameClock *clock,
                 gpointer       data)
{
  LoftGtkFrameBudget *self = data;

  self->began = g_get_monotonic_time ();
}

static void
on_after_paint (GdkFrameClock *clock,
                gpointer       data)
{
  LoftGtkFrameBudget *self = data;

  loft_gtk_frame_budget_tell (self, loft_gtk_frame_budget_find_due (self, g_get_monotonic_time ()));
}

static void
loft_gtk_frame_budget_stop (LoftGtkFrameBudget *self)
{
  if (self->clock == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  loft_gtk_frame_budget_tell (self, 0);
}

static void
loft_gtk_frame_budget_start (LoftGtkFrameBudget *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);

  loft_gtk_frame_budget_stop (self);
  if (clock == NULL)
    return;
  self->clock = g_object_ref (clock);
  self->began = g_get_monotonic_time ();
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
}

static void
on_realize (GtkWidget *window,
            gpointer   data)
{
  loft_gtk_frame_budget_start (data);
}

static void
on_unrealize (GtkWidget *window,
              gpointer   data)
{
  loft_gtk_frame_budget_stop (data);
}

static void
loft_gtk_frame_budget_free (gpointer data)
{
  loft_gtk_frame_budget_stop (data);
  g_free (data);
}

/**
 * loft_gtk_frame_budget_attach:
 * @window: a window, or another widget
 *
 * Lets work of the lanes Low and Idle of GTK's thread fill only the time that the frames of
 * @window leave.
 *
 * After each frame of @window, the default [class@Loft.Dispatcher] learns when the next one is
 * due. Its slices end before that time. From then on the lanes Low and Idle wait until the frame
 * has been drawn. [method@Loft.Dispatcher.set_frame_due] says which lanes are held back, and for
 * how long at most. Work of the lanes High and Normal is not held back.
 *
 * Several windows may be attached, with monitors of different rates: the frame that is due first
 * counts. A window that is hidden, or does not draw, holds nothing back. If a window always takes
 * longer to draw than a frame lasts, work still gets the dispatcher's
 * [property@Loft.Dispatcher:share] of the time.
 *
 * The window may be realized or not. It is followed each time it is realized, until it is
 * unrealized, so nothing has to be done when it is destroyed. If @window is attached already,
 * nothing changes.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_frame_budget_attach (GtkWidget *window)
{
  LoftGtkFrameBudget *self;

  g_return_if_fail (GTK_IS_WIDGET (window));

  if (g_object_get_data (G_OBJECT (window), DATA_KEY) != NULL)
    return;
  self = g_new0 (LoftGtkFrameBudget, 1);
  self->window = window;
  g_object_set_data_full (G_OBJECT (window), DATA_KEY, self, loft_gtk_frame_budget_free);
  /* After: the default handler of realize makes the frame clock. */
  g_signal_connect_after (window, "realize", G_CALLBACK (on_realize), self);
  g_signal_connect (window, "unrealize", G_CALLBACK (on_unrealize), self);
  if (gtk_widget_get_realized (window))
    loft_gtk_frame_budget_start (self);
}

/**
 * loft_gtk_frame_budget_detach:
 * @window: a window, or another widget
 *
 * Undoes [func@LoftGtk.frame_budget_attach].
 *
 * Nothing is held back for frames of @window any more. If @window is not attached, nothing
 * changes.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_frame_budget_detach (GtkWidget *window)
{
  LoftGtkFrameBudget *self;

  g_return_if_fail (GTK_IS_WIDGET (window));

  self = g_object_steal_data (G_OBJECT (window), DATA_KEY);
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (window, self);
  loft_gtk_frame_budget_free (self);
}
