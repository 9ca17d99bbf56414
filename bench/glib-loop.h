/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A GMainContext that runs: the loop of every contender that uses GLib. The first loop, which is
 * the main thread's, has the default context, as in a GTK program. */

#pragma once

#include "bench.h"

#include <glib.h>

typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
} GlibLoop;

static inline void
glib_loop_init (GlibLoop *loop)
{
  static gboolean has_main;

  loop->context = has_main ? g_main_context_new () : g_main_context_ref (g_main_context_default ());
  has_main = TRUE;
  loop->loop = g_main_loop_new (loop->context, FALSE);
  g_main_context_push_thread_default (loop->context);
}

static inline void
glib_loop_clear (GlibLoop *loop)
{
  while (g_main_context_iteration (loop->context, FALSE))
    ;
  g_main_context_pop_thread_default (loop->context);
  g_main_loop_unref (loop->loop);
  g_main_context_unref (loop->context);
}

static inline void *
glib_loop_new (void)
{
  GlibLoop *loop = g_new0 (GlibLoop, 1);

  glib_loop_init (loop);
  return loop;
}

static inline void
glib_loop_run (void *loop)
{
  g_main_loop_run (((GlibLoop *) loop)->loop);
}

static inline void
glib_loop_quit (void *loop)
{
  g_main_loop_quit (((GlibLoop *) loop)->loop);
}

static inline void
glib_loop_free (void *loop)
{
  glib_loop_clear ((GlibLoop *) loop);
  g_free (loop);
}
