/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of finds: name, folder, size, and the set a file belongs to. */

#pragma once

#include <gtk/gtk.h>

/* A scrolled GtkColumnView over @rows, a list of DemoRow; a click on a column's head sorts by
 * it. */
GtkWidget *demo_list_new (GListStore *rows);
