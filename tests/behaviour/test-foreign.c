/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A class that implements the interfaces by hand, without deriving from LoftAsyncBase. Its one
 * completed slot serves a handler that is called at its home, a wait, an asynchronous wait or a
 * continuation. */

#include "by-hand.h"

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       counter,
       GError       **error)
{
  g_assert_true (loft_async_info_has_ended (antecedent));
  g_assert_true (loft_apartment_is_sta ());
  test_count (counter);
  return TRUE;
}

static void
test_foreign_continues (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncAction) result = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  int ran = 0;

  result = loft_async_info_continue_with (LOFT_ASYNC_INFO (foreign), go_on, &ran, NULL);
  second = loft_async_info_continue_with (LOFT_ASYNC_INFO (foreign), go_on, &ran, NULL);
  /* The one slot is used, and the error says so. */
  g_assert_false (loft_async_action_get_results (second, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  g_assert_nonnull (strstr (error->message, "TestForeign"));
  test_foreign_complete (foreign);
  test_run_until_ended (NULL, result);
  g_assert_cmpint (ran, ==, 1);
}

static void
test_foreign_handler (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  int handled = 0;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (foreign), test_on_completed,
                                                &handled, NULL, NULL));
  test_foreign_complete (foreign);
  g_assert_cmpint (handled, ==, 0); /* it is on its way to its home */
  test_run_until (NULL, &handled);
}

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      counter)
{
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  test_count (counter);
}

static void
test_foreign_wait_async (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  int waited = 0;

  loft_async_info_wait_async (LOFT_ASYNC_INFO (foreign), NULL, on_waited, &waited);
  test_foreign_complete (foreign);
  test_run_until (NULL, &waited);
}

static void *
get_foreign (void *foreign)
{
  g_assert_true (loft_async_action_get (LOFT_ASYNC_ACTION (foreign), NULL));
  g_assert_cmpint (loft_async_info_wait_for (LOFT_ASYNC_INFO (foreign), G_TIME_SPAN_HOUR, NULL), ==,
                   LOFT_ASYNC_STATUS_COMPLETED);
  return NULL;
}

static void
test_foreign_get (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  pthread_t thread;

  pthread_create (&thread, NULL, get_foreign, foreign);
  while (__atomic_load_n (&foreign->handler, __ATOMIC_ACQUIRE) == NULL)
    sched_yield ();
  test_foreign_complete (foreign);
  pthread_join (thread, NULL);
}

/* A class that implements only the status. All else has a default. */

#define TEST_TYPE_LEAST (test_least_get_type ())
G_DECLARE_FINAL_TYPE (TestLeast, test_least, TEST, LEAST, GObject)

struct _TestLeast
{
  GObject parent_instance;
  LoftAsyncStatus status;
};

static LoftAsyncStatus
test_least_get_status (LoftAsyncInfo *info)
{
  return TEST_LEAST (info)->status;
}

static void
test_least_info_init (LoftAsyncInfoInterface *iface)
{
  iface->get_status = test_least_get_status;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLeast, test_least, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO, test_least_info_init))

static void
test_least_class_init (TestLeastClass *klass)
{
}

static void
test_least_init (TestLeast *self)
{
}

static void
test_foreign_least (void)
{
  g_autoptr (TestLeast) least = g_object_new (TEST_TYPE_LEAST, NULL);
  LoftAsyncInfo *info = LOFT_ASYNC_INFO (least);
  g_autoptr (GError) close_error = NULL, slot_error = NULL, failure = NULL, canceled = NULL;
  int released = 0;

  g_assert_cmpuint (loft_async_info_get_id (info), !=, 0);
  g_assert_cmpuint (loft_async_info_get_id (info), ==, loft_async_info_get_id (info));
  g_assert_null (loft_async_info_dup_error (info));
  loft_async_info_cancel (info);
  assert_status (info, STARTED);
  g_assert_false (loft_async_info_close (info, &close_error));
  g_assert_error (close_error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_STATE_CHANGE);
  g_assert_false (
    loft_async_info_set_completed (info, test_on_completed, &released, test_count, &slot_error));
  g_assert_error (slot_error, LOFT_ERROR, LOFT_ERROR_FAILED);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);

  least->status = LOFT_ASYNC_STATUS_ERROR;
  failure = loft_async_info_dup_error (info);
  g_assert_error (failure, LOFT_ERROR, LOFT_ERROR_FAILED);
  least->status = LOFT_ASYNC_STATUS_CANCELED;
  canceled = loft_async_info_dup_error (info);
  g_assert_error (canceled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (loft_async_info_close (info, NULL));
}

/* An object that somebody waits for is held until its end, even if everybody else drops it. */
static void
test_foreign_is_held (void)
{
  TestForeign *foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  TestForeign *waited_for = foreign;
  g_autoptr (LoftAsyncAction) next = NULL;
  int ran = 0;

  next = loft_async_info_continue_with (LOFT_ASYNC_INFO (foreign), go_on, &ran, NULL);
  g_object_add_weak_pointer (G_OBJECT (foreign), (gpointer *) &foreign);
  g_object_unref (foreign);
  g_assert_nonnull (foreign);
  test_foreign_complete (waited_for);
  test_run_until_ended (NULL, next);
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 1);
  assert_status (next, COMPLETED);
  g_assert_null (foreign);
}

static void
never (LoftAsyncInfo   *sender,
       LoftAsyncStatus  status,
       gpointer         user_data)
{
  g_assert_not_reached ();
}

/* A latest slot does not accept an object that can't be observed. The object that is in the slot
 * stays there, and is not cancelled. */
static void
test_refused_by_slot (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAction) action = loft_action_new ();
  int delivered = 0, released = 0;

  g_assert_true (
    loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (foreign), never, NULL, NULL, NULL));
  g_assert_true (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (action), test_on_completed, &delivered, NULL));
  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*TestForeign*");
  g_assert_false (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (foreign), never, &released, test_count));
  g_test_assert_expected_messages ();
  g_assert_cmpint (released, ==, 1);
  assert_status (action, STARTED);
  loft_action_complete (action);
  test_drain (NULL);
  g_assert_cmpint (delivered, ==, 1);
}

/* An object may drop the handler in its slot without calling it. Whatever waited for the object
 * ends then, and its error says why. */

static void
assert_disconnected (gpointer info)
{
  g_autoptr (GError) error = NULL;

  test_run_until_ended (NULL, info);
  error = loft_async_info_dup_error (info);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "TestForeign"));
}

static void
test_let_go_continues (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAsyncAction)
    result = loft_async_info_continue_with (LOFT_ASYNC_INFO (foreign), go_on, NULL, NULL);

  test_foreign_let_go (foreign);
  assert_disconnected (result);
}

static void
test_let_go_composed (void)
{
  for (int form = 0; form < 2; form++)
    {
      g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
      LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (foreign) };
      g_autoptr (GObject) outer = form == 0
                                    ? G_OBJECT (loft_when_all (items, 1, LOFT_WHEN_DEFAULT))
                                    : G_OBJECT (loft_with_timeout (items[0], G_TIME_SPAN_DAY));

      test_foreign_let_go (foreign);
      assert_disconnected (outer);
    }
}

static void
test_let_go_when_any (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (LoftAction) other = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (other), LOFT_ASYNC_INFO (foreign) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (items, 2, LOFT_WHEN_DEFAULT);

  test_foreign_let_go (foreign);
  g_assert_cmpint (loft_async_operation_get_int64 (any, NULL), ==, 1);
}

static void
on_wait_failed (GObject      *source,
                GAsyncResult *result,
                gpointer      counter)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  test_count (counter);
}

static void
test_let_go_wait_async (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  int called = 0;

  loft_async_info_wait_async (LOFT_ASYNC_INFO (foreign), NULL, on_wait_failed, &called);
  test_foreign_let_go (foreign);
  test_run_until (NULL, &called);
}

static void *
get_in_vain (void *foreign)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_action_get (foreign, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  return NULL;
}

static void
test_let_go_get (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  pthread_t thread;

  pthread_create (&thread, NULL, get_in_vain, foreign);
  while (__atomic_load_n (&foreign->handler, __ATOMIC_ACQUIRE) == NULL)
    sched_yield ();
  test_foreign_let_go (foreign);
  pthread_join (thread, NULL);
}

/* The status of an object decides what it is, whatever its get_results () says. All functions read
 * it in the same way. */
static void
test_status_decides (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);
  g_autoptr (GError) asked = NULL, got = NULL, copied = NULL;

  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (foreign), &asked));
  g_assert_error (asked, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_clear_error (&asked);

  foreign->status = LOFT_ASYNC_STATUS_CANCELED;
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (foreign), &asked));
  g_assert_error (asked, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (loft_async_action_get (LOFT_ASYNC_ACTION (foreign), &got));
  g_assert_error (got, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  copied = loft_async_info_dup_error (LOFT_ASYNC_INFO (foreign));
  g_assert_error (copied, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&asked);

  foreign->status = LOFT_ASYNC_STATUS_ERROR; /* without an error of its own */
  g_assert_false (loft_async_action_get_results (LOFT_ASYNC_ACTION (foreign), &asked));
  g_assert_error (asked, LOFT_ERROR, LOFT_ERROR_FAILED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign/foreign-continues", test_foreign_continues);
  g_test_add_func ("/foreign/foreign-handler", test_foreign_handler);
  g_test_add_func ("/foreign/foreign-wait-async", test_foreign_wait_async);
  g_test_add_func ("/foreign/foreign-get", test_foreign_get);
  g_test_add_func ("/foreign/least", test_foreign_least);
  g_test_add_func ("/foreign/is-held", test_foreign_is_held);
  g_test_add_func ("/foreign/refused-by-slot", test_refused_by_slot);
  g_test_add_func ("/foreign/let-go/continues", test_let_go_continues);
  g_test_add_func ("/foreign/let-go/composed", test_let_go_composed);
  g_test_add_func ("/foreign/let-go/when-any", test_let_go_when_any);
  g_test_add_func ("/foreign/let-go/wait-async", test_let_go_wait_async);
  g_test_add_func ("/foreign/let-go/get", test_let_go_get);
  g_test_add_func ("/foreign/status-decides", test_status_decides);
  return g_test_run ();
}
