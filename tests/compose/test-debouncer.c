/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Debouncers: one call when there was no trigger for a while, or at the first of several triggers.
 * Debouncers and throttlers can be triggered by several threads. */

#include "paced.h"

static void
test_debounce (void)
{
  g_autoptr (LoftDebouncer)
    debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

  g_assert_false (loft_debouncer_is_pending (debouncer));
  for (int i = 0; i < 5; i++)
    {
      g_assert_true (loft_debouncer_trigger (debouncer));
      pass (99);
    }
  assert_log ("");
  g_assert_true (loft_debouncer_is_pending (debouncer));
  pass (1);
  assert_log ("d");
  g_assert_false (loft_debouncer_is_pending (debouncer));
  pass (1000);
  assert_log ("");
  loft_debouncer_trigger (debouncer);
  loft_debouncer_cancel (debouncer);
  pass (1000);
  assert_log ("");
}

/* With trigger_at_once () the first of several triggers makes the call at once. Those that follow
 * before it is quiet make no call, and only begin the quiet time anew. */
static void
test_debounce_at_once (void)
{
  g_autoptr (LoftDebouncer)
    debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

  g_assert_true (loft_debouncer_trigger_at_once (debouncer));
  assert_log (""); /* not inside */
  g_assert_true (loft_debouncer_is_pending (debouncer));
  pass (0);
  assert_log ("d");
  g_assert_false (loft_debouncer_is_pending (debouncer));
  for (int i = 0; i < 5; i++)
    {
      pass (99);
      g_assert_true (loft_debouncer_trigger_at_once (debouncer));
    }
  pass (100);
  assert_log ("");
  g_assert_true (loft_debouncer_trigger_at_once (debouncer));
  loft_debouncer_cancel (debouncer);
  pass (1000);
  assert_log ("");
}

/* The two kinds of trigger can be mixed. trigger_at_once () makes a pending call at once. After a
 * call that was made at once, trigger () makes another call in the end. */
static void
test_debounce_switch (void)
{
  g_autoptr (LoftDebouncer)
    debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

  loft_debouncer_trigger (debouncer);
  pass (30);
  loft_debouncer_trigger_at_once (debouncer);
  pass (0);
  assert_log ("d");
  pass (1000);
  assert_log ("");

  loft_debouncer_trigger_at_once (debouncer);
  pass (30);
  assert_log ("d");
  loft_debouncer_trigger (debouncer);
  pass (30);
  loft_debouncer_trigger (debouncer);
  pass (99);
  assert_log ("");
  pass (1);
  assert_log ("d");
}

static LoftDebouncer *only;

static void
let_it_go (gpointer data)
{
  note ((gpointer) "l");
  g_clear_object (&only);
}

/* A debouncer that is dropped while a call is pending makes no call, and its data is released at
 * its home. The handler itself may drop the debouncer. */
static void
test_debounce_let_go (void)
{
  LoftDebouncer *debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d",
                                                 count_freed);

  freed = 0;
  loft_debouncer_trigger (debouncer);
  g_object_unref (debouncer);
  pass (1000);
  assert_log ("");
  g_assert_cmpint (freed, ==, 1);

  only = loft_debouncer_new (fixture.dispatcher, 100, let_it_go, NULL, count_freed);
  loft_debouncer_trigger (only);
  pass (100);
  assert_log ("l");
  pass (0);
  g_assert_cmpint (freed, ==, 2);
}

static void *
trigger_both (void *data)
{
  gpointer *both = data;

  for (int i = 0; i < 10000; i++)
    {
      loft_debouncer_trigger (both[0]);
      loft_throttler_trigger (both[1]);
    }
  return NULL;
}

static void
count_calls (gpointer calls)
{
  test_count (calls);
}

/* With triggers from several threads and the real clock there are never too many calls, and the
 * last trigger counts. */
static void
test_threads (void)
{
  int debounced = 0, throttled = 0;
  g_autoptr (LoftDebouncer)
    debouncer = loft_debouncer_new (fixture.dispatcher, 1000, count_calls, &debounced, NULL);
  g_autoptr (LoftThrottler)
    throttler = loft_throttler_new (fixture.dispatcher, 1000, count_calls, &throttled, NULL);
  gpointer both[] = { debouncer, throttler };
  pthread_t threads[3];

  loft_clock_set (-1);
  for (int i = 0; i < 3; i++)
    pthread_create (&threads[i], NULL, trigger_both, both);
  for (int i = 0; i < 1000; i++)
    g_main_context_iteration (fixture.context, FALSE);
  for (int i = 0; i < 3; i++)
    pthread_join (threads[i], NULL);
  loft_debouncer_trigger (debouncer);
  loft_throttler_trigger (throttler);
  while (loft_debouncer_is_pending (debouncer) || loft_throttler_is_pending (throttler))
    g_main_context_iteration (fixture.context, TRUE);
  g_assert_cmpint (throttled, >=, 1);
  g_assert_cmpint (debounced, >=, 1);
  g_assert_cmpint (throttled, <, 30000);
}

/* The dispatcher's shutdown cancels the calls that are pending. */
static void
test_at_the_end (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  g_autoptr (LoftThrottler)
    throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);
  g_autoptr (LoftDebouncer)
    debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

  g_main_context_push_thread_default (fixture.context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  g_assert_true (loft_throttler_trigger (throttler));
  pass (0);
  assert_log ("t");
  g_assert_true (loft_throttler_trigger (throttler));
  g_assert_true (loft_debouncer_trigger (debouncer));
  g_assert_true (loft_throttler_is_pending (throttler));
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  g_assert_false (loft_throttler_is_pending (throttler));
  g_assert_false (loft_throttler_trigger (throttler));
  g_assert_false (loft_debouncer_is_pending (debouncer));
  g_assert_false (loft_debouncer_trigger (debouncer));
  assert_log ("");
  g_main_context_pop_thread_default (fixture.context);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/debouncer/quiet", test_debounce },
    { "/debouncer/at-once", test_debounce_at_once },
    { "/debouncer/switch", test_debounce_switch },
    { "/debouncer/let-go", test_debounce_let_go },
    { "/debouncer/threads", test_threads },
    { "/debouncer/at-the-end", test_at_the_end },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
