/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races with a dispatcher that runs its items: a post, a cancel, a move, the end of an owner, and
 * the end of the dispatcher itself. */

#include "racer.h"

static void
cancel (gpointer action)
{
  loft_async_info_cancel (action);
}

/* A post races with the dispatch. No item is lost and no wake-up is missed, even when the loop goes
 * to sleep. */

typedef struct
{
  LoftDispatcher *dispatcher;
  int ran;
} Posts;

static void
post (gpointer data)
{
  Posts *posts = data;

  g_assert_true (loft_dispatcher_try_enqueue (posts->dispatcher, LOFT_PRIORITY_NORMAL, test_count,
                                              &posts->ran, NULL));
}

static void
test_post_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Posts posts = { loft_dispatcher_get_for_context (context), 0 };
  Racer racer = { post };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      racer_start (&racer, i, &posts);
      while (test_get (&posts.ran) != i)
        g_main_context_iteration (context, TRUE); /* sleeps; a lost wake-up would hang here */
      racer_finish (&racer, i);
    }
  pthread_join (thread, NULL);
  g_object_unref (posts.dispatcher);
}

/* A poster drops its dispatcher at once. The item holds the dispatcher, runs, and frees it. */

static void
post_and_let_go (gpointer data)
{
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (((gpointer *) data)[0]);

  g_assert_true (loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL, test_count,
                                              ((gpointer *) data)[1], NULL));
}

static void
test_dispatcher_comes_and_goes (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Racer racer = { post_and_let_go };
  pthread_t thread;
  int ran = 0;
  gpointer data[2] = { context, &ran };

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds / 10; i++)
    {
      racer_start (&racer, i, data);
      while (test_get (&ran) != i)
        g_main_context_iteration (context, FALSE);
      racer_finish (&racer, i);
    }
  for (int i = rounds / 10 + 1; i <= rounds; i++)
    {
      racer_start (&racer, i, data);
      racer_finish (&racer, i);
    }
  while (test_get (&ran) != rounds)
    g_main_context_iteration (context, FALSE);
  pthread_join (thread, NULL);
}

/* A cancel races with the dispatch. The item has run and completed, or it has never run. Its data
 * is released once, on this thread. */

static void
test_cancel_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  Racer racer = { cancel };
  pthread_t thread;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_async (dispatcher, 0, test_succeed, &count,
                                                           test_count);

      racer_start (&racer, i, action);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      /* The data is released once, and the item runs at most once. An item that was cancelled while
       * it ran is Canceled. */
      g_assert_true (count == 1 || count == 2);
      if (count == 1)
        assert_status (action, CANCELED);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
}

/* The end of an owner races with the dispatch. */

/* When the owner is finalized, it sees what the threads wrote that dropped it before. GLib orders
 * that where ThreadSanitizer can't see it, if one of them had it from a weak reference at that very
 * moment. So there is an acquire in owner_finalize (). */

typedef GObject      Owner;
typedef GObjectClass OwnerClass;

GType owner_get_type (void);
G_DEFINE_TYPE (Owner, owner, G_TYPE_OBJECT)

static void
owner_finalize (GObject *object)
{
  __atomic_load_n (&object->ref_count, __ATOMIC_ACQUIRE);
  G_OBJECT_CLASS (owner_parent_class)->finalize (object);
}

static void
owner_class_init (OwnerClass *klass)
{
  klass->finalize = owner_finalize;
}

static void
owner_init (Owner *self)
{
}

static void
test_owner_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  Racer racer = { (RaceFunc) g_object_unref };
  pthread_t thread;
  int gone = 0;

  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      GObject *owner = g_object_new (owner_get_type (), NULL);
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_for_async (dispatcher, 0, owner, test_succeed,
                                                               &count, test_count);

      racer_start (&racer, i, owner);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      if (count == 1)
        {
          g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                           LOFT_CANCEL_REASON_OWNER_GONE);
          gone++;
        }
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_test_message ("%d of %d owners were gone", gone, rounds);
}

/* A move to another lane races with the dispatch and with an abort. The item runs at most once, and
 * ends. */

static LoftDispatcher *move_dispatcher;

static void
move (gpointer action)
{
  loft_dispatcher_set_item_priority (move_dispatcher, action, LOFT_PRIORITY_HIGH);
  loft_dispatcher_set_item_priority (move_dispatcher, action, LOFT_PRIORITY_LOW);
  loft_dispatcher_abort (move_dispatcher, action);
}

static void
test_move_against_dispatch (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Racer racer = { move };
  pthread_t thread;

  move_dispatcher = loft_dispatcher_get_for_context (context);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      int count = 0;
      LoftAsyncAction *action = loft_dispatcher_run_async (move_dispatcher, 0, test_succeed, &count,
                                                           test_count);

      racer_start (&racer, i, action);
      while (g_main_context_iteration (context, FALSE) || count == 0)
        ;
      racer_finish (&racer, i);
      test_drain (context);
      g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
      g_assert_true (count == 1 || count == 2);
      g_object_unref (action);
    }
  pthread_join (thread, NULL);
  g_clear_object (&move_dispatcher);
}

/* A timer is started again when its time has just come. If there is a tick, it is that of the old
 * interval. The new interval is an hour, and the timer goes on. */

static void
start_for_an_hour (gpointer timer)
{
  loft_dispatcher_timer_set_interval (timer, G_TIME_SPAN_HOUR);
  loft_dispatcher_timer_start (timer);
}

static void
test_start_against_tick (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (context);
  g_autoptr (LoftDispatcherTimer) timer = loft_dispatcher_create_timer (dispatcher);
  Racer racer = { start_for_an_hour };
  pthread_t thread;

  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      loft_dispatcher_timer_set_interval (timer, 0);
      loft_dispatcher_timer_start (timer);
      racer_start (&racer, i, timer);
      test_drain (context);
      racer_finish (&racer, i);
      test_drain (context);
      g_assert_true (loft_dispatcher_timer_get_is_running (timer));
      loft_dispatcher_timer_stop (timer);
    }
  pthread_join (thread, NULL);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-dispatch/post-against-dispatch", test_post_against_dispatch);
  g_test_add_func ("/races-dispatch/dispatcher-comes-and-goes", test_dispatcher_comes_and_goes);
  g_test_add_func ("/races-dispatch/cancel-against-dispatch", test_cancel_against_dispatch);
  g_test_add_func ("/races-dispatch/owner-against-dispatch", test_owner_against_dispatch);
  g_test_add_func ("/races-dispatch/move-against-dispatch", test_move_against_dispatch);
  g_test_add_func ("/races-dispatch/start-against-tick", test_start_against_tick);
  return g_test_run ();
}
