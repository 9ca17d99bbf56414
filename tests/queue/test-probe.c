/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The probe keeps records of what waits and runs in a queue, and none while nobody observes. */

#include "base/loft-clock-private.h"
#include "queue/loft-probe-private.h"
#include "queue/loft-work-queue-private.h"

static void
on_run (LoftWorkItem   *item,
        LoftDispatcher *dispatcher)
{
  loft_clock_set (loft_clock_now () + 250);
}

static gboolean is_dead;

static gboolean
on_is_dead (LoftWorkItem *item)
{
  return is_dead;
}

static const LoftWorkItemClass klass = { .name = "test", .run = on_run, .is_dead = on_is_dead };

/* An item is recorded from its push until it is popped, and then while it runs. */
static void
test_item (void)
{
  LoftWorkQueue queue;
  LoftWorkItem item = { .klass = &klass };
  LoftProbeLaneInfo lane;
  g_autoptr (GArray) runs = NULL;

  loft_clock_set (1000);
  loft_work_queue_init (&queue, NULL);
  loft_probe_begin ();
  loft_work_queue_push (&queue, LOFT_LANE_LOW, &item, LOFT_PUSHER_USER);
  loft_clock_set (1500);
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.waiting, ==, 1);
  g_assert_cmpint (lane.oldest_since, ==, 1000);
  g_assert_cmpstr (lane.oldest.name, ==, "test");

  g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_LOW) == &item);
  loft_probe_run (&queue, LOFT_LANE_LOW, &item, NULL);
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.waiting, ==, 0);
  g_assert_cmpuint (lane.run, ==, 1);
  g_assert_cmpint (lane.longest, ==, 250);
  runs = loft_probe_list_running (&queue);
  g_assert_cmpuint (runs->len, ==, 0);

  loft_probe_forget (&queue);
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.run, ==, 0);
  loft_probe_end ();
  loft_clock_set (-1);
}

/* A cancelled item waits to be released, but is not the oldest. Its release counts as no run. */
static void
test_dead (void)
{
  LoftWorkQueue queue;
  LoftWorkItem item = { .klass = &klass };
  LoftProbeLaneInfo lane;

  loft_work_queue_init (&queue, NULL);
  loft_probe_begin ();
  loft_work_queue_push (&queue, LOFT_LANE_LOW, &item, LOFT_PUSHER_USER);
  is_dead = TRUE;
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.waiting, ==, 1);
  g_assert_cmpint (lane.oldest_since, ==, 0);
  loft_work_queue_pop (&queue, LOFT_LANE_LOW);
  loft_probe_run (&queue, LOFT_LANE_LOW, &item, NULL);
  is_dead = FALSE;
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.run, ==, 0);
  loft_probe_end ();
  loft_clock_set (-1);
}

/* A push that is refused leaves no record. */
static void
test_refused (void)
{
  LoftWorkQueue queue;
  LoftWorkItem item = { .klass = &klass };
  LoftProbeLaneInfo lane;

  loft_work_queue_init (&queue, NULL);
  loft_work_queue_close (&queue, LOFT_LANE_LOW);
  loft_probe_begin ();
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &item, LOFT_PUSHER_USER), ==,
                   LOFT_PUSH_REFUSED);
  loft_probe_get_lane (&queue, LOFT_LANE_LOW, &lane);
  g_assert_cmpuint (lane.waiting, ==, 0);
  loft_probe_end ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/item", test_item);
  g_test_add_func ("/probe/dead", test_dead);
  g_test_add_func ("/probe/refused", test_refused);
  return g_test_run ();
}
