/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The menus of the window. All items are actions of it. */

#pragma once

#include <gio/gio.h>

GMenuModel *demo_menus_new_main (void); /* (transfer full), as the next */
GMenuModel *demo_menus_new_file (void);
