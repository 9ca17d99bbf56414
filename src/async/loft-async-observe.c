/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How callers learn of the end of an object of any class: by the one completed handler, and by any
 * number of observers. For a LoftAsyncBase this is done in loft-async-base.c. For a foreign object,
 * whose class implements the interface by hand, it is done here. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

/* LoftForeignWait: a wait for a foreign object. The object may let go of the handler, that is, call
 * its destroy notify, without having called the handler. Then it will never report its end, and the
 * handler is called with an error instead ("told").
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
  LoftAsyncInfo *info;  /* strong while `held` is TRUE, otherwise unowned */
  gboolean held;        /* not constant: TRUE until the handler is called */
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
  /* The reference is dropped here and not when @wait is freed, because the object may keep @wait
   * until it is finalized itself. */
  g_autoptr (LoftAsyncInfo) held = wait->held ? wait->info : NULL;

  wait->held = FALSE;
  /* Release: pairs with the acquire in loft_foreign_wait_end (). A thread that sees the flag also
   * sees that `held` is FALSE. It would otherwise drop the reference to the object a second
   * time. */
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
  /* Acquire: pairs with the release in on_foreign_ended (). */
  if (!loft_load_acquire (&wait->called))
    loft_delivery_call_with_error (wait->handler, wait->info, wait->user_data,
                                   g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                "%s released a handler without calling it, so its "
                                                "end will never be known. A class that "
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

  /* Acquire and release: pairs with the exchange in loft_async_info_wait_for_foreign (). The thread
   * that comes second ends the wait, and sees what the other thread wrote. */
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

  /* Acquire and release: pairs with the exchange in on_foreign_let_go (). */
  if (__atomic_compare_exchange_n (&wait->state, &state, WAITS, FALSE, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return taken; /* an object that refuses lets go as well */
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

/* A foreign object has ended, on any thread. The handler is sent to its home from here. */
static void
on_foreign_ended_for_handler (LoftAsyncInfo   *info,
                              LoftAsyncStatus  status,
                              gpointer         user_data)
{
  LoftValueBox *outcome = loft_outcome_dup_box (info); /* NULL if it has reported its end */

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

/* A foreign object has ended, on any thread. The completed handler is delivered to its home from
 * here. */
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
 *   to use up the slot
 * @user_data: what to call it with
 * @destroy: (nullable): called once when @user_data is no longer needed, also when this fails
 * @error: return location for an error
 *
 * Sets the completed handler, which runs once after the end, at the home of the calling thread.
 *
 * Any thread may call. An object has only one completed handler. The home of a thread is the
 * dispatcher of the thread's context. A handler that is set by a thread of the MTA runs on a thread
 * of the MTA.
 *
 * The handler runs after the progress reports of the object and after the release of the data of
 * its work. It is delivered in the lane of the work. For work on the pool this is the lane of the
 * priority that the work was started with; for a [class@Loft.Action] or [class@Loft.Operation] it
 * is the Normal lane.
 *
 * If the handler is set after the end, it runs before this function returns, unless a progress
 * report or the release of the data is still on its way. In that case the handler runs after that.
 * @destroy runs at the same home as the handler. If that home has shut down, the handler is dropped
 * and counted.
 *
 * A second call fails with %LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT. On a closed object the call
 * fails with %LOFT_ERROR_ILLEGAL_METHOD_CALL. Answers to the Completed property, whose handler
 * Windows calls on any thread.
 *
 * Returns: whether the handler was set
 */
gboolean
loft_async_info_set_completed (LoftAsyncInfo         *self,
                               LoftCompletedHandler   handler,
                               gpointer               user_data,
                               GDestroyNotify         destroy,
                               GError               **error)
{
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);

  /* This is checked first, because it is faster than the check for an interface. */
  if (G_LIKELY (LOFT_IS_ASYNC_BASE (self)))
    return loft_async_base_set_completed_handler (LOFT_ASYNC_BASE (self),
                                                  loft_async_info_new_handler (
                                                    self, LOFT_HANDLER_COMPLETED, FALSE,
                                                    G_CALLBACK (handler), user_data, destroy),
                                                  error);
  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), destroy, user_data, FALSE);
  return loft_async_info_set_foreign_completed (self, handler, user_data, destroy, error);
}

/**
 * loft_async_info_set_completed_agile:
 * @self: an async object
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call; %NULL
 *   to use up the slot
 * @user_data: what to call it with
 * @destroy: (nullable): called once when @user_data is no longer needed, also when this fails
 * @error: return location for an error
 *
 * Sets the completed handler as an agile handler, which runs on the thread that ends the object.
 *
 * Any thread may call. @handler must not block. The slot and the errors are those of
 * [method@Loft.AsyncInfo.set_completed]. If @handler is set after the end, it runs before this
 * function returns. Answers to a Completed delegate that is agile.
 *
 * Returns: whether the handler was set
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
 * Calls a handler when the object has ended, at the home of the calling thread.
 *
 * Any thread may call, any number of times. These handlers exist beside the one completed handler
 * and run after it, like continuations, in the order in which they were set and in the lane of the
 * work. A handler that is set by a thread of the MTA runs on a thread of the MTA.
 *
 * @handler never runs inside this call. If it is set after the end, it is posted. So if @handler
 * quits a main loop, it does that while the loop runs. A handler of
 * [method@Loft.AsyncInfo.set_completed] may run before the loop does.
 *
 * If the home has shut down, the handler is dropped and counted.
 * [method@Loft.AsyncInfo.remove_observer] removes the handler. On the handler's own thread this is
 * possible even when its call is already on the way: the handler is then not called. A class that
 * implements the interface by hand and takes no observers has only one slot, which this function
 * shares with all others.
 *
 * Windows has only one Completed handler, which may run inside its setter.
 *
 * Returns: a number for [method@Loft.AsyncInfo.remove_observer]; 0 if the handler cannot be
 * removed, or if it was not set because the object takes no more handlers, which is logged as a
 * warning
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

  homing = loft_async_info_new_handler (self, LOFT_HANDLER_CONTINUATION, FALSE,
                                        G_CALLBACK (handler), user_data, destroy);
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
 * Adds an agile handler, which runs once, on the thread that ends the object.
 *
 * Any thread may call, any number of times. @handler must not block. If the object has ended,
 * @handler runs before this function returns. A class that implements the interface by hand may not
 * support observers; then its one completed slot is used.
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
 * @id: the number that [method@Loft.AsyncInfo.add_observer] or
 *   [method@Loft.AsyncInfo.call_when_ended] returned
 *
 * Removes an observer or a handler of [method@Loft.AsyncInfo.call_when_ended].
 *
 * Any thread may call.
 *
 * Returns: %FALSE if it was called, is being called, or was never there
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
