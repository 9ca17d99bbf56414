/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state machine of an async object, as data.
 *
 *             begin                complete
 *   QUEUED ----------> RUNNING ---------------> COMPLETED --+
 *    |  |               |  |                                |
 *    |  | cancel        |  | fail                           | close
 *    |  |               |  +------------------> ERROR ------+------> CLOSED
 *    |  |               | cancel                            |
 *    |  |               v                                   |
 *    |  |           CANCELING --- complete, ----> CANCELED -+
 *    |  |               |         fail               ^
 *    |  |               | overrule                   |
 *    |  |               +-----------> COMPLETED      |
 *    |  +--------------------------------------------+
 *    +-- complete, fail: as from RUNNING (ended by others before its turn)
 *
 * Not drawn: wherever fail is an edge, a failure with G_IO_ERROR_CANCELLED (fail_canceled) leads to
 * CANCELED.
 *
 * In each state:
 *   QUEUED     status Started, not ended; its work has not begun, and a cancel ends it at once
 *   RUNNING    status Started, not ended; where bare producers start
 *   CANCELING  status Canceled, not ended; the work has yet to end, and its result or error will be
 *              dropped
 *   COMPLETED, CANCELED, ERROR   ended; the handlers were taken, the result or error is final
 *   CLOSED     ended; the result and the error were freed
 *
 * The events come from these functions:
 *   begin      loft_async_core_begin
 *   complete, fail, fail_canceled, overrule   loft_async_base_end
 *   cancel     loft_async_base_cancel
 *   close      loft_async_base_close
 *
 * All of them change the phase with loft_async_core_step_locked. For begin and complete there is
 * also loft_async_core_step_alone, for an object that nobody else uses at the moment. */

#pragma once

#include <loft/loft.h>

typedef enum {
  LOFT_PHASE_QUEUED,
  LOFT_PHASE_RUNNING,
  LOFT_PHASE_CANCELING,
  LOFT_PHASE_COMPLETED,
  LOFT_PHASE_CANCELED,
  LOFT_PHASE_ERROR,
  LOFT_PHASE_CLOSED,
  LOFT_N_PHASES,
  LOFT_PHASE_NONE = LOFT_N_PHASES, /* no such edge */
} LoftPhase;

typedef enum {
  LOFT_EVENT_BEGIN,
  LOFT_EVENT_COMPLETE,
  LOFT_EVENT_FAIL,
  LOFT_EVENT_FAIL_CANCELED,
  LOFT_EVENT_CANCEL,
  LOFT_EVENT_OVERRULE,
  LOFT_EVENT_CLOSE,
  LOFT_N_EVENTS,
} LoftEvent;

/* Returns the phase that @event leads to from @phase; LOFT_PHASE_NONE: there is no such edge. */
LoftPhase       loft_phase_next       (LoftPhase phase, LoftEvent event);
gboolean        loft_phase_has_ended  (LoftPhase phase);
LoftAsyncStatus loft_phase_get_status (LoftPhase phase);
const char     *loft_phase_get_name   (LoftPhase phase);
