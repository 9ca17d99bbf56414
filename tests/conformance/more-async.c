/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C300 to C306, C316, C319 and C320: more about async objects. */

#include "own-context.h"
#include "pool/loft-pool-private.h"

static void
cancel_in_progress (LoftAsyncInfo *sender,
                    const GValue  *progress,
                    gpointer       unused)
{
  loft_async_info_cancel (sender);
}

static void
report_one (gpointer object)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (object), &value);
}

static void
c300 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0, cancel_in_progress,
                                         NULL, NULL, NULL);
  report_one (action);
  test_drain (NULL);
  assert_status (action, CANCELED);
  loft_action_complete (action);
}

static void
c301 (void)
{
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      Seen seen = { 0 };
      pthread_t thread;

      pthread_create (&thread, NULL, complete_action, action);
      loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), see, &seen, NULL, NULL);
      pthread_join (thread, NULL);
      g_assert_cmpint (seen.calls, ==, 1);
    }
}

static void
look_inside (LoftAsyncInfo   *sender,
             LoftAsyncStatus  status,
             gpointer         seen)
{
  g_assert_cmpint (loft_async_info_get_status (sender), ==, status);
  g_assert_cmpint (result_int (sender), ==, 9);
  test_count (seen);
}

static void
c302 (void)
{
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;
  int seen = 0;

  loft_async_info_set_completed (LOFT_ASYNC_INFO (operation), look_inside, &seen, NULL, NULL);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 9);
  loft_operation_complete (operation, &value);
  test_drain (NULL);
  g_assert_cmpint (seen, ==, 1);
}

static void
count_report (LoftAsyncInfo *sender,
              const GValue  *progress,
              gpointer       counter)
{
  ++*(int *) counter;
}

static void
c303 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_with_progress (G_TYPE_INT);
  int counts[3] = { 0 };

  for (int i = 0; i < 3; i++)
    {
      g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (action), 0,
                                                            count_report, &counts[i], NULL, NULL));
      report_one (action);
      test_drain (NULL);
      g_assert_cmpint (counts[i], ==, 1);
    }
  g_assert_cmpint (counts[0] + counts[1] + counts[2], ==, 3);
  loft_action_complete (action);
}

static void
count_cancel (LoftAsyncBase *self,
              gpointer       counter)
{
  test_count (counter);
}

static void
c304 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  int told = 0;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), count_cancel, &told, NULL);
  g_assert_cmpint (told, ==, 1);
  loft_action_complete (action);
}

static void
c305 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;

  begin ();
  action = loft_dispatcher_run_async (f.dispatcher, 0, test_succeed, &ran, NULL);
  assert_status (action, STARTED); /* hot: it needs no start */
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  test_drain (f.context);
  g_assert_cmpint (ran, ==, 0);
  end ();
}

static void
c306 (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL, queued = NULL, last = NULL;
  int ran = 0;

  loft_pool_set_limit (1);
  held = loft_thread_pool_run_async (test_hold, &gate, NULL);
  queued = loft_thread_pool_run_async (test_succeed, &ran, NULL);
  last = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (queued));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (queued)));
  test_event_set (&gate);
  wait_ended (held);
  wait_ended (last); /* by now the turn of the cancelled work is past */
  g_assert_cmpint (ran, ==, 0);
}

static gboolean
fail_on_pool (LoftAsyncAction *action,
              gpointer         unused,
              GError         **error)
{
  g_propagate_error (error, some_error ());
  return FALSE;
}

static void
c316 (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (fail_on_pool, NULL, NULL);

  wait_ended (action);
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
c319 (void)
{
  LoftAction *chain[10];

  for (int i = 0; i < 10; i++)
    {
      chain[i] = loft_action_new ();
      if (i > 0)
        loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (chain[i - 1]),
                                          LOFT_ASYNC_INFO (chain[i]));
    }
  loft_async_info_cancel (LOFT_ASYNC_INFO (chain[0]));
  for (int i = 0; i < 10; i++)
    {
      assert_status (chain[i], CANCELED);
      loft_action_complete (chain[i]);
      g_object_unref (chain[i]);
    }
}

static void
c320 (void)
{
  g_autoptr (LoftAction) winner = loft_action_new (), loser = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (winner), LOFT_ASYNC_INFO (loser) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 2, 0),
                                 harsh = loft_when_any (items, 2, LOFT_WHEN_CANCEL_LOSERS);

  (void) any;
  g_clear_object (&harsh);
  loft_action_complete (winner);
  /* The operation with LOFT_WHEN_CANCEL_LOSERS cancels it, though nobody holds that operation any
   * more. */
  assert_status (loser, CANCELED);
  loft_action_complete (loser);
}

static Case cases[] = {
  { "C300", "Cancel from inside a progress handler",
    "ONT:20260624", PASS, NULL, c300 },
  { "C301", "Completed set while it is being completed: called once",
    "CW:found, WRL", PASS, NULL, c301 },
  { "C302", "inside the handler the status is final, and GetResults works",
    "CT:await, async; DD:concurrency-2", PASS, NULL, c302 },
  { "C303", "Progress may be set again and again: the last one hears",
    "CW:found; WRL", PASS, NULL, c303 },
  { "C304", "a cancel handler set after the cancel is called at once",
    "CO:async_cancel before_callback", PASS, NULL, c304 },
  { "C305", "Cancel of a queued RunAsync action: never run",
    "U", PASS, "ends at once, Canceled", c305 },
  { "C306", "Cancel of a queued pool item: never run",
    "WA:workitemhandler", PASS, NULL, c306 },
  { "C316", "a pool handler fails: Error",
    "U", PASS, NULL, c316 },
  { "C319", "a cancel that is propagated ten levels deep",
    "CT:async_propagate_cancel", PASS, NULL, c319 },
  { "C320", "when_any's losers are never cancelled",
    "CW:found", DIFFERS, "cancelled when LOFT_WHEN_CANCEL_LOSERS asks for it", c320 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "more-async", cases, G_N_ELEMENTS (cases));
}
