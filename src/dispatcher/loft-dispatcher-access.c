/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What code asks of a dispatcher from inside: is this your thread, should I stop, are you idle? */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"

/**
 * loft_dispatcher_has_thread_access:
 * @self: a dispatcher
 *
 * Whether this thread's home is @self: whether it may touch what belongs to it.
 *
 * Any thread may call. Answers to `HasThreadAccess`, and to WPF's `CheckAccess`.
 *
 * Returns: whether it is
 */
gboolean
loft_dispatcher_has_thread_access (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);

  return loft_home_is_here (self);
}

char *
loft_dispatcher_describe (LoftDispatcher *self)
{
  const char *name = loft_dispatcher_get_name (self);

  if (name == NULL)
    return g_strdup_printf ("dispatcher %p", (void *) self);
  return g_strdup_printf ("dispatcher \"%s\"", name);
}

static char *
describe_access_failure (LoftDispatcher *self)
{
  g_autoptr (LoftDispatcher) here = loft_home_dup_current ();
  g_autofree char *ours = here != NULL ? loft_dispatcher_describe (here)
                                       : g_strdup ("no dispatcher");
  g_autofree char *theirs = loft_dispatcher_describe (self);

  return g_strdup_printf ("This thread (%p) belongs to %s, and this may only be done on the thread "
                          "of %s. Post it there with "
                          "loft_dispatcher_run_async.",
                          (void *) g_thread_self (), ours, theirs);
}

/**
 * loft_dispatcher_verify_access:
 * @self: a dispatcher
 * @error: return location for an error
 *
 * Checks that this thread's home is @self; %LOFT_ERROR_WRONG_THREAD if not.
 *
 * Any thread may call. [func@Loft.VERIFY_ACCESS] is the form with a critical warning. Answers to
 * WPF's `VerifyAccess`.
 *
 * Returns: whether it is
 */
gboolean
loft_dispatcher_verify_access (LoftDispatcher  *self,
                               GError         **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (loft_home_is_here (self))
    return TRUE;
  text = describe_access_failure (self);
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD, text);
  return FALSE;
}

/**
 * loft_dispatcher_check_access_at: (skip)
 * @self: a dispatcher
 * @location: `G_STRLOC`
 * @function: `G_STRFUNC`
 *
 * What [func@Loft.VERIFY_ACCESS] calls: a critical warning from any other thread.
 *
 * Returns: whether this thread's home is @self
 */
gboolean
loft_dispatcher_check_access_at (LoftDispatcher *self,
                                 const char     *location,
                                 const char     *function)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);

  if (loft_home_is_here (self))
    return TRUE;
  text = describe_access_failure (self);
  g_critical ("%s: %s (): %s", location, function, text);
  return FALSE;
}

/**
 * loft_dispatcher_should_yield:
 * @self: a dispatcher
 *
 * Whether the running item should return soon.
 *
 * That is when something of higher priority than the current one waits; for a Low or Idle item also
 * when the slice is used up. On the dispatcher's thread. Answers to `CoreDispatcher.ShouldYield()`.
 *
 * Returns: whether it should
 */
gboolean
loft_dispatcher_should_yield (LoftDispatcher *self)
{
  LoftDispatchFrame *frame;
  LoftPriority current;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  LOFT_VERIFY_ACCESS_VAL (self, FALSE);

  current = loft_dispatcher_get_current_priority (self);
  if (loft_loop_has_above (loft_dispatcher_peek_loop (self), loft_lane_from_priority (current),
                           FALSE))
    return TRUE;
  frame = loft_loop_peek_frame (loft_dispatcher_peek_loop (self));
  return frame != NULL && current <= LOFT_PRIORITY_LOW && loft_clock_now () >= frame->slice_end;
}

/**
 * loft_dispatcher_should_yield_to:
 * @self: a dispatcher
 * @priority: a priority
 *
 * Whether something of @priority or higher waits.
 *
 * On the dispatcher's thread. Answers to `CoreDispatcher.ShouldYield(CoreDispatcherPriority)`.
 *
 * Returns: whether it does
 */
gboolean
loft_dispatcher_should_yield_to (LoftDispatcher *self,
                                 LoftPriority    priority)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  LOFT_VERIFY_ACCESS_VAL (self, FALSE);
  if (!loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return FALSE;

  return loft_loop_has_above (loft_dispatcher_peek_loop (self), loft_lane_from_priority (priority),
                              TRUE);
}

/**
 * loft_dispatcher_is_idle:
 * @self: a dispatcher
 *
 * Whether nothing waits: no item in any lane, and no ready source of the context at
 * `G_PRIORITY_DEFAULT_IDLE` or above.
 *
 * On the dispatcher's thread. It costs one poll of the context: ask per step of work, not per byte.
 * Answers to `IdleDispatchedHandlerArgs.IsDispatcherIdle`.
 *
 * Returns: whether it is
 */
gboolean
loft_dispatcher_is_idle (LoftDispatcher *self)
{
  gboolean idle;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), FALSE);
  LOFT_VERIFY_ACCESS_VAL (self, FALSE);
  if (!g_main_context_acquire (loft_dispatcher_get_context (self)))
    return FALSE;
  idle = loft_loop_is_idle (loft_dispatcher_peek_loop (self));
  g_main_context_release (loft_dispatcher_get_context (self));
  return idle;
}

/**
 * loft_dispatcher_get_current_priority:
 * @self: a dispatcher
 *
 * Gives the priority of the running item.
 *
 * On the dispatcher's thread; Normal outside of items. Answers to `CoreDispatcher.CurrentPriority`.
 *
 * Returns: the priority
 */
LoftPriority
loft_dispatcher_get_current_priority (LoftDispatcher *self)
{
  LoftDispatchFrame *frame;

  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), LOFT_PRIORITY_NORMAL);
  LOFT_VERIFY_ACCESS_VAL (self, LOFT_PRIORITY_NORMAL);

  frame = loft_loop_peek_frame (loft_dispatcher_peek_loop (self));
  return frame != NULL ? frame->priority : LOFT_PRIORITY_NORMAL;
}

/**
 * loft_dispatcher_set_current_priority:
 * @self: a dispatcher
 * @priority: a priority
 *
 * Changes what [method@Loft.Dispatcher.should_yield] compares with, until the running item returns.
 *
 * On the dispatcher's thread; does nothing outside of items. Answers to
 * `CoreDispatcher.CurrentPriority`.
 */
void
loft_dispatcher_set_current_priority (LoftDispatcher *self,
                                      LoftPriority    priority)
{
  LoftDispatchFrame *frame;

  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  LOFT_VERIFY_ACCESS (self);
  if (!loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    return;

  frame = loft_loop_peek_frame (loft_dispatcher_peek_loop (self));
  if (frame != NULL)
    frame->priority = priority;
}
