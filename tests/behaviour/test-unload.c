/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module that used Loft is unloaded. The call sites of what it has made can still be described,
 * and Loft itself stays loaded, because its threads run its code. */

#include "test-util.h"

#include <dlfcn.h>

static void *
open_plugin (void)
{
  void *plugin = dlopen (g_getenv ("LOFT_TEST_PLUGIN"), RTLD_NOW | RTLD_LOCAL);

  if (plugin == NULL)
    g_error ("%s", dlerror ());
  return plugin;
}

static void
test_call_site (void)
{
  void *plugin = open_plugin ();
  LoftAction *(*make_action) (void) = (LoftAction * (*) (void) )
    dlsym (plugin, "plugin_make_action");
  g_autoptr (LoftAction) action = make_action ();
  g_autofree char *before = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (action)),
                  *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (before, "plugin_make_action () at "));
  dlclose (plugin);
  /* The module is really gone. */
  g_assert_null (dlopen (g_getenv ("LOFT_TEST_PLUGIN"), RTLD_NOW | RTLD_NOLOAD));
  after = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (action));
  g_assert_cmpstr (after, ==, "a module that has been unloaded");
  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &error));
  g_assert_nonnull (strstr (error->message, "a module that has been unloaded"));
  loft_action_complete (action);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unload/call-site", test_call_site);
  return g_test_run ();
}
