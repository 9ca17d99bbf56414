/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which apartment a thread is in, and how it enters and leaves one. The main thread stays what it
 * is: an STA that nobody initialized. */

#include "test-util.h"

static void
test_main_thread (void)
{
  LoftApartmentType type = LOFT_APARTMENT_MTA;
  LoftApartmentQualifier qualifier = LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA;

  g_assert_true (loft_apartment_is_sta ());
  g_assert_true (loft_apartment_query (&type, &qualifier, NULL));
  g_assert_cmpint (type, ==, LOFT_APARTMENT_MAIN_STA);
  g_assert_cmpint (qualifier, ==, LOFT_APARTMENT_QUALIFIER_NONE);
}

static void *
on_bare_thread (void *data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_is_sta ());
  g_assert_false (loft_apartment_query (NULL, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_NOT_INITIALIZED);
  return NULL;
}

static void
test_bare_thread (void)
{
  test_on_thread (on_bare_thread, NULL);
}

static void *
on_bare_thread_beside_mta (void *data)
{
  LoftApartmentType type;
  LoftApartmentQualifier qualifier;

  g_assert_true (loft_apartment_query (&type, &qualifier, NULL));
  g_assert_cmpint (type, ==, LOFT_APARTMENT_MTA);
  g_assert_cmpint (qualifier, ==, LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA);
  /* The implicit MTA binds nobody, so this thread may enter an STA. */
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  g_assert_true (loft_apartment_is_sta ());
  loft_apartment_uninit ();
  return NULL;
}

static void *
on_mta_thread (void *data)
{
  g_autoptr (GError) error = NULL;
  LoftApartmentQualifier qualifier;
  LoftApartmentType type;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  g_assert_false (loft_apartment_init (LOFT_APARTMENT_STA, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE);
  loft_apartment_uninit ();
  g_assert_true (loft_apartment_query (&type, &qualifier, NULL));
  g_assert_cmpint (type, ==, LOFT_APARTMENT_MTA);
  g_assert_cmpint (qualifier, ==, LOFT_APARTMENT_QUALIFIER_NONE);
  test_on_thread (on_bare_thread_beside_mta, NULL);
  loft_apartment_uninit ();
  g_assert_false (loft_apartment_query (NULL, NULL, NULL));
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL)); /* any mode after leaving */
  return NULL; /* a thread that ends leaves by itself */
}

static void
test_mta (void)
{
  test_on_thread (on_mta_thread, NULL);
  test_on_thread (on_bare_thread, NULL);
}

/* A thread that enters an STA and has no context gets one. */
static void *
on_sta_thread (void *data)
{
  g_autoptr (LoftDispatcher) here = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;
  int ran = 0;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  g_assert_false (loft_apartment_init (LOFT_APARTMENT_MTA, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE);
  here = loft_dispatcher_get_for_current_thread ();
  g_assert_nonnull (here);
  g_assert_true (here != loft_dispatcher_get_default ());
  action = loft_dispatcher_run_async (here, LOFT_PRIORITY_NORMAL, test_succeed, &ran, NULL);
  test_run_until_ended (loft_dispatcher_get_context (here), action);
  g_assert_cmpint (ran, ==, 1);
  loft_apartment_uninit ();
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return NULL;
}

static void
test_sta (void)
{
  test_on_thread (on_sta_thread, NULL);
}

/* The main STA is that of the main thread. While the main thread is in the MTA, it is the first STA
 * that another thread enters. */

static void *
enter_sta (void *expected)
{
  LoftApartmentType type;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  g_assert_true (loft_apartment_query (&type, NULL, NULL));
  g_assert_cmpint (type, ==, *(LoftApartmentType *) expected);
  loft_apartment_uninit ();
  return NULL;
}

static void
test_main_sta (void)
{
  LoftApartmentType expected = LOFT_APARTMENT_STA;

  test_on_thread (enter_sta, &expected);
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_MTA, NULL));
  expected = LOFT_APARTMENT_MAIN_STA;
  test_on_thread (enter_sta, &expected);
  loft_apartment_uninit ();
  expected = LOFT_APARTMENT_STA;
  test_on_thread (enter_sta, &expected);
}

static void
test_bad_calls (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_init (LOFT_APARTMENT_MAIN_STA, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL,
                         "loft_apartment_uninit: this thread has entered no apartment");
  loft_apartment_uninit ();
  g_test_assert_expected_messages ();
}

static gboolean
enter_mta_in_an_item (LoftAsyncAction *action,
                      gpointer         user_data,
                      GError         **error)
{
  return loft_apartment_init (LOFT_APARTMENT_MTA, error);
}

/* A thread that runs a context is an STA, and can't enter the MTA. */
static void
test_running_a_context (void)
{
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0,
                                                                  enter_mta_in_an_item, NULL, NULL);
  g_autoptr (GError) error = NULL;

  test_drain (NULL);
  g_assert_false (loft_async_action_get_results (action, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE);
}

/* When a thread leaves an STA, or ends in one, its dispatcher ends. Items that were posted run if
 * the thread leaves, and are cancelled or released if it ends. Nobody waits for them for ever. */

typedef struct
{
  gboolean leaves; /* the thread leaves before it ends */
  LoftAction *first;
  LoftAsyncAction *continued;
  LoftAsyncAction *queued;
  LoftDispatcher *dispatcher;
  int ran;
  int released;
} Inhabitant;

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  test_count (data);
  return TRUE;
}

static void *
live_in_an_sta (void *data)
{
  Inhabitant *one = data;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  one->dispatcher = loft_dispatcher_get_for_current_thread ();
  one->queued = loft_dispatcher_run_async (one->dispatcher, 0, test_succeed, &one->ran, NULL);
  one->continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (one->first), go_on, &one->ran,
                                                  NULL);
  g_assert_true (
    loft_dispatcher_try_enqueue (one->dispatcher, 0, test_count, &one->ran, test_count));
  if (one->leaves)
    loft_apartment_uninit ();
  return NULL;
}

static void *
look_at_what_is_left (void *data)
{
  Inhabitant *one = data;
  g_autoptr (GError) error = NULL;

  loft_action_complete (one->first);
  g_assert_false (loft_async_action_get (one->continued, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_false (loft_dispatcher_try_enqueue (one->dispatcher, 0, test_count, &one->ran, NULL));
  return NULL;
}

static void
test_leaving_ends_its_dispatcher (void)
{
  for (int leaves = 0; leaves < 2; leaves++)
    {
      Inhabitant one = { .leaves = leaves, .first = loft_action_new () };

      test_on_thread (live_in_an_sta, &one);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (one.queued)));
      if (leaves)
        assert_status (one.queued, COMPLETED);
      else
        g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (one.queued)), ==,
                         LOFT_CANCEL_REASON_SHUT_DOWN);
      /* The post ran and its data was released, or the data was only released. */
      g_assert_cmpint (one.ran, ==, leaves ? 3 : 1);
      test_on_thread (look_at_what_is_left, &one);
      g_object_unref (one.queued);
      g_object_unref (one.continued);
      g_object_unref (one.first);
      g_object_unref (one.dispatcher);
    }
}

/* An item may leave the apartment while the thread is already leaving it. That is once too often,
 * and is either logged or ignored. */

static void
leave_too_often (gpointer unused)
{
  loft_apartment_uninit ();
}

static void *
leave_twice (void *unused)
{
  g_autoptr (LoftDispatcher) dispatcher = NULL;

  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  dispatcher = loft_dispatcher_get_for_current_thread ();
  loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL, leave_too_often, NULL, NULL);
  loft_apartment_uninit ();
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return NULL;
}

static void
test_leaves_while_leaving (void)
{
  test_on_thread (leave_twice, NULL);
}

/* When data is released because its home is gone, its destroy notify may wait for a continuation of
 * the same object that runs elsewhere. */

static gboolean
go_on_elsewhere (LoftAsyncInfo *antecedent,
                 gpointer       user_data,
                 GError       **error)
{
  return TRUE;
}

static void
wait_in_release (gpointer action)
{
  g_autoptr (LoftAsyncAction)
    next = loft_async_info_continue_with (action, go_on_elsewhere, NULL, NULL);

  g_assert_true (loft_async_action_get (next, NULL));
}

static void *
listen_and_leave (void *action)
{
  g_assert_true (loft_apartment_init (LOFT_APARTMENT_STA, NULL));
  g_assert_true (
    loft_async_info_set_completed (action, test_on_completed, action, wait_in_release, NULL));
  loft_apartment_uninit ();
  return NULL;
}

static void *
complete_action (void *action)
{
  g_assert_true (loft_action_complete (action));
  return NULL;
}

static void
test_wait_in_release (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  test_on_thread (listen_and_leave, action);
  test_on_thread (complete_action, action);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apartment/main-thread", test_main_thread);
  g_test_add_func ("/apartment/bare-thread", test_bare_thread);
  g_test_add_func ("/apartment/mta", test_mta);
  g_test_add_func ("/apartment/sta", test_sta);
  g_test_add_func ("/apartment/main-sta", test_main_sta);
  g_test_add_func ("/apartment/bad-calls", test_bad_calls);
  g_test_add_func ("/apartment/running-a-context", test_running_a_context);
  g_test_add_func ("/apartment/leaving-ends-its-dispatcher", test_leaving_ends_its_dispatcher);
  g_test_add_func ("/apartment/leaves-while-leaving", test_leaves_while_leaving);
  g_test_add_func ("/apartment/wait-in-release", test_wait_in_release);
  return g_test_run ();
}
