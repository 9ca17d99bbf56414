/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of controllers share: a dispatcher on a thread of its own, and its end. */

#pragma once

#include "test-util.h"

typedef struct
{
  LoftDispatcherController *controller;
  LoftDispatcher *dispatcher; /* a reference */
  int starting;
  int completed;
  GThread *completed_on;
  gboolean own_thread;
  TestEvent gone; /* the thread has ended */
} Controlled;

static inline void
on_controlled_gone (gpointer controlled)
{
  test_event_set (&((Controlled *) controlled)->gone);
}

static GPrivate controlled_key = G_PRIVATE_INIT (on_controlled_gone);

static inline gboolean
mark_controlled (LoftAsyncAction *action,
                 gpointer         controlled,
                 GError         **error)
{
  g_private_set (&controlled_key, controlled);
  return TRUE;
}

static inline void
on_controlled_starting (LoftDispatcher *dispatcher,
                        gpointer        user_data)
{
  Controlled *c = user_data;

  g_assert_true (loft_dispatcher_has_thread_access (dispatcher));
  g_assert_false (loft_dispatcher_is_shut_down (dispatcher));
  test_count (&c->starting);
}

static inline void
on_controlled_completed (LoftDispatcher *dispatcher,
                         gpointer        user_data)
{
  Controlled *c = user_data;

  g_assert_true (loft_dispatcher_has_thread_access (dispatcher));
  g_assert_true (loft_dispatcher_is_shut_down (dispatcher));
  c->completed_on = g_thread_self ();
  test_count (&c->completed);
}

static inline void
controlled_watch (Controlled *c)
{
  c->dispatcher = g_object_ref (loft_dispatcher_controller_get_dispatcher (c->controller));
  g_signal_connect (c->dispatcher, "shutdown-starting", G_CALLBACK (on_controlled_starting), c);
  g_signal_connect (c->dispatcher, "shutdown-completed", G_CALLBACK (on_controlled_completed), c);
}

static inline void
controlled_start (Controlled *c)
{
  g_autoptr (LoftAsyncAction) marked = NULL;

  *c = (Controlled) { .own_thread = TRUE, .gone = TEST_EVENT_INIT };
  c->controller = loft_dispatcher_controller_new_on_dedicated_thread ("controlled", NULL);
  g_assert_nonnull (c->controller);
  controlled_watch (c);
  marked = loft_dispatcher_run_async (c->dispatcher, 0, mark_controlled, c, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (marked), NULL));
}

/* Shuts the controller down, and waits until that is done. */
static inline void
controlled_end (Controlled *c)
{
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_controller_shutdown_async (c->controller);

  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  assert_status (action, COMPLETED);
  g_assert_cmpint (test_get (&c->starting), ==, 1);
  g_assert_cmpint (test_get (&c->completed), ==, 1);
}

/* To be called after the shutdown. When this returns, nothing runs on the thread any more. */
static inline void
controlled_wait_until_gone (Controlled *c)
{
  test_event_wait (&c->gone);
}

static inline void
controlled_free (Controlled *c)
{
  if (c->own_thread)
    controlled_wait_until_gone (c); /* until then the thread uses the test's memory */
  g_signal_handlers_disconnect_by_data (c->dispatcher, c);
  g_clear_object (&c->controller);
  g_clear_object (&c->dispatcher);
}
