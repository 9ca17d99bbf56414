/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that is due later goes to its lane when its time has come, and not before. A cancel takes it
 * out at once, and its data is released on the dispatcher's thread. */

#include "test-util.h"
#include "base/loft-clock-private.h"

static GString *said;

static gboolean
say (LoftAsyncAction *action,
     gpointer         word,
     GError         **error)
{
  g_string_append (said, word);
  return TRUE;
}

static LoftAsyncAction *
run_later (LoftPriority priority,
           GTimeSpan    delay,
           const char  *word)
{
  return loft_dispatcher_run_delayed_async (loft_dispatcher_get_default (), priority, delay, say,
                                            (gpointer) word, NULL);
}

/* What is due first runs first, and what is due together runs by its priority. */
static void
test_order (void)
{
  g_autoptr (LoftAsyncAction) last = NULL, low = NULL, high = NULL;

  said = g_string_new (NULL);
  loft_clock_set (1000);
  last = run_later (LOFT_PRIORITY_HIGH, 200, "last");
  low = run_later (LOFT_PRIORITY_LOW, 100, "low ");
  high = run_later (LOFT_PRIORITY_HIGH, 100, "high ");
  loft_clock_set (1099);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "");
  loft_clock_set (1100);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "high low ");
  loft_clock_set (1200);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "high low last");
  loft_clock_set (-1);
  g_string_free (said, TRUE);
}

static void *
cancel (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}

static void
test_cancel_elsewhere (void)
{
  int counted = 0;
  g_autoptr (LoftAsyncAction) action =
    loft_dispatcher_run_delayed_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                       G_TIME_SPAN_HOUR, test_succeed, &counted, test_count);

  test_on_thread (cancel, action);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (counted, ==, 0);
  test_run_until (NULL, &counted);
  g_assert_cmpint (counted, ==, 1); /* released, and not run */
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delayed-work/order", test_order);
  g_test_add_func ("/delayed-work/cancel-elsewhere", test_cancel_elsewhere);
  return g_test_run ();
}
