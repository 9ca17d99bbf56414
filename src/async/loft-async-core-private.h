/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAsyncCore: the core of an async object. It is not a GObject. It keeps the object's phase and
 * everything that the end needs, and it decides who wins when several threads try to end the
 * object. LoftAsyncBase is built on it. */

#pragma once

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "base/loft-trace-private.h"
#include "delivery/loft-deliveries-private.h"
#include "delivery/loft-owner-private.h"
#include "async/loft-async-children-private.h"
#include "async/loft-async-dependency-private.h"
#include "async/loft-async-state-private.h"
#include "async/loft-observers-private.h"

typedef struct _LoftAsyncExtra LoftAsyncExtra;
typedef struct _LoftAsyncPiece LoftAsyncPiece;

/* 32 bytes per object. Data that most actions never need is in the extra part. */
typedef struct
{
  /* The lock. Its other bits, which are atomic, hold the phase, the cancel reason, the lane and
   * flags; see LOFT_WORD_… */
  LoftLock lock;
  /* under lock; the pointer is set once, and only a dying object gives the extra part away */
  LoftAsyncExtra *extra;
  /* constant after init */
  LoftCallSite site;
} LoftAsyncCore;

/* The word of the lock. Bit 0 is the lock, bits 1 to 4 are the phase, 5 to 8 the reason, 9 to 11
 * the lane, and the rest are flags. The phase and the reason change only under the lock, or by an
 * exchange that fails if any thread has the lock, which has the same effect
 * (loft_async_core_step_alone). Any thread may set OBSERVED with a fetch-or. */
#define LOFT_WORD_PHASE_SHIFT     1
#define LOFT_WORD_PHASE(word)     ((LoftPhase) (((word) >> LOFT_WORD_PHASE_SHIFT) & 0xf))
#define LOFT_WORD_REASON_SHIFT    5
#define LOFT_WORD_REASON(word)    ((LoftCancelReason) (((word) >> LOFT_WORD_REASON_SHIFT) & 0xf))
#define LOFT_WORD_LANE_SHIFT      9
#define LOFT_WORD_LANE(word)      ((LoftLane) (((word) >> LOFT_WORD_LANE_SHIFT) & 0x7))
/* somebody has looked at the end, or will: an error is not unhandled */
#define LOFT_WORD_OBSERVED        (1u << 12)
#define LOFT_WORD_EXTRA           (1u << 13)  /* it has an extra part; changed under lock */
/* its listeners hold a reference to it; set before any other thread sees the object */
#define LOFT_WORD_LISTENERS_HOLD  (1u << 14)

struct _LoftAsyncExtra
{
  /* under lock. First come the fields that every end reads, which is often on another processor
   * than the poster's. They are kept together so that they take few cache lines. */
  LoftHandler *completed;
  LoftObservers observers;        /* waiters, observers, continuations */
  LoftHandler *cancel_handler;
  LoftAsyncChildren children;     /* the objects that are cancelled too */
  LoftLink *followed;             /* its end becomes this one's; set once, until the end */
  guint tellers;                  /* notifications of the cancel under way, on any thread */
  guint8 reported;                /* a progress handler was set; the deliveries keep it */
  guint8 completed_used;          /* the one completed handler was set, perhaps to NULL */
  /* The end is being announced. A handler that is added now is announced together with the
   * others. */
  guint8 announcing;
  guint8 end_deferred;            /* the end was put off, with this event and result */
  guint8 deferred_event;          /* a LoftEvent */
  guint8 held;                    /* a reference is held for the listeners, or until the end */
  /* has a lock of its own, never taken together with the object's */
  LoftDeliveries deliveries;

  /* under lock */
  LoftValueBox *error;            /* in ERROR; or in CANCELED, if the work cancelled itself */
  LoftValueBox *result;
  LoftValueBox *provisional;
  guint64 id;
  GType value_type;
  GType progress_type;
  LoftDispatcher *creator_home;   /* strong; where a result is released */
  LoftDispatcher *runner;         /* strong; where it will be ended; NULL: ask its class */
  /* Strong; the dispatcher that reports an error that nobody looked at; NULL: the runner does. */
  LoftDispatcher *error_home;
  /* A set of LoftLink: the objects that report what this one reports; NULL: none. */
  GHashTable *relays;
  /* The object whose end this one is waiting to hear of; it stops observing that object if it ends
   * first. */
  LoftAsyncDependency awaited;
  LoftLink *link;                 /* to this object, for all others to share */
  LoftOwned *owned;               /* its entry with its owner; NULL: it has none, or has ended */
  LoftAsyncPiece *piece;          /* what it is a part of; NULL: its memory is its own */
  gpointer companion;             /* the posting form's own, see loft-work-private.h */
};

/* A handler, together with the extra part that its object may need for it: most objects have no
 * extra part before their one handler, and then one piece of memory holds both. */
struct _LoftAsyncPiece
{
  LoftHandler handler;
  LoftAsyncExtra extra;           /* the object's, if it had none when it got the handler */
  gint refs;                      /* atomic: the handler's, and the extra part's if it is used */
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftAsyncPiece, handler) == 0);

/* What an end takes out of the core under the lock, to announce it without the lock. */
typedef struct
{
  LoftHandler *completed;
  LoftHandler *observers;
  gboolean reported;     /* it has, or had, a progress handler */
  LoftHandler *cancel_handler;
  GPtrArray *children;
  LoftHandler *lost;     /* handlers whose home is gone */
  LoftHandler *last_lost;
  LoftLink *followed;
  LoftAsyncDependency awaited; /* the object that this one no longer waits for */
  gboolean held;         /* a reference to the object was held, which is dropped now */
  LoftOwned *owned;
  LoftAsyncStatus status;
  LoftValueBox *outcome; /* a reference */
  LoftLane lane;
} LoftAsyncEnd;

/* An async object of whose cancel this thread is notifying the handler, the class or the
 * children. */
struct _LoftTellFrame
{
  LoftTellFrame *outer;
  LoftAsyncInfo *info;      /* unowned: the caller that notifies holds it */
  gboolean       children;  /* its children are being cancelled; its handler and class were told */
};

/* Returns the extra part, which is made if there is none. Under lock. */
LoftAsyncExtra *loft_async_core_extra_locked   (LoftAsyncCore *self);

/* Makes a handler for this object. If the object has no extra part yet, the handler brings one. */
LoftHandler *   loft_async_core_new_handler    (LoftAsyncCore *self, LoftHandlerKind kind,
                                                gboolean agile, GCallback callback,
                                                gpointer user_data, GDestroyNotify destroy);

/* Returns the extra part, which is the one that @handler brings if there is none. Under lock. */
LoftAsyncExtra *loft_async_core_extra_for_locked (LoftAsyncCore *self, LoftHandler *handler);

/* Returns the dispatcher where results and errors are released; (transfer full), NULL: they may be
 * released anywhere. Under lock. */
LoftDispatcher *loft_async_extra_dup_home      (LoftAsyncExtra *extra);
void            loft_async_extra_free          (LoftAsyncExtra *extra);

/* Changes the state. @out_from is the phase before. Returns the phase that the object is in now, or
 * LOFT_PHASE_NONE if the event leads nowhere from that phase. */
LoftPhase       loft_async_core_step_locked    (LoftAsyncCore *self, LoftEvent event,
                                                LoftCancelReason reason, LoftPhase *out_from);

/* Ends the object: takes what it ends with out of @failure and @box, and takes the handlers. */
LoftPhase       loft_async_core_finish_locked  (LoftAsyncCore *self, LoftEvent event,
                                                LoftCancelReason reason, LoftValueBox **failure,
                                                LoftValueBox **box, LoftAsyncEnd *out,
                                                LoftPhase *out_from);

/* Returns whether the end is put off because notifications of the cancel are under way. The last of
 * them brings the end about. @out_won is what the caller of the end is told. @info is the object;
 * it is only compared with the objects whose cancel this thread is notifying of. */
gboolean        loft_async_core_defer_end_locked (LoftAsyncCore *self, LoftAsyncInfo *info,
                                                  LoftEvent event, LoftValueBox **box,
                                                  gboolean *out_won);

/* Ends one notification of the cancel. Returns whether it was the last one and an end was put off
 * in the meantime; that end is returned in @out_event and @out_box. Under lock. */
gboolean        loft_async_core_take_deferred_locked (LoftAsyncCore *self, LoftEvent *out_event,
                                                      LoftValueBox **out_box);

/* Gets how the object has ended, for a handler that is set afterwards. Takes a reference to the
 * outcome. */
void            loft_async_core_get_end_locked (LoftAsyncCore *self, LoftAsyncEnd *out);

/* Takes all handlers out of the core. To be called right after the step that has ended the object,
 * under the same lock. */
void            loft_async_core_take_handlers_locked (LoftAsyncCore *self, LoftAsyncEnd *out);

/* Takes the handlers that were added while the end was being announced. FALSE: there are none, and
 * from now on a handler that is added is delivered by the thread that adds it. */
gboolean        loft_async_core_take_late      (LoftAsyncCore *self, LoftAsyncEnd *out);

/* To be called before any other thread sees the object. All bytes of a new core are 0. */
static inline void
loft_async_core_init (LoftAsyncCore      *self,
                      LoftPhase           phase,
                      LoftLane            lane,
                      const LoftCallSite *site)
{
  /* An object whose type or home was set already has its extra part. */
  self->lock.word = (self->lock.word & LOFT_WORD_EXTRA) | (guint32) phase << LOFT_WORD_PHASE_SHIFT |
                    (guint32) lane << LOFT_WORD_LANE_SHIFT;
  self->site = loft_call_site (site->location, site->function);
}

static inline void
loft_async_core_clear (LoftAsyncCore *self)
{
  g_clear_pointer (&self->extra, loft_async_extra_free);
}

static inline guint32
loft_async_core_get_word (LoftAsyncCore *self)
{
  /* Acquire: pairs with the release of the step that ends the object. A thread that sees an end
   * also sees what was written before it. */
  return loft_load_acquire (&self->lock.word);
}

static inline LoftPhase
loft_async_core_get_phase (LoftAsyncCore *self)
{
  return LOFT_WORD_PHASE (loft_async_core_get_word (self));
}

static inline guint32
loft_async_core_get_word_locked (LoftAsyncCore *self)
{
  /* Relaxed: the phase, the reason and the lane do not change while the caller has the lock. */
  return loft_load_relaxed (&self->lock.word);
}

static inline LoftPhase
loft_async_core_get_phase_locked (LoftAsyncCore *self)
{
  return LOFT_WORD_PHASE (loft_async_core_get_word_locked (self));
}

static inline void
loft_async_core_mark_observed (LoftAsyncCore *self)
{
  /* Relaxed: the flag is read when the object dies, after all references have synchronized. */
  __atomic_fetch_or (&self->lock.word, LOFT_WORD_OBSERVED, __ATOMIC_RELAXED);
}

/* Locks, steps and unlocks in one exchange. It fails if any thread has the lock, if the phase is
 * not @from, or if the word has one of the flags @unless. The caller then takes the lock, and the
 * outcome is decided there. Acquire and release: as for the lock. The first read is relaxed,
 * because the exchange checks it. */
static inline gboolean
loft_async_core_step_alone (LoftAsyncCore *self,
                            LoftPhase      from,
                            LoftPhase      to,
                            guint32        unless)
{
  guint32 word = loft_load_relaxed (&self->lock.word);
  guint32 change = ((guint32) from ^ (guint32) to) << LOFT_WORD_PHASE_SHIFT;

  while (LOFT_WORD_PHASE (word) == from && (word & (LOFT_LOCK_BIT | unless)) == 0)
    if (__atomic_compare_exchange_n (&self->lock.word, &word, word ^ change, TRUE, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED))
      return TRUE;
  return FALSE;
}

/* Goes from QUEUED to RUNNING; FALSE: the object is no longer queued, since it was cancelled, ended
 * or begun. */
static inline gboolean
loft_async_core_begin (LoftAsyncCore *self)
{
  LoftPhase from, to;

  if (G_LIKELY (loft_async_core_step_alone (self, LOFT_PHASE_QUEUED, LOFT_PHASE_RUNNING, 0)))
    return TRUE;
  loft_lock_lock (&self->lock);
  to = loft_async_core_step_locked (self, LOFT_EVENT_BEGIN, LOFT_CANCEL_REASON_NONE, &from);
  loft_lock_unlock (&self->lock);
  return to != LOFT_PHASE_NONE;
}
