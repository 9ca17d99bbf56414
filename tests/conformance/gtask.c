/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* G01 to G13, G19 and G20: tests of GTask, written anew. */

#include "conformance.h"

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

static void
g01 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Call call = { 0 };

  wait_async (action, &call);
  loft_action_complete (action);
  test_run_until (NULL, &call.calls);
  g_assert_true (call.success);
  g_assert_true ((gpointer) call.source == (gpointer) action);
}

static void
g02 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Call call = { 0 };

  wait_async (action, &call);
  loft_async_base_fail (LOFT_ASYNC_BASE (action), some_error ());
  test_run_until (NULL, &call.calls);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&call.error);
}

/* The action is made, waited for and ended in one turn of the loop. The callback comes in a later
 * turn. */

static int turn; /* of the main loop */

typedef struct
{
  LoftAction *action;
  Call call;
  int begun_in;
  int called_in;
} SameTurn;

static void
on_waited_note_turn (GObject      *source,
                     GAsyncResult *result,
                     gpointer      data)
{
  SameTurn *same = data;

  same->called_in = turn;
  g_assert_true (loft_async_info_wait_finish (LOFT_ASYNC_INFO (source), result, NULL));
  test_count (&same->call.calls);
}

static gboolean
begin_and_end (gpointer data)
{
  SameTurn *same = data;

  same->begun_in = turn;
  same->action = loft_action_new ();
  loft_async_info_wait_async (LOFT_ASYNC_INFO (same->action), NULL, on_waited_note_turn, same);
  loft_action_complete (same->action);
  return G_SOURCE_REMOVE;
}

static void
g03 (void)
{
  SameTurn same = { NULL };

  turn = 0;
  g_idle_add (begin_and_end, &same);
  while (same.call.calls == 0)
    {
      turn++;
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpint (same.begun_in, >, 0);
  g_assert_cmpint (same.called_in, >, same.begun_in);
  g_object_unref (same.action);
}

/* The action ended before the wait. The callback still does not come inside the call. */
static void
g04 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  Call call = { 0 };

  wait_async (action, &call);
  g_assert_cmpint (call.calls, ==, 0);
  test_run_until (NULL, &call.calls);
}

static void
g05 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Call call = { 0 };

  wait_async (action, &call);
  test_on_thread (complete_action, action);
  g_assert_cmpint (call.calls, ==, 0);
  test_run_until (NULL, &call.calls);
  g_assert_true (call.thread == g_thread_self ());
}

static void
complete_there (gpointer action)
{
  loft_action_complete (action);
}

static void
g06 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  Home *home = home_new ();
  Call call = { 0 };

  wait_async (action, &call);
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, 0, complete_there, action, NULL));
  test_run_until (NULL, &call.calls);
  g_assert_true (call.thread == g_thread_self ());
  home_free (home);
}

static void
g07 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();

  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), NULL, NULL, NULL);
  loft_action_complete (action);
  test_drain (NULL);
  assert_status (action, COMPLETED);
}

static void
g08 (void)
{
  g_autoptr (LoftAction) action = loft_action_new_failed (some_error ());
  Call call = { 0 };

  wait_async (action, &call);
  g_assert_cmpint (call.calls, ==, 0);
  test_run_until (NULL, &call.calls);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&call.error);
}

static GString *log_of;

static void
log_end (LoftAsyncInfo   *sender,
         LoftAsyncStatus  status,
         gpointer         text)
{
  g_string_append (log_of, text);
}

/* The completed handler comes in the lane of the work. The work is held up until all handlers are
 * set, since a handler that is set after the end runs at once. */
static void
g09 (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) held = NULL;
  LoftAsyncAction *actions[4];
  const char *names[] = { "i", "l", "n", "h" };
  Home *home = home_new ();

  log_of = g_string_new (NULL);
  held = loft_dispatcher_run_async (home->dispatcher, LOFT_PRIORITY_HIGH, test_hold, &gate, NULL);
  for (int i = 0; i < 4; i++)
    {
      actions[i] = loft_dispatcher_run_async (home->dispatcher, i - 2, test_succeed, NULL, NULL);
      loft_async_info_set_completed (LOFT_ASYNC_INFO (actions[i]), log_end, (gpointer) names[i],
                                     NULL, NULL);
    }
  test_event_set (&gate);
  for (int i = 0; i < 4; i++)
    wait_ended (actions[i]);
  g_assert_true (loft_dispatcher_has_thread_access (d));
  while (log_of->len < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log_of->str, ==, "hnli");
  for (int i = 0; i < 4; i++)
    g_object_unref (actions[i]);
  g_string_free (log_of, TRUE);
  home_free (home);
}

static void
g10 (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autofree char *source = loft_async_info_dup_source_location (LOFT_ASYNC_INFO (action));

  g_assert_nonnull (strstr (source, "g10"));
  g_assert_nonnull (strstr (source, "gtask.c"));
  loft_action_complete (action);
}

static void
g11 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  Call call = { 0 };

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  wait_async (action, &call);
  g_cancellable_cancel (cancellable);
  test_drain (NULL);
  g_assert_cmpint (call.calls, ==, 0); /* only when the work has stopped */
  loft_action_complete (action);
  test_run_until (NULL, &call.calls);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&call.error);
}

static void
g12 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftOperation) operation = loft_operation_new (G_TYPE_INT64);

  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (operation), cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_false (loft_operation_complete_int64 (operation, 5)); /* the cancel came first */
  assert_status (operation, CANCELED);
}

static void
g13 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  int ran = 0;

  g_cancellable_cancel (cancellable);
  action = loft_dispatcher_run_async (loft_dispatcher_get_default (), 0, test_succeed, &ran, NULL);
  loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (action), cancellable);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 0);
}

static void
g19 (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAction) action = loft_action_new ();
  Call call = { 0 };

  loft_async_info_wait_async (LOFT_ASYNC_INFO (action), cancellable, on_waited, &call);
  g_cancellable_cancel (cancellable);
  test_run_until (NULL, &call.calls);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (action, STARTED); /* the wait was cancelled, not the work */
  g_clear_error (&call.error);
  loft_action_complete (action);
}

static Case cases[] = {
  { "G01", "the callback comes, with the object", "GNOME/glib gio/tests/task.c: /gtask/basic", PASS,
    NULL, g01 },
  { "G02", "the error comes to the finish function", "GNOME/glib gio/tests/task.c: /gtask/error",
    PASS, NULL, g02 },
  { "G03", "ended in the same turn: the callback comes in a later one",
    "GNOME/glib gio/tests/task.c: /gtask/return-from-same-iteration", PASS, NULL, g03 },
  { "G04", "ended before: the callback never comes inside of the call",
    "GNOME/glib gio/tests/task.c: /gtask/return-from-toplevel", PASS, NULL, g04 },
  { "G05", "ended on a thread without a context: the callback comes home",
    "GNOME/glib gio/tests/task.c: /gtask/return-from-anon-thread", PASS, NULL, g05 },
  { "G06", "ended on a thread with another context: the callback comes home",
    "GNOME/glib gio/tests/task.c: /gtask/return-from-wrong-thread", PASS, NULL, g06 },
  { "G07", "no callback", "GNOME/glib gio/tests/task.c: /gtask/no-callback", PASS, NULL, g07 },
  { "G08", "an error that is there at once", "GNOME/glib gio/tests/task.c: /gtask/report-error",
    PASS, NULL, g08 },
  { "G09", "callbacks by priority", "GNOME/glib gio/tests/task.c: /gtask/priority", PASS, NULL,
    g09 },
  { "G10", "a task has a name", "GNOME/glib gio/tests/task.c: /gtask/name", DIFFERS,
    "it has the place in the program where it was asked for", g10 },
  { "G11", "a cancel is asynchronous: the callback comes when the work has stopped",
    "GNOME/glib gio/tests/task.c: /gtask/asynchronous-cancellation", PASS, NULL, g11 },
  { "G12", "a cancelled task gives the cancel, whatever is returned",
    "GNOME/glib gio/tests/task.c: /gtask/check-cancellable", PASS, NULL, g12 },
  { "G13", "cancelled before it began: it does not begin",
    "GNOME/glib gio/tests/task.c: /gtask/return-if-cancelled", PASS, NULL, g13 },
  { "G19", "a wait that is cancelled ends at once, the work goes on",
    "GNOME/glib gio/tests/task.c: /gtask/return-on-cancel", PASS, NULL, g19 },
  { "G20", "the same, waiting on the thread",
    "GNOME/glib gio/tests/task.c: /gtask/return-on-cancel-sync", NONE,
    "a wait on the thread has a time-out, no cancellable", NULL },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "gtask", cases, G_N_ELEMENTS (cases));
}
