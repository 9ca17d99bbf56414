/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftOwner: the list of things that die with a GObject, which is their owner. */

#pragma once

#include <glib-object.h>

typedef struct _LoftOwner LoftOwner;
typedef struct _LoftOwned LoftOwned;

/* Called when the owner is disposed, and takes @item. It runs on the thread that disposes the
 * owner, in the order of loft_owner_add (), with no lock held. */
typedef void (*LoftOwnerGone) (gpointer item);

/* Links one thing to its owner. It is a part of that thing. */
struct _LoftOwned
{
  /* constant after loft_owner_add () */
  LoftOwner *owner;       /* a reference */
  LoftOwnerGone gone;

  /* under the owners' lock */
  gpointer item;          /* a reference to the thing; NULL: it is no longer in the list */
  LoftOwned *next, *previous;
};

/* Adds @item to the things that @owner owns, and takes it. The caller holds @owner during the call;
 * the list does not hold it. Any thread. */
void       loft_owner_add     (GObject *owner, LoftOwned *owned, gpointer item, LoftOwnerGone gone);

/* Takes the item out of the list in constant time, and returns it. NULL: the owner is gone, and the
 * item was taken or is being taken at the moment. Any thread. */
gpointer   loft_owned_leave   (LoftOwned *owned);

/* Drops the reference to the LoftOwner. Call it after loft_owned_leave (), when nobody asks for the
 * owner any more. */
void       loft_owned_clear   (LoftOwned *owned);

/* A reference to the LoftOwner, which does not hold the object. */
LoftOwner *loft_owner_ref     (LoftOwner *self);
void       loft_owner_unref   (LoftOwner *self);

/* Returns the object (transfer full), or NULL if it is gone. Call it with no lock held, because
 * taking a reference may call a toggle notify. */
GObject   *loft_owner_dup     (LoftOwner *self);

/* Calls @func, under the owners' lock, for each item of the owner that was added with @gone. The
 * function @gone tells which kind of thing an item is. */
void       loft_owner_foreach (GObject *owner, LoftOwnerGone gone, GFunc func, gpointer user_data);
