/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The async objects that were made while somebody observes. An object is removed when it is
 * finalized, so its word can be read for as long as the lock is held. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "base/loft-lock-private.h"
#include "async/loft-async-core-private.h"
#include "async/loft-live-objects-private.h"

typedef struct
{
  guint32 *word;
  LoftLiveObject info;
} LoftLiveRecord;

static LoftLock lock = LOFT_LOCK_INIT;
/* under lock */
static GHashTable *records; /* the object -> LoftLiveRecord; NULL: nobody observes */
static guint observers;

void
loft_live_objects_begin (void)
{
  loft_lock_lock (&lock);
  if (observers++ == 0)
    records = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  loft_lock_unlock (&lock);
}

void
loft_live_objects_end (void)
{
  loft_lock_lock (&lock);
  if (--observers == 0)
    g_clear_pointer (&records, g_hash_table_unref);
  loft_lock_unlock (&lock);
}

void
loft_live_objects_note (GTypeInstance      *object,
                        guint32            *word,
                        const LoftCallSite *site)
{
  LoftLiveRecord *record = g_new0 (LoftLiveRecord, 1);

  record->word = word;
  record->info.type = G_OBJECT_TYPE_NAME (object);
  record->info.site = *site;
  record->info.since = loft_clock_now ();
  loft_lock_lock (&lock);
  if (records != NULL)
    g_hash_table_replace (records, object, g_steal_pointer (&record));
  loft_lock_unlock (&lock);
  g_free (record);
}

void
loft_live_objects_forget (GTypeInstance *object)
{
  loft_lock_lock (&lock);
  if (records != NULL)
    g_hash_table_remove (records, object);
  loft_lock_unlock (&lock);
}

GArray *
loft_live_objects_list (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (LoftLiveObject));
  GHashTableIter iter;
  gpointer value;

  loft_lock_lock (&lock);
  if (records != NULL)
    {
      g_hash_table_iter_init (&iter, records);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          LoftLiveRecord *record = value;

          /* Relaxed: the phase and the lane are only shown. */
          guint32 word = loft_load_relaxed (record->word);

          record->info.phase = LOFT_WORD_PHASE (word);
          record->info.lane = LOFT_WORD_LANE (word);
          if (!loft_phase_has_ended (record->info.phase))
            g_array_append_val (list, record->info);
        }
    }
  loft_lock_unlock (&lock);
  return list;
}
