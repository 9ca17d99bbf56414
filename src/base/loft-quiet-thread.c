/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft's own threads and the program's signals. A quiet thread has one mask for waiting and one for
 * work. */

#include "config.h"

#include "base/loft-quiet-thread-private.h"

#include <pthread.h>
#include <signal.h>

typedef struct
{
  GThreadFunc func;
  gpointer data;
  sigset_t work_mask;
} LoftQuietStart;

/* owner thread only */
static _Thread_local gboolean is_quiet;
static _Thread_local sigset_t work_mask;

/* A fault is raised by the thread's own instruction. If it were blocked, the process would end
 * without its handler being called. */
static void
fill_waiting_mask (sigset_t *mask)
{
  static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS };

  sigfillset (mask);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    sigdelset (mask, faults[i]);
}

static gpointer
loft_quiet_thread_main (gpointer data)
{
  LoftQuietStart start = *(LoftQuietStart *) data;

  g_free (data);
  is_quiet = TRUE;
  work_mask = start.work_mask;
  return start.func (start.data);
}

GThread *
loft_quiet_thread_try_new (const char   *name,
                           GThreadFunc   func,
                           gpointer      data,
                           GError      **error)
{
  LoftQuietStart *start = g_new0 (LoftQuietStart, 1);
  sigset_t waiting_mask, before;
  GThread *thread;

  fill_waiting_mask (&waiting_mask);
  /* A thread inherits its mask, so the new thread has this mask from its first instruction on. */
  pthread_sigmask (SIG_SETMASK, &waiting_mask, &before);
  *start = (LoftQuietStart) { func, data, is_quiet ? work_mask : before };
  thread = g_thread_try_new (name, loft_quiet_thread_main, start, error);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  if (thread == NULL)
    g_free (start);
  return thread;
}

void
loft_quiet_thread_begin_work (void)
{
  pthread_sigmask (SIG_SETMASK, &work_mask, NULL);
}

void
loft_quiet_thread_end_work (void)
{
  sigset_t waiting_mask;

  fill_waiting_mask (&waiting_mask);
  pthread_sigmask (SIG_SETMASK, &waiting_mask, NULL);
}
