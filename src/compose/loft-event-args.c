/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftEventArgs: what an event brings. Whoever is not done with it holds the raiser's action open: the raiser itself while
 * it goes through the handlers, each handler until it returns, and each deferral until it is completed. */

#include "config.h"

#include "compose/loft-event-source-private.h"

/**
 * LoftEventArgs:
 *
 * What an event brings to its handlers, who may ask the raiser to wait.
 *
 * Any thread may call its methods. Answers to C++/WinRT's `deferrable_event_args`.
 */

struct _LoftEventArgs
{
  GObject parent_instance;

  /* constant after init */
  LoftValueBox *value; /* at home with the raiser; NULL: none */
  LoftAction *action;  /* strong */

  /* under lock */
  LoftLock lock;
  guint not_done;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftEventArgs, loft_event_args, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_event_args_finalize (GObject *object)
{
  LoftEventArgs *self = LOFT_EVENT_ARGS (object);

  g_clear_pointer (&self->value, loft_value_box_unref);
  g_clear_object (&self->action);
  G_OBJECT_CLASS (loft_event_args_parent_class)->finalize (object);
}

static void
loft_event_args_class_init (LoftEventArgsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_event_args_finalize;
}

static void
loft_event_args_init (LoftEventArgs *self)
{
}

LoftEventArgs *
loft_event_args_new (const GValue *value,
                     LoftAction   *action)
{
  LoftEventArgs *self = g_object_new (LOFT_TYPE_EVENT_ARGS, NULL);

  if (value != NULL)
    {
      g_autoptr (LoftDispatcher) home = loft_home_matters_for (G_VALUE_TYPE (value)) ? loft_home_dup_current () : NULL;

      self->value = loft_value_box_new (value, home);
    }
  self->action = g_object_ref (action);
  self->not_done = 1;
  return self;
}

void
loft_event_args_enter (LoftEventArgs *self)
{
  loft_lock_lock (&self->lock);
  self->not_done++;
  loft_lock_unlock (&self->lock);
}

void
loft_event_args_leave (LoftEventArgs *self)
{
  gboolean last;

  loft_lock_lock (&self->lock);
  last = --self->not_done == 0;
  loft_lock_unlock (&self->lock);
  if (last)
    loft_action_complete (self->action);
}

static void
on_deferral_completed (gpointer args)
{
  loft_event_args_leave (args);
}

/**
 * loft_event_args_get_value:
 * @self: what an event brings
 *
 * Gives the value that it was raised with.
 *
 * Any thread may call.
 *
 * Returns: (transfer none) (nullable): the value; %NULL: it was raised without one
 */
const GValue *
loft_event_args_get_value (LoftEventArgs *self)
{
  g_return_val_if_fail (LOFT_IS_EVENT_ARGS (self), NULL);

  return self->value != NULL ? &self->value->value : NULL;
}

/**
 * loft_event_args_take_deferral:
 * @self: what an event brings
 * @error: return location for an error
 *
 * Has the raiser wait until the deferral is completed.
 *
 * Any thread may call, while a handler runs or another deferral is open; then it is too late: %LOFT_ERROR_ILLEGAL_METHOD_CALL.
 * Answers to `GetDeferral`.
 *
 * Returns: (transfer full): the deferral; %NULL with @error set
 */
LoftDeferral *
loft_event_args_take_deferral (LoftEventArgs  *self,
                               GError        **error)
{
  gboolean open;

  g_return_val_if_fail (LOFT_IS_EVENT_ARGS (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  loft_lock_lock (&self->lock);
  open = self->not_done > 0;
  self->not_done += open ? 1 : 0;
  loft_lock_unlock (&self->lock);
  if (open)
    return loft_deferral_new_at (on_deferral_completed, g_object_ref (self), g_object_unref, NULL, "loft_event_args_take_deferral");
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                       "All handlers of the event have returned, and its raiser waits no more: take the deferral inside of the "
                       "handler, before it returns.");
  return NULL;
}
