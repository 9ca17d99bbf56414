/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "elsewhere.h"

#include "../test-util.h"
#include "../by-hand.h"

static void *
complete (void *action)
{
  loft_action_complete (action);
  g_object_unref (action);
  return NULL;
}

/**
 * await_elsewhere_complete:
 * @action: an action
 *
 * Completes it on another thread, some time later.
 */
void
await_elsewhere_complete (LoftAction *action)
{
  pthread_t thread;

  pthread_create (&thread, NULL, complete, g_object_ref (action));
  pthread_detach (thread);
}

static void *
cancel (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}

/**
 * await_elsewhere_cancel:
 * @info: an async object
 *
 * Cancels it on another thread, before this function returns.
 */
void
await_elsewhere_cancel (LoftAsyncInfo *info)
{
  test_on_thread (cancel, info);
}

/**
 * await_elsewhere_delay:
 * @dispatcher: any dispatcher
 *
 * Posts work that waits there for an hour.
 *
 * Returns: (transfer full): its action
 */
LoftAsyncInfo *
await_elsewhere_delay (LoftDispatcher *dispatcher)
{
  return (LoftAsyncInfo *) loft_dispatcher_run_delayed_async (
    dispatcher, LOFT_PRIORITY_NORMAL, G_TIME_SPAN_HOUR, test_succeed, NULL, NULL);
}

static gboolean
get (LoftAsyncAction *action,
     gpointer         info,
     GError         **error)
{
  return loft_async_action_get (info, error);
}

/**
 * await_elsewhere_get:
 * @info: an async action
 *
 * Waits for it on a worker.
 *
 * Returns: (transfer full): the action of that work
 */
LoftAsyncAction *
await_elsewhere_get (LoftAsyncInfo *info)
{
  return loft_thread_pool_run_async (get, g_object_ref (info), g_object_unref);
}

/**
 * await_foreign_new_info:
 *
 * Makes an object of a class that implements the interface by hand.
 *
 * Returns: (transfer full): the object
 */
LoftAsyncInfo *
await_foreign_new_info (void)
{
  return g_object_new (test_foreign_get_type (), NULL);
}

/**
 * await_foreign_end:
 * @info: such an object
 *
 * Completes it.
 */
void
await_foreign_end (LoftAsyncInfo *info)
{
  test_foreign_complete (TEST_FOREIGN (info));
}

static void
ignore_end (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         data)
{
}

/**
 * await_foreign_use_slot:
 * @info: such an object
 *
 * Sets its one handler.
 */
void
await_foreign_use_slot (LoftAsyncInfo *info)
{
  g_assert_true (loft_async_info_set_completed (info, ignore_end, NULL, NULL, NULL));
}
