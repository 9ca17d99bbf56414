/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of homes share: a thread with a context of its own, and so with a home of its
 * own. */

#pragma once

#include "test-util.h"

typedef struct
{
  GMainContext *context;
  LoftDispatcher *dispatcher;
  GThread *self;
  TestEvent ready;
  int quit;
  pthread_t thread;
} Home;

static inline void *
home_main (void *data)
{
  Home *home = data;

  g_main_context_push_thread_default (home->context);
  home->dispatcher = loft_dispatcher_get_for_context (home->context);
  home->self = g_thread_self ();
  test_event_set (&home->ready);
  test_run_until (home->context, &home->quit);
  test_drain (home->context);
  g_main_context_pop_thread_default (home->context);
  return NULL;
}

static inline Home *
home_new (void)
{
  Home *home = g_new0 (Home, 1);

  home->context = g_main_context_new ();
  home->ready = (TestEvent) TEST_EVENT_INIT;
  pthread_create (&home->thread, NULL, home_main, home);
  test_event_wait (&home->ready);
  return home;
}

static inline void
home_free (Home *home)
{
  g_assert_true (loft_dispatcher_try_enqueue (home->dispatcher, LOFT_PRIORITY_IDLE, test_count,
                                              &home->quit, NULL));
  pthread_join (home->thread, NULL);
  g_object_unref (home->dispatcher);
  g_main_context_unref (home->context);
  g_free (home);
}
