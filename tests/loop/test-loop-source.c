/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher shares its main context with other sources: the slice, the fence, the share and
 * the bounded wait. The test sets the clock, so nothing depends on the machine. */

#include "clocked-loop.h"

/* An item that takes 3 ms. */
static void
work (gpointer name)
{
  g_string_append (fixture.log, name);
  advance (3000);
}

static void
post (LoftPriority priority,
      const char  *name,
      int          n)
{
  for (int i = 0; i < n; i++)
    g_assert_true (
      loft_dispatcher_try_enqueue (fixture.dispatcher, priority, work, (gpointer) name, NULL));
}

static gboolean
on_redraw (gpointer name)
{
  g_string_append (fixture.log, name);
  return G_SOURCE_REMOVE;
}

static gboolean
on_input (gpointer left)
{
  g_string_append_c (fixture.log, 'i');
  return --*(int *) left > 0;
}

static void
add_source (int         priority,
            GSourceFunc func,
            gpointer    data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, fixture.context);
  g_source_unref (source);
}

static void
turns (int n)
{
  while (n-- > 0)
    g_main_context_iteration (fixture.context, FALSE);
}

/* After a slice the dispatcher stands aside until the loop has come down below the redraw. */
static void
test_redraw_comes_between (void)
{
  set_up ();
  post (LOFT_PRIORITY_NORMAL, "n", 4);
  add_source (G_PRIORITY_HIGH_IDLE + 20, on_redraw, "R");
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "nnRnn");
  tear_down ();
}

/* Input that is always ready takes each turn that the dispatcher leaves free. So the pause lasts
 * until the redraw has had its turn, and not for one turn only. */
static void
test_input_does_not_end_the_pause (void)
{
  int left = 10;

  set_up ();
  add_source (G_PRIORITY_HIGH_IDLE + 20, on_redraw, "R");
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  turns (1);
  g_assert_cmpstr (fixture.log->str, ==, "nn");
  add_source (G_PRIORITY_DEFAULT, on_input, &left);
  post (LOFT_PRIORITY_NORMAL, "n", 1);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "nniiiiiiiiiiRn");
  tear_down ();
}

/* The pause does not last for ever: after 32 turns the dispatcher goes on. */
static void
test_pause_is_capped (void)
{
  int left = 1000;

  set_up ();
  add_source (G_PRIORITY_DEFAULT, on_input, &left);
  post (LOFT_PRIORITY_HIGH, "h", 3);
  turns (1);
  g_assert_cmpstr (fixture.log->str, ==, "hh");
  turns (32);
  g_assert_cmpint (left, ==, 1000 - 32);
  turns (1);
  g_assert_true (g_str_has_suffix (fixture.log->str, "h"));
  g_assert_cmpint (left, ==, 1000 - 32);
  left = 1;
  tear_down ();
}

/* The whole dispatcher pauses, and not only a lane, because two flooded lanes would otherwise
 * relieve each other. */
static void
test_lanes_pause_together (void)
{
  set_up ();
  post (LOFT_PRIORITY_HIGH, "h", 2);
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  add_source (G_PRIORITY_HIGH_IDLE + 20, on_redraw, "R");
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "hhRnn");
  tear_down ();
}

/* Dispatches that end early add up. A lane that is emptied again and again uses up the slice as
 * well. */
static void
test_short_dispatches_add_up (void)
{
  set_up ();
  add_source (G_PRIORITY_HIGH_IDLE + 20, on_redraw, "R");
  post (LOFT_PRIORITY_NORMAL, "a", 1);
  turns (1);
  post (LOFT_PRIORITY_NORMAL, "b", 1);
  turns (1);
  post (LOFT_PRIORITY_NORMAL, "c", 1);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "abRc");
  tear_down ();
}

/* A lane that has waited for longer than the limit gets a slice, even under a flood above it. */
static void
test_bounded_wait (void)
{
  set_up ();
  loft_dispatcher_set_share (fixture.dispatcher, 0);
  post (LOFT_PRIORITY_LOW, "l", 1);
  post (LOFT_PRIORITY_IDLE, "i", 1);
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  turns (1);
  g_assert_cmpstr (fixture.log->str, ==, "nn");
  advance (G_TIME_SPAN_SECOND);
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  turns (2); /* the fence, then the overdue lanes */
  g_assert_cmpstr (fixture.log->str, ==, "nni");
  post (LOFT_PRIORITY_HIGH, "h", 1);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "nnilhnn");
  tear_down ();
}

static void
test_strict (void)
{
  set_up ();
  loft_dispatcher_set_wait_limit (fixture.dispatcher, 0);
  post (LOFT_PRIORITY_LOW, "l", 1);
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  turns (1);
  advance (100 * G_TIME_SPAN_SECOND);
  post (LOFT_PRIORITY_NORMAL, "n", 2);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "nnnnl");
  tear_down ();
}

/* A flood of High items, each of which posts the next. Each overdue lane still gets its slice. */
static void
flood_high (gpointer left)
{
  advance (3000);
  if (--*(int *) left > 0)
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_HIGH, flood_high, left, NULL);
}

static void
test_bounded_wait_under_high (void)
{
  int left = 2000; /* six seconds */

  set_up ();
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_HIGH, flood_high, &left, NULL);
  post (LOFT_PRIORITY_NORMAL, "N", 1);
  post (LOFT_PRIORITY_LOW, "L", 1);
  post (LOFT_PRIORITY_IDLE, "I", 1);
  while (fixture.log->len < 3 && left > 0)
    g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpstr (fixture.log->str, ==, "ILN"); /* the lowest first: its chances are worst */
  g_assert_cmpint (left, >, 1000);               /* soon after the limit of a second */
  tear_down ();
}

/* Each item of the flood takes longer than a slice, so that each slice has time for one item
 * only. */
static void
flood_slowly (gpointer left)
{
  advance (16 * G_TIME_SPAN_MILLISECOND);
  if (--*(int *) left > 0)
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_HIGH, flood_slowly, left, NULL);
}

static void
test_bounded_wait_under_slow_items (void)
{
  int left = 1000;

  set_up ();
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_HIGH, flood_slowly, &left, NULL);
  post (LOFT_PRIORITY_IDLE, "I", 1);
  post (LOFT_PRIORITY_NORMAL, "N", 1);
  while (fixture.log->len < 2 && left > 0)
    g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpstr (fixture.log->str, ==, "IN");
  g_assert_cmpint (left, >, 900);
  left = 1;
  tear_down ();
}

/* The largest values that the properties accept mean “for ever”. */
static void
test_largest_settings (void)
{
  set_up ();
  loft_dispatcher_set_slice (fixture.dispatcher, G_MAXINT64);
  loft_dispatcher_set_wait_limit (fixture.dispatcher, G_MAXINT64);
  post (LOFT_PRIORITY_LOW, "L", 5);
  g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpstr (fixture.log->str, ==, "LLLLL");
  post (LOFT_PRIORITY_LOW, "l", 1);
  post (LOFT_PRIORITY_NORMAL, "N", 1);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "LLLLLNl");
  tear_down ();
}

/* Short items at the beginning of a slice do not make it longer for the long items behind them. */
static void
note (gpointer name)
{
  g_string_append (fixture.log, name);
}

static void
test_long_after_short (void)
{
  set_up ();
  for (int i = 0; i < 100; i++)
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_NORMAL, note, (gpointer) ".",
                                 NULL);
  post (LOFT_PRIORITY_NORMAL, "W", 10);
  g_main_context_iteration (fixture.context, FALSE);
  /* an item of 3 ms, and the one during which the slice of 4 ms ended */
  g_assert_cmpuint (fixture.log->len, ==, 102);
  tear_down ();
}

/* The release of cancelled items may take long, so a slice also ends in the middle of it. */
static void
release_slowly (gpointer counter)
{
  test_count (counter);
  advance (3000);
}

static void
test_sweep_keeps_to_the_slice (void)
{
  LoftAsyncAction *actions[200];
  int released = 0;

  set_up ();
  for (int i = 0; i < 200; i++)
    actions[i] = loft_dispatcher_run_async (fixture.dispatcher, LOFT_PRIORITY_NORMAL, test_succeed,
                                            NULL, NULL);
  for (int i = 0; i < 200; i++)
    g_object_unref (actions[i]);
  for (int i = 0; i < 200; i++)
    actions[i] = loft_dispatcher_run_async (fixture.dispatcher, LOFT_PRIORITY_NORMAL, test_succeed,
                                            &released, release_slowly);
  for (int i = 0; i < 200; i++)
    {
      loft_async_info_cancel (LOFT_ASYNC_INFO (actions[i]));
      g_object_unref (actions[i]);
    }
  g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpint (released, <=, 4);
  for (int i = 0; i < 1000; i++) /* no item runs in the turns of a pause */
    g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpint (released, ==, 200);
  tear_down ();
}

/* A Low item that has used up its slice should yield. */
static gboolean
use_slice_up (LoftAsyncAction *action,
              gpointer         data,
              GError         **error)
{
  g_assert_false (loft_dispatcher_should_yield (fixture.dispatcher));
  advance (5000);
  g_assert_true (loft_dispatcher_should_yield (fixture.dispatcher));
  loft_dispatcher_set_current_priority (fixture.dispatcher, LOFT_PRIORITY_NORMAL);
  /* A Normal item need not. */
  g_assert_false (loft_dispatcher_should_yield (fixture.dispatcher));
  return TRUE;
}

static void
test_should_yield_after_its_slice (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  set_up ();
  action = loft_dispatcher_run_async (fixture.dispatcher, LOFT_PRIORITY_LOW, use_slice_up, NULL,
                                      NULL);
  test_run_until_ended (fixture.context, action);
  tear_down ();
}

/* A flooded lane and a redraw that is always late each get their share of the time. */

typedef struct
{
  int priority;
  gint64 takes; /* µs */
  gint64 total;
  gboolean stop;
} Busy;

static gboolean
on_busy (gpointer data)
{
  Busy *busy = data;

  advance (busy->takes);
  busy->total += busy->takes;
  return !busy->stop;
}

#define ITEM 100 /* µs */

static LoftPriority flooded;

static void
flood (gpointer total)
{
  advance (ITEM);
  if (*(gint64 *) total >= 0)
    {
      *(gint64 *) total += ITEM;
      loft_dispatcher_try_enqueue (fixture.dispatcher, flooded, flood, total, NULL);
    }
}

/* Runs the loop for 20 seconds, in which nothing else happens, and returns the dispatcher's part of
 * them. */
static double
measure_share (LoftPriority priority,
               int          busy_priority,
               gint64       busy_takes,
               double       share)
{
  Busy busy = { busy_priority, busy_takes, 0, FALSE };
  gint64 items = 0, start;
  double part;

  set_up ();
  loft_dispatcher_set_share (fixture.dispatcher, share);
  loft_dispatcher_set_wait_limit (fixture.dispatcher, 0);
  flooded = priority;
  for (int i = 0; i < 10; i++)
    loft_dispatcher_try_enqueue (fixture.dispatcher, priority, flood, &items, NULL);
  add_source (busy_priority, on_busy, &busy);
  start = fixture.now;
  while (fixture.now - start < 20 * G_TIME_SPAN_SECOND)
    g_main_context_iteration (fixture.context, FALSE);
  part = (double) items / (double) (fixture.now - start);
  g_assert_cmpint (items + busy.total, ==, fixture.now - start);
  busy.stop = TRUE;
  items = -1;
  tear_down ();
  return part;
}

static void
test_share (void)
{
  static const gint64 frames[] = { 5, 20, 50, 200 };

  for (int priority = LOFT_PRIORITY_IDLE; priority <= LOFT_PRIORITY_HIGH; priority++)
    for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
      {
        double part = measure_share (priority, G_PRIORITY_HIGH_IDLE + 20,
                                     frames[i] * G_TIME_SPAN_MILLISECOND, 0.25);

        /* So the frames take no more than 4/3 of the time that they take alone. */
        g_assert_cmpfloat (part, >=, 0.24);
        g_assert_cmpfloat (part, <=, 0.26);
      }
}

static void
test_share_is_settable (void)
{
  g_assert_cmpfloat (measure_share (LOFT_PRIORITY_NORMAL, G_PRIORITY_HIGH_IDLE + 20, 20000, 0.5),
                     >=, 0.49);
  g_assert_cmpfloat (measure_share (LOFT_PRIORITY_LOW, G_PRIORITY_HIGH_IDLE + 20, 20000, 0.1), <=,
                     0.11);
  g_assert_cmpfloat (measure_share (LOFT_PRIORITY_LOW, G_PRIORITY_HIGH_IDLE + 20, 20000, 0), ==, 0);
}

/* With a slice of one item the dispatcher stands aside after each item, also when the other sources
 * take little time. */
static void
test_share_of_short_slice (void)
{
  Busy busy = { G_PRIORITY_DEFAULT, 10, 0, FALSE };
  gint64 items = 0;

  set_up ();
  loft_dispatcher_set_slice (fixture.dispatcher, 1);
  flooded = LOFT_PRIORITY_LOW;
  loft_dispatcher_try_enqueue (fixture.dispatcher, flooded, flood, &items, NULL);
  add_source (G_PRIORITY_DEFAULT, on_busy, &busy);
  turns (100);
  g_assert_cmpint (items, ==, 0); /* Low comes after that source, which has taken one millisecond */
  g_assert_cmpint (busy.total, ==, 1000);
  busy.stop = TRUE;
  turns (2);
  g_assert_cmpint (items, >, 0);
  items = -1;
  tear_down ();
}

/* The share also holds beside a source that is always ready, even at the highest priority that GLib
 * has a name for. */
static void
test_share_beside_input (void)
{
  for (int priority = LOFT_PRIORITY_IDLE; priority <= LOFT_PRIORITY_HIGH; priority++)
    {
      g_assert_cmpfloat (measure_share (priority, G_PRIORITY_DEFAULT, 1000, 0.25), >=, 0.24);
      g_assert_cmpfloat (measure_share (priority, G_PRIORITY_HIGH, 1000, 0.25), >=, 0.24);
    }
}

/* Without a share, the bounded wait still holds beside such a source. */
static void
test_bounded_wait_beside_high_source (void)
{
  Busy busy = { G_PRIORITY_HIGH, 1000, 0, FALSE };
  int turns_left = 1500; /* of a millisecond each */

  set_up ();
  loft_dispatcher_set_share (fixture.dispatcher, 0);
  add_source (G_PRIORITY_HIGH, on_busy, &busy);
  post (LOFT_PRIORITY_IDLE, "i", 1);
  while (fixture.log->len == 0 && turns_left-- > 0)
    g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpint (turns_left, >, 0);
  busy.stop = TRUE;
  tear_down ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loop-source/redraw-comes-between", test_redraw_comes_between);
  g_test_add_func ("/loop-source/input-does-not-end-the-pause", test_input_does_not_end_the_pause);
  g_test_add_func ("/loop-source/pause-is-capped", test_pause_is_capped);
  g_test_add_func ("/loop-source/lanes-pause-together", test_lanes_pause_together);
  g_test_add_func ("/loop-source/short-dispatches-add-up", test_short_dispatches_add_up);
  g_test_add_func ("/loop-source/bounded-wait", test_bounded_wait);
  g_test_add_func ("/loop-source/strict", test_strict);
  g_test_add_func ("/loop-source/share", test_share);
  g_test_add_func ("/loop-source/share-is-settable", test_share_is_settable);
  g_test_add_func ("/loop-source/share-of-short-slice", test_share_of_short_slice);
  g_test_add_func ("/loop-source/share-beside-input", test_share_beside_input);
  g_test_add_func ("/loop-source/bounded-wait-beside-high-source",
                   test_bounded_wait_beside_high_source);
  g_test_add_func ("/loop-source/bounded-wait-under-high", test_bounded_wait_under_high);
  g_test_add_func ("/loop-source/bounded-wait-under-slow-items",
                   test_bounded_wait_under_slow_items);
  g_test_add_func ("/loop-source/largest-settings", test_largest_settings);
  g_test_add_func ("/loop-source/long-after-short", test_long_after_short);
  g_test_add_func ("/loop-source/sweep-keeps-to-the-slice", test_sweep_keeps_to_the_slice);
  g_test_add_func ("/loop-source/should-yield-after-its-slice", test_should_yield_after_its_slice);
  return g_test_run ();
}
