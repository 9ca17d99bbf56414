/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads a file to its end on a worker. Between two chunks it checks whether it was cancelled. */

#include "demo-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define CHUNK (128 * 1024)

typedef struct
{
  char *path;
  guint64 *counter;
} Hash;

static void
hash_free (gpointer data)
{
  g_free (((Hash *) data)->path);
  g_free (data);
}

/* On FALSE, @error is set and @checksum must not be used. */
static gboolean
hash_read (Hash          *hash,
           int            fd,
           LoftAsyncInfo *info,
           GChecksum     *checksum,
           GError       **error)
{
  g_autofree guchar *chunk = g_malloc (CHUNK);
  gssize n;

  while ((n = read (fd, chunk, CHUNK)) > 0)
    {
      if (loft_async_info_is_canceled (info))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The scan was cancelled");
          return FALSE;
        }
      g_checksum_update (checksum, chunk, n);
      __atomic_fetch_add (hash->counter, (guint64) n, __ATOMIC_RELAXED);
    }
  if (n == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno), g_strerror (errno));
  return FALSE;
}

static gboolean
hash_run (LoftAsyncOperation *operation,
          GValue             *result,
          gpointer            data,
          GError            **error)
{
  Hash *hash = data;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int fd = open (hash->path, O_RDONLY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno),
                           g_strerror (errno));
      return FALSE;
    }
  done = hash_read (hash, fd, LOFT_ASYNC_INFO (operation), checksum, error);
  close (fd);
  if (done)
    g_value_set_string (result, g_checksum_get_string (checksum));
  return done;
}

LoftAsyncOperation *
demo_hash_file_async (const char *path,
                      guint64    *counter)
{
  Hash *hash = g_new0 (Hash, 1);

  hash->path = g_strdup (path);
  hash->counter = counter;
  return loft_thread_pool_run_operation_async (G_TYPE_STRING, hash_run, hash, hash_free);
}
