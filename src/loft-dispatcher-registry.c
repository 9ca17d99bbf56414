/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One dispatcher a context: how it is found, and what is said at exit of work that nobody ran.
 *
 * The registry is weak, under one lock: a dispatcher lives as long as somebody holds it, or anything waits in it. The
 * default context's is immortal and found without the lock. */

#include "config.h"

#include "loft-dispatcher-private.h"

#include <stdlib.h>

static LoftLock registry_lock = LOFT_LOCK_INIT;
/* under lock: GMainContext to GWeakRef */
static GHashTable *registry;
/* atomic: set once */
static LoftDispatcher *default_dispatcher;

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static GWeakRef *
loft_registry_get_locked (GMainContext *context,
                          gboolean      create)
{
  GWeakRef *ref;

  loft_lock_assert_held (&registry_lock);
  if (registry == NULL)
    registry = g_hash_table_new_full (NULL, NULL, NULL, free_weak_ref);
  ref = g_hash_table_lookup (registry, context);
  if (ref == NULL && create)
    {
      ref = g_new0 (GWeakRef, 1);
      g_weak_ref_init (ref, NULL);
      g_hash_table_insert (registry, context, ref);
    }
  return ref;
}

/* A dispatcher dies. By now its context may have a new one, which stays. */
void
loft_dispatcher_registry_remove (GMainContext   *context,
                                 LoftDispatcher *dispatcher)
{
  LoftDispatcher *other = NULL;
  GWeakRef *ref;

  loft_lock_lock (&registry_lock);
  ref = loft_registry_get_locked (context, FALSE);
  if (ref != NULL)
    other = g_weak_ref_get (ref);
  if (ref != NULL && other == NULL)
    g_hash_table_remove (registry, context);
  loft_lock_unlock (&registry_lock);
  g_clear_object (&other);
}

static LoftDispatcher *
loft_registry_lookup (GMainContext *context)
{
  LoftDispatcher *found = NULL;
  GWeakRef *ref;

  loft_lock_lock (&registry_lock);
  ref = loft_registry_get_locked (context, FALSE);
  if (ref != NULL)
    found = g_weak_ref_get (ref);
  loft_lock_unlock (&registry_lock);
  return found;
}

static void loft_registry_on_exit (void);

/* Makes a dispatcher without holding the lock, and keeps the first of two that race. */
static LoftDispatcher *
loft_registry_create (GMainContext *context)
{
  LoftDispatcher *made = loft_dispatcher_new (context, FALSE);
  LoftDispatcher *found;
  GWeakRef *ref;

  loft_lock_lock (&registry_lock);
  ref = loft_registry_get_locked (context, TRUE);
  found = g_weak_ref_get (ref);
  if (found == NULL)
    {
      g_weak_ref_set (ref, made);
      found = g_steal_pointer (&made);
    }
  loft_lock_unlock (&registry_lock);
  g_clear_object (&made);
  return found;
}

static gpointer
loft_registry_create_default (gpointer data)
{
  LoftDispatcher *made = loft_dispatcher_new (g_main_context_default (), TRUE);

  __atomic_store_n (&default_dispatcher, made, __ATOMIC_RELEASE);
  return made;
}

static gpointer
loft_registry_arm_exit (gpointer data)
{
  atexit (loft_registry_on_exit);
  return NULL;
}

/**
 * loft_dispatcher_get_default:
 *
 * Gives the dispatcher of the default main context: of the thread that runs GTK.
 *
 * Any thread may call, also before that context runs. It is never %NULL and lives as long as the process.
 *
 * Returns: (transfer none): the default dispatcher
 */
LoftDispatcher *
loft_dispatcher_get_default (void)
{
  static GOnce once = G_ONCE_INIT, exit_once = G_ONCE_INIT;
  /* Acquire: pairs with the release of the thread that made it. */
  LoftDispatcher *dispatcher = __atomic_load_n (&default_dispatcher, __ATOMIC_ACQUIRE);

  if (G_LIKELY (dispatcher != NULL))
    return dispatcher;
  g_once (&exit_once, loft_registry_arm_exit, NULL);
  return g_once (&once, loft_registry_create_default, NULL);
}

/**
 * loft_dispatcher_get_for_context:
 * @context: (nullable): a context, or %NULL for the default one
 *
 * Gives the dispatcher of a context, making it when there is none.
 *
 * Any thread may call. While somebody holds it, or anything waits in it, a context has one dispatcher, which holds the
 * context.
 *
 * Returns: (transfer full): the dispatcher
 */
LoftDispatcher *
loft_dispatcher_get_for_context (GMainContext *context)
{
  static GOnce exit_once = G_ONCE_INIT;
  LoftDispatcher *found;

  if (context == NULL || context == g_main_context_default ())
    return g_object_ref (loft_dispatcher_get_default ());

  found = loft_registry_lookup (context);
  if (found != NULL)
    return found;
  g_once (&exit_once, loft_registry_arm_exit, NULL);
  return loft_registry_create (context);
}

/**
 * loft_dispatcher_get_for_current_thread:
 *
 * Gives the dispatcher that is this thread's home.
 *
 * Any thread may call. That is: of the context it has pushed as its thread's default; else of its apartment; else the default one, if this
 * thread runs the default context or would run it next (the main thread, also before its loop runs, unless it has
 * entered the MTA). Answers to `DispatcherQueue.GetForCurrentThread`.
 *
 * Returns: (transfer full) (nullable): the dispatcher; %NULL on a thread of the MTA
 */
LoftDispatcher *
loft_dispatcher_get_for_current_thread (void)
{
  return loft_home_dup_current ();
}

/* All dispatchers that there are. */
static GPtrArray *
loft_registry_snapshot (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer ref;

  if (__atomic_load_n (&default_dispatcher, __ATOMIC_ACQUIRE) != NULL)
    g_ptr_array_add (all, g_object_ref (default_dispatcher));
  loft_lock_lock (&registry_lock);
  if (registry != NULL)
    {
      g_hash_table_iter_init (&iter, registry);
      while (g_hash_table_iter_next (&iter, NULL, &ref))
        {
          LoftDispatcher *dispatcher = g_weak_ref_get (ref);

          if (dispatcher != NULL)
            g_ptr_array_add (all, dispatcher);
        }
    }
  loft_lock_unlock (&registry_lock);
  return all;
}

/* The process ends: what still waits ends Canceled, SHUT_DOWN, and is named; its data is released here, since nobody will
 * run its home again. A context that some thread owns is left alone, its data too: that thread may be using both. */
static void
loft_registry_on_exit (void)
{
  g_autoptr (GPtrArray) all = loft_registry_snapshot ();

  for (guint i = 0; i < all->len; i++)
    {
      LoftDispatcher *dispatcher = g_ptr_array_index (all, i);
      GMainContext *context = loft_dispatcher_get_context (dispatcher);

      if (!g_main_context_acquire (context))
        continue;
      loft_dispatcher_abandon (dispatcher, "because the process ended before their context did them");
      g_main_context_release (context);
    }
}
