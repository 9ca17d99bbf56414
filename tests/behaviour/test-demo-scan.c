/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo's scan, without its window: what counts as a duplicate, what can't be read, and that a
 * cancel ends the scan promptly and keeps what was found. */

#include "test-util.h"

#include "../../demo-gtk/demo-scan.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
write_file (const char *name,
            const char *content)
{
  g_autofree char *path = in_folder (name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
make_folder (void)
{
  folder = g_dir_make_tmp ("loft-scan-XXXXXX", NULL);
  g_assert_nonnull (folder);
}

static void
remove_folder (void)
{
  const char *arguments[] = { "rm", "-rf", "--", folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               NULL, NULL, NULL, NULL));
  g_clear_pointer (&folder, g_free);
}

/* Sorts the texts of the rows: "group:name", or "!name" for what can't be read. */

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
on_found (GObject *owner,
          DemoRow *row)
{
  GPtrArray *rows = g_object_get_data (owner, "rows");
  g_autofree char *name = NULL, *note = NULL;
  guint group = 0;

  if (rows == NULL)
    return; /* closed */
  g_object_get (row, "name", &name, "note", &note, "group", &group, NULL);
  g_assert_nonnull (strstr (note, group > 0 ? "Set" : "Can’t be read"));
  g_ptr_array_add (rows, group > 0 ? g_strdup_printf ("%u:%s", group, name)
                                   : g_strdup_printf ("!%s", name));
}

static char *
scan (DemoProgress *out_progress)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LoftAsyncOperation) operation = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_set_data (owner, "rows", rows);
  operation = demo_scan_async (folder, owner, on_found);
  test_run_until_ended (NULL, operation);
  test_drain (NULL);
  g_assert_true (loft_async_operation_get_results (operation, &value, NULL));
  *out_progress = *(DemoProgress *) g_value_get_boxed (&value);
  g_ptr_array_sort (rows, compare_strings);
  g_ptr_array_add (rows, NULL);
  return g_strjoinv (" ", (char **) rows->pdata);
}

static void
test_duplicates (void)
{
  g_autofree char *inner = NULL, *linked = NULL, *second_name = NULL, *symlinked = NULL,
                  *rows = NULL;
  DemoProgress progress;

  make_folder ();
  inner = in_folder ("inner");
  linked = in_folder ("a");
  second_name = in_folder ("hard-link-of-a");
  symlinked = in_folder ("symlink-to-a");
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  write_file ("a", "the same text");
  write_file ("inner/b", "the same text");
  write_file ("c", "another text!"); /* as long, and not the same */
  write_file ("large-1", "this set is worth more, and comes first");
  write_file ("large-2", "this set is worth more, and comes first");
  write_file ("large-3", "this set is worth more, and comes first");
  write_file ("alone", "no other has this length");
  write_file ("empty-1", "");
  write_file ("empty-2", "");
  g_assert_cmpint (symlink (linked, symlinked), ==, 0);
  g_assert_cmpint (link (linked, second_name), ==, 0);

  rows = scan (&progress);
  /* Of the two names of one file, only one is compared. The folder's order decides which one. */
  if (strstr (rows, "hard-link-of-a") != NULL)
    g_assert_cmpstr (rows, ==, "1:large-1 1:large-2 1:large-3 2:b 2:hard-link-of-a");
  else
    g_assert_cmpstr (rows, ==, "1:large-1 1:large-2 1:large-3 2:a 2:b");
  g_assert_cmpuint (progress.files, ==, 10); /* a symbolic link is no file, a second name is one */
  g_assert_cmpuint (progress.duplicates, ==, 3);
  g_assert_cmpuint (progress.rows, ==, 5);
  remove_folder ();
}

/* A path where there is no folder becomes a row that says so. A file without permissions is tested
 * only if the user is not root, who can read it anyway. */
static void
test_unreadable (void)
{
  g_autofree char *rows = NULL, *real = NULL;
  DemoProgress progress;

  make_folder ();
  real = folder;
  folder = g_build_filename (real, "not-there", NULL);
  rows = scan (&progress);
  g_assert_cmpstr (rows, ==, "!not-there");
  g_assert_cmpuint (progress.files, ==, 0);
  g_free (folder);
  folder = g_steal_pointer (&real);

  if (geteuid () != 0)
    {
      g_autofree char *locked = in_folder ("locked");

      write_file ("locked", "as long");
      write_file ("open", "as long");
      g_assert_cmpint (g_chmod (locked, 0), ==, 0);
      g_free (rows);
      rows = scan (&progress);
      g_assert_cmpstr (rows, ==, "!locked");
    }
  remove_folder ();
}

/* The owner, which is a window in the demo, is dropped at any moment of the scan. The scan ends
 * normally, and no worker is the last to hold the owner. */

static void
on_owner_gone (gpointer  thread,
               GObject  *where_it_was)
{
  g_assert_true (g_thread_self () == thread);
}

static void
test_owner_gone (void)
{
  make_folder ();
  write_file ("one", "equal");
  write_file ("two", "equal");
  for (int i = 0; i < 500; i++)
    {
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      g_autoptr (LoftAsyncOperation) operation = NULL;

      g_object_weak_ref (owner, on_owner_gone, g_thread_self ());
      g_object_add_weak_pointer (owner, (gpointer *) &owner);
      operation = demo_scan_async (folder, owner, on_found);
      for (int spin = 0; spin < i * 10; spin++)
        sched_yield ();
      g_object_unref (owner);
      test_run_until_ended (NULL, operation);
      test_drain (NULL);
      assert_status (operation, COMPLETED);
      g_assert_null (owner);
    }
  remove_folder ();
}

/* If the scan is cancelled at the first report, it ends, and the rows that were posted before are
 * still delivered. */

static void
cancel_at_once (LoftAsyncInfo *sender,
                const GValue  *progress,
                gpointer       posted)
{
  *(guint *) posted = ((DemoProgress *) g_value_get_boxed (progress))->rows;
  loft_async_info_cancel (sender);
}

static void
test_cancel (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LoftAsyncOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  guint posted = 0;

  make_folder ();
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%d", i);

      write_file (name, "all of them alike");
    }
  g_object_set_data (owner, "rows", rows);
  operation = demo_scan_async (folder, owner, on_found);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), LOFT_PROGRESS_ALL,
                                         cancel_at_once, &posted, NULL, NULL);
  test_run_until_ended (NULL, operation);
  test_drain (NULL);
  if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (operation)))
    {
      g_assert_false (loft_async_operation_get_results (operation, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* The last report has counted them. It also comes after a cancel. */
      g_assert_cmpuint (rows->len, ==, posted);
    }
  else
    g_assert_cmpuint (rows->len, ==, 200); /* it was over before anybody listened */
  remove_folder ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-scan/duplicates", test_duplicates);
  g_test_add_func ("/demo-scan/unreadable", test_unreadable);
  g_test_add_func ("/demo-scan/owner-gone", test_owner_gone);
  g_test_add_func ("/demo-scan/cancel", test_cancel);
  return g_test_run ();
}
