/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the dispatcher share. */

#pragma once

#include "loft-loop-source-private.h"
#include "loft-work-private.h"

LoftLoop       *loft_dispatcher_peek_loop      (LoftDispatcher *self);

/* A new dispatcher; only the registry makes them. */
LoftDispatcher *loft_dispatcher_new            (GMainContext *context, gboolean immortal);

/* A user's post: refused from the shutdown on. Loft's own deliveries go through loft_dispatcher_post_item. */
gboolean        loft_dispatcher_post_users_item (LoftDispatcher *self, LoftLane lane, LoftWorkItem *item);

/* The registry: one dispatcher a context. */
void            loft_dispatcher_registry_remove (GMainContext *context, LoftDispatcher *dispatcher);

/* The signals, and whether this is the first who ends it. */
gboolean        loft_dispatcher_set_shut_down  (LoftDispatcher *self);
void            loft_dispatcher_emit_shutdown  (LoftDispatcher *self, gboolean completed);
gboolean        loft_dispatcher_emit_unhandled_error (LoftDispatcher *self, GError *error, const char *source);

/* The orderly end, on the dispatcher's thread. */
void            loft_dispatcher_shut_down      (LoftDispatcher *self);

/* Ends, unrun, all that is left in a dispatcher that nobody will run again, and names it. */
void            loft_dispatcher_abandon        (LoftDispatcher *self, const char *why);

/* The guards of every posting form; on failure the data is released, since it was handed over. */
gboolean        loft_dispatcher_check_request  (LoftDispatcher *self, int priority, const LoftWorkRequest *request,
                                                const char *function);

/* Makes the work and queues it; the caller gets one reference, the lane another. */
LoftWork       *loft_dispatcher_post_request   (LoftDispatcher *self, LoftPriority priority, LoftWorkRequest *request,
                                                const char *function);
