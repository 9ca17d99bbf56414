/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether there is a file descriptor for another main context. */

#pragma once

#include <glib.h>

/* FALSE: there is none at this moment, with an error from %G_IO_ERROR. Another thread may take the
 * last one meanwhile. */
gboolean loft_descriptors_try (GError **error);
