/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Programs that drive a main context by hand may look at it, or iterate it, between the query and
 * the poll. A post ends every poll all the same. */

#include "test-util.h"

static GMainContext *context;
static LoftDispatcher *dispatcher;
static TestEvent about_to_poll;

static void *
post_when_it_polls (void *counter)
{
  test_event_wait (&about_to_poll);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, test_count, counter, NULL));
  return NULL;
}

static gint
poll_at_last (GPollFD *fds,
              guint    n,
              gint     timeout)
{
  test_event_set (&about_to_poll);
  return g_poll (fds, n, timeout);
}

static gint
poll_after_looking (GPollFD *fds,
                    guint    n,
                    gint     timeout)
{
  g_main_context_set_poll_func (context, g_poll);
  while (g_main_context_pending (context))
    g_main_context_iteration (context, FALSE);
  return poll_at_last (fds, n, timeout);
}

static gint
poll_after_turning (GPollFD *fds,
                    guint    n,
                    gint     timeout)
{
  g_main_context_set_poll_func (context, g_poll);
  g_main_context_iteration (context, FALSE);
  return poll_at_last (fds, n, timeout);
}

/* One turn with @poll_func, which would last for ever if the post did not end it. */
static void
turn_with (GPollFunc poll_func,
           int       items)
{
  pthread_t thread;
  int ran = 0;

  context = g_main_context_new ();
  dispatcher = loft_dispatcher_get_for_context (context);
  about_to_poll = (TestEvent) TEST_EVENT_INIT;
  pthread_create (&thread, NULL, post_when_it_polls, &ran);
  g_main_context_set_poll_func (context, poll_func);
  g_main_context_iteration (context, TRUE);
  g_main_context_set_poll_func (context, g_poll);
  pthread_join (thread, NULL);
  test_drain (context);
  g_assert_cmpint (ran, ==, items);
  g_object_unref (dispatcher);
  g_main_context_unref (context);
}

static void
test_looks (void)
{
  turn_with (poll_after_looking, 1);
}

static void
test_turns (void)
{
  turn_with (poll_after_turning, 1);
}

/* The turn inside of the poll function runs an item that posts another item to a lower lane, or
 * sets a timer. */
static void
post_lower (gpointer counter)
{
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, test_count, counter, NULL));
}

static void
set_timer (gpointer counter)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_delayed_async (dispatcher, 0, 1, test_succeed, counter, NULL)));
}

static LoftQueueHandler inner;
static int inner_ran;

static gint
poll_after_running (GPollFD *fds,
                    guint    n,
                    gint     timeout)
{
  g_main_context_set_poll_func (context, g_poll);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, inner, &inner_ran, NULL));
  g_main_context_iteration (context, FALSE);
  return g_poll (fds, n, timeout);
}

static void
run_inside (LoftQueueHandler handler)
{
  inner = handler;
  inner_ran = 0;
  context = g_main_context_new ();
  dispatcher = loft_dispatcher_get_for_context (context);
  g_main_context_set_poll_func (context, poll_after_running);
  g_main_context_iteration (context, TRUE);
  test_run_until (context, &inner_ran);
  g_object_unref (dispatcher);
  g_main_context_unref (context);
}

static void
test_item_inside (void)
{
  run_inside (post_lower);
}

static void
test_timer_inside (void)
{
  run_inside (set_timer);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign-loop/looks", test_looks);
  g_test_add_func ("/foreign-loop/turns", test_turns);
  g_test_add_func ("/foreign-loop/item-inside", test_item_inside);
  g_test_add_func ("/foreign-loop/timer-inside", test_timer_inside);
  return g_test_run ();
}
