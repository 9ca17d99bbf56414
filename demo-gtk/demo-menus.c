/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "demo-menus.h"

static void
append_section (GMenu *menu,
                GMenu *section)
{
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

GMenuModel *
demo_menus_new_main (void)
{
  GMenu *menu = g_menu_new (), *scan = g_menu_new (), *look = g_menu_new (), *last = g_menu_new ();
  g_autoptr (GMenu) sizes = g_menu_new ();

  g_menu_append (sizes, "_All", "win.min-size::1");
  g_menu_append (sizes, "4 _kB and Larger", "win.min-size::4000");
  g_menu_append (sizes, "1 _MB and Larger", "win.min-size::1000000");
  g_menu_append (sizes, "1_00 MB and Larger", "win.min-size::100000000");
  g_menu_append (scan, "Scan A_gain", "win.rescan");
  g_menu_append_submenu (scan, "_Files to Compare", G_MENU_MODEL (sizes));
  g_menu_append (scan, "_Stay on One File System", "win.one-file-system");
  g_menu_append (scan, "_Export…", "win.export");
  append_section (menu, scan);
  g_menu_append (look, "_Dark Style", "win.dark");
  g_menu_append (look, "Frame _Meter and Flood", "win.meter");
  append_section (menu, look);
  g_menu_append (last, "_Keyboard Shortcuts", "win.show-help-overlay");
  g_menu_append (last, "_About Duplicate Finder", "win.about");
  append_section (menu, last);
  return G_MENU_MODEL (menu);
}

GMenuModel *
demo_menus_new_file (void)
{
  GMenu *menu = g_menu_new (), *file = g_menu_new (), *folder = g_menu_new ();

  g_menu_append (file, "_Open", "win.open-file");
  g_menu_append (file, "Show in _Folder", "win.reveal");
  g_menu_append (file, "_Copy Path", "win.copy-path");
  append_section (menu, file);
  g_menu_append (folder, "_Select All in This Folder", "win.mark-folder");
  g_menu_append (folder, "_Keep All in This Folder", "win.keep-folder");
  g_menu_append (folder, "_Leave This Folder Out", "win.exclude-folder");
  append_section (menu, folder);
  return G_MENU_MODEL (menu);
}
