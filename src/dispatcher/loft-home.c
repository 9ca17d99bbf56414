/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The home of a thread, and the release of data at home. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-home-private.h"

LoftDispatcher *loft_home_of_default;

LoftDispatcher *
loft_home_hold_for_context (GMainContext *context)
{
  return context == g_main_context_default () ? loft_dispatcher_get_default () : loft_dispatcher_get_for_context (context);
}

LoftDispatcher *
loft_home_hold_current (void)
{
  LoftThread *state = loft_thread_get ();
  LoftDispatchFrame *frame = state->dispatch;
  GMainContext *context;

  /* In one of its items, and nobody has pushed another context since: no need to look for it. */
  if (frame != NULL && frame->home != NULL && frame->context == g_main_context_get_thread_default () &&
      (frame->context != NULL || state->apartment_context == NULL))
    return loft_home_hold (frame->home);
  context = loft_thread_peek_context ();
  return context != NULL ? loft_home_hold_for_context (context) : NULL;
}

LoftDispatcher *
loft_home_dup_current (void)
{
  LoftDispatcher *home = loft_home_hold_current ();

  return home != NULL && home == __atomic_load_n (&loft_home_of_default, __ATOMIC_RELAXED) ? g_object_ref (home) : home;
}

gboolean
loft_home_is_here (LoftDispatcher *home)
{
  GMainContext *here = loft_thread_peek_context ();

  return home == NULL ? here == NULL : here == loft_dispatcher_get_context (home);
}

gboolean
loft_home_matters_for (GType type)
{
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_OBJECT:
    case G_TYPE_INTERFACE:
    case G_TYPE_BOXED:
    case G_TYPE_PARAM:
    case G_TYPE_POINTER:
      return TRUE;
    default:
      return type > G_TYPE_RESERVED_USER_FIRST << G_TYPE_FUNDAMENTAL_SHIFT && G_TYPE_IS_INSTANTIATABLE (type);
    }
}

typedef struct
{
  LoftWorkItem item;
  GDestroyNotify destroy;
  gpointer data;
} LoftRelease;

static void
loft_release_run (LoftWorkItem   *item,
                  LoftDispatcher *dispatcher)
{
  LoftRelease *release = (LoftRelease *) item;

  release->destroy (release->data);
  g_free (release);
}

static void
loft_release_drop (LoftWorkItem   *item,
                   LoftDispatcher *dispatcher)
{
  loft_dispatcher_count_undelivered (dispatcher);
  loft_release_run (item, dispatcher);
}

static const LoftWorkItemClass loft_release_class = {
  .name = "release of data",
  .run = loft_release_run,
  .drop = loft_release_drop,
};

void
loft_home_release (LoftDispatcher *home,
                   GDestroyNotify  destroy,
                   gpointer        data)
{
  LoftRelease *release;

  if (destroy == NULL)
    return;
  if (home == NULL || loft_home_is_here (home))
    {
      destroy (data);
      return;
    }

  release = g_new (LoftRelease, 1);
  release->item.klass = &loft_release_class;
  release->destroy = destroy;
  release->data = data;
  if (loft_dispatcher_post_item (home, LOFT_LANE_NORMAL, &release->item))
    return;
  g_free (release);
  loft_dispatcher_count_undelivered (home);
  destroy (data);
}

void
loft_home_release_in_mta (GDestroyNotify destroy,
                          gpointer       data)
{
  LoftRelease *release;

  if (destroy == NULL)
    return;
  if (loft_thread_runs_mta ())
    {
      destroy (data);
      return;
    }
  release = g_new (LoftRelease, 1);
  release->item.klass = &loft_release_class;
  release->destroy = destroy;
  release->data = data;
  loft_pool_post_item (&release->item);
}
