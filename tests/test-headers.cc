// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The umbrella header in C++: no keyword in the way, and the functions link.

#include <loft/loft.h>

static gboolean
work (LoftAsyncAction *, gpointer, GError **)
{
  return TRUE;
}

int
main ()
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_LOW, work, nullptr, nullptr);

  while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (action)))
    g_main_context_iteration (nullptr, TRUE);
  return loft_async_info_get_status (LOFT_ASYNC_INFO (action)) == LOFT_ASYNC_STATUS_COMPLETED ? 0
                                                                                              : 1;
}
