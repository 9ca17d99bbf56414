/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLink: refers to an async object, weakly or strongly. It can be shared, and copied under a
 * lock. */

#pragma once

#include <loft/loft.h>

typedef struct _LoftLink LoftLink;

/* Makes a link to @weak, which it does not hold, or to @strong, which it holds; the other one is
 * NULL. The link of an object comes from loft_async_info_dup_link (). */
LoftLink      *loft_link_new   (LoftAsyncInfo *weak, LoftAsyncInfo *strong);
LoftLink      *loft_link_ref   (LoftLink *link);
void           loft_link_unref (gpointer link);

/* Returns the object; (transfer full), NULL: it is gone. To be called with no lock held. */
LoftAsyncInfo *loft_link_dup   (LoftLink *link);

/* Makes the link refer to @weak again, whose dispose was run and which lives on. */
void           loft_link_reset (LoftLink *link, LoftAsyncInfo *weak);
