/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* T01 to T16: tests of the Community Toolkit's extensions, written anew. */

#include "own-context.h"

#define TOOLKIT \
  "CommunityToolkit/Windows components/Extensions/tests/Test_DispatcherQueueExtensions.cs: " \
  "Test_DispatcherQueueHelper_"

static gboolean
say_work (LoftAsyncAction *action,
          gpointer         text,
          GError         **error)
{
  say (text);
  return TRUE;
}

/* The Toolkit's EnqueueAsync: four kinds of handlers, each posted on the dispatcher's thread and on
 * another. */

static gboolean
give_text (LoftAsyncOperation *operation,
           GValue             *result,
           gpointer            text,
           GError            **error)
{
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  g_value_set_string (result, text);
  return TRUE;
}

static gboolean
fail_operation (LoftAsyncOperation *operation,
                GValue             *result,
                gpointer            unused,
                GError            **error)
{
  g_propagate_error (error, some_error ());
  return FALSE;
}

static LoftAsyncInfo *
give_inner (LoftAsyncAction *action,
            gpointer         inner,
            GError         **error)
{
  g_assert_true (loft_dispatcher_has_thread_access (f.dispatcher));
  if (inner == NULL)
    {
      g_propagate_error (error, some_error ());
      return NULL;
    }
  return g_object_ref (inner);
}

static void
expect_null_handler (void)
{
  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*the handler is NULL*");
}

static void
t_null (void)
{
  begin ();
  expect_null_handler ();
  g_assert_null (loft_dispatcher_invoke_async (f.dispatcher, 0, NULL, NULL, NULL));
  expect_null_handler ();
  g_assert_null (
    loft_dispatcher_run_operation_async (f.dispatcher, 0, G_TYPE_STRING, NULL, NULL, NULL));
  expect_null_handler ();
  g_assert_null (loft_dispatcher_run_nested_async (f.dispatcher, 0, NULL, NULL, NULL));
  g_test_assert_expected_messages ();
  end ();
}

static void
t02 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  begin ();
  action = loft_dispatcher_invoke_async (f.dispatcher, 0, say_work, (gpointer) "inline", NULL);
  assert_status (action, COMPLETED);
  assert_log ("inline");
  end ();
}

typedef struct
{
  LoftAsyncInfo *info;
  gpointer inner;
} Posted;

static void *
post_action (void *data)
{
  ((Posted *) data)->info = LOFT_ASYNC_INFO (
    loft_dispatcher_invoke_async (f.dispatcher, 0, say_work, (gpointer) "there", NULL));
  return NULL;
}

static void *
post_operation (void *data)
{
  ((Posted *) data)->info = LOFT_ASYNC_INFO (
    loft_dispatcher_run_operation_async (f.dispatcher, 0, G_TYPE_STRING, give_text,
                                         (gpointer) "text", NULL));
  return NULL;
}

static void *
post_nested (void *data)
{
  Posted *posted = data;

  posted->info = LOFT_ASYNC_INFO (
    loft_dispatcher_run_nested_async (f.dispatcher, 0, give_inner, posted->inner, NULL));
  return NULL;
}

static void
post_and_run (GThreadFunc  func,
              Posted      *posted,
              gboolean     elsewhere)
{
  begin ();
  if (elsewhere)
    test_on_thread (func, posted);
  else
    func (posted);
  test_run_until_ended (f.context, posted->info);
}

static void
end_posted (Posted *posted)
{
  g_object_unref (posted->info);
  end ();
}

static void
t03 (void)
{
  Posted posted = { NULL };

  post_and_run (post_action, &posted, TRUE);
  assert_log ("there");
  end_posted (&posted);
}

static void
t04 (void)
{
  g_autoptr (LoftAsyncAction) action = NULL;

  begin ();
  action = loft_dispatcher_invoke_async (f.dispatcher, 0, test_fail, NULL, NULL);
  assert_error_of (action, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  end ();
}

static void
check_operation (gboolean elsewhere)
{
  Posted posted = { NULL };
  g_autofree char *text = NULL;

  post_and_run (post_operation, &posted, elsewhere);
  text = loft_async_operation_dup_string (LOFT_ASYNC_OPERATION (posted.info), NULL);
  g_assert_cmpstr (text, ==, "text");
  end_posted (&posted);
}

static void t06 (void) { check_operation (FALSE); }
static void t07 (void) { check_operation (TRUE); }

static void
t08 (void)
{
  g_autoptr (LoftAsyncOperation) operation = NULL;

  begin ();
  operation = loft_dispatcher_run_operation_async (f.dispatcher, 0, G_TYPE_STRING, fail_operation,
                                                   NULL, NULL);
  test_run_until_ended (f.context, operation);
  assert_error_of (operation, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  end ();
}

static void
post_and_suspend (Posted   *posted,
                  gboolean  elsewhere)
{
  begin ();
  if (elsewhere)
    test_on_thread (post_nested, posted);
  else
    post_nested (posted);
  test_drain (f.context);
  assert_status (posted->info, STARTED); /* the handler returned, its object still runs */
}

static void
check_nested (gboolean elsewhere)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  Posted posted = { NULL, inner };

  post_and_suspend (&posted, elsewhere);
  loft_action_complete (inner);
  assert_status (posted.info, COMPLETED);
  end_posted (&posted);
}

static void t10 (void) { check_nested (FALSE); }
static void t11 (void) { check_nested (TRUE); }

static void
t12 (void)
{
  Posted posted = { NULL, NULL };

  post_and_run (post_nested, &posted, FALSE);
  assert_error_of (posted.info, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  end_posted (&posted);
}

static int inner_result;

static gboolean
take_result (LoftAsyncInfo *antecedent,
             gpointer       inner,
             GError       **error)
{
  inner_result = result_int (inner);
  return TRUE;
}

static void
check_nested_value (gboolean elsewhere)
{
  g_autoptr (LoftOperation) inner = loft_operation_new (G_TYPE_INT);
  g_autoptr (LoftAsyncAction) after = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  Posted posted = { NULL, inner };

  inner_result = 0;
  post_and_suspend (&posted, elsewhere);
  after = loft_async_info_continue_with (posted.info, take_result, inner, NULL);
  test_drain (f.context);
  g_assert_cmpint (inner_result, ==, 0);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  loft_operation_complete (inner, &value);
  test_run_until_ended (f.context, after);
  g_assert_cmpint (inner_result, ==, 1);
  end_posted (&posted);
}

static void t14 (void) { check_nested_value (FALSE); }
static void t15 (void) { check_nested_value (TRUE); }

static Case cases[] = {
  { "T01", "EnqueueAsync of a null action: a failed task", TOOLKIT "Action_Null", DIFFERS,
    "a programmer's fault: a critical warning, and NULL", t_null },
  { "T02", "of an action, on the thread: at once", TOOLKIT "Action_Ok_UIThread", PASS, NULL, t02 },
  { "T03", "of an action, from another thread", TOOLKIT "Action_Ok_NonUIThread", PASS, NULL, t03 },
  { "T04", "of an action that fails", TOOLKIT "Action_Exception", PASS, NULL, t04 },
  { "T05", "of a null function", TOOLKIT "FuncOfT_Null", DIFFERS,
    "a programmer's fault: a critical warning, and NULL", t_null },
  { "T06", "of a function, on the thread: its value", TOOLKIT "FuncOfT_Ok_UIThread", PASS, NULL,
    t06 },
  { "T07", "of a function, from another thread", TOOLKIT "FuncOfT_Ok_NonUIThread", PASS, NULL,
    t07 },
  { "T08", "of a function that fails", TOOLKIT "FuncOfT_Exception", PASS, NULL, t08 },
  { "T09", "of a null function that gives a task", TOOLKIT "FuncOfTask_Null", DIFFERS,
    "a programmer's fault: a critical warning, and NULL", t_null },
  { "T10", "of a function that gives a task, on the thread: ends with it",
    TOOLKIT "FuncOfTask_Ok_UIThread", PASS, NULL, t10 },
  { "T11", "of a function that gives a task, from another thread",
    TOOLKIT "FuncOfTask_Ok_NonUIThread", PASS, NULL, t11 },
  { "T12", "of a function that should give a task, and fails", TOOLKIT "FuncOfTask_Exception", PASS,
    NULL, t12 },
  { "T13", "of a null function that gives a task with a value", TOOLKIT "FuncOfTaskOfT_Null",
    DIFFERS, "a programmer's fault: a critical warning, and NULL", t_null },
  { "T14", "of a function that gives a task with a value, on the thread",
    TOOLKIT "FuncOfTaskOfT_Ok_UIThread", DIFFERS,
    "the action ends with the inner one, which has the value", t14 },
  { "T15", "of a function that gives a task with a value, from another thread",
    TOOLKIT "FuncOfTaskOfT_Ok_NonUIThread", DIFFERS,
    "the action ends with the inner one, which has the value", t15 },
  { "T16", "of a function that should give a task with a value, and fails",
    TOOLKIT "FuncOfTaskOfT_Exception", PASS, NULL, t12 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "toolkit", cases, G_N_ELEMENTS (cases));
}
