/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftApartmentContext: keeps a place, the home of a thread, as a value, so that work can be run
 * there later. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "async/loft-async-base-private.h"
#include "work/loft-work-private.h"
#include "apartment/loft-apartment-context-private.h"

/* For work that was to run at a home that is gone: its action ends with an error, on the pool. */

typedef struct
{
  LoftAction *action;   /* strong */
  LoftDispatcher *home; /* strong */
} LoftUnwind;

static void
loft_unwind_run (gpointer data)
{
  LoftUnwind *unwind = data;
  g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (unwind->action));
  g_autofree char *where = loft_dispatcher_describe (unwind->home);

  /* This happens whenever a program ends, so nobody needs to look at the error. */
  loft_async_base_mark_observed (LOFT_ASYNC_BASE (unwind->action));

  loft_async_base_fail (LOFT_ASYNC_BASE (unwind->action),
                        g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The thread that should have gone on is gone: %s can't run, "
                                     "because %s has shut down.",
                                     what, where));
  g_object_unref (unwind->action);
  g_object_unref (unwind->home);
  g_free (unwind);
}

/* Makes an action that ends with LOFT_ERROR_DISCONNECTED on the pool. */
static LoftAsyncAction *
loft_action_new_disconnected (LoftDispatcher     *home,
                              const LoftCallSite *site)
{
  LoftUnwind *unwind = g_new0 (LoftUnwind, 1);
  LoftAction *action = loft_action_new_at (site->location, site->function);

  unwind->action = g_object_ref (action);
  unwind->home = g_object_ref (home);
  loft_dispatcher_count_undelivered (home);
  loft_pool_post_item (loft_call_item_new (loft_unwind_run, unwind));
  return LOFT_ASYNC_ACTION (action);
}

LoftAsyncAction *
loft_action_or_disconnected (LoftAsyncAction    *action,
                             LoftDispatcher     *home,
                             const LoftCallSite *site)
{
  if (action == NULL || !loft_async_info_has_ended (LOFT_ASYNC_INFO (action)) ||
      loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)) != LOFT_CANCEL_REASON_SHUT_DOWN)
    return action;
  g_object_unref (action);
  return loft_action_new_disconnected (home, site);
}

/**
 * LoftApartmentContext:
 *
 * A place to come back to: the home of the thread that captured it, or the MTA.
 *
 * Handlers and continuations are delivered to their homes by themselves. An apartment context is
 * for code that wants to choose when to run something at a home. It is a value, which can be copied
 * and moved. One thread at a time may use it. Answers to `winrt::apartment_context`.
 */
struct _LoftApartmentContext
{
  gboolean empty;
  LoftDispatcher *home; /* strong; NULL: the MTA */
};

G_DEFINE_BOXED_TYPE (LoftApartmentContext, loft_apartment_context,
                     loft_apartment_context_copy, loft_apartment_context_free)

/**
 * loft_apartment_context_capture: (constructor)
 *
 * Captures the place of the calling thread.
 *
 * Any thread may call this function. The place of a thread without a home is the MTA, which means
 * any thread without a home.
 *
 * Returns: (transfer full): the place
 */
LoftApartmentContext *
loft_apartment_context_capture (void)
{
  LoftApartmentContext *self = g_new0 (LoftApartmentContext, 1);

  self->home = loft_home_dup_current ();
  return self;
}

/**
 * loft_apartment_context_new_empty: (constructor)
 *
 * Makes an empty apartment context, which is no place.
 *
 * [method@Loft.ApartmentContext.is_empty] tells it from the others. Any thread may call this
 * function. Answers to `apartment_context{ nullptr }`.
 *
 * Returns: (transfer full): an empty apartment context
 */
LoftApartmentContext *
loft_apartment_context_new_empty (void)
{
  LoftApartmentContext *self = g_new0 (LoftApartmentContext, 1);

  self->empty = TRUE;
  return self;
}

/**
 * loft_apartment_context_copy:
 * @self: a place
 *
 * Copies an apartment context.
 *
 * Any thread may call this function.
 *
 * Returns: (transfer full): the copy
 */
LoftApartmentContext *
loft_apartment_context_copy (const LoftApartmentContext *self)
{
  LoftApartmentContext *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (LoftApartmentContext, 1);
  copy->empty = self->empty;
  copy->home = self->home != NULL ? g_object_ref (self->home) : NULL;
  return copy;
}

/**
 * loft_apartment_context_move:
 * @self: a place
 *
 * Moves the place into a new apartment context, and leaves @self empty.
 *
 * Any thread may call this function.
 *
 * Returns: (transfer full): the new apartment context
 */
LoftApartmentContext *
loft_apartment_context_move (LoftApartmentContext *self)
{
  LoftApartmentContext *moved;

  g_return_val_if_fail (self != NULL, NULL);

  moved = g_new0 (LoftApartmentContext, 1);
  moved->empty = self->empty;
  moved->home = g_steal_pointer (&self->home);
  self->empty = TRUE;
  return moved;
}

/**
 * loft_apartment_context_free:
 * @self: (nullable): a place
 *
 * Frees an apartment context.
 *
 * Any thread may call this function.
 */
void
loft_apartment_context_free (LoftApartmentContext *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->home);
  g_free (self);
}

/**
 * loft_apartment_context_is_empty:
 * @self: a place
 *
 * Returns whether an apartment context is empty, because it was made so or was moved from.
 *
 * Any thread may call this function.
 *
 * Returns: whether it is empty
 */
gboolean
loft_apartment_context_is_empty (const LoftApartmentContext *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->empty;
}

/**
 * loft_apartment_context_is_here:
 * @self: a place
 *
 * Returns whether the calling thread is already at the place.
 *
 * Any thread may call this function.
 *
 * Returns: whether it is; %FALSE for an empty apartment context
 */
gboolean
loft_apartment_context_is_here (const LoftApartmentContext *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !self->empty && loft_home_is_here (self->home);
}

/**
 * loft_apartment_context_dup_dispatcher:
 * @self: a place
 *
 * Gets the dispatcher of the place.
 *
 * Any thread may call this function.
 *
 * Returns: (transfer full) (nullable): the dispatcher; %NULL for the MTA, and for an empty
 *   apartment context
 */
LoftDispatcher *
loft_apartment_context_dup_dispatcher (const LoftApartmentContext *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->home != NULL ? g_object_ref (self->home) : NULL;
}

/* Runs the work at once on this thread, which is in the MTA. */
static LoftAsyncAction *
run_in_mta (LoftWorkHandler     handler,
            gpointer            user_data,
            GDestroyNotify      destroy,
            const LoftCallSite *site)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_ACTION,
    .flags = LOFT_WORK_ON_POOL,
    .lane = LOFT_LANE_NORMAL,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = *site,
  };
  LoftWork *work = loft_work_new (&request);

  loft_work_run (g_object_ref (work), NULL);
  return (LoftAsyncAction *) work;
}

/**
 * loft_apartment_context_run_async:
 * @self: a place, not an empty one
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the place (for the MTA: as that of
 *   [func@Loft.thread_pool_run_async]); at once if the place is gone. It may free @self
 *
 * Runs a handler at the place.
 *
 * Any thread may call this function. If the calling thread is already at the place, @handler runs
 * before this function returns. Otherwise @handler is queued in the Normal lane of the place's
 * dispatcher, or, for the MTA, on the pool. When the place is gone, @handler never runs, and the
 * action ends on the pool with %LOFT_ERROR_DISCONNECTED. Answers to `co_await apartment_context`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_apartment_context_run_async) (const LoftApartmentContext *self,
                                    LoftWorkHandler             handler,
                                    gpointer                    user_data,
                                    GDestroyNotify              destroy)
{
  return loft_apartment_context_run_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_apartment_context_run_async_at (const LoftApartmentContext *self,
                                     LoftWorkHandler             handler,
                                     gpointer                    user_data,
                                     GDestroyNotify              destroy,
                                     const char                 *location,
                                     const char                 *function)
{
  LoftCallSite site = { location, function };
  g_autoptr (LoftDispatcher) home = NULL;

  loft_consume_and_return_val_if_fail (self != NULL && !self->empty, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  if (self->home != NULL)
    {
      /* Held, because the handler or its destroy notify may free the apartment context. */
      home = g_object_ref (self->home);
      return loft_action_or_disconnected (loft_dispatcher_invoke_async_at (home,
                                                                           LOFT_PRIORITY_NORMAL,
                                                                           handler, user_data,
                                                                           destroy, location,
                                                                           function),
                                          home, &site);
    }
  if (loft_home_is_here (NULL))
    return run_in_mta (handler, user_data, destroy, &site);
  return loft_thread_pool_run_async_at (handler, user_data, destroy, location, function);
}
