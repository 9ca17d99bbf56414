/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handler of a debouncer or throttler, which a call that is on its way may outlive. */

#include "config.h"

#include "compose/loft-callee-private.h"

LoftCallee *
loft_callee_new (LoftDispatcher   *home,
                 LoftQueueHandler  handler,
                 gpointer          user_data,
                 GDestroyNotify    destroy)
{
  LoftCallee *callee = g_new0 (LoftCallee, 1);

  *callee = (LoftCallee) { 1, g_object_ref (home), handler, user_data, destroy };
  return callee;
}

LoftCallee *
loft_callee_ref (LoftCallee *callee)
{
  __atomic_fetch_add (&callee->refs, 1, __ATOMIC_RELAXED);
  return callee;
}

void
loft_callee_unref (gpointer data)
{
  LoftCallee *callee = data;

  if (__atomic_fetch_sub (&callee->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  loft_home_release (callee->home, callee->destroy, callee->user_data);
  g_object_unref (callee->home);
  g_free (callee);
}
