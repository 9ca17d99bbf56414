/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAction: a ready-made producer of an action, which is ended by hand. */

#include "config.h"

#include "async/loft-async-base-private.h"

/**
 * LoftAction:
 *
 * An action that is ended by the code that created it.
 *
 * That code ends the action with [method@Loft.Action.complete] or [method@Loft.AsyncBase.fail].
 * After a cancel it still has to call one of them.
 *
 * Return it to callers as a [iface@Loft.AsyncAction]. To make a type with members of its own,
 * derive from [class@Loft.AsyncBase]. To have work run somewhere, use
 * [method@Loft.Dispatcher.run_async] or [func@Loft.thread_pool_run_async].
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
  LOFT_ASYNC_BASE_CLASS (klass)->succeeds_itself = TRUE;
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_action_init (LoftAction *self)
{
}

/**
 * loft_action_new: (constructor)
 *
 * Creates an action that has started.
 *
 * Any thread may call. The status of the action is Started until its creator ends it. If the last
 * reference is dropped before that, the action ends with %LOFT_ERROR_DISCONNECTED. A cancel makes
 * the status Canceled at once, but the action ends only when its creator ends it. For this, set a
 * cancel handler ([method@Loft.AsyncBase.set_cancel_handler]) that stops the work and ends the
 * action.
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
 * @progress_type: the type of the reported values
 *
 * Creates an action that has started and will report progress.
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
 * Creates an action that has already succeeded.
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
 * Creates an action that has already failed.
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
 * Creates an action that was already cancelled and has ended.
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
 * Ends an action with the status Completed.
 *
 * Any thread may call; see [method@Loft.AsyncBase.complete]. Agile handlers and observers run
 * inside this call. If the calling thread is in the MTA, handlers whose home is the MTA also run
 * inside it. Do not hold a lock that one of them takes.
 *
 * Returns: %FALSE if the action had ended before, or was cancelled
 */
gboolean
loft_action_complete (LoftAction *self)
{
  g_return_val_if_fail (LOFT_IS_ACTION (self), FALSE);

  return loft_async_base_complete (LOFT_ASYNC_BASE (self));
}
