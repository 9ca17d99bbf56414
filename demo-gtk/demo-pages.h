/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the window shows when there is no list to show. */

#pragma once

#include <gtk/gtk.h>

/* An icon, a title, a sentence, and, with @button, a button that does @action. */
GtkWidget *demo_page_new (const char *icon, const char *title, const char *text, const char *button,
                          const char *action);
