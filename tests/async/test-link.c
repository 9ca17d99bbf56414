/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLink: a link to an object. The link may or may not hold the object. */

#include "test-util.h"

#include "async/loft-async-base-private.h"

static void
test_weak (void)
{
  LoftAction *action = loft_action_new ();
  LoftLink *link = loft_link_new (LOFT_ASYNC_INFO (action), NULL);
  LoftAsyncInfo *found = loft_link_dup (link);

  g_assert_true (found == LOFT_ASYNC_INFO (action));
  g_object_unref (found);
  loft_action_complete (action);
  g_object_unref (action);
  g_assert_null (loft_link_dup (link));
  loft_link_unref (link);
}

static void
test_strong (void)
{
  LoftAction *action = loft_action_new ();
  LoftLink *link = loft_link_new (NULL, LOFT_ASYNC_INFO (action)), *other = loft_link_ref (link);
  g_autoptr (LoftAsyncInfo) found = NULL;

  loft_action_complete (action);
  g_object_unref (action);
  loft_link_unref (link);
  found = loft_link_dup (other);
  g_assert_true (LOFT_IS_ACTION (found));
  loft_link_unref (other);
}

/* Each of Loft's objects has one link, which is shared by all who want one. It remains the same
 * link if somebody has run the object's dispose and the object lives on. */
static void
test_one_for_all (void)
{
  g_autoptr (LoftAction) action = loft_action_new ();
  LoftLink *one = loft_async_info_dup_link (LOFT_ASYNC_INFO (action)),
           *two = loft_async_info_dup_link (LOFT_ASYNC_INFO (action));
  g_autoptr (LoftAsyncInfo) found = NULL;

  g_assert_true (one == two);
  loft_link_unref (two);
  loft_action_complete (action);
  g_object_run_dispose (G_OBJECT (action));
  g_assert_null (loft_link_dup (one));
  two = loft_async_info_dup_link (LOFT_ASYNC_INFO (action));
  g_assert_true (one == two);
  found = loft_link_dup (one);
  g_assert_true (found == LOFT_ASYNC_INFO (action));
  loft_link_unref (one);
  loft_link_unref (two);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/weak", test_weak);
  g_test_add_func ("/link/strong", test_strong);
  g_test_add_func ("/link/one-for-all", test_one_for_all);
  return g_test_run ();
}
