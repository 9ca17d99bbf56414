/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file that a scan has seen. It may have several names (hard links) and takes its space once. */

#pragma once

#include <gio/gio.h>

typedef struct
{
  /* set by the walk */
  char *path;            /* bytes, in no encoding */
  GPtrArray *more_paths; /* its other names that were seen; NULL: none */
  guint64 size;
  guint64 device;
  guint64 inode;
  gint64 modified;       /* ns since 1970 */
  gboolean reference;

  /* set by the comparison, by one worker at a time */
  guint64 hash;          /* of its beginning, or of all of it */
  int fd;                /* -1: not open */
  gboolean bad;          /* could not be read, which was told */
} DemoFile;

void     demo_file_free    (DemoFile *file);

/* For a GHashTable: is it the same file, by whichever name? */
guint    demo_file_hash_id  (gconstpointer file);
gboolean demo_file_equal_id (gconstpointer a, gconstpointer b);

/* Opens the file for reading. Fails too if it is not the file any more that the walk has seen, or
 * was changed since. */
gboolean demo_file_open    (DemoFile *file, GError **error);
void     demo_file_close   (DemoFile *file);

/* Reads until @length bytes or the file's end have come, from @offset on. Returns -1 on an
 * error. */
gssize   demo_file_read    (DemoFile *file, guint64 offset, guchar *buffer, gsize length,
                            GError **error);
