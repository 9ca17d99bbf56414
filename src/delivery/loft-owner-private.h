/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What dies with a GObject: the object is its owner. */

#pragma once

#include <glib-object.h>

typedef struct _LoftOwner LoftOwner;
typedef struct _LoftOwned LoftOwned;

/* The owner is disposed: takes @item. On the thread that disposes it, in the order of
 * loft_owner_add (), no lock held. */
typedef void (*LoftOwnerGone) (gpointer item);

/* One thing that an owner has, a part of that thing. */
struct _LoftOwned
{
  /* constant after loft_owner_add () */
  LoftOwner *owner;       /* a reference */
  LoftOwnerGone gone;

  /* under the owners' lock */
  gpointer item;          /* a reference to the thing; NULL: it is no longer there */
  LoftOwned *next, *previous;
};

/* Takes @item. The caller holds @owner, which is not held from then on. Any thread. */
void       loft_owner_add     (GObject *owner, LoftOwned *owned, gpointer item, LoftOwnerGone gone);

/* Gives the item back, in constant time; NULL: the owner is gone, and it was taken or is just
 * being. Any thread. */
gpointer   loft_owned_leave   (LoftOwned *owned);

/* Afterwards, when nobody asks for its owner any longer. */
void       loft_owned_clear   (LoftOwned *owned);

/* A way to the owner that may be kept. */
LoftOwner *loft_owner_ref     (LoftOwner *self);
void       loft_owner_unref   (LoftOwner *self);

/* (transfer full); NULL: it is gone. No lock held: a reference to it may call whoever toggles on
 * it. */
GObject   *loft_owner_dup     (LoftOwner *self);

/* With each item of the owner that was added with @gone, which says what it is, under the owners'
 * lock. */
void       loft_owner_foreach (GObject *owner, LoftOwnerGone gone, GFunc func, gpointer user_data);
