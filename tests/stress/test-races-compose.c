/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of composed objects: for each kind, an end races with other ends, with a cancel, or with
 * the drop of a reference. Whichever wins, each object ends once. */

#include "racer.h"

static void
complete (gpointer action)
{
  loft_action_complete (action);
}

static void
cancel (gpointer info)
{
  loft_async_info_cancel (info);
}

static void
wait_ended (gpointer info)
{
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (info), NULL));
}

/* Runs @rounds rounds of @round, the other half of which is @func on another thread. */
static void
race (RaceFunc  func,
      void    (*round) (Racer *racer, int i))
{
  Racer racer = { func };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    round (&racer, i);
  pthread_join (thread, NULL);
}

/* Runs fewer rounds, because each of them also runs the loop. */
static void
race_less (RaceFunc  func,
           void    (*round) (Racer *racer, int i))
{
  int all = rounds;

  rounds = MAX (all / 5, 1);
  race (func, round);
  rounds = all;
}

/* The index that when_any () returns is that of an object that has ended. The other object was
 * asked to stop. */
static void
any_round (Racer *racer,
           int    i)
{
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  LoftAsyncInfo *both[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  g_autoptr (LoftAsyncOperation) any = loft_when_any (both, 2, LOFT_WHEN_CANCEL_LOSERS);
  gint64 index;

  racer_start (racer, i, a);
  loft_action_complete (b);
  wait_ended (any);
  racer_finish (racer, i);
  index = loft_async_operation_get_int64 (any, NULL);
  g_assert_cmpint (loft_async_info_get_status (both[index]), ==, LOFT_ASYNC_STATUS_COMPLETED);
}

static void
test_any (void)
{
  race (complete, any_round);
}

/* when_all () is cancelled while its last object ends. */
static void
all_round (Racer *racer,
           int    i)
{
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  LoftAsyncInfo *both[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  g_autoptr (LoftAsyncAction) all = loft_when_all (both, 2, LOFT_WHEN_PROPAGATE_CANCEL);

  loft_action_complete (a);
  racer_start (racer, i, all);
  loft_action_complete (b);
  wait_ended (all);
  racer_finish (racer, i);
  if (loft_async_info_get_status (LOFT_ASYNC_INFO (b)) == LOFT_ASYNC_STATUS_CANCELED)
    assert_status (all, CANCELED);
}

static void
test_all (void)
{
  race (cancel, all_round);
}

/* The inner object of with_timeout () ends when the time is over. The result is one or the
 * other. */
static void
timeout_round (Racer *racer,
               int    i)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncInfo) outer = loft_with_timeout (LOFT_ASYNC_INFO (inner), i % 50);
  g_autoptr (GError) error = NULL;

  racer_start (racer, i, inner);
  wait_ended (outer);
  racer_finish (racer, i);
  error = loft_async_info_dup_error (outer);
  if (error != NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  else
    assert_status (inner, COMPLETED);
}

static void
test_timeout (void)
{
  race (complete, timeout_round);
}

/* A child of a group ends while the group gets another child, is sealed and is cancelled. */
static void
group_round (Racer *racer,
             int    i)
{
  g_autoptr (LoftTaskGroup) group = loft_task_group_new (LOFT_TASK_GROUP_CANCEL_ON_FAILURE);
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();

  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (a)));
  racer_start (racer, i, a);
  if (!loft_task_group_add (group, LOFT_ASYNC_INFO (b)))
    g_assert_not_reached (); /* it is not sealed */
  loft_task_group_seal (group);
  loft_async_info_cancel (LOFT_ASYNC_INFO (group));
  loft_action_complete (b);
  wait_ended (group);
  racer_finish (racer, i);
  assert_status (b, CANCELED);
}

static void
test_group (void)
{
  race (complete, group_round);
}

/* A group, or an action that has not ended, is dropped by a thread that is not the handler's home.
 * The handler's thread may drop the last reference to the sender before the unref that has dropped
 * the object returns. */
static void
let_go (gpointer info)
{
  g_object_unref (info);
}

static void
run_until_handled (int *handled)
{
  while (test_get (handled) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (test_get (handled), ==, 1);
}

static void
group_let_go_round (Racer *racer,
                    int    i)
{
  LoftTaskGroup *group = loft_task_group_new (LOFT_TASK_GROUP_DEFAULT);
  int handled = 0;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (group), test_on_completed,
                                                &handled, NULL, NULL));
  racer_start (racer, i, group);
  run_until_handled (&handled);
  racer_finish (racer, i);
}

static void
test_group_let_go (void)
{
  race (let_go, group_let_go_round);
}

static void
group_of_one_round (Racer *racer,
                    int    i)
{
  LoftTaskGroup *group = loft_task_group_new (LOFT_TASK_GROUP_DEFAULT);
  LoftAction *child = loft_action_new ();
  int handled = 0;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (group), test_on_completed,
                                                &handled, NULL, NULL));
  g_assert_true (loft_task_group_add (group, LOFT_ASYNC_INFO (child)));
  racer_start (racer, i, child);
  g_object_unref (group);
  run_until_handled (&handled);
  racer_finish (racer, i);
  g_object_unref (child);
}

static void
test_group_of_one (void)
{
  race (complete, group_of_one_round);
}

static void
producer_let_go_round (Racer *racer,
                       int    i)
{
  LoftAction *action = loft_action_new ();
  int handled = 0;

  g_assert_true (loft_async_info_set_completed (LOFT_ASYNC_INFO (action), test_on_completed,
                                                &handled, NULL, NULL));
  racer_start (racer, i, action);
  run_until_handled (&handled);
  racer_finish (racer, i);
}

static void
test_producer_let_go (void)
{
  race (let_go, producer_let_go_round);
}

/* A limiter never runs more works than it allows, even when some are cancelled before their turn.
 * All of them end. */

static int running, most; /* atomic */

static gboolean
run_limited (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  int now = __atomic_add_fetch (&running, 1, __ATOMIC_ACQ_REL);
  int before = test_get (&most);

  while (before < now && !__atomic_compare_exchange_n (&most, &before, now, FALSE, __ATOMIC_ACQ_REL,
                                                       __ATOMIC_ACQUIRE))
    ;
  __atomic_fetch_sub (&running, 1, __ATOMIC_ACQ_REL);
  return TRUE;
}

static LoftLimiter *limiter;

static void
limiter_round (Racer *racer,
               int    i)
{
  LoftAsyncAction *actions[4];

  for (int k = 0; k < 4; k++)
    actions[k] = loft_limiter_run_async (limiter, run_limited, NULL, NULL);
  racer_start (racer, i, actions[2]);
  for (int k = 0; k < 4; k++)
    wait_ended (actions[k]);
  racer_finish (racer, i);
  for (int k = 0; k < 4; k++)
    g_object_unref (actions[k]);
}

static void
test_limiter (void)
{
  limiter = loft_limiter_new (2);
  race (cancel, limiter_round);
  g_assert_cmpint (test_get (&most), <=, 2);
  g_assert_cmpint (test_get (&running), ==, 0);
  g_clear_object (&limiter);
}

/* An older object in the latest slot ends at the moment when a newer one is started. The older end
 * is not delivered after the newer one. */

static int told; /* owner thread only */

static void
tell (LoftAsyncInfo   *info,
      LoftAsyncStatus  status,
      gpointer         number)
{
  g_assert_cmpint (GPOINTER_TO_INT (number), >, told);
  told = GPOINTER_TO_INT (number);
}

static LoftLatestSlot *slot;

static void
slot_round (Racer *racer,
            int    i)
{
  g_autoptr (LoftAction) older = loft_action_new (), newer = loft_action_new ();

  g_assert_true (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (older), tell, GINT_TO_POINTER (2 * i), NULL));
  racer_start (racer, i, older);
  g_main_context_iteration (NULL, FALSE);
  g_assert_true (loft_latest_slot_start (slot, LOFT_ASYNC_INFO (newer), tell,
                                         GINT_TO_POINTER (2 * i + 1), NULL));
  racer_finish (racer, i);
  loft_action_complete (newer);
  test_drain (NULL);
  g_assert_cmpint (told, ==, 2 * i + 1);
}

static void
test_slot (void)
{
  slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  race (complete, slot_round);
  g_clear_object (&slot);
}

/* A timer of the pool is cancelled when its time has come. It makes at most one call, and after
 * that its destroyed handler is called once. */

typedef struct
{
  int called, ended, released; /* atomic */
} TimerRound;

static void
on_elapsed (LoftThreadPoolTimer *timer,
            gpointer             data)
{
  TimerRound *round = data;

  g_assert_cmpint (test_get (&round->ended), ==, 0);
  test_count (&round->called);
}

static void
on_over (LoftThreadPoolTimer *timer,
         gpointer             data)
{
  test_count (&((TimerRound *) data)->ended);
}

static void
on_released (gpointer data)
{
  test_count (&((TimerRound *) data)->released);
}

static void
cancel_timer (gpointer timer)
{
  loft_thread_pool_timer_cancel (timer);
}

static void
timer_round (Racer *racer,
             int    i)
{
  TimerRound round = { 0 };
  LoftThreadPoolTimer *timer = loft_thread_pool_timer_create (i % 100, on_elapsed, &round,
                                                              on_released);

  loft_thread_pool_timer_set_destroyed (timer, on_over, &round, on_released);
  racer_start (racer, i, timer);
  racer_finish (racer, i);
  g_object_unref (timer);
  while (test_get (&round.released) != 2) /* at their home */
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_get (&round.called), <=, 1);
  g_assert_cmpint (test_get (&round.ended), ==, 1);
}

static void
test_timer (void)
{
  race (cancel_timer, timer_round);
}

/* The last trigger of a throttler is followed by a call, whatever its tick was about to do. */

static int written, shown; /* atomic; owner thread only */
static LoftThrottler *throttler;

static void
show (gpointer data)
{
  shown = test_get (&written);
}

static void
write_and_trigger (gpointer number)
{
  __atomic_store_n (&written, GPOINTER_TO_INT (number), __ATOMIC_RELEASE);
  g_assert_true (loft_throttler_trigger (throttler));
}

static void
throttler_round (Racer *racer,
                 int    i)
{
  racer_start (racer, i, GINT_TO_POINTER (i));
  loft_throttler_trigger (throttler);
  while (shown != i)
    g_main_context_iteration (NULL, TRUE); /* a lost trigger would hang here */
  racer_finish (racer, i);
}

static void
test_throttler (void)
{
  throttler = loft_throttler_new (loft_dispatcher_get_default (), 1, show, NULL, NULL);
  race (write_and_trigger, throttler_round);
  g_clear_object (&throttler);
}

/* A debouncer is cancelled and triggered at the same time. Whichever comes first, it is not left
 * waiting for a quiet that never comes. */

static LoftDebouncer *debouncer;
static int called; /* owner thread only */

static void
count_call (gpointer data)
{
  called++;
}

static void
cancel_debouncer (gpointer data)
{
  loft_debouncer_cancel (debouncer);
}

static void
debouncer_round (Racer *racer,
                 int    i)
{
  gint64 quiet;
  int before;

  racer_start (racer, i, NULL);
  for (volatile int spin = i % 200; spin > 0; spin--)
    ; /* to trigger at each moment of the cancel */
  loft_debouncer_trigger_at_once (debouncer);
  racer_finish (racer, i);
  quiet = g_get_monotonic_time () + 2;
  while (g_get_monotonic_time () <= quiet)
    ;
  test_drain (NULL);
  before = called;
  g_assert_true (loft_debouncer_trigger_at_once (debouncer));
  test_drain (NULL);
  g_assert_cmpint (called, ==, before + 1);
  loft_debouncer_cancel (debouncer);
}

static void
test_debouncer (void)
{
  debouncer = loft_debouncer_new (loft_dispatcher_get_default (), 1, count_call, NULL, NULL);
  race (cancel_debouncer, debouncer_round);
  g_clear_object (&debouncer);
}

/* Another thread drops an owner while what is cancelled with the owner runs here. It never runs for
 * an owner that is gone. */

static void
let_owner_go (gpointer owner)
{
  g_object_unref (owner);
}

static void
on_owner_disposed (gpointer  alive,
                   GObject  *former)
{
  __atomic_store_n ((int *) alive, 0, __ATOMIC_RELEASE);
}

static gboolean
needs_owner (LoftAsyncInfo *antecedent,
             gpointer       alive,
             GError       **error)
{
  g_assert_cmpint (test_get (alive), ==, 1);
  return TRUE;
}

static gboolean
work_needs_owner (LoftAsyncAction *action,
                  gpointer         alive,
                  GError         **error)
{
  return needs_owner (NULL, alive, error);
}

static void
handler_needs_owner (LoftAsyncInfo   *info,
                     LoftAsyncStatus  status,
                     gpointer         alive)
{
  needs_owner (NULL, alive, NULL);
}

static void
owner_round (Racer *racer,
             int    i)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  /* The owner's class is one of Loft's, so that ThreadSanitizer sees it being disposed. */
  GObject *owner = G_OBJECT (loft_action_new_completed ());
  int alive = 1;
  g_autoptr (LoftAsyncAction) continuation = NULL, posted = NULL;

  g_object_weak_ref (owner, on_owner_disposed, &alive);
  continuation = loft_async_info_continue_with_for (LOFT_ASYNC_INFO (action), owner, needs_owner,
                                                    &alive, NULL);
  loft_async_info_set_completed_for (LOFT_ASYNC_INFO (action), owner, handler_needs_owner, &alive,
                                     NULL, NULL);
  posted = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner,
                                          work_needs_owner, &alive, NULL);
  loft_action_complete (action);
  racer_start (racer, i, owner);
  test_drain (NULL);
  racer_finish (racer, i);
  test_drain (NULL);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (continuation)));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (posted)));
}

static void
test_owner (void)
{
  race_less (let_owner_go, owner_round);
}

/* The result of when_any () is dropped, listened to and ended at the same time. */

static void
any_let_go_round (Racer *racer,
                  int    i)
{
  g_autoptr (LoftAction) a = loft_action_new (), b = loft_action_new ();
  LoftAsyncInfo *both[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  LoftAsyncInfo *any = LOFT_ASYNC_INFO (loft_when_any (both, 2, LOFT_WHEN_DEFAULT));
  int handled = 0;
  guint64 id;

  racer_start (racer, i, a);
  id = loft_async_info_call_when_ended (any, test_on_completed, &handled, NULL);
  if (i % 2 == 0 && loft_async_info_remove_observer (any, id))
    handled++;
  g_object_unref (any);
  racer_finish (racer, i);
  test_drain (NULL);
  g_assert_cmpint (handled, ==, 1);
}

static void
test_any_let_go (void)
{
  race_less (complete, any_let_go_round);
}

static void
on_event (LoftEventSource *source,
          LoftEventArgs   *args,
          gpointer         owner)
{
}

/* Begins a little later each time, so that some round meets the moment in which the handler is
 * bound to its owner, and not in the list yet. */
static void
dispose (gpointer owner)
{
  static int later;

  later = (later + 1) % 400;
  for (int i = 0; i < later; i++)
    __asm__ volatile ("" ::: "memory");
  g_object_run_dispose (owner);
}

/* An owner is disposed while a handler is added for it. Once the owner is gone, so is the
 * handler. */
static void
event_owner_round (Racer *racer,
                   int    i)
{
  g_autoptr (LoftEventSource) event = loft_event_source_new ();
  GObject *owner = G_OBJECT (loft_action_new_completed ());

  racer_start (racer, i, owner);
  loft_event_source_add_for (event, owner, on_event, NULL, NULL);
  racer_finish (racer, i);
  g_object_unref (owner);
  g_assert_cmpuint (loft_event_source_get_n_handlers (event), ==, 0);
}

static void
test_event_owner (void)
{
#ifdef __SANITIZE_THREAD__
  g_test_skip ("ThreadSanitizer does not see the lock of GLib's data lists");
  return;
#endif
  race (dispose, event_owner_round);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-compose/any", test_any);
  g_test_add_func ("/races-compose/all", test_all);
  g_test_add_func ("/races-compose/owner", test_owner);
  g_test_add_func ("/races-compose/event-owner", test_event_owner);
  g_test_add_func ("/races-compose/any-let-go", test_any_let_go);
  g_test_add_func ("/races-compose/timeout", test_timeout);
  g_test_add_func ("/races-compose/group", test_group);
  g_test_add_func ("/races-compose/group-let-go", test_group_let_go);
  g_test_add_func ("/races-compose/group-of-one", test_group_of_one);
  g_test_add_func ("/races-compose/producer-let-go", test_producer_let_go);
  g_test_add_func ("/races-compose/limiter", test_limiter);
  g_test_add_func ("/races-compose/slot", test_slot);
  g_test_add_func ("/races-compose/timer", test_timer);
  g_test_add_func ("/races-compose/throttler", test_throttler);
  g_test_add_func ("/races-compose/debouncer", test_debouncer);
  return g_test_run ();
}
