/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The duplicate finder without a window: scans folders, and prints the sets. */

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "demo-export.h"
#include "demo-name.h"
#include "demo-scan.h"

static struct
{
  GStrv folders;
  GStrv references;
  GStrv excluded;
  char *format;
  gint64 min_size;
  gboolean one_file_system;
} options = { .min_size = 1 };

static void
add_paths (GPtrArray *to,
           GStrv      paths)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    g_ptr_array_add (to, g_strdup (paths[i]));
}

static gboolean
parse (int           *argc,
       char        ***argv,
       DemoSettings  *settings,
       GError       **error)
{
  static const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "text (the default) or json",
      "FORMAT" },
    { "reference", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.references,
      "Compare with this folder too, of which all files are kept", "DIR" },
    { "exclude", 'x', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.excluded, "Leave this folder out",
      "DIR" },
    { "min-size", 'm', 0, G_OPTION_ARG_INT64, &options.min_size,
      "Leave smaller files out (1); empty files always are", "BYTES" },
    { "one-file-system", 'o', 0, G_OPTION_ARG_NONE, &options.one_file_system,
      "Stay on the file system of each folder", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.folders, NULL, "FOLDER..." },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "Finds equal files.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options.format != NULL && !g_str_equal (options.format, "text") &&
      !g_str_equal (options.format, "json"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--format=%s: must be text or json", options.format);
      return FALSE;
    }
  add_paths (settings->folders, options.folders);
  add_paths (settings->references, options.references);
  add_paths (settings->excluded, options.excluded);
  settings->min_size = (guint64) MAX (options.min_size, 1);
  settings->one_file_system = options.one_file_system;
  return demo_settings_check (settings, error);
}

static void
print_problems (GListModel *problems)
{
  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (DemoRow) row = g_list_model_get_item (problems, i);
      g_autofree char *shown = demo_name_escape (demo_row_get_path (row));

      g_printerr ("%s: %s\n", shown, demo_row_get_note (row));
    }
}

static gboolean
find (const DemoSettings *settings,
      GError            **error)
{
  g_autoptr (LoftListFeeder) sets = loft_list_feeder_new (DEMO_TYPE_SET);
  g_autoptr (LoftListFeeder) problems = loft_list_feeder_new (DEMO_TYPE_ROW);
  g_autoptr (LoftAsyncOperation) scan = demo_scan_async (settings, sets, problems);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;

  while (!loft_list_feeder_is_complete (sets) || !loft_list_feeder_is_complete (problems))
    g_main_context_iteration (NULL, TRUE);
  if (!loft_async_operation_get_results (scan, &value, error))
    return FALSE;
  print_problems (G_LIST_MODEL (problems));
  text = g_strcmp0 (options.format, "json") == 0
           ? demo_export_json (G_LIST_MODEL (sets), g_value_get_boxed (&value))
           : demo_export_text (G_LIST_MODEL (sets), g_value_get_boxed (&value));
  if (fputs (text, stdout) < 0 || fflush (stdout) != 0)
    {
      g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno),
                   "The result can’t be written: %s", g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (DemoSettings) settings = demo_settings_new ();
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (!parse (&argc, &argv, settings, &error) || !find (settings, &error))
    g_printerr ("loft-duplicates: %s\n", error->message);
  loft_shutdown ();
  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
