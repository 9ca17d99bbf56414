/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftApartmentContext: a place to come back to, as a value. */

#include "config.h"

#include "base/loft-door-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"
#include "apartment/loft-disconnected-private.h"

/**
 * LoftApartmentContext:
 *
 * A place to come back to: the home of the thread that captured it, or the MTA.
 *
 * Handlers and continuations come home by themselves; this is for code that wants to choose when. A value: copied and moved like one,
 * used by one thread at a time. Answers to `winrt::apartment_context`.
 */
struct _LoftApartmentContext
{
  gboolean empty;
  LoftDispatcher *home; /* strong; NULL: the MTA */
};

G_DEFINE_BOXED_TYPE (LoftApartmentContext, loft_apartment_context, loft_apartment_context_copy, loft_apartment_context_free)

/**
 * loft_apartment_context_capture: (constructor)
 *
 * Captures the calling thread's place.
 *
 * Any thread may call. On a thread without a home that is the MTA: any thread without a home will do.
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
 * Makes one that is no place, to be told apart with [method@Loft.ApartmentContext.is_empty].
 *
 * Any thread may call. Answers to `apartment_context{ nullptr }`.
 *
 * Returns: (transfer full): an empty one
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
 * Copies it.
 *
 * Any thread may call.
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
 * Takes what it is into a new one, and leaves it empty.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the new one
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
 * Frees it.
 *
 * Any thread may call.
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
 * Whether it is no place: made empty, or moved from.
 *
 * Any thread may call.
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
 * Whether the calling thread is there already.
 *
 * Any thread may call.
 *
 * Returns: whether it is; %FALSE for an empty one
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
 * Gives the dispatcher of the place.
 *
 * Any thread may call.
 *
 * Returns: (transfer full) (nullable): the dispatcher; %NULL for the MTA, and for an empty one
 */
LoftDispatcher *
loft_apartment_context_dup_dispatcher (const LoftApartmentContext *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->home != NULL ? g_object_ref (self->home) : NULL;
}

/* On this thread, which is in the MTA, as it is. */
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
 * @destroy: (nullable): called once with @user_data, there (of the MTA: as that of [func@Loft.thread_pool_run_async]); at once if
 *   the place is gone. It may free @self
 *
 * Goes on at the place.
 *
 * Any thread may call. When it is there already @handler runs before this returns: no hop. Else it is queued in the Normal
 * lane, or, for the MTA, on the pool. When the place is gone @handler never runs, and the action ends on the pool in
 * %LOFT_ERROR_DISCONNECTED. Answers to `co_await apartment_context`.
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

/**
 * loft_apartment_context_run_async_at: (skip)
 *
 * [method@Loft.ApartmentContext.run_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
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
      home = g_object_ref (self->home); /* what is called may free the place, as the call's own data */
      return loft_action_or_disconnected (loft_dispatcher_invoke_async_at (home, LOFT_PRIORITY_NORMAL, handler, user_data,
                                                                           destroy, location, function),
                                          home, &site);
    }
  if (loft_home_is_here (NULL))
    return run_in_mta (handler, user_data, destroy, &site);
  return loft_thread_pool_run_async_at (handler, user_data, destroy, location, function);
}
