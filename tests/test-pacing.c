/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Fewer calls than triggers: debouncers, throttlers, and posts of which one waits for each key. */

#include "clocked-loop.h"

static void
note (gpointer text)
{
  g_assert_true (loft_dispatcher_has_thread_access (fixture.dispatcher));
  g_string_append (fixture.log, text);
}

static void
pass (gint64 by)
{
  advance (by);
  g_main_context_push_thread_default (fixture.context);
  test_drain (fixture.context);
  g_main_context_pop_thread_default (fixture.context);
}

static void
assert_log (const char *expected)
{
  g_assert_cmpstr (fixture.log->str, ==, expected);
  g_string_set_size (fixture.log, 0);
}

/* Debouncers. */

static void
test_debounce (void)
{
  g_autoptr (LoftDebouncer) debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

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

static LoftDebouncer *only;

static void
let_it_go (gpointer data)
{
  note ((gpointer) "l");
  g_clear_object (&only);
}

static int freed;

static void
count_freed (gpointer data)
{
  freed++;
}

/* Let go with a call pending: it is not called, and its data is released at home; also by the handler itself. */
static void
test_debounce_let_go (void)
{
  LoftDebouncer *debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", count_freed);

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

/* Throttlers. */

static void
test_throttle (void)
{
  g_autoptr (LoftThrottler) throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);

  g_assert_true (loft_throttler_trigger (throttler));
  assert_log (""); /* not inside */
  g_assert_true (loft_throttler_is_pending (throttler));
  pass (0);
  assert_log ("t"); /* the first at once */
  for (int i = 0; i < 9; i++)
    {
      loft_throttler_trigger (throttler);
      pass (10);
    }
  assert_log ("");
  pass (10);
  assert_log ("t"); /* the last, when the interval is over */
  pass (99);
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("");
  pass (1);
  assert_log ("t");
  pass (1000);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
}

static void
test_throttle_cancel (void)
{
  g_autoptr (LoftThrottler) throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);

  loft_throttler_trigger (throttler);
  loft_throttler_cancel (throttler);
  g_assert_false (loft_throttler_is_pending (throttler));
  pass (0);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
  loft_throttler_trigger (throttler);
  loft_throttler_cancel (throttler);
  pass (100);
  assert_log ("");
  loft_throttler_trigger (throttler);
  pass (0);
  assert_log ("t");
}

static void
test_throttle_let_go (void)
{
  LoftThrottler *throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", count_freed);

  freed = 0;
  loft_throttler_trigger (throttler);
  g_object_unref (throttler);
  pass (1000);
  assert_log ("");
  g_assert_cmpint (freed, ==, 1);
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

/* From several threads, with the real clock: never too often, and the last one counts. */
static void
test_threads (void)
{
  int debounced = 0, throttled = 0;
  g_autoptr (LoftDebouncer) debouncer = loft_debouncer_new (fixture.dispatcher, 1000, count_calls, &debounced, NULL);
  g_autoptr (LoftThrottler) throttler = loft_throttler_new (fixture.dispatcher, 1000, count_calls, &throttled, NULL);
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

/* Posts with a key. */

static void
post_keyed (const char *key,
            const char *text)
{
  g_assert_true (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, key, note, (gpointer) text, count_freed));
}

static void
test_coalesced (void)
{
  freed = 0;
  post_keyed ("title", "a");
  post_keyed ("size", "b");
  post_keyed ("title", "c"); /* in the place of the first */
  pass (0);
  assert_log ("cb");
  g_assert_cmpint (freed, ==, 3);
  post_keyed ("title", "d");
  pass (0);
  assert_log ("d");
}

static void
post_again (gpointer text)
{
  note (text);
  if (fixture.log->len < 3)
    g_assert_true (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", post_again, text, NULL));
}

/* One that runs does not wait any more: a post from inside of it is a new one. */
static void
test_coalesced_inside (void)
{
  g_assert_true (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", post_again, (gpointer) "x", NULL));
  pass (0);
  assert_log ("xxx");
}

static void
test_coalesced_refused (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;

  g_main_context_push_thread_default (fixture.context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  freed = 0;
  post_keyed ("k", "last");
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  assert_log ("last");
  g_assert_false (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", note, NULL, count_freed));
  g_assert_cmpint (freed, ==, 2);
  g_main_context_pop_thread_default (fixture.context);
}

typedef struct
{
  int posted, ran, freed;
} Counts;

static void
count_ran (gpointer counts)
{
  test_count (&((Counts *) counts)->ran);
}

static void
count_data_freed (gpointer counts)
{
  g_assert_true (loft_dispatcher_has_thread_access (fixture.dispatcher));
  test_count (&((Counts *) counts)->freed);
}

static void *
post_many (void *data)
{
  Counts *counts = data;

  for (int i = 0; i < 5000; i++)
    {
      if (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, i % 2 != 0 ? "odd" : "even", count_ran, counts,
                                             count_data_freed))
        test_count (&counts->posted);
    }
  return NULL;
}

/* Each piece of data is released once, on the dispatcher's thread. */
static void
test_coalesced_threads (void)
{
  Counts counts = { 0 };
  pthread_t threads[3];

  g_main_context_push_thread_default (fixture.context);
  for (int i = 0; i < 3; i++)
    pthread_create (&threads[i], NULL, post_many, &counts);
  while (test_get (&counts.posted) < 15000)
    g_main_context_iteration (fixture.context, FALSE);
  for (int i = 0; i < 3; i++)
    pthread_join (threads[i], NULL);
  test_drain (fixture.context);
  g_main_context_pop_thread_default (fixture.context);
  g_assert_cmpint (counts.freed, ==, 15000);
  g_assert_cmpint (counts.ran, >=, 2);
  g_assert_cmpint (counts.ran, <=, 15000);
}

/* The dispatcher's shutdown cancels what is pending. */
static void
test_at_the_end (void)
{
  g_autoptr (LoftDispatcherController) controller = NULL;
  g_autoptr (LoftThrottler) throttler = loft_throttler_new (fixture.dispatcher, 100, note, (gpointer) "t", NULL);
  g_autoptr (LoftDebouncer) debouncer = loft_debouncer_new (fixture.dispatcher, 100, note, (gpointer) "d", NULL);

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

static void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/pacing/debounce", test_debounce },
    { "/pacing/debounce-let-go", test_debounce_let_go },
    { "/pacing/throttle", test_throttle },
    { "/pacing/throttle-cancel", test_throttle_cancel },
    { "/pacing/throttle-let-go", test_throttle_let_go },
    { "/pacing/threads", test_threads },
    { "/pacing/coalesced", test_coalesced },
    { "/pacing/coalesced-inside", test_coalesced_inside },
    { "/pacing/coalesced-refused", test_coalesced_refused },
    { "/pacing/coalesced-threads", test_coalesced_threads },
    { "/pacing/at-the-end", test_at_the_end },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
