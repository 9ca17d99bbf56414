/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A deferral, for the loop that waits for it. */

#pragma once

#include "base/loft-atomic-private.h"
#include "base/loft-lock-private.h"

#include <loft/loft.h>

/* What outlives a deferral that is let go: whether it is completed, and which loops wait for that.
 * They hold this and not the deferral, so that one which was forgotten is completed. */
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

/* Any thread. The completion wakes each context that was added; one that is added twice is removed
 * twice. */
void loft_deferral_state_add_wake    (LoftDeferralState *state, GMainContext *context);
void loft_deferral_state_remove_wake (LoftDeferralState *state, GMainContext *context);

static inline gboolean
loft_deferral_state_is_complete (LoftDeferralState *state)
{
  /* Acquire: see loft_deferral_finish. */
  return loft_load_acquire (&state->completed);
}
