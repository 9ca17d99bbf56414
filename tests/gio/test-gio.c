/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GIO in both directions: its functions become operations, functions of its kind return async
 * objects, and cancellables go in and out. */

#include "test-util.h"

#include <sys/socket.h>
#include <unistd.h>

/* A result that is no GTask. */

#define MY_TYPE_RESULT (my_result_get_type ())
G_DECLARE_FINAL_TYPE (MyResult, my_result, MY, RESULT, GObject)

struct _MyResult
{
  GObject parent_instance;
  int number;
};

static GObject *
my_result_get_source_object (GAsyncResult *result)
{
  return NULL;
}

static void
my_result_iface_init (GAsyncResultIface *iface)
{
  iface->get_source_object = my_result_get_source_object;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MyResult, my_result, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT, my_result_iface_init))

static void my_result_class_init (MyResultClass *klass) { }
static void my_result_init (MyResult *self) { }

static void
number_async (int                 number,
              GAsyncReadyCallback callback,
              gpointer            data)
{
  g_autoptr (MyResult) result = g_object_new (MY_TYPE_RESULT, NULL);

  result->number = number;
  callback (NULL, G_ASYNC_RESULT (result), data);
}

static gboolean
number_finish (GObject      *source,
               GAsyncResult *result,
               GValue       *value,
               gpointer      user_data,
               GError      **error)
{
  g_assert_null (source);
  if (MY_RESULT (result)->number == 13)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "thirteen");
      return FALSE;
    }
  g_value_set_int (value, MY_RESULT (result)->number);
  return TRUE;
}

static void
test_no_task (void)
{
  g_autoptr (LoftOperation) raw = NULL, operation = NULL, failed = NULL;
  g_auto (GValue) value = G_VALUE_INIT, result = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GAsyncReadyCallback callback;
  gpointer data;
  int released = 0;

  raw = loft_operation_new_for_async (&callback, &data);
  assert_status (raw, STARTED);
  number_async (7, callback, data);
  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (raw), &result, NULL));
  g_assert_cmpint (MY_RESULT (g_value_get_object (&result))->number, ==, 7);

  operation = loft_operation_new_for_async_with_finish (G_TYPE_INT, number_finish, &released,
                                                        test_count, &callback, &data);
  number_async (42, callback, data);
  g_assert_cmpint (released, ==, 1);
  g_assert_true (loft_async_operation_get_results (LOFT_ASYNC_OPERATION (operation), &value, NULL));
  g_assert_cmpint (g_value_get_int (&value), ==, 42);

  failed = loft_operation_new_for_async_with_finish (G_TYPE_INT, number_finish, NULL, NULL,
                                                     &callback, &data);
  number_async (13, callback, data);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (failed));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* One of GIO's own functions: a read from a socket, which GIO does without a thread of its own. */

static gboolean
read_finish (GObject      *source,
             GAsyncResult *result,
             GValue       *value,
             gpointer      user_data,
             GError      **error)
{
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, error);

  if (n < 0)
    return FALSE;
  g_value_set_int64 (value, n);
  return TRUE;
}

static LoftOperation *
read_bytes (GInputStream *stream,
            char          bytes[16],
            gboolean      cancel)
{
  g_autoptr (GCancellable) cancellable = NULL;
  GAsyncReadyCallback callback;
  LoftOperation *operation;
  gpointer data;

  operation = loft_operation_new_for_async_with_finish (G_TYPE_INT64, read_finish, NULL, NULL,
                                                        &callback, &data);
  cancellable = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (operation));
  g_input_stream_read_async (stream, bytes, 16, G_PRIORITY_DEFAULT, cancellable, callback, data);
  if (cancel)
    {
      loft_async_info_cancel (LOFT_ASYNC_INFO (operation));
      g_assert_true (g_cancellable_is_cancelled (cancellable));
      g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (operation))); /* GIO's goes on */
    }
  test_run_until_ended (NULL, operation);
  return operation;
}

static void
test_of_gio (void)
{
  g_autoptr (LoftOperation) there = NULL, never = NULL, closed = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  GInputStream *stream;
  char bytes[16] = "";
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  socket = g_socket_new_from_fd (ends[0], NULL);
  connection = g_socket_connection_factory_create_connection (socket);
  stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));

  g_assert_cmpint (write (ends[1], "hello", 5), ==, 5);
  there = read_bytes (stream, bytes, FALSE);
  g_assert_cmpint (loft_async_operation_get_int64 (LOFT_ASYNC_OPERATION (there), NULL), ==, 5);
  g_assert_cmpstr (bytes, ==, "hello");

  never = read_bytes (stream, bytes, TRUE);
  assert_status (never, CANCELED);

  g_input_stream_close (stream, NULL, NULL);
  closed = read_bytes (stream, bytes, FALSE);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (closed));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  close (ends[1]);
}

/* A cancellable that an object has given out is cancelled with the object, but not the other way
 * round. */

static void
test_cancellable_out (void)
{
  g_autoptr (LoftAction) action = loft_action_new (), ended = loft_action_new ();
  g_autoptr (GCancellable) first = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (action));
  g_autoptr (GCancellable) second = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (action));
  g_autoptr (GCancellable) third = NULL,
                           of_ended = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (ended));
  g_autoptr (GCancellable) forgotten = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (action));

  g_assert_true (first != second);
  g_clear_object (&forgotten);
  g_cancellable_cancel (second);
  assert_status (action, STARTED); /* one way */
  g_assert_false (g_cancellable_is_cancelled (first));
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  g_assert_true (g_cancellable_is_cancelled (first));
  third = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (action));
  g_assert_true (g_cancellable_is_cancelled (third));
  loft_action_complete (ended);
  loft_async_info_cancel (LOFT_ASYNC_INFO (ended));
  g_assert_false (g_cancellable_is_cancelled (of_ended));
  loft_action_complete (action);
}

/* A function of GIO's kind that returns an async object. */

static void
my_work_async (GObject            *self,
               LoftAsyncInfo      *work,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  loft_async_result_return (work, self, my_work_async, cancellable, callback, user_data);
}

static gboolean
my_work_finish (GObject      *self,
                GAsyncResult *result,
                int          *out_number,
                GError      **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (loft_async_result_is_valid (result, self, my_work_async));
  g_assert_false (loft_async_result_is_valid (result, self, my_work_finish));
  if (!loft_async_result_propagate (result, &value, error))
    return FALSE;
  if (G_IS_VALUE (&value))
    *out_number = g_value_get_int (&value);
  return TRUE;
}

typedef struct
{
  int called;
  int number;
  GError *error;
} Done;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Done *done = user_data;

  g_assert_true (g_async_result_get_user_data (result) == user_data);
  g_assert_true (LOFT_IS_ASYNC_INFO (loft_async_result_get_info (result)));
  my_work_finish (source, result, &done->number, &done->error);
  test_count (&done->called);
}

static void
test_return (void)
{
  g_autoptr (GObject) self = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftOperation) work = loft_operation_new (G_TYPE_INT);
  g_auto (GValue) value = G_VALUE_INIT;
  Done done = { 0 };

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 5);
  loft_operation_complete (work, &value);
  my_work_async (self, LOFT_ASYNC_INFO (work), NULL, on_done, &done);
  g_assert_cmpint (done.called, ==, 0); /* never inside */
  test_run_until (NULL, &done.called);
  g_assert_no_error (done.error);
  g_assert_cmpint (done.number, ==, 5);
}

static void
test_return_fails (void)
{
  g_autoptr (LoftAction) work = loft_action_new ();
  Done done = { 0 };

  my_work_async (NULL, LOFT_ASYNC_INFO (work), NULL, on_done, &done);
  loft_async_base_fail (LOFT_ASYNC_BASE (work),
                        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy"));
  test_run_until (NULL, &done.called);
  g_assert_error (done.error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&done.error);
}

/* The function's cancellable cancels the work, and the callback is called once, at the end of the
 * work. */
static void
test_return_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LoftAction) work = loft_action_new ();
  Done done = { 0 };

  my_work_async (NULL, LOFT_ASYNC_INFO (work), cancellable, on_done, &done);
  g_cancellable_cancel (cancellable);
  assert_status (work, CANCELED);
  test_drain (NULL);
  g_assert_cmpint (done.called, ==, 0);
  loft_action_complete (work);
  test_run_until (NULL, &done.called);
  test_drain (NULL);
  g_assert_cmpint (done.called, ==, 1);
  g_assert_error (done.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&done.error);
}

static void *
cancel_it (void *cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* One cancellable goes into an object and another comes out of it. One thread cancels the first
 * while another ends the object, and disconnecting does not deadlock. */
static void
test_race (void)
{
  for (int i = 0; i < 2000; i++)
    {
      g_autoptr (GCancellable) in = g_cancellable_new (), out = NULL;
      g_autoptr (LoftAction) work = loft_action_new ();
      pthread_t thread;

      loft_async_info_bind_cancellable (LOFT_ASYNC_INFO (work), in);
      out = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (work));
      pthread_create (&thread, NULL, cancel_it, in);
      loft_action_complete (work);
      pthread_join (thread, NULL);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (work)));
      g_assert_true (g_cancellable_is_cancelled (out) ==
                     loft_async_info_is_canceled (LOFT_ASYNC_INFO (work)));
    }
}

/* The cancellable of an object that was cancelled and has ended is cancelled from the start. */
static void
test_cancellable_out_late (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (GCancellable) cancellable = NULL;

  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_action_complete (action);
  cancellable = loft_async_base_dup_cancellable (LOFT_ASYNC_BASE (action));
  g_assert_true (g_cancellable_is_cancelled (cancellable));
}

/* If the producer drops the returned object without ending it, the callback is called all the
 * same. */

static void
on_let_go (GObject      *source,
           GAsyncResult *result,
           gpointer      called)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_async_result_propagate (result, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  test_count (called);
}

static void
test_returned_is_let_go (void)
{
  LoftAction *action = loft_action_new ();
  int called = 0;

  loft_async_result_return (LOFT_ASYNC_INFO (action), NULL, on_let_go, NULL, on_let_go, &called);
  g_object_unref (action);
  test_run_until (NULL, &called);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gio/no-task", test_no_task);
  g_test_add_func ("/gio/of-gio", test_of_gio);
  g_test_add_func ("/gio/cancellable-out", test_cancellable_out);
  g_test_add_func ("/gio/return", test_return);
  g_test_add_func ("/gio/return-fails", test_return_fails);
  g_test_add_func ("/gio/return-cancelled", test_return_cancelled);
  g_test_add_func ("/gio/race", test_race);
  g_test_add_func ("/gio/cancellable-out-late", test_cancellable_out_late);
  g_test_add_func ("/gio/returned-is-let-go", test_returned_is_let_go);
  return g_test_run ();
}
