/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftFdWait: waits for a file descriptor without blocking the thread that waits.
 *
 * The context of that thread gets a source for the descriptor. A thread of the MTA runs no context.
 * The waits of all such threads share one thread of Loft's own, which polls for all of them. */

#include "config.h"

#include <glib-unix.h>

#include "base/loft-fork-private.h"
#include "base/loft-lock-private.h"
#include "base/loft-thread-private.h"
#include "async/loft-async-base-private.h"
#include "coroutine/loft-fd-wait-private.h"

typedef struct
{
  GSource source;
  gpointer tag; /* constant after init */
} LoftFdSource;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftFdSource, source) == 0);

static gboolean
loft_fd_source_dispatch (GSource     *source,
                         GSourceFunc  callback,
                         gpointer     operation)
{
  LoftFdSource *self = (LoftFdSource *) source;
  gboolean ready = g_source_query_unix_fd (source, self->tag) != 0;

  LOFT_TSAN_RELEASE (source);
  loft_operation_complete_boolean (operation, ready);
  return G_SOURCE_REMOVE;
}

/* A source is freed after its dispatch, which the lock of its context says. ThreadSanitizer does
 * not see that lock. */
static void
loft_fd_source_unref (gpointer source)
{
  LOFT_TSAN_ACQUIRE (source);
  g_source_unref (source);
}

static GSourceFuncs loft_fd_source_funcs = {
  .dispatch = loft_fd_source_dispatch,
};

static gpointer
poll_for_all (gpointer context)
{
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* The context that polls for the threads of the MTA. A forked child has its own, since it has not
 * the thread that polls. */
static GMainContext *
loft_fd_context (void)
{
  static GMainContext *current; /* atomic, set once in a process; NULL: none yet */

  if (g_once_init_enter (&current))
    {
      GMainContext *made = g_main_context_new ();

      g_thread_unref (g_thread_new ("loft-fd", poll_for_all, made));
      loft_fork_forget ((gpointer *) &current);
      g_once_init_leave (&current, made);
    }
  return current;
}

static void
on_canceled (LoftAsyncBase *operation,
             gpointer       source)
{
  g_source_destroy (source);
  loft_async_base_end_canceled (operation, LOFT_CANCEL_REASON_REQUESTED);
}

LoftAsyncOperation *
loft_fd_wait_async (int          fd,
                    GIOCondition condition,
                    GTimeSpan    timeout)
{
  LoftOperation *operation = loft_operation_new (G_TYPE_BOOLEAN);
  GMainContext *context = loft_thread_peek_context ();
  GSource *source = g_source_new (&loft_fd_source_funcs, sizeof (LoftFdSource));

  ((LoftFdSource *) source)->tag = g_source_add_unix_fd (source, fd, condition);
  if (timeout >= 0)
    g_source_set_ready_time (source, g_get_monotonic_time () + timeout);
  g_source_set_static_name (source, "Loft wait for a file descriptor");
  /* The source holds the operation until the source is destroyed, by its dispatch or by a
   * cancel. */
  g_source_set_callback (source, NULL, g_object_ref (operation), g_object_unref);
  loft_async_base_set_cancel_handler (LOFT_ASYNC_BASE (operation), on_canceled,
                                      g_source_ref (source), loft_fd_source_unref);
  g_source_attach (source, context != NULL ? context : loft_fd_context ());
  loft_fd_source_unref (source);
  return LOFT_ASYNC_OPERATION (operation);
}
