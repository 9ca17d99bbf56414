/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A set of equal files, as a list of rows: its head, and then its files. */

#pragma once

#include "demo-row.h"

#define DEMO_TYPE_SET (demo_set_get_type ())
G_DECLARE_FINAL_TYPE (DemoSet, demo_set, DEMO, SET, GObject)

/* @files is of DemoFile, all equal, and is sorted by path, references first. */
DemoSet *demo_set_new         (GPtrArray *files, guint group);

guint    demo_set_get_n_files (DemoSet *self);
DemoRow *demo_set_get_file    (DemoSet *self, guint n); /* (transfer none) */
guint    demo_set_get_group   (DemoSet *self);
guint64  demo_set_get_size    (DemoSet *self); /* of one file */

/* Space and files that could be saved: all but one, or all but the references. */
guint64  demo_set_get_wasted  (DemoSet *self);
guint    demo_set_get_spare   (DemoSet *self);

/* Main thread only: takes a file out, because it is gone. */
void     demo_set_remove_file (DemoSet *self, DemoRow *file);

/* Main thread only: adds a file again that was taken out, at its place. */
void     demo_set_add_file    (DemoSet *self, DemoRow *file);
