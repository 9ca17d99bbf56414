/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_async_info_wait_async: waits for an async object as for GIO's asynchronous functions, also
 * from Python, gjs and Vala.
 *
 * The callback is a handler like others, and is delivered to its home in their order. No GTask is
 * used: it would hold its source object, which would hold the wait, and an object that its producer
 * drops without an end could then never end. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "pool/loft-pool-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

/* The result that the callback gets. */

#define LOFT_TYPE_WAIT_RESULT (loft_wait_result_get_type ())
G_DECLARE_FINAL_TYPE (LoftWaitResult, loft_wait_result, LOFT, WAIT_RESULT, GObject)

struct _LoftWaitResult
{
  GObject parent_instance;

  /* constant after init */
  LoftAsyncInfo *source;
  gpointer user_data;
  GError *error; /* NULL: it completed */
};

static gpointer
loft_wait_result_get_user_data (GAsyncResult *result)
{
  return LOFT_WAIT_RESULT (result)->user_data;
}

static GObject *
loft_wait_result_get_source_object (GAsyncResult *result)
{
  LoftAsyncInfo *source = LOFT_WAIT_RESULT (result)->source;

  return source != NULL ? g_object_ref (G_OBJECT (source)) : NULL;
}

static gboolean
loft_wait_result_is_tagged (GAsyncResult *result,
                            gpointer      tag)
{
  return tag == loft_async_info_wait_async;
}

static void
loft_wait_result_iface_init (GAsyncResultIface *iface)
{
  iface->get_user_data = loft_wait_result_get_user_data;
  iface->get_source_object = loft_wait_result_get_source_object;
  iface->is_tagged = loft_wait_result_is_tagged;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftWaitResult, loft_wait_result, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT,
                                                      loft_wait_result_iface_init))

static void
loft_wait_result_finalize (GObject *object)
{
  LoftWaitResult *self = LOFT_WAIT_RESULT (object);

  g_clear_object (&self->source);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (loft_wait_result_parent_class)->finalize (object);
}

static void
loft_wait_result_class_init (LoftWaitResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_wait_result_finalize;
}

static void
loft_wait_result_init (LoftWaitResult *self)
{
}

/* The wait. */

typedef struct
{
  /* atomic: the handler's, the cancellable's closure's, and the caller's while it begins */
  gint refs;
  /* atomic: the thread that sets it sees to the callback. Sequentially consistent: it forms one
   * Dekker pair with `connection`, see await_is_first (), and another with `ready`, see
   * loft_async_info_wait_async (). */
  gint over;
  gint ready; /* atomic: the fields below are written */
  GAsyncReadyCallback callback;
  gpointer user_data;
  GMainContext *context;     /* strong; NULL once a late call has taken it */
  /* To a LoftAsyncBase. All who wait for it share its one link, because GLib walks the list of an
   * object's weak references for each new one. */
  LoftLink *link;
  GWeakRef foreign;          /* or to another object; weak, since the wait may be in vain */
  GCancellable *cancellable; /* NULL: none */
  /* atomic: see await_is_first (). 0: not connected, or disconnected again. */
  gulong connection;
  guint64 observer;          /* the object's observer, to remove it; 0: it can't be removed */
} Await;

static void
await_unref (gpointer data)
{
  Await *await = data;

  if (!loft_refs_drop (&await->refs))
    return;
  g_clear_pointer (&await->link, loft_link_unref);
  g_weak_ref_clear (&await->foreign);
  g_clear_pointer (&await->context, g_main_context_unref);
  g_clear_object (&await->cancellable);
  g_free (await);
}

static Await *
await_ref (Await *await)
{
  loft_refs_take (&await->refs);
  return await;
}

/* Sequentially consistent, together with await_disconnect (): if one thread ends the wait while
 * another thread stores the connection, at least one of them sees what the other wrote, and
 * disconnects. */
static gboolean
await_is_first (Await *await)
{
  return !loft_exchange_seq_cst (&await->over, TRUE);
}

/* Disconnects without waiting for a handler that is running: see loft-cancellable.c. */
static void
await_disconnect (Await *await)
{
  gulong connection = loft_exchange_seq_cst (&await->connection, 0);

  if (connection != 0)
    g_signal_handler_disconnect (await->cancellable, connection);
}

/* Runs in the caller's context. */
static void
await_call_back (Await         *await,
                 LoftAsyncInfo *info,
                 GError        *error)
{
  g_autoptr (LoftWaitResult) result = g_object_new (LOFT_TYPE_WAIT_RESULT, NULL);

  await_disconnect (await);
  result->source = g_object_ref (info);
  result->user_data = await->user_data;
  result->error = error;
  if (await->callback != NULL)
    await->callback (G_OBJECT (info), G_ASYNC_RESULT (result), await->user_data);
}

static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  Await *await = user_data;

  if (await_is_first (await))
    await_call_back (await, info, loft_outcome_dup_error (info, status));
}

static GError *
await_new_cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                              "The wait was cancelled; what it waited for goes on");
}

static void
on_abandoned (LoftAsyncInfo   *info,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  await_call_back (user_data, info, await_new_cancelled ());
}

/* A callback whose home, the dispatcher of the caller's context, has shut down. Somebody may still
 * run the context, so the callback is attached to it as a source. If the context is freed before
 * anybody has run it, the callback runs on the pool, so that it is called in any case. The context
 * holds the late call, which must therefore not hold the context. */
typedef struct
{
  Await *await;        /* a reference; the late call is the one that calls back */
  LoftAsyncInfo *info; /* strong */
  GError *error;       /* NULL: the object completed, or the callback was called */
  gboolean called;
} LateCall;

static void
late_call_free (LateCall *late)
{
  await_unref (late->await);
  g_object_unref (late->info);
  g_clear_error (&late->error);
  g_free (late);
}

static gboolean
on_late_call (gpointer data)
{
  LateCall *late = data;

  late->called = TRUE;
  await_call_back (late->await, late->info, g_steal_pointer (&late->error));
  return G_SOURCE_REMOVE;
}

static void
on_never_called (gpointer late)
{
  on_late_call (late);
  late_call_free (late);
}

static void
late_call_let_go (gpointer data)
{
  LateCall *late = data;

  if (late->called)
    {
      late_call_free (late);
      return;
    }

  g_clear_error (&late->error);
  late->error = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The context of the thread that waited is gone: its callback "
                                     "can't be called there.");
  loft_pool_post_item (loft_call_item_new (on_never_called, late));
}

/* Takes @error. */
static void
await_call_late (Await         *await,
                 LoftAsyncInfo *info,
                 GError        *error)
{
  GSource *source = g_idle_source_new (); /* g_main_context_invoke () could run it here */
  LateCall *late = g_new0 (LateCall, 1);
  /* Nothing else needs the context, because this is the call that calls back. */
  GMainContext *context = g_steal_pointer (&await->context);

  late->await = await_ref (await);
  late->info = g_object_ref (info);
  late->error = error;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "Loft late wait");
  g_source_set_callback (source, on_late_call, late, late_call_let_go);
  g_source_attach (source, context);
  g_source_unref (source);
  g_main_context_unref (context);
}

static void
on_ended_without_home (LoftAsyncInfo *info,
                       gpointer       user_data)
{
  if (await_is_first (user_data))
    await_call_late (user_data, info,
                     loft_outcome_dup_error (info, loft_async_info_get_status (info)));
}

static void
on_abandoned_without_home (LoftAsyncInfo *info,
                           gpointer       user_data)
{
  await_call_late (user_data, info, await_new_cancelled ());
}

/* Makes a handler whose home is the dispatcher of @context, which is the caller's context. Takes a
 * reference to @await. */
static LoftHandler *
await_make_handler (Await                *await,
                    GMainContext         *context,
                    LoftCompletedHandler  callback,
                    LoftHandlerDropped    dropped)
{
  LoftHandler *handler = loft_handler_new (LOFT_HANDLER_CONTINUATION, TRUE, G_CALLBACK (callback),
                                           await, await_unref);

  handler->to.agile = FALSE;
  handler->to.home = loft_home_hold_for_context (context);
  handler->dropped = dropped;
  return handler;
}

/* The wait is cancelled, and the object goes on. */
static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Await *await = user_data;
  g_autoptr (LoftAsyncInfo) info = await->link != NULL ? loft_link_dup (await->link)
                                                       : g_weak_ref_get (&await->foreign);

  if (info == NULL || !await_is_first (await))
    return;
  loft_handler_deliver (await_make_handler (await_ref (await), await->context, on_abandoned,
                                            on_abandoned_without_home),
                        info, NULL, LOFT_ASYNC_STATUS_STARTED, NULL, LOFT_LANE_NORMAL);
  /* Sequentially consistent: this thread has written `over` and now reads `ready`, and
   * loft_async_info_wait_async () does the two the other way round. So at least one of them sees
   * what the other has written, and removes the observer. */
  if (loft_load_seq_cst (&await->ready) && await->observer != 0)
    loft_async_info_remove_observer (info, await->observer);
}

static void
await_unref_closure (gpointer  data,
                     GClosure *closure)
{
  await_unref (data);
}

static gboolean
await_observe (Await          *await,
               GMainContext   *context,
               LoftAsyncInfo  *info,
               GError        **error)
{
  LoftHandler *handler = await_make_handler (await_ref (await), context, on_ended,
                                             on_ended_without_home);

  return loft_async_info_add_handler (info, handler, &await->observer, error);
}

static void
await_connect (Await *await)
{
  gulong connection = g_signal_connect_data (await->cancellable, "cancelled",
                                             G_CALLBACK (on_cancelled), await_ref (await),
                                             await_unref_closure, 0);

  /* Sequentially consistent: see await_is_first (). The caller reads `over` after this store. */
  loft_store_seq_cst (&await->connection, connection);
  if (g_cancellable_is_cancelled (await->cancellable))
    on_cancelled (await->cancellable, await);
}

/* The object takes no observers, and its one slot is used. The callback gets an error that says
 * so. */
static void
on_refused (LoftAsyncInfo   *info,
            LoftAsyncStatus  status,
            gpointer         user_data)
{
  await_call_back (user_data, info,
                   g_error_new (LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT,
                                "%s takes no observers, and its one completed slot is used: it "
                                "can't be awaited.",
                                G_OBJECT_TYPE_NAME (info)));
}

/**
 * loft_async_info_wait_async:
 * @self: an async object
 * @cancellable: (nullable): ends the wait, not the object
 * @callback: (nullable) (scope async): what to call when the object has ended
 * @user_data: what to call it with
 *
 * Waits for the end of an async object without blocking, as GIO's asynchronous functions do.
 *
 * Any thread may call this function, any number of times, beside handlers and other waits.
 * @callback runs at the home of the calling thread, which is its thread-default context if it has
 * pushed one. For a thread of the MTA, @callback runs in the default main context. @callback never
 * runs inside this call. It runs after the object's progress reports to that home and after the
 * completed handler of that home. When the home's dispatcher has shut down, @callback runs once
 * somebody runs the context. To cancel the object with a cancellable, use
 * [method@Loft.AsyncInfo.bind_cancellable].
 *
 * Answers to `co_await` in C++/WinRT and to .NET's `AsTask ()`.
 */
void
loft_async_info_wait_async (LoftAsyncInfo       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  /* A second reference, because a late call may have taken the wait's by the time it is needed. */
  g_autoptr (GMainContext) context = NULL;
  LoftDispatcher *home;
  Await *await;

  g_return_if_fail (LOFT_IS_ASYNC_INFO (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  home = loft_home_dup_current ();
  await = g_new0 (Await, 1);
  await->refs = 1;
  await->callback = callback;
  await->user_data = user_data;
  context = g_main_context_ref (home != NULL ? loft_dispatcher_get_context (home)
                                             : g_main_context_default ());
  await->context = g_main_context_ref (context);
  g_weak_ref_init (&await->foreign, LOFT_IS_ASYNC_BASE (self) ? NULL : self);
  if (LOFT_IS_ASYNC_BASE (self))
    await->link = loft_async_info_dup_link (self);
  if (cancellable != NULL)
    {
      await->cancellable = g_object_ref (cancellable);
      await_connect (await); /* first, so that an end at once can disconnect it */
    }

  if (loft_load_seq_cst (&await->over))
    await_disconnect (await);
  else if (!await_observe (await, context, self, NULL) && await_is_first (await))
    loft_handler_deliver (await_make_handler (await_ref (await), context, on_refused, NULL), self,
                          NULL, LOFT_ASYNC_STATUS_STARTED, NULL, LOFT_LANE_NORMAL);
  /* Sequentially consistent: this thread writes `ready` and then reads `over`. on_cancelled ()
   * writes `over` and then reads `ready`. At least one of the two has to see what the other wrote,
   * and removes the observer. */
  loft_store_seq_cst (&await->ready, TRUE);
  if (loft_load_seq_cst (&await->over) && await->observer != 0)
    loft_async_info_remove_observer (self, await->observer);
  await_unref (await);
  g_clear_object (&home);
}

/**
 * loft_async_info_wait_finish:
 * @self: an async object
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends a wait that was begun with [method@Loft.AsyncInfo.wait_async].
 *
 * Call it in the wait's callback or later, on any thread, any number of times. The value of an
 * operation is then available from [method@Loft.AsyncOperation.get_results].
 *
 * Errors: the object's own error; %G_IO_ERROR_CANCELLED if the object or the wait was cancelled.
 *
 * Returns: whether the object succeeded
 */
gboolean
loft_async_info_wait_finish (LoftAsyncInfo  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (self), FALSE);
  g_return_val_if_fail (LOFT_IS_WAIT_RESULT (result) && LOFT_WAIT_RESULT (result)->source == self,
                        FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (LOFT_WAIT_RESULT (result)->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (LOFT_WAIT_RESULT (result)->error);
  return FALSE;
}
