/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLatestSlot: a slot in which only the newest object counts. */

#include "test-util.h"
#include "by-hand.h"

static GString *said;

static void
say_end (LoftAsyncInfo   *sender,
         LoftAsyncStatus  status,
         gpointer         name)
{
  g_string_append_printf (said, "%s%d", (char *) name, status);
}

static void
start (LoftLatestSlot *slot,
       gpointer        info,
       const char     *name)
{
  g_assert_true (loft_latest_slot_start (slot, info, say_end, (gpointer) name, NULL));
}

static void
test_newest (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  g_autoptr (LoftAsyncInfo) current = NULL;

  start (slot, a, "a");
  current = loft_latest_slot_dup_current (slot);
  g_assert_true ((gpointer) current == (gpointer) a);
  start (slot, b, "b");
  assert_status (a, CANCELED);
  loft_action_complete (a);
  loft_action_complete (b);
  g_assert_cmpstr (said->str, ==, ""); /* never inside */
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "b1");
  g_assert_null (loft_latest_slot_dup_current (slot));
}

/* The end of an older object that had succeeded may be on its way. It is not delivered once a newer
 * object was started. */
static void
test_on_its_way (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();

  start (slot, a, "a");
  loft_action_complete (a);
  start (slot, b, "b");
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "");
  assert_status (a, COMPLETED);
  loft_action_complete (b);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "b1");
}

static void
test_ended_before (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new_completed ();

  start (slot, a, "a");
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "a1");
}

static void
test_cleared (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new ();

  start (slot, a, "a");
  loft_latest_slot_clear (slot);
  loft_latest_slot_clear (slot);
  assert_status (a, CANCELED);
  loft_action_complete (a);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "");
}

/* If the slot is dropped, its object is cancelled, nothing is delivered, and the data is
 * released. */
static void
test_let_go (void)
{
  LoftLatestSlot *slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new ();
  int released = 0;

  g_assert_true (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (a), test_on_completed, &released, test_count));
  g_object_unref (slot);
  assert_status (a, CANCELED);
  loft_action_complete (a);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);
}

typedef struct
{
  LoftLatestSlot *slot;
  LoftAction *next;
} Chain;

static void
start_next (LoftAsyncBase *self,
            gpointer       user_data)
{
  Chain *chain = user_data;

  start (chain->slot, chain->next, "n");
}

/* A cancel handler may start another object in the slot, which is then the newest. */
static void
test_start_in_cancel (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new (), n = loft_action_new ();
  Chain chain = { slot, n };

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (a), start_next, &chain, NULL);
  start (slot, a, "a");
  start (slot, b, "b");
  assert_status (b, CANCELED);
  loft_action_complete (n);
  loft_action_complete (b);
  loft_action_complete (a);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "n1");
}

static void *
start_elsewhere (void *slot)
{
  g_autoptr (LoftAction) a = loft_action_new ();
  int released = 0;

  g_assert_false (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (a), say_end, &released, test_count));
  g_assert_cmpint (released, ==, 1);
  return NULL;
}

static void
test_wrong_thread (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*loft_latest_slot_start*");
  test_on_thread (start_elsewhere, slot);
  g_test_assert_expected_messages ();
}

/* If the producer drops the object without ending it, that end is delivered, and the slot is
 * empty. */
static void
test_producer_lets_go (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  LoftAction *a = loft_action_new ();

  start (slot, a, "a");
  g_object_unref (a);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "a3");
  g_assert_null (loft_latest_slot_dup_current (slot));
}

/* Tries every order of five steps. A step starts an object, ends the oldest one, ends the newest
 * one, ends it on another thread, or is a turn of the loop. Only the object that is the newest at
 * that moment is delivered, and only once. */

enum { START, END_OLDEST, END_NEWEST, END_ELSEWHERE, TURN, N_STEPS };

#define LENGTH 5

typedef struct
{
  LoftLatestSlot *slot;
  LoftAction *actions[LENGTH + 1];
  int begun;
  int ended; /* of those that were begun, from the oldest on */
  int delivered[LENGTH + 1];
} Model;

static Model model;

static void
on_search_ended (LoftAsyncInfo   *sender,
                 LoftAsyncStatus  status,
                 gpointer         user_data)
{
  g_assert_cmpint (GPOINTER_TO_INT (user_data), ==, model.begun);
  model.delivered[model.begun - 1]++;
}

static void *
end_it (void *action)
{
  loft_action_complete (action);
  return NULL;
}

static void
take_step (int step)
{
  switch (step)
    {
    case START:
      model.actions[model.begun] = loft_action_new ();
      model.begun++;
      g_assert_true (loft_latest_slot_start (model.slot,
                                             LOFT_ASYNC_INFO (model.actions[model.begun - 1]),
                                             on_search_ended, GINT_TO_POINTER (model.begun), NULL));
      break;
    case END_OLDEST:
      if (model.ended < model.begun)
        loft_action_complete (model.actions[model.ended++]);
      break;
    case END_NEWEST:
      if (model.begun > 0)
        loft_action_complete (model.actions[model.begun - 1]);
      break;
    case END_ELSEWHERE:
      if (model.begun > 0)
        test_on_thread (end_it, model.actions[model.begun - 1]);
      break;
    default:
      g_main_context_iteration (NULL, FALSE);
      break;
    }
}

static void
run_order (int order)
{
  model = (Model) { loft_latest_slot_new (loft_dispatcher_get_default ()) };
  for (int i = 0; i < LENGTH; i++, order /= N_STEPS)
    take_step (order % N_STEPS);
  take_step (END_NEWEST);
  test_drain (NULL);
  for (int i = 0; i < model.begun; i++)
    {
      g_assert_cmpint (model.delivered[i], <=, 1);
      loft_action_complete (model.actions[i]);
      g_object_unref (model.actions[i]);
    }
  g_assert_true (model.begun == 0 || model.delivered[model.begun - 1] == 1);
  g_object_unref (model.slot);
  test_drain (NULL);
}

static void
test_model (void)
{
  int orders = 1;

  for (int i = 0; i < LENGTH; i++)
    orders *= N_STEPS;
  for (int order = 0; order < orders; order++)
    run_order (order);
}

static void
run_case (gconstpointer func)
{
  said = g_string_new (NULL);
  ((void (*) (void)) func) ();
  test_drain (NULL);
  g_string_free (said, TRUE);
}

/* Only the newest object reports. An object that was replaced reports no more, and its reports that
 * are on their way are dropped. */

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *progress,
           gpointer       log)
{
  g_string_append_printf (log, "%d ", (int) g_value_get_int64 (progress));
}

static void
on_slot_ended (LoftAsyncInfo   *sender,
               LoftAsyncStatus  status,
               gpointer         log)
{
  g_string_append (log, "ended ");
}

static int reporters_released;

static void
count_released (gpointer log)
{
  test_count (&reporters_released);
}

static LoftAction *
start_reporting (LoftLatestSlot *slot,
                 GString        *log)
{
  LoftAction *action = loft_action_new_with_progress (G_TYPE_INT64);

  g_assert_true (loft_latest_slot_start_with_progress (slot, LOFT_ASYNC_INFO (action),
                                                       on_slot_ended, log, NULL, LOFT_PROGRESS_ALL,
                                                       on_report, log, count_released));
  return action;
}

static void
test_progress (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LoftAction) first = start_reporting (slot, log), second = NULL;

  loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (first), 1);
  test_drain (NULL);
  loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (first), 2); /* on its way */
  second = start_reporting (slot, log);
  g_assert_cmpint (reporters_released, ==, 1);
  loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (first), 3);
  loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (second), 4);
  loft_action_complete (first);
  loft_action_complete (second);
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "1 4 ended ");
  g_assert_cmpint (reporters_released, ==, 2);
}

/* A start that fails leaves the object in the slot as it was: that object still reports, and the
 * data of its progress handler is released when a newer one takes its place. */
static void
test_failed_start (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LoftAction) first = start_reporting (slot, log), second = NULL;
  g_autoptr (TestForeign) taken = g_object_new (test_foreign_get_type (), NULL);

  reporters_released = 0;
  /* Its one completed handler is set already. */
  loft_async_info_set_completed (LOFT_ASYNC_INFO (taken), on_slot_ended, log, NULL, NULL);
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "loft_latest_slot_start*");
  g_assert_false (loft_latest_slot_start_with_progress (slot, LOFT_ASYNC_INFO (taken),
                                                        on_slot_ended, log, NULL, LOFT_PROGRESS_ALL,
                                                        on_report, log, count_released));
  g_test_assert_expected_messages ();
  g_assert_cmpint (reporters_released, ==, 1);

  loft_async_base_report_progress_int64 (LOFT_ASYNC_BASE (first), 1);
  test_drain (NULL);
  second = start_reporting (slot, log);
  g_assert_cmpint (reporters_released, ==, 2);
  loft_action_complete (first);
  loft_action_complete (second);
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "1 ended ");
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/latest-slot/newest", test_newest },
    { "/latest-slot/on-its-way", test_on_its_way },
    { "/latest-slot/ended-before", test_ended_before },
    { "/latest-slot/cleared", test_cleared },
    { "/latest-slot/let-go", test_let_go },
    { "/latest-slot/producer-lets-go", test_producer_lets_go },
    { "/latest-slot/start-in-cancel", test_start_in_cancel },
    { "/latest-slot/wrong-thread", test_wrong_thread },
    { "/latest-slot/model", test_model },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  g_test_add_func ("/latest-slot/progress", test_progress);
  g_test_add_func ("/latest-slot/failed-start", test_failed_start);
  return g_test_run ();
}
