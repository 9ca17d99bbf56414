/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftObservers: the handlers that wait for the end of one async object, in the order in which they
 * were added. */

#pragma once

#include "delivery/loft-delivery-private.h"

typedef struct
{
  /* under the lock of the object whose observers these are */
  LoftHandler *first;
  LoftHandler *last;
  /* Handlers by their id; NULL while there are so few that a search of the list is as quick. */
  GHashTable *by_id;
  guint64 last_id;
  guint n;
  guint n_bystanders;   /* those of them that don't wait for the end */
} LoftObservers;

/* Appends @handler, which is taken, and returns its id. */
guint64      loft_observers_append (LoftObservers *observers, LoftHandler *handler);

/* Removes the handler with that id, in constant time, and returns it; (transfer full), NULL: there
 * is none. */
LoftHandler *loft_observers_remove (LoftObservers *observers, guint64 id);

/* Takes all handlers out and returns them, chained by their `next`. The next id goes on from the
 * last one. */
LoftHandler *loft_observers_take   (LoftObservers *observers);
