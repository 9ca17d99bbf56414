/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How far a scan has come. */

#pragma once

#include <glib-object.h>

/* What is reported now and then, and what the operation brings in the end. */
typedef struct
{
  guint   files;       /* seen */
  guint   to_hash;     /* that share their size with another */
  guint   hashed;
  guint   duplicates;  /* that could go: of each set, all but one */
  guint   rows;        /* posted */
  guint64 bytes;       /* of all files seen */
  guint64 bytes_to_hash;
  guint64 bytes_hashed;
} DemoProgress;

#define DEMO_TYPE_PROGRESS (demo_progress_get_type ())
GType demo_progress_get_type (void);
