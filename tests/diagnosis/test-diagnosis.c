/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Loft says of its own state while somebody observes it. */

#include <loft/loft.h>

#include <string.h>

static void
do_nothing (gpointer data)
{
}

static LoftLaneInfo *
find_lane (GPtrArray   *lanes,
           LoftPriority priority)
{
  for (guint i = 0; i < lanes->len; i++)
    if (((LoftLaneInfo *) lanes->pdata[i])->priority == priority)
      return lanes->pdata[i];
  return NULL;
}

static void
run_all (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* While nobody observes, nothing is recorded. */
static void
test_off (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (GPtrArray) lanes = NULL, slowest = NULL, actions = NULL;

  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_LOW, do_nothing, NULL, NULL));
  lanes = loft_diagnosis_list_lanes (dispatcher);
  g_assert_cmpuint (lanes->len, ==, 5);
  g_assert_cmpuint (find_lane (lanes, LOFT_PRIORITY_LOW)->length, ==, 0);
  run_all ();
  slowest = loft_diagnosis_list_slowest (dispatcher, 0);
  g_assert_cmpuint (slowest->len, ==, 0);
  actions = loft_diagnosis_list_actions (0);
  g_assert_cmpuint (actions->len, ==, 0);
}

/* What waits is counted by lane, with the place that posted the oldest item, and items that were
 * posted before the observation began on this thread are counted, too. */
static void
test_waiting (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (GPtrArray) before = NULL, after = NULL;
  LoftLaneInfo *lane;

  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_LOW, do_nothing, NULL, NULL));
  loft_diagnosis_begin ();
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_LOW, do_nothing, NULL, NULL));
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_HIGH, do_nothing, NULL, NULL));

  before = loft_diagnosis_list_lanes (dispatcher);
  g_assert_cmpint (((LoftLaneInfo *) before->pdata[0])->priority, ==, LOFT_PRIORITY_HIGH);
  lane = find_lane (before, LOFT_PRIORITY_LOW);
  g_assert_cmpuint (lane->length, ==, 2);
  g_assert_cmpint (lane->oldest_wait, >=, 0);
  g_assert_nonnull (strstr (lane->oldest_source, "test_waiting () at "));
  g_assert_null (lane->slowest_source);
  g_assert_cmpuint (find_lane (before, LOFT_PRIORITY_HIGH)->length, ==, 1);
  g_assert_cmpuint (find_lane (before, LOFT_PRIORITY_NORMAL)->length, ==, 0);
  g_assert_null (find_lane (before, LOFT_PRIORITY_NORMAL)->oldest_source);

  run_all ();
  after = loft_diagnosis_list_lanes (dispatcher);
  lane = find_lane (after, LOFT_PRIORITY_LOW);
  g_assert_cmpuint (lane->length, ==, 0);
  g_assert_cmpuint (lane->n_run, ==, 2);
  g_assert_nonnull (strstr (lane->slowest_source, "test_waiting () at "));
  loft_diagnosis_end ();
}

static void
look_at_running (gpointer data)
{
  GPtrArray **running = data;

  *running = loft_diagnosis_list_running (loft_dispatcher_get_default ());
}

/* The item that runs is listed with its place, and afterwards its place is among the slowest. */
static void
test_running (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (GPtrArray) running = NULL, nothing = NULL, slowest = NULL;
  LoftItemInfo *item;

  loft_diagnosis_begin ();
  for (guint i = 0; i < 3; i++)
    g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL,
                                                i == 0 ? look_at_running : do_nothing, &running,
                                                NULL));
  run_all ();
  g_assert_cmpuint (running->len, ==, 1);
  item = running->pdata[0];
  g_assert_cmpstr (item->what, ==, "item");
  g_assert_cmpstr (item->state, ==, "running");
  g_assert_nonnull (strstr (item->source, "test_running () at "));

  nothing = loft_diagnosis_list_running (dispatcher);
  g_assert_cmpuint (nothing->len, ==, 0);
  slowest = loft_diagnosis_list_slowest (dispatcher, 1);
  g_assert_cmpuint (slowest->len, ==, 1);
  item = slowest->pdata[0];
  g_assert_cmpuint (item->n_run, ==, 3);
  g_assert_cmpint (item->time, >=, item->longest);
  g_assert_nonnull (strstr (item->source, "test_running () at "));
  loft_diagnosis_end ();
}

static gboolean
work (LoftAsyncAction *action,
      gpointer         data,
      GError         **error)
{
  GPtrArray **running = data;

  *running = loft_diagnosis_list_running (NULL);
  return TRUE;
}

/* Work of the pool, and its workers. */
static void
test_pool (void)
{
  g_autoptr (GPtrArray) running = NULL;
  g_autoptr (GPtrArray) lanes = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  guint workers, active, blocked, limit;

  loft_diagnosis_begin ();
  action = loft_thread_pool_run_async (work, &running, NULL);
  while (loft_async_info_get_status (LOFT_ASYNC_INFO (action)) == LOFT_ASYNC_STATUS_STARTED)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (running->len, ==, 1);
  g_assert_nonnull (strstr (((LoftItemInfo *) running->pdata[0])->source, "test_pool () at "));
  lanes = loft_diagnosis_list_lanes (NULL);
  g_assert_cmpuint (lanes->len, ==, 3);
  loft_diagnosis_get_workers (&workers, &active, &blocked, &limit);
  g_assert_cmpuint (workers, >=, 1);
  g_assert_cmpuint (limit, >=, 2);
  loft_diagnosis_get_workers (NULL, NULL, NULL, NULL);
  loft_diagnosis_end ();
}

/* An action is listed until it ends. */
static void
test_actions (void)
{
  g_autoptr (LoftAction) made_before = loft_action_new ();
  g_autoptr (LoftAction) action = NULL;
  g_autoptr (GPtrArray) open = NULL, none = NULL;
  LoftItemInfo *item;
  LoftItemInfo *copy;

  loft_diagnosis_begin ();
  action = loft_action_new ();
  open = loft_diagnosis_list_actions (0);
  g_assert_cmpuint (open->len, ==, 1);
  item = open->pdata[0];
  g_assert_cmpstr (item->what, ==, "LoftAction");
  g_assert_cmpstr (item->state, ==, "running");
  g_assert_nonnull (strstr (item->source, "test_actions () at "));
  copy = loft_item_info_copy (item);
  g_assert_cmpstr (copy->source, ==, item->source);
  loft_item_info_free (copy);

  loft_action_complete (action);
  none = loft_diagnosis_list_actions (0);
  g_assert_cmpuint (none->len, ==, 0);
  loft_diagnosis_end ();
  loft_action_complete (made_before);
}

/* Observations are counted, and the first dispatcher is the default one. */
static void
test_nested (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (GPtrArray) all = loft_diagnosis_list_dispatchers ();
  g_autoptr (GPtrArray) slowest = NULL;

  g_assert_true (all->pdata[0] == dispatcher);
  loft_diagnosis_begin ();
  loft_diagnosis_begin ();
  loft_diagnosis_end ();
  g_assert_true (
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_LOW, do_nothing, NULL, NULL));
  run_all ();
  slowest = loft_diagnosis_list_slowest (dispatcher, 0);
  g_assert_cmpuint (slowest->len, ==, 1);
  loft_diagnosis_end ();
}

#define N_ITEMS 20000

static gpointer
post_many (gpointer data)
{
  gint *ran = data;

  for (guint i = 0; i < N_ITEMS; i++)
    loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                 (LoftQueueHandler) g_atomic_int_inc, ran, NULL);
  return NULL;
}

static gpointer
observe_often (gpointer data)
{
  gint *over = data;

  while (!g_atomic_int_get (over))
    {
      loft_diagnosis_begin ();
      g_ptr_array_unref (loft_diagnosis_list_lanes (loft_dispatcher_get_default ()));
      g_ptr_array_unref (loft_diagnosis_list_slowest (loft_dispatcher_get_default (), 0));
      loft_diagnosis_end ();
    }
  return NULL;
}

/* Two threads begin and end observations while a third posts: every item runs. */
static void
test_race (void)
{
  gint ran = 0, over = 0;
  GThread *poster = g_thread_new ("poster", post_many, &ran);
  GThread *one = g_thread_new ("one", observe_often, &over);
  GThread *other = g_thread_new ("other", observe_often, &over);

  while (g_atomic_int_get (&ran) < N_ITEMS)
    g_main_context_iteration (NULL, FALSE);
  g_atomic_int_set (&over, 1);
  g_thread_join (poster);
  g_thread_join (one);
  g_thread_join (other);
  g_assert_cmpint (ran, ==, N_ITEMS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/off", test_off);
  g_test_add_func ("/diagnosis/waiting", test_waiting);
  g_test_add_func ("/diagnosis/running", test_running);
  g_test_add_func ("/diagnosis/pool", test_pool);
  g_test_add_func ("/diagnosis/actions", test_actions);
  g_test_add_func ("/diagnosis/nested", test_nested);
  g_test_add_func ("/diagnosis/race", test_race);
  return g_test_run ();
}
