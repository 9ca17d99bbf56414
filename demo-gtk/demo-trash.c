/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GIO can move a file to the trash, but not back without a service. The trash of the desktop is a
 * folder, though: files/NAME is what was moved, and info/NAME.trashinfo says from where. To put
 * files back, the entries that were made since are looked through once. */

#include "demo-trash.h"

#include "demo-name.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _DemoTrash
{
  GObject parent_instance;

  /* by the one action that runs */
  GPtrArray *waiting; /* of DemoRow: to be moved */
  GPtrArray *trashed; /* of DemoRow */
  GPtrArray *restored;
  char *message;
  guint n_failed;
  gint64 begun;       /* ns since 1970 */
};

G_DEFINE_FINAL_TYPE (DemoTrash, demo_trash, G_TYPE_OBJECT)

DemoTrash *
demo_trash_new (GPtrArray *rows)
{
  DemoTrash *self = g_object_new (DEMO_TYPE_TRASH, NULL);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (self->waiting, g_object_ref (rows->pdata[i]));
  return self;
}

GPtrArray *
demo_trash_get_rows (DemoTrash *self)
{
  return self->trashed;
}

const char *
demo_trash_get_message (DemoTrash *self)
{
  return self->message;
}

GPtrArray *
demo_trash_dup_restored (DemoTrash *self)
{
  return g_ptr_array_copy (self->restored, (GCopyFunc) g_object_ref, NULL);
}

static void
demo_trash_fail (DemoTrash  *self,
                 const char *what,
                 DemoRow    *row,
                 const char *why)
{
  g_autofree char *shown = demo_name_escape (demo_row_get_path (row));

  self->n_failed++;
  g_free (self->message);
  if (self->n_failed > 1)
    self->message = g_strdup_printf ("%u files could not be %s. The last is %s: %s", self->n_failed,
                                     what, shown, why);
  else
    self->message = g_strdup_printf ("%s could not be %s: %s", shown, what, why);
}

static void
demo_trash_begin (DemoTrash *self)
{
  g_clear_pointer (&self->message, g_free);
  self->n_failed = 0;
}

/* Moving. */

static gboolean
is_unchanged (DemoRow *row)
{
  struct stat info;

  return lstat (demo_row_get_path (row), &info) == 0 && S_ISREG (info.st_mode) &&
         (guint64) info.st_size == demo_row_get_size (row) &&
         (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec ==
           demo_row_get_modified (row);
}

static gboolean
trash_path (const char *path,
            GError    **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_trash (file, NULL, error);
}

/* All names of the file go, because with one of them left it would still be there. */
static gboolean
trash_row (DemoRow *row,
           GError **error)
{
  GStrv more = demo_row_get_more_paths (row);

  if (!is_unchanged (row))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "It was changed since the scan. Scan again.");
      return FALSE;
    }
  if (!trash_path (demo_row_get_path (row), error))
    return FALSE;
  for (guint i = 0; more != NULL && more[i] != NULL; i++)
    if (!trash_path (more[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
run_trash (LoftAsyncAction *action,
           gpointer         data,
           GError         **error)
{
  DemoTrash *self = data;

  demo_trash_begin (self);
  self->begun = g_get_real_time () * 1000;
  for (guint i = 0; i < self->waiting->len; i++)
    {
      DemoRow *row = self->waiting->pdata[i];
      g_autoptr (GError) why = NULL;

      if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
        break;
      if (trash_row (row, &why))
        g_ptr_array_add (self->trashed, g_object_ref (row));
      else
        demo_trash_fail (self, "moved to the trash", row, why->message);
    }
  g_ptr_array_set_size (self->waiting, 0);
  return TRUE;
}

LoftAsyncAction *
demo_trash_run_async (DemoTrash *self)
{
  return loft_thread_pool_run_async (run_trash, g_object_ref (self), g_object_unref);
}

/* Putting back. */

/* Where something lies in the trash. */
typedef struct
{
  char *file;
  char *info;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->file);
  g_free (entry->info);
  g_free (entry);
}

/* Returns the folder that the path's file system is mounted on. */
static char *
find_top (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info, parent_info;

  if (stat (folder, &info) != 0)
    return NULL;
  while (!g_str_equal (folder, "/"))
    {
      g_autofree char *parent = g_path_get_dirname (folder);

      if (stat (parent, &parent_info) != 0 || parent_info.st_dev != info.st_dev)
        break;
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
  return g_steal_pointer (&folder);
}

/* Returns the path that the entry came from, as bytes. */
static char *
read_info (const char *info,
           const char *top)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autofree char *value = NULL;
  g_autofree char *path = NULL;

  if (!g_key_file_load_from_file (keys, info, G_KEY_FILE_NONE, NULL))
    return NULL;
  value = g_key_file_get_value (keys, "Trash Info", "Path", NULL);
  path = value != NULL ? g_uri_unescape_string (value, NULL) : NULL;
  if (path == NULL || g_path_is_absolute (path))
    return g_steal_pointer (&path);
  return g_build_filename (top, path, NULL);
}

static void
read_trash (DemoTrash  *self,
            const char *trash,
            const char *top,
            GHashTable *entries)
{
  g_autofree char *infos = g_build_filename (trash, "info", NULL);
  g_autoptr (GDir) dir = g_dir_open (infos, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *info = g_build_filename (infos, name, NULL);
      g_autofree char *stem = g_strndup (name, strlen (name) - strlen (".trashinfo"));
      char *path;
      struct stat stat_info;
      Entry *entry;

      /* Times of files are rounded to a tick of the kernel, and on some file systems to seconds. */
      if (!g_str_has_suffix (name, ".trashinfo") || lstat (info, &stat_info) != 0 ||
          ((gint64) stat_info.st_mtim.tv_sec + 3) * 1000000000 < self->begun)
        continue;
      path = read_info (info, top);
      if (path == NULL)
        continue;
      entry = g_new0 (Entry, 1);
      entry->file = g_build_filename (trash, "files", stem, NULL);
      entry->info = g_steal_pointer (&info);
      g_hash_table_insert (entries, path, entry);
    }
}

/* Reads the trashes in which the file may be, unless they were read for another. */
static void
read_trashes_of (DemoTrash  *self,
                 const char *path,
                 GHashTable *tops,
                 GHashTable *entries)
{
  g_autofree char *home = g_build_filename (g_get_user_data_dir (), "Trash", NULL);
  g_autofree char *top = find_top (path);
  g_autofree char *uid = g_strdup_printf ("%u", (guint) getuid ());
  g_autofree char *shared = NULL, *own = NULL, *own_name = g_strconcat (".Trash-", uid, NULL);

  if (top == NULL || g_hash_table_contains (tops, top))
    return;
  shared = g_build_filename (top, ".Trash", uid, NULL);
  own = g_build_filename (top, own_name, NULL);
  read_trash (self, home, top, entries);
  read_trash (self, shared, top, entries);
  read_trash (self, own, top, entries);
  g_hash_table_add (tops, g_steal_pointer (&top));
}

static gboolean
restore_path (const char *path,
              GHashTable *entries,
              GError    **error)
{
  Entry *entry = g_hash_table_lookup (entries, path);

  if (entry == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "It is not in the trash any more");
      return FALSE;
    }
  /* Never over a file that has the name by now. */
  if (renameat2 (AT_FDCWD, entry->file, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno),
                           g_strerror (errno));
      return FALSE;
    }
  g_unlink (entry->info);
  return TRUE;
}

static gboolean
restore_row (DemoRow    *row,
             GHashTable *entries,
             GError    **error)
{
  GStrv more = demo_row_get_more_paths (row);

  if (!restore_path (demo_row_get_path (row), entries, error))
    return FALSE;
  for (guint i = 0; more != NULL && more[i] != NULL; i++)
    if (!restore_path (more[i], entries, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_undo (LoftAsyncAction *action,
          gpointer         data,
          GError         **error)
{
  DemoTrash *self = data;
  g_autoptr (GHashTable) tops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          entry_free);
  g_autoptr (GPtrArray) rows = g_steal_pointer (&self->trashed);

  demo_trash_begin (self);
  self->trashed = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_set_size (self->restored, 0);
  for (guint i = 0; i < rows->len; i++)
    read_trashes_of (self, demo_row_get_path (rows->pdata[i]), tops, entries);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (GError) why = NULL;

      if (restore_row (rows->pdata[i], entries, &why))
        {
          g_ptr_array_add (self->restored, g_object_ref (rows->pdata[i]));
          continue;
        }
      demo_trash_fail (self, "put back", rows->pdata[i], why->message);
      g_ptr_array_add (self->trashed, g_object_ref (rows->pdata[i]));
    }
  return TRUE;
}

LoftAsyncAction *
demo_trash_undo_async (DemoTrash *self)
{
  return loft_thread_pool_run_async (run_undo, g_object_ref (self), g_object_unref);
}

static void
demo_trash_finalize (GObject *object)
{
  DemoTrash *self = DEMO_TRASH (object);

  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->trashed);
  g_ptr_array_unref (self->restored);
  g_free (self->message);
  G_OBJECT_CLASS (demo_trash_parent_class)->finalize (object);
}

static void
demo_trash_class_init (DemoTrashClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_trash_finalize;
}

static void
demo_trash_init (DemoTrash *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->trashed = g_ptr_array_new_with_free_func (g_object_unref);
  self->restored = g_ptr_array_new_with_free_func (g_object_unref);
}
