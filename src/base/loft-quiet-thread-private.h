/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A quiet thread: a thread of Loft's own that takes none of the program's signals.
 *
 * It starts with all signals blocked except the synchronous faults. So a program that blocks a
 * signal in its threads, to wait for it with sigwait (), still gets that signal, even if Loft had
 * started a thread before. While the thread runs the program's own work it has the signal mask of
 * the thread that started it, because a process that is spawned by that work inherits the mask. */

#pragma once

#include <glib.h>

/* Any thread may call. @error is set as by g_thread_try_new (). When a quiet thread starts another
 * one, it passes on its mask for work. */
GThread *loft_quiet_thread_try_new    (const char   *name,
                                       GThreadFunc   func,
                                       gpointer      data,
                                       GError      **error);

/* Called on a quiet thread, before and after it runs the program's work. */
void     loft_quiet_thread_begin_work (void);
void     loft_quiet_thread_end_work   (void);
