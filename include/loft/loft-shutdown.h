/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

LOFT_AVAILABLE_IN_1_0
gboolean loft_shutdown (void);

G_END_DECLS
