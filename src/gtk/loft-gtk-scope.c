/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkScope: what dies with a widget.
 *
 * A scope lasts until its widget is unrooted or disposed, or until all work of the widget is
 * cancelled. Work that is started after that gets a new scope. The scope of a disposed widget stays
 * attached to it, and ends whatever is still started for the widget.
 *
 * Work that waits in GTK's dispatcher is in no list. It looks at its scope when its turn comes, and
 * ends Canceled if the scope has ended. So the end of a scope takes the same time whatever waits,
 * and a post from another thread needs no lock. The list has what a cancel has to reach at once:
 * work of the pool, adopted objects, and work that runs on GTK's thread. A long list is cancelled
 * in parts, so that a window closes within a frame.
 *
 * Handlers that belong to the widget have the scope as their owner, in the sense of Loft. */

#include <loft-gtk/loft-gtk-scope.h>

/* How long one turn cancels, in µs. A quarter of a frame leaves room for the rest of the close. */
#define CANCEL_SLICE 4000

typedef struct _LoftGtkEntry LoftGtkEntry;

/* One piece of work of a scope. */
struct _LoftGtkEntry
{
  /* constant after init */
  LoftGtkScope *scope; /* a reference */
  LoftWorkHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;

  /* thread of GTK only */
  gboolean is_linked;
  gboolean is_released; /* the core has released the data while the work was being posted */
  gboolean is_posting;
  LoftAsyncInfo *info;  /* a reference, while it is linked */
  LoftGtkEntry *previous, *next;
};

struct _LoftGtkScope
{
  GObject parent_instance;

  /* atomic */
  gint has_ended;      /* set once, on the thread of GTK */

  /* thread of GTK only */
  GtkWidget *widget;   /* no reference; NULL: the scope has ended */
  gulong on_root;
  LoftGtkEntry *first;
};

G_DEFINE_FINAL_TYPE (LoftGtkScope, loft_gtk_scope, G_TYPE_OBJECT)

static G_DEFINE_QUARK (loft-gtk-scope, scope)

/* Like g_return_val_if_fail (), and releases the data that the caller has handed over. */
#define consume_and_return_val_if_fail(expr, destroy, user_data, val) \
  G_STMT_START {                                                      \
    if (G_UNLIKELY (!(expr)))                                         \
      {                                                               \
        g_return_if_fail_warning (G_LOG_DOMAIN, G_STRFUNC, #expr);    \
        if (destroy != NULL)                                          \
          destroy (user_data);                                        \
        return val;                                                   \
      }                                                               \
  } G_STMT_END

static gboolean
is_gtk_thread (void)
{
  return loft_dispatcher_has_thread_access (loft_dispatcher_get_default ());
}

static void
loft_gtk_entry_link (LoftGtkEntry  *self,
                     LoftAsyncInfo *info)
{
  LoftGtkScope *scope = self->scope;

  self->info = g_object_ref (info);
  self->is_linked = TRUE;
  self->previous = NULL;
  self->next = scope->first;
  if (scope->first != NULL)
    scope->first->previous = self;
  scope->first = self;
}

/* Returns the reference of the list to the async object, or NULL if the entry is in no list. */
static LoftAsyncInfo *
loft_gtk_entry_unlink (LoftGtkEntry *self)
{
  if (!self->is_linked)
    return NULL;

  *(self->previous != NULL ? &self->previous->next : &self->scope->first) = self->next;
  if (self->next != NULL)
    self->next->previous = self->previous;
  self->is_linked = FALSE;
  return g_steal_pointer (&self->info);
}

static LoftGtkEntry *
loft_gtk_entry_new (LoftGtkScope    *scope,
                    LoftWorkHandler  handler,
                    gpointer         user_data,
                    GDestroyNotify   destroy)
{
  LoftGtkEntry *self = g_new0 (LoftGtkEntry, 1);

  self->scope = g_object_ref (scope);
  self->handler = handler;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

static void
loft_gtk_entry_free (LoftGtkEntry *self)
{
  g_object_unref (self->scope);
  g_free (self);
}

/* The destroy notify of whatever has the entry. */
static void
on_entry_released (gpointer data)
{
  LoftGtkEntry *self = data;
  LoftAsyncInfo *info = loft_gtk_entry_unlink (self);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  if (self->is_posting)
    self->is_released = TRUE;
  else
    loft_gtk_entry_free (self);
  g_clear_object (&info);
}

static void on_cancel_turn (gpointer data);

/* A cancel may call handlers that touch the list, so each round begins at its head. */
static void
loft_gtk_scope_cancel_list (LoftGtkScope *self)
{
  gint64 end = g_get_monotonic_time () + CANCEL_SLICE;

  for (guint n = 1; self->first != NULL; n++)
    {
      LoftAsyncInfo *info = loft_gtk_entry_unlink (self->first);

      loft_async_info_cancel (info);
      g_object_unref (info);
      if (n % 16 == 0 && self->first != NULL && g_get_monotonic_time () >= end &&
          loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                       on_cancel_turn, g_object_ref (self), g_object_unref))
        return;
    }
}

static void
on_cancel_turn (gpointer data)
{
  loft_gtk_scope_cancel_list (data);
}

/* From here on no handler of the scope begins. */
static void
loft_gtk_scope_end (LoftGtkScope *self)
{
  self->widget = NULL;
  g_atomic_int_set (&self->has_ended, TRUE);
  g_object_run_dispose (G_OBJECT (self)); /* releases the handlers that it owns */
  loft_gtk_scope_cancel_list (self);
}

static void
on_widget_disposed (gpointer  data,
                    GObject  *former_widget)
{
  LoftGtkScope *self = data;

  /* Its signal handlers are gone, and the scope stays attached. Other weak notifies, which come
   * later, may still start work for the widget. */
  g_object_ref (self);
  loft_gtk_scope_end (self);
  g_object_unref (self);
}

/* Ends a scope whose widget lives on. */
static void
loft_gtk_scope_detach (LoftGtkScope *self)
{
  GtkWidget *widget = self->widget;

  g_signal_handler_disconnect (widget, self->on_root);
  g_object_weak_unref (G_OBJECT (widget), on_widget_disposed, self);
  g_object_steal_qdata (G_OBJECT (widget), scope_quark ());
  loft_gtk_scope_end (self);
  g_object_unref (self);
}

static void
on_root_changed (GtkWidget    *widget,
                 GParamSpec   *pspec,
                 LoftGtkScope *self)
{
  if (gtk_widget_get_root (widget) == NULL)
    loft_gtk_scope_detach (self);
}

static void
loft_gtk_scope_init (LoftGtkScope *self)
{
}

static void
loft_gtk_scope_class_init (LoftGtkScopeClass *klass)
{
}

/* Work that a signal handler starts while the widget is being destroyed gets a scope that has
 * ended, even if the widget never had one. */
static LoftGtkScope *
loft_gtk_scope_dup (GtkWidget *widget)
{
  LoftGtkScope *self = g_object_get_qdata (G_OBJECT (widget), scope_quark ());

  if (self != NULL && !gtk_widget_in_destruction (widget))
    return g_object_ref (self);

  self = g_object_new (LOFT_GTK_TYPE_SCOPE, NULL);
  if (gtk_widget_in_destruction (widget))
    {
      g_atomic_int_set (&self->has_ended, TRUE);
      return self;
    }

  self->widget = widget;
  self->on_root = g_signal_connect (widget, "notify::root", G_CALLBACK (on_root_changed), self);
  g_object_weak_ref (G_OBJECT (widget), on_widget_disposed, self);
  g_object_set_qdata_full (G_OBJECT (widget), scope_quark (), g_object_ref (self), g_object_unref);
  return self;
}

/* Work. */

static gboolean
on_work (LoftAsyncAction  *action,
         gpointer          data,
         GError          **error)
{
  LoftGtkEntry *self = data;
  LoftGtkScope *scope = self->scope;
  GtkWidget *widget;
  LoftAsyncInfo *info;
  gboolean success;

  if (g_atomic_int_get (&scope->has_ended))
    {
      loft_async_info_cancel (LOFT_ASYNC_INFO (action));
      return TRUE;
    }

  widget = g_object_ref (scope->widget);
  loft_gtk_entry_link (self, LOFT_ASYNC_INFO (action));
  success = self->handler (action, self->user_data, error);
  info = loft_gtk_entry_unlink (self);
  if (info != NULL && g_atomic_int_get (&scope->has_ended))
    loft_async_info_cancel (info);
  g_clear_object (&info);
  g_object_unref (widget);
  return success;
}

static gboolean
on_pool_work (LoftAsyncAction  *action,
              gpointer          data,
              GError          **error)
{
  LoftGtkEntry *self = data;

  if (!g_atomic_int_get (&self->scope->has_ended))
    return self->handler (action, self->user_data, error);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  return TRUE;
}

/**
 * LoftGtkScope:
 *
 * The time during which work for a widget makes sense.
 *
 * Work that is started for a widget is cancelled when the widget is unrooted, which means that it
 * leaves its window or its window is disposed, and when the widget is disposed. A scope stands for
 * the time until then. A worker that has a reference to the scope can post work for the widget with
 * [method@LoftGtk.Scope.run_async]. It needs no reference to the widget, and must not have one.
 *
 * A scope holds no widget, and may be released on any thread. Windows has no such class.
 *
 * Since: 1.0
 */

/**
 * loft_gtk_dup_scope:
 * @widget: a widget
 *
 * Gets the scope that a widget has now.
 *
 * To be called on the thread of GTK. The scope ends when @widget is unrooted or disposed, and with
 * [func@LoftGtk.cancel_all]. After that the widget has another scope. Only the scope of a widget
 * that is disposed stays the one that has ended.
 *
 * Returns: (transfer full): the scope; %NULL if an argument is wrong
 *
 * Since: 1.0
 */
LoftGtkScope *
loft_gtk_dup_scope (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (is_gtk_thread (), NULL);

  return loft_gtk_scope_dup (widget);
}

/**
 * loft_gtk_scope_has_ended:
 * @self: a scope
 *
 * Returns whether the scope has ended.
 *
 * Any thread may call. On another thread than that of GTK, the scope may end right after %FALSE was
 * returned.
 *
 * Returns: whether it has ended
 *
 * Since: 1.0
 */
gboolean
loft_gtk_scope_has_ended (LoftGtkScope *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_SCOPE (self), TRUE);

  return g_atomic_int_get (&self->has_ended);
}

/**
 * loft_gtk_scope_run_async:
 * @self: a scope
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the thread of GTK, whether the work ran or
 *   not, or at once if the post is refused
 *
 * Runs work on the thread of GTK, unless the scope ends first.
 *
 * Any thread may call. @handler runs later, on the thread of GTK, as with
 * [func@LoftGtk.run_async].
 *
 * Returns: (transfer full): the action; %NULL if an argument is wrong
 *
 * Since: 1.0
 */
LoftAsyncAction *
(loft_gtk_scope_run_async) (LoftGtkScope    *self,
                            LoftPriority     priority,
                            LoftWorkHandler  handler,
                            gpointer         user_data,
                            GDestroyNotify   destroy)
{
  return loft_gtk_scope_run_async_at (self, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_gtk_scope_run_async_at (LoftGtkScope    *self,
                             LoftPriority     priority,
                             LoftWorkHandler  handler,
                             gpointer         user_data,
                             GDestroyNotify   destroy,
                             const char      *location,
                             const char      *function)
{
  LoftAsyncAction *action;

  consume_and_return_val_if_fail (LOFT_GTK_IS_SCOPE (self), destroy, user_data, NULL);
  consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  action = loft_dispatcher_run_async_at (loft_dispatcher_get_default (), priority, on_work,
                                         loft_gtk_entry_new (self, handler, user_data, destroy),
                                         on_entry_released, location, function);
  if (action != NULL && g_atomic_int_get (&self->has_ended))
    loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  return action;
}

/**
 * loft_gtk_run_async:
 * @widget: the widget that the work is for; not held while the work waits
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data on the thread of GTK, whether the work ran or
 *   not
 *
 * Runs work on the thread of GTK, unless its widget goes first.
 *
 * To be called on the thread of GTK. A worker uses [method@LoftGtk.Scope.run_async]. @handler runs
 * later, on the thread of GTK. The work of one lane runs in the order in which it was posted.
 * @widget is held while @handler runs, so that @handler may destroy it.
 *
 * When @widget is unrooted or disposed, @handler is not called any more. The action ends Canceled
 * and the data is released when its turn comes. To destroy a widget therefore takes no longer with
 * 100,000 pieces of waiting work than with one. A handler that runs at that moment is asked to
 * stop, and its action ends Canceled, too.
 *
 * A widget that moves to another window is unrooted on the way, which cancels its work. For work
 * that should outlast such a move, use the window as @widget. A widget that has not been in a
 * window yet, or that has left one, may have work. That work lasts until the widget leaves the
 * window that it will be in, or is disposed. A window that somebody still holds after
 * gtk_window_destroy () is not disposed, and keeps its work. Call [func@LoftGtk.cancel_all] then.
 * If @widget is being destroyed or was disposed after it had work, the action ends Canceled at
 * once.
 *
 * Windows has no such function.
 *
 * Returns: (transfer full): the action; %NULL if an argument is wrong
 *
 * Since: 1.0
 */
LoftAsyncAction *
(loft_gtk_run_async) (GtkWidget       *widget,
                      LoftPriority     priority,
                      LoftWorkHandler  handler,
                      gpointer         user_data,
                      GDestroyNotify   destroy)
{
  return loft_gtk_run_async_at (widget, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_gtk_run_async_at (GtkWidget       *widget,
                       LoftPriority     priority,
                       LoftWorkHandler  handler,
                       gpointer         user_data,
                       GDestroyNotify   destroy,
                       const char      *location,
                       const char      *function)
{
  g_autoptr (LoftGtkScope) scope = NULL;

  consume_and_return_val_if_fail (GTK_IS_WIDGET (widget), destroy, user_data, NULL);
  consume_and_return_val_if_fail (is_gtk_thread (), destroy, user_data, NULL);

  scope = loft_gtk_scope_dup (widget);
  return loft_gtk_scope_run_async_at (scope, priority, handler, user_data, destroy, location,
                                      function);
}

/**
 * loft_gtk_thread_pool_run_async:
 * @widget: the widget that the work is for
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, on the thread of GTK
 *
 * Runs work on a worker thread, unless its widget goes first.
 *
 * To be called on the thread of GTK. When @widget is unrooted or disposed, as described at
 * [func@LoftGtk.run_async], work that waits does not begin, and its action ends Canceled. Work that
 * runs is asked to stop: [method@Loft.AsyncInfo.is_canceled] returns %TRUE. If thousands of actions
 * have to be cancelled, this takes several turns of the dispatcher.
 *
 * @widget is not held. The worker must not touch it, nor hold it. It may hold its scope, see
 * [func@LoftGtk.dup_scope]. Windows has no such function.
 *
 * Returns: (transfer full): the action; %NULL if an argument is wrong
 *
 * Since: 1.0
 */
LoftAsyncAction *
(loft_gtk_thread_pool_run_async) (GtkWidget       *widget,
                                  LoftWorkHandler  handler,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy)
{
  return loft_gtk_thread_pool_run_async_at (widget, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_gtk_thread_pool_run_async_at (GtkWidget       *widget,
                                   LoftWorkHandler  handler,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy,
                                   const char      *location,
                                   const char      *function)
{
  g_autoptr (LoftGtkScope) scope = NULL;
  LoftGtkEntry *entry;
  LoftAsyncAction *action;

  consume_and_return_val_if_fail (GTK_IS_WIDGET (widget), destroy, user_data, NULL);
  consume_and_return_val_if_fail (is_gtk_thread (), destroy, user_data, NULL);
  consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  scope = loft_gtk_scope_dup (widget);
  entry = loft_gtk_entry_new (scope, handler, user_data, destroy);
  entry->is_posting = TRUE;
  action = loft_thread_pool_run_async_at (on_pool_work, entry, on_entry_released, location,
                                          function);
  entry->is_posting = FALSE;
  if (entry->is_released)
    loft_gtk_entry_free (entry);
  else if (!g_atomic_int_get (&scope->has_ended))
    loft_gtk_entry_link (entry, LOFT_ASYNC_INFO (action));
  else
    loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  return action;
}

/* Does nothing at the end: the entry is released after it. */
static void
on_adopted_ended (LoftAsyncInfo   *info,
                  LoftAsyncStatus  status,
                  gpointer         data)
{
}

/**
 * loft_gtk_adopt:
 * @widget: a widget
 * @info: an async object
 *
 * Cancels an async object when a widget is unrooted or disposed.
 *
 * To be called on the thread of GTK. @info may be any async object: an operation, delayed work, a
 * continuation of any form. It is cancelled as described at [func@LoftGtk.thread_pool_run_async],
 * and at once if @widget is disposed. @info is held until it has ended. If it has ended, nothing
 * happens. Windows has no such function.
 *
 * Since: 1.0
 */
void
loft_gtk_adopt (GtkWidget     *widget,
                LoftAsyncInfo *info)
{
  g_autoptr (LoftGtkScope) scope = NULL;
  LoftGtkEntry *entry;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LOFT_IS_ASYNC_INFO (info));
  g_return_if_fail (is_gtk_thread ());

  if (loft_async_info_has_ended (info))
    return;

  scope = loft_gtk_scope_dup (widget);
  if (g_atomic_int_get (&scope->has_ended))
    {
      loft_async_info_cancel (info);
      return;
    }

  entry = loft_gtk_entry_new (scope, NULL, NULL, NULL);
  loft_gtk_entry_link (entry, info);
  loft_async_info_call_when_ended (info, on_adopted_ended, entry, on_entry_released);
}

/* Handlers. */

/* Refuses a handler whose widget is gone, and releases its data. */
static gboolean
refuse_handler (LoftGtkScope    *scope,
                const char      *what,
                gpointer         user_data,
                GDestroyNotify   destroy,
                GError         **error)
{
  if (!g_atomic_int_get (&scope->has_ended))
    return FALSE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
               "The %s handler was not set, because its widget is disposed. Set it while the "
               "widget exists.", what);
  if (destroy != NULL)
    destroy (user_data);
  return TRUE;
}

/**
 * loft_gtk_set_completed:
 * @widget: the widget that the handler belongs to
 * @info: an async object
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, on the thread of GTK
 * @error: return location for an error
 *
 * Sets the completed handler, which is not called once the widget is unrooted or disposed.
 *
 * To be called on the thread of GTK, where @handler comes, too. This works as
 * [method@Loft.AsyncInfo.set_completed_for] does, and has the same errors. @info itself goes on,
 * unless it is the widget's work; see [func@LoftGtk.adopt]. @widget is not held: a handler that may
 * destroy the widget and uses it afterwards takes a reference first.
 *
 * Errors: %G_IO_ERROR_CANCELLED if @widget is disposed.
 *
 * Answers to a Completed handler with a weak reference to its object.
 *
 * Returns: whether the handler was set
 *
 * Since: 1.0
 */
gboolean
loft_gtk_set_completed (GtkWidget             *widget,
                        LoftAsyncInfo         *info,
                        LoftCompletedHandler   handler,
                        gpointer               user_data,
                        GDestroyNotify         destroy,
                        GError               **error)
{
  g_autoptr (LoftGtkScope) scope = NULL;

  consume_and_return_val_if_fail (GTK_IS_WIDGET (widget), destroy, user_data, FALSE);
  consume_and_return_val_if_fail (is_gtk_thread (), destroy, user_data, FALSE);

  scope = loft_gtk_scope_dup (widget);
  if (refuse_handler (scope, "completed", user_data, destroy, error))
    return FALSE;
  return loft_async_info_set_completed_for (info, G_OBJECT (scope), handler, user_data, destroy,
                                            error);
}

/**
 * loft_gtk_set_progress:
 * @widget: the widget that the handler belongs to
 * @info: an async object that reports
 * @flags: which reports @handler receives
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call with each report
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, on the thread of GTK
 * @error: return location for an error
 *
 * Sets the progress handler, which is not called once the widget is unrooted or disposed.
 *
 * To be called on the thread of GTK, where @handler comes, too. This works as
 * [method@Loft.AsyncWithProgress.set_progress_for] does, and has the same errors. @widget is not
 * held.
 *
 * Errors: %G_IO_ERROR_CANCELLED if @widget is disposed.
 *
 * Answers to a Progress handler with a weak reference to its object.
 *
 * Returns: whether the handler was set
 *
 * Since: 1.0
 */
gboolean
loft_gtk_set_progress (GtkWidget              *widget,
                       LoftAsyncWithProgress  *info,
                       LoftProgressFlags       flags,
                       LoftProgressHandler     handler,
                       gpointer                user_data,
                       GDestroyNotify          destroy,
                       GError                **error)
{
  g_autoptr (LoftGtkScope) scope = NULL;

  consume_and_return_val_if_fail (GTK_IS_WIDGET (widget), destroy, user_data, FALSE);
  consume_and_return_val_if_fail (is_gtk_thread (), destroy, user_data, FALSE);

  scope = loft_gtk_scope_dup (widget);
  if (refuse_handler (scope, "progress", user_data, destroy, error))
    return FALSE;
  return loft_async_with_progress_set_progress_for (info, G_OBJECT (scope), flags, handler,
                                                    user_data, destroy, error);
}

/* Stands in for a continuation that is never called. */
static gboolean
on_never (LoftAsyncAction  *action,
          gpointer          user_data,
          GError          **error)
{
  g_assert_not_reached ();
}

/**
 * loft_gtk_continue_with:
 * @widget: the widget that the continuation belongs to
 * @info: an async object
 * @continuation: (scope notified) (closure user_data) (destroy destroy): the continuation to run
 * @user_data: the data to pass to @continuation
 * @destroy: (nullable): called once with @user_data, on the thread of GTK
 *
 * Runs a continuation when an async object has completed, unless the widget goes first.
 *
 * To be called on the thread of GTK, where @continuation comes, too. This works as
 * [method@Loft.AsyncInfo.continue_with_for] does. When @widget is unrooted or disposed, the
 * returned action ends Canceled, and @continuation is not called. @widget is not held. Windows has
 * no such form; there a lambda holds a weak `this`.
 *
 * Returns: (transfer full): an action that ends with the continuation; %NULL if an argument is
 *   wrong
 *
 * Since: 1.0
 */
LoftAsyncAction *
loft_gtk_continue_with (GtkWidget        *widget,
                        LoftAsyncInfo    *info,
                        LoftContinuation  continuation,
                        gpointer          user_data,
                        GDestroyNotify    destroy)
{
  g_autoptr (LoftGtkScope) scope = NULL;

  consume_and_return_val_if_fail (GTK_IS_WIDGET (widget), destroy, user_data, NULL);
  consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (info), destroy, user_data, NULL);
  consume_and_return_val_if_fail (continuation != NULL, destroy, user_data, NULL);
  consume_and_return_val_if_fail (is_gtk_thread (), destroy, user_data, NULL);

  scope = loft_gtk_scope_dup (widget);
  if (g_atomic_int_get (&scope->has_ended))
    return loft_gtk_scope_run_async_at (scope, LOFT_PRIORITY_NORMAL, on_never, user_data, destroy,
                                        NULL, G_STRFUNC);
  return loft_async_info_continue_with_for (info, G_OBJECT (scope), continuation, user_data,
                                            destroy);
}

/**
 * loft_gtk_cancel_all:
 * @widget: a widget
 *
 * Cancels all work of a widget, and drops all handlers that belong to it.
 *
 * To be called on the thread of GTK, also by a handler of the widget. This does what happens when
 * the widget is unrooted, for @widget alone and not for its children. Work may be started for
 * @widget again. Windows has no such function.
 *
 * Since: 1.0
 */
void
loft_gtk_cancel_all (GtkWidget *widget)
{
  LoftGtkScope *scope;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (is_gtk_thread ());

  scope = g_object_get_qdata (G_OBJECT (widget), scope_quark ());
  if (scope != NULL && scope->widget != NULL)
    loft_gtk_scope_detach (scope);
}
