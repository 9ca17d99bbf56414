/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C148 to C171: places, hops, when_all and when_any. */

#include "conformance.h"
#include "base/loft-clock-private.h"
#include "pool/loft-timer-thread-private.h"
#include "pool/loft-pool-private.h"

/* Places. */

static void
c148 (void)
{
  g_autoptr (LoftApartmentContext) source = loft_apartment_context_capture ();
  g_autoptr (LoftApartmentContext) moved = loft_apartment_context_move (source);

  g_assert_true (loft_apartment_context_is_empty (source));
  g_assert_false (loft_apartment_context_is_empty (moved));
}

typedef struct
{
  Controlled c;
  LoftApartmentContext *place;
} Gone;

static gboolean
capture_there (LoftAsyncAction *action,
               gpointer         gone,
               GError         **error)
{
  ((Gone *) gone)->place = loft_apartment_context_capture ();
  return TRUE;
}

static void
begin_gone (Gone *gone)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  controlled_start (&gone->c);
  action = loft_dispatcher_run_async (gone->c.dispatcher, 0, capture_there, gone, NULL);
  wait_ended (action);
  controlled_end (&gone->c);
}

static void
end_gone (Gone *gone)
{
  loft_apartment_context_free (gone->place);
  controlled_free (&gone->c);
}

static void
note_end (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         out_on_pool)
{
  __atomic_store_n ((int *) out_on_pool, test_is_on_pool () ? 1 : -1, __ATOMIC_RELEASE);
}

/* The pool is blocked until the action has its observer. So the observer runs on the thread that
 * ends the action, and not on the one that adds the observer. */
static void *
go_to_gone (void *data)
{
  Gone *gone = data;
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL, action = NULL;
  int on_pool = 0, ran = 0;

  loft_pool_set_limit (1);
  held = loft_thread_pool_run_async (test_hold, &gate, NULL);
  action = loft_apartment_context_run_async (gone->place, test_succeed, &ran, NULL);
  assert_status (action, STARTED);
  loft_async_info_add_observer (LOFT_ASYNC_INFO (action), note_end, &on_pool, NULL);
  test_event_set (&gate);
  wait_ended (held);
  while (test_get (&on_pool) == 0)
    sched_yield ();
  g_assert_cmpint (on_pool, ==, 1);
  g_assert_cmpint (ran, ==, 0);
  assert_error_of (action, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  return NULL;
}

static void
c150 (void)
{
  Gone gone;

  begin_gone (&gone);
  go_to_gone (&gone); /* this thread is an STA */
  end_gone (&gone);
}

static void
c151 (void)
{
  Gone gone;

  begin_gone (&gone);
  test_on_thread (go_to_gone, &gone);
  end_gone (&gone);
}

static void
c153 (void)
{
  Gone gone;
  int called = 0;

  begin_gone (&gone);
  g_assert_false (loft_dispatcher_try_enqueue (gone.c.dispatcher, 0, test_count, &called, NULL));
  g_assert_cmpint (called, ==, 0);
  end_gone (&gone);
}

static void
c154 (void)
{
  Gone gone;
  g_autoptr (LoftAsyncAction) action = NULL;

  begin_gone (&gone);
  action = loft_dispatcher_run_async (gone.c.dispatcher, 0, test_succeed, NULL, NULL);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_SHUT_DOWN);
  end_gone (&gone);
}

static void
c155 (void)
{
  g_autoptr (GError) error = NULL;
  Gone gone;

  begin_gone (&gone);
  g_assert_false (loft_dispatcher_call (gone.c.dispatcher, test_succeed, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  end_gone (&gone);
}

static GString *said;

static void
say (gpointer text)
{
  g_string_append (said, text);
}

static void
c156 (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  said = g_string_new (NULL);
  loft_dispatcher_try_enqueue (d, 0, say, (gpointer) "n", NULL);
  loft_dispatcher_try_enqueue (d, 0, say, (gpointer) "n", NULL);
  loft_dispatcher_try_enqueue (d, LOFT_PRIORITY_HIGH, say, (gpointer) "H", NULL);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "Hnn");
  g_string_free (said, TRUE);
}

/* Sets a handler for the end of the delay in the MTA. */
static void *
go_on_after (void *out_on_pool)
{
  g_autoptr (LoftAsyncAction) some = loft_delay_async (G_TIME_SPAN_MILLISECOND);

  g_assert_true (
    loft_async_info_set_completed (LOFT_ASYNC_INFO (some), note_end, out_on_pool, NULL, NULL));
  loft_clock_set (1000 + G_TIME_SPAN_MILLISECOND);
  loft_timer_thread_look ();
  while (test_get (out_on_pool) == 0)
    sched_yield ();
  assert_status (some, COMPLETED);
  return NULL;
}

static void
c158 (void)
{
  g_autoptr (LoftAsyncAction) none = loft_delay_async (0);
  int on_pool = 0;

  assert_status (none, COMPLETED);
  loft_clock_set (1000); /* time stands still until the handler is set */
  test_on_thread (go_on_after, &on_pool);
  loft_clock_set (-1);
  g_assert_cmpint (on_pool, ==, 1);
}

static int shared; /* needs no lock: the work runs one at a time */

static gboolean
read_modify_write (LoftAsyncAction *action,
                   gpointer         user_data,
                   GError         **error)
{
  int value = shared;

  sched_yield ();
  shared = value + 1;
  return TRUE;
}

static void
c161 (void)
{
  g_autoptr (LoftLimiter) sequence = loft_limiter_new_serial ();
  LoftAsyncInfo *actions[100];
  g_autoptr (LoftAsyncAction) all = NULL;

  for (int i = 0; i < 100; i++)
    actions[i] = LOFT_ASYNC_INFO (loft_limiter_run_async (sequence, read_modify_write, NULL, NULL));
  all = loft_when_all (actions, 100, 0);
  wait_ended (all);
  g_assert_cmpint (shared, ==, 100);
  for (int i = 0; i < 100; i++)
    g_object_unref (actions[i]);
}

/* when_all and when_any. */

static void
c163 (void)
{
  g_autoptr (LoftAsyncAction) all = loft_when_all (NULL, 0, 0);

  assert_status (all, COMPLETED);
}

static void
c164 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftOperation) operation = completed_int (1);
  g_autoptr (LoftAsyncAction) work = loft_thread_pool_run_async (test_succeed, NULL, NULL),
                              all = NULL;
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (action), LOFT_ASYNC_INFO (operation),
                             LOFT_ASYNC_INFO (work) };

  all = loft_when_all (items, 3, 0);
  loft_action_complete (action);
  wait_ended (all);
  assert_status (work, COMPLETED);
}

static guint
index_of (LoftAsyncOperation *any)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_operation_get_results (any, &value, NULL));
  return g_value_get_uint (&value);
}

static void
c165 (void)
{
  g_autoptr (LoftAction) first = loft_action_new (), second = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (first), LOFT_ASYNC_INFO (second) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 2, 0);

  loft_action_complete (second);
  g_assert_cmpuint (index_of (any), ==, 1);
  assert_status (first, STARTED);
  assert_status (second, COMPLETED);
  loft_action_complete (first);
}

static void
c166 (void)
{
  g_autoptr (LoftAction) first = loft_action_new_completed (),
                         second = loft_action_new_completed ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (first), LOFT_ASYNC_INFO (second) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 2, 0);

  assert_status (any, COMPLETED);
  g_assert_cmpuint (index_of (any), ==, 0);
}

static void
c168 (void)
{
  g_autoptr (LoftAction) slow = loft_action_new (), fails = loft_action_new_failed (some_error ());
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (slow), LOFT_ASYNC_INFO (fails) };
  g_autoptr (LoftAsyncAction) all = loft_when_all (items, 2, 0);

  assert_status (all, STARTED);
  loft_action_complete (slow);
  assert_error_of (all, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
c169 (void)
{
  g_autoptr (LoftAction) slow = loft_action_new (), fails = loft_action_new_failed (some_error ());
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (fails), LOFT_ASYNC_INFO (slow) };
  g_autoptr (LoftAsyncAction) all = loft_when_all (items, 2, 0);

  assert_status (all, STARTED); /* it fails only when all have ended */
  loft_action_complete (slow);
  assert_error_of (all, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
c170 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (action) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 1, 0);

  loft_async_info_cancel (LOFT_ASYNC_INFO (any));
  assert_status (any, CANCELED);
  assert_status (action, STARTED);
  loft_action_complete (action);
}

static void
c171 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (action) };
  g_autoptr (LoftAsyncOperation) any = NULL;
  Seen seen = { 0 };

  set_completed (action, &seen);
  any = loft_when_any (items, 1, 0);
  loft_action_complete (action);
  assert_status (any, COMPLETED);
  test_drain (NULL);
  g_assert_cmpint (seen.calls, ==, 1);
}

static Case cases[] = {
  { "C148", "moved from: empty", "CO:apartment_context", PASS, NULL, c148 },
  { "C150", "the captured STA is gone, awaiting from an STA: the error comes in the MTA",
    "CO:apartment_context", PASS, NULL, c150 },
  { "C151", "the same, awaiting from the MTA", "CO:apartment_context", PASS, NULL, c151 },
  { "C153", "resume_foreground on a queue that was shut down: not suspended, false",
    "DD:concurrency-2; ~CW:sys", PASS, NULL, c153 },
  { "C154", "resume_foreground on a CoreDispatcher that was shut down: never resumes",
    "ONT:20250721", DIFFERS, "an action that has ended, Canceled, SHUT_DOWN: nothing hangs", c154 },
  { "C155", "the same with an error: ERROR_NO_TASK_QUEUE", "WIL", PASS, NULL, c155 },
  { "C156", "High goes before the Normals that wait",
    "DD:concurrency-2; WA dispatcherqueuepriority", PASS, NULL, c156 },
  { "C158", "resume_after 0: at once; 1 ms: on the pool", "CO:async", PASS, NULL, c158 },
  { "C159", "resume_on_signal, signalled", "CO:async", NONE,
    "no handles: a GSource on a file descriptor does that", NULL },
  { "C160", "resume_on_signal, timed out", "CO:async", NONE,
    "no handles: a GSource on a file descriptor does that", NULL },
  { "C161", "a pool of one thread: 100 read-modify-writes make 100", "CT:thread_pool", PASS, NULL,
    c161 },
  { "C163", "when_all of nothing: Completed at once", "CT:when", PASS, NULL, c163 },
  { "C164", "when_all of different kinds", "CT:when", PASS, NULL, c164 },
  { "C165", "when_any, the second ends first: its result; the first goes on", "CT:when", DIFFERS,
    "its index: the item has the result", c165 },
  { "C166", "when_any of two that have ended: the first argument", "CT:when; ~CW:found", PASS, NULL,
    c166 },
  { "C168", "when_all of A slow, B failed: ends after A, with B's error", "~CW:found", PASS, NULL,
    c168 },
  { "C169", "when_all of A failed, B slow: ends at once, with A's error", "~CW:found", DIFFERS,
    "ends when all have ended, with A's error: every error is kept; CANCEL_LOSERS hurries the "
    "others",
    c169 },
  { "C170", "Cancel of when_any: Canceled, the items go on", "~CW:found", PASS, NULL, c170 },
  { "C171", "when_any of an item with a handler: E_ILLEGAL_DELEGATE_ASSIGNMENT", "~CW:found",
    DIFFERS, "works: it does not use the slot", c171 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "compose", cases, G_N_ELEMENTS (cases));
}
