/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Races of agile references. Whichever thread drops the last one, and whatever the home does at
 * that moment, the object is freed at its home. */

#include "racer.h"
#include "../controlled.h"
#include "../witness.h"

/* Each of these threads holds one reference, takes another and drops both. */
static void *
hold_and_drop (void *data)
{
  LoftAgileReference *mine = data, *copy = loft_agile_reference_ref (mine);

  loft_agile_reference_unref (mine);
  loft_agile_reference_unref (copy);
  return NULL;
}

/* With 100,000 rounds there are a million threads in all, four at a time. Under a sanitizer there
 * are a tenth of that, because each thread costs ten times as much there. The home drops its own
 * reference at once. */
static void
test_dropped_by_threads (void)
{
#if defined (__SANITIZE_THREAD__) || defined (__SANITIZE_ADDRESS__)
  int objects = rounds / 4;
#else
  int objects = rounds * 10 / 4;
#endif

  begin ();
  for (int i = 0; i < objects; i++)
    {
      g_autoptr (GObject) object = witness_new (g_thread_self ());
      LoftAgileReference *reference = loft_agile_reference_new (object);
      pthread_t threads[4];

      g_clear_object (&object);
      for (int k = 0; k < 4; k++)
        g_assert_cmpint (pthread_create (&threads[k], NULL, hold_and_drop,
                                         loft_agile_reference_ref (reference)),
                         ==, 0);
      loft_agile_reference_unref (reference);
      test_drain (NULL);
      for (int k = 0; k < 4; k++)
        pthread_join (threads[k], NULL);
    }
  run_until_deaths (objects);
}

static void
drop (gpointer reference)
{
  loft_agile_reference_unref (reference);
}

/* The home and another thread drop the last two references at the same moment. */
static void
test_dropped_by_two (void)
{
  Racer racer = { drop };
  pthread_t thread;

  begin ();
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      g_autoptr (GObject) object = witness_new (g_thread_self ());
      LoftAgileReference *reference = loft_agile_reference_new (object);

      g_clear_object (&object);
      racer_start (&racer, i, loft_agile_reference_ref (reference));
      loft_agile_reference_unref (reference);
      racer_finish (&racer, i);
      test_drain (NULL);
    }
  pthread_join (thread, NULL);
  run_until_deaths (rounds);
}

/* If the reference is dropped while the home ends, the object is freed once, there or where that is
 * noticed. */
static void
test_dropped_against_shutdown (void)
{
  Racer racer = { drop };
  pthread_t thread;

  begin ();
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      g_autoptr (LoftDispatcherController) controller = NULL;
      g_autoptr (GObject) object = witness_new (NULL);

      g_main_context_push_thread_default (context);
      controller = loft_dispatcher_controller_new_on_current_thread (NULL);
      racer_start (&racer, i, loft_agile_reference_new (object));
      g_clear_object (&object);
      g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
      racer_finish (&racer, i);
      g_assert_cmpint (test_get (&deaths), ==, i);
      g_main_context_pop_thread_default (context);
    }
  pthread_join (thread, NULL);
}

/* The caller of a call through a reference drops everything at once, while the home runs. */

static gboolean
touch (GObject         *object,
       LoftAsyncAction *action,
       gpointer         user_data,
       GError         **error)
{
  if (((Witness *) object)->ought_to != g_thread_self ())
    test_count (&strays);
  return TRUE;
}

static void
call_and_drop (gpointer reference)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_agile_reference_run_async (reference, LOFT_PRIORITY_NORMAL, touch, NULL, NULL)));
  loft_agile_reference_unref (reference);
}

static void
test_called_and_dropped (void)
{
  Racer racer = { call_and_drop };
  pthread_t thread;

  begin ();
  pthread_create (&thread, NULL, racer_main, &racer);
  for (int i = 1; i <= rounds; i++)
    {
      g_autoptr (GObject) object = witness_new (g_thread_self ());

      racer_start (&racer, i, loft_agile_reference_new (object));
      g_clear_object (&object);
      test_drain (NULL);
      racer_finish (&racer, i);
    }
  pthread_join (thread, NULL);
  run_until_deaths (rounds);
}

int
main (int   argc,
      char *argv[])
{
  racer_init (&argc, &argv);
  g_test_add_func ("/races-apartments/dropped-by-threads", test_dropped_by_threads);
  g_test_add_func ("/races-apartments/dropped-by-two", test_dropped_by_two);
  g_test_add_func ("/races-apartments/dropped-against-shutdown", test_dropped_against_shutdown);
  g_test_add_func ("/races-apartments/called-and-dropped", test_called_and_dropped);
  return g_test_run ();
}
