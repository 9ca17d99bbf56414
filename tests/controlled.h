/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher on a thread of its own, and its end: what tests of controllers share. */

#pragma once

#include "test-util.h"

typedef struct
{
  LoftDispatcherController *controller;
  LoftDispatcher *dispatcher; /* a reference */
  int starting;
  int completed;
  GThread *completed_on;
} Controlled;

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
  *c = (Controlled) { 0 };
  c->controller = loft_dispatcher_controller_new_on_dedicated_thread ("controlled", NULL);
  g_assert_nonnull (c->controller);
  controlled_watch (c);
}

/* Asks it to end, and waits. */
static inline void
controlled_end (Controlled *c)
{
  g_autoptr (LoftAsyncAction) action = loft_dispatcher_controller_shutdown_async (c->controller);

  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  assert_status (action, COMPLETED);
  g_assert_cmpint (test_get (&c->starting), ==, 1);
  g_assert_cmpint (test_get (&c->completed), ==, 1);
}

/* Its thread has let go of it, and is about to end; @others hold it beside the test and its controller. */
static inline void
controlled_wait_until_gone (Controlled *c,
                            guint       others)
{
  while ((guint) g_atomic_int_get ((gint *) &G_OBJECT (c->dispatcher)->ref_count) > 2 + others)
    g_thread_yield ();
}

static inline void
controlled_free (Controlled *c)
{
  g_signal_handlers_disconnect_by_data (c->dispatcher, c);
  g_clear_object (&c->controller);
  g_clear_object (&c->dispatcher);
}
