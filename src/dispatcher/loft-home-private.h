/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Home: where a thread's handlers come back to, and the one answer to "is this an STA?" and "may I
 * touch this?".
 *
 * A home is a dispatcher, or NULL: the thread is in the MTA, its handlers run on whichever worker
 * is there. */

#pragma once

#include "base/loft-atomic-private.h"
#include "dispatcher/loft-dispatcher-private.h"

/* The dispatcher of the context that this thread runs; (transfer full), NULL in the MTA. */
LoftDispatcher *loft_home_dup_current        (void);

/* atomic, set once: the default context's dispatcher, which lives for ever; NULL: there is none
 * yet. */
extern LoftDispatcher *loft_home_of_default;

/* A reference that is not counted if @home is the default context's: most homes are, and each
 * processor that takes or drops something would write that one count. */
static inline LoftDispatcher *
loft_home_hold (LoftDispatcher *home)
{
  /* Relaxed: who has a dispatcher in hand that is the default one also sees that it is. */
  if (home != NULL && home != loft_load_relaxed (&loft_home_of_default))
    g_object_ref (home);
  return home;
}

static inline void
loft_home_let_go (LoftDispatcher *home)
{
  if (home != NULL && home != loft_load_relaxed (&loft_home_of_default))
    g_object_unref (home);
}

/* As loft_home_dup_current, and the dispatcher of a context, held so. */
LoftDispatcher *loft_home_hold_current       (void);
LoftDispatcher *loft_home_hold_for_context   (GMainContext *context);

/* Whether this thread's home is @home; NULL asks whether it has none. */
gboolean        loft_home_is_here            (LoftDispatcher *home);

/* Calls @destroy at @home: at once when here (or the home is the MTA), else through its Normal
 * lane. When the home is gone: here, counted. */
void            loft_home_release            (LoftDispatcher *home, GDestroyNotify destroy,
                                              gpointer data);

/* The same for what belongs to a thread of the MTA: at once on such a thread, else on the pool. */
void            loft_home_release_in_mta     (GDestroyNotify destroy, gpointer data);

/* Whether a value of this type may hold objects that care where they die. */
gboolean        loft_home_matters_for        (GType type);
