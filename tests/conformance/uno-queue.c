/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* U14 to U21: tests of Uno's queues, written anew. */

#include "own-context.h"
#include "base/loft-clock-private.h"

#define RUNTIME "unoplatform/uno src/Uno.UI.RuntimeTests/Tests/"
#define RACES \
  "unoplatform/uno src/Uno.UI.UnitTests/Dispatching/Given_NativeDispatcher_Concurrency.cs: "

static gint64 now;

static void
find_itself (gpointer unused)
{
  g_autoptr (LoftDispatcher) found = loft_dispatcher_get_for_current_thread ();

  g_assert_true (found == f.dispatcher);
  say ((gpointer) "found");
}

static void
u14 (void)
{
  begin ();
  post (0, "");
  loft_dispatcher_try_enqueue (f.dispatcher, 0, find_itself, NULL, NULL);
  test_drain (f.context);
  assert_log ("found");
  end ();
}

static gboolean
find_none (LoftAsyncAction *action,
           gpointer         unused,
           GError         **error)
{
  g_assert_true (test_is_on_pool ());
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return TRUE;
}

static void
u15 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (find_none, NULL, NULL);

  wait_ended (action);
  assert_status (action, COMPLETED);
}

/* A loop that draws: each High item posts the next one, and takes some time. */

typedef struct
{
  int frames;
  int enough; /* the number of frames after which it stops */
} Drawing;

static void
draw (gpointer data)
{
  Drawing *drawing = data;

  loft_clock_set (now += 16 * G_TIME_SPAN_MILLISECOND);
  if (++drawing->frames < drawing->enough)
    loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_HIGH, draw, drawing, NULL);
}

typedef struct
{
  Drawing *drawing;
  int ran;
  int at_frame; /* when the first one ran */
} Idle;

static void
run_idle (gpointer data)
{
  Idle *idle = data;

  if (idle->ran++ == 0)
    idle->at_frame = idle->drawing->frames;
}

static void
draw_beside (int   n_idle,
             Idle *idle)
{
  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_HIGH, draw, idle->drawing, NULL);
  for (int i = 0; i < n_idle; i++)
    loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_IDLE, run_idle, idle, NULL);
  while (idle->drawing->frames < idle->drawing->enough)
    g_main_context_iteration (f.context, FALSE);
}

static void
end_drawing (void)
{
  end ();
  loft_clock_set (-1);
}

static void
u16 (void)
{
  Drawing drawing = { 0, 1000 };
  Idle idle = { &drawing, 0, 0 };

  draw_beside (1, &idle);
  g_assert_cmpint (idle.ran, ==, 1);
  g_assert_cmpint (idle.at_frame, <, 1000); /* the drawing was not over */
  end_drawing ();
}

static void
u17 (void)
{
  Drawing drawing = { 0, 1000 };
  Idle idle = { &drawing, 0, 0 };

  draw_beside (20, &idle);
  g_assert_cmpint (idle.ran, >=, 4);
  g_assert_cmpint (drawing.frames, ==, 1000);
  end_drawing ();
}

/* Many threads post items, and take back what they posted. */

#define THREADS    8
#define PER_THREAD 1000

typedef struct
{
  int ran, taken_back, finished;
} Race;

static void *
post_and_take_back (void *data)
{
  Race *race = data;

  for (int i = 0; i < PER_THREAD; i++)
    {
      g_autoptr (LoftAsyncAction)
        action = loft_dispatcher_run_async (f.dispatcher, LOFT_PRIORITY_HIGH, test_succeed,
                                            &race->ran, NULL);

      if (loft_dispatcher_abort (f.dispatcher, LOFT_ASYNC_INFO (action)))
        {
          assert_status (action, CANCELED);
          test_count (&race->taken_back);
        }
    }
  test_count (&race->finished);
  return NULL;
}

/* The race is beside a loop that runs the items, or beside a loop that does not run yet. */
static void
race_beside (gboolean    runs,
             const char *survivor)
{
  pthread_t threads[THREADS];
  Race race = { 0 };

  begin ();
  for (int i = 0; i < THREADS; i++)
    pthread_create (&threads[i], NULL, post_and_take_back, &race);
  post (LOFT_PRIORITY_LOW, survivor);
  while (runs && test_get (&race.finished) < THREADS)
    g_main_context_iteration (f.context, FALSE);
  for (int i = 0; i < THREADS; i++)
    pthread_join (threads[i], NULL);
  test_drain (f.context);
  g_assert_cmpint (race.ran + race.taken_back, ==, THREADS * PER_THREAD);
  g_assert_true (runs || race.ran == 0);
  assert_log (survivor);
  end ();
}

static void
u18 (void)
{
  race_beside (FALSE, "");
  race_beside (TRUE, "");
}

static void
u19 (void)
{
  race_beside (FALSE, "s");
  race_beside (TRUE, "s");
}

static void
note_tick (LoftDispatcherTimer *timer,
           gpointer             unused)
{
  say ((gpointer) "t");
}

static void
u20 (void)
{
  g_autoptr (LoftDispatcherTimer) timer = NULL;

  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  timer = loft_dispatcher_create_timer (f.dispatcher);
  g_signal_connect (timer, "tick", G_CALLBACK (note_tick), NULL);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_set_interval (timer, 300);
  loft_dispatcher_timer_start (timer);
  loft_clock_set (now += 100);
  loft_dispatcher_timer_set_interval (timer, 600);
  loft_clock_set (now += 500); /* 600 after the start */
  test_drain (f.context);
  assert_log ("");
  loft_clock_set (now += 100);
  test_drain (f.context);
  assert_log ("t");
  end_drawing ();
}

static Case cases[] = {
  { "U14", "an item finds its queue as the current one",
    RUNTIME "Windows_System/Given_DispatcherQueue.cs: When_GetForCurrentThreadFromDispatcher", PASS,
    NULL, u14 },
  { "U15", "a background thread has none",
    RUNTIME "Windows_System/Given_DispatcherQueue.cs: When_GetForCurrentThreadFromBackgroundThread",
    PASS, NULL, u15 },
  { "U16", "an idle item runs beside a loop that draws at a high priority, and that goes on",
    RUNTIME "Uno_UI_Dispatching/Given_NativeDispatcher.cs: "
            "When_Render_Loop_Is_Active_Then_Idle_Work_Runs",
    PASS, NULL, u16 },
  { "U17", "a deep idle queue and a loop that draws: both get on",
    RUNTIME "Uno_UI_Dispatching/Given_NativeDispatcher.cs: "
            "When_Idle_Queue_Is_Deep_Then_Rendering_Is_Not_Starved",
    PASS, NULL, u17 },
  { "U18", "eight threads post and take back: nothing is left, nothing breaks",
    RACES "When_Concurrent_EnqueueRender_And_Remove_Then_Registrations_Are_Not_Corrupted", PASS,
    NULL, u18 },
  { "U19", "the same, and what nobody took back runs",
    RACES "When_Remove_Runs_Concurrently_Then_Other_Targets_Are_Untouched", PASS, NULL, u19 },
  { "U20", "a longer interval counts from the start",
    RUNTIME "Windows_UI_Xaml/Given_DispatcherTimer.cs: When_Change_Interval_Higher", DIFFERS,
    "it begins anew, as Windows documents for the queue's timers", u20 },
  { "U21", "a tick that throws is the last one",
    RUNTIME "Windows_UI_Xaml/Given_DispatcherTimer.cs: When_Exception_In_Tick", NONE,
    "handlers can't throw", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "uno-queue", cases, G_N_ELEMENTS (cases));
}
