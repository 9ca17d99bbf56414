/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slots of which only the newest counts. */

#include "test-util.h"

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

/* An older one that had succeeded, and was on its way home, is not delivered after a newer one began. */
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

/* Letting go of the slot: cancelled, nothing is delivered, the data is released. */
static void
test_let_go (void)
{
  LoftLatestSlot *slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new ();
  int released = 0;

  g_assert_true (loft_latest_slot_start (slot, LOFT_ASYNC_INFO (a), test_on_completed, &released, test_count));
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

/* A cancel that starts another: that is the newest then. */
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

  g_assert_false (loft_latest_slot_start (slot, LOFT_ASYNC_INFO (a), say_end, &released, test_count));
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

/* The model, under threads: work on the pool ends in any order; an older one is never delivered after a newer one began. */

typedef struct
{
  int begun;     /* the newest, owner thread only */
  int delivered;
} Model;

typedef struct
{
  Model *model;
  int number;
} Search;

static void
on_search_ended (LoftAsyncInfo   *sender,
                 LoftAsyncStatus  status,
                 gpointer         user_data)
{
  Search *search = user_data;

  g_assert_cmpint (search->number, ==, search->model->begun);
  test_count (&search->model->delivered);
}

static void
test_model (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  Model model = { 0 };

  for (int i = 1; i <= 3000; i++)
    {
      g_autoptr (LoftAsyncAction) action = loft_thread_pool_run_async (test_succeed, NULL, NULL);
      Search *search = g_new (Search, 1);

      *search = (Search) { &model, i };
      model.begun = i;
      g_assert_true (loft_latest_slot_start (slot, LOFT_ASYNC_INFO (action), on_search_ended, search, g_free));
      if (i % 3 == 0)
        g_main_context_iteration (NULL, FALSE);
      if (i % 100 == 0)
        test_run_until_ended (NULL, action);
    }
  while (loft_latest_slot_dup_current (slot) != NULL)
    {
      g_object_unref (loft_latest_slot_dup_current (slot));
      g_main_context_iteration (NULL, TRUE);
      break;
    }
  test_drain (NULL);
  g_assert_cmpint (model.delivered, >=, 1);
}

static void
run_case (gconstpointer func)
{
  said = g_string_new (NULL);
  ((void (*) (void)) func) ();
  test_drain (NULL);
  g_string_free (said, TRUE);
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
    { "/latest-slot/start-in-cancel", test_start_in_cancel },
    { "/latest-slot/wrong-thread", test_wrong_thread },
    { "/latest-slot/model", test_model },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
