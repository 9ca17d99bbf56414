/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: the queue of a main context. Posting is in loft-dispatcher-run.c, how it shares
 * the context's thread in loft-loop-source.c, how it is found in loft-home.c, how it ends in order
 * in loft-dispatcher-shutdown.c. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-registry-private.h"

/**
 * LoftDispatcher:
 *
 * Runs what others post, on the thread that runs its [struct@GLib.MainContext], one item at a time.
 *
 * Each context has one dispatcher, found with [func@Loft.Dispatcher.get_for_context] (one that is
 * constructed is a queue of its own, which nobody finds), with four lanes: High, Normal, Low, Idle.
 * Inside a lane items run in the order in which they were posted; after each item the best lane
 * goes next. Any thread may post. Posts from other threads wake the loop once, however many they
 * are.
 *
 * A dispatcher runs items for at most its [property@Loft.Dispatcher:slice] and then stands aside
 * until its loop has had the time to handle input and to redraw; so no flood of posts can freeze a
 * window. What waits in a lane for longer than [property@Loft.Dispatcher:wait-limit] gets a slice
 * even under a flood above it.
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

  /* Release: who finds it finds its text. Once, so that who has it may keep it for as long as the
   * dispatcher. */
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

  LOFT_TSAN_ACQUIRE (object); /* what others did before they let go */
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
   * The context whose thread runs its items; none means the default one.
   */
  properties[PROP_CONTEXT] = g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                   G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcher:name:
   *
   * How it is called in messages: the default one `main`, a controller's by the name of its thread;
   * %NULL for others.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * LoftDispatcher:slice:
   *
   * For how many µs it runs items before it stands aside; 4000 at first.
   */
  properties[PROP_SLICE] = g_param_spec_int64 ("slice", NULL, NULL, 1, G_MAXINT64, 4000,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                 G_PARAM_EXPLICIT_NOTIFY);

  /**
   * LoftDispatcher:wait-limit:
   *
   * After how many µs a lane that waits gets a slice under a flood above it; a second at first, 0
   * for never.
   *
   * That holds beside other sources of the context, too, unless one above %G_PRIORITY_HIGH is
   * always ready, or never returns.
   */
  properties[PROP_WAIT_LIMIT] = g_param_spec_int64 ("wait-limit", NULL, NULL, 0, G_MAXINT64,
                                                    G_TIME_SPAN_SECOND,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  /**
   * LoftDispatcher:share:
   *
   * The share of its thread's time that the dispatcher has at least, from 0 to 0.9.
   *
   * A dispatcher that has used up its slice stands aside for what else is ready in its context, and
   * its lower lanes stand behind GTK's redraws anyway. Where those never end, since a window takes
   * longer to draw than a frame lasts, the dispatcher still has this share: its next slice begins
   * when the others have taken so much time that it is due, and is longer accordingly, up to 100
   * ms. With a quarter, the default, frames take at most a third longer than they would alone. With
   * 0 a dispatcher may be kept waiting by a loop that is always busy. Sources above
   * %G_PRIORITY_HIGH always go first.
   */
  properties[PROP_SHARE] = g_param_spec_double ("share", NULL, NULL, 0, 0.9, 0.25,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                  G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftDispatcher::shutdown-starting:
   * @self: the dispatcher
   *
   * It is about to end: posting is still open, and stays so until the last deferral is completed.
   *
   * Emitted on its thread, once. A handler takes a deferral with
   * [method@Loft.Dispatcher.hold_shutdown]. Answers to `DispatcherQueue.ShutdownStarting`.
   */
  signals[SHUTDOWN_STARTING] = g_signal_new ("shutdown-starting", LOFT_TYPE_DISPATCHER,
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                             0);

  /**
   * LoftDispatcher::shutdown-completed:
   * @self: the dispatcher
   *
   * It has run all that was posted, and takes no more.
   *
   * Emitted on its thread, once, after the loop of a controller's own thread. Answers to
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
   * An action failed, and was let go before anybody looked at its error.
   *
   * Emitted on the dispatcher's thread: of the dispatcher that ran the work, of the poster's home
   * for work of the pool, else of the default one. If that is the default one and no thread runs
   * its context, it is emitted on the pool. When no handler returns %TRUE a warning is logged.
   * Answers to XAML's `UnhandledException` and WPF's `DispatcherUnhandledException`.
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
 * loft_dispatcher_get_name: (get-property name)
 * @self: a dispatcher
 *
 * Gives how it is called in messages: the default one `main`, a controller's by the name of its
 * thread.
 *
 * Any thread may call.
 *
 * Returns: (nullable): the name
 */
const char *
loft_dispatcher_get_name (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), NULL);

  return loft_load_acquire (&self->name); /* acquire: the text was written before */
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

  return loft_load_relaxed (&self->undelivered);
}

/* How a dispatcher shares its thread: the slice, the share, and the limit of a lane's wait. */

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

  return loft_loop_get_slice (loft_dispatcher_peek_loop (self));
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

  loft_loop_set_slice (loft_dispatcher_peek_loop (self), slice);
  g_object_notify (G_OBJECT (self), "slice");
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

  return loft_loop_get_wait_limit (loft_dispatcher_peek_loop (self));
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

  loft_loop_set_wait_limit (loft_dispatcher_peek_loop (self), limit);
  g_object_notify (G_OBJECT (self), "wait-limit");
}

/**
 * loft_dispatcher_get_share: (get-property share)
 * @self: a dispatcher
 *
 * Gives the share of its thread's time that the dispatcher has at least.
 *
 * Any thread.
 *
 * Returns: from 0 to 0.9
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
 * Sets the share of its thread's time that the dispatcher has at least: see
 * [property@Loft.Dispatcher:share].
 *
 * Any thread. It counts from the next turn of the loop on.
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

/* A dispatcher that nobody will run again. When its thread has ended the lanes close, and all that
 * is left ends Canceled, SHUT_DOWN. When the process ends all that is left is only named. */

/* What is said of those that never ran. */
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

/* Names what is left in a dispatcher, and calls nobody: the process ends. */
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

/* Who asked for an orderly end hears that there was none. */
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

  /* Whoever empties the lanes owns the context. If another does, the thread that ends and the
   * process that does are both here. */
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
