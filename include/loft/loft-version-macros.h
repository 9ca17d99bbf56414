/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marks that export a symbol and say since when it exists. A symbol without a mark is hidden in
 * the library. */

#pragma once

#include <glib.h>

#define _LOFT_EXTERN __attribute__ ((visibility ("default"))) extern

/**
 * LOFT_AVAILABLE_IN_1_0: (skip)
 *
 * Marks a symbol that Loft has exported since 1.0.
 */
#define LOFT_AVAILABLE_IN_1_0 _LOFT_EXTERN

/* The posting functions are also macros, which pass the place that they are called from. To do
 * without the macros, define LOFT_DISABLE_CALL_SITES before you include Loft. The scanner sees the
 * plain functions. */
#ifndef __GI_SCANNER__
#ifndef LOFT_DISABLE_CALL_SITES
#define LOFT_WITH_CALL_SITES 1
#endif
#endif
