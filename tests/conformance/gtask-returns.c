/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* G21 to G30: tests of GTask's results, written anew. */

#include "conformance.h"

static int turn; /* of the main loop */

typedef struct
{
  int calls;
  GObject *source;
} Call;

/* If a cancel and an end race, one of them wins, and the return value says which one. */
static void
g21 (void)
{
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      gboolean completed;
      pthread_t thread;

      pthread_create (&thread, NULL, cancel_info, action);
      completed = loft_action_complete (action);
      pthread_join (thread, NULL);
      g_assert_true (completed == (loft_async_info_get_status (LOFT_ASYNC_INFO (action)) ==
                                   LOFT_ASYNC_STATUS_COMPLETED));
    }
}

static void
g22 (void)
{
  LoftOperation *operation = loft_operation_new (G_TYPE_OBJECT);
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_add_weak_pointer (object, (gpointer *) &object);
  loft_operation_complete_object (operation, object);
  g_object_unref (object);
  g_assert_nonnull (object);
  g_object_unref (operation); /* nobody has taken the result */
  test_drain (NULL);
  g_assert_null (object);
}

static void
g23 (void)
{
  g_autoptr (LoftOperation) operation = completed_int (11);

  g_assert_cmpint (result_int (operation), ==, 11);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Call *call = data;

  call->source = source;
  g_assert_true (loft_async_result_propagate (result, NULL, NULL));
  test_count (&call->calls);
}

static void
g24 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  GObject *source = g_object_new (G_TYPE_OBJECT, NULL);
  Call call = { 0 };

  g_object_add_weak_pointer (source, (gpointer *) &source);
  loft_async_result_return (LOFT_ASYNC_INFO (action), source, on_done, NULL, on_done, &call);
  g_object_unref (source);
  g_assert_nonnull (source);
  loft_action_complete (action);
  test_run_until (NULL, &call.calls);
  g_assert_nonnull (call.source);
  test_drain (NULL);
  g_assert_null (source);
}

static void
end_twice (gboolean error_first)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  if (error_first)
    g_assert_true (loft_async_base_fail (LOFT_ASYNC_BASE (action), some_error ()));
  g_assert_true (loft_action_complete (action) == !error_first);
  if (!error_first)
    g_assert_false (loft_async_base_fail (LOFT_ASYNC_BASE (action), some_error ()));
  g_assert_true ((loft_async_info_get_status (LOFT_ASYNC_INFO (action)) ==
                  LOFT_ASYNC_STATUS_ERROR) == error_first);
  if (error_first)
    assert_error_of (action, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void error_first (void) { end_twice (TRUE); }
static void value_first (void) { end_twice (FALSE); }

static gboolean
end_twice_in_idle (gpointer error_first)
{
  end_twice (GPOINTER_TO_INT (error_first));
  turn++;
  return G_SOURCE_REMOVE;
}

static void
run_in_idle (gboolean error_first)
{
  turn = 0;
  g_idle_add (end_twice_in_idle, GINT_TO_POINTER (error_first));
  test_run_until (NULL, &turn);
}

static void error_first_in_idle (void) { run_in_idle (TRUE); }
static void value_first_in_idle (void) { run_in_idle (FALSE); }

static Case cases[] = {
  { "G21", "a cancel and an end race: one wins",
    "GNOME/glib gio/tests/task.c: /gtask/return-on-cancel-atomic", PASS, NULL, g21 },
  { "G22", "a result that nobody takes is freed",
    "GNOME/glib gio/tests/task.c: /gtask/return-pointer", PASS, NULL, g22 },
  { "G23", "a result as a GValue", "GNOME/glib gio/tests/task.c: /gtask/return-value", PASS, NULL,
    g23 },
  { "G24", "the source object lives until the callback has returned",
    "GNOME/glib gio/tests/task.c: /gtask/object-keepalive", PASS, NULL, g24 },
  { "G25", "results of GSimpleAsyncResult", "GNOME/glib gio/tests/task.c: /gtask/legacy-error",
    NONE, "deprecated before Loft was begun", NULL },
  { "G26", "ended twice in an idle, the error first: a critical warning",
    "GNOME/glib gio/tests/task.c: /gtask/return/in-idle/error-first", DIFFERS,
    "the first counts, the second gives FALSE: a race that is lost is no fault",
    error_first_in_idle },
  { "G27", "the same, the value first",
    "GNOME/glib gio/tests/task.c: /gtask/return/in-idle/value-first", DIFFERS,
    "the first counts, the second gives FALSE: a race that is lost is no fault",
    value_first_in_idle },
  { "G28", "ended twice, the error first", "GNOME/glib gio/tests/task.c: /gtask/return/error-first",
    DIFFERS, "the first counts, the second gives FALSE: a race that is lost is no fault",
    error_first },
  { "G29", "ended twice, the value first", "GNOME/glib gio/tests/task.c: /gtask/return/value-first",
    DIFFERS, "the first counts, the second gives FALSE: a race that is lost is no fault",
    value_first },
  { "G30", "a source attached to a task has its name",
    "GNOME/glib gio/tests/task.c: /gtask/attach-source/set-name", NONE,
    "no sources are made for one object", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "gtask-returns", cases, G_N_ELEMENTS (cases));
}
