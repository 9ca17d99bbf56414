/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests share: events between threads, loops that run until a condition holds, and
 * counters.
 *
 * Threads synchronize with pthread primitives and atomics, which ThreadSanitizer understands. No
 * test sleeps or looks at a clock. If a test waits for something that never comes, the time limit
 * of the runner ends it. */

#pragma once

#include <loft/loft.h>
#include <pthread.h>
#include <sched.h>

/* A one-shot event between two threads. */
typedef struct
{
  pthread_mutex_t mutex;
  pthread_cond_t cond;
  gboolean set;
} TestEvent;

#define TEST_EVENT_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, FALSE }

static inline void
test_event_set (TestEvent *event)
{
  pthread_mutex_lock (&event->mutex);
  event->set = TRUE;
  pthread_cond_broadcast (&event->cond);
  pthread_mutex_unlock (&event->mutex);
}

static inline void
test_event_wait (TestEvent *event)
{
  pthread_mutex_lock (&event->mutex);
  while (!event->set)
    pthread_cond_wait (&event->cond, &event->mutex);
  pthread_mutex_unlock (&event->mutex);
}

/* Runs a context until @flag is not 0. Something that the context dispatches has to set it. */
static inline void
test_run_until (GMainContext *context,
                int          *flag)
{
  while (__atomic_load_n (flag, __ATOMIC_ACQUIRE) == 0)
    g_main_context_iteration (context, TRUE);
}

/* Runs a context until @info has ended. */
static inline void
test_on_ended_wakeup (LoftAsyncInfo   *info,
                      LoftAsyncStatus  status,
                      gpointer         context)
{
  g_main_context_wakeup ((GMainContext *) context);
}

static inline void
test_run_until_ended (GMainContext *context,
                      gpointer      info)
{
  GMainContext *real = context != NULL ? context : g_main_context_default ();

  /* The observer may be called after the loop below has seen the end, when the caller no longer
   * holds the context. */
  loft_async_info_add_observer (LOFT_ASYNC_INFO (info), test_on_ended_wakeup,
                                g_main_context_ref (real), (GDestroyNotify) g_main_context_unref);
  while (!loft_async_info_has_ended (LOFT_ASYNC_INFO (info)))
    g_main_context_iteration (real, TRUE);
}

/* Runs a context until nothing in it is ready. */
static inline void
test_drain (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

/* Runs @func on a new thread, which is in the MTA, and waits for its end. */
static inline void
test_on_thread (GThreadFunc func,
                gpointer    data)
{
  pthread_t thread;

  g_assert_cmpint (pthread_create (&thread, NULL, func, data), ==, 0);
  g_assert_cmpint (pthread_join (thread, NULL), ==, 0);
}

/* Returns whether the calling thread has this name. */
static inline gboolean
test_is_on_thread (const char *wanted)
{
  char name[16] = "";

  pthread_getname_np (pthread_self (), name, sizeof name);
  return strcmp (name, wanted) == 0;
}

/* Returns whether the calling thread is a worker of the pool. */
static inline gboolean
test_is_on_pool (void)
{
  return test_is_on_thread ("loft-pool");
}

/* Handlers. */

static inline gboolean
test_succeed (LoftAsyncAction *action,
              gpointer         user_data,
              GError         **error)
{
  if (user_data != NULL)
    __atomic_fetch_add ((int *) user_data, 1, __ATOMIC_ACQ_REL);
  return TRUE;
}

static inline gboolean
test_fail (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as asked");
  return FALSE;
}

/* Keeps its thread busy until the event is set. */
static inline gboolean
test_hold (LoftAsyncAction *action,
           gpointer         event,
           GError         **error)
{
  test_event_wait ((TestEvent *) event);
  return TRUE;
}

static inline void
test_count (gpointer counter)
{
  __atomic_fetch_add ((int *) counter, 1, __ATOMIC_ACQ_REL);
}

static inline void
test_on_completed (LoftAsyncInfo   *sender,
                   LoftAsyncStatus  status,
                   gpointer         counter)
{
  __atomic_fetch_add ((int *) counter, 1, __ATOMIC_ACQ_REL);
}

static inline int
test_get (int *counter)
{
  return __atomic_load_n (counter, __ATOMIC_ACQUIRE);
}

#define assert_status(info, expected)                                                              \
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (info)), ==,                        \
                   LOFT_ASYNC_STATUS_##expected)
