/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Home: finds the dispatcher that is the home of a thread, finds the dispatcher of a context, and
 * releases data at its home. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "loop/loft-loop-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"
#include "dispatcher/loft-registry-private.h"

LoftDispatcher *loft_home_of_default;

static gpointer
create_default (gpointer data)
{
  LoftDispatcher *made = loft_dispatcher_new (g_main_context_default (), TRUE);

  /* Release: pairs with the acquire in loft_dispatcher_get_default (). A thread that sees the
   * pointer also sees the dispatcher whole. */
  loft_store_release (&loft_home_of_default, made);
  return made;
}

/**
 * loft_dispatcher_get_default:
 *
 * Gets the dispatcher of the default main context, which is the context that GTK uses.
 *
 * Any thread may call, even before that context runs. The dispatcher is never %NULL, and lives as
 * long as the process.
 *
 * Returns: (transfer none): the default dispatcher
 */
LoftDispatcher *
loft_dispatcher_get_default (void)
{
  static GOnce once = G_ONCE_INIT;
  /* Acquire: pairs with the release of the thread that made the dispatcher. */
  LoftDispatcher *dispatcher = loft_load_acquire (&loft_home_of_default);

  if (G_LIKELY (dispatcher != NULL))
    return dispatcher;
  return g_once (&once, create_default, NULL);
}

/**
 * loft_dispatcher_get_for_context:
 * @context: (nullable): a context, or %NULL for the default one
 *
 * Gets the dispatcher of a context, and makes one if there is none.
 *
 * Any thread may call. A context keeps its one dispatcher for as long as somebody holds the
 * dispatcher, or anything waits in it. The dispatcher holds the context.
 *
 * Returns: (transfer full): the dispatcher
 */
LoftDispatcher *
loft_dispatcher_get_for_context (GMainContext *context)
{
  LoftDispatcher *found;

  if (context == NULL || context == g_main_context_default ())
    return g_object_ref (loft_dispatcher_get_default ());

  found = loft_registry_lookup (context);
  if (found == NULL)
    found = loft_registry_settle (context, loft_dispatcher_new (context, FALSE));
  if (context == g_main_context_get_thread_default ())
    loft_private_home_note (found);
  return found;
}

LoftDispatcher *
loft_home_hold_for_context (GMainContext *context)
{
  return context == g_main_context_default () ? loft_dispatcher_get_default ()
                                              : loft_dispatcher_get_for_context (context);
}

LoftDispatcher *
loft_home_hold_current (void)
{
  LoftThread *state = loft_thread_get ();
  LoftDispatchFrame *frame = state->dispatch;
  GMainContext *context;

  /* The thread is running an item of `frame->home`, and no other context has been pushed since, so
   * the home need not be looked up. */
  if (frame != NULL && frame->home != NULL &&
      frame->context == g_main_context_get_thread_default () &&
      (frame->context != NULL || state->apartment_context == NULL))
    return loft_home_hold (frame->home);
  context = loft_thread_peek_context ();
  return context != NULL ? loft_home_hold_for_context (context) : NULL;
}

LoftDispatcher *
loft_home_dup_current (void)
{
  LoftDispatcher *home = loft_home_hold_current ();

  return home != NULL && home == loft_load_relaxed (&loft_home_of_default)
           ? g_object_ref (home)
           : home;
}

/**
 * loft_dispatcher_get_for_current_thread:
 *
 * Gets the dispatcher that is the calling thread's home.
 *
 * Any thread may call. If the thread has pushed a context as its thread-default context, its home
 * is the dispatcher of that context. Otherwise it is the dispatcher of the thread's apartment. If
 * the thread has neither, its home is the default dispatcher, provided that the thread runs the
 * default context or would run it next. This is so for the main thread, even before its loop runs,
 * unless it has entered the MTA. Answers to `DispatcherQueue.GetForCurrentThread`.
 *
 * Returns: (transfer full) (nullable): the dispatcher; %NULL on a thread of the MTA
 */
LoftDispatcher *
loft_dispatcher_get_for_current_thread (void)
{
  return loft_home_dup_current ();
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
      return type > G_TYPE_RESERVED_USER_FIRST << G_TYPE_FUNDAMENTAL_SHIFT &&
             G_TYPE_IS_INSTANTIATABLE (type);
    }
}

typedef struct
{
  LoftWorkItem item;
  GDestroyNotify destroy;
  gpointer data;
} LoftRelease;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftRelease, item) == 0);

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
  if (destroy == NULL)
    return;
  if (loft_thread_runs_mta ())
    destroy (data);
  else
    loft_pool_post_item (loft_call_item_new (destroy, data));
}
