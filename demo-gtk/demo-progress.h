/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How far a scan has come. */

#pragma once

#include <glib-object.h>

/* The value of the progress reports, and the final value of the operation. */
typedef struct
{
  guint   files;       /* seen */
  guint   to_compare;  /* that have the same size as another */
  guint   compared;
  guint   sets;        /* of equal files */
  guint   duplicates;  /* that could be deleted: all but one of each set */
  guint   problems;    /* files and folders that could not be read */
  guint   skipped;     /* file systems of the kernel */
  guint64 bytes;       /* of all files seen */
  guint64 bytes_to_compare;
  guint64 bytes_read;
  guint64 wasted;      /* bytes that the duplicates take */
} DemoProgress;

#define DEMO_TYPE_PROGRESS (demo_progress_get_type ())
GType demo_progress_get_type (void);
