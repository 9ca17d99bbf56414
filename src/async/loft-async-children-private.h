/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is cancelled together with an async object: any number of others, many of which may have
 * ended by now. */

#pragma once

#include "async/loft-link-private.h"

typedef struct
{
  /* under the lock of the object whose children these are */
  GPtrArray *links; /* LoftLink; NULL: none */
  guint purge_at;   /* how many there must be before those that ended are taken out */
} LoftAsyncChildren;

void       loft_async_children_add      (LoftAsyncChildren *self, LoftLink *link);

/* Whether there are so many that those that have ended should be taken out. */
gboolean   loft_async_children_are_many (LoftAsyncChildren *self);

/* All of them, to look which have ended, with no lock held. */
GPtrArray *loft_async_children_dup      (LoftAsyncChildren *self);

/* Takes out @ended. Gives those that were there, to be let go with no lock held. */
GPtrArray *loft_async_children_remove   (LoftAsyncChildren *self, GPtrArray *ended);

/* All of them, in the order in which they came; NULL: none. */
GPtrArray *loft_async_children_take     (LoftAsyncChildren *self);
void       loft_async_children_clear    (LoftAsyncChildren *self);
