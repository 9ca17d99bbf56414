/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A line of the list: the head of a set, a file of a set, or what could not be read. */

#pragma once

#include "demo-file.h"

#define DEMO_TYPE_ROW (demo_row_get_type ())
G_DECLARE_FINAL_TYPE (DemoRow, demo_row, DEMO, ROW, GObject)

typedef enum { DEMO_ROW_HEAD, DEMO_ROW_COPY, DEMO_ROW_PROBLEM } DemoRowKind;

/* All may be called on any thread. Only the marked ones change, on the main thread. */
DemoRow    *demo_row_new_head    (guint group, guint64 size, guint n_files, guint64 wasted);
DemoRow    *demo_row_new_copy    (const DemoFile *file, guint group);
DemoRow    *demo_row_new_problem (const char *path, const char *why);

DemoRowKind demo_row_get_kind    (DemoRow *self);
const char *demo_row_get_path    (DemoRow *self); /* bytes; NULL for a head */
GStrv       demo_row_get_more_paths (DemoRow *self); /* its other names; NULL: none */
const char *demo_row_get_name    (DemoRow *self); /* escaped */
const char *demo_row_get_folder  (DemoRow *self); /* escaped */
const char *demo_row_get_note    (DemoRow *self);
guint64     demo_row_get_size    (DemoRow *self);
guint64     demo_row_get_wasted  (DemoRow *self); /* of a head */
gint64      demo_row_get_modified (DemoRow *self); /* ns since 1970 */
guint       demo_row_get_group   (DemoRow *self); /* the number of its set; 0: a problem */
gboolean    demo_row_is_reference (DemoRow *self);

/* Main thread only: marked to be moved to the trash. Only a copy that is no reference can be. */
gboolean    demo_row_is_marked   (DemoRow *self);
void        demo_row_set_marked  (DemoRow *self, gboolean marked);
