/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkBinding: a widget that shows what an observer knows.
 *
 * A widget has at most one binding of each kind, as data under the name of the kind. A binding
 * holds the observer, and ends when the widget is destroyed, when another one of its kind replaces
 * it, or when the widget is bound to NULL. */

#include <loft-gtk/loft-gtk-binding.h>
#include <loft-gtk/loft-gtk-present-error.h>

#include "loft-gtk-showing-private.h"

/* How often a bar is told to pulse. GTK itself moves the bar in between. */
#define PULSE_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)

typedef struct _LoftGtkBinding LoftGtkBinding;

/* In a reference-counted box, since a widget that changes may be bound anew by its own handler. */
struct _LoftGtkBinding
{
  /* constant after init, for as long as the widget is bound */
  GtkWidget *widget;           /* which has the binding; NULL: it has no longer */
  LoftAsyncObserver *observer; /* strong */
  void (*show) (LoftGtkBinding *binding);

  gulong notify_id;
  gulong destroy_id;

  /* a progress bar's */
  guint tick_id;               /* 0: it does not pulse */
  gint64 pulsed;               /* when it was last told to; µs of the frame clock */

  /* a button's */
  gulong clicked_id;

  /* a spinner's */
  LoftDispatcherTimer *timer;  /* strong */
  LoftGtkShowing showing;

  /* those of errors */
  char *title;                 /* NULL: none */
  gboolean has_presented;      /* the error of the object that has ended */
  guint64 presented;           /* the id of that object; 0: it was dropped */
};

static void
loft_gtk_binding_clear (gpointer data)
{
  LoftGtkBinding *binding = data;

  g_object_unref (binding->observer);
  g_free (binding->title);
}

static void
loft_gtk_binding_unref (LoftGtkBinding *binding)
{
  g_rc_box_release_full (binding, loft_gtk_binding_clear);
}

static gboolean
loft_gtk_binding_is_running (LoftGtkBinding *binding)
{
  g_autoptr (LoftAsyncInfo) action = loft_async_observer_dup_action (binding->observer);

  return action != NULL && !loft_async_observer_is_done (binding->observer);
}

static void
loft_gtk_binding_show (LoftGtkBinding *binding)
{
  g_rc_box_acquire (binding);
  if (binding->widget != NULL)
    binding->show (binding);
  loft_gtk_binding_unref (binding);
}

/* The destroy notify of the widget's data. */
static void
loft_gtk_binding_end (gpointer data)
{
  LoftGtkBinding *binding = data;
  GtkWidget *widget = g_steal_pointer (&binding->widget);

  g_clear_signal_handler (&binding->notify_id, binding->observer);
  g_clear_signal_handler (&binding->destroy_id, widget);
  g_clear_signal_handler (&binding->clicked_id, widget);
  if (binding->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, binding->tick_id);
  if (binding->timer != NULL)
    {
      loft_dispatcher_timer_stop (binding->timer);
      g_signal_handlers_disconnect_by_data (binding->timer, binding);
      g_clear_object (&binding->timer);
    }
  loft_gtk_binding_unref (binding);
}

static void
on_widget_destroyed (GtkWidget  *widget,
                     const char *kind)
{
  g_object_set_data (G_OBJECT (widget), kind, NULL);
}

/* Ends the binding of this @kind, and makes another one if @observer is not NULL. */
static LoftGtkBinding *
loft_gtk_binding_new (GtkWidget         *widget,
                      const char        *kind,
                      LoftAsyncObserver *observer,
                      void             (*show) (LoftGtkBinding *binding))
{
  LoftGtkBinding *binding;

  g_object_set_data (G_OBJECT (widget), kind, NULL);
  if (observer == NULL)
    return NULL;

  binding = g_rc_box_new0 (LoftGtkBinding);
  binding->widget = widget;
  binding->observer = g_object_ref (observer);
  binding->show = show;
  binding->notify_id = g_signal_connect_swapped (observer, "notify",
                                                 G_CALLBACK (loft_gtk_binding_show), binding);
  /* Not only when the widget is finalized: a destroyed one must not be touched. */
  binding->destroy_id = g_signal_connect (widget, "destroy", G_CALLBACK (on_widget_destroyed),
                                          (gpointer) kind);
  g_object_set_data_full (G_OBJECT (widget), kind, binding, loft_gtk_binding_end);
  return binding;
}

/* A progress bar. */

static gboolean
on_tick (GtkWidget     *bar,
         GdkFrameClock *clock,
         gpointer       data)
{
  LoftGtkBinding *binding = data;
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  if (now - binding->pulsed >= PULSE_INTERVAL)
    {
      binding->pulsed = now;
      gtk_progress_bar_pulse (GTK_PROGRESS_BAR (bar));
    }
  return G_SOURCE_CONTINUE;
}

static void
loft_gtk_binding_show_bar (LoftGtkBinding *binding)
{
  GtkProgressBar *bar = GTK_PROGRESS_BAR (binding->widget);
  double fraction = loft_async_observer_get_fraction (binding->observer);
  const char *text = loft_async_observer_get_text (binding->observer);

  if (fraction < 0 && loft_gtk_binding_is_running (binding))
    {
      if (binding->tick_id == 0)
        {
          gtk_progress_bar_pulse (bar);
          binding->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (bar), on_tick, binding,
                                                           NULL);
        }
    }
  else
    {
      if (binding->tick_id != 0)
        gtk_widget_remove_tick_callback (GTK_WIDGET (bar), binding->tick_id);
      binding->tick_id = 0;
      gtk_progress_bar_set_fraction (bar, MAX (fraction, 0)); /* which ends a pulse, too */
    }
  if (binding->widget != NULL && g_strcmp0 (gtk_progress_bar_get_text (bar), text) != 0)
    gtk_progress_bar_set_text (bar, text);
}

/**
 * loft_gtk_progress_bar_bind:
 * @bar: a progress bar
 * @observer: (nullable): what the bar shows; %NULL to end that
 *
 * Lets a progress bar show how far an async object has come.
 *
 * ```c
 * g_autoptr (LoftAsyncObserver) copying = loft_async_observer_new (LOFT_ASYNC_INFO (action));
 *
 * loft_gtk_progress_bar_bind (bar, copying);
 * loft_gtk_button_bind_cancel (cancel, copying);
 * ```
 *
 * The bar takes over the fraction and the text of @observer. While the object runs and its fraction
 * is not known, the bar pulses: with work that was made without progress, with work that reports
 * only text, and before the first report. It pulses in time with the frames of its window, and not
 * at all while it is not in a window.
 *
 * If @observer is given another object, the bar goes on with that. A bar shows one observer, and
 * another call replaces it. The bar holds @observer until the bar is destroyed. If it is bound to
 * %NULL, it does not pulse any more, and otherwise stays as it is.
 *
 * To be called on the thread of GTK, which must be the home of @observer.
 *
 * Since: 1.0
 */
void
loft_gtk_progress_bar_bind (GtkProgressBar    *bar,
                            LoftAsyncObserver *observer)
{
  LoftGtkBinding *binding;

  g_return_if_fail (GTK_IS_PROGRESS_BAR (bar));
  g_return_if_fail (observer == NULL || LOFT_IS_ASYNC_OBSERVER (observer));

  binding = g_object_get_data (G_OBJECT (bar), "loft-gtk-progress");
  if (observer == NULL && binding != NULL && binding->tick_id != 0)
    gtk_progress_bar_set_fraction (bar, 0);
  binding = loft_gtk_binding_new (GTK_WIDGET (bar), "loft-gtk-progress", observer,
                                  loft_gtk_binding_show_bar);
  if (binding != NULL)
    loft_gtk_binding_show (binding);
}

/* A button that cancels. */

static void
on_clicked (GtkButton      *button,
            LoftGtkBinding *binding)
{
  loft_async_observer_cancel (binding->observer);
}

static void
loft_gtk_binding_show_cancel (LoftGtkBinding *binding)
{
  LoftAsyncStatus status = loft_async_observer_get_status (binding->observer);

  gtk_widget_set_sensitive (binding->widget, loft_gtk_binding_is_running (binding) &&
                                               status != LOFT_ASYNC_STATUS_CANCELED);
}

/**
 * loft_gtk_button_bind_cancel:
 * @button: a button
 * @observer: (nullable): what a click cancels; %NULL to end that
 *
 * Lets a button cancel an async object.
 *
 * The button is sensitive only while the object runs and is not cancelled yet. To show that a
 * cancelled object is still ending, look at [property@Loft.AsyncObserver:status] and
 * [property@Loft.AsyncObserver:is-done]:
 *
 * ```c
 * static void
 * on_status (LoftAsyncObserver *copying, GParamSpec *property, GtkButton *cancel)
 * {
 *   gboolean is_ending = loft_async_observer_get_status (copying) == LOFT_ASYNC_STATUS_CANCELED &&
 *                        !loft_async_observer_is_done (copying);
 *
 *   gtk_button_set_label (cancel, is_ending ? _("Cancelling…") : _("Cancel"));
 * }
 *
 * g_signal_connect_object (copying, "notify", G_CALLBACK (on_status), cancel, 0);
 * ```
 *
 * A button cancels one observer, and another call replaces it. The button holds @observer until the
 * button is destroyed. If it is bound to %NULL, it becomes insensitive.
 *
 * To be called on the thread of GTK, which must be the home of @observer.
 *
 * Since: 1.0
 */
void
loft_gtk_button_bind_cancel (GtkButton         *button,
                             LoftAsyncObserver *observer)
{
  LoftGtkBinding *binding;

  g_return_if_fail (GTK_IS_BUTTON (button));
  g_return_if_fail (observer == NULL || LOFT_IS_ASYNC_OBSERVER (observer));

  binding = loft_gtk_binding_new (GTK_WIDGET (button), "loft-gtk-cancel", observer,
                                  loft_gtk_binding_show_cancel);
  if (binding == NULL)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
      return;
    }
  binding->clicked_id = g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), binding);
  loft_gtk_binding_show (binding);
}

/* A spinner. */

static void
loft_gtk_spin (GtkWidget *spinner,
               gboolean   is_shown)
{
  if (GTK_IS_SPINNER (spinner))
    gtk_spinner_set_spinning (GTK_SPINNER (spinner), is_shown);
  else
    gtk_widget_set_visible (spinner, is_shown);
}

static void
loft_gtk_binding_show_spinner (LoftGtkBinding *binding)
{
  gboolean was_shown = binding->showing.is_shown;
  gint64 wait = loft_gtk_showing_update (&binding->showing, loft_gtk_binding_is_running (binding),
                                         g_get_monotonic_time ());

  if (wait >= 0)
    {
      loft_dispatcher_timer_set_interval (binding->timer, wait);
      loft_dispatcher_timer_start (binding->timer);
    }
  else
    loft_dispatcher_timer_stop (binding->timer);
  if (binding->showing.is_shown != was_shown)
    loft_gtk_spin (binding->widget, binding->showing.is_shown);
}

/**
 * loft_gtk_spinner_bind:
 * @spinner: a spinner, or another widget to show
 * @observer: (nullable): whose object it shows the running of; %NULL to end that
 *
 * Lets a spinner spin while an async object runs.
 *
 * The spinner begins when the object has run for 150 ms, so that work that is over in a moment does
 * not make it flash. It then spins for 300 ms at least.
 *
 * A `GtkSpinner` that does not spin is not drawn, but keeps its place, so that nothing moves when
 * it begins. Of every other widget, such as an `AdwSpinner` or a label, the property `visible` is
 * set instead. (For a `GtkSpinner` that takes no place, bind its `visible` to its `spinning`.)
 *
 * A spinner shows one observer, and another call replaces it. The spinner holds @observer until the
 * spinner is destroyed. If it is bound to %NULL, it stops.
 *
 * To be called on the thread of GTK, which must be the home of @observer.
 *
 * Since: 1.0
 */
void
loft_gtk_spinner_bind (GtkWidget         *spinner,
                       LoftAsyncObserver *observer)
{
  LoftGtkBinding *binding;

  g_return_if_fail (GTK_IS_WIDGET (spinner));
  g_return_if_fail (observer == NULL || LOFT_IS_ASYNC_OBSERVER (observer));

  binding = loft_gtk_binding_new (spinner, "loft-gtk-spinner", observer,
                                  loft_gtk_binding_show_spinner);
  if (binding != NULL)
    {
      binding->timer = loft_dispatcher_create_timer (loft_dispatcher_get_default ());
      loft_dispatcher_timer_set_is_repeating (binding->timer, FALSE);
      loft_dispatcher_timer_set_priority (binding->timer, LOFT_PRIORITY_NORMAL);
      g_signal_connect_swapped (binding->timer, "tick", G_CALLBACK (loft_gtk_binding_show),
                                binding);
    }
  loft_gtk_spin (spinner, FALSE);
  /* The handlers of that may have bound it anew. */
  binding = g_object_get_data (G_OBJECT (spinner), "loft-gtk-spinner");
  if (binding != NULL && binding->observer == observer)
    loft_gtk_binding_show (binding);
}

/* Errors. */

static void
loft_gtk_binding_present (LoftGtkBinding *binding)
{
  const GError *error = loft_async_observer_get_error (binding->observer);
  gboolean is_over = error != NULL && loft_async_observer_is_done (binding->observer);
  g_autoptr (LoftAsyncInfo) action = loft_async_observer_dup_action (binding->observer);
  guint64 id = action != NULL ? loft_async_info_get_id (action) : 0;

  if (is_over && !(binding->has_presented && binding->presented == id))
    {
      g_autoptr (GError) copy = g_error_copy (error); /* a presenter may turn to other work */

      binding->has_presented = TRUE;
      binding->presented = id;
      loft_gtk_present_error (binding->widget, binding->title, copy);
    }
  else if (!is_over)
    binding->has_presented = FALSE;
}

/**
 * loft_gtk_widget_bind_errors:
 * @widget: a widget
 * @observer: (nullable): whose errors are presented; %NULL to end that
 * @title: (nullable): what has failed, as a sentence for the user
 *
 * Presents the errors of an async object, as [func@LoftGtk.present_error] does.
 *
 * This happens when the object ends, and at once if it has ended already. A cancel is silent. If
 * @observer is given another object, the errors of that one are presented. @widget can be the
 * window, or a part of it, such as the page that shows the work.
 *
 * A widget presents the errors of one observer, and another call replaces it. The widget holds
 * @observer until the widget is destroyed.
 *
 * To be called on the thread of GTK, which must be the home of @observer.
 *
 * Since: 1.0
 */
void
loft_gtk_widget_bind_errors (GtkWidget         *widget,
                             LoftAsyncObserver *observer,
                             const char        *title)
{
  LoftGtkBinding *binding;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (observer == NULL || LOFT_IS_ASYNC_OBSERVER (observer));

  binding = loft_gtk_binding_new (widget, "loft-gtk-errors", observer, loft_gtk_binding_present);
  if (binding == NULL)
    return;
  binding->title = g_strdup (title);
  loft_gtk_binding_show (binding);
}
