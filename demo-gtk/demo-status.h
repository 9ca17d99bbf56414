/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The line that says how far the scan is, and how fast: a bar and two labels. */

#pragma once

#include <gtk/gtk.h>

#include "demo-progress.h"

#define DEMO_TYPE_STATUS (demo_status_get_type ())
G_DECLARE_FINAL_TYPE (DemoStatus, demo_status, DEMO, STATUS, GtkBox)

GtkWidget *demo_status_new    (void);

void       demo_status_start  (DemoStatus *self);
void       demo_status_update (DemoStatus *self, const DemoProgress *progress);

/* Shows the result, and hides the bar. */
void       demo_status_end    (DemoStatus *self, const DemoProgress *progress, gboolean canceled);

/* Says that the scan is being cancelled. */
void       demo_status_cancel (DemoStatus *self);

/* Shows how much is wasted, after @what. */
void       demo_status_show_sums (DemoStatus *self, const DemoProgress *progress,
                                  const char *what);
