/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is done with the files that are marked: counted, moved to the trash, put back. */

#pragma once

#include <gtk/gtk.h>

#include "demo-file-actions.h"
#include "demo-list.h"
#include "demo-selection-bar.h"
#include "demo-toast.h"

#define DEMO_TYPE_CLEANER (demo_cleaner_get_type ())
G_DECLARE_FINAL_TYPE (DemoCleaner, demo_cleaner, DEMO, CLEANER, GObject)

typedef struct
{
  GtkWidget *window; /* a GtkApplicationWindow, to which the actions are added */
  DemoList *list;
  DemoSelectionBar *bar;
  DemoToast *toast;
  DemoSayFunc say;
} DemoCleanerParts;

/* The window owns the cleaner, and disposes it when it goes. ::changed is emitted when files have
 * left the sets, or have come back. */
DemoCleaner *demo_cleaner_new      (const DemoCleanerParts *parts);

/* @sets is a list of DemoSet in which the set of number N is at N - 1. NULL: none. */
void         demo_cleaner_set_sets (DemoCleaner *self, GListModel *sets);
