/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncRelease: releases the data of an async object's work at its home. It counts as a
 * delivery of the object, so that a handler that is set at that home after the end is queued behind
 * it, and finds the data released. */

#include "config.h"

#include "async/loft-async-base-private.h"

typedef struct
{
  LoftWorkItem item;
  LoftAsyncBase *base;  /* strong */
  LoftDispatcher *home; /* held; NULL: the MTA */
  GDestroyNotify destroy;
  gpointer data;
} LoftAsyncRelease;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftAsyncRelease, item) == 0);

static void
loft_async_release_run (LoftWorkItem   *item,
                        LoftDispatcher *dispatcher)
{
  LoftAsyncRelease *release = (LoftAsyncRelease *) item;

  release->destroy (release->data);
  loft_deliveries_arrived (&loft_async_base_get_core (release->base)->extra->deliveries,
                           release->home);
  g_object_unref (release->base);
  loft_home_let_go (release->home);
  g_free (release);
}

static void
loft_async_release_drop (LoftWorkItem   *item,
                         LoftDispatcher *dispatcher)
{
  loft_dispatcher_count_undelivered (((LoftAsyncRelease *) item)->home);
  loft_async_release_run (item, dispatcher);
}

static const LoftWorkItemClass loft_async_release_class = {
  .name = "release of an action's data",
  .run = loft_async_release_run,
  .drop = loft_async_release_drop,
};

void
loft_async_base_release_at_home (LoftAsyncBase  *self,
                                 LoftDispatcher *home,
                                 GDestroyNotify  destroy,
                                 gpointer        data)
{
  LoftAsyncCore *core = loft_async_base_get_core (self);
  LoftAsyncRelease *release;
  LoftDeliveries *deliveries;
  LoftLane lane;

  if (destroy == NULL)
    return;
  if (home == NULL ? loft_thread_runs_mta () : loft_home_is_here (home))
    {
      destroy (data);
      return;
    }

  loft_lock_lock (&core->lock);
  deliveries = &loft_async_base_extra_locked (self)->deliveries;
  lane = LOFT_WORD_LANE (loft_async_core_get_word_locked (core));
  loft_lock_unlock (&core->lock);

  release = g_new (LoftAsyncRelease, 1);
  *release = (LoftAsyncRelease) { { .klass = &loft_async_release_class },
                                  g_object_ref (self),
                                  loft_home_hold (home),
                                  destroy,
                                  data };
  loft_deliveries_sent (deliveries, home);
  if (home == NULL && loft_deliveries_append (deliveries, &release->item))
    loft_deliveries_drain (deliveries);
  else if (home != NULL && !loft_dispatcher_post_item (home, lane, &release->item))
    loft_async_release_drop (&release->item, home);
}
