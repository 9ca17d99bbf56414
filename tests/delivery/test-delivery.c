/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The deliveries of one object keep their order, whichever way they go. A value that holds an
 * object is released at its home. */

#include "test-util.h"
#include "delivery/loft-delivery-private.h"

typedef struct
{
  GString *log;
  LoftAsyncBase *producer;
  GThread *thread;
  TestEvent done;
} Order;

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *value,
           gpointer       data)
{
  g_string_append_printf (((Order *) data)->log, "%d ", g_value_get_int (value));
}

static void
on_end (LoftAsyncInfo   *sender,
        LoftAsyncStatus  status,
        gpointer         data)
{
  g_string_append (((Order *) data)->log, "completed ");
}

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  Order *order = data;

  g_string_append (order->log, "continued");
  order->thread = g_thread_self ();
  test_event_set (&order->done);
  return TRUE;
}

static LoftAsyncAction *
listen (Order *order)
{
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (order->producer),
                                         LOFT_PROGRESS_ALL, on_report, order, NULL, NULL);
  loft_async_info_set_completed (LOFT_ASYNC_INFO (order->producer), on_end, order, NULL, NULL);
  return loft_async_info_continue_with (LOFT_ASYNC_INFO (order->producer), go_on, order, NULL);
}

static void
report_and_complete (LoftAsyncBase *producer)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  for (int i = 1; i <= 5; i++)
    {
      g_value_set_int (&value, i);
      loft_async_base_report_progress (producer, &value);
    }
  loft_async_base_complete (producer);
}

static void *
complete_elsewhere (void *producer)
{
  report_and_complete (producer);
  return NULL;
}

/* Deliveries go from another thread to this thread's dispatcher. */
static void
test_to_a_dispatcher (void)
{
  Order order = { g_string_new (NULL), LOFT_ASYNC_BASE (loft_action_new_with_progress (G_TYPE_INT)),
                  NULL, TEST_EVENT_INIT };
  g_autoptr (LoftAsyncAction) continued = listen (&order);

  test_on_thread (complete_elsewhere, order.producer);
  g_assert_cmpstr (order.log->str, ==, "");
  test_run_until_ended (NULL, continued);
  g_assert_cmpstr (order.log->str, ==, "1 2 3 4 5 completed continued");
  g_assert_true (order.thread == g_thread_self ());
  g_string_free (order.log, TRUE);
  g_object_unref (order.producer);
}

static void *
listen_in_the_mta (void *data)
{
  g_object_unref (listen (data));
  return NULL;
}

/* Deliveries go from this thread, which has a home, to the MTA. They pass through the outbox, which
 * one worker at a time empties. */
static void
test_to_the_mta (void)
{
  Order order = { g_string_new (NULL), LOFT_ASYNC_BASE (loft_action_new_with_progress (G_TYPE_INT)),
                  NULL, TEST_EVENT_INIT };

  test_on_thread (listen_in_the_mta, &order);
  report_and_complete (order.producer);
  test_event_wait (&order.done);
  g_assert_cmpstr (order.log->str, ==, "1 2 3 4 5 completed continued");
  g_assert_true (order.thread != g_thread_self ());
  g_string_free (order.log, TRUE);
  g_object_unref (order.producer);
}

/* A value that holds an object is released at its home, whichever thread drops the last reference
 * to its box. */

static void
on_gone (gpointer  thread,
         GObject  *object)
{
  *(GThread **) thread = g_thread_self ();
}

static void *
drop (void *box)
{
  loft_value_box_unref (box);
  return NULL;
}

static void
test_value_box (void)
{
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  GThread *gone_on = NULL;
  LoftValueBox *box;

  g_object_weak_ref (object, on_gone, &gone_on);
  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, object);
  box = loft_value_box_new (&value, loft_dispatcher_get_default ());
  g_value_reset (&value);
  test_on_thread (drop, loft_value_box_ref (box));
  test_drain (NULL);
  g_assert_null (gone_on);
  test_on_thread (drop, box);
  g_assert_null (gone_on);
  test_drain (NULL);
  g_assert_true (gone_on == g_thread_self ());
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/to-a-dispatcher", test_to_a_dispatcher);
  g_test_add_func ("/delivery/to-the-mta", test_to_the_mta);
  g_test_add_func ("/delivery/value-box", test_value_box);
  return g_test_run ();
}
