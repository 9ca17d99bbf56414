/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A thread of Loft's own, which takes none of the program's signals.
 *
 * It starts with all signals blocked but the synchronous faults. A program that blocks a signal in
 * its threads, to wait for it with sigwait (), thereby still gets it, also when Loft had started a
 * thread before. Around the program's own work the thread has the mask of the thread that started
 * it, since a process that is spawned there inherits it. */

#pragma once

#include <glib.h>

/* Any thread; @error as of g_thread_try_new (). When a quiet thread starts another, the mask for
 * work is handed on. */
GThread *loft_quiet_thread_try_new    (const char   *name,
                                       GThreadFunc   func,
                                       gpointer      data,
                                       GError      **error);

/* On such a thread, around work. */
void     loft_quiet_thread_begin_work (void);
void     loft_quiet_thread_end_work   (void);
