/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How one report of progress gets to its handler: in order, or only the latest, and to nobody whose
 * home is gone. */

#include "test-util.h"
#include "delivery/loft-delivery-private.h"

typedef struct
{
  LoftAction *sender;
  LoftDeliveries deliveries;
  LoftHandler *handler;
  GString *log;
} Case;

static void
on_report (LoftAsyncInfo *sender,
           const GValue  *value,
           gpointer       log)
{
  g_string_append_printf (log, "%d ", g_value_get_int (value));
}

static void
begin (Case    *one,
       gboolean latest)
{
  *one = (Case) { .sender = loft_action_new (), .log = g_string_new (NULL) };
  one->deliveries.owner = G_OBJECT (one->sender);
  one->handler = loft_handler_new (LOFT_HANDLER_PROGRESS, FALSE, G_CALLBACK (on_report), one->log,
                                   NULL);
  one->handler->latest = latest;
  loft_deliveries_set_progress (&one->deliveries, FALSE, loft_handler_ref (one->handler));
}

static gboolean
report (Case *one,
        int   number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  return loft_handler_report (one->handler, LOFT_ASYNC_INFO (one->sender), &one->deliveries, &value,
                              NULL, LOFT_LANE_NORMAL);
}

static void
end (Case       *one,
     const char *expected)
{
  test_drain (NULL);
  g_assert_cmpstr (one->log->str, ==, expected);
  loft_handler_unref (one->handler);
  loft_deliveries_clear (&one->deliveries);
  loft_action_complete (one->sender);
  g_object_unref (one->sender);
  g_string_free (one->log, TRUE);
}

/* Each report is posted, never called at once, and they keep their order. */
static void
test_order (void)
{
  Case one;

  begin (&one, FALSE);
  for (int i = 1; i <= 3; i++)
    g_assert_true (report (&one, i));
  g_assert_cmpstr (one.log->str, ==, "");
  end (&one, "1 2 3 ");
}

/* A report that still waits takes over the value of a newer one. */
static void
test_latest (void)
{
  Case one;

  begin (&one, TRUE);
  for (int i = 1; i <= 3; i++)
    g_assert_true (report (&one, i));
  test_drain (NULL);
  g_assert_true (report (&one, 4));
  end (&one, "3 4 ");
}

/* Once the end was announced, a report comes too late. */
static void
test_too_late (void)
{
  Case one;
  LoftHandler *idle;

  begin (&one, FALSE);
  g_assert_true (report (&one, 1));
  idle = loft_deliveries_announce (&one.deliveries);
  g_assert_null (idle); /* a report is on its way, so the handler is still needed */
  g_assert_false (report (&one, 2));
  end (&one, "1 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress-report/order", test_order);
  g_test_add_func ("/progress-report/latest", test_latest);
  g_test_add_func ("/progress-report/too-late", test_too_late);
  return g_test_run ();
}
