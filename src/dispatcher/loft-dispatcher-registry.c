/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One dispatcher a context: how it is found, and what is said at exit of work that nobody ran.
 *
 * The registry is weak, under one lock: a dispatcher lives as long as somebody holds it, or anything waits in it. The
 * default context's is immortal and found without the lock. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "dispatcher/loft-dispatcher-private.h"

#include "pool/loft-pool-private.h"

#include <stdlib.h>
#include <unistd.h>

static LoftLock registry_lock = LOFT_LOCK_INIT;
/* under lock: GMainContext to the LoftEntry of the dispatcher that is found for it; and each dispatcher that there is
 * to its own, also if somebody made it with g_object_new () */
static GHashTable *registry;
static GHashTable *dispatchers;

/* A dispatcher is asked for with no lock held: a reference to it may call whoever toggles on it. So an entry is counted. */
typedef struct
{
  gint refs;         /* atomic */
  GWeakRef weak;
  gpointer address;  /* of the dispatcher, only compared */
} LoftEntry;

static LoftEntry *
loft_entry_new (LoftDispatcher *dispatcher)
{
  LoftEntry *entry = g_new0 (LoftEntry, 1);

  entry->refs = 1;
  entry->address = dispatcher;
  g_weak_ref_init (&entry->weak, dispatcher);
  return entry;
}

static LoftEntry *
loft_entry_ref (LoftEntry *entry)
{
  __atomic_fetch_add (&entry->refs, 1, __ATOMIC_RELAXED);
  return entry;
}

static void
loft_entry_unref (gpointer data)
{
  LoftEntry *entry = data;

  if (__atomic_fetch_sub (&entry->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  g_weak_ref_clear (&entry->weak);
  g_free (entry);
}

static LoftDispatcher *
loft_entry_take (LoftEntry *entry)
{
  LoftDispatcher *found = entry != NULL ? g_weak_ref_get (&entry->weak) : NULL;

  g_clear_pointer (&entry, loft_entry_unref);
  return found;
}

static GHashTable *
loft_registry_get_locked (void)
{
  loft_lock_assert_held (&registry_lock);
  if (registry == NULL)
    {
      registry = g_hash_table_new_full (NULL, NULL, NULL, loft_entry_unref);
      dispatchers = g_hash_table_new_full (NULL, NULL, NULL, loft_entry_unref);
    }
  return registry;
}

/* A dispatcher dies. By now its context may have a new one, which stays. */
void
loft_dispatcher_registry_remove (GMainContext   *context,
                                 LoftDispatcher *dispatcher)
{
  LoftEntry *entry;

  loft_lock_lock (&registry_lock);
  entry = g_hash_table_lookup (loft_registry_get_locked (), context);
  if (entry != NULL && entry->address == dispatcher)
    g_hash_table_remove (registry, context);
  g_hash_table_remove (dispatchers, dispatcher);
  loft_lock_unlock (&registry_lock);
}

static void loft_registry_expect_exit (void);

void
loft_dispatcher_registry_add (LoftDispatcher *dispatcher)
{
  LoftEntry *entry = loft_entry_new (dispatcher);

  loft_registry_expect_exit ();
  loft_lock_lock (&registry_lock);
  loft_registry_get_locked ();
  g_hash_table_insert (dispatchers, dispatcher, entry);
  loft_lock_unlock (&registry_lock);
}

static LoftEntry *
loft_registry_dup_entry_of (LoftDispatcher *dispatcher)
{
  LoftEntry *entry;

  loft_lock_lock (&registry_lock);
  loft_registry_get_locked ();
  entry = loft_entry_ref (g_hash_table_lookup (dispatchers, dispatcher));
  loft_lock_unlock (&registry_lock);
  return entry;
}

static LoftEntry *
loft_registry_dup_entry (GMainContext *context)
{
  LoftEntry *entry;

  loft_lock_lock (&registry_lock);
  entry = g_hash_table_lookup (loft_registry_get_locked (), context);
  if (entry != NULL)
    loft_entry_ref (entry);
  loft_lock_unlock (&registry_lock);
  return entry;
}

static LoftDispatcher *
loft_registry_lookup (GMainContext *context)
{
  return loft_entry_take (loft_registry_dup_entry (context));
}

/* Puts @entry in the place of @expected, which has died or never was; FALSE: another was faster. */
static gboolean
loft_registry_replace (GMainContext *context,
                       LoftEntry    *expected,
                       LoftEntry    *entry)
{
  gboolean in_time;

  loft_lock_lock (&registry_lock);
  in_time = g_hash_table_lookup (loft_registry_get_locked (), context) == expected;
  if (in_time)
    g_hash_table_insert (registry, context, loft_entry_ref (entry));
  loft_lock_unlock (&registry_lock);
  return in_time;
}

static void loft_registry_on_exit (void);

/* Makes a dispatcher without holding the lock, and keeps the first of two that race. */
static LoftDispatcher *
loft_registry_create (GMainContext *context)
{
  LoftDispatcher *made = loft_dispatcher_new (context, FALSE);
  LoftEntry *entry = loft_registry_dup_entry_of (made);
  LoftDispatcher *found = NULL;

  while (found == NULL)
    {
      LoftEntry *expected = loft_registry_dup_entry (context);

      if (expected != NULL)
        found = g_weak_ref_get (&expected->weak);
      if (found == NULL && loft_registry_replace (context, expected, entry))
        found = g_steal_pointer (&made);
      g_clear_pointer (&expected, loft_entry_unref);
    }
  loft_entry_unref (entry);
  g_clear_object (&made);
  return found;
}

static gpointer
loft_registry_create_default (gpointer data)
{
  LoftDispatcher *made = loft_dispatcher_new (g_main_context_default (), TRUE);

  __atomic_store_n (&loft_home_of_default, made, __ATOMIC_RELEASE);
  return made;
}

static pid_t armed_by; /* constant after loft_registry_arm_exit */

static gpointer
loft_registry_arm_exit (gpointer data)
{
  armed_by = getpid ();
  atexit (loft_registry_on_exit);
  return NULL;
}

static void
loft_registry_expect_exit (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, loft_registry_arm_exit, NULL);
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
  static GOnce once = G_ONCE_INIT;
  /* Acquire: pairs with the release of the thread that made it. */
  LoftDispatcher *dispatcher = __atomic_load_n (&loft_home_of_default, __ATOMIC_ACQUIRE);

  if (G_LIKELY (dispatcher != NULL))
    return dispatcher;
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
  LoftDispatcher *found;

  if (context == NULL || context == g_main_context_default ())
    return g_object_ref (loft_dispatcher_get_default ());

  found = loft_registry_lookup (context);
  if (found == NULL)
    found = loft_registry_create (context);
  if (context == g_main_context_get_thread_default ())
    loft_private_home_note (found);
  return found;
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

GPtrArray *
loft_registry_snapshot (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (loft_entry_unref);
  gpointer entry;

  loft_lock_lock (&registry_lock);
  if (registry != NULL)
    {
      g_hash_table_iter_init (&iter, dispatchers);
      while (g_hash_table_iter_next (&iter, NULL, &entry))
        g_ptr_array_add (entries, loft_entry_ref (entry));
    }
  loft_lock_unlock (&registry_lock);

  for (guint i = 0; i < entries->len; i++)
    {
      LoftDispatcher *dispatcher = g_weak_ref_get (&((LoftEntry *) entries->pdata[i])->weak);

      if (dispatcher != NULL)
        g_ptr_array_add (all, dispatcher);
    }
  return all;
}

gboolean
loft_registry_is_inherited (void)
{
  return armed_by != 0 && getpid () != armed_by;
}

/* The process ends. What still waits is named, and nothing is called: no handler and no destroy notify, since whoever
 * they belong to may be gone, a language's runtime for instance. A context that some thread owns is left alone: that
 * thread may be using it. */
static void
loft_registry_on_exit (void)
{
  g_autoptr (GPtrArray) all = NULL;

  if (loft_registry_is_inherited ())
    return;

  loft_pool_note_exit ();
  loft_note_over ();
  all = loft_registry_snapshot ();
  for (guint i = 0; i < all->len; i++)
    loft_dispatcher_name_left (all->pdata[i], "because the process ended before their context did them");
}
