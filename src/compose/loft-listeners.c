/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of an event.
 *
 * A handler is added and removed in constant time. A raise reads a snapshot of the list without the
 * lock. One snapshot serves all raises between two changes of the list. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "compose/loft-listeners-private.h"

LoftEventLink *
loft_event_link_new (gpointer source)
{
  LoftEventLink *self = g_new0 (LoftEventLink, 1);

  self->refs = 1;
  g_weak_ref_init (&self->source, source);
  return self;
}

LoftEventLink *
loft_event_link_ref (LoftEventLink *self)
{
  loft_refs_take (&self->refs);
  return self;
}

void
loft_event_link_unref (LoftEventLink *self)
{
  if (!loft_refs_drop (&self->refs))
    return;

  g_weak_ref_clear (&self->source);
  g_free (self);
}

LoftListener *
loft_listener_ref (LoftListener *self)
{
  loft_refs_take (&self->refs);
  return self;
}

void
loft_listener_unref (gpointer data)
{
  LoftListener *self = data;

  if (!loft_refs_drop (&self->refs))
    return;

  loft_recipient_clear (&self->to);
  loft_event_link_unref (self->source);
  loft_owned_clear (&self->owned);
  g_free (self);
}

void
loft_listener_snapshot_unref (LoftListenerSnapshot *snapshot)
{
  /* Acquire and release: the thread that frees the snapshot sees that all others are done with
   * it. */
  if (!loft_refs_drop (&snapshot->refs))
    return;

  for (guint i = 0; i < snapshot->n; i++)
    loft_listener_unref (snapshot->all[i]);
  g_free (snapshot);
}

guint
loft_listeners_count (LoftListeners *self)
{
  return self->by_token != NULL ? g_hash_table_size (self->by_token) : 0;
}

LoftListenerSnapshot *
loft_listeners_snapshot (LoftListeners *self)
{
  LoftListenerSnapshot *snapshot = self->snapshot;

  if (self->first == NULL)
    return NULL;

  if (snapshot == NULL)
    {
      snapshot = g_malloc (G_STRUCT_OFFSET (LoftListenerSnapshot, all) +
                           loft_listeners_count (self) * sizeof (LoftListener *));
      *snapshot = (LoftListenerSnapshot) { .refs = 1 };
      for (LoftListener *one = self->first; one != NULL; one = one->next)
        snapshot->all[snapshot->n++] = loft_listener_ref (one);
      self->snapshot = snapshot;
    }

  loft_refs_take (&snapshot->refs);
  return snapshot;
}

guint64
loft_listeners_add (LoftListeners *self,
                    LoftListener  *listener)
{
  listener->token = ++self->last_token;
  listener->previous = self->last;
  *(self->last != NULL ? &self->last->next : &self->first) = listener;
  self->last = listener;

  if (self->by_token == NULL)
    self->by_token = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_hash_table_insert (self->by_token, &listener->token, listener);

  /* All listeners of the snapshot are also in the list. So this drops no last reference to a
   * listener, although the event's lock is held. */
  g_clear_pointer (&self->snapshot, loft_listener_snapshot_unref);
  return listener->token;
}

LoftListener *
loft_listeners_remove (LoftListeners         *self,
                       guint64                token,
                       LoftListenerSnapshot **out_old)
{
  LoftListener *found = self->by_token != NULL ? g_hash_table_lookup (self->by_token, &token)
                                               : NULL;

  if (found == NULL)
    return NULL;

  g_hash_table_remove (self->by_token, &token);
  *(found->previous != NULL ? &found->previous->next : &self->first) = found->next;
  *(found->next != NULL ? &found->next->previous : &self->last) = found->previous;
  found->next = found->previous = NULL;
  *out_old = g_steal_pointer (&self->snapshot);
  if (self->first == NULL)
    g_clear_pointer (&self->by_token, g_hash_table_unref);

  /* Release: a thread that sees the flag before it calls the listener also sees what was done
   * before the removal. */
  loft_store_release (&found->removed, TRUE);
  return found;
}
