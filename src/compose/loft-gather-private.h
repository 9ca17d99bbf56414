/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several async objects that are observed together: what when_all and when_any are made of. Their producers hold them: one
 * that is let go without an end ends by that, and is heard of. */

#pragma once

#include "async/loft-async-base-private.h"

typedef struct _LoftGather LoftGather;

/* @index has ended; on the thread that ended it. */
typedef void (*LoftGatherFunc) (LoftAsyncBase *owner, LoftAsyncInfo *item, gsize index, LoftAsyncStatus status);

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
  guint64 *ids;          /* of the observers; 0: none that could be taken back */
  gboolean over;
};

void     loft_gather_init   (LoftGather *gather, LoftAsyncInfo **items, gsize n, LoftWhenFlags flags, LoftObserverRole role,
                             LoftGatherFunc func);

/* Observes them in their order. They don't hold @owner: who listens to that does, if it has nobody to cancel. */
void     loft_gather_begin  (LoftGather *gather, LoftAsyncBase *owner, LoftAsyncInfo **items);

/* Takes the observers back that are left, also when the owner is let go. TRUE: this call did it. */
gboolean loft_gather_stop   (LoftGather *gather);

/* How many of them are hopeless. */
gsize    loft_gather_count  (LoftGather *gather, gboolean (*hopeless) (LoftAsyncInfo *info));

/* Cancels all but one; G_MAXSIZE: all. */
void     loft_gather_cancel (LoftGather *gather, gsize but);
void     loft_gather_clear  (LoftGather *gather);
