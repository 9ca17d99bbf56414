/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clock that dispatchers and timers read. A test may set the time by hand. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-clock-private.h"

/* atomic; a plain value that orders nothing; negative: the clock runs */
static gint64 set_by_hand = -1;

gint64
loft_clock_now (void)
{
  gint64 by_hand = loft_load_relaxed (&set_by_hand);

  return G_LIKELY (by_hand < 0) ? g_get_monotonic_time () : by_hand;
}

void
loft_clock_set (gint64 now)
{
  loft_store_relaxed (&set_by_hand, now);
}

gboolean
loft_clock_is_stopped (void)
{
  return loft_load_relaxed (&set_by_hand) >= 0;
}
