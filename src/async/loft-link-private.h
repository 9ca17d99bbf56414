/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A way to an object that may be shared, and copied under a lock. */

#pragma once

#include <loft/loft.h>

typedef struct _LoftLink LoftLink;

/* To @weak, which it does not hold, or to @strong, which it does; the other is NULL. Of an object:
 * loft_async_info_dup_link. */
LoftLink      *loft_link_new   (LoftAsyncInfo *weak, LoftAsyncInfo *strong);
LoftLink      *loft_link_ref   (LoftLink *link);
void           loft_link_unref (gpointer link);

/* (transfer full), NULL: it is gone. No lock held. */
LoftAsyncInfo *loft_link_dup   (LoftLink *link);

/* To @weak again, whose dispose was run, and which lives on. */
void           loft_link_reset (LoftLink *link, LoftAsyncInfo *weak);
