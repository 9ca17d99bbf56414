/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftCoroutine: a C function that stops in its middle until something has ended, and then goes on.
 *
 *            start
 *              │          ┌──── what it awaits has ended: no suspension ────┐
 *              v          │                                                 │
 *           RUNNING ──await──> SUSPENDED ──delivered at its home──> RUNNING <┘
 *              │                   │
 *              │                   ├─ its home is gone ──> ended, on the pool, DISCONNECTED
 *              │                   └─ its owner is gone ──> ended, at its home, Canceled
 *              └─ it returns, or fails and catches nothing ──> ended
 *
 * Only one thread at a time has access to a coroutine. The delivery of what it awaits passes it
 * from thread to thread. So its fields need no lock, except the field that a cancel on another
 * thread reads.
 *
 * The function is called anew each time the coroutine goes on, and jumps to the point where it
 * stopped. Its data is in a frame, which the caller has made. At the end the frame is freed first,
 * and then the async object ends, so that handlers find the data released.
 *
 * The async object holds the coroutine, and the coroutine holds its object until the end. So a
 * coroutine goes on even if nobody else holds its object. A coroutine doesn't hold what it awaits:
 * otherwise an object whose producer drops it could never end. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "dispatcher/loft-home-private.h"
#include "delivery/loft-owner-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"
#include "work/loft-work-settings-private.h"
#include "coroutine/loft-fd-wait-private.h"

struct _LoftCoroutine
{
  LoftWorkItem item; /* for a move to the pool or to a dispatcher */

  /* atomic */
  gint refs; /* one of its object, and one of its own until it has ended */

  /* constant after init */
  LoftCoroutineFunc func;
  gboolean owned; /* it ends when its owner, a GObject, is gone */

  /* only the thread that runs it */
  gpointer frame;
  GDestroyNotify free_frame;
  LoftAsyncBase *base;    /* strong until the end */
  guint64 point;          /* where the function goes on; see LOFT_AWAIT */
  const char *location;   /* of the await; for debuggers */
  LoftHandler *handler;   /* hears that the await is over; not a reference */
  LoftAsyncInfo *awaited; /* strong; the ended object, until its value is taken; NULL: a move */
  GError *error;          /* why the await failed; NULL: it succeeded */
  GValue result;
  gboolean catching;      /* the catch block has begun */
  gboolean propagates;
  gboolean moved;         /* a move was accepted */

  /* under lock */
  LoftLock lock;
  LoftAsyncDependency suspended_on; /* of one with an owner */
  gboolean owner_gone;

  /* Has a lock of its own: the owner's entry, which holds the coroutine. */
  LoftOwned owner_entry;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftCoroutine, item) == 0);

/* The async objects. */

typedef struct
{
  LoftAsyncBase parent_instance;
  LoftCoroutine *coroutine; /* a reference; constant after init */
} LoftCoroutineAsync;

typedef LoftCoroutineAsync      LoftCoroutineAction;
typedef LoftCoroutineAsync      LoftCoroutineOperation;
typedef LoftAsyncBaseClass      LoftCoroutineActionClass;
typedef LoftAsyncBaseClass      LoftCoroutineOperationClass;

static GType loft_coroutine_action_get_type    (void);
static GType loft_coroutine_operation_get_type (void);

G_DEFINE_TYPE_WITH_CODE (LoftCoroutineAction, loft_coroutine_action, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL)
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftCoroutineOperation, loft_coroutine_operation, LOFT_TYPE_ASYNC_BASE,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL)
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))

static void
loft_coroutine_unref (LoftCoroutine *self)
{
  if (loft_refs_drop (&self->refs))
    g_free (self);
}

/* Stops listening to what the coroutine awaits, unless the handler is already on its way. The data
 * of the handler is then released at its home, which ends the coroutine there; see
 * on_handler_dropped (). */
static void
loft_coroutine_leave_awaited (LoftCoroutine *self)
{
  LoftAsyncDependency awaited;
  g_autoptr (LoftAsyncInfo) info = NULL;

  loft_lock_lock (&self->lock);
  awaited = loft_async_dependency_take (&self->suspended_on);
  if (awaited.observer == 0) /* it is just being added, and the adder calls this again */
    self->suspended_on = awaited;
  loft_lock_unlock (&self->lock);
  if (awaited.observer == 0)
    return;

  info = loft_link_dup (awaited.link);
  if (info != NULL)
    loft_async_info_remove_observer (info, awaited.observer);
  loft_link_unref (awaited.link);
}

/* The owner is being disposed. Its own entry with the owner has cancelled the object before. */
static void
on_owner_gone (gpointer user_data)
{
  LoftCoroutine *self = user_data;

  loft_lock_lock (&self->lock);
  self->owner_gone = TRUE;
  loft_lock_unlock (&self->lock);
  loft_coroutine_leave_awaited (self);
  loft_coroutine_unref (self);
}

static void
loft_coroutine_leave_owner (LoftCoroutine *self)
{
  LoftCoroutine *held = loft_owned_leave (&self->owner_entry);

  loft_owned_clear (&self->owner_entry);
  g_clear_pointer (&held, loft_coroutine_unref);
}

static void
loft_coroutine_async_finalize (GObject *object)
{
  loft_coroutine_unref (((LoftCoroutineAsync *) object)->coroutine);
  G_OBJECT_CLASS (g_type_class_peek (LOFT_TYPE_ASYNC_BASE))->finalize (object);
}

static void
loft_coroutine_action_class_init (LoftAsyncBaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_coroutine_async_finalize;
  LOFT_TSAN_RELEASE (klass);
}

static void
loft_coroutine_operation_class_init (LoftAsyncBaseClass *klass)
{
  loft_coroutine_action_class_init (klass);
}

static void
loft_coroutine_action_init (LoftCoroutineAction *self)
{
}

static void
loft_coroutine_operation_init (LoftCoroutineOperation *self)
{
}

/* The end. */

static GError *
new_cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                              "The coroutine was cancelled: it goes no further than its next "
                              "await");
}

/* Returns the result in a box, converted to the type that the operation promises; NULL with @error
 * if there is none that fits. */
static LoftValueBox *
loft_coroutine_box_result (LoftCoroutine  *self,
                           GError        **error)
{
  LoftValueBox *box = NULL;
  GType value_type, progress_type;

  loft_async_base_get_types (self->base, &value_type, &progress_type);
  if (!G_IS_VALUE (&self->result))
    g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_FAILED,
                         "The coroutine of an operation has ended without a result: return it with "
                         "loft_coroutine_return_value () or one of its siblings");
  else if (loft_async_base_fit_value (self->base, value_type, &self->result, error))
    box = loft_value_box_new (&self->result, loft_async_base_peek_creator_home (self->base));
  return box;
}

/* Ends the coroutine with its error, or with success. Releases the reference of its own. */
static void
loft_coroutine_end (LoftCoroutine *self)
{
  LoftAsyncBase *base = self->base;
  GError *error = g_steal_pointer (&self->error);
  LoftValueBox *box = NULL;

  if (self->owned)
    loft_coroutine_leave_owner (self);
  if (self->free_frame != NULL)
    self->free_frame (self->frame);
  g_clear_object (&self->awaited);
  if (error == NULL && LOFT_IS_ASYNC_OPERATION (base))
    box = loft_coroutine_box_result (self, &error);
  if (G_IS_VALUE (&self->result))
    g_value_unset (&self->result);
  loft_async_base_end_by_handler (base, error == NULL, error, box);
  g_object_unref (base);
  loft_coroutine_unref (self);
}

static void
loft_coroutine_end_with (LoftCoroutine *self,
                         GError        *error)
{
  g_clear_error (&self->error);
  self->error = error;
  loft_coroutine_end (self);
}

static void
loft_coroutine_end_disconnected (gpointer self)
{
  loft_coroutine_end_with (self, g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                      "The thread on which the coroutine should "
                                                      "have gone on is gone: its dispatcher has "
                                                      "shut down"));
}

/* Running. */

/* Returns whether the coroutine may go on. It may not if its owner is gone. A worker does not hold
 * the owner, because it might drop the last reference. */
static gboolean
loft_coroutine_hold_owner (LoftCoroutine  *self,
                           GObject       **out_owner)
{
  gboolean gone;

  if (!self->owned)
    return TRUE;
  loft_lock_lock (&self->lock);
  gone = self->owner_gone;
  loft_lock_unlock (&self->lock);
  if (gone || loft_thread_peek_context () == NULL)
    return !gone;
  *out_owner = loft_async_base_dup_owner (self->base);
  return *out_owner != NULL;
}

/* Runs the coroutine until it is suspended or has ended. If it is suspended, another thread may run
 * it before this returns. */
static void
loft_coroutine_run (LoftCoroutine *self)
{
  g_autoptr (GObject) owner = NULL;
  LoftCoroutineStep step;

  if (!loft_coroutine_hold_owner (self, &owner))
    {
      loft_coroutine_end_with (self, new_cancelled ());
      return;
    }
  while ((step = self->func (self, self->frame)) == LOFT_COROUTINE_FAILED && !self->catching)
    {
      self->catching = TRUE;
      self->point = LOFT_COROUTINE_POINT_CATCH_;
    }
  if (step == LOFT_COROUTINE_SUSPENDED)
    return;
  if (step == LOFT_COROUTINE_DONE)
    g_clear_error (&self->error); /* the catch block has handled it */
  loft_coroutine_end (self);
}

static void
loft_coroutine_item_run (LoftWorkItem   *item,
                         LoftDispatcher *dispatcher)
{
  loft_coroutine_run ((LoftCoroutine *) item);
}

static void
loft_coroutine_item_drop (LoftWorkItem   *item,
                          LoftDispatcher *dispatcher)
{
  if (dispatcher != NULL)
    loft_dispatcher_count_undelivered (dispatcher);
  loft_pool_post_item (loft_call_item_new (loft_coroutine_end_disconnected, item));
}

static const LoftWorkItemClass loft_coroutine_item_class = {
  .name = "coroutine",
  .run = loft_coroutine_item_run,
  .drop = loft_coroutine_item_drop,
};

/* Called when the handler has arrived. From then on the handler no longer owns its data, which is
 * the coroutine. */
static void
loft_coroutine_take_over (LoftCoroutine *self)
{
  LoftAsyncDependency awaited = { NULL, 0 };

  g_steal_pointer (&self->handler)->to.destroy = NULL;
  if (!self->owned)
    return;
  loft_lock_lock (&self->lock);
  awaited = loft_async_dependency_take (&self->suspended_on);
  loft_lock_unlock (&self->lock);
  g_clear_pointer (&awaited.link, loft_link_unref);
}

static void
on_awaited (LoftAsyncInfo   *info,
            LoftAsyncStatus  status,
            gpointer         user_data)
{
  LoftCoroutine *self = user_data;

  loft_coroutine_take_over (self);
  self->awaited = g_object_ref (info);
  self->error = loft_outcome_dup_error (info, status);
  loft_coroutine_run (self);
}

/* Runs on the pool. */
static void
on_home_gone (LoftAsyncInfo *info,
              gpointer       user_data)
{
  loft_coroutine_take_over (user_data);
  loft_coroutine_end_disconnected (user_data);
}

/* Called when the handler was removed before it was called. */
static void
on_handler_dropped (gpointer user_data)
{
  LoftCoroutine *self = user_data;

  self->handler = NULL;
  loft_coroutine_end_with (self, new_cancelled ());
}

/* Awaiting. */

/* Returns the error of an await that fails at once; NULL: the await can begin. */
static GError *
loft_coroutine_check_await (LoftCoroutine       *self,
                            const LoftAwaitable *what)
{
  if (what->kind != LOFT_AWAITABLE_BACKGROUND &&
      !(what->kind == LOFT_AWAITABLE_FOREGROUND ? LOFT_IS_DISPATCHER (what->object)
                                                : LOFT_IS_ASYNC_INFO (what->object)))
    return g_error_new (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                        "The await at %s got %s instead of something that can be awaited",
                        self->location,
                        what->object == NULL ? "NULL" : G_OBJECT_TYPE_NAME (what->object));
  if (what->kind == LOFT_AWAITABLE_FOREGROUND && !loft_priority_is_valid (what->priority))
    return g_error_new (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                        "The move at %s has no LoftPriority but %d", self->location,
                        what->priority);
  if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (self->base)))
    return new_cancelled ();
  return NULL;
}

/* Notes what an owned coroutine awaits. This comes before the coroutine listens. The observer is
 * noted after that. */
static LoftLink *
loft_coroutine_note_awaited (LoftCoroutine *self,
                             LoftAsyncInfo *info)
{
  LoftLink *link = loft_async_info_dup_link (info);

  loft_lock_lock (&self->lock);
  loft_async_dependency_set (&self->suspended_on, link);
  loft_lock_unlock (&self->lock);
  return link;
}

/* Another thread may already run the coroutine. @base keeps it alive. */
static void
loft_coroutine_note_observer (LoftAsyncBase *base,
                              LoftLink      *link,
                              guint64        observer)
{
  LoftCoroutine *self = ((LoftCoroutineAsync *) base)->coroutine;
  gboolean gone;

  loft_lock_lock (&self->lock);
  loft_async_dependency_set_observer (&self->suspended_on, link, observer);
  gone = self->owner_gone; /* perhaps in the meantime */
  loft_lock_unlock (&self->lock);
  loft_link_unref (link);
  if (gone)
    loft_coroutine_leave_awaited (self);
}

/* Listens to the end of @info, and takes over the reference to it. Returns FALSE if the class of
 * @info refuses the handler. If this returns TRUE, another thread may already run the coroutine. */
static gboolean
loft_coroutine_listen (LoftCoroutine *self,
                       LoftAsyncInfo *info,
                       gboolean       agile)
{
  LoftHandler *handler = loft_async_info_new_handler (info, LOFT_HANDLER_CONTINUATION, agile,
                                                      G_CALLBACK (on_awaited), self,
                                                      on_handler_dropped);
  gboolean foreign = !LOFT_IS_ASYNC_BASE (info), owned = self->owned, taken;
  LoftAsyncBase *base = owned ? g_object_ref (self->base) : NULL;
  LoftLink *link = owned ? loft_coroutine_note_awaited (self, info) : NULL;
  GError *error = NULL;
  guint64 observer;

  handler->dropped = on_home_gone;
  self->handler = handler;
  if (self->propagates)
    loft_async_base_propagate_cancel (self->base, info);
  if (foreign)
    loft_handler_ref (handler);
  taken = loft_async_info_add_handler (info, handler, &observer, &error);
  if (!taken)
    {
      loft_coroutine_take_over (self);
      self->error = error;
    }
  if (foreign)
    loft_handler_unref (handler);
  if (owned)
    loft_coroutine_note_observer (base, link, taken ? observer : 0);
  g_clear_object (&base);
  g_object_unref (info);
  return taken;
}

/* Moves the coroutine to the pool or to a dispatcher. Returns FALSE if the dispatcher refuses. */
static gboolean
loft_coroutine_move (LoftCoroutine       *self,
                     const LoftAwaitable *what)
{
  LoftDispatcher *dispatcher;
  gboolean moves;

  self->moved = TRUE;
  if (what->kind == LOFT_AWAITABLE_BACKGROUND)
    {
      loft_pool_post_item (&self->item);
      return TRUE;
    }
  /* Held over the post, since the coroutine may run to its end there, and drop the last
   * reference. */
  dispatcher = loft_home_hold (what->object);
  moves = loft_dispatcher_post_users_item (dispatcher, loft_lane_from_priority (what->priority),
                                           &self->item);
  loft_home_let_go (dispatcher);
  if (!moves)
    self->moved = FALSE;
  return moves;
}

static gboolean
loft_coroutine_await_info (LoftCoroutine       *self,
                           const LoftAwaitable *what)
{
  LoftAsyncInfo *info = what->object;

  if (!loft_async_info_has_ended (info))
    return loft_coroutine_listen (self, info, what->kind == LOFT_AWAITABLE_AGILE);
  self->awaited = info;
  self->error = loft_outcome_dup_error (info, loft_async_info_get_status (info));
  return FALSE;
}

static void
loft_awaitable_clear (LoftAwaitable *what)
{
  if (what->kind == LOFT_AWAITABLE_INFO || what->kind == LOFT_AWAITABLE_AGILE)
    g_clear_object ((GObject **) &what->object);
}

/**
 * loft_coroutine_get_point: (skip)
 * @self: a coroutine
 *
 * Gets the point at which the function goes on.
 *
 * Only LOFT_COROUTINE_BEGIN calls this.
 *
 * Returns: the point
 */
guint64
loft_coroutine_get_point (LoftCoroutine *self)
{
  return self->point;
}

/**
 * loft_coroutine_await_at: (skip)
 * @self: a coroutine
 * @point: the point at which the function goes on
 * @what: (transfer full): what to await
 * @location: the place of the await in the source
 *
 * Awaits something.
 *
 * Only LOFT_AWAIT and its other forms call this.
 *
 * Returns: %TRUE if the coroutine is suspended; the function then has to return without touching
 *   the coroutine, since another thread may already run it
 */
gboolean
loft_coroutine_await_at (LoftCoroutine *self,
                         guint64        point,
                         LoftAwaitable  what,
                         const char    *location)
{
  self->point = point;
  self->location = location;
  self->moved = FALSE;
  g_clear_object (&self->awaited);
  g_clear_error (&self->error);
  self->error = loft_coroutine_check_await (self, &what);
  if (self->error != NULL)
    {
      loft_awaitable_clear (&what);
      return FALSE;
    }
  if (what.kind == LOFT_AWAITABLE_INFO || what.kind == LOFT_AWAITABLE_AGILE)
    return loft_coroutine_await_info (self, &what);
  return loft_coroutine_move (self, &what);
}

/* Releases what was awaited once its value is taken. Returns whether the await has succeeded. */
static gboolean
loft_coroutine_end_await (LoftCoroutine *self)
{
  g_clear_object (&self->awaited);
  return self->error == NULL;
}

/**
 * loft_coroutine_take: (skip)
 * @self: a coroutine
 *
 * Ends an await that takes no value.
 *
 * Only LOFT_AWAIT calls this.
 *
 * Returns: %FALSE if the await has failed
 */
gboolean
loft_coroutine_take (LoftCoroutine *self)
{
  if (self->error == NULL && self->awaited == NULL && !self->moved)
    self->error = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
                                       "The coroutine can't go on at a dispatcher that has shut "
                                       "down. Await the move with LOFT_AWAIT_BOOLEAN to go on "
                                       "where it is.");
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_outcome: (skip)
 * @self: a coroutine
 * @out_success: (out): whether the await has succeeded
 *
 * Ends an await, whether it has failed or not.
 *
 * Only LOFT_AWAIT_OUTCOME calls this.
 *
 * Returns: %TRUE
 */
gboolean
loft_coroutine_take_outcome (LoftCoroutine *self,
                             gboolean      *out_success)
{
  *out_success = loft_coroutine_take (self);
  return TRUE;
}

/* Returns the operation whose value the await takes. Returns NULL if there is none, with the error
 * in @self. */
static LoftAsyncOperation *
loft_coroutine_peek_operation (LoftCoroutine *self)
{
  if (self->error != NULL)
    return NULL;
  if (LOFT_IS_ASYNC_OPERATION (self->awaited))
    return LOFT_ASYNC_OPERATION (self->awaited);
  self->error = g_error_new (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                             "The await at %s wants a value, and what it has awaited gives none",
                             self->location);
  return NULL;
}

/**
 * loft_coroutine_take_boolean: (skip)
 * @self: a coroutine
 * @out_value: (out): a boolean, or whether a move was accepted
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_BOOLEAN calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_boolean (LoftCoroutine *self,
                             gboolean      *out_value)
{
  LoftAsyncOperation *operation;

  if (self->error == NULL && self->awaited == NULL) /* a move */
    {
      *out_value = self->moved;
      return TRUE;
    }
  operation = loft_coroutine_peek_operation (self);
  if (operation != NULL)
    *out_value = loft_async_operation_get_boolean (operation, &self->error);
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_int64: (skip)
 * @self: a coroutine
 * @out_value: (out): an integer
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_INT64 calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_int64 (LoftCoroutine *self,
                           gint64        *out_value)
{
  LoftAsyncOperation *operation = loft_coroutine_peek_operation (self);

  if (operation != NULL)
    *out_value = loft_async_operation_get_int64 (operation, &self->error);
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_double: (skip)
 * @self: a coroutine
 * @out_value: (out): a floating-point number
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_DOUBLE calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_double (LoftCoroutine *self,
                            double        *out_value)
{
  LoftAsyncOperation *operation = loft_coroutine_peek_operation (self);

  if (operation != NULL)
    *out_value = loft_async_operation_get_double (operation, &self->error);
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_string: (skip)
 * @self: a coroutine
 * @out_value: (out): a new string, which the caller frees
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_STRING calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_string (LoftCoroutine  *self,
                            char          **out_value)
{
  LoftAsyncOperation *operation = loft_coroutine_peek_operation (self);

  if (operation != NULL)
    *out_value = loft_async_operation_dup_string (operation, &self->error);
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_object: (skip)
 * @self: a coroutine
 * @out_value: (out): the address of a pointer, which is set to a new reference to the object
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_OBJECT calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_object (LoftCoroutine *self,
                            gpointer       out_value)
{
  LoftAsyncOperation *operation = loft_coroutine_peek_operation (self);

  if (operation != NULL)
    *(GObject **) out_value = loft_async_operation_dup_object (operation, &self->error);
  return loft_coroutine_end_await (self);
}

/**
 * loft_coroutine_take_value: (skip)
 * @self: a coroutine
 * @out_value: (out): an unset value, which is filled in
 *
 * Ends an await and stores its value.
 *
 * Only LOFT_AWAIT_VALUE calls this.
 *
 * Returns: %FALSE if the await has failed, or if the value has another type
 */
gboolean
loft_coroutine_take_value (LoftCoroutine *self,
                           GValue        *out_value)
{
  LoftAsyncOperation *operation = loft_coroutine_peek_operation (self);

  if (operation != NULL)
    loft_async_operation_get_results (operation, out_value, &self->error);
  return loft_coroutine_end_await (self);
}

/* Starting. */

static LoftAsyncBase *
loft_coroutine_new_async (LoftFullRequest *full)
{
  LoftWorkRequest *request = &full->request;
  gboolean gives_value = (request->flags & LOFT_WORK_GIVES_VALUE) != 0;
  LoftAsyncBase *base = g_object_new (gives_value ? loft_coroutine_operation_get_type ()
                                                  : loft_coroutine_action_get_type (),
                                      NULL);

  loft_async_base_init_work (base, LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL, &request->site);
  if (gives_value)
    loft_async_base_set_value_type (base, request->value_type);
  loft_async_base_capture_home (base);
  if ((request->flags & LOFT_WORK_REPORTS) != 0)
    loft_async_base_set_progress_type (base, request->progress_type);
  return base;
}

static LoftAsyncBase *
loft_coroutine_begin (LoftFullRequest *full,
                      const char      *function)
{
  LoftWorkRequest *request = &full->request;
  g_autoptr (GObject) owner = full->owner != NULL ? g_object_ref (full->owner) : NULL;
  LoftCoroutine *self;
  LoftAsyncBase *base;

  if (!loft_work_request_check (request, LOFT_PRIORITY_NORMAL, LOFT_PRIORITY_LOW, function))
    return NULL;
  base = loft_coroutine_new_async (full);
  self = g_new0 (LoftCoroutine, 1);
  self->item.klass = &loft_coroutine_item_class;
  self->refs = 2;
  self->func = (LoftCoroutineFunc) request->handler;
  self->frame = request->user_data;
  self->free_frame = request->destroy;
  self->owned = full->has_owner;
  self->base = g_object_ref (base);
  self->point = LOFT_COROUTINE_POINT_BEGIN_;
  ((LoftCoroutineAsync *) base)->coroutine = self;
  if (loft_work_request_settle (request, base))
    {
      if (owner != NULL) /* after the object's own entry, which cancels it */
        {
          loft_refs_take (&self->refs);
          loft_owner_add (owner, &self->owner_entry, self, on_owner_gone);
        }
      loft_coroutine_run (self);
    }
  else /* the owner is gone */
    {
      loft_async_base_cancel (base, LOFT_CANCEL_REASON_OWNER_GONE, FALSE);
      loft_coroutine_end_with (self, new_cancelled ());
    }
  loft_work_request_clear (request);
  return base;
}

/**
 * loft_coroutine_start: (skip)
 * @func: the function, which has a LOFT_COROUTINE_BEGIN and a LOFT_COROUTINE_END
 * @frame: the data to pass to @func: its variables that outlive an await
 * @free_frame: (nullable): called once with @frame, when the coroutine ends and before any handler
 *   of its action runs
 *
 * Starts a coroutine, which runs on the calling thread until it first waits.
 *
 * Any thread may call. After each await the coroutine goes on at the home that it had at the await:
 * on the dispatcher's thread, or on a worker of the pool if it had no home. If that home has shut
 * down, the coroutine ends with %LOFT_ERROR_DISCONNECTED, on a worker of the pool. @free_frame runs
 * on the thread where the coroutine ends.
 *
 * When the action is cancelled, the coroutine goes on to its next await, which fails with
 * %G_IO_ERROR_CANCELLED. What the coroutine awaits is not cancelled, unless
 * loft_coroutine_propagate_cancel() was called. A coroutine goes on even if nobody holds its
 * action.
 *
 * Answers to a C++/WinRT coroutine that returns `IAsyncAction`.
 *
 * Returns: (transfer full): the action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_coroutine_start) (LoftCoroutineFunc func,
                        gpointer          frame,
                        GDestroyNotify    free_frame)
{
  return loft_coroutine_start_full_at (NULL, func, frame, free_frame, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_coroutine_start_at (LoftCoroutineFunc  func,
                         gpointer           frame,
                         GDestroyNotify     free_frame,
                         const char        *location,
                         const char        *function)
{
  return loft_coroutine_start_full_at (NULL, func, frame, free_frame, location, function);
}

/**
 * loft_coroutine_start_operation: (skip)
 * @value_type: the type of the result
 * @func: the function, which ends with `return loft_coroutine_return_value ()` or another function
 *   of this kind
 * @frame: as for loft_coroutine_start()
 * @free_frame: (nullable): as for loft_coroutine_start()
 *
 * Starts a coroutine that has a result.
 *
 * This works as loft_coroutine_start() does. If the coroutine ends without a result, the operation
 * fails with %LOFT_ERROR_FAILED.
 *
 * Answers to a C++/WinRT coroutine that returns `IAsyncOperation<T>`.
 *
 * Returns: (transfer full): the operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_coroutine_start_operation) (GType             value_type,
                                  LoftCoroutineFunc func,
                                  gpointer          frame,
                                  GDestroyNotify    free_frame)
{
  return loft_coroutine_start_operation_full_at (NULL, value_type, func, frame, free_frame, NULL,
                                                 G_STRFUNC);
}

LoftAsyncOperation *
loft_coroutine_start_operation_at (GType              value_type,
                                   LoftCoroutineFunc  func,
                                   gpointer           frame,
                                   GDestroyNotify     free_frame,
                                   const char        *location,
                                   const char        *function)
{
  return loft_coroutine_start_operation_full_at (NULL, value_type, func, frame, free_frame,
                                                 location, function);
}

/**
 * loft_coroutine_start_full: (skip)
 * @settings: (nullable): the owner, and the progress with its handler; %NULL: neither
 * @func: as for loft_coroutine_start()
 * @frame: as for loft_coroutine_start()
 * @free_frame: (nullable): as for loft_coroutine_start()
 *
 * Starts a coroutine that ends when its owner is disposed, that reports progress, or both.
 *
 * This works as loft_coroutine_start() does. The owner is held while the coroutine runs on a thread
 * with a dispatcher, but not on a worker, and not while the coroutine waits. When the owner is
 * disposed, the coroutine goes no further. It ends Canceled at the home where it waits, with the
 * reason %LOFT_CANCEL_REASON_OWNER_GONE. The priority and the options of the settings have no
 * meaning here.
 *
 * Answers to a C++/WinRT coroutine that returns `IAsyncActionWithProgress<P>`, and to one with a
 * weak `this`.
 *
 * Returns: (transfer full): the action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_coroutine_start_full) (LoftWorkSettings  *settings,
                             LoftCoroutineFunc  func,
                             gpointer           frame,
                             GDestroyNotify     free_frame)
{
  return loft_coroutine_start_full_at (settings, func, frame, free_frame, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_coroutine_start_full_at (LoftWorkSettings  *settings,
                              LoftCoroutineFunc  func,
                              gpointer           frame,
                              GDestroyNotify     free_frame,
                              const char        *location,
                              const char        *function)
{
  LoftFullRequest full = {
    .request = { .kind = LOFT_WORK_ACTION, .handler = G_CALLBACK (func), .user_data = frame,
                 .destroy = free_frame, .site = { location, function } },
  };

  loft_work_settings_fill (settings, &full);
  return (LoftAsyncAction *) loft_coroutine_begin (&full, "loft_coroutine_start_full");
}

/**
 * loft_coroutine_start_operation_full: (skip)
 * @settings: (nullable): the owner, and the progress with its handler; %NULL: neither
 * @value_type: the type of the result
 * @func: as for loft_coroutine_start_operation()
 * @frame: as for loft_coroutine_start()
 * @free_frame: (nullable): as for loft_coroutine_start()
 *
 * Starts a coroutine that has a result, and that ends when its owner is disposed, reports progress,
 * or both.
 *
 * This works as loft_coroutine_start_full() and loft_coroutine_start_operation() do.
 *
 * Answers to a C++/WinRT coroutine that returns `IAsyncOperationWithProgress<T, P>`.
 *
 * Returns: (transfer full): the operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_coroutine_start_operation_full) (LoftWorkSettings  *settings,
                                       GType              value_type,
                                       LoftCoroutineFunc  func,
                                       gpointer           frame,
                                       GDestroyNotify     free_frame)
{
  return loft_coroutine_start_operation_full_at (settings, value_type, func, frame, free_frame,
                                                 NULL, G_STRFUNC);
}

LoftAsyncOperation *
loft_coroutine_start_operation_full_at (LoftWorkSettings  *settings,
                                        GType              value_type,
                                        LoftCoroutineFunc  func,
                                        gpointer           frame,
                                        GDestroyNotify     free_frame,
                                        const char        *location,
                                        const char        *function)
{
  LoftFullRequest full = {
    .request = { .kind = LOFT_WORK_OPERATION, .flags = LOFT_WORK_GIVES_VALUE,
                 .value_type = value_type, .handler = G_CALLBACK (func), .user_data = frame,
                 .destroy = free_frame, .site = { location, function } },
  };

  loft_work_settings_fill (settings, &full);
  return (LoftAsyncOperation *) loft_coroutine_begin (&full,
                                                      "loft_coroutine_start_operation_full");
}

/* What the function of a coroutine calls. */

/**
 * loft_coroutine_get_async_base: (skip)
 * @self: a coroutine
 *
 * Gets the coroutine's own async object, for example to report progress or to set a cancel handler.
 *
 * Only the coroutine's function may call this.
 *
 * Returns: (transfer none): the action or operation
 */
LoftAsyncBase *
loft_coroutine_get_async_base (LoftCoroutine *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->base;
}

/**
 * loft_coroutine_propagate_cancel: (skip)
 * @self: a coroutine
 * @propagate: whether a cancel also cancels what is awaited
 *
 * Sets whether a cancel of the coroutine also cancels what it awaits from now on.
 *
 * Only the coroutine's function may call this. The default is %FALSE.
 *
 * Answers to `cancellation_token.enable_propagation`.
 */
void
loft_coroutine_propagate_cancel (LoftCoroutine *self,
                                 gboolean       propagate)
{
  g_return_if_fail (self != NULL);

  self->propagates = propagate;
}

/**
 * loft_coroutine_get_error: (skip)
 * @self: a coroutine
 *
 * Gets the error of the last await.
 *
 * Only the coroutine's function may call this, in the catch block and after LOFT_AWAIT_OUTCOME. The
 * error is valid until the next await.
 *
 * Returns: (transfer none) (nullable): the error; %NULL: the await has succeeded
 */
const GError *
loft_coroutine_get_error (LoftCoroutine *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * loft_coroutine_fail: (skip)
 * @self: a coroutine
 * @error: (transfer full): what went wrong
 *
 * Ends the coroutine with an error: `return loft_coroutine_fail (co, error)`.
 *
 * Only the coroutine's function may call this. The catch block does not run. If @error is
 * %G_IO_ERROR_CANCELLED, the coroutine ends Canceled.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_fail (LoftCoroutine *self,
                     GError        *error)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_UNCAUGHT);
  g_return_val_if_fail (error != NULL, LOFT_COROUTINE_UNCAUGHT);

  g_clear_error (&self->error);
  self->error = error;
  return LOFT_COROUTINE_UNCAUGHT;
}

/**
 * loft_coroutine_rethrow: (skip)
 * @self: a coroutine
 *
 * Ends the coroutine with the error of the last await: `return loft_coroutine_rethrow (co)`.
 *
 * Only the coroutine's function may call this, and only where loft_coroutine_get_error() returns an
 * error.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_rethrow (LoftCoroutine *self)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_UNCAUGHT);
  g_return_val_if_fail (self->error != NULL, LOFT_COROUTINE_DONE);

  return LOFT_COROUTINE_UNCAUGHT;
}

static GValue *
loft_coroutine_init_result (LoftCoroutine *self,
                            GType          type)
{
  if (G_IS_VALUE (&self->result))
    g_value_unset (&self->result);
  return g_value_init (&self->result, type);
}

/**
 * loft_coroutine_return_boolean: (skip)
 * @self: a coroutine of an operation
 * @value: the result
 *
 * Ends the coroutine with a boolean: `return loft_coroutine_return_boolean (co, value)`.
 *
 * Only the coroutine's function may call this. The value is converted to the operation's type. If
 * it can't be converted, the operation fails.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_boolean (LoftCoroutine *self,
                               gboolean       value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);

  g_value_set_boolean (loft_coroutine_init_result (self, G_TYPE_BOOLEAN), value);
  return LOFT_COROUTINE_DONE;
}

/**
 * loft_coroutine_return_int64: (skip)
 * @self: a coroutine of an operation
 * @value: the result
 *
 * Ends the coroutine with an integer: `return loft_coroutine_return_int64 (co, value)`.
 *
 * Only the coroutine's function may call this. The value is converted to the operation's type. If
 * it can't be converted, the operation fails.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_int64 (LoftCoroutine *self,
                             gint64         value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);

  g_value_set_int64 (loft_coroutine_init_result (self, G_TYPE_INT64), value);
  return LOFT_COROUTINE_DONE;
}

/**
 * loft_coroutine_return_double: (skip)
 * @self: a coroutine of an operation
 * @value: the result
 *
 * Ends the coroutine with a double: `return loft_coroutine_return_double (co, value)`.
 *
 * Only the coroutine's function may call this. The value is converted to the operation's type. If
 * it can't be converted, the operation fails.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_double (LoftCoroutine *self,
                              double         value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);

  g_value_set_double (loft_coroutine_init_result (self, G_TYPE_DOUBLE), value);
  return LOFT_COROUTINE_DONE;
}

/**
 * loft_coroutine_return_string: (skip)
 * @self: a coroutine of an operation
 * @value: (nullable): the result; it is copied
 *
 * Ends the coroutine with a string: `return loft_coroutine_return_string (co, value)`.
 *
 * Only the coroutine's function may call this. The value is converted to the operation's type. If
 * it can't be converted, the operation fails.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_string (LoftCoroutine *self,
                              const char    *value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);

  g_value_set_string (loft_coroutine_init_result (self, G_TYPE_STRING), value);
  return LOFT_COROUTINE_DONE;
}

/**
 * loft_coroutine_return_object: (skip)
 * @self: a coroutine of an operation
 * @value: (nullable) (type GObject.Object): the result; a reference is taken
 *
 * Ends the coroutine with an object: `return loft_coroutine_return_object (co, value)`.
 *
 * This works as loft_coroutine_return_value() does.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_object (LoftCoroutine *self,
                              gpointer       value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);
  g_return_val_if_fail (value == NULL || G_IS_OBJECT (value), LOFT_COROUTINE_DONE);

  g_value_set_object (loft_coroutine_init_result (self, value != NULL ? G_OBJECT_TYPE (value)
                                                                      : G_TYPE_OBJECT),
                      value);
  return LOFT_COROUTINE_DONE;
}

/**
 * loft_coroutine_return_value: (skip)
 * @self: a coroutine of an operation
 * @value: the result; it is copied
 *
 * Ends the coroutine with a value: `return loft_coroutine_return_value (co, &value)`.
 *
 * Only the coroutine's function may call this. The value is converted to the operation's type. If
 * it can't be converted, the operation fails.
 *
 * Returns: the value that the function has to return
 */
LoftCoroutineStep
loft_coroutine_return_value (LoftCoroutine *self,
                             const GValue  *value)
{
  g_return_val_if_fail (self != NULL, LOFT_COROUTINE_DONE);
  g_return_val_if_fail (G_IS_VALUE (value), LOFT_COROUTINE_DONE);

  g_value_copy (value, loft_coroutine_init_result (self, G_VALUE_TYPE (value)));
  return LOFT_COROUTINE_DONE;
}

/* What can be awaited besides async objects. */

/**
 * loft_resume_background: (skip)
 *
 * Moves the coroutine that awaits it to a worker of the pool.
 *
 * Use it as `LOFT_AWAIT (co, loft_resume_background ())`.
 *
 * Answers to `co_await winrt::resume_background ()`.
 *
 * Returns: what to await
 */
LoftAwaitable
loft_resume_background (void)
{
  return (LoftAwaitable) { .kind = LOFT_AWAITABLE_BACKGROUND };
}

/**
 * loft_resume_foreground: (skip)
 * @dispatcher: the dispatcher on whose thread to go on; no reference is held
 * @priority: the lane in which to go on
 *
 * Moves the coroutine that awaits it to a dispatcher's thread.
 *
 * If the dispatcher has shut down, LOFT_AWAIT_BOOLEAN stores %FALSE, and the coroutine goes on
 * where it is. LOFT_AWAIT fails with %LOFT_ERROR_SHUT_DOWN in that case.
 *
 * Answers to `co_await winrt::resume_foreground (dispatcher, priority)`.
 *
 * Returns: what to await
 */
LoftAwaitable
loft_resume_foreground (LoftDispatcher *dispatcher,
                        LoftPriority    priority)
{
  return (LoftAwaitable) { .kind = LOFT_AWAITABLE_FOREGROUND, .priority = priority,
                           .object = dispatcher };
}

/**
 * loft_resume_after: (skip)
 * @span: the time to wait, in µs; 0 or less: no wait
 *
 * Lets the coroutine that awaits it wait for a time, and go on at the home that it has.
 *
 * Answers to `co_await winrt::resume_after (span)`.
 *
 * Returns: what to await
 */
LoftAwaitable
loft_resume_after (GTimeSpan span)
{
  return (LoftAwaitable) { .kind = LOFT_AWAITABLE_INFO, .object = loft_delay_async (span) };
}

/**
 * loft_resume_on_fd: (skip)
 * @fd: a file descriptor, which has to stay open until the await is over
 * @condition: the condition to wait for
 * @timeout: the longest time to wait, in µs; less than 0: no limit
 *
 * Lets the coroutine that awaits it wait until a file descriptor is ready, and go on at the home
 * that it has.
 *
 * LOFT_AWAIT_BOOLEAN stores %FALSE if the time ran out before the file descriptor was ready.
 *
 * Answers to `co_await winrt::resume_on_signal (handle, timeout)`.
 *
 * Returns: what to await
 */
LoftAwaitable
loft_resume_on_fd (int          fd,
                   GIOCondition condition,
                   GTimeSpan    timeout)
{
  return (LoftAwaitable) { .kind = LOFT_AWAITABLE_INFO,
                           .object = loft_fd_wait_async (fd, condition, timeout) };
}

/**
 * loft_resume_agile: (skip)
 * @info: (transfer full): an async object
 *
 * Lets the coroutine that awaits it continue on whichever thread ends @info, not at its home.
 *
 * The coroutine must not block on that thread. After its next await it goes on at the home of that
 * thread.
 *
 * Answers to `winrt::resume_agile`.
 *
 * Returns: what to await
 */
LoftAwaitable
loft_resume_agile (LoftAsyncInfo *info)
{
  return (LoftAwaitable) { .kind = LOFT_AWAITABLE_AGILE, .object = info };
}
