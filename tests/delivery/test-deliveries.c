/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDeliveries, tested without the handlers of an object. It counts the deliveries that are on
 * their way to each home, and keeps the outbox to the MTA. */

#include "test-util.h"

#include "delivery/loft-deliveries-private.h"

typedef struct
{
  LoftWorkItem item;
  const char *name;
  gboolean blocks; /* its thread blocks while it runs the letter */
} Letter;

typedef struct
{
  LoftDeliveries deliveries;
  TestEvent all;
} Outbox;

static GMutex mutex;
static GString *said;         /* under the mutex */
static GThread *last_said_on; /* the same */
static guint to_come;         /* the same */
static Outbox *current;

static void
say (const char *name)
{
  gboolean all;

  g_mutex_lock (&mutex);
  g_string_append (said, name);
  last_said_on = g_thread_self ();
  all = --to_come == 0;
  g_mutex_unlock (&mutex);
  if (all)
    test_event_set (&current->all);
}

static void
letter_run (LoftWorkItem   *item,
            LoftDispatcher *dispatcher)
{
  Letter *letter = (Letter *) item;

  say (letter->name);
  if (letter->blocks)
    {
      loft_thread_hand_over ();
      test_event_wait (&current->all); /* which only another thread can set */
    }
}

static const LoftWorkItemClass letter_class = {
  .name = "letter",
  .run = letter_run,
};

static void
outbox_begin (Outbox *outbox,
              guint   letters)
{
  *outbox = (Outbox) { { .owner = loft_action_new_completed () }, TEST_EVENT_INIT };
  said = g_string_new (NULL);
  to_come = letters;
  current = outbox;
}

static void
outbox_end (Outbox *outbox)
{
  g_object_unref (outbox->deliveries.owner);
  g_string_free (said, TRUE);
}

/* A thread of the MTA empties the outbox itself, in order. */
static void *
send_in_order (void *data)
{
  Outbox *outbox = data;
  Letter letters[3] = { { { NULL, &letter_class }, "a" },
                        { { NULL, &letter_class }, "b" },
                        { { NULL, &letter_class }, "c" } };

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (loft_deliveries_append (&outbox->deliveries, &letters[i].item), ==, i == 0);
  g_assert_true (loft_deliveries_has_in_flight (&outbox->deliveries, NULL));
  loft_deliveries_drain (&outbox->deliveries);
  g_assert_cmpstr (said->str, ==, "abc");
  g_assert_true (last_said_on == g_thread_self ());
  g_assert_false (loft_deliveries_has_in_flight (&outbox->deliveries, NULL));
  return NULL;
}

static void
test_in_order (void)
{
  Outbox outbox;

  outbox_begin (&outbox, 3);
  test_on_thread (send_in_order, &outbox);
  outbox_end (&outbox);
}

/* A thread with a home is not in the MTA, so a worker empties the outbox. */
static void
test_from_a_home (void)
{
  Letter letter = { { NULL, &letter_class }, "a" };
  Outbox outbox;

  outbox_begin (&outbox, 1);
  g_assert_true (loft_deliveries_append (&outbox.deliveries, &letter.item));
  loft_deliveries_drain (&outbox.deliveries);
  test_event_wait (&outbox.all);
  g_assert_true (last_said_on != g_thread_self ());
  while (loft_deliveries_has_in_flight (&outbox.deliveries, NULL))
    sched_yield ();
  outbox_end (&outbox);
}

/* A thread that blocks while it empties the outbox hands the rest over, because the rest may be
 * exactly what it waits for. */
static void *
send_and_block (void *data)
{
  Outbox *outbox = data;
  static Letter letters[3] = { { { NULL, &letter_class }, "a", TRUE },
                               { { NULL, &letter_class }, "b" },
                               { { NULL, &letter_class }, "c" } };

  for (guint i = 0; i < 3; i++)
    loft_deliveries_append (&outbox->deliveries, &letters[i].item);
  loft_deliveries_drain (&outbox->deliveries);
  return NULL;
}

static void
test_hand_over (void)
{
  Outbox outbox;

  outbox_begin (&outbox, 3);
  test_on_thread (send_and_block, &outbox);
  g_assert_cmpstr (said->str, ==, "abc");
  while (loft_deliveries_has_in_flight (&outbox.deliveries, NULL))
    sched_yield ();
  outbox_end (&outbox);
}

/* The deliveries to each home are counted separately. */
static void
test_in_flight (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  LoftDispatcher *home = loft_dispatcher_get_default ();
  Outbox outbox;

  outbox_begin (&outbox, 0);
  loft_deliveries_sent (&outbox.deliveries, home);
  loft_deliveries_sent (&outbox.deliveries, other);
  loft_deliveries_sent (&outbox.deliveries, other);
  g_assert_true (loft_deliveries_has_in_flight (&outbox.deliveries, home));
  g_assert_true (loft_deliveries_has_in_flight (&outbox.deliveries, other));
  loft_deliveries_arrived (&outbox.deliveries, home);
  g_assert_false (loft_deliveries_has_in_flight (&outbox.deliveries, home));
  loft_deliveries_arrived (&outbox.deliveries, other);
  g_assert_true (loft_deliveries_has_in_flight (&outbox.deliveries, other));
  loft_deliveries_arrived (&outbox.deliveries, other);
  g_assert_false (loft_deliveries_has_in_flight (&outbox.deliveries, other));
  loft_deliveries_clear (&outbox.deliveries); /* which asserts that nothing is left */
  outbox_end (&outbox);
}

/* Once the end is announced no report is posted any more, neither to a dispatcher nor to the
 * MTA. */
static void
test_announced (void)
{
  Letter letter = { { NULL, &letter_class }, "a" };
  LoftDispatcher *home = loft_dispatcher_get_default ();
  gboolean in_time;
  Outbox outbox;

  outbox_begin (&outbox, 1);
  g_assert_null (loft_deliveries_announce (&outbox.deliveries));
  g_assert_null (loft_deliveries_dup_progress (&outbox.deliveries, &in_time));
  g_assert_false (in_time);
  g_assert_cmpint (
    loft_deliveries_post_report (&outbox.deliveries, home, LOFT_LANE_NORMAL, &letter.item), ==,
    LOFT_DELIVERY_TOO_LATE);
  g_assert_cmpint (loft_deliveries_post_report_to_mta (&outbox.deliveries, &letter.item), ==,
                   LOFT_DELIVERY_TOO_LATE);
  loft_deliveries_clear (&outbox.deliveries);
  outbox_end (&outbox);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deliveries/in-order", test_in_order);
  g_test_add_func ("/deliveries/from-a-home", test_from_a_home);
  g_test_add_func ("/deliveries/hand-over", test_hand_over);
  g_test_add_func ("/deliveries/in-flight", test_in_flight);
  g_test_add_func ("/deliveries/announced", test_announced);
  return g_test_run ();
}
