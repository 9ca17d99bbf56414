/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Through GIO and not through GTK, whose functions for this are deprecated or too new. */

#include "demo-file-actions.h"

#include "demo-name.h"

typedef struct
{
  GtkWidget *window;
  DemoSayFunc say;
  char *path;
} Request;

static Request *
request_new (GtkWidget  *window,
             const char *path,
             DemoSayFunc say)
{
  Request *request = g_new0 (Request, 1);

  request->window = g_object_ref (window);
  request->say = say;
  request->path = g_strdup (path);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->window);
  g_free (request->path);
  g_free (request);
}

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Request *request = data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    {
      g_autofree char *shown = demo_name_escape (request->path);
      g_autofree char *text = g_strdup_printf ("%s can’t be opened: %s", shown, error->message);

      request->say (request->window, text);
    }
  request_free (request);
}

static void
request_launch (Request    *request,
                const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);
  g_autoptr (GdkAppLaunchContext) context = gdk_display_get_app_launch_context (
    gtk_widget_get_display (request->window));

  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, on_launched,
                                           request);
}

void
demo_file_actions_open (GtkWidget  *window,
                        const char *path,
                        DemoSayFunc say)
{
  request_launch (request_new (window, path, say), path);
}

static void
on_revealed (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Request *request = data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                              NULL);
  g_autofree char *folder = g_path_get_dirname (request->path);

  if (reply == NULL)
    request_launch (request, folder);
  else
    request_free (request);
}

void
demo_file_actions_reveal (GtkWidget  *window,
                          const char *path,
                          DemoSayFunc say)
{
  Request *request = request_new (window, path, say);
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *folder = g_path_get_dirname (path);
  const char *uris[] = { uri, NULL };

  if (bus == NULL)
    request_launch (request, folder);
  else
    g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                            "org.freedesktop.FileManager1", "ShowItems",
                            g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                            NULL, on_revealed, request);
}

void
demo_file_actions_copy (GtkWidget  *window,
                        const char *path)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (window);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (g_utf8_validate (path, -1, NULL))
    gdk_clipboard_set_text (clipboard, path);
  else
    gdk_clipboard_set (clipboard, G_TYPE_FILE, file);
}
