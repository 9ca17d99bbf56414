/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Observing several objects at once. */

#include "config.h"

#include "compose/loft-gather-private.h"

typedef struct
{
  LoftLink *owner;
  LoftGather *gather;   /* the owner's */
  gsize index;
} LoftGathered;

static void
loft_gathered_free (gpointer data)
{
  LoftGathered *gathered = data;

  loft_link_unref (gathered->owner);
  g_free (gathered);
}

static void
on_item_ended (LoftAsyncInfo   *item,
               LoftAsyncStatus  status,
               gpointer         user_data)
{
  LoftGathered *gathered = user_data;
  g_autoptr (LoftAsyncInfo) owner = loft_link_dup (gathered->owner);

  if (owner != NULL)
    gathered->gather->func (LOFT_ASYNC_BASE (owner), item, gathered->index, status);
}

void
loft_gather_init (LoftGather       *gather,
                  LoftAsyncInfo   **items,
                  gsize             n,
                  LoftWhenFlags     flags,
                  LoftObserverRole  role,
                  LoftGatherFunc    func)
{
  gather->func = func;
  gather->role = role;
  gather->items = g_new (LoftLink *, n);
  for (gsize i = 0; i < n; i++)
    gather->items[i] = loft_link_new (items[i]);
  gather->n = n;
  gather->flags = flags;
  gather->ids = g_new0 (guint64, n);
}

void
loft_gather_begin (LoftGather     *gather,
                   LoftAsyncBase  *owner,
                   LoftAsyncInfo **items)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);

  /* Who listens holds the owner, so that it may be let go when nobody does; but not what has others to cancel. */
  if ((gather->flags & LOFT_WHEN_CANCEL_LOSERS) != 0)
    loft_async_base_hold_until_end (owner);
  else
    loft_async_base_let_listeners_hold (owner);
  for (gsize i = 0; i < gather->n; i++)
    g_ptr_array_add (held, g_object_ref (items[i])); /* a handler may drop the caller's */
  if ((gather->flags & LOFT_WHEN_PROPAGATE_CANCEL) != 0)
    for (gsize i = 0; i < gather->n; i++)
      loft_async_base_propagate_cancel (owner, items[i]);
  for (gsize i = 0; i < gather->n; i++)
    {
      LoftGathered *gathered = g_new0 (LoftGathered, 1);
      GError *error = NULL;
      gboolean over;
      guint64 id;

      *gathered = (LoftGathered) { loft_link_new (LOFT_ASYNC_INFO (owner)), gather, i };
      if (!loft_async_info_observe (items[i], on_item_ended, gathered, loft_gathered_free, gather->role, &id, &error))
        {
          loft_gather_stop (gather);
          loft_async_base_fail (owner, error);
          return;
        }
      loft_lock_lock (&gather->lock);
      over = gather->over;
      if (!over)
        gather->ids[i] = id;
      loft_lock_unlock (&gather->lock);
      if (over)
        {
          loft_async_info_remove_observer (items[i], id);
          return;
        }
    }
}

/* Takes one observer back; of an item that is gone it went with that. */
static void
loft_gather_leave (LoftGather *gather,
                   gsize       index)
{
  g_autoptr (LoftAsyncInfo) item = gather->ids[index] != 0 ? loft_link_dup (gather->items[index]) : NULL;

  if (item != NULL)
    loft_async_info_remove_observer (item, gather->ids[index]);
}

gboolean
loft_gather_stop (LoftGather *gather)
{
  gboolean first;

  loft_lock_lock (&gather->lock);
  first = !gather->over;
  gather->over = TRUE;
  loft_lock_unlock (&gather->lock);
  for (gsize i = 0; first && i < gather->n; i++)
    loft_gather_leave (gather, i);
  return first;
}

gsize
loft_gather_count (LoftGather *gather,
                   gboolean  (*hopeless) (LoftAsyncInfo *info))
{
  gsize count = 0;

  for (gsize i = 0; i < gather->n; i++)
    {
      g_autoptr (LoftAsyncInfo) item = loft_link_dup (gather->items[i]);

      count += item != NULL && hopeless (item) ? 1 : 0;
    }
  return count;
}

void
loft_gather_cancel (LoftGather *gather,
                    gsize       but)
{
  for (gsize i = 0; i < gather->n; i++)
    {
      g_autoptr (LoftAsyncInfo) item = i == but ? NULL : loft_link_dup (gather->items[i]);

      if (item != NULL && LOFT_IS_ASYNC_BASE (item))
        loft_async_base_cancel (LOFT_ASYNC_BASE (item), LOFT_CANCEL_REASON_PROPAGATED, FALSE);
      else if (item != NULL)
        loft_async_info_cancel (item);
    }
}

void
loft_gather_clear (LoftGather *gather)
{
  for (gsize i = 0; i < gather->n; i++)
    loft_link_unref (gather->items[i]);
  g_clear_pointer (&gather->items, g_free);
  g_clear_pointer (&gather->ids, g_free);
  gather->n = 0;
}
