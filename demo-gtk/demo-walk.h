/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The walk through the folders of a scan, on one thread. */

#pragma once

#include "demo-file.h"
#include "demo-settings.h"

typedef struct
{
  /* Called after each entry of a folder. The walk stops when it returns FALSE. */
  gboolean (*go_on) (gpointer data);
  /* @path can't be read, or is not looked at, because of @why. */
  void (*problem) (gpointer data, const char *path, const char *why);
  gpointer data;
} DemoWalkCalls;

/* What the walk has seen. */
typedef struct
{
  GPtrArray *files; /* of DemoFile, each once, whatever the number of its names */
  guint n_names;    /* regular files, counted by name */
  guint n_skipped;  /* file systems of the kernel */
  guint64 bytes;    /* of all names */
} DemoWalk;

DemoWalk *demo_walk_new  (void);
void      demo_walk_free (DemoWalk *walk);

/* Symbolic links inside the folders are not followed. A folder that is reached in two ways is
 * looked at once. */
void      demo_walk_run  (DemoWalk *walk, const DemoSettings *settings,
                          const DemoWalkCalls *calls);
