/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAction: the ready producer of an action, ended by hand. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAction:
 *
 * An action that its maker ends: with [method@Loft.Action.complete], [method@Loft.AsyncBase.fail],
 * or, after a cancel, with either of them.
 *
 * Hand it out as a [iface@Loft.AsyncAction]. For a type with members of its own derive from
 * [class@Loft.AsyncBase]; to have work run somewhere, take [method@Loft.Dispatcher.run_async] or
 * [func@Loft.thread_pool_run_async].
 *
 * Answers to what C++/WinRT makes of a coroutine, and to WRL's `MakeAsyncAction`.
 */

struct _LoftAction
{
  LoftAsyncBase parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftAction, loft_action, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))

static void
loft_action_class_init (LoftActionClass *klass)
{
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_action_init (LoftAction *self)
{
}

/**
 * loft_action_new: (constructor)
 *
 * Makes an action that has started.
 *
 * Any thread may call. Its status is Started until its maker ends it; dropping the last reference
 * to one that has not ended ends it in %LOFT_ERROR_DISCONNECTED. Cancelled it is Canceled at once,
 * but it ends only when its maker ends it: set a cancel handler
 * ([method@Loft.AsyncBase.set_cancel_handler]) that stops the work and ends it.
 *
 * Returns: (transfer full): the action
 */
LoftAction *
(loft_action_new) (void)
{
  return loft_action_new_at (NULL, G_STRFUNC);
}

LoftAction *
loft_action_new_at (const char *location,
                    const char *function)
{
  LoftAction *self = g_object_new (LOFT_TYPE_ACTION, NULL);

  loft_async_base_init_work (LOFT_ASYNC_BASE (self), LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { location, function });
  loft_async_base_capture_home (LOFT_ASYNC_BASE (self));
  return self;
}

LoftAsyncBase *
loft_action_new_queued (const LoftCallSite *site)
{
  LoftAsyncBase *self = LOFT_ASYNC_BASE (loft_action_new_at (NULL, G_STRFUNC));

  loft_async_base_init_work (self, LOFT_PHASE_QUEUED, LOFT_LANE_NORMAL, site);
  return self;
}

/**
 * loft_action_new_with_progress: (constructor)
 * @progress_type: the type of what it will report
 *
 * Makes an action that has started and will report progress.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the action
 */
LoftAction *
(loft_action_new_with_progress) (GType progress_type)
{
  return loft_action_new_with_progress_at (progress_type, NULL, G_STRFUNC);
}

LoftAction *
loft_action_new_with_progress_at (GType       progress_type,
                                  const char *location,
                                  const char *function)
{
  LoftAction *self;

  g_return_val_if_fail (G_TYPE_IS_VALUE (progress_type), NULL);

  self = loft_action_new_at (location, function);
  loft_async_base_set_progress_type (LOFT_ASYNC_BASE (self), progress_type);
  return self;
}

/**
 * loft_action_new_completed: (constructor)
 *
 * Makes an action that has already succeeded.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the action
 */
LoftAction *
loft_action_new_completed (void)
{
  LoftAction *self = loft_action_new_at (NULL, G_STRFUNC);

  loft_async_base_complete (LOFT_ASYNC_BASE (self));
  return self;
}

/**
 * loft_action_new_failed: (constructor)
 * @error: (transfer full): what went wrong
 *
 * Makes an action that has already failed.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the action
 */
LoftAction *
loft_action_new_failed (GError *error)
{
  LoftAction *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = loft_action_new_at (NULL, G_STRFUNC);
  loft_async_base_fail (LOFT_ASYNC_BASE (self), error);
  return self;
}

/**
 * loft_action_new_canceled: (constructor)
 *
 * Makes an action that was already cancelled and has ended.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the action
 */
LoftAction *
loft_action_new_canceled (void)
{
  LoftAction *self = loft_action_new_at (NULL, G_STRFUNC);

  loft_async_base_end_canceled (LOFT_ASYNC_BASE (self), LOFT_CANCEL_REASON_REQUESTED);
  return self;
}

/**
 * loft_action_complete:
 * @self: an action
 *
 * Ends it Completed.
 *
 * Any thread may call; see [method@Loft.AsyncBase.complete]. Agile handlers and observers run
 * inside this call, and so does what has no home, when this thread has none: hold no lock that they
 * take.
 *
 * Returns: %FALSE if it had ended before, or was cancelled
 */
gboolean
loft_action_complete (LoftAction *self)
{
  g_return_val_if_fail (LOFT_IS_ACTION (self), FALSE);

  return loft_async_base_complete (LOFT_ASYNC_BASE (self));
}
