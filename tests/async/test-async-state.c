/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of phases and events, tried edge by edge. The edges that lead on are listed here, and
 * all others must lead nowhere. */

#include "async/loft-async-state-private.h"

typedef struct
{
  LoftPhase from;
  LoftEvent event;
  LoftPhase to;
} Edge;

static const Edge edges[] = {
  { LOFT_PHASE_QUEUED, LOFT_EVENT_BEGIN, LOFT_PHASE_RUNNING },
  { LOFT_PHASE_QUEUED, LOFT_EVENT_COMPLETE, LOFT_PHASE_COMPLETED },
  { LOFT_PHASE_QUEUED, LOFT_EVENT_FAIL, LOFT_PHASE_ERROR },
  { LOFT_PHASE_QUEUED, LOFT_EVENT_FAIL_CANCELED, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_QUEUED, LOFT_EVENT_CANCEL, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_RUNNING, LOFT_EVENT_COMPLETE, LOFT_PHASE_COMPLETED },
  { LOFT_PHASE_RUNNING, LOFT_EVENT_FAIL, LOFT_PHASE_ERROR },
  { LOFT_PHASE_RUNNING, LOFT_EVENT_FAIL_CANCELED, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_RUNNING, LOFT_EVENT_CANCEL, LOFT_PHASE_CANCELING },
  { LOFT_PHASE_CANCELING, LOFT_EVENT_COMPLETE, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_CANCELING, LOFT_EVENT_FAIL, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_CANCELING, LOFT_EVENT_FAIL_CANCELED, LOFT_PHASE_CANCELED },
  { LOFT_PHASE_CANCELING, LOFT_EVENT_OVERRULE, LOFT_PHASE_COMPLETED },
  { LOFT_PHASE_COMPLETED, LOFT_EVENT_CLOSE, LOFT_PHASE_CLOSED },
  { LOFT_PHASE_CANCELED, LOFT_EVENT_CLOSE, LOFT_PHASE_CLOSED },
  { LOFT_PHASE_ERROR, LOFT_EVENT_CLOSE, LOFT_PHASE_CLOSED },
};

static void
test_each_edge (void)
{
  for (int from = 0; from < LOFT_N_PHASES; from++)
    for (int event = 0; event < LOFT_N_EVENTS; event++)
      {
        LoftPhase expected = LOFT_PHASE_NONE;

        for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
          if ((int) edges[i].from == from && (int) edges[i].event == event)
            expected = edges[i].to;
        g_test_message ("%s, event %d", loft_phase_get_name (from), event);
        g_assert_cmpint (loft_phase_next (from, event), ==, expected);
      }
}

/* An end is final. From an ended phase only closing leads on, and nothing leads back. */
static void
test_ends_are_final (void)
{
  for (int from = 0; from < LOFT_N_PHASES; from++)
    for (int event = 0; event < LOFT_N_EVENTS; event++)
      {
        LoftPhase to = loft_phase_next (from, event);

        if (to == LOFT_PHASE_NONE || !loft_phase_has_ended (from))
          continue;
        g_assert_cmpint (event, ==, LOFT_EVENT_CLOSE);
        g_assert_true (loft_phase_has_ended (to));
      }
}

static void
test_statuses (void)
{
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_QUEUED), ==, LOFT_ASYNC_STATUS_STARTED);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_RUNNING), ==, LOFT_ASYNC_STATUS_STARTED);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_CANCELING), ==, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_CANCELED), ==, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_COMPLETED), ==, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_ERROR), ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_cmpint (loft_phase_get_status (LOFT_PHASE_CLOSED), ==, LOFT_ASYNC_STATUS_CLOSED);
  g_assert_false (loft_phase_has_ended (LOFT_PHASE_CANCELING));
  g_assert_true (loft_phase_has_ended (LOFT_PHASE_CANCELED));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-state/each-edge", test_each_edge);
  g_test_add_func ("/async-state/ends-are-final", test_ends_are_final);
  g_test_add_func ("/async-state/statuses", test_statuses);
  return g_test_run ();
}
