/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who waits for the end of one async object, in the order in which they came. */

#pragma once

#include "delivery/loft-delivery-private.h"

typedef struct
{
  /* under the lock of the object whose observers these are */
  LoftHandler *first;
  LoftHandler *last;
  /* Handlers by their id; NULL while there are so few that a look at each is as quick. */
  GHashTable *by_id;
  guint64 last_id;
  guint n;
  guint n_bystanders;   /* of them: who don't wait for it */
} LoftObservers;

/* Takes @handler, and gives its id. */
guint64      loft_observers_append (LoftObservers *observers, LoftHandler *handler);

/* Gives the handler with that id, which is the caller's then; NULL: it is not there. In constant
 * time. */
LoftHandler *loft_observers_remove (LoftObservers *observers, guint64 id);

/* Gives all of them, chained by their `next`; ids go on from where they were. */
LoftHandler *loft_observers_take   (LoftObservers *observers);
