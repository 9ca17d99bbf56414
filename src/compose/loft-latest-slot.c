/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLatestSlot: delivers the end of the newest of several async objects that are started one
 * after the other.
 *
 * Each start has a serial number, which is compared on the dispatcher's thread when the end is
 * delivered there. Starts are made on the same thread. So the end of an object is never delivered
 * after a newer object was started, whatever the threads that end the objects do. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"

/**
 * LoftLatestSlot:
 *
 * Takes one async object after the other, of which only the newest counts.
 *
 * Examples are a search that starts again with each key that is typed, and a preview that changes
 * while the user scrolls.
 *
 * Starting a new object cancels the old one. The end of the old one is never delivered after that,
 * even if it had already succeeded and its end was on its way. A slot belongs to a dispatcher, on
 * whose thread its methods are called and its handlers run. Dropping the last reference to the slot
 * cancels the object that is in it, and nothing more is delivered.
 *
 * Windows has no such class; Kotlin's `collectLatest` and Rx's `switchMap` are its models.
 */

struct _LoftLatestSlot
{
  GObject parent_instance;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */

  /* owner thread only */
  /* NULL: the slot is empty. The object's producer holds the object. If the producer drops it
   * without an end, its failure is delivered, too. */
  LoftLink *current;
  guint64 observer;           /* of `current`; 0: one that can't be removed */
  gboolean reports;           /* `current` has the progress handler of its start */
  guint64 serial;
};

G_DEFINE_FINAL_TYPE (LoftLatestSlot, loft_latest_slot, G_TYPE_OBJECT)

typedef struct
{
  GWeakRef slot;
  guint64 serial;
  LoftCompletedHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftStart;

static void
loft_start_free (gpointer data)
{
  LoftStart *start = data;

  if (start->destroy != NULL)
    start->destroy (start->user_data);
  g_weak_ref_clear (&start->slot);
  g_free (start);
}

/* Runs on the dispatcher's thread. */
static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  LoftStart *start = user_data;
  g_autoptr (LoftLatestSlot) slot = g_weak_ref_get (&start->slot);

  if (slot == NULL || slot->serial != start->serial)
    return; /* a newer start has replaced this one, or the slot was cleared */
  g_clear_pointer (&slot->current, loft_link_unref);
  start->handler (info, status, start->user_data);
}

/* The progress reports of objects that were started with a progress handler. */

typedef struct
{
  GWeakRef slot;
  guint64 serial;
  LoftProgressHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftReporter;

static void
loft_reporter_free (gpointer data)
{
  LoftReporter *reporter = data;

  if (reporter->destroy != NULL)
    reporter->destroy (reporter->user_data);
  g_weak_ref_clear (&reporter->slot);
  g_free (reporter);
}

static void
on_report (LoftAsyncInfo *info,
           const GValue  *progress,
           gpointer       user_data)
{
  LoftReporter *reporter = user_data;
  g_autoptr (LoftLatestSlot) slot = g_weak_ref_get (&reporter->slot);

  if (slot != NULL && slot->serial == reporter->serial)
    reporter->handler (info, progress, reporter->user_data);
}

static gboolean
loft_latest_slot_listen (LoftLatestSlot       *self,
                         LoftAsyncInfo        *info,
                         LoftProgressFlags     flags,
                         LoftProgressHandler   handler,
                         gpointer              user_data,
                         GDestroyNotify        destroy,
                         GError              **error)
{
  LoftReporter *reporter = g_new0 (LoftReporter, 1);

  g_weak_ref_init (&reporter->slot, self);
  reporter->serial = self->serial + 1; /* of the start that follows */
  reporter->handler = handler;
  reporter->user_data = user_data;
  reporter->destroy = destroy;
  return loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (info), flags, on_report,
                                                reporter, loft_reporter_free, error);
}

/* Puts @info (NULL: nothing) into the slot, stops listening to the object that was there, and
 * cancels it. The slot is changed before the cancel, since the old object's handlers may start
 * another. */
static void
loft_latest_slot_replace (LoftLatestSlot *self,
                          LoftAsyncInfo  *info,
                          guint64         observer)
{
  LoftLink *old_link = self->current;
  guint64 old_observer = self->observer;
  gboolean reported;
  g_autoptr (LoftAsyncInfo) old = old_link != NULL ? loft_link_dup (old_link) : NULL;

  self->serial++;
  self->current = info != NULL ? loft_async_info_dup_link (info) : NULL;
  self->observer = observer;
  reported = self->reports;
  self->reports = FALSE;
  g_clear_pointer (&old_link, loft_link_unref);
  if (old != NULL)
    loft_async_info_remove_observer (old, old_observer);
  if (old != NULL && old != info && reported)
    loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (old), LOFT_PROGRESS_ALL, NULL,
                                           NULL, NULL, NULL);
  if (old != NULL && old != info)
    loft_async_info_cancel (old);
}

static void
loft_latest_slot_dispose (GObject *object)
{
  LoftLatestSlot *self = LOFT_LATEST_SLOT (object);

  loft_latest_slot_replace (self, NULL, 0);
  g_clear_object (&self->dispatcher);
  G_OBJECT_CLASS (loft_latest_slot_parent_class)->dispose (object);
}

static void
loft_latest_slot_constructed (GObject *object)
{
  LoftLatestSlot *self = LOFT_LATEST_SLOT (object);

  if (self->dispatcher == NULL)
    self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  G_OBJECT_CLASS (loft_latest_slot_parent_class)->constructed (object);
}

static void
loft_latest_slot_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  g_value_set_object (value, LOFT_LATEST_SLOT (object)->dispatcher);
}

static void
loft_latest_slot_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  LOFT_LATEST_SLOT (object)->dispatcher = g_value_dup_object (value);
}

static void
loft_latest_slot_class_init (LoftLatestSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = loft_latest_slot_constructed;
  G_OBJECT_CLASS (klass)->get_property = loft_latest_slot_get_property;
  G_OBJECT_CLASS (klass)->set_property = loft_latest_slot_set_property;
  G_OBJECT_CLASS (klass)->dispose = loft_latest_slot_dispose;

  /**
   * LoftLatestSlot:dispatcher:
   *
   * The dispatcher on whose thread the slot is used; %NULL at construction means the default one.
   */
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_object ("dispatcher", NULL, NULL,
                                                        LOFT_TYPE_DISPATCHER,
                                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                          G_PARAM_STATIC_STRINGS));
}

static void
loft_latest_slot_init (LoftLatestSlot *self)
{
}

/**
 * loft_latest_slot_new: (constructor)
 * @dispatcher: the dispatcher on whose thread the slot is used
 *
 * Creates an empty slot.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the slot
 */
LoftLatestSlot *
loft_latest_slot_new (LoftDispatcher *dispatcher)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (dispatcher), NULL);

  return g_object_new (LOFT_TYPE_LATEST_SLOT, "dispatcher", dispatcher, NULL);
}

/**
 * loft_latest_slot_start:
 * @self: a slot
 * @info: the async object to put into the slot
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call when @info has
 *   ended, if it is still the newest then
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread
 *
 * Puts an object into the slot, and cancels the object that was there.
 *
 * Call this on the dispatcher's thread; on any other thread it is a critical warning. @handler runs
 * on the dispatcher's thread, and never inside this call.
 *
 * Returns: %FALSE if @info takes no more observers, or if this is the wrong thread; the slot is
 * unchanged then
 */
gboolean
loft_latest_slot_start (LoftLatestSlot       *self,
                        LoftAsyncInfo        *info,
                        LoftCompletedHandler  handler,
                        gpointer              user_data,
                        GDestroyNotify        destroy)
{
  g_autoptr (GError) error = NULL;
  LoftHandler *homing;
  LoftStart *start;
  guint64 observer;

  loft_consume_and_return_val_if_fail (LOFT_IS_LATEST_SLOT (self), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (LOFT_IS_ASYNC_INFO (info), destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, FALSE);
  if (!loft_dispatcher_check_access_at (self->dispatcher, "loft_latest_slot_start", G_STRFUNC))
    {
      if (destroy != NULL)
        destroy (user_data);
      return FALSE;
    }

  start = g_new0 (LoftStart, 1);
  g_weak_ref_init (&start->slot, self);
  start->serial = self->serial + 1;
  start->handler = handler;
  start->user_data = user_data;
  start->destroy = destroy;
  homing = loft_handler_new (LOFT_HANDLER_CONTINUATION, FALSE, G_CALLBACK (on_ended), start,
                             loft_start_free);
  /* The handler never runs inside this call. */
  if (!loft_async_info_add_handler (info, homing, &observer, &error))
    {
      g_warning ("%s: %s", G_STRFUNC, error->message);
      return FALSE;
    }
  loft_latest_slot_replace (self, info, observer);
  return TRUE;
}

/**
 * loft_latest_slot_start_with_progress:
 * @self: a slot
 * @info: the async object to put into the slot, which reports progress
 * @handler: (scope notified) (closure user_data) (destroy destroy): what to call when @info has
 *   ended, if it is still the newest then
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread
 * @flags: which reports @progress_handler receives
 * @progress_handler: (scope notified) (closure progress_data) (destroy progress_destroy): what to
 *   call with each report, while @info is the newest
 * @progress_data: the data to pass to @progress_handler
 * @progress_destroy: (nullable): called once with @progress_data, on the dispatcher's thread
 *
 * Puts an object into the slot, listens to its progress reports, and cancels the object that was
 * there.
 *
 * This works as [method@Loft.LatestSlot.start] does. @progress_handler receives the reports that
 * @info makes from now on, and replaces a progress handler that was set on @info before. If every
 * report counts, begin the work only when its object is in the slot.
 *
 * No more reports of the old object are delivered, not even those that are already on their way.
 * The data of its progress handler is released at once.
 *
 * Windows has no such class.
 *
 * Returns: %FALSE if @info takes no more observers, never reports or is closed, or if this is the
 * wrong thread; the slot is unchanged then
 */
gboolean
loft_latest_slot_start_with_progress (LoftLatestSlot       *self,
                                      LoftAsyncInfo        *info,
                                      LoftCompletedHandler  handler,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy,
                                      LoftProgressFlags     flags,
                                      LoftProgressHandler   progress_handler,
                                      gpointer              progress_data,
                                      GDestroyNotify        progress_destroy)
{
  g_autoptr (GError) error = NULL;
  gboolean listens = FALSE, started;

  if (!LOFT_IS_LATEST_SLOT (self) || !LOFT_IS_ASYNC_WITH_PROGRESS (info) || handler == NULL ||
      progress_handler == NULL)
    g_critical ("%s: there must be a slot, both handlers, and an object that reports", G_STRFUNC);
  else if (loft_dispatcher_check_access_at (self->dispatcher,
                                            "loft_latest_slot_start_with_progress", G_STRFUNC))
    listens = loft_latest_slot_listen (self, info, flags, progress_handler, progress_data,
                                       g_steal_pointer (&progress_destroy), &error);
  if (error != NULL)
    g_warning ("%s: %s", G_STRFUNC, error->message);

  if (!listens)
    {
      if (destroy != NULL)
        destroy (user_data);
      if (progress_destroy != NULL)
        progress_destroy (progress_data);
      return FALSE;
    }

  started = loft_latest_slot_start (self, info, handler, user_data, destroy);
  if (started)
    self->reports = TRUE;
  else
    loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (info), LOFT_PROGRESS_ALL, NULL,
                                           NULL, NULL, NULL);
  return started;
}

/**
 * loft_latest_slot_dup_current:
 * @self: a slot
 *
 * Gets the object that is in the slot.
 *
 * Call this on the dispatcher's thread.
 *
 * Returns: (transfer full) (nullable): the newest object; %NULL if its end has been delivered, or
 * the slot was cleared
 */
LoftAsyncInfo *
loft_latest_slot_dup_current (LoftLatestSlot *self)
{
  g_return_val_if_fail (LOFT_IS_LATEST_SLOT (self), NULL);
  LOFT_VERIFY_ACCESS_VAL (self->dispatcher, NULL);

  return self->current != NULL ? loft_link_dup (self->current) : NULL;
}

/**
 * loft_latest_slot_clear:
 * @self: a slot
 *
 * Empties the slot, and cancels the object that was in it, whose end is not delivered.
 *
 * Call this on the dispatcher's thread.
 */
void
loft_latest_slot_clear (LoftLatestSlot *self)
{
  g_return_if_fail (LOFT_IS_LATEST_SLOT (self));
  LOFT_VERIFY_ACCESS (self->dispatcher);

  loft_latest_slot_replace (self, NULL, 0);
}
