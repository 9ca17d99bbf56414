/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a user does with one file: open it, show it in its folder, copy its path. */

#pragma once

#include <gtk/gtk.h>

/* Says on the main thread what went wrong. */
typedef void (*DemoSayFunc) (GtkWidget *window, const char *text);

void demo_file_actions_open   (GtkWidget *window, const char *path, DemoSayFunc say);

/* Asks the file manager to show the file, or, if there is none that can, opens its folder. */
void demo_file_actions_reveal (GtkWidget *window, const char *path, DemoSayFunc say);

/* Copies the path as text or, if it is not UTF-8, as a file. */
void demo_file_actions_copy   (GtkWidget *window, const char *path);
