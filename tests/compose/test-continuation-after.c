/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations that run after any outcome, are told the outcome, and decide how the result ends. A
 * continuation with an owner is cancelled when the owner goes. */

#include "several.h"

typedef struct
{
  int ran;
  LoftAsyncStatus status;
  LoftAsyncInfo *inner; /* returned by the handler */
} Told;

static gboolean
succeed_after (LoftAsyncInfo   *antecedent,
               LoftAsyncStatus  status,
               gpointer         user_data,
               GError         **error)
{
  Told *told = user_data;

  told->ran++;
  told->status = status;
  return TRUE;
}

static gboolean
fail_after (LoftAsyncInfo   *antecedent,
            LoftAsyncStatus  status,
            gpointer         told,
            GError         **error)
{
  succeed_after (antecedent, status, told, NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "decided");
  return FALSE;
}

static gboolean
give_status (LoftAsyncInfo   *antecedent,
             LoftAsyncStatus  status,
             GValue          *result,
             gpointer         told,
             GError         **error)
{
  g_value_set_int (result, status);
  return succeed_after (antecedent, status, told, error);
}

static LoftAsyncInfo *
go_on_after (LoftAsyncInfo   *antecedent,
             LoftAsyncStatus  status,
             gpointer         told,
             GError         **error)
{
  succeed_after (antecedent, status, told, error);
  return g_object_ref (((Told *) told)->inner);
}

static const LoftAsyncStatus outcomes[] = { LOFT_ASYNC_STATUS_COMPLETED, LOFT_ASYNC_STATUS_CANCELED,
                                            LOFT_ASYNC_STATUS_ERROR };

static void
end_with (LoftAction      *action,
          LoftAsyncStatus  status)
{
  if (status == LOFT_ASYNC_STATUS_ERROR)
    loft_async_base_fail (LOFT_ASYNC_BASE (action), not_found ());
  if (status == LOFT_ASYNC_STATUS_CANCELED)
    loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  loft_action_complete (action);
}

static void
test_decides (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      Told told[2] = { { 0 } };
      g_autoptr (LoftAsyncAction)
        succeeds = loft_async_info_continue_after (LOFT_ASYNC_INFO (action), succeed_after,
                                                   &told[0], NULL);
      g_autoptr (LoftAsyncAction)
        fails = loft_async_info_continue_after (LOFT_ASYNC_INFO (action), fail_after, &told[1],
                                                NULL);

      end_with (action, outcomes[i]);
      test_drain (NULL);
      assert_status (succeeds, COMPLETED);
      assert_error (fails, G_IO_ERROR, G_IO_ERROR_EXISTS);
      for (int k = 0; k < 2; k++)
        {
          g_assert_cmpint (told[k].ran, ==, 1);
          g_assert_cmpint (told[k].status, ==, outcomes[i]);
        }
    }
}

static void
test_gives_value (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      Told told = { 0 };
      g_autoptr (LoftAsyncOperation)
        result = loft_async_info_continue_after_operation (LOFT_ASYNC_INFO (action), G_TYPE_INT,
                                                           give_status, &told, NULL);

      end_with (action, outcomes[i]);
      test_drain (NULL);
      g_assert_cmpint (loft_async_operation_get_int64 (result, NULL), ==, outcomes[i]);
    }
}

static void
test_goes_on (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      g_autoptr (LoftAction) inner = loft_action_new ();
      Told told = { .inner = LOFT_ASYNC_INFO (inner) };
      g_autoptr (LoftAsyncAction)
        result = loft_async_info_continue_after_async (LOFT_ASYNC_INFO (action), go_on_after, &told,
                                                       NULL);

      end_with (action, outcomes[i]);
      test_drain (NULL);
      g_assert_cmpint (told.ran, ==, 1);
      assert_status (result, STARTED);
      loft_async_base_fail (LOFT_ASYNC_BASE (inner), not_found ());
      assert_error (result, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
}

/* Such a continuation counts as a look at the error. */

static gboolean
never_unhandled (LoftDispatcher *dispatcher,
                 GError         *error,
                 const char     *source,
                 gpointer        data)
{
  g_assert_not_reached ();
}

static void
test_looks_at_the_error (void)
{
  LoftAction *action = loft_action_new ();
  Told told = { 0 };
  gulong id = g_signal_connect (loft_dispatcher_get_default (), "unhandled-error",
                                G_CALLBACK (never_unhandled), NULL);

  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_async_info_continue_after (LOFT_ASYNC_INFO (action), succeed_after, &told, NULL)));
  end_with (action, LOFT_ASYNC_STATUS_ERROR);
  g_object_unref (action);
  test_drain (NULL);
  g_assert_cmpint (told.ran, ==, 1);
  g_signal_handler_disconnect (loft_dispatcher_get_default (), id);
}

static void
test_closed_before (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  g_autoptr (LoftAsyncAction) result = NULL;
  Told told = { 0 };

  loft_action_complete (action);
  loft_async_info_close (LOFT_ASYNC_INFO (action), NULL);
  result = loft_async_info_continue_after (LOFT_ASYNC_INFO (action), succeed_after, &told, NULL);
  test_drain (NULL);
  g_assert_cmpint (told.ran, ==, 0);
  assert_error (result, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
}

/* A continuation does not hold its owner, and is cancelled if the owner goes before its turn. */

static gboolean
count_with (LoftAsyncInfo *antecedent,
            gpointer       counter,
            GError       **error)
{
  test_count (counter);
  return TRUE;
}

static void
test_owner (void)
{
  for (int gone = 0; gone < 2; gone++)
    {
      g_autoptr (LoftAction) action = loft_action_new ();
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
      g_autoptr (LoftAsyncAction) result = NULL;
      int ran = 0;

      result = loft_async_info_continue_with_for (LOFT_ASYNC_INFO (action), owner, count_with, &ran,
                                                  NULL);
      if (gone)
        {
          g_object_unref (owner);
          g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (result)), ==,
                           LOFT_CANCEL_REASON_OWNER_GONE);
        }
      loft_action_complete (action);
      test_drain (NULL);
      g_assert_cmpint (ran, ==, gone ? 0 : 1);
      if (!gone)
        {
          g_assert_cmpuint (owner->ref_count, ==, 1);
          g_object_unref (owner);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continuation-after/decides", test_decides);
  g_test_add_func ("/continuation-after/gives-value", test_gives_value);
  g_test_add_func ("/continuation-after/goes-on", test_goes_on);
  g_test_add_func ("/continuation-after/looks-at-the-error", test_looks_at_the_error);
  g_test_add_func ("/continuation-after/closed-before", test_closed_before);
  g_test_add_func ("/continuation-after/owner", test_owner);
  return g_test_run ();
}
