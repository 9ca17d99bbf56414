/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* when_any: ends when the first of several has ended, and says which. */

#include "config.h"

#include "compose/loft-gather-private.h"

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
on_item_ended (LoftAsyncBase   *owner,
               LoftAsyncInfo   *item,
               gsize            index,
               LoftAsyncStatus  status)
{
  LoftWhenAny *self = (LoftWhenAny *) owner;
  GValue value = G_VALUE_INIT;

  if (!loft_gather_stop (&self->gather))
    return; /* another was first */
  g_value_init (&value, G_TYPE_UINT);
  g_value_set_uint (&value, (guint) index);
  loft_async_base_complete_with_value (owner, &value);
  if ((self->gather.flags & LOFT_WHEN_CANCEL_LOSERS) != 0)
    loft_gather_cancel (&self->gather, index);
}

/* Whether none of them can end. */
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

/* Nobody listens: it leaves what it has heard of so far. */
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
 * @n: how many; of 0 none can ever end: the operation fails with %LOFT_ERROR_INVALID_ARGUMENT
 * @flags: what is cancelled with what
 *
 * Makes an operation that completes when the first of them has ended, with its index, a `guint`.
 *
 * Any thread may call; it ends on the thread that ends that item. However that item ended, the operation completes: ask the
 * item, and hold it until then: its producer need not. Of several that had ended before, it is the first.
 *
 * Who listens to it holds it. When nobody does, and nobody holds a reference, it leaves the items; but with
 * %LOFT_WHEN_CANCEL_LOSERS it goes on, since it has others to cancel.
 *
 * Cancelled, it ends at once and leaves the others alone; with %LOFT_WHEN_PROPAGATE_CANCEL it cancels them, and ends when the
 * first of them has. With %LOFT_WHEN_CANCEL_LOSERS the others are cancelled when one has ended.
 *
 * Answers to C++/WinRT's `when_any`, which gives the first one's result or error.
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

/**
 * loft_when_any_at: (skip)
 *
 * [func@Loft.when_any] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
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
  loft_gather_init (&self->gather, items, n, flags, LOFT_OBSERVER_WATCHES, on_item_ended);
  if (n == 0)
    loft_async_base_fail (LOFT_ASYNC_BASE (self),
                          g_error_new_literal (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                               "The first of no objects would never end: give when_any at least one."));
  loft_gather_begin (&self->gather, LOFT_ASYNC_BASE (self), items);
  return LOFT_ASYNC_OPERATION (self);
}
