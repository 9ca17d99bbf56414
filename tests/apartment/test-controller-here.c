/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Controllers on the current thread: which dispatcher they adopt, who runs its loop, and threads
 * that end too early. */

#include "controlled.h"

static void *
bare_thread (void *unused)
{
  g_autoptr (LoftDispatcherController) second = NULL, late = NULL;
  g_autoptr (GError) error = NULL;
  Controlled c = { 0 };
  int ran = 0;

  c.controller = loft_dispatcher_controller_new_on_current_thread (&error);
  g_assert_no_error (error);
  controlled_watch (&c);
  g_assert_true (loft_dispatcher_has_thread_access (c.dispatcher));
  g_assert_true (loft_apartment_is_sta ());
  second = loft_dispatcher_controller_new_on_current_thread (&error);
  g_assert_null (second);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_clear_error (&error);

  g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, &ran, NULL));
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, &error));
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpint (c.completed, ==, 1);
  g_assert_false (loft_apartment_is_sta ()); /* the thread was bare before */
  controlled_free (&c);
  return NULL;
}

static void
test_bare_thread (void)
{
  test_on_thread (bare_thread, NULL);
}

/* After an asynchronous shutdown, or after the controller was dropped, the thread is bare again and
 * may have another controller. */
static void *
bare_thread_async (void *lets_go)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LoftAsyncAction) end = NULL;
      Controlled c = { 0 };

      c.controller = loft_dispatcher_controller_new_on_current_thread (NULL);
      g_assert_nonnull (c.controller);
      controlled_watch (&c);
      if (lets_go != NULL)
        g_clear_object (&c.controller);
      else
        end = loft_dispatcher_controller_shutdown_async (c.controller);
      while (!c.completed)
        g_main_context_iteration (loft_dispatcher_get_context (c.dispatcher), TRUE);
      g_assert_true (end == NULL || loft_async_info_has_ended (LOFT_ASYNC_INFO (end)));
      g_assert_false (loft_apartment_is_sta ());
      controlled_free (&c);
    }
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  loft_apartment_uninit ();
  return NULL;
}

static void
test_bare_thread_async (void)
{
  test_on_thread (bare_thread_async, NULL);
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*let go without a shutdown*");
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*let go without a shutdown*");
  test_on_thread (bare_thread_async, "let go");
  g_test_assert_expected_messages ();
}

static void *
mta_thread (void *unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  g_assert_null (loft_dispatcher_controller_new_on_current_thread (&error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE);
  loft_apartment_uninit ();
  return NULL;
}

static void
test_mta_thread (void)
{
  test_on_thread (mta_thread, NULL);
}

/* The controller adopts the dispatcher that is there. An asynchronous shutdown needs somebody to
 * run the loop. */
static void
test_adopts (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) there = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftAsyncAction) end = NULL;
  g_autoptr (GError) error = NULL;
  Controlled c = { 0 };

  g_main_context_push_thread_default (context);
  c.controller = loft_dispatcher_controller_new_on_current_thread (&error);
  g_assert_no_error (error);
  controlled_watch (&c);
  g_assert_true (c.dispatcher == there);
  end = loft_dispatcher_controller_shutdown_async (c.controller);
  g_assert_cmpint (c.starting, ==, 0);
  test_run_until_ended (context, end);
  g_assert_cmpint (c.completed, ==, 1);
  g_assert_null (loft_dispatcher_controller_new_on_current_thread (&error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_main_context_pop_thread_default (context);
  controlled_free (&c);
}

static gboolean
complete_later (gpointer deferral)
{
  loft_deferral_complete (deferral, NULL);
  return G_SOURCE_REMOVE;
}

/* The synchronous shutdown runs the loop while a deferral holds it up. */
static void
test_runs_the_loop (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDeferral) deferral = NULL;
  GSource *idle = g_idle_source_new ();
  Controlled c = { 0 };

  g_main_context_push_thread_default (context);
  c.controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  controlled_watch (&c);
  deferral = loft_dispatcher_hold_shutdown (c.dispatcher);
  g_source_set_callback (idle, complete_later, deferral, NULL);
  g_source_attach (idle, context);
  g_source_unref (idle);
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, NULL));
  g_assert_true (loft_deferral_is_complete (deferral));
  g_main_context_pop_thread_default (context);
  controlled_free (&c);
}

/* The main dispatcher can have a controller, too. The test runs in a process of its own, and at
 * exit nothing is left. */
static void
test_main_one (void)
{
  g_autoptr (GError) error = NULL;
  Controlled c = { 0 };
  int ran = 0;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  c.controller = loft_dispatcher_controller_new_on_current_thread (&error);
  g_assert_no_error (error);
  controlled_watch (&c);
  g_assert_true (c.dispatcher == loft_dispatcher_get_default ());
  g_assert_true (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, &ran, NULL));
  g_assert_true (loft_dispatcher_controller_shutdown (c.controller, &error));
  g_assert_cmpint (ran, ==, 1);
  controlled_free (&c);
}

/* If a thread ends before its shutdown is done, whoever waits for the shutdown gets an error. */
static void *
ends_too_early (void *out_end)
{
  LoftDispatcherController *controller = loft_dispatcher_controller_new_on_current_thread (NULL);

  *(LoftAsyncAction **) out_end = loft_dispatcher_controller_shutdown_async (controller);
  g_object_unref (controller);
  return NULL;
}

static void
test_ends_too_early (void)
{
  g_autoptr (LoftAsyncAction) end = NULL;
  g_autoptr (GError) error = NULL;

  test_on_thread (ends_too_early, &end);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (end)));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (end));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

static void
drop_controller (LoftDispatcher *dispatcher,
                 gpointer        out_controller)
{
  g_clear_object ((LoftDispatcherController **) out_controller);
}

static void *
drop_inside (void *unused)
{
  LoftDispatcherController *controller = loft_dispatcher_controller_new_on_current_thread (NULL);

  g_signal_connect (loft_dispatcher_controller_get_dispatcher (controller), "shutdown-completed",
                    G_CALLBACK (drop_controller), &controller);
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  g_assert_null (controller);
  g_assert_false (loft_apartment_is_sta ());
  return NULL;
}

/* The controller may be dropped inside of the shutdown, when the dispatcher has ended. */
static void
test_dropped_inside (void)
{
  test_on_thread (drop_inside, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller-here/bare-thread", test_bare_thread);
  g_test_add_func ("/controller-here/bare-thread-async", test_bare_thread_async);
  g_test_add_func ("/controller-here/mta-thread", test_mta_thread);
  g_test_add_func ("/controller-here/adopts", test_adopts);
  g_test_add_func ("/controller-here/runs-the-loop", test_runs_the_loop);
  g_test_add_func ("/controller-here/main-one", test_main_one);
  g_test_add_func ("/controller-here/ends-too-early", test_ends_too_early);
  g_test_add_func ("/controller-here/dropped-inside", test_dropped_inside);
  return g_test_run ();
}
