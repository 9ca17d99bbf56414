/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The core of an async object, tested without an object around it: which end wins, and that the
 * winner takes all handlers, once. */

#include "test-util.h"

#include "async/loft-async-core-private.h"

#define N_THREADS 4

static void
core_init (LoftAsyncCore *core,
           LoftPhase      phase)
{
  memset (core, 0, sizeof *core);
  loft_async_core_init (core, phase, LOFT_LANE_NORMAL, &(LoftCallSite) { NULL, "a test" });
}

static LoftHandler *
new_handler (void)
{
  return loft_handler_new (LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
}

static guint
drop_all (LoftHandler *all)
{
  guint n = 0;

  for (LoftHandler *next; all != NULL; all = next, n++)
    {
      next = all->next;
      loft_handler_unref (all);
    }
  return n;
}

/* Ends the core, and returns whether it was this call that did. */
static gboolean
finish (LoftAsyncCore *core,
        LoftEvent      event,
        LoftAsyncEnd  *out)
{
  LoftValueBox *failure = NULL, *box = NULL;
  LoftPhase from, to;

  loft_lock_lock (&core->lock);
  to = loft_async_core_finish_locked (core, event, LOFT_CANCEL_REASON_NONE, &failure, &box, out,
                                      &from);
  loft_lock_unlock (&core->lock);
  return to != LOFT_PHASE_NONE;
}

static void
test_alone (void)
{
  LoftAsyncCore core;

  core_init (&core, LOFT_PHASE_QUEUED);
  g_assert_true (loft_async_core_begin (&core));
  g_assert_false (loft_async_core_begin (&core));

  /* Nobody asked to be told of the end, so one exchange is enough. */
  g_assert_true (
    loft_async_core_step_alone (&core, LOFT_PHASE_RUNNING, LOFT_PHASE_COMPLETED, LOFT_WORD_EXTRA));
  g_assert_cmpint (loft_async_core_get_phase (&core), ==, LOFT_PHASE_COMPLETED);
  g_assert_null (core.extra);
}

/* The short way, by one exchange, is refused while somebody has the lock, when there may be
 * handlers to call, and from another phase. */
static void
test_not_alone (void)
{
  LoftAsyncCore core;

  core_init (&core, LOFT_PHASE_RUNNING);
  loft_lock_lock (&core.lock);
  g_assert_false (
    loft_async_core_step_alone (&core, LOFT_PHASE_RUNNING, LOFT_PHASE_COMPLETED, LOFT_WORD_EXTRA));
  loft_async_core_extra_locked (&core);
  loft_lock_unlock (&core.lock);
  g_assert_false (
    loft_async_core_step_alone (&core, LOFT_PHASE_RUNNING, LOFT_PHASE_COMPLETED, LOFT_WORD_EXTRA));
  g_assert_false (loft_async_core_step_alone (&core, LOFT_PHASE_QUEUED, LOFT_PHASE_RUNNING, 0));
  g_assert_cmpint (loft_async_core_get_phase (&core), ==, LOFT_PHASE_RUNNING);
  loft_async_core_clear (&core);
}

/* The lane and the reason are in the same word as the phase, and are not changed by its steps. */
static void
test_word (void)
{
  LoftAsyncCore core = { { 0 } };
  LoftPhase from, to;
  guint32 word;

  loft_async_core_init (&core, LOFT_PHASE_RUNNING, LOFT_LANE_HIGH,
                        &(LoftCallSite) { NULL, "a test" });
  loft_async_core_mark_observed (&core);
  loft_lock_lock (&core.lock);
  to = loft_async_core_step_locked (&core, LOFT_EVENT_CANCEL, LOFT_CANCEL_REASON_TIMED_OUT, &from);
  g_assert_cmpint (from, ==, LOFT_PHASE_RUNNING);
  g_assert_cmpint (to, ==, LOFT_PHASE_CANCELING);
  to = loft_async_core_step_locked (&core, LOFT_EVENT_FAIL_CANCELED, LOFT_CANCEL_REASON_BY_WORK,
                                    &from);
  g_assert_cmpint (to, ==, LOFT_PHASE_CANCELED);
  loft_lock_unlock (&core.lock);

  word = loft_async_core_get_word (&core);
  /* The first reason counts. */
  g_assert_cmpint (LOFT_WORD_REASON (word), ==, LOFT_CANCEL_REASON_TIMED_OUT);
  g_assert_cmpint (LOFT_WORD_LANE (word), ==, LOFT_LANE_HIGH);
  g_assert_true ((word & LOFT_WORD_OBSERVED) != 0);
}

static void
test_late (void)
{
  LoftAsyncEnd end = { NULL }, late = { NULL };
  LoftAsyncCore core;

  core_init (&core, LOFT_PHASE_RUNNING);
  loft_lock_lock (&core.lock);
  loft_observers_append (&loft_async_core_extra_locked (&core)->observers, new_handler ());
  loft_lock_unlock (&core.lock);
  g_assert_true (finish (&core, LOFT_EVENT_COMPLETE, &end));
  g_assert_cmpuint (drop_all (end.observers), ==, 1);
  g_assert_true (core.extra->announcing);

  loft_lock_lock (&core.lock); /* while the first one is told */
  loft_observers_append (&core.extra->observers, new_handler ());
  loft_lock_unlock (&core.lock);
  g_assert_true (loft_async_core_take_late (&core, &late));
  g_assert_cmpuint (drop_all (g_steal_pointer (&late.observers)), ==, 1);
  g_assert_false (loft_async_core_take_late (&core, &late));
  g_assert_false (core.extra->announcing);
  loft_async_core_clear (&core);
}

/* The handler of an object without an extra part brings one, and both are one piece of memory. Each
 * of the two may go first. */
static void
test_handler_brings_extra (void)
{
  LoftAsyncCore first, second;
  LoftHandler *handler, *plain;
  LoftAsyncEnd end = { NULL };

  core_init (&first, LOFT_PHASE_RUNNING);
  handler = loft_async_core_new_handler (&first, LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
  loft_lock_lock (&first.lock);
  g_assert_true (loft_async_core_extra_for_locked (&first, handler) ==
                 &((LoftAsyncPiece *) handler)->extra);
  loft_observers_append (&first.extra->observers, handler);
  loft_lock_unlock (&first.lock);

  /* The next one finds an extra part, and is alone. */
  plain = loft_async_core_new_handler (&first, LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
  g_assert_null (plain->free);
  loft_lock_lock (&first.lock);
  g_assert_true (loft_async_core_extra_for_locked (&first, plain) == first.extra);
  loft_lock_unlock (&first.lock);
  loft_handler_unref (plain);

  g_assert_true (finish (&first, LOFT_EVENT_COMPLETE, &end));
  g_assert_cmpuint (drop_all (end.observers), ==, 1); /* the handler goes first */
  g_assert_cmpint (first.extra->value_type, ==, G_TYPE_NONE);
  loft_async_core_clear (&first);

  core_init (&second, LOFT_PHASE_RUNNING);
  handler = loft_async_core_new_handler (&second, LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
  loft_lock_lock (&second.lock);
  loft_async_core_extra_for_locked (&second, handler);
  loft_lock_unlock (&second.lock);
  loft_async_core_clear (&second); /* the object goes first */
  g_assert_cmpint (handler->kind, ==, LOFT_HANDLER_OBSERVER);
  loft_handler_unref (handler);
}

/* An object that got an extra part between the two calls keeps it. */
static void
test_handler_brings_extra_in_vain (void)
{
  LoftAsyncCore core;
  LoftAsyncExtra *extra;
  LoftHandler *handler;

  core_init (&core, LOFT_PHASE_RUNNING);
  handler = loft_async_core_new_handler (&core, LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
  loft_lock_lock (&core.lock);
  extra = loft_async_core_extra_locked (&core);
  g_assert_true (loft_async_core_extra_for_locked (&core, handler) == extra);
  loft_lock_unlock (&core.lock);
  g_assert_null (extra->piece);
  loft_handler_unref (handler);
  loft_async_core_clear (&core);
}

/* An end that comes while threads tell others of a cancel is put off until the last of these
 * threads is done. The first such end counts. */
static void
test_deferred (void)
{
  LoftValueBox *box = NULL;
  LoftAsyncEnd end = { NULL };
  LoftAsyncCore core;
  LoftPhase from;
  LoftEvent event;
  gboolean won;

  core_init (&core, LOFT_PHASE_RUNNING);
  loft_lock_lock (&core.lock);
  loft_async_core_step_locked (&core, LOFT_EVENT_CANCEL, LOFT_CANCEL_REASON_REQUESTED, &from);
  loft_async_core_extra_locked (&core)->tellers = 2;

  g_assert_true (loft_async_core_defer_end_locked (&core, NULL, LOFT_EVENT_FAIL, &box, &won));
  g_assert_false (won);
  g_assert_true (loft_async_core_defer_end_locked (&core, NULL, LOFT_EVENT_OVERRULE, &box, &won));
  g_assert_false (won);
  g_assert_false (loft_async_core_take_deferred_locked (&core, &event, &box)); /* one to go */
  g_assert_true (loft_async_core_take_deferred_locked (&core, &event, &box));
  g_assert_cmpint (event, ==, LOFT_EVENT_FAIL);
  loft_lock_unlock (&core.lock);

  g_assert_true (finish (&core, event, &end));
  g_assert_cmpint (end.status, ==, LOFT_ASYNC_STATUS_CANCELED);
  loft_async_core_clear (&core);
}

/* Threads race to end a core, which ThreadSanitizer also watches. */

typedef struct
{
  LoftAsyncCore core;
  gint ready;    /* atomic: threads that are here */
  gint begun;    /* atomic */
  gint taken;    /* atomic: handlers that were given out */
  gint added;    /* atomic: handlers that were in time */
} Race;

static gpointer
race_once (gpointer data)
{
  Race *race = data;
  LoftAsyncEnd end = { NULL };
  int me = g_atomic_int_add (&race->ready, 1);
  LoftEvent events[N_THREADS] = { LOFT_EVENT_COMPLETE, LOFT_EVENT_CANCEL, LOFT_EVENT_FAIL,
                                  LOFT_EVENT_COMPLETE };

  while (g_atomic_int_get (&race->ready) < N_THREADS)
    g_thread_yield ();
  if (loft_async_core_begin (&race->core))
    g_atomic_int_inc (&race->begun);

  loft_lock_lock (&race->core.lock);
  if (!loft_phase_has_ended (loft_async_core_get_phase_locked (&race->core)))
    {
      loft_observers_append (&loft_async_core_extra_locked (&race->core)->observers,
                             new_handler ());
      g_atomic_int_inc (&race->added);
    }
  loft_lock_unlock (&race->core.lock);

  if (finish (&race->core, events[me], &end))
    g_atomic_int_add (&race->taken, (gint) drop_all (end.observers));
  return NULL;
}

static void
test_races (void)
{
  int rounds = g_getenv ("LOFT_TEST_RACES") != NULL ? atoi (g_getenv ("LOFT_TEST_RACES")) / 20
                                                    : 2000;

  for (int i = 0; i < rounds; i++)
    {
      GThread *threads[N_THREADS];
      Race race = { .ready = 0 };
      LoftAsyncEnd rest = { NULL };

      core_init (&race.core, LOFT_PHASE_QUEUED);
      for (int t = 0; t < N_THREADS; t++)
        threads[t] = g_thread_new (NULL, race_once, &race);
      for (int t = 0; t < N_THREADS; t++)
        g_thread_join (threads[t]);

      finish (&race.core, LOFT_EVENT_COMPLETE, &rest); /* if the cancel came last of all */
      g_atomic_int_add (&race.taken, (gint) drop_all (rest.observers));
      g_assert_cmpint (race.begun, <=, 1);
      g_assert_true (loft_phase_has_ended (loft_async_core_get_phase (&race.core)));
      g_assert_cmpint (race.taken, ==, race.added);
      loft_async_core_clear (&race.core);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-core/alone", test_alone);
  g_test_add_func ("/async-core/not-alone", test_not_alone);
  g_test_add_func ("/async-core/word", test_word);
  g_test_add_func ("/async-core/late", test_late);
  g_test_add_func ("/async-core/handler-brings-extra", test_handler_brings_extra);
  g_test_add_func ("/async-core/handler-brings-extra-in-vain", test_handler_brings_extra_in_vain);
  g_test_add_func ("/async-core/deferred", test_deferred);
  g_test_add_func ("/async-core/races", test_races);
  return g_test_run ();
}
