/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftHandler: keeps a callback and its data, and calls it. The data is released at the handler's
 * home, whichever thread drops the handler. If the home is gone, the data is released on the thread
 * that drops the handler. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "delivery/loft-handler-private.h"

void
loft_handler_init (LoftHandler    *handler,
                   LoftHandlerKind kind,
                   gboolean        agile,
                   GCallback       callback,
                   gpointer        user_data,
                   GDestroyNotify  destroy)
{
  handler->refs = 1;
  handler->data_refs = 1;
  handler->kind = kind;
  loft_recipient_init (&handler->to, agile, callback, user_data, destroy);
}

LoftHandler *
loft_handler_new (LoftHandlerKind kind,
                  gboolean        agile,
                  GCallback       callback,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  LoftHandler *handler = g_slice_new0 (LoftHandler);

  loft_handler_init (handler, kind, agile, callback, user_data, destroy);
  return handler;
}

LoftHandler *
loft_handler_ref (LoftHandler *handler)
{
  loft_refs_take (&handler->refs);
  return handler;
}

void
loft_handler_drop_data (LoftHandler *handler)
{
  if (loft_refs_drop (&handler->data_refs))
    loft_recipient_release_data (&handler->to);
}

/* The last reference releases the data at the handler's home, unless it was released before. */
void
loft_handler_unref (LoftHandler *handler)
{
  if (!loft_refs_drop (&handler->refs))
    return;
  loft_recipient_clear (&handler->to);
  if (handler->free != NULL)
    handler->free (handler);
  else
    g_slice_free (LoftHandler, handler);
}

void
loft_handler_leave_slot (LoftHandler *handler)
{
  if (handler == NULL)
    return;
  loft_handler_drop_data (handler);
  loft_handler_unref (handler);
}

void
loft_handler_call (LoftHandler     *handler,
                   LoftAsyncInfo   *sender,
                   LoftAsyncStatus  status,
                   LoftValueBox    *outcome)
{
  LoftThread *thread = loft_thread_get ();
  LoftReportFrame frame = { .outer = thread->report,
                            .info = sender,
                            .at_end = TRUE,
                            .outcome = outcome };

  frame.error = loft_value_box_peek_error (outcome);
  frame.result = outcome != NULL && frame.error == NULL ? &outcome->value : NULL;
  thread->report = &frame;
  ((LoftCompletedHandler) handler->to.callback) (sender, status, handler->to.user_data);
  thread->report = frame.outer;
}

void
loft_delivery_call_with_error (LoftCompletedHandler  callback,
                               LoftAsyncInfo        *sender,
                               gpointer              user_data,
                               GError               *error)
{
  LoftValueBox *outcome = loft_value_box_new_for_error (error, NULL);
  LoftHandler handler = { .to = { .callback = G_CALLBACK (callback), .user_data = user_data } };

  loft_handler_call (&handler, sender, LOFT_ASYNC_STATUS_ERROR, outcome);
  loft_value_box_unref (outcome);
}
