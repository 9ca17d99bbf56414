/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The loop of a dispatcher. Delayed work runs when it is due, many posts cause one wake-up, and a
 * loop that has nothing to do sleeps. */

#include "clocked-loop.h"

#include <dlfcn.h>

static gboolean
note_action (LoftAsyncAction *action,
             gpointer         name,
             GError         **error)
{
  g_string_append (fixture.log, name);
  return TRUE;
}

static void
test_delayed (void)
{
  g_autoptr (LoftAsyncAction) late = NULL, soon = NULL, canceled = NULL, never = NULL;
  int released = 0;

  set_up ();
  late = loft_dispatcher_run_delayed_async (fixture.dispatcher, 0, 2000, note_action, "late", NULL);
  soon = loft_dispatcher_run_delayed_async (fixture.dispatcher, 0, 1000, note_action, "soon", NULL);
  canceled = loft_dispatcher_run_delayed_async (fixture.dispatcher, 0, 500, test_succeed, &released,
                                                test_count);
  never = loft_dispatcher_run_delayed_async (fixture.dispatcher, 0, G_MAXINT64, note_action,
                                             "never", NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (canceled)));
  advance (999);
  test_drain (fixture.context);
  g_assert_cmpint (released, ==, 1);
  g_assert_cmpstr (fixture.log->str, ==, "");
  advance (1);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "soon");
  g_assert_true (loft_dispatcher_set_item_priority (fixture.dispatcher, LOFT_ASYNC_INFO (late),
                                                    LOFT_PRIORITY_HIGH));
  advance (5000);
  test_drain (fixture.context);
  g_assert_cmpstr (fixture.log->str, ==, "soonlate");
  assert_status (late, COMPLETED);
  loft_async_info_cancel (LOFT_ASYNC_INFO (never));
  tear_down ();
}

/* With the real clock, delayed work runs, and not before its time. */
static void
test_delayed_for_real (void)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;

  action = loft_dispatcher_run_delayed_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW,
                                              20000, test_succeed, &ran, NULL);
  test_run_until_ended (NULL, action);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 20000);
}

/* Many posts wake the loop once, and posts to a loop that is awake do not wake it at all. This
 * function is called in place of GLib's, and counts the wake-ups. */

static int wakeups;

void
g_main_context_wakeup (GMainContext *context)
{
  static void (*real) (GMainContext *);

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "g_main_context_wakeup");
  if (context == fixture.context)
    test_count (&wakeups);
  real (context);
}

/* Asks the sources, as a loop does before it sleeps. Returns for how many ms the loop would sleep;
 * -1 means until it is woken. */
static int
go_to_sleep (void)
{
  GPollFD fds[8];
  int priority, timeout = 0;

  g_assert_false (g_main_context_prepare (fixture.context, &priority));
  g_assert_cmpint (g_main_context_query (fixture.context, G_MAXINT, &timeout, fds,
                                         G_N_ELEMENTS (fds)),
                   <=, 8);
  return timeout;
}

static void
post_more (gpointer name)
{
  g_string_append (fixture.log, name);
  for (int i = 0; i < 100; i++)
    loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_NORMAL, test_count, &wakeups,
                                 NULL);
  g_assert_cmpint (test_get (&wakeups), ==, 0);
}

static void *
post_many (void *counter)
{
  for (int i = 0; i < 1000; i++)
    for (int priority = LOFT_PRIORITY_IDLE; priority <= LOFT_PRIORITY_HIGH; priority++)
      loft_dispatcher_try_enqueue (fixture.dispatcher, priority, test_count, counter, NULL);
  return NULL;
}

static void
test_one_wake_up (void)
{
  int ran = 0;

  set_up ();
  g_assert_true (g_main_context_acquire (fixture.context));
  wakeups = 0;
  go_to_sleep ();
  test_on_thread (post_many, &ran);
  g_assert_cmpint (test_get (&wakeups), ==, 1);
  g_main_context_release (fixture.context);
  test_drain (fixture.context);
  g_assert_cmpint (ran, ==, 4000);

  /* The posts of an item need no wake-up, because the loop is awake. */
  loft_dispatcher_try_enqueue (fixture.dispatcher, LOFT_PRIORITY_NORMAL, post_more, "p", NULL);
  wakeups = 0;
  g_main_context_iteration (fixture.context, FALSE);
  g_assert_cmpstr (fixture.log->str, ==, "p");
  tear_down ();
}

/* A loop that has nothing to do may sleep until it is woken. With delayed work, it may sleep until
 * that is due. */
static void
test_idle_sleeps (void)
{
  g_autoptr (LoftAsyncAction) delayed = NULL;

  set_up ();
  g_assert_true (g_main_context_acquire (fixture.context));
  g_assert_cmpint (go_to_sleep (), ==, -1);
  delayed = loft_dispatcher_run_delayed_async (fixture.dispatcher, LOFT_PRIORITY_LOW,
                                               20 * G_TIME_SPAN_MILLISECOND, test_succeed, NULL,
                                               NULL);
  g_assert_cmpint (go_to_sleep (), ==, 20);
  loft_async_info_cancel (LOFT_ASYNC_INFO (delayed));
  test_drain (fixture.context); /* its data is released */
  g_assert_cmpint (go_to_sleep (), ==, -1);
  g_main_context_release (fixture.context);
  tear_down ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loop/delayed", test_delayed);
  g_test_add_func ("/loop/delayed-for-real", test_delayed_for_real);
  g_test_add_func ("/loop/one-wake-up", test_one_wake_up);
  g_test_add_func ("/loop/idle-sleeps", test_idle_sleeps);
  return g_test_run ();
}
