/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads folders breadth first, by their descriptors, so that a file costs one fstatat () with a
 * short name. The kind of an entry comes with its name on most file systems, and what is neither a
 * folder nor a regular file then costs nothing.
 *
 * The folders of reference go first: a folder that lies in another belongs to where it was seen
 * first. */

#include "demo-walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

/* A folder that waits for its turn. */
typedef struct
{
  char *path;
  guint64 device; /* of the folder it was found in */
  gboolean reference;
  gboolean top; /* named by the user */
} Folder;

typedef struct
{
  DemoWalk *walk;
  const DemoSettings *settings;
  const DemoWalkCalls *calls;
  GQueue folders;
  GHashTable *seen;     /* folders, by device and inode */
  GHashTable *excluded; /* the same */
  GHashTable *links;    /* of DemoFile with several names */
} Walker;

DemoWalk *
demo_walk_new (void)
{
  DemoWalk *walk = g_new0 (DemoWalk, 1);

  walk->files = g_ptr_array_new_with_free_func ((GDestroyNotify) demo_file_free);
  return walk;
}

void
demo_walk_free (DemoWalk *walk)
{
  g_ptr_array_unref (walk->files);
  g_free (walk);
}

static void
walker_problem (Walker     *walker,
                const char *path,
                const char *why)
{
  walker->calls->problem (walker->calls->data, path, why);
}

static void
folder_free (Folder *folder)
{
  g_free (folder->path);
  g_free (folder);
}

static void
walker_push (Walker       *walker,
             char         *path,
             const Folder *parent,
             guint64       device)
{
  Folder *folder = g_new0 (Folder, 1);

  folder->path = path;
  folder->device = device;
  folder->reference = parent->reference;
  g_queue_push_tail (&walker->folders, folder);
}

/* Adds the folder to @set. Returns FALSE if it was there. */
static gboolean
add_folder (GHashTable        *set,
            const struct stat *info)
{
  DemoFile *id = g_new0 (DemoFile, 1);

  id->device = info->st_dev;
  id->inode = info->st_ino;
  return g_hash_table_add (set, id);
}

static gboolean
has_folder (GHashTable        *set,
            const struct stat *info)
{
  DemoFile id = { .device = info->st_dev, .inode = info->st_ino };

  return g_hash_table_contains (set, &id);
}

/* File systems whose files the kernel makes up when they are read. */
static gboolean
is_pseudo (int fd)
{
  static const guint32 magics[] = {
    PROC_SUPER_MAGIC,  SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
    DEBUGFS_MAGIC,     TRACEFS_MAGIC,    SECURITYFS_MAGIC,   PSTOREFS_MAGIC,
    BPF_FS_MAGIC,      EFIVARFS_MAGIC,   DEVPTS_SUPER_MAGIC, BINFMTFS_MAGIC,
    SELINUX_MAGIC,     NSFS_MAGIC,       0x62656570 /* configfs */,
    0x65735543 /* fusectl */,
  };
  struct statfs info;

  if (fstatfs (fd, &info) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if ((guint32) info.f_type == magics[i])
      return TRUE;
  return FALSE;
}

static void
walker_add_file (Walker            *walker,
                 const Folder      *folder,
                 const char        *name,
                 const struct stat *info)
{
  DemoFile id = { .device = info->st_dev, .inode = info->st_ino }, *file;

  walker->walk->n_names++;
  walker->walk->bytes += (guint64) info->st_size;
  if ((guint64) info->st_size < MAX (walker->settings->min_size, 1))
    return;
  file = info->st_nlink > 1 ? g_hash_table_lookup (walker->links, &id) : NULL;
  if (file != NULL)
    {
      if (file->more_paths == NULL)
        file->more_paths = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (file->more_paths, g_build_filename (folder->path, name, NULL));
      return;
    }
  file = g_new0 (DemoFile, 1);
  file->path = g_build_filename (folder->path, name, NULL);
  file->size = (guint64) info->st_size;
  file->device = id.device;
  file->inode = id.inode;
  file->modified = (gint64) info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
  file->reference = folder->reference;
  file->fd = -1;
  g_ptr_array_add (walker->walk->files, file);
  if (info->st_nlink > 1)
    g_hash_table_add (walker->links, file);
}

static void
walker_see_entry (Walker              *walker,
                  const Folder        *folder,
                  int                  fd,
                  const struct dirent *entry,
                  guint64              device)
{
  gboolean ask = entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN;
  gboolean is_folder = entry->d_type == DT_DIR;
  struct stat info;

  if (ask && fstatat (fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    {
      g_autofree char *path = g_build_filename (folder->path, entry->d_name, NULL);

      if (errno != ENOENT) /* which would mean that it is gone, and no problem any more */
        walker_problem (walker, path, g_strerror (errno));
    }
  else if (ask && S_ISREG (info.st_mode))
    walker_add_file (walker, folder, entry->d_name, &info);
  else if (is_folder || (ask && S_ISDIR (info.st_mode)))
    walker_push (walker, g_build_filename (folder->path, entry->d_name, NULL), folder, device);
}

static gboolean
is_dots (const char *name)
{
  return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static void
walker_read_folder (Walker       *walker,
                    const Folder *folder,
                    DIR          *dir,
                    guint64       device)
{
  const struct dirent *entry;

  for (errno = 0; (entry = readdir (dir)) != NULL; errno = 0)
    {
      if (!is_dots (entry->d_name))
        walker_see_entry (walker, folder, dirfd (dir), entry, device);
      if (!walker->calls->go_on (walker->calls->data))
        return;
    }
  if (errno != 0)
    walker_problem (walker, folder->path, g_strerror (errno));
}

/* Returns whether the folder is to be read, and says why if it is not. */
static gboolean
walker_enters (Walker            *walker,
               const Folder      *folder,
               int                fd,
               const struct stat *info)
{
  gboolean other = folder->top || info->st_dev != folder->device;

  if (has_folder (walker->excluded, info) || !add_folder (walker->seen, info))
    return FALSE;
  if (other && is_pseudo (fd))
    {
      walker->walk->n_skipped++;
      walker_problem (walker, folder->path, "Skipped: the kernel makes these files up");
      return FALSE;
    }
  return folder->top || !other || !walker->settings->one_file_system;
}

static void
walker_visit (Walker       *walker,
              const Folder *folder)
{
  int fd = open (folder->path,
                 O_RDONLY | O_CLOEXEC | O_DIRECTORY | (folder->top ? 0 : O_NOFOLLOW));
  struct stat info;
  DIR *dir;

  if (fd < 0 || fstat (fd, &info) != 0)
    walker_problem (walker, folder->path, g_strerror (errno));
  else if (walker_enters (walker, folder, fd, &info) && (dir = fdopendir (fd)) != NULL)
    {
      walker_read_folder (walker, folder, dir, info.st_dev);
      closedir (dir);
      return;
    }
  if (fd >= 0)
    close (fd);
}

static void
walker_exclude (Walker          *walker,
                const GPtrArray *paths)
{
  struct stat info;

  for (guint i = 0; i < paths->len; i++)
    if (stat (paths->pdata[i], &info) == 0)
      add_folder (walker->excluded, &info);
    else
      walker_problem (walker, paths->pdata[i], g_strerror (errno));
}

static void
walker_visit_all (Walker          *walker,
                  const GPtrArray *paths,
                  gboolean         reference)
{
  Folder *folder;

  for (guint i = 0; i < paths->len; i++)
    {
      folder = g_new0 (Folder, 1);
      folder->path = g_canonicalize_filename (paths->pdata[i], NULL);
      folder->reference = reference;
      folder->top = TRUE;
      g_queue_push_tail (&walker->folders, folder);
    }
  while ((folder = g_queue_pop_head (&walker->folders)) != NULL)
    {
      if (walker->calls->go_on (walker->calls->data))
        walker_visit (walker, folder);
      folder_free (folder);
    }
}

void
demo_walk_run (DemoWalk            *walk,
               const DemoSettings  *settings,
               const DemoWalkCalls *calls)
{
  Walker walker = { walk, settings, calls, G_QUEUE_INIT, NULL, NULL, NULL };

  walker.seen = g_hash_table_new_full (demo_file_hash_id, demo_file_equal_id, g_free, NULL);
  walker.excluded = g_hash_table_new_full (demo_file_hash_id, demo_file_equal_id, g_free, NULL);
  walker.links = g_hash_table_new (demo_file_hash_id, demo_file_equal_id);
  walker_exclude (&walker, settings->excluded);
  walker_visit_all (&walker, settings->references, TRUE);
  walker_visit_all (&walker, settings->folders, FALSE);
  g_hash_table_unref (walker.seen);
  g_hash_table_unref (walker.excluded);
  g_hash_table_unref (walker.links);
}
