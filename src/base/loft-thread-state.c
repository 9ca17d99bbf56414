/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The one thread-local struct. */

#include "config.h"

#include "base/loft-thread-state-private.h"

#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local LoftThreadState thread_state;

/* atomic, each set once */
static gpointer exit_funcs[8];
static gpointer hand_over_funcs[2];

/* atomic, set once */
static gint over;

void
loft_note_over (void)
{
  __atomic_store_n (&over, TRUE, __ATOMIC_RELEASE);
}

void
loft_stop_if_over (void)
{
  if (G_UNLIKELY (__atomic_load_n (&over, __ATOMIC_RELAXED)))
    for (;;)
      pause ();
}

static void
on_thread_exit (gpointer data)
{
  LoftThreadState *state = data;

  if (__atomic_load_n (&over, __ATOMIC_RELAXED))
    return; /* a language's runtime that has ended ends the threads that come back to it */
  for (guint i = 0; i < G_N_ELEMENTS (exit_funcs); i++)
    {
      LoftThreadExitFunc func = g_atomic_pointer_get (&exit_funcs[i]);

      if (func != NULL)
        func (state);
    }
}

/* A GPrivate only for its destructor: the compiler's thread-local storage is several times faster to read. */
static GPrivate exit_hook = G_PRIVATE_INIT (on_thread_exit);

static void
loft_thread_state_init (LoftThreadState *state)
{
  state->known = TRUE;
  state->is_main = getpid () == (pid_t) syscall (SYS_gettid);
  g_private_set (&exit_hook, state);
}

LoftThreadState *
loft_thread_state_get (void)
{
  if (G_UNLIKELY (!thread_state.known))
    loft_thread_state_init (&thread_state);
  return &thread_state;
}

gboolean
loft_thread_state_is_running (LoftAsyncInfo *info)
{
  for (LoftRunFrame *frame = loft_thread_state_get ()->run; frame != NULL; frame = frame->outer)
    if (frame->info == info)
      return TRUE;
  return FALSE;
}

/* At the first free place; once there, it stays. */
static void
add_func (gpointer *funcs,
          guint     n,
          gpointer  func)
{
  for (guint i = 0; i < n; i++)
    {
      if (g_atomic_pointer_get (&funcs[i]) == func || g_atomic_pointer_compare_and_exchange (&funcs[i], NULL, func))
        return;
    }
  g_assert_not_reached ();
}

void
loft_thread_state_add_exit_func (LoftThreadExitFunc func)
{
  add_func (exit_funcs, G_N_ELEMENTS (exit_funcs), func);
}

void
loft_thread_state_add_hand_over_func (LoftThreadHandOverFunc func)
{
  add_func (hand_over_funcs, G_N_ELEMENTS (hand_over_funcs), func);
}

void
loft_thread_state_hand_over (void)
{
  LoftThreadState *state = loft_thread_state_get ();

  for (guint i = 0; i < G_N_ELEMENTS (hand_over_funcs); i++)
    {
      LoftThreadHandOverFunc func = g_atomic_pointer_get (&hand_over_funcs[i]);

      if (func != NULL)
        func (state);
    }
}
