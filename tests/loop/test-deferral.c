/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A deferral is completed only once, and may be closed any number of times. If it is forgotten, it
 * completes when its last reference is dropped, with a warning. */

#include "test-util.h"

static void
test_complete_once (void)
{
  int done = 0, freed = 0;
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (test_count, &done, NULL);
  g_autoptr (LoftDeferral) other = loft_deferral_new (test_count, &freed, test_count);
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_deferral_is_complete (deferral));
  g_assert_true (loft_deferral_complete (deferral, &error));
  g_assert_no_error (error);
  g_assert_true (loft_deferral_is_complete (deferral));
  g_assert_false (loft_deferral_complete (deferral, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_assert_nonnull (strstr (error->message, "test_complete_once"));
  g_assert_cmpint (done, ==, 1);

  loft_deferral_close (other);
  g_assert_cmpint (freed, ==, 2); /* the handler, and the data */
}

static void
test_close_repeats (void)
{
  int done = 0;
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (test_count, &done, NULL);

  loft_deferral_close (deferral);
  loft_deferral_close (deferral);
  g_assert_cmpint (done, ==, 1);
  g_assert_false (loft_deferral_complete (deferral, NULL));
}

/* A forgotten deferral completes when its last reference is dropped, and a warning names the
 * function that took it. */
static void
test_forgotten (void)
{
  int done = 0;
  LoftDeferral *deferral = loft_deferral_new (test_count, &done, NULL);

  g_test_expect_message ("Loft", G_LOG_LEVEL_WARNING, "*test_forgotten*without being completed*");
  g_object_unref (deferral);
  g_test_assert_expected_messages ();
  g_assert_cmpint (done, ==, 1);
}

static void
test_no_handler (void)
{
  g_autoptr (LoftDeferral) deferral = loft_deferral_new (NULL, NULL, NULL);

  g_assert_true (loft_deferral_complete (deferral, NULL));
}

static void
drop (gpointer deferral)
{
  g_object_unref (*(LoftDeferral **) deferral);
}

/* The handler may drop the last reference to the deferral. */
static void
test_dropped_by_handler (void)
{
  LoftDeferral *deferral = NULL;

  deferral = loft_deferral_new (drop, &deferral, NULL);
  g_object_add_weak_pointer (G_OBJECT (deferral), (gpointer *) &deferral);
  g_assert_true (loft_deferral_complete (deferral, NULL));
  g_assert_null (deferral);
}

static void *
complete_it (void *deferral)
{
  loft_deferral_complete (deferral, NULL);
  return NULL;
}

/* When two threads complete a deferral at the same time, its handler runs once. */
static void
test_race (void)
{
  for (int i = 0; i < 2000; i++)
    {
      int done = 0;
      g_autoptr (LoftDeferral) deferral = loft_deferral_new (test_count, &done, NULL);
      pthread_t thread;

      pthread_create (&thread, NULL, complete_it, deferral);
      loft_deferral_close (deferral);
      pthread_join (thread, NULL);
      g_assert_cmpint (test_get (&done), ==, 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deferral/complete-once", test_complete_once);
  g_test_add_func ("/deferral/close-repeats", test_close_repeats);
  g_test_add_func ("/deferral/forgotten", test_forgotten);
  g_test_add_func ("/deferral/no-handler", test_no_handler);
  g_test_add_func ("/deferral/dropped-by-handler", test_dropped_by_handler);
  g_test_add_func ("/deferral/race", test_race);
  return g_test_run ();
}
