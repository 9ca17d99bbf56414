/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* when_all: ends when all have ended, and keeps every error. */

#include "config.h"

#include "async/loft-async-outcome-private.h"
#include "compose/loft-gather-private.h"

#define LOFT_TYPE_WHEN_ALL (loft_when_all_get_type ())
#define LOFT_IS_WHEN_ALL(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), LOFT_TYPE_WHEN_ALL))
static GType loft_when_all_get_type (void);

typedef struct
{
  LoftAsyncBase parent_instance;

  LoftGather gather;
  /* each written by the thread that ended its item, before that counts down; read after the last */
  LoftValueBox **errors; /* NULL: it succeeded */
  /* atomic */
  gsize left;
  gint failed; /* the first failure was seen */
} LoftWhenAll;
typedef LoftAsyncBaseClass LoftWhenAllClass;

G_DEFINE_TYPE_WITH_CODE (LoftWhenAll, loft_when_all, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))

/* The first that failed, in the order of the items; else the first that was cancelled; NULL: all succeeded. */
static LoftValueBox *
loft_when_all_pick (LoftWhenAll *self)
{
  LoftValueBox *canceled = NULL;

  for (gsize i = 0; i < self->gather.n; i++)
    {
      if (self->errors[i] == NULL)
        continue;
      if (!g_error_matches (loft_value_box_peek_error (self->errors[i]), G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return self->errors[i];
      canceled = canceled != NULL ? canceled : self->errors[i];
    }
  return canceled;
}

static void
loft_when_all_count_down (LoftWhenAll *self)
{
  LoftValueBox *error;

  /* Acquire and release: the last sees the errors of all. */
  if (__atomic_sub_fetch (&self->left, 1, __ATOMIC_ACQ_REL) != 0)
    return;
  loft_gather_stop (&self->gather);
  error = loft_when_all_pick (self);
  /* It ends with one of them, and whoever asks is told of the others. */
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
on_item_ended (LoftAsyncBase   *owner,
               LoftAsyncInfo   *item,
               gsize            index,
               LoftAsyncStatus  status)
{
  LoftWhenAll *self = (LoftWhenAll *) owner;

  self->errors[index] = loft_outcome_dup_failure (item, status);
  if (self->errors[index] != NULL && (self->gather.flags & LOFT_WHEN_CANCEL_LOSERS) != 0 &&
      !__atomic_exchange_n (&self->failed, TRUE, __ATOMIC_RELAXED)) /* only once */
    loft_gather_cancel (&self->gather, index);
  loft_when_all_count_down (self);
}

/* Whether one of them, and so all together, can't end. */
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

  /* It does nothing itself that would have to end; the others are not its own, unless it was told that they are. */
  if ((self->gather.flags & LOFT_WHEN_PROPAGATE_CANCEL) == 0 && loft_gather_stop (&self->gather))
    loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_REQUESTED);
  LOFT_ASYNC_BASE_CLASS (loft_when_all_parent_class)->canceled (base);
}

/* Nobody listens: it leaves what it has heard of so far. */
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
 * @n: how many; 0 gives an action that has completed
 * @flags: what is cancelled with what
 *
 * Makes an action that ends when all of them have.
 *
 * Any thread may call; it ends on the thread that ends the last of them. It fails as the first in the order of @items that
 * failed; else it is Canceled, if any was; else it completes. Every error is kept: [func@Loft.when_all_dup_error]. Their
 * producers hold the items: one that is let go without an end has failed, with %LOFT_ERROR_DISCONNECTED.
 *
 * Who listens to it holds it. When nobody does, and nobody holds a reference, it leaves the items; but with
 * %LOFT_WHEN_CANCEL_LOSERS it goes on, since it has others to cancel.
 *
 * Cancelled, it ends at once and leaves the others alone; with %LOFT_WHEN_PROPAGATE_CANCEL it cancels them, and ends when they
 * have. With %LOFT_WHEN_CANCEL_LOSERS the first that does not succeed cancels the others.
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

/**
 * loft_when_all_at: (skip)
 *
 * [func@Loft.when_all] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
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
  loft_gather_init (&self->gather, items, n, flags, LOFT_OBSERVER_PASSES_ON, on_item_ended);
  loft_gather_begin (&self->gather, LOFT_ASYNC_BASE (self), items);
  loft_when_all_count_down (self);
  return LOFT_ASYNC_ACTION (self);
}

/**
 * loft_when_all_dup_error:
 * @action: what [func@Loft.when_all] gave, ended
 * @index: which of the items
 *
 * Gives how one of the items failed.
 *
 * Any thread may call, after the end; of an action that was cancelled before its items had ended there may be none.
 *
 * Returns: (transfer full) (nullable): a copy of its error, %G_IO_ERROR_CANCELLED if it was cancelled; %NULL if it succeeded
 */
GError *
loft_when_all_dup_error (LoftAsyncAction *action,
                         gsize            index)
{
  LoftWhenAll *self = (LoftWhenAll *) action;

  g_return_val_if_fail (LOFT_IS_WHEN_ALL (action), NULL);
  g_return_val_if_fail (index < self->gather.n, NULL);
  g_return_val_if_fail (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)), NULL);

  /* Acquire: sees the errors of all that have counted down. Cancelled early, the others may be writing theirs. */
  if (__atomic_load_n (&self->left, __ATOMIC_ACQUIRE) != 0)
    return NULL;
  if (self->errors[index] == NULL)
    return NULL;

  loft_value_box_look_at (self->errors[index]);
  return g_error_copy (loft_value_box_peek_error (self->errors[index]));
}
