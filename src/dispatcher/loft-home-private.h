/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Home: the dispatcher on which the handlers that a thread sets are run. The functions here also
 * answer whether a thread is an STA, and whether it may touch an object.
 *
 * A home is a dispatcher, or NULL. NULL means that the thread is in the MTA, and that its handlers
 * run on whichever thread of the MTA delivers them. */

#pragma once

#include "base/loft-atomic-private.h"
#include "dispatcher/loft-dispatcher-private.h"

/* Returns the dispatcher of the context that this thread runs; (transfer full), NULL in the MTA. */
LoftDispatcher *loft_home_dup_current        (void);

/* atomic, set once: the default context's dispatcher, which lives for ever; NULL: there is none
 * yet. Relaxed where it is only compared with a home: see loft_home_hold (). */
extern LoftDispatcher *loft_home_of_default;

/* Takes a reference, which is not counted if @home is the default context's dispatcher. Most homes
 * are that dispatcher, so every processor that takes or drops a home would otherwise write the same
 * count. */
static inline LoftDispatcher *
loft_home_hold (LoftDispatcher *home)
{
  /* Relaxed: a thread that has a pointer to the default dispatcher also sees it in this
   * variable. */
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

/* The first returns the same as loft_home_dup_current (), the second the dispatcher of a context.
 * The references are taken as by loft_home_hold (), and dropped with loft_home_let_go (). */
LoftDispatcher *loft_home_hold_current       (void);
LoftDispatcher *loft_home_hold_for_context   (GMainContext *context);

/* Returns whether this thread's home is @home. With NULL it returns whether the thread has no
 * home. */
gboolean        loft_home_is_here            (LoftDispatcher *home);

/* Calls @destroy at @home. It is called at once if @home is NULL or this thread's home, and is
 * posted to the Normal lane of @home otherwise. If @home has ended, @destroy is called on this
 * thread, and counted. */
void            loft_home_release            (LoftDispatcher *home, GDestroyNotify destroy,
                                              gpointer data);

/* The same for data that belongs to a thread of the MTA. @destroy is called at once on a thread
 * that runs handlers of the MTA, and on the pool otherwise. */
void            loft_home_release_in_mta     (GDestroyNotify destroy, gpointer data);

/* Returns whether a value of this type may hold objects for which it matters on which thread they
 * are freed. */
gboolean        loft_home_matters_for        (GType type);
