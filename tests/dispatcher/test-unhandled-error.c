/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An error that nobody looked at is reported once, and only if it was looked at on none of the
 * branches that pass it on. If nobody runs a loop, it is reported on the pool. */

#include "controlled.h"

static int heard;
static gboolean heard_on_pool;

static gboolean
on_unhandled (LoftDispatcher *dispatcher,
              GError         *error,
              const char     *source,
              gpointer        data)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  heard_on_pool = test_is_on_pool ();
  test_count (&heard);
  return TRUE;
}

static gboolean
look (LoftAsyncInfo *antecedent,
      gpointer       counter,
      GError       **error)
{
  if (counter != NULL)
    test_count (counter);
  return TRUE;
}

static LoftAction *
begin (void)
{
  heard = 0;
  return loft_action_new ();
}

static void
fail (LoftAction *action)
{
  loft_async_base_fail (LOFT_ASYNC_BASE (action),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as asked"));
  g_object_unref (action);
  test_drain (NULL);
}

/* Forgets another object that passes the error of @action on. */
static void
forget_beside (LoftAction *action,
               int         form)
{
  LoftAsyncInfo *info = LOFT_ASYNC_INFO (action);
  gpointer beside;

  switch (form)
    {
    case 0: beside = loft_async_info_always (info, look, NULL, NULL); break;
    case 1: beside = loft_async_info_continue_with (info, look, NULL, NULL); break;
    case 2: beside = loft_with_timeout (info, G_TIME_SPAN_DAY); break;
    default:
      /* This one goes on, whether or not anybody holds it. */
      beside = loft_when_all (&info, 1, LOFT_WHEN_CANCEL_LOSERS);
      break;
    }
  loft_async_info_forget (beside);
}

#define N_FORMS 4

static void
test_handled_on_another_branch (void)
{
  for (int form = 0; form < N_FORMS; form++)
    {
      LoftAction *action = begin ();
      int handled = 0;

      forget_beside (action, form);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL,
                                     NULL);
      fail (action);
      g_assert_cmpint (handled, ==, 1);
      g_assert_cmpint (heard, ==, 0);
    }
}

/* A recover on another branch looks at the error, whichever of the two branches comes first. */
static void
test_recovered_on_another_branch (void)
{
  for (int form = 0; form < N_FORMS; form++)
    for (int first = 0; first < 2; first++)
      {
        LoftAction *action = begin ();
        int handled = 0;

        if (first == 0)
          forget_beside (action, form);
        loft_async_info_forget (LOFT_ASYNC_INFO (
          loft_async_info_recover (LOFT_ASYNC_INFO (action), look, &handled, NULL)));
        if (first == 1)
          forget_beside (action, form);
        fail (action);
        g_assert_cmpint (handled, ==, 1);
        g_assert_cmpint (heard, ==, 0);
      }
}

/* A continuation further down may look at the error, which remains the same however far it is
 * passed on. */
static void
test_handled_further_down (void)
{
  LoftAction *action = begin ();
  g_autoptr (LoftAsyncAction)
    passed = loft_async_info_always (LOFT_ASYNC_INFO (action), look, NULL, NULL);
  int handled = 0;

  forget_beside (action, 0);
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_async_info_recover (LOFT_ASYNC_INFO (passed), look, &handled, NULL)));
  g_clear_object (&passed);
  fail (action);
  g_assert_cmpint (handled, ==, 1);
  g_assert_cmpint (heard, ==, 0);
}

static void
test_nobody_looked (void)
{
  for (int form = 0; form < N_FORMS; form++)
    {
      LoftAction *action = begin ();

      forget_beside (action, form);
      forget_beside (action, 0);
      fail (action);
      g_assert_cmpint (heard, ==, 1);
    }
}

/* The continuation that would have passed the error on was cancelled before. */
static void
test_left_before (void)
{
  LoftAction *action = begin ();
  g_autoptr (LoftAsyncAction)
    continuation = loft_async_info_always (LOFT_ASYNC_INFO (action), look, NULL, NULL);

  loft_async_info_cancel (LOFT_ASYNC_INFO (continuation));
  fail (action);
  g_assert_cmpint (heard, ==, 1);
}

static void
test_in_a_group (void)
{
  for (int looked = 0; looked < 2; looked++)
    {
      LoftAction *action = begin ();
      LoftTaskGroup *group = loft_task_group_new (0);
      int handled = 0;

      g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (action)));
      g_object_unref (group);
      if (looked)
        loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed, &handled, NULL,
                                       NULL);
      fail (action);
      g_assert_cmpint (heard, ==, looked ? 0 : 1);
    }
}

static gboolean
never (GObject         *object,
       LoftAsyncAction *action,
       gpointer         data,
       GError         **error)
{
  g_assert_not_reached ();
}

/* Programs often end with a hop to a home that is gone, or with a continuation that should run
 * there. If these are forgotten, they report nothing. */
static void
test_home_gone (void)
{
  LoftAction *antecedent = begin ();
  g_autoptr (LoftAgileReference) reference = NULL;
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  LoftAsyncAction *hop;
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  reference = loft_agile_reference_new (object);
  {
    g_autoptr (LoftDispatcherController)
      controller = loft_dispatcher_controller_new_on_current_thread (NULL);

    loft_async_info_forget (
      LOFT_ASYNC_INFO (loft_async_info_always (LOFT_ASYNC_INFO (antecedent), look, NULL, NULL)));
    loft_dispatcher_controller_shutdown (controller, NULL);
  }
  g_main_context_pop_thread_default (context);

  hop = loft_agile_reference_run_async (reference, LOFT_PRIORITY_NORMAL, never, NULL, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (hop), NULL));
  loft_async_info_forget (LOFT_ASYNC_INFO (hop));
  loft_action_complete (antecedent);
  g_object_unref (antecedent);
  test_drain (NULL);
  g_assert_cmpint (heard, ==, 0);
  g_main_context_unref (context);
}

/* In a console program the main thread is in the MTA, and nobody runs the default context. The
 * error is then reported on the pool. */
static void *
fail_in_mta (void *data)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_fail, NULL, NULL)));
  return NULL;
}

static void
test_without_a_loop (void)
{
  heard = 0;
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  fail_in_mta (NULL);
  while (test_get (&heard) == 0)
    sched_yield ();
  g_assert_true (heard_on_pool);
  loft_apartment_uninit ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_signal_connect (loft_dispatcher_get_default (), "unhandled-error", G_CALLBACK (on_unhandled),
                    NULL);
  g_test_add_func ("/unhandled-error/handled-on-another-branch", test_handled_on_another_branch);
  g_test_add_func ("/unhandled-error/recovered-on-another-branch",
                   test_recovered_on_another_branch);
  g_test_add_func ("/unhandled-error/handled-further-down", test_handled_further_down);
  g_test_add_func ("/unhandled-error/nobody-looked", test_nobody_looked);
  g_test_add_func ("/unhandled-error/left-before", test_left_before);
  g_test_add_func ("/unhandled-error/in-a-group", test_in_a_group);
  g_test_add_func ("/unhandled-error/home-gone", test_home_gone);
  g_test_add_func ("/unhandled-error/without-a-loop", test_without_a_loop);
  return g_test_run ();
}
