/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tells the user about an error, at the place that the window has for it. */

#include <loft-gtk/loft-gtk-error-bar.h>
#include <loft-gtk/loft-gtk-present-error.h>

/* As data of a widget. In a reference-counted box, since a presenter may set another one. */
typedef struct
{
  LoftGtkErrorPresenter presenter;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftGtkPresenter;

static void
loft_gtk_presenter_clear (gpointer data)
{
  LoftGtkPresenter *presenter = data;

  if (presenter->destroy != NULL)
    presenter->destroy (presenter->user_data);
}

static void
loft_gtk_presenter_unref (gpointer presenter)
{
  g_rc_box_release_full (presenter, loft_gtk_presenter_clear);
}

static gboolean
loft_gtk_presenter_try (GtkWidget    *widget,
                        const char   *title,
                        const GError *error)
{
  LoftGtkPresenter *presenter = g_object_get_data (G_OBJECT (widget), "loft-gtk-presenter");
  gboolean has_presented;

  if (presenter == NULL)
    return FALSE;
  g_rc_box_acquire (presenter);
  has_presented = presenter->presenter (widget, title, error, presenter->user_data);
  loft_gtk_presenter_unref (presenter);
  return has_presented;
}

/* Returns a bar at @widget or inside it, and one that the user can see if the window is shown. */
static LoftGtkErrorBar *
loft_gtk_find_error_bar (GtkWidget *widget,
                         gboolean   is_window_shown)
{
  LoftGtkErrorBar *found = NULL;

  if (LOFT_GTK_IS_ERROR_BAR (widget))
    return !is_window_shown || gtk_widget_get_mapped (widget) ? LOFT_GTK_ERROR_BAR (widget) : NULL;
  if (GTK_IS_NATIVE (widget) && gtk_widget_get_parent (widget) != NULL)
    return NULL; /* a popover closes before the error is read */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = loft_gtk_find_error_bar (child, is_window_shown);
  return found;
}

/* Whether GTK knows the window. A destroyed one it does not, even if somebody holds it. */
static gboolean
loft_gtk_window_is_alive (GtkWidget *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels) && !found; i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      found = toplevel == window;
    }
  return found;
}

/* Dialogs. A window has one at a time: the texts of others wait in a queue, which is the window's
 * data for as long as a dialog is open. */

static void loft_gtk_error_dialog_open (GtkWindow  *window,
                                        const char *title,
                                        const char *message);

static void
loft_gtk_error_queue_free (gpointer queue)
{
  g_queue_free_full (queue, g_free);
}

static void
loft_gtk_error_dialog_add (GtkWindow  *window,
                           const char *title,
                           const char *message)
{
  GQueue *waiting = g_object_get_data (G_OBJECT (window), "loft-gtk-error-queue");

  if (waiting != NULL)
    {
      g_queue_push_tail (waiting, g_strdup (title));
      g_queue_push_tail (waiting, g_strdup (message));
      return;
    }
  g_object_set_data_full (G_OBJECT (window), "loft-gtk-error-queue", g_queue_new (),
                          loft_gtk_error_queue_free);
  loft_gtk_error_dialog_open (window, title, message);
}

static void
loft_gtk_error_dialog_closed (GtkWindow *window)
{
  GQueue *waiting = g_object_get_data (G_OBJECT (window), "loft-gtk-error-queue");

  if (waiting != NULL && waiting->length > 0 && loft_gtk_window_is_alive (GTK_WIDGET (window)))
    {
      g_autofree char *title = g_queue_pop_head (waiting);
      g_autofree char *message = g_queue_pop_head (waiting);

      loft_gtk_error_dialog_open (window, title, message);
    }
  else
    g_object_set_data (G_OBJECT (window), "loft-gtk-error-queue", NULL);
}

static gboolean
on_close_request (GtkWindow *dialog,
                  gpointer   user_data)
{
  GtkWindow *parent = gtk_window_get_transient_for (dialog);
  g_autoptr (GtkWindow) window = parent != NULL ? g_object_ref (parent) : NULL;

  gtk_window_destroy (dialog); /* first, so that there is one at a time */
  if (window != NULL)
    loft_gtk_error_dialog_closed (window);
  return TRUE;
}

static GtkWidget *
loft_gtk_error_dialog_label_new (const char *text,
                                 const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
loft_gtk_error_dialog_content_new (const char *title,
                                   const char *message)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *close = gtk_button_new_with_mnemonic (g_dgettext ("gtk40", "_Close"));

  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  if (title != NULL)
    gtk_box_append (GTK_BOX (box), loft_gtk_error_dialog_label_new (title, "title-2"));
  gtk_box_append (GTK_BOX (box), loft_gtk_error_dialog_label_new (message, NULL));
  gtk_widget_set_margin_top (close, 12);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "window.close");
  gtk_box_append (GTK_BOX (box), close);
  return box;
}

/* A window of its own, which is the same with every GTK. GtkMessageDialog is deprecated from 4.10
 * on, and GtkAlertDialog is new in 4.10. With 4.18.6, gtk_window_close () on the window of the
 * latter is answered by a critical warning of gtk_window_destroy (). */
static void
loft_gtk_error_dialog_open (GtkWindow  *window,
                            const char *title,
                            const char *message)
{
  GtkWindow *dialog = g_object_new (GTK_TYPE_WINDOW,
                                    "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT_DIALOG,
                                    "transient-for", window, "modal", TRUE,
                                    "destroy-with-parent", TRUE, "resizable", FALSE, NULL);
  GtkWidget *content = loft_gtk_error_dialog_content_new (title, message);
  GtkWidget *titlebar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *handle = gtk_window_handle_new (); /* there is no other place to drag it by */
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (shortcuts),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (dialog), shortcuts);
  gtk_widget_set_visible (titlebar, FALSE);
  gtk_window_set_titlebar (dialog, titlebar);
  gtk_window_set_title (dialog, title != NULL ? title : message); /* for lists of windows */
  gtk_window_handle_set_child (GTK_WINDOW_HANDLE (handle), content);
  gtk_window_set_child (dialog, handle);
  gtk_window_set_default_widget (dialog, gtk_widget_get_last_child (content));
  gtk_widget_add_css_class (GTK_WIDGET (dialog), "dialog");
  g_signal_connect (dialog, "close-request", G_CALLBACK (on_close_request), NULL);
  gtk_window_present (dialog);
}

/* Whether the user has wished it, and so needs not be told. */
static gboolean
loft_gtk_error_is_silent (const GError *error)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    return TRUE;
#endif
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * loft_gtk_present_error:
 * @widget: the widget to which the error belongs, which may be a window
 * @title: (nullable): what has failed, as a sentence for the user
 * @error: (nullable): the error; with %NULL nothing happens
 *
 * Tells the user about an error.
 *
 * From @widget outwards, the first of these places is used:
 *
 * 1. the presenter of a widget, which shows a toast for instance
 *    ([func@LoftGtk.widget_set_error_presenter])
 * 2. a [class@LoftGtk.ErrorBar] that the widget has somewhere in it
 * 3. a dialog of the window; of several errors, one dialog at a time
 *
 * If @widget is in no window, or its window is destroyed, the error is only written to the log,
 * since there is nobody to be told.
 *
 * A cancel (%G_IO_ERROR_CANCELLED, or a dialog of GTK that was dismissed) is silent: the user has
 * wished it.
 *
 * To be called on the thread of GTK.
 *
 * Returns: whether the user is told
 *
 * Since: 1.0
 */
gboolean
loft_gtk_present_error (GtkWidget    *widget,
                        const char   *title,
                        const GError *error)
{
  g_autoptr (GtkWidget) root = NULL;
  g_autofree char *message = NULL;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  if (error == NULL || loft_gtk_error_is_silent (error))
    return FALSE;
  if (gtk_widget_get_root (widget) != NULL)
    root = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget)));
  if (root != NULL && GTK_IS_WINDOW (root) && !loft_gtk_window_is_alive (root))
    g_clear_object (&root);
  message = g_utf8_make_valid (error->message, -1); /* it may quote the name of a file */

  for (GtkWidget *place = widget; place != NULL; place = gtk_widget_get_parent (place))
    {
      LoftGtkErrorBar *bar;

      if (loft_gtk_presenter_try (place, title, error))
        return TRUE;
      bar = root == NULL ? NULL : loft_gtk_find_error_bar (place, gtk_widget_get_mapped (root));
      if (bar != NULL)
        {
          loft_gtk_error_bar_add (bar, title, message);
          return TRUE;
        }
    }
  if (root != NULL && GTK_IS_WINDOW (root))
    {
      loft_gtk_error_dialog_add (GTK_WINDOW (root), title, message);
      return TRUE;
    }
  g_message ("An error of a widget that is in no window: %s%s%s", title != NULL ? title : "",
             title != NULL ? " " : "", message);
  return FALSE;
}

/**
 * loft_gtk_widget_set_error_presenter:
 * @widget: a widget
 * @presenter: (nullable) (scope notified) (closure user_data) (destroy destroy): what presents the
 *   errors; %NULL for none
 * @user_data: what is passed to @presenter
 * @destroy: (nullable): releases @user_data, once @presenter is not called any more
 *
 * Sets how the errors of a widget, and of all that is in it, are presented.
 *
 * Loft does not depend on libadwaita, which adds a toast by a function of its own. A program that
 * uses it shows errors as toasts with this:
 *
 * ```c
 * static gboolean
 * show_toast (GtkWidget *overlay, const char *title, const GError *error, gpointer user_data)
 * {
 *   AdwToast *toast = adw_toast_new ("");
 *
 *   adw_toast_set_use_markup (toast, FALSE);
 *   adw_toast_set_title (toast, title != NULL ? title : error->message);
 *   adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
 *   return TRUE;
 * }
 *
 * loft_gtk_widget_set_error_presenter (overlay, show_toast, NULL, NULL);
 * ```
 *
 * @destroy is called when another presenter is set, or when @widget is finalized, and not before
 * the last call of @presenter has returned.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_widget_set_error_presenter (GtkWidget             *widget,
                                     LoftGtkErrorPresenter  presenter,
                                     gpointer               user_data,
                                     GDestroyNotify         destroy)
{
  LoftGtkPresenter *data = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (presenter != NULL)
    {
      data = g_rc_box_new (LoftGtkPresenter);
      data->presenter = presenter;
      data->user_data = user_data;
      data->destroy = destroy;
    }
  else if (destroy != NULL)
    destroy (user_data);
  g_object_set_data_full (G_OBJECT (widget), "loft-gtk-presenter", data,
                          data != NULL ? loft_gtk_presenter_unref : NULL);
}
