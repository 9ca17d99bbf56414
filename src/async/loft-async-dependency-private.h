/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncDependency: the object whose end an async object is waiting to hear of. LoftAwaitWalk
 * follows such dependencies from object to object. */

#pragma once

#include "async/loft-link-private.h"

typedef struct
{
  /* under the lock of the object that waits */
  LoftLink *link;   /* to the object that is awaited; NULL: none */
  guint64 observer; /* the id of the observer there; 0: there is none yet, or it can't be removed */
} LoftAsyncDependency;

/* Takes a reference to @link. Returns the link that was there before, to be dropped with no lock
 * held; NULL: none. */
LoftLink *loft_async_dependency_set          (LoftAsyncDependency *self, LoftLink *link);

/* Notes the observer that was added to the object of @link. Does nothing if the object has another
 * dependency by now, or none: the observer was called already. */
void      loft_async_dependency_set_observer (LoftAsyncDependency *self, LoftLink *link,
                                              guint64 observer);

/* Returns what was in it, and empties it. */
LoftAsyncDependency loft_async_dependency_take (LoftAsyncDependency *self);

/* A walk from an object to the object that it waits for, and on from there. It is iterative, since
 * a chain may have any length. It ends with an object that waits for nobody, or when it notices
 * that the chain is a circle. There is a circle only until the threads that have closed it find
 * that out. */
typedef struct
{
  LoftAsyncInfo *current; /* strong */
  LoftAsyncInfo *behind;  /* strong; where the walk was after 1, 2, 4, 8… steps */
  guint steps;
  /* Returns the object that another one waits for (transfer full); NULL: none. */
  LoftAsyncInfo *(*dup_awaited) (LoftAsyncInfo *info);
} LoftAwaitWalk;

void      loft_await_walk_begin (LoftAwaitWalk *walk, LoftAsyncInfo *from,
                                 LoftAsyncInfo *(*dup_awaited) (LoftAsyncInfo *info));

/* Goes one step; FALSE: the object awaits nothing, or the chain is a circle. */
gboolean  loft_await_walk_next  (LoftAwaitWalk *walk);
void      loft_await_walk_end   (LoftAwaitWalk *walk);
