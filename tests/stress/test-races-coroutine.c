/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of coroutines: what is awaited ends while the await begins, while the coroutine is
 * cancelled, or while its owner goes. Whichever wins, the coroutine ends once, and its frame is
 * freed once. */

#include "racer.h"

typedef struct
{
  LoftAsyncInfo *what;
  int i;
} Frame;

static int freed; /* atomic */

static void
frame_free (gpointer frame)
{
  test_count (&freed);
  g_free (frame);
}

static LoftCoroutineStep
await_it (LoftCoroutine *co,
          gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, g_object_ref (self->what));
  LOFT_COROUTINE_END (co);
}

static LoftCoroutineStep
await_and_move (LoftCoroutine *co,
                gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  for (self->i = 0; self->i < 3; self->i++)
    {
      LOFT_AWAIT (co, loft_resume_background ());
      LOFT_AWAIT (co, g_object_ref (self->what));
    }
  LOFT_COROUTINE_END (co);
}

static LoftAsyncAction *
start (LoftCoroutineFunc func,
       LoftAction       *what,
       GObject          *owner)
{
  g_autoptr (LoftWorkSettings) settings = loft_work_settings_new ();
  Frame *frame = g_new0 (Frame, 1);

  frame->what = LOFT_ASYNC_INFO (what);
  freed = 0;
  loft_work_settings_set_owner (settings, owner);
  return loft_coroutine_start_full (settings, func, frame, frame_free);
}

static void
race (RaceFunc  func,
      void    (*round) (Racer *racer, int i))
{
  Racer racer = { func };
  pthread_t thread;

  rounds = MAX (rounds / 5, 1); /* each of them also runs the loop */
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    round (&racer, i);
  pthread_join (thread, NULL);
  rounds *= 5;
}

static void
complete (gpointer action)
{
  loft_action_complete (action);
}

static void
assert_ended_once (LoftAsyncAction *action)
{
  test_run_until_ended (NULL, action);
  g_assert_cmpint (__atomic_load_n (&freed, __ATOMIC_ACQUIRE), ==, 1);
}

/* It ends on another thread while the await begins. */
static void
begin_round (Racer *racer,
             int    i)
{
  g_autoptr (LoftAction) what = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = NULL;

  racer_start (racer, i, what);
  action = start (await_it, what, NULL);
  racer_finish (racer, i);
  assert_ended_once (action);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_ASYNC_STATUS_COMPLETED);
}

static void
test_begin (void)
{
  race (complete, begin_round);
}

/* It is cancelled while it goes from thread to thread. */
static void
cancel_round (Racer *racer,
              int    i)
{
  g_autoptr (LoftAction) what = loft_action_new ();
  g_autoptr (LoftAsyncAction) action = start (await_and_move, what, NULL);

  racer_start (racer, i, what);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  racer_finish (racer, i);
  assert_ended_once (action);
}

static void
test_cancel (void)
{
  race (complete, cancel_round);
}

/* Its owner goes while what it awaits ends. */
static void
owner_round (Racer *racer,
             int    i)
{
  g_autoptr (LoftAction) what = loft_action_new ();
  GObject *owner = G_OBJECT (loft_action_new_completed ());
  g_autoptr (LoftAsyncAction) action = start (await_it, what, owner);

  racer_start (racer, i, what);
  g_object_unref (owner);
  racer_finish (racer, i);
  assert_ended_once (action);
}

static void
test_owner (void)
{
  race (complete, owner_round);
}

/* Its owner goes on another thread while it begins to await what never ends by itself. */
static void
let_go (gpointer owner)
{
  g_object_unref (owner);
}

static void
owner_begin_round (Racer *racer,
                   int    i)
{
  g_autoptr (LoftAction) what = loft_action_new ();
  GObject *owner = G_OBJECT (loft_action_new_completed ());
  g_autoptr (LoftAsyncAction) action = start (await_and_move, what, owner);

  racer_start (racer, i, owner);
  racer_finish (racer, i);
  assert_ended_once (action);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_ASYNC_STATUS_CANCELED);
}

static void
test_owner_begin (void)
{
  race (let_go, owner_begin_round);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-coroutine/begin", test_begin);
  g_test_add_func ("/races-coroutine/cancel", test_cancel);
  g_test_add_func ("/races-coroutine/owner", test_owner);
  g_test_add_func ("/races-coroutine/owner-begin", test_owner_begin);
  return g_test_run ();
}
