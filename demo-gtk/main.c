/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo of Loft: a duplicate finder whose window stays alive. */

#include <stdlib.h>

#include "demo-script.h"

static DemoOptions options = { .seconds = 5 };

/* The actions with a key, in the order of the window of shortcuts. */
static const struct
{
  const char *title;
  const char *action;
  const char *keys[3];
} shortcuts[] = {
  { "Scan folders", "win.open", { "<Control>o" } },
  { "Scan again", "win.rescan", { "<Control>r", "F5" } },
  { "Cancel the scan", "win.cancel", { "Escape" } },
  { "Filter", "win.filter", { "<Control>f" } },
  { "Open the file", "win.open-file", { "<Control>Return" } },
  { "Show the file in its folder", "win.reveal", { "<Control><Shift>Return" } },
  { "Copy the path", "win.copy-path", { "<Control><Shift>c" } },
  { "Move what is selected to the trash", "win.trash", { "<Control>Delete" } },
  { "Undo", "win.undo", { "<Control>z" } },
  { "Export", "win.export", { "<Control>s" } },
  { "Keyboard shortcuts", "win.show-help-overlay", { "<Control>question" } },
  { "Close the window", "window.close", { "<Control>w", "<Control>q" } },
};

static GtkWidget *
make_shortcuts (void)
{
  GString *ui = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'>"
                              "<property name='modal'>1</property><child>"
                              "<object class='GtkShortcutsSection'>"
                              "<property name='section-name'>shortcuts</property><child>"
                              "<object class='GtkShortcutsGroup'>"
                              "<property name='title'>Duplicate Finder</property>");
  g_autoptr (GtkBuilder) builder = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    g_string_append_printf (ui,
                            "<child><object class='GtkShortcutsShortcut'>"
                            "<property name='title'>%s</property>"
                            "<property name='action-name'>%s</property></object></child>",
                            shortcuts[i].title, shortcuts[i].action);
  g_string_append (ui, "</object></child></object></child></object></interface>");
  builder = gtk_builder_new_from_string (ui->str, -1);
  g_string_free (ui, TRUE);
  return g_object_ref_sink (GTK_WIDGET (gtk_builder_get_object (builder, "window")));
}

static void
set_accels (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action,
                                           (const char *const *) shortcuts[i].keys);
}

static void
on_activate (GtkApplication *application)
{
  GtkWidget *window = demo_window_new (application);
  GtkWidget *help = make_shortcuts ();

  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (window),
                                           GTK_SHORTCUTS_WINDOW (help));
  g_object_unref (help);
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
    { "mark", 0, 0, G_OPTION_ARG_NONE, &options.mark,
      "Select all but the newest file of each set when done", NULL },
    { "width", 0, 0, G_OPTION_ARG_INT, &options.width, "How wide the window is", "PIXELS" },
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
