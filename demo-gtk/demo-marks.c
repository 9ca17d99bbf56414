/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* References are never marked, and where a set has one, all other files may be. */

#include "demo-marks.h"

#include <string.h>

static gboolean
is_in_folder (DemoRow    *row,
              const char *folder)
{
  const char *path = demo_row_get_path (row);
  gsize length = strlen (folder);

  while (length > 0 && folder[length - 1] == '/')
    length--;
  return strncmp (path, folder, length) == 0 && path[length] == '/';
}

/* Returns the file that a rule keeps. */
static DemoRow *
find_kept (DemoSet      *set,
           DemoMarkRule  rule)
{
  DemoRow *kept = demo_set_get_file (set, 0);

  for (guint i = 1; i < demo_set_get_n_files (set); i++)
    {
      DemoRow *row = demo_set_get_file (set, i);
      gint64 later = demo_row_get_modified (row) - demo_row_get_modified (kept);

      if (rule == DEMO_MARK_ALL_BUT_NEWEST ? later > 0 : later < 0)
        kept = row;
    }
  return kept;
}

/* Returns how many files are left if the marked ones go. */
static guint
count_left (DemoSet *set)
{
  guint left = 0;

  for (guint i = 0; i < demo_set_get_n_files (set); i++)
    left += demo_row_is_marked (demo_set_get_file (set, i)) ? 0 : 1;
  return left;
}

static void
spare_one (DemoSet *set)
{
  if (demo_set_get_n_files (set) > 0 && count_left (set) == 0)
    demo_row_set_marked (demo_set_get_file (set, 0), FALSE);
}

static void
mark_set (DemoSet      *set,
          DemoMarkRule  rule,
          const char   *folder)
{
  gboolean has_reference = demo_row_is_reference (demo_set_get_file (set, 0));
  DemoRow *kept = has_reference ? NULL : find_kept (set, rule);

  for (guint i = 0; i < demo_set_get_n_files (set); i++)
    {
      DemoRow *row = demo_set_get_file (set, i);

      if (rule == DEMO_MARK_IN_FOLDER)
        demo_row_set_marked (row, demo_row_is_marked (row) || is_in_folder (row, folder));
      else
        demo_row_set_marked (row, rule != DEMO_MARK_NONE && row != kept);
    }
  spare_one (set);
}

void
demo_marks_set (GListModel   *sets,
                DemoMarkRule  rule,
                const char   *folder)
{
  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);

      if (demo_set_get_n_files (set) > 0)
        mark_set (set, rule, folder);
    }
}

void
demo_marks_spare (GListModel *sets)
{
  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);

      spare_one (set);
    }
}

DemoMarkCount
demo_marks_count (GListModel *sets)
{
  DemoMarkCount count = { 0 };

  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);
      guint marked = demo_set_get_n_files (set) - count_left (set);

      count.files += marked;
      count.bytes += marked * demo_set_get_size (set);
      count.whole_sets += marked > 0 && count_left (set) == 0 ? 1 : 0;
    }
  return count;
}

GPtrArray *
demo_marks_dup_rows (GListModel *sets)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (sets); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (sets, i);

      for (guint j = 0; j < demo_set_get_n_files (set); j++)
        if (demo_row_is_marked (demo_set_get_file (set, j)))
          g_ptr_array_add (rows, g_object_ref (demo_set_get_file (set, j)));
    }
  return rows;
}
