/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Widgets that show an async object. */

#include "by-hand.h"
#include "gtk-window.h"

#include "../../src/gtk/loft-gtk-showing-private.h"

/* Progress bars. */

#define assert_fraction(bar, fraction) \
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, (fraction))

/* Returns the block that moves to and fro in a bar that pulses, or NULL. */
static GtkWidget *
find_block (GtkWidget *widget)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, "pulse") ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_block (child);
  return found;
}

static gboolean
is_pulsing (GtkWidget *bar)
{
  return find_block (bar) != NULL;
}

/* Where the block is, in pixels from the left. */
static float
get_position (GtkWidget *bar)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (find_block (bar), bar, &bounds));
  return bounds.origin.x;
}

/* A bar shows the fraction and the text of what it observes. */
static void
test_bar (void)
{
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (NULL);
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());

  loft_async_observer_set_fraction (observer, 0.25);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  assert_fraction (bar, 0.25);

  loft_async_observer_set_fraction (observer, 0.5);
  loft_async_observer_set_text (observer, "half of it");
  assert_fraction (bar, 0.5);
  g_assert_cmpstr (gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar)), ==, "half of it");
}

/* Work without progress lets the bar pulse until its end. */
static void
test_bar_pulses (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *window = test_window_new (bar);

  g_assert_false (is_pulsing (bar));
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  g_assert_true (is_pulsing (bar));
  loft_action_complete (action);
  test_run_until_done (observer);
  g_assert_false (is_pulsing (bar));
  assert_fraction (bar, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The bar pulses until the first report, and is empty after a cancel. */
static void
test_bar_before_reports (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_DOUBLE);
  g_autoptr (LoftAction) other = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *window = test_window_new (bar);

  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  g_assert_true (is_pulsing (bar));
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), 0.5);
  test_run_posted ();
  g_assert_false (is_pulsing (bar));
  assert_fraction (bar, 0.5);

  /* The observer is given other work, and the bar goes on with that. */
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (other));
  g_assert_true (is_pulsing (bar));
  loft_async_observer_cancel (observer);
  loft_action_complete (other);
  test_run_until_done (observer);
  g_assert_false (is_pulsing (bar));
  assert_fraction (bar, 0);
  loft_action_complete (action);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The frame clock moves the bar, although nothing is reported. (GTK moves a bar only for as long as
 * it is told to pulse again.) */
static void
test_bar_ticks (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *window = test_window_new (bar);

  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  for (int i = 0; i < 10; i++)
    {
      float position = get_position (bar);

      while (get_position (bar) == position)
        g_main_context_iteration (NULL, TRUE);
    }
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), NULL);
  g_assert_false (is_pulsing (bar));
  loft_action_complete (action);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Another observer replaces the first one. */
static void
test_bar_twice (void)
{
  LoftAsyncObserver *first = loft_async_observer_new (NULL);
  g_autoptr (LoftAsyncObserver) second = loft_async_observer_new (NULL);
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());

  loft_async_observer_set_fraction (second, 0.75);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), first);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), second);
  assert_fraction (bar, 0.75);
  loft_async_observer_set_fraction (first, 0.25);
  assert_fraction (bar, 0.75);
  g_assert_finalize_object (first); /* the bar has let it go */

  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), NULL);
  loft_async_observer_set_fraction (second, 0.25);
  assert_fraction (bar, 0.75);
}

static void
on_bar_notify (GObject    *bar,
               GParamSpec *property,
               gpointer    other)
{
  g_signal_handlers_disconnect_by_func (bar, on_bar_notify, other);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), other);
}

/* A handler of the bar binds it anew in the middle of a change. */
static void
test_bar_bound_by_its_handler (void)
{
  LoftAsyncObserver *observer = loft_async_observer_new (NULL);
  g_autoptr (LoftAsyncObserver) other = loft_async_observer_new (NULL);
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());

  loft_async_observer_set_text (observer, "the first");
  loft_async_observer_set_text (other, "the other");
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  g_signal_connect (bar, "notify::fraction", G_CALLBACK (on_bar_notify), other);
  loft_async_observer_set_fraction (observer, 0.5);
  g_assert_cmpstr (gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar)), ==, "the other");
  g_assert_finalize_object (observer);
}

/* Work of a class that implements the interfaces by hand. */
static void
test_bar_foreign (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (foreign));
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());
  g_autoptr (GtkWidget) cancel = g_object_ref_sink (gtk_button_new ());

  loft_async_observer_set_maximum (observer, 100);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  loft_gtk_button_bind_cancel (GTK_BUTTON (cancel), observer);
  g_assert_true (is_pulsing (bar));
  test_foreign_report (foreign, 50);
  test_run_posted ();
  assert_fraction (bar, 0.5);
  g_assert_true (gtk_widget_get_sensitive (cancel));
  test_foreign_complete (foreign);
  test_run_until_done (observer);
  assert_fraction (bar, 1);
  g_assert_false (gtk_widget_get_sensitive (cancel));
}

/* The window is closed while the work runs, and others still hold the bar. */
static void
test_destroyed (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncObserver *observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());
  GtkWidget *button = gtk_button_new (), *spinner = gtk_spinner_new (), *window;

  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), spinner);
  window = test_window_new (box);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  loft_gtk_button_bind_cancel (GTK_BUTTON (button), observer);
  loft_gtk_spinner_bind (spinner, observer);
  loft_gtk_widget_bind_errors (window, observer, "Not done");
  gtk_window_destroy (GTK_WINDOW (window));

  loft_action_complete (action);
  test_run_posted ();
  g_assert_true (loft_async_observer_is_done (observer));
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), NULL);
  g_assert_finalize_object (observer);
}

/* Buttons that cancel. */

static void
test_cancel (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) next = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (NULL);
  GtkWidget *button = gtk_button_new_with_label ("Cancel");
  GtkWidget *window = test_window_new (button);

  loft_gtk_button_bind_cancel (GTK_BUTTON (button), observer);
  g_assert_false (gtk_widget_get_sensitive (button)); /* there is nothing to cancel */
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (action));
  g_assert_true (gtk_widget_get_sensitive (button));

  test_click (button);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)));
  g_assert_false (gtk_widget_get_sensitive (button)); /* it is cancelling */
  g_assert_false (loft_async_observer_is_done (observer));
  loft_action_complete (action);
  test_run_until_done (observer);
  g_assert_false (gtk_widget_get_sensitive (button));

  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (next));
  g_assert_true (gtk_widget_get_sensitive (button));
  loft_action_complete (next);
  test_run_until_done (observer);
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A button that is bound twice cancels the second object only. */
static void
test_cancel_twice (void)
{
  g_autoptr (LoftAction) first = loft_action_new (), second = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (first));
  g_autoptr (LoftAsyncObserver) other = loft_async_observer_new (LOFT_ASYNC_INFO (second));
  g_autoptr (GtkWidget) button = g_object_ref_sink (gtk_button_new ());

  loft_gtk_button_bind_cancel (GTK_BUTTON (button), observer);
  loft_gtk_button_bind_cancel (GTK_BUTTON (button), other);
  test_click (button);
  g_assert_false (loft_async_info_is_canceled (LOFT_ASYNC_INFO (first)));
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (second)));
  loft_gtk_button_bind_cancel (GTK_BUTTON (button), NULL);
  g_assert_false (gtk_widget_get_sensitive (button));
  loft_action_complete (first);
  loft_action_complete (second);
  test_run_posted ();
}

/* An action can be bound in one line, and the binding holds what is needed. */
static void
test_cancel_from_an_action (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GtkWidget) button = g_object_ref_sink (gtk_button_new ());

  {
    g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
    loft_gtk_button_bind_cancel (GTK_BUTTON (button), observer);
  }
  test_click (button);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)));
  loft_action_complete (action);
  test_run_posted ();
}

/* Spinners. */

/* Work that ends within 150 ms is never shown. */
static void
test_short (void)
{
  LoftGtkShowing showing = { 0 };

  g_assert_cmpint (loft_gtk_showing_update (&showing, TRUE, 1000), ==, 150000);
  g_assert_cmpint (loft_gtk_showing_update (&showing, TRUE, 100000), ==, 51000);
  g_assert_cmpint (loft_gtk_showing_update (&showing, FALSE, 150999), ==, -1);
  g_assert_false (showing.is_shown);
  /* The next work has its own 150 ms. */
  g_assert_cmpint (loft_gtk_showing_update (&showing, TRUE, 151000), ==, 150000);
  g_assert_false (showing.is_shown);
}

/* Longer work is shown, and for 300 ms at least. */
static void
test_long (void)
{
  LoftGtkShowing showing = { 0 };

  loft_gtk_showing_update (&showing, TRUE, 0);
  g_assert_cmpint (loft_gtk_showing_update (&showing, TRUE, 150000), ==, -1);
  g_assert_true (showing.is_shown);
  g_assert_cmpint (loft_gtk_showing_update (&showing, FALSE, 151000), ==, 299000);
  g_assert_true (showing.is_shown);
  g_assert_cmpint (loft_gtk_showing_update (&showing, FALSE, 450000), ==, -1);
  g_assert_false (showing.is_shown);
}

/* If other work begins while the end of the first is not shown yet, it goes on being shown. */
static void
test_next (void)
{
  LoftGtkShowing showing = { 0 };

  loft_gtk_showing_update (&showing, TRUE, 0);
  loft_gtk_showing_update (&showing, TRUE, 160000);
  loft_gtk_showing_update (&showing, FALSE, 170000);
  g_assert_cmpint (loft_gtk_showing_update (&showing, TRUE, 180000), ==, -1);
  g_assert_true (showing.is_shown);
  g_assert_cmpint (loft_gtk_showing_update (&showing, FALSE, 900000), ==, -1);
  g_assert_false (showing.is_shown);
}

static void
assert_spins (LoftAction *action,
              GtkWidget  *spinner,
              const char *property)
{
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *window = test_window_new (spinner);
  gboolean is_shown;

  loft_gtk_spinner_bind (spinner, observer);
  g_object_get (spinner, property, &is_shown, NULL);
  g_assert_false (is_shown);
  while (!is_shown)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (spinner, property, &is_shown, NULL);
    }
  g_assert_false (loft_async_observer_is_done (observer));
  loft_action_complete (action);
  while (is_shown)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (spinner, property, &is_shown, NULL);
    }
  g_assert_true (loft_async_observer_is_done (observer));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* With the real clock: the spinner begins some time after the work, and ends after it. */
static void
test_spinner (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  assert_spins (action, gtk_spinner_new (), "spinning");
}

/* A label can take the place of a spinner. */
static void
test_label_as_spinner (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  assert_spins (action, gtk_label_new ("Searching…"), "visible");
}

/* A spinner that is bound to nothing stops, and one that is destroyed leaves no timer. */
static void
test_spinner_ends (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncObserver *observer = loft_async_observer_new (LOFT_ASYNC_INFO (action));
  GtkWidget *spinner = g_object_ref_sink (gtk_spinner_new ());

  loft_gtk_spinner_bind (spinner, observer);
  while (!gtk_spinner_get_spinning (GTK_SPINNER (spinner)))
    g_main_context_iteration (NULL, TRUE);
  loft_gtk_spinner_bind (spinner, NULL);
  g_assert_false (gtk_spinner_get_spinning (GTK_SPINNER (spinner)));
  loft_gtk_spinner_bind (spinner, observer);
  g_assert_finalize_object (spinner);
  g_assert_finalize_object (observer);
  loft_action_complete (action);
  test_run_posted ();
}

/* Errors. */

static gboolean
on_error (GtkWidget    *widget,
          const char   *title,
          const GError *error,
          gpointer      log)
{
  g_string_append_printf (log, "%s: %s; ", title, error->message);
  return TRUE;
}

/* Each failure is presented once, and a cancel never. */
static void
test_errors (void)
{
  GError *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no room");
  g_autoptr (LoftAction) failed = loft_action_new_failed (g_error_copy (error));
  g_autoptr (LoftAction) again = loft_action_new_failed (g_steal_pointer (&error));
  g_autoptr (LoftAction) canceled = loft_action_new_canceled ();
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncObserver) observer = loft_async_observer_new (LOFT_ASYNC_INFO (failed));
  g_autoptr (GString) log = g_string_new (NULL);
  GtkWidget *page = gtk_label_new (NULL);
  GtkWidget *window = test_window_new (page);

  loft_gtk_widget_set_error_presenter (window, on_error, log, NULL);
  loft_gtk_widget_bind_errors (page, observer, "Not copied");
  g_assert_cmpstr (log->str, ==, "Not copied: no room; ");
  loft_async_observer_set_text (observer, "a notify that changes nothing");
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (canceled));
  g_assert_cmpstr (log->str, ==, "Not copied: no room; ");
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (failed));
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (again));
  g_assert_cmpstr (log->str, ==, "Not copied: no room; Not copied: no room; "
                                 "Not copied: no room; ");

  g_string_set_size (log, 0);
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (later));
  loft_async_base_fail (LOFT_ASYNC_BASE (later), g_error_new_literal (G_IO_ERROR,
                                                                      G_IO_ERROR_FAILED, "late"));
  test_run_until_done (observer);
  g_assert_cmpstr (log->str, ==, "Not copied: late; ");
  loft_gtk_widget_bind_errors (page, NULL, NULL);
  loft_async_observer_set_action (observer, LOFT_ASYNC_INFO (failed));
  g_assert_cmpstr (log->str, ==, "Not copied: late; ");
  gtk_window_destroy (GTK_WINDOW (window));
  test_run_posted ();
}

/* What is no widget or no observer is refused. */
static void
test_refused (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  g_autoptr (GtkWidget) bar = g_object_ref_sink (gtk_progress_bar_new ());

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*GTK_IS_PROGRESS_BAR*");
  loft_gtk_progress_bar_bind (NULL, NULL);
  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*GTK_IS_BUTTON*");
  loft_gtk_button_bind_cancel ((GtkButton *) bar, NULL);
  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*LOFT_IS_ASYNC_OBSERVER*");
  loft_gtk_spinner_bind (bar, (LoftAsyncObserver *) action);
  g_test_assert_expected_messages ();
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/binding/bar", test_bar);
  g_test_add_func ("/gtk/binding/bar/pulses", test_bar_pulses);
  g_test_add_func ("/gtk/binding/bar/before-reports", test_bar_before_reports);
  g_test_add_func ("/gtk/binding/bar/ticks", test_bar_ticks);
  g_test_add_func ("/gtk/binding/bar/twice", test_bar_twice);
  g_test_add_func ("/gtk/binding/bar/bound-by-its-handler", test_bar_bound_by_its_handler);
  g_test_add_func ("/gtk/binding/bar/foreign", test_bar_foreign);
  g_test_add_func ("/gtk/binding/destroyed", test_destroyed);
  g_test_add_func ("/gtk/binding/cancel", test_cancel);
  g_test_add_func ("/gtk/binding/cancel/twice", test_cancel_twice);
  g_test_add_func ("/gtk/binding/cancel/from-an-action", test_cancel_from_an_action);
  g_test_add_func ("/gtk/binding/showing/short", test_short);
  g_test_add_func ("/gtk/binding/showing/long", test_long);
  g_test_add_func ("/gtk/binding/showing/next", test_next);
  g_test_add_func ("/gtk/binding/spinner", test_spinner);
  g_test_add_func ("/gtk/binding/spinner/label", test_label_as_spinner);
  g_test_add_func ("/gtk/binding/spinner/ends", test_spinner_ends);
  g_test_add_func ("/gtk/binding/errors", test_errors);
  g_test_add_func ("/gtk/binding/refused", test_refused);
  return g_test_run ();
}
