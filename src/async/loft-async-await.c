/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an async object itself waits for: the one whose end becomes its own or, before it has begun, the one that it goes on
 * after. Who waits for an object, or makes it follow another, walks along this to see whether that can ever end. */

#include "config.h"

#include "async/loft-async-base-private.h"

/* A way to an object that may be shared, and copied under a lock. Loft's own objects are held by whoever does their work, and
 * when nobody does any longer they must be able to end: so it does not hold them, and each has one for all who want one. An
 * object of a class that implements the interface by hand is held, as GIO holds the source of a task. */
struct _LoftLink
{
  gint refs; /* atomic */
  GWeakRef weak;
  LoftAsyncInfo *strong;
};

LoftLink *
loft_link_ref (LoftLink *link)
{
  __atomic_fetch_add (&link->refs, 1, __ATOMIC_RELAXED);
  return link;
}

void
loft_link_unref (gpointer data)
{
  LoftLink *link = data;

  if (__atomic_fetch_sub (&link->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  g_weak_ref_clear (&link->weak);
  g_clear_object (&link->strong);
  g_free (link);
}

static LoftLink *
loft_link_make (LoftAsyncInfo *weak,
                LoftAsyncInfo *strong)
{
  LoftLink *link = g_new0 (LoftLink, 1);

  link->refs = 1;
  g_weak_ref_init (&link->weak, weak);
  link->strong = strong != NULL ? g_object_ref (strong) : NULL;
  return link;
}

LoftLink *
loft_link_new (LoftAsyncInfo *info)
{
  LoftAsyncBasePrivate *priv;
  LoftAsyncExtra *extra;
  LoftLink *made, *link;

  if (!LOFT_IS_ASYNC_BASE (info))
    return loft_link_make (NULL, info);

  priv = loft_async_base_get_private (LOFT_ASYNC_BASE (info));
  made = loft_link_make (info, NULL);
  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (LOFT_ASYNC_BASE (info));
  if (extra->link == NULL)
    extra->link = g_steal_pointer (&made);
  else
    g_weak_ref_set (&extra->link->weak, info); /* somebody may have run its dispose, and it lives on */
  link = loft_link_ref (extra->link);
  loft_lock_unlock (&priv->lock);
  g_clear_pointer (&made, loft_link_unref);
  return link;
}

/* No lock held: a reference to an object may call whoever toggles on it, a binding for instance. */
LoftAsyncInfo *
loft_link_dup (LoftLink *link)
{
  return link->strong != NULL ? g_object_ref (link->strong) : g_weak_ref_get (&link->weak);
}

LoftLink *
loft_async_base_set_awaited (LoftAsyncBase *self,
                             LoftAsyncInfo *info)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftLink *link = loft_link_new (info), *old;
  LoftAsyncExtra *extra;

  loft_lock_lock (&priv->lock);
  extra = loft_async_base_extra_locked (self);
  old = extra->awaited;
  extra->awaited = loft_link_ref (link);
  extra->awaited_id = 0;
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&old, loft_link_unref);
  return link;
}

void
loft_async_base_set_awaited_id (LoftAsyncBase *self,
                                LoftLink      *awaited,
                                guint64        id)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  gboolean ended;

  loft_lock_lock (&priv->lock);
  ended = loft_phase_has_ended (LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED)));
  if (!ended && priv->extra->awaited == awaited) /* else it was called already, and may be following another by now */
    priv->extra->awaited_id = id;
  loft_lock_unlock (&priv->lock);

  loft_async_base_leave_awaited (awaited, ended ? id : 0);
}

void
loft_async_base_has_heard (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftLink *heard_of = NULL;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL)
    {
      heard_of = g_steal_pointer (&priv->extra->awaited);
      priv->extra->awaited_id = 0;
    }
  loft_lock_unlock (&priv->lock);

  g_clear_pointer (&heard_of, loft_link_unref);
}

void
loft_async_base_leave_awaited (LoftLink *awaited,
                               guint64   id)
{
  g_autoptr (LoftAsyncInfo) info = NULL;

  if (awaited == NULL)
    return;

  info = id != 0 ? loft_link_dup (awaited) : NULL;
  if (info != NULL)
    loft_async_info_remove_observer (info, id);
  loft_link_unref (awaited);
}

LoftAsyncInfo *
loft_async_base_dup_awaited (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftAsyncInfo *awaited = NULL;
  LoftLink *link = NULL;
  LoftPhase phase;

  loft_lock_lock (&priv->lock);
  phase = LOFT_WORD_PHASE (__atomic_load_n (&priv->lock.word, __ATOMIC_RELAXED));
  if (priv->extra != NULL && !loft_phase_has_ended (phase))
    {
      link = priv->extra->followed;
      if (link == NULL && phase == LOFT_PHASE_QUEUED)
        link = priv->extra->awaited;
      if (link != NULL)
        loft_link_ref (link);
    }
  loft_lock_unlock (&priv->lock);
  if (link != NULL)
    {
      awaited = loft_link_dup (link);
      loft_link_unref (link);
    }
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
