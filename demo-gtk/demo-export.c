/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Written by hand, because JSON is short enough, and a path that is not UTF-8 needs care. */

#include "demo-export.h"

#include "demo-name.h"

#include <string.h>

#define NS_PER_SEC 1000000000

static void
append_text_names (GString *text,
                   DemoRow *row)
{
  g_autofree char *shown = demo_name_escape (demo_row_get_path (row));
  GStrv more = demo_row_get_more_paths (row);

  g_string_append_printf (text, "  %s%s\n", shown,
                          demo_row_is_reference (row) ? " (reference)" : "");
  for (guint i = 0; more != NULL && more[i] != NULL; i++)
    {
      g_autofree char *other = demo_name_escape (more[i]);

      g_string_append_printf (text, "    also named %s\n", other);
    }
}

char *
demo_export_text (GListModel         *sets,
                  const DemoProgress *progress)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);

      g_string_append_printf (text,
                              "%u files of %" G_GUINT64_FORMAT " bytes, %" G_GUINT64_FORMAT
                              " wasted:\n",
                              demo_set_get_n_files (set), demo_set_get_size (set),
                              demo_set_get_wasted (set));
      for (guint j = 0; j < demo_set_get_n_files (set); j++)
        append_text_names (text, demo_set_get_file (set, j));
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text,
                          "%u files, %" G_GUINT64_FORMAT " bytes, %u duplicates in %u sets, "
                          "%" G_GUINT64_FORMAT " bytes wasted, %u problems\n",
                          progress->files, progress->bytes, progress->duplicates, progress->sets,
                          progress->wasted, progress->problems);
  return g_string_free (text, FALSE);
}

/* JSON. */

static void
append_json_string (GString    *json,
                    const char *string)
{
  g_string_append_c (json, '"');
  for (; *string != 0; string++)
    if (*string == '"' || *string == '\\')
      g_string_append_printf (json, "\\%c", *string);
    else if ((guchar) *string < 0x20 || *string == 0x7f)
      g_string_append_printf (json, "\\u%04x", (guchar) *string);
    else
      g_string_append_c (json, *string);
  g_string_append_c (json, '"');
}

static void
append_json_path (GString    *json,
                  const char *path)
{
  if (g_utf8_validate (path, -1, NULL))
    {
      g_string_append (json, "{\"path\": ");
      append_json_string (json, path);
    }
  else
    {
      g_autofree char *bytes = g_base64_encode ((const guchar *) path, strlen (path));

      g_string_append_printf (json, "{\"pathBase64\": \"%s\"", bytes);
    }
}

static void
append_json_file (GString *json,
                  DemoRow *row)
{
  GStrv more = demo_row_get_more_paths (row);

  append_json_path (json, demo_row_get_path (row));
  g_string_append_printf (json, ", \"modified\": %" G_GINT64_FORMAT ", \"reference\": %s",
                          demo_row_get_modified (row) / NS_PER_SEC,
                          demo_row_is_reference (row) ? "true" : "false");
  g_string_append (json, ", \"names\": [");
  for (guint i = 0; more != NULL && more[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? ", " : "");
      append_json_path (json, more[i]);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
}

static void
append_json_set (GString *json,
                 DemoSet *set)
{
  g_string_append_printf (json,
                          "    {\"size\": %" G_GUINT64_FORMAT ", \"wasted\": %" G_GUINT64_FORMAT
                          ", \"files\": [",
                          demo_set_get_size (set), demo_set_get_wasted (set));
  for (guint i = 0; i < demo_set_get_n_files (set); i++)
    {
      g_string_append (json, i > 0 ? ",\n      " : "\n      ");
      append_json_file (json, demo_set_get_file (set, i));
    }
  g_string_append (json, "\n    ]}");
}

char *
demo_export_json (GListModel         *sets,
                  const DemoProgress *progress)
{
  GString *json = g_string_new ("{\n  \"sets\": [");

  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);

      g_string_append (json, i > 0 ? ",\n" : "\n");
      append_json_set (json, set);
    }
  g_string_append_printf (json,
                          "\n  ],\n  \"files\": %u,\n  \"bytes\": %" G_GUINT64_FORMAT
                          ",\n  \"duplicates\": %u,\n  \"wasted\": %" G_GUINT64_FORMAT
                          ",\n  \"problems\": %u\n}\n",
                          progress->files, progress->bytes, progress->duplicates, progress->wasted,
                          progress->problems);
  return g_string_free (json, FALSE);
}
