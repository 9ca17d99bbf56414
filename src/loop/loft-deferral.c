/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDeferral: a promise to say later that something is done. Whoever waits for the deferral has
 * given it the handler that it calls. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "base/loft-trace-private.h"
#include "loop/loft-deferral-private.h"

/**
 * LoftDeferral:
 *
 * Keeps something open until it is completed: a shutdown, an event, an event loop.
 *
 * A deferral is completed once, from any thread. Its handler then runs on that thread. If the last
 * reference to a deferral is dropped before it was completed, the deferral is completed then, with
 * a warning that says who took it. So a deferral that was forgotten never hangs a program.
 *
 * Answers to `Windows.Foundation.Deferral`.
 */

struct _LoftDeferral
{
  GObject parent_instance;

  /* constant after init */
  LoftQueueHandler handler; /* NULL: nothing to call */
  GDestroyNotify destroy;
  LoftCallSite site;

  /* owned by the thread that completes it */
  gpointer user_data;

  LoftDeferralState *state; /* a reference; constant after init */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftDeferral, loft_deferral, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_context_unref (gpointer context)
{
  g_main_context_unref (context);
}

LoftDeferralState *
loft_deferral_ref_state (LoftDeferral *self)
{
  loft_refs_take (&self->state->refs);
  return self->state;
}

void
loft_deferral_state_unref (LoftDeferralState *state)
{
  /* Acquire and release: the thread that frees the state has seen what all others did with it. */
  if (!loft_refs_drop (&state->refs))
    return;
  g_clear_pointer (&state->wakes, g_ptr_array_unref);
  g_free (state);
}

void
loft_deferral_state_add_wake (LoftDeferralState *state,
                              GMainContext      *context)
{
  loft_lock_lock (&state->lock);
  if (state->wakes == NULL)
    state->wakes = g_ptr_array_new_with_free_func (loft_context_unref);
  g_ptr_array_add (state->wakes, g_main_context_ref (context));
  loft_lock_unlock (&state->lock);
}

void
loft_deferral_state_remove_wake (LoftDeferralState *state,
                                 GMainContext      *context)
{
  guint index;

  loft_lock_lock (&state->lock);
  if (state->wakes != NULL && g_ptr_array_find (state->wakes, context, &index))
    g_ptr_array_steal_index_fast (state->wakes, index);
  else
    context = NULL; /* the deferral was completed, which has taken the context */
  loft_lock_unlock (&state->lock);
  if (context != NULL)
    g_main_context_unref (context);
}

/* Completes the deferral. Returns TRUE if this call was the one that completed it. */
static gboolean
loft_deferral_finish (LoftDeferral *self)
{
  LoftDeferralState *state = self->state;
  GPtrArray *wakes;

  /* Acquire and release: pairs with the acquire in loft_deferral_state_is_complete (), and with a
   * second exchange here. A thread that sees the deferral completed also sees what was done before
   * the completion. */
  if (loft_exchange_acq_rel (&state->completed, TRUE))
    return FALSE;
  if (self->handler != NULL)
    self->handler (self->user_data);
  if (self->destroy != NULL)
    self->destroy (g_steal_pointer (&self->user_data));
  loft_lock_lock (&state->lock);
  wakes = g_steal_pointer (&state->wakes);
  loft_lock_unlock (&state->lock);
  for (guint i = 0; wakes != NULL && i < wakes->len; i++)
    g_main_context_wakeup (wakes->pdata[i]);
  g_clear_pointer (&wakes, g_ptr_array_unref);
  return TRUE;
}

static void
loft_deferral_dispose (GObject *object)
{
  LoftDeferral *self = LOFT_DEFERRAL (object);

  LOFT_TSAN_ACQUIRE (object); /* what others did before they dropped their references */
  if (!loft_deferral_is_complete (self))
    {
      g_autofree char *site = loft_call_site_to_string (&self->site);

      g_warning ("A deferral that was taken in %s was let go without being completed; it is "
                 "completed now",
                 site);
      loft_deferral_finish (self);
    }
  G_OBJECT_CLASS (loft_deferral_parent_class)->dispose (object);
}

static void
loft_deferral_finalize (GObject *object)
{
  loft_deferral_state_unref (LOFT_DEFERRAL (object)->state);
  G_OBJECT_CLASS (loft_deferral_parent_class)->finalize (object);
}

static void
loft_deferral_class_init (LoftDeferralClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_deferral_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_deferral_finalize;
}

static void
loft_deferral_init (LoftDeferral *self)
{
  self->state = g_new0 (LoftDeferralState, 1);
  self->state->refs = 1;
}

/**
 * loft_deferral_new: (constructor)
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call when it
 *   is completed
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, after @handler, on the same thread
 *
 * Makes a deferral.
 *
 * Any thread may call. @handler runs once, on the thread that completes the deferral. Answers to
 * `Deferral(DeferralCompletedHandler)`.
 *
 * Returns: (transfer full): the deferral
 */
LoftDeferral *
(loft_deferral_new) (LoftQueueHandler handler,
                     gpointer         user_data,
                     GDestroyNotify   destroy)
{
  return loft_deferral_new_at (handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftDeferral *
loft_deferral_new_at (LoftQueueHandler handler,
                      gpointer         user_data,
                      GDestroyNotify   destroy,
                      const char      *location,
                      const char      *function)
{
  LoftDeferral *self = g_object_new (LOFT_TYPE_DEFERRAL, NULL);

  self->handler = handler;
  self->user_data = user_data;
  self->destroy = destroy;
  self->site = loft_call_site (location, function);
  return self;
}

/**
 * loft_deferral_complete:
 * @self: a deferral
 * @error: return location for an error
 *
 * Completes the deferral.
 *
 * Any thread may call. The handler runs before this function returns. To complete the deferral a
 * second time is %LOFT_ERROR_ILLEGAL_METHOD_CALL, and so is completing a deferral that was closed.
 * Answers to `Deferral.Complete`.
 *
 * Returns: %FALSE if the deferral had been completed before
 */
gboolean
loft_deferral_complete (LoftDeferral  *self,
                        GError       **error)
{
  gboolean first;

  g_return_val_if_fail (LOFT_IS_DEFERRAL (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_object_ref (self); /* the handler may drop the caller's reference */
  first = loft_deferral_finish (self);
  if (!first)
    {
      g_autofree char *site = loft_call_site_to_string (&self->site);

      g_set_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                   "The deferral that was taken in %s has been completed before. Complete it once, "
                   "or use close, which "
                   "may be repeated.",
                   site);
    }
  g_object_unref (self);
  return first;
}

/**
 * loft_deferral_close:
 * @self: a deferral
 *
 * Completes the deferral if it has not been completed yet.
 *
 * Any thread may call, any number of times. Answers to `Deferral.Close`.
 */
void
loft_deferral_close (LoftDeferral *self)
{
  g_return_if_fail (LOFT_IS_DEFERRAL (self));

  g_object_ref (self);
  loft_deferral_finish (self);
  g_object_unref (self);
}

/**
 * loft_deferral_is_complete:
 * @self: a deferral
 *
 * Returns whether the deferral has been completed.
 *
 * Any thread may call.
 *
 * Returns: whether it has been completed
 */
gboolean
loft_deferral_is_complete (LoftDeferral *self)
{
  g_return_val_if_fail (LOFT_IS_DEFERRAL (self), TRUE);

  return loft_deferral_state_is_complete (self->state);
}
