/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A wait for a file descriptor ends when the descriptor is ready, when the time is over, or when it
 * is cancelled. */

#include "test-util.h"

#include <unistd.h>

#include "coroutine/loft-fd-wait-private.h"

static int ends[2];

static void
test_ready (void)
{
  g_autoptr (LoftAsyncOperation) wait = loft_fd_wait_async (ends[0], G_IO_IN, -1);
  char byte;

  test_drain (NULL);
  g_assert_false (loft_async_info_has_ended (LOFT_ASYNC_INFO (wait)));
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  test_run_until_ended (NULL, wait);
  g_assert_true (loft_async_operation_get_boolean (wait, NULL));
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 1);
}

static void
test_timeout (void)
{
  g_autoptr (LoftAsyncOperation) wait = loft_fd_wait_async (ends[0], G_IO_IN, 1000);
  g_autoptr (GError) error = NULL;

  test_run_until_ended (NULL, wait);
  g_assert_false (loft_async_operation_get_boolean (wait, &error));
  g_assert_no_error (error);
}

static void
test_cancel (void)
{
  g_autoptr (LoftAsyncOperation) wait = loft_fd_wait_async (ends[0], G_IO_IN, -1);

  loft_async_info_cancel (LOFT_ASYNC_INFO (wait));
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (wait)));
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (wait)), ==,
                   LOFT_ASYNC_STATUS_CANCELED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (pipe (ends), ==, 0);
  g_test_add_func ("/fd-wait/ready", test_ready);
  g_test_add_func ("/fd-wait/timeout", test_timeout);
  g_test_add_func ("/fd-wait/cancel", test_cancel);
  return g_test_run ();
}
