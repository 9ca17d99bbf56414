/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo of Loft: a duplicate finder whose window stays at 60 frames a second. */

#include <stdlib.h>

#include "demo-script.h"

static DemoOptions options = { .seconds = 5 };

static GtkWidget *
make_shortcuts (void)
{
  static const char ui[] =
    "<interface><object class='GtkShortcutsWindow' id='window'><property "
    "name='modal'>1</property><child>"
    "<object class='GtkShortcutsSection'><property name='section-name'>shortcuts</property><child>"
    "<object class='GtkShortcutsGroup'><property name='title'>Duplicate Finder</property>"
    "<child><object class='GtkShortcutsShortcut'><property name='title'>Open a folder</property>"
    "<property name='action-name'>win.open</property></object></child>"
    "<child><object class='GtkShortcutsShortcut'><property name='title'>Cancel the scan</property>"
    "<property name='action-name'>win.cancel</property></object></child>"
    "<child><object class='GtkShortcutsShortcut'><property name='title'>Keyboard "
    "shortcuts</property>"
    "<property name='action-name'>win.show-help-overlay</property></object></child>"
    "<child><object class='GtkShortcutsShortcut'><property name='title'>Close the window</property>"
    "<property name='action-name'>window.close</property></object></child>"
    "</object></child></object></child></object></interface>";
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui, -1);

  return g_object_ref_sink (GTK_WIDGET (gtk_builder_get_object (builder, "window")));
}

static void
set_accels (GtkApplication *application)
{
  gtk_application_set_accels_for_action (application, "win.open",
                                         (const char *[]) { "<Control>o", NULL });
  gtk_application_set_accels_for_action (application, "win.cancel",
                                         (const char *[]) { "Escape", NULL });
  gtk_application_set_accels_for_action (application, "window.close",
                                         (const char *[]){ "<Control>w", "<Control>q", NULL });
}

static void
on_activate (GtkApplication *application)
{
  GtkWidget *window = demo_window_new (application);
  GtkWidget *shortcuts = make_shortcuts ();

  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (window),
                                           GTK_SHORTCUTS_WINDOW (shortcuts));
  g_object_unref (shortcuts);
  set_accels (application);
  demo_script_run (DEMO_WINDOW (window), &options);
  gtk_window_present (GTK_WINDOW (window));
}

static int
on_local_options (GApplication *application,
                  GVariantDict *dict)
{
  g_autoptr (GError) error = NULL;

  if (demo_options_check (&options, &error))
    return -1;
  g_printerr ("demo-gtk: %s\n", error->message);
  return EXIT_FAILURE;
}

int
main (int   argc,
      char *argv[])
{
  static const GOptionEntry entries[] = {
    { "folder", 'f', 0, G_OPTION_ARG_FILENAME, &options.folder, "Scan this folder at once", "DIR" },
    { "quit-when-done", 'q', 0, G_OPTION_ARG_NONE, &options.quit,
      "Quit when the scan, or the flood, is over", NULL },
    { "screenshot", 's', 0, G_OPTION_ARG_FILENAME, &options.screenshot,
      "Save a picture of the window when done", "FILE" },
    { "flood", 0, 0, G_OPTION_ARG_STRING, &options.flood,
      "Flood the main thread: high, normal, low, idle, all; glib-default, glib-idle", "PRIORITY" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
      "How long to flood without a scan (5)", "N" },
    { "wait-here", 0, 0, G_OPTION_ARG_NONE, &options.wait_here, "Press “Wait Here” when done",
      NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options.dark, "Use the dark style", NULL },
    { NULL },
  };
  g_autoptr (GtkApplication) application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  g_application_add_main_option_entries (G_APPLICATION (application), entries);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  g_signal_connect (application, "handle-local-options", G_CALLBACK (on_local_options), NULL);
  loft_dispatcher_attach_application (G_APPLICATION (application));
  return g_application_run (G_APPLICATION (application), argc, argv);
}
