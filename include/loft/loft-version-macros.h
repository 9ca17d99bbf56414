/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a symbol is exported with, and since when. Everything without a mark stays hidden in the
 * library. */

#pragma once

#include <glib.h>

#define _LOFT_EXTERN __attribute__ ((visibility ("default"))) extern

/**
 * LOFT_AVAILABLE_IN_1_0: (skip)
 *
 * Marks a symbol that Loft 1.0 exports.
 */
#define LOFT_AVAILABLE_IN_1_0 _LOFT_EXTERN

/* Posting functions are also macros, which pass the place they are called from. Define
 * LOFT_DISABLE_CALL_SITES before you include Loft to do without; the scanner sees the plain
 * functions. */
#ifndef __GI_SCANNER__
#ifndef LOFT_DISABLE_CALL_SITES
#define LOFT_WITH_CALL_SITES 1
#endif
#endif
