/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A handler's data outlives the calls that run, goes home with the last of them, and the outcome
 * that a handler is called with can be looked up while it runs. */

#include "test-util.h"
#include "delivery/loft-handler-private.h"

static void
on_end (LoftAsyncInfo   *sender,
        LoftAsyncStatus  status,
        gpointer         data)
{
  LoftReportFrame *frame = loft_thread_get ()->report;
  int *called = data;

  g_assert_cmpint (status, ==, LOFT_ASYNC_STATUS_ERROR);
  g_assert_true (frame->info == sender);
  g_assert_true (frame->at_end);
  g_assert_error (frame->error, LOFT_ERROR, LOFT_ERROR_FAILED);
  g_assert_null (frame->result);
  ++*called;
}

/* Its frame stands on the thread while the handler runs, and not longer. */
static void
test_call (void)
{
  g_autoptr (LoftAction) sender = loft_action_new_completed ();
  int called = 0;

  loft_delivery_call_with_error (on_end, LOFT_ASYNC_INFO (sender), &called,
                                 g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "broken"));
  g_assert_cmpint (called, ==, 1);
  g_assert_null (loft_thread_get ()->report);
}

/* The slot drops its handler while a call runs: the data goes when the call has returned. */
static void
test_data_stays_for_call (void)
{
  int released = 0;
  LoftHandler *handler = loft_handler_new (LOFT_HANDLER_PROGRESS, FALSE, NULL, &released,
                                           test_count);

  loft_handler_ref (handler);
  loft_refs_take (&handler->data_refs); /* a call that runs */
  loft_handler_leave_slot (handler);
  g_assert_cmpint (released, ==, 0);
  loft_handler_drop_data (handler);
  g_assert_cmpint (released, ==, 1);
  loft_handler_unref (handler);
  g_assert_cmpint (released, ==, 1);
  loft_handler_leave_slot (NULL);
}

/* A handler that never ran takes its data along. */
static void
test_data_goes_with_handler (void)
{
  int released = 0;

  loft_handler_unref (loft_handler_new (LOFT_HANDLER_COMPLETED, FALSE, NULL, &released,
                                        test_count));
  g_assert_cmpint (released, ==, 1);
}

/* Only handlers that were set to look at the outcome make an error a handled one. */
static void
test_looks_at_outcome (void)
{
  static const struct
  {
    LoftHandlerKind kind;
    gboolean looks;
  } kinds[] = {
    { LOFT_HANDLER_COMPLETED, TRUE },     { LOFT_HANDLER_WAITER, TRUE },
    { LOFT_HANDLER_OBSERVER, TRUE },      { LOFT_HANDLER_CONTINUATION, TRUE },
    { LOFT_HANDLER_WATCHER, FALSE },      { LOFT_HANDLER_BYSTANDER, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      LoftHandler *handler = loft_handler_new (kinds[i].kind, TRUE, NULL, NULL, NULL);

      g_assert_cmpint (loft_handler_looks_at_outcome (handler), ==, kinds[i].looks);
      handler->passes_on = TRUE;
      g_assert_false (loft_handler_looks_at_outcome (handler));
      loft_handler_unref (handler);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handler/call", test_call);
  g_test_add_func ("/handler/data-stays-for-call", test_data_stays_for_call);
  g_test_add_func ("/handler/data-goes-with-handler", test_data_goes_with_handler);
  g_test_add_func ("/handler/looks-at-outcome", test_looks_at_outcome);
  return g_test_run ();
}
