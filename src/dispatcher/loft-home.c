/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The one predicate for home, STA and access, and the release of data at home. */

#include "config.h"

#include "base/loft-thread-state-private.h"
#include "pool/loft-thread-pool-worker-private.h"
#include "dispatcher/loft-home-private.h"

/* atomic: the state of the thread that last ran the default context; NULL: none has, so it is the main thread's; or
 * NOBODY, when that thread has ended. Relaxed: only equality with this thread's own matters, which it wrote itself. */
static LoftThreadState *default_runner;

#define NOBODY ((LoftThreadState *) (guintptr) 1)

/* atomic: that thread has entered the MTA, and so does not run it. Relaxed: what it decides is where an error is told
 * of. */
static gint default_runner_in_mta;

static void
on_thread_exit (LoftThreadState *state)
{
  LoftThreadState *expected = state;

  /* Its address may be a later thread's. */
  __atomic_compare_exchange_n (&default_runner, &expected, NOBODY, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

void
loft_home_note_default_runner (void)
{
  LoftThreadState *state = loft_thread_state_get ();

  if (G_LIKELY (__atomic_load_n (&default_runner, __ATOMIC_RELAXED) == state))
    return;
  loft_thread_state_add_exit_func (on_thread_exit);
  __atomic_store_n (&default_runner, state, __ATOMIC_RELAXED);
  __atomic_store_n (&default_runner_in_mta, FALSE, __ATOMIC_RELAXED);
}


static gboolean
loft_home_is_last_default_runner (LoftThreadState *state)
{
  LoftThreadState *runner = __atomic_load_n (&default_runner, __ATOMIC_RELAXED);

  return runner == NULL ? state->is_main : runner == state;
}

void
loft_home_note_mta (gboolean entered)
{
  if (loft_home_is_last_default_runner (loft_thread_state_get ()))
    __atomic_store_n (&default_runner_in_mta, entered, __ATOMIC_RELAXED);
}

gboolean
loft_home_default_has_thread (void)
{
  return __atomic_load_n (&default_runner, __ATOMIC_RELAXED) != NOBODY &&
         !__atomic_load_n (&default_runner_in_mta, __ATOMIC_RELAXED);
}

GMainContext *
loft_home_peek_context (void)
{
  GMainContext *context = g_main_context_get_thread_default ();
  LoftThreadState *state;

  /* (1) the pushed thread-default context */
  if (context != NULL)
    return context;

  /* (2) the dispatcher of this thread's apartment */
  state = loft_thread_state_get ();
  if (state->apartment_dispatcher != NULL)
    return loft_dispatcher_get_context (state->apartment_dispatcher);

  /* (3) the default context, of the thread that owns it, or that would run it next */
  context = g_main_context_default ();
  if (g_main_context_is_owner (context))
    return context;
  if (state->is_worker || (state->apartment_count > 0 && state->apartment == LOFT_APARTMENT_MTA))
    return NULL;
  if (!loft_home_is_last_default_runner (state))
    return NULL;
  if (g_main_context_acquire (context)) /* or some other thread owns it now */
    {
      g_main_context_release (context);
      return context;
    }

  /* (4) the MTA */
  return NULL;
}

LoftDispatcher *loft_home_of_default;

LoftDispatcher *
loft_home_hold_for_context (GMainContext *context)
{
  return context == g_main_context_default () ? loft_dispatcher_get_default () : loft_dispatcher_get_for_context (context);
}

LoftDispatcher *
loft_home_hold_current (void)
{
  LoftThreadState *state = loft_thread_state_get ();
  LoftDispatchFrame *frame = state->dispatch;
  GMainContext *context;

  /* In one of its items, and nobody has pushed another context since: no need to look for it. */
  if (frame != NULL && frame->home != NULL && frame->context == g_main_context_get_thread_default () &&
      (frame->context != NULL || state->apartment_dispatcher == NULL))
    return loft_home_hold (frame->home);
  context = loft_home_peek_context ();
  return context != NULL ? loft_home_hold_for_context (context) : NULL;
}

LoftDispatcher *
loft_home_dup_current (void)
{
  LoftDispatcher *home = loft_home_hold_current ();

  return home != NULL && home == __atomic_load_n (&loft_home_of_default, __ATOMIC_RELAXED) ? g_object_ref (home) : home;
}

gboolean
loft_home_runs_mta (void)
{
  return loft_home_peek_context () == NULL && !loft_thread_state_get ()->is_timers;
}

gboolean
loft_home_is_here (LoftDispatcher *home)
{
  GMainContext *here = loft_home_peek_context ();

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
  if (loft_home_runs_mta ())
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
