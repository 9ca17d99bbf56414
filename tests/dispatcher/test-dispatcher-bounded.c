/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_dispatcher_try_enqueue_bounded () refuses a post while too many posts of this kind wait. */

#include "looping.h"

static int released;

static gboolean
post_bounded (LoftPriority   priority,
              gpointer       text,
              GError       **error)
{
  return loft_dispatcher_try_enqueue_bounded (f.dispatcher, priority, 2, say, text, NULL, error);
}

/* Each lane has its own bound, which counts only what this function has posted. */
static void
test_bound (void)
{
  g_autoptr (GError) error = NULL;

  post (LOFT_PRIORITY_NORMAL, "x");
  post (LOFT_PRIORITY_NORMAL, "x");
  g_assert_true (post_bounded (LOFT_PRIORITY_NORMAL, (gpointer) "a", &error));
  g_assert_true (post_bounded (LOFT_PRIORITY_NORMAL, (gpointer) "b", &error));
  g_assert_false (post_bounded (LOFT_PRIORITY_NORMAL, (gpointer) "c", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_clear_error (&error);
  g_assert_true (post_bounded (LOFT_PRIORITY_LOW, (gpointer) "l", &error));
  g_assert_false (loft_dispatcher_try_enqueue_bounded (f.dispatcher, LOFT_PRIORITY_NORMAL, 1, say,
                                                       &released, test_count, NULL));
  g_assert_cmpint (released, ==, 1);
  test_drain (f.context);
  assert_log ("xxabl");

  g_assert_true (post_bounded (LOFT_PRIORITY_NORMAL, (gpointer) "d", &error));
  test_drain (f.context);
  assert_log ("d");
}

static void
post_again (gpointer left)
{
  say ((gpointer) ".");
  if (--*(int *) left > 0)
    g_assert_true (loft_dispatcher_try_enqueue_bounded (f.dispatcher, LOFT_PRIORITY_NORMAL, 1,
                                                        post_again, left, NULL, NULL));
}

/* An item that has begun to run no longer waits, so it may post the next one. */
static void
test_posts_itself (void)
{
  int left = 3;

  post_again (&left);
  test_drain (f.context);
  assert_log ("...");
}

static void
test_shut_down (void)
{
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  g_autoptr (GError) error = NULL;

  released = 0;
  loft_dispatcher_controller_shutdown (controller, NULL);
  g_assert_false (loft_dispatcher_try_enqueue_bounded (f.dispatcher, LOFT_PRIORITY_NORMAL, 1, say,
                                                       &released, test_count, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN);
  g_assert_cmpint (released, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dispatcher-bounded/bound", test_bound, run_case);
  g_test_add_data_func ("/dispatcher-bounded/posts-itself", test_posts_itself, run_case);
  g_test_add_data_func ("/dispatcher-bounded/shut-down", test_shut_down, run_case);
  return g_test_run ();
}
