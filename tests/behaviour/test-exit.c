/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The process ends at the same time as a thread that has a dispatcher. One of the two ends whatever
 * is left, each item once. Each case runs in a process of its own, and several times, because a
 * process ends only once. */

#include "test-util.h"

#define RUNS 10

static LoftDispatcher *dispatcher;
static TestEvent ready = TEST_EVENT_INIT, go = TEST_EVENT_INIT, completed = TEST_EVENT_INIT;

static void
nothing (gpointer data)
{
}

static void
spin (guint n)
{
  for (volatile guint i = 0; i < n; i++)
    ;
}

static void
enter_sta (void)
{
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  dispatcher = loft_dispatcher_get_for_current_thread ();
  test_event_set (&ready);
  test_event_wait (&go);
}

static void
start_thread (GThreadFunc func)
{
  pthread_t thread;

  pthread_create (&thread, NULL, func, NULL);
  pthread_detach (thread);
  test_event_wait (&ready);
}

/* The thread ends without having run its items. */

static void *
end_at_once (void *unused)
{
  enter_sta ();
  return NULL;
}

static void
free_slowly (gpointer data)
{
  spin (200);
  g_free (data);
}

static void
test_thread_ends (void)
{
  if (g_test_subprocess ())
    {
      start_thread (end_at_once);
      for (int i = 0; i < 5000; i++)
        g_assert_true (
          loft_dispatcher_try_enqueue (dispatcher, i % 2, nothing, g_malloc (16), free_slowly));
      test_event_set (&go);
      spin (g_random_int_range (0, 100000));
      return;
    }
  for (int i = 0; i < RUNS; i++)
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
    }
}

/* The thread leaves its apartment, and handlers that were delivered in the meantime are still being
 * run. */

static LoftEventSource *event;

static void
on_event (LoftEventSource *source,
          LoftEventArgs   *args,
          gpointer         unused)
{
  spin (200);
}

static void *
raise_often (void *unused)
{
  for (int i = 0; i < 5000; i++)
    loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (event, NULL)));
  return NULL;
}

static void
on_completed (LoftDispatcher *sender,
              gpointer        unused)
{
  test_on_thread (raise_often, NULL);
  test_event_set (&completed);
}

static void *
leave (void *unused)
{
  LoftEventSource *made = loft_event_source_new ();

  event = made;
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  loft_event_source_add (event, on_event, NULL, NULL);
  enter_sta (); /* a second time, which counts */
  loft_apartment_uninit ();
  g_signal_connect (dispatcher, "shutdown-completed", G_CALLBACK (on_completed), NULL);
  loft_apartment_uninit ();
  return NULL;
}

static void
test_thread_leaves (void)
{
  if (g_test_subprocess ())
    {
      start_thread (leave);
      test_event_set (&go);
      test_event_wait (&completed);
      spin (g_random_int_range (0, 100000));
      return;
    }
  for (int i = 0; i < RUNS; i++)
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exit/thread-ends", test_thread_ends);
  g_test_add_func ("/exit/thread-leaves", test_thread_leaves);
  return g_test_run ();
}
