/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Observing several objects at once. */

#include "config.h"

#include "loft-gather-private.h"

typedef struct
{
  LoftAsyncBase *owner; /* strong */
  LoftGather *gather;   /* the owner's */
  gsize index;
} LoftGathered;

static void
loft_gathered_free (gpointer data)
{
  LoftGathered *gathered = data;

  g_object_unref (gathered->owner);
  g_free (gathered);
}

static void
on_item_ended (LoftAsyncInfo   *item,
               LoftAsyncStatus  status,
               gpointer         user_data)
{
  LoftGathered *gathered = user_data;

  gathered->gather->func (gathered->owner, item, gathered->index, status);
}

void
loft_gather_init (LoftGather      *gather,
                  LoftAsyncInfo  **items,
                  gsize            n,
                  LoftWhenFlags    flags,
                  LoftGatherFunc   func)
{
  gather->func = func;
  gather->items = g_new (LoftAsyncInfo *, n);
  for (gsize i = 0; i < n; i++)
    gather->items[i] = g_object_ref (items[i]);
  gather->n = n;
  gather->flags = flags;
  gather->ids = g_new0 (guint64, n);
}

void
loft_gather_begin (LoftGather    *gather,
                   LoftAsyncBase *owner)
{
  for (gsize i = 0; i < gather->n; i++)
    {
      LoftGathered *gathered = g_new0 (LoftGathered, 1);
      GError *error = NULL;
      gboolean over;
      guint64 id;

      *gathered = (LoftGathered) { g_object_ref (owner), gather, i };
      if (!loft_async_info_observe (gather->items[i], on_item_ended, gathered, loft_gathered_free, LOFT_OBSERVER_BYSTANDER, &id,
                                    &error))
        {
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
          loft_async_info_remove_observer (gather->items[i], id);
          return;
        }
    }
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
    if (gather->ids[i] != 0)
      loft_async_info_remove_observer (gather->items[i], gather->ids[i]);
  return first;
}

void
loft_gather_cancel (LoftGather *gather,
                    gsize       but)
{
  for (gsize i = 0; i < gather->n; i++)
    {
      if (i == but)
        continue;
      if (LOFT_IS_ASYNC_BASE (gather->items[i]))
        loft_async_base_cancel (LOFT_ASYNC_BASE (gather->items[i]), LOFT_CANCEL_REASON_PROPAGATED, FALSE);
      else
        loft_async_info_cancel (gather->items[i]);
    }
}

void
loft_gather_clear (LoftGather *gather)
{
  for (gsize i = 0; i < gather->n; i++)
    g_object_unref (gather->items[i]);
  g_clear_pointer (&gather->items, g_free);
  g_clear_pointer (&gather->ids, g_free);
  gather->n = 0;
}
