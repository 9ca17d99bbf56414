/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame meter: how many frames a second a window draws, and the worst gap between two. */

#pragma once

#include <gtk/gtk.h>

#define DEMO_TYPE_METER (demo_meter_get_type ())
G_DECLARE_FINAL_TYPE (DemoMeter, demo_meter, DEMO, METER, GtkWidget)

GtkWidget *demo_meter_new         (void);

/* The figures count from the last start. The first frames of a window would not be a fair
 * beginning. Between a stop and a start, no frames are asked for. */
void       demo_meter_start       (DemoMeter *self);
void       demo_meter_stop        (DemoMeter *self);
double     demo_meter_get_rate    (DemoMeter *self);
double     demo_meter_get_gap_ms  (DemoMeter *self);
