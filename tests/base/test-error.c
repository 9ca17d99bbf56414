/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The error domain and the enumerations. Their numbers are part of the ABI, and some of them are
 * the numbers that Windows uses. */

#include "test-util.h"

static void
test_domain (void)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (LOFT_TYPE_ERROR);

  g_assert_cmpstr (g_quark_to_string (LOFT_ERROR), ==, "loft-error-quark");
  g_assert_cmpuint (codes->n_values, ==, 12);
  g_assert_cmpint (LOFT_ERROR_ILLEGAL_METHOD_CALL, ==, 0);
  g_assert_cmpint (LOFT_ERROR_FAILED, ==, 11);
}

static void
test_numbers (void)
{
  g_assert_cmpint (LOFT_ASYNC_STATUS_STARTED, ==, 0);
  g_assert_cmpint (LOFT_ASYNC_STATUS_COMPLETED, ==, 1);
  g_assert_cmpint (LOFT_ASYNC_STATUS_CANCELED, ==, 2);
  g_assert_cmpint (LOFT_ASYNC_STATUS_ERROR, ==, 3);
  g_assert_cmpint (LOFT_ASYNC_STATUS_CLOSED, ==, 4);
  g_assert_cmpint (LOFT_PRIORITY_IDLE, ==, -2);
  g_assert_cmpint (LOFT_PRIORITY_LOW, ==, -1);
  g_assert_cmpint (LOFT_PRIORITY_NORMAL, ==, 0);
  g_assert_cmpint (LOFT_PRIORITY_HIGH, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/domain", test_domain);
  g_test_add_func ("/error/numbers", test_numbers);
  return g_test_run ();
}
