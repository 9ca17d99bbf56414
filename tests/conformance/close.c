/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C036 to C056: closing, ids, and what an object holds. */

#include "conformance.h"

static void
c036 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  assert_status (action, STARTED);
  g_assert_true (loft_action_complete (action));
}

static LoftAction *
closed_action (void)
{
  LoftAction *action = loft_action_new_completed ();

  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
  return action;
}

static void
c038 (void)
{
  g_autoptr (LoftAction) action = closed_action ();

  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
}

static void
c039 (void)
{
  g_autoptr (LoftAction) action = closed_action ();

  assert_status (action, CLOSED);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (action)), ==, 4);
}

static void
c040 (void)
{
  g_autoptr (LoftAction) action = closed_action ();

  assert_error_of (action, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
}

static void
c041 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  guint64 id = loft_async_info_get_id (LOFT_ASYNC_INFO (action));

  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (action)), ==, id);
}

static void
c043 (void)
{
  g_autoptr (LoftAction) action = closed_action ();

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (action, CLOSED);
}

static void
c044 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_info_close (LOFT_ASYNC_INFO (action), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  loft_action_complete (action);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
}

typedef struct
{
  TestEvent inside, gate;
} Blocked;

static void
block_in_handler (LoftAsyncInfo   *sender,
                  LoftAsyncStatus  status,
                  gpointer         data)
{
  Blocked *blocked = data;

  test_event_set (&blocked->inside);
  test_event_wait (&blocked->gate);
}

static void
c045 (void)
{
  Blocked blocked = { TEST_EVENT_INIT, TEST_EVENT_INIT };
  g_autoptr (LoftAction) action = loft_action_new ();
  pthread_t thread;

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), block_in_handler, &blocked, NULL,
                                       NULL);
  pthread_create (&thread, NULL, complete_action, action);
  test_event_wait (&blocked.inside);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (action), NULL));
  test_event_set (&blocked.gate);
  pthread_join (thread, NULL);
}

static void
c046 (void)
{
  g_autoptr (LoftAction) one = loft_action_new (), other = loft_action_new ();

  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (one)), !=, 0);
  g_assert_cmpuint (loft_async_info_get_id (LOFT_ASYNC_INFO (one)), !=,
                    loft_async_info_get_id (LOFT_ASYNC_INFO (other)));
}

typedef struct
{
  int released;
  int told;
} Local;

static void
release_local (gpointer local)
{
  test_count (&((Local *) local)->released);
}

static void
check_released (LoftAsyncInfo   *sender,
                LoftAsyncStatus  status,
                gpointer         local)
{
  /* The data of the work is released before any handler is called. */
  g_assert_cmpint (((Local *) local)->released, ==, 1);
  ((Local *) local)->told++;
}

static gboolean
succeed_with_data (LoftAsyncAction *action,
                   gpointer         local,
                   GError         **error)
{
  g_assert_cmpint (((Local *) local)->released, ==, 0);
  return TRUE;
}

static void
c054 (void)
{
  Local local = { 0 };
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, succeed_with_data,
                                        &local, release_local);

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), check_released, &local, NULL, NULL);
  test_run_until_ended (NULL, action);
  test_drain (NULL);
  g_assert_cmpint (local.told, ==, 1);
}

static void
hear_nothing (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         data)
{
}

static void
c055 (void)
{
  LoftAction *action = loft_action_new ();

  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), hear_nothing, g_object_ref (action),
                                 g_object_unref, NULL);
  g_object_unref (action);
  g_assert_nonnull (action);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_null (action);
}

static void
c056 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  g_assert_true (LOFT_IS_AGILE_OBJECT (action));
  g_assert_true (LOFT_IS_ASYNC_INFO (action));
}

static Case cases[] = {
  { "C036", "Close while Started: E_ILLEGAL_STATE_CHANGE, the object unaffected",
    "ONT:20240809; ~WRL", PASS, NULL, c036 },
  { "C038", "Close twice when Completed", "WN speech", PASS, NULL, c038 },
  { "C039", "Status when Closed: 4, and E_ILLEGAL_METHOD_CALL", "WN speech", DIFFERS,
    "4, without an error: a status has none to give in C", c039 },
  { "C040", "ErrorCode when Closed: E_ILLEGAL_METHOD_CALL", "WN speech", PASS, NULL, c040 },
  { "C041", "Id when Closed: E_ILLEGAL_METHOD_CALL", "WN check_async_info", DIFFERS,
    "still answers: it names the object in logs", c041 },
  { "C043", "Cancel when Closed: nothing", "~WRL; Wine code differs", PASS, NULL, c043 },
  { "C044", "Close when Canceled, the work still running: allowed", "~WRL", DIFFERS,
    "E_ILLEGAL_STATE_CHANGE until the work has ended: what it uses is not freed under it", c044 },
  { "C045", "Close while the handler runs: does not wait for it", "WN speech", PASS, NULL, c045 },
  { "C046", "Id is not 0, and equal for different objects", "CT:async_no_suspend; WN radios",
    DIFFERS, "not 0, and unique", c046 },
  { "C048", "Status of an object that was not started", "~WRL", NONE,
    "objects are started when they are made; there is no such state", NULL },
  { "C049", "the handler fails: swallowed", "CT:disconnected handler,2", NONE,
    "handlers return nothing that could fail", NULL },
  { "C050", "the handler fails with RPC_E_DISCONNECTED, and the producer propagates", "~WRL", NONE,
    "handlers return nothing that could fail", NULL },
  { "C051", "the handler fails with E_FAIL, and the producer propagates", "~WRL", NONE,
    "handlers return nothing that could fail", NULL },
  { "C054", "what the body holds is released before the handler runs", "CT:async_local", PASS, NULL,
    c054 },
  { "C055", "a handler that holds the object: no cycle after the end", "~CW:found", PASS, NULL,
    c055 },
  { "C056", "the object is agile, and an IAsyncInfo", "WN radios, coremessaging", PASS, NULL,
    c056 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "close", cases, G_N_ELEMENTS (cases));
}
