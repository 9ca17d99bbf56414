/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Unhandled errors: brings errors that nobody looked at to LoftDispatcher::unhandled-error. */

#include "config.h"

#include "pool/loft-pool-private.h"
#include "dispatcher/loft-dispatcher-private.h"

typedef struct
{
  LoftWorkItem item;
  GError *error;
  char *source;
} LoftUnhandledItem;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftUnhandledItem, item) == 0);

static void
loft_unhandled_item_free (LoftUnhandledItem *unhandled)
{
  g_error_free (unhandled->error);
  g_free (unhandled->source);
  g_free (unhandled);
}

static void
loft_unhandled_item_warn (LoftUnhandledItem *unhandled)
{
  g_warning ("Nobody looked at the error of what was asked for in %s (set a handler, get the "
             "results, or connect to "
             "LoftDispatcher::unhandled-error): %s",
             unhandled->source, unhandled->error->message);
}

static void
loft_unhandled_item_run (LoftWorkItem   *item,
                         LoftDispatcher *dispatcher)
{
  LoftUnhandledItem *unhandled = (LoftUnhandledItem *) item;

  if (dispatcher == NULL) /* on the pool */
    dispatcher = loft_dispatcher_get_default ();
  if (!loft_dispatcher_emit_unhandled_error (dispatcher, unhandled->error, unhandled->source))
    loft_unhandled_item_warn (unhandled);
  loft_unhandled_item_free (unhandled);
}

static void
loft_unhandled_item_drop (LoftWorkItem   *item,
                          LoftDispatcher *dispatcher)
{
  loft_unhandled_item_warn ((LoftUnhandledItem *) item);
  loft_unhandled_item_free ((LoftUnhandledItem *) item);
}

static const LoftWorkItemClass loft_unhandled_item_class = {
  .name = "unhandled error",
  .run = loft_unhandled_item_run,
  .drop = loft_unhandled_item_drop,
};

void
loft_dispatcher_report_unhandled (LoftDispatcher     *self,
                                  GError             *error,
                                  char               *source)
{
  LoftUnhandledItem *unhandled = g_new0 (LoftUnhandledItem, 1);

  unhandled->item.klass = &loft_unhandled_item_class;
  unhandled->error = error;
  unhandled->source = source;

  if (self == NULL && !loft_thread_default_context_is_run ())
    {
      loft_pool_post_item (&unhandled->item);
      return;
    }
  if (self == NULL)
    self = loft_dispatcher_get_default ();
  if (!loft_dispatcher_post_item (self, LOFT_LANE_NORMAL, &unhandled->item))
    loft_unhandled_item_drop (&unhandled->item, self);
}
