/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

LOFT_AVAILABLE_IN_1_0
gboolean loft_apartment_init   (LoftApartmentType       type,
                                GError                **error);
LOFT_AVAILABLE_IN_1_0
void     loft_apartment_uninit (void);
LOFT_AVAILABLE_IN_1_0
gboolean loft_apartment_query  (LoftApartmentType      *out_type,
                                LoftApartmentQualifier *out_qualifier,
                                GError                **error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_apartment_is_sta (void);

G_END_DECLS
