/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How others come to hear of an object's end, whatever class it is of: the one completed handler,
 * and any number of observers. What loft-async-base.c does for a LoftAsyncBase is done here for a
 * class that implements the interface by hand. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

/* Somebody waits for a foreign object, which may let go of the handler without a call: then it will
 * never tell of its end, and who waits is told that.
 *
 *   REGISTERING ── taken ──> WAITS ── let go ──> told, if it was not called; freed
 *        └─ let go ──> LET_GO ── taken ──> told, if it was not called; freed
 *                        └─ refused ──> freed */
enum { REGISTERING, WAITS, LET_GO };

typedef struct
{
  gint state;           /* atomic */
  gint called;          /* atomic: it has ended */

  /* constant after init */
  LoftAsyncInfo *info;  /* strong, if it is held until its end whoever else holds it */
  gboolean held;        /* under no lock: until it was called, or is freed */
  LoftCompletedHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftForeignWait;

static void
on_foreign_ended (LoftAsyncInfo   *info,
                  LoftAsyncStatus  status,
                  gpointer         user_data)
{
  LoftForeignWait *wait = user_data;
  /* It may let go of @wait only when it is let go of itself. */
  g_autoptr (LoftAsyncInfo) held = wait->held ? wait->info : NULL;

  wait->held = FALSE;
  loft_store_release (&wait->called, TRUE);
  wait->handler (info, status, wait->user_data);
}

static void
loft_foreign_wait_free (LoftForeignWait *wait)
{
  wait->destroy (wait->user_data);
  if (wait->held)
    g_object_unref (wait->info);
  g_free (wait);
}

static void
loft_foreign_wait_end (LoftForeignWait *wait)
{
  if (!loft_load_acquire (&wait->called))
    loft_delivery_call_with_error (wait->handler, wait->info, wait->user_data,
                                   g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                "%s has let go of who waits for it, and tells of "
                                                "no end. A class that "
                                                "implements LoftAsyncInfo calls each handler once, "
                                                "and then its destroy notify.",
                                                G_OBJECT_TYPE_NAME (wait->info)));
  loft_foreign_wait_free (wait);
}

static void
on_foreign_let_go (gpointer data)
{
  LoftForeignWait *wait = data;
  int state = REGISTERING;

  /* Acquire and release: whoever goes on from here has seen what the other did. */
  if (!__atomic_compare_exchange_n (&wait->state, &state, LET_GO, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
    loft_foreign_wait_end (wait);
}

static gboolean
loft_async_info_observe_foreign (LoftAsyncInfo         *info,
                                 LoftCompletedHandler   handler,
                                 gpointer               user_data,
                                 GDestroyNotify         destroy,
                                 guint64               *out_id,
                                 GError               **error)
{
  LoftAsyncInfoInterface *iface = LOFT_ASYNC_INFO_GET_IFACE (info);
  guint64 id = 0;

  if (iface->add_observer != NULL)
    {
      id = iface->add_observer (info, handler, user_data, destroy);
      if (out_id != NULL)
        *out_id = id;
      return TRUE;
    }
  if (iface->set_completed (info, handler, user_data, destroy, error))
    return TRUE;
  g_prefix_error (error, "%s takes no observers, and its one completed slot can't be used: ",
                  G_OBJECT_TYPE_NAME (info));
  return FALSE;
}

static gboolean
loft_async_info_wait_for_foreign (LoftAsyncInfo         *info,
                                  LoftCompletedHandler   handler,
                                  gpointer               user_data,
                                  GDestroyNotify         destroy,
                                  gboolean               held,
                                  guint64               *out_id,
                                  GError               **error)
{
  LoftForeignWait *wait = g_new (LoftForeignWait, 1);
  int state = REGISTERING;
  gboolean taken;

  *wait = (LoftForeignWait) { REGISTERING, FALSE, held ? g_object_ref (info) : info, held, handler,
                              user_data, destroy };
  taken = loft_async_info_observe_foreign (info, on_foreign_ended, wait, on_foreign_let_go, out_id,
                                           error);

  if (__atomic_compare_exchange_n (&wait->state, &state, WAITS, FALSE, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return taken; /* one that refuses lets go, too */
  if (taken)
    loft_foreign_wait_end (wait);
  else
    loft_foreign_wait_free (wait);
  return taken;
}

gboolean
loft_async_info_observe (LoftAsyncInfo         *info,
                         LoftCompletedHandler   handler,
                         gpointer               user_data,
                         GDestroyNotify         destroy,
                         LoftObserverRole       role,
                         guint64               *out_id,
                         GError               **error)
{
  if (out_id != NULL)
    *out_id = 0;
  if (LOFT_IS_ASYNC_BASE (info))
    {
      LoftHandlerKind kind = role == LOFT_OBSERVER_BYSTANDER ? LOFT_HANDLER_BYSTANDER
                             : role == LOFT_OBSERVER_WATCHES ? LOFT_HANDLER_WATCHER
                                                             : LOFT_HANDLER_OBSERVER;
      LoftHandler *observer = loft_handler_new (kind, TRUE, G_CALLBACK (handler), user_data,
                                                destroy);
      guint64 id;

      observer->passes_on = role == LOFT_OBSERVER_PASSES_ON;
      id = loft_async_base_add_observer (LOFT_ASYNC_BASE (info), observer);

      if (out_id != NULL)
        *out_id = id;
      return TRUE;
    }
  if (role == LOFT_OBSERVER_WAITS || role == LOFT_OBSERVER_PASSES_ON ||
      role == LOFT_OBSERVER_WATCHES)
    return loft_async_info_wait_for_foreign (info, handler, user_data, destroy,
                                             role != LOFT_OBSERVER_WATCHES, out_id, error);
  return loft_async_info_observe_foreign (info, handler, user_data, destroy, out_id, error);
}

/* A foreign object has ended, on any thread: the handler goes home from here. */
static void
on_foreign_ended_for_handler (LoftAsyncInfo   *info,
                              LoftAsyncStatus  status,
                              gpointer         user_data)
{
  LoftValueBox *outcome = loft_outcome_dup_box (info); /* none, if it has ended itself */

  loft_handler_post (loft_handler_ref (user_data), info, NULL, status, outcome, LOFT_LANE_NORMAL);
  g_clear_pointer (&outcome, loft_value_box_unref);
}

gboolean
loft_async_info_add_handler (LoftAsyncInfo  *info,
                             LoftHandler    *handler,
                             guint64        *out_id,
                             GError        **error)
{
  guint64 id = 0;
  gboolean taken = TRUE;

  if (LOFT_IS_ASYNC_BASE (info))
    id = loft_async_base_add_observer (LOFT_ASYNC_BASE (info), handler);
  else
    taken = loft_async_info_observe (info, on_foreign_ended_for_handler, handler,
                                     (GDestroyNotify) loft_handler_unref, LOFT_OBSERVER_WAITS, &id,
                                     error);
  if (out_id != NULL)
    *out_id = id;
  return taken;
}

/* A completed handler of a foreign object, brought home. */
static void
on_foreign_completed (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         user_data)
{
  LoftHandler *handler = user_data;

  loft_handler_deliver (loft_handler_ref (handler), sender, NULL, status, NULL, LOFT_LANE_NORMAL);
}

static gboolean
loft_async_info_set_foreign_completed (LoftAsyncInfo         *self,
                                       LoftCompletedHandler   handler,
                                       gpointer               user_data,
                                       GDestroyNotify         destroy,
                                       GError               **error)
{
  LoftHandler *homing;

  if (handler == NULL)
    return LOFT_ASYNC_INFO_GET_IFACE (self)->set_completed (self, NULL, user_data, destroy, error);
  homing = loft_handler_new (LOFT_HANDLER_COMPLETED, FALSE, G_CALLBACK (handler), user_data,
                             destroy);
  return LOFT_ASYNC_INFO_GET_IFACE (self)->set_completed (self, on_foreign_completed, homing,
                                                          (GDestroyNotify) loft_handler_unref,
                                                          error);
}

/**
 * loft_async_info_set_completed:
 * @self: an async object
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call; %NULL
 *   uses the slot up
 * @user_data: what to call it with
 * @destroy: (nullable): called once when @user_data is no longer needed, also when this fails
 * @error: return location for an error
 *
 * Sets the one completed handler, which runs once, after the end, at the home of the calling
 * thread.
 *
 * Any thread may call. Home is the dispatcher of the thread's context; a thread of the MTA gets its
 * handler on a thread of the MTA. The handler comes after the progress reports of this object and
 * the release of its work's data, in the lane of the work: of pool work that of the priority that
 * it was started with, of a bare producer Normal. Set after the end it runs before this returns,
 * unless one of those is still on its way: then behind it. @destroy runs at the same home. When
 * that home has shut down the handler is dropped and counted.
 *
 * A second call is %LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT; on a closed object
 * %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to the Completed property, which Windows calls on
 * whichever thread.
 *
 * Returns: whether it was set
 */
gboolean
loft_async_info_set_completed (LoftAsyncInfo         *self,
                               LoftCompletedHandler   handler,
                               gpointer               user_data,
                               GDestroyNotify         destroy,
                               GError               **error)
{
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  /* First, since whether it has an interface takes longer to see. */
  if (G_LIKELY (LOFT_IS_ASYNC_BASE (self)))
    return loft_async_base_set_completed_handler (LOFT_ASYNC_BASE (self),
                                                  loft_handler_new (LOFT_HANDLER_COMPLETED, FALSE,
                                                                    G_CALLBACK (handler), user_data,
                                                                    destroy),
                                                  error);
  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, FALSE);
  return loft_async_info_set_foreign_completed (self, handler, user_data, destroy, error);
}

/**
 * loft_async_info_set_completed_agile:
 * @self: an async object
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call; %NULL
 *   uses the slot up
 * @user_data: what to call it with
 * @destroy: (nullable): called once when @user_data is no longer needed, also when this fails
 * @error: return location for an error
 *
 * Sets the one completed handler, to run on the thread that ends the object; it must not block.
 *
 * Any thread may call. As [method@Loft.AsyncInfo.set_completed], with the same slot and errors; set
 * after the end it runs before this returns. Answers to a Completed delegate that is agile.
 *
 * Returns: whether it was set
 */
gboolean
loft_async_info_set_completed_agile (LoftAsyncInfo         *self,
                                     LoftCompletedHandler   handler,
                                     gpointer               user_data,
                                     GDestroyNotify         destroy,
                                     GError               **error)
{
  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  return LOFT_ASYNC_INFO_GET_IFACE (self)->set_completed (self, handler, user_data, destroy, error);
}

/**
 * loft_async_info_call_when_ended:
 * @self: an async object
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread
 *
 * Calls a handler when it has ended, at the home of the calling thread, and never inside this call.
 *
 * Any thread may call, any number of times, beside the one completed handler and after it: as a
 * continuation, in the order in which they were set, in the lane of the work. After the end it is
 * posted. So a handler that quits a loop does that when the loop runs, which
 * [method@Loft.AsyncInfo.set_completed] may not. A thread of the MTA gets its handler on a thread
 * of the MTA.
 *
 * When the home has shut down the handler is dropped and counted.
 * [method@Loft.AsyncInfo.remove_observer] takes it back, on its own thread also when its call is on
 * the way already: then it is not called. A class that implements the interface by hand and takes
 * no observers has one slot for this and all else.
 *
 * Windows has one Completed handler, which may run inside its setter.
 *
 * Returns: a number for [method@Loft.AsyncInfo.remove_observer]; 0 if it can't be taken back, or
 * was not set because the object takes no more handlers, which is warned of
 */
guint64
loft_async_info_call_when_ended (LoftAsyncInfo        *self,
                                 LoftCompletedHandler  handler,
                                 gpointer              user_data,
                                 GDestroyNotify        destroy)
{
  g_autoptr (GError) error = NULL;
  LoftHandler *homing;
  guint64 id = 0;

  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, 0);

  homing = loft_handler_new (LOFT_HANDLER_CONTINUATION, FALSE, G_CALLBACK (handler), user_data,
                             destroy);
  homing->removable = LOFT_IS_ASYNC_BASE (self);
  if (!loft_async_info_add_handler (self, homing, &id, &error))
    g_warning ("%s: %s", G_STRFUNC, error->message);
  return id;
}

/**
 * loft_async_info_add_observer:
 * @self: an async object
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called when @user_data is no longer needed
 *
 * Adds one of any number of agile handlers: each runs once, on the thread that ends the object, and
 * must not block.
 *
 * Any thread may call. On an ended object it runs before this returns. A class that implements the
 * interface by hand may not offer it; its one completed slot is used then.
 *
 * Returns: a number for [method@Loft.AsyncInfo.remove_observer], or 0
 */
guint64
loft_async_info_add_observer (LoftAsyncInfo        *self,
                              LoftCompletedHandler  handler,
                              gpointer              user_data,
                              GDestroyNotify        destroy)
{
  g_autoptr (GError) error = NULL;
  guint64 id;

  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, 0);

  if (!loft_async_info_observe (self, handler, user_data, destroy, LOFT_OBSERVER_USER, &id, &error))
    g_warning ("%s: %s", G_STRFUNC, error->message);
  return id;
}

/**
 * loft_async_info_remove_observer:
 * @self: an async object
 * @id: what [method@Loft.AsyncInfo.add_observer] gave
 *
 * Takes an observer back.
 *
 * Any thread may call.
 *
 * Returns: %FALSE if it was called, is being called, or never was there
 */
gboolean
loft_async_info_remove_observer (LoftAsyncInfo *self,
                                 guint64        id)
{
  LoftAsyncInfoInterface *iface;

  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), FALSE);

  iface = LOFT_ASYNC_INFO_GET_IFACE (self);
  return id != 0 && iface->remove_observer != NULL && iface->remove_observer (self, id);
}
