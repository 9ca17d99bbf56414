/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of some files of one size are equal, byte by byte. */

#pragma once

#include "demo-file.h"

/* So many files are compared side by side. */
#define DEMO_COMPARE_MOST 64

/* So many bytes of the beginning are looked at before the rest. */
#define DEMO_COMPARE_FIRST 4096

/* The buffer of a comparison, for the chunks of all files that are compared side by side. */
#define DEMO_COMPARE_BUFFER (512 * 1024)

typedef struct
{
  /* The work stops when it returns FALSE. */
  gboolean (*go_on) (gpointer data);
  void (*read) (gpointer data, gsize bytes);
  void (*problem) (gpointer data, DemoFile *file, const GError *error);
  gpointer data;
} DemoCompareCalls;

/* Sets the hash of @file to that of its first @length bytes. It tells different files apart, and
 * says of no two that they are equal. */
gboolean demo_compare_hash (DemoFile *file, guint64 length, const DemoCompareCalls *calls,
                            guchar *buffer);

/* Compares @files (of DemoFile, all of one size), and adds to @sets a GPtrArray for each set of two
 * or more that are equal. None stays open. Every file is read at most once if there are at most
 * DEMO_COMPARE_MOST. */
void     demo_compare_run  (GPtrArray *files, const DemoCompareCalls *calls, guchar *buffer,
                            GPtrArray *sets);
