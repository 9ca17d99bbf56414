/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A forked child has none of its parent's threads, and locks that those threads held may stay
 * locked for ever. So the child never touches the parent's pool and timers, and makes new ones when
 * it needs them. The items that waited in the old ones are left to the parent. */

#include "config.h"

#include "base/loft-fork-private.h"

#include <pthread.h>

#define MAX_LOCATIONS 4

static gpointer *locations[MAX_LOCATIONS]; /* atomic; NULL: free */

static void
on_forked_child (void)
{
  for (guint i = 0; i < MAX_LOCATIONS; i++)
    if (locations[i] != NULL)
      *locations[i] = NULL;
}

static gpointer
watch_forks (gpointer unused)
{
  pthread_atfork (NULL, NULL, on_forked_child);
  return NULL;
}

void
loft_fork_forget (gpointer *location)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, watch_forks, NULL);
  for (guint i = 0; i < MAX_LOCATIONS; i++)
    if (locations[i] == location ||
        g_atomic_pointer_compare_and_exchange (&locations[i], NULL, location))
      return;
  g_assert_not_reached ();
}
