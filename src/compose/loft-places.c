/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* At most so much work at once, on the pool, begun by its priority, and in the order in which it came.
 *
 *   coming: on the pool ──> runs: takes the next work ──its end──> coming again, if more waits
 *                             │                          ^        └─> the place is free
 *                             └─> nested: its work's handler has returned, and what it gave back goes on
 *
 * Work waits in a queue of its own. For each place that is taken there is a runner: it takes the next work, runs it, and goes to
 * the pool again, so that others have their turn. A place is free when its work has ended, which for nested work is later
 * than its handler's return. */

#include "config.h"

#include "base/loft-lock-private.h"
#include "pool/loft-pool-private.h"
#include "work/loft-work-settings-private.h"
#include "compose/loft-places-private.h"

typedef struct _LoftRunner LoftRunner;

/* One taken place. */
struct _LoftRunner
{
  LoftWorkItem item;
  LoftPlaces *places; /* constant after init; a reference */

  /* under the places' lock */
  LoftRunner *next, *previous;
  LoftWork *handed;         /* what it is to run on a thread of its own; NULL: the next that waits */
  LoftThread *runs_on; /* only compared; NULL: coming, or nested */
  LoftLink *nested;         /* the work that goes on; NULL: none */
};

struct _LoftPlaces
{
  gint refs;  /* atomic: the limiter's, its runners', and the work's that waits */

  /* constant after init */
  guint limit;

  /* under lock */
  LoftLock lock;
  GQueue waiting[LOFT_N_LANES]; /* the links of LoftPlace, by their priority */
  guint n_waiting;     /* in all of them */
  LoftRunner *runners; /* of the places that are taken */
  guint taken;
  guint coming;        /* of them: so much of what waits has its place */
};

/* A work's place in the queue: its companion. */
typedef struct
{
  LoftWorkCompanion companion;
  /* constant after init */
  LoftPlaces *places; /* a reference */
  LoftLane lane;

  /* under the places' lock */
  GList link;         /* of the work, and the queue's reference to it */
  gboolean waits;
} LoftPlace;

static void loft_runner_run (LoftWorkItem *item, LoftDispatcher *dispatcher);

static const LoftWorkItemClass loft_runner_class = {
  .name = "work of a limiter",
  .run = loft_runner_run,
};

LoftPlaces *
loft_places_new (guint limit)
{
  LoftPlaces *self = g_new0 (LoftPlaces, 1);

  self->refs = 1;
  self->limit = limit;
  for (int lane = LOFT_LANE_LOWEST; lane < LOFT_N_LANES; lane++)
    g_queue_init (&self->waiting[lane]);
  return self;
}

LoftPlaces *
loft_places_ref (LoftPlaces *self)
{
  __atomic_fetch_add (&self->refs, 1, __ATOMIC_RELAXED);
  return self;
}

void
loft_places_unref (gpointer data)
{
  LoftPlaces *self = data;

  if (__atomic_fetch_sub (&self->refs, 1, __ATOMIC_ACQ_REL) == 1)
    g_free (self); /* nothing waits, or it would hold a reference */
}

/* Runners. */

static LoftRunner *
loft_runner_new (LoftPlaces *places)
{
  LoftRunner *self = g_new0 (LoftRunner, 1);

  self->item.klass = &loft_runner_class;
  self->places = loft_places_ref (places);
  return self;
}

static void
loft_runner_free (LoftRunner *self)
{
  loft_places_unref (self->places);
  g_free (self);
}

static void
loft_places_link_locked (LoftPlaces *self,
                         LoftRunner *runner)
{
  loft_lock_assert_held (&self->lock);
  runner->next = self->runners;
  if (runner->next != NULL)
    runner->next->previous = runner;
  self->runners = runner;
  self->taken++;
  self->coming++;
}

static void
loft_places_unlink_locked (LoftPlaces *self,
                           LoftRunner *runner)
{
  loft_lock_assert_held (&self->lock);
  if (runner->next != NULL)
    runner->next->previous = runner->previous;
  if (runner->previous != NULL)
    runner->previous->next = runner->next;
  else
    self->runners = runner->next;
  self->taken--;
}

/* Its work has ended: it comes for the next that waits, or its place is free. */
static void
loft_runner_go_on (LoftRunner *self)
{
  LoftPlaces *places = self->places;
  LoftLink *nested;
  gboolean more;

  loft_lock_lock (&places->lock);
  nested = g_steal_pointer (&self->nested);
  self->runs_on = NULL;
  more = places->n_waiting > places->coming;
  if (more)
    places->coming++;
  else
    loft_places_unlink_locked (places, self);
  loft_lock_unlock (&places->lock);

  g_clear_pointer (&nested, loft_link_unref);
  if (more)
    loft_pool_submit (LOFT_LANE_NORMAL, &self->item); /* for whichever has the next place then */
  else
    loft_runner_free (self);
}

static void
on_nested_ended (LoftAsyncInfo   *work,
                 LoftAsyncStatus  status,
                 gpointer         runner)
{
  loft_runner_go_on (runner);
}

/* The next that waits, with the queue's reference; NULL: all have ended meanwhile. */
static LoftWork *
loft_places_pop_locked (LoftPlaces *self)
{
  GList *link = NULL;

  loft_lock_assert_held (&self->lock);
  for (int lane = LOFT_LANE_HIGH; link == NULL && lane >= LOFT_LANE_LOWEST; lane--)
    link = g_queue_pop_head_link (&self->waiting[lane]);
  if (link == NULL)
    return NULL;

  self->n_waiting--;

  ((LoftPlace *) ((char *) link - G_STRUCT_OFFSET (LoftPlace, link)))->waits = FALSE;
  return link->data;
}

/* To a thread of its own; FALSE: there is none to be had, and it runs here. */
static gboolean
loft_runner_hand_on (LoftRunner *self,
                     LoftWork   *work)
{
  gboolean started;

  loft_lock_lock (&self->places->lock);
  self->handed = work;
  self->runs_on = NULL;
  loft_lock_unlock (&self->places->lock);

  started = loft_pool_start_sliced (&self->item, NULL);
  if (started)
    return TRUE;

  loft_lock_lock (&self->places->lock);
  self->handed = NULL;
  self->runs_on = loft_thread_get ();
  loft_lock_unlock (&self->places->lock);
  return FALSE;
}

static void
loft_runner_run (LoftWorkItem   *item,
                 LoftDispatcher *dispatcher)
{
  LoftRunner *self = (LoftRunner *) item;
  LoftPlaces *places = self->places;
  LoftLink *nested;
  LoftWork *work;
  gboolean handed;

  loft_lock_lock (&places->lock);
  work = g_steal_pointer (&self->handed);
  handed = work != NULL;
  if (!handed)
    {
      work = loft_places_pop_locked (places);
      places->coming--;
    }
  self->runs_on = loft_thread_get ();
  loft_lock_unlock (&places->lock);

  if (work == NULL)
    {
      loft_runner_go_on (self);
      return;
    }
  if ((work->flags & LOFT_WORK_SLICED) != 0 && !handed && loft_runner_hand_on (self, work))
    return;

  g_object_ref (work);
  if (G_UNLIKELY (loft_pool_is_shut_down ()))
    loft_work_drop (work);
  else
    loft_work_run (work, NULL); /* takes the queue's reference; of one that was cancelled, releases its data */
  if (loft_async_info_has_ended (LOFT_ASYNC_INFO (work)))
    loft_runner_go_on (self);
  else
    {
      nested = loft_link_new (LOFT_ASYNC_INFO (work));
      loft_lock_lock (&places->lock);
      self->nested = nested;
      self->runs_on = NULL;
      loft_lock_unlock (&places->lock);
      loft_async_info_observe (LOFT_ASYNC_INFO (work), on_nested_ended, self, NULL, LOFT_OBSERVER_WATCHES, NULL, NULL);
    }
  g_object_unref (work);
}

/* Work. */

static void
on_ended_unrun (LoftWork *work)
{
  LoftPlace *place = (LoftPlace *) loft_work_get_companion (work);
  gboolean waited;

  loft_lock_lock (&place->places->lock);
  waited = place->waits;
  if (waited)
    {
      g_queue_unlink (&place->places->waiting[place->lane], &place->link);
      place->places->n_waiting--;
    }
  place->waits = FALSE;
  loft_lock_unlock (&place->places->lock);

  if (waited)
    g_object_unref (work);
}

static void
on_finalized (LoftWork *work)
{
  LoftPlace *place = (LoftPlace *) loft_work_steal_companion (work);

  loft_places_unref (place->places);
  g_free (place);
}

/* The places that this thread is asking about: what holds one may wait for another of the same. */
typedef struct _LoftPlacesLook LoftPlacesLook;

struct _LoftPlacesLook
{
  LoftPlacesLook *outer;
  LoftPlaces *places;
};

static _Thread_local LoftPlacesLook *looks;

/* So many limiters deep it is believed that the wait will end. */
#define MAX_DEPTH 64

/* Whether all places are held by this thread, or by what goes on only after it or after @work itself, so that @work never begins
 * while it waits. */
static gboolean
holds_up (LoftWork  *work,
          gboolean (*hopeless) (LoftAsyncInfo *info))
{
  LoftPlaces *self = ((LoftPlace *) loft_work_get_companion (work))->places;
  g_autoptr (GPtrArray) nested = NULL;
  LoftPlacesLook look = { looks, self };
  gboolean held_up;
  guint depth = 0;

  for (LoftPlacesLook *outer = looks; outer != NULL; outer = outer->outer, depth++)
    if (outer->places == self)
      return TRUE; /* as far as this one goes; the others that hold a place may not wait */
  if (depth == MAX_DEPTH)
    return FALSE;
  nested = g_ptr_array_new_with_free_func (loft_link_unref);
  loft_lock_lock (&self->lock);
  held_up = self->taken == self->limit;
  for (LoftRunner *runner = self->runners; runner != NULL; runner = runner->next)
    {
      if (runner->nested != NULL)
        g_ptr_array_add (nested, loft_link_ref (runner->nested));
      else
        held_up &= runner->runs_on == loft_thread_get ();
    }
  loft_lock_unlock (&self->lock);

  looks = &look;
  for (guint i = 0; held_up && i < nested->len; i++)
    {
      g_autoptr (LoftAsyncInfo) inner = loft_link_dup (nested->pdata[i]);

      held_up = inner != NULL && hopeless (inner);
    }
  looks = look.outer;
  return held_up;
}

static const LoftWorkCompanionClass loft_place_class = {
  .ended_unrun = on_ended_unrun,
  .finalized = on_finalized,
  .holds_up = holds_up,
};

LoftWork *
loft_places_post (LoftPlaces      *self,
                  LoftWorkRequest *request)
{
  LoftRunner *runner = loft_runner_new (self), *spare = NULL;
  LoftPlace *place = g_new0 (LoftPlace, 1);
  LoftWork *work;

  request->flags |= LOFT_WORK_ON_POOL | LOFT_WORK_ACCOMPANIED;
  request->target = loft_home_hold_current ();
  work = loft_work_new (request);
  place->companion.klass = &loft_place_class;
  place->places = loft_places_ref (self);
  place->link.data = work;
  place->lane = request->lane;
  loft_work_set_companion (work, &place->companion);
  if (G_UNLIKELY (!loft_work_request_settle (request, work)))
    {
      loft_runner_free (runner);
      return work;
    }
  if (G_UNLIKELY (loft_pool_is_shut_down ()))
    {
      loft_work_refuse (work);
      loft_runner_free (runner);
      return work;
    }
  g_object_ref (work);

  loft_lock_lock (&self->lock);
  g_queue_push_tail_link (&self->waiting[place->lane], &place->link);
  self->n_waiting++;
  place->waits = TRUE;
  if (self->taken < self->limit)
    loft_places_link_locked (self, runner);
  else
    spare = g_steal_pointer (&runner);
  loft_lock_unlock (&self->lock);

  if (runner != NULL)
    loft_pool_submit (request->lane, &runner->item);
  if (spare != NULL)
    loft_runner_free (spare);
  return work;
}
