/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Private homes: the contexts that a thread has pushed. When the thread ends, their dispatchers are
 * given up, because nobody would run what is left on the contexts, and a caller that waits for it
 * would wait for ever. A thread that goes on uses loft_run_synchronously () or a controller
 * instead.
 *
 * A context may be handed on to another thread. The loop knows which thread has pushed the context
 * last, and only the end of that thread gives the dispatcher up. Once another thread has run the
 * context, no thread's end does so. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-registry-private.h"

/* How many homes a thread keeps before the list is first purged of those that are gone. */
#define FIRST_PURGE 16

typedef struct
{
  GWeakRef dispatcher;
} LoftPrivateHome;

static void
loft_private_home_free (gpointer data)
{
  g_weak_ref_clear (&((LoftPrivateHome *) data)->dispatcher);
  g_free (data);
}

static void
loft_private_home_end (LoftPrivateHome *home,
                       LoftThread      *state)
{
  g_autoptr (LoftDispatcher) dispatcher = g_weak_ref_get (&home->dispatcher);
  /* Relaxed: the value is only compared with this thread's own, which this thread has written
   * itself. */
  gpointer expected = state;
  GMainContext *context;

  if (dispatcher == NULL || loft_dispatcher_has_ended (dispatcher))
    return;

  context = loft_dispatcher_get_context (dispatcher);
  if (!g_main_context_acquire (context))
    return; /* another thread is running it */

  if (__atomic_compare_exchange_n (&loft_dispatcher_peek_loop (dispatcher)->pushed_on, &expected,
                                   NULL, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    {
      /* Somebody may still hold the context. It can then have a new dispatcher, because this one
       * leaves the registry. */
      loft_registry_remove (context, dispatcher);
      loft_dispatcher_abandon (dispatcher, "because the thread that had pushed their context "
                                           "ended");
    }
  g_main_context_release (context);
}

static void
on_thread_exit (LoftThread *state)
{
  GPtrArray *homes = g_steal_pointer (&state->private_homes);

  for (guint i = 0; homes != NULL && i < homes->len; i++)
    loft_private_home_end (homes->pdata[i], state);
  g_clear_pointer (&homes, g_ptr_array_unref);
}

static void
loft_private_home_purge (GPtrArray *homes)
{
  for (guint i = homes->len; i > 0; i--)
    {
      g_autoptr (LoftDispatcher)
        dispatcher = g_weak_ref_get (&((LoftPrivateHome *) homes->pdata[i - 1])->dispatcher);

      if (dispatcher == NULL)
        g_ptr_array_remove_index_fast (homes, i - 1);
    }
}

void
loft_private_home_note (LoftDispatcher *dispatcher)
{
  LoftThread *state = loft_thread_get ();
  LoftPrivateHome *home;

  if (loft_load_relaxed (&loft_dispatcher_peek_loop (dispatcher)->pushed_on) == state)
    return;

  loft_store_relaxed (&loft_dispatcher_peek_loop (dispatcher)->pushed_on, state);
  loft_thread_add_exit_func (on_thread_exit);
  if (state->private_homes == NULL)
    state->private_homes = g_ptr_array_new_with_free_func (loft_private_home_free);
  if (state->private_homes->len >= MAX (FIRST_PURGE, state->purge_homes_at))
    {
      loft_private_home_purge (state->private_homes);
      state->purge_homes_at = 2 * state->private_homes->len;
    }
  home = g_new (LoftPrivateHome, 1);
  g_weak_ref_init (&home->dispatcher, dispatcher);
  g_ptr_array_add (state->private_homes, home);
}
