/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page "Dispatchers" of GTK's Inspector, in a program that links GTK and Loft only.
 *
 * With LOFT_SCREENSHOTS in the environment, pictures of the page are written into that folder; with
 * LOFT_DARK too, they are dark. */

#include <gtk/gtk.h>
#include <loft/loft.h>

#include <string.h>

static GtkWidget *
find (GtkWidget *from,
      gboolean (*matches) (GtkWidget *widget, const char *text),
      const char *text)
{
  GtkWidget *found = matches (from, text) ? from : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, matches, text);
  return found;
}

static gboolean
is_of_type (GtkWidget  *widget,
            const char *name)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), name);
}

static gboolean
says (GtkWidget  *widget,
      const char *text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
has_tooltip (GtkWidget  *widget,
             const char *text)
{
  return GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0;
}

/* Returns the page of an Inspector that is open. */
static GtkWidget *
find_page (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *page = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows) && page == NULL; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      page = find (window, is_of_type, "LoftGtkInspectorPage");
    }
  return page;
}

static void
show_table (GtkWidget  *page,
            const char *name)
{
  GtkWidget *stack = find (page, is_of_type, "GtkStack");

  gtk_stack_set_visible_child_name (GTK_STACK (stack), name);
}

static void
wait_for_text (GtkWidget  *page,
               const char *text)
{
  while (find (page, says, text) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_timeout (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
take_picture (GtkWidget  *page,
              const char *name)
{
  const char *folder = g_getenv ("LOFT_SCREENSHOTS");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (page));
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  GtkSnapshot *snapshot;
  gboolean over = FALSE;

  if (folder == NULL)
    return;
  g_timeout_add (1200, on_timeout, &over); /* so that what moves has come to rest */
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  paintable = gtk_widget_paintable_new (window);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), gtk_widget_get_width (window),
                          gtk_widget_get_height (window));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  path = g_strdup_printf ("%s/%s.png", folder, name);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static void
pass_time (gpointer span)
{
  gint64 end = g_get_monotonic_time () + GPOINTER_TO_INT (span);

  while (g_get_monotonic_time () < end)
    ;
}

/* Posts something of each kind. */
static void
make_work (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();

  for (gint i = 0; i < 40; i++)
    g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL, pass_time,
                                                GINT_TO_POINTER (i * 20), NULL));
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_HIGH, pass_time,
                                              GINT_TO_POINTER (300), NULL));
}

static gboolean
wait_for_gate (LoftAsyncAction *action,
               gpointer         gate,
               GError         **error)
{
  return loft_async_action_get (gate, error);
}

static GtkWidget *
open_page (void)
{
  GtkWidget *page;

  gtk_window_set_interactive_debugging (TRUE);
  page = find_page ();
  g_assert_nonnull (page);
  /* The Inspector has a display, and settings, of its own. */
  if (g_getenv ("LOFT_DARK") != NULL)
    g_object_set (gtk_settings_get_for_display (gtk_widget_get_display (page)),
                  "gtk-application-prefer-dark-theme", TRUE, NULL);
  gtk_stack_set_visible_child (GTK_STACK (gtk_widget_get_parent (page)), page);
  while (!gtk_widget_get_mapped (page))
    g_main_context_iteration (NULL, TRUE);
  return page;
}

static void
test_page (void)
{
  GtkWidget *window = gtk_window_new (), *page;
  g_autoptr (LoftAction) gate = NULL;
  g_autoptr (LoftAsyncAction) waits = NULL;
  g_autofree char *title = NULL;
  GtkWidget *copy, *freeze, *search;
  g_autoptr (GPtrArray) before = NULL, after = NULL;

  gtk_window_present (GTK_WINDOW (window));
  page = open_page ();
  g_object_get (page, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "Dispatchers");

  /* Who has posted what, and the slowest of it. */
  make_work ();
  show_table (page, "slowest");
  wait_for_text (page, "make_work () at ");
  take_picture (page, "inspector-slowest");
  show_table (page, "lanes");
  wait_for_text (page, "make_work () at ");
  g_assert_nonnull (find (page, says, "Thread pool"));
  take_picture (page, "inspector-lanes");

  /* A worker that waits for an action which nobody has ended yet. */
  gate = loft_action_new ();
  waits = loft_thread_pool_run_async (wait_for_gate, gate, NULL);
  show_table (page, "actions");
  wait_for_text (page, "test_page () at ");
  g_assert_nonnull (find (page, says, "LoftAction"));
  take_picture (page, "inspector-actions");
  show_table (page, "running");
  wait_for_text (page, "test_page () at ");
  take_picture (page, "inspector-running");

  /* A frozen page keeps what it shows. */
  freeze = find (page, has_tooltip, "Freeze");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (freeze), TRUE);
  loft_action_complete (gate);
  while (loft_async_info_get_status (LOFT_ASYNC_INFO (waits)) == LOFT_ASYNC_STATUS_STARTED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (find (page, says, "test_page () at "));

  /* It is copied as text, and searched. */
  copy = find (page, has_tooltip, "Copy as text");
  g_signal_emit_by_name (copy, "clicked");
  g_assert_nonnull (gdk_clipboard_get_content (gtk_widget_get_clipboard (page)));
  search = find (page, is_of_type, "GtkSearchEntry");
  gtk_editable_set_text (GTK_EDITABLE (search), "nothing is called this");
  while (find (page, says, "Nothing runs") == NULL)
    g_main_context_iteration (NULL, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (search), "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (freeze), FALSE);
  wait_for_text (page, "Nothing runs");

  /* Once it is closed, nothing is observed. */
  before = loft_diagnosis_list_slowest (loft_dispatcher_get_default (), 0);
  g_assert_cmpuint (before->len, >, 0);
  gtk_window_set_interactive_debugging (FALSE);
  while (find_page () != NULL && gtk_widget_get_mapped (find_page ()))
    g_main_context_iteration (NULL, TRUE);
  after = loft_diagnosis_list_slowest (loft_dispatcher_get_default (), 0);
  g_assert_cmpuint (after->len, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/inspector-page/page", test_page);
  return g_test_run ();
}
