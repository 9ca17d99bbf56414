/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Errors that nobody looked at, on their way to LoftDispatcher::unhandled-error. */

#include "config.h"

#include "loft-dispatcher-private.h"

typedef struct
{
  LoftWorkItem item;
  GError *error;
  char *source;
} LoftUnhandled;

static void
loft_unhandled_free (LoftUnhandled *unhandled)
{
  g_error_free (unhandled->error);
  g_free (unhandled->source);
  g_free (unhandled);
}

static void
loft_unhandled_warn (LoftUnhandled *unhandled)
{
  g_warning ("Nobody looked at the error of what was asked for in %s (set a handler, get the results, or connect to "
             "LoftDispatcher::unhandled-error): %s", unhandled->source, unhandled->error->message);
}

static void
loft_unhandled_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  LoftUnhandled *unhandled = (LoftUnhandled *) item;

  if (!loft_dispatcher_emit_unhandled_error (dispatcher, unhandled->error, unhandled->source))
    loft_unhandled_warn (unhandled);
  loft_unhandled_free (unhandled);
}

static void
loft_unhandled_drop (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  loft_unhandled_warn ((LoftUnhandled *) item);
  loft_unhandled_free ((LoftUnhandled *) item);
}

static const LoftWorkItemClass loft_unhandled_class = {
  .name = "unhandled error",
  .run = loft_unhandled_run,
  .drop = loft_unhandled_drop,
};

void
loft_dispatcher_report_unhandled (LoftDispatcher     *self,
                                  GError             *error,
                                  const LoftCallSite *site)
{
  LoftUnhandled *unhandled = g_new0 (LoftUnhandled, 1);

  if (self == NULL)
    self = loft_dispatcher_get_default ();
  unhandled->item.klass = &loft_unhandled_class;
  unhandled->error = error;
  unhandled->source = loft_call_site_to_string (site);
  if (!loft_dispatcher_post_item (self, LOFT_LANE_NORMAL, &unhandled->item))
    loft_unhandled_drop (&unhandled->item, self);
}
