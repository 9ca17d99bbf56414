/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The window of the duplicate finder. */

#pragma once

#include <gtk/gtk.h>

#include "demo-bar.h"

#define DEMO_TYPE_WINDOW (demo_window_get_type ())
G_DECLARE_FINAL_TYPE (DemoWindow, demo_window, DEMO, WINDOW, GtkApplicationWindow)

/* ::scan-ended is emitted when a scan has ended and all its sets are in the list. */
GtkWidget *demo_window_new      (GtkApplication *application);

/* Scans the folder @path. */
void       demo_window_scan_path (DemoWindow *self, const char *path);
DemoBar   *demo_window_get_bar  (DemoWindow *self);

/* Returns one line for scripts: files, bytes, duplicates, updates posted, frames a second, and the
 * worst gap. */
char      *demo_window_describe (DemoWindow *self);
