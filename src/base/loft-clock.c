/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clock that dispatchers and timers read; a test may set it by hand. */

#include "config.h"

#include "base/loft-clock-private.h"

/* atomic; a plain value, it orders nothing */
static gint64 set_by_hand = -1;

gint64
loft_clock_now (void)
{
  gint64 by_hand = __atomic_load_n (&set_by_hand, __ATOMIC_RELAXED);

  return G_LIKELY (by_hand < 0) ? g_get_monotonic_time () : by_hand;
}

void
loft_clock_set (gint64 now)
{
  __atomic_store_n (&set_by_hand, now, __ATOMIC_RELAXED);
}

gboolean
loft_clock_is_stopped (void)
{
  return __atomic_load_n (&set_by_hand, __ATOMIC_RELAXED) >= 0;
}
