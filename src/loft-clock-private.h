/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What time it is for Loft: the monotonic clock, or what a test says. */

#pragma once

#include <glib.h>

/* Monotonic µs. */
gint64 loft_clock_now (void);

/* Stops the clock at @now, or with -1 lets it run again. For tests; any thread. */
void   loft_clock_set (gint64 now);
