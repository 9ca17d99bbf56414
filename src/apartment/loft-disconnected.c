/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A home that is gone: whoever wanted to go on there is told so, on the pool. */

#include "config.h"

#include "pool/loft-pool-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "async/loft-async-base-private.h"
#include "apartment/loft-disconnected-private.h"

typedef struct
{
  LoftWorkItem item;
  LoftAction *action;   /* strong */
  LoftDispatcher *home; /* strong */
} LoftUnwind;

static void
loft_unwind_run (LoftWorkItem   *item,
                 LoftDispatcher *dispatcher)
{
  LoftUnwind *unwind = (LoftUnwind *) item;
  g_autofree char *what = loft_async_info_describe (LOFT_ASYNC_INFO (unwind->action));
  g_autofree char *where = loft_dispatcher_describe (unwind->home);

  loft_async_base_mark_observed (LOFT_ASYNC_BASE (unwind->action)); /* so do programs end: forgotten, it is no error of theirs */

  loft_async_base_fail (LOFT_ASYNC_BASE (unwind->action),
                        g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The thread that should have gone on is gone: %s can't run, because %s has shut down.",
                                     what, where));
  g_object_unref (unwind->action);
  g_object_unref (unwind->home);
  g_free (unwind);
}

static const LoftWorkItemClass loft_unwind_class = {
  .name = "end of what should have run at a home that is gone",
  .run = loft_unwind_run,
};

LoftAsyncAction *
loft_action_new_disconnected (LoftDispatcher     *home,
                              const LoftCallSite *site)
{
  LoftUnwind *unwind = g_new0 (LoftUnwind, 1);
  LoftAction *action = loft_action_new_at (site->location, site->function);

  unwind->item.klass = &loft_unwind_class;
  unwind->action = g_object_ref (action);
  unwind->home = g_object_ref (home);
  loft_dispatcher_count_undelivered (home);
  loft_pool_post_item (&unwind->item);
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
