/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The core of an async object, which is no GObject: its phase, what is kept for its end, and who
 * wins when several want to end it. LoftAsyncBase is built on it. */

#pragma once

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "base/loft-trace-private.h"
#include "delivery/loft-deliveries-private.h"
#include "delivery/loft-owner-private.h"
#include "async/loft-async-children-private.h"
#include "async/loft-async-state-private.h"
#include "async/loft-observers-private.h"

typedef struct _LoftAsyncExtra LoftAsyncExtra;

/* 32 bytes an object; what most actions never need is in the extra part. */
typedef struct
{
  /* With, in its other bits, atomic: the phase, the cancel reason, the lane, and flags; see
   * LOFT_WORD_… */
  LoftLock lock;
  /* under lock; itself set once */
  LoftAsyncExtra *extra;
  /* constant after init */
  LoftCallSite site;
} LoftAsyncCore;

/* The lock's word: bit 0 the lock, 1 to 4 the phase, 5 to 8 the reason, 9 to 11 the lane, then
 * flags. The phase and the reason change only under lock, or, which comes to the same, by an
 * exchange that fails if anybody has it (loft_async_core_step_alone); OBSERVED is set with a
 * fetch-or by anybody. */
#define LOFT_WORD_PHASE_SHIFT     1
#define LOFT_WORD_PHASE(word)     ((LoftPhase) (((word) >> LOFT_WORD_PHASE_SHIFT) & 0xf))
#define LOFT_WORD_REASON_SHIFT    5
#define LOFT_WORD_REASON(word)    ((LoftCancelReason) (((word) >> LOFT_WORD_REASON_SHIFT) & 0xf))
#define LOFT_WORD_LANE_SHIFT      9
#define LOFT_WORD_LANE(word)      ((LoftLane) (((word) >> LOFT_WORD_LANE_SHIFT) & 0x7))
/* somebody looked at the end, or will: not an unhandled error */
#define LOFT_WORD_OBSERVED        (1u << 12)
#define LOFT_WORD_EXTRA           (1u << 13)  /* it has an extra part; set under lock, for good */
/* those who listen hold it; set before anybody else sees it */
#define LOFT_WORD_LISTENERS_HOLD  (1u << 14)

struct _LoftAsyncExtra
{
  /* under lock: first what every end looks at, on another processor than its poster's: together, so
   * that it is few cache lines */
  LoftHandler *completed;
  LoftObservers observers;        /* waiters, observers, continuations */
  LoftHandler *cancel_handler;
  LoftAsyncChildren children;     /* who is cancelled too */
  LoftLink *followed;             /* whose end becomes this one's; set once, until the end */
  guint tellers;                  /* threads that are telling of the cancel, at each depth */
  guint8 reported;                /* a progress handler was set, which the deliveries keep */
  guint8 completed_used;          /* the one slot was used, perhaps with NULL */
  /* The end is being made known: who comes now joins those who are told. */
  guint8 announcing;
  guint8 end_deferred;            /* the work has ended meanwhile, with this event and result */
  guint8 deferred_event;          /* a LoftEvent */
  guint8 held;                    /* those who listen do, or until its end; a reference */
  /* has a lock of its own, never taken together with the object's */
  LoftDeliveries deliveries;

  /* under lock */
  LoftValueBox *error;            /* in ERROR; or what the work said when it cancelled itself */
  LoftValueBox *result;
  LoftValueBox *provisional;
  guint64 id;
  GType value_type;
  GType progress_type;
  LoftDispatcher *creator_home;   /* strong; where a result goes to die */
  LoftDispatcher *runner;         /* strong; where it will be ended, if its class does not say */
  /* Strong; who hears of an error that nobody looked at, if not the runner. */
  LoftDispatcher *error_home;
  /* A set of LoftLink: who reports what this one reports; NULL: nobody. */
  GHashTable *relays;
  /* Whose end this one hears of, and whom it leaves if it ends first; NULL: nobody's. */
  LoftLink *awaited;
  /* By this observer; 0: not yet, or one that can't be taken back. */
  guint64 awaited_id;
  LoftLink *link;                 /* to this one, for all others */
  LoftOwned *owned;               /* it dies with its owner; NULL: it has none, or has ended */
  gpointer companion;             /* the posting form's own, see loft-work-private.h */
};

/* What an end takes under lock, and makes known without it. */
typedef struct
{
  LoftHandler *completed;
  LoftHandler *observers;
  gboolean reported;     /* it has, or had, a progress handler */
  LoftHandler *cancel_handler;
  GPtrArray *children;
  LoftHandler *lost;     /* their home is gone */
  LoftHandler *last_lost;
  LoftLink *followed;
  LoftLink *awaited;     /* it ends first, and leaves that */
  guint64 awaited_id;
  gboolean held;         /* a reference to it, which those who listened held */
  LoftOwned *owned;
  LoftAsyncStatus status;
  LoftValueBox *outcome; /* a reference */
  LoftLane lane;
} LoftAsyncEnd;

/* An async object that is telling, on this thread, that it was cancelled. */
struct _LoftTellFrame
{
  LoftTellFrame *outer;
  LoftAsyncInfo *info;      /* unowned: whoever tells holds it */
  gboolean       children;  /* its children are told: no longer the object itself */
};

/* The extra part, made when it is not there. Under lock. */
LoftAsyncExtra *loft_async_core_extra_locked   (LoftAsyncCore *self);

/* Where results and errors are released; (transfer full), NULL: anywhere. Under lock. */
LoftDispatcher *loft_async_extra_dup_home      (LoftAsyncExtra *extra);
void            loft_async_extra_free          (LoftAsyncExtra *extra);

/* Changes the state. Gives where it was, and where it is now or LOFT_PHASE_NONE. */
LoftPhase       loft_async_core_step_locked    (LoftAsyncCore *self, LoftEvent event,
                                                LoftCancelReason reason, LoftPhase *out_from);

/* The end: takes what it ends with out of @failure and @box, and the handlers. */
LoftPhase       loft_async_core_finish_locked  (LoftAsyncCore *self, LoftEvent event,
                                                LoftCancelReason reason, LoftValueBox **failure,
                                                LoftValueBox **box, LoftAsyncEnd *out,
                                                LoftPhase *out_from);

/* Whether that end is put off, since others are being told of a cancel: the last of those who tell
 * brings it about. Gives in @out_won what the caller is told. @info is the object, only compared
 * with what this thread tells of. */
gboolean        loft_async_core_defer_end_locked (LoftAsyncCore *self, LoftAsyncInfo *info,
                                                  LoftEvent event, LoftValueBox **box,
                                                  gboolean *out_won);

/* The last who told is done: whether an end was put off meanwhile, which @out_event and @out_box
 * are. */
gboolean        loft_async_core_take_deferred_locked (LoftAsyncCore *self, LoftEvent *out_event,
                                                      LoftValueBox **out_box);

/* How it ended, for who comes afterwards; takes a reference of the outcome. */
void            loft_async_core_get_end_locked (LoftAsyncCore *self, LoftAsyncEnd *out);

/* Right after a step that has ended it. */
void            loft_async_core_take_handlers_locked (LoftAsyncCore *self, LoftAsyncEnd *out);

/* Who came while the others were told; FALSE: nobody, and from here on each delivers itself. */
gboolean        loft_async_core_take_late      (LoftAsyncCore *self, LoftAsyncEnd *out);

/* Before anybody else sees it; of a new core all bytes are 0. */
static inline void
loft_async_core_init (LoftAsyncCore      *self,
                      LoftPhase           phase,
                      LoftLane            lane,
                      const LoftCallSite *site)
{
  /* An operation has had its extra part since it was told its type. */
  self->lock.word = (self->lock.word & LOFT_WORD_EXTRA) | (guint32) phase << LOFT_WORD_PHASE_SHIFT |
                    (guint32) lane << LOFT_WORD_LANE_SHIFT;
  self->site = *site;
}

static inline void
loft_async_core_clear (LoftAsyncCore *self)
{
  g_clear_pointer (&self->extra, loft_async_extra_free);
}

static inline guint32
loft_async_core_get_word (LoftAsyncCore *self)
{
  /* Acquire: who sees an end also sees what was written before it. */
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
  /* Relaxed: phase, reason and lane do not change while the caller has the lock. */
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
  /* Relaxed: read when the object dies, after all references have synchronized. */
  __atomic_fetch_or (&self->lock.word, LOFT_WORD_OBSERVED, __ATOMIC_RELAXED);
}

/* Lock, step and unlock in one exchange, which fails if anybody has the lock, if the phase is
 * another, or if the word has one of the flags @unless: then the caller goes the long way, which
 * decides. Acquire and release, as the lock is. */
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

/* QUEUED to RUNNING; FALSE: it was cancelled, or somebody else began it. */
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
