/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which files the demo marks, and that it always leaves one of each set; moving to the trash, and
 * back. */

#include "test-util.h"

#include "../../demo-gtk/demo-marks.h"
#include "../../demo-gtk/demo-trash.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A set of three: an old, a new and a middle one. */
static GListModel *
make_sets (gboolean reference)
{
  DemoFile old = { .path = (char *) "/a/old", .size = 10, .modified = 1, .reference = reference };
  DemoFile new = { .path = (char *) "/b/new", .size = 10, .modified = 3 };
  DemoFile middle = { .path = (char *) "/b/c/middle", .size = 10, .modified = 2 };
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (DemoSet) set = NULL;
  GListStore *sets = g_list_store_new (DEMO_TYPE_SET);

  g_ptr_array_add (files, &old);
  g_ptr_array_add (files, &new);
  g_ptr_array_add (files, &middle);
  set = demo_set_new (files, 1);
  g_list_store_append (sets, set);
  return G_LIST_MODEL (sets);
}

static char *
marked (GListModel *sets)
{
  g_autoptr (GPtrArray) rows = demo_marks_dup_rows (sets);
  GString *text = g_string_new (NULL);

  g_assert_cmpuint (demo_marks_count (sets).files, ==, rows->len);
  g_assert_cmpuint (demo_marks_count (sets).bytes, ==, 10 * rows->len);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s ", demo_row_get_name (rows->pdata[i]));
  return g_string_free (text, FALSE);
}

#define assert_marked(sets, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *text = marked (sets);                                                         \
    g_assert_cmpstr (text, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

static void
test_rules (void)
{
  g_autoptr (GListModel) sets = make_sets (FALSE);

  demo_marks_set (sets, DEMO_MARK_ALL_BUT_NEWEST, NULL);
  assert_marked (sets, "old middle ");
  demo_marks_set (sets, DEMO_MARK_ALL_BUT_OLDEST, NULL);
  assert_marked (sets, "middle new ");
  demo_marks_set (sets, DEMO_MARK_NONE, NULL);
  assert_marked (sets, "");
  demo_marks_set (sets, DEMO_MARK_IN_FOLDER, "/b/c/");
  assert_marked (sets, "middle ");
  demo_marks_set (sets, DEMO_MARK_IN_FOLDER, "/b");
  assert_marked (sets, "middle new ");
  demo_marks_set (sets, DEMO_MARK_NONE, NULL);
  demo_marks_set (sets, DEMO_MARK_IN_FOLDER, "/b/ne"); /* which is no folder of any */
  assert_marked (sets, "");
}

/* No rule marks a whole set. By hand it can be done, and is counted. */
static void
test_whole_set (void)
{
  g_autoptr (GListModel) sets = make_sets (FALSE);
  g_autoptr (DemoSet) set = g_list_model_get_item (sets, 0);

  demo_marks_set (sets, DEMO_MARK_IN_FOLDER, "/");
  g_assert_cmpuint (demo_marks_count (sets).files, ==, 2);
  g_assert_cmpuint (demo_marks_count (sets).whole_sets, ==, 0);
  for (guint i = 0; i < 3; i++)
    demo_row_set_marked (demo_set_get_file (set, i), TRUE);
  g_assert_cmpuint (demo_marks_count (sets).whole_sets, ==, 1);
  demo_marks_spare (sets);
  assert_marked (sets, "middle new ");
}

/* A reference stays, and then all others may go. */
static void
test_reference (void)
{
  g_autoptr (GListModel) sets = make_sets (TRUE);

  demo_marks_set (sets, DEMO_MARK_ALL_BUT_NEWEST, NULL);
  assert_marked (sets, "middle new ");
  g_assert_cmpuint (demo_marks_count (sets).whole_sets, ==, 0);
}

/* The trash. */

static char *
write_file (const char *folder,
            const char *name)
{
  char *path = g_build_filename (folder, name, NULL);

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, "precious", -1, NULL));
  return path;
}

static DemoRow *
row_for (const char *path)
{
  DemoFile file = { .path = (char *) path };
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  file.size = (guint64) info.st_size;
  file.modified = (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
  return demo_row_new_copy (&file, 1);
}

static DemoTrash *
trash_for (DemoRow *row)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  g_ptr_array_add (rows, row);
  return demo_trash_new (rows);
}

static void
run (LoftAsyncAction *action)
{
  test_run_until_ended (NULL, action);
  assert_status (action, COMPLETED);
  g_object_unref (action);
  test_drain (NULL);
}

static void
assert_content (const char *path,
                const char *expected)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static void
test_trash (void)
{
  g_autofree char *path = write_file (g_get_home_dir (), "line\nbreak 100%");
  g_autoptr (DemoRow) row = row_for (path);
  g_autoptr (DemoTrash) trash = trash_for (row);

  run (demo_trash_run_async (trash));
  g_assert_cmpstr (demo_trash_get_message (trash), ==, NULL);
  g_assert_cmpuint (demo_trash_get_rows (trash)->len, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  /* Another has the name: neither is lost. */
  g_assert_true (g_file_set_contents (path, "newer", -1, NULL));
  run (demo_trash_undo_async (trash));
  g_assert_nonnull (strstr (demo_trash_get_message (trash), "could not be put back"));
  assert_content (path, "newer");
  g_unlink (path);

  run (demo_trash_undo_async (trash));
  g_assert_cmpstr (demo_trash_get_message (trash), ==, NULL);
  g_assert_cmpuint (demo_trash_get_rows (trash)->len, ==, 0);
  assert_content (path, "precious");
}

/* A file that is not what the scan saw stays. */
static void
test_changed (void)
{
  g_autofree char *path = write_file (g_get_home_dir (), "changed");
  g_autoptr (DemoRow) row = row_for (path);
  g_autoptr (DemoTrash) trash = trash_for (row);

  g_assert_true (g_file_set_contents (path, "more precious", -1, NULL));
  run (demo_trash_run_async (trash));
  g_assert_nonnull (strstr (demo_trash_get_message (trash), "changed since the scan"));
  g_assert_cmpuint (demo_trash_get_rows (trash)->len, ==, 0);
  assert_content (path, "more precious");
}

/* A trash that refuses leaves the file, and says why. */
static void
test_refused (void)
{
  g_autofree char *folder = g_strdup ("/dev/shm/loft-trash-XXXXXX");
  g_autofree char *path = NULL;
  g_autoptr (DemoRow) row = NULL;
  g_autoptr (DemoTrash) trash = NULL;

  if (g_mkdtemp (folder) == NULL)
    {
      g_test_skip ("There is no /dev/shm");
      return;
    }
  path = write_file (folder, "file");
  row = row_for (path);
  trash = trash_for (row);
  run (demo_trash_run_async (trash));
  if (demo_trash_get_rows (trash)->len == 0)
    {
      g_assert_nonnull (strstr (demo_trash_get_message (trash), "could not be moved"));
      assert_content (path, "precious");
    }
  else /* this system has a trash there */
    run (demo_trash_undo_async (trash));
  g_unlink (path);
  g_rmdir (folder);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0)
        remove_folder (child);
    }
  g_rmdir (path);
}

/* The home folder, where the trash is, is one of the test's own. G_TEST_OPTION_ISOLATE_DIRS makes
 * one, too, but GLib 2.74 leaks its names. */
int
main (int   argc,
      char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("loft-demo-XXXXXX", NULL);
  int status;

  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-marks/rules", test_rules);
  g_test_add_func ("/demo-marks/whole-set", test_whole_set);
  g_test_add_func ("/demo-marks/reference", test_reference);
  g_test_add_func ("/demo-trash/trash", test_trash);
  g_test_add_func ("/demo-trash/changed", test_changed);
  g_test_add_func ("/demo-trash/refused", test_refused);
  status = g_test_run ();
  remove_folder (home);
  return status;
}
