/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A message over the bottom of a window that goes by itself, with a button for an action. */

#pragma once

#include <gtk/gtk.h>

#define DEMO_TYPE_TOAST (demo_toast_get_type ())
G_DECLARE_FINAL_TYPE (DemoToast, demo_toast, DEMO, TOAST, GtkBox)

GtkWidget *demo_toast_new  (void);

/* Shows @text for ten seconds. The button has the label @button, and activates @action. */
void       demo_toast_show (DemoToast *self, const char *text, const char *button,
                            const char *action);
void       demo_toast_hide (DemoToast *self);
