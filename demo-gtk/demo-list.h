/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of finds: the sets as sections, each with its files. */

#pragma once

#include <gtk/gtk.h>

#include "demo-set.h"

#define DEMO_TYPE_LIST (demo_list_get_type ())
G_DECLARE_FINAL_TYPE (DemoList, demo_list, DEMO, LIST, GtkBox)

GtkWidget *demo_list_new          (void);

/* Shows @sets, which is a list of DemoSet, or nothing. */
void       demo_list_set_sets     (DemoList *self, GListModel *sets);

/* Shows only sets with a file whose name or folder has @text in it, in whichever case. */
void       demo_list_set_filter   (DemoList *self, const char *text);

/* The sets that are shown, as a list of DemoSet. (transfer none) */
GListModel *demo_list_get_shown   (DemoList *self);

/* Files have left sets or have come back. A set of one file is not shown. */
void       demo_list_sets_changed (DemoList *self);

/* Returns the selected file, or NULL. */
DemoRow   *demo_list_get_selected (DemoList *self);

/* The menu of a file. Its actions are the window's. Takes no reference to @menu. */
void       demo_list_set_menu     (DemoList *self, GMenuModel *menu);
