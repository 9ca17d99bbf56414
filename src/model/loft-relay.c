/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRelay: brings the changes and the signals of an object that a worker changes to a home.
 *
 * What the source says is copied on the thread where it says it, into a queue of news. A property
 * has at most one place in the queue: a newer value replaces the one that waits there. A turn at
 * home delivers one piece of news, after it has posted the next turn. So a handler that runs a loop
 * of its own does not hold up the rest, and the dispatcher's slice applies to each piece.
 *
 * The source's closures, and the notice of its dispose, have the relay as a weak reference, and the
 * relay has the source as one. Either may go first, on any thread. The turn holds the relay, so
 * that a relay with news in its queue is not gone before they are delivered. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-lock-private.h"
#include "dispatcher/loft-recipient-private.h"
#include "delivery/loft-owner-private.h"
#include "delivery/loft-value-box-private.h"

/**
 * LoftRelay:
 *
 * Emits at home what an object says that a worker changes.
 *
 * The notify of a GObject is emitted on the thread that changes it. A widget must not hear it
 * there, and must not read the property while the worker changes it. A relay copies each value on
 * the worker's thread, when the property notifies, and brings it to its home:
 *
 * - it emits [signal@Loft.Relay::changed], with the name of the property as the detail;
 * - it sets the property of the same name of its target, if it has one. The target is an object at
 *   home, which may be of the same class as the source. It can be bound to widgets by a
 *   GtkExpression.
 *
 * ```c
 * /\* on the main thread, before the worker begins *\/
 * Download *shown = download_new ();
 * g_autoptr (Download) download = download_new ();
 * LoftRelay *relay = loft_relay_new (G_OBJECT (download), G_OBJECT (shown));
 *
 * loft_relay_add_signal (relay, "redirected", NULL);
 * start_worker (download);
 * ```
 *
 * Of the values of a property that wait for the home, only the last is delivered. No last value is
 * lost. Signals that were chosen by `loft_relay_add_handler ()`, [method@Loft.Relay.add_closure] or
 * [method@Loft.Relay.add_signal] are delivered each time, with copies of their arguments. All of
 * this arrives in the Normal lane, in the order in which it was said, except that a newer value
 * takes the place of the older one. So a handler of a signal finds values that are at least as new
 * as they were when the signal was emitted. The number of signals that may wait is not bounded.
 *
 * Neither object holds the other. When the source is disposed, and all that it said has arrived,
 * the relay is complete ([property@Loft.Relay:is-complete]). A relay that is dropped stops
 * listening, and has delivered what the source said before. If a handler must not begin before
 * all has arrived, such as the completed handler of the worker's action, it calls
 * [method@Loft.Relay.flush].
 *
 * Values and arguments that have arrived are released at home. Windows has no such class: there a
 * handler of an event posts to the dispatcher itself.
 */

/* A weak reference to the relay. */
typedef struct
{
  gint refs; /* atomic */
  GWeakRef relay;
} LoftRelayLink;

/* A signal that is brought home. */
typedef struct
{
  gint refs;             /* atomic: the relay's, the source's closure's, and one of each news */
  gint removed;          /* atomic */

  /* constant after init */
  LoftRelayLink *link;   /* a reference */
  LoftDispatcher *home;  /* strong */
  GClosure *closure;     /* a reference, which is dropped at home; NULL: emitted on the target */
  guint signal_id;       /* of the target */
  gboolean has_detail;   /* the target's signal can be emitted with one */

  /* under the relay's lock */
  guint64 id;
  gulong handler;        /* the source's */
} LoftRelayTap;

typedef enum {
  LOFT_RELAY_PROPERTY,
  LOFT_RELAY_SIGNAL,
  LOFT_RELAY_END,       /* the source is gone */
} LoftRelayNewsKind;

typedef struct
{
  /* constant after init */
  LoftRelayNewsKind kind;
  GParamSpec *property;  /* a reference */
  LoftRelayTap *tap;     /* a reference */
  GQuark detail;         /* of the emission */
  guint n_arguments;     /* without the instance */
  LoftValueBox **arguments;

  /* under the relay's lock, while it is in the queue */
  GList link;
  LoftValueBox *value;   /* of the property */
} LoftRelayNews;

struct _LoftRelay
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */
  LoftRelayLink *link;        /* to itself; a reference */
  LoftOwned owned;            /* tells of the dispose of the source */
  GObject *target;            /* strong, dropped at home; NULL: none */

  /* Its place in the lane, which belongs to whoever set `scheduled`. */
  LoftWorkItem item;

  /* under lock */
  LoftLock lock;
  GQueue queue;               /* the links of LoftRelayNews */
  GHashTable *waiting;        /* from a GParamSpec to its news in the queue */
  gboolean scheduled;         /* the item is in the lane; it holds the relay */
  gboolean has_lost;          /* the home is gone, which was logged */
  GPtrArray *taps;            /* references */
  guint64 last_id;
  gulong notify_handler;      /* the source's */

  /* owner thread only */
  GHashTable *values;         /* from names to the values that have arrived */
  gboolean is_complete;

  GObject *given;             /* the source, during construction; strong */
};

enum {
  PROP_SOURCE = 1,
  PROP_TARGET,
  PROP_DISPATCHER,
  PROP_IS_COMPLETE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static void loft_relay_run  (LoftWorkItem *item, LoftDispatcher *dispatcher);
static void loft_relay_drop (LoftWorkItem *item, LoftDispatcher *dispatcher);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftRelay, loft_relay, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static const LoftWorkItemClass loft_relay_item_class = {
  .name = "news of a relay",
  .run = loft_relay_run,
  .drop = loft_relay_drop,
};

static LoftRelay *
loft_relay_from_item (LoftWorkItem *item)
{
  return (LoftRelay *) ((char *) item - G_STRUCT_OFFSET (LoftRelay, item));
}

static LoftRelayLink *
loft_relay_link_ref (LoftRelayLink *link)
{
  loft_refs_take (&link->refs);
  return link;
}

static void
loft_relay_link_unref (gpointer data)
{
  LoftRelayLink *link = data;

  if (!loft_refs_drop (&link->refs))
    return;
  g_weak_ref_clear (&link->relay);
  g_free (link);
}

static LoftRelayTap *
loft_relay_tap_ref (LoftRelayTap *tap)
{
  loft_refs_take (&tap->refs);
  return tap;
}

static void
loft_relay_tap_unref (gpointer data)
{
  LoftRelayTap *tap = data;

  if (!loft_refs_drop (&tap->refs))
    return;
  if (tap->closure != NULL)
    loft_home_release (tap->home, (GDestroyNotify) g_closure_unref, tap->closure);
  loft_relay_link_unref (tap->link);
  g_object_unref (tap->home);
  g_free (tap);
}

static void
on_closure_gone (gpointer  tap,
                 GClosure *closure)
{
  loft_relay_tap_unref (tap);
}

/* The copies are released at home, where they are used. */
static LoftValueBox *
loft_relay_box (LoftRelay    *self,
                const GValue *value)
{
  return loft_value_box_new (value, loft_home_matters_for (G_VALUE_TYPE (value))
                                      ? self->dispatcher
                                      : NULL);
}

static void
loft_relay_news_free (gpointer data)
{
  LoftRelayNews *news = data;

  g_clear_pointer (&news->property, g_param_spec_unref);
  g_clear_pointer (&news->value, loft_value_box_unref);
  for (guint i = 0; i < news->n_arguments; i++)
    loft_value_box_unref (news->arguments[i]);
  g_free (news->arguments);
  g_clear_pointer (&news->tap, loft_relay_tap_unref);
  g_free (news);
}

/* Queueing, on any thread. */

static LoftRelayNews *
loft_relay_pop_locked (LoftRelay *self)
{
  GList *link = g_queue_pop_head_link (&self->queue);
  LoftRelayNews *news = link != NULL ? link->data : NULL;

  loft_lock_assert_held (&self->lock);
  if (news != NULL && news->kind == LOFT_RELAY_PROPERTY)
    g_hash_table_remove (self->waiting, news->property);
  return news;
}

/* The home is gone. The news are released on this thread. The caller has the relay's turn. */
static void
loft_relay_lose (LoftRelay *self)
{
  g_autoptr (GPtrArray) lost = g_ptr_array_new_with_free_func (loft_relay_news_free);
  g_autofree char *where = NULL;
  LoftRelayNews *news;
  gboolean first;

  loft_lock_lock (&self->lock);
  while ((news = loft_relay_pop_locked (self)) != NULL)
    g_ptr_array_add (lost, news);
  self->scheduled = FALSE;
  first = !self->has_lost;
  self->has_lost = TRUE;
  loft_lock_unlock (&self->lock);

  for (guint i = 0; i < lost->len; i++)
    loft_dispatcher_count_undelivered (self->dispatcher);
  if (!first)
    return;
  where = loft_dispatcher_describe (self->dispatcher);
  g_message ("What an object said was not relayed (later losses are only counted): %s has shut "
             "down.", where);
}

/* The caller has set `scheduled`. */
static void
loft_relay_schedule (LoftRelay *self)
{
  g_object_ref (self); /* the lane's */
  if (loft_dispatcher_post_news (self->dispatcher, LOFT_LANE_NORMAL, &self->item))
    return;
  loft_relay_lose (self);
  g_object_unref (self);
}

/* Takes @news. */
static void
loft_relay_queue (LoftRelay     *self,
                  LoftRelayNews *news)
{
  LoftRelayNews *waiting = NULL;
  gboolean first;

  news->link.data = news;
  loft_lock_lock (&self->lock);
  if (news->kind == LOFT_RELAY_PROPERTY)
    waiting = g_hash_table_lookup (self->waiting, news->property);
  if (waiting != NULL)
    {
      LoftValueBox *older = waiting->value;

      waiting->value = news->value;
      news->value = older;
    }
  else
    {
      g_queue_push_tail_link (&self->queue, &news->link);
      if (news->kind == LOFT_RELAY_PROPERTY)
        g_hash_table_insert (self->waiting, news->property, news);
    }
  first = !self->scheduled;
  self->scheduled = TRUE;
  loft_lock_unlock (&self->lock);

  if (waiting != NULL)
    loft_relay_news_free (news); /* with the older value */
  if (first)
    loft_relay_schedule (self);
}

static void
loft_relay_queue_property (LoftRelay  *self,
                           GObject    *source,
                           GParamSpec *property)
{
  LoftRelayNews *news;
  g_auto (GValue) value = G_VALUE_INIT;

  if ((property->flags & G_PARAM_READABLE) == 0)
    return;
  g_value_init (&value, property->value_type);
  g_object_get_property (source, property->name, &value);
  news = g_new0 (LoftRelayNews, 1);
  news->kind = LOFT_RELAY_PROPERTY;
  news->property = g_param_spec_ref (property);
  news->value = loft_relay_box (self, &value);
  loft_relay_queue (self, news);
}

static void
on_source_notify (GObject    *source,
                  GParamSpec *property,
                  gpointer    link)
{
  g_autoptr (LoftRelay) self = g_weak_ref_get (&((LoftRelayLink *) link)->relay);

  if (self != NULL)
    loft_relay_queue_property (self, source, property);
}

static void
on_link_unused (gpointer  link,
                GClosure *closure)
{
  loft_relay_link_unref (link);
}

static void
on_source_emission (GClosure     *closure,
                    GValue       *return_value,
                    guint         n_values,
                    const GValue *values,
                    gpointer      hint,
                    gpointer      marshal_data)
{
  LoftRelayTap *tap = closure->data;
  g_autoptr (LoftRelay) self = g_weak_ref_get (&tap->link->relay);
  LoftRelayNews *news;

  /* Acquire: pairs with the release in loft_relay_remove_tap (). */
  if (self == NULL || loft_load_acquire (&tap->removed))
    return;
  news = g_new0 (LoftRelayNews, 1);
  news->kind = LOFT_RELAY_SIGNAL;
  news->tap = loft_relay_tap_ref (tap);
  news->detail = ((GSignalInvocationHint *) hint)->detail;
  news->n_arguments = n_values - 1;
  news->arguments = g_new (LoftValueBox *, n_values);
  for (guint i = 0; i < news->n_arguments; i++)
    news->arguments[i] = loft_relay_box (self, &values[i + 1]);
  loft_relay_queue (self, news);
}

static void
on_source_gone (gpointer link)
{
  g_autoptr (LoftRelay) self = g_weak_ref_get (&((LoftRelayLink *) link)->relay);

  if (self != NULL)
    {
      LoftRelayNews *news = g_new0 (LoftRelayNews, 1);

      news->kind = LOFT_RELAY_END;
      loft_relay_queue (self, news);
    }
  loft_relay_link_unref (link);
}

/* Delivery, at home. */

static void
loft_relay_deliver_property (LoftRelay     *self,
                             LoftRelayNews *news)
{
  const char *name = news->property->name;
  GParamSpec *other = self->target != NULL
                        ? g_object_class_find_property (G_OBJECT_GET_CLASS (self->target), name)
                        : NULL;

  g_hash_table_replace (self->values, (gpointer) g_intern_string (name),
                        loft_value_box_ref (news->value));
  if (other != NULL && (other->flags & G_PARAM_WRITABLE) != 0 &&
      (other->flags & G_PARAM_CONSTRUCT_ONLY) == 0)
    g_object_set_property (self->target, name, &news->value->value);
  g_signal_emit (self, changed_signal, g_quark_from_string (name), news->property,
                 &news->value->value);
}

static void
loft_relay_deliver_signal (LoftRelay     *self,
                           LoftRelayNews *news)
{
  LoftRelayTap *tap = news->tap;
  GValue *values;

  if (loft_load_acquire (&tap->removed)) /* Acquire: as in on_source_emission () */
    return;
  values = g_new0 (GValue, news->n_arguments + 1);
  g_value_init (&values[0], G_TYPE_OBJECT);
  g_value_set_object (&values[0], tap->closure != NULL ? G_OBJECT (self) : self->target);
  for (guint i = 0; i < news->n_arguments; i++)
    {
      g_value_init (&values[i + 1], G_VALUE_TYPE (&news->arguments[i]->value));
      g_value_copy (&news->arguments[i]->value, &values[i + 1]);
    }
  if (tap->closure != NULL)
    g_closure_invoke (tap->closure, NULL, news->n_arguments + 1, values, NULL);
  else
    g_signal_emitv (values, tap->signal_id, tap->has_detail ? news->detail : 0, NULL);
  for (guint i = 0; i <= news->n_arguments; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

/* Takes @news. */
static void
loft_relay_deliver (LoftRelay     *self,
                    LoftRelayNews *news)
{
  if (news->kind == LOFT_RELAY_PROPERTY)
    loft_relay_deliver_property (self, news);
  else if (news->kind == LOFT_RELAY_SIGNAL)
    loft_relay_deliver_signal (self, news);
  else
    {
      self->is_complete = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_COMPLETE]);
    }
  loft_relay_news_free (news);
}

static void
loft_relay_run (LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  LoftRelay *self = loft_relay_from_item (item);
  LoftRelayNews *news;
  gboolean more;

  loft_lock_lock (&self->lock);
  news = loft_relay_pop_locked (self); /* NULL: it was flushed */
  more = self->queue.length > 0;
  self->scheduled = more;
  loft_lock_unlock (&self->lock);

  if (more)
    g_object_ref (self); /* the next turn's */
  if (more && !loft_dispatcher_post_item (self->dispatcher, LOFT_LANE_NORMAL, &self->item))
    loft_relay_drop (&self->item, dispatcher);
  if (news != NULL)
    loft_relay_deliver (self, news);
  g_object_unref (self);
}

static void
loft_relay_drop (LoftWorkItem   *item,
                 LoftDispatcher *dispatcher)
{
  LoftRelay *self = loft_relay_from_item (item);

  loft_relay_lose (self);
  g_object_unref (self);
}

/* GObject. */

/* Drops a reference to the source. That is done in the MTA, where a worker's object belongs, in
 * case it is the last one. */
static void
loft_relay_let_source_go (GObject *source)
{
  loft_home_release_in_mta (g_object_unref, source);
}

static void
loft_relay_leave (LoftRelay *self)
{
  LoftRelayLink *held = self->owned.owner != NULL ? loft_owned_leave (&self->owned) : NULL;
  GObject *source = loft_relay_dup_source (self);
  g_autoptr (GPtrArray) taps = NULL;
  gulong notify_handler;

  g_clear_pointer (&held, loft_relay_link_unref);
  loft_lock_lock (&self->lock);
  taps = self->taps;
  self->taps = g_ptr_array_new_with_free_func (loft_relay_tap_unref);
  notify_handler = self->notify_handler;
  self->notify_handler = 0;
  loft_lock_unlock (&self->lock);

  for (guint i = 0; i < taps->len; i++)
    {
      LoftRelayTap *tap = taps->pdata[i];

      loft_store_release (&tap->removed, TRUE); /* Release: as in loft_relay_remove_tap () */
      if (source != NULL && g_signal_handler_is_connected (source, tap->handler))
        g_signal_handler_disconnect (source, tap->handler);
    }
  if (source != NULL && notify_handler != 0 &&
      g_signal_handler_is_connected (source, notify_handler))
    g_signal_handler_disconnect (source, notify_handler);
  if (source != NULL)
    loft_relay_let_source_go (source);
}

static void
loft_relay_dispose (GObject *object)
{
  /* A relay that is dropped has no turn, and so no news. */
  loft_relay_leave (LOFT_RELAY (object));
  G_OBJECT_CLASS (loft_relay_parent_class)->dispose (object);
}

static void
loft_relay_finalize (GObject *object)
{
  LoftRelay *self = LOFT_RELAY (object);

  LOFT_TSAN_ACQUIRE (object); /* what other threads did before they dropped their references */
  loft_owned_clear (&self->owned);
  loft_relay_link_unref (self->link);
  g_hash_table_unref (self->waiting);
  g_hash_table_unref (self->values);
  g_ptr_array_unref (self->taps);
  if (self->target != NULL)
    loft_home_release (self->dispatcher, g_object_unref, self->target);
  g_object_unref (self->dispatcher);
  G_OBJECT_CLASS (loft_relay_parent_class)->finalize (object);
}

static void
loft_relay_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  LoftRelay *self = LOFT_RELAY (object);

  switch (id)
    {
    case PROP_SOURCE:
      g_value_take_object (value, loft_relay_dup_source (self));
      break;
    case PROP_TARGET:
      g_value_set_object (value, self->target);
      break;
    case PROP_DISPATCHER:
      g_value_set_object (value, self->dispatcher);
      break;
    case PROP_IS_COMPLETE:
      g_value_set_boolean (value, self->is_complete);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_relay_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  LoftRelay *self = LOFT_RELAY (object);

  switch (id)
    {
    case PROP_SOURCE:
      self->given = g_value_dup_object (value);
      break;
    case PROP_TARGET:
      self->target = g_value_dup_object (value);
      break;
    case PROP_DISPATCHER:
      self->dispatcher = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_relay_constructed (GObject *object)
{
  LoftRelay *self = LOFT_RELAY (object);
  GObject *source = g_steal_pointer (&self->given);
  gulong handler;

  G_OBJECT_CLASS (loft_relay_parent_class)->constructed (object);
  if (self->dispatcher == NULL)
    self->dispatcher = loft_home_dup_current ();
  if (self->dispatcher == NULL)
    self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  if (source == NULL)
    {
      g_critical ("A LoftRelay needs a source");
      return;
    }

  loft_owner_add (source, &self->owned, loft_relay_link_ref (self->link), on_source_gone);
  handler = g_signal_connect_data (source, "notify", G_CALLBACK (on_source_notify),
                                   loft_relay_link_ref (self->link), on_link_unused, 0);
  loft_lock_lock (&self->lock);
  self->notify_handler = handler;
  loft_lock_unlock (&self->lock);
  g_object_unref (source); /* the caller holds it, too */
}

#define CONSTRUCT (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS)

static void
loft_relay_class_init (LoftRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = loft_relay_constructed;
  object_class->get_property = loft_relay_get_property;
  object_class->set_property = loft_relay_set_property;
  object_class->dispose = loft_relay_dispose;
  object_class->finalize = loft_relay_finalize;

  /**
   * LoftRelay:source: (getter dup_source)
   *
   * The object that a worker changes; %NULL when it is gone.
   */
  properties[PROP_SOURCE] = g_param_spec_object ("source", NULL, NULL, G_TYPE_OBJECT, CONSTRUCT);

  /**
   * LoftRelay:target: (getter get_target)
   *
   * The object at home whose properties are set.
   */
  properties[PROP_TARGET] = g_param_spec_object ("target", NULL, NULL, G_TYPE_OBJECT, CONSTRUCT);

  /**
   * LoftRelay:dispatcher:
   *
   * The dispatcher on whose thread everything is emitted.
   *
   * %NULL at construction means the home of the thread that makes the relay, or the default
   * dispatcher if that thread has no home.
   */
  properties[PROP_DISPATCHER] = g_param_spec_object ("dispatcher", NULL, NULL, LOFT_TYPE_DISPATCHER,
                                                     CONSTRUCT);

  /**
   * LoftRelay:is-complete: (getter is_complete)
   *
   * Whether the source is gone, and all that it said has arrived.
   *
   * It notifies at home.
   */
  properties[PROP_IS_COMPLETE] = g_param_spec_boolean ("is-complete", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                                          G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LoftRelay::changed:
   * @self: the relay
   * @property: the property of the source
   * @value: its value
   *
   * Emitted at home when a property of the source has changed.
   *
   * The detail is the name of the property.
   */
  changed_signal = g_signal_new ("changed", LOFT_TYPE_RELAY, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_PARAM,
                                 G_TYPE_VALUE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
loft_relay_init (LoftRelay *self)
{
  self->item.klass = &loft_relay_item_class;
  self->waiting = g_hash_table_new (NULL, NULL);
  self->values = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) loft_value_box_unref);
  self->taps = g_ptr_array_new_with_free_func (loft_relay_tap_unref);
  self->link = g_new0 (LoftRelayLink, 1);
  self->link->refs = 1;
  g_weak_ref_init (&self->link->relay, self);
}

/**
 * loft_relay_new: (constructor)
 * @source: the object that a worker changes
 * @target: (nullable): an object at home whose properties are set; %NULL for none
 *
 * Creates a relay from @source to the home of the calling thread.
 *
 * Any thread may call. If the calling thread has no home, the relay emits on the default
 * dispatcher's thread. Values that @source has already are not sent; see
 * [method@Loft.Relay.send_all].
 *
 * The properties of @target that have the names of properties of @source, and can be written, are
 * set at home when those of @source have changed.
 *
 * Returns: (transfer full): the relay
 */
LoftRelay *
loft_relay_new (GObject *source,
                GObject *target)
{
  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (target == NULL || G_IS_OBJECT (target), NULL);
  g_return_val_if_fail (source != target, NULL);

  return g_object_new (LOFT_TYPE_RELAY, "source", source, "target", target, NULL);
}

/**
 * loft_relay_new_for_dispatcher: (constructor)
 * @dispatcher: the dispatcher on whose thread everything is emitted
 * @source: the object that a worker changes
 * @target: (nullable): an object whose home that is, and whose properties are set; %NULL for none
 *
 * Creates a relay from @source to a dispatcher.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the relay
 */
LoftRelay *
loft_relay_new_for_dispatcher (LoftDispatcher *dispatcher,
                               GObject        *source,
                               GObject        *target)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), NULL);
  g_return_val_if_fail (G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (target == NULL || G_IS_OBJECT (target), NULL);
  g_return_val_if_fail (source != target, NULL);

  return g_object_new (LOFT_TYPE_RELAY, "dispatcher", dispatcher, "source", source, "target",
                       target, NULL);
}

/* Signals. */

static gboolean
set_signal_error (GError     **error,
                  GObject     *source,
                  const char  *signal,
                  const char  *why)
{
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
               "The signal \"%s\" of a %s can't be relayed: %s", signal,
               G_OBJECT_TYPE_NAME (source), why);
  return FALSE;
}

/* Checks that the signal can be relayed, and gets what it is. */
static gboolean
loft_relay_check_signal (GObject       *source,
                         const char    *signal,
                         GSignalQuery  *out_query,
                         GQuark        *out_detail,
                         GError       **error)
{
  guint id;

  if (!g_signal_parse_name (signal, G_OBJECT_TYPE (source), &id, out_detail, TRUE))
    return set_signal_error (error, source, signal, "it has no such signal.");
  g_signal_query (id, out_query);
  if (g_str_equal (out_query->signal_name, "notify"))
    return set_signal_error (error, source, signal,
                             "its properties are relayed anyway, with their values; connect to "
                             "LoftRelay::changed.");
  if ((out_query->return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE) != G_TYPE_NONE)
    return set_signal_error (error, source, signal,
                             "it asks for an answer, and the thread that emits it does not wait "
                             "for one.");
  for (guint i = 0; i < out_query->n_params; i++)
    if (G_TYPE_FUNDAMENTAL (out_query->param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE) ==
        G_TYPE_POINTER)
      return set_signal_error (error, source, signal,
                               "an argument is a plain pointer, which can't be copied. Use a boxed "
                               "type or an object.");
  return TRUE;
}

static gboolean
loft_relay_find_target_signal (LoftRelay     *self,
                               GObject       *source,
                               const char    *signal,
                               GSignalQuery  *query,
                               GSignalQuery  *out_other,
                               GError       **error)
{
  GQuark detail;
  guint id;

  if (self->target == NULL)
    return set_signal_error (error, source, signal,
                             "the relay has no target; use loft_relay_add_handler ().");
  if (!g_signal_parse_name (signal, G_OBJECT_TYPE (self->target), &id, &detail, TRUE))
    return set_signal_error (error, source, signal, "the target has no such signal.");
  g_signal_query (id, out_other);
  if (out_other->n_params != query->n_params || out_other->return_type != query->return_type)
    return set_signal_error (error, source, signal, "the target's has other arguments.");
  for (guint i = 0; i < query->n_params; i++)
    if (out_other->param_types[i] != query->param_types[i])
      return set_signal_error (error, source, signal, "the target's has other arguments.");
  return TRUE;
}

/* Adds a signal. Takes a reference to @closure; NULL: it is emitted on the target. */
static guint64
loft_relay_tap (LoftRelay   *self,
                const char  *signal,
                GClosure    *closure,
                GError     **error)
{
  GObject *source = loft_relay_dup_source (self);
  GClosure *listener;
  GSignalQuery query, other = { 0 };
  LoftRelayTap *tap;
  GQuark detail;
  guint64 id;

  if (source == NULL)
    {
      g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                           "The object that is to be relayed is gone.");
      return 0;
    }
  if (!loft_relay_check_signal (source, signal, &query, &detail, error) ||
      (closure == NULL &&
       !loft_relay_find_target_signal (self, source, signal, &query, &other, error)))
    {
      loft_relay_let_source_go (source);
      return 0;
    }

  tap = g_new0 (LoftRelayTap, 1);
  tap->refs = 2;
  tap->link = loft_relay_link_ref (self->link);
  tap->home = g_object_ref (self->dispatcher);
  tap->closure = closure != NULL ? g_closure_ref (closure) : NULL;
  tap->signal_id = other.signal_id;
  tap->has_detail = (other.signal_flags & G_SIGNAL_DETAILED) != 0;
  listener = g_closure_new_simple (sizeof (GClosure), tap);
  g_closure_set_marshal (listener, on_source_emission);
  g_closure_add_finalize_notifier (listener, tap, on_closure_gone);

  loft_lock_lock (&self->lock);
  id = tap->id = ++self->last_id;
  g_ptr_array_add (self->taps, loft_relay_tap_ref (tap));
  loft_lock_unlock (&self->lock);
  /* The handler's number is written before anybody can ask for it: the caller has no id yet. */
  tap->handler = g_signal_connect_closure_by_id (source, query.signal_id, detail, listener, FALSE);
  loft_relay_tap_unref (tap);
  loft_relay_let_source_go (source);
  return id;
}

/**
 * loft_relay_add_handler: (skip)
 * @self: a relay
 * @signal: the name of a signal of the source, with or without a detail
 * @callback: what to call, as a handler of that signal, but with @self instead of the source
 * @user_data: the data to pass to @callback
 * @destroy: (nullable): called once with @user_data, at home
 * @error: return location for an error
 *
 * Calls a handler at home each time the source emits a signal.
 *
 * Any thread may call. The handler gets copies of the arguments. Emissions that were made before
 * this call are not delivered.
 *
 * Errors: %LOFT_ERROR_INVALID_ARGUMENT if the source has no such signal, or if the signal is
 * notify, has a return value or has an argument that is a plain pointer;
 * %LOFT_ERROR_DISCONNECTED if the source is gone.
 *
 * Returns: a number for [method@Loft.Relay.remove]; 0 with @error set
 */
guint64
loft_relay_add_handler (LoftRelay       *self,
                        const char      *signal,
                        GCallback        callback,
                        gpointer         user_data,
                        GDestroyNotify   destroy,
                        GError         **error)
{
  GClosure *closure;
  guint64 id;

  loft_consume_and_return_val_if_fail (LOFT_IS_RELAY (self), destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (signal != NULL, destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (callback != NULL, destroy, user_data, 0);
  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, 0);

  closure = g_cclosure_new (callback, user_data, (GClosureNotify) (void (*) (void)) destroy);
  g_closure_set_marshal (closure, g_cclosure_marshal_generic);
  g_closure_ref (closure);
  g_closure_sink (closure);
  id = loft_relay_tap (self, signal, closure, error);
  loft_home_release (self->dispatcher, (GDestroyNotify) g_closure_unref, closure);
  return id;
}

/**
 * loft_relay_add_closure:
 * @self: a relay
 * @signal: the name of a signal of the source, with or without a detail
 * @closure: what to call, as a handler of that signal, but with @self instead of the source
 * @error: return location for an error
 *
 * Calls a closure at home each time the source emits a signal.
 *
 * This is `loft_relay_add_handler ()` with a closure, which is released at home. Any thread may
 * call. The handler gets copies of the arguments. Emissions that were made before this call are not
 * delivered.
 *
 * Errors: %LOFT_ERROR_INVALID_ARGUMENT if the source has no such signal, or if the signal is
 * notify, has a return value or has an argument that is a plain pointer;
 * %LOFT_ERROR_DISCONNECTED if the source is gone.
 *
 * Returns: a number for [method@Loft.Relay.remove]; 0 with @error set
 */
guint64
loft_relay_add_closure (LoftRelay   *self,
                        const char  *signal,
                        GClosure    *closure,
                        GError     **error)
{
  guint64 id;

  g_return_val_if_fail (LOFT_IS_RELAY (self), 0);
  g_return_val_if_fail (signal != NULL, 0);
  g_return_val_if_fail (closure != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  g_closure_ref (closure);
  g_closure_sink (closure);
  if (G_CLOSURE_NEEDS_MARSHAL (closure))
    g_closure_set_marshal (closure, g_cclosure_marshal_generic);
  id = loft_relay_tap (self, signal, closure, error);
  loft_home_release (self->dispatcher, (GDestroyNotify) g_closure_unref, closure);
  return id;
}

/**
 * loft_relay_add_signal:
 * @self: a relay with a target
 * @signal: the name of a signal of the source, with or without a detail
 * @error: return location for an error
 *
 * Emits a signal on the target at home each time the source emits it.
 *
 * Any thread may call. The target must have a signal of the same name and with the same arguments.
 * The arguments are copies. The detail is that of the source's emission.
 *
 * Errors: those of [method@Loft.Relay.add_closure]; %LOFT_ERROR_INVALID_ARGUMENT also if there is
 * no target, or if it has no such signal.
 *
 * Returns: a number for [method@Loft.Relay.remove]; 0 with @error set
 */
guint64
loft_relay_add_signal (LoftRelay   *self,
                       const char  *signal,
                       GError     **error)
{
  g_return_val_if_fail (LOFT_IS_RELAY (self), 0);
  g_return_val_if_fail (signal != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  return loft_relay_tap (self, signal, NULL, error);
}

/* Returns the tap with the relay's reference to it, or NULL. */
static LoftRelayTap *
loft_relay_remove_tap (LoftRelay *self,
                       guint64    id)
{
  LoftRelayTap *tap = NULL;

  loft_lock_lock (&self->lock);
  for (guint i = 0; tap == NULL && i < self->taps->len; i++)
    if (((LoftRelayTap *) self->taps->pdata[i])->id == id)
      tap = g_ptr_array_steal_index (self->taps, i);
  loft_lock_unlock (&self->lock);
  /* Release: a thread that sees the flag also sees what was done before the disconnect. */
  if (tap != NULL)
    loft_store_release (&tap->removed, TRUE);
  return tap;
}

/**
 * loft_relay_remove:
 * @self: a relay
 * @id: the number that [method@Loft.Relay.add_closure], [method@Loft.Relay.add_signal] or
 *   `loft_relay_add_handler ()` returned
 *
 * Stops relaying a signal.
 *
 * Any thread may call. If it is called at home, emissions that are on their way are not delivered
 * any more.
 *
 * Returns: %FALSE if there is no such signal
 */
gboolean
loft_relay_remove (LoftRelay *self,
                   guint64    id)
{
  LoftRelayTap *tap;
  GObject *source;

  g_return_val_if_fail (LOFT_IS_RELAY (self), FALSE);

  tap = loft_relay_remove_tap (self, id);
  if (tap == NULL)
    return FALSE;
  source = loft_relay_dup_source (self);
  if (source != NULL)
    {
      if (g_signal_handler_is_connected (source, tap->handler))
        g_signal_handler_disconnect (source, tap->handler);
      loft_relay_let_source_go (source);
    }
  loft_relay_tap_unref (tap);
  return TRUE;
}

/* What else can be asked and done. */

/**
 * loft_relay_send_all:
 * @self: a relay
 *
 * Sends the present values of all properties of the source, as if they had notified.
 *
 * Call this on the thread that changes the source, or before that thread begins to. If the source
 * is gone, nothing happens.
 */
void
loft_relay_send_all (LoftRelay *self)
{
  g_autofree GParamSpec **all = NULL;
  GObject *source;
  guint n;

  g_return_if_fail (LOFT_IS_RELAY (self));

  source = loft_relay_dup_source (self);
  if (source == NULL)
    return;
  all = g_object_class_list_properties (G_OBJECT_GET_CLASS (source), &n);
  for (guint i = 0; i < n; i++)
    {
      GParamSpec *redirected = g_param_spec_get_redirect_target (all[i]);

      loft_relay_queue_property (self, source, redirected != NULL ? redirected : all[i]);
    }
  loft_relay_let_source_go (source);
}

/**
 * loft_relay_flush:
 * @self: a relay
 *
 * Delivers everything that the source has said before this call.
 *
 * Call this at home; on any other thread it is a critical warning. What the source says while this
 * function runs may be left for later.
 */
void
loft_relay_flush (LoftRelay *self)
{
  LoftRelayNews *news;
  guint n;

  g_return_if_fail (LOFT_IS_RELAY (self));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  g_object_ref (self);
  loft_lock_lock (&self->lock);
  n = self->queue.length;
  loft_lock_unlock (&self->lock);
  for (; n > 0; n--)
    {
      loft_lock_lock (&self->lock);
      news = loft_relay_pop_locked (self); /* NULL: a handler has run a loop of its own */
      loft_lock_unlock (&self->lock);
      if (news != NULL)
        loft_relay_deliver (self, news);
    }
  g_object_unref (self);
}

/**
 * loft_relay_get_value:
 * @self: a relay
 * @name: the name of a property of the source
 * @value: (out caller-allocates): where the value goes
 *
 * Gets the value of a property that has arrived last.
 *
 * Call this at home.
 *
 * Returns: %FALSE if none has arrived; @value is not touched then
 */
gboolean
loft_relay_get_value (LoftRelay  *self,
                      const char *name,
                      GValue     *value)
{
  LoftValueBox *box;

  g_return_val_if_fail (LOFT_IS_RELAY (self), FALSE);
  g_return_val_if_fail (name != NULL && value != NULL, FALSE);
  LOFT_VERIFY_ACCESS_VAL (self->dispatcher, FALSE);

  box = g_hash_table_lookup (self->values, g_intern_string (name));
  if (box == NULL)
    return FALSE;
  if (!G_IS_VALUE (value))
    g_value_init (value, G_VALUE_TYPE (&box->value));
  return g_value_transform (&box->value, value);
}

/**
 * loft_relay_dup_source: (get-property source)
 * @self: a relay
 *
 * Gets the object that a worker changes.
 *
 * Any thread may call.
 *
 * Returns: (transfer full) (nullable): the source; %NULL when it is gone
 */
GObject *
loft_relay_dup_source (LoftRelay *self)
{
  g_return_val_if_fail (LOFT_IS_RELAY (self), NULL);

  return self->owned.owner != NULL ? loft_owner_dup (self->owned.owner) : NULL;
}

/**
 * loft_relay_get_target: (get-property target)
 * @self: a relay
 *
 * Gets the object at home whose properties are set.
 *
 * Any thread may call.
 *
 * Returns: (transfer none) (nullable): the target; %NULL if there is none
 */
GObject *
loft_relay_get_target (LoftRelay *self)
{
  g_return_val_if_fail (LOFT_IS_RELAY (self), NULL);

  return self->target;
}

/**
 * loft_relay_is_complete: (get-property is-complete)
 * @self: a relay
 *
 * Returns whether the source is gone, and all that it said has arrived.
 *
 * Call this at home.
 *
 * Returns: whether nothing more will arrive
 */
gboolean
loft_relay_is_complete (LoftRelay *self)
{
  g_return_val_if_fail (LOFT_IS_RELAY (self), FALSE);

  return self->is_complete;
}
