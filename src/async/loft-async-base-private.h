/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncBase: what the rest of Loft uses of the class beyond its public functions. */

#pragma once

#include "base/loft-atomic-private.h"
#include "queue/loft-probe-private.h"
#include "delivery/loft-delivery-private.h"
#include "async/loft-async-core-private.h"
#include "async/loft-live-objects-private.h"

extern int loft_async_base_private_offset; /* atomic: constant after class init */

static inline LoftAsyncCore *
loft_async_base_get_core (LoftAsyncBase *self)
{
  /* Relaxed: GLib makes sure that the class is initialized before there is an instance. */
  return G_STRUCT_MEMBER_P (self, loft_load_relaxed (&loft_async_base_private_offset));
}

/* Returns the extra part, which is made if there is none. The caller holds the lock. */
LoftAsyncExtra *loft_async_base_extra_locked (LoftAsyncBase *self);

/* Makes a handler for @info, of whichever class it is. If it is given to another object, it is an
 * ordinary one. */
LoftHandler *   loft_async_info_new_handler  (LoftAsyncInfo *info, LoftHandlerKind kind,
                                              gboolean agile, GCallback callback,
                                              gpointer user_data, GDestroyNotify destroy);

/* Tells who observes that there is this object. */
__attribute__ ((cold, noinline))
void       loft_async_base_note_live      (LoftAsyncBase *self);

/* To be called right after construction, before any other thread sees the object. */
static inline void
loft_async_base_init_work (LoftAsyncBase      *self,
                           LoftPhase           phase,
                           LoftLane            lane,
                           const LoftCallSite *site)
{
  /* GLib has initialized the class, on whichever thread came first. */
  LOFT_TSAN_ACQUIRE (((GTypeInstance *) self)->g_class);
  loft_async_core_init (loft_async_base_get_core (self), phase, lane, site);
  if (loft_probe_is_on ())
    loft_async_base_note_live (self);
}

void       loft_async_base_set_value_type (LoftAsyncBase *self, GType value_type);
void       loft_async_base_capture_home   (LoftAsyncBase *self);
void       loft_async_base_set_runner     (LoftAsyncBase *self, LoftDispatcher *runner);
void       loft_async_base_set_error_home (LoftAsyncBase *self, LoftDispatcher *home);

gboolean   loft_async_base_end_canceled   (LoftAsyncBase *self, LoftCancelReason reason);
/* Fails with the error that another object ended with. @failure is that object's box, of which a
 * reference is taken, so that both share one error. */
gboolean   loft_async_base_fail_as        (LoftAsyncBase *self, LoftValueBox *failure);

/* Cancels the object. TRUE: this call did it. With @only_queued it is cancelled only if its work
 * has not begun. */
gboolean   loft_async_base_cancel         (LoftAsyncBase *self, LoftCancelReason reason,
                                           gboolean only_queued);

/* Cancels any async object; @info may be NULL. Only objects of Loft's own classes keep @reason. */
void       loft_async_info_cancel_for     (LoftAsyncInfo *info, LoftCancelReason reason);

/* Converts the result of a handler to the promised type; FALSE with @error if that is not
 * possible. */
gboolean   loft_async_base_fit_value      (LoftAsyncBase *self, GType type, GValue *result,
                                           GError **error);

/* Ends the object as its work's handler has decided: with success, or in the way that FALSE and
 * @error (taken) mean. Takes @box. */
gboolean   loft_async_base_end_by_handler (LoftAsyncBase *self, gboolean success, GError *error,
                                           LoftValueBox *box);

/* Warns of the error (NULL: none) that a handler set although it succeeded, and frees it. */
void       loft_async_base_drop_error     (LoftAsyncBase *self, GError *error);

/* Makes @self end as @inner does, and makes a cancel of @self cancel @inner. @release (NULL:
 * nothing) is called with @data, on any thread, just before that end, or when @self has ended
 * otherwise. If @inner completes, the result is @result, which is taken (NULL: that of @inner). */
void       loft_async_base_follow         (LoftAsyncBase *self, LoftAsyncInfo *inner,
                                           LoftValueBox *result, GDestroyNotify release,
                                           gpointer data);
/* Calls @destroy at @home (NULL: the MTA), at once if this thread is there. Everything that is
 * delivered of @self to @home from now on comes after the call. */
void       loft_async_base_release_at_home (LoftAsyncBase *self, LoftDispatcher *home,
                                            GDestroyNotify destroy, gpointer data);

/* Returns the home of the creator, where a value of @self is released. It is noted when the type is
 * set, or when the object is made. NULL: the creator has no home. */
LoftDispatcher *loft_async_base_peek_creator_home (LoftAsyncBase *self);

/* Gets the types that the object promises; G_TYPE_NONE: none. */
void       loft_async_base_get_types      (LoftAsyncBase *self, GType *out_value_type,
                                           GType *out_progress_type);

/* Makes @to report what @self reports. */
void       loft_async_base_relay_progress (LoftAsyncBase *self, LoftAsyncBase *to);
void       loft_async_base_stop_relay     (LoftAsyncBase *self, LoftAsyncBase *to);

/* For an observer of @inner. Ends @self as @inner has ended, with the value of @inner if both are
 * operations. */
void       loft_async_base_end_as         (LoftAsyncBase *self, LoftAsyncInfo *inner,
                                           LoftAsyncStatus status);

/* Handlers. Each function takes @handler. */
gboolean   loft_async_base_set_completed_handler (LoftAsyncBase *self, LoftHandler *handler,
                                                  GError **error);
guint64    loft_async_base_add_observer   (LoftAsyncBase *self, LoftHandler *handler);
gboolean   loft_async_base_set_progress_handler (LoftAsyncBase *self, LoftHandler *handler,
                                                 GError **error);

/* For a dispose that ends the object. Ends it by @event, and takes @failure. If the object has
 * handlers, they are called with a successor of the object as their sender, since a dying object
 * must not be brought back to life for another thread. */
void       loft_async_base_end_let_go     (LoftAsyncBase *self, LoftEvent event,
                                           LoftValueBox *failure);

/* Returns a link to @info. An object of Loft's own classes has one link that all share. For any
 * other object a new link is made, which holds the object. */
LoftLink  *loft_async_info_dup_link       (LoftAsyncInfo *info);

/* Note that @self waits to hear of the end of @info by an observer. The first function is called
 * before the observer is added, and returns a reference. The second one is called after that, with
 * the id of the observer, and takes the reference. The third one is called by the observer. If
 * @self ends first, it removes the observer from @info, in constant time, and what the observer
 * holds is released. */
LoftLink       *loft_async_base_set_awaited (LoftAsyncBase *self, LoftAsyncInfo *info);
void            loft_async_base_set_awaited_id (LoftAsyncBase *self, LoftLink *awaited, guint64 id);
void            loft_async_base_has_heard (LoftAsyncBase *self);
/* Makes the listeners of the object hold it, until it ends or they are removed. For an object that
 * only hears of the end of others. To be called before any other thread sees the object. */
void            loft_async_base_let_listeners_hold (LoftAsyncBase *self);
/* Holds the object until its end, for an object that has something to do at its end. Nobody else
 * need hold it until then. */
void            loft_async_base_hold_until_end (LoftAsyncBase *self);

/* Cancels the object when @owner is disposed. The object leaves @owner at its end. To be called
 * before anybody else can end the object. */
void            loft_async_base_set_owner  (LoftAsyncBase *self, GObject *owner);
/* NULL: it has no owner, or its owner is gone. */
GObject        *loft_async_base_dup_owner  (LoftAsyncBase *self);
/* Calls @func with each LoftAsyncBase that dies with @owner, under the owners' lock. */
void            loft_async_owned_foreach   (GObject *owner, GFunc func, gpointer user_data);

/* Returns the object that must end before @info can: the object that it follows or, before it has
 * begun, the object that it is to begin after (transfer full); NULL: none, or it is of a foreign
 * class. For LoftAwaitWalk. */
LoftAsyncInfo  *loft_async_info_dup_awaited (LoftAsyncInfo *info);

/* Returns the dispatcher on which it will be ended, which may only be compared; NULL: on any
 * thread. */
LoftDispatcher *loft_async_base_peek_runner (LoftAsyncBase *self);

/* Gets the result, or an error that fits the status. */
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

/* Why an agile observer is added to an async object of any class. A foreign object, whose class
 * implements the interface by hand, is given its one completed handler instead if it takes no
 * observers. */
typedef enum {
  LOFT_OBSERVER_USER,
  /* for the use of an object that others wait for in turn; a foreign @info is held until its end */
  LOFT_OBSERVER_WAITS,
  LOFT_OBSERVER_PASSES_ON, /* the same, and passes an error on to another object */
  LOFT_OBSERVER_WATCHES,   /* waits only for the end; an error is for others to look at */
  /* as WATCHES, but does not even wait, and need not hear of an object that is dropped before its
   * end */
  LOFT_OBSERVER_BYSTANDER,
} LoftObserverRole;

gboolean   loft_async_info_observe        (LoftAsyncInfo *info, LoftCompletedHandler handler,
                                           gpointer user_data, GDestroyNotify destroy,
                                           LoftObserverRole role, guint64 *out_id, GError **error);

/* Adds a handler that is delivered to its home in the same way. FALSE: the object did not accept
 * it. The reference to @handler is taken in both cases. */
gboolean   loft_async_info_add_handler    (LoftAsyncInfo *info, LoftHandler *handler,
                                           guint64 *out_id, GError **error);

/* For a class that implements get_results () itself. TRUE: it may be asked, since its status does
 * not say that there is no result. */
gboolean   loft_async_info_has_results    (LoftAsyncInfo *info, GError **error);
/* Sets the error of a call on a closed object. */
void       loft_async_info_set_closed_error (LoftAsyncInfo *info, GError **error);

/* Never 0. */
guint64    loft_async_next_id             (void);

/* "the action that was asked for in on_clicked () at window.c:120" */
char      *loft_async_info_describe       (LoftAsyncInfo *info);

/* Make a LoftAction, or a LoftOperation, that is still queued. */
LoftAsyncBase *loft_action_new_queued     (const LoftCallSite *site);
LoftAsyncBase *loft_operation_new_queued  (GType value_type, const LoftCallSite *site);
