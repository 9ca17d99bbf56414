/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo's scan, without its window: what counts as a duplicate, which folders are looked at,
 * what can't be read, and that a cancel ends the scan promptly and keeps what was found. */

#include "test-util.h"

#include "../../demo-gtk/demo-compare.h"
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

/* What was found, as a text: the sets with the names of their files, then what can't be read. */

static void
append_set (GString *text,
            DemoSet *set)
{
  g_string_append_printf (text, "%u:", demo_set_get_group (set));
  for (guint i = 0; i < demo_set_get_n_files (set); i++)
    {
      DemoRow *row = demo_set_get_file (set, i);
      GStrv more = demo_row_get_more_paths (row);

      g_string_append_printf (text, " %s%s", demo_row_get_name (row),
                              demo_row_is_reference (row) ? "(kept)" : "");
      for (guint j = 0; more != NULL && more[j] != NULL; j++)
        g_string_append_printf (text, "=%s", strrchr (more[j], '/') + 1);
    }
  g_string_append (text, "; ");
}

static char *
describe (LoftListFeeder *sets,
          LoftListFeeder *problems)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (sets)); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (G_LIST_MODEL (sets), i);

      append_set (text, set);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (problems)); i++)
    {
      g_autoptr (DemoRow) row = g_list_model_get_item (G_LIST_MODEL (problems), i);

      g_assert_cmpint (demo_row_get_kind (row), ==, DEMO_ROW_PROBLEM);
      g_string_append_printf (text, "!%s; ", demo_row_get_name (row));
    }
  return g_string_free (text, FALSE);
}

static char *
scan_with (const DemoSettings *settings,
           DemoProgress       *out_progress)
{
  g_autoptr (LoftListFeeder) sets = loft_list_feeder_new (DEMO_TYPE_SET);
  g_autoptr (LoftListFeeder) problems = loft_list_feeder_new (DEMO_TYPE_ROW);
  g_autoptr (LoftAsyncOperation) operation = demo_scan_async (settings, sets, problems);
  g_auto (GValue) value = G_VALUE_INIT;

  test_run_until_ended (NULL, operation);
  test_drain (NULL);
  g_assert_true (loft_list_feeder_is_complete (sets));
  g_assert_true (loft_async_operation_get_results (operation, &value, NULL));
  *out_progress = *(DemoProgress *) g_value_get_boxed (&value);
  return describe (sets, problems);
}

static DemoSettings *
settings_for_folder (void)
{
  DemoSettings *settings = demo_settings_new ();

  g_ptr_array_add (settings->folders, g_strdup (folder));
  return settings;
}

static char *
scan (DemoProgress *out_progress)
{
  g_autoptr (DemoSettings) settings = settings_for_folder ();

  return scan_with (settings, out_progress);
}

static void
make_inner (const char *name)
{
  g_autofree char *path = in_folder (name);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
make_symlink (const char *target,
              const char *name)
{
  g_autofree char *path = in_folder (name);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
test_duplicates (void)
{
  g_autofree char *found = NULL;
  DemoProgress progress;

  make_folder ();
  make_inner ("inner");
  write_file ("a", "the same text");
  write_file ("inner/b", "the same text");
  write_file ("c", "another text!"); /* as long, and not the same */
  write_file ("large-1", "this set is worth more, and comes first");
  write_file ("large-2", "this set is worth more, and comes first");
  write_file ("large-3", "this set is worth more, and comes first");
  write_file ("alone", "no other has this length");
  write_file ("empty-1", "");
  write_file ("empty-2", "");
  make_symlink ("a", "symlink-to-a");
  make_symlink (".", "symlink-to-the-folder");

  found = scan (&progress);
  g_assert_cmpstr (found, ==, "1: large-1 large-2 large-3; 2: a b; ");
  g_assert_cmpuint (progress.files, ==, 9); /* a symbolic link is no file */
  g_assert_cmpuint (progress.duplicates, ==, 3);
  g_assert_cmpuint (progress.sets, ==, 2);
  g_assert_cmpuint (progress.wasted, ==, 2 * strlen ("this set is worth more, and comes first") +
                                           strlen ("the same text"));
  /* Each file that shares its length was read once, and no other file at all. */
  g_assert_cmpuint (progress.bytes_read, ==, progress.bytes_to_compare);
  remove_folder ();
}

/* Several names of one file are one file, which wastes nothing. */
static void
test_hard_links (void)
{
  g_autofree char *one = NULL, *two = NULL, *alone = NULL, *found = NULL;
  DemoProgress progress;

  make_folder ();
  one = in_folder ("one");
  two = in_folder ("two");
  write_file ("one", "linked");
  g_assert_cmpint (link (one, two), ==, 0);
  found = scan (&progress);
  g_assert_cmpstr (found, ==, "");
  g_assert_cmpuint (progress.files, ==, 2);
  g_assert_cmpuint (progress.wasted, ==, 0);

  alone = in_folder ("copy");
  write_file ("copy", "linked");
  g_free (found);
  found = scan (&progress);
  g_assert_cmpuint (progress.duplicates, ==, 1);
  g_assert_cmpuint (progress.wasted, ==, strlen ("linked"));
  /* The folder's order decides which name comes first. */
  if (strstr (found, "one=two") == NULL)
    g_assert_cmpstr (found, ==, "1: copy two=one; ");
  else
    g_assert_cmpstr (found, ==, "1: copy one=two; ");
  remove_folder ();
}

/* Which folders are looked at: each once, those of reference first, none that is excluded. */
static void
test_folders (void)
{
  g_autoptr (DemoSettings) settings = NULL;
  g_autofree char *found = NULL;
  DemoProgress progress;

  make_folder ();
  make_inner ("one");
  make_inner ("kept");
  make_inner ("left-out");
  write_file ("one/x", "x is equal to y");
  write_file ("kept/y", "x is equal to y");
  write_file ("left-out/z", "x is equal to y");
  write_file ("kept/only-here-1", "nothing outside is equal");
  write_file ("kept/only-here-2", "nothing outside is equal");
  settings = settings_for_folder ();
  g_ptr_array_add (settings->folders, in_folder ("one")); /* which is in the other */
  g_ptr_array_add (settings->references, in_folder ("kept"));
  g_ptr_array_add (settings->excluded, in_folder ("left-out"));

  found = scan_with (settings, &progress);
  g_assert_cmpstr (found, ==, "1: y(kept) x; ");
  g_assert_cmpuint (progress.files, ==, 4);
  g_assert_cmpuint (progress.duplicates, ==, 1);

  g_free (found);
  settings->min_size = 16;
  found = scan_with (settings, &progress);
  g_assert_cmpstr (found, ==, "");
  remove_folder ();
}

/* The file systems of the kernel are told of once, and not read; nor is another file system, if the
 * scan is to stay on one. */
static void
test_file_systems (void)
{
  g_autoptr (DemoSettings) settings = demo_settings_new ();
  g_autofree char *found = NULL;
  DemoProgress progress;

  if (!g_file_test ("/proc/self", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("/proc is not mounted");
      return;
    }
  g_ptr_array_add (settings->folders, g_strdup ("/proc"));
  found = scan_with (settings, &progress);
  g_assert_cmpstr (found, ==, "!proc; ");
  g_assert_cmpuint (progress.files, ==, 0);
  g_assert_cmpuint (progress.skipped, ==, 1);
}

/* Names are bytes. The list shows them so that they can't be mistaken. */
static void
test_names (void)
{
  g_autofree char *found = NULL;
  DemoProgress progress;

  make_folder ();
  write_file ("line\nbreak", "named strangely");
  write_file ("latin-\xe9", "named strangely");
  write_file ("right-\xe2\x80\xae-left", "named strangely");
  write_file ("back\\slash", "named strangely");
  found = scan (&progress);
  g_assert_cmpstr (found, ==, "1: back\\\\slash latin-\\xE9 line\\nbreak right-\\u202E-left; ");
  remove_folder ();
}

/* Many files of one size are told apart by hashes first; those that differ late, and those that
 * don't differ, are found all the same. */
static void
test_many (void)
{
  g_autofree char *found = NULL;
  g_autofree char *beginning = g_strnfill (DEMO_COMPARE_FIRST, 'x');
  DemoProgress progress;

  make_folder ();
  for (int i = 0; i < 3 * DEMO_COMPARE_MOST; i++)
    {
      g_autofree char *name = g_strdup_printf ("late-%d", i);
      g_autofree char *late = g_strdup_printf ("%s%d", beginning, 1000 + i % 150);
      g_autofree char *same_name = g_strdup_printf ("same-%d", i);

      write_file (name, late);
      write_file (same_name, "all of them alike");
    }
  found = scan (&progress);
  g_assert_cmpuint (progress.sets, ==, 3 * DEMO_COMPARE_MOST - 150 + 1);
  g_assert_cmpuint (progress.duplicates, ==,
                    3 * DEMO_COMPARE_MOST - 150 + 3 * DEMO_COMPARE_MOST - 1);
  g_assert_null (strchr (found, '!'));
  remove_folder ();
}

/* A path where there is no folder becomes a row that says so. A file without permissions is tested
 * only if the user is not root, who can read it anyway. */
static void
test_unreadable (void)
{
  g_autofree char *found = NULL, *real = NULL;
  DemoProgress progress;

  make_folder ();
  real = folder;
  folder = g_build_filename (real, "not-there", NULL);
  found = scan (&progress);
  g_assert_cmpstr (found, ==, "!not-there; ");
  g_assert_cmpuint (progress.files, ==, 0);
  g_assert_cmpuint (progress.problems, ==, 1);
  g_free (folder);
  folder = g_steal_pointer (&real);

  if (geteuid () != 0)
    {
      g_autofree char *locked = in_folder ("locked");

      write_file ("locked", "as long");
      write_file ("open", "as long");
      g_assert_cmpint (g_chmod (locked, 0), ==, 0);
      g_free (found);
      found = scan (&progress);
      g_assert_cmpstr (found, ==, "!locked; ");
    }
  remove_folder ();
}

/* Settings that can't be scanned are refused with a sentence. */
static void
test_settings (void)
{
  g_autoptr (DemoSettings) settings = demo_settings_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (demo_settings_check (settings, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_clear_error (&error);
  g_ptr_array_add (settings->folders, g_strdup ("/"));
  g_assert_true (demo_settings_check (settings, &error));
  g_assert_no_error (error);
  g_ptr_array_add (settings->excluded, g_strdup ("/not\nthere"));
  g_assert_false (demo_settings_check (settings, &error));
  g_assert_cmpstr (error->message, ==,
                   "/not\\nthere is not a folder. Check its spelling, or leave it out.");
}

/* The lists' owner, which is a window in the demo, goes at any moment of the scan. The scan ends,
 * and the lists go with the owner. */
static void
test_owner_gone (void)
{
  g_autoptr (DemoSettings) settings = NULL;

  make_folder ();
  write_file ("one", "equal");
  write_file ("two", "equal");
  settings = settings_for_folder ();
  for (int i = 0; i < 500; i++)
    {
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      LoftListFeeder *sets = loft_list_feeder_new (DEMO_TYPE_SET);
      LoftListFeeder *problems = loft_list_feeder_new (DEMO_TYPE_ROW);
      g_autoptr (LoftAsyncOperation) operation = NULL;

      loft_list_feeder_bind_owner (sets, owner);
      loft_list_feeder_bind_owner (problems, owner);
      operation = demo_scan_async (settings, sets, problems);
      for (int spin = 0; spin < i * 10; spin++)
        sched_yield ();
      g_object_unref (owner);
      g_object_unref (sets);
      g_object_unref (problems);
      test_run_until_ended (NULL, operation);
      test_drain (NULL);
      assert_status (operation, COMPLETED);
    }
  remove_folder ();
}

/* If the scan is cancelled at the first report, it ends, and no set comes any more. */

static void
cancel_at_once (LoftAsyncInfo *sender,
                const GValue  *progress,
                gpointer       data)
{
  loft_async_info_cancel (sender);
  *(guint *) data = loft_async_info_is_canceled (sender) ? 1 : 0; /* or it was over */
}

static void
on_sets_changed (GListModel *sets,
                 guint       position,
                 guint       removed,
                 guint       added,
                 gpointer    cancelled)
{
  g_assert_cmpuint (*(guint *) cancelled, ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (LoftListFeeder) sets = loft_list_feeder_new (DEMO_TYPE_SET);
  g_autoptr (LoftListFeeder) problems = loft_list_feeder_new (DEMO_TYPE_ROW);
  g_autoptr (LoftAsyncOperation) operation = NULL;
  g_autoptr (DemoSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  guint cancelled = 0;

  make_folder ();
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%d", i);
      g_autofree char *content = g_strnfill (i / 2 + 1, 'x');

      write_file (name, content);
    }
  settings = settings_for_folder ();
  g_signal_connect (sets, "items-changed", G_CALLBACK (on_sets_changed), &cancelled);
  operation = demo_scan_async (settings, sets, problems);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (operation), LOFT_PROGRESS_ALL,
                                         cancel_at_once, &cancelled, NULL, NULL);
  test_run_until_ended (NULL, operation);
  test_drain (NULL);
  if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (operation)))
    {
      g_assert_false (loft_async_operation_get_results (operation, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (loft_list_feeder_get_state (sets), ==, LOFT_FEEDER_CANCELED);
    }
  else /* it was over before anybody listened */
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (sets)), ==, 100);
  remove_folder ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-scan/duplicates", test_duplicates);
  g_test_add_func ("/demo-scan/hard-links", test_hard_links);
  g_test_add_func ("/demo-scan/folders", test_folders);
  g_test_add_func ("/demo-scan/file-systems", test_file_systems);
  g_test_add_func ("/demo-scan/names", test_names);
  g_test_add_func ("/demo-scan/many", test_many);
  g_test_add_func ("/demo-scan/settings", test_settings);
  g_test_add_func ("/demo-scan/unreadable", test_unreadable);
  g_test_add_func ("/demo-scan/owner-gone", test_owner_gone);
  g_test_add_func ("/demo-scan/cancel", test_cancel);
  return g_test_run ();
}
