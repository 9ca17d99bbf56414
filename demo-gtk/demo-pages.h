/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The pages that the window shows when there is no list. */

#pragma once

#include <gtk/gtk.h>

/* Returns a page with an icon, a title, a sentence and, if @button is given, a button that
 * activates @action. */
GtkWidget *demo_page_new (const char *icon, const char *title, const char *text, const char *button,
                          const char *action);
