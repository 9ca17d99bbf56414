/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Handlers come home, and what is freed where: a sentence of the design each. The main thread is one home, a thread with
 * a pushed context another, and threads of the MTA have none. */

#include "test-util.h"

/* An object that says on which thread it died. */

typedef struct
{
  GObject parent_instance;
} Witness;
typedef GObjectClass WitnessClass;

static GThread *died_on;

GType witness_get_type (void);
G_DEFINE_TYPE (Witness, witness, G_TYPE_OBJECT)

static void
witness_finalize (GObject *object)
{
  __atomic_store_n (&died_on, g_thread_self (), __ATOMIC_RELEASE);
  G_OBJECT_CLASS (witness_parent_class)->finalize (object);
}

static void
witness_class_init (WitnessClass *klass)
{
  klass->finalize = witness_finalize;
}

static void
witness_init (Witness *self)
{
}

static gpointer
witness_new (void)
{
  __atomic_store_n (&died_on, NULL, __ATOMIC_RELEASE);
  return g_object_new (witness_get_type (), NULL);
}

static GThread *
death (void)
{
  return __atomic_load_n (&died_on, __ATOMIC_ACQUIRE);
}

static void
run_until_death (void)
{
  while (death () == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* A thread with a context of its own: a second home. */

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GThread *self;
  TestEvent ready;
  int quit;
  pthread_t thread;
} Home;

static void *
home_main (void *data)
{
  Home *home = data;

  g_main_context_push_thread_default (home->context);
  home->dispatcher = loft_dispatcher_get_for_context (home->context);
  home->self = g_thread_self ();
  test_event_set (&home->ready);
  test_run_until (home->context, &home->quit);
  test_drain (home->context);
  g_main_context_pop_thread_default (home->context);
  return NULL;
}

static Home *
home_new (void)
{
  Home *home = g_new0 (Home, 1);

  home->context = g_main_context_new ();
  home->ready = (TestEvent) TEST_EVENT_INIT;
  pthread_create (&home->thread, NULL, home_main, home);
  test_event_wait (&home->ready);
  return home;
}

static void
home_free (Home *home)
{
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, LOFT_PRIORITY_IDLE, test_count, &home->quit, NULL));
  pthread_join (home->thread, NULL);
  g_object_unref (home->dispatcher);
  g_main_context_unref (home->context);
  g_free (home);
}

/* Handlers. */

typedef struct
{
  GThread *thread;
  int handled;
  LoftAsyncStatus status;
} Seen;

static void
on_completed (LoftAsyncInfo   *sender,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  Seen *seen = user_data;

  seen->thread = g_thread_self ();
  seen->status = status;
  g_assert_cmpint (loft_async_info_get_status (sender), ==, status);
  __atomic_fetch_add (&seen->handled, 1, __ATOMIC_ACQ_REL);
}

static void *
complete_action (void *action)
{
  g_assert_true (loft_action_complete (action));
  return NULL;
}

/* Set in main () before the loop runs: it arrives on the main thread, whoever completes. */
static void
test_before_the_loop_runs (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { NULL };

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
  test_on_thread (complete_action, action);
  g_assert_cmpint (seen.handled, ==, 0);
  test_run_until (NULL, &seen.handled);
  g_assert_true (seen.thread == g_thread_self ());
  g_assert_cmpint (seen.status, ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static gboolean
set_handler_at_home (LoftAsyncAction *action,
                     gpointer         user_data,
                     GError         **error)
{
  gpointer *pair = user_data;

  return loft_async_info_set_completed (pair[0], on_completed, pair[1], NULL, error);
}

/* Set on another home's thread, completed here: it runs there. */
static void
test_another_home (void)
{
  Home *home = home_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) set = NULL;
  Seen seen = { NULL };
  gpointer pair[2] = { action, &seen };

  set = loft_dispatcher_run_async (home->dispatcher, LOFT_PRIORITY_NORMAL, set_handler_at_home, pair, NULL);
  test_run_until_ended (NULL, set);
  loft_action_complete (action);
  home_free (home);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread != g_thread_self ());
}

static void *
set_handler_in_mta (void *data)
{
  gpointer *pair = data;

  g_assert_true (loft_async_info_set_completed (pair[0], on_completed, pair[1], NULL, NULL));
  return NULL;
}

/* Set in the MTA: on the completing thread if that is in the MTA too, else on the pool; never on the UI thread. */
static void
test_mta_home (void)
{
  g_autoptr (LoftAction) by_worker = loft_action_new ();
  g_autoptr (LoftAction) by_ui = loft_action_new ();
  Seen seen = { NULL }, pooled = { NULL };
  gpointer pair[2] = { by_worker, &seen };

  test_on_thread (set_handler_in_mta, pair);
  test_on_thread (complete_action, by_worker);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread != g_thread_self ());

  pair[0] = by_ui;
  pair[1] = &pooled;
  test_on_thread (set_handler_in_mta, pair);
  loft_action_complete (by_ui);
  while (test_get (&pooled.handled) == 0)
    g_thread_yield ();
  g_assert_true (pooled.thread != g_thread_self ());
}

/* Agile is literal: the thread that ends it. */
static void
test_agile (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Seen seen = { NULL };

  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
  loft_action_complete (action);
  g_assert_cmpint (seen.handled, ==, 1);
  g_assert_true (seen.thread == g_thread_self ());
}

/* Data of a handler: the setter's home, also when the object dies elsewhere and it never ran. */
static void *
drop_action (void *action)
{
  g_object_unref (action);
  return NULL;
}

static void
on_completed_ignored (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         user_data)
{
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
}

static void
test_handler_data (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftAction *dropped = loft_action_new_with_progress (G_TYPE_INT);

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed_ignored, witness_new (), g_object_unref, NULL);
  test_on_thread (complete_action, action);
  g_assert_null (death ());
  run_until_death ();
  g_assert_true (death () == g_thread_self ());

  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (dropped), 0, on_progress, witness_new (), g_object_unref,
                                         NULL);
  test_on_thread (drop_action, dropped);
  run_until_death ();
  g_assert_true (death () == g_thread_self ());
}

/* Data of an item: on the dispatcher's thread, run or not. */
static void
test_item_data (void)
{
  Home *home = home_new ();
  g_autoptr (LoftAsyncAction) ran = NULL, canceled = NULL;

  ran = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (), g_object_unref);
  test_run_until_ended (NULL, ran);
  g_assert_true (death () == home->self); /* before the end is announced */

  canceled = loft_dispatcher_run_async (home->dispatcher, 0, test_fail, witness_new (), g_object_unref);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  test_run_until_ended (NULL, canceled);
  {
    GThread *self = home->self;

    home_free (home);
    g_assert_true (death () == self);
  }
  g_assert_false (loft_async_action_get_results (ran, NULL)); /* looked at */
}

/* Data of pool work: the poster's home; a poster without one: the worker. */
static void *
post_from_mta (void *data)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_fail, witness_new (), g_object_unref);

  g_assert_false (loft_async_action_get (action, NULL));
  g_assert_true (death () != NULL && death () != g_thread_self ());
  return NULL;
}

static void
test_pool_data (void)
{
  g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_fail, witness_new (), g_object_unref);
  g_autoptr (GError) error = NULL;

  run_until_death ();
  g_assert_true (death () == g_thread_self ());
  test_run_until_ended (NULL, action);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  test_on_thread (post_from_mta, NULL);
}

/* Results that hold objects: the creator's home. */
static gboolean
give_witness (LoftAsyncOperation *operation,
              GValue             *result,
              gpointer            user_data,
              GError            **error)
{
  g_value_take_object (result, witness_new ());
  return TRUE;
}

static void
test_result (void)
{
  LoftAsyncOperation *operation = loft_thread_pool_run_operation_async (G_TYPE_OBJECT, give_witness, NULL, NULL);

  test_run_until_ended (NULL, operation);
  test_drain (NULL);
  g_assert_null (death ());
  test_on_thread (drop_action, operation);
  run_until_death ();
  g_assert_true (death () == g_thread_self ());
}

static gboolean
on_continued (LoftAsyncInfo *antecedent,
              gpointer       handled,
              GError       **error)
{
  g_assert_cmpint (test_get (handled), ==, 1); /* after the completed handler */
  test_count (handled);
  return TRUE;
}

/* Order: deliveries to one home come in the order in which they were made, from whichever thread. */
static void
test_foreign_complete_order (void)
{
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      g_autoptr (LoftAsyncAction) continued = NULL;
      Seen seen = { NULL };

      continued = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), on_continued, &seen.handled, NULL);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_completed, &seen, NULL, NULL);
      test_on_thread (complete_action, action);
      test_run_until_ended (NULL, continued);
      g_assert_cmpint (seen.handled, ==, 2);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/home/before-the-loop-runs", test_before_the_loop_runs);
  g_test_add_func ("/home/another-home", test_another_home);
  g_test_add_func ("/home/mta-home", test_mta_home);
  g_test_add_func ("/home/agile", test_agile);
  g_test_add_func ("/home/handler-data", test_handler_data);
  g_test_add_func ("/home/item-data", test_item_data);
  g_test_add_func ("/home/pool-data", test_pool_data);
  g_test_add_func ("/home/result", test_result);
  g_test_add_func ("/home/foreign-complete-order", test_foreign_complete_order);
  return g_test_run ();
}
