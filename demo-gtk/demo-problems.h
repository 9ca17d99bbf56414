/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a scan could not read, in a window of its own. */

#pragma once

#include <gtk/gtk.h>

/* @problems is a list of DemoRow. Returns a sentence about it, or NULL if it is empty. */
char *demo_problems_describe (GListModel *problems);

void  demo_problems_present  (GtkWindow *parent, GListModel *problems);
