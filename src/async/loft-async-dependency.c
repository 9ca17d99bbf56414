/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncDependency: who waits for whom. */

#include "config.h"

#include "async/loft-async-dependency-private.h"

LoftLink *
loft_async_dependency_set (LoftAsyncDependency *self,
                           LoftLink            *link)
{
  LoftLink *old = self->link;

  *self = (LoftAsyncDependency) { loft_link_ref (link), 0 };
  return old;
}

void
loft_async_dependency_set_observer (LoftAsyncDependency *self,
                                    LoftLink            *link,
                                    guint64              observer)
{
  if (self->link == link)
    self->observer = observer;
}

LoftAsyncDependency
loft_async_dependency_take (LoftAsyncDependency *self)
{
  LoftAsyncDependency taken = *self;

  *self = (LoftAsyncDependency) { NULL, 0 };
  return taken;
}

void
loft_await_walk_begin (LoftAwaitWalk *walk,
                       LoftAsyncInfo *from,
                       LoftAsyncInfo *(*dup_awaited) (LoftAsyncInfo *info))
{
  *walk = (LoftAwaitWalk) { g_object_ref (from), g_object_ref (from), 0, dup_awaited };
}

gboolean
loft_await_walk_next (LoftAwaitWalk *walk)
{
  LoftAsyncInfo *awaited = walk->dup_awaited (walk->current);

  if (awaited == walk->behind)
    g_clear_object (&awaited);
  if (awaited == NULL)
    return FALSE;

  g_object_unref (walk->current);
  walk->current = awaited;
  /* After 1, 2, 4, 8… steps `behind` is set to where the walk is then, so that a circle of any
   * length is noticed. */
  walk->steps++;
  if ((walk->steps & (walk->steps - 1)) == 0)
    {
      g_object_unref (walk->behind);
      walk->behind = g_object_ref (awaited);
    }
  return TRUE;
}

void
loft_await_walk_end (LoftAwaitWalk *walk)
{
  g_clear_object (&walk->current);
  g_clear_object (&walk->behind);
}
