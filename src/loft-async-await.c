/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an async object itself waits for: the one whose end becomes its own or, before it has begun, the one that it goes on
 * after. Who waits for an object, or makes it follow another, walks along this to see whether that can ever end. */

#include "config.h"

#include "loft-async-base-private.h"

/* @antecedent is not held, and holds @self through its continuation. That clears this, while it is called and so while the
 * antecedent is held, before it lets go of either. */
void
loft_async_base_set_antecedent (LoftAsyncBase *self,
                                LoftAsyncBase *antecedent)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  loft_lock_lock (&priv->lock);
  loft_async_base_extra_locked (self)->antecedent = antecedent;
  loft_lock_unlock (&priv->lock);
}

LoftAsyncInfo *
loft_async_base_dup_awaited (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncInfo *awaited = NULL;
  LoftPhase phase;

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->word, __ATOMIC_RELAXED));
  if (priv->extra != NULL && !loft_phase_has_ended (phase))
    {
      if (priv->extra->followed != NULL)
        awaited = loft_child_dup (priv->extra->followed);
      else if (phase == LOFT_PHASE_QUEUED && priv->extra->antecedent != NULL)
        awaited = LOFT_ASYNC_INFO (g_object_ref (priv->extra->antecedent));
    }
  loft_lock_unlock (&priv->lock);
  return awaited;
}

void
loft_await_walk_begin (LoftAwaitWalk *walk,
                       LoftAsyncInfo *from)
{
  walk->current = g_object_ref (from);
  walk->behind = g_object_ref (from);
  walk->steps = 0;
}

gboolean
loft_await_walk_next (LoftAwaitWalk *walk)
{
  LoftAsyncInfo *awaited = NULL;

  if (LOFT_IS_ASYNC_BASE (walk->current))
    awaited = loft_async_base_dup_awaited (LOFT_ASYNC_BASE (walk->current));
  if (awaited == walk->behind)
    g_clear_object (&awaited);
  if (awaited == NULL)
    return FALSE;

  g_object_unref (walk->current);
  walk->current = awaited;
  /* After 1, 2, 4, 8… steps it is looked back to where the walk was then: a circle of any length is noticed. */
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
