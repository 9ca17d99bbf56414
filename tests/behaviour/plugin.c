/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module that uses Loft, for test-unload.c. */

#include <loft/loft.h>

LoftAction *plugin_make_action (void);
gboolean    plugin_use_pool    (void);

LoftAction *
plugin_make_action (void)
{
  return loft_action_new ();
}

static gboolean
succeed (LoftAsyncAction *action,
         gpointer         data,
         GError         **error)
{
  return TRUE;
}

gboolean
plugin_use_pool (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (succeed, NULL, NULL);

  return loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL);
}
