/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The widget of one DemoRow: the head of a set, or a file with a check box. */

#pragma once

#include <gtk/gtk.h>

#include "demo-row.h"

#define DEMO_TYPE_LINE (demo_line_get_type ())
G_DECLARE_FINAL_TYPE (DemoLine, demo_line, DEMO, LINE, GtkBox)

GtkWidget *demo_line_new     (void);
void       demo_line_set_row (DemoLine *self, DemoRow *row); /* NULL: shows nothing */
DemoRow   *demo_line_get_row (DemoLine *self);
