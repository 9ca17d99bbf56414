/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a forked child must not take for its own: the threads that served its parent are not
 * there. */

#pragma once

#include <glib.h>

/* In a forked child @location is NULL again, so that what it pointed to is made anew. Each location
 * once; it stays for ever. */
void loft_fork_forget (gpointer *location);
