/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncChildren: keeps the links to the children of an async object. */

#include "config.h"

#include "async/loft-async-children-private.h"

/* The list is not purged of ended links before it reaches this length. */
#define FIRST_PURGE 64

static GPtrArray *
new_links (void)
{
  return g_ptr_array_new_with_free_func (loft_link_unref);
}

void
loft_async_children_add (LoftAsyncChildren *self,
                         LoftLink          *link)
{
  if (self->links == NULL)
    self->links = new_links ();
  g_ptr_array_add (self->links, loft_link_ref (link));
}

gboolean
loft_async_children_are_many (LoftAsyncChildren *self)
{
  return self->links != NULL && self->links->len >= MAX (FIRST_PURGE, self->purge_at);
}

GPtrArray *
loft_async_children_dup (LoftAsyncChildren *self)
{
  GPtrArray *all = new_links ();

  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    g_ptr_array_add (all, loft_link_ref (self->links->pdata[i]));
  return all;
}

GPtrArray *
loft_async_children_remove (LoftAsyncChildren *self,
                            GPtrArray         *ended)
{
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);
  GPtrArray *out = new_links (), *before = g_steal_pointer (&self->links);

  if (before == NULL)
    return out; /* they were taken in the meantime */

  for (guint i = 0; i < ended->len; i++)
    g_hash_table_add (set, ended->pdata[i]);
  self->links = new_links ();
  for (guint i = 0; i < before->len; i++)
    g_ptr_array_add (g_hash_table_contains (set, before->pdata[i]) ? out : self->links,
                     before->pdata[i]);
  g_ptr_array_set_free_func (before, NULL); /* its references have moved to the two new arrays */
  g_ptr_array_unref (before);
  self->purge_at = MAX (FIRST_PURGE, 2 * self->links->len);
  return out;
}

GPtrArray *
loft_async_children_take (LoftAsyncChildren *self)
{
  return g_steal_pointer (&self->links);
}

void
loft_async_children_clear (LoftAsyncChildren *self)
{
  g_clear_pointer (&self->links, g_ptr_array_unref);
}
