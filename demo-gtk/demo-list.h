/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of finds: name, folder, size, and the set a file belongs to. */

#pragma once

#include <gtk/gtk.h>

/* Returns a scrolled GtkColumnView over @rows, which is a list of DemoRow. A click on the head of a
 * column sorts by that column. */
GtkWidget *demo_list_new (GListStore *rows);
