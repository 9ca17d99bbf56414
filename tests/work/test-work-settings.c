/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkSettings: the full forms of posting to the pool, a limiter and a dispatcher. They combine
 * a priority, a value, progress, an owner and a thread of the work's own. */

#include "several.h"

typedef enum { ON_POOL, ON_LIMITER, ON_DISPATCHER, N_PLACES } Place;

static LoftLimiter *limiter;
static int reports, released;

static gpointer
start (Place                 place,
       LoftWorkSettings     *settings,
       LoftOperationHandler  handler,
       gpointer              data)
{
  released = 0;
  switch (place)
    {
    case ON_POOL:
      return loft_thread_pool_run_operation_full_async (settings, G_TYPE_INT, handler, data, NULL);
    case ON_LIMITER:
      return loft_limiter_run_operation_full_async (limiter, settings, G_TYPE_INT, handler, data,
                                                    NULL);
    case ON_DISPATCHER:
    case N_PLACES:
    default:
      return loft_dispatcher_run_operation_full_async (loft_dispatcher_get_default (), settings,
                                                       G_TYPE_INT, handler, data, NULL);
    }
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       data)
{
  g_assert_cmpfloat (g_value_get_double (progress), ==, reports + 1);
  reports++;
}

static gboolean
report_and_give (LoftAsyncOperation *operation,
                 GValue             *result,
                 gpointer            data,
                 GError            **error)
{
  for (int i = 1; i <= 3; i++)
    loft_async_base_report_progress_double (LOFT_ASYNC_BASE (operation), i);
  g_value_set_int (result, 7);
  return TRUE;
}

static LoftWorkSettings *
new_reporting (void)
{
  LoftWorkSettings *settings = loft_work_settings_new ();

  reports = 0;
  loft_work_settings_set_priority (settings, LOFT_PRIORITY_HIGH);
  loft_work_settings_set_progress (settings, G_TYPE_DOUBLE, LOFT_PROGRESS_ALL, on_progress,
                                   &released, test_count);
  return settings;
}

/* No report is lost between the start of the work and the setting of the handler, whichever of them
 * is quicker. */
static void
test_no_report_is_lost (void)
{
  for (Place place = ON_POOL; place < N_PLACES; place++)
    for (int i = 0; i < 100; i++)
      {
        g_autoptr (LoftWorkSettings) settings = new_reporting ();
        g_autoptr (LoftAsyncOperation) operation = start (place, settings, report_and_give, NULL);

        if (i % 2 == 0 && place != ON_DISPATCHER)
          /* The work ends before anybody could have set a handler. */
          wait_until_ended (operation);
        test_run_until_ended (NULL, operation);
        test_run_until (NULL, &released); /* the last of its deliveries */
        test_drain (NULL);
        g_assert_cmpint (reports, ==, 3);
        g_assert_cmpint (released, ==, 1);
        g_assert_cmpint (loft_async_operation_get_int64 (operation, NULL), ==, 7);
      }
}

/* A progress handler is for one start. A second start with the same settings reports, but to
 * nobody. */
static void
test_handler_is_for_one_start (void)
{
  g_autoptr (LoftWorkSettings) settings = new_reporting ();

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LoftAsyncOperation) operation = start (ON_POOL, settings, report_and_give, NULL);

      g_assert_true (LOFT_IS_ASYNC_WITH_PROGRESS (operation));
      test_run_until_ended (NULL, operation);
      if (i == 0)
        test_run_until (NULL, &released);
      test_drain (NULL);
      g_assert_cmpint (reports, ==, 3);
    }
}

/* Settings that nobody has used release the handler's data. */
static void
test_unused (void)
{
  LoftWorkSettings *settings = new_reporting ();

  released = 0;
  loft_work_settings_unref (settings);
  g_assert_cmpint (released, ==, 1);
}

static gboolean
never (LoftAsyncOperation *operation,
       GValue             *result,
       gpointer            data,
       GError            **error)
{
  g_assert_not_reached ();
}

static gboolean
run_until_cancelled (LoftAsyncOperation *operation,
                     GValue             *result,
                     gpointer            event,
                     GError            **error)
{
  test_event_set (event);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (operation)))
    sched_yield ();
  return TRUE;
}

static void
assert_owner_gone (gpointer info)
{
  assert_status (info, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (info), ==, LOFT_CANCEL_REASON_OWNER_GONE);
}

/* Work that runs is cancelled with its owner, and work that waits never begins. Nothing begins for
 * an owner that is gone. */
static void
test_owner (void)
{
  for (Place place = ON_POOL; place < N_PLACES; place++)
    {
      g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      TestEvent runs = TEST_EVENT_INIT;
      g_autoptr (LoftAsyncOperation) first = NULL, late = NULL;

      loft_work_settings_set_owner (settings, owner);
      if (place == ON_DISPATCHER)
        first = start (place, settings, never, NULL);
      else
        {
          first = start (place, settings, run_until_cancelled, &runs);
          test_event_wait (&runs);
          g_assert_cmpuint (owner->ref_count, ==, 1);
        }
      g_object_unref (owner);
      assert_owner_gone (first);
      test_run_until_ended (NULL, first);

      late = start (place, settings, never, NULL);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (late)));
      assert_owner_gone (late);
      test_drain (NULL);
    }
}

static gboolean
report_after_cancel (LoftAsyncOperation *operation,
                     GValue             *result,
                     gpointer            event,
                     GError            **error)
{
  run_until_cancelled (operation, result, event, error);
  loft_async_base_report_progress_double (LOFT_ASYNC_BASE (operation), 1);
  return TRUE;
}

/* The progress handler is dropped with the owner, even if the work goes on to report. */
static void
test_progress_dies_with_owner (void)
{
  for (Place place = ON_POOL; place <= ON_LIMITER; place++)
    {
      g_autoptr (LoftWorkSettings) settings = new_reporting ();
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      TestEvent runs = TEST_EVENT_INIT;
      g_autoptr (LoftAsyncOperation) operation = NULL;

      loft_work_settings_set_owner (settings, owner);
      operation = start (place, settings, report_after_cancel, &runs);
      test_event_wait (&runs);
      g_object_unref (owner);
      g_assert_cmpint (released, ==, 1);
      test_run_until_ended (NULL, operation);
      test_drain (NULL);
      g_assert_cmpint (reports, ==, 0);
    }
}

/* The short form of posting work for an owner. */
static void
test_pool_for (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int ran = 0;
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_for_async (owner, test_succeed, &ran, NULL);

  wait_until_ended (action);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpuint (owner->ref_count, ==, 1);
}

static gboolean
on_own_thread (LoftAsyncOperation *operation,
               GValue             *result,
               gpointer            data,
               GError            **error)
{
  g_value_set_int (result, test_is_on_thread ("loft-sliced"));
  return TRUE;
}

static void
test_time_sliced (void)
{
  for (Place place = ON_POOL; place <= ON_LIMITER; place++)
    for (int i = 0; i < 10; i++)
      {
        g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
        g_autoptr (LoftAsyncOperation) operation = NULL;

        loft_work_settings_set_options (settings, LOFT_WORK_TIME_SLICED);
        operation = start (place, settings, on_own_thread, NULL);
        wait_until_ended (operation);
        g_assert_cmpint (loft_async_operation_get_int64 (operation, NULL), ==, 1);
      }
}

/* Of the works that wait for a place of the limiter, the one with the highest priority has the next
 * place. */

static GString *order;

static gboolean
say (LoftAsyncAction *action,
     gpointer         text,
     GError         **error)
{
  g_string_append (order, text);
  return TRUE;
}

static void
test_limiter_priority (void)
{
  static const struct
  {
    LoftPriority priority;
    const char *text;
  } works[] = { { -1, "l" }, { 0, "n" }, { 1, "h" }, { 0, "m" }, { 1, "i" } };
  TestEvent go_on = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) first = loft_limiter_run_async (limiter, test_hold, &go_on, NULL);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  order = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();

      loft_work_settings_set_priority (settings, works[i].priority);
      g_ptr_array_add (waiting, loft_limiter_run_full_async (limiter, settings, say,
                                                             (gpointer) works[i].text, NULL));
    }
  test_event_set (&go_on);
  for (guint i = 0; i < waiting->len; i++)
    wait_until_ended (waiting->pdata[i]);
  g_assert_cmpstr (order->str, ==, "hinml");
  g_string_free (order, TRUE);
  wait_until_ended (first);
}

/* NULL instead of settings means the defaults. */
static void
test_none (void)
{
  int ran = 0;
  g_autoptr (LoftAsyncAction)
    pool = loft_thread_pool_run_full_async (NULL, test_succeed, &ran, NULL);
  g_autoptr (LoftAsyncAction)
    limited = loft_limiter_run_full_async (limiter, NULL, test_succeed, &ran, NULL);
  g_autoptr (LoftAsyncAction)
    posted = loft_dispatcher_run_full_async (loft_dispatcher_get_default (), NULL, test_succeed,
                                             &ran, NULL);

  wait_until_ended (pool);
  wait_until_ended (limited);
  test_run_until_ended (NULL, posted);
  g_assert_cmpint (ran, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  limiter = loft_limiter_new_serial ();
  g_test_add_func ("/work-settings/no-report-is-lost", test_no_report_is_lost);
  g_test_add_func ("/work-settings/handler-is-for-one-start", test_handler_is_for_one_start);
  g_test_add_func ("/work-settings/unused", test_unused);
  g_test_add_func ("/work-settings/owner", test_owner);
  g_test_add_func ("/work-settings/progress-dies-with-owner", test_progress_dies_with_owner);
  g_test_add_func ("/work-settings/pool-for", test_pool_for);
  g_test_add_func ("/work-settings/time-sliced", test_time_sliced);
  g_test_add_func ("/work-settings/limiter-priority", test_limiter_priority);
  g_test_add_func ("/work-settings/none", test_none);
  status = g_test_run ();
  g_object_unref (limiter);
  return status;
}
