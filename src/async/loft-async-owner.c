/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An async object that dies with a GObject: it is cancelled when that is disposed, and leaves it when it ends. */

#include "config.h"

#include "async/loft-async-base-private.h"

static void
on_owner_gone (gpointer base)
{
  loft_async_base_cancel (base, LOFT_CANCEL_REASON_OWNER_GONE, FALSE);
  g_object_unref (base);
}

void
loft_async_base_set_owner (LoftAsyncBase *self,
                           GObject       *owner)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftOwned *owned = g_new0 (LoftOwned, 1);

  loft_lock_lock (&priv->lock);
  loft_async_base_extra_locked (self)->owned = owned;
  loft_lock_unlock (&priv->lock);

  loft_owner_add (owner, owned, g_object_ref (self), on_owner_gone);
}

GObject *
loft_async_base_dup_owner (LoftAsyncBase *self)
{
  LoftAsyncBasePrivate *priv = loft_async_base_get_private (self);
  LoftOwner *link = NULL;
  GObject *owner;

  loft_lock_lock (&priv->lock);
  if (priv->extra != NULL && priv->extra->owned != NULL)
    link = loft_owner_ref (priv->extra->owned->owner);
  loft_lock_unlock (&priv->lock);

  if (link == NULL)
    return NULL;

  owner = loft_owner_dup (link);
  loft_owner_unref (link);
  return owner;
}

void
loft_async_owned_free (LoftOwned *owned)
{
  gpointer base = loft_owned_leave (owned);

  loft_owned_clear (owned);
  g_free (owned);
  g_clear_object (&base);
}

void
loft_async_owned_foreach (GObject  *owner,
                          GFunc     func,
                          gpointer  user_data)
{
  loft_owner_foreach (owner, on_owner_gone, func, user_data);
}
