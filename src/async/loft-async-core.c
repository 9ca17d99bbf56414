/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncCore: keeps the phase of an async object, and its handlers until the end.
 *
 * The first thread that changes the phase, under the lock, wins. The table in loft-async-state.c
 * says what a later event may still do. loft_async_core_step_alone () in the header is the fast
 * path, which is one exchange without the lock. The callers are loft_async_base_end () and
 * loft_async_base_cancel ().
 *
 * The handlers are kept here, under the lock, until the end. The end takes all of them in one step,
 * so that each handler is called exactly once, whatever races with the end. */

#include "config.h"

#include "async/loft-async-core-private.h"

/* @extra has only bytes of 0. */
static void
loft_async_core_take_extra_locked (LoftAsyncCore  *self,
                                   LoftAsyncExtra *extra)
{
  extra->value_type = G_TYPE_NONE;
  extra->progress_type = G_TYPE_NONE;
  self->extra = extra;
  /* Relaxed: the lock orders it. */
  __atomic_fetch_or (&self->lock.word, LOFT_WORD_EXTRA, __ATOMIC_RELAXED);
}

LoftAsyncExtra *
loft_async_core_extra_locked (LoftAsyncCore *self)
{
  loft_lock_assert_held (&self->lock);
  if (self->extra == NULL)
    loft_async_core_take_extra_locked (self, g_slice_new0 (LoftAsyncExtra));
  return self->extra;
}

static void
loft_async_piece_unref (LoftAsyncPiece *piece)
{
  if (loft_refs_drop (&piece->refs))
    g_slice_free (LoftAsyncPiece, piece);
}

static void
loft_async_piece_drop_handler (LoftHandler *handler)
{
  loft_async_piece_unref ((LoftAsyncPiece *) handler);
}

LoftHandler *
loft_async_core_new_handler (LoftAsyncCore  *self,
                             LoftHandlerKind kind,
                             gboolean        agile,
                             GCallback       callback,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  LoftAsyncPiece *piece;

  /* Relaxed: the lock decides later. A wrong guess costs memory, and nothing else. */
  if (loft_load_relaxed (&self->lock.word) & LOFT_WORD_EXTRA)
    return loft_handler_new (kind, agile, callback, user_data, destroy);
  piece = g_slice_new0 (LoftAsyncPiece);
  piece->refs = 1;
  loft_handler_init (&piece->handler, kind, agile, callback, user_data, destroy);
  piece->handler.free = loft_async_piece_drop_handler;
  return &piece->handler;
}

LoftAsyncExtra *
loft_async_core_extra_for_locked (LoftAsyncCore *self,
                                  LoftHandler   *handler)
{
  LoftAsyncPiece *piece = (LoftAsyncPiece *) handler;

  loft_lock_assert_held (&self->lock);
  if (self->extra != NULL || handler->free != loft_async_piece_drop_handler)
    return loft_async_core_extra_locked (self);
  loft_refs_take (&piece->refs);
  piece->extra.piece = piece;
  loft_async_core_take_extra_locked (self, &piece->extra);
  return self->extra;
}

/* The creator's home; without one, the home that reports an unhandled error; without one, the
 * runner. */
LoftDispatcher *
loft_async_extra_dup_home (LoftAsyncExtra *extra)
{
  LoftDispatcher *home = extra->creator_home != NULL ? extra->creator_home
                         : extra->error_home != NULL ? extra->error_home
                                                     : extra->runner;

  return home != NULL ? g_object_ref (home) : NULL;
}

LoftPhase
loft_async_core_step_locked (LoftAsyncCore   *self,
                             LoftEvent        event,
                             LoftCancelReason reason,
                             LoftPhase       *out_from)
{
  LoftPhase from, to;
  guint32 change;

  loft_lock_assert_held (&self->lock);
  from = loft_async_core_get_phase_locked (self); /* does not change under the lock */
  to = loft_phase_next (from, event);
  *out_from = from;
  if (to == LOFT_PHASE_NONE)
    return LOFT_PHASE_NONE;

  change = ((guint32) from ^ (guint32) to) << LOFT_WORD_PHASE_SHIFT;
  if (LOFT_WORD_REASON (loft_async_core_get_word_locked (self)) == LOFT_CANCEL_REASON_NONE)
    change |= (guint32) reason << LOFT_WORD_REASON_SHIFT;
  /* Release: the result and the error are written before the end is visible. The change is made
   * with an exclusive or, since other threads may set flags in the same word at this moment. */
  __atomic_fetch_xor (&self->lock.word, change, __ATOMIC_RELEASE);
  return to;
}

/* An end that comes while others are being notified of the cancel is put off until all of them have
 * been told. Of several such ends the first counts, as it always does. The cancel handler and the
 * class may end the object themselves, on the thread that calls them. Such an end is not put off,
 * unless another notification is under way, too. */
gboolean
loft_async_core_defer_end_locked (LoftAsyncCore *self,
                                  LoftAsyncInfo *info,
                                  LoftEvent      event,
                                  LoftValueBox **box,
                                  gboolean      *out_won)
{
  LoftAsyncExtra *extra = self->extra;
  guint own = 0;

  *out_won = FALSE;
  if (extra == NULL || extra->tellers == 0 ||
      loft_async_core_get_phase_locked (self) != LOFT_PHASE_CANCELING)
    return FALSE;
  if (extra->end_deferred)
    return TRUE;
  for (LoftTellFrame *frame = loft_thread_get ()->tell; frame != NULL; frame = frame->outer)
    own += frame->info == info && !frame->children ? 1 : 0;
  if (extra->tellers == own || loft_phase_next (LOFT_PHASE_CANCELING, event) == LOFT_PHASE_NONE)
    return FALSE;
  extra->end_deferred = TRUE;
  extra->deferred_event = event;
  *out_won = event == LOFT_EVENT_OVERRULE;
  if (*out_won)
    extra->result = g_steal_pointer (box);
  return TRUE;
}

gboolean
loft_async_core_take_deferred_locked (LoftAsyncCore *self,
                                      LoftEvent     *out_event,
                                      LoftValueBox **out_box)
{
  loft_lock_assert_held (&self->lock);
  if (--self->extra->tellers > 0 || !self->extra->end_deferred)
    return FALSE;

  self->extra->end_deferred = FALSE;
  *out_event = self->extra->deferred_event;
  *out_box = g_steal_pointer (&self->extra->result);
  return TRUE;
}

LoftPhase
loft_async_core_finish_locked (LoftAsyncCore   *self,
                               LoftEvent        event,
                               LoftCancelReason reason,
                               LoftValueBox   **failure,
                               LoftValueBox   **box,
                               LoftAsyncEnd    *out,
                               LoftPhase       *out_from)
{
  LoftPhase from = loft_async_core_get_phase_locked (self);
  LoftPhase to = loft_phase_next (from, event);

  /* The result or the error has to be in place before the end is visible. */
  if (to == LOFT_PHASE_COMPLETED && *box != NULL)
    loft_async_core_extra_locked (self)->result = g_steal_pointer (box);
  if (*failure != NULL && from != LOFT_PHASE_CANCELING &&
      (to == LOFT_PHASE_ERROR || to == LOFT_PHASE_CANCELED))
    loft_async_core_extra_locked (self)->error = g_steal_pointer (failure);
  to = loft_async_core_step_locked (self, event, reason, out_from);
  if (to != LOFT_PHASE_NONE)
    loft_async_core_take_handlers_locked (self, out);
  return to;
}

void
loft_async_core_get_end_locked (LoftAsyncCore *self,
                                LoftAsyncEnd  *out)
{
  LoftAsyncExtra *extra = self->extra;
  guint32 word = loft_async_core_get_word_locked (self);

  out->status = loft_phase_get_status (LOFT_WORD_PHASE (word));
  out->lane = LOFT_WORD_LANE (word);
  if (extra == NULL || !loft_phase_has_ended (LOFT_WORD_PHASE (word)))
    return;
  out->outcome = extra->result != NULL ? extra->result : extra->error;
  if (out->outcome != NULL)
    loft_value_box_ref (out->outcome);
}

void
loft_async_core_take_handlers_locked (LoftAsyncCore *self,
                                      LoftAsyncEnd  *out)
{
  LoftAsyncExtra *extra = self->extra;

  loft_async_core_get_end_locked (self, out);
  if (extra == NULL)
    return;
  out->completed = g_steal_pointer (&extra->completed);
  out->observers = loft_observers_take (&extra->observers);
  out->reported = extra->reported;
  out->cancel_handler = g_steal_pointer (&extra->cancel_handler);
  out->children = loft_async_children_take (&extra->children);
  out->followed = g_steal_pointer (&extra->followed);
  out->awaited = loft_async_dependency_take (&extra->awaited);
  out->owned = g_steal_pointer (&extra->owned);
  out->held = extra->held;
  extra->held = FALSE;
  extra->announcing = out->completed != NULL || out->observers != NULL || out->reported;
}

gboolean
loft_async_core_take_late (LoftAsyncCore *self,
                           LoftAsyncEnd  *out)
{
  LoftAsyncExtra *extra = self->extra;

  loft_lock_lock (&self->lock);
  extra->announcing = extra->completed != NULL || extra->observers.first != NULL;
  if (extra->announcing)
    {
      out->completed = g_steal_pointer (&extra->completed);
      out->observers = loft_observers_take (&extra->observers);
    }
  loft_lock_unlock (&self->lock);
  return out->completed != NULL || out->observers != NULL;
}

void
loft_async_extra_free (LoftAsyncExtra *extra)
{
  LoftHandler *left = loft_observers_take (&extra->observers), *next;

  g_clear_pointer (&extra->completed, loft_handler_unref);
  for (; left != NULL; left = next) /* bystanders of an object that never ended */
    {
      next = left->next;
      loft_handler_unref (left);
    }
  g_clear_pointer (&extra->relays, g_hash_table_unref);
  g_clear_pointer (&extra->cancel_handler, loft_handler_unref);
  loft_async_children_clear (&extra->children);
  g_clear_pointer (&extra->followed, loft_link_unref);
  g_clear_pointer (&extra->awaited.link, loft_link_unref);
  g_clear_pointer (&extra->link, loft_link_unref);
  g_clear_pointer (&extra->result, loft_value_box_unref);
  g_clear_pointer (&extra->provisional, loft_value_box_unref);
  g_clear_pointer (&extra->error, loft_value_box_unref);
  loft_deliveries_clear (&extra->deliveries);
  g_clear_object (&extra->creator_home);
  g_clear_object (&extra->runner);
  g_clear_object (&extra->error_home);
  if (extra->piece != NULL)
    loft_async_piece_unref (extra->piece);
  else
    g_slice_free (LoftAsyncExtra, extra);
}
