/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Telling the user about an error, at the place that the window has for it. */

#include "gtk-window.h"

static GError *
new_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
}

/* A window with a page, which is a box with an error bar and a button in it. */
typedef struct
{
  GtkWidget *window;
  GtkWidget *page;
  GtkWidget *bar;
  GtkWidget *button;
  GString *log;
  GError *error;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  f->bar = loft_gtk_error_bar_new ();
  f->button = gtk_button_new ();
  gtk_box_append (GTK_BOX (f->page), f->bar);
  gtk_box_append (GTK_BOX (f->page), f->button);
  f->window = test_window_new (f->page);
  f->log = g_string_new (NULL);
  f->error = new_error ();
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_string_free (f->log, TRUE);
  g_clear_error (&f->error);
}

static guint
n_errors (Fixture *f)
{
  return loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (f->bar));
}

/* An error bar in the window is found from any of its widgets, and from the window itself. */
static void
test_bar (Fixture      *f,
          gconstpointer data)
{
  g_assert_true (loft_gtk_present_error (f->button, "Not saved", f->error));
  g_assert_cmpuint (n_errors (f), ==, 1);
  g_assert_cmpstr (loft_gtk_error_bar_get_title (LOFT_GTK_ERROR_BAR (f->bar)), ==, "Not saved");
  g_assert_cmpstr (loft_gtk_error_bar_get_message (LOFT_GTK_ERROR_BAR (f->bar)), ==,
                   "The disk is full");
  g_assert_true (loft_gtk_present_error (f->window, "Not copied", f->error));
  g_assert_cmpuint (n_errors (f), ==, 2);
}

/* Of two bars, the nearer one is used. */
static void
test_nearest_bar (Fixture      *f,
                  gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = loft_gtk_error_bar_new (), *entry = gtk_entry_new ();

  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (f->page), box);
  while (!gtk_widget_get_mapped (bar))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (loft_gtk_present_error (entry, "Not saved", f->error));
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (bar)), ==, 1);
  g_assert_cmpuint (n_errors (f), ==, 0);

  gtk_widget_set_visible (box, FALSE); /* nobody would see it there */
  g_assert_true (loft_gtk_present_error (entry, "Not saved", f->error));
  g_assert_cmpuint (n_errors (f), ==, 1);
}

/* What the user has wished is no error. */
static void
test_cancel_is_silent (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr (LoftAction) canceled = loft_action_new_canceled ();
  g_autoptr (GError) error = loft_async_info_dup_error (LOFT_ASYNC_INFO (canceled));

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (loft_gtk_present_error (f->button, "Not saved", error));
  g_assert_false (loft_gtk_present_error (f->button, "Not saved", NULL));
  g_assert_cmpuint (n_errors (f), ==, 0);
}

/* A presenter, as a program has one that shows toasts. */
static gboolean
on_present (GtkWidget    *widget,
            const char   *title,
            const GError *error,
            gpointer      user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->log, "%s: %s; ", title, error->message);
  return widget == f->page;
}

static void
on_release (gpointer data)
{
  Fixture *f = data;

  g_string_append (f->log, "released; ");
}

static void
test_presenter (Fixture      *f,
                gconstpointer data)
{
  loft_gtk_widget_set_error_presenter (f->page, on_present, f, on_release);
  g_assert_true (loft_gtk_present_error (f->button, "Not saved", f->error));
  g_assert_cmpstr (f->log->str, ==, "Not saved: The disk is full; ");
  g_assert_cmpuint (n_errors (f), ==, 0);

  g_string_set_size (f->log, 0);
  loft_gtk_widget_set_error_presenter (f->page, NULL, NULL, NULL);
  g_assert_cmpstr (f->log->str, ==, "released; ");
  g_assert_true (loft_gtk_present_error (f->button, "Not saved", f->error));
  g_assert_cmpuint (n_errors (f), ==, 1);
}

/* A presenter that declines: the next place is tried. */
static void
test_presenter_declines (Fixture      *f,
                         gconstpointer data)
{
  loft_gtk_widget_set_error_presenter (f->button, on_present, f, NULL);
  g_assert_true (loft_gtk_present_error (f->button, "Not saved", f->error));
  g_assert_cmpstr (f->log->str, ==, "Not saved: The disk is full; ");
  g_assert_cmpuint (n_errors (f), ==, 1);
  loft_gtk_widget_set_error_presenter (f->button, NULL, NULL, NULL);
}

static gboolean
on_present_once (GtkWidget    *widget,
                 const char   *title,
                 const GError *error,
                 gpointer      user_data)
{
  Fixture *f = user_data;

  loft_gtk_widget_set_error_presenter (widget, NULL, NULL, NULL);
  g_string_append (f->log, "presented; ");
  return TRUE;
}

/* A presenter removes itself. Its data is released when it has returned. */
static void
test_presenter_removes_itself (Fixture      *f,
                               gconstpointer data)
{
  loft_gtk_widget_set_error_presenter (f->page, on_present_once, f, on_release);
  g_assert_true (loft_gtk_present_error (f->button, NULL, f->error));
  g_assert_cmpstr (f->log->str, ==, "presented; released; ");
}

/* Dialogs. */

/* Returns the window that is shown above @window, or NULL. */
static GtkWindow *
find_dialog (GtkWidget *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  GtkWindow *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) each = g_list_model_get_item (toplevels, i);

      if (gtk_window_get_transient_for (each) == GTK_WINDOW (window))
        {
          g_assert_null (found); /* one at a time */
          found = each;
        }
    }
  return found;
}

static GtkWindow *
wait_for_dialog (GtkWidget *window)
{
  while (find_dialog (window) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return find_dialog (window);
}

static gboolean
has_label (GtkWidget  *widget,
           const char *text)
{
  gboolean found = GTK_IS_LABEL (widget) &&
                   strcmp (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = has_label (child, text);
  return found;
}

/* A window without a place for errors gets a dialog, and each error its own. */
static void
test_dialog (void)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *window = test_window_new (button);
  g_autoptr (GError) error = new_error ();
  GtkWindow *dialog;

  g_assert_true (loft_gtk_present_error (button, "Not saved", error));
  g_assert_true (loft_gtk_present_error (button, NULL, error));
  dialog = wait_for_dialog (window);
  g_assert_true (gtk_window_get_modal (dialog));
  g_assert_true (has_label (GTK_WIDGET (dialog), "Not saved"));
  g_assert_true (has_label (GTK_WIDGET (dialog), "The disk is full"));
  gtk_window_close (dialog);
  while (find_dialog (window) == dialog)
    g_main_context_iteration (NULL, TRUE);

  dialog = wait_for_dialog (window);
  g_assert_false (has_label (GTK_WIDGET (dialog), "Not saved"));
  g_assert_true (has_label (GTK_WIDGET (dialog), "The disk is full"));
  test_click (test_find (GTK_WIDGET (dialog), GTK_TYPE_BUTTON));
  while (find_dialog (window) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (g_object_get_data (G_OBJECT (window), "loft-gtk-error-queue"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The window is closed while its dialog is open, and others wait: all of them go with it. */
static void
test_dialog_of_a_closed_window (void)
{
  GtkWidget *window = test_window_new (gtk_button_new ());
  g_autoptr (GError) error = new_error ();

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  for (int i = 0; i < 3; i++)
    g_assert_true (loft_gtk_present_error (window, "Not saved", error));
  wait_for_dialog (window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, 0);
}

/* Nobody can be told about the error of a widget in no window, so that it goes to the log. */
static void
test_no_window (void)
{
  g_autoptr (GtkWidget) button = g_object_ref_sink (gtk_button_new ());
  g_autoptr (GtkWidget) window = g_object_ref (test_window_new (NULL));
  g_autoptr (GError) error = new_error ();

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_MESSAGE, "*Not saved*The disk is full*");
  g_assert_false (loft_gtk_present_error (button, "Not saved", error));
  g_test_assert_expected_messages ();

  gtk_window_destroy (GTK_WINDOW (window));
  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_MESSAGE, "*Not saved*The disk is full*");
  g_assert_false (loft_gtk_present_error (window, "Not saved", error));
  g_test_assert_expected_messages ();
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/gtk/present-error/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("bar", test_bar);
  ADD ("bar/nearest", test_nearest_bar);
  ADD ("cancel-is-silent", test_cancel_is_silent);
  ADD ("presenter", test_presenter);
  ADD ("presenter/declines", test_presenter_declines);
  ADD ("presenter/removes-itself", test_presenter_removes_itself);
  g_test_add_func ("/gtk/present-error/dialog", test_dialog);
  g_test_add_func ("/gtk/present-error/dialog/closed-window", test_dialog_of_a_closed_window);
  g_test_add_func ("/gtk/present-error/no-window", test_no_window);
  return g_test_run ();
}
