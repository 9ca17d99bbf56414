/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The probe: what waits and what runs, while somebody observes.
 *
 * An item is recorded before it is pushed, and its record is removed before it runs or is dropped,
 * and so before it can be freed. So an item that has a record is alive for as long as the probe's
 * lock is held. Whether somebody observes is checked once more under the lock. The end of the last
 * observation frees all records under the same lock, so no record outlives its item. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "queue/loft-probe-private.h"

gint loft_probe_observers;

typedef struct
{
  GQueue waiting; /* of LoftProbeWait, the oldest first */
  guint64 run;
  gint64 longest;
  LoftProbeItem slowest;
} LoftProbeLane;

/* An item that waits. */
typedef struct
{
  GList link; /* in its lane */
  LoftProbeLane *lane;
  LoftWorkItem *item;
  LoftProbeItem what;
  gint64 since;
} LoftProbeWait;

/* An item that runs. */
typedef struct
{
  guint64 number;
  gconstpointer queue;
  LoftThread *thread;
  LoftProbeRunInfo info;
} LoftProbeRun;

/* A place that has posted to a lane. */
typedef struct
{
  gconstpointer queue;
  LoftProbeSiteInfo info;
} LoftProbeSite;

static LoftLock lock = LOFT_LOCK_INIT;
/* under lock; NULL while nobody observes */
static GHashTable *lanes;   /* the lane's name -> LoftProbeLane */
static GHashTable *waits;   /* LoftWorkItem -> LoftProbeWait */
static GHashTable *sites;   /* a set of LoftProbeSite */
static GHashTable *runs;    /* a set of LoftProbeRun */
static guint64 last_number;

/* A queue is larger than it has lanes, so these addresses belong to it alone. */
static gpointer
loft_probe_name_lane (gconstpointer queue,
                      LoftLane      which)
{
  return (char *) queue + which;
}

static guint
loft_probe_site_hash (gconstpointer data)
{
  const LoftProbeSite *site = data;

  return g_direct_hash (site->queue) ^ g_direct_hash (site->info.item.site.location) * 31 ^
         g_direct_hash (site->info.item.site.function) * 37 ^
         g_direct_hash (site->info.item.name) ^ (guint) site->info.lane;
}

static gboolean
loft_probe_site_equal (gconstpointer a,
                       gconstpointer b)
{
  const LoftProbeSite *one = a, *other = b;

  return one->queue == other->queue && one->info.lane == other->info.lane &&
         one->info.item.name == other->info.item.name &&
         one->info.item.site.location == other->info.item.site.location &&
         one->info.item.site.function == other->info.item.site.function;
}

void
loft_probe_begin (void)
{
  loft_lock_lock (&lock);
  if (lanes == NULL)
    {
      lanes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
      waits = g_hash_table_new_full (NULL, NULL, NULL, g_free);
      sites = g_hash_table_new_full (loft_probe_site_hash, loft_probe_site_equal, g_free, NULL);
      runs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
    }
  loft_count_add (&loft_probe_observers, 1);
  loft_lock_unlock (&lock);
}

void
loft_probe_end (void)
{
  loft_lock_lock (&lock);
  if (loft_count_add (&loft_probe_observers, -1) == 1)
    {
      g_clear_pointer (&lanes, g_hash_table_unref);
      g_clear_pointer (&waits, g_hash_table_unref);
      g_clear_pointer (&sites, g_hash_table_unref);
      g_clear_pointer (&runs, g_hash_table_unref);
    }
  loft_lock_unlock (&lock);
}

static LoftProbeItem
loft_probe_look_at (LoftWorkItem *item)
{
  LoftProbeItem what = { .name = item->klass->name };

  if (item->klass->get_site != NULL)
    item->klass->get_site (item, &what.site);
  return what;
}

static LoftProbeLane *
loft_probe_lane_locked (gconstpointer queue,
                        LoftLane       which)
{
  LoftProbeLane *lane;

  loft_lock_assert_held (&lock);
  lane = g_hash_table_lookup (lanes, loft_probe_name_lane (queue, which));
  if (lane == NULL)
    {
      lane = g_new0 (LoftProbeLane, 1);
      g_hash_table_insert (lanes, loft_probe_name_lane (queue, which), lane);
    }
  return lane;
}

void
loft_probe_note_push (gconstpointer queue,
                      LoftLane       which,
                      LoftWorkItem  *item)
{
  LoftProbeWait *wait = g_new0 (LoftProbeWait, 1);

  wait->link.data = wait;
  wait->item = item;
  wait->what = loft_probe_look_at (item);
  wait->since = loft_clock_now ();
  loft_lock_lock (&lock);
  if (lanes != NULL && !g_hash_table_contains (waits, item))
    {
      wait->lane = loft_probe_lane_locked (queue, which);
      g_queue_push_tail_link (&wait->lane->waiting, &wait->link);
      g_hash_table_insert (waits, item, g_steal_pointer (&wait));
    }
  loft_lock_unlock (&lock);
  g_free (wait);
}

void
loft_probe_note_gone (LoftWorkItem *item)
{
  LoftProbeWait *wait;

  loft_lock_lock (&lock);
  wait = lanes != NULL ? g_hash_table_lookup (waits, item) : NULL;
  if (wait != NULL)
    {
      g_queue_unlink (&wait->lane->waiting, &wait->link);
      g_hash_table_remove (waits, item);
    }
  loft_lock_unlock (&lock);
}

/* The thread ends in the middle of an item: the handler has called g_thread_exit (). */
static void
on_thread_exit (LoftThread *thread)
{
  GHashTableIter iter;
  gpointer run;

  loft_lock_lock (&lock);
  if (lanes != NULL)
    {
      g_hash_table_iter_init (&iter, runs);
      while (g_hash_table_iter_next (&iter, &run, NULL))
        if (((LoftProbeRun *) run)->thread == thread)
          g_hash_table_iter_remove (&iter);
    }
  loft_lock_unlock (&lock);
}

static guint64
loft_probe_start_run (gconstpointer queue,
                      LoftLane       which,
                      LoftProbeItem *what,
                      gint64         now)
{
  LoftProbeRun *run = g_new0 (LoftProbeRun, 1);
  guint64 number;

  *run = (LoftProbeRun) { 0, queue, loft_thread_get (), { which, *what, now } };
  loft_thread_add_exit_func (on_thread_exit);
  loft_lock_lock (&lock);
  number = run->number = ++last_number;
  if (lanes != NULL)
    g_hash_table_add (runs, g_steal_pointer (&run));
  loft_lock_unlock (&lock);
  g_free (run);
  return number;
}

/* Counts an item that took @span µs. */
static void
loft_probe_count_locked (gconstpointer queue,
                         LoftLane       which,
                         LoftProbeItem *what,
                         gint64         span)
{
  LoftProbeLane *lane = loft_probe_lane_locked (queue, which);
  LoftProbeSite key = { queue, { .lane = which, .item = *what } };
  LoftProbeSite *site;

  lane->run++;
  if (span > lane->longest || lane->run == 1)
    {
      lane->longest = span;
      lane->slowest = *what;
    }
  site = g_hash_table_lookup (sites, &key);
  if (site == NULL)
    {
      site = g_memdup2 (&key, sizeof key);
      g_hash_table_add (sites, site);
    }
  site->info.run++;
  site->info.total += span;
  site->info.longest = MAX (site->info.longest, span);
}

void
loft_probe_run (gconstpointer   queue,
                LoftLane        which,
                LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  gboolean dead = item->klass->is_dead != NULL && item->klass->is_dead (item);
  LoftProbeItem what = loft_probe_look_at (item);
  gint64 start = loft_clock_now (), span;
  guint64 number;

  loft_probe_note_gone (item);
  if (dead) /* only its data is released */
    {
      item->klass->run (item, dispatcher);
      return;
    }
  number = loft_probe_start_run (queue, which, &what, start);
  item->klass->run (item, dispatcher);
  span = loft_clock_now () - start;

  loft_lock_lock (&lock);
  /* An observation that has begun in the meantime counts only what has begun in it. */
  if (lanes != NULL && g_hash_table_remove (runs, &number))
    loft_probe_count_locked (queue, which, &what, span);
  loft_lock_unlock (&lock);
}

static gboolean
loft_probe_site_is_of (gpointer key,
                       gpointer value,
                       gpointer queue)
{
  return ((LoftProbeSite *) key)->queue == queue;
}

void
loft_probe_forget (gconstpointer queue)
{
  loft_lock_lock (&lock);
  if (lanes != NULL)
    {
      for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
        g_hash_table_remove (lanes, loft_probe_name_lane (queue, which));
      g_hash_table_foreach_remove (sites, loft_probe_site_is_of, (gpointer) queue);
    }
  loft_lock_unlock (&lock);
}

/* What is known. */

static LoftProbeWait *
loft_probe_find_oldest_locked (LoftProbeLane *lane)
{
  loft_lock_assert_held (&lock);
  for (GList *l = lane->waiting.head; l != NULL; l = l->next)
    {
      LoftProbeWait *wait = l->data;

      if (wait->item->klass->is_dead == NULL || !wait->item->klass->is_dead (wait->item))
        return wait;
    }
  return NULL;
}

void
loft_probe_get_lane (gconstpointer      queue,
                     LoftLane           which,
                     LoftProbeLaneInfo *out_info)
{
  LoftProbeLane *lane;
  LoftProbeWait *oldest;

  *out_info = (LoftProbeLaneInfo) { 0 };
  loft_lock_lock (&lock);
  lane = lanes != NULL ? g_hash_table_lookup (lanes, loft_probe_name_lane (queue, which)) : NULL;
  if (lane != NULL)
    {
      oldest = loft_probe_find_oldest_locked (lane);
      if (oldest != NULL)
        {
          out_info->oldest_since = oldest->since;
          out_info->oldest = oldest->what;
        }
      out_info->waiting = lane->waiting.length;
      out_info->run = lane->run;
      out_info->longest = lane->longest;
      out_info->slowest = lane->slowest;
    }
  loft_lock_unlock (&lock);
}

GArray *
loft_probe_list_running (gconstpointer queue)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (LoftProbeRunInfo));
  GHashTableIter iter;
  gpointer run;

  loft_lock_lock (&lock);
  if (lanes != NULL)
    {
      g_hash_table_iter_init (&iter, runs);
      while (g_hash_table_iter_next (&iter, &run, NULL))
        if (((LoftProbeRun *) run)->queue == queue)
          g_array_append_val (list, ((LoftProbeRun *) run)->info);
    }
  loft_lock_unlock (&lock);
  return list;
}

GArray *
loft_probe_list_sites (gconstpointer queue)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (LoftProbeSiteInfo));
  GHashTableIter iter;
  gpointer site;

  loft_lock_lock (&lock);
  if (lanes != NULL)
    {
      g_hash_table_iter_init (&iter, sites);
      while (g_hash_table_iter_next (&iter, &site, NULL))
        if (((LoftProbeSite *) site)->queue == queue)
          g_array_append_val (list, ((LoftProbeSite *) site)->info);
    }
  loft_lock_unlock (&lock);
  return list;
}
