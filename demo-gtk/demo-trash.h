/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that are moved to the trash together, and can be put back together. */

#pragma once

#include <loft/loft.h>

#include "demo-row.h"

#define DEMO_TYPE_TRASH (demo_trash_get_type ())
G_DECLARE_FINAL_TYPE (DemoTrash, demo_trash, DEMO, TRASH, GObject)

/* @rows is of DemoRow, and is held. */
DemoTrash       *demo_trash_new       (GPtrArray *rows);

/* Moves the files to the trash on a worker. A file that is not what the scan saw any more stays
 * where it is, and nothing is ever deleted. The action completes even if no file could be moved;
 * after its end the functions below say what was done. A cancel ends it before the next file. */
LoftAsyncAction *demo_trash_run_async  (DemoTrash *self);

/* Puts them back on a worker, where nothing has their names by now. */
LoftAsyncAction *demo_trash_undo_async (DemoTrash *self);

/* The rows that are in the trash now. Call this when no action runs. */
GPtrArray       *demo_trash_get_rows   (DemoTrash *self);

/* Returns the rows that the last undo has put back. (transfer full) */
GPtrArray       *demo_trash_dup_restored (DemoTrash *self);

/* Returns a sentence about what the last action could not do, or NULL. */
const char      *demo_trash_get_message (DemoTrash *self);
