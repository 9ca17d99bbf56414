/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C083 to C090: awaiting. */

#include "conformance.h"

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
  assert_status (antecedent, COMPLETED); /* it still exists */
  ++*(int *) out_seen;
  return TRUE;
}

/* The object is implemented by hand, and calls its handler inside the call that sets it. */
static void
c083 (void)
{
  TestForeign *object = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncAction) after = NULL;
  int seen = 0;

  object->ends_when_set = TRUE;
  after = loft_async_info_continue_with (LOFT_ASYNC_INFO (object), look_at_status, &seen, NULL);
  g_object_add_weak_pointer (G_OBJECT (object), (gpointer *) &object);
  g_object_unref (object); /* the continuation holds it as long as it needs it */
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

  awaiter->after = loft_async_info_continue_with (LOFT_ASYNC_INFO (awaiter->action), wait_for_gate,
                                                  awaiter, NULL);
  return NULL;
}

static void
c086 (void)
{
  Awaiter awaiter = { loft_action_new (), NULL, TEST_EVENT_INIT, NULL };
  Home *home = home_new ();

  test_on_thread (await_in_mta, &awaiter);
  g_assert_true (
    loft_dispatcher_try_enqueue (home->dispatcher, 0, complete_there, awaiter.action, NULL));
  /* The STA is not blocked. The item that is posted to it runs, and lets the continuation end. */
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, 0,
                                              (LoftQueueHandler) test_event_set, &awaiter.gate,
                                              NULL));
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

  awaiter->after = loft_async_info_continue_with (LOFT_ASYNC_INFO (awaiter->action), note_there,
                                                  &awaiter->thread, NULL);
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
    sched_yield ();
  g_assert_cmpint (on_pool, ==, 1);
  assert_error_of (awaiter.after, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_null (awaiter.thread);
  g_object_unref (awaiter.after);
  controlled_free (&c);
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
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "await", cases, G_N_ELEMENTS (cases));
}
