/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftListFeeder: a list model that any thread pushes rows into. */

#include "controlled.h"
#include "rows.h"

static LoftListFeeder *feeder;
static ListWatch *watch;
static GString *told; /* the properties that have notified, in order */

static void
on_notify (GObject    *object,
           GParamSpec *property,
           gpointer    user_data)
{
  g_assert_true (loft_dispatcher_has_thread_access (loft_list_feeder_get_dispatcher (feeder)));
  if (strcmp (property->name, "n-items") != 0)
    g_string_append_printf (told, "%s ", property->name);
}

static void
set_up (void)
{
  rows_home = loft_dispatcher_get_default ();
  feeder = loft_list_feeder_new (TEST_TYPE_ROW);
  watch = list_watch_new (feeder);
  told = g_string_new (NULL);
  g_signal_connect (feeder, "notify", G_CALLBACK (on_notify), NULL);
}

static gboolean
is_alive (GWeakRef *weak)
{
  g_autoptr (GObject) object = g_weak_ref_get (weak);

  return object != NULL;
}

static void
tear_down (void)
{
  GWeakRef weak;

  test_drain (NULL); /* a turn that is left holds the feeder */
  list_watch_free (watch);
  g_weak_ref_init (&weak, feeder);
  g_object_unref (feeder);
  while (is_alive (&weak) || test_get (&rows_alive) > 0)
    test_drain (NULL); /* a worker that has told it of the end of its work still holds it */
  g_weak_ref_clear (&weak);
  g_string_free (told, TRUE);
  loft_dispatcher_set_slice (loft_dispatcher_get_default (), 4 * G_TIME_SPAN_MILLISECOND);
}

/* Every turn is a quick one, however busy the machine is. */
static void
make_turns_quick (void)
{
  loft_dispatcher_set_slice (rows_home, G_TIME_SPAN_MINUTE);
}

static void
run_case (gconstpointer func)
{
  set_up ();
  ((void (*) (void)) func) ();
  tear_down ();
}

static void
assert_error_of (gpointer info,
                 GQuark   domain,
                 int      code)
{
  g_autoptr (GError) error = loft_async_info_dup_error (LOFT_ASYNC_INFO (info));

  g_assert_error (error, domain, code);
}

static void
push (int number)
{
  g_autoptr (TestRow) row = test_row_new (number);
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_list_feeder_push (feeder, row, &error));
  g_assert_no_error (error);
}

/* Pushes a row that must be refused, and is still the caller's then. */
static void
assert_refused (GQuark domain,
                int    code)
{
  TestRow *row = test_row_new (0);
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_list_feeder_push (feeder, row, &error));
  g_assert_error (error, domain, code);
  g_assert_finalize_object (row);
}

static void
assert_list (const char *numbers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (feeder)); i++)
    g_string_append_printf (text, "%d ", list_number (feeder, i));
  g_assert_cmpstr (text->str, ==, numbers);
}

static void
assert_told (const char *expected)
{
  g_assert_cmpstr (told->str, ==, expected);
  g_string_set_size (told, 0);
}

/* Rows that are pushed one by one enter the list together, and never inside the push. */
static void
test_push (void)
{
  push (1);
  push (2);
  push (3);
  assert_list ("");
  g_assert_cmpuint (loft_list_feeder_get_n_pending (feeder), ==, 3);
  test_drain (NULL);
  assert_list ("1 2 3 ");
  g_assert_cmpstr (watch->log->str, ==, "0-0+3 ");
  g_assert_cmpuint (loft_list_feeder_get_n_pending (feeder), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (feeder)) == TEST_TYPE_ROW);
}

static void
test_push_all (void)
{
  gpointer batch[] = { test_row_new (1), test_row_new (2) };

  g_assert_true (loft_list_feeder_push_all (feeder, batch, 2, NULL));
  g_assert_true (loft_list_feeder_push_all (feeder, batch, 0, NULL));
  g_object_unref (batch[0]);
  g_object_unref (batch[1]);
  push (3);
  test_drain (NULL);
  assert_list ("1 2 3 ");
}

static gboolean
push_many (LoftAsyncAction *action,
           gpointer         n,
           GError         **error)
{
  for (int i = 0; i < GPOINTER_TO_INT (n); i++)
    {
      g_autoptr (TestRow) row = test_row_new (i);

      if (!loft_list_feeder_push (feeder, row, error))
        return FALSE;
    }
  return TRUE;
}

/* The work and the list end together: the action of the feeder ends after the last row. */
static void
test_work (void)
{
  g_autoptr (LoftAsyncAction)
    work = loft_thread_pool_run_async (push_many, GINT_TO_POINTER (5000), NULL);
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  test_run_until_ended (NULL, all_in);
  assert_status (all_in, COMPLETED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 5000);
  for (guint i = 0; i < 5000; i++)
    g_assert_cmpint (list_number (feeder, i), ==, (int) i);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_COMPLETE);
  g_assert_true (loft_list_feeder_is_complete (feeder));
}

/* A turn that takes too long makes the next ones smaller; quick ones grow. */
static void
dawdle (GListModel *model,
        guint       position,
        guint       removed,
        guint       added,
        gpointer    largest)
{
  gint64 end = g_get_monotonic_time () + added * 20; /* µs */

  while (g_get_monotonic_time () < end)
    ;
  *(guint *) largest = MAX (*(guint *) largest, added);
}

static void
test_slow_handler (void)
{
  guint largest = 0;

  g_signal_connect (feeder, "items-changed", G_CALLBACK (dawdle), &largest);
  for (int i = 0; i < 5000; i++)
    push (i);
  test_drain (NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 5000);
  /* 1024 rows take 20 ms, five slices of 4 ms; after that at most a slice's worth enters. */
  g_assert_cmpuint (largest, ==, 1024);
  g_assert_cmpuint (watch->changes, >, 10);
}

static void
test_quick_handler (void)
{
  make_turns_quick ();
  for (int i = 0; i < 60000; i++)
    push (i);
  test_drain (NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 60000);
  g_assert_cmpuint (watch->changes, ==, 6); /* 1024, 2048, 4096, 8192, 16384, the rest */
}

static void
test_sorted (void)
{
  push (3);
  push (1);
  test_drain (NULL);
  loft_list_feeder_set_sort_func (feeder, test_row_compare, NULL, NULL);
  assert_list ("1 3 ");
  push (4);
  push (2);
  test_drain (NULL);
  assert_list ("1 2 3 4 ");
  g_assert_cmpstr (watch->log->str, ==, "0-0+2 0-2+2 1-0+1 3-0+1 ");
}

/* A full feeder refuses what must not wait, and says when there is room. */
static void
test_full (void)
{
  g_autoptr (TestRow) row = test_row_new (3);
  g_autoptr (LoftAsyncAction) room = NULL, at_once = loft_list_feeder_room_async (feeder);
  g_autoptr (GError) error = NULL;

  assert_status (at_once, COMPLETED);
  loft_list_feeder_set_limit (feeder, 2);
  push (1);
  push (2);
  room = loft_list_feeder_room_async (feeder);
  g_assert_false (loft_list_feeder_try_push (feeder, row, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  assert_status (room, STARTED);
  push (0); /* home makes room, and does not wait for it */
  test_drain (NULL);
  assert_status (room, COMPLETED);
  g_assert_true (loft_list_feeder_try_push (feeder, row, NULL));
  test_drain (NULL);
  assert_list ("1 2 0 3 ");
  assert_told ("limit ");
}

/* A worker that pushes into a full feeder waits, and the number of rows that wait stays bounded. */
static void
check_bound (GListModel *model,
             guint       position,
             guint       removed,
             guint       added,
             gpointer    limit)
{
  g_assert_cmpuint (loft_list_feeder_get_n_pending (feeder), <=, GPOINTER_TO_UINT (limit));
}

static void
test_back_pressure (void)
{
  g_autoptr (LoftAsyncAction) work = NULL;
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);

  loft_list_feeder_set_limit (feeder, 10);
  g_signal_connect (feeder, "items-changed", G_CALLBACK (check_bound), GUINT_TO_POINTER (10));
  work = loft_thread_pool_run_async (push_many, GINT_TO_POINTER (1000), NULL);
  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  test_run_until_ended (NULL, all_in);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 1000);
  g_assert_cmpuint (watch->changes, >=, 100);
}

/* A thread that has another dispatcher is refused instead of blocked. */
static gboolean
push_to_full (LoftAsyncAction *action,
              gpointer         user_data,
              GError         **error)
{
  g_autoptr (TestRow) row = test_row_new (2);

  return loft_list_feeder_push (feeder, row, error);
}

static void
test_full_elsewhere (void)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_dedicated_thread ("elsewhere", NULL);
  g_autoptr (LoftAsyncAction) pushing = NULL, down = NULL;

  rows_home = NULL; /* the refused row is released elsewhere */
  loft_list_feeder_set_limit (feeder, 1);
  push (1);
  pushing = loft_dispatcher_run_async (loft_dispatcher_controller_get_dispatcher (controller),
                                       LOFT_PRIORITY_NORMAL, push_to_full, NULL, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (pushing), NULL));
  assert_error_of (pushing, LOFT_ERROR, LOFT_ERROR_BLOCKING_WAIT);
  down = loft_dispatcher_controller_shutdown_async (controller);
  test_run_until_ended (NULL, down);
}

/* A wait that is cancelled is not kept until the end of the feeder. */
static void
test_waits_canceled (void)
{
  LoftAsyncAction *waits[2];

  loft_list_feeder_set_limit (feeder, 1);
  push (1);
  waits[0] = loft_list_feeder_room_async (feeder);
  waits[1] = loft_list_feeder_all_in_async (feeder);
  for (int i = 0; i < 2; i++)
    {
      loft_async_info_cancel (LOFT_ASYNC_INFO (waits[i]));
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (waits[i])));
      assert_status (waits[i], CANCELED);
      g_assert_finalize_object (waits[i]);
    }
  test_drain (NULL);
  assert_list ("1 ");
}

/* A closed feeder refuses rows, and is complete when those that it had are in. */
static void
test_close (void)
{
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder), late = NULL;

  push (1);
  loft_list_feeder_close (feeder);
  loft_list_feeder_close (feeder);
  assert_refused (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_OPEN); /* home's view */
  assert_status (all_in, STARTED);
  test_drain (NULL);
  assert_list ("1 ");
  assert_told ("state is-complete ");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_COMPLETE);
  assert_status (all_in, COMPLETED);
  late = loft_list_feeder_all_in_async (feeder);
  assert_status (late, COMPLETED);
}

/* While rows wait, a closed feeder says so. */
static void
test_closed_with_rows_left (void)
{
  make_turns_quick ();
  for (int i = 0; i < 2000; i++)
    push (i);
  loft_list_feeder_close (feeder);
  g_assert_true (loft_dispatcher_process_events (rows_home, LOFT_PROCESS_EVENTS_ONE_IF_PRESENT,
                                                 NULL));
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CLOSED);
  g_assert_false (loft_list_feeder_is_complete (feeder));
  assert_told ("n-pending state ");
  test_drain (NULL);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_COMPLETE);
  assert_told ("n-pending state is-complete ");
}

/* An error comes after the rows that were pushed before it. */
static void
test_failed (void)
{
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);
  g_autoptr (GError) error = NULL;

  push (1);
  loft_list_feeder_fail (feeder, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  loft_list_feeder_fail (feeder, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_EXISTS, "second"));
  assert_refused (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_null (loft_list_feeder_dup_error (feeder));
  test_drain (NULL);
  assert_list ("1 ");
  assert_told ("error state is-complete ");
  error = loft_list_feeder_dup_error (feeder);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_FAILED);
  assert_error_of (all_in, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A cancel drops what waits, and leaves the list as it is. */
static void
test_cancel (void)
{
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (feeder);

  push (1);
  test_drain (NULL);
  push (2);
  loft_list_feeder_cancel (feeder);
  g_assert_cmpint (test_get (&rows_alive), ==, 1); /* released at once, since this is home */
  assert_refused (G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_drain (NULL);
  assert_list ("1 ");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CANCELED);
  assert_status (all_in, CANCELED);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (all_in)));
  loft_list_feeder_clear (feeder);
  assert_list ("");
}

/* Inside a handler of items-changed, the rows of the turn still enter, also at other places. */
static void
cancel_in_handler (GListModel *model,
                   guint       position,
                   guint       removed,
                   guint       added,
                   gpointer    user_data)
{
  loft_list_feeder_cancel (feeder);
}

static void
test_cancel_in_handler (void)
{
  loft_list_feeder_set_sort_func (feeder, test_row_compare, NULL, NULL);
  push (2);
  push (4);
  test_drain (NULL);
  g_signal_connect (feeder, "items-changed", G_CALLBACK (cancel_in_handler), NULL);
  push (1);
  push (3);
  test_drain (NULL);
  assert_list ("1 2 3 4 ");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CANCELED);
}

/* Also if the feeder was closed before, and rows are left that a turn has taken already. */
static void
test_cancel_after_close (void)
{
  make_turns_quick ();
  for (int i = 0; i < 2000; i++)
    push (i);
  loft_list_feeder_close (feeder);
  g_assert_true (loft_dispatcher_process_events (rows_home, LOFT_PROCESS_EVENTS_ONE_IF_PRESENT,
                                                 NULL));
  loft_list_feeder_cancel (feeder);
  test_drain (NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 1024);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CANCELED);
  g_assert_cmpint (test_get (&rows_alive), ==, 1024);
}

/* At home, a clear empties the list at once; rows that come later enter it. */
static void
test_clear (void)
{
  push (1);
  test_drain (NULL);
  push (2);
  loft_list_feeder_clear (feeder);
  assert_list ("");
  push (3);
  test_drain (NULL);
  assert_list ("3 ");
  g_assert_cmpstr (watch->log->str, ==, "0-0+1 0-1+0 0-0+1 ");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_OPEN);
}

static void *
clear_elsewhere (void *data)
{
  loft_list_feeder_clear (feeder);
  return NULL;
}

static void
test_clear_elsewhere (void)
{
  push (1);
  test_drain (NULL);
  push (2);
  test_on_thread (clear_elsewhere, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 1);
  push (3);
  test_drain (NULL);
  assert_list ("3 ");
  g_assert_cmpstr (watch->log->str, ==, "0-0+1 0-1+0 0-0+1 ");
}

/* A handler of items-changed that runs a loop of its own does not find the list changing. */
static void
run_loop_and_clear (GListModel *model,
                    guint       position,
                    guint       removed,
                    guint       added,
                    gpointer    depth)
{
  g_assert_cmpint ((*(int *) depth)++, ==, 0);
  if (removed == 0 && list_number (feeder, position) == 1)
    {
      push (2);
      loft_list_feeder_clear (feeder); /* takes out 1 and 2 in the next turn */
      push (3);
    }
  test_drain (NULL);
  (*(int *) depth)--;
}

static void
test_nested_loop (void)
{
  int depth = 0;

  g_signal_connect (feeder, "items-changed", G_CALLBACK (run_loop_and_clear), &depth);
  push (1);
  test_drain (NULL);
  assert_list ("3 ");
  push (4);
  loft_list_feeder_clear (feeder); /* a turn comes up inside the handlers of this one, too */
  push (5);
  test_drain (NULL);
  assert_list ("5 ");
}

/* A compare function that runs a loop, or clears, does not find the list changing either. */
static gint
compare_and_run_loop (gconstpointer a,
                      gconstpointer b,
                      gpointer      user_data)
{
  test_drain (NULL);
  return test_row_compare (a, b, NULL);
}

static gint
compare_and_clear (gconstpointer a,
                   gconstpointer b,
                   gpointer      user_data)
{
  loft_list_feeder_clear (feeder);
  return test_row_compare (a, b, NULL);
}

static void
test_nested_loop_in_sort (void)
{
  for (int i = 50; i > 0; i--)
    push (i);
  test_drain (NULL);
  for (int i = 100; i > 50; i--)
    push (i);
  loft_list_feeder_set_sort_func (feeder, compare_and_run_loop, NULL, NULL);
  test_drain (NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 100);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (list_number (feeder, i), ==, (int) i + 1);
  loft_list_feeder_set_sort_func (feeder, compare_and_clear, NULL, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 100);
  test_drain (NULL);
  assert_list ("");
}

/* A handler may drop the last reference to the list. */
static void
drop_list (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           gpointer    user_data)
{
  if (removed > 0)
    g_object_unref (model);
}

static void
test_dropped_in_handler (void)
{
  LoftListFeeder *mine = feeder;

  for (int i = 0; i < 2; i++)
    {
      LoftListFeeder *other = feeder = loft_list_feeder_new (TEST_TYPE_ROW);
      GWeakRef weak;

      g_weak_ref_init (&weak, other);
      push (2);
      push (1);
      test_drain (NULL);
      feeder = mine;
      g_signal_connect (other, "items-changed", G_CALLBACK (drop_list), NULL);
      if (i == 0)
        loft_list_feeder_clear (other);
      else
        loft_list_feeder_set_sort_func (other, test_row_compare, NULL, NULL);
      test_drain (NULL);
      g_assert_null (g_weak_ref_get (&weak));
      g_weak_ref_clear (&weak);
    }
}

/* The work fails: so does the feeder, after the rows. */
static void
test_bound_failure (void)
{
  g_autoptr (LoftAction) work = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  push (1);
  loft_async_base_fail (LOFT_ASYNC_BASE (work),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone"));
  test_drain (NULL);
  assert_list ("1 ");
  error = loft_list_feeder_dup_error (feeder);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A cancel of the work cancels the feeder at once, while the work still runs. */
static void
test_bound_cancel (void)
{
  g_autoptr (LoftAction) work = loft_action_new ();

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  push (1);
  loft_async_info_cancel (LOFT_ASYNC_INFO (work));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (work)));
  assert_refused (G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_drain (NULL);
  assert_list ("");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CANCELED);
  loft_action_complete (work);
}

/* A second work is refused, and the first one still counts. */
static void
test_bound_twice (void)
{
  g_autoptr (LoftAction) first = loft_action_new (), second = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (first), NULL));
  g_assert_false (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (second), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  loft_action_complete (second);
  push (1);
  loft_action_complete (first);
  test_drain (NULL);
  assert_list ("1 ");
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_COMPLETE);
}

static void
test_bound_to_ended (void)
{
  g_autoptr (LoftAction) work = loft_action_new_completed ();

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  assert_refused (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  test_drain (NULL);
  g_assert_true (loft_list_feeder_is_complete (feeder));
}

/* The work is dropped before its end, and its rows are not complete. */
static void
test_bound_to_dropped (void)
{
  LoftAction *work = loft_action_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (work), NULL));
  g_object_unref (work);
  test_drain (NULL);
  error = loft_list_feeder_dup_error (feeder);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

/* The feeder dies with its owner, and leaves an owner that outlives it. */
static void
test_owner (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);

  loft_list_feeder_bind_owner (feeder, owner);
  loft_list_feeder_bind_owner (feeder, other);
  push (1);
  g_object_unref (owner);
  assert_refused (G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_drain (NULL);
  g_assert_cmpint (loft_list_feeder_get_state (feeder), ==, LOFT_FEEDER_CANCELED);
  loft_list_feeder_bind_owner (feeder, other); /* too late */
}

/* A feeder that is dropped elsewhere releases its rows at home. So does one with rows that wait. */
static void *
drop_elsewhere (void *data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_dropped_elsewhere (void)
{
  LoftListFeeder *mine = feeder, *other = loft_list_feeder_new (TEST_TYPE_ROW);
  g_autoptr (LoftAsyncAction) all_in = loft_list_feeder_all_in_async (other);
  g_autoptr (LoftAction) work = loft_action_new ();
  GWeakRef weak;

  g_weak_ref_init (&weak, other);
  g_assert_true (loft_list_feeder_bind (other, LOFT_ASYNC_INFO (work), NULL));
  feeder = other;
  push (1);
  test_drain (NULL);
  push (2);
  feeder = mine;
  test_on_thread (drop_elsewhere, other);
  g_assert_cmpint (test_get (&rows_alive), ==, 2);
  test_drain (NULL);
  g_assert_null (g_weak_ref_get (&weak));
  g_assert_cmpint (test_get (&rows_alive), ==, 0);
  assert_error_of (all_in, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_weak_ref_clear (&weak);
  loft_action_complete (work); /* nobody is bound to it any more */
}

/* A row of another type is a mistake in the program, and is not taken. */
static void
test_wrong_type (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (LoftListFeeder) other = loft_list_feeder_new (TEST_TYPE_ROW);
      g_autoptr (GObject) row = g_object_new (G_TYPE_OBJECT, NULL);

      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      loft_list_feeder_push (other, row, NULL);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_stderr ("*list has rows of the type TestRow, and row 0*is a GObject*");
}

/* A list model counts its rows in an int. More of them in one push are a mistake, which is told
 * before any of them is looked at. */
static void
test_too_many (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (LoftListFeeder) other = loft_list_feeder_new (TEST_TYPE_ROW);
      gpointer none = NULL;

      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      g_assert_false (loft_list_feeder_push_all (other, &none, (gsize) G_MAXINT + 1, NULL));
      g_assert_false (loft_list_feeder_try_push_all (other, &none, (gsize) G_MAXINT + 1, NULL));
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*loft_list_feeder_push_all*G_MAXINT*try_push_all*G_MAXINT*");
}

/* While a dispatcher shuts down, rows that were pushed still enter; later ones are refused. */
static gboolean
make_feeder (LoftAsyncAction *action,
             gpointer         where,
             GError         **error)
{
  *(LoftListFeeder **) where = loft_list_feeder_new (TEST_TYPE_ROW);
  return TRUE;
}

static void
count_items (GObject    *object,
             GParamSpec *property,
             gpointer    n)
{
  *(guint *) n = g_list_model_get_n_items (G_LIST_MODEL (object));
}

static void
test_shutdown (void)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_dedicated_thread ("list", NULL);
  LoftDispatcher *dispatcher = loft_dispatcher_controller_get_dispatcher (controller);
  g_autoptr (LoftAsyncAction) make = NULL, hold = NULL, down = NULL, all_in = NULL;
  g_autoptr (LoftListFeeder) other = NULL;
  LoftListFeeder *mine = feeder;
  TestEvent event = TEST_EVENT_INIT;
  guint n = 0;

  rows_home = NULL; /* the list outlives its home */
  make = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, make_feeder, &other, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (make), NULL));
  g_assert_true (loft_list_feeder_get_dispatcher (other) == dispatcher);
  all_in = loft_list_feeder_all_in_async (other);
  g_signal_connect (other, "notify::state", G_CALLBACK (count_items), &n);

  hold = loft_dispatcher_run_async (dispatcher, LOFT_PRIORITY_NORMAL, test_hold, &event, NULL);
  feeder = other;
  for (int i = 0; i < 3000; i++)
    push (i);
  down = loft_dispatcher_controller_shutdown_async (controller);
  test_event_set (&event);
  test_run_until_ended (NULL, down);
  assert_refused (LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  feeder = mine;
  g_assert_cmpuint (n, ==, 3000);
  assert_error_of (all_in, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_cmpint (loft_list_feeder_get_state (other), ==, LOFT_FEEDER_FAILED);
  g_clear_object (&other);
  while (test_get (&rows_alive) > 0)
    sched_yield (); /* the last turn's thread may have the last reference */
}

/* A list that misses no row is complete, though it is closed after its dispatcher has gone. One
 * that is not closed learns of the shutdown from the next push. */
static void
test_idle_at_shutdown (void)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_dedicated_thread ("list", NULL);
  LoftDispatcher *dispatcher = loft_dispatcher_controller_get_dispatcher (controller);
  g_autoptr (LoftListFeeder)
    closed = loft_list_feeder_new_for_dispatcher (dispatcher, LOFT_PRIORITY_LOW, TEST_TYPE_ROW),
    open = loft_list_feeder_new_for_dispatcher (dispatcher, LOFT_PRIORITY_LOW, TEST_TYPE_ROW);
  g_autoptr (LoftAsyncAction) closed_in = loft_list_feeder_all_in_async (closed),
                              open_in = loft_list_feeder_all_in_async (open), down = NULL;
  g_autoptr (TestRow) row = test_row_new (1);
  g_autoptr (GError) error = NULL;

  rows_home = NULL;
  down = loft_dispatcher_controller_shutdown_async (controller);
  test_run_until_ended (NULL, down);
  loft_list_feeder_close (closed);
  g_assert_cmpint (loft_list_feeder_get_state (closed), ==, LOFT_FEEDER_COMPLETE);
  assert_status (closed_in, COMPLETED);

  g_assert_cmpint (loft_list_feeder_get_state (open), ==, LOFT_FEEDER_OPEN);
  g_assert_false (loft_list_feeder_push (open, row, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_cmpint (loft_list_feeder_get_state (open), ==, LOFT_FEEDER_FAILED);
  assert_error_of (open_in, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_clear_object (&row);
  while (test_get (&rows_alive) > 0)
    sched_yield (); /* a home that still drains releases the list's reference */
}

/* A feeder that is made without a thread of its own belongs to the default dispatcher. */
static void *
make_elsewhere (void *data)
{
  g_autoptr (LoftListFeeder) made = loft_list_feeder_new (G_TYPE_OBJECT);
  g_autoptr (LoftListFeeder) given =
    loft_list_feeder_new_for_dispatcher (loft_dispatcher_get_default (), LOFT_PRIORITY_HIGH,
                                         TEST_TYPE_ROW);
  LoftPriority priority, low;
  GType type;

  g_assert_true (loft_list_feeder_get_dispatcher (made) == loft_dispatcher_get_default ());
  g_object_get (made, "priority", &low, "item-type", &type, NULL);
  g_object_get (given, "priority", &priority, NULL);
  g_assert_cmpint (low, ==, LOFT_PRIORITY_LOW);
  g_assert_cmpint (priority, ==, LOFT_PRIORITY_HIGH);
  g_assert_true (type == G_TYPE_OBJECT);
  return NULL;
}

static void
test_home (void)
{
  test_on_thread (make_elsewhere, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add_data_func ("/list-feeder/" name, func, run_case)
  CASE ("push", test_push);
  CASE ("push-all", test_push_all);
  CASE ("work", test_work);
  CASE ("slow-handler", test_slow_handler);
  CASE ("quick-handler", test_quick_handler);
  CASE ("sorted", test_sorted);
  CASE ("full", test_full);
  CASE ("back-pressure", test_back_pressure);
  CASE ("full-elsewhere", test_full_elsewhere);
  CASE ("waits-canceled", test_waits_canceled);
  CASE ("close", test_close);
  CASE ("closed-with-rows-left", test_closed_with_rows_left);
  CASE ("fail", test_failed);
  CASE ("cancel", test_cancel);
  CASE ("cancel-in-handler", test_cancel_in_handler);
  CASE ("cancel-after-close", test_cancel_after_close);
  CASE ("clear", test_clear);
  CASE ("clear-elsewhere", test_clear_elsewhere);
  CASE ("nested-loop", test_nested_loop);
  CASE ("nested-loop-in-sort", test_nested_loop_in_sort);
  CASE ("dropped-in-handler", test_dropped_in_handler);
  CASE ("bound-failure", test_bound_failure);
  CASE ("bound-cancel", test_bound_cancel);
  CASE ("bound-twice", test_bound_twice);
  CASE ("bound-to-ended", test_bound_to_ended);
  CASE ("bound-to-dropped", test_bound_to_dropped);
  CASE ("owner", test_owner);
  CASE ("dropped-elsewhere", test_dropped_elsewhere);
  CASE ("shutdown", test_shutdown);
  CASE ("idle-at-shutdown", test_idle_at_shutdown);
  CASE ("home", test_home);
  g_test_add_func ("/list-feeder/wrong-type", test_wrong_type);
  g_test_add_func ("/list-feeder/too-many", test_too_many);
  return g_test_run ();
}
