/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the rest of Loft knows of LoftAsyncBase beyond its public face. */

#pragma once

#include "base/loft-atomic-private.h"
#include "delivery/loft-delivery-private.h"
#include "async/loft-async-core-private.h"

extern int loft_async_base_private_offset; /* atomic: constant after class init */

static inline LoftAsyncCore *
loft_async_base_get_core (LoftAsyncBase *self)
{
  /* Relaxed: an instance comes after its class, which GLib sees to. */
  return G_STRUCT_MEMBER_P (self, loft_load_relaxed (&loft_async_base_private_offset));
}

/* The extra part, made when it is not there. The caller holds the lock. */
LoftAsyncExtra *loft_async_base_extra_locked (LoftAsyncBase *self);

/* Right after construction, before anybody else sees it. */
static inline void
loft_async_base_init_work (LoftAsyncBase      *self,
                           LoftPhase           phase,
                           LoftLane            lane,
                           const LoftCallSite *site)
{
  loft_async_core_init (loft_async_base_get_core (self), phase, lane, site);
}

void       loft_async_base_set_value_type (LoftAsyncBase *self, GType value_type);
void       loft_async_base_capture_home   (LoftAsyncBase *self);
void       loft_async_base_set_runner     (LoftAsyncBase *self, LoftDispatcher *runner);
void       loft_async_base_set_error_home (LoftAsyncBase *self, LoftDispatcher *home);

gboolean   loft_async_base_end_canceled   (LoftAsyncBase *self, LoftCancelReason reason);
/* Fails with the error that another ended with, in its box (not taken): it is one error for
 * both. */
gboolean   loft_async_base_fail_as        (LoftAsyncBase *self, LoftValueBox *failure);

/* Cancels; TRUE if this call did it. @only_queued: only if its work has not begun. */
gboolean   loft_async_base_cancel         (LoftAsyncBase *self, LoftCancelReason reason,
                                           gboolean only_queued);

/* Cancels any object, NULL too; @reason is known of Loft's own. */
void       loft_async_info_cancel_for     (LoftAsyncInfo *info, LoftCancelReason reason);

/* Brings what a handler gave to the promised type; FALSE with @error if it can't be. */
gboolean   loft_async_base_fit_value      (LoftAsyncBase *self, GType type, GValue *result,
                                           GError **error);

/* A work handler's verdict: success, or what FALSE and @error (taken) mean. */
gboolean   loft_async_base_end_by_handler (LoftAsyncBase *self, gboolean success, GError *error,
                                           LoftValueBox *box);

/* @self ends as @inner does, and a cancel of @self cancels @inner. Just before that end, or when
 * @self has ended otherwise, @release (NULL: nothing) is called with @data, on any thread. */
void       loft_async_base_follow         (LoftAsyncBase *self, LoftAsyncInfo *inner,
                                           GDestroyNotify release, gpointer data);
/* Calls @destroy at @home (NULL: the MTA), before what is delivered there of @self from now on. At
 * once when here. */
void       loft_async_base_release_at_home (LoftAsyncBase *self, LoftDispatcher *home,
                                            GDestroyNotify destroy, gpointer data);

/* Where a value of it is released, as its creator said when its type was set, or when it was made;
 * NULL: that was nowhere. */
LoftDispatcher *loft_async_base_peek_creator_home (LoftAsyncBase *self);

/* The types that it promises; G_TYPE_NONE: none. */
void       loft_async_base_get_types      (LoftAsyncBase *self, GType *out_value_type,
                                           GType *out_progress_type);

/* What @self reports, @to reports too. */
void       loft_async_base_relay_progress (LoftAsyncBase *self, LoftAsyncBase *to);
void       loft_async_base_stop_relay     (LoftAsyncBase *self, LoftAsyncBase *to);

/* In an observer of @inner: ends @self as @inner ended, with its value if it is an operation. */
void       loft_async_base_end_as         (LoftAsyncBase *self, LoftAsyncInfo *inner,
                                           LoftAsyncStatus status);

/* Handlers; both take @handler. */
gboolean   loft_async_base_set_completed_handler (LoftAsyncBase *self, LoftHandler *handler,
                                                  GError **error);
guint64    loft_async_base_add_observer   (LoftAsyncBase *self, LoftHandler *handler);
gboolean   loft_async_base_set_progress_handler (LoftAsyncBase *self, LoftHandler *handler,
                                                 GError **error);

/* In a dispose that ends the object itself: the same by @event, taking @failure. Who set a handler
 * is told by a successor, since a dying object must not be brought back to life for another
 * thread. */
void       loft_async_base_end_let_go     (LoftAsyncBase *self, LoftEvent event,
                                           LoftValueBox *failure);

/* The way to an object that all share, of a class of Loft's; else a new one, which holds it. */
LoftLink  *loft_async_info_dup_link       (LoftAsyncInfo *info);

/* Hearing of the end of @info by an observer, in this order: that it will; by which one; and that
 * it was called. Should this one end first it leaves @info, in constant time, and what the observer
 * holds is released. The first gives a reference, to be given back. */
LoftLink       *loft_async_base_set_awaited (LoftAsyncBase *self, LoftAsyncInfo *info);
void            loft_async_base_set_awaited_id (LoftAsyncBase *self, LoftLink *awaited, guint64 id);
void            loft_async_base_has_heard (LoftAsyncBase *self);
/* Before anybody else sees it: those who listen hold it, until it ends or they leave. For what only
 * hears of others. */
void            loft_async_base_let_listeners_hold (LoftAsyncBase *self);
/* The same for what has something to do at its end: nobody need hold it until then. */
void            loft_async_base_hold_until_end (LoftAsyncBase *self);

/* It dies with @owner, and leaves that at its end. Before anybody else can end it. */
void            loft_async_base_set_owner  (LoftAsyncBase *self, GObject *owner);
/* NULL: it has none, or that is gone */
GObject        *loft_async_base_dup_owner  (LoftAsyncBase *self);
/* With each LoftAsyncBase that dies so with @owner, under the owners' lock. */
void            loft_async_owned_foreach   (GObject *owner, GFunc func, gpointer user_data);

/* From an object to what it awaits, and so on: step by step, since a chain may be of any length,
 * and not for ever if it turns out a circle (which it is only until those who closed it have found
 * that out). */
typedef struct
{
  LoftAsyncInfo *current; /* strong */
  LoftAsyncInfo *behind;  /* strong; where the walk was some steps ago */
  guint steps;
} LoftAwaitWalk;

void            loft_await_walk_begin      (LoftAwaitWalk *walk, LoftAsyncInfo *from);
/* FALSE: it awaits nothing, or itself */
gboolean        loft_await_walk_next       (LoftAwaitWalk *walk);
void            loft_await_walk_end        (LoftAwaitWalk *walk);

/* Where it will be ended, only to compare; NULL: anywhere. */
LoftDispatcher *loft_async_base_peek_runner (LoftAsyncBase *self);

/* Answers by status. */
gboolean   loft_async_base_get_results    (LoftAsyncBase *self, GValue *value, GError **error);

static inline gboolean
loft_async_base_begin (LoftAsyncBase *self)
{
  return loft_async_core_begin (loft_async_base_get_core (self));
}

static inline void
loft_async_base_mark_observed (LoftAsyncBase *self)
{
  loft_async_core_mark_observed (loft_async_base_get_core (self));
}

static inline guint32
loft_async_base_get_word (LoftAsyncBase *self)
{
  return loft_async_core_get_word (loft_async_base_get_core (self));
}

static inline LoftPhase
loft_async_base_get_phase (LoftAsyncBase *self)
{
  return loft_async_core_get_phase (loft_async_base_get_core (self));
}

/* Any async object, foreign ones too: an agile observer, or its one completed slot when it takes no
 * observers. */
typedef enum {
  LOFT_OBSERVER_USER,
  /* For what others wait for in turn: a foreign object is held until its end. */
  LOFT_OBSERVER_WAITS,
  LOFT_OBSERVER_PASSES_ON, /* the same, and gives an error on to another object */
  LOFT_OBSERVER_WATCHES,   /* waits for the end alone: an error is for others to look at */
  /* The same for who does not even wait, and of an object that is let go need not hear. */
  LOFT_OBSERVER_BYSTANDER,
} LoftObserverRole;

gboolean   loft_async_info_observe        (LoftAsyncInfo *info, LoftCompletedHandler handler,
                                           gpointer user_data, GDestroyNotify destroy,
                                           LoftObserverRole role, guint64 *out_id, GError **error);

/* The same for a handler that comes home, of which it takes a reference; FALSE: it was not
 * taken. */
gboolean   loft_async_info_add_handler    (LoftAsyncInfo *info, LoftHandler *handler,
                                           guint64 *out_id, GError **error);

/* Of a class that answers for its results itself: whether it may be asked, since its status leaves
 * that open. */
gboolean   loft_async_info_has_results    (LoftAsyncInfo *info, GError **error);
/* What is said to who asks too early or too late. */
void       loft_async_info_set_closed_error (LoftAsyncInfo *info, GError **error);

/* Never 0. */
guint64    loft_async_next_id             (void);

/* "the action that was asked for in on_clicked () at window.c:120" */
char      *loft_async_info_describe       (LoftAsyncInfo *info);

/* Makes the two ready producers in a state of choice. */
LoftAsyncBase *loft_action_new_queued     (const LoftCallSite *site);
LoftAsyncBase *loft_operation_new_queued  (GType value_type, const LoftCallSite *site);
