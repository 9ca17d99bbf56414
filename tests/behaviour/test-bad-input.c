/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bad input: each public function logs what is wrong, names itself, releases what was handed over
 * to it, and goes on. */

#include "test-util.h"

static int released;

#define assert_critical(pattern, call)                             \
  G_STMT_START {                                                   \
    g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, pattern); \
    call;                                                          \
    g_test_assert_expected_messages ();                            \
  } G_STMT_END

#define assert_refused(pattern, call)          \
  G_STMT_START {                               \
    int released_before = released;            \
    assert_critical (pattern, g_assert_null (call)); \
    g_assert_cmpint (released, ==, released_before + 1); \
  } G_STMT_END

/* Objects of each class can be made with g_object_new (), as bindings do it. They are in a defined
 * state, and refuse calls or do nothing. */

static void
use (gpointer object)
{
  if (LOFT_IS_ASYNC_INFO (object))
    {
      g_autofree char *site = loft_async_info_dup_source_location (object);
      g_autoptr (GError) error = loft_async_info_dup_error (object);
      int handled = 0;

      loft_async_info_get_id (object);
      loft_async_info_set_completed (object, test_on_completed, &handled, NULL, NULL);
      loft_async_info_add_observer (object, test_on_completed, &handled, NULL);
      loft_async_info_cancel (object);
      g_assert_true (loft_async_info_is_canceled (object));
      if (LOFT_IS_ASYNC_OPERATION (object))
        loft_async_operation_get_int64 (object, NULL);
      if (LOFT_IS_ASYNC_WITH_PROGRESS (object))
        loft_async_with_progress_get_progress_type (object);
      loft_async_base_complete (object);
      g_assert_true (loft_async_info_has_ended (object));
      loft_async_info_close (object, NULL);
      test_drain (NULL);
    }
  else if (G_IS_ASYNC_RESULT (object))
    {
      g_autoptr (GObject) source = g_async_result_get_source_object (object);

      g_assert_null (source);
      g_async_result_get_user_data (object);
    }
  else if (LOFT_IS_THREAD_POOL_TIMER (object))
    loft_thread_pool_timer_cancel (object);
  else if (LOFT_IS_DEFERRAL (object))
    loft_deferral_close (object);
  else if (LOFT_IS_EVENT_SOURCE (object))
    loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (object, NULL)));
  else if (LOFT_IS_LATEST_SLOT (object))
    loft_latest_slot_clear (object);
}

static guint
construct_all_below (GType parent)
{
  g_autofree GType *types = g_type_children (parent, NULL);
  guint n = 0;

  for (GType *type = types; *type != G_TYPE_INVALID; type++)
    {
      n += construct_all_below (*type);
      if (g_str_has_prefix (g_type_name (*type), "Loft") && !G_TYPE_IS_ABSTRACT (*type))
        {
          gpointer object = g_object_new (*type, NULL);

          use (object);
          g_object_unref (object);
          n++;
        }
    }
  return n;
}

static void
test_constructed_classes (void)
{
  g_autoptr (LoftAction) ended = loft_action_new_completed ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (ended) };

  /* Registers the classes that are not public, too. */
  g_object_unref (loft_when_all (items, 1, 0));
  g_object_unref (loft_when_any (items, 1, 0));
  g_object_unref (loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (ended)));
  loft_async_info_wait_async (items[0], NULL, NULL, NULL);
  loft_async_result_return (items[0], NULL, NULL, NULL, NULL, NULL);
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_try_run_async (loft_dispatcher_get_default (), 0, test_succeed, NULL, NULL)));
  test_drain (NULL);
  g_type_ensure (LOFT_TYPE_OPERATION);
  g_type_ensure (LOFT_TYPE_DISPATCHER_CONTROLLER);
  g_type_ensure (LOFT_TYPE_DISPATCHER_TIMER);
  g_type_ensure (LOFT_TYPE_THREAD_POOL_TIMER);
  g_type_ensure (LOFT_TYPE_DEFERRAL);
  g_type_ensure (LOFT_TYPE_EVENT_SOURCE);
  g_type_ensure (LOFT_TYPE_EVENT_ARGS);
  g_type_ensure (LOFT_TYPE_TASK_GROUP);
  g_type_ensure (LOFT_TYPE_LIMITER);
  g_type_ensure (LOFT_TYPE_LATEST_SLOT);
  g_type_ensure (LOFT_TYPE_DEBOUNCER);
  g_type_ensure (LOFT_TYPE_THROTTLER);
  g_assert_cmpuint (construct_all_below (G_TYPE_OBJECT), >=, 20);
}

/* An operation without a type takes any value. */
static void
test_operation_without_type (void)
{
  g_autoptr (LoftOperation) empty = g_object_new (LOFT_TYPE_OPERATION, NULL),
                            with_object = g_object_new (LOFT_TYPE_OPERATION, NULL);
  g_autoptr (GObject) result = NULL;

  g_assert_cmpuint (loft_operation_get_value_type (empty), ==, G_TYPE_NONE);
  g_assert_true (loft_operation_complete_object (empty, NULL));
  g_assert_null (loft_async_operation_dup_object (LOFT_ASYNC_OPERATION (empty), NULL));
  g_assert_true (loft_operation_complete_object (with_object, G_OBJECT (empty)));
  result = loft_async_operation_dup_object (LOFT_ASYNC_OPERATION (with_object), NULL);
  g_assert_true (result == G_OBJECT (empty));
}

/* An operation of a number takes no object, not even NULL. */
static void
test_operation_of_number (void)
{
  g_autoptr (LoftOperation) number = loft_operation_new (G_TYPE_INT);

  assert_critical ("*a gint was promised*GObject*",
                   g_assert_false (loft_operation_complete_object (number, NULL)));
  g_assert_true (loft_operation_complete_int64 (number, 1));
}

/* A dispatcher that was made with g_object_new () has its items named at exit like any other. */
static void
test_constructed_dispatcher (void)
{
  GMainContext *context = NULL;
  LoftDispatcher *dispatcher = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("*1 queued item never ran*test_constructed_dispatcher*");
      return;
    }
  g_log_writer_default_set_use_stderr (TRUE);
  context = g_main_context_new ();
  dispatcher = g_object_new (LOFT_TYPE_DISPATCHER, "context", context, NULL);
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, test_count, &released, NULL));
  exit (0);
}

static gboolean
operate (LoftAsyncOperation *operation,
         GValue             *result,
         gpointer            user_data,
         GError            **error)
{
  return TRUE;
}

static void
test_null (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  assert_refused ("*run_async*no LoftDispatcher*",
                  loft_dispatcher_run_async (NULL, 0, test_succeed, &released, test_count));
  assert_refused ("*run_async*handler is NULL*",
                  loft_dispatcher_run_async (d, 0, NULL, &released, test_count));
  assert_refused ("*run_idle_async*handler is NULL*",
                  loft_dispatcher_run_idle_async (d, NULL, &released, test_count));
  assert_refused ("*thread_pool_run_async*handler is NULL*",
                  loft_thread_pool_run_async (NULL, &released, test_count));
  assert_refused ("*run_for_async*owner is no GObject*",
                  loft_dispatcher_run_for_async (d, 0, NULL, test_succeed, &released, test_count));
  assert_refused ("*continue_with*no LoftAsyncInfo*",
                  loft_async_info_continue_with (NULL, (LoftContinuation) g_object_ref, &released,
                                                 test_count));
  assert_critical ("*loft_async_info_cancel*LOFT_IS_ASYNC_INFO*", loft_async_info_cancel (NULL));
  assert_critical ("*loft_async_info_get_id*LOFT_IS_ASYNC_INFO*",
                   g_assert_cmpuint (loft_async_info_get_id (NULL), ==, 0));
  assert_critical ("*loft_async_action_get*LOFT_IS_ASYNC_ACTION*",
                   g_assert_false (loft_async_action_get (NULL, NULL)));
  assert_critical ("*loft_dispatcher_is_idle*", loft_dispatcher_is_idle (NULL));
  assert_critical ("*loft_async_base_fail*error != NULL*",
                   {
                     g_autoptr (LoftAction) action = loft_action_new ();

                     g_assert_false (loft_async_base_fail (LOFT_ASYNC_BASE (action), NULL));
                   });
}

static void
test_wrong_type (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT);

  assert_critical ("*loft_async_info_get_status*",
                   loft_async_info_get_status ((LoftAsyncInfo *) object));
  assert_critical ("*loft_async_action_get_results*LOFT_IS_ASYNC_ACTION*",
                   loft_async_action_get_results ((LoftAsyncAction *) operation, NULL));
  assert_refused ("*run_async*no LoftDispatcher*",
                  loft_dispatcher_run_async ((LoftDispatcher *) object, 0, test_succeed, &released,
                                             test_count));
  assert_refused ("*run_operation_async*value type*",
                  loft_dispatcher_run_operation_async (loft_dispatcher_get_default (), 0,
                                                       G_TYPE_NONE, operate, &released,
                                                       test_count));
}

/* A priority outside of the enumeration is refused. A G_PRIORITY_ value that was passed by mistake
 * is named. */
static void
test_priorities (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  int before = released;

  assert_refused ("*run_async: 2 is no LoftPriority*",
                  loft_dispatcher_run_async (d, 2, test_succeed, &released, test_count));
  assert_refused ("*run_async: LOFT_PRIORITY_TIMER is for timers*",
                  loft_dispatcher_run_async (d, -3, test_succeed, &released, test_count));
  assert_refused ("*run_async: 200 is a G_PRIORITY_ value*",
                  loft_dispatcher_run_async (d, (LoftPriority) G_PRIORITY_DEFAULT_IDLE,
                                             test_succeed, &released, test_count));
  assert_refused ("*run_async: -100 is a G_PRIORITY_ value*",
                  loft_dispatcher_run_async (d, (LoftPriority) G_PRIORITY_HIGH, test_succeed,
                                             &released, test_count));
  before = released;
  assert_critical ("*try_enqueue: 9 is no LoftPriority*",
                   g_assert_false (
                     loft_dispatcher_try_enqueue (d, 9, test_count, &released, test_count)));
  g_assert_cmpint (released, ==, before + 1);
  assert_critical ("*should_yield_to*300 is a G_PRIORITY_ value*",
                   loft_dispatcher_should_yield_to (d, 300));
  assert_critical ("*set_current_priority*", loft_dispatcher_set_current_priority (d, 7));
  assert_refused ("*run_with_options_async*LOFT_PRIORITY_IDLE is for dispatchers*",
                  loft_thread_pool_run_with_options_async (LOFT_PRIORITY_IDLE, 0, test_succeed,
                                                           &released, test_count));
}

static void
test_negative_times (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  assert_refused ("*run_delayed_async*negative*",
                  loft_dispatcher_run_delayed_async (d, 0, -1, test_succeed, &released,
                                                     test_count));
  assert_critical ("*set_slice*", loft_dispatcher_set_slice (d, 0));
  assert_critical ("*set_wait_limit*", loft_dispatcher_set_wait_limit (d, -1));
}

/* The question whether to yield is refused on a thread that belongs to no dispatcher. */
static void *
ask_from_elsewhere (void *data)
{
  assert_critical ("*loft_dispatcher_should_yield*belongs to no dispatcher*",
                   loft_dispatcher_should_yield (data));
  return NULL;
}

static void
test_wrong_thread (void)
{
  test_on_thread (ask_from_elsewhere, loft_dispatcher_get_default ());
}

/* Users may pass 0 as a GType by mistake. No form takes it for “no value”. */
static void
test_no_types (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();

  assert_refused ("*run_operation_async*value type*",
                  loft_dispatcher_run_operation_async (d, 0, 0, operate, &released, test_count));
  assert_refused ("*run_with_progress_async*progress type*",
                  loft_dispatcher_run_with_progress_async (d, 0, 0, test_succeed, &released,
                                                           test_count));
  assert_refused ("*run_operation_with_progress_async*value type*",
                  loft_dispatcher_run_operation_with_progress_async (d, 0, 0, G_TYPE_INT, operate,
                                                                     &released, test_count));
  assert_refused ("*run_operation_with_progress_async*progress type*",
                  loft_dispatcher_run_operation_with_progress_async (d, 0, G_TYPE_INT, 0, operate,
                                                                     &released, test_count));
  assert_refused ("*pool_run_operation_async*value type*",
                  loft_thread_pool_run_operation_async (0, operate, &released, test_count));
  assert_refused ("*pool_run_with_progress_async*progress type*",
                  loft_thread_pool_run_with_progress_async (0, test_succeed, &released,
                                                            test_count));
  assert_refused ("*pool_run_operation_with_progress_async*value type*",
                  loft_thread_pool_run_operation_with_progress_async (0, G_TYPE_INT, operate,
                                                                      &released, test_count));
}

/* The setters of handlers, too, release the data of a handler that they refuse. */

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *progress,
             gpointer       user_data)
{
}

static void
on_cancel (LoftAsyncBase *self,
           gpointer       user_data)
{
}

#define assert_gives_back(pattern, call)                 \
  G_STMT_START {                                         \
    int released_before = released;                      \
    assert_critical (pattern, call);                     \
    g_assert_cmpint (released, ==, released_before + 1); \
  } G_STMT_END

static void
test_setters_give_back (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAction) reports = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (LoftAction) closed = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GError) error = NULL;
  LoftAsyncInfo *no_info = NULL;

  assert_gives_back ("*loft_async_info_set_completed:*LOFT_IS_ASYNC_INFO*",
                     loft_async_info_set_completed (no_info, test_on_completed, &released,
                                                    test_count, NULL));
  assert_gives_back ("*loft_async_info_set_completed_agile:*LOFT_IS_ASYNC_INFO*",
                     loft_async_info_set_completed_agile (no_info, test_on_completed, &released,
                                                          test_count, NULL));
  assert_gives_back ("*loft_async_info_add_observer:*handler != NULL*",
                     loft_async_info_add_observer (LOFT_ASYNC_INFO (action), NULL, &released,
                                                   test_count));
  assert_gives_back ("*loft_async_base_set_cancel_handler:*LOFT_IS_ASYNC_BASE*",
                     loft_async_base_set_cancel_handler (NULL, on_cancel, &released, test_count));
  assert_gives_back ("*set_progress:*LOFT_IS_ASYNC_WITH_PROGRESS*",
                     loft_async_with_progress_set_progress (NULL, 0, on_progress, &released,
                                                            test_count, NULL));

  /* None of these calls logs a critical. NULL is allowed as a handler, and the data is released at
   * once. */
  released = 0;
  g_assert_true (loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), NULL, &released,
                                                      test_count, NULL));
  g_assert_cmpint (released, ==, 1);
  g_assert_false (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                 &released, test_count, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
  g_clear_error (&error);
  g_assert_cmpint (released, ==, 2);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (action), NULL, &released, test_count);
  g_assert_cmpint (released, ==, 3);
  g_assert_true (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (reports), 0, NULL,
                                                        &released, test_count, NULL));
  g_assert_cmpint (released, ==, 4);

  loft_action_complete (closed);
  g_assert_true (loft_async_info_close (LOFT_ASYNC_INFO (closed), NULL));
  g_assert_false (loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (closed), 0,
                                                         on_progress, &released, test_count,
                                                         &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_clear_error (&error);
  g_assert_cmpint (released, ==, 5);
  g_assert_false (loft_async_info_set_completed (LOFT_ASYNC_INFO (closed), test_on_completed,
                                                 &released, test_count, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_cmpint (released, ==, 6);
}

/* Objects may be made without their constructors, as bindings can. Those that can work with
 * defaults do so, and the others log a critical. */
static void
test_constructed (void)
{
  g_autoptr (LoftDispatcher) dispatcher = g_object_new (LOFT_TYPE_DISPATCHER, NULL);
  g_autoptr (LoftDispatcherTimer) timer = g_object_new (LOFT_TYPE_DISPATCHER_TIMER, NULL);
  g_autoptr (LoftLatestSlot) slot = g_object_new (LOFT_TYPE_LATEST_SLOT, NULL);
  g_autoptr (LoftLimiter) limiter = g_object_new (LOFT_TYPE_LIMITER, NULL);
  g_autoptr (LoftThrottler) throttler = g_object_new (LOFT_TYPE_THROTTLER, NULL);
  g_autoptr (LoftDebouncer) debouncer = g_object_new (LOFT_TYPE_DEBOUNCER, NULL);
  g_autoptr (LoftDispatcherController)
    controller = g_object_new (LOFT_TYPE_DISPATCHER_CONTROLLER, NULL);
  g_autoptr (LoftThreadPoolTimer) pool_timer = g_object_new (LOFT_TYPE_THREAD_POOL_TIMER, NULL);
  g_autoptr (LoftEventArgs) args = g_object_new (LOFT_TYPE_EVENT_ARGS, NULL);
  int ran = 0;

  g_assert_true (loft_dispatcher_get_context (dispatcher) == g_main_context_default ());
  g_assert_true (dispatcher != loft_dispatcher_get_default ());
  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, 0, test_count, &ran, NULL));
  test_run_until (NULL, &ran);
  g_assert_true (loft_dispatcher_timer_get_dispatcher (timer) == loft_dispatcher_get_default ());
  g_assert_true (loft_dispatcher_timer_start (timer));
  loft_dispatcher_timer_stop (timer);
  g_assert_null (loft_latest_slot_dup_current (slot));
  g_assert_cmpuint (loft_limiter_get_limit (limiter), ==, 1);
  loft_thread_pool_timer_cancel (pool_timer);
  g_assert_null (loft_event_args_get_value (args));
  g_assert_null (loft_event_args_take_deferral (args, NULL));

  assert_critical ("*call != NULL*", g_assert_false (loft_throttler_trigger (throttler)));
  assert_critical ("*call != NULL*", g_assert_false (loft_throttler_is_pending (throttler)));
  assert_critical ("*call != NULL*", loft_throttler_cancel (throttler));
  assert_critical ("*call != NULL*", g_assert_false (loft_debouncer_trigger (debouncer)));
  assert_critical ("*dispatcher != NULL*",
                   g_assert_null (loft_dispatcher_controller_get_dispatcher (controller)));
  assert_critical ("*dispatcher != NULL*",
                   g_assert_null (loft_dispatcher_controller_shutdown_async (controller)));
  assert_critical ("*dispatcher != NULL*",
                   g_assert_false (loft_dispatcher_controller_shutdown (controller, NULL)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bad-input/null", test_null);
  g_test_add_func ("/bad-input/wrong-type", test_wrong_type);
  g_test_add_func ("/bad-input/priorities", test_priorities);
  g_test_add_func ("/bad-input/negative-times", test_negative_times);
  g_test_add_func ("/bad-input/wrong-thread", test_wrong_thread);
  g_test_add_func ("/bad-input/no-types", test_no_types);
  g_test_add_func ("/bad-input/setters-give-back", test_setters_give_back);
  g_test_add_func ("/bad-input/constructed", test_constructed);
  g_test_add_func ("/bad-input/constructed-classes", test_constructed_classes);
  g_test_add_func ("/bad-input/operation-without-type", test_operation_without_type);
  g_test_add_func ("/bad-input/operation-of-number", test_operation_of_number);
  g_test_add_func ("/bad-input/constructed-dispatcher", test_constructed_dispatcher);
  return g_test_run ();
}
