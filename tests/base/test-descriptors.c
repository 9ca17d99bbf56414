/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* When the process has no file descriptor left for a main context, Loft returns an error where GLib
 * would end the process. */

#include "test-util.h"
#include "base/loft-descriptors-private.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static GArray *taken;

static void
take_all (void)
{
  int fd;

  taken = g_array_new (FALSE, FALSE, sizeof fd);
  setrlimit (RLIMIT_NOFILE, &(struct rlimit) { 64, 64 });
  while ((fd = open ("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
    g_array_append_val (taken, fd);
}

static void
give_back (void)
{
  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  g_array_unref (taken);
}

static void *
enter_sta (void *data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_init (LOFT_APARTMENT_STA, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  return NULL;
}

static LoftAsyncInfo *
never (gpointer data,
       GError **error)
{
  g_assert_not_reached ();
}

static void
test_none_left (void)
{
  g_autoptr (GError) tried = NULL, controller = NULL, scope = NULL;

  take_all ();
  g_assert_false (loft_descriptors_try (&tried));
  g_assert_error (tried, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_assert_null (loft_dispatcher_controller_new_on_dedicated_thread (NULL, &controller));
  g_assert_error (controller, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_assert_null (loft_run_synchronously (never, NULL, -1, NULL, &scope));
  g_assert_error (scope, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  test_on_thread (enter_sta, NULL);
  give_back ();
  g_assert_true (loft_descriptors_try (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  loft_dispatcher_get_default (); /* creates GLib's default context while descriptors are left */
  g_test_add_func ("/descriptors/none-left", test_none_left);
  return g_test_run ();
}
