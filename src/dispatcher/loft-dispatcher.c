/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: queues work for the thread of a main context. Work is posted in
 * loft-dispatcher-run.c and loft-dispatcher-enqueue.c. How a dispatcher shares the context's thread
 * is decided in loft-loop-source.c. A dispatcher is found in loft-home.c, and ends in order in
 * loft-dispatcher-shutdown.c. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-registry-private.h"

/**
 * LoftDispatcher:
 *
 * Runs posted items one at a time, on the thread that runs its [struct@GLib.MainContext].
 *
 * Each context has one dispatcher, which [func@Loft.Dispatcher.get_for_context] returns. A
 * dispatcher that is constructed directly is a separate queue, which this function never returns.
 *
 * A dispatcher has four lanes: High, Normal, Low and Idle. The items of one lane run in the order
 * in which they were posted. After each item, the next one is taken from the highest lane that has
 * any. Any thread may post. Posts from other threads wake the loop once, however many they are.
 *
 * A dispatcher runs items for at most its [property@Loft.Dispatcher:slice]. It then stands aside
 * until its loop has had the time to handle input and to redraw, so that no flood of posts can
 * freeze a window. A lane that has waited for longer than [property@Loft.Dispatcher:wait-limit]
 * gets a slice even under a flood in the lanes above it.
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
  char *name;            /* set once; NULL: it has none */

  /* See loft-dispatcher-shutdown.c, loft-dispatcher-enqueue.c. */
  LoftShutdown shutdown;
  LoftKeyedPosts keyed_posts;
};

enum {
  PROP_CONTEXT = 1,
  PROP_NAME,
  PROP_SLICE,
  PROP_WAIT_LIMIT,
  PROP_SHARE,
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

static void loft_dispatcher_name_left (LoftDispatcher *self, const char *why);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDispatcher, loft_dispatcher, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

LoftDispatcher *
loft_dispatcher_new (GMainContext *context,
                     gboolean      immortal)
{
  LoftDispatcher *self = g_object_new (LOFT_TYPE_DISPATCHER, "context", context, NULL);

  self->loop->is_found = TRUE; /* nobody else has seen it yet */
  if (immortal)
    {
      loft_loop_make_immortal (self->loop);
      self->name = g_strdup ("main");
    }
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
  return loft_loop_post (self->loop, lane, item, LOFT_PUSHER_LOFT);
}

gboolean
loft_dispatcher_post_news (LoftDispatcher *self,
                           LoftLane        lane,
                           LoftWorkItem   *item)
{
  return loft_loop_post (self->loop, lane, item, LOFT_PUSHER_NEWS);
}

gboolean
loft_dispatcher_refuses_news (LoftDispatcher *self,
                              LoftLane        lane)
{
  return loft_work_queue_refuses (&self->loop->queue, lane, LOFT_PUSHER_NEWS);
}

gboolean
loft_dispatcher_post_users_item (LoftDispatcher *self,
                                 LoftLane        lane,
                                 LoftWorkItem   *item)
{
  return loft_loop_post (self->loop, lane, item, LOFT_PUSHER_USER);
}

void
loft_dispatcher_enter_handler (LoftDispatcher    *self,
                               LoftDispatchFrame *frame,
                               LoftLane           lane)
{
  loft_loop_enter_handler (self->loop, frame, lane);
}

void
loft_dispatcher_leave_handler (LoftDispatcher    *self,
                               LoftDispatchFrame *frame)
{
  loft_loop_leave_handler (self->loop, frame);
}

void
loft_dispatcher_count_undelivered (LoftDispatcher *self)
{
  loft_count_add (&self->undelivered, 1);
}

LoftShutdown *
loft_dispatcher_peek_shutdown (LoftDispatcher *self)
{
  return &self->shutdown;
}

LoftKeyedPosts *
loft_dispatcher_peek_keyed_posts (LoftDispatcher *self)
{
  return &self->keyed_posts;
}

void
loft_dispatcher_set_name (LoftDispatcher *self,
                          const char     *name)
{
  char *copy = g_strdup (name), *none = NULL;

  /* Release: a thread that sees the pointer also sees the text. The name is set only once, so that
   * a caller may use it for as long as the dispatcher lives. */
  if (!__atomic_compare_exchange_n (&self->name, &none, copy, FALSE, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED))
    g_free (copy);
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
    case PROP_NAME:
      g_value_set_string (value, loft_dispatcher_get_name (self));
      break;
    case PROP_SLICE:
      g_value_set_int64 (value, loft_dispatcher_get_slice (self));
      break;
    case PROP_WAIT_LIMIT:
      g_value_set_int64 (value, loft_dispatcher_get_wait_limit (self));
      break;
    case PROP_SHARE:
      g_value_set_double (value, loft_dispatcher_get_share (self));
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
    case PROP_CONTEXT:
      self->context = g_value_dup_boxed (value);
      break;
    case PROP_SLICE:
      loft_dispatcher_set_slice (self, g_value_get_int64 (value));
      break;
    case PROP_WAIT_LIMIT:
      loft_dispatcher_set_wait_limit (self, g_value_get_int64 (value));
      break;
    case PROP_SHARE:
      loft_dispatcher_set_share (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_dispatcher_constructed (GObject *object)
{
  LoftDispatcher *self = LOFT_DISPATCHER (object);

  if (self->context == NULL)
    self->context = g_main_context_ref (g_main_context_default ());
  self->loop = loft_loop_new (self->context, self);
  loft_registry_add (self, loft_dispatcher_name_left);
  G_OBJECT_CLASS (loft_dispatcher_parent_class)->constructed (object);
}

static void
loft_dispatcher_finalize (GObject *object)
{
  LoftDispatcher *self = LOFT_DISPATCHER (object);

  LOFT_TSAN_ACQUIRE (object); /* what other threads did before they dropped their references */
  loft_registry_remove (self->context, self);
  loft_loop_destroy (self->loop);
  g_main_context_unref (self->context);
  g_assert (self->shutdown.asked == NULL);
  g_clear_pointer (&self->keyed_posts.table, g_hash_table_unref);
  g_free (self->name);
  G_OBJECT_CLASS (loft_dispatcher_parent_class)->finalize (object);
}

static void
loft_dispatcher_class_init (LoftDispatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = loft_dispatcher_get_property;
  object_class->set_property = loft_dispatcher_set_property;
  object_class->constructed = loft_dispatcher_constructed;
  object_class->finalize = loft_dispatcher_finalize;

  /**
   * LoftDispatcher:context:
   *
   * The context whose thread runs the items; the default context if none is given.
   */
  properties[PROP_CONTEXT] = g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                   G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcher:name:
   *
   * The name of the dispatcher in messages.
   *
   * The default dispatcher is called `main`. A dispatcher with a dedicated thread has the name of
   * that thread. For other dispatchers this is %NULL.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcher:slice:
   *
   * How long the dispatcher runs items before it stands aside, in µs; 4000 by default.
   */
  properties[PROP_SLICE] = g_param_spec_int64 ("slice", NULL, NULL, 1, G_MAXINT64, 4000,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                 G_PARAM_EXPLICIT_NOTIFY);

  /**
   * LoftDispatcher:wait-limit:
   *
   * The time, in µs, after which a waiting lane gets a slice, even under a flood in the lanes above
   * it.
   *
   * The default is one second. With 0 there is no limit.
   *
   * The limit holds beside other sources of the context, too, unless a source above
   * %G_PRIORITY_HIGH is always ready, or never returns.
   */
  properties[PROP_WAIT_LIMIT] = g_param_spec_int64 ("wait-limit", NULL, NULL, 0, G_MAXINT64,
                                                    G_TIME_SPAN_SECOND,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  /**
   * LoftDispatcher:share:
   *
   * The minimum share of its thread's time that the dispatcher gets, from 0 to 0.9.
   *
   * A dispatcher that has used up its slice stands aside for the other sources that are ready in
   * its context, and its lower lanes come after GTK's redraws anyway. If the redraws never end,
   * because a window takes longer to draw than a frame lasts, the dispatcher still gets this share.
   * Its next slice begins when the other sources have taken so much time that the dispatcher is
   * due, and is longer accordingly, up to 100 ms. The default is a quarter. With it, frames take at
   * most a third longer than they would alone. With 0 a loop that is always busy may keep the
   * dispatcher waiting. Sources above %G_PRIORITY_HIGH always go first.
   */
  properties[PROP_SHARE] = g_param_spec_double ("share", NULL, NULL, 0, 0.9, 0.25,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                  G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftDispatcher::shutdown-starting:
   * @self: the dispatcher
   *
   * Emitted when the dispatcher is about to end.
   *
   * Posting is still open, and stays open until the last deferral is completed. A handler takes a
   * deferral with [method@Loft.Dispatcher.hold_shutdown].
   *
   * The signal is emitted once, on the dispatcher's thread. Answers to
   * `DispatcherQueue.ShutdownStarting`.
   */
  signals[SHUTDOWN_STARTING] = g_signal_new ("shutdown-starting", LOFT_TYPE_DISPATCHER,
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                             0);

  /**
   * LoftDispatcher::shutdown-completed:
   * @self: the dispatcher
   *
   * Emitted when the dispatcher has run everything that was posted, and takes no more work.
   *
   * The signal is emitted once, on the dispatcher's thread. If that is a controller's dedicated
   * thread, the signal is emitted after the thread has left its loop. Answers to
   * `DispatcherQueue.ShutdownCompleted`.
   */
  signals[SHUTDOWN_COMPLETED] = g_signal_new ("shutdown-completed", LOFT_TYPE_DISPATCHER,
                                              G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                              0);

  /**
   * LoftDispatcher::unhandled-error:
   * @self: the dispatcher
   * @error: the error
   * @source: where in the program the action was asked for
   *
   * Emitted when an action failed, and was freed before anybody looked at its error.
   *
   * The signal is emitted on the dispatcher's thread. The dispatcher is the one that ran the work,
   * or the poster's home for work of the pool, or otherwise the default one. If it is the default
   * one and no thread runs its context, the signal is emitted on the pool. If no handler returns
   * %TRUE, a warning is logged. Answers to XAML's `UnhandledException` and WPF's
   * `DispatcherUnhandledException`.
   *
   * Returns: %TRUE if the error is handled
   */
  signals[UNHANDLED_ERROR] = g_signal_new ("unhandled-error", LOFT_TYPE_DISPATCHER,
                                           G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                                           NULL, NULL, G_TYPE_BOOLEAN, 2, G_TYPE_ERROR,
                                           G_TYPE_STRING);
}

static void
loft_dispatcher_init (LoftDispatcher *self)
{
}

/**
 * loft_dispatcher_get_context:
 * @self: a dispatcher
 *
 * Gets the context whose thread runs the dispatcher's items.
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
 * loft_dispatcher_get_name: (get-property name)
 * @self: a dispatcher
 *
 * Gets the name of the dispatcher in messages.
 *
 * The default dispatcher is called `main`. A dispatcher with a dedicated thread has the name of
 * that thread. For other dispatchers this is %NULL.
 *
 * Any thread may call.
 *
 * Returns: (nullable): the name
 */
const char *
loft_dispatcher_get_name (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), NULL);

  return loft_load_acquire (&self->name); /* Acquire: this thread also sees the text. */
}

/**
 * loft_dispatcher_get_undelivered:
 * @self: a dispatcher
 *
 * Gets the number of handlers and pieces of data that could not be delivered to the dispatcher,
 * because it had shut down.
 *
 * Any thread may call.
 *
 * Returns: the number
 */
guint64
loft_dispatcher_get_undelivered (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_load_relaxed (&self->undelivered);
}

/* How a dispatcher shares its thread: the slice, the share, and the limit of a lane's wait. */

/**
 * loft_dispatcher_get_slice: (get-property slice)
 * @self: a dispatcher
 *
 * Gets how long the dispatcher runs items before it stands aside, in µs.
 *
 * Any thread may call.
 *
 * Returns: the slice in µs
 */
GTimeSpan
loft_dispatcher_get_slice (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_slice (loft_dispatcher_peek_loop (self));
}

/**
 * loft_dispatcher_set_slice: (set-property slice)
 * @self: a dispatcher
 * @slice: µs, at least 1
 *
 * Sets how long the dispatcher runs items before it stands aside, in µs.
 *
 * The change holds from the next slice on. Any thread may call; notify is emitted on the calling
 * thread.
 */
void
loft_dispatcher_set_slice (LoftDispatcher *self,
                           GTimeSpan       slice)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (slice > 0);

  loft_loop_set_slice (loft_dispatcher_peek_loop (self), slice);
  g_object_notify (G_OBJECT (self), "slice");
}

/**
 * loft_dispatcher_get_wait_limit: (get-property wait-limit)
 * @self: a dispatcher
 *
 * Gets the time, in µs, after which a waiting lane gets a slice, even under a flood in the lanes
 * above it.
 *
 * Any thread may call.
 *
 * Returns: the limit in µs; 0 if there is none
 */
GTimeSpan
loft_dispatcher_get_wait_limit (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_wait_limit (loft_dispatcher_peek_loop (self));
}

/**
 * loft_dispatcher_set_wait_limit: (set-property wait-limit)
 * @self: a dispatcher
 * @limit: µs; 0 for strict priorities
 *
 * Sets the time, in µs, after which a waiting lane gets a slice, even under a flood in the lanes
 * above it.
 *
 * Any thread may call; notify is emitted on the calling thread.
 */
void
loft_dispatcher_set_wait_limit (LoftDispatcher *self,
                                GTimeSpan       limit)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (limit >= 0);

  loft_loop_set_wait_limit (loft_dispatcher_peek_loop (self), limit);
  g_object_notify (G_OBJECT (self), "wait-limit");
}

/**
 * loft_dispatcher_get_share: (get-property share)
 * @self: a dispatcher
 *
 * Gets the minimum share of its thread's time that the dispatcher gets.
 *
 * Any thread may call.
 *
 * Returns: the share, from 0 to 0.9
 */
double
loft_dispatcher_get_share (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), 0);

  return loft_loop_get_share (loft_dispatcher_peek_loop (self)) / 1000.0;
}

/**
 * loft_dispatcher_set_share: (set-property share)
 * @self: a dispatcher
 * @share: from 0 to 0.9, to a thousandth
 *
 * Sets the minimum share of its thread's time that the dispatcher gets.
 *
 * See [property@Loft.Dispatcher:share]. The change holds from the next turn of the loop on. Any
 * thread may call.
 */
void
loft_dispatcher_set_share (LoftDispatcher *self,
                           double          share)
{
  g_return_if_fail (LOFT_IS_DISPATCHER (self));
  g_return_if_fail (share >= 0 && share <= 0.9);

  loft_loop_set_share (loft_dispatcher_peek_loop (self), (int) (share * 1000 + 0.5));
  g_object_notify (G_OBJECT (self), "share");
}

/* What becomes of a dispatcher that no thread will run again. If its thread has ended, the lanes
 * close, and all work that is left ends Canceled, with LOFT_CANCEL_REASON_SHUT_DOWN. If the process
 * ends, the items that are left are only named. */

/* The message about the items that never ran. */
typedef struct
{
  GString *names;
  guint n;
} LoftLeft;

static gboolean
would_be_missed (LoftWorkItem *item)
{
  return item != NULL && (item->klass->is_dead == NULL || !item->klass->is_dead (item));
}

static void
loft_left_add (LoftLeft     *left,
               LoftWorkItem *item)
{
  LoftCallSite site;

  if (!would_be_missed (item) || left->n++ > 5)
    return;
  if (left->n > 5)
    {
      g_string_append (left->names, ", …");
      return;
    }
  g_string_append_printf (left->names, "%s%s", left->n > 1 ? ", " : "", item->klass->name);
  if (item->klass->get_site != NULL)
    {
      g_autofree char *text = NULL;

      item->klass->get_site (item, &site);
      text = loft_call_site_to_string (&site);
      g_string_append_printf (left->names, " posted in %s", text);
    }
}

static void
loft_left_say (LoftLeft   *left,
               const char *why)
{
  if (left->n > 0)
    g_message ("%u queued item%s never ran, %s: %s", left->n, left->n == 1 ? "" : "s", why,
               left->names->str);
  g_string_free (left->names, TRUE);
}

static void
on_item_left (LoftWorkItem *item,
              gpointer      left)
{
  loft_left_add (left, item);
}

/* Logs which items are left when the process ends. It calls no handler and no destroy notify. */
static void
loft_dispatcher_name_left (LoftDispatcher *self,
                           const char     *why)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLeft left;

  if (!g_main_context_acquire (loop->context))
    return;
  left = (LoftLeft) { g_string_new (NULL) };
  loft_loop_foreach_left (loop, on_item_left, &left);
  loft_left_say (&left, why);
  g_main_context_release (loop->context);
}

/* Drops the requests for a shutdown, so that their actions fail: the dispatcher did not end in
 * order. */
static void
loft_shutdown_give_up (LoftDispatcher *self,
                       const char     *why)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  GPtrArray *asked;

  loft_lock_lock (&shutdown->lock);
  shutdown->phase = LOFT_SHUTDOWN_ENDED;
  shutdown->why = why;
  asked = g_steal_pointer (&shutdown->asked);
  loft_lock_unlock (&shutdown->lock);
  for (guint i = 0; asked != NULL && i < asked->len; i++)
    {
      LoftWorkItem *item = asked->pdata[i];

      item->klass->drop (item, self);
    }
  g_clear_pointer (&asked, g_ptr_array_unref);
}

void
loft_dispatcher_abandon (LoftDispatcher *self,
                         const char     *why)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLeft left;
  LoftLoopTimer *timer;
  LoftWorkItem *item;

  /* The thread that empties the lanes has to own the context. If another thread owns it, that
   * thread may be ending the process and naming the items that are left. */
  if (!g_main_context_acquire (loop->context))
    return;
  g_object_ref (self);
  left = (LoftLeft) { g_string_new (NULL) };
  loft_loop_refuse (loop);
  loft_loop_close (loop);
  while ((item = loft_loop_pop_any (loop)) != NULL)
    {
      loft_left_add (&left, item);
      item->klass->drop (item, self);
    }
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    {
      loft_left_add (&left, timer->item);
      timer->stop (timer);
    }
  loft_left_say (&left, why);
  loft_shutdown_give_up (self, why);
  g_main_context_release (loop->context);
  g_object_unref (self);
}
