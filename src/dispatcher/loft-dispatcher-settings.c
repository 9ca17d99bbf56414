/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher shares its thread: the slice, the share, and the limit of a lane's wait. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"

/**
 * loft_dispatcher_get_slice: (get-property slice)
 * @self: a dispatcher
 *
 * Gives for how many µs it runs items before it stands aside.
 *
 * Any thread may call.
 *
 * Returns: the slice in µs
 */
GTimeSpan
loft_dispatcher_get_slice (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_slice (loft_dispatcher_peek_loop (self));
}

/**
 * loft_dispatcher_set_slice: (set-property slice)
 * @self: a dispatcher
 * @slice: µs, at least 1
 *
 * Sets for how many µs it runs items before it stands aside; counts from its next slice on.
 *
 * Any thread may call; notify is emitted on that thread.
 */
void
loft_dispatcher_set_slice (LoftDispatcher *self,
                           GTimeSpan       slice)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (slice > 0);

  loft_loop_set_slice (loft_dispatcher_peek_loop (self), slice);
  g_object_notify (G_OBJECT (self), "slice");
}

/**
 * loft_dispatcher_get_wait_limit: (get-property wait-limit)
 * @self: a dispatcher
 *
 * Gives after how many µs a waiting lane gets a slice under a flood above it.
 *
 * Any thread may call.
 *
 * Returns: the limit in µs; 0: there is none
 */
GTimeSpan
loft_dispatcher_get_wait_limit (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_wait_limit (loft_dispatcher_peek_loop (self));
}

/**
 * loft_dispatcher_set_wait_limit: (set-property wait-limit)
 * @self: a dispatcher
 * @limit: µs; 0 for strict priorities
 *
 * Sets after how many µs a waiting lane gets a slice under a flood above it.
 *
 * Any thread may call; notify is emitted on that thread.
 */
void
loft_dispatcher_set_wait_limit (LoftDispatcher *self,
                                GTimeSpan       limit)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (limit >= 0);

  loft_loop_set_wait_limit (loft_dispatcher_peek_loop (self), limit);
  g_object_notify (G_OBJECT (self), "wait-limit");
}

/**
 * loft_dispatcher_get_share: (get-property share)
 * @self: a dispatcher
 *
 * Gives the share of its thread's time that the dispatcher has at least.
 *
 * Any thread.
 *
 * Returns: from 0 to 0.9
 */
double
loft_dispatcher_get_share (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_share (loft_dispatcher_peek_loop (self)) / 1000.0;
}

/**
 * loft_dispatcher_set_share: (set-property share)
 * @self: a dispatcher
 * @share: from 0 to 0.9, to a thousandth
 *
 * Sets the share of its thread's time that the dispatcher has at least: see [property@Loft.Dispatcher:share].
 *
 * Any thread. It counts from the next turn of the loop on.
 */
void
loft_dispatcher_set_share (LoftDispatcher *self,
                           double          share)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (share >= 0 && share <= 0.9);

  loft_loop_set_share (loft_dispatcher_peek_loop (self), (int) (share * 1000 + 0.5));
  g_object_notify (G_OBJECT (self), "share");
}
