/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftApartmentContext: a place to come back to. It can be captured, copied, moved and gone to, and
 * the place may be gone. */

#include "controlled.h"

#include "base/loft-clock-private.h"
#include "pool/loft-pool-private.h"

static void
test_values (void)
{
  g_autoptr (LoftApartmentContext) captured = loft_apartment_context_capture ();
  g_autoptr (LoftApartmentContext) empty = loft_apartment_context_new_empty ();
  g_autoptr (LoftApartmentContext) copy = loft_apartment_context_copy (captured);
  g_autoptr (LoftApartmentContext) moved = NULL, moved_empty = NULL;
  g_autoptr (LoftDispatcher) dispatcher = NULL;

  g_assert_false (loft_apartment_context_is_empty (captured));
  g_assert_true (loft_apartment_context_is_empty (empty));
  g_assert_false (loft_apartment_context_is_empty (copy));
  moved = loft_apartment_context_move (captured);
  g_assert_true (loft_apartment_context_is_empty (captured));
  g_assert_false (loft_apartment_context_is_here (captured));
  g_assert_true (loft_apartment_context_is_here (moved));
  g_assert_true (loft_apartment_context_is_here (copy));
  moved_empty = loft_apartment_context_move (empty);
  g_assert_true (loft_apartment_context_is_empty (moved_empty));
  dispatcher = loft_apartment_context_dup_dispatcher (moved);
  g_assert_true (dispatcher == loft_dispatcher_get_default ());
  loft_apartment_context_free (NULL);
}

typedef struct
{
  GThread *ran_on;
  GThread *released_on;
  TestEvent done;
} Where;

static gboolean
note_where (LoftAsyncAction *action,
            gpointer         user_data,
            GError         **error)
{
  ((Where *) user_data)->ran_on = g_thread_self ();
  return TRUE;
}

static void
note_released (gpointer user_data)
{
  ((Where *) user_data)->released_on = g_thread_self ();
}

/* If this thread is there already, the handler runs at once, without a hop. */
static void
test_no_hop (void)
{
  g_autoptr (LoftApartmentContext) here = loft_apartment_context_capture ();
  Where where = { NULL };
  g_autoptr (LoftAsyncAction)
    action = loft_apartment_context_run_async (here, note_where, &where, note_released);

  g_assert_true (where.ran_on == g_thread_self () && where.released_on == g_thread_self ());
  assert_status (action, COMPLETED);
}

typedef struct
{
  LoftApartmentContext *place;
  Where where;
  LoftAsyncAction *action;
} Trip;

static void *
go_there (void *data)
{
  Trip *trip = data;

  trip->action = loft_apartment_context_run_async (trip->place, note_where, &trip->where,
                                                   note_released);
  return NULL;
}

/* A call from a thread of the MTA to an STA is queued there. */
static void
test_to_sta (void)
{
  Trip trip = { loft_apartment_context_capture () };

  test_on_thread (go_there, &trip);
  g_assert_null (trip.where.ran_on);
  test_run_until_ended (NULL, trip.action);
  g_assert_true (trip.where.ran_on == g_thread_self () &&
                 trip.where.released_on == g_thread_self ());
  g_object_unref (trip.action);
  loft_apartment_context_free (trip.place);
}

static void *
capture (void *out_place)
{
  Trip trip = { NULL };

  *(LoftApartmentContext **) out_place = trip.place = loft_apartment_context_capture ();
  go_there (&trip); /* at once: this thread is in the MTA */
  g_assert_true (trip.where.ran_on == g_thread_self ());
  g_object_unref (trip.action);
  return NULL;
}

/* A call to the MTA may run on any of its threads. From an STA it runs on the pool. */
static void
test_to_mta (void)
{
  Trip trip = { NULL };

  test_on_thread (capture, &trip.place);
  g_assert_false (loft_apartment_context_is_here (trip.place));
  g_assert_null (loft_apartment_context_dup_dispatcher (trip.place));
  go_there (&trip);
  test_run_until_ended (NULL, trip.action);
  g_assert_true (trip.where.ran_on != g_thread_self ());
  while (trip.where.released_on == NULL) /* pool work's data is released at its poster's home */
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (trip.where.released_on == g_thread_self ());
  g_object_unref (trip.action);
  loft_apartment_context_free (trip.place);
}

static gboolean
capture_there (LoftAsyncAction *action,
               gpointer         out_place,
               GError         **error)
{
  *(LoftApartmentContext **) out_place = loft_apartment_context_capture ();
  return TRUE;
}

static void
on_disconnected (LoftAsyncInfo   *info,
                 LoftAsyncStatus  status,
                 gpointer         where)
{
  g_autoptr (GError) error = loft_async_info_dup_error (info);

  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "controlled"));
  g_assert_true (test_is_on_pool ());
  test_event_set (&((Where *) where)->done);
}

/* If the place is gone, the action fails on the pool, whichever thread made the call. */
static void
test_gone (void)
{
  Trip trip = { NULL };
  TestEvent gate = TEST_EVENT_INIT;
  g_autoptr (LoftAsyncAction) captured = NULL, held = NULL;
  Where where = { .done = TEST_EVENT_INIT };
  Controlled c;

  loft_pool_set_limit (1);
  loft_clock_set (g_get_monotonic_time ()); /* one worker stays one, however long this takes */
  /* The only worker is held, so nothing ends on the pool before its handler is set. */
  held = loft_thread_pool_run_async (test_hold, &gate, NULL);
  controlled_start (&c);
  captured = loft_dispatcher_run_async (c.dispatcher, 0, capture_there, &trip.place, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (captured), NULL));
  controlled_end (&c);
  go_there (&trip);
  g_assert_null (trip.where.ran_on);
  g_assert_true (trip.where.released_on == g_thread_self ());
  assert_status (trip.action, STARTED);
  loft_async_info_set_completed_agile (LOFT_ASYNC_INFO (trip.action), on_disconnected, &where, NULL,
                                       NULL);
  test_event_set (&gate);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (held), NULL));
  test_event_wait (&where.done);
  loft_clock_set (-1);
  g_assert_cmpuint (loft_dispatcher_get_undelivered (c.dispatcher), >=, 1);
  g_object_unref (trip.action);
  loft_apartment_context_free (trip.place);
  controlled_free (&c);
}

static void
test_empty (void)
{
  g_autoptr (LoftApartmentContext) empty = loft_apartment_context_new_empty ();
  int released = 0;

  g_test_expect_message ("Loft", G_LOG_LEVEL_CRITICAL, "*!self->empty*");
  g_assert_null (loft_apartment_context_run_async (empty, test_succeed, &released, test_count));
  g_test_assert_expected_messages ();
  g_assert_cmpint (released, ==, 1);
}

/* The place may be the call's own data and be freed with the call, even if it is the last to hold
 * its dispatcher. */

static void *
capture_and_end (void *out_place)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_current_thread (NULL);

  *(LoftApartmentContext **) out_place = loft_apartment_context_capture ();
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  return NULL;
}

static void *
fail_there (void *unused)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;
  LoftApartmentContext *place;

  g_main_context_push_thread_default (context);
  place = loft_apartment_context_capture ();
  action = loft_apartment_context_run_async (place, test_fail, place,
                                             (GDestroyNotify) loft_apartment_context_free);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_frees_the_place (void)
{
  LoftApartmentContext *place = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;

  test_on_thread (capture_and_end, &place);
  action = loft_apartment_context_run_async (place, test_succeed, place,
                                             (GDestroyNotify) loft_apartment_context_free);
  test_run_until_ended (NULL, action);
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  test_on_thread (fail_there, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apartment-context/values", test_values);
  g_test_add_func ("/apartment-context/no-hop", test_no_hop);
  g_test_add_func ("/apartment-context/to-sta", test_to_sta);
  g_test_add_func ("/apartment-context/to-mta", test_to_mta);
  g_test_add_func ("/apartment-context/gone", test_gone);
  g_test_add_func ("/apartment-context/empty", test_empty);
  g_test_add_func ("/apartment-context/frees-the-place", test_frees_the_place);
  return g_test_run ();
}
