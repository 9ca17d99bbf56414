/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_when_all () and loft_when_any (): objects that end with several others, their items.
 *
 * LoftGather observes the items for both. The items do not hold the combined object. If the last
 * reference to an item is dropped before the item has ended, the item ends by that, and the
 * combined object is notified as of any other end. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

typedef struct _LoftGather LoftGather;

/* Called when @item, the one at @index, has ended, on the thread that ended it. */
typedef void (*LoftGatherFunc) (LoftAsyncBase *owner, LoftAsyncInfo *item, gsize index,
                                LoftAsyncStatus status);

struct _LoftGather
{
  /* constant after init */
  LoftGatherFunc func;
  LoftObserverRole role;
  LoftLink **items;
  gsize n;
  LoftWhenFlags flags;

  /* under lock */
  LoftLock lock;
  guint64 *ids;          /* of the observers; 0: none that can be removed */
  gboolean over;
};

typedef struct
{
  LoftLink *owner;
  LoftGather *gather;   /* the owner's */
  gsize index;
} LoftGathered;

static void
loft_gathered_free (gpointer data)
{
  LoftGathered *gathered = data;

  loft_link_unref (gathered->owner);
  g_free (gathered);
}

static void
on_gathered_ended (LoftAsyncInfo   *item,
                   LoftAsyncStatus  status,
                   gpointer         user_data)
{
  LoftGathered *gathered = user_data;
  g_autoptr (LoftAsyncInfo) owner = loft_link_dup (gathered->owner);

  if (owner != NULL)
    gathered->gather->func (LOFT_ASYNC_BASE (owner), item, gathered->index, status);
}

static void
loft_gather_init (LoftGather       *gather,
                  LoftAsyncInfo   **items,
                  gsize             n,
                  LoftWhenFlags     flags,
                  LoftObserverRole  role,
                  LoftGatherFunc    func)
{
  gather->func = func;
  gather->role = role;
  gather->items = g_new (LoftLink *, n);
  for (gsize i = 0; i < n; i++)
    gather->items[i] = loft_async_info_dup_link (items[i]);
  gather->n = n;
  gather->flags = flags;
  gather->ids = g_new0 (guint64, n);
}

/* Removes one observer. If the item is gone, its observer is gone, too. */
static void
loft_gather_leave (LoftGather *gather,
                   gsize       index)
{
  g_autoptr (LoftAsyncInfo) item = gather->ids[index] != 0 ? loft_link_dup (gather->items[index])
                                                           : NULL;

  if (item != NULL)
    loft_async_info_remove_observer (item, gather->ids[index]);
}

/* Removes the observers that are left, when the owner ends or is disposed. Returns TRUE if
 * this call was the first. */
static gboolean
loft_gather_stop (LoftGather *gather)
{
  gboolean first;

  loft_lock_lock (&gather->lock);
  first = !gather->over;
  gather->over = TRUE;
  loft_lock_unlock (&gather->lock);
  for (gsize i = 0; first && i < gather->n; i++)
    loft_gather_leave (gather, i);
  return first;
}

/* Observes the items in their order. */
static void
loft_gather_begin (LoftGather     *gather,
                   LoftAsyncBase  *owner,
                   LoftAsyncInfo **items)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);

  /* The items don't hold the owner. With CANCEL_LOSERS it still has items to cancel, so it is held
   * until it ends. Otherwise those who listen to it hold it, and it may go when nobody does. */
  if ((gather->flags & LOFT_WHEN_CANCEL_LOSERS) != 0)
    loft_async_base_hold_until_end (owner);
  else
    loft_async_base_let_listeners_hold (owner);
  for (gsize i = 0; i < gather->n; i++)
    g_ptr_array_add (held, g_object_ref (items[i])); /* a handler may drop the caller's reference */
  if ((gather->flags & LOFT_WHEN_PROPAGATE_CANCEL) != 0)
    for (gsize i = 0; i < gather->n; i++)
      loft_async_base_propagate_cancel (owner, items[i]);
  for (gsize i = 0; i < gather->n; i++)
    {
      LoftGathered *gathered = g_new0 (LoftGathered, 1);
      GError *error = NULL;
      gboolean over;
      guint64 id;

      *gathered = (LoftGathered) { loft_async_info_dup_link (LOFT_ASYNC_INFO (owner)), gather, i };
      if (!loft_async_info_observe (items[i], on_gathered_ended, gathered, loft_gathered_free,
                                    gather->role, &id, &error))
        {
          loft_gather_stop (gather);
          loft_async_base_fail (owner, error);
          return;
        }
      loft_lock_lock (&gather->lock);
      over = gather->over;
      if (!over)
        gather->ids[i] = id;
      loft_lock_unlock (&gather->lock);
      if (over)
        {
          loft_async_info_remove_observer (items[i], id);
          return;
        }
    }
}

/* Returns how many of the items can't end, as @hopeless says. */
static gsize
loft_gather_count (LoftGather *gather,
                   gboolean  (*hopeless) (LoftAsyncInfo *info))
{
  gsize count = 0;

  for (gsize i = 0; i < gather->n; i++)
    {
      g_autoptr (LoftAsyncInfo) item = loft_link_dup (gather->items[i]);

      count += item != NULL && hopeless (item) ? 1 : 0;
    }
  return count;
}

/* Cancels all items but the one at index @but; G_MAXSIZE: all. */
static void
loft_gather_cancel (LoftGather *gather,
                    gsize       but)
{
  for (gsize i = 0; i < gather->n; i++)
    {
      g_autoptr (LoftAsyncInfo) item = i == but ? NULL : loft_link_dup (gather->items[i]);

      loft_async_info_cancel_for (item, LOFT_CANCEL_REASON_PROPAGATED);
    }
}

static void
loft_gather_clear (LoftGather *gather)
{
  for (gsize i = 0; i < gather->n; i++)
    loft_link_unref (gather->items[i]);
  g_clear_pointer (&gather->items, g_free);
  g_clear_pointer (&gather->ids, g_free);
  gather->n = 0;
}

/* loft_when_all (): ends when all items have ended, and keeps every error. */

#define LOFT_TYPE_WHEN_ALL (loft_when_all_get_type ())
#define LOFT_IS_WHEN_ALL(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), LOFT_TYPE_WHEN_ALL))
static GType loft_when_all_get_type (void);

typedef struct
{
  LoftAsyncBase parent_instance;

  LoftGather gather;
  /* Each is written by the thread that ended its item, before that thread counts down. They are
   * read after the last one has counted down. */
  LoftValueBox **errors; /* NULL: the item succeeded */
  /* atomic */
  gsize left;
  gint failed; /* the first failure was seen */
} LoftWhenAll;
typedef LoftAsyncBaseClass LoftWhenAllClass;

G_DEFINE_TYPE_WITH_CODE (LoftWhenAll, loft_when_all, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))

/* Returns the error of the first item that failed, in the order of the items. If none failed, it is
 * that of the first item that was cancelled. NULL: all succeeded. */
static LoftValueBox *
loft_when_all_pick (LoftWhenAll *self)
{
  LoftValueBox *canceled = NULL;

  for (gsize i = 0; i < self->gather.n; i++)
    {
      if (self->errors[i] == NULL)
        continue;
      if (!g_error_matches (loft_value_box_peek_error (self->errors[i]), G_IO_ERROR,
                            G_IO_ERROR_CANCELLED))
        return self->errors[i];
      canceled = canceled != NULL ? canceled : self->errors[i];
    }
  return canceled;
}

static void
loft_when_all_count_down (LoftWhenAll *self)
{
  LoftValueBox *error;

  /* Acquire and release: the releases of all threads that count down pair with the acquire of the
   * last of them, and with that of loft_when_all_dup_error (), so that the errors of all items are
   * seen there. */
  if (__atomic_sub_fetch (&self->left, 1, __ATOMIC_ACQ_REL) != 0)
    return;
  loft_gather_stop (&self->gather);
  error = loft_when_all_pick (self);
  /* The action ends with one of the errors. The others can be got with loft_when_all_dup_error (),
   * so they are not reported as unhandled. */
  for (gsize i = 0; i < self->gather.n; i++)
    if (self->errors[i] != NULL && self->errors[i] != error)
      loft_value_box_look_at (self->errors[i]);

  if (error == NULL)
    loft_async_base_complete (LOFT_ASYNC_BASE (self));
  else if (g_error_matches (loft_value_box_peek_error (error), G_IO_ERROR, G_IO_ERROR_CANCELLED))
    loft_async_base_end_canceled (LOFT_ASYNC_BASE (self), LOFT_CANCEL_REASON_PROPAGATED);
  else
    loft_async_base_fail_as (LOFT_ASYNC_BASE (self), error);
}

static void
on_one_of_all_ended (LoftAsyncBase   *owner,
                     LoftAsyncInfo   *item,
                     gsize            index,
                     LoftAsyncStatus  status)
{
  LoftWhenAll *self = (LoftWhenAll *) owner;

  self->errors[index] = loft_outcome_dup_failure (item, status);
  /* Relaxed: the flag only makes sure that the others are cancelled once. Nothing is read because
   * of it. */
  if (self->errors[index] != NULL && (self->gather.flags & LOFT_WHEN_CANCEL_LOSERS) != 0 &&
      !loft_exchange_relaxed (&self->failed, TRUE))
    loft_gather_cancel (&self->gather, index);
  loft_when_all_count_down (self);
}

/* Whether one of the items, and therefore the action, can't end. */
static gboolean
loft_when_all_ends_only_after (LoftAsyncBase *base,
                               gboolean     (*hopeless) (LoftAsyncInfo *info))
{
  return loft_gather_count (&((LoftWhenAll *) base)->gather, hopeless) > 0;
}

static void
loft_when_all_canceled (LoftAsyncBase *base)
{
  LoftWhenAll *self = (LoftWhenAll *) base;

  /* The action has no work of its own that would have to end first. The items are not part of it,
   * unless PROPAGATE_CANCEL says that they are. So it ends at once. */
  if ((self->gather.flags & LOFT_WHEN_PROPAGATE_CANCEL) == 0 && loft_gather_stop (&self->gather))
    loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_REQUESTED);
  LOFT_ASYNC_BASE_CLASS (loft_when_all_parent_class)->canceled (base);
}

/* Nobody listens any more, so the observers are removed from the items. */
static void
loft_when_all_dispose (GObject *object)
{
  loft_gather_stop (&((LoftWhenAll *) object)->gather);
  G_OBJECT_CLASS (loft_when_all_parent_class)->dispose (object);
}

static void
loft_when_all_finalize (GObject *object)
{
  LoftWhenAll *self = (LoftWhenAll *) object;

  for (gsize i = 0; i < self->gather.n; i++)
    g_clear_pointer (&self->errors[i], loft_value_box_unref);
  g_free (self->errors);
  loft_gather_clear (&self->gather);
  G_OBJECT_CLASS (loft_when_all_parent_class)->finalize (object);
}

static void
loft_when_all_class_init (LoftWhenAllClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_when_all_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_when_all_finalize;
  klass->canceled = loft_when_all_canceled;
  klass->ends_only_after = loft_when_all_ends_only_after;
}

static void
loft_when_all_init (LoftWhenAll *self)
{
}

/**
 * loft_when_all:
 * @items: (array length=n): async objects
 * @n: the number of items; with 0 the returned action has already completed
 * @flags: which objects are cancelled together
 *
 * Creates an action that ends when all items have ended.
 *
 * Any thread may call. The action ends on the thread that ends the last item. If any item failed,
 * the action fails with the error of the first one, in the order of @items, that failed. Otherwise
 * it is Canceled if any item was, and Completed if none was. Every error is kept, and
 * [func@Loft.when_all_dup_error] returns it. The producers hold the items. An item that its
 * producer drops without an end fails with %LOFT_ERROR_DISCONNECTED.
 *
 * The handlers that are set on the action hold it. When there are none, and nobody holds a
 * reference, the action stops listening to the items. With %LOFT_WHEN_CANCEL_LOSERS it goes on all
 * the same, since it has items to cancel.
 *
 * If the action is cancelled, it ends at once and leaves the items alone. With
 * %LOFT_WHEN_PROPAGATE_CANCEL it cancels the items instead, and ends when they have ended. With
 * %LOFT_WHEN_CANCEL_LOSERS the first item that does not succeed cancels the others.
 *
 * Answers to C++/WinRT's `when_all`, which stops at the first failure.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_when_all) (LoftAsyncInfo **items,
                 gsize           n,
                 LoftWhenFlags   flags)
{
  return loft_when_all_at (items, n, flags, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_when_all_at (LoftAsyncInfo **items,
                  gsize           n,
                  LoftWhenFlags   flags,
                  const char     *location,
                  const char     *function)
{
  LoftWhenAll *self;

  g_return_val_if_fail (items != NULL || n == 0, NULL);
  for (gsize i = 0; i < n; i++)
    g_return_val_if_fail (LOFT_IS_ASYNC_INFO (items[i]), NULL);

  self = g_object_new (LOFT_TYPE_WHEN_ALL, NULL);
  loft_async_base_init_work (LOFT_ASYNC_BASE (self), LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { location, function });
  self->errors = g_new0 (LoftValueBox *, n);
  self->left = n + 1; /* and this call */
  loft_gather_init (&self->gather, items, n, flags, LOFT_OBSERVER_PASSES_ON, on_one_of_all_ended);
  loft_gather_begin (&self->gather, LOFT_ASYNC_BASE (self), items);
  loft_when_all_count_down (self);
  return LOFT_ASYNC_ACTION (self);
}

/**
 * loft_when_all_dup_error:
 * @action: an action that [func@Loft.when_all] returned and that has ended
 * @index: the index of the item
 *
 * Gets the error of one of the items.
 *
 * Any thread may call, after the end of @action. If @action was cancelled before its items had
 * ended, there may be no error.
 *
 * Returns: (transfer full) (nullable): a copy of the item's error, %G_IO_ERROR_CANCELLED if the
 * item was cancelled; %NULL if it succeeded
 */
GError *
loft_when_all_dup_error (LoftAsyncAction *action,
                         gsize            index)
{
  LoftWhenAll *self = (LoftWhenAll *) action;

  g_return_val_if_fail (LOFT_IS_WHEN_ALL (action), NULL);
  g_return_val_if_fail (index < self->gather.n, NULL);
  g_return_val_if_fail (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)), NULL);

  /* Acquire: pairs with the releases in loft_when_all_count_down (). If the count is zero, the
   * errors of all items are seen. If the action was cancelled early, items may still be writing
   * theirs. */
  if (loft_load_acquire (&self->left) != 0)
    return NULL;
  if (self->errors[index] == NULL)
    return NULL;

  loft_value_box_look_at (self->errors[index]);
  return g_error_copy (loft_value_box_peek_error (self->errors[index]));
}

/* loft_when_any (): ends when the first of several items has ended, and says which one that was. */

typedef struct
{
  LoftAsyncBase parent_instance;

  LoftGather gather;
} LoftWhenAny;
typedef LoftAsyncBaseClass LoftWhenAnyClass;

static GType loft_when_any_get_type (void);
G_DEFINE_TYPE_WITH_CODE (LoftWhenAny, loft_when_any, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL))

static void
on_one_of_any_ended (LoftAsyncBase   *owner,
                     LoftAsyncInfo   *item,
                     gsize            index,
                     LoftAsyncStatus  status)
{
  LoftWhenAny *self = (LoftWhenAny *) owner;
  GValue value = G_VALUE_INIT;

  if (!loft_gather_stop (&self->gather))
    return; /* another item was first */
  g_value_init (&value, G_TYPE_UINT);
  g_value_set_uint (&value, (guint) index);
  loft_async_base_complete_with_value (owner, &value);
  if ((self->gather.flags & LOFT_WHEN_CANCEL_LOSERS) != 0)
    loft_gather_cancel (&self->gather, index);
}

/* Whether none of the items can end. */
static gboolean
loft_when_any_ends_only_after (LoftAsyncBase *base,
                               gboolean     (*hopeless) (LoftAsyncInfo *info))
{
  LoftWhenAny *self = (LoftWhenAny *) base;

  return loft_gather_count (&self->gather, hopeless) == self->gather.n;
}

static void
loft_when_any_canceled (LoftAsyncBase *base)
{
  LoftWhenAny *self = (LoftWhenAny *) base;

  if ((self->gather.flags & LOFT_WHEN_PROPAGATE_CANCEL) == 0 && loft_gather_stop (&self->gather))
    loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_REQUESTED);
  LOFT_ASYNC_BASE_CLASS (loft_when_any_parent_class)->canceled (base);
}

/* Nobody listens any more, so the observers are removed from the items. */
static void
loft_when_any_dispose (GObject *object)
{
  loft_gather_stop (&((LoftWhenAny *) object)->gather);
  G_OBJECT_CLASS (loft_when_any_parent_class)->dispose (object);
}

static void
loft_when_any_finalize (GObject *object)
{
  loft_gather_clear (&((LoftWhenAny *) object)->gather);
  G_OBJECT_CLASS (loft_when_any_parent_class)->finalize (object);
}

static void
loft_when_any_class_init (LoftWhenAnyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_when_any_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_when_any_finalize;
  klass->canceled = loft_when_any_canceled;
  klass->ends_only_after = loft_when_any_ends_only_after;
}

static void
loft_when_any_init (LoftWhenAny *self)
{
}

/**
 * loft_when_any:
 * @items: (array length=n): async objects
 * @n: the number of items; with 0 the operation fails with %LOFT_ERROR_INVALID_ARGUMENT, since no
 *   item can ever end
 * @flags: which objects are cancelled together
 *
 * Creates an operation that completes when the first item has ended, with the index of that item, a
 * `guint`.
 *
 * Any thread may call. The operation ends on the thread that ends that item. It completes however
 * the item ended, so ask the item for its outcome. Hold the items until then, since their producers
 * need not do so. If several items had already ended before this call, the first of them in the
 * order of @items counts.
 *
 * The handlers that are set on the operation hold it. When there are none, and nobody holds a
 * reference, the operation stops listening to the items. With %LOFT_WHEN_CANCEL_LOSERS it goes on
 * all the same, since it has items to cancel.
 *
 * If the operation is cancelled, it ends at once and leaves the items alone. With
 * %LOFT_WHEN_PROPAGATE_CANCEL it cancels the items instead, and ends when the first of them has
 * ended. With %LOFT_WHEN_CANCEL_LOSERS the other items are cancelled when one has ended.
 *
 * Answers to C++/WinRT's `when_any`, which returns the result or error of the first item.
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_when_any) (LoftAsyncInfo **items,
                 gsize           n,
                 LoftWhenFlags   flags)
{
  return loft_when_any_at (items, n, flags, NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_when_any_at (LoftAsyncInfo **items,
                  gsize           n,
                  LoftWhenFlags   flags,
                  const char     *location,
                  const char     *function)
{
  LoftWhenAny *self;

  g_return_val_if_fail (items != NULL || n == 0, NULL);
  for (gsize i = 0; i < n; i++)
    g_return_val_if_fail (LOFT_IS_ASYNC_INFO (items[i]), NULL);

  self = g_object_new (loft_when_any_get_type (), NULL);
  loft_async_base_init_work (LOFT_ASYNC_BASE (self), LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { location, function });
  loft_async_base_set_value_type (LOFT_ASYNC_BASE (self), G_TYPE_UINT);
  loft_gather_init (&self->gather, items, n, flags, LOFT_OBSERVER_WATCHES, on_one_of_any_ended);
  if (n == 0)
    loft_async_base_fail (LOFT_ASYNC_BASE (self),
                          g_error_new_literal (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                               "The first of no objects would never end: give "
                                               "when_any at least one."));
  loft_gather_begin (&self->gather, LOFT_ASYNC_BASE (self), items);
  return LOFT_ASYNC_OPERATION (self);
}
