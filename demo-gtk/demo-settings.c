/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Paths are bytes here, in no encoding. They are escaped only where a person reads them. */

#include "demo-settings.h"

#include "demo-name.h"

DemoSettings *
demo_settings_new (void)
{
  DemoSettings *settings = g_new0 (DemoSettings, 1);

  settings->folders = g_ptr_array_new_with_free_func (g_free);
  settings->references = g_ptr_array_new_with_free_func (g_free);
  settings->excluded = g_ptr_array_new_with_free_func (g_free);
  settings->min_size = 1;
  return settings;
}

static void
copy_paths (GPtrArray       *to,
            const GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (from->pdata[i]));
}

DemoSettings *
demo_settings_copy (const DemoSettings *settings)
{
  DemoSettings *copy = demo_settings_new ();

  copy_paths (copy->folders, settings->folders);
  copy_paths (copy->references, settings->references);
  copy_paths (copy->excluded, settings->excluded);
  copy->min_size = settings->min_size;
  copy->one_file_system = settings->one_file_system;
  return copy;
}

void
demo_settings_free (DemoSettings *settings)
{
  g_ptr_array_unref (settings->folders);
  g_ptr_array_unref (settings->references);
  g_ptr_array_unref (settings->excluded);
  g_free (settings);
}

static gboolean
check_folders (const GPtrArray *folders,
               GError         **error)
{
  for (guint i = 0; i < folders->len; i++)
    if (!g_file_test (folders->pdata[i], G_FILE_TEST_IS_DIR))
      {
        g_autofree char *shown = demo_name_escape (folders->pdata[i]);

        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     "%s is not a folder. Check its spelling, or leave it out.", shown);
        return FALSE;
      }
  return TRUE;
}

gboolean
demo_settings_check (const DemoSettings *settings,
                     GError            **error)
{
  if (settings->folders->len == 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "There is no folder to scan. Name at least one.");
      return FALSE;
    }
  return check_folders (settings->folders, error) &&
         check_folders (settings->references, error) && check_folders (settings->excluded, error);
}
