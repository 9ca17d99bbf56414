/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The bar at the bottom: the frame meter, the flood, and “Wait Here”. */

#pragma once

#include <gtk/gtk.h>

#include "demo-flood.h"
#include "demo-meter.h"

#define DEMO_TYPE_BAR (demo_bar_get_type ())
G_DECLARE_FINAL_TYPE (DemoBar, demo_bar, DEMO, BAR, GtkBox)

GtkWidget *demo_bar_new         (void);
DemoMeter *demo_bar_get_meter   (DemoBar *self);

/* Frames are measured during a scan and during a flood. */
void       demo_bar_set_scanning (DemoBar *self, gboolean scanning);

/* Does the same as if the user had chosen @kind and turned the switch on. */
void       demo_bar_start_flood (DemoBar *self, DemoFloodKind kind);
void       demo_bar_stop_flood  (DemoBar *self);

/* Returns how many items the last flood ran, and in how many seconds. */
guint      demo_bar_get_flood   (DemoBar *self, double *seconds);
