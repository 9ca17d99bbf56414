/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry: finds the one dispatcher of a context, and names the work that nobody ran when the
 * process ends.
 *
 * The registry holds dispatchers weakly, under one lock. A dispatcher lives for as long as somebody
 * holds it, or anything waits in it. The default context's dispatcher is immortal, and is found
 * without the lock. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-registry-private.h"

#include <stdlib.h>
#include <unistd.h>

static LoftLock registry_lock = LOFT_LOCK_INIT;
/* under lock: `registry` maps a GMainContext to the LoftEntry of the dispatcher that is found for
 * it. `dispatchers` maps each dispatcher that there is to its own entry, even if it was made with
 * g_object_new (). */
static GHashTable *registry;
static GHashTable *dispatchers;

/* A reference on a dispatcher is taken with no lock held, because taking it may call the toggle
 * notify of a language binding. An entry has a reference count, so that it can be used without the
 * lock. */
typedef struct
{
  gint refs;         /* atomic */
  GWeakRef weak;
  gpointer address;  /* of the dispatcher, only compared */
  LoftNameLeftFunc name_left;
} LoftEntry;

static LoftEntry *
loft_entry_new (LoftDispatcher  *dispatcher,
                LoftNameLeftFunc name_left)
{
  LoftEntry *entry = g_new0 (LoftEntry, 1);

  entry->refs = 1;
  entry->address = dispatcher;
  entry->name_left = name_left;
  g_weak_ref_init (&entry->weak, dispatcher);
  return entry;
}

static LoftEntry *
loft_entry_ref (LoftEntry *entry)
{
  loft_refs_take (&entry->refs);
  return entry;
}

static void
loft_entry_unref (gpointer data)
{
  LoftEntry *entry = data;

  if (!loft_refs_drop (&entry->refs))
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

/* Removes a dispatcher that is finalized or given up. Its context may have a new dispatcher by now,
 * which stays. */
void
loft_registry_remove (GMainContext   *context,
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

static void loft_registry_on_exit (void);

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

void
loft_registry_add (LoftDispatcher  *dispatcher,
                   LoftNameLeftFunc name_left)
{
  LoftEntry *entry = loft_entry_new (dispatcher, name_left);

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

LoftDispatcher *
loft_registry_lookup (GMainContext *context)
{
  return loft_entry_take (loft_registry_dup_entry (context));
}

/* Puts @entry in the place of @expected, whose dispatcher is gone, or which is NULL. FALSE: another
 * thread was faster. */
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

/* Keeps @made as the dispatcher of @context, or unrefs it: if two threads race, the first
 * dispatcher stays. */
LoftDispatcher *
loft_registry_settle (GMainContext   *context,
                      LoftDispatcher *made)
{
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

static GPtrArray *
loft_registry_dup_entries (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (loft_entry_unref);
  GHashTableIter iter;
  gpointer entry;

  loft_lock_lock (&registry_lock);
  if (registry != NULL)
    {
      g_hash_table_iter_init (&iter, dispatchers);
      while (g_hash_table_iter_next (&iter, NULL, &entry))
        g_ptr_array_add (entries, loft_entry_ref (entry));
    }
  loft_lock_unlock (&registry_lock);
  return entries;
}

GPtrArray *
loft_registry_snapshot (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) entries = loft_registry_dup_entries ();

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

/* The process ends. The items that still wait are named, but nothing is called. No handler and no
 * destroy notify may be called, because the code that they belong to may be gone, for instance the
 * runtime of a language. A context that another thread owns is left alone, because that thread may
 * be using it. */
static void
loft_registry_on_exit (void)
{
  g_autoptr (GPtrArray) entries = NULL;

  if (loft_registry_is_inherited ())
    return;

  loft_pool_note_exit ();
  loft_note_over ();
  entries = loft_registry_dup_entries ();
  for (guint i = 0; i < entries->len; i++)
    {
      LoftEntry *entry = entries->pdata[i];
      g_autoptr (LoftDispatcher) dispatcher = g_weak_ref_get (&entry->weak);

      if (dispatcher != NULL)
        entry->name_left (dispatcher, "because the process ended before their context did them");
    }
}
