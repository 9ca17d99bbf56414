/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcherController: owns the life of a dispatcher. It starts a thread for the dispatcher,
 * or adopts the dispatcher of the current thread, and ends the dispatcher in order. The steps of
 * the end are in loft-dispatcher-shutdown.c. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-descriptors-private.h"
#include "async/loft-async-base-private.h"
#include "apartment/loft-dispatcher-controller-private.h"

/**
 * LoftDispatcherController:
 *
 * Makes a dispatcher with a thread of its own, or takes over the dispatcher of the current thread,
 * and shuts it down.
 *
 * Shut the dispatcher down with [method@Loft.DispatcherController.shutdown_async] from any thread,
 * or with [method@Loft.DispatcherController.shutdown] on the dispatcher's own thread. These are the
 * steps, in order. [signal@Loft.Dispatcher::shutdown-starting] is emitted, while posting is still
 * open. The last deferral is completed. From then on posts are refused. Timers stop, and everything
 * that was queued runs. [signal@Loft.Dispatcher::shutdown-completed] is emitted. The action ends.
 *
 * A controller whose last reference is dropped before a shutdown also shuts its dispatcher down,
 * and warns. The dispatcher stays a valid object for as long as somebody holds it, but it takes no
 * more work.
 *
 * Answers to `DispatcherQueueController`.
 */

struct _LoftDispatcherController
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */

  /* atomic */
  gint asked;                 /* somebody shut it down */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDispatcherController, loft_dispatcher_controller, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_dispatcher_controller_dispose (GObject *object)
{
  LoftDispatcherController *self = LOFT_DISPATCHER_CONTROLLER (object);

  /* Acquire: pairs with the releases in the two shutdown functions. If this thread missed the flag,
   * it could warn of a missing shutdown although there was one. */
  if (self->dispatcher != NULL && !loft_load_acquire (&self->asked) &&
      !loft_dispatcher_is_over (self->dispatcher))
    {
      g_autofree char *what = loft_dispatcher_describe (self->dispatcher);

      g_warning ("The controller of %s was let go without a shutdown; it is shut down now. Call "
                 "loft_dispatcher_controller_shutdown_async first, and wait for its action.", what);
      g_object_unref (loft_dispatcher_controller_shutdown_async (self));
    }
  g_clear_object (&self->dispatcher);
  G_OBJECT_CLASS (loft_dispatcher_controller_parent_class)->dispose (object);
}

static void
loft_dispatcher_controller_class_init (LoftDispatcherControllerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_dispatcher_controller_dispose;
}

static void
loft_dispatcher_controller_init (LoftDispatcherController *self)
{
}

/* A request to shut down, whose action ends when the dispatcher has ended. */

typedef struct
{
  LoftWorkItem item;
  LoftAction *action; /* strong */
} LoftShutdownRequest;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftShutdownRequest, item) == 0);

static void
loft_shutdown_request_run (LoftWorkItem   *item,
                           LoftDispatcher *dispatcher)
{
  LoftShutdownRequest *request = (LoftShutdownRequest *) item;

  loft_action_complete (request->action);
  g_object_unref (request->action);
  g_free (request);
}

static void
loft_shutdown_request_drop (LoftWorkItem   *item,
                            LoftDispatcher *dispatcher)
{
  LoftShutdownRequest *request = (LoftShutdownRequest *) item;

  loft_async_base_fail (LOFT_ASYNC_BASE (request->action),
                        g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                     "The dispatcher did not end in order, %s",
                                     loft_dispatcher_peek_shutdown (dispatcher)->why));
  g_object_unref (request->action);
  g_free (request);
}

static const LoftWorkItemClass loft_shutdown_request_class = {
  .name = "request to shut down",
  .run = loft_shutdown_request_run,
  .drop = loft_shutdown_request_drop,
};

LoftAsyncAction *
loft_dispatcher_shut_down_async (LoftDispatcher     *self,
                                 const LoftCallSite *site)
{
  LoftShutdownRequest *request = g_new (LoftShutdownRequest, 1);
  LoftAction *action = loft_action_new_at (site->location, site->function);

  *request = (LoftShutdownRequest) { { .klass = &loft_shutdown_request_class },
                                     g_object_ref (action) };
  loft_async_base_set_runner (LOFT_ASYNC_BASE (action), self);
  loft_dispatcher_ask_to_shut_down (self, &request->item);
  return LOFT_ASYNC_ACTION (action);
}

/* Takes over the dispatcher. FALSE: another controller has it already. */
static gboolean
loft_dispatcher_controller_claim (LoftDispatcher *dispatcher)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (dispatcher);
  gboolean first;

  loft_lock_lock (&shutdown->lock);
  first = !shutdown->controlled;
  shutdown->controlled = TRUE;
  loft_lock_unlock (&shutdown->lock);
  return first;
}

/* Makes the thread bare again, if it was made an STA for this dispatcher. */
static void
leave_apartment (LoftDispatcher *dispatcher)
{
  if (loft_thread_get ()->apartment_dispatcher == dispatcher)
    loft_apartment_uninit ();
}

/* The main function of Loft's own thread, which is an STA for as long as its dispatcher lives. */
static gpointer
controller_thread_main (gpointer data)
{
  LoftDispatcher *dispatcher = data; /* a reference */
  GMainContext *context = g_main_context_ref (loft_dispatcher_get_context (dispatcher));

  g_main_context_push_thread_default (context);
  loft_apartment_init (LOFT_APARTMENT_STA, NULL);
  while (!loft_dispatcher_is_over (dispatcher))
    g_main_context_iteration (context, TRUE);
  loft_dispatcher_drain (dispatcher);
  loft_apartment_uninit ();
  g_main_context_pop_thread_default (context);
  g_object_unref (dispatcher);
  g_main_context_unref (context);
  return NULL;
}

/**
 * loft_dispatcher_controller_new_on_dedicated_thread: (constructor)
 * @name: (nullable): the thread's name, for debuggers and messages; the kernel keeps 15 bytes of it
 * @error: return location for an error
 *
 * Makes a dispatcher and a thread that runs it.
 *
 * Any thread may call this function. When it returns, posts are accepted. The new thread is an STA,
 * and ends with the dispatcher's shutdown. When no thread can be started, the error is from
 * %G_THREAD_ERROR. When there is no file descriptor left, the error is from %G_IO_ERROR.
 *
 * Answers to `DispatcherQueueController.CreateOnDedicatedThread`.
 *
 * Returns: (transfer full): the controller; %NULL with @error set
 */
LoftDispatcherController *
loft_dispatcher_controller_new_on_dedicated_thread (const char  *name,
                                                    GError     **error)
{
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (LoftDispatcher) dispatcher = NULL;
  LoftDispatcherController *self;
  LoftShutdown *shutdown;
  GThread *thread;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!loft_descriptors_try (error))
    return NULL;

  name = name != NULL ? name : "loft-dispatcher";
  context = g_main_context_new ();
  dispatcher = loft_dispatcher_get_for_context (context);
  shutdown = loft_dispatcher_peek_shutdown (dispatcher);
  shutdown->controlled = TRUE;
  shutdown->own_loop = TRUE;
  loft_dispatcher_set_name (dispatcher, name);
  thread = g_thread_try_new (name, controller_thread_main, g_object_ref (dispatcher), error);
  if (thread == NULL)
    {
      g_object_unref (dispatcher); /* the thread's */
      return NULL;
    }
  g_thread_unref (thread);
  self = g_object_new (LOFT_TYPE_DISPATCHER_CONTROLLER, NULL);
  self->dispatcher = g_steal_pointer (&dispatcher);
  return self;
}

/**
 * loft_dispatcher_controller_new_on_current_thread: (constructor)
 * @error: return location for an error
 *
 * Makes a controller for the dispatcher of the calling thread, or for a new one if it has none.
 *
 * If the calling thread has a home, the controller takes over that dispatcher, which on the main
 * thread is the default one. A bare thread is made to enter an STA as with
 * [func@Loft.apartment_init], and has to run its new dispatcher itself, with
 * [method@Loft.Dispatcher.run_event_loop] or any other loop on its context. It is bare again when
 * the dispatcher has been shut down, in whichever way.
 *
 * Errors: %LOFT_ERROR_ILLEGAL_STATE_CHANGE if the dispatcher has a controller;
 * %LOFT_ERROR_SHUT_DOWN if it has ended; %LOFT_ERROR_CHANGED_MODE on a thread that entered the MTA,
 * and on a worker of the pool; an error from %G_IO_ERROR if a new dispatcher is needed and there is
 * no file descriptor left.
 *
 * Answers to `DispatcherQueueController.CreateOnCurrentThread`.
 *
 * Returns: (transfer full): the controller; %NULL with @error set
 */
LoftDispatcherController *
loft_dispatcher_controller_new_on_current_thread (GError **error)
{
  g_autoptr (LoftDispatcher) dispatcher = NULL;
  LoftDispatcherController *self;
  gboolean entered;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  dispatcher = loft_dispatcher_get_for_current_thread ();
  entered = dispatcher == NULL;
  if (entered && !loft_apartment_init (LOFT_APARTMENT_STA, error))
    return NULL;
  if (entered)
    dispatcher = loft_dispatcher_get_for_current_thread ();
  if (loft_dispatcher_is_over (dispatcher))
    {
      g_autofree char *what = loft_dispatcher_describe (dispatcher);

      g_set_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                   "This thread's %s has shut down, and takes no more work: use another thread",
                   what);
      return NULL;
    }
  if (!loft_dispatcher_controller_claim (dispatcher))
    {
      g_autofree char *what = loft_dispatcher_describe (dispatcher);

      g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE,
                   "This thread's %s has a controller already: use that one", what);
      return NULL;
    }
  self = g_object_new (LOFT_TYPE_DISPATCHER_CONTROLLER, NULL);
  self->dispatcher = g_steal_pointer (&dispatcher);
  if (entered)
    loft_dispatcher_peek_shutdown (self->dispatcher)->at_end = leave_apartment;
  return self;
}

/**
 * loft_dispatcher_controller_get_dispatcher:
 * @self: a controller
 *
 * Gets the dispatcher that the controller owns, also after the dispatcher has ended.
 *
 * Any thread may call this function. Answers to `DispatcherQueueController.DispatcherQueue`.
 *
 * Returns: (transfer none): the dispatcher
 */
LoftDispatcher *
loft_dispatcher_controller_get_dispatcher (LoftDispatcherController *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER_CONTROLLER (self), NULL);
  g_return_val_if_fail (self->dispatcher != NULL, NULL);

  return self->dispatcher;
}

/**
 * loft_dispatcher_controller_shutdown_async:
 * @self: a controller
 *
 * Asks the dispatcher to end in order, by its own loop.
 *
 * Any thread may call this function, any number of times. Each call returns an action, and all of
 * these actions end when the dispatcher has ended, after
 * [signal@Loft.Dispatcher::shutdown-completed]. Handlers, continuations and waits whose home is
 * that same dispatcher are called too, as the last thing that its loop does. Somebody must run the
 * loop, or the action does not end. A shutdown can't be taken back: cancelling the action changes
 * nothing but the action's status.
 *
 * The shutdown begins before the waiting Normal items run. Posts are refused as soon as no deferral
 * is left. Items that were accepted before still run, but what they post in their turn is refused.
 * Work that consists of several posts takes a deferral with [method@Loft.Dispatcher.hold_shutdown].
 *
 * Errors of the action: %LOFT_ERROR_DISCONNECTED when the thread ended before its loop came to the
 * shutdown.
 *
 * Answers to `DispatcherQueueController.ShutdownQueueAsync`.
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_dispatcher_controller_shutdown_async) (LoftDispatcherController *self)
{
  return loft_dispatcher_controller_shutdown_async_at (self, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_dispatcher_controller_shutdown_async_at (LoftDispatcherController *self,
                                              const char               *location,
                                              const char               *function)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER_CONTROLLER (self), NULL);
  g_return_val_if_fail (self->dispatcher != NULL, NULL);

  /* Release: pairs with the acquire in loft_dispatcher_controller_dispose (). */
  loft_store_release (&self->asked, TRUE);
  return loft_dispatcher_shut_down_async (self->dispatcher, &(LoftCallSite) { location, function });
}

/**
 * loft_dispatcher_controller_shutdown:
 * @self: a controller
 * @error: return location for an error
 *
 * Ends the dispatcher in order, inside this call.
 *
 * Call it on the dispatcher's own thread. It runs the loop until the last deferral is completed,
 * then runs everything that was queued, and returns when
 * [signal@Loft.Dispatcher::shutdown-completed] has been emitted. When an item of the dispatcher
 * calls it, it runs everything but that item.
 *
 * Errors: %LOFT_ERROR_WRONG_THREAD on any other thread; %LOFT_ERROR_ILLEGAL_METHOD_CALL inside a
 * shutdown that is going on further up the same stack, and that ends when the caller returns. A
 * second shutdown succeeds, and does nothing.
 *
 * Answers to `DispatcherQueueController.ShutdownQueue`.
 *
 * Returns: whether it has ended
 */
gboolean
loft_dispatcher_controller_shutdown (LoftDispatcherController  *self,
                                     GError                   **error)
{
  g_autoptr (LoftDispatcher) dispatcher = NULL;
  g_autofree char *what = NULL;

  g_return_val_if_fail (LOFT_IS_DISPATCHER_CONTROLLER (self), FALSE);
  g_return_val_if_fail (self->dispatcher != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  dispatcher = g_object_ref (self->dispatcher); /* a handler may drop the controller */
  if (loft_dispatcher_has_ended (dispatcher))
    return TRUE;
  if (!loft_dispatcher_verify_access (dispatcher, error))
    return FALSE;
  /* Release: pairs with the acquire in loft_dispatcher_controller_dispose (). */
  loft_store_release (&self->asked, TRUE);
  if (loft_dispatcher_shut_down (dispatcher))
    return TRUE;
  what = loft_dispatcher_describe (dispatcher);
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
               "The shutdown of %s goes on further up this thread's stack, and ends when its "
               "handler returns",
               what);
  return FALSE;
}
