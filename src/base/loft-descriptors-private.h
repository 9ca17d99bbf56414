/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Checks whether a file descriptor is available for another main context. */

#pragma once

#include <glib.h>

/* Returns FALSE, with an error from %G_IO_ERROR, if no file descriptor is available at the moment.
 * After it has returned TRUE, another thread may still take the last descriptor. */
gboolean loft_descriptors_try (GError **error);
