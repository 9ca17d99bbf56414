/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handler of a debouncer or throttler, which a call that is on its way may outlive. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "compose/loft-paced-call-private.h"

LoftPacedCall *
loft_paced_call_new (LoftDispatcher   *home,
                     LoftQueueHandler  handler,
                     gpointer          user_data,
                     GDestroyNotify    destroy)
{
  LoftPacedCall *call = g_new0 (LoftPacedCall, 1);

  *call = (LoftPacedCall) { 1, g_object_ref (home), handler, user_data, destroy };
  return call;
}

LoftPacedCall *
loft_paced_call_ref (LoftPacedCall *call)
{
  loft_refs_take (&call->refs);
  return call;
}

void
loft_paced_call_unref (gpointer data)
{
  LoftPacedCall *call = data;

  if (!loft_refs_drop (&call->refs))
    return;
  loft_home_release (call->home, call->destroy, call->user_data);
  g_object_unref (call->home);
  g_free (call);
}
