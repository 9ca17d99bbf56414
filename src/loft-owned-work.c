/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that dies with its owner object: one table from owners to what was posted for them.
 *
 * The table holds no owner. An owner that is disposed says so by a weak notify, which takes its entry and cancels all of
 * its work; work that ends leaves the entry, which stays until then (taking the notify back would race with the
 * dispose). The running of work holds the owner. */

#include "config.h"

#include "loft-dispatcher-private.h"

typedef struct
{
  gint refs;           /* atomic: the work's (its companion), and who asks for the owner */
  GWeakRef owner;      /* to get it from any thread */
  gpointer key;        /* its address, for the table; only compared */
} LoftOwnerLink;

static LoftLock owners_lock = LOFT_LOCK_INIT;
/* under lock: owner to a set of works, each a reference */
static GHashTable *owners;

/* Takes the work out of the table; gives the table's reference, or NULL if it was not there. */
static LoftWork *
loft_owners_take (gpointer  key,
                  LoftWork *work)
{
  GHashTable *works;
  gboolean found;

  loft_lock_lock (&owners_lock);
  works = owners != NULL ? g_hash_table_lookup (owners, key) : NULL;
  found = works != NULL && g_hash_table_remove (works, work);
  loft_lock_unlock (&owners_lock);
  return found ? work : NULL;
}

static GHashTable *
loft_owners_take_all (gpointer key)
{
  GHashTable *works = NULL;

  loft_lock_lock (&owners_lock);
  if (owners != NULL)
    g_hash_table_steal_extended (owners, key, NULL, (gpointer *) &works);
  loft_lock_unlock (&owners_lock);
  return works;
}

static void
on_owner_disposed (gpointer  user_data,
                   GObject  *former_owner)
{
  GHashTable *works = loft_owners_take_all (former_owner);
  GHashTableIter iter;
  gpointer work;

  if (works == NULL)
    return;
  g_hash_table_iter_init (&iter, works);
  while (g_hash_table_iter_next (&iter, &work, NULL))
    {
      loft_async_base_cancel (work, LOFT_CANCEL_REASON_OWNER_GONE, FALSE);
      g_object_unref (work);
    }
  g_hash_table_unref (works);
}

static void
loft_owner_link_unref (LoftOwnerLink *link)
{
  if (__atomic_fetch_sub (&link->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  g_weak_ref_clear (&link->owner);
  g_free (link);
}

static void
loft_owner_link_start (LoftWork *work,
                       GObject  *owner)
{
  LoftOwnerLink *link = g_new0 (LoftOwnerLink, 1);
  GHashTable *works;

  link->refs = 1;
  g_weak_ref_init (&link->owner, owner);
  link->key = owner;
  loft_work_set_companion (work, link);

  loft_lock_lock (&owners_lock);
  if (owners == NULL)
    owners = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  works = g_hash_table_lookup (owners, owner);
  if (works == NULL)
    {
      works = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (owners, owner, works);
      /* Under the lock, as it belongs to the entry; GLib calls nobody from here, and the notify without its own lock. */
      g_object_weak_ref (owner, on_owner_disposed, NULL);
    }
  g_hash_table_add (works, g_object_ref (work));
  loft_lock_unlock (&owners_lock);
}

GObject *
loft_owner_link_dup_owner (LoftWork *work)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private ((LoftAsyncBase *) work);
  LoftOwnerLink *link;
  GObject *owner;

  /* Whoever ends the work lets go of the link. The owner itself is asked for with no lock held: a reference to it may call
   * whoever toggles on it. */
  loft_lock_lock (&priv->lock);
  link = priv->extra->companion;
  if (link != NULL)
    __atomic_fetch_add (&link->refs, 1, __ATOMIC_RELAXED);
  loft_lock_unlock (&priv->lock);
  if (link == NULL)
    return NULL;
  owner = g_weak_ref_get (&link->owner);
  loft_owner_link_unref (link);
  return owner;
}

/* Ended, or begun and done: it leaves the table. */
void
loft_owner_link_on_ended (LoftWork *work)
{
  LoftOwnerLink *link = loft_work_steal_companion (work);
  LoftWork *held;

  if (link == NULL)
    return;
  held = loft_owners_take (link->key, work);
  loft_owner_link_unref (link);
  g_clear_object (&held);
}

static guint
loft_owner_link_cancel_all (LoftDispatcher *self,
                            GObject        *owner)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  GHashTable *works;
  gpointer work;
  guint n = 0;

  loft_lock_lock (&owners_lock);
  works = owners != NULL ? g_hash_table_lookup (owners, owner) : NULL;
  if (works != NULL)
    {
      g_hash_table_iter_init (&iter, works);
      while (g_hash_table_iter_next (&iter, &work, NULL))
        if (LOFT_WORK (work)->target == self)
          g_ptr_array_add (waiting, g_object_ref (work));
    }
  loft_lock_unlock (&owners_lock);

  for (guint i = 0; i < waiting->len; i++)
    n += loft_async_base_cancel (g_ptr_array_index (waiting, i), LOFT_CANCEL_REASON_REQUESTED, TRUE);
  return n;
}

/**
 * loft_dispatcher_run_for_async:
 * @self: a dispatcher
 * @priority: the lane
 * @owner: the object that it is for; not held while it waits
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Runs work on the dispatcher's thread unless its owner is gone by then.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 * When @owner is disposed before its turn, the action ends Canceled at once, with %LOFT_CANCEL_REASON_OWNER_GONE; when it
 * is disposed while the work runs, the work is asked to stop. While the work runs @owner is held.
 *
 * The caller holds @owner during the call. A worker that took a reference for that, and may be the last to let go of a
 * widget, hands the reference over as part of @user_data: @destroy runs on the dispatcher's thread. See
 * [method@Loft.Dispatcher.cancel_for]. Windows has no such form.
 *
 * On a dispatcher that has shut down the object has ended Canceled, with %LOFT_CANCEL_REASON_SHUT_DOWN.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_run_for_async) (LoftDispatcher *self,
                                 LoftPriority    priority,
                                 GObject        *owner,
                                 LoftWorkHandler handler,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy)
{
  return loft_dispatcher_run_for_async_at (self, priority, owner, handler, user_data, destroy, NULL, NULL);
}

/**
 * loft_dispatcher_run_for_async_at: (skip)
 *
 * [method@Loft.Dispatcher.run_for_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_dispatcher_run_for_async_at (LoftDispatcher *self,
                                  LoftPriority    priority,
                                  GObject        *owner,
                                  LoftWorkHandler handler,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy,
                                  const char     *location,
                                  const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_ACTION,
    .flags = LOFT_WORK_OWNED,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };
  LoftWork *work;

  if (!loft_dispatcher_check_request (self, priority, &request, "loft_dispatcher_run_for_async"))
    return NULL;
  if (!G_IS_OBJECT (owner))
    {
      g_critical ("loft_dispatcher_run_for_async: the owner is no GObject");
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }

  request.lane = loft_lane_from_priority (priority);
  request.target = self;
  work = loft_work_new (&request);
  loft_owner_link_start (work, owner);
  g_object_ref (work);
  if (!loft_dispatcher_post_users_item (self, request.lane, &work->item))
    {
      loft_work_refuse (work);
      g_object_unref (work);
    }
  return (LoftAsyncAction *) work;
}

/**
 * loft_dispatcher_cancel_for:
 * @self: a dispatcher
 * @owner: an object
 *
 * Cancels all that waits in @self and was posted for @owner with [method@Loft.Dispatcher.run_for_async].
 *
 * Any thread may call that holds @owner. What has begun goes on. Answers to Android's
 * `Handler.removeCallbacksAndMessages`; Windows has no such member.
 *
 * Returns: how many were cancelled
 */
guint
loft_dispatcher_cancel_for (LoftDispatcher *self,
                            GObject        *owner)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);
  g_return_val_if_fail (G_IS_OBJECT (owner), 0);

  return loft_owner_link_cancel_all (self, owner);
}
