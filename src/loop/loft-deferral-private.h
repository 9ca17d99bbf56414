/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of a deferral, for the loop that waits for it. */

#pragma once

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"

#include <loft/loft.h>

/* The part of a deferral that outlives it: whether it is completed, and which loops wait for that.
 * The loops hold this state and not the deferral, so that a deferral which was forgotten is still
 * completed when its last reference is dropped. */
typedef struct
{
  /* atomic */
  gint refs;
  gint completed; /* set once */

  /* under lock */
  LoftLock lock;
  GPtrArray *wakes; /* GMainContext, strong: of the loops that wait for it; NULL: none ever did */
} LoftDeferralState;

LoftDeferralState *loft_deferral_ref_state   (LoftDeferral *self);
void               loft_deferral_state_unref (LoftDeferralState *state);

/* Any thread may call. The completion wakes each context that was added. A context that was added
 * twice has to be removed twice. */
void loft_deferral_state_add_wake    (LoftDeferralState *state, GMainContext *context);
void loft_deferral_state_remove_wake (LoftDeferralState *state, GMainContext *context);

static inline gboolean
loft_deferral_state_is_complete (LoftDeferralState *state)
{
  /* Acquire: see loft_deferral_finish. */
  return loft_load_acquire (&state->completed);
}
