/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAgileReference: holds an object from any thread. It returns and unrefs the object at the
 * object's home only. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "apartment/loft-apartment-context-private.h"

/**
 * LoftAgileReference:
 *
 * Holds an object from any thread, and drops its reference to the object at the object's home.
 *
 * The home is that of the thread that makes the agile reference. At the home,
 * [method@Loft.AgileReference.resolve] returns the object. Elsewhere it returns an error, unless
 * the object is agile; use [method@Loft.AgileReference.run_async] to call the object from there.
 * Whichever thread drops the last agile reference, the object is unreffed at its home. When the
 * home has shut down, the object is unreffed on the thread where that is noticed. This is counted
 * and logged.
 *
 * Answers to `IAgileReference` and `winrt::agile_ref`.
 */
struct _LoftAgileReference
{
  /* atomic */
  gint refs;

  /* constant after init */
  GObject *object;      /* strong; NULL: empty */
  gboolean agile;
  LoftDispatcher *home; /* strong; NULL: the MTA */
};

G_DEFINE_BOXED_TYPE (LoftAgileReference, loft_agile_reference,
                     loft_agile_reference_ref, loft_agile_reference_unref)

/**
 * loft_agile_reference_new: (constructor)
 * @object: (nullable): an object whose home is the calling thread's; %NULL for an empty reference
 *
 * Makes an agile reference, which holds @object.
 *
 * Any thread may call this function. The object will be returned and unreffed at the home of the
 * calling thread. Answers to `RoGetAgileReference`.
 *
 * Returns: (transfer full): the reference
 */
LoftAgileReference *
loft_agile_reference_new (GObject *object)
{
  LoftAgileReference *self;

  g_return_val_if_fail (object == NULL || G_IS_OBJECT (object), NULL);

  self = g_new0 (LoftAgileReference, 1);
  self->refs = 1;
  if (object != NULL)
    {
      self->object = g_object_ref (object);
      self->agile = loft_agile_object_check (object);
      self->home = loft_home_dup_current ();
    }
  LOFT_TSAN_RELEASE (self);
  return self;
}

/**
 * loft_agile_reference_ref:
 * @self: a reference
 *
 * Increases the reference count of an agile reference by one.
 *
 * Any thread may call this function.
 *
 * Returns: (transfer full): @self
 */
LoftAgileReference *
loft_agile_reference_ref (LoftAgileReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  loft_refs_take (&self->refs);
  return self;
}

/* Runs at the object's home, or, if the home is gone, on the thread where that was noticed. */
static void
let_object_go (gpointer object)
{
  g_object_unref (object);
}

static void
log_if_home_is_gone (LoftAgileReference *self)
{
  g_autofree char *where = NULL;

  if (self->home == NULL || loft_home_is_here (self->home) ||
      !loft_loop_is_closed (loft_dispatcher_peek_loop (self->home)))
    return;
  where = loft_dispatcher_describe (self->home);
  g_message ("A %s that is at home with %s was let go on another thread, because that dispatcher "
             "has shut down.",
             G_OBJECT_TYPE_NAME (self->object), where);
}

/**
 * loft_agile_reference_unref:
 * @self: a reference
 *
 * Decreases the reference count of an agile reference by one; the last reference to be dropped
 * unrefs the object at its home.
 *
 * Any thread may call this function.
 */
void
loft_agile_reference_unref (LoftAgileReference *self)
{
  g_return_if_fail (self != NULL);

  /* Acquire and release: all other threads have finished with the object before it is unreffed. */
  if (!loft_refs_drop (&self->refs))
    return;
  if (self->object != NULL)
    {
      log_if_home_is_gone (self);
      if (self->home != NULL)
        loft_home_release (self->home, let_object_go, self->object);
      else
        loft_home_release_in_mta (let_object_go, self->object);
    }
  g_clear_object (&self->home);
  g_free (self);
}

static void
set_wrong_thread_error (LoftAgileReference  *self,
                        GError             **error)
{
  g_autoptr (LoftDispatcher) here = loft_home_dup_current ();
  g_autofree char *ours = here != NULL ? loft_dispatcher_describe (here) : g_strdup ("the MTA");
  g_autofree char *theirs = self->home != NULL ? loft_dispatcher_describe (self->home)
                                               : g_strdup ("the MTA");
  gboolean gone = self->home != NULL && loft_loop_refuses (loft_dispatcher_peek_loop (self->home));

  if (gone)
    g_set_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                 "This %s is at home with %s, which has shut down: nobody can use it any more",
                 G_OBJECT_TYPE_NAME (self->object), theirs);
  else
    g_set_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD,
                 "This %s is at home with %s, and this thread (%p) belongs to %s. Call it with "
                 "loft_agile_reference_run_async.",
                 G_OBJECT_TYPE_NAME (self->object), theirs, (void *) g_thread_self (), ours);
}

/**
 * loft_agile_reference_resolve:
 * @self: a reference
 * @error: return location for an error
 *
 * Returns the object, if the calling thread is at its home or the object is agile.
 *
 * Any thread may call this function. Errors on a thread of another home: %LOFT_ERROR_WRONG_THREAD,
 * whose message names both threads; %LOFT_ERROR_DISCONNECTED when the home has shut down. Answers
 * to `IAgileReference::Resolve`, which returns a proxy on such a thread.
 *
 * Returns: (transfer full) (nullable): the object; %NULL without an error for an empty reference
 */
GObject *
loft_agile_reference_resolve (LoftAgileReference  *self,
                              GError             **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->object == NULL)
    return NULL;
  if (self->agile || loft_home_is_here (self->home))
    return g_object_ref (self->object);
  set_wrong_thread_error (self, error);
  return NULL;
}

/* The proxy call. */

typedef struct
{
  LoftAgileReference *reference;
  LoftAgileHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftAgileCall;

static void
loft_agile_call_free (gpointer data)
{
  LoftAgileCall *call = data;

  if (call->destroy != NULL)
    call->destroy (call->user_data);
  loft_agile_reference_unref (call->reference);
  g_free (call);
}

static gboolean
loft_agile_call_run (LoftAsyncAction  *action,
                     gpointer          user_data,
                     GError          **error)
{
  LoftAgileCall *call = user_data;

  return call->handler (call->reference->object, action, call->user_data, error);
}

/**
 * loft_agile_reference_run_async:
 * @self: a reference, not an empty one
 * @priority: the lane at the object's home
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to do with the object
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the object's home (for the MTA: as that of
 *   [func@Loft.thread_pool_run_async]); at once if the home is gone
 *
 * Runs a handler with the object, at the object's home.
 *
 * Any thread may call this function. @handler always runs later. For an object of the MTA it runs
 * on the pool, where Idle counts as Low. When the home has shut down, @handler never runs, and the
 * action ends on the pool with %LOFT_ERROR_DISCONNECTED. Answers to a call through a proxy.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_agile_reference_run_async) (LoftAgileReference *self,
                                  LoftPriority        priority,
                                  LoftAgileHandler    handler,
                                  gpointer            user_data,
                                  GDestroyNotify      destroy)
{
  return loft_agile_reference_run_async_at (self, priority, handler, user_data, destroy, NULL,
                                            G_STRFUNC);
}

LoftAsyncAction *
loft_agile_reference_run_async_at (LoftAgileReference *self,
                                   LoftPriority        priority,
                                   LoftAgileHandler    handler,
                                   gpointer            user_data,
                                   GDestroyNotify      destroy,
                                   const char         *location,
                                   const char         *function)
{
  LoftCallSite site = { location, function };
  g_autoptr (LoftDispatcher) home = NULL;
  LoftAsyncAction *action;
  LoftAgileCall *call;

  loft_consume_and_return_val_if_fail (self != NULL && self->object != NULL, destroy, user_data,
                                       NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  call = g_new0 (LoftAgileCall, 1);
  call->reference = loft_agile_reference_ref (self);
  call->handler = handler;
  call->user_data = user_data;
  call->destroy = destroy;
  if (self->home == NULL)
    return loft_thread_pool_run_with_options_async_at (MAX (priority, LOFT_PRIORITY_LOW),
                                                       LOFT_WORK_DEFAULT, loft_agile_call_run, call,
                                                       loft_agile_call_free, location, function);
  home = g_object_ref (self->home); /* a refused call may drop the last agile reference */
  action = loft_dispatcher_run_async_at (home, priority, loft_agile_call_run, call,
                                         loft_agile_call_free, location, function);
  return loft_action_or_disconnected (action, home, &site);
}
