/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Call sites: how they are formatted, and that each action carries the place where it was made. */

#include "test-util.h"
#include "base/loft-trace-private.h"

static void
assert_reads (const char *location,
              const char *function,
              const char *expected)
{
  LoftCallSite site = { location, function };
  g_autofree char *text = loft_call_site_to_string (&site);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_reads (void)
{
  assert_reads ("window.c:120", "on_clicked", "on_clicked () at window.c:120");
  assert_reads ("window.c:120", NULL, "window.c:120");
  assert_reads (NULL, "on_clicked", "on_clicked ()");
  assert_reads (NULL, NULL, "an unknown place");
}

static void
assert_is_from_here (gpointer    info,
                     const char *function)
{
  g_autofree char *site = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (info));

  g_assert_true (g_str_has_prefix (site, function));
  g_assert_nonnull (strstr (site, "test-trace.c:"));
}

static void
assert_site (gpointer    info,
             const char *expected)
{
  g_autofree char *site = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (info));

  g_assert_cmpstr (site, ==, expected);
}

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  return TRUE;
}

static void
test_macros (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    posted = loft_dispatcher_run_async (dispatcher, 0, test_succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction) pooled = loft_thread_pool_run_async (test_succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    delayed = loft_dispatcher_run_delayed_async (dispatcher, 0, 0, test_succeed, NULL, NULL);
  g_autoptr (LoftAsyncAction)
    continued = loft_async_info_always (LOFT_ASYNC_INFO (posted), go_on, NULL, NULL);

  assert_is_from_here (action, "test_macros ()");
  assert_is_from_here (posted, "test_macros ()");
  assert_is_from_here (pooled, "test_macros ()");
  assert_is_from_here (delayed, "test_macros ()");
  assert_is_from_here (continued, "test_macros ()");
  loft_action_complete (action);
  test_run_until_ended (NULL, continued);
  test_run_until_ended (NULL, delayed);
  test_run_until_ended (NULL, pooled);
}

/* A binding has no macros. It names the place on the thread, for the calls without a place. */
static void
test_binding (void)
{
  g_autofree char *place = g_strdup ("on_clicked () at window.py:120");
  g_autoptr (LoftAction) before = (loft_action_new) ();
  g_autoptr (LoftAction) inside = NULL, from_c = NULL, after = NULL;

  loft_call_site_set (place);
  memset (place, 'x', strlen (place)); /* it was copied */
  inside = (loft_action_new) ();
  from_c = loft_action_new ();
  loft_call_site_set (NULL);
  after = (loft_action_new) ();

  assert_site (before, "loft_action_new ()");
  assert_site (inside, "on_clicked () at window.py:120");
  assert_is_from_here (from_c, "test_binding ()");
  assert_site (after, "loft_action_new ()");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/reads", test_reads);
  g_test_add_func ("/trace/macros", test_macros);
  g_test_add_func ("/trace/binding", test_binding);
  return g_test_run ();
}
