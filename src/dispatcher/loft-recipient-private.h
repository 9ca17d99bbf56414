/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRecipient: a callback with its data, and the home where both belong.
 *
 * The data is released at that home, whichever thread drops it. If the home has shut down, the data
 * is released on the thread that finds this out. Where the callback runs is up to the code that
 * calls it. Most callbacks run at the home, too. The callback of a timer of the pool runs on a
 * worker, and only its data goes home. An agile callback has no home: it runs, and its data is
 * released, on whichever thread it is called or dropped. */

#pragma once

#include "dispatcher/loft-home-private.h"

typedef struct
{
  /* constant after init, until loft_recipient_clear () */
  LoftDispatcher *home; /* held; NULL: the MTA, or it is agile */
  GCallback callback;   /* NULL: there is only data to release */
  gpointer user_data;
  /* Not constant: the thread that releases the data steals it. The struct that the recipient is
   * part of makes sure that only one thread at a time does so, for example with a reference count
   * of the data. NULL: there is nothing to release, or it was released. */
  GDestroyNotify destroy;
  gboolean agile;       /* constant after init */
} LoftRecipient;

/* Fills in @self; its home is the calling thread's, unless @agile. */
void loft_recipient_init         (LoftRecipient *self, gboolean agile, GCallback callback,
                                  gpointer user_data, GDestroyNotify destroy);

/* Releases the data, once. */
void loft_recipient_release_data (LoftRecipient *self);

/* Releases the data if that was not done yet, and drops the home. */
void loft_recipient_clear        (LoftRecipient *self);

static inline gboolean
loft_recipient_is_in_mta (const LoftRecipient *self)
{
  return self->home == NULL && !self->agile;
}
