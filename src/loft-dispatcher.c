/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: the queue of a main context. Posting is in loft-dispatcher-run.c, how it shares the context's thread in
 * loft-loop-source.c, how it is found in loft-dispatcher-registry.c. */

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

/* Errors that nobody looked at. */

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
  gboolean handled = FALSE;

  g_signal_emit (dispatcher, signals[UNHANDLED_ERROR], 0, unhandled->error, unhandled->source, &handled);
  if (!handled)
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

/* The end. */

void
loft_dispatcher_shut_down (LoftDispatcher *self)
{
  LoftLoopTimer *timer;

  if (__atomic_exchange_n (&self->shut_down, TRUE, __ATOMIC_ACQ_REL))
    return;

  g_object_ref (self);
  g_signal_emit (self, signals[SHUTDOWN_STARTING], 0);
  loft_loop_refuse (self->loop);
  loft_loop_run_out (self->loop);
  while ((timer = loft_loop_pop_timer (self->loop)) != NULL)
    timer->due (timer); /* its lane is closed: it ends Canceled, SHUT_DOWN */
  g_signal_emit (self, signals[SHUTDOWN_COMPLETED], 0);
  g_object_unref (self);
}

static void
name_item (LoftWorkItem *item,
           GString      *names,
           guint         n)
{
  LoftCallSite site = { NULL, NULL };
  g_autofree char *text = NULL;

  if (n >= 5)
    {
      if (n == 5)
        g_string_append (names, ", …");
      return;
    }
  if (item->klass->get_site != NULL)
    item->klass->get_site (item, &site);
  text = loft_call_site_to_string (&site);
  g_string_append_printf (names, "%s%s posted in %s", n > 0 ? ", " : "", item->klass->name, text);
}

void
loft_dispatcher_abandon (LoftDispatcher *self,
                         const char     *why)
{
  g_autoptr (GString) names = g_string_new (NULL);
  LoftLoopTimer *timer;
  LoftWorkItem *item;
  guint n = 0;

  __atomic_store_n (&self->shut_down, TRUE, __ATOMIC_RELEASE);
  loft_loop_refuse (self->loop);
  loft_loop_close (self->loop);
  while ((item = loft_loop_pop_any (self->loop)) != NULL)
    {
      if (item->klass->is_dead == NULL || !item->klass->is_dead (item))
        name_item (item, names, n++);
      item->klass->drop (item, self);
    }
  while ((timer = loft_loop_pop_timer (self->loop)) != NULL)
    {
      if (!timer->item->klass->is_dead (timer->item))
        name_item (timer->item, names, n++);
      timer->due (timer); /* to a lane that is closed: it ends, and its data is released */
    }
  if (n > 0)
    g_message ("%u queued items never ran, %s: %s", n, why, names->str);
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
 * loft_dispatcher_is_shut_down:
 * @self: a dispatcher
 *
 * Whether it takes no more work.
 *
 * Any thread may call.
 *
 * Returns: whether it has been shut down
 */
gboolean
loft_dispatcher_is_shut_down (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), TRUE);

  return loft_loop_refuses (self->loop);
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

static void
on_application_shutdown (GApplication *application,
                         gpointer      user_data)
{
  loft_dispatcher_shut_down (loft_dispatcher_get_default ());
}

/**
 * loft_dispatcher_attach_application:
 * @application: an application
 *
 * Ends the default dispatcher in order when @application ends.
 *
 * Inside [signal@Gio.Application::shutdown], on the main thread: [signal@Loft.Dispatcher::shutdown-starting] is emitted,
 * then posts are refused, all that was queued runs, delayed work ends Canceled, and
 * [signal@Loft.Dispatcher::shutdown-completed] is emitted. So nothing that was posted is lost.
 */
void
loft_dispatcher_attach_application (GApplication *application)
{
  g_return_if_fail (G_IS_APPLICATION (application));

  /* After: the class handler, where applications end their own work, may still post. */
  g_signal_connect_after (application, "shutdown", G_CALLBACK (on_application_shutdown), NULL);
}
