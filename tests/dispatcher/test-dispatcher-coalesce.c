/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_dispatcher_enqueue_coalesced () lets at most one post wait for each key. The newest post
 * replaces an older one that waits, and takes its place in the lane. */

#include "paced.h"

static void
post_keyed (const char *key,
            const char *text)
{
  g_assert_true (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, key, note,
                                                    (gpointer) text, count_freed));
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
    g_assert_true (
      loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", post_again, text, NULL));
}

/* A post that has begun to run no longer waits, so a post from inside of it is a new one. */
static void
test_coalesced_inside (void)
{
  g_assert_true (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", post_again,
                                                    (gpointer) "x", NULL));
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
  g_assert_false (
    loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, "k", note, NULL, count_freed));
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
      if (loft_dispatcher_enqueue_coalesced (fixture.dispatcher, 0, i % 2 != 0 ? "odd" : "even",
                                             count_ran, counts, count_data_freed))
        test_count (&counts->posted);
    }
  return NULL;
}

/* With posts from several threads, each piece of data is released once, on the dispatcher's
 * thread. */
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

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/dispatcher-coalesce/coalesced", test_coalesced },
    { "/dispatcher-coalesce/inside", test_coalesced_inside },
    { "/dispatcher-coalesce/refused", test_coalesced_refused },
    { "/dispatcher-coalesce/threads", test_coalesced_threads },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
