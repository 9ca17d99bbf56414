/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* With LOFT_DISABLE_CALL_SITES the names that post work are functions instead of macros. An action
 * then knows by which function it was posted, but not from which place. */

#define LOFT_DISABLE_CALL_SITES
#include "test-util.h"

#ifdef loft_dispatcher_run_async
#error "LOFT_DISABLE_CALL_SITES left a macro"
#endif

static void
test_names_the_call (void)
{
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW,
                                        test_fail, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_autofree char *where = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (action));

  g_assert_cmpstr (where, ==, "loft_dispatcher_run_async ()");
  g_assert_false (loft_async_action_get (action, &error));
  g_assert_nonnull (strstr (error->message, "loft_dispatcher_run_async ()"));
  test_run_until_ended (NULL, action);
  g_clear_error (&error);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
}

/* A function that posts work can be used as a function pointer. Macros with arguments allow that,
 * too. */
static void
test_pointers (void)
{
  gboolean (*enqueue) (LoftDispatcher *, LoftPriority, LoftQueueHandler, gpointer,
                       GDestroyNotify) = loft_dispatcher_try_enqueue;
  int ran = 0;

  g_assert_true (
    enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, test_count, &ran, NULL));
  test_run_until (NULL, &ran);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-sites-off/names-the-call", test_names_the_call);
  g_test_add_func ("/call-sites-off/pointers", test_pointers);
  return g_test_run ();
}
