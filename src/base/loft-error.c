/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The error domain. */

#include "config.h"

#include <loft/loft.h>

#include "base/loft-atomic-private.h"

/**
 * loft_error_quark:
 *
 * Gets the domain of Loft's errors.
 *
 * Any thread may call.
 *
 * Returns: the quark
 */
GQuark
loft_error_quark (void)
{
  static GQuark quark; /* atomic; relaxed: all threads write the same value */

  if (G_UNLIKELY (loft_load_relaxed (&quark) == 0))
    loft_store_relaxed (&quark, g_quark_from_static_string ("loft-error-quark"));
  return loft_load_relaxed (&quark);
}
