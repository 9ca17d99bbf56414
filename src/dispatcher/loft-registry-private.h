/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry: one dispatcher a context, and all dispatchers that there are. */

#pragma once

#include <loft/loft.h>

/* Names what is left in a dispatcher, and calls nobody: the process ends. */
typedef void (*LoftNameLeftFunc) (LoftDispatcher *dispatcher, const char *why);

/* Each dispatcher, from the beginning to the end of its life. */
void            loft_registry_add      (LoftDispatcher *dispatcher, LoftNameLeftFunc name_left);
void            loft_registry_remove   (GMainContext *context, LoftDispatcher *dispatcher);

/* The one of @context; (transfer full), NULL: there is none. */
LoftDispatcher *loft_registry_lookup   (GMainContext *context);

/* Makes @made, which was added, the one of @context, and takes it: of two that race the first
 * stays. Gives that; (transfer full). */
LoftDispatcher *loft_registry_settle   (GMainContext *context, LoftDispatcher *made);

/* All dispatchers that there are, each a reference. */
GPtrArray      *loft_registry_snapshot (void);

/* Whether this is a forked child, and they are its parent's. */
gboolean        loft_registry_is_inherited (void);
