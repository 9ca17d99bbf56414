/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A line of the list: a file that has copies elsewhere, or one that could not be read. */

#pragma once

#include <gio/gio.h>

#define DEMO_TYPE_ROW (demo_row_get_type ())
G_DECLARE_FINAL_TYPE (DemoRow, demo_row, DEMO, ROW, GObject)

/* A copy, which is one of the files of the set @group. */
DemoRow *demo_row_new_copy       (const char *path, guint64 size, guint group);
DemoRow *demo_row_new_unreadable (const char *path, const char *why);
