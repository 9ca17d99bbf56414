/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Loft says of its own state, as text and numbers for people who look for what is slow. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "base/loft-trace-private.h"
#include "queue/loft-probe-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-registry-private.h"
#include "async/loft-live-objects-private.h"

G_DEFINE_BOXED_TYPE (LoftLaneInfo, loft_lane_info, loft_lane_info_copy, loft_lane_info_free)
G_DEFINE_BOXED_TYPE (LoftItemInfo, loft_item_info, loft_item_info_copy, loft_item_info_free)

/**
 * loft_lane_info_copy:
 * @self: a description of a lane
 *
 * Copies the description.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the copy
 */
LoftLaneInfo *
loft_lane_info_copy (const LoftLaneInfo *self)
{
  LoftLaneInfo *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->oldest_source = g_strdup (self->oldest_source);
  copy->slowest_source = g_strdup (self->slowest_source);
  return copy;
}

/**
 * loft_lane_info_free:
 * @self: (transfer full) (nullable): a description of a lane
 *
 * Frees the description.
 *
 * Any thread may call.
 */
void
loft_lane_info_free (LoftLaneInfo *self)
{
  if (self == NULL)
    return;
  g_free (self->oldest_source);
  g_free (self->slowest_source);
  g_free (self);
}

/**
 * loft_item_info_copy:
 * @self: a description of items
 *
 * Copies the description.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the copy
 */
LoftItemInfo *
loft_item_info_copy (const LoftItemInfo *self)
{
  LoftItemInfo *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->what = g_strdup (self->what);
  copy->source = g_strdup (self->source);
  return copy;
}

/**
 * loft_item_info_free:
 * @self: (transfer full) (nullable): a description of items
 *
 * Frees the description.
 *
 * Any thread may call.
 */
void
loft_item_info_free (LoftItemInfo *self)
{
  if (self == NULL)
    return;
  g_free (self->what);
  g_free (self->source);
  g_free (self);
}

/* Items that were posted before. Only the thread that runs a dispatcher may look into its lanes. */
static void
loft_diagnosis_note_all (void)
{
  g_autoptr (GPtrArray) all = loft_registry_snapshot ();

  loft_pool_note_all ();
  for (guint i = 0; i < all->len; i++)
    {
      GMainContext *context = loft_dispatcher_get_context (all->pdata[i]);

      if (!g_main_context_acquire (context))
        continue;
      loft_loop_note_all (loft_dispatcher_peek_loop (all->pdata[i]));
      g_main_context_release (context);
    }
}

/**
 * loft_diagnosis_begin:
 *
 * Begins to observe all dispatchers and the thread pool.
 *
 * While nobody observes, Loft keeps no record of what waits and runs, and a post costs nothing
 * more. The other functions of this page then find nothing. An observation makes each post and each
 * item a little more expensive, in all threads. Observations are counted: each call needs a call of
 * [func@Loft.diagnosis_end].
 *
 * Items that wait already are recorded if this thread runs their dispatcher, if no thread runs it,
 * or if they are the thread pool's. Their wait is counted from now on. Items of other threads'
 * dispatchers, items that already run, and actions that were made before, are not recorded.
 *
 * Any thread may call.
 */
void
loft_diagnosis_begin (void)
{
  loft_live_objects_begin ();
  loft_probe_begin ();
  loft_diagnosis_note_all ();
}

/**
 * loft_diagnosis_end:
 *
 * Ends an observation that [func@Loft.diagnosis_begin] has begun.
 *
 * The end of the last observation frees all records. Any thread may call.
 */
void
loft_diagnosis_end (void)
{
  /* Relaxed: a caller that has begun an observation sees its own. */
  g_return_if_fail (loft_load_relaxed (&loft_probe_observers) > 0);

  loft_probe_end ();
  loft_live_objects_end ();
}

/**
 * loft_diagnosis_list_dispatchers:
 *
 * Lists the dispatchers of the process, the default one first.
 *
 * This works without an observation. Any thread may call.
 *
 * Returns: (transfer container) (element-type LoftDispatcher): the dispatchers; the array holds a
 *   reference on each
 */
GPtrArray *
loft_diagnosis_list_dispatchers (void)
{
  GPtrArray *all = loft_registry_snapshot ();

  for (guint i = 1; i < all->len; i++)
    if (loft_dispatcher_get_context (all->pdata[i]) == g_main_context_default ())
      {
        gpointer first = all->pdata[0];

        all->pdata[0] = all->pdata[i];
        all->pdata[i] = first;
      }
  return all;
}

static LoftWorkQueue *
loft_diagnosis_get_queue (LoftDispatcher *dispatcher)
{
  return dispatcher != NULL ? &loft_dispatcher_peek_loop (dispatcher)->queue
                            : loft_pool_peek_queue ();
}

static LoftLaneInfo *
loft_lane_info_new (LoftWorkQueue *queue,
                    LoftLane       lane,
                    gint64         now)
{
  LoftLaneInfo *self = g_new0 (LoftLaneInfo, 1);
  LoftProbeLaneInfo info;

  loft_probe_get_lane (queue, lane, &info);
  self->priority = loft_lane_to_priority (lane);
  self->length = info.waiting;
  if (info.oldest_since != 0)
    {
      self->oldest_wait = MAX (0, now - info.oldest_since);
      self->oldest_source = loft_call_site_to_string (&info.oldest.site);
    }
  self->n_run = info.run;
  self->longest = info.longest;
  if (info.run > 0)
    self->slowest_source = loft_call_site_to_string (&info.slowest.site);
  return self;
}

/**
 * loft_diagnosis_list_lanes:
 * @dispatcher: (nullable): a dispatcher; %NULL: the thread pool
 *
 * Describes the lanes: how many items wait, for how long, and which item was the slowest.
 *
 * The most urgent lane comes first. Without an observation ([func@Loft.diagnosis_begin]) all
 * numbers are 0. Any thread may call.
 *
 * Returns: (transfer container) (element-type LoftLaneInfo): the lanes
 */
GPtrArray *
loft_diagnosis_list_lanes (LoftDispatcher *dispatcher)
{
  GPtrArray *lanes;
  int lowest = dispatcher != NULL ? LOFT_LANE_LOWEST : LOFT_LANE_LOW;
  gint64 now = loft_clock_now ();

  g_return_val_if_fail (dispatcher == NULL || LOFT_IS_DISPATCHER (dispatcher), NULL);

  lanes = g_ptr_array_new_with_free_func ((GDestroyNotify) loft_lane_info_free);
  for (int which = LOFT_LANE_HIGH; which >= lowest; which--)
    g_ptr_array_add (lanes, loft_lane_info_new (loft_diagnosis_get_queue (dispatcher), which, now));
  return lanes;
}

static LoftItemInfo *
loft_item_info_new (const char         *what,
                    const LoftCallSite *site,
                    const char         *state)
{
  LoftItemInfo *self = g_new0 (LoftItemInfo, 1);

  self->what = g_strdup (what);
  self->source = site->location == NULL && site->function == NULL
                   ? g_strdup ("Loft itself")
                   : loft_call_site_to_string (site);
  self->state = state;
  return self;
}

/* The longest first. */
static gint
loft_item_info_compare (gconstpointer a,
                        gconstpointer b)
{
  const LoftItemInfo *one = *(LoftItemInfo *const *) a, *other = *(LoftItemInfo *const *) b;

  return one->longest > other->longest ? -1 : one->longest < other->longest;
}

static GPtrArray *
loft_item_infos_sort (GPtrArray *items,
                      guint      limit)
{
  g_ptr_array_sort (items, loft_item_info_compare);
  if (limit > 0 && items->len > limit)
    g_ptr_array_set_size (items, (gint) limit);
  return items;
}

/**
 * loft_diagnosis_list_running:
 * @dispatcher: (nullable): a dispatcher; %NULL: the thread pool
 *
 * Lists the items that are running, the one that has run for longest first.
 *
 * A dispatcher runs one item, and more if that item runs a main loop. The pool runs as many as it
 * has active workers. Without an observation ([func@Loft.diagnosis_begin]) the list is empty. Any
 * thread may call.
 *
 * Returns: (transfer container) (element-type LoftItemInfo): the items
 */
GPtrArray *
loft_diagnosis_list_running (LoftDispatcher *dispatcher)
{
  g_autoptr (GArray) runs = NULL;
  GPtrArray *items;
  gint64 now = loft_clock_now ();

  g_return_val_if_fail (dispatcher == NULL || LOFT_IS_DISPATCHER (dispatcher), NULL);

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) loft_item_info_free);
  runs = loft_probe_list_running (loft_diagnosis_get_queue (dispatcher));
  for (guint i = 0; i < runs->len; i++)
    {
      LoftProbeRunInfo *run = &g_array_index (runs, LoftProbeRunInfo, i);
      LoftItemInfo *item = loft_item_info_new (run->item.name, &run->item.site, "running");

      item->priority = loft_lane_to_priority (run->lane);
      item->time = item->longest = MAX (0, now - run->since);
      g_ptr_array_add (items, item);
    }
  return loft_item_infos_sort (items, 0);
}

/**
 * loft_diagnosis_list_slowest:
 * @dispatcher: (nullable): a dispatcher; %NULL: the thread pool
 * @limit: how many places to list at most; 0: all
 *
 * Lists the places in the program that have posted, the one with the slowest item first.
 *
 * The time of an item includes that of items which ran in a main loop inside it. Without an
 * observation ([func@Loft.diagnosis_begin]) the list is empty. Any thread may call.
 *
 * Returns: (transfer container) (element-type LoftItemInfo): a description for each place and lane
 */
GPtrArray *
loft_diagnosis_list_slowest (LoftDispatcher *dispatcher,
                             guint           limit)
{
  g_autoptr (GArray) sites = NULL;
  GPtrArray *items;

  g_return_val_if_fail (dispatcher == NULL || LOFT_IS_DISPATCHER (dispatcher), NULL);

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) loft_item_info_free);
  sites = loft_probe_list_sites (loft_diagnosis_get_queue (dispatcher));
  for (guint i = 0; i < sites->len; i++)
    {
      LoftProbeSiteInfo *site = &g_array_index (sites, LoftProbeSiteInfo, i);
      LoftItemInfo *item = loft_item_info_new (site->item.name, &site->item.site, "done");

      item->priority = loft_lane_to_priority (site->lane);
      item->time = site->total;
      item->longest = site->longest;
      item->n_run = site->run;
      g_ptr_array_add (items, item);
    }
  return loft_item_infos_sort (items, limit);
}

/**
 * loft_diagnosis_list_actions:
 * @limit: how many to list at most; 0: all
 *
 * Lists the async objects that have not ended, the oldest first.
 *
 * These are the actions and operations that were made since the observation began
 * ([func@Loft.diagnosis_begin]), on any thread. A class of the program that derives from
 * [class@Loft.AsyncBase] is listed under that name. Any thread may call.
 *
 * Returns: (transfer container) (element-type LoftItemInfo): the objects
 */
GPtrArray *
loft_diagnosis_list_actions (guint limit)
{
  g_autoptr (GArray) objects = loft_live_objects_list ();
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) loft_item_info_free);
  gint64 now = loft_clock_now ();

  for (guint i = 0; i < objects->len; i++)
    {
      LoftLiveObject *object = &g_array_index (objects, LoftLiveObject, i);
      LoftItemInfo *item = loft_item_info_new (object->type, &object->site,
                                               object->phase == LOFT_PHASE_QUEUED    ? "waiting"
                                               : object->phase == LOFT_PHASE_RUNNING ? "running"
                                                                                     : "canceling");

      item->priority = loft_lane_to_priority (object->lane);
      item->time = item->longest = MAX (0, now - object->since);
      g_ptr_array_add (items, item);
    }
  return loft_item_infos_sort (items, limit);
}

/**
 * loft_diagnosis_get_workers:
 * @out_workers: (out) (optional): all threads of the pool, with those that sleep
 * @out_active: (out) (optional): how many run an item, or are about to
 * @out_blocked: (out) (optional): how many wait for an async object, and lend their place
 * @out_limit: (out) (optional): how many may be active
 *
 * Counts the workers of the thread pool.
 *
 * This works without an observation. Any thread may call.
 */
void
loft_diagnosis_get_workers (guint *out_workers,
                            guint *out_active,
                            guint *out_blocked,
                            guint *out_limit)
{
  LoftPoolStats stats;

  loft_pool_get_stats (&stats);
  if (out_workers != NULL)
    *out_workers = stats.workers;
  if (out_active != NULL)
    *out_active = stats.active;
  if (out_blocked != NULL)
    *out_blocked = stats.blocked;
  if (out_limit != NULL)
    *out_limit = stats.limit + stats.extra;
}
