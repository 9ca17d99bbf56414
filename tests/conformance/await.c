/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C083 to C104: awaiting, and cancellation. */

#include "conformance.h"

/* Awaiting: continuations. */

static gboolean
note_there (LoftAsyncInfo *antecedent,
            gpointer       out_thread,
            GError       **error)
{
  *(GThread **) out_thread = g_thread_self ();
  return TRUE;
}

static gboolean
look_at_status (LoftAsyncInfo *antecedent,
                gpointer       out_seen,
                GError       **error)
{
  assert_status (antecedent, COMPLETED); /* it is there still */
  ++*(int *) out_seen;
  return TRUE;
}

/* By hand: it calls its handler inside of the call that sets it. */
static void
c083 (void)
{
  TestForeign *object = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncAction) after = NULL;
  int seen = 0;

  object->ends_when_set = TRUE;
  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (object), look_at_status, &seen, NULL);
  g_object_add_weak_pointer (G_OBJECT (object), (gpointer *) &object);
  g_object_unref (object); /* the continuation holds it while it needs it */
  g_assert_nonnull (object);
  test_run_until_ended (NULL, after);
  g_assert_cmpint (seen, ==, 1);
  test_drain (NULL);
  g_assert_null (object);
}

static void
c084 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) first = NULL, second = NULL;
  GThread *one = NULL, *other = NULL;

  first = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), note_there, &one, NULL);
  second = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), note_there, &other, NULL);
  loft_action_complete (action);
  test_run_until_ended (NULL, second);
  assert_status (first, COMPLETED);
  g_assert_true (one == g_thread_self () && other == g_thread_self ());
}

static void
complete_there (gpointer action)
{
  loft_action_complete (action);
}

static void
c085 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) after = NULL;
  Home *home = home_new ();
  GThread *thread = NULL;

  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), note_there, &thread, NULL);
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, 0, complete_there, action, NULL));
  test_run_until_ended (NULL, after);
  g_assert_true (thread == g_thread_self ());
  home_free (home);
}

typedef struct
{
  LoftAction *action;
  LoftAsyncAction *after;
  TestEvent gate;
  GThread *thread;
} Awaiter;

static gboolean
wait_for_gate (LoftAsyncInfo *antecedent,
               gpointer       data,
               GError       **error)
{
  Awaiter *awaiter = data;

  awaiter->thread = g_thread_self ();
  g_assert_false (loft_apartment_is_sta ());
  test_event_wait (&awaiter->gate);
  return TRUE;
}

static void *
await_in_mta (void *data)
{
  Awaiter *awaiter = data;

  awaiter->after = loft_async_info_continue_with (LOFT_ASYNC_INFO (awaiter->action), wait_for_gate, awaiter, NULL);
  return NULL;
}

static void
c086 (void)
{
  Awaiter awaiter = { loft_action_new (), NULL, TEST_EVENT_INIT, NULL };
  Home *home = home_new ();

  test_on_thread (await_in_mta, &awaiter);
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, 0, complete_there, awaiter.action, NULL));
  /* The STA is free at once: what is posted to it runs, and lets the continuation go on. */
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, 0, (LoftQueueHandler) test_event_set, &awaiter.gate, NULL));
  wait_ended (awaiter.after);
  g_assert_true (awaiter.thread != home->self && awaiter.thread != g_thread_self ());
  g_object_unref (awaiter.action);
  g_object_unref (awaiter.after);
  home_free (home);
}

static void
c088 (void)
{
  LoftAction *action = loft_action_new ();
  g_autoptr (LoftAsyncAction) after = NULL;
  GThread *thread = NULL;

  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), note_there, &thread, NULL);
  g_object_unref (action); /* its producer is gone */
  test_run_until_ended (NULL, after);
  assert_error_of (after, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_null (thread);
}

static gboolean
await_there (LoftAsyncAction *action,
             gpointer         data,
             GError         **error)
{
  Awaiter *awaiter = data;

  awaiter->after = loft_async_info_continue_with (LOFT_ASYNC_INFO (awaiter->action), note_there, &awaiter->thread, NULL);
  return TRUE;
}

static void
note_end (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         out_on_pool)
{
  __atomic_store_n ((int *) out_on_pool, test_is_on_pool () ? 1 : -1, __ATOMIC_RELEASE);
}

static void
c090 (void)
{
  Awaiter awaiter = { loft_action_new () };
  g_autoptr (LoftAsyncAction) asked = NULL;
  int on_pool = 0;
  Controlled c;

  controlled_start (&c);
  asked = loft_dispatcher_run_async (c.dispatcher, 0, await_there, &awaiter, NULL);
  wait_ended (asked);
  controlled_end (&c);
  controlled_wait_until_gone (&c);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (awaiter.after), note_end, &on_pool, NULL);
  g_object_unref (awaiter.action);
  while (test_get (&on_pool) == 0)
    g_thread_yield ();
  g_assert_cmpint (on_pool, ==, 1);
  assert_error_of (awaiter.after, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_null (awaiter.thread);
  g_object_unref (awaiter.after);
  controlled_free (&c);
}

/* Cancellation. */

static void
note_cancel (LoftAsyncBase *self,
             gpointer       out_thread)
{
  *(GThread **) out_thread = g_thread_self ();
}

static void *
cancel_and_look (void *data)
{
  Awaiter *awaiter = data;

  loft_async_info_cancel (LOFT_ASYNC_INFO (awaiter->action));
  g_assert_true (awaiter->thread == g_thread_self ()); /* before cancel returned */
  return NULL;
}

static void
c091 (void)
{
  Awaiter awaiter = { loft_action_new () };

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (awaiter.action), note_cancel, &awaiter.thread, NULL);
  test_on_thread (cancel_and_look, &awaiter);
  loft_action_complete (awaiter.action);
  g_object_unref (awaiter.action);
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
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (ask_whether_cancelled, &asking, NULL);

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
  LoftAsyncAction *action = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, go_on_with, inner, NULL);

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
  g_autoptr (LoftAsyncAction) hour = loft_delay_async (G_TIME_SPAN_HOUR), action = begin_following (hour);

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
  Awaiter awaiter = { loft_action_new () };
  g_autoptr (LoftAction) child = loft_action_new ();

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (child), note_cancel, &awaiter.thread, NULL);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (awaiter.action), LOFT_ASYNC_INFO (child));
  test_on_thread (cancel_and_look, &awaiter);
  loft_action_complete (child);
  loft_action_complete (awaiter.action);
  g_object_unref (awaiter.action);
}

static Case cases[] = {
  { "C083", "an object that is released right after its handler ran: it outlives that",
    "CT:async_completed", PASS, NULL, c083 },
  { "C084", "await twice: the second E_ILLEGAL_DELEGATE_ASSIGNMENT",
    "CT:await_adapter agile_variable", DIFFERS, "any number of awaits", c084 },
  { "C085", "awaited on STA 1, completed on STA 2: resumes on STA 1",
    "CT:await_adapter", PASS, NULL, c085 },
  { "C086", "awaited in the MTA, completed on an STA: resumes on the pool, the STA is free at once",
    "CT:await_adapter", PASS, NULL, c086 },
  { "C088", "the producer is gone: resumes with RPC_E_DISCONNECTED",
    "CT:disconnected,action", PASS, NULL, c088 },
  { "C090", "producer and awaiter are gone: resumes in the MTA with a failure",
    "CT:disconnected,double", PASS, NULL, c090 },
  { "C091", "the cancel handler runs inside Cancel, on its thread",
    "CT:async_cancel_callback", PASS, NULL, c091 },
  { "C093", "Cancel after the end: the cancel handler is not called",
    "CO:async_cancel no_async", PASS, NULL, c093 },
  { "C094", "a second cancel handler replaces the first",
    "~CW:found", PASS, NULL, c094 },
  { "C095", "the cancel handler cleared: none is called, still Canceled",
    "CT:async_auto_cancel ForceAutoCancel", PASS, NULL, c095 },
  { "C096", "the work can ask whether it was cancelled",
    "CT:async_check_cancel", PASS, NULL, c096 },
  { "C098", "awaiting what never ends, propagation on: Cancel ends it promptly",
    "CT:async_propagate_cancel", PASS, NULL, c098 },
  { "C099", "awaiting an hour's delay, propagation on: Cancel ends it promptly",
    "CT:async_propagate_cancel", PASS, NULL, c099 },
  { "C101", "Cancel before the await begins: still cancelled",
    "CT:async_propagate_cancel", PASS, NULL, c101 },
  { "C103", "the child's Cancel fails: swallowed",
    "~CW:found", NONE, "a cancel can't fail", NULL },
  { "C104", "the child's Cancel runs on a pool thread, not on the canceller's",
    "~CW:found", DIFFERS, "on the canceller's thread, before cancel returns: the order is the same each time", c104 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "await", cases, G_N_ELEMENTS (cases));
}
