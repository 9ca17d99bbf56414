/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The await cases in C: coroutines between LOFT_COROUTINE_BEGIN and LOFT_COROUTINE_END. */

#include "await.h"
#include "../by-hand.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* One frame for all cases. Each case uses the fields that it needs. */
typedef struct
{
  LoftAsyncInfo *what;      /* to await; borrowed from the case */
  LoftAsyncInfo *more;
  LoftDispatcher *dispatcher;
  LoftAsyncAction *inner;
  GString *log;
  GThread *thread;          /* where it went on */
  gint64 number;
  double real;
  char *text;
  gboolean yes;
  int i;
  int steps;                /* how far it came */
  gboolean on_pool;
  int fd;
  int *freed;
} Frame;

static void
frame_free (gpointer data)
{
  Frame *self = data;

  if (self->freed != NULL)
    test_count (self->freed);
  g_free (self->text);
  g_free (self);
}

static Frame *
frame_new (gpointer what)
{
  Frame *self = g_new0 (Frame, 1);

  self->what = what;
  return self;
}

#define take(info) ((LoftAsyncInfo *) g_object_ref (info))

/* How far the coroutine came, and on which thread. */
typedef struct
{
  int steps;
  GThread *thread;
  gboolean on_pool;
} Seen;

static Seen seen;

static void
see (Frame *self,
     int    steps)
{
  seen = (Seen) { steps, g_thread_self (), test_is_on_pool () };
  self->steps = steps;
}

static LoftCoroutineStep
await_what (LoftCoroutine *co,
            gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  see (self, 1);
  LOFT_AWAIT (co, take (self->what));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static LoftCoroutineStep
await_what_twice (LoftCoroutine *co,
                  gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  see (self, 1);
  LOFT_AWAIT (co, take (self->what));
  see (self, 2);
  LOFT_AWAIT (co, take (self->more));
  see (self, 3);
  LOFT_COROUTINE_END (co);
}

static LoftAsyncAction *
start (LoftCoroutineFunc func,
       gpointer          what)
{
  seen = (Seen) { 0 };
  return loft_coroutine_start (func, frame_new (what), frame_free);
}

static void
assert_ended (gpointer        info,
              LoftAsyncStatus status)
{
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (info)));
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (info)), ==, status);
}

static void
assert_error (gpointer info,
              GQuark   domain,
              int      code)
{
  g_autoptr (GError) error = loft_async_info_dup_error (LOFT_ASYNC_INFO (info));

  g_assert_error (error, domain, code);
}

static void
a01_ended_before (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start (await_what, done);

  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 2);
}

static void
a02_ends_later (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_what, later);

  g_assert_cmpint (seen.steps, ==, 1);
  await_complete_elsewhere (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.thread == g_thread_self ());
}

static void *
start_in_mta (void *data)
{
  void **both = data;

  both[1] = start (await_what, both[0]);
  return NULL;
}

static void
a03_in_mta (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  void *both[2] = { later, NULL };

  test_on_thread (start_in_mta, both);
  loft_action_complete (later); /* on the main thread, which is not in the MTA */
  test_run_until_ended (NULL, both[1]);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.on_pool);
  g_object_unref (both[1]);
}

static LoftCoroutineStep
add_up (LoftCoroutine *co,
        gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT_INT64 (co, self->number, take (self->what));
  LOFT_AWAIT_DOUBLE (co, self->real, take (self->what));
  LOFT_AWAIT_STRING (co, self->text, take (self->what));
  LOFT_AWAIT_BOOLEAN (co, self->yes, take (self->what));
  return loft_coroutine_return_int64 (
    co, self->number + (gint64) self->real + strlen (self->text) + self->yes);
  LOFT_COROUTINE_END (co);
}

static void
a04_value (void)
{
  g_autoptr (LoftOperation) later = loft_operation_new (G_TYPE_INT64);
  g_autoptr (LoftAsyncOperation) sum =
    loft_coroutine_start_operation (G_TYPE_INT64, add_up, frame_new (later), frame_free);

  loft_operation_complete_int64 (later, 20);
  test_run_until_ended (NULL, sum);
  g_assert_cmpint (loft_async_operation_get_int64 (sum, NULL), ==, 43);
}

static void
a05_error (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_what, later);

  loft_async_base_fail (LOFT_ASYNC_BASE (later),
                        g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  test_run_until_ended (NULL, action);
  assert_error (action, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpint (seen.steps, ==, 1);
}

static LoftCoroutineStep
catch_and_go_on (LoftCoroutine *co,
                 gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, take (self->what));
  see (self, 10);
  LOFT_COROUTINE_CATCH (co);
  if (!g_error_matches (loft_coroutine_get_error (co), G_IO_ERROR, G_IO_ERROR_BUSY))
    return loft_coroutine_rethrow (co);
  see (self, 2);
  LOFT_AWAIT (co, loft_resume_after (1));
  see (self, 3);
  LOFT_COROUTINE_END (co);
}

static void
a06_caught (void)
{
  g_autoptr (LoftAction) busy =
    loft_action_new_failed (g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  g_autoptr (LoftAction) other =
    loft_action_new_failed (g_error_new (G_IO_ERROR, G_IO_ERROR_EXISTS, "there"));
  g_autoptr (LoftAsyncAction) handled = start (catch_and_go_on, busy), rethrown = NULL;

  test_run_until_ended (NULL, handled);
  assert_ended (handled, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 3);

  rethrown = start (catch_and_go_on, other);
  test_run_until_ended (NULL, rethrown);
  assert_error (rethrown, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
a07_awaited_canceled (void)
{
  g_autoptr (LoftAction) canceled = loft_action_new_canceled ();
  g_autoptr (LoftAsyncAction) action = start (await_what, canceled);

  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static LoftCoroutineStep
cancel_itself (LoftCoroutine *co,
               gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  loft_async_info_cancel (LOFT_ASYNC_INFO (loft_coroutine_get_async_base (co)));
  LOFT_AWAIT (co, take (self->what));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void
a08_canceled_before (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start (cancel_itself, done);

  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 0);
}

static LoftAsyncAction *
start_twice (LoftAction *what,
             LoftAction *more)
{
  Frame *frame = frame_new (what);

  frame->more = (LoftAsyncInfo *) more;
  seen = (Seen) { 0 };
  return loft_coroutine_start (await_what_twice, frame, frame_free);
}

static void
a09_canceled_while_waiting (void)
{
  g_autoptr (LoftAction) later = loft_action_new (), done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start_twice (later, done);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 2);
}

static void *
cancel (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}

static void
a10_canceled_elsewhere (void)
{
  g_autoptr (LoftAction) later = loft_action_new (), done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start_twice (later, done);

  test_on_thread (cancel, action);
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_true (seen.thread == g_thread_self ());
}

static void
a11_canceled_late (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start (await_what, done);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
a12_no_propagation (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_what, later);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (later)), ==,
                   LOFT_ASYNC_STATUS_STARTED);
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
}

static LoftCoroutineStep
propagate (LoftCoroutine *co,
           gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  loft_coroutine_propagate_cancel (co, TRUE);
  LOFT_AWAIT (co, take (self->what));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void
a13_propagation (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (propagate, later);

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (later)));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (later)), ==,
                   LOFT_CANCEL_REASON_PROPAGATED);
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static LoftCoroutineStep
go_down (LoftCoroutine *co,
         gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  loft_coroutine_propagate_cancel (co, TRUE);
  if (self->i > 0)
    {
      Frame *below = frame_new (self->what);

      below->i = self->i - 1;
      self->inner = loft_coroutine_start (go_down, below, frame_free);
    }
  else
    self->inner = g_object_ref (LOFT_ASYNC_ACTION (self->what));
  LOFT_AWAIT (co, g_steal_pointer (&self->inner));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void
a14_ten_deep (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  Frame *frame = frame_new (later);
  g_autoptr (LoftAsyncAction) action = NULL;

  seen = (Seen) { 0 };
  frame->i = 10;
  action = loft_coroutine_start (go_down, frame, frame_free);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (later)));
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (seen.steps, ==, 0);
}

static void
on_canceled (LoftAsyncBase *base,
             gpointer       counter)
{
  test_count (counter);
}

static int handled_cancels;

static LoftCoroutineStep
handle_cancel (LoftCoroutine *co,
               gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  loft_async_base_set_cancel_handler (loft_coroutine_get_async_base (co), on_canceled,
                                      &handled_cancels, NULL);
  LOFT_AWAIT (co, take (self->what));
  LOFT_COROUTINE_END (co);
}

static void
a15_cancel_handler (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (handle_cancel, later);

  handled_cancels = 0;
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_cmpint (handled_cancels, ==, 1);
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static LoftCoroutineStep
report (LoftCoroutine *co,
        gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_background ());
  for (self->i = 1; self->i <= 3; self->i++)
    {
      loft_async_base_report_progress_int64 (loft_coroutine_get_async_base (co), self->i);
      LOFT_AWAIT (co, loft_resume_background ());
    }
  LOFT_COROUTINE_END (co);
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *value,
             gpointer       log)
{
  g_string_append_printf (log, "%d ", (int) g_value_get_int64 (value));
}

static void
on_end (LoftAsyncInfo   *sender,
        LoftAsyncStatus  status,
        gpointer         log)
{
  g_string_append (log, "end");
}

static void
a16_progress (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
  g_autoptr (LoftAsyncAction) action = NULL;

  loft_work_settings_set_progress (settings, G_TYPE_INT64, LOFT_PROGRESS_ALL, on_progress, log,
                                   NULL);
  action = loft_coroutine_start_full (settings, report, frame_new (NULL), frame_free);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_end, log, NULL, NULL);
  while (!g_str_has_suffix (log->str, "end"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "1 2 3 end");
}

static void
a17_handler_late (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start (await_what, done);

  loft_async_info_set_completed (LOFT_ASYNC_INFO (action), on_end, log, NULL, NULL);
  test_drain (NULL);
  g_assert_cmpstr (log->str, ==, "end");
}

/* A thread whose dispatcher shuts down while the coroutine waits. */
typedef struct
{
  LoftAction *later;
  LoftAsyncAction *action;
  gboolean shut_down_first;
  LoftDispatcher *dispatcher;
} Home;

static void *
start_and_shut_down (void *data)
{
  Home *home = data;
  GMainContext *context = g_main_context_new ();
  LoftDispatcherController *controller;

  g_main_context_push_thread_default (context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  home->dispatcher = g_object_ref (loft_dispatcher_controller_get_dispatcher (controller));
  if (!home->shut_down_first)
    home->action = start (await_what, home->later);
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  if (home->shut_down_first)
    home->action = start (await_what, home->later);
  g_object_unref (controller);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

static void
await_without_home (gboolean shut_down_first)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  Home home = { later, NULL, shut_down_first, NULL };
  g_autoptr (GError) error = NULL;

  test_on_thread (start_and_shut_down, &home);
  loft_action_complete (later);
  test_run_until_ended (NULL, home.action);
  assert_error (home.action, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_cmpint (seen.steps, ==, 1);
  g_object_unref (home.action);
  g_object_unref (home.dispatcher);
}

static void
a18_home_gone (void)
{
  await_without_home (FALSE);
}

static void
a19_home_gone_before (void)
{
  await_without_home (TRUE);
}

static void
a20_work_shut_down (void)
{
  g_autoptr (LoftDispatcherController) controller =
    loft_dispatcher_controller_new_on_dedicated_thread ("work", NULL);
  g_autoptr (LoftAsyncAction) waits =
    loft_dispatcher_run_delayed_async (loft_dispatcher_controller_get_dispatcher (controller),
                                       LOFT_PRIORITY_NORMAL, G_TIME_SPAN_HOUR, test_succeed, NULL,
                                       NULL);
  g_autoptr (LoftAsyncAction) action = start (await_what, waits), down = NULL;

  down = loft_dispatcher_controller_shutdown_async (controller);
  test_run_until_ended (NULL, action);
  test_run_until_ended (NULL, down);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static LoftCoroutineStep
move_about (LoftCoroutine *co,
            gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_background ());
  self->on_pool = test_is_on_pool ();
  if (self->dispatcher != NULL)
    LOFT_AWAIT_BOOLEAN (co, self->yes, loft_resume_foreground (self->dispatcher,
                                                               LOFT_PRIORITY_HIGH));
  see (self, self->on_pool ? 2 : 1);
  return loft_coroutine_return_boolean (co, self->yes);
  LOFT_COROUTINE_END (co);
}

static LoftAsyncOperation *
start_move (LoftDispatcher *dispatcher)
{
  Frame *frame = frame_new (NULL);

  seen = (Seen) { 0 };
  frame->dispatcher = dispatcher;
  return loft_coroutine_start_operation (G_TYPE_BOOLEAN, move_about, frame, frame_free);
}

static void
a21_background (void)
{
  g_autoptr (LoftAsyncOperation) moved = start_move (NULL);

  test_run_until_ended (NULL, moved);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.on_pool);
}

static void
a22_foreground (void)
{
  g_autoptr (LoftAsyncOperation) moved = start_move (loft_dispatcher_get_default ());

  test_run_until_ended (NULL, moved);
  g_assert_cmpint (seen.steps, ==, 2);
  g_assert_true (seen.thread == g_thread_self ());
  g_assert_true (loft_async_operation_get_boolean (moved, NULL));
}

static LoftCoroutineStep
move_or_fail (LoftCoroutine *co,
              gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_foreground (self->dispatcher, LOFT_PRIORITY_NORMAL));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void
a23_foreground_refused (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  Home home = { done, NULL, FALSE, NULL };
  g_autoptr (LoftAsyncOperation) stays = NULL;
  g_autoptr (LoftAsyncAction) fails = NULL;
  Frame *frame = frame_new (NULL);

  test_on_thread (start_and_shut_down, &home);
  stays = start_move (home.dispatcher);
  test_run_until_ended (NULL, stays);
  g_assert_false (loft_async_operation_get_boolean (stays, NULL));
  g_assert_true (seen.on_pool);

  seen = (Seen) { 0 };
  frame->dispatcher = home.dispatcher;
  fails = loft_coroutine_start (move_or_fail, frame, frame_free);
  assert_error (fails, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_cmpint (seen.steps, ==, 0);
  g_object_unref (home.action);
  g_object_unref (home.dispatcher);
}

static LoftCoroutineStep
wait_a_while (LoftCoroutine *co,
              gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  self->number = g_get_monotonic_time ();
  LOFT_AWAIT (co, loft_resume_after (5 * G_TIME_SPAN_MILLISECOND));
  self->number = g_get_monotonic_time () - self->number;
  see (self, 2);
  return loft_coroutine_return_int64 (co, self->number);
  LOFT_COROUTINE_END (co);
}

static void
a24_after (void)
{
  g_autoptr (LoftAsyncOperation) waited =
    loft_coroutine_start_operation (G_TYPE_INT64, wait_a_while, frame_new (NULL), frame_free);

  test_run_until_ended (NULL, waited);
  g_assert_cmpint (loft_async_operation_get_int64 (waited, NULL), >=,
                   5 * G_TIME_SPAN_MILLISECOND);
  g_assert_true (seen.thread == g_thread_self ());
}

static LoftCoroutineStep
wait_for_fd (LoftCoroutine *co,
             gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT_BOOLEAN (co, self->yes, loft_resume_on_fd (self->fd, G_IO_IN, self->number));
  see (self, 2);
  return loft_coroutine_return_boolean (co, self->yes);
  LOFT_COROUTINE_END (co);
}

static LoftAsyncOperation *
start_fd (int       fd,
          GTimeSpan timeout)
{
  Frame *frame = frame_new (NULL);

  seen = (Seen) { 0 };
  frame->fd = fd;
  frame->number = timeout;
  return loft_coroutine_start_operation (G_TYPE_BOOLEAN, wait_for_fd, frame, frame_free);
}

static void *
start_fd_in_mta (void *data)
{
  void **both = data;

  both[1] = start_fd (GPOINTER_TO_INT (both[0]), -1);
  return NULL;
}

static void
a25_fd (void)
{
  int ends[2];
  void *both[2];
  g_autoptr (LoftAsyncOperation) here = NULL;

  g_assert_cmpint (pipe (ends), ==, 0);
  here = start_fd (ends[0], -1);
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  test_run_until_ended (NULL, here);
  g_assert_true (loft_async_operation_get_boolean (here, NULL));
  g_assert_true (seen.thread == g_thread_self ());

  both[0] = GINT_TO_POINTER (ends[0]);
  test_on_thread (start_fd_in_mta, both); /* this thread runs no loop */
  test_run_until_ended (NULL, both[1]);
  g_assert_true (loft_async_operation_get_boolean (both[1], NULL));
  g_object_unref (both[1]);
  close (ends[0]);
  close (ends[1]);
}

static void
a26_fd_timeout (void)
{
  int ends[2];
  g_autoptr (LoftAsyncOperation) waits = NULL;

  g_assert_cmpint (pipe (ends), ==, 0);
  waits = start_fd (ends[0], 1000);
  test_run_until_ended (NULL, waits);
  g_assert_false (loft_async_operation_get_boolean (waits, NULL));
  close (ends[0]);
  close (ends[1]);
}

static LoftCoroutineStep
await_agile (LoftCoroutine *co,
             gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_agile (take (self->what)));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void *
complete_and_compare (void *action)
{
  loft_action_complete (action);
  g_assert_true (seen.thread == g_thread_self ()); /* inside the call */
  return NULL;
}

static void
a27_agile (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_agile, later);

  test_on_thread (complete_and_compare, later);
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
a28_all (void)
{
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  LoftAsyncInfo *both[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  g_autoptr (LoftAsyncAction) all = loft_when_all (both, 2, 0);
  g_autoptr (LoftAsyncAction) action = start (await_what, all);

  loft_action_complete (a);
  test_drain (NULL);
  g_assert_cmpint (seen.steps, ==, 1);
  await_complete_elsewhere (b);
  test_run_until_ended (NULL, action);
  g_assert_cmpint (seen.steps, ==, 2);
}

static LoftCoroutineStep
await_number (LoftCoroutine *co,
              gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT_INT64 (co, self->number, take (self->what));
  return loft_coroutine_return_int64 (co, self->number);
  LOFT_COROUTINE_END (co);
}

static void
a29_any (void)
{
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  LoftAsyncInfo *both[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (both, 2, 0);
  g_autoptr (LoftAsyncOperation) index =
    loft_coroutine_start_operation (G_TYPE_INT64, await_number, frame_new (any), frame_free);

  loft_action_complete (b);
  test_run_until_ended (NULL, index);
  g_assert_cmpint (loft_async_operation_get_int64 (index, NULL), ==, 1);
  loft_action_complete (a);
}

static void
a30_timeout (void)
{
  g_autoptr (LoftAction) never = loft_action_new ();
  g_autoptr (LoftAsyncAction) limited =
    LOFT_ASYNC_ACTION (loft_with_timeout (LOFT_ASYNC_INFO (never), 1000));
  g_autoptr (LoftAsyncAction) action = start (await_what, limited);

  test_run_until_ended (NULL, action);
  assert_error (action, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
a31_twice (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start_twice (later, later);

  await_complete_elsewhere (later);
  test_run_until_ended (NULL, action);
  g_assert_cmpint (seen.steps, ==, 3);
}

static void
a32_two (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) first = start (await_what, later);
  g_autoptr (LoftAsyncAction) second = start (await_what, later);

  await_complete_elsewhere (later);
  test_run_until_ended (NULL, first);
  test_run_until_ended (NULL, second);
  assert_ended (first, LOFT_ASYNC_STATUS_COMPLETED);
  assert_ended (second, LOFT_ASYNC_STATUS_COMPLETED);
}

static LoftCoroutineStep
await_null (LoftCoroutine *co,
            gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, (LoftAsyncAction *) NULL);
  LOFT_COROUTINE_END (co);
}

static void
a33_null (void)
{
  g_autoptr (LoftAsyncAction) action = start (await_null, NULL);
  g_autoptr (GError) error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));

  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "await-c.c")); /* the place of the await */
}

static void
a34_foreign (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (test_foreign_get_type (), NULL);
  g_autoptr (LoftAsyncAction) action = start (await_what, foreign);

  g_assert_cmpint (seen.steps, ==, 1);
  test_foreign_complete (foreign);
  test_run_until_ended (NULL, action);
  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_true (seen.thread == g_thread_self ());
}

static void
ignore_end (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         data)
{
}

static void
a35_foreign_refuses (void)
{
  g_autoptr (TestForeign) foreign = g_object_new (test_foreign_get_type (), NULL);
  g_autoptr (LoftAsyncAction) action = NULL;

  loft_async_info_set_completed (LOFT_ASYNC_INFO (foreign), ignore_end, NULL, NULL, NULL);
  action = start (await_what, foreign); /* its one slot is used */
  assert_error (action, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT);
}

static LoftAsyncAction *started_in_cancel;

static void
start_in_cancel (LoftAsyncBase *base,
                 gpointer       later)
{
  started_in_cancel = start (await_what, later);
  loft_action_complete (LOFT_ACTION (base));
}

static void
a36_in_cancel_handler (void)
{
  g_autoptr (LoftAction) canceled = loft_action_new (), later = loft_action_new ();

  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (canceled), start_in_cancel, later, NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (canceled));
  await_complete_elsewhere (later);
  test_run_until_ended (NULL, started_in_cancel);
  assert_ended (started_in_cancel, LOFT_ASYNC_STATUS_COMPLETED);
  g_clear_object (&started_in_cancel);
}

static void
a37_let_go (void)
{
  LoftAction *later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_what, later);

  g_object_unref (later);
  test_run_until_ended (NULL, action);
  assert_error (action, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

static gboolean
on_unhandled (LoftDispatcher *dispatcher,
              GError         *error,
              const char     *source,
              gpointer        counter)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (source, "a38_nobody_holds_it"));
  test_count (counter);
  return TRUE;
}

static void
a38_nobody_holds_it (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  g_autoptr (LoftAction) later = loft_action_new ();
  int told = 0;
  gulong id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &told);

  seen = (Seen) { 0 };
  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_coroutine_start (await_what, frame_new (later), frame_free)));
  loft_async_base_fail (LOFT_ASYNC_BASE (later),
                        g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  test_run_until (NULL, &told);
  g_assert_cmpint (told, ==, 1);
  g_signal_handler_disconnect (dispatcher, id);
}

static void
on_end_after_release (LoftAsyncInfo   *sender,
                      LoftAsyncStatus  status,
                      gpointer         freed)
{
  g_assert_cmpint (*(int *) freed, ==, 1);
  *(int *) freed = 2;
}

static void
a39_released_first (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  Frame *frame = frame_new (later);
  int freed = 0;

  frame->freed = &freed;
  action = loft_coroutine_start (await_what, frame, frame_free);
  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (action), on_end_after_release, &freed, NULL,
                                       NULL);
  loft_action_complete (later);
  test_run_until_ended (NULL, action);
  g_assert_cmpint (freed, ==, 2);
}

/* A window is often cancelled for, and then destroyed. What it awaits never ends. */
static void
a40_canceled_before (void)
{
  g_autoptr (LoftAction) never = loft_action_new ();
  g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  GObject *owner = G_OBJECT (loft_action_new_completed ());

  loft_work_settings_set_owner (settings, owner);
  action = loft_coroutine_start_full (settings, await_what, frame_new (never), frame_free);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_object_unref (owner);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
}

static void
a40_owner (void)
{
  g_autoptr (LoftAction) later = loft_action_new ();
  g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
  g_autoptr (LoftAsyncAction) action = NULL, late = NULL;
  GObject *owner = G_OBJECT (loft_action_new_completed ());
  Frame *frame = frame_new (later);
  int freed = 0;

  seen = (Seen) { 0 };
  frame->freed = &freed;
  loft_work_settings_set_owner (settings, owner);
  action = loft_coroutine_start_full (settings, await_what, frame, frame_free);
  g_assert_cmpint (seen.steps, ==, 1);
  g_object_unref (owner);
  test_drain (NULL);
  assert_ended (action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_OWNER_GONE);
  g_assert_cmpint (freed, ==, 1);
  loft_action_complete (later);
  test_drain (NULL);
  g_assert_cmpint (seen.steps, ==, 1);

  late = loft_coroutine_start_full (settings, await_what, frame_new (later), frame_free);
  assert_ended (late, LOFT_ASYNC_STATUS_CANCELED);
  a40_canceled_before ();
}

static LoftCoroutineStep
fail (LoftCoroutine *co,
      gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_after (0));
  return loft_coroutine_fail (co, g_error_new (G_IO_ERROR, G_IO_ERROR_EXISTS, "its own"));
  LOFT_COROUTINE_CATCH (co);
  g_assert_not_reached (); /* the catch block is for awaits */
  LOFT_COROUTINE_END (co);
}

static LoftCoroutineStep
no_result (LoftCoroutine *co,
           gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  LOFT_COROUTINE_RETURN (co);
  LOFT_COROUTINE_END (co);
}

static LoftCoroutineStep
wrong_result (LoftCoroutine *co,
              gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  return loft_coroutine_return_string (co, "no number");
  LOFT_COROUTINE_END (co);
}

static void
a41_own_error (void)
{
  g_autoptr (LoftAsyncAction) action = start (fail, NULL);
  g_autoptr (LoftAsyncOperation) unfit =
    loft_coroutine_start_operation (G_TYPE_INT64, wrong_result, NULL, NULL);
  g_autoptr (LoftAsyncOperation) operation =
    loft_coroutine_start_operation (G_TYPE_INT64, no_result, NULL, NULL);

  assert_error (action, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_error (operation, LOFT_ERROR, LOFT_ERROR_FAILED);
  assert_error (unfit, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
}

static LoftCoroutineStep
many_awaits (LoftCoroutine *co,
             gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  for (self->i = 0; self->i < 1000000; self->i++)
    LOFT_AWAIT (co, take (self->what));
  see (self, 2);
  LOFT_COROUTINE_END (co);
}

static void
a43_million (void)
{
  g_autoptr (LoftAction) done = loft_action_new_completed ();
  g_autoptr (LoftAsyncAction) action = start (many_awaits, done);

  assert_ended (action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (seen.steps, ==, 2);
}

static void *
get_it (void *data)
{
  g_autoptr (LoftAsyncOperation) moved = start_move (NULL);
  g_autoptr (GError) error = NULL;

  loft_async_operation_wait_boolean (moved, &error);
  g_assert_no_error (error);
  return NULL;
}

static void
a44_get (void)
{
  test_on_thread (get_it, NULL);
  g_assert_cmpint (seen.steps, ==, 2);
}

static const AwaitCase cases[] = {
  { "A01", a01_ended_before, NULL },
  { "A02", a02_ends_later, NULL },
  { "A03", a03_in_mta, NULL },
  { "A04", a04_value, NULL },
  { "A05", a05_error, NULL },
  { "A06", a06_caught, NULL },
  { "A07", a07_awaited_canceled, NULL },
  { "A08", a08_canceled_before, NULL },
  { "A09", a09_canceled_while_waiting, NULL },
  { "A10", a10_canceled_elsewhere, NULL },
  { "A11", a11_canceled_late, NULL },
  { "A12", a12_no_propagation, NULL },
  { "A13", a13_propagation, NULL },
  { "A14", a14_ten_deep, NULL },
  { "A15", a15_cancel_handler, NULL },
  { "A16", a16_progress, NULL },
  { "A17", a17_handler_late, NULL },
  { "A18", a18_home_gone, NULL },
  { "A19", a19_home_gone_before, NULL },
  { "A20", a20_work_shut_down, NULL },
  { "A21", a21_background, NULL },
  { "A22", a22_foreground, NULL },
  { "A23", a23_foreground_refused, NULL },
  { "A24", a24_after, NULL },
  { "A25", a25_fd, NULL },
  { "A26", a26_fd_timeout, NULL },
  { "A27", a27_agile, NULL },
  { "A28", a28_all, NULL },
  { "A29", a29_any, NULL },
  { "A30", a30_timeout, NULL },
  { "A31", a31_twice, NULL },
  { "A32", a32_two, NULL },
  { "A33", a33_null, NULL },
  { "A34", a34_foreign, NULL },
  { "A35", a35_foreign_refuses, NULL },
  { "A36", a36_in_cancel_handler, NULL },
  { "A37", a37_let_go, NULL },
  { "A38", a38_nobody_holds_it, NULL },
  { "A39", a39_released_first, NULL },
  { "A40", a40_owner, NULL },
  { "A41", a41_own_error, NULL },
  { "A42", NULL, "a handler in C has no way to fail but its GError" },
  { "A43", a43_million, NULL },
  { "A44", a44_get, NULL },
  { "A45", NULL, "C has no tasks of its own; for GTask see `tests/gio`" },
  { "A46", NULL, "C has no tasks of its own; for GCancellable see `tests/gio`" },
  { "A47", NULL, "`tests/behaviour/test-exit.c` tests the exit" },
};

int
main (int   argc,
      char *argv[])
{
  return await_main (argc, argv, "c", cases, G_N_ELEMENTS (cases));
}
