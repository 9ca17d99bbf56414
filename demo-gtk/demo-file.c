/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads with pread (), so that a comparison may begin anywhere. */

#include "demo-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void
demo_file_free (DemoFile *file)
{
  demo_file_close (file);
  g_clear_pointer (&file->more_paths, g_ptr_array_unref);
  g_free (file->path);
  g_free (file);
}

guint
demo_file_hash_id (gconstpointer file)
{
  const DemoFile *one = file;

  return (guint) (one->inode ^ (one->inode >> 32) ^ (one->device * 31));
}

gboolean
demo_file_equal_id (gconstpointer a,
                    gconstpointer b)
{
  const DemoFile *one = a, *two = b;

  return one->inode == two->inode && one->device == two->device;
}

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno), g_strerror (errno));
  return FALSE;
}

static gboolean
is_unchanged (const DemoFile    *file,
              const struct stat *info)
{
  return S_ISREG (info->st_mode) && (guint64) info->st_ino == file->inode &&
         (guint64) info->st_dev == file->device && (guint64) info->st_size == file->size &&
         (gint64) info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec == file->modified;
}

gboolean
demo_file_open (DemoFile *file,
                GError  **error)
{
  struct stat info;

  /* Not to follow a link, and not to wait for a writer, if the name means something else by now. */
  file->fd = open (file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file->fd < 0 || fstat (file->fd, &info) != 0)
    return fail (error);
  if (is_unchanged (file, &info))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "It was changed during the scan");
  return FALSE;
}

void
demo_file_close (DemoFile *file)
{
  if (file->fd >= 0)
    close (file->fd);
  file->fd = -1;
}

gssize
demo_file_read (DemoFile *file,
                guint64   offset,
                guchar   *buffer,
                gsize     length,
                GError  **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (file->fd, buffer + done, length - done, (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail (error);
          return -1;
        }
      if (n == 0)
        break;
      done += (gsize) n;
    }
  return (gssize) done;
}
