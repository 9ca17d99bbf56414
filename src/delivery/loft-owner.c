/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftOwner: keeps a list of the things that die with a GObject.
 *
 * GLib keeps an object's weak references in a list, and walks that list for each new one. The time
 * for very many weak references to one object would therefore grow with the square of their number.
 * Here each owner has one weak reference and one weak notify, however much it owns. The things that
 * it owns are a list, which each of them can leave in constant time.
 *
 * The table from owners to their lists does not hold the owners. The weak notify removes the entry
 * of an owner that is disposed. An owner whose list is empty keeps its entry until it is disposed,
 * because removing the notify earlier could race with the dispose. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"
#include "delivery/loft-owner-private.h"

struct _LoftOwner
{
  gint refs;     /* atomic: one for the table, one for each thing, and one for each caller */

  /* constant after init */
  GWeakRef weak; /* to get it from any thread */

  /* under lock */
  LoftOwned *first;
  LoftOwned *last;
};

static LoftLock owners_lock = LOFT_LOCK_INIT;

/* under lock: by the address of the object */
static GHashTable *owners;

LoftOwner *
loft_owner_ref (LoftOwner *self)
{
  loft_refs_take (&self->refs);
  return self;
}

void
loft_owner_unref (LoftOwner *self)
{
  if (!loft_refs_drop (&self->refs))
    return;

  g_weak_ref_clear (&self->weak);
  g_free (self);
}

GObject *
loft_owner_dup (LoftOwner *self)
{
  return g_weak_ref_get (&self->weak);
}

/* Returns the item with the list's reference to it. */
static gpointer
loft_owner_unlink_locked (LoftOwner *self,
                          LoftOwned *owned)
{
  loft_lock_assert_held (&owners_lock);
  *(owned->previous != NULL ? &owned->previous->next : &self->first) = owned->next;
  *(owned->next != NULL ? &owned->next->previous : &self->last) = owned->previous;
  owned->next = owned->previous = NULL;
  return g_steal_pointer (&owned->item);
}

static void
on_owner_disposed (gpointer  user_data,
                   GObject  *former_owner)
{
  LoftOwner *self = user_data;
  gboolean more;

  /* An owner that is being disposed is gone, even if somebody still holds it. The weak reference
   * has to be cleared here, on the disposing thread: g_object_run_dispose () of GLib 2.74 crashes
   * if another thread clears the last one at that moment. */
  g_weak_ref_set (&self->weak, NULL);

  loft_lock_lock (&owners_lock);
  g_hash_table_remove (owners, former_owner);
  loft_lock_unlock (&owners_lock);

  do
    {
      LoftOwnerGone gone = NULL;
      gpointer item = NULL;

      loft_lock_lock (&owners_lock);
      more = self->first != NULL;
      if (more)
        {
          gone = self->first->gone; /* its thing may be freed once the lock is released */
          item = loft_owner_unlink_locked (self, self->first);
        }
      loft_lock_unlock (&owners_lock);
      if (more)
        gone (item);
    }
  while (more);

  loft_owner_unref (self);
}

static LoftOwner *
loft_owner_get_locked (GObject *owner)
{
  LoftOwner *self;

  loft_lock_assert_held (&owners_lock);
  if (owners == NULL)
    owners = g_hash_table_new (NULL, NULL);
  self = g_hash_table_lookup (owners, owner);
  if (self != NULL)
    return self;

  self = g_new0 (LoftOwner, 1);
  self->refs = 1;
  g_weak_ref_init (&self->weak, owner);
  g_hash_table_insert (owners, owner, self);
  /* Under the lock, because the notify belongs to the entry. g_object_weak_ref () calls no foreign
   * code, and GLib does not hold its own lock when it calls the notify. */
  g_object_weak_ref (owner, on_owner_disposed, self);
  return self;
}

void
loft_owner_add (GObject       *owner,
                LoftOwned     *owned,
                gpointer       item,
                LoftOwnerGone  gone)
{
  LoftOwner *self;

  owned->gone = gone;
  owned->item = item;
  owned->next = NULL;

  loft_lock_lock (&owners_lock);
  self = loft_owner_get_locked (owner);
  owned->owner = loft_owner_ref (self);
  owned->previous = self->last;
  *(self->last != NULL ? &self->last->next : &self->first) = owned;
  self->last = owned;
  loft_lock_unlock (&owners_lock);
}

gpointer
loft_owned_leave (LoftOwned *owned)
{
  gpointer item = NULL;

  loft_lock_lock (&owners_lock);
  if (owned->item != NULL)
    item = loft_owner_unlink_locked (owned->owner, owned);
  loft_lock_unlock (&owners_lock);
  return item;
}

void
loft_owned_clear (LoftOwned *owned)
{
  g_clear_pointer (&owned->owner, loft_owner_unref);
}

void
loft_owner_foreach (GObject       *owner,
                    LoftOwnerGone  gone,
                    GFunc          func,
                    gpointer       user_data)
{
  LoftOwner *self;

  loft_lock_lock (&owners_lock);
  self = owners != NULL ? g_hash_table_lookup (owners, owner) : NULL;
  for (LoftOwned *one = self != NULL ? self->first : NULL; one != NULL; one = one->next)
    if (one->gone == gone)
      func (one->item, user_data);
  loft_lock_unlock (&owners_lock);
}
