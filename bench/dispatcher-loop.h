/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A context that runs, with its dispatcher: the loop of both forms of Loft. */

#pragma once

#include "glib-loop.h"

#include <loft/loft.h>

typedef struct
{
  GlibLoop loop;
  LoftDispatcher *dispatcher;
} DispatcherLoop;

static inline void *
dispatcher_loop_new (void)
{
  DispatcherLoop *loop = g_new0 (DispatcherLoop, 1);

  glib_loop_init (&loop->loop);
  loop->dispatcher = loft_dispatcher_get_for_context (loop->loop.context);
  /* In µs. For runs where the clock goes on while the program hardly does, as under valgrind. */
  if (g_getenv ("BENCH_SLICE") != NULL)
    loft_dispatcher_set_slice (loop->dispatcher,
                               g_ascii_strtoll (g_getenv ("BENCH_SLICE"), NULL, 10));
  return loop;
}

static inline void
dispatcher_loop_free (void *data)
{
  DispatcherLoop *loop = (DispatcherLoop *) data; /* C++ includes this, too */

  glib_loop_clear (&loop->loop);
  g_object_unref (loop->dispatcher);
  g_free (loop);
}

static inline LoftDispatcher *
dispatcher_of (void *loop)
{
  return ((DispatcherLoop *) loop)->dispatcher;
}
