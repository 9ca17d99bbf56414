/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C194 to C211: DispatcherQueue and its controller. */

#include "own-context.h"

static void *
ask_dispatcher (void *unused)
{
  g_assert_null (loft_dispatcher_get_for_current_thread ());
  return NULL;
}

static void
c194 (void)
{
  test_on_thread (ask_dispatcher, NULL);
}

static void
c195 (void)
{
  g_autoptr (LoftDispatcherController) here = NULL;
  Controlled c;

  controlled_start (&c);
  g_assert_false (loft_dispatcher_has_thread_access (c.dispatcher));
  controlled_end (&c);
  controlled_free (&c);
  begin ();
  here = controller ();
  g_assert_true (
    loft_dispatcher_has_thread_access (loft_dispatcher_controller_get_dispatcher (here)));
  g_assert_true (loft_dispatcher_controller_shutdown (here, NULL));
  end ();
}

static gboolean
ask_type (LoftAsyncAction *action,
          gpointer         user_data,
          GError         **error)
{
  LoftApartmentType type = LOFT_APARTMENT_MTA;

  g_assert_true (loft_apartment_query (&type, NULL, NULL));
  g_assert_cmpint (type, !=, LOFT_APARTMENT_MTA);
  g_assert_true (loft_apartment_is_sta ());
  return TRUE;
}

static void
c196 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;
  Controlled c;

  controlled_start (&c);
  action = loft_dispatcher_run_async (c.dispatcher, 0, ask_type, NULL, NULL);
  wait_ended (action);
  controlled_end (&c);
  controlled_free (&c);
}

static void
c200 (void)
{
  g_autoptr (LoftDispatcherController) first = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  first = controller ();
  g_assert_null (loft_dispatcher_controller_new_on_current_thread (&error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_assert_true (loft_dispatcher_controller_shutdown (first, NULL));
  end ();
}

static void
c201 (void)
{
  begin ();
  post (LOFT_PRIORITY_LOW, "l");
  post (LOFT_PRIORITY_HIGH, "h");
  test_drain (f.context);
  assert_log ("hl");
  end ();
}

static void
post_high (gpointer unused)
{
  say ((gpointer) "1");
  post (LOFT_PRIORITY_HIGH, "h");
}

static void
c203 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, 0, post_high, NULL, NULL);
  post (0, "2");
  test_drain (f.context);
  assert_log ("1h2");
  end ();
}

static void
post_high_and_go_on (gpointer unused)
{
  post (LOFT_PRIORITY_HIGH, "h");
  say ((gpointer) "l");
}

static void
c204 (void)
{
  begin ();
  loft_dispatcher_try_enqueue (f.dispatcher, LOFT_PRIORITY_LOW, post_high_and_go_on, NULL, NULL);
  test_drain (f.context);
  assert_log ("lh");
  end ();
}

static void
c205 (void)
{
  begin ();
  post (0, "x");
  assert_log ("");
  test_drain (f.context);
  assert_log ("x");
  end ();
}

static void
c206 (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL, action = NULL;
  Controlled c;

  controlled_start (&c);
  held = loft_dispatcher_run_async (c.dispatcher, 0, test_hold, &gate, NULL);
  action = loft_dispatcher_controller_shutdown_async (c.controller);
  assert_status (action, STARTED);
  g_assert_cmpint (test_get (&c.completed), ==, 0);
  test_event_set (&gate);
  wait_ended (action);
  g_assert_cmpint (test_get (&c.completed), ==, 1);
  controlled_free (&c);
}

static void
post_in_starting (LoftDispatcher *dispatcher,
                  gpointer        counter)
{
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, test_count, counter, NULL));
}

static void
c208 (void)
{
  int ran = 0;
  Controlled c;

  controlled_start (&c);
  g_signal_connect (c.dispatcher, "shutdown-starting", G_CALLBACK (post_in_starting), &ran);
  controlled_end (&c);
  g_assert_cmpint (test_get (&ran), ==, 1);
  controlled_free (&c);
}

static void
c210 (void)
{
  g_autoptr (LoftDeferral) first = NULL, second = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (LoftDispatcherController) c = NULL;

  begin ();
  c = controller ();
  first = loft_dispatcher_hold_shutdown (f.dispatcher);
  second = loft_dispatcher_hold_shutdown (f.dispatcher);
  action = loft_dispatcher_controller_shutdown_async (c);
  test_drain (f.context);
  loft_deferral_close (first);
  test_drain (f.context);
  assert_status (action, STARTED);
  g_assert_false (loft_dispatcher_is_shut_down (f.dispatcher));
  loft_deferral_close (second);
  test_drain (f.context);
  assert_status (action, COMPLETED);
  end ();
}

static void
c211 (void)
{
  Controlled c;

  controlled_start (&c);
  controlled_end (&c);
  g_assert_false (loft_dispatcher_try_enqueue (c.dispatcher, 0, test_count, NULL, NULL));
  controlled_free (&c);
}

static Case cases[] = {
  { "C194", "GetForCurrentThread on a thread without a queue: null",
    "WA", PASS, NULL, c194 },
  { "C195", "HasThreadAccess of who made it: dedicated false, current true",
    "WN coremessaging", PASS, NULL, c195 },
  { "C196", "a dedicated queue's thread is an STA",
    "CT:await_adapter", PASS, NULL, c196 },
  { "C198", "CURRENT with any apartment type: S_OK",
    "WN coremessaging", NONE, "there is no such parameter", NULL },
  { "C199", "null out pointers: E_POINTER",
    "WN coremessaging", NONE, "objects are returned, not written through pointers", NULL },
  { "C200", "a second queue on a thread: error",
    "MU; code U", PASS, NULL, c200 },
  { "C201", "a fresh queue, Low and then High: Low first",
    "WA tryenqueue", DIFFERS, "High first: the first item has no privilege", c201 },
  { "C203", "of two Normals the first posts a High one: that goes next",
    "WA dispatcherqueuepriority", PASS, NULL, c203 },
  { "C204", "a High item does not interrupt a running Low one",
    "~WA \"serial\"", PASS, NULL, c204 },
  { "C205", "TryEnqueue on its own thread does not run inline",
    "DD:concurrency-2", PASS, NULL, c205 },
  { "C206", "shutdown with a blocked item: Started until that has run",
    "WN coremessaging", PASS, NULL, c206 },
  { "C208", "posts from ShutdownStarting are accepted and run",
    "WA shutdownstarting", PASS, NULL, c208 },
  { "C210", "two deferrals: open until the second",
    "~WA; CT:event_deferral analogue", PASS, NULL, c210 },
  { "C211", "TryEnqueue after shutdown: false",
    "WN coremessaging", PASS, NULL, c211 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "dispatcher-queue", cases, G_N_ELEMENTS (cases));
}
