/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The one thread-local struct, and the one predicate for home, STA and access: which context a
 * thread runs. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"

#ifdef __linux__
#include <sys/syscall.h>
#else
#include <pthread.h>
#endif
#include <unistd.h>

static _Thread_local LoftThread this_thread;

/* atomic, each set once */
static gpointer exit_funcs[8];
static gpointer hand_over_funcs[2];

/* atomic, set once. Relaxed reads are enough: a thread that sees the flag does nothing any more,
 * and reads nothing because of it. So nothing depends on the release of the store either. */
static gint over;

void
loft_note_over (void)
{
  loft_store_release (&over, TRUE);
}

void
loft_stop_if_over (void)
{
  if (G_UNLIKELY (loft_load_relaxed (&over)))
    for (;;)
      pause ();
}

static void
on_thread_exit (gpointer data)
{
  LoftThread *state = data;

  if (loft_load_relaxed (&over))
    /* When the runtime of a language has ended, it ends the threads that come back to it. Nothing
     * of Loft's runs on them then. */
    return;
  for (guint i = 0; i < G_N_ELEMENTS (exit_funcs); i++)
    {
      LoftThreadExitFunc func = g_atomic_pointer_get (&exit_funcs[i]);

      if (func != NULL)
        func (state);
    }
}

/* A GPrivate is used only for its destructor. The compiler's thread-local storage is several times
 * faster to read. */
static GPrivate exit_hook = G_PRIVATE_INIT (on_thread_exit);

static void
loft_thread_init (LoftThread *state)
{
  state->known = TRUE;
#ifdef __linux__
  state->is_main = getpid () == (pid_t) syscall (SYS_gettid);
#else
  state->is_main = pthread_main_np () != 0; /* the BSDs and macOS */
#endif
  g_private_set (&exit_hook, state);
}

LoftThread *
loft_thread_get (void)
{
  if (G_UNLIKELY (!this_thread.known))
    loft_thread_init (&this_thread);
  return &this_thread;
}

gboolean
loft_thread_is_running (LoftAsyncInfo *info)
{
  for (LoftRunFrame *frame = loft_thread_get ()->run; frame != NULL; frame = frame->outer)
    if (frame->info == info)
      return TRUE;
  return FALSE;
}

/* Puts @func in the first free place, where it stays. */
static void
add_func (gpointer *funcs,
          guint     n,
          gpointer  func)
{
  for (guint i = 0; i < n; i++)
    {
      if (g_atomic_pointer_get (&funcs[i]) == func ||
          g_atomic_pointer_compare_and_exchange (&funcs[i], NULL, func))
        return;
    }
  g_assert_not_reached ();
}

void
loft_thread_add_exit_func (LoftThreadExitFunc func)
{
  add_func (exit_funcs, G_N_ELEMENTS (exit_funcs), func);
}

void
loft_thread_add_hand_over_func (LoftThreadHandOverFunc func)
{
  add_func (hand_over_funcs, G_N_ELEMENTS (hand_over_funcs), func);
}

void
loft_thread_hand_over (void)
{
  LoftThread *state = loft_thread_get ();

  for (guint i = 0; i < G_N_ELEMENTS (hand_over_funcs); i++)
    {
      LoftThreadHandOverFunc func = g_atomic_pointer_get (&hand_over_funcs[i]);

      if (func != NULL)
        func (state);
    }
}

/* Which context a thread runs. */

/* atomic: the state of the thread that last ran the default context. NULL: no thread has run it
 * yet, so the main thread would run it. NOBODY: the thread that ran it has ended. Relaxed: a thread
 * only compares the value with NULL, with NOBODY and with its own state, which it wrote itself. It
 * reads nothing through the pointer. */
static LoftThread *default_runner;

#define NOBODY ((LoftThread *) (guintptr) 1)

/* atomic: the thread that last ran the default context has entered the MTA, and so does not run the
 * context. Relaxed: the value only decides where an error is reported. */
static gint default_runner_in_mta;

static void
forget_default_runner (LoftThread *state)
{
  LoftThread *expected = state;

  /* A later thread's state may have the same address, and must not be taken for this one. Relaxed:
   * only this thread can have written its own state there. */
  __atomic_compare_exchange_n (&default_runner, &expected, NOBODY, FALSE, __ATOMIC_RELAXED,
                               __ATOMIC_RELAXED);
}

void
loft_thread_note_default_runner (void)
{
  LoftThread *state = loft_thread_get ();

  if (G_LIKELY (loft_load_relaxed (&default_runner) == state))
    return;
  loft_thread_add_exit_func (forget_default_runner);
  loft_store_relaxed (&default_runner, state);
  loft_store_relaxed (&default_runner_in_mta, FALSE);
}

static gboolean
loft_thread_is_last_default_runner (LoftThread *state)
{
  LoftThread *runner = loft_load_relaxed (&default_runner);

  return runner == NULL ? state->is_main : runner == state;
}

void
loft_thread_note_mta (gboolean entered)
{
  if (loft_thread_is_last_default_runner (loft_thread_get ()))
    loft_store_relaxed (&default_runner_in_mta, entered);
}

gboolean
loft_thread_default_context_is_run (void)
{
  return loft_load_relaxed (&default_runner) != NOBODY &&
         !loft_load_relaxed (&default_runner_in_mta);
}

GMainContext *
loft_thread_peek_context (void)
{
  GMainContext *context = g_main_context_get_thread_default ();
  LoftThread *state;

  /* (1) the pushed thread-default context */
  if (context != NULL)
    return context;

  /* (2) the one of this thread's apartment */
  state = loft_thread_get ();
  if (state->apartment_context != NULL)
    return state->apartment_context;

  /* (3) the default context, of the thread that owns it, or that would run it next */
  context = g_main_context_default ();
  if (g_main_context_is_owner (context))
    return context;
  if (state->is_worker || (state->apartment_count > 0 && state->apartment == LOFT_APARTMENT_MTA))
    return NULL;
  if (!loft_thread_is_last_default_runner (state))
    return NULL;
  if (g_main_context_acquire (context)) /* fails if another thread owns it now */
    {
      g_main_context_release (context);
      return context;
    }

  /* (4) the MTA */
  return NULL;
}

gboolean
loft_thread_runs_mta (void)
{
  return loft_thread_peek_context () == NULL && !loft_thread_get ()->is_timers;
}
