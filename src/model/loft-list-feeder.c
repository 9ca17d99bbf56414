/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftListFeeder: a list model that any thread pushes rows into, and that changes at its home only.
 *
 * A pushed row goes into an array, under the lock. The push that finds no turn scheduled posts one
 * to the dispatcher: the feeder's own item, which holds the feeder while it is in the lane. The
 * turn takes the whole array, lets rows into the list, and posts itself again while something is
 * left.
 *
 *   waiting ──taken at a turn──> entering ──some each turn──> rows
 *   (under lock)                 (owner thread)               (owner thread, LoftRows)
 *
 * How many rows enter in a turn depends on how long the last turn took, with all that is connected
 * to items-changed. A turn that took less than half a slice makes the next one twice as large. A
 * turn that took more than a slice makes the next one smaller in proportion.
 *
 * The end has two sides. `end` is set by the thread that ends the feeder, and refuses pushes from
 * then on. `state` is what the home knows: a turn sets it, when it also notifies. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "delivery/loft-owner-private.h"
#include "async/loft-async-base-private.h"
#include "model/loft-rows-private.h"

#define FIRST_BATCH   1024
#define LEAST_BATCH   16
#define DEFAULT_LIMIT 65536

/* An array that was longer than this is not kept for reuse. */
#define KEPT_LENGTH 4096

/**
 * LoftListFeeder:
 *
 * A list model that any thread may push rows into.
 *
 * A feeder belongs to a dispatcher, its home, on whose thread the list is read and changes. For a
 * program with GTK this is the main thread. Workers push one row or many. The rows enter the list
 * at home, in the order in which they were pushed or in a sorted order, with one emission of
 * [signal@Gio.ListModel::items-changed] for all rows that enter in a turn. How many these are
 * depends on how long the handlers of that signal took before, so that a turn takes about a slice
 * of the dispatcher. It makes no difference whether rows are pushed one by one or in batches.
 *
 * ```c
 * static gboolean
 * find (LoftAsyncAction *action, gpointer feeder, GError **error)
 * {
 *   while (more ())
 *     {
 *       g_autoptr (Row) row = next_row ();
 *
 *       if (!loft_list_feeder_push (feeder, row, error))
 *         return FALSE;
 *     }
 *   return TRUE;
 * }
 *
 * LoftListFeeder *rows = loft_list_feeder_new (TYPE_ROW);
 * g_autoptr (LoftAsyncAction) finding =
 *   loft_thread_pool_run_async (find, g_object_ref (rows), g_object_unref);
 *
 * loft_list_feeder_bind (rows, LOFT_ASYNC_INFO (finding), NULL);
 * ```
 *
 * The number of rows that have been pushed and are not in the list yet is bounded
 * ([property@Loft.ListFeeder:limit]). When it is reached, [method@Loft.ListFeeder.push] waits on a
 * worker, and [method@Loft.ListFeeder.try_push] returns an error.
 *
 * A feeder ends once: by [method@Loft.ListFeeder.close], [method@Loft.ListFeeder.fail] or
 * [method@Loft.ListFeeder.cancel], or together with the work that it is bound to
 * ([method@Loft.ListFeeder.bind]). From then on pushes are refused. The home learns of it after the
 * last row: [property@Loft.ListFeeder:state] and [property@Loft.ListFeeder:is-complete] change when
 * all rows are in the list. To begin anew, for instance for another search, make another feeder.
 * Rows that are still being found for the old search can't get into the new list.
 *
 * The functions of [iface@Gio.ListModel] may be called at home only. All properties notify at home
 * only. The feeder holds its rows, and drops its references to them at home. Any thread may hold
 * the feeder and drop the last reference to it.
 *
 * Rows that were pushed before the dispatcher closes posting still enter the list while it shuts
 * down. After that the state is Failed, with %LOFT_ERROR_SHUT_DOWN, unless the feeder had ended. A
 * feeder that has no rows on their way at that time stays Open until the next push, which is
 * refused, or until it is ended. Nothing notifies of that, because its home is gone. If the home is
 * gone without a shutdown, rows that waited are released where that is noticed, the loss is logged,
 * and nothing notifies.
 *
 * Windows has no such class: there an `ObservableVector` is changed by work that is posted for each
 * row.
 */

/* How a feeder was ended. */
typedef enum {
  LOFT_FEED_GOES_ON,
  LOFT_FEED_CLOSED,
  LOFT_FEED_FAILED,
  LOFT_FEED_CANCELED,
  LOFT_FEED_SHUT_DOWN, /* its dispatcher takes no more work */
} LoftFeedEnd;

/* A weak reference to the feeder, for its owners and for what it is bound to. */
typedef struct
{
  gint refs; /* atomic */
  GWeakRef feeder;
} LoftFeederLink;

/* Binds a feeder to an owner. */
typedef struct _LoftFeederOwner LoftFeederOwner;

struct _LoftFeederOwner
{
  gint refs; /* atomic: the feeder's, and the owner's */

  /* constant after init */
  LoftOwned owned;
  LoftFeederLink *link; /* a reference */

  /* under the feeder's lock */
  LoftFeederOwner *next;
};

struct _LoftListFeeder
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */
  GType item_type;
  LoftPriority priority;
  LoftFeederLink *link;       /* to itself; a reference */

  /* Its place in the lane, which belongs to whoever set `scheduled`. */
  LoftWorkItem item;

  /* under lock */
  LoftLock lock;
  GPtrArray *waiting;         /* pushed, and not taken by a turn yet; references */
  guint n_pending;            /* how many rows are in `waiting` and in `entering` */
  guint limit;                /* 0: none */
  gboolean limit_changed;     /* the home is to notify */
  gboolean scheduled;         /* the item is in the lane, or running; it holds the feeder */
  gboolean clear_asked;
  LoftFeedEnd end;
  LoftValueBox *end_error;    /* a reference; NULL unless FAILED, CANCELED or SHUT_DOWN */
  LoftFeederState state;
  GPtrArray *room;            /* LoftAction, to be completed when there is room; NULL: none */
  GPtrArray *all_in;          /* LoftAction, to be ended after the last row; NULL: none */
  LoftAction *ear;            /* waits for the end of the producer; strong; NULL: not bound */
  gboolean bound;             /* it is, or was, bound to a producer */
  LoftFeederOwner *owners;    /* references */

  /* of the owner thread, or of whoever has the turn; exchanged under the lock, because a clear at
   * home may come while another thread finds that the home is gone */
  GPtrArray *entering;        /* taken by a turn; references from `entered` on */
  guint entered;              /* how many of them are in the list */

  /* owner thread only */
  LoftRows rows;
  guint batch;                /* how many rows may enter in the next turn */
  guint shown_pending;        /* n_pending, as of the last notify */
  gboolean changing;          /* rows are sorted, or handlers of items-changed are called */
  gboolean put_off;           /* a turn came inside of those, and is to be made after them */
};

enum {
  PROP_ITEM_TYPE = 1,
  PROP_DISPATCHER,
  PROP_PRIORITY,
  PROP_LIMIT,
  PROP_N_ITEMS,
  PROP_N_PENDING,
  PROP_STATE,
  PROP_ERROR,
  PROP_IS_COMPLETE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void loft_list_feeder_list_model_init (GListModelInterface *iface);
static void loft_list_feeder_run             (LoftWorkItem *item, LoftDispatcher *dispatcher);
static void loft_list_feeder_drop            (LoftWorkItem *item, LoftDispatcher *dispatcher);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftListFeeder, loft_list_feeder, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL)
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      loft_list_feeder_list_model_init))

static const LoftWorkItemClass loft_list_feeder_item_class = {
  .name = "rows of a list feeder",
  .run = loft_list_feeder_run,
  .drop = loft_list_feeder_drop,
};

static LoftListFeeder *
loft_list_feeder_from_item (LoftWorkItem *item)
{
  return (LoftListFeeder *) ((char *) item - G_STRUCT_OFFSET (LoftListFeeder, item));
}

static LoftFeederLink *
loft_feeder_link_ref (LoftFeederLink *link)
{
  loft_refs_take (&link->refs);
  return link;
}

static void
loft_feeder_link_unref (gpointer data)
{
  LoftFeederLink *link = data;

  if (!loft_refs_drop (&link->refs))
    return;
  g_weak_ref_clear (&link->feeder);
  g_free (link);
}

static void
loft_feeder_owner_unref (LoftFeederOwner *owner)
{
  if (!loft_refs_drop (&owner->refs))
    return;
  loft_owned_clear (&owner->owned);
  loft_feeder_link_unref (owner->link);
  g_free (owner);
}

/* What others hear of the end of a feeder, taken out of it under its lock. It is told with no lock
 * held. */
typedef struct
{
  GPtrArray *room;
  GPtrArray *all_in;
  LoftAction *ear;
  LoftFeederOwner *owners;
  LoftFeedEnd end;
  LoftValueBox *error; /* a reference; NULL: none */
} LoftFeederNews;

static void
loft_list_feeder_take_room_locked (LoftListFeeder *self,
                                   LoftFeederNews *news)
{
  loft_lock_assert_held (&self->lock);
  if (news->room == NULL)
    news->room = g_steal_pointer (&self->room);
}

static void
loft_list_feeder_take_end_locked (LoftListFeeder *self,
                                  LoftFeederNews *news)
{
  loft_lock_assert_held (&self->lock);
  loft_list_feeder_take_room_locked (self, news);
  news->all_in = g_steal_pointer (&self->all_in);
  news->ear = g_steal_pointer (&self->ear);
  news->owners = g_steal_pointer (&self->owners);
  news->end = self->end;
  news->error = self->end_error != NULL ? loft_value_box_ref (self->end_error) : NULL;
}

/* A copy of an error may run foreign code, and is made with no lock held. @box may be NULL. */
static GError *
loft_feeder_copy_error (LoftValueBox *box)
{
  const GError *error = loft_value_box_peek_error (box);

  return error != NULL ? g_error_copy (error) : NULL;
}

/* Ends @action as the feeder has ended. */
static void
loft_feeder_end_action (LoftAction   *action,
                        LoftFeedEnd   end,
                        LoftValueBox *error)
{
  if (end == LOFT_FEED_CANCELED)
    loft_async_base_end_canceled (LOFT_ASYNC_BASE (action), LOFT_CANCEL_REASON_PROPAGATED);
  else if (error != NULL)
    loft_async_base_fail (LOFT_ASYNC_BASE (action), loft_feeder_copy_error (error));
  else
    loft_action_complete (action);
}

static void
loft_feeder_owners_leave (LoftFeederOwner *owners)
{
  while (owners != NULL)
    {
      LoftFeederOwner *next = owners->next;
      LoftFeederOwner *held = loft_owned_leave (&owners->owned);

      g_clear_pointer (&held, loft_feeder_owner_unref);
      loft_feeder_owner_unref (owners);
      owners = next;
    }
}

static void
loft_feeder_news_tell (LoftFeederNews *news)
{
  for (guint i = 0; news->room != NULL && i < news->room->len; i++)
    loft_action_complete (news->room->pdata[i]);
  for (guint i = 0; news->all_in != NULL && i < news->all_in->len; i++)
    loft_feeder_end_action (news->all_in->pdata[i], news->end, news->error);
  if (news->ear != NULL)
    loft_action_complete (news->ear); /* leaves the producer */
  loft_feeder_owners_leave (news->owners);

  g_clear_pointer (&news->room, g_ptr_array_unref);
  g_clear_pointer (&news->all_in, g_ptr_array_unref);
  g_clear_object (&news->ear);
  g_clear_pointer (&news->error, loft_value_box_unref);
}

/* Turns the array into plain memory for loft_rows_let_go (). */
static void
loft_list_feeder_let_go (LoftListFeeder *self,
                         GPtrArray      *rows)
{
  gsize n;
  gpointer *array = g_ptr_array_steal (rows, &n);

  g_ptr_array_unref (rows);
  loft_rows_let_go (array, (guint) n, self->dispatcher);
}

/* The rows of `entering` that are not in the list. The caller is the owner thread, or nobody else
 * uses the feeder's turn any more. */
static GPtrArray *
loft_list_feeder_take_entering_locked (LoftListFeeder *self)
{
  GPtrArray *rest = self->entering;

  loft_lock_assert_held (&self->lock);
  g_ptr_array_remove_range (rest, 0, self->entered);
  self->entering = g_ptr_array_new ();
  self->entered = 0;
  return rest;
}

static LoftValueBox *
loft_list_feeder_make_error (LoftListFeeder *self,
                             GQuark          domain,
                             int             code,
                             const char     *message)
{
  return loft_value_box_new_for_error (g_error_new_literal (domain, code, message),
                                       self->dispatcher);
}

static LoftFeederState
loft_list_feeder_find_state_locked (LoftListFeeder *self)
{
  loft_lock_assert_held (&self->lock);
  if (self->end == LOFT_FEED_GOES_ON)
    return LOFT_FEEDER_OPEN;
  if (self->n_pending > 0)
    return LOFT_FEEDER_CLOSED;
  if (self->end == LOFT_FEED_CLOSED)
    return LOFT_FEEDER_COMPLETE;
  return self->end == LOFT_FEED_CANCELED ? LOFT_FEEDER_CANCELED : LOFT_FEEDER_FAILED;
}

/* The home is gone. What is left is released on this thread, and whoever waits is told. The caller
 * has the feeder's turn. @refused of the rows are those of a push that is about to fail. */
static void
loft_list_feeder_lose (LoftListFeeder *self,
                       guint           refused)
{
  LoftFeederNews news = { NULL };
  LoftValueBox *spare = loft_list_feeder_make_error (self, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                                                     "The list feeder takes no more rows, because "
                                                     "its dispatcher has shut down.");
  g_autofree char *where = NULL;
  GPtrArray *waiting, *entering;
  gboolean lost;
  guint n;

  loft_lock_lock (&self->lock);
  entering = loft_list_feeder_take_entering_locked (self);
  waiting = self->waiting;
  self->waiting = g_ptr_array_new ();
  n = waiting->len + entering->len;
  lost = n > refused && self->end != LOFT_FEED_CANCELED;
  self->n_pending = 0;
  self->scheduled = FALSE;
  if (self->state < LOFT_FEEDER_COMPLETE && (self->end == LOFT_FEED_GOES_ON || lost))
    {
      LoftValueBox *before = self->end_error;

      self->end = LOFT_FEED_SHUT_DOWN;
      self->end_error = spare;
      spare = before;
    }
  if (self->state < LOFT_FEEDER_COMPLETE)
    self->state = loft_list_feeder_find_state_locked (self);
  loft_list_feeder_take_end_locked (self, &news);
  loft_lock_unlock (&self->lock);

  if (lost)
    {
      where = loft_dispatcher_describe (self->dispatcher);
      g_message ("%u rows that were pushed to a list feeder are not in its list: %s has shut down.",
                 n - refused, where);
    }
  loft_list_feeder_let_go (self, waiting);
  loft_list_feeder_let_go (self, entering);
  g_clear_pointer (&spare, loft_value_box_unref);
  loft_feeder_news_tell (&news);
}

/* The caller has set `scheduled`, after it pushed @n rows. Returns FALSE if the dispatcher takes no
 * more work. The rows have been released then. */
static gboolean
loft_list_feeder_schedule (LoftListFeeder *self,
                           guint           n)
{
  g_object_ref (self); /* the lane's */
  if (loft_dispatcher_post_users_item (self->dispatcher, loft_lane_from_priority (self->priority),
                                       &self->item))
    return TRUE;
  loft_list_feeder_lose (self, n);
  g_object_unref (self);
  return FALSE;
}

/* Returns whether the caller is to call loft_list_feeder_schedule () without the lock. */
static gboolean
loft_list_feeder_schedule_locked (LoftListFeeder *self)
{
  gboolean first = !self->scheduled;

  loft_lock_assert_held (&self->lock);
  self->scheduled = TRUE;
  return first;
}

/* Turns, at home. */

static void
on_rows_changed (gpointer       user_data,
                 LoftRowsChange change)
{
  g_list_model_items_changed (user_data, change.position, change.removed, change.added);
}

static void
loft_list_feeder_notify (LoftListFeeder *self,
                         guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Handlers and compare functions that run a loop of their own must not find the list half changed,
 * so that no turn is made inside of them. */
static void
loft_list_feeder_begin_change (LoftListFeeder *self)
{
  self->changing = TRUE;
}

static void
loft_list_feeder_end_change (LoftListFeeder *self)
{
  self->changing = FALSE;
  if (!self->put_off)
    return;
  self->put_off = FALSE;
  if (!loft_dispatcher_post_item (self->dispatcher, loft_lane_from_priority (self->priority),
                                  &self->item))
    loft_list_feeder_drop (&self->item, self->dispatcher);
}

/* Takes all rows out of the list. */
static void
loft_list_feeder_empty (LoftListFeeder *self)
{
  gpointer *rows;
  guint n = loft_rows_take (&self->rows, &rows);

  if (n > 0)
    {
      loft_list_feeder_begin_change (self);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
      loft_list_feeder_notify (self, PROP_N_ITEMS);
      loft_list_feeder_end_change (self);
    }
  loft_rows_let_go (rows, n, self->dispatcher);
}

static void
loft_list_feeder_swap_locked (LoftListFeeder *self)
{
  GPtrArray *empty = self->entering;

  loft_lock_assert_held (&self->lock);
  self->entering = self->waiting;
  self->waiting = empty;
}

static void
loft_list_feeder_end_locked (LoftListFeeder *self,
                             LoftFeedEnd     end,
                             LoftValueBox   *error)
{
  loft_lock_assert_held (&self->lock);
  g_assert (self->end_error == NULL);
  self->end = end;
  self->end_error = error;
}

/* Begins a turn: takes what was pushed, and drops what was cleared or cancelled. If the dispatcher
 * is ending, nothing more is taken after this. */
static void
loft_list_feeder_take (LoftListFeeder *self,
                       gboolean        ending)
{
  gboolean clear, drop;
  GPtrArray *dropped = NULL;
  LoftValueBox *error = NULL;

  if (G_UNLIKELY (ending))
    error = loft_list_feeder_make_error (self, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                                         "The list feeder takes no more rows, because its "
                                         "dispatcher is shutting down.");
  loft_lock_lock (&self->lock);
  if (ending && self->end == LOFT_FEED_GOES_ON)
    loft_list_feeder_end_locked (self, LOFT_FEED_SHUT_DOWN, g_steal_pointer (&error));
  clear = self->clear_asked;
  self->clear_asked = FALSE;
  drop = (clear || self->end == LOFT_FEED_CANCELED) && self->entering->len > 0;
  if (drop)
    {
      dropped = loft_list_feeder_take_entering_locked (self);
      self->n_pending -= dropped->len;
    }
  if (self->entering->len == 0)
    loft_list_feeder_swap_locked (self);
  loft_lock_unlock (&self->lock);

  g_clear_pointer (&error, loft_value_box_unref);
  if (dropped != NULL)
    loft_list_feeder_let_go (self, dropped);
  if (clear)
    loft_list_feeder_empty (self);
}

static void
loft_list_feeder_adapt (LoftListFeeder *self,
                        guint           n,
                        gint64          took)
{
  gint64 slice = loft_dispatcher_get_slice (self->dispatcher);

  if (took > slice)
    self->batch = MAX (LEAST_BATCH, (guint) (n * (double) slice / took));
  else if (took < slice / 2 && n == self->batch && self->batch <= G_MAXINT / 2)
    self->batch *= 2;
}

/* All rows of `entering` are in the list, which has the references. */
static void
loft_list_feeder_reset_entering (LoftListFeeder *self)
{
  if (self->entered > KEPT_LENGTH)
    {
      g_ptr_array_unref (self->entering);
      self->entering = g_ptr_array_new ();
    }
  else
    g_ptr_array_set_size (self->entering, 0);
  self->entered = 0;
}

/* Lets rows into the list, and returns how many. */
static guint
loft_list_feeder_enter (LoftListFeeder *self,
                        gboolean        ending)
{
  guint n = self->entering->len - self->entered;
  gint64 start;

  if (!ending)
    n = MIN (n, self->batch);
  if (n == 0)
    return 0;

  start = loft_clock_now ();
  loft_list_feeder_begin_change (self);
  loft_rows_add (&self->rows, self->entering->pdata + self->entered, n, on_rows_changed, self);
  self->entered += n;
  loft_list_feeder_notify (self, PROP_N_ITEMS);
  loft_list_feeder_end_change (self);
  loft_list_feeder_adapt (self, n, loft_clock_now () - start);
  if (self->entered == self->entering->len)
    loft_list_feeder_reset_entering (self);
  return n;
}

/* Ends a turn in which @n rows have entered: tells whoever waits, at home and elsewhere. */
static void
loft_list_feeder_settle (LoftListFeeder *self,
                         guint           n)
{
  LoftFeederNews news = { NULL };
  LoftFeederState before, state;
  gboolean limit_changed;
  guint pending;

  loft_lock_lock (&self->lock);
  self->n_pending -= n;
  pending = self->n_pending;
  before = self->state;
  state = self->state = loft_list_feeder_find_state_locked (self);
  limit_changed = self->limit_changed;
  self->limit_changed = FALSE;
  if (pending <= self->limit / 2 || self->limit == 0 || state != LOFT_FEEDER_OPEN)
    loft_list_feeder_take_room_locked (self, &news);
  if (state >= LOFT_FEEDER_COMPLETE && before < LOFT_FEEDER_COMPLETE)
    loft_list_feeder_take_end_locked (self, &news);
  loft_lock_unlock (&self->lock);

  if (limit_changed)
    loft_list_feeder_notify (self, PROP_LIMIT);
  if (pending != self->shown_pending)
    loft_list_feeder_notify (self, PROP_N_PENDING);
  self->shown_pending = pending;
  if (news.error != NULL)
    loft_list_feeder_notify (self, PROP_ERROR);
  if (state != before)
    loft_list_feeder_notify (self, PROP_STATE);
  if (state >= LOFT_FEEDER_COMPLETE && before < LOFT_FEEDER_COMPLETE)
    loft_list_feeder_notify (self, PROP_IS_COMPLETE);
  loft_feeder_news_tell (&news);
}

/* Posts the next turn if there is anything to do in it; otherwise the next push does. Returns FALSE
 * if the turn's reference to the feeder is to be dropped. */
static gboolean
loft_list_feeder_go_on (LoftListFeeder *self)
{
  gboolean more;

  loft_lock_lock (&self->lock);
  more = self->n_pending > 0 || self->clear_asked || self->limit_changed ||
         (self->end != LOFT_FEED_GOES_ON && self->state < LOFT_FEEDER_COMPLETE);
  self->scheduled = more;
  loft_lock_unlock (&self->lock);

  if (!more)
    return FALSE;
  if (loft_dispatcher_post_item (self->dispatcher, loft_lane_from_priority (self->priority),
                                 &self->item))
    return TRUE;
  loft_list_feeder_lose (self, 0);
  return FALSE;
}

static void
loft_list_feeder_run (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  LoftListFeeder *self = loft_list_feeder_from_item (item);
  gboolean ending = loft_loop_refuses (loft_dispatcher_peek_loop (dispatcher));

  if (self->changing)
    {
      self->put_off = TRUE;
      return;
    }
  loft_list_feeder_take (self, ending);
  loft_list_feeder_settle (self, loft_list_feeder_enter (self, ending));
  if (!loft_list_feeder_go_on (self))
    g_object_unref (self);
}

static void
loft_list_feeder_drop (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftListFeeder *self = loft_list_feeder_from_item (item);

  loft_dispatcher_count_undelivered (dispatcher);
  loft_list_feeder_lose (self, 0);
  g_object_unref (self);
}

/* GListModel. */

static GType
loft_list_feeder_get_item_type (GListModel *model)
{
  return LOFT_LIST_FEEDER (model)->item_type;
}

static guint
loft_list_feeder_get_n_items (GListModel *model)
{
  return LOFT_LIST_FEEDER (model)->rows.n;
}

static gpointer
loft_list_feeder_get_item (GListModel *model,
                           guint       position)
{
  LoftRows *rows = &LOFT_LIST_FEEDER (model)->rows;

  return position < rows->n ? g_object_ref (rows->rows[position]) : NULL;
}

static void
loft_list_feeder_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = loft_list_feeder_get_item_type;
  iface->get_n_items = loft_list_feeder_get_n_items;
  iface->get_item = loft_list_feeder_get_item;
}

/* GObject. */

static void
loft_list_feeder_dispose (GObject *object)
{
  LoftListFeeder *self = LOFT_LIST_FEEDER (object);
  LoftFeederNews news = { NULL };

  /* A feeder that is dropped has no turn, and so no rows that wait. */
  loft_lock_lock (&self->lock);
  loft_list_feeder_take_end_locked (self, &news);
  loft_lock_unlock (&self->lock);
  if (news.all_in != NULL && news.error == NULL)
    news.error = loft_list_feeder_make_error (self, LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                              "The list feeder was dropped before it was closed.");
  loft_feeder_news_tell (&news);
  G_OBJECT_CLASS (loft_list_feeder_parent_class)->dispose (object);
}

static void
loft_list_feeder_finalize (GObject *object)
{
  LoftListFeeder *self = LOFT_LIST_FEEDER (object);

  LOFT_TSAN_ACQUIRE (object); /* what other threads did before they dropped their references */
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->entering);
  loft_rows_clear (&self->rows, self->dispatcher);
  g_clear_pointer (&self->room, g_ptr_array_unref); /* of after the dispose */
  g_clear_pointer (&self->all_in, g_ptr_array_unref);
  g_clear_pointer (&self->end_error, loft_value_box_unref);
  loft_feeder_link_unref (self->link);
  g_object_unref (self->dispatcher);
  G_OBJECT_CLASS (loft_list_feeder_parent_class)->finalize (object);
}

static void
loft_list_feeder_constructed (GObject *object)
{
  LoftListFeeder *self = LOFT_LIST_FEEDER (object);

  if (self->dispatcher == NULL)
    self->dispatcher = loft_home_dup_current ();
  if (self->dispatcher == NULL)
    self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  G_OBJECT_CLASS (loft_list_feeder_parent_class)->constructed (object);
}

static void
loft_list_feeder_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LoftListFeeder *self = LOFT_LIST_FEEDER (object);

  switch (id)
    {
    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, self->item_type);
      break;
    case PROP_DISPATCHER:
      g_value_set_object (value, self->dispatcher);
      break;
    case PROP_PRIORITY:
      g_value_set_enum (value, self->priority);
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, loft_list_feeder_get_limit (self));
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->rows.n);
      break;
    case PROP_N_PENDING:
      g_value_set_uint (value, loft_list_feeder_get_n_pending (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, loft_list_feeder_get_state (self));
      break;
    case PROP_ERROR:
      g_value_take_boxed (value, loft_list_feeder_dup_error (self));
      break;
    case PROP_IS_COMPLETE:
      g_value_set_boolean (value, loft_list_feeder_is_complete (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_list_feeder_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  LoftListFeeder *self = LOFT_LIST_FEEDER (object);

  switch (id)
    {
    case PROP_ITEM_TYPE:
      self->item_type = g_value_get_gtype (value);
      break;
    case PROP_DISPATCHER:
      self->dispatcher = g_value_dup_object (value);
      break;
    case PROP_PRIORITY:
      self->priority = g_value_get_enum (value);
      break;
    case PROP_LIMIT:
      loft_list_feeder_set_limit (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READABLE  (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define CONSTRUCT (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS)

static void
loft_list_feeder_class_init (LoftListFeederClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = loft_list_feeder_constructed;
  object_class->get_property = loft_list_feeder_get_property;
  object_class->set_property = loft_list_feeder_set_property;
  object_class->dispose = loft_list_feeder_dispose;
  object_class->finalize = loft_list_feeder_finalize;

  /**
   * LoftListFeeder:item-type:
   *
   * The type of the rows; `GObject` by default.
   */
  properties[PROP_ITEM_TYPE] = g_param_spec_gtype ("item-type", NULL, NULL, G_TYPE_OBJECT,
                                                   CONSTRUCT);

  /**
   * LoftListFeeder:dispatcher:
   *
   * The dispatcher on whose thread the list changes.
   *
   * %NULL at construction means the home of the thread that makes the feeder, or the default
   * dispatcher if that thread has no home.
   */
  properties[PROP_DISPATCHER] = g_param_spec_object ("dispatcher", NULL, NULL, LOFT_TYPE_DISPATCHER,
                                                     CONSTRUCT);

  /**
   * LoftListFeeder:priority:
   *
   * The lane in which rows come home; Low by default.
   */
  properties[PROP_PRIORITY] = g_param_spec_enum ("priority", NULL, NULL, LOFT_TYPE_PRIORITY,
                                                 LOFT_PRIORITY_LOW, CONSTRUCT);

  /**
   * LoftListFeeder:limit: (getter get_limit) (setter set_limit)
   *
   * How many rows may wait to enter the list before pushes have to wait; 0 for any number.
   *
   * The default is 65536.
   */
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXINT, DEFAULT_LIMIT,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                G_PARAM_EXPLICIT_NOTIFY);

  /**
   * LoftListFeeder:n-items:
   *
   * How many rows are in the list.
   */
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, READABLE);

  /**
   * LoftListFeeder:n-pending: (getter get_n_pending)
   *
   * How many rows were pushed and are not in the list yet.
   *
   * It notifies at the end of a turn, if it has changed since the end of the turn before, and not
   * for each push.
   */
  properties[PROP_N_PENDING] = g_param_spec_uint ("n-pending", NULL, NULL, 0, G_MAXUINT, 0,
                                                  READABLE);

  /**
   * LoftListFeeder:state: (getter get_state)
   *
   * Whether the feeder takes rows, and how it has ended.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, LOFT_TYPE_FEEDER_STATE,
                                              LOFT_FEEDER_OPEN, READABLE);

  /**
   * LoftListFeeder:error:
   *
   * The error with which the feeder has ended.
   *
   * It is set together with the states Failed and Canceled, after the last row. It is
   * %G_IO_ERROR_CANCELLED when Canceled.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, READABLE);

  /**
   * LoftListFeeder:is-complete: (getter is_complete)
   *
   * Whether the list changes no more by pushes: the feeder has ended, with or without an error, and
   * all rows that it took are in the list or were dropped.
   */
  properties[PROP_IS_COMPLETE] = g_param_spec_boolean ("is-complete", NULL, NULL, FALSE, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
loft_list_feeder_init (LoftListFeeder *self)
{
  self->item.klass = &loft_list_feeder_item_class;
  self->waiting = g_ptr_array_new ();
  self->entering = g_ptr_array_new ();
  self->limit = DEFAULT_LIMIT;
  self->batch = FIRST_BATCH;
  self->link = g_new0 (LoftFeederLink, 1);
  self->link->refs = 1;
  g_weak_ref_init (&self->link->feeder, self);
}

/**
 * loft_list_feeder_new: (constructor)
 * @item_type: the type of the rows, a class or an interface
 *
 * Creates an empty list, at the home of the calling thread.
 *
 * Any thread may call. If the calling thread has no home, the list belongs to the default
 * dispatcher, which is that of GTK. Rows come home in the Low lane.
 *
 * Returns: (transfer full): the feeder
 */
LoftListFeeder *
loft_list_feeder_new (GType item_type)
{
  g_return_val_if_fail (g_type_is_a (item_type, G_TYPE_OBJECT), NULL);

  return g_object_new (LOFT_TYPE_LIST_FEEDER, "item-type", item_type, NULL);
}

/**
 * loft_list_feeder_new_for_dispatcher: (constructor)
 * @dispatcher: the dispatcher on whose thread the list changes
 * @priority: the lane in which rows come home
 * @item_type: the type of the rows, a class or an interface
 *
 * Creates an empty list, with its home and its lane.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the feeder
 */
LoftListFeeder *
loft_list_feeder_new_for_dispatcher (LoftDispatcher *dispatcher,
                                     LoftPriority    priority,
                                     GType           item_type)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), NULL);
  g_return_val_if_fail (g_type_is_a (item_type, G_TYPE_OBJECT), NULL);
  if (!loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return NULL;

  return g_object_new (LOFT_TYPE_LIST_FEEDER, "dispatcher", dispatcher, "priority", priority,
                       "item-type", item_type, NULL);
}

/**
 * loft_list_feeder_get_dispatcher: (get-property dispatcher)
 * @self: a feeder
 *
 * Gets the dispatcher on whose thread the list changes.
 *
 * Any thread may call.
 *
 * Returns: (transfer none): the dispatcher
 */
LoftDispatcher *
loft_list_feeder_get_dispatcher (LoftListFeeder *self)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), NULL);

  return self->dispatcher;
}

/* Pushing. */

typedef enum {
  LOFT_OFFER_TAKEN,
  LOFT_OFFER_FULL,
  LOFT_OFFER_ENDED,
  LOFT_OFFER_LOST,  /* the dispatcher takes no more work; the references are gone */
} LoftOffer;

/* Offers rows. Their references are the caller's until they are taken. */
static LoftOffer
loft_list_feeder_offer (LoftListFeeder *self,
                        gpointer       *items,
                        guint           n,
                        gboolean        bounded)
{
  LoftOffer offer = LOFT_OFFER_TAKEN;
  gboolean first = FALSE;

  loft_lock_lock_soon (&self->lock);
  if (self->end != LOFT_FEED_GOES_ON)
    offer = LOFT_OFFER_ENDED;
  else if ((bounded && self->limit > 0 && self->n_pending >= self->limit) ||
           n > G_MAXINT - self->n_pending)
    offer = LOFT_OFFER_FULL;
  else
    {
      for (guint i = 0; i < n; i++)
        g_ptr_array_add (self->waiting, items[i]);
      self->n_pending += n;
      first = loft_list_feeder_schedule_locked (self);
    }
  loft_lock_unlock (&self->lock);

  return first && !loft_list_feeder_schedule (self, n) ? LOFT_OFFER_LOST : offer;
}

static gboolean
loft_list_feeder_set_end_error (LoftListFeeder  *self,
                                GError         **error)
{
  LoftValueBox *end_error;
  LoftFeedEnd end;

  loft_lock_lock (&self->lock);
  end = self->end;
  end_error = self->end_error != NULL ? loft_value_box_ref (self->end_error) : NULL;
  loft_lock_unlock (&self->lock);

  if (end == LOFT_FEED_CANCELED || end == LOFT_FEED_SHUT_DOWN)
    g_propagate_error (error, loft_feeder_copy_error (end_error));
  else if (end == LOFT_FEED_FAILED)
    g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                 "The list feeder takes no more rows, because it has failed: %s",
                 loft_value_box_peek_error (end_error)->message);
  else
    g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                         "The list feeder takes no more rows, because it was closed. Close it when "
                         "the last thread has pushed its last row, or bind it to the action of "
                         "that work.");
  g_clear_pointer (&end_error, loft_value_box_unref);
  return FALSE;
}

static gboolean
loft_list_feeder_set_full_error (LoftListFeeder  *self,
                                 GError         **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%u rows wait to enter the list already. Push again when there is room "
               "(loft_list_feeder_room_async), or skip the row.",
               loft_list_feeder_get_n_pending (self));
  return FALSE;
}

/* Blocks until there is room, or the feeder has ended. FALSE: this thread must not block. */
static gboolean
loft_list_feeder_wait_for_room (LoftListFeeder  *self,
                                GError         **error)
{
  g_autoptr (LoftAsyncAction) room = loft_list_feeder_room_async (self);

  if (!loft_async_info_has_ended (LOFT_ASYNC_INFO (room)) && loft_thread_peek_context () != NULL)
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT,
                   "%u rows wait to enter the list already, and this thread has a dispatcher, so "
                   "it must not wait for room. Use loft_list_feeder_try_push, and push again when "
                   "loft_list_feeder_room_async has ended.",
                   loft_list_feeder_get_n_pending (self));
      return FALSE;
    }
  return loft_async_action_get (room, error);
}

static gboolean
loft_list_feeder_check_items (LoftListFeeder *self,
                              gpointer       *items,
                              guint           n,
                              const char     *function)
{
  for (guint i = 0; i < n; i++)
    if (!G_IS_OBJECT (items[i]) || (self->item_type != G_TYPE_OBJECT &&
                                    !g_type_is_a (G_OBJECT_TYPE (items[i]), self->item_type)))
      {
        g_critical ("%s: the list has rows of the type %s, and row %u of this push is a %s",
                    function, g_type_name (self->item_type), i,
                    G_IS_OBJECT (items[i]) ? G_OBJECT_TYPE_NAME (items[i]) : "thing of no class");
        return FALSE;
      }
  return TRUE;
}

/* What the four ways to push share. @function is the one that was called. */
static gboolean
loft_list_feeder_push_items (LoftListFeeder  *self,
                             gpointer        *items,
                             guint            n,
                             gboolean         may_wait,
                             const char      *function,
                             GError         **error)
{
  LoftOffer offer;

  if (!loft_list_feeder_check_items (self, items, n, function))
    return FALSE;
  if (n == 0)
    return TRUE;

  /* Before the lock is taken, because a reference may call a toggle notify. */
  for (guint i = 0; i < n; i++)
    g_object_ref (items[i]);

  offer = loft_list_feeder_offer (self, items, n, TRUE);
  /* Only home can make room, and so must not wait for it. */
  if (G_UNLIKELY (offer == LOFT_OFFER_FULL) && may_wait && loft_home_is_here (self->dispatcher))
    offer = loft_list_feeder_offer (self, items, n, FALSE);
  while (offer == LOFT_OFFER_FULL && may_wait && loft_list_feeder_wait_for_room (self, error))
    offer = loft_list_feeder_offer (self, items, n, TRUE);
  if (G_LIKELY (offer == LOFT_OFFER_TAKEN))
    return TRUE;

  for (guint i = 0; offer != LOFT_OFFER_LOST && i < n; i++)
    g_object_unref (items[i]); /* the caller has one, too */
  if (offer != LOFT_OFFER_FULL)
    return loft_list_feeder_set_end_error (self, error);
  return may_wait ? FALSE : loft_list_feeder_set_full_error (self, error);
}

/**
 * loft_list_feeder_push:
 * @self: a feeder
 * @item: (type GObject) (transfer none): the row, of the list's type
 * @error: return location for an error
 *
 * Pushes a row, which enters the list at its home.
 *
 * Any thread may call. The row never enters the list inside this call. The rows of one thread enter
 * in the order in which it pushed them, unless the list is sorted.
 *
 * If [property@Loft.ListFeeder:limit] rows wait, a thread without a home waits here until half of
 * them have entered. (A worker of the pool lends its place to another worker in the meantime.) A
 * thread that is at the feeder's home never waits, and may exceed the limit. A thread that has
 * another dispatcher gets an error.
 *
 * The feeder takes a reference to @item, and drops it at home. If the push fails, it has taken
 * none, and the row is still the caller's. A worker that keeps a reference of its own for longer
 * may be the one that drops the last.
 *
 * Errors: %LOFT_ERROR_ILLEGAL_METHOD_CALL if the feeder was closed or has failed;
 * %G_IO_ERROR_CANCELLED if it was cancelled; %LOFT_ERROR_SHUT_DOWN if its dispatcher takes no more
 * work; %LOFT_ERROR_BLOCKING_WAIT if it is full, and the thread has another dispatcher. A row of
 * another type is a critical warning.
 *
 * Returns: whether the feeder has taken the row
 */
gboolean
loft_list_feeder_push (LoftListFeeder  *self,
                       gpointer         item,
                       GError         **error)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_list_feeder_push_items (self, &item, 1, TRUE, G_STRFUNC, error);
}

/**
 * loft_list_feeder_push_all:
 * @self: a feeder
 * @items: (array length=n_items) (element-type GObject) (transfer none): the rows
 * @n_items: how many there are
 * @error: return location for an error
 *
 * Pushes rows as [method@Loft.ListFeeder.push] does: all of them or, if it fails, none.
 *
 * Any thread may call. They are pushed at once when there is room for one of them, so that the
 * limit may be exceeded by the length of a batch.
 *
 * Returns: whether the feeder has taken the rows
 */
gboolean
loft_list_feeder_push_all (LoftListFeeder  *self,
                           gpointer        *items,
                           gsize            n_items,
                           GError         **error)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);
  g_return_val_if_fail (items != NULL || n_items == 0, FALSE);
  g_return_val_if_fail (n_items <= G_MAXINT, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_list_feeder_push_items (self, items, (guint) n_items, TRUE, G_STRFUNC, error);
}

/**
 * loft_list_feeder_try_push:
 * @self: a feeder
 * @item: (type GObject) (transfer none): the row, of the list's type
 * @error: return location for an error
 *
 * Pushes a row as [method@Loft.ListFeeder.push] does, but never waits.
 *
 * Any thread may call.
 *
 * Errors: %G_IO_ERROR_WOULD_BLOCK if [property@Loft.ListFeeder:limit] rows wait; otherwise those of
 * [method@Loft.ListFeeder.push].
 *
 * Returns: whether the feeder has taken the row
 */
gboolean
loft_list_feeder_try_push (LoftListFeeder  *self,
                           gpointer         item,
                           GError         **error)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_list_feeder_push_items (self, &item, 1, FALSE, G_STRFUNC, error);
}

/**
 * loft_list_feeder_try_push_all:
 * @self: a feeder
 * @items: (array length=n_items) (element-type GObject) (transfer none): the rows
 * @n_items: how many there are
 * @error: return location for an error
 *
 * Pushes rows as [method@Loft.ListFeeder.try_push] does: all of them or, if it fails, none.
 *
 * Any thread may call.
 *
 * Returns: whether the feeder has taken the rows
 */
gboolean
loft_list_feeder_try_push_all (LoftListFeeder  *self,
                               gpointer        *items,
                               gsize            n_items,
                               GError         **error)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);
  g_return_val_if_fail (items != NULL || n_items == 0, FALSE);
  g_return_val_if_fail (n_items <= G_MAXINT, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return loft_list_feeder_push_items (self, items, (guint) n_items, FALSE, G_STRFUNC, error);
}

static gboolean
steal_action (GPtrArray *actions,
              gpointer   action)
{
  guint i;

  return actions != NULL && g_ptr_array_find (actions, action, &i) &&
         g_ptr_array_steal_index (actions, i) != NULL;
}

/* Nobody else ends these actions when they are cancelled. The feeder lets go of them, because it
 * may live much longer. */
static void
on_wait_canceled (LoftAsyncBase *action,
                  gpointer       link)
{
  g_autoptr (LoftListFeeder) self = g_weak_ref_get (&((LoftFeederLink *) link)->feeder);
  gboolean stolen = FALSE;

  if (self != NULL)
    {
      loft_lock_lock (&self->lock);
      stolen = steal_action (self->room, action) || steal_action (self->all_in, action);
      loft_lock_unlock (&self->lock);
    }
  loft_action_complete (LOFT_ACTION (action));
  if (stolen)
    g_object_unref (action);
}

static LoftAction *
loft_list_feeder_new_wait (LoftListFeeder *self,
                           const char     *function)
{
  LoftAction *action = loft_action_new_at (NULL, function);

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), on_wait_canceled,
                                      loft_feeder_link_ref (self->link), loft_feeder_link_unref);
  return action;
}

static void
add_action (GPtrArray  **actions,
            LoftAction  *action)
{
  if (*actions == NULL)
    *actions = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (*actions, action);
}

/**
 * loft_list_feeder_room_async:
 * @self: a feeder
 *
 * Creates an action that completes when the feeder has room for a row.
 *
 * Any thread may call. The action has completed already if fewer rows wait than the limit, or if
 * the feeder has ended, when the next push says so. Otherwise it completes when half of the rows
 * that wait have entered the list. Another thread may then be faster, so push with
 * [method@Loft.ListFeeder.try_push], and wait again if it fails. A thread without a home has
 * [method@Loft.ListFeeder.push], which waits.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
loft_list_feeder_room_async (LoftListFeeder *self)
{
  LoftAction *action;
  gboolean full;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), NULL);

  action = loft_list_feeder_new_wait (self, G_STRFUNC);
  g_object_ref (action); /* the feeder's, before the lock is taken */
  loft_lock_lock (&self->lock);
  full = self->end == LOFT_FEED_GOES_ON && self->limit > 0 && self->n_pending >= self->limit;
  if (full)
    add_action (&self->room, action);
  loft_lock_unlock (&self->lock);

  if (!full)
    {
      loft_action_complete (action);
      g_object_unref (action);
    }
  return LOFT_ASYNC_ACTION (action);
}

/* The end. */

/* Ends the feeder, and takes @error (NULL: none). Only the first end counts, but a cancel also
 * drops the rows of a feeder that was ended otherwise and has rows that wait. */
static void
loft_list_feeder_end (LoftListFeeder *self,
                      LoftFeedEnd     end,
                      GError         *error)
{
  LoftFeederNews news = { NULL };
  GPtrArray *waiting = NULL;
  LoftValueBox *box = error != NULL ? loft_value_box_new_for_error (error, self->dispatcher) : NULL;
  LoftValueBox *old = NULL;
  gboolean ends, first = FALSE;

  loft_lock_lock (&self->lock);
  ends = self->end == LOFT_FEED_GOES_ON ||
         (end == LOFT_FEED_CANCELED && self->state < LOFT_FEEDER_COMPLETE &&
          self->end != LOFT_FEED_SHUT_DOWN);
  if (ends)
    {
      old = g_steal_pointer (&self->end_error);
      loft_list_feeder_end_locked (self, end, g_steal_pointer (&box));
      loft_list_feeder_take_room_locked (self, &news);
      first = loft_list_feeder_schedule_locked (self);
    }
  if (ends && end == LOFT_FEED_CANCELED)
    {
      waiting = self->waiting;
      self->waiting = g_ptr_array_new ();
      self->n_pending -= waiting->len;
    }
  loft_lock_unlock (&self->lock);

  g_clear_pointer (&old, loft_value_box_unref);
  g_clear_pointer (&box, loft_value_box_unref);
  if (waiting != NULL)
    loft_list_feeder_let_go (self, waiting);
  if (first)
    loft_list_feeder_schedule (self, 0);
  loft_feeder_news_tell (&news);
}

/**
 * loft_list_feeder_close:
 * @self: a feeder
 *
 * Ends the feeder: no more rows are pushed.
 *
 * Any thread may call. Rows that were pushed before still enter the list. After that the state is
 * Complete. If the feeder has ended already, nothing happens.
 */
void
loft_list_feeder_close (LoftListFeeder *self)
{
  g_return_if_fail (LOFT_IS_LIST_FEEDER (self));

  loft_list_feeder_end (self, LOFT_FEED_CLOSED, NULL);
}

/**
 * loft_list_feeder_fail:
 * @self: a feeder
 * @error: (transfer full): what went wrong
 *
 * Ends the feeder with an error.
 *
 * Any thread may call. Rows that were pushed before still enter the list. After that the state is
 * Failed, and [property@Loft.ListFeeder:error] is @error. If the feeder has ended already, @error
 * is freed, and nothing else happens.
 */
void
loft_list_feeder_fail (LoftListFeeder *self,
                       GError         *error)
{
  g_return_if_fail (error != NULL);
  loft_consume_and_return_if_fail (LOFT_IS_LIST_FEEDER (self), g_error_free, error);

  loft_list_feeder_end (self, LOFT_FEED_FAILED, error);
}

/**
 * loft_list_feeder_cancel:
 * @self: a feeder
 *
 * Ends the feeder, and drops the rows that are not in the list yet.
 *
 * Any thread may call. The rows that are in the list stay there; see
 * [method@Loft.ListFeeder.clear]. At home, no more rows enter the list once this function has
 * returned. On another thread, and inside a handler of [signal@Gio.ListModel::items-changed], the
 * rows of the turn that runs at the moment still do. The state becomes Canceled, and threads that
 * wait in [method@Loft.ListFeeder.push] return with %G_IO_ERROR_CANCELLED.
 *
 * A feeder that was closed, or has failed, can still be cancelled, until all of its rows are in the
 * list.
 */
void
loft_list_feeder_cancel (LoftListFeeder *self)
{
  g_return_if_fail (LOFT_IS_LIST_FEEDER (self));

  loft_list_feeder_end (self, LOFT_FEED_CANCELED,
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                             "The list feeder was cancelled"));
}

/**
 * loft_list_feeder_clear:
 * @self: a feeder
 *
 * Takes out all rows that have been pushed so far, those in the list and those that wait.
 *
 * Any thread may call. The feeder goes on, and rows that are pushed after this enter the list. At
 * home the list is empty when this function returns, with one emission of
 * [signal@Gio.ListModel::items-changed]. Elsewhere, and inside a handler of that signal, the list
 * is emptied in the next turn. After a cancel this takes out what had entered the list before.
 */
void
loft_list_feeder_clear (LoftListFeeder *self)
{
  GPtrArray *waiting, *entering = NULL;
  gboolean now, first;

  g_return_if_fail (LOFT_IS_LIST_FEEDER (self));

  g_object_ref (self); /* a handler may drop the caller's reference */
  now = loft_home_is_here (self->dispatcher) && !self->changing;
  loft_lock_lock (&self->lock);
  if (now)
    entering = loft_list_feeder_take_entering_locked (self);
  waiting = self->waiting;
  self->waiting = g_ptr_array_new ();
  self->n_pending -= waiting->len + (now ? entering->len : 0);
  self->clear_asked = !now;
  first = loft_list_feeder_schedule_locked (self); /* the turn tells who waits for room */
  loft_lock_unlock (&self->lock);

  loft_list_feeder_let_go (self, waiting);
  if (now)
    {
      loft_list_feeder_let_go (self, entering);
      loft_list_feeder_empty (self);
    }
  if (first)
    loft_list_feeder_schedule (self, 0);
  g_object_unref (self);
}

/* What a producer has, to end the feeder that is bound to it. */
typedef struct
{
  LoftFeederLink *link; /* a reference */
  LoftAction *ear;      /* strong */
} LoftFeederBinding;

static void
loft_feeder_binding_free (gpointer data)
{
  LoftFeederBinding *binding = data;

  loft_feeder_link_unref (binding->link);
  g_object_unref (binding->ear);
  g_free (binding);
}

static void
on_producer_ended (LoftAsyncInfo   *producer,
                   LoftAsyncStatus  status,
                   gpointer         user_data)
{
  LoftFeederBinding *binding = user_data;
  g_autoptr (LoftListFeeder) self = g_weak_ref_get (&binding->link->feeder);
  GError *error;

  loft_async_base_has_heard (LOFT_ASYNC_BASE (binding->ear));
  if (self == NULL)
    return;
  error = status == LOFT_ASYNC_STATUS_ERROR ? loft_async_info_dup_error (producer) : NULL;
  if (status == LOFT_ASYNC_STATUS_CANCELED)
    loft_list_feeder_cancel (self);
  else if (error != NULL)
    loft_list_feeder_fail (self, error);
  else
    loft_list_feeder_close (self);
}

/* The producer was cancelled, and its work may still be pushing. */
static void
on_producer_canceled (LoftAsyncBase *ear,
                      gpointer       link)
{
  g_autoptr (LoftListFeeder) self = g_weak_ref_get (&((LoftFeederLink *) link)->feeder);

  if (self != NULL)
    loft_list_feeder_cancel (self);
  loft_action_complete (LOFT_ACTION (ear));
}

/* Returns FALSE if the feeder is bound already, or has ended. */
static gboolean
loft_list_feeder_set_ear (LoftListFeeder *self,
                          LoftAction     *ear)
{
  gboolean is_free;

  g_object_ref (ear);
  loft_lock_lock (&self->lock);
  is_free = !self->bound && self->end == LOFT_FEED_GOES_ON;
  if (is_free)
    self->ear = ear;
  self->bound |= is_free;
  loft_lock_unlock (&self->lock);
  if (!is_free)
    g_object_unref (ear);
  return is_free;
}

/* The producer takes no observers. */
static void
loft_list_feeder_drop_ear (LoftListFeeder *self)
{
  LoftAction *ear;

  loft_lock_lock (&self->lock);
  ear = g_steal_pointer (&self->ear);
  self->bound = FALSE;
  loft_lock_unlock (&self->lock);

  if (ear != NULL)
    loft_action_complete (ear);
  g_clear_object (&ear);
}

/**
 * loft_list_feeder_bind:
 * @self: a feeder
 * @producer: the async object whose work pushes the rows
 * @error: return location for an error
 *
 * Ends the feeder together with the work that pushes into it.
 *
 * Any thread may call. When @producer has completed, the feeder is closed. When it has failed, the
 * feeder fails with the same error, which counts as having looked at it. When @producer is
 * cancelled, the feeder is cancelled at once, though the work may still run; its next push fails
 * with %G_IO_ERROR_CANCELLED. (An object whose class implements the interface by hand cancels the
 * feeder when it ends.) If @producer has ended already, the feeder ends at once.
 *
 * [method@Loft.ListFeeder.all_in_async] creates an action that ends as the work does, but after its
 * last row is in the list.
 *
 * A feeder can be bound once. If several works push into it, bind it to the
 * [class@Loft.TaskGroup] that they are in, or to [func@Loft.when_all] of them.
 *
 * Errors: %LOFT_ERROR_ILLEGAL_STATE_CHANGE if the feeder is bound already, or has ended; what
 * @producer says if it takes no observers. The feeder then goes on as before.
 *
 * Returns: whether the feeder is bound to @producer now
 */
gboolean
loft_list_feeder_bind (LoftListFeeder  *self,
                       LoftAsyncInfo   *producer,
                       GError         **error)
{
  LoftFeederBinding *binding;
  LoftAction *ear;
  LoftLink *awaited;
  guint64 id;
  gboolean taken;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (producer), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  ear = loft_action_new_at (NULL, G_STRFUNC);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (ear), on_producer_canceled,
                                      loft_feeder_link_ref (self->link), loft_feeder_link_unref);
  if (!loft_list_feeder_set_ear (self, ear))
    {
      loft_action_complete (ear);
      g_object_unref (ear);
      g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE,
                           "The list feeder has ended, or is bound already. If several works push "
                           "into it, bind it to a task group, or to loft_when_all () of them.");
      return FALSE;
    }

  binding = g_new (LoftFeederBinding, 1);
  *binding = (LoftFeederBinding) { loft_feeder_link_ref (self->link), ear };
  if (LOFT_IS_ASYNC_BASE (producer))
    loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (producer), LOFT_ASYNC_INFO (ear));
  g_object_ref (ear); /* the observer may let go of the binding before it was added */
  awaited = loft_async_base_set_awaited (LOFT_ASYNC_BASE (ear), producer);
  taken = loft_async_info_observe (producer, on_producer_ended, binding, loft_feeder_binding_free,
                                   LOFT_OBSERVER_WAITS, &id, error);
  loft_async_base_set_awaited_id (LOFT_ASYNC_BASE (ear), awaited, id);
  if (!taken)
    loft_list_feeder_drop_ear (self);
  g_object_unref (ear);
  return taken;
}

static void
on_feeders_owner_gone (gpointer data)
{
  LoftFeederOwner *owner = data;
  g_autoptr (LoftListFeeder) self = g_weak_ref_get (&owner->link->feeder);

  if (self != NULL)
    loft_list_feeder_cancel (self);
  loft_feeder_owner_unref (owner);
}

/**
 * loft_list_feeder_bind_owner:
 * @self: a feeder
 * @owner: the object whose disposal cancels @self
 *
 * Cancels the feeder when its owner is disposed.
 *
 * Any thread may call, for any number of owners. Neither object holds the other. Whoever still
 * pushes gets %G_IO_ERROR_CANCELLED. If the feeder has ended, nothing happens.
 */
void
loft_list_feeder_bind_owner (LoftListFeeder *self,
                             GObject        *owner)
{
  LoftFeederOwner *binding;
  gboolean ended;

  g_return_if_fail (LOFT_IS_LIST_FEEDER (self));
  g_return_if_fail (G_IS_OBJECT (owner));
  g_return_if_fail ((gpointer) self != (gpointer) owner);

  binding = g_new0 (LoftFeederOwner, 1);
  binding->refs = 2;
  binding->link = loft_feeder_link_ref (self->link);
  loft_owner_add (owner, &binding->owned, binding, on_feeders_owner_gone);

  loft_lock_lock (&self->lock);
  ended = self->state >= LOFT_FEEDER_COMPLETE;
  if (!ended)
    {
      binding->next = self->owners;
      self->owners = binding;
    }
  loft_lock_unlock (&self->lock);
  if (ended)
    loft_feeder_owners_leave (binding);
}

/**
 * loft_list_feeder_all_in_async:
 * @self: a feeder
 *
 * Creates an action that ends when all rows are in the list.
 *
 * Any thread may call. The action completes when the feeder was closed and its last row has entered
 * the list. It ends with the feeder's error if the feeder has failed, and Canceled if the feeder
 * was cancelled. A cancel of the action ends only the action. If the feeder is dropped before its
 * end, the action fails with %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
loft_list_feeder_all_in_async (LoftListFeeder *self)
{
  LoftAction *action;
  LoftFeedEnd end;
  LoftValueBox *error = NULL;
  gboolean ended;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), NULL);

  action = loft_list_feeder_new_wait (self, G_STRFUNC);
  g_object_ref (action); /* the feeder's, before the lock is taken */
  loft_lock_lock (&self->lock);
  ended = self->state >= LOFT_FEEDER_COMPLETE;
  end = self->end;
  if (ended && self->end_error != NULL)
    error = loft_value_box_ref (self->end_error);
  if (!ended)
    add_action (&self->all_in, action);
  loft_lock_unlock (&self->lock);

  if (ended)
    {
      loft_feeder_end_action (action, end, error);
      g_object_unref (action);
    }
  g_clear_pointer (&error, loft_value_box_unref);
  return LOFT_ASYNC_ACTION (action);
}

/* Settings, and what can be asked. */

/**
 * loft_list_feeder_set_sort_func:
 * @self: a feeder
 * @compare: (nullable) (scope notified) (closure user_data) (destroy destroy): compares two rows;
 *   %NULL to add new rows at the end
 * @user_data: the data to pass to @compare
 * @destroy: (nullable): called once with @user_data, at home, when it is not needed any more
 *
 * Keeps the list sorted.
 *
 * Call this at home; on any other thread it is a critical warning. It is also one inside a handler
 * of [signal@Gio.ListModel::items-changed], inside @compare and inside @destroy. Rows that are in
 * the list are sorted at once. Later rows enter at their places. Rows that compare equal stay in
 * the order in which they were pushed.
 *
 * Rows that go to a few places are inserted with an emission of
 * [signal@Gio.ListModel::items-changed] for each place. If there are more places, one emission
 * covers everything from the first place to the last.
 */
void
loft_list_feeder_set_sort_func (LoftListFeeder      *self,
                                LoftCompareRowsFunc  compare,
                                gpointer             user_data,
                                GDestroyNotify       destroy)
{
  LoftRecipient by;

  loft_consume_and_return_if_fail (LOFT_IS_LIST_FEEDER (self), destroy, user_data);
  if (!loft_dispatcher_check_access_at (self->dispatcher, "the sort function of a list feeder",
                                        G_STRFUNC))
    {
      if (destroy != NULL)
        destroy (user_data);
      return;
    }
  loft_consume_and_return_if_fail (!self->changing, destroy, user_data);

  loft_recipient_init (&by, FALSE, G_CALLBACK (compare), user_data, destroy);
  g_object_ref (self); /* a handler may drop the caller's reference */
  loft_list_feeder_begin_change (self); /* the compare function may run a loop of its own */
  if (loft_rows_sort (&self->rows, by))
    g_list_model_items_changed (G_LIST_MODEL (self), 0, self->rows.n, self->rows.n);
  loft_list_feeder_end_change (self);
  g_object_unref (self);
}

/**
 * loft_list_feeder_set_limit: (set-property limit)
 * @self: a feeder
 * @limit: how many rows may wait; 0 for any number
 *
 * Sets how many rows may wait to enter the list before pushes have to wait.
 *
 * Any thread may call. The property notifies at home.
 */
void
loft_list_feeder_set_limit (LoftListFeeder *self,
                            guint           limit)
{
  gboolean changed, first = FALSE;

  g_return_if_fail (LOFT_IS_LIST_FEEDER (self));
  g_return_if_fail (limit <= G_MAXINT);

  loft_lock_lock (&self->lock);
  changed = self->limit != limit;
  self->limit = limit;
  if (changed)
    {
      self->limit_changed = TRUE;
      first = loft_list_feeder_schedule_locked (self);
    }
  loft_lock_unlock (&self->lock);
  if (first)
    loft_list_feeder_schedule (self, 0);
}

/**
 * loft_list_feeder_get_limit: (get-property limit)
 * @self: a feeder
 *
 * Gets how many rows may wait to enter the list before pushes have to wait.
 *
 * Any thread may call.
 *
 * Returns: the limit; 0 if there is none
 */
guint
loft_list_feeder_get_limit (LoftListFeeder *self)
{
  guint limit;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), 0);

  loft_lock_lock (&self->lock);
  limit = self->limit;
  loft_lock_unlock (&self->lock);
  return limit;
}

/**
 * loft_list_feeder_get_n_pending: (get-property n-pending)
 * @self: a feeder
 *
 * Gets how many rows were pushed and are not in the list yet.
 *
 * Any thread may call.
 *
 * Returns: the number of rows
 */
guint
loft_list_feeder_get_n_pending (LoftListFeeder *self)
{
  guint n;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), 0);

  loft_lock_lock (&self->lock);
  n = self->n_pending;
  loft_lock_unlock (&self->lock);
  return n;
}

/**
 * loft_list_feeder_get_state: (get-property state)
 * @self: a feeder
 *
 * Gets the state of the feeder, as its home sees it.
 *
 * Any thread may call. A feeder that another thread has closed is Open until the next turn at home.
 *
 * Returns: the state
 */
LoftFeederState
loft_list_feeder_get_state (LoftListFeeder *self)
{
  LoftFeederState state;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), LOFT_FEEDER_OPEN);

  loft_lock_lock (&self->lock);
  state = self->state;
  loft_lock_unlock (&self->lock);
  return state;
}

/**
 * loft_list_feeder_is_complete: (get-property is-complete)
 * @self: a feeder
 *
 * Returns whether the feeder has ended, with or without an error, and its last row has entered the
 * list or was dropped.
 *
 * Any thread may call.
 *
 * Returns: whether the list changes no more by pushes
 */
gboolean
loft_list_feeder_is_complete (LoftListFeeder *self)
{
  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), FALSE);

  return loft_list_feeder_get_state (self) >= LOFT_FEEDER_COMPLETE;
}

/**
 * loft_list_feeder_dup_error:
 * @self: a feeder
 *
 * Gets the error with which the feeder has ended.
 *
 * Any thread may call. The error is known together with the states Failed and Canceled.
 *
 * Returns: (transfer full) (nullable): a copy of the error; %NULL if there is none
 */
GError *
loft_list_feeder_dup_error (LoftListFeeder *self)
{
  LoftValueBox *box = NULL;
  GError *error;

  g_return_val_if_fail (LOFT_IS_LIST_FEEDER (self), NULL);

  loft_lock_lock (&self->lock);
  if (self->state > LOFT_FEEDER_COMPLETE && self->end_error != NULL)
    box = loft_value_box_ref (self->end_error);
  loft_lock_unlock (&self->lock);

  error = loft_feeder_copy_error (box);
  g_clear_pointer (&box, loft_value_box_unref);
  return error;
}
