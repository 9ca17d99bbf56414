/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The last user of Loft is unloaded while a worker waits. The library stays loaded. This program is
 * not linked with Loft. */

#include <dlfcn.h>
#include <glib.h>

int
main (int   argc,
      char *argv[])
{
  void *plugin;
  gboolean (*use_pool) (void);

  g_assert_null (dlopen ("libloft-1.so.0", RTLD_NOW | RTLD_NOLOAD));
  plugin = dlopen (g_getenv ("LOFT_TEST_PLUGIN"), RTLD_NOW | RTLD_LOCAL);
  if (plugin == NULL)
    g_error ("%s", dlerror ());
  use_pool = (gboolean (*) (void)) dlsym (plugin, "plugin_use_pool");
  g_assert_true (use_pool ());
  dlclose (plugin);
  g_assert_nonnull (dlopen ("libloft-1.so.0", RTLD_NOW | RTLD_NOLOAD));
  return 0;
}
