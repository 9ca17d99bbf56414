/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher leaves room for frames that are due at a known time. The test sets the clock, so
 * nothing depends on the machine. */

#include "clocked-loop.h"

#define MS G_TIME_SPAN_MILLISECOND

static GObject *window, *other;

static void
run_case (gconstpointer func)
{
  set_up ();
  window = g_object_new (G_TYPE_OBJECT, NULL);
  other = g_object_new (G_TYPE_OBJECT, NULL);
  g_main_context_push_thread_default (fixture.context);
  ((void (*) (void)) func) ();
  g_main_context_pop_thread_default (fixture.context);
  advance (MS * 1000); /* no frame is waited for any more */
  tear_down ();
  g_clear_object (&window);
  g_clear_object (&other);
}

static void
expect_frame (GObject *clock,
              gint64   in)
{
  loft_dispatcher_set_frame_due (fixture.dispatcher, clock, fixture.now + in);
}

/* An item that takes 1 ms. */
static void
work (gpointer name)
{
  g_string_append (fixture.log, name);
  advance (MS);
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

static void
turns (int n)
{
  while (n-- > 0)
    g_main_context_iteration (fixture.context, FALSE);
}

static void
assert_log (const char *expected)
{
  g_assert_cmpstr (fixture.log->str, ==, expected);
  g_string_set_size (fixture.log, 0);
}

/* Work of Low and Idle runs until the frame is due. It goes on after the frame. */
static void
test_fills_the_slack (void)
{
  expect_frame (window, 6 * MS);
  post (LOFT_PRIORITY_LOW, "l", 4);
  post (LOFT_PRIORITY_IDLE, "i", 4);
  turns (10);
  assert_log ("llllii"); /* a slice of 4 ms, and one that ends with the frame */
  advance (MS);          /* the window draws */
  expect_frame (window, 16 * MS);
  turns (10);
  assert_log ("ii");
}

/* High and Normal come before a redraw. They are not held back, but their slices end, too. */
static void
test_high_and_normal_go_on (void)
{
  expect_frame (window, 2 * MS);
  post (LOFT_PRIORITY_NORMAL, "n", 3);
  post (LOFT_PRIORITY_LOW, "l", 1);
  turns (1);
  assert_log ("nn");
  turns (5);
  assert_log ("n");
  post (LOFT_PRIORITY_HIGH, "h", 1);
  turns (5);
  assert_log ("h");
  expect_frame (window, 16 * MS);
  turns (5);
  assert_log ("l");
}

/* A running item learns that its frame is due. */
static gboolean
look_whether_to_yield (LoftAsyncAction *action,
                       gpointer         data,
                       GError         **error)
{
  g_assert_false (loft_dispatcher_should_yield (fixture.dispatcher));
  advance (2 * MS);
  g_assert_true (loft_dispatcher_should_yield (fixture.dispatcher));
  return TRUE;
}

static void
test_should_yield (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  expect_frame (window, 2 * MS);
  action = loft_dispatcher_run_async (fixture.dispatcher, LOFT_PRIORITY_LOW, look_whether_to_yield,
                                      NULL, NULL);
  test_run_until_ended (fixture.context, action);
}

/* Ticks that have no priority of their own are held back, too. */
static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             unused)
{
  g_string_append_c (fixture.log, 't');
}

static void
test_timers (void)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (fixture.dispatcher);

  loft_dispatcher_timer_set_interval (timer, MS);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  g_signal_connect (timer, "tick", G_CALLBACK (on_tick), NULL);
  loft_dispatcher_timer_start (timer);
  expect_frame (window, MS);
  advance (MS);
  turns (5);
  assert_log ("");
  loft_dispatcher_set_frame_due (fixture.dispatcher, window, 0);
  turns (5);
  assert_log ("t");
  g_object_unref (timer);
}

/* A clock that does not tick, of a window that is hidden or gone, costs 4 ms once. */
static void
test_clock_that_stops (void)
{
  expect_frame (window, MS);
  g_clear_object (&window);
  post (LOFT_PRIORITY_IDLE, "i", 8);
  turns (5);
  assert_log ("i");
  advance (4 * MS - 1);
  turns (5);
  assert_log ("");
  advance (1);
  turns (10);
  assert_log ("iiiiiii");
}

/* While a frame is waited for, the loop sleeps, and no longer than that. */
static void
test_sleeps_until_the_frame (void)
{
  int priority, timeout = 0;
  GPollFD fds[8];

  expect_frame (window, MS);
  advance (MS);
  post (LOFT_PRIORITY_LOW, "l", 1);
  g_assert_false (g_main_context_prepare (fixture.context, &priority));
  g_main_context_query (fixture.context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_assert_cmpint (timeout, ==, 4);
}

/* Of several windows, the one whose frame is due first counts. One that stops does not keep the
 * others from being waited for. */
static void
test_several (void)
{
  expect_frame (window, 3 * MS);
  expect_frame (other, 2 * MS);
  post (LOFT_PRIORITY_LOW, "l", 9);
  turns (5);
  assert_log ("ll");
  loft_dispatcher_set_frame_due (fixture.dispatcher, other, 0);
  turns (5);
  assert_log ("l");
  expect_frame (window, 8 * MS);
  expect_frame (other, 2 * MS);
  turns (5);
  assert_log ("ll");
  advance (5 * MS); /* the other stops */
  turns (5);
  assert_log ("l");
  expect_frame (window, 16 * MS);
  turns (5);
  assert_log ("lll");
}

/* A frame whose time has passed when it is told is not waited for. */
static void
test_late_already (void)
{
  expect_frame (window, 0);
  expect_frame (other, -MS);
  post (LOFT_PRIORITY_LOW, "l", 2);
  turns (5);
  assert_log ("ll");
}

/* A call of process_events runs what waits. */
static void
test_process_events (void)
{
  expect_frame (window, MS);
  post (LOFT_PRIORITY_LOW, "l", 8);
  turns (5);
  assert_log ("l");
  g_assert_true (loft_dispatcher_process_events (fixture.dispatcher,
                                                 LOFT_PROCESS_EVENTS_ALL_IF_PRESENT, NULL));
  assert_log ("lllllll");
}

/* A renderer that is always late takes this long for a frame, and the next one is due when it has
 * this long left. */

typedef struct
{
  gint64 takes;
  gint64 leaves;
  gboolean over;
} Renderer;

static gboolean
on_frame (gpointer data)
{
  Renderer *renderer = data;

  advance (renderer->takes);
  expect_frame (window, renderer->leaves);
  return !renderer->over;
}

static void
flood (gpointer total)
{
  advance (100);
  if (*(gint64 *) total < 0)
    return;
  *(gint64 *) total += 100;
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, flood, total, NULL);
}

/* Returns the dispatcher's part of 20 seconds beside such a renderer. */
static double
measure_share (gint64 takes,
               gint64 leaves)
{
  Renderer renderer = { takes, leaves, FALSE };
  GSource *source = g_idle_source_new ();
  gint64 start = fixture.now, total = 0;
  double part;

  loft_dispatcher_set_wait_limit (fixture.dispatcher, 0);
  g_source_set_priority (source, G_PRIORITY_HIGH_IDLE + 20);
  g_source_set_callback (source, on_frame, &renderer, NULL);
  g_source_attach (source, fixture.context);
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_IDLE, flood, &total, NULL);
  while (fixture.now - start < 20 * G_TIME_SPAN_SECOND)
    g_main_context_iteration (fixture.context, FALSE);
  part = (double) total / (double) (fixture.now - start);
  renderer.over = TRUE;
  g_source_destroy (source);
  g_source_unref (source);
  total = -1;
  advance (MS * 1000);
  test_drain (fixture.context);
  return part;
}

/* Idle work has its share beside it, whether the renderer says that the next frame is late, due at
 * once, or due in a while. */
static void
test_late_renderer (void)
{
  static const gint64 frames[] = { 5, 20, 50, 200 };
  static const gint64 leaves[] = { -1000, 0, 1, 3000 };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    for (guint j = 0; j < G_N_ELEMENTS (leaves); j++)
      {
        double part = measure_share (frames[i] * MS, leaves[j]);

        g_assert_cmpfloat (part, >=, 0.24);
        g_assert_cmpfloat (part, <=, 0.26);
      }
}

/* Even without a share, the bounded wait holds, although each frame is followed by another. */
static void
test_bounded_wait (void)
{
  loft_dispatcher_set_share (fixture.dispatcher, 0);
  post (LOFT_PRIORITY_IDLE, "i", 1);
  for (int i = 0; i < 1100 && fixture.log->len == 0; i++)
    {
      expect_frame (window, 1);
      advance (MS);
      turns (1);
    }
  assert_log ("i");
}

/* Another thread may not tell of frames. */
static void *
expect_elsewhere (void *unused)
{
  expect_frame (window, 1);
  return NULL;
}

static void
test_wrong_thread (void)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*thread*");
  test_on_thread (expect_elsewhere, NULL);
  g_test_assert_expected_messages ();
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (void);
  } cases[] = {
    { "/loop-frames/fills-the-slack", test_fills_the_slack },
    { "/loop-frames/high-and-normal-go-on", test_high_and_normal_go_on },
    { "/loop-frames/should-yield", test_should_yield },
    { "/loop-frames/timers", test_timers },
    { "/loop-frames/clock-that-stops", test_clock_that_stops },
    { "/loop-frames/sleeps-until-the-frame", test_sleeps_until_the_frame },
    { "/loop-frames/several", test_several },
    { "/loop-frames/late-already", test_late_already },
    { "/loop-frames/process-events", test_process_events },
    { "/loop-frames/late-renderer", test_late_renderer },
    { "/loop-frames/bounded-wait", test_bounded_wait },
    { "/loop-frames/wrong-thread", test_wrong_thread },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
