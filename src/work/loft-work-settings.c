/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkSettings: how work is started. */

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
  LoftHandler *progress; /* NULL: none, or a start has it */
};

G_DEFINE_BOXED_TYPE (LoftWorkSettings, loft_work_settings,
                     loft_work_settings_ref, loft_work_settings_unref)

/**
 * loft_work_settings_new:
 *
 * Makes settings: Normal priority, no options, no owner, no progress.
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
 * Takes another reference.
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
 * Gives a reference back. With the last one the data of a progress handler that no start has taken
 * is released, at its home.
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
 * @priority: a priority; for the pool and a limiter not Idle
 *
 * Sets in which order the work is taken among others, and in which lane its end and its reports
 * come home.
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
 * Sets the options of [func@Loft.thread_pool_run_with_options_async], for any shape of work. A
 * dispatcher has no use for them.
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
 * @owner: (nullable): with whom the work dies; %NULL: it has none
 *
 * Sets the object that the work dies with: when it is disposed, the work is cancelled with the
 * reason %LOFT_CANCEL_REASON_OWNER_GONE.
 *
 * @owner is not held. On a dispatcher it is held while the work runs. A worker of the pool does not
 * hold it, since it might let go of the last reference: work that touches its owner takes a
 * reference, and brings it home.
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
 * @progress_type: the type of what is reported
 * @flags: which reports @handler gets
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call with
 *   each; %NULL: nobody listens yet
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Sets that the work reports, and who listens from its first report on.
 *
 * @handler comes home to the thread that calls this, as one of
 * [method@Loft.AsyncWithProgress.set_progress]. When the settings have an owner, it dies with that,
 * as one of [method@Loft.AsyncWithProgress.set_progress_for]. It is for one start: the first that
 * takes these settings has it, a later one only reports.
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
                               LoftWork        *work)
{
  LoftAsyncBase *base = (LoftAsyncBase *) work;

  if (full->progress != NULL && full->owner != NULL) /* its reports would come to who is gone */
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
