/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftResumption: suspends a coroutine of another language, and resumes it when something has ended
 * or at another place. The caller owns the memory, and may free it as soon as its handler runs. */

#include "config.h"

#include "pool/loft-pool-private.h"
#include "async/loft-async-base-private.h"

typedef struct
{
  LoftWorkItem item;
  LoftResumeHandler handler;
  gpointer user_data;
} LoftResumptionItem;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftResumptionItem, item) == 0);
G_STATIC_ASSERT (sizeof (LoftResumptionItem) == sizeof (LoftResumption));

static void
resume_lost (gpointer resumption)
{
  LoftResumptionItem *self = resumption;

  self->handler (self->user_data, NULL, TRUE);
}

static void
loft_resumption_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftResumptionItem *self = (LoftResumptionItem *) item;

  self->handler (self->user_data, NULL, FALSE);
}

static void
loft_resumption_drop (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  if (dispatcher != NULL)
    loft_dispatcher_count_undelivered (dispatcher);
  loft_pool_post_item (loft_call_item_new (resume_lost, item));
}

static const LoftWorkItemClass loft_resumption_class = {
  .name = "coroutine",
  .run = loft_resumption_run,
  .drop = loft_resumption_drop,
};

/**
 * loft_resumption_init: (skip)
 * @self: memory for a resumption
 * @handler: what resumes the coroutine
 * @user_data: what to call @handler with
 *
 * Prepares a resumption, which can then be used any number of times.
 *
 * The thread that runs the coroutine may call.
 */
void
loft_resumption_init (LoftResumption   *self,
                      LoftResumeHandler handler,
                      gpointer          user_data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (handler != NULL);

  *(LoftResumptionItem *) self = (LoftResumptionItem) { { .klass = &loft_resumption_class },
                                                        handler, user_data };
}

static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  LoftResumptionItem *self = user_data;

  self->handler (self->user_data, info, FALSE);
}

/* Runs on the pool. */
static void
on_home_gone (LoftAsyncInfo *info,
              gpointer       user_data)
{
  resume_lost (user_data);
}

/**
 * loft_resumption_await: (skip)
 * @self: a resumption
 * @info: what to wait for
 * @agile: whether to go on on the thread that ends @info
 * @error: return location for an error
 *
 * Calls the handler when an object has ended, at the home of the calling thread.
 *
 * The thread that runs the coroutine may call. The handler never runs inside this call, unless
 * @agile is set. It may run on another thread before this call returns. If the home has shut down,
 * the handler is called on the pool, with `lost` set. @info is not held. If it is dropped without
 * an end, the handler is called with an object that has failed with %LOFT_ERROR_DISCONNECTED.
 *
 * Returns: %FALSE with @error set if @info is of a class that takes no handler; the handler is not
 *   called then
 */
gboolean
loft_resumption_await (LoftResumption  *self,
                       LoftAsyncInfo   *info,
                       gboolean         agile,
                       GError         **error)
{
  LoftHandler *handler;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (info), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  handler = loft_async_info_new_handler (info, LOFT_HANDLER_CONTINUATION, agile,
                                         G_CALLBACK (on_ended), self, NULL);
  handler->dropped = on_home_gone;
  return loft_async_info_add_handler (info, handler, NULL, error);
}

/**
 * loft_resumption_go_background: (skip)
 * @self: a resumption
 *
 * Calls the handler on a worker of the pool.
 *
 * The thread that runs the coroutine may call. Answers to `resume_background`.
 */
void
loft_resumption_go_background (LoftResumption *self)
{
  g_return_if_fail (self != NULL);

  loft_pool_post_item (&((LoftResumptionItem *) self)->item);
}

/**
 * loft_resumption_go_foreground: (skip)
 * @self: a resumption
 * @dispatcher: where to go on
 * @priority: in which lane
 *
 * Calls the handler on a dispatcher's thread.
 *
 * The thread that runs the coroutine may call. If the dispatcher ends before the handler's turn,
 * the handler is called on the pool, with `lost` set. Answers to `resume_foreground`.
 *
 * Returns: %FALSE if the dispatcher has shut down; the handler is not called then
 */
gboolean
loft_resumption_go_foreground (LoftResumption *self,
                               LoftDispatcher *dispatcher,
                               LoftPriority    priority)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), FALSE);
  g_return_val_if_fail (loft_priority_check (priority, LOFT_PRIORITY_IDLE, G_STRFUNC), FALSE);

  return loft_dispatcher_post_users_item (dispatcher, loft_lane_from_priority (priority),
                                          &((LoftResumptionItem *) self)->item);
}
