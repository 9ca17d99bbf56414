/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo's comparison of files of one size: it tells files apart wherever they differ, and reads
 * no further than it must. */

#include "test-util.h"

#include "../../demo-gtk/demo-compare.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (300 * 1024)

typedef struct
{
  char *folder;
  GPtrArray *files;
  GPtrArray *sets;
  guint64 bytes_read;
  guint n_problems;
  gboolean stop;
} Fixture;

static gboolean
goes_on (gpointer data)
{
  return !((Fixture *) data)->stop;
}

static void
on_read (gpointer data,
         gsize    bytes)
{
  ((Fixture *) data)->bytes_read += bytes;
}

static void
on_problem (gpointer      data,
            DemoFile     *file,
            const GError *error)
{
  g_assert_nonnull (error->message);
  ((Fixture *) data)->n_problems++;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("loft-compare-XXXXXX", NULL);
  fixture->files = g_ptr_array_new_with_free_func ((GDestroyNotify) demo_file_free);
  fixture->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  for (guint i = 0; i < fixture->files->len; i++)
    {
      DemoFile *file = fixture->files->pdata[i];

      g_assert_cmpint (file->fd, ==, -1); /* none was left open */
      g_unlink (file->path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_ptr_array_unref (fixture->files);
  g_ptr_array_unref (fixture->sets);
  g_free (fixture->folder);
}

/* Adds a file of zeros, but for a @mark at @offset. */
static DemoFile *
add_file (Fixture *fixture,
          gsize    size,
          gsize    offset,
          char     mark)
{
  g_autofree char *content = g_malloc0 (size);
  DemoFile *file = g_new0 (DemoFile, 1);
  struct stat info;

  content[offset] = mark;
  file->path = g_strdup_printf ("%s/%u", fixture->folder, fixture->files->len);
  g_assert_true (g_file_set_contents (file->path, content, (gssize) size, NULL));
  g_assert_cmpint (stat (file->path, &info), ==, 0);
  file->size = size;
  file->device = info.st_dev;
  file->inode = info.st_ino;
  file->modified = (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
  file->fd = -1;
  g_ptr_array_add (fixture->files, file);
  return file;
}

static void
compare (Fixture *fixture)
{
  g_autofree guchar *buffer = g_malloc (DEMO_COMPARE_BUFFER);
  const DemoCompareCalls calls = { goes_on, on_read, on_problem, fixture };

  demo_compare_run (fixture->files, &calls, buffer, fixture->sets);
}

static guint
set_len (Fixture *fixture,
         guint    n)
{
  return ((GPtrArray *) fixture->sets->pdata[n])->len;
}

static void
test_first_byte (Fixture      *fixture,
                 gconstpointer data)
{
  for (int i = 0; i < 6; i++)
    add_file (fixture, SIZE, 0, (char) i);
  compare (fixture);
  g_assert_cmpuint (fixture->sets->len, ==, 0);
  g_assert_cmpuint (fixture->bytes_read, ==, 6 * DEMO_COMPARE_FIRST);
}

static void
test_last_byte (Fixture      *fixture,
                gconstpointer data)
{
  for (int i = 0; i < 6; i++)
    add_file (fixture, SIZE, SIZE - 1, (char) (i / 2));
  add_file (fixture, SIZE, SIZE - 1, 'x');
  compare (fixture);
  g_assert_cmpuint (fixture->sets->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (set_len (fixture, i), ==, 2);
  g_assert_cmpuint (fixture->bytes_read, ==, 7 * SIZE);
}

/* Sets that come apart one after the other. */
static void
test_everywhere (Fixture      *fixture,
                 gconstpointer data)
{
  for (gsize offset = 0; offset < SIZE; offset += SIZE / 20)
    for (int i = 0; i < 3; i++)
      add_file (fixture, SIZE, offset, 'x');
  g_assert_cmpuint (fixture->files->len, <=, DEMO_COMPARE_MOST);
  compare (fixture);
  g_assert_cmpuint (fixture->sets->len, ==, fixture->files->len / 3);
  for (guint i = 0; i < fixture->sets->len; i++)
    g_assert_cmpuint (set_len (fixture, i), ==, 3);
}

/* More than may be open at once. */
static void
test_rounds (Fixture      *fixture,
             gconstpointer data)
{
  for (guint i = 0; i < 5 * DEMO_COMPARE_MOST; i++)
    add_file (fixture, 10, 9, (char) (i % 3));
  compare (fixture);
  g_assert_cmpuint (fixture->sets->len, ==, 3);
  g_assert_cmpuint (set_len (fixture, 0) + set_len (fixture, 1) + set_len (fixture, 2), ==,
                    5 * DEMO_COMPARE_MOST);
}

/* A file that is gone, and one that was written since, are told of once each and are in no set. */
static void
test_changed (Fixture      *fixture,
              gconstpointer data)
{
  DemoFile *gone = add_file (fixture, 10, 0, 'x');
  DemoFile *written = add_file (fixture, 10, 0, 'x');

  for (guint i = 0; i < 2 * DEMO_COMPARE_MOST; i++)
    add_file (fixture, 10, 0, 'x');
  g_unlink (gone->path);
  written->modified--;
  compare (fixture);
  g_assert_cmpuint (fixture->n_problems, ==, 2);
  g_assert_cmpuint (fixture->sets->len, ==, 1);
  g_assert_cmpuint (set_len (fixture, 0), ==, 2 * DEMO_COMPARE_MOST);
}

static void
test_hash (Fixture      *fixture,
           gconstpointer data)
{
  const DemoCompareCalls calls = { goes_on, on_read, on_problem, fixture };
  g_autofree guchar *buffer = g_malloc (DEMO_COMPARE_BUFFER);
  DemoFile *one = add_file (fixture, SIZE, SIZE - 1, 'x');
  DemoFile *two = add_file (fixture, SIZE, SIZE - 1, 'y');

  g_assert_true (demo_compare_hash (one, DEMO_COMPARE_FIRST, &calls, buffer));
  g_assert_true (demo_compare_hash (two, DEMO_COMPARE_FIRST, &calls, buffer));
  g_assert_cmpuint (one->hash, ==, two->hash);
  g_assert_true (demo_compare_hash (one, SIZE, &calls, buffer));
  g_assert_true (demo_compare_hash (two, SIZE, &calls, buffer));
  g_assert_cmpuint (one->hash, !=, two->hash);
}

static void
test_stop (Fixture      *fixture,
           gconstpointer data)
{
  for (guint i = 0; i < 2 * DEMO_COMPARE_MOST; i++)
    add_file (fixture, 10, 0, 'x');
  fixture->stop = TRUE;
  compare (fixture);
  g_assert_cmpuint (fixture->sets->len, ==, 0);
  g_assert_cmpuint (fixture->bytes_read, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/demo-compare/first-byte", test_first_byte);
  ADD ("/demo-compare/last-byte", test_last_byte);
  ADD ("/demo-compare/everywhere", test_everywhere);
  ADD ("/demo-compare/rounds", test_rounds);
  ADD ("/demo-compare/changed", test_changed);
  ADD ("/demo-compare/hash", test_hash);
  ADD ("/demo-compare/stop", test_stop);
  return g_test_run ();
}
