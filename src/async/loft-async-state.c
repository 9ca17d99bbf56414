/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of the edges of the async state machine; the diagram is in loft-async-state-private.h.
 * The functions use no locks and no objects. */

#include "config.h"

#include "async/loft-async-state-private.h"

/* An entry is the phase plus 1, so that an entry that is not written is 0, which is no edge. */
#define TO(phase) (LOFT_PHASE_##phase + 1)

static const guint8 edges[LOFT_N_PHASES][LOFT_N_EVENTS] = {
  [LOFT_PHASE_QUEUED] = {
    [LOFT_EVENT_BEGIN] = TO (RUNNING),
    [LOFT_EVENT_COMPLETE] = TO (COMPLETED),
    [LOFT_EVENT_FAIL] = TO (ERROR),
    [LOFT_EVENT_FAIL_CANCELED] = TO (CANCELED),
    [LOFT_EVENT_CANCEL] = TO (CANCELED),
  },
  [LOFT_PHASE_RUNNING] = {
    [LOFT_EVENT_COMPLETE] = TO (COMPLETED),
    [LOFT_EVENT_FAIL] = TO (ERROR),
    [LOFT_EVENT_FAIL_CANCELED] = TO (CANCELED),
    [LOFT_EVENT_CANCEL] = TO (CANCELING),
  },
  [LOFT_PHASE_CANCELING] = {
    [LOFT_EVENT_COMPLETE] = TO (CANCELED),
    [LOFT_EVENT_FAIL] = TO (CANCELED),
    [LOFT_EVENT_FAIL_CANCELED] = TO (CANCELED),
    [LOFT_EVENT_OVERRULE] = TO (COMPLETED),
  },
  [LOFT_PHASE_COMPLETED] = { [LOFT_EVENT_CLOSE] = TO (CLOSED) },
  [LOFT_PHASE_CANCELED] = { [LOFT_EVENT_CLOSE] = TO (CLOSED) },
  [LOFT_PHASE_ERROR] = { [LOFT_EVENT_CLOSE] = TO (CLOSED) },
};

static const struct
{
  const char *name;
  LoftAsyncStatus status;
  gboolean ended;
} phases[LOFT_N_PHASES] = {
  [LOFT_PHASE_QUEUED] = { "queued", LOFT_ASYNC_STATUS_STARTED, FALSE },
  [LOFT_PHASE_RUNNING] = { "running", LOFT_ASYNC_STATUS_STARTED, FALSE },
  [LOFT_PHASE_CANCELING] = { "canceling", LOFT_ASYNC_STATUS_CANCELED, FALSE },
  [LOFT_PHASE_COMPLETED] = { "completed", LOFT_ASYNC_STATUS_COMPLETED, TRUE },
  [LOFT_PHASE_CANCELED] = { "canceled", LOFT_ASYNC_STATUS_CANCELED, TRUE },
  [LOFT_PHASE_ERROR] = { "error", LOFT_ASYNC_STATUS_ERROR, TRUE },
  [LOFT_PHASE_CLOSED] = { "closed", LOFT_ASYNC_STATUS_CLOSED, TRUE },
};

LoftPhase
loft_phase_next (LoftPhase phase,
                 LoftEvent event)
{
  g_assert (phase < LOFT_N_PHASES && event < LOFT_N_EVENTS);

  return edges[phase][event] == 0 ? LOFT_PHASE_NONE : (LoftPhase) (edges[phase][event] - 1);
}

gboolean
loft_phase_has_ended (LoftPhase phase)
{
  return phases[phase].ended;
}

LoftAsyncStatus
loft_phase_get_status (LoftPhase phase)
{
  return phases[phase].status;
}

const char *
loft_phase_get_name (LoftPhase phase)
{
  return phases[phase].name;
}
