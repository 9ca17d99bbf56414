/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A main context needs a file descriptor, and GLib ends the process when it can't get one. So Loft
 * tries to open a descriptor before it makes a context. */

#include "config.h"

#include "base/loft-descriptors-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/eventfd.h>
#include <unistd.h>

gboolean
loft_descriptors_try (GError **error)
{
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  int why = errno;

  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why),
               "A dispatcher needs a main context, and there is no file descriptor left for one: "
               "%s. Close some, or raise the "
               "limit (RLIMIT_NOFILE).",
               g_strerror (why));
  return FALSE;
}
