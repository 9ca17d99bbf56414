/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C091 to C104: cancellation. */

#include "conformance.h"

typedef struct
{
  LoftAction *action;
  GThread *thread; /* on which its cancel handler ran */
} Canceling;

static void
note_cancel (LoftAsyncBase *self,
             gpointer       out_thread)
{
  *(GThread **) out_thread = g_thread_self ();
}

static void *
cancel_and_look (void *data)
{
  Canceling *canceling = data;

  loft_async_info_cancel (LOFT_ASYNC_INFO (canceling->action));
  g_assert_true (canceling->thread == g_thread_self ()); /* it ran inside the cancel */
  return NULL;
}

static void
c091 (void)
{
  Canceling canceling = { loft_action_new () };

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (canceling.action), note_cancel,
                                      &canceling.thread, NULL);
  test_on_thread (cancel_and_look, &canceling);
  loft_action_complete (canceling.action);
  g_object_unref (canceling.action);
}

static void
c093 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  GThread *told = NULL;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), note_cancel, &told, NULL);
  loft_action_complete (action);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_null (told);
}

static void
c094 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  GThread *first = NULL, *second = NULL;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), note_cancel, &first, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), note_cancel, &second, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_null (first);
  g_assert_nonnull (second);
  loft_action_complete (action);
}

static void
c095 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  GThread *told = NULL;

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), note_cancel, &told, NULL);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), NULL, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_null (told);
  assert_status (action, CANCELED);
  loft_action_complete (action);
}

typedef struct
{
  TestEvent running, go_on;
  gboolean before, after;
} Asking;

static gboolean
ask_whether_cancelled (LoftAsyncAction *action,
                       gpointer         data,
                       GError         **error)
{
  Asking *asking = data;

  asking->before = loft_async_info_is_canceled (LOFT_ASYNC_INFO (action));
  test_event_set (&asking->running);
  test_event_wait (&asking->go_on);
  asking->after = loft_async_info_is_canceled (LOFT_ASYNC_INFO (action));
  return TRUE;
}

static void
c096 (void)
{
  Asking asking = { TEST_EVENT_INIT, TEST_EVENT_INIT, TRUE, FALSE };
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (ask_whether_cancelled, &asking, NULL);

  test_event_wait (&asking.running);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  test_event_set (&asking.go_on);
  wait_ended (action);
  g_assert_false (asking.before);
  g_assert_true (asking.after);
}

static LoftAsyncInfo *
go_on_with (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  return g_object_ref (inner);
}

static LoftAsyncAction *
begin_following (gpointer inner)
{
  LoftAsyncAction *action = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0,
                                                              go_on_with, inner, NULL);

  test_drain (NULL);
  assert_status (action, STARTED);
  return action;
}

static void
end_canceled (LoftAsyncBase *self,
              gpointer       unused)
{
  loft_action_complete (LOFT_ACTION (self));
}

static void
c098 (void)
{
  g_autoptr (LoftAction) endless = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = begin_following (endless);

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (endless), end_canceled, NULL, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_status (action, CANCELED);
}

static void
c099 (void)
{
  g_autoptr (LoftAsyncAction) hour = loft_delay_async (G_TIME_SPAN_HOUR),
                              action = begin_following (hour);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  assert_status (hour, CANCELED);
}

static void
c101 (void)
{
  g_autoptr (LoftAction) parent = loft_action_new ();
  g_autoptr (LoftAsyncAction) hour = loft_delay_async (G_TIME_SPAN_HOUR);

  loft_async_info_cancel (LOFT_ASYNC_INFO (parent));
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (parent), LOFT_ASYNC_INFO (hour));
  assert_status (hour, CANCELED);
  loft_action_complete (parent);
}

static void
c104 (void)
{
  Canceling canceling = { loft_action_new () };
  g_autoptr (LoftAction) child = loft_action_new ();

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), note_cancel, &canceling.thread,
                                      NULL);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (canceling.action), LOFT_ASYNC_INFO (child));
  test_on_thread (cancel_and_look, &canceling);
  loft_action_complete (child);
  loft_action_complete (canceling.action);
  g_object_unref (canceling.action);
}

static Case cases[] = {
  { "C091", "the cancel handler runs inside Cancel, on its thread", "CT:async_cancel_callback",
    PASS, NULL, c091 },
  { "C093", "Cancel after the end: the cancel handler is not called", "CO:async_cancel no_async",
    PASS, NULL, c093 },
  { "C094", "a second cancel handler replaces the first", "~CW:found", PASS, NULL, c094 },
  { "C095", "the cancel handler cleared: none is called, still Canceled",
    "CT:async_auto_cancel ForceAutoCancel", PASS, NULL, c095 },
  { "C096", "the work can ask whether it was cancelled", "CT:async_check_cancel", PASS, NULL,
    c096 },
  { "C098", "awaiting what never ends, propagation on: Cancel ends it promptly",
    "CT:async_propagate_cancel", PASS, NULL, c098 },
  { "C099", "awaiting an hour's delay, propagation on: Cancel ends it promptly",
    "CT:async_propagate_cancel", PASS, NULL, c099 },
  { "C101", "Cancel before the await begins: still cancelled", "CT:async_propagate_cancel", PASS,
    NULL, c101 },
  { "C103", "the child's Cancel fails: swallowed", "~CW:found", NONE, "a cancel can't fail", NULL },
  { "C104", "the child's Cancel runs on a pool thread, not on the canceller's", "~CW:found",
    DIFFERS, "on the canceller's thread, before cancel returns: the order is the same each time",
    c104 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "cancel", cases, G_N_ELEMENTS (cases));
}
