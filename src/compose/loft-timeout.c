/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A deadline for an async object, the inner one. The outer object that callers get ends when the
 * inner one does or when the time is up, whichever comes first. */

#include "config.h"

#include "async/loft-async-base-private.h"

typedef struct
{
  LoftAsyncBase *outer; /* strong */
  LoftLink *inner;
  GTimeSpan timeout;
} LoftDeadline;

static void
loft_deadline_free (gpointer data)
{
  LoftDeadline *deadline = data;

  g_object_unref (deadline->outer);
  loft_link_unref (deadline->inner);
  g_free (deadline);
}

static void
on_time_is_up (LoftAsyncInfo   *timer,
               LoftAsyncStatus  status,
               gpointer         user_data)
{
  LoftDeadline *deadline = user_data;
  g_autoptr (LoftAsyncInfo) inner = NULL;
  g_autofree char *what = NULL;

  if (status == LOFT_ASYNC_STATUS_COMPLETED &&
      !loft_async_info_has_ended (LOFT_ASYNC_INFO (deadline->outer)))
    inner = loft_link_dup (deadline->inner);
  if (inner == NULL)
    return; /* @inner was in time, or its last reference is going, which ends it */
  what = loft_async_info_describe (inner);
  loft_async_base_fail (deadline->outer,
                        g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                     "%s has not ended within %" G_GINT64_FORMAT " ms", what,
                                     deadline->timeout / G_TIME_SPAN_MILLISECOND));
  loft_async_info_cancel_for (inner, LOFT_CANCEL_REASON_TIMED_OUT);
}

static void
on_inner_ended (LoftAsyncInfo   *inner,
                LoftAsyncStatus  status,
                gpointer         outer)
{
  loft_async_base_has_heard (outer);
  loft_async_base_end_as (outer, inner, status);
}

/* What the end of the outer object stops: the timer, and the relay of progress. */
typedef struct
{
  LoftAsyncAction *timer; /* strong */
  LoftLink *inner;
} LoftTimeoutEnd;

static void
loft_timeout_end_free (gpointer data)
{
  LoftTimeoutEnd *end = data;

  g_object_unref (end->timer);
  loft_link_unref (end->inner);
  g_free (end);
}

static void
on_outer_ended (LoftAsyncInfo   *outer,
                LoftAsyncStatus  status,
                gpointer         user_data)
{
  LoftTimeoutEnd *end = user_data;
  g_autoptr (LoftAsyncInfo) inner = loft_link_dup (end->inner);

  loft_async_info_cancel (LOFT_ASYNC_INFO (end->timer));
  if (inner != NULL && LOFT_IS_ASYNC_BASE (inner))
    loft_async_base_stop_relay (LOFT_ASYNC_BASE (inner), LOFT_ASYNC_BASE (outer));
}

static void
on_foreign_report (LoftAsyncInfo *inner,
                   const GValue  *progress,
                   gpointer       outer_link)
{
  g_autoptr (LoftAsyncInfo) outer = loft_link_dup (outer_link);

  if (outer != NULL)
    loft_async_base_report_progress (LOFT_ASYNC_BASE (outer), progress);
}

/* Relays the progress of a class that implements the interface by hand. Such an object has only one
 * progress handler, and this takes it. */
static void
loft_timeout_relay_foreign (LoftAsyncWithProgress *inner,
                            LoftAsyncBase         *outer)
{
  LoftAsyncWithProgressInterface *iface = LOFT_ASYNC_WITH_PROGRESS_GET_IFACE (inner);
  g_autoptr (GError) error = NULL;

  if (iface->set_progress == NULL || iface->get_progress_type == NULL)
    return;
  loft_async_base_set_progress_type (outer, iface->get_progress_type (inner));
  if (!iface->set_progress (inner, LOFT_PROGRESS_ALL, on_foreign_report,
                            loft_async_info_dup_link (LOFT_ASYNC_INFO (outer)), loft_link_unref,
                            &error))
    g_warning ("%s: %s", G_STRFUNC,
               error != NULL ? error->message : "its progress handler can't be set");
}

/* Makes the outer object, with the interfaces of @info, and with its types if they are known. */
static LoftAsyncBase *
loft_timeout_make_outer (LoftAsyncInfo      *info,
                         const LoftCallSite *site)
{
  GType value_type = G_TYPE_NONE, progress_type = G_TYPE_NONE;
  LoftAsyncBase *outer;

  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_get_types (LOFT_ASYNC_BASE (info), &value_type, &progress_type);
  if (!LOFT_IS_ASYNC_OPERATION (info))
    outer = LOFT_ASYNC_BASE (loft_action_new_at (site->location, site->function));
  else
    {
      outer = LOFT_ASYNC_BASE (
        loft_operation_new_at (G_TYPE_BOOLEAN, site->location, site->function));
      loft_async_base_set_value_type (outer, value_type);
    }
  if (progress_type != G_TYPE_NONE)
    {
      loft_async_base_set_progress_type (outer, progress_type);
      loft_async_base_relay_progress (LOFT_ASYNC_BASE (info), outer);
    }
  else if (!LOFT_IS_ASYNC_BASE (info) && LOFT_IS_ASYNC_WITH_PROGRESS (info))
    loft_timeout_relay_foreign (LOFT_ASYNC_WITH_PROGRESS (info), outer);
  return outer;
}

/**
 * loft_with_timeout:
 * @info: an async object
 * @timeout: the time that @info may take, in µs, 0 or more
 *
 * Creates an object that ends as @info does, or fails with %G_IO_ERROR_TIMED_OUT if @info takes too
 * long.
 *
 * Any thread may call. The returned object has the interfaces, the value and the progress of @info.
 * If the class of @info implements the interface by hand, the one progress handler of @info is used
 * for that.
 *
 * When the time is up, the returned object ends at once, on the thread that all timers share,
 * whatever the pool is doing. @info is cancelled on the same thread, with
 * %LOFT_CANCEL_REASON_TIMED_OUT. Cancelling the returned object cancels @info, and the returned
 * object ends when @info does.
 *
 * The producer of @info holds it. If the producer drops @info without an end, @info fails with
 * %LOFT_ERROR_DISCONNECTED.
 *
 * Answers to `wait_for` without blocking, and to .NET's `Task.WaitAsync(TimeSpan)`.
 *
 * Returns: (transfer full): a [iface@Loft.AsyncOperation] if @info is one, otherwise a
 * [iface@Loft.AsyncAction]
 */
LoftAsyncInfo *
(loft_with_timeout) (LoftAsyncInfo *info,
                     GTimeSpan      timeout)
{
  return loft_with_timeout_at (info, timeout, NULL, G_STRFUNC);
}

LoftAsyncInfo *
loft_with_timeout_at (LoftAsyncInfo *info,
                      GTimeSpan      timeout,
                      const char    *location,
                      const char    *function)
{
  g_autoptr (LoftAsyncAction) timer = NULL;
  LoftCallSite site = { location, function };
  GError *error = NULL;
  LoftAsyncBase *outer;
  LoftDeadline *deadline;
  LoftTimeoutEnd *end;
  LoftLink *awaited;
  guint64 id;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (info), NULL);
  g_return_val_if_fail (timeout >= 0, NULL);

  outer = loft_timeout_make_outer (info, &site);
  loft_async_base_propagate_cancel (outer, info);
  awaited = loft_async_base_set_awaited (outer, info);
  if (!loft_async_info_observe (info, on_inner_ended, g_object_ref (outer), g_object_unref,
                                LOFT_OBSERVER_PASSES_ON, &id, &error))
    loft_async_base_fail (outer, error);
  loft_async_base_set_awaited_id (outer, awaited, id);
  if (loft_async_info_has_ended (LOFT_ASYNC_INFO (outer)))
    return LOFT_ASYNC_INFO (outer);

  /* A timeout of 0, too, ends on the timers' thread, and not inside this call. */
  timer = loft_delay_async_at (MAX (timeout, 1), location, function);
  deadline = g_new0 (LoftDeadline, 1);
  *deadline = (LoftDeadline) { g_object_ref (outer), loft_async_info_dup_link (info), timeout };
  loft_async_info_observe (LOFT_ASYNC_INFO (timer), on_time_is_up, deadline, loft_deadline_free,
                           LOFT_OBSERVER_BYSTANDER, NULL, NULL);
  end = g_new0 (LoftTimeoutEnd, 1);
  *end = (LoftTimeoutEnd) { g_object_ref (timer), loft_async_info_dup_link (info) };
  loft_async_info_observe (LOFT_ASYNC_INFO (outer), on_outer_ended, end, loft_timeout_end_free,
                           LOFT_OBSERVER_BYSTANDER, NULL, NULL);
  return LOFT_ASYNC_INFO (outer);
}
