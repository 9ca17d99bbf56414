/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_run_synchronously: makes a synchronous function out of asynchronous ones.
 *
 * Such a function has a scope: a context of its own, which runs until the object that was begun has
 * ended. Then the scope's dispatcher is shut down, so that nothing that was posted to it is left
 * behind, and no file descriptor stays open. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-descriptors-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-wait-private.h"

/* The scope's context, and why its loop is left before the end. */
typedef struct
{
  GMainContext *context;
  gint canceled;      /* atomic: set by the cancellable, on any thread */
  gboolean timed_out; /* owner thread only */
} LoftScope;

static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         context)
{
  g_main_context_wakeup (context);
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  LoftScope *scope = user_data;

  /* Release: pairs with the acquire in loft_scope_run (). The flag is set before the wake-up,
   * because the thread that is woken would otherwise go back to its wait. */
  loft_store_release (&scope->canceled, TRUE);
  g_main_context_wakeup (scope->context);
}

static gboolean
on_time_is_up (gpointer user_data)
{
  ((LoftScope *) user_data)->timed_out = TRUE;
  return G_SOURCE_REMOVE;
}

static GSource *
loft_scope_add_limit (LoftScope *scope,
                      GTimeSpan  timeout)
{
  GSource *source = g_timeout_source_new (0);

  g_source_set_static_name (source, "Loft limit of a synchronous function");
  g_source_set_callback (source, on_time_is_up, scope, NULL);
  g_source_set_ready_time (source, g_get_monotonic_time () + timeout);
  g_source_attach (source, scope->context);
  return source;
}

static void
loft_scope_run (LoftScope     *scope,
                LoftAsyncInfo *info,
                GTimeSpan      timeout,
                GCancellable  *cancellable)
{
  g_autoptr (GSource) limit = timeout >= 0 ? loft_scope_add_limit (scope, timeout) : NULL;
  gulong connection = cancellable != NULL
                        ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), scope,
                                                 NULL)
                        : 0;

  /* Acquire: pairs with the release in on_cancelled (). A thread that sees the flag also sees what
   * was done before the cancel. */
  while (!loft_async_info_has_ended (info) && !scope->timed_out &&
         !loft_load_acquire (&scope->canceled))
    g_main_context_iteration (scope->context, TRUE);

  g_cancellable_disconnect (cancellable, connection);
  if (limit != NULL)
    g_source_destroy (limit);
}

/* Whether this thread may wait for @info. The context is popped so that the check is made for the
 * caller's own home. An object whose work runs in the scope will end, but an object that only the
 * caller's own loop could end never would. */
static gboolean
loft_scope_check (LoftScope      *scope,
                  LoftAsyncInfo  *info,
                  GError        **error)
{
  gboolean may;

  if (loft_async_info_has_ended (info))
    return TRUE;

  g_main_context_pop_thread_default (scope->context);
  may = loft_async_wait_check (info, TRUE, error);
  g_main_context_push_thread_default (scope->context);
  return may;
}

/* @info has ended, or the wait for it is over. FALSE: it has no result, and @error says why. */
static gboolean
loft_scope_conclude (LoftScope      *scope,
                     LoftAsyncInfo  *info,
                     GTimeSpan       timeout,
                     GError        **error)
{
  if (loft_async_info_has_ended (info))
    {
      if (loft_async_info_get_status (info) == LOFT_ASYNC_STATUS_COMPLETED)
        return TRUE;
      g_propagate_error (error, loft_async_info_dup_error (info));
      return FALSE;
    }

  loft_async_info_cancel_for (info, scope->timed_out ? LOFT_CANCEL_REASON_TIMED_OUT
                                            : LOFT_CANCEL_REASON_REQUESTED);
  if (scope->timed_out)
    {
      g_autofree char *what = loft_async_info_describe (info);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   "%s has not ended within %" G_GINT64_FORMAT " ms, and was cancelled", what,
                   timeout / G_TIME_SPAN_MILLISECOND);
    }
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         "The synchronous function was cancelled");
  return FALSE;
}

/* Runs with the context pushed. */
static LoftAsyncInfo *
loft_scope_begin_and_run (LoftScope         *scope,
                          LoftBeginHandler   begin,
                          gpointer           user_data,
                          GTimeSpan          timeout,
                          GCancellable      *cancellable,
                          GError           **error)
{
  LoftAsyncInfo *info = begin (user_data, error);
  guint64 id = 0;
  gboolean may;

  if (info == NULL)
    {
      if (*error == NULL)
        g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_FAILED,
                             "The begin handler of a synchronous function returned NULL without "
                             "an error: return what was begun, or set the error.");
      return NULL;
    }

  may = loft_scope_check (scope, info, error) &&
        loft_async_info_observe (info, on_ended, g_main_context_ref (scope->context),
                                 (GDestroyNotify) g_main_context_unref, LOFT_OBSERVER_WAITS, &id,
                                 error);
  if (may)
    {
      loft_scope_run (scope, info, timeout, cancellable);
      loft_async_info_remove_observer (info, id);
    }
  if (!may || !loft_scope_conclude (scope, info, timeout, error))
    g_clear_object (&info);
  return info;
}

/**
 * loft_run_synchronously:
 * @begin: (scope call) (closure user_data): begins an async object, and returns it
 * @user_data: what to call @begin with
 * @timeout: how long the object may take, in µs; negative: no limit
 * @cancellable: (nullable): cancels the object
 * @error: return location for an error
 *
 * Begins an async object and waits until it has ended, on this thread and in a context of its own.
 *
 * With this function you make a synchronous function out of asynchronous ones. Any thread may call
 * it. It blocks a thread that has a dispatcher, as any synchronous function of GIO does. During the
 * call the thread's home is the scope, which is the dispatcher of the call's own context. Items
 * that @begin posts to [func@Loft.Dispatcher.get_for_current_thread] run here. Handlers and
 * continuations that are set here also run here, and so do the callbacks of GIO. Nothing else runs
 * during the call: no input, no timers and no items of the thread's own dispatcher.
 *
 * When the object has ended, everything that has been delivered to the scope by then runs, the
 * scope ends in order like a dispatcher that is shut down, and its file descriptor is closed. What
 * other threads deliver later finds its home gone: async objects that somebody waits for end with
 * %LOFT_ERROR_DISCONNECTED, and handlers are dropped and their data is released. When the time is
 * up or @cancellable is cancelled, the object is cancelled, and this function returns without
 * waiting for its end.
 *
 * Use this function where a thread would push a context, wait and pop the context again. Such a
 * context must not just be dropped, because what was posted to it would end only with the thread.
 *
 * Errors: that of @begin, or %LOFT_ERROR_FAILED if @begin returned %NULL and set no error; the
 * error of the object, if it failed or was cancelled; %G_IO_ERROR_TIMED_OUT when the time is up;
 * %G_IO_ERROR_CANCELLED when @cancellable is cancelled; %LOFT_ERROR_DEADLOCK if only the thread's
 * own loop could end the object; an error from %G_IO_ERROR if there is no file descriptor for a
 * context.
 *
 * Windows has no such call. There a thread of the MTA uses `get ()`.
 *
 * Returns: (transfer full) (nullable): what @begin returned, which is Completed, so that its
 *   results are available; %NULL with @error set
 */
LoftAsyncInfo *
loft_run_synchronously (LoftBeginHandler   begin,
                        gpointer           user_data,
                        GTimeSpan          timeout,
                        GCancellable      *cancellable,
                        GError           **error)
{
  g_autoptr (LoftDispatcher) dispatcher = NULL;
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (GError) local_error = NULL;
  LoftScope scope = { NULL };
  LoftAsyncInfo *info;

  g_return_val_if_fail (begin != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!loft_descriptors_try (error))
    return NULL;

  context = scope.context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  dispatcher = loft_dispatcher_get_for_context (context);
  info = loft_scope_begin_and_run (&scope, begin, user_data, timeout, cancellable, &local_error);
  loft_dispatcher_shut_down (dispatcher);
  g_main_context_pop_thread_default (context);

  if (info == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return info;
}
