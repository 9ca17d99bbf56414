/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C105 to C133: apartments. */

#include "conformance.h"

static void
assert_apartment (LoftApartmentType      type,
                  LoftApartmentQualifier qualifier)
{
  LoftApartmentType found = 99;
  LoftApartmentQualifier how = 99;
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_apartment_query (&found, &how, &error));
  g_assert_no_error (error);
  g_assert_cmpint (found, ==, type);
  g_assert_cmpint (how, ==, qualifier);
}

static void
assert_no_apartment (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_query (NULL, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_NOT_INITIALIZED);
}

static void
enter (LoftApartmentType type)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_apartment_init (type, &error));
  g_assert_no_error (error);
}

static void
refuse (LoftApartmentType type)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_init (type, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE);
}

static void *
t105 (void *unused)
{
  enter (LOFT_APARTMENT_MTA);
  assert_apartment (LOFT_APARTMENT_MTA, LOFT_APARTMENT_QUALIFIER_NONE);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t106 (void *unused)
{
  enter (LOFT_APARTMENT_MTA);
  enter (LOFT_APARTMENT_MTA);
  loft_apartment_uninit ();
  assert_apartment (LOFT_APARTMENT_MTA, LOFT_APARTMENT_QUALIFIER_NONE);
  loft_apartment_uninit ();
  assert_no_apartment ();
  return NULL;
}

static void *
t108 (void *unused)
{
  enter (LOFT_APARTMENT_STA);
  refuse (LOFT_APARTMENT_MTA);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t109 (void *unused)
{
  enter (LOFT_APARTMENT_STA);
  enter (LOFT_APARTMENT_STA);
  loft_apartment_uninit ();
  assert_apartment (LOFT_APARTMENT_STA, LOFT_APARTMENT_QUALIFIER_NONE);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t110 (void *unused)
{
  enter (LOFT_APARTMENT_MTA);
  loft_apartment_uninit ();
  enter (LOFT_APARTMENT_STA);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t111 (void *unused)
{
  assert_no_apartment ();
  return NULL;
}

/* A thread that stays in the MTA while another thread looks at it. */
typedef struct
{
  TestEvent in, leave;
} Keeper;

static void *
keep_mta (void *data)
{
  Keeper *keeper = data;

  enter (LOFT_APARTMENT_MTA);
  test_event_set (&keeper->in);
  test_event_wait (&keeper->leave);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t113 (void *unused)
{
  Keeper keeper = { TEST_EVENT_INIT, TEST_EVENT_INIT };
  pthread_t thread;

  pthread_create (&thread, NULL, keep_mta, &keeper);
  test_event_wait (&keeper.in);
  assert_apartment (LOFT_APARTMENT_MTA, LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA);
  test_event_set (&keeper.leave);
  pthread_join (thread, NULL);
  assert_no_apartment ();
  return NULL;
}

static void *
t114 (void *unused)
{
  Keeper keeper = { TEST_EVENT_INIT, TEST_EVENT_INIT };
  pthread_t thread;

  pthread_create (&thread, NULL, keep_mta, &keeper);
  test_event_wait (&keeper.in);
  enter (LOFT_APARTMENT_STA);
  assert_apartment (LOFT_APARTMENT_STA, LOFT_APARTMENT_QUALIFIER_NONE);
  loft_apartment_uninit ();
  test_event_set (&keeper.leave);
  pthread_join (thread, NULL);
  return NULL;
}

static void *
be_second_sta (void *unused)
{
  enter (LOFT_APARTMENT_STA);
  assert_apartment (LOFT_APARTMENT_STA, LOFT_APARTMENT_QUALIFIER_NONE);
  loft_apartment_uninit ();
  return NULL;
}

static void *
be_first_sta (void *unused)
{
  enter (LOFT_APARTMENT_STA);
  assert_apartment (LOFT_APARTMENT_MAIN_STA, LOFT_APARTMENT_QUALIFIER_NONE);
  test_on_thread (be_second_sta, NULL);
  loft_apartment_uninit ();
  return NULL;
}

static void
c115 (void)
{
  assert_apartment (LOFT_APARTMENT_MAIN_STA, LOFT_APARTMENT_QUALIFIER_NONE);
  test_on_thread (be_second_sta, NULL);
  enter (LOFT_APARTMENT_MTA);
  test_on_thread (be_first_sta, NULL);
  loft_apartment_uninit ();
}

static void *
wait_for_nothing (void *unused)
{
  g_autoptr (LoftAsyncOperation) none = loft_when_any (NULL, 0, 0);
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_operation_get (none, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (action), 1, &error), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  g_assert_no_error (error);
  loft_action_complete (action);
  return NULL;
}

static void
c131 (void)
{
  test_on_thread (wait_for_nothing, NULL);
}

static void *
t116 (void *unused)
{
  enter (LOFT_APARTMENT_STA);
  test_on_thread (t111, NULL);
  loft_apartment_uninit ();
  return NULL;
}

static void *
t123 (void *unused)
{
  enter (LOFT_APARTMENT_MTA);
  g_assert_true (loft_apartment_query (NULL, NULL, NULL));
  loft_apartment_uninit ();
  return NULL;
}

static void *
touch_from_elsewhere (void *dispatcher)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_dispatcher_verify_access (dispatcher, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  return NULL;
}

static void
c133 (void)
{
  test_on_thread (touch_from_elsewhere, loft_dispatcher_get_default ());
}

#define ON_THREAD(number) \
  static void c##number (void) { test_on_thread (t##number, NULL); }
ON_THREAD (105)
ON_THREAD (106)
ON_THREAD (108)
ON_THREAD (109)
ON_THREAD (110)
ON_THREAD (111)
ON_THREAD (113)
ON_THREAD (114)
ON_THREAD (116)
ON_THREAD (123)

static Case cases[] = {
  { "C105", "a fresh thread enters the MTA", "SDK coinitializeex", PASS, NULL, c105 },
  { "C106", "entering the MTA again succeeds, and needs two exits", "SDK", PASS, NULL, c106 },
  { "C108", "an STA thread enters the MTA: RPC_E_CHANGED_MODE", "SDK", PASS, NULL, c108 },
  { "C109", "entered twice, left once: still in it", "SDK couninitialize", PASS, NULL, c109 },
  { "C110", "enter the MTA, leave, enter an STA", "WN roapi", PASS, NULL, c110 },
  { "C111", "a bare thread, no MTA in the process: CO_E_NOTINITIALIZED", "WN roapi", PASS, NULL,
    c111 },
  { "C113", "the implicit MTA ends with its last thread", "WN roapi", PASS, NULL, c113 },
  { "C114", "a bare thread under the implicit MTA may enter an STA", "WN roapi", PASS, NULL, c114 },
  { "C115", "the first STA of the process is the main STA", "WN roapi", DIFFERS,
    "it is the main thread's, whether it was entered or not, unless that thread is in the MTA: "
    "then the first entered",
    c115 },
  { "C116", "with one STA only, a bare thread is in no apartment", "WN roapi", PASS, NULL, c116 },
  { "C118", "an STA that activated something ends without leaving: its hold on the MTA ends",
    "WN roapi", NONE, "no activation", NULL },
  { "C119", "MTA usage cookies", "SDK coincrementmtausage", NONE, "no marshalled calls", NULL },
  { "C120", "query and init inside a neutral call", "SDK", NONE, "no marshalled calls", NULL },
  { "C121", "after a neutral call", "ONT:20210205", NONE, "no marshalled calls", NULL },
  { "C123", "query with null out pointers: E_INVALIDARG", "SDK", DIFFERS,
    "NULL says that it is not asked for, as in GLib", c123 },
  { "C124", "an STA in an outgoing call lets unrelated calls in", "ONT:20210224", NONE,
    "no marshalled calls", NULL },
  { "C125", "an ASTA in an outgoing call holds them back", "ONT:20210224", NONE,
    "no marshalled calls", NULL },
  { "C126", "an ASTA lets call-backs of its own call in", "ONT:20210225", NONE,
    "no marshalled calls", NULL },
  { "C128", "ASTA 1 to ASTA 2 and back: RO_E_BLOCKED_CROSS_ASTA_CALL", "ONT:20210225", NONE,
    "no marshalled calls", NULL },
  { "C129", "the same with QueryInterface: allowed", "ONT:20210225", NONE, "no marshalled calls",
    NULL },
  { "C130", "an ASTA's wait dispatches no calls by default", "learn COWAIT_FLAGS", NONE,
    "no marshalled calls", NULL },
  { "C131", "waiting for no handles: RPC_E_NO_SYNC; timing out: RPC_S_CALLPENDING", "SDK", DIFFERS,
    "of async objects: LOFT_ERROR_INVALID_ARGUMENT; and Started, without an error", c131 },
  { "C133", "an STA's object used from another thread: RPC_E_WRONG_THREAD", "DD:concurrency-2",
    PASS, NULL, c133 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "apartments", cases, G_N_ELEMENTS (cases));
}
