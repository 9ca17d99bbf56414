/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A recipient's data is released once, at the recipient's home, whichever thread drops it. */

#include "test-util.h"
#include "dispatcher/loft-recipient-private.h"

typedef struct
{
  LoftRecipient to;
  GThread *released_on; /* set once, before `released` */
  int n_released;       /* atomic */
  TestEvent released;
} Case;

static void
on_release (gpointer data)
{
  Case *one = data;

  one->released_on = g_thread_self ();
  __atomic_fetch_add (&one->n_released, 1, __ATOMIC_ACQ_REL);
  test_event_set (&one->released);
}

static void
init_case (Case    *one,
           gboolean agile)
{
  *one = (Case) { .released = TEST_EVENT_INIT };
  loft_recipient_init (&one->to, agile, G_CALLBACK (on_release), one, on_release);
}

static void *
clear (void *data)
{
  loft_recipient_clear (&((Case *) data)->to);
  return NULL;
}

static void *
init_in_mta (void *data)
{
  init_case (data, FALSE);
  return NULL;
}

/* The main thread made it, another thread drops it: its data waits for the main thread. */
static void
test_at_home (void)
{
  Case one;

  init_case (&one, FALSE);
  g_assert_true (one.to.home == loft_dispatcher_get_default ());
  g_assert_false (loft_recipient_is_in_mta (&one.to));
  test_on_thread (clear, &one);
  g_assert_cmpint (one.n_released, ==, 0);
  test_run_until (NULL, &one.n_released);
  g_assert_true (one.released_on == g_thread_self ());
}

/* A thread of the MTA made it, the main thread drops it: a worker of the pool releases the data. */
static void
test_in_mta (void)
{
  Case one;

  test_on_thread (init_in_mta, &one);
  g_assert_true (loft_recipient_is_in_mta (&one.to));
  clear (&one);
  test_event_wait (&one.released);
  g_assert_true (one.released_on != g_thread_self ());
}

/* An agile one has no home: the data is released by whoever drops it. */
static void
test_agile (void)
{
  Case one;

  init_case (&one, TRUE);
  g_assert_null (one.to.home);
  g_assert_false (loft_recipient_is_in_mta (&one.to));
  clear (&one);
  g_assert_true (one.released_on == g_thread_self ());
}

/* The data goes before the recipient does, and only once. */
static void
test_once (void)
{
  Case one;

  init_case (&one, FALSE);
  loft_recipient_release_data (&one.to);
  g_assert_cmpint (one.n_released, ==, 1);
  loft_recipient_release_data (&one.to);
  loft_recipient_clear (&one.to);
  g_assert_cmpint (one.n_released, ==, 1);
  g_assert_null (one.to.home);
}

static void *
init_and_end (void *data)
{
  GMainContext *context = g_main_context_new ();
  LoftDispatcherController *controller;

  g_main_context_push_thread_default (context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  init_case (data, FALSE);
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  g_object_unref (controller);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

/* The home has shut down: the data is released here, and counted. */
static void
test_home_gone (void)
{
  g_autoptr (LoftDispatcher) dispatcher = NULL;
  Case one;
  guint64 before;

  test_on_thread (init_and_end, &one);
  dispatcher = g_object_ref (one.to.home);
  before = loft_dispatcher_get_undelivered (dispatcher);
  clear (&one);
  g_assert_true (one.released_on == g_thread_self ());
  g_assert_cmpuint (loft_dispatcher_get_undelivered (dispatcher), ==, before + 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recipient/at-home", test_at_home);
  g_test_add_func ("/recipient/in-mta", test_in_mta);
  g_test_add_func ("/recipient/agile", test_agile);
  g_test_add_func ("/recipient/once", test_once);
  g_test_add_func ("/recipient/home-gone", test_home_gone);
  return g_test_run ();
}
