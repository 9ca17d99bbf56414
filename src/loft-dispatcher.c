/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: the queue of a main context. Posting is in loft-dispatcher-run.c, how it shares the context's thread in
 * loft-loop-source.c, how it is found in loft-dispatcher-registry.c, how it ends in loft-dispatcher-shutdown.c. */

#include "config.h"

#include "loft-dispatcher-private.h"

/**
 * LoftDispatcher:
 *
 * Runs what others post, on the thread that runs its [struct@GLib.MainContext], one item at a time.
 *
 * Each context has one dispatcher, with four lanes: High, Normal, Low, Idle. Inside a lane items run in the order in
 * which they were posted; after each item the best lane goes next. Any thread may post. Posts from other threads wake
 * the loop once, however many they are.
 *
 * A dispatcher runs items for at most its [property@Loft.Dispatcher:slice] and then stands aside until its loop has had
 * the time to handle input and to redraw; so no flood of posts can freeze a window. What waits in a lane for longer than
 * [property@Loft.Dispatcher:wait-limit] gets a slice even under a flood above it.
 *
 * Answers to `Windows.UI.Core.CoreDispatcher`, to `Windows.System.DispatcherQueue` and to
 * `Microsoft.UI.Dispatching.DispatcherQueue`.
 */

struct _LoftDispatcher
{
  GObject parent_instance;

  /* constant after init */
  GMainContext *context; /* strong */
  LoftLoop *loop;

  /* atomic */
  guint64 undelivered;   /* counter */
  gint shut_down;        /* it has ended in order, or is about to */
};

enum {
  PROP_CONTEXT = 1,
  PROP_SLICE,
  PROP_WAIT_LIMIT,
  N_PROPS,
};

enum {
  SHUTDOWN_STARTING,
  SHUTDOWN_COMPLETED,
  UNHANDLED_ERROR,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LoftDispatcher, loft_dispatcher, G_TYPE_OBJECT)

LoftDispatcher *
loft_dispatcher_new (GMainContext *context,
                     gboolean      immortal)
{
  LoftDispatcher *self = g_object_new (LOFT_TYPE_DISPATCHER, NULL);

  self->context = g_main_context_ref (context);
  self->loop = loft_loop_new (context, self, immortal);
  return self;
}

LoftLoop *
loft_dispatcher_peek_loop (LoftDispatcher *self)
{
  return self->loop;
}

gboolean
loft_dispatcher_post_item (LoftDispatcher *self,
                           LoftLane        lane,
                           LoftWorkItem   *item)
{
  return loft_loop_post (self->loop, lane, item);
}

gboolean
loft_dispatcher_post_users_item (LoftDispatcher *self,
                                 LoftLane        lane,
                                 LoftWorkItem   *item)
{
  return !loft_loop_refuses (self->loop) && loft_loop_post (self->loop, lane, item);
}

void
loft_dispatcher_count_undelivered (LoftDispatcher *self)
{
  __atomic_fetch_add (&self->undelivered, 1, __ATOMIC_RELAXED);
}

gboolean
loft_dispatcher_set_shut_down (LoftDispatcher *self)
{
  /* Only who comes first is answered: it orders nothing else. */
  return !__atomic_exchange_n (&self->shut_down, TRUE, __ATOMIC_RELAXED);
}

void
loft_dispatcher_emit_shutdown (LoftDispatcher *self,
                               gboolean        completed)
{
  g_signal_emit (self, signals[completed ? SHUTDOWN_COMPLETED : SHUTDOWN_STARTING], 0);
}

gboolean
loft_dispatcher_emit_unhandled_error (LoftDispatcher *self,
                                      GError         *error,
                                      const char     *source)
{
  gboolean handled = FALSE;

  g_signal_emit (self, signals[UNHANDLED_ERROR], 0, error, source, &handled);
  return handled;
}

/* GObject. */

static void
loft_dispatcher_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LoftDispatcher *self = LOFT_DISPATCHER (object);

  switch (id)
    {
    case PROP_CONTEXT:
      g_value_set_boxed (value, self->context);
      break;
    case PROP_SLICE:
      g_value_set_int64 (value, loft_dispatcher_get_slice (self));
      break;
    case PROP_WAIT_LIMIT:
      g_value_set_int64 (value, loft_dispatcher_get_wait_limit (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_dispatcher_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  LoftDispatcher *self = LOFT_DISPATCHER (object);

  switch (id)
    {
    case PROP_SLICE:
      loft_dispatcher_set_slice (self, g_value_get_int64 (value));
      break;
    case PROP_WAIT_LIMIT:
      loft_dispatcher_set_wait_limit (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_dispatcher_finalize (GObject *object)
{
  LoftDispatcher *self = LOFT_DISPATCHER (object);

  LOFT_TSAN_ACQUIRE (object); /* what others did before they let go */
  loft_dispatcher_registry_remove (self->context, self);
  loft_loop_destroy (self->loop);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (loft_dispatcher_parent_class)->finalize (object);
}

static void
loft_dispatcher_class_init (LoftDispatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = loft_dispatcher_get_property;
  object_class->set_property = loft_dispatcher_set_property;
  object_class->finalize = loft_dispatcher_finalize;

  /**
   * LoftDispatcher:context:
   *
   * The context whose thread runs its items.
   */
  properties[PROP_CONTEXT] = g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcher:slice:
   *
   * For how many µs it runs items before it stands aside; 4000 at first.
   */
  properties[PROP_SLICE] = g_param_spec_int64 ("slice", NULL, NULL, 1, G_MAXINT64, 4000,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * LoftDispatcher:wait-limit:
   *
   * After how many µs a lane that waits gets a slice under a flood above it; a second at first, 0 for never.
   */
  properties[PROP_WAIT_LIMIT] = g_param_spec_int64 ("wait-limit", NULL, NULL, 0, G_MAXINT64, G_TIME_SPAN_SECOND,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftDispatcher::shutdown-starting:
   * @self: the dispatcher
   *
   * It is about to end: posting is still open.
   *
   * Emitted on its thread. Answers to `DispatcherQueue.ShutdownStarting`.
   */
  signals[SHUTDOWN_STARTING] = g_signal_new ("shutdown-starting", LOFT_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 0);

  /**
   * LoftDispatcher::shutdown-completed:
   * @self: the dispatcher
   *
   * It has run all that was posted, and takes no more.
   *
   * Emitted on its thread. Answers to `DispatcherQueue.ShutdownCompleted`.
   */
  signals[SHUTDOWN_COMPLETED] = g_signal_new ("shutdown-completed", LOFT_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 0);

  /**
   * LoftDispatcher::unhandled-error:
   * @self: the dispatcher
   * @error: the error
   * @source: where in the program the action was asked for
   *
   * An action failed, and was let go before anybody looked at its error.
   *
   * Emitted on the dispatcher's thread: of the dispatcher that ran the work, of the poster's home for work of the pool,
   * else of the default one. When no handler returns %TRUE a warning is logged. Answers to XAML's `UnhandledException`
   * and WPF's `DispatcherUnhandledException`.
   *
   * Returns: %TRUE if the error is handled
   */
  signals[UNHANDLED_ERROR] = g_signal_new ("unhandled-error", LOFT_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0,
                                           g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2,
                                           G_TYPE_ERROR, G_TYPE_STRING);
}

static void
loft_dispatcher_init (LoftDispatcher *self)
{
}

/**
 * loft_dispatcher_get_context:
 * @self: a dispatcher
 *
 * Gives the context whose thread runs its items.
 *
 * Any thread may call.
 *
 * Returns: (transfer none): the context
 */
GMainContext *
loft_dispatcher_get_context (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), NULL);

  return self->context;
}

/**
 * loft_dispatcher_get_slice: (get-property slice)
 * @self: a dispatcher
 *
 * Gives for how many µs it runs items before it stands aside.
 *
 * Any thread may call.
 *
 * Returns: the slice in µs
 */
GTimeSpan
loft_dispatcher_get_slice (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_slice (self->loop);
}

/**
 * loft_dispatcher_set_slice: (set-property slice)
 * @self: a dispatcher
 * @slice: µs, at least 1
 *
 * Sets for how many µs it runs items before it stands aside; counts from its next slice on.
 *
 * Any thread may call; notify is emitted on that thread.
 */
void
loft_dispatcher_set_slice (LoftDispatcher *self,
                           GTimeSpan       slice)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (slice > 0);

  loft_loop_set_slice (self->loop, slice);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SLICE]);
}

/**
 * loft_dispatcher_get_wait_limit: (get-property wait-limit)
 * @self: a dispatcher
 *
 * Gives after how many µs a waiting lane gets a slice under a flood above it.
 *
 * Any thread may call.
 *
 * Returns: the limit in µs; 0: there is none
 */
GTimeSpan
loft_dispatcher_get_wait_limit (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_wait_limit (self->loop);
}

/**
 * loft_dispatcher_set_wait_limit: (set-property wait-limit)
 * @self: a dispatcher
 * @limit: µs; 0 for strict priorities
 *
 * Sets after how many µs a waiting lane gets a slice under a flood above it.
 *
 * Any thread may call; notify is emitted on that thread.
 */
void
loft_dispatcher_set_wait_limit (LoftDispatcher *self,
                                GTimeSpan       limit)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (limit >= 0);

  loft_loop_set_wait_limit (self->loop, limit);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT_LIMIT]);
}

/**
 * loft_dispatcher_get_undelivered:
 * @self: a dispatcher
 *
 * Gives how many handlers and pieces of data could not come home to it, because it had shut down.
 *
 * Any thread may call.
 *
 * Returns: the number
 */
guint64
loft_dispatcher_get_undelivered (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return __atomic_load_n (&self->undelivered, __ATOMIC_RELAXED);
}
