/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events whose handlers were added in the MTA. They are called on its threads, and in order. */

#include "said.h"

static void
on_mta (LoftEventSource *source,
        LoftEventArgs   *args,
        gpointer         counter)
{
  g_assert_false (loft_apartment_is_sta ());
  test_count (counter);
}

static void *
add_in_mta (void *data)
{
  gpointer *both = data;

  loft_event_source_add (both[0], on_mta, both[1], NULL);
  return NULL;
}

static void
test_of_the_mta (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  int called = 0;

  test_on_thread (add_in_mta, (gpointer[]) { source, &called });
  action = loft_event_source_raise_async (source, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  g_assert_cmpint (test_get (&called), ==, 1);
}

/* In the MTA, too, handlers are called one at a time, in the order of the raises and, within a
 * raise, in the order of the handlers. */

static int steps; /* atomic */

static void
first_step (LoftEventSource *source,
            LoftEventArgs   *args,
            gpointer         unused)
{
  g_assert_cmpint (__atomic_fetch_add (&steps, 1, __ATOMIC_ACQ_REL) % 2, ==, 0);
  g_assert_cmpint (test_get (&steps) / 2, ==, g_value_get_int (loft_event_args_get_value (args)));
}

static void
second_step (LoftEventSource *source,
             LoftEventArgs   *args,
             gpointer         unused)
{
  g_assert_cmpint (__atomic_fetch_add (&steps, 1, __ATOMIC_ACQ_REL) % 2, ==, 1);
}

static void *
add_steps (void *source)
{
  loft_event_source_add (source, first_step, NULL, NULL);
  loft_event_source_add (source, second_step, NULL, NULL);
  return NULL;
}

static void
test_order_in_the_mta (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_auto (GValue) number = G_VALUE_INIT;

  test_on_thread (add_steps, source);
  g_value_init (&number, G_TYPE_INT);
  for (int i = 0; i < 500; i++)
    {
      g_autoptr (LoftAsyncAction) action = NULL;

      g_value_set_int (&number, i);
      action = loft_event_source_raise_async (source, &number);
      if (i % 100 == 99)
        g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
    }
  g_assert_cmpint (test_get (&steps), ==, 1000);
}

static void
on_gone (gpointer  out_thread,
         GObject  *where_it_was)
{
  *(GThread **) out_thread = g_thread_self ();
}

/* An object that the event carries is freed at the raiser's home, whichever thread has it last. */
static void
test_value_goes_home (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_auto (GValue) value = G_VALUE_INIT;
  GThread *gone_on = NULL;
  int called = 0;

  test_on_thread (add_in_mta, (gpointer[]) { source, &called });
  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, g_object_new (G_TYPE_OBJECT, NULL));
  g_object_weak_ref (g_value_get_object (&value), on_gone, &gone_on);
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (source, &value)));
  g_value_reset (&value);
  while (gone_on == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gone_on == g_thread_self ());
  g_assert_cmpint (test_get (&called), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/event-source-mta/of-the-mta", test_of_the_mta },
    { "/event-source-mta/order-in-the-mta", test_order_in_the_mta },
    { "/event-source-mta/value-goes-home", test_value_goes_home },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
