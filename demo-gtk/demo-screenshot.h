/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A picture of a window, as a PNG file. */

#pragma once

#include <gtk/gtk.h>

/* Saves what @window shows now, without the help of a display server. @window must be mapped. */
gboolean demo_screenshot_save (GtkWindow *window, const char *file, GError **error);
