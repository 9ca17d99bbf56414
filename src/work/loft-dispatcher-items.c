/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens to items that wait: another lane, an end unrun. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"

/**
 * loft_dispatcher_set_item_priority:
 * @self: a dispatcher
 * @item: an action or operation that was posted to it
 * @priority: the new lane
 *
 * Puts a waiting item at the end of another lane.
 *
 * Any thread may call. A delayed item goes to the new lane when its time has come. Answers to WPF's
 * `DispatcherOperation.Priority`.
 *
 * Returns: %FALSE if it has begun or ended, or was not posted to @self
 */
gboolean
loft_dispatcher_set_item_priority (LoftDispatcher *self,
                                   LoftAsyncInfo  *item,
                                   LoftPriority    priority)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (item), FALSE);
  if (!loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return FALSE;

  return LOFT_IS_WORK (item) && loft_work_waits_on (LOFT_WORK (item), self) &&
         loft_work_move (LOFT_WORK (item), loft_lane_from_priority (priority));
}

/**
 * loft_dispatcher_abort:
 * @self: a dispatcher
 * @item: an action or operation that was posted to it
 *
 * Cancels an item if it has not begun.
 *
 * Any thread may call. Answers to WPF's `DispatcherOperation.Abort`.
 *
 * Returns: %TRUE: it never ran, and never will
 */
gboolean
loft_dispatcher_abort (LoftDispatcher *self,
                       LoftAsyncInfo  *item)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (item), FALSE);

  return LOFT_IS_WORK (item) && loft_work_waits_on (LOFT_WORK (item), self) &&
         loft_async_base_cancel (LOFT_ASYNC_BASE (item), LOFT_CANCEL_REASON_REQUESTED, TRUE);
}
