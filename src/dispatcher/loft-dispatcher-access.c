/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: answers what running code asks of its dispatcher: whether this is the
 * dispatcher's thread, whether the running item should return, and whether the dispatcher is
 * idle. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"

/**
 * loft_dispatcher_has_thread_access:
 * @self: a dispatcher
 *
 * Returns whether the calling thread's home is @self, and the thread may therefore touch what
 * belongs to @self.
 *
 * Any thread may call. Answers to `HasThreadAccess`, and to WPF's `CheckAccess`.
 *
 * Returns: whether @self is the calling thread's home
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
 * Checks that the calling thread's home is @self, and sets an error if it is not.
 *
 * Any thread may call. LOFT_VERIFY_ACCESS() is the form that logs a critical warning instead.
 * Answers to WPF's `VerifyAccess`.
 *
 * Errors: %LOFT_ERROR_WRONG_THREAD on any other thread.
 *
 * Returns: whether @self is the calling thread's home
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
 * Checks that the calling thread's home is @self, and logs a critical warning if it is not.
 *
 * LOFT_VERIFY_ACCESS() calls this function.
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
 * Returns whether the running item should return soon.
 *
 * An item should return when another item of higher priority than the current one waits. A Low or
 * Idle item should also return when the slice is used up. Must be called on the dispatcher's
 * thread. Answers to `CoreDispatcher.ShouldYield()`.
 *
 * Returns: whether the item should return
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
 * Returns whether an item of @priority or higher waits.
 *
 * Must be called on the dispatcher's thread. Answers to
 * `CoreDispatcher.ShouldYield(CoreDispatcherPriority)`.
 *
 * Returns: whether one waits
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
 * Returns whether nothing waits in the dispatcher or in its context.
 *
 * That is so when the lanes from High to Idle are empty, and no source of the context at
 * `G_PRIORITY_DEFAULT_IDLE` or above is ready.
 *
 * Must be called on the dispatcher's thread. Each call costs one poll of the context, so call it
 * once for each step of work and not for each byte. Answers to
 * `IdleDispatchedHandlerArgs.IsDispatcherIdle`.
 *
 * Returns: whether nothing waits
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
 * Gets the priority of the running item.
 *
 * Must be called on the dispatcher's thread. The priority is Normal while no item is running.
 * Answers to `CoreDispatcher.CurrentPriority`.
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
 * Sets the priority with which [method@Loft.Dispatcher.should_yield] compares, until the running
 * item returns.
 *
 * Must be called on the dispatcher's thread. Does nothing while no item is running. Answers to
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
