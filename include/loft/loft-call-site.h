/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <glib.h>

#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

LOFT_AVAILABLE_IN_1_0
void loft_call_site_set (const char *place);

G_END_DECLS
