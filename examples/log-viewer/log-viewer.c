/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* log-viewer FILE: shows the lines of a file, however long it is, and searches them.
 *
 * A worker reads the file and pushes its lines into a feeder, which is a list model. A filter model
 * searches the lines on other workers. An observer shows the worker's progress, its end and its
 * error as properties, to which the widgets are bound. Closing the window cancels everything. */

#include <loft-gtk/loft-gtk.h>

/* It belongs to its window, and goes with it. */
typedef struct
{
  GtkWindow *window;
  GtkLabel *status;
  LoftGtkFilterModel *lines;  /* those that match */
  LoftAsyncObserver *loading; /* the work that reads the file */
} Viewer;

/* Reading, on a worker. */

typedef struct
{
  GFile *file;
  LoftListFeeder *rows;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->file);
  g_object_unref (reading->rows);
  g_free (reading);
}

static gboolean
read_lines (LoftAsyncAction *action,
            gpointer         user_data,
            GError         **error)
{
  Reading *reading = user_data;
  g_autoptr (GFileInputStream) file = g_file_read (reading->file, NULL, error);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  GError *failure = NULL;
  gsize length, n = 0;
  char *line;

  if (file == NULL)
    return FALSE;
  info = g_file_input_stream_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  lines = g_data_input_stream_new (G_INPUT_STREAM (file));
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  while ((line = g_data_input_stream_read_line (lines, &length, NULL, &failure)) != NULL)
    {
      g_autofree char *raw = line, *text = g_utf8_make_valid (raw, (gssize) length);
      g_autoptr (GtkStringObject) row = gtk_string_object_new (text);

      if (!loft_list_feeder_push (reading->rows, row, error))
        return FALSE; /* cancelled, too */
      if (n++ % 1000 == 0 && info != NULL && g_file_info_get_size (info) > 0)
        loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action),
          (double) g_seekable_tell (G_SEEKABLE (file)) / (double) g_file_info_get_size (info));
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* The window. */

static void
show_status (Viewer *viewer)
{
  const GError *error = loft_async_observer_get_error (viewer->loading);
  GListModel *all = loft_gtk_filter_model_get_model (viewer->lines);
  g_autofree char *text = g_strdup_printf ("%u of %u lines%s%s%s",
    g_list_model_get_n_items (G_LIST_MODEL (viewer->lines)),
    all != NULL ? g_list_model_get_n_items (all) : 0,
    loft_gtk_filter_model_get_pending (viewer->lines) > 0 ? ", searching…" : "",
    error != NULL ? ". " : "", error != NULL ? error->message : "");

  gtk_label_set_text (viewer->status, text);
}

static void
open_file (Viewer *viewer,
           GFile  *file)
{
  g_autoptr (LoftListFeeder) rows = loft_list_feeder_new (GTK_TYPE_STRING_OBJECT);
  g_autofree char *name = g_file_get_basename (file);
  Reading *reading = g_new (Reading, 1);
  g_autoptr (LoftAsyncAction) action = NULL;

  *reading = (Reading) { g_object_ref (file), g_object_ref (rows) };
  action = loft_thread_pool_run_with_progress_async (G_TYPE_DOUBLE, read_lines, reading,
                                                     reading_free);
  loft_list_feeder_bind (rows, LOFT_ASYNC_INFO (action), NULL);
  loft_async_info_bind_owner (LOFT_ASYNC_INFO (action), G_OBJECT (viewer->window));
  loft_async_observer_cancel (viewer->loading); /* of the file before */
  loft_async_observer_set_action (viewer->loading, LOFT_ASYNC_INFO (action));
  loft_gtk_filter_model_set_model (viewer->lines, G_LIST_MODEL (rows));
  gtk_window_set_title (viewer->window, name);
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *file,
         double         x,
         double         y,
         Viewer        *viewer)
{
  open_file (viewer, g_value_get_object (file));
  return TRUE;
}

static void
viewer_free (gpointer data)
{
  Viewer *viewer = data;

  g_signal_handlers_disconnect_by_data (viewer->lines, viewer);
  g_signal_handlers_disconnect_by_data (viewer->loading, viewer);
  g_object_unref (viewer->lines);
  g_object_unref (viewer->loading);
  g_free (viewer);
}

static Viewer *
viewer_new (GtkApplication *application)
{
  g_autoptr (GtkBuilder) ui =
    gtk_builder_new_from_resource ("/org/example/LogViewer/log-viewer.ui");
  GObject *window = gtk_builder_get_object (ui, "window");
  GObject *cancel = gtk_builder_get_object (ui, "cancel");
  GtkSearchEntry *search = GTK_SEARCH_ENTRY (gtk_builder_get_object (ui, "search"));
  LoftAsyncObserver *loading = loft_async_observer_new (NULL);
  LoftGtkFilterModel *lines = loft_gtk_filter_model_new (NULL, NULL);
  g_autoptr (GtkMultiSelection) selection = gtk_multi_selection_new (G_LIST_MODEL (lines));
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  Viewer *viewer = g_new (Viewer, 1);

  *viewer = (Viewer) { GTK_WINDOW (window), GTK_LABEL (gtk_builder_get_object (ui, "status")),
                       g_object_ref (lines), loading };
  g_object_set_data_full (window, "viewer", viewer, viewer_free);
  g_object_set (gtk_builder_get_object (ui, "list"), "model", selection, NULL);

  loft_gtk_search_entry_bind (search, lines, 0);
  gtk_search_entry_set_key_capture_widget (search, GTK_WIDGET (window));
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (gtk_builder_get_object (ui, "progress")), loading);
  g_object_bind_property (loading, "is-done", cancel, "sensitive",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (loft_async_observer_cancel), loading);
  g_signal_connect_swapped (loading, "notify", G_CALLBACK (show_status), viewer);
  g_signal_connect_swapped (lines, "notify", G_CALLBACK (show_status), viewer);
  g_signal_connect (drop, "drop", G_CALLBACK (on_drop), viewer);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (drop));

  gtk_window_set_application (GTK_WINDOW (window), application);
  gtk_window_present (GTK_WINDOW (window));
  return viewer;
}

static void
on_open (GtkApplication  *application,
         GFile          **files,
         gint             n)
{
  for (gint i = 0; i < n; i++)
    open_file (viewer_new (application), files[i]);
}

static void
on_startup (GtkApplication *application)
{
  const char *keys[] = { "<Ctrl>w", NULL };

  gtk_application_set_accels_for_action (application, "window.close", keys);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GtkApplication) application =
    gtk_application_new ("org.example.LogViewer",
                         G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);

  loft_dispatcher_attach_application (G_APPLICATION (application));
  g_signal_connect (application, "startup", G_CALLBACK (on_startup), NULL);
  g_signal_connect (application, "activate", G_CALLBACK (viewer_new), NULL);
  g_signal_connect (application, "open", G_CALLBACK (on_open), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
