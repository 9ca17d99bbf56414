/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Forgets in a forked child what belongs to its parent. The threads that served the parent do not
 * exist in the child. */

#pragma once

#include <glib.h>

/* Registers @location, which is set to NULL in every forked child, so that the child makes anew
 * what @location pointed to. A location that was registered stays registered; to register it again
 * does nothing. */
void loft_fork_forget (gpointer *location);
