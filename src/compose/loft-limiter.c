/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLimiter: runs a limited number of pieces of work on the pool at once. LoftPlaces has the
 * queue and the runners; LoftLimiter is the public object around it, with the posting forms. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "pool/loft-pool-private.h"
#include "work/loft-work-private.h"
#include "work/loft-work-settings-private.h"

/* LoftPlaces: at most `limit` pieces of work run on the pool at once. Work of a higher priority
 * begins first, and work of one priority begins in the order in which it was posted.
 *
 * The states of a runner:
 *
 *   coming: on the pool ──> runs: takes the next work ──its end──> coming again, if more waits
 *                             │                          ^        └─> the place is free
 *                             └─> nested: its work's handler has returned, and the object that it
 *                                 returned goes on
 *
 * Work waits in queues of its own, one for each priority. For each place that is taken there is a
 * runner, which takes the next work, runs it, and goes to the pool again, so that other items of
 * the pool get their turn. A place is free when its work has ended. Nested work ends later than its
 * handler returns. */

typedef struct _LoftPlaces LoftPlaces;

typedef struct _LoftRunner LoftRunner;

/* One taken place. */
struct _LoftRunner
{
  LoftWorkItem item;
  LoftPlaces *places; /* constant after init; a reference */

  /* under the places' lock */
  LoftRunner *next, *previous;
  /* The work to run on a thread of its own; NULL: the runner takes the next work that waits. */
  LoftWork *handed;
  LoftThread *runs_on; /* only compared; NULL: coming, or nested */
  LoftLink *nested;         /* the nested work that goes on; NULL: none */
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftRunner, item) == 0);

struct _LoftPlaces
{
  gint refs;  /* atomic: of the limiter, of each runner, and of each work's place */

  /* constant after init */
  guint limit;

  /* under lock */
  LoftLock lock;
  GQueue waiting[LOFT_N_LANES]; /* the links of LoftPlace, by their priority */
  guint n_waiting;     /* in all queues together */
  LoftRunner *runners; /* one for each place that is taken */
  guint taken;
  guint coming;        /* how many of the runners are on the pool to take the next work */
};

/* The place of a work in a queue: the work's companion. */
typedef struct
{
  LoftWorkCompanion companion;
  /* constant after init */
  LoftPlaces *places; /* a reference */
  LoftLane lane;

  /* under the places' lock */
  GList link;         /* to the work, of which the queue has a reference */
  gboolean waits;
} LoftPlace;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftPlace, companion) == 0);

static void loft_runner_run (LoftWorkItem *item, LoftDispatcher *dispatcher);

static const LoftWorkItemClass loft_runner_class = {
  .name = "work of a limiter",
  .run = loft_runner_run,
};

static LoftPlaces *
loft_places_new (guint limit)
{
  LoftPlaces *self = g_new0 (LoftPlaces, 1);

  self->refs = 1;
  self->limit = limit;
  for (int lane = LOFT_LANE_LOWEST; lane < LOFT_N_LANES; lane++)
    g_queue_init (&self->waiting[lane]);
  return self;
}

static LoftPlaces *
loft_places_ref (LoftPlaces *self)
{
  loft_refs_take (&self->refs);
  return self;
}

static void
loft_places_unref (gpointer data)
{
  LoftPlaces *self = data;

  if (loft_refs_drop (&self->refs))
    g_free (self); /* no work waits, since it would hold a reference */
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

/* The runner's work has ended. The runner comes for the next work that waits or, if none does,
 * frees its place. */
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
    loft_pool_submit (LOFT_LANE_NORMAL, &self->item); /* for the work that is next by then */
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

/* Returns the next work that waits, with the queue's reference to it. NULL: all work that waited
 * has ended in the meantime. */
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

/* Hands @work on to a thread of its own. Returns FALSE if no thread could be started, and then
 * @work has to run on this one. */
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
    /* Consumes the queue's reference. If the work was cancelled, only its data is released. */
    loft_work_run (work, NULL);
  if (loft_async_info_has_ended (LOFT_ASYNC_INFO (work)))
    loft_runner_go_on (self);
  else
    {
      nested = loft_async_info_dup_link (LOFT_ASYNC_INFO (work));
      loft_lock_lock (&places->lock);
      self->nested = nested;
      self->runs_on = NULL;
      loft_lock_unlock (&places->lock);
      loft_async_info_observe (LOFT_ASYNC_INFO (work), on_nested_ended, self, NULL,
                               LOFT_OBSERVER_WATCHES, NULL, NULL);
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

/* The places that this thread is looking at in holds_up (), the innermost first. Calls of
 * holds_up () nest, since nested work that holds a place may itself wait for a place of another
 * limiter, or of the same one. */
typedef struct _LoftPlacesLook LoftPlacesLook;

struct _LoftPlacesLook
{
  LoftPlacesLook *outer;
  LoftPlaces *places;
};

static _Thread_local LoftPlacesLook *looks;

/* A wait through more limiters than this is assumed to end. */
#define MAX_DEPTH 64

/* Whether @work never begins while this thread waits. That is so if all places are taken, and each
 * is held by work that runs on this thread, or by nested work that can end only after this thread
 * has gone on or after @work has ended. */
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
      return TRUE; /* held up if the other holders are, at which an outer call looks */
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

/* Makes the work, which begins when a place is free and no other work goes first. Returns a
 * reference to it. */
static LoftWork *
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

/**
 * LoftLimiter:
 *
 * Runs work on the pool, at most a given number of pieces at once.
 *
 * Work of one priority begins in the order in which it was posted. A limiter with a limit of 1 is a
 * serial sequence: each piece of work begins when the one before it has ended, and sees all that it
 * did, on whichever thread. Work that is waiting when the last reference to the limiter is dropped
 * still has its turn. Any thread may call the methods of a limiter.
 *
 * If work of a limiter waits, with get, for work that comes behind it and that can then never
 * begin, the wait fails with %LOFT_ERROR_DEADLOCK.
 *
 * Windows has no such class; libdispatch's serial queues and .NET's `SemaphoreSlim` around
 * `Task.Run` are its models.
 */

struct _LoftLimiter
{
  GObject parent_instance;

  /* constant after init */
  guint limit;
  LoftPlaces *places; /* a reference */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftLimiter, loft_limiter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_limiter_constructed (GObject *object)
{
  LoftLimiter *self = LOFT_LIMITER (object);

  self->places = loft_places_new (self->limit);
  G_OBJECT_CLASS (loft_limiter_parent_class)->constructed (object);
}

static void
loft_limiter_finalize (GObject *object)
{
  loft_places_unref (LOFT_LIMITER (object)->places);
  G_OBJECT_CLASS (loft_limiter_parent_class)->finalize (object);
}

static void
loft_limiter_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  g_value_set_uint (value, LOFT_LIMITER (object)->limit);
}

static void
loft_limiter_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  LOFT_LIMITER (object)->limit = g_value_get_uint (value);
}

static void
loft_limiter_class_init (LoftLimiterClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = loft_limiter_constructed;
  G_OBJECT_CLASS (klass)->finalize = loft_limiter_finalize;
  G_OBJECT_CLASS (klass)->get_property = loft_limiter_get_property;
  G_OBJECT_CLASS (klass)->set_property = loft_limiter_set_property;

  /**
   * LoftLimiter:limit:
   *
   * How many pieces of work the limiter runs at once.
   */
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_uint ("limit", NULL, NULL, 1, G_MAXUINT, 1,
                                                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                        G_PARAM_STATIC_STRINGS));
}

static void
loft_limiter_init (LoftLimiter *self)
{
}

/**
 * loft_limiter_new: (constructor)
 * @limit: how many pieces of work may run at once, at least 1
 *
 * Creates a limiter.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the limiter
 */
LoftLimiter *
loft_limiter_new (guint limit)
{
  g_return_val_if_fail (limit > 0, NULL);

  return g_object_new (LOFT_TYPE_LIMITER, "limit", limit, NULL);
}

/**
 * loft_limiter_new_serial: (constructor)
 *
 * Creates a limiter that runs one piece of work at a time, in the order in which it was posted.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): a limiter with a limit of 1
 */
LoftLimiter *
loft_limiter_new_serial (void)
{
  return loft_limiter_new (1);
}

/**
 * loft_limiter_get_limit: (get-property limit)
 * @self: a limiter
 *
 * Gets how many pieces of work the limiter runs at once.
 *
 * Any thread may call.
 *
 * Returns: the limit
 */
guint
loft_limiter_get_limit (LoftLimiter *self)
{
  g_return_val_if_fail (LOFT_IS_LIMITER (self), 0);

  return self->limit;
}

/**
 * loft_limiter_run_async:
 * @self: a limiter
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the
 *   worker if it has none
 *
 * Runs work on the pool when a place is free.
 *
 * Any thread may call. If the work is cancelled before its turn, it never runs. See
 * [func@Loft.thread_pool_run_async].
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_limiter_run_async) (LoftLimiter    *self,
                          LoftWorkHandler handler,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  return loft_limiter_run_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_limiter_run_async_at (LoftLimiter    *self,
                           LoftWorkHandler handler,
                           gpointer        user_data,
                           GDestroyNotify  destroy,
                           const char     *location,
                           const char     *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .lane = LOFT_LANE_NORMAL);

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_operation_async:
 * @self: a limiter
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the
 *   worker if it has none
 *
 * Runs work, which returns a value, on the pool when a place is free.
 *
 * Any thread may call. If the work is cancelled before its turn, it never runs. See
 * [func@Loft.thread_pool_run_operation_async].
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_limiter_run_operation_async) (LoftLimiter         *self,
                                    GType                value_type,
                                    LoftOperationHandler handler,
                                    gpointer             user_data,
                                    GDestroyNotify       destroy)
{
  return loft_limiter_run_operation_async_at (self, value_type, handler, user_data, destroy, NULL,
                                              G_STRFUNC);
}

LoftAsyncOperation *
loft_limiter_run_operation_async_at (LoftLimiter         *self,
                                     GType                value_type,
                                     LoftOperationHandler handler,
                                     gpointer             user_data,
                                     GDestroyNotify       destroy,
                                     const char          *location,
                                     const char          *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                                               .lane = LOFT_LANE_NORMAL, .value_type = value_type);

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (G_TYPE_IS_VALUE (value_type), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncOperation *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_nested_async:
 * @self: a limiter
 * @handler: (scope notified) (closure user_data) (destroy destroy): begins the work, and returns an
 *   object that ends with it
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the
 *   worker if it has none
 *
 * Begins asynchronous work on the pool when a place is free, and keeps the place until that work
 * has ended.
 *
 * Any thread may call. If the work is cancelled before its turn, it never runs.
 *
 * The object that @handler returns must not wait for a place of the same limiter. If such objects
 * hold all places, none of them ever ends, and waiting for one fails with %LOFT_ERROR_DEADLOCK.
 *
 * Returns: (transfer full): an action that ends as the object that @handler returned does
 */
LoftAsyncAction *
(loft_limiter_run_nested_async) (LoftLimiter      *self,
                                 LoftNestedHandler handler,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy)
{
  return loft_limiter_run_nested_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_limiter_run_nested_async_at (LoftLimiter      *self,
                                  LoftNestedHandler handler,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy,
                                  const char       *location,
                                  const char       *function)
{
  LoftWorkRequest request = LOFT_WORK_REQUEST (LOFT_WORK_NESTED, .lane = LOFT_LANE_NORMAL);

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_full_async:
 * @self: a limiter
 * @settings: (nullable): how to start the work; %NULL: as [method@Loft.Limiter.run_async] does
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work on a worker thread when a place is free, with any settings.
 *
 * This works as [method@Loft.Limiter.run_async] does. Waiting work of a higher priority gets the
 * next place before work of a lower one. The returned action reports progress if the settings say
 * so. If the owner in the settings is gone, the returned action has already ended, Canceled, with
 * the reason %LOFT_CANCEL_REASON_OWNER_GONE.
 *
 * Returns: (transfer full): the work's action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_limiter_run_full_async) (LoftLimiter      *self,
                               LoftWorkSettings *settings,
                               LoftWorkHandler   handler,
                               gpointer          user_data,
                               GDestroyNotify    destroy)
{
  return loft_limiter_run_full_async_at (self, settings, handler, user_data, destroy, NULL,
                                         G_STRFUNC);
}

LoftAsyncAction *
loft_limiter_run_full_async_at (LoftLimiter      *self,
                                LoftWorkSettings *settings,
                                LoftWorkHandler   handler,
                                gpointer          user_data,
                                GDestroyNotify    destroy,
                                const char       *location,
                                const char       *function)
{
  LoftFullRequest full = {
    .request = LOFT_WORK_REQUEST (LOFT_WORK_ACTION, .lane = LOFT_LANE_NORMAL),
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (loft_work_settings_get_priority (settings) >=
                                         LOFT_PRIORITY_LOW,
                                       destroy, user_data, NULL);

  loft_work_settings_fill (settings, &full);
  full.request.lane = loft_lane_from_priority (loft_work_settings_get_priority (settings));
  return (LoftAsyncAction *) loft_places_post (self->places, &full.request);
}

/**
 * loft_limiter_run_operation_full_async:
 * @self: a limiter
 * @settings: (nullable): how to start the work; %NULL: as [method@Loft.Limiter.run_operation_async]
 *   does
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it
 *   has none
 *
 * Runs work, which returns a value, on a worker thread when a place is free, with any settings.
 *
 * This works as [method@Loft.Limiter.run_operation_async] does, with the settings of
 * [method@Loft.Limiter.run_full_async].
 *
 * Returns: (transfer full): the work's operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_limiter_run_operation_full_async) (LoftLimiter          *self,
                                         LoftWorkSettings     *settings,
                                         GType                 value_type,
                                         LoftOperationHandler  handler,
                                         gpointer              user_data,
                                         GDestroyNotify        destroy)
{
  return loft_limiter_run_operation_full_async_at (self, settings, value_type, handler, user_data,
                                                   destroy, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_limiter_run_operation_full_async_at (LoftLimiter          *self,
                                          LoftWorkSettings     *settings,
                                          GType                 value_type,
                                          LoftOperationHandler  handler,
                                          gpointer              user_data,
                                          GDestroyNotify        destroy,
                                          const char           *location,
                                          const char           *function)
{
  LoftFullRequest full = {
    .request = LOFT_WORK_REQUEST (LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                                  .lane = LOFT_LANE_NORMAL, .value_type = value_type),
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (G_TYPE_IS_VALUE (value_type), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (loft_work_settings_get_priority (settings) >=
                                         LOFT_PRIORITY_LOW,
                                       destroy, user_data, NULL);

  loft_work_settings_fill (settings, &full);
  full.request.lane = loft_lane_from_priority (loft_work_settings_get_priority (settings));
  return (LoftAsyncOperation *) loft_places_post (self->places, &full.request);
}
