/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncObserver: shows an async object as properties that notify at home.
 *
 * An async object has only one progress handler, which is its owner's. So the observer does not
 * touch it. It listens to an echo: an action of its own, which reports what the observed object
 * reports and ends when that object ends. The echo brings its reports and its end home in one
 * order. Any number of observers, each with its echo, can observe one object. When an observer
 * turns to another object, or is dropped, it ends its echo, which thereby leaves the object. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-link-private.h"

#include <math.h>

/**
 * LoftAsyncObserver:
 *
 * Shows an async object as properties, which notify at home.
 *
 * An async object is used by any thread, and has no properties. An observer is made on the thread
 * that shows it, such as the main thread of a program with GTK, and changes only there. It can be
 * bound to widgets by a GtkExpression, stand in a file for GtkBuilder and be a row in a list of
 * running actions.
 *
 * ```c
 * LoftAsyncObserver *copying = loft_async_observer_new (LOFT_ASYNC_INFO (action));
 *
 * g_object_bind_property (copying, "fraction", bar, "fraction", G_BINDING_DEFAULT);
 * g_object_bind_property (copying, "is-done", spinner, "spinning",
 *                         G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
 * ```
 *
 * What becomes of a report of progress depends on its type. A number sets
 * [property@Loft.AsyncObserver:fraction], after a division by
 * [property@Loft.AsyncObserver:maximum]. A string sets [property@Loft.AsyncObserver:text]. For
 * other types, connect to [signal@Loft.AsyncObserver::report] and set the two there. Of the reports
 * that wait for the home, only the newest is shown. No report is shown after the end. Reports that
 * were made before the observer was given the object are not known.
 *
 * Any number of observers may observe one object, beside its own handlers. They count as having
 * looked at its error. An object whose class implements the interface by hand has only one progress
 * handler, which the observer uses, and thereby replaces one that was set before.
 *
 * The observer does not hold the object before its end. If the producer drops the object, the
 * observer shows %LOFT_ERROR_DISCONNECTED. Once it has ended, the observer holds it, so that its
 * result can be asked for.
 *
 * All methods are called at home: on another thread they are a critical warning. Any thread may
 * hold the observer and drop the last reference to it. Windows has no such class; .NET's toolkits
 * have a `NotifyTaskCompletion`.
 */

/* A weak reference to the observer, for what the echo calls. */
typedef struct
{
  gint refs; /* atomic */
  GWeakRef observer;
  guint serial; /* constant after init: which object it belongs to */
} LoftObserverLink;

struct _LoftAsyncObserver
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */

  /* owner thread only */
  LoftLink *link;        /* to the observed object; NULL: none */
  LoftAsyncInfo *held;   /* the same, from its end on; strong */
  LoftAction *echo;      /* strong; NULL: none */
  guint serial;          /* how many objects there were */
  LoftAsyncStatus status;
  gboolean is_done;
  gboolean has_progress;
  gboolean has_warned;   /* of reports that nobody understands */
  GError *error;         /* NULL: none */
  double fraction;
  double maximum;
  char *text;            /* NULL: none */
};

enum {
  PROP_ACTION = 1,
  PROP_STATUS,
  PROP_IS_DONE,
  PROP_ERROR,
  PROP_HAS_PROGRESS,
  PROP_FRACTION,
  PROP_TEXT,
  PROP_MAXIMUM,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint report_signal;

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftAsyncObserver, loft_async_observer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static LoftObserverLink *
loft_observer_link_new (LoftAsyncObserver *self)
{
  LoftObserverLink *link = g_new0 (LoftObserverLink, 1);

  link->refs = 1;
  link->serial = self->serial;
  g_weak_ref_init (&link->observer, self);
  return link;
}

static LoftObserverLink *
loft_observer_link_ref (LoftObserverLink *link)
{
  loft_refs_take (&link->refs);
  return link;
}

static void
loft_observer_link_unref (gpointer data)
{
  LoftObserverLink *link = data;

  if (!loft_refs_drop (&link->refs))
    return;
  g_weak_ref_clear (&link->observer);
  g_free (link);
}

/* For the home: the observer, if it still observes the same object; (transfer full). */
static LoftAsyncObserver *
loft_observer_link_dup (LoftObserverLink *link)
{
  LoftAsyncObserver *self = g_weak_ref_get (&link->observer);

  if (self != NULL && self->serial != link->serial)
    g_clear_object (&self);
  return self;
}

/* What the properties say. Each function notifies if something has changed. A handler of that may
 * make the observer turn to another object, so that the caller must look at `serial` afterwards
 * before it shows more of the same object. */

static void
loft_async_observer_notify (LoftAsyncObserver *self,
                            guint              property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
loft_async_observer_take_status (LoftAsyncObserver *self,
                                 LoftAsyncStatus    status)
{
  if (self->status == status)
    return;
  self->status = status;
  loft_async_observer_notify (self, PROP_STATUS);
}

static void
loft_async_observer_take_done (LoftAsyncObserver *self,
                               gboolean           is_done)
{
  if (self->is_done == is_done)
    return;
  self->is_done = is_done;
  loft_async_observer_notify (self, PROP_IS_DONE);
}

/* Takes @error. */
static void
loft_async_observer_take_error (LoftAsyncObserver *self,
                                GError            *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  loft_async_observer_notify (self, PROP_ERROR);
}

static void
loft_async_observer_take_fraction (LoftAsyncObserver *self,
                                   double             fraction)
{
  fraction = isnan (fraction) || fraction < 0 ? -1 : MIN (fraction, 1);
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  loft_async_observer_notify (self, PROP_FRACTION);
}

static void
loft_async_observer_take_text (LoftAsyncObserver *self,
                               const char        *text)
{
  char *copy;

  if (g_strcmp0 (self->text, text) == 0)
    return;
  copy = g_strdup (text);
  g_free (self->text);
  self->text = copy;
  loft_async_observer_notify (self, PROP_TEXT);
}

/* What the echo calls. */

static void
loft_async_observer_show_report (LoftAsyncObserver *self,
                                 const GValue      *report)
{
  g_auto (GValue) number = G_VALUE_INIT;
  gboolean known = TRUE;
  guint serial = self->serial;

  g_value_init (&number, G_TYPE_DOUBLE);
  if (G_VALUE_HOLDS_STRING (report))
    loft_async_observer_take_text (self, g_value_get_string (report));
  else if (g_value_transform (report, &number))
    loft_async_observer_take_fraction (self, g_value_get_double (&number) / self->maximum);
  else
    known = FALSE;

  if (!known && !self->has_warned &&
      !g_signal_has_handler_pending (self, report_signal, 0, TRUE))
    {
      self->has_warned = TRUE;
      g_message ("An async object reports its progress as %s, which is neither a number nor a "
                 "string. Connect to LoftAsyncObserver::report, and set the fraction or the text "
                 "there.",
                 G_VALUE_TYPE_NAME (report));
    }
  if (self->serial == serial)
    g_signal_emit (self, report_signal, 0, report);
}

/* Shows how the object has ended, and takes @error. */
static void
loft_async_observer_show_end (LoftAsyncObserver *self,
                              LoftAsyncStatus    status,
                              GError            *error)
{
  guint serial = self->serial;

  loft_async_observer_take_error (self, error);
  if (self->serial == serial && status == LOFT_ASYNC_STATUS_COMPLETED)
    loft_async_observer_take_fraction (self, 1);
  if (self->serial == serial)
    loft_async_observer_take_status (self, status);
  if (self->serial == serial)
    loft_async_observer_take_done (self, TRUE);
}

static void
on_report (LoftAsyncInfo *echo,
           const GValue  *report,
           gpointer       link)
{
  g_autoptr (LoftAsyncObserver) self = loft_observer_link_dup (link);

  if (self != NULL)
    loft_async_observer_show_report (self, report);
}

static void
on_echo_ended (LoftAsyncInfo   *echo,
               LoftAsyncStatus  status,
               gpointer         link)
{
  g_autoptr (LoftAsyncObserver) self = loft_observer_link_dup (link);
  g_autoptr (LoftAsyncInfo) info = NULL;

  if (self == NULL)
    return;
  info = loft_link_dup (self->link);
  if (info != NULL)
    g_set_object (&self->held, info);
  /* Only the echo knows the end of an object that was dropped or closed. Otherwise the object
   * knows best: the echo stays Canceled if the object completes after a cancel. */
  if (info == NULL || loft_async_info_get_status (info) == LOFT_ASYNC_STATUS_CLOSED)
    g_set_object (&info, echo);
  else
    status = loft_async_info_get_status (info);
  loft_async_observer_show_end (self, status, status != LOFT_ASYNC_STATUS_COMPLETED
                                                ? loft_async_info_dup_error (info)
                                                : NULL);
}

/* The observed object was cancelled, and has not ended. */
static void
show_cancel (gpointer link)
{
  g_autoptr (LoftAsyncObserver) self = loft_observer_link_dup (link);

  if (self != NULL && !self->is_done)
    loft_async_observer_take_status (self, LOFT_ASYNC_STATUS_CANCELED);
}

static void
on_echo_canceled (LoftAsyncBase *echo,
                  gpointer       user_data)
{
  LoftObserverLink *link = user_data;
  g_autoptr (LoftAsyncObserver) self = g_weak_ref_get (&link->observer);

  if (self != NULL)
    loft_dispatcher_try_enqueue (self->dispatcher, LOFT_PRIORITY_NORMAL, show_cancel,
                                 loft_observer_link_ref (link), loft_observer_link_unref);
}

static void
on_observed_ended (LoftAsyncInfo   *info,
                   LoftAsyncStatus  status,
                   gpointer         echo)
{
  loft_async_base_has_heard (echo);
  loft_async_base_end_as (echo, info, status);
}

static void
on_foreign_report (LoftAsyncInfo *info,
                   const GValue  *report,
                   gpointer       echo_link)
{
  g_autoptr (LoftAsyncInfo) echo = loft_link_dup (echo_link);

  if (echo != NULL)
    loft_async_base_report_progress (LOFT_ASYNC_BASE (echo), report);
}

/* Makes @echo report what @info reports. Returns whether @info reports anything. */
static gboolean
loft_observer_relay (LoftAsyncInfo *info,
                     LoftAsyncBase *echo)
{
  GType value_type, progress_type = G_TYPE_NONE;
  g_autoptr (GError) error = NULL;

  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_get_types (LOFT_ASYNC_BASE (info), &value_type, &progress_type);
  else if (LOFT_IS_ASYNC_WITH_PROGRESS (info))
    progress_type = loft_async_with_progress_get_progress_type (LOFT_ASYNC_WITH_PROGRESS (info));
  if (progress_type == G_TYPE_NONE)
    return FALSE;

  loft_async_base_set_progress_type (echo, progress_type);
  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_relay_progress (LOFT_ASYNC_BASE (info), echo);
  else if (!LOFT_ASYNC_WITH_PROGRESS_GET_IFACE (info)->set_progress (
             LOFT_ASYNC_WITH_PROGRESS (info), LOFT_PROGRESS_ALL, on_foreign_report,
             loft_async_info_dup_link (LOFT_ASYNC_INFO (echo)), loft_link_unref, &error))
    g_warning ("%s: %s", G_STRFUNC, error != NULL ? error->message : "no progress handler");
  return TRUE;
}

/* Begins to observe @info, with an echo that nobody has seen yet. */
static void
loft_async_observer_listen (LoftAsyncObserver *self,
                            LoftAsyncInfo     *info)
{
  LoftAsyncBase *echo = LOFT_ASYNC_BASE (loft_action_new_at (NULL, G_STRFUNC));
  LoftObserverLink *link = loft_observer_link_new (self);
  GError *error = NULL;
  LoftLink *awaited;
  guint64 id;

  self->echo = LOFT_ACTION (echo);
  self->has_progress = loft_observer_relay (info, echo);
  if (self->has_progress)
    loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (echo), LOFT_PROGRESS_LATEST,
                                           on_report, loft_observer_link_ref (link),
                                           loft_observer_link_unref, NULL);
  loft_async_base_set_cancel_handler (echo, on_echo_canceled, loft_observer_link_ref (link),
                                      loft_observer_link_unref);
  if (LOFT_IS_ASYNC_BASE (info))
    loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (info), LOFT_ASYNC_INFO (echo));
  awaited = loft_async_base_set_awaited (echo, info);
  if (!loft_async_info_observe (info, on_observed_ended, g_object_ref (echo), g_object_unref,
                                LOFT_OBSERVER_PASSES_ON, &id, &error))
    loft_async_base_fail (echo, error);
  loft_async_base_set_awaited_id (echo, awaited, id);
  /* It runs inside this call if the object has ended. */
  loft_async_info_set_completed (LOFT_ASYNC_INFO (echo), on_echo_ended, link,
                                 loft_observer_link_unref, NULL);
}

/* Stops observing. What is on its way is not shown. */
static void
loft_async_observer_leave (LoftAsyncObserver *self)
{
  g_autoptr (LoftAction) echo = g_steal_pointer (&self->echo);
  g_autoptr (LoftAsyncInfo) info = self->link != NULL ? loft_link_dup (self->link) : NULL;

  self->serial++;
  if (echo != NULL && info != NULL && LOFT_IS_ASYNC_BASE (info))
    loft_async_base_stop_relay (LOFT_ASYNC_BASE (info), LOFT_ASYNC_BASE (echo));
  if (echo != NULL)
    loft_action_complete (echo); /* leaves the observed object */
  g_clear_pointer (&self->link, loft_link_unref);
  g_clear_object (&self->held);
}

/* GObject. */

static void
loft_async_observer_dispose (GObject *object)
{
  loft_async_observer_leave (LOFT_ASYNC_OBSERVER (object));
  G_OBJECT_CLASS (loft_async_observer_parent_class)->dispose (object);
}

static void
loft_async_observer_finalize (GObject *object)
{
  LoftAsyncObserver *self = LOFT_ASYNC_OBSERVER (object);

  g_clear_error (&self->error);
  g_free (self->text);
  g_object_unref (self->dispatcher);
  G_OBJECT_CLASS (loft_async_observer_parent_class)->finalize (object);
}

static void
loft_async_observer_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LoftAsyncObserver *self = LOFT_ASYNC_OBSERVER (object);

  switch (id)
    {
    case PROP_ACTION:
      g_value_take_object (value, loft_async_observer_dup_action (self));
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_IS_DONE:
      g_value_set_boolean (value, self->is_done);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_HAS_PROGRESS:
      g_value_set_boolean (value, self->has_progress);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_MAXIMUM:
      g_value_set_double (value, self->maximum);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_async_observer_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  LoftAsyncObserver *self = LOFT_ASYNC_OBSERVER (object);

  switch (id)
    {
    case PROP_ACTION:
      loft_async_observer_set_action (self, g_value_get_object (value));
      break;
    case PROP_FRACTION:
      loft_async_observer_set_fraction (self, g_value_get_double (value));
      break;
    case PROP_TEXT:
      loft_async_observer_set_text (self, g_value_get_string (value));
      break;
    case PROP_MAXIMUM:
      loft_async_observer_set_maximum (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
loft_async_observer_install_properties (GObjectClass *object_class)
{
  /**
   * LoftAsyncObserver:action:
   *
   * The async object to observe.
   */
  properties[PROP_ACTION] = g_param_spec_object ("action", NULL, NULL, LOFT_TYPE_ASYNC_INFO,
                                                 SETTABLE);

  /**
   * LoftAsyncObserver:status: (getter get_status)
   *
   * The status of the object, as far as it has come home; Started if there is none.
   *
   * It is Canceled soon after a cancel, while the work may still run.
   */
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, LOFT_TYPE_ASYNC_STATUS,
                                               LOFT_ASYNC_STATUS_STARTED, READABLE);

  /**
   * LoftAsyncObserver:is-done: (getter is_done)
   *
   * Whether the work of the object has ended, in whatever way.
   *
   * When it notifies, the other properties have their final values.
   */
  properties[PROP_IS_DONE] = g_param_spec_boolean ("is-done", NULL, NULL, FALSE, READABLE);

  /**
   * LoftAsyncObserver:error: (getter get_error)
   *
   * The error with which the object has ended; %G_IO_ERROR_CANCELLED if it was cancelled.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, READABLE);

  /**
   * LoftAsyncObserver:has-progress: (getter has_progress)
   *
   * Whether the object was made with progress. If it was not, the fraction stays unknown until the
   * end, and a progress bar should pulse.
   */
  properties[PROP_HAS_PROGRESS] = g_param_spec_boolean ("has-progress", NULL, NULL, FALSE,
                                                        READABLE);

  /**
   * LoftAsyncObserver:fraction: (getter get_fraction) (setter set_fraction)
   *
   * How much of the work is done, from 0 to 1; -1 if that is unknown.
   *
   * It is 1 after success.
   */
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, SETTABLE);

  /**
   * LoftAsyncObserver:text: (getter get_text) (setter set_text)
   *
   * What the work last reported as a string.
   */
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, SETTABLE);

  /**
   * LoftAsyncObserver:maximum: (getter get_maximum) (setter set_maximum)
   *
   * The number that is reported when all is done: 1 by default, 100 for reports in per cent, the
   * size of a file for reports in bytes.
   */
  properties[PROP_MAXIMUM] = g_param_spec_double ("maximum", NULL, NULL, G_MINDOUBLE, G_MAXDOUBLE,
                                                  1, SETTABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
loft_async_observer_class_init (LoftAsyncObserverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = loft_async_observer_get_property;
  object_class->set_property = loft_async_observer_set_property;
  object_class->dispose = loft_async_observer_dispose;
  object_class->finalize = loft_async_observer_finalize;
  loft_async_observer_install_properties (object_class);

  /**
   * LoftAsyncObserver::report:
   * @self: the observer
   * @report: the value that was reported
   *
   * Emitted at home for a report of progress, after the properties have changed.
   *
   * Only the newest of the reports that wait for the home is emitted.
   */
  report_signal = g_signal_new ("report", LOFT_TYPE_ASYNC_OBSERVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_VALUE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
loft_async_observer_init (LoftAsyncObserver *self)
{
  self->dispatcher = loft_home_dup_current ();
  if (self->dispatcher == NULL)
    self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  self->fraction = -1;
  self->maximum = 1;
}

/**
 * loft_async_observer_new: (constructor)
 * @action: (nullable): the async object to observe; %NULL to set it later
 *
 * Creates an observer, whose home is that of the calling thread.
 *
 * Call this on a thread that has a home. (An observer without an object may be made on any thread.
 * Without a home, it belongs to the default dispatcher.) If @action has ended already, the observer
 * shows that at once.
 *
 * Returns: (transfer full): the observer
 */
LoftAsyncObserver *
loft_async_observer_new (LoftAsyncInfo *action)
{
  LoftAsyncObserver *self;

  g_return_val_if_fail (action == NULL || LOFT_IS_ASYNC_INFO (action), NULL);

  self = g_object_new (LOFT_TYPE_ASYNC_OBSERVER, NULL);
  if (action != NULL)
    loft_async_observer_set_action (self, action);
  return self;
}

/**
 * loft_async_observer_set_action: (set-property action)
 * @self: an observer
 * @action: (nullable): the async object to observe; %NULL to observe none
 *
 * Observes another object.
 *
 * Call this at home. The previous object goes on, but is not shown any more, not even what is on
 * its way from it. All properties begin anew, except for [property@Loft.AsyncObserver:maximum]. If
 * @self observes @action already, nothing happens.
 */
void
loft_async_observer_set_action (LoftAsyncObserver *self,
                                LoftAsyncInfo     *action)
{
  g_autoptr (LoftAsyncInfo) old = NULL;
  gboolean had_progress;

  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (self));
  g_return_if_fail (action == NULL || LOFT_IS_ASYNC_INFO (action));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  old = loft_async_observer_dup_action (self);
  if (old == action && (action != NULL || self->link == NULL))
    return;

  had_progress = self->has_progress;
  loft_async_observer_leave (self);
  self->has_progress = FALSE;
  g_object_freeze_notify (G_OBJECT (self));
  loft_async_observer_notify (self, PROP_ACTION);
  loft_async_observer_take_error (self, NULL);
  loft_async_observer_take_fraction (self, -1);
  loft_async_observer_take_text (self, NULL);
  loft_async_observer_take_done (self, FALSE);
  loft_async_observer_take_status (self, action != NULL ? loft_async_info_get_status (action)
                                                        : LOFT_ASYNC_STATUS_STARTED);
  if (action != NULL)
    {
      self->link = loft_async_info_dup_link (action);
      loft_async_observer_listen (self, action);
    }
  if (self->has_progress != had_progress)
    loft_async_observer_notify (self, PROP_HAS_PROGRESS);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * loft_async_observer_dup_action: (get-property action)
 * @self: an observer
 *
 * Gets the object that is observed.
 *
 * Call this at home.
 *
 * Returns: (transfer full) (nullable): the object; %NULL if there is none, or if it was dropped
 *   before its end
 */
LoftAsyncInfo *
loft_async_observer_dup_action (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), NULL);

  return self->link != NULL ? loft_link_dup (self->link) : NULL;
}

/**
 * loft_async_observer_get_status: (get-property status)
 * @self: an observer
 *
 * Gets the status of the object, as far as it has come home.
 *
 * Call this at home.
 *
 * Returns: the status; Started if there is no object
 */
LoftAsyncStatus
loft_async_observer_get_status (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), LOFT_ASYNC_STATUS_STARTED);

  return self->status;
}

/**
 * loft_async_observer_is_done: (get-property is-done)
 * @self: an observer
 *
 * Returns whether the work of the object has ended.
 *
 * Call this at home.
 *
 * Returns: whether it has ended
 */
gboolean
loft_async_observer_is_done (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), FALSE);

  return self->is_done;
}

/**
 * loft_async_observer_get_error: (get-property error)
 * @self: an observer
 *
 * Gets the error with which the object has ended.
 *
 * Call this at home.
 *
 * Returns: (transfer none) (nullable): the error; %NULL before the end and after success
 */
const GError *
loft_async_observer_get_error (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), NULL);

  return self->error;
}

/**
 * loft_async_observer_has_progress: (get-property has-progress)
 * @self: an observer
 *
 * Returns whether the object was made with progress.
 *
 * Call this at home.
 *
 * Returns: whether it may report progress
 */
gboolean
loft_async_observer_has_progress (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), FALSE);

  return self->has_progress;
}

/**
 * loft_async_observer_get_fraction: (get-property fraction)
 * @self: an observer
 *
 * Gets how much of the work is done.
 *
 * Call this at home.
 *
 * Returns: a number from 0 to 1; -1 if that is unknown
 */
double
loft_async_observer_get_fraction (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), -1);

  return self->fraction;
}

/**
 * loft_async_observer_set_fraction: (set-property fraction)
 * @self: an observer
 * @fraction: a number from 0 to 1; -1 if it is unknown
 *
 * Sets how much of the work is done, until the next report that is a number, or the end.
 *
 * Call this at home, for instance in a handler of [signal@Loft.AsyncObserver::report].
 */
void
loft_async_observer_set_fraction (LoftAsyncObserver *self,
                                  double             fraction)
{
  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (self));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  loft_async_observer_take_fraction (self, fraction);
}

/**
 * loft_async_observer_get_text: (get-property text)
 * @self: an observer
 *
 * Gets what the work last reported as a string.
 *
 * Call this at home.
 *
 * Returns: (transfer none) (nullable): the text
 */
const char *
loft_async_observer_get_text (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), NULL);

  return self->text;
}

/**
 * loft_async_observer_set_text: (set-property text)
 * @self: an observer
 * @text: (nullable): the text
 *
 * Sets the text, until the next report that is a string.
 *
 * Call this at home, for instance in a handler of [signal@Loft.AsyncObserver::report].
 */
void
loft_async_observer_set_text (LoftAsyncObserver *self,
                              const char        *text)
{
  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (self));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  loft_async_observer_take_text (self, text);
}

/**
 * loft_async_observer_get_maximum: (get-property maximum)
 * @self: an observer
 *
 * Gets the number that is reported when all is done.
 *
 * Call this at home.
 *
 * Returns: the number
 */
double
loft_async_observer_get_maximum (LoftAsyncObserver *self)
{
  g_return_val_if_fail (LOFT_IS_ASYNC_OBSERVER (self), 1);

  return self->maximum;
}

/**
 * loft_async_observer_set_maximum: (set-property maximum)
 * @self: an observer
 * @maximum: a number greater than 0
 *
 * Sets the number that is reported when all is done.
 *
 * Call this at home. It holds from the next report on.
 */
void
loft_async_observer_set_maximum (LoftAsyncObserver *self,
                                 double             maximum)
{
  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (self));
  g_return_if_fail (maximum > 0);
  LOFT_VERIFY_ACCESS (self->dispatcher);

  if (self->maximum == maximum)
    return;
  self->maximum = maximum;
  loft_async_observer_notify (self, PROP_MAXIMUM);
}

/**
 * loft_async_observer_cancel:
 * @self: an observer
 *
 * Cancels the object that is observed.
 *
 * Call this at home. The status is Canceled when this function returns, and the rest follows when
 * the work has ended. If there is no object, or if it has ended, nothing happens.
 */
void
loft_async_observer_cancel (LoftAsyncObserver *self)
{
  g_autoptr (LoftAsyncInfo) info = NULL;
  guint serial;

  g_return_if_fail (LOFT_IS_ASYNC_OBSERVER (self));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  info = loft_async_observer_dup_action (self);
  if (info == NULL || self->is_done)
    return;
  serial = self->serial;
  g_object_ref (self); /* a cancel handler may drop the caller's reference */
  loft_async_info_cancel (info);
  if (self->serial == serial && !self->is_done && loft_async_info_is_canceled (info))
    loft_async_observer_take_status (self, LOFT_ASYNC_STATUS_CANCELED);
  g_object_unref (self);
}
