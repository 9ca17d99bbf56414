/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What one object reports, another reports too: that stands for it, with a deadline. */

#include "config.h"

#include "async/loft-async-base-private.h"

void
loft_async_base_get_types (LoftAsyncBase *self,
                           GType         *out_value_type,
                           GType         *out_progress_type)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);

  loft_lock_lock (&priv->lock);
  *out_value_type = priv->extra != NULL ? priv->extra->value_type : G_TYPE_NONE;
  *out_progress_type = priv->extra != NULL ? priv->extra->progress_type : G_TYPE_NONE;
  loft_lock_unlock (&priv->lock);
}

void
loft_async_base_relay_progress (LoftAsyncBase *self,
                                LoftAsyncBase *to)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftLink *link = loft_link_new (LOFT_ASYNC_INFO (to));

  loft_lock_lock (&priv->lock);
  if (loft_async_base_extra_locked (self)->relays == NULL)
    priv->extra->relays = g_hash_table_new_full (NULL, NULL, loft_link_unref, NULL);
  g_hash_table_add (priv->extra->relays, link);
  loft_lock_unlock (&priv->lock);
}

void
loft_async_base_stop_relay (LoftAsyncBase *self,
                            LoftAsyncBase *to)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftLink *link = loft_link_new (LOFT_ASYNC_INFO (to)); /* each object has one, which this is, too */

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->relays != NULL)
    g_hash_table_remove (priv->extra->relays, link);
  loft_lock_unlock (&priv->lock);

  loft_link_unref (link);
}

static GPtrArray *
loft_async_base_dup_relays_locked (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  GPtrArray *copy = g_ptr_array_new_with_free_func (loft_link_unref);

  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, priv->extra->relays);
  while (g_hash_table_iter_next (&iter, &link, NULL))
    g_ptr_array_add (copy, loft_link_ref (link));
  return copy;
}

void
loft_async_base_report_to_relays (LoftAsyncBase *self,
                                  const GValue  *value)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  g_autoptr (GPtrArray) relays = NULL;
  LoftValueBox *provisional = NULL;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->relays != NULL)
    {
      relays = loft_async_base_dup_relays_locked (self);
      provisional = priv->extra->provisional != NULL ? loft_value_box_ref (priv->extra->provisional) : NULL;
    }
  loft_lock_unlock (&priv->lock);

  for (guint i = 0; relays != NULL && i < relays->len; i++)
    {
      g_autoptr (LoftAsyncInfo) to = loft_link_dup (relays->pdata[i]);

      if (to != NULL && provisional != NULL)
        loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (to), &provisional->value);
      if (to != NULL)
        loft_async_base_report_progress (LOFT_ASYNC_BASE (to), value);
    }
  g_clear_pointer (&provisional, loft_value_box_unref);
}
