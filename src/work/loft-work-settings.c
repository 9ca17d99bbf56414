/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkSettings: holds the settings with which work is started. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "async/loft-owned-handler-private.h"
#include "work/loft-work-settings-private.h"

struct _LoftWorkSettings
{
  gint refs; /* atomic */

  /* one thread at a time */
  LoftPriority priority;
  LoftWorkOptions options;
  gboolean has_owner;
  GWeakRef owner;
  GType progress_type;   /* G_TYPE_INVALID: it does not report */
  LoftHandler *progress; /* NULL: none, or a start has taken it */
};

G_DEFINE_BOXED_TYPE (LoftWorkSettings, loft_work_settings,
                     loft_work_settings_ref, loft_work_settings_unref)

/**
 * loft_work_settings_new:
 *
 * Creates settings with Normal priority, no options, no owner and no progress.
 *
 * Returns: (transfer full): the settings
 */
LoftWorkSettings *
loft_work_settings_new (void)
{
  LoftWorkSettings *self = g_new0 (LoftWorkSettings, 1);

  self->refs = 1;
  g_weak_ref_init (&self->owner, NULL);
  return self;
}

/**
 * loft_work_settings_ref:
 * @self: settings
 *
 * Takes another reference to the settings.
 *
 * Returns: (transfer full): @self
 */
LoftWorkSettings *
loft_work_settings_ref (LoftWorkSettings *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  loft_refs_take (&self->refs);
  return self;
}

/**
 * loft_work_settings_unref:
 * @self: (transfer full): settings
 *
 * Drops a reference to the settings.
 *
 * When the last reference is dropped, the data of a progress handler that no start has taken is
 * released at the home of that handler.
 */
void
loft_work_settings_unref (LoftWorkSettings *self)
{
  g_return_if_fail (self != NULL);

  if (!loft_refs_drop (&self->refs))
    return;

  g_clear_pointer (&self->progress, loft_handler_leave_slot);
  g_weak_ref_clear (&self->owner);
  g_free (self);
}

/**
 * loft_work_settings_set_priority:
 * @self: settings
 * @priority: a priority; not Idle for the pool or a limiter
 *
 * Sets the priority of the work.
 *
 * The priority decides in which order the work is taken among other work, and in which lane the
 * completed handler and the reports of progress are delivered.
 */
void
loft_work_settings_set_priority (LoftWorkSettings *self,
                                 LoftPriority      priority)
{
  g_return_if_fail (self != NULL);

  if (loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC))
    self->priority = priority;
}

/**
 * loft_work_settings_set_options:
 * @self: settings
 * @options: how to run it on the pool
 *
 * Sets the options of the work.
 *
 * They are the options of [func@Loft.thread_pool_run_with_options_async], and may be used for any
 * form of work on the pool. A dispatcher ignores them.
 */
void
loft_work_settings_set_options (LoftWorkSettings *self,
                                LoftWorkOptions   options)
{
  g_return_if_fail (self != NULL);

  self->options = options;
}

/**
 * loft_work_settings_set_owner:
 * @self: settings
 * @owner: (nullable): the object whose disposal cancels the work; %NULL for none
 *
 * Sets the object whose disposal cancels the work.
 *
 * The reason of the cancel is %LOFT_CANCEL_REASON_OWNER_GONE.
 *
 * The settings and waiting work do not hold @owner. A dispatcher holds it while the work runs. A
 * worker of the pool does not hold it, because the worker might drop the last reference. Pool work
 * that uses its owner must take a reference itself, and see to it that the reference is dropped at
 * the owner's home.
 */
void
loft_work_settings_set_owner (LoftWorkSettings *self,
                              GObject          *owner)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (owner == NULL || G_IS_OBJECT (owner));

  self->has_owner = owner != NULL;
  g_weak_ref_set (&self->owner, owner);
}

/**
 * loft_work_settings_set_progress:
 * @self: settings
 * @progress_type: the type of the reported values
 * @flags: which reports @handler receives
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call with
 *   each report; %NULL for no handler yet
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Sets that the work reports progress, and which handler receives the reports.
 *
 * @handler is in place before the work begins, so that it misses no report. It runs at the home of
 * the calling thread, like a handler of [method@Loft.AsyncWithProgress.set_progress]. If the
 * settings have an owner, @handler is not called once that owner is disposed, like a handler of
 * [method@Loft.AsyncWithProgress.set_progress_for]. @handler serves one start only: the first work
 * that is started with these settings takes it. Work that is started later reports progress, but
 * without this handler.
 */
void
loft_work_settings_set_progress (LoftWorkSettings    *self,
                                 GType                progress_type,
                                 LoftProgressFlags    flags,
                                 LoftProgressHandler  handler,
                                 gpointer             user_data,
                                 GDestroyNotify       destroy)
{
  loft_consume_and_return_if_fail (self != NULL, destroy, user_data);
  loft_consume_and_return_if_fail (G_TYPE_IS_VALUE (progress_type), destroy, user_data);

  g_clear_pointer (&self->progress, loft_handler_leave_slot);
  self->progress_type = progress_type;
  if (handler != NULL)
    {
      self->progress = loft_handler_new (LOFT_HANDLER_PROGRESS, FALSE, G_CALLBACK (handler),
                                         user_data, destroy);
      self->progress->latest = (flags & LOFT_PROGRESS_LATEST) != 0;
    }
  else if (destroy != NULL)
    destroy (user_data);
}

LoftPriority
loft_work_settings_get_priority (LoftWorkSettings *self)
{
  return self != NULL ? self->priority : LOFT_PRIORITY_NORMAL;
}

void
loft_work_settings_fill (LoftWorkSettings *self,
                         LoftFullRequest  *full)
{
  LoftWorkRequest *request = &full->request;

  if (self == NULL)
    return;

  request->flags |= LOFT_WORK_FULL;

  if ((self->options & LOFT_WORK_TIME_SLICED) != 0)
    request->flags |= LOFT_WORK_SLICED;
  full->has_owner = self->has_owner;
  full->owner = self->has_owner ? g_weak_ref_get (&self->owner) : NULL;
  if (self->progress_type == G_TYPE_INVALID)
    return;

  request->flags |= LOFT_WORK_REPORTS;
  request->progress_type = self->progress_type;
  full->progress = g_steal_pointer (&self->progress);
}

void
loft_work_request_clear (LoftWorkRequest *request)
{
  LoftFullRequest *full = (LoftFullRequest *) request;

  if ((request->flags & LOFT_WORK_FULL) == 0)
    return;

  g_clear_object (&full->owner);
  g_clear_pointer (&full->progress, loft_handler_leave_slot);
}

gboolean
loft_work_request_settle_full (LoftFullRequest *full,
                               LoftAsyncBase   *base)
{
  if (full->progress != NULL && full->owner != NULL) /* not called once the owner is gone */
    full->progress = loft_handler_new_owned_progress (full->owner, full->progress);
  if (full->progress != NULL)
    loft_async_base_set_progress_handler (base, g_steal_pointer (&full->progress), NULL);
  if (!full->has_owner)
    return TRUE;

  if (full->owner == NULL)
    {
      loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_OWNER_GONE);
      return FALSE;
    }
  loft_async_base_set_owner (base, full->owner);
  g_clear_object (&full->owner);
  return TRUE;
}
