/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The error domain. */

#include "config.h"

#include <loft/loft.h>

/**
 * loft_error_quark:
 *
 * Gets the domain of Loft's errors.
 *
 * Any thread may call.
 *
 * Returns: the quark
 */
G_DEFINE_QUARK (loft-error-quark, loft_error)
