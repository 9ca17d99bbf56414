/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry: finds the one dispatcher of a context, and lists all dispatchers. */

#pragma once

#include <loft/loft.h>

/* Logs which items are left in a dispatcher when the process ends. It calls no handler and no
 * destroy notify. */
typedef void (*LoftNameLeftFunc) (LoftDispatcher *dispatcher, const char *why);

/* A dispatcher is added when it is constructed. It is removed when it is finalized, or when it is
 * given up because the thread that had pushed its context has ended. */
void            loft_registry_add      (LoftDispatcher *dispatcher, LoftNameLeftFunc name_left);
void            loft_registry_remove   (GMainContext *context, LoftDispatcher *dispatcher);

/* Returns the dispatcher of @context; (transfer full), NULL: there is none. */
LoftDispatcher *loft_registry_lookup   (GMainContext *context);

/* Makes @made, which was added before, the dispatcher of @context, and takes the reference. If two
 * threads race, the first dispatcher stays. Returns the dispatcher that stays; (transfer full). */
LoftDispatcher *loft_registry_settle   (GMainContext *context, LoftDispatcher *made);

/* Returns all dispatchers that there are, with a reference on each. */
GPtrArray      *loft_registry_snapshot (void);

/* Returns whether this process is a forked child, so that the dispatchers are its parent's. */
gboolean        loft_registry_is_inherited (void);
