/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* G14 to G18 and G31 to G35: tests of threads with GTask, GCancellable and GThreadPool, written
 * anew. */

#include "conformance.h"
#include "base/loft-clock-private.h"
#include "pool/loft-pool-private.h"

typedef struct
{
  int calls;
  GObject *source;
  GThread *thread;
  gboolean success;
  GError *error;
} Call;

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Call *call = data;

  call->source = source;
  call->thread = g_thread_self ();
  g_assert_true (g_async_result_get_user_data (result) == data);
  call->success = loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, &call->error);
  test_count (&call->calls);
}

static void
wait_async (gpointer  info,
            Call     *call)
{
  loft_async_info_wait_async (LOFT_ASYNC_INFO (info), NULL, on_waited, call);
}

static GString *log_of;

static gboolean
note_thread (LoftAsyncAction *action,
             gpointer         out_thread,
             GError         **error)
{
  *(GThread **) out_thread = g_thread_self ();
  return TRUE;
}

static void
g14 (void)
{
  GThread *ran_on = NULL;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (note_thread, &ran_on, NULL);
  Call call = { 0 };

  wait_async (action, &call);
  test_run_until (NULL, &call.calls);
  g_assert_true (ran_on != NULL && ran_on != g_thread_self () && call.thread == g_thread_self ());
}

static void *
run_and_get (void *unused)
{
  GThread *ran_on = NULL;
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (note_thread, &ran_on, NULL);

  g_assert_true (loft_async_action_get (action, NULL));
  g_assert_true (ran_on != NULL && ran_on != g_thread_self ());
  return NULL;
}

static void
g15 (void)
{
  test_on_thread (run_and_get, NULL);
}

static gboolean
log_work (LoftAsyncAction *action,
          gpointer         text,
          GError         **error)
{
  g_string_append (log_of, text); /* no lock, since there is one worker */
  return TRUE;
}

static void
g16 (void)
{
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL;
  LoftAsyncAction *actions[3];
  const char *names[] = { "l", "n", "h" };

  loft_pool_set_limit (1);
  loft_clock_set (g_get_monotonic_time ()); /* so the pool never adds a worker */
  log_of = g_string_new (NULL);
  held = loft_thread_pool_run_async (test_hold, &gate, NULL);
  for (int i = 0; i < 3; i++)
    actions[i] = loft_thread_pool_run_with_options_async (i - 1, 0, log_work, (gpointer) names[i],
                                                          NULL);
  test_event_set (&gate);
  wait_ended (held);
  for (int i = 0; i < 3; i++)
    {
      wait_ended (actions[i]);
      g_object_unref (actions[i]);
    }
  loft_clock_set (-1);
  g_assert_cmpstr (log_of->str, ==, "hnl");
  g_string_free (log_of, TRUE);
}

static int deepest;

static gboolean
run_deeper (LoftAsyncAction *action,
            gpointer         depth,
            GError         **error)
{
  g_autoptr (LoftAsyncAction) inner = NULL;

  test_count (&deepest);
  if (depth == NULL)
    return TRUE;
  inner = loft_thread_pool_run_async (run_deeper, GINT_TO_POINTER (GPOINTER_TO_INT (depth) - 1),
                                      NULL);
  return loft_async_action_get (inner, error);
}

static void
g17 (void)
{
  g_autoptr (LoftAsyncAction)
    action = loft_thread_pool_run_async (run_deeper, GINT_TO_POINTER (30), NULL);

  wait_ended (action);
  assert_status (action, COMPLETED);
  g_assert_cmpint (test_get (&deepest), ==, 31);
}

static void
run_many (int n)
{
  LoftAsyncInfo **actions = g_new (LoftAsyncInfo *, n);
  g_autoptr (LoftAsyncAction) all = NULL;
  int ran = 0;

  for (int i = 0; i < n; i++)
    actions[i] = LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_succeed, &ran, NULL));
  all = loft_when_all (actions, n, 0);
  wait_ended (all);
  g_assert_cmpint (test_get (&ran), ==, n);
  for (int i = 0; i < n; i++)
    g_object_unref (actions[i]);
  g_free (actions);
}

static void
g18 (void)
{
  run_many (1000);
}

static void
g31 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoftAction *actions[45];

  for (int i = 0; i < 45; i++)
    {
      actions[i] = loft_action_new ();
      loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (actions[i]), cancellable);
    }
  g_cancellable_cancel (cancellable);
  for (int i = 0; i < 45; i++)
    {
      assert_status (actions[i], CANCELED);
      loft_action_complete (actions[i]);
      g_object_unref (actions[i]);
    }
}

static void
g32 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), NULL);
  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, NULL, NULL);
  assert_status (action, STARTED);
  loft_action_complete (action);
}

static void *
cancel_many (void *cancellables)
{
  GCancellable **all = cancellables;

  for (int i = 0; i < 1000; i++)
    g_cancellable_cancel (all[i]);
  return NULL;
}

/* One thread drops the object while another thread cancels the cancellable that it is bound to. */
static void
g33 (void)
{
  GCancellable *all[1000];
  LoftAction *actions[1000];
  pthread_t thread;

  for (int i = 0; i < 1000; i++)
    {
      all[i] = g_cancellable_new ();
      actions[i] = loft_action_new ();
      loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (actions[i]), all[i]);
    }
  pthread_create (&thread, NULL, cancel_many, all);
  for (int i = 0; i < 1000; i++)
    g_object_unref (actions[i]);
  pthread_join (thread, NULL);
  for (int i = 0; i < 1000; i++)
    g_object_unref (all[i]);
}

/* From several threads at once. */

static void *
run_hundred (void *ran)
{
  LoftAsyncAction *actions[100];

  for (int i = 0; i < 100; i++)
    actions[i] = loft_thread_pool_run_async (test_succeed, ran, NULL);
  for (int i = 0; i < 100; i++)
    {
      g_assert_true (loft_async_action_get (actions[i], NULL));
      g_object_unref (actions[i]);
    }
  return NULL;
}

static void
g34 (void)
{
  pthread_t threads[4];
  int ran = 0;

  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, run_hundred, &ran);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpint (test_get (&ran), ==, 400);
}

typedef struct
{
  int running, most, ran;
} Load;

static gboolean
note_load (LoftAsyncAction *action,
           gpointer         data,
           GError         **error)
{
  Load *load = data;
  int running = __atomic_add_fetch (&load->running, 1, __ATOMIC_ACQ_REL);

  if (running > test_get (&load->most))
    __atomic_store_n (&load->most, running, __ATOMIC_RELEASE);
  sched_yield ();
  __atomic_sub_fetch (&load->running, 1, __ATOMIC_ACQ_REL);
  test_count (&load->ran);
  return TRUE;
}

static void
g35 (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new (2);
  LoftAsyncInfo *actions[100];
  g_autoptr (LoftAsyncAction) all = NULL;
  Load load = { 0 };

  for (int i = 0; i < 100; i++)
    actions[i] = LOFT_ASYNC_INFO (loft_limiter_run_async (limiter, note_load, &load, NULL));
  all = loft_when_all (actions, 100, 0);
  wait_ended (all);
  g_assert_cmpint (test_get (&load.ran), ==, 100);
  g_assert_cmpint (test_get (&load.most), <=, 2);
  for (int i = 0; i < 100; i++)
    g_object_unref (actions[i]);
}

static Case cases[] = {
  { "G16", "work of the pool by priority",
    "GNOME/glib gio/tests/task.c: /gtask/run-in-thread-priority", PASS, NULL, g16 },
  { "G14", "work in a thread, the callback at home",
    "GNOME/glib gio/tests/task.c: /gtask/run-in-thread", PASS, NULL, g14 },
  { "G15", "work in a thread, waited for",
    "GNOME/glib gio/tests/task.c: /gtask/run-in-thread-sync", PASS, NULL, g15 },
  { "G17", "work that waits for work, thirty deep",
    "GNOME/glib gio/tests/task.c: /gtask/run-in-thread-nested", PASS, NULL, g17 },
  { "G18", "more work than threads",
    "GNOME/glib gio/tests/task.c: /gtask/run-in-thread-overflow", PASS, NULL, g18 },
  { "G31", "45 bound to one cancellable",
    "GNOME/glib gio/tests/cancellable.c: /cancellable/multiple-concurrent", PASS, NULL, g31 },
  { "G32", "no cancellable",
    "GNOME/glib gio/tests/cancellable.c: /cancellable/null", PASS, NULL, g32 },
  { "G33", "let go on one thread while another cancels",
    "GNOME/glib gio/tests/cancellable.c: /cancellable-source/threaded-dispose", PASS, NULL, g33 },
  { "G34", "several threads share the pool",
    "GNOME/glib glib/tests/thread-pool.c: /thread_pool/shared", PASS, NULL, g34 },
  { "G35", "work on a pool of its own size",
    "GNOME/glib glib/tests/thread-pool.c: /thread_pool/exclusive", PASS, NULL, g35 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "glib", cases, G_N_ELEMENTS (cases));
}
