/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLink: refers to an async object, weakly or strongly. It can be shared, and copied under a
 * lock. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "async/loft-link-private.h"

/* A link does not hold an object of Loft's own. Such an object is held by whoever does its work,
 * and when nobody does any longer, it must be able to end. It has one link, which all share. A link
 * holds an object of a class that implements the interface by hand, as GIO holds the source object
 * of a task. */
struct _LoftLink
{
  gint refs; /* atomic */
  GWeakRef weak;
  LoftAsyncInfo *strong;
};

LoftLink *
loft_link_ref (LoftLink *link)
{
  loft_refs_take (&link->refs);
  return link;
}

void
loft_link_unref (gpointer data)
{
  LoftLink *link = data;

  if (!loft_refs_drop (&link->refs))
    return;
  g_weak_ref_clear (&link->weak);
  g_clear_object (&link->strong);
  g_free (link);
}

LoftLink *
loft_link_new (LoftAsyncInfo *weak,
               LoftAsyncInfo *strong)
{
  LoftLink *link = g_new0 (LoftLink, 1);

  link->refs = 1;
  g_weak_ref_init (&link->weak, weak);
  link->strong = strong != NULL ? g_object_ref (strong) : NULL;
  return link;
}

/* No lock may be held, since taking a reference to an object may call a toggle notify, for instance
 * of a language binding. */
LoftAsyncInfo *
loft_link_dup (LoftLink *link)
{
  return link->strong != NULL ? g_object_ref (link->strong) : g_weak_ref_get (&link->weak);
}

void
loft_link_reset (LoftLink      *link,
                 LoftAsyncInfo *weak)
{
  g_weak_ref_set (&link->weak, weak);
}
