/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher ends: a GApplication quits with a thousand items posted, work is posted after
 * that, homes are gone, and at exit the process names work that nobody ran. Each case runs in a
 * process of its own. */

#include "test-util.h"

#define N 1000

typedef struct
{
  GApplication *application;
  LoftAsyncAction *actions[N];
  LoftAsyncAction *delayed;
  LoftAction *pending;
  LoftAsyncAction *continued;
  int ran;
  int ended;
  int released;
  int starting;
  int completed;
} App;

static void
on_starting (LoftDispatcher *dispatcher,
             gpointer        user_data)
{
  App *app = user_data;

  app->starting++;
  g_assert_false (loft_dispatcher_is_shut_down (dispatcher)); /* posting is still open */
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, test_count, &app->ran, NULL));
}

static void
on_shut_down (LoftDispatcher *dispatcher,
              gpointer        user_data)
{
  App *app = user_data;

  app->completed++;
  g_assert_cmpint (app->ran, ==, N + 1);
  g_assert_true (loft_dispatcher_is_shut_down (dispatcher));
}

static gboolean
never_runs (LoftAsyncInfo *antecedent,
            gpointer       user_data,
            GError       **error)
{
  g_assert_not_reached ();
}

static void
on_activate (GApplication *application,
             gpointer      user_data)
{
  App *app = user_data;
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();

  g_signal_connect (dispatcher, "shutdown-starting", G_CALLBACK (on_starting), app);
  g_signal_connect (dispatcher, "shutdown-completed", G_CALLBACK (on_shut_down), app);
  for (int i = 0; i < N; i++)
    {
      app->actions[i] = loft_dispatcher_run_async (dispatcher, i % 4 - 2, test_succeed, &app->ran,
                                                   NULL);
      loft_async_info_add_observer (LOFT_ASYNC_INFO (app->actions[i]), test_on_completed,
                                    &app->ended, NULL);
    }
  app->delayed = loft_dispatcher_run_delayed_async (dispatcher, 0, G_TIME_SPAN_HOUR, test_succeed,
                                                    &app->released, test_count);
  app->pending = loft_action_new ();
  loft_async_info_set_completed (LOFT_ASYNC_INFO (app->pending), test_on_completed, &app->ran,
                                 test_count, NULL);
  app->continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (app->pending), never_runs, NULL,
                                                  NULL);
  g_application_quit (application);
}

static App *
run_application (void)
{
  App *app = g_new0 (App, 1);

  app->application = g_application_new ("org.example.Loft", G_APPLICATION_NON_UNIQUE);
  loft_dispatcher_attach_application (app->application);
  g_signal_connect (app->application, "activate", G_CALLBACK (on_activate), app);
  g_application_run (app->application, 0, NULL);
  return app;
}

/* Ends the action that was left open. Its continuation fails because its home is gone, and somebody
 * must look at that error. */
static void
free_application (App *app)
{
  g_autoptr (GError) error = NULL;

  loft_action_complete (app->pending);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (app->continued), NULL));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (app->continued));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  for (int i = 0; i < N; i++)
    g_object_unref (app->actions[i]);
  g_object_unref (app->delayed);
  g_object_unref (app->pending);
  g_object_unref (app->continued);
  g_object_unref (app->application);
  g_free (app);
}

/* Returns whether this is the process in which the test runs. It has a process of its own, because
 * the default dispatcher ends only once. */
static gboolean
in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  return FALSE;
}

static void
test_application (void)
{
  App *app;

  if (!in_subprocess ())
    return;
  app = run_application ();
  g_assert_cmpint (app->starting, ==, 1);
  g_assert_cmpint (app->completed, ==, 1);
  g_assert_cmpint (app->ended, ==, N);
  for (int i = 0; i < N; i++)
    assert_status (app->actions[i], COMPLETED);
  assert_status (app->delayed, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (app->delayed)), ==,
                   LOFT_CANCEL_REASON_SHUT_DOWN);
  g_assert_cmpint (app->released, ==, 1);
  free_application (app);
}

/* After the shutdown a post is visibly refused, and its data is released. */
static void
test_posts_after (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAsyncAction) action = NULL, owned = NULL, delayed = NULL, inlined = NULL;
  g_autoptr (LoftAsyncOperation) tried = NULL;
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int ran = 0, released = 0;
  App *app;

  if (!in_subprocess ())
    return;
  app = run_application ();
  action = loft_dispatcher_run_async (dispatcher, 0, test_succeed, &released, test_count);
  assert_status (action, CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_SHUT_DOWN);
  g_assert_cmpint (released, ==, 1);
  tried = loft_dispatcher_try_run_async (dispatcher, 0, test_succeed, &ran, NULL);
  assert_status (tried, COMPLETED);
  g_assert_false (loft_async_operation_get_boolean (tried, NULL));
  owned = loft_dispatcher_run_for_async (dispatcher, 0, owner, test_succeed, &ran, NULL);
  assert_status (owned, CANCELED);
  delayed = loft_dispatcher_run_delayed_async (dispatcher, 0, 1, test_succeed, &released,
                                               test_count);
  assert_status (delayed, CANCELED);
  g_assert_cmpint (released, ==, 2);
  inlined = loft_dispatcher_invoke_async (dispatcher, 0, test_succeed, &ran, NULL);
  assert_status (inlined, CANCELED);
  g_assert_false (loft_dispatcher_try_enqueue (dispatcher, 0, test_count, &released, test_count));
  g_assert_cmpint (released, ==, 3);
  g_assert_cmpint (ran, ==, 0);
  free_application (app);
}

static void *
complete_pending (void *pending)
{
  loft_action_complete (pending);
  return NULL;
}

/* If the home is gone, the completed handler is dropped and counted. Whoever waits for a
 * continuation gets the error DISCONNECTED. */
static void
test_home_gone (void)
{
  App *app;
  int ran;

  if (!in_subprocess ())
    return;
  app = run_application ();
  ran = app->ran;
  g_assert_cmpuint (loft_dispatcher_get_undelivered (loft_dispatcher_get_default ()), ==, 0);
  test_on_thread (complete_pending, app->pending);
  g_assert_cmpint (app->ran, ==, ran + 1); /* only its data was released */
  g_assert_cmpuint (loft_dispatcher_get_undelivered (loft_dispatcher_get_default ()), >=, 1);
  free_application (app);
}

/* At exit the items that are left are named, including delayed work, and no callback is called, not
 * even a destroy notify. */

static void
say_released (gpointer name)
{
  g_printerr ("released %s\n", (char *) name);
}

static void
on_left_over (LoftAsyncInfo   *info,
              LoftAsyncStatus  status,
              gpointer         data)
{
  g_printerr ("told of status %d\n", status);
}

static void
test_exit (void)
{
  GMainContext *context = NULL;
  LoftDispatcher *dispatcher = NULL;
  LoftAsyncAction *left_over;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr_unmatched ("*released*");
      g_test_trap_assert_stderr_unmatched ("*told of*");
      g_test_trap_assert_stderr ("*3 queued items never ran*test_exit () at *test-shutdown.c*");
      return;
    }
  g_log_writer_default_set_use_stderr (TRUE);
  context = g_main_context_new ();
  dispatcher = loft_dispatcher_get_for_context (context);
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_dispatcher_run_async (dispatcher, 0, test_succeed, NULL, NULL)));
  loft_dispatcher_try_enqueue (dispatcher, 0, say_released, (gpointer) "post", say_released);
  left_over = loft_dispatcher_run_delayed_async (dispatcher, 0, G_TIME_SPAN_HOUR, test_succeed,
                                                 (gpointer) "delayed", say_released);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (left_over), on_left_over, NULL, NULL);
  g_object_unref (left_over);
  g_object_unref (dispatcher);
  g_main_context_unref (context);
  exit (0);
}

/* If somebody still runs a loop after the shutdown, the callback of an asynchronous wait is called
 * there. */
static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      counter)
{
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  test_count (counter);
}

static void
test_wait_async_after (void)
{
  g_autoptr (LoftAction) action = NULL;
  int waited = 0;
  App *app;

  if (!in_subprocess ())
    return;
  app = run_application ();
  action = loft_action_new ();
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, on_waited, &waited);
  loft_action_complete (action);
  test_run_until (NULL, &waited);
  free_application (app);
}

/* The error of the call says that the dispatcher was shut down. */
static void
test_call_after (void)
{
  g_autoptr (GError) error = NULL;
  App *app;

  if (!in_subprocess ())
    return;
  app = run_application ();
  g_assert_false (
    loft_dispatcher_call (loft_dispatcher_get_default (), test_succeed, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  free_application (app);
}

/* If the home is gone, each delivery is counted: a report, a handler's data, and the data of pool
 * work. */
static void *
report_and_end (void *action)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  loft_async_base_report_progress (action, &value);
  loft_action_complete (action);
  return NULL;
}

static void
never_reported (LoftAsyncInfo *sender,
                const GValue  *progress,
                gpointer       data)
{
  g_assert_not_reached ();
}

static int gate_released;

static void
release_gate (gpointer gate)
{
  test_count (&gate_released);
}

static void
test_home_gone_counts (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) pooled = NULL;
  g_autoptr (LoftAction) action = NULL;
  int released = 0;
  guint64 before;
  App *app;

  if (!in_subprocess ())
    return;
  action = loft_action_new_with_progress (G_TYPE_INT);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), LOFT_PROGRESS_ALL,
                                         never_reported, &released, test_count, NULL);
  pooled = loft_thread_pool_run_async (test_hold, &gate, release_gate);
  app = run_application ();
  before = loft_dispatcher_get_undelivered (d);
  test_on_thread (report_and_end, action);
  /* The report, and the handler's data. */
  g_assert_cmpuint (loft_dispatcher_get_undelivered (d), ==, before + 2);
  g_assert_cmpint (released, ==, 1);

  g_assert_cmpint (gate_released, ==, 0);
  test_event_set (&gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (pooled), NULL));
  g_assert_cmpuint (loft_dispatcher_get_undelivered (d), ==, before + 3);
  g_assert_cmpint (test_get (&gate_released), ==, 1);
  free_application (app);
}

/* A continuation whose home is gone is ended on the pool, so its agile handlers run there. */

static int unwound;

static void
on_unwound (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         ender)
{
  g_autoptr (GError) error = loft_async_info_dup_error (sender);

  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_true (g_thread_self () != ender);
  g_assert_false (loft_apartment_is_sta ());
  test_count (&unwound);
}

static void
test_home_gone_unwinds (void)
{
  App *app;

  if (!in_subprocess ())
    return;
  app = run_application ();
  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (app->continued), on_unwound,
                                       g_thread_self (), NULL, NULL);
  free_application (app);
  while (test_get (&unwound) == 0)
    sched_yield ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shutdown/application", test_application);
  g_test_add_func ("/shutdown/posts-after", test_posts_after);
  g_test_add_func ("/shutdown/home-gone", test_home_gone);
  g_test_add_func ("/shutdown/exit", test_exit);
  g_test_add_func ("/shutdown/wait-async-after", test_wait_async_after);
  g_test_add_func ("/shutdown/call-after", test_call_after);
  g_test_add_func ("/shutdown/home-gone-counts", test_home_gone_counts);
  g_test_add_func ("/shutdown/home-gone-unwinds", test_home_gone_unwinds);
  return g_test_run ();
}
