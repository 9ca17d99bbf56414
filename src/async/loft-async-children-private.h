/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncChildren: the objects that are cancelled together with an async object. There may be any
 * number of them, many of which may have ended by now. */

#pragma once

#include "async/loft-link-private.h"

typedef struct
{
  /* under the lock of the object whose children these are */
  GPtrArray *links; /* LoftLink; NULL: none */
  guint purge_at;   /* the list is purged of ended links when it reaches this length */
} LoftAsyncChildren;

void       loft_async_children_add      (LoftAsyncChildren *self, LoftLink *link);

/* Returns whether the list is so long that the children that have ended should be taken out. */
gboolean   loft_async_children_are_many (LoftAsyncChildren *self);

/* Returns a copy of the list, to ask with no lock held which of them have ended. */
GPtrArray *loft_async_children_dup      (LoftAsyncChildren *self);

/* Removes the links in @ended from the list. Returns those that were in the list, to be dropped
 * with no lock held. */
GPtrArray *loft_async_children_remove   (LoftAsyncChildren *self, GPtrArray *ended);

/* Takes all links out and returns them, in the order in which they were added; NULL: none. */
GPtrArray *loft_async_children_take     (LoftAsyncChildren *self);
void       loft_async_children_clear    (LoftAsyncChildren *self);
