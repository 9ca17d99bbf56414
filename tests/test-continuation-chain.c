/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Continuations in a row, and objects that follow one another: what is let go, what is cancelled, how deep it gets. */

#include "test-util.h"

static LoftAsyncInfo *
give_operation (LoftAsyncAction *action,
                gpointer         operation,
                GError         **error)
{
  return g_object_ref (operation);
}

/* Two objects that wait for each other through the follower's propagation must not keep each other alive. */
static void
test_followed_is_let_go (void)
{
  LoftAction *inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, give_operation, inner,
                                                                        NULL);
  g_autoptr (GError) error = NULL;

  test_drain (NULL);
  assert_status (outer, STARTED);
  g_object_unref (inner);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (outer)));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (outer));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
}

/* A cancel of what is followed is a propagated one. */
static void
test_followed_is_canceled (void)
{
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction) outer = loft_dispatcher_run_nested_async (loft_dispatcher_get_default (), 0, give_operation, inner,
                                                                        NULL);

  test_drain (NULL);
  loft_async_info_cancel (LOFT_ASYNC_INFO (inner));
  loft_action_complete (inner);
  assert_status (outer, CANCELED);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (outer)), ==, LOFT_CANCEL_REASON_PROPAGATED);
}

/* A chain of any length needs a stack of no length. */

#define LINKS 20000

typedef struct
{
  LoftAction *first;
  int ran;
  TestEvent done;
} Chain;

static gboolean
count_link (LoftAsyncInfo *antecedent,
            gpointer       data,
            GError       **error)
{
  Chain *chain = data;

  if (++chain->ran == LINKS)
    test_event_set (&chain->done);
  return TRUE;
}

static void *
make_chain (void *data)
{
  Chain *chain = data;
  LoftAsyncInfo *last = LOFT_ASYNC_INFO (g_object_ref (chain->first));

  for (int i = 0; i < LINKS; i++)
    {
      LoftAsyncAction *next = loft_async_info_continue_with (last, count_link, chain, NULL);

      g_object_unref (last);
      last = LOFT_ASYNC_INFO (next);
    }
  loft_action_complete (chain->first);
  test_event_wait (&chain->done);
  g_object_unref (last);
  return NULL;
}

static void
test_long_chain (void)
{
  g_autoptr (LoftAction) first = loft_action_new ();
  Chain chain = { first, 0, TEST_EVENT_INIT };

  test_on_thread (make_chain, &chain);
  g_assert_cmpint (chain.ran, ==, LINKS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/continuation-chain/followed-is-let-go", test_followed_is_let_go);
  g_test_add_func ("/continuation-chain/followed-is-canceled", test_followed_is_canceled);
  g_test_add_func ("/continuation-chain/long-chain", test_long_chain);
  return g_test_run ();
}
