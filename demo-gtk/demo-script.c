/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Waits until the window draws steadily, starts the requested scan or flood, and waits for its end.
 *
 * 20 frames drawn -> [flood] [scan] -> scan over, or the flood's seconds -> line -> a few frames ->
 * picture -> quit
 *
 * The line is made before the picture, because rendering the window again for the picture is not a
 * frame of the window. */

#include "demo-script.h"

#include "demo-screenshot.h"

#define FRAMES_FIRST 20
#define FRAMES_LAST  30 /* the info bar slides in */

typedef struct
{
  DemoWindow *window; /* owns the script */
  const DemoOptions *options;
  guint frames;
} Script;

static int
demo_flood_find (const char *name)
{
  for (int i = 0; demo_flood_names[i] != NULL; i++)
    if (g_str_equal (demo_flood_names[i], name))
      return i;
  return -1;
}

gboolean
demo_options_check (const DemoOptions *options,
                    GError           **error)
{
  if (options->folder != NULL && !g_file_test (options->folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--folder=%s: no such folder",
                   options->folder);
      return FALSE;
    }
  if (options->flood != NULL && demo_flood_find (options->flood) < 0)
    {
      g_autofree char *names = g_strjoinv (", ", (char **) demo_flood_names);

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--flood=%s: must be one of %s",
                   options->flood, names);
      return FALSE;
    }
  return TRUE;
}

/* Runs after a frame was drawn and before the next is asked for. Only then are the window's render
 * nodes complete. */
static void
on_painted (GdkFrameClock *clock,
            Script        *script)
{
  GtkWindow *window = GTK_WINDOW (script->window);
  const DemoOptions *options = script->options;
  g_autoptr (GError) error = NULL;

  if (++script->frames < FRAMES_LAST)
    return;
  g_signal_handlers_disconnect_by_data (clock, script);
  if (options->screenshot != NULL)
    {
      if (demo_screenshot_save (window, options->screenshot, &error))
        g_print ("screenshot: %s\n", options->screenshot);
      else
        g_printerr ("%s\n", error->message);
    }
  if (options->quit)
    gtk_window_destroy (window);
}

/* Asks for frames, since a window in which nothing changes draws none. */
static gboolean
on_last_frames (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       data)
{
  gtk_widget_queue_draw (widget);
  return ((Script *) data)->frames < FRAMES_LAST ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Everything that was requested has ended. */
static void
demo_script_finish (Script *script)
{
  g_autofree char *line = demo_window_describe (script->window);

  if (script->options->flood != NULL)
    {
      double seconds;
      guint count;

      demo_bar_stop_flood (demo_window_get_bar (script->window));
      count = demo_bar_get_flood (demo_window_get_bar (script->window), &seconds);
      g_print ("flood %s: %.0f items/s\n", script->options->flood, count / seconds);
    }
  g_print ("%s\n", line);
  if (script->options->mark)
    gtk_widget_activate_action (GTK_WIDGET (script->window), "win.mark", "s", "newest");
  if (script->options->wait_here)
    gtk_widget_activate_action (GTK_WIDGET (script->window), "win.wait", NULL);
  script->frames = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (script->window), on_last_frames, script, NULL);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (script->window)), "after-paint",
                    G_CALLBACK (on_painted), script);
}

static gboolean
on_seconds_over (gpointer data)
{
  demo_script_finish (data);
  return G_SOURCE_REMOVE;
}

static void
demo_script_start (Script *script)
{
  const DemoOptions *options = script->options;

  if (options->flood != NULL)
    demo_bar_start_flood (demo_window_get_bar (script->window),
                          (DemoFloodKind) demo_flood_find (options->flood));
  if (options->folder != NULL)
    {
      demo_window_scan_path (script->window, options->folder);
      g_signal_connect_swapped (script->window, "scan-ended", G_CALLBACK (demo_script_finish),
                                script);
    }
  else if (options->flood != NULL)
    /* It has a priority above everything else, or some floods would never let it run. */
    g_timeout_add_full (G_PRIORITY_HIGH - 1, (guint) (options->seconds * 1000), on_seconds_over,
                        script, NULL);
  else if (options->quit || options->screenshot != NULL)
    demo_script_finish (script);
}

static gboolean
on_first_frames (GtkWidget     *widget,
                 GdkFrameClock *clock,
                 gpointer       data)
{
  Script *script = data;

  if (++script->frames < FRAMES_FIRST)
    return G_SOURCE_CONTINUE;
  demo_script_start (script);
  return G_SOURCE_REMOVE;
}

void
demo_script_run (DemoWindow        *window,
                 const DemoOptions *options)
{
  Script *script = g_new0 (Script, 1);

  script->window = window;
  script->options = options;
  g_object_set_data_full (G_OBJECT (window), "demo-script", script, g_free);
  if (options->width > 0)
    gtk_window_set_default_size (GTK_WINDOW (window), options->width, 640);
  if (options->dark)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.dark", NULL);
  gtk_widget_add_tick_callback (GTK_WIDGET (window), on_first_frames, script, NULL);
}
