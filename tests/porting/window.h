/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The program around the snippets of docs/porting-from-uwp.md, for each of their languages: a
 * window that shows lines, documents whose words are counted, and what else the snippets call.
 * Each function checks that it is called on the right thread. */

#pragma once

#include "../test-util.h"

#include <string.h>


/* Main thread only. */
static GThread *window_thread;
static GPtrArray *window_lines;

static inline void
window_open (void)
{
  window_thread = g_thread_self ();
  window_lines = g_ptr_array_new_with_free_func (g_free);
}

static inline gboolean
is_in_window (void)
{
  return g_thread_self () == window_thread;
}

G_GNUC_PRINTF (1, 2) static inline void
show (const char *format, ...)
{
  va_list args;

  g_assert_true (is_in_window ());
  va_start (args, format);
  g_ptr_array_add (window_lines, g_strdup_vprintf (format, args));
  va_end (args);
}

static inline const char *
last_line (void)
{
  return window_lines->len > 0
             ? (const char *) g_ptr_array_index (window_lines, window_lines->len - 1)
             : "";
}

/* Runs the window's loop until it shows @line last. */
static inline void
run_until_shown (const char *line)
{
  while (strcmp (last_line (), line) != 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Checks all lines since the last call, which are separated by "|", and forgets them. */
static inline void
assert_shown (const char *lines)
{
  g_autofree char *found = NULL;

  g_ptr_array_add (window_lines, NULL);
  found = g_strjoinv ("|", (char **) window_lines->pdata);
  g_assert_cmpstr (found, ==, lines);
  g_ptr_array_set_size (window_lines, 0);
}

/* Documents. The one with number i has 10 * i words. The first that is read while there is a gate
 * says so, and waits for the gate. */

typedef struct
{
  TestEvent reading;
  TestEvent open;
} Gate;

#define GATE_INIT { TEST_EVENT_INIT, TEST_EVENT_INIT }

static Gate *gate; /* atomic */

static inline int
count_words (int document)
{
  Gate *closed = __atomic_exchange_n (&gate, NULL, __ATOMIC_ACQ_REL);

  g_assert_false (is_in_window ());
  if (closed != NULL)
    {
      test_event_set (&closed->reading);
      test_event_wait (&closed->open);
    }
  return 10 * document;
}

static inline void
gate_close (Gate *self)
{
  __atomic_store_n (&gate, self, __ATOMIC_RELEASE);
}

static inline gboolean
count (LoftAsyncOperation *counting, GValue *words, gpointer document, GError **error)
{
  if (GPOINTER_TO_INT (document) < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such document");
      return FALSE;
    }
  g_value_set_int64 (words, count_words (GPOINTER_TO_INT (document)));
  return TRUE;
}

static inline LoftAsyncOperation *
start_count (int document)
{
  return loft_thread_pool_run_operation_async (G_TYPE_INT64, count, GINT_TO_POINTER (document),
                                               NULL);
}

/* An asynchronous function of GIO's kind. A document has 100 bytes for each of its words. */

static inline gboolean
on_measured (gpointer task)
{
  int document = GPOINTER_TO_INT (g_task_get_task_data (G_TASK (task)));

  if (!g_task_return_error_if_cancelled (G_TASK (task)))
    g_task_return_int (G_TASK (task), 1000 * document);
  return G_SOURCE_REMOVE;
}

static inline void
measure_async (int document, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, GINT_TO_POINTER (document), NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_measured, task, g_object_unref);
}

static inline gssize
measure_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/* Downloads. The negative ones end only when they are cancelled. */

static TestEvent download_stopped = TEST_EVENT_INIT;

static inline void
on_download_cancel (LoftAsyncBase *downloading, gpointer data)
{
  loft_action_complete (LOFT_ACTION (downloading));
  test_event_set (&download_stopped);
  g_object_unref (downloading);
}

static inline LoftAsyncAction *
start_download (int document)
{
  LoftAction *downloading = document < 0 ? loft_action_new () : loft_action_new_completed ();

  if (document < 0)
    loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (g_object_ref (downloading)),
                                        on_download_cancel, NULL, NULL);
  return LOFT_ASYNC_ACTION (downloading);
}

/* The journal, which has a thread of its own. */

static struct
{
  TestEvent written;
  int entries, saves; /* atomic */
} journal = { TEST_EVENT_INIT, 0, 0 };

/* Windows names no dedicated thread. */
#ifndef JOURNAL_THREAD
#define JOURNAL_THREAD "journal"
#endif

static inline void
write_entry (void)
{
  g_assert_true (test_is_on_thread (JOURNAL_THREAD));
  g_assert_cmpint (test_get (&journal.saves), ==, 0);
  __atomic_fetch_add (&journal.entries, 1, __ATOMIC_ACQ_REL);
  test_event_set (&journal.written);
}

static inline void
save_journal (void)
{
  g_assert_true (test_is_on_pool ());
  __atomic_fetch_add (&journal.saves, 1, __ATOMIC_ACQ_REL);
}

/* A question, which is answered on the window's thread. */

static struct
{
  void (*answered) (int value, void *data);
  void *data;
} question; /* main thread only */

static inline void
ask (const char *text, void (*answered) (int value, void *data), void *data)
{
  g_assert_true (is_in_window () && question.answered == NULL);
  question.answered = answered;
  question.data = data;
}

static inline void
answer_question (gpointer value)
{
  void (*answered) (int value, void *data) = question.answered;

  question.answered = NULL;
  answered (GPOINTER_TO_INT (value), question.data);
}

static inline void
stop_asking (void *data)
{
  g_assert_true (is_in_window () && question.data == data);
  g_assert_true (loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                              answer_question, GINT_TO_POINTER (-1), NULL));
}

/* The index. Each step makes a line; during the second, something else is posted. */

static inline void
do_something_else (gpointer data)
{
  show ("something else");
}

static inline void
index_document (int document)
{
  show ("%d indexed", document);
  if (document == 2)
    g_assert_true (loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW,
                                                do_something_else, NULL, NULL));
}

/* The second window, which has a thread and a dispatcher of its own. */

static char *second_line; /* that thread's, and the window's after a hand-over */

static inline LoftDispatcherController *
second_window_open (void)
{
  g_autoptr (GError) error = NULL;
  LoftDispatcherController *controller =
    loft_dispatcher_controller_new_on_dedicated_thread ("second", &error);

  g_assert_no_error (error);
  return controller;
}

static inline void
second_window_close (LoftDispatcherController *controller)
{
  g_autoptr (LoftAsyncAction) closing = loft_dispatcher_controller_shutdown_async (controller);

  test_run_until_ended (NULL, closing);
  g_object_unref (controller);
  g_clear_pointer (&second_line, g_free);
}

static inline void
show_in_second (gconstpointer text)
{
  g_assert_true (!is_in_window () && loft_apartment_is_sta ());
  second_line = g_strdup ((const char *) text);
}

/* A row of the list. */

static inline void
row_set_words (GObject *row, int words)
{
  g_assert_true (is_in_window ());
  g_object_set_data (row, "words", GINT_TO_POINTER (words));
}

static inline int
row_get_words (GObject *row)
{
  return GPOINTER_TO_INT (g_object_get_data (row, "words"));
}
