/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The line below the list: how much is marked, the rules that mark, and the trash. */

#pragma once

#include <gtk/gtk.h>

#include "demo-marks.h"

#define DEMO_TYPE_SELECTION_BAR (demo_selection_bar_get_type ())
G_DECLARE_FINAL_TYPE (DemoSelectionBar, demo_selection_bar, DEMO, SELECTION_BAR, GtkBox)

GtkWidget *demo_selection_bar_new    (void);
void       demo_selection_bar_update (DemoSelectionBar *self, const DemoMarkCount *count);
